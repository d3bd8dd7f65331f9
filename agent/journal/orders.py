"""Orders as the journal knows them: one row each, one state each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import starmap

import apsw
import msgspec

from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import OrderState, Reason


class OrderRow(msgspec.Struct, frozen=True):
    """One order's row. Seconds for the shop's times, `_ms` for ours, öre for amounts."""

    shop: ShopKey
    order_id: ShopOrderId
    number: str
    order_key: str
    status: str
    created_at: int
    modified_at: int
    read_at: int | None
    read_modified_at: int | None
    content_hash: str
    currency: str
    total_ore: int
    state: str
    reason: str
    params: str
    since_ms: int
    to_read: int
    due_ms: int | None
    attempts: int
    external_no: str
    mamut_order_no: int | None
    mamut_total_ore: int | None
    custid: int | None
    adopted: int
    transferred_ms: int | None
    counted_month: str | None
    marked: int
    changed_after: int
    released: str


_COLUMNS = ", ".join(OrderRow.__struct_fields__)
_GET_MANY = f"SELECT {_COLUMNS} FROM orders WHERE shop = ? AND order_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - a constant list of columns
_GET = f"SELECT {_COLUMNS} FROM orders WHERE shop = ? AND order_id = ?"  # noqa: S608 - a constant list of columns


def get(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> OrderRow | None:
    row = tx.execute(_GET, (shop, order_id)).fetchone()
    return None if row is None else OrderRow(*row)


def get_many(tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[ShopOrderId]) -> dict[ShopOrderId, OrderRow]:
    """Those of them that are known, by id: a page's rows in one statement."""
    rows = tx.execute(_GET_MANY, (shop, str([int(order_id) for order_id in order_ids])))
    return {row.order_id: row for row in starmap(OrderRow, rows)}


def outdated_among(
    tx: apsw.Connection, asked: Iterable[tuple[ShopKey, ShopOrderId]]
) -> frozenset[tuple[ShopKey, ShopOrderId]]:
    """Those of these orders whose version that was read whole is not the newest that the shop has shown."""
    rows = tx.execute(
        "SELECT o.shop, o.order_id FROM json_each(?) a CROSS JOIN orders o ON o.shop = a.value ->> 0"
        " AND o.order_id = a.value ->> 1 WHERE o.read_modified_at IS NOT o.modified_at",
        (msgspec.json.encode(list(asked)).decode(),),
    )
    return frozenset((ShopKey(str(shop)), ShopOrderId(int(order_id))) for shop, order_id in rows)


def insert(
    tx: apsw.Connection,
    *,
    shop: ShopKey,
    order_id: ShopOrderId,
    number: str,
    order_key: str,
    status: str,
    created_at: int,
    modified_at: int,
    currency: str,
    total_ore: int,
    reason: Reason,
    now_ms: int,
    to_read: bool,
) -> None:
    tx.execute(
        "INSERT INTO orders (shop, order_id, number, order_key, status, created_at, modified_at, currency, total_ore,"
        " state, reason, since_ms, to_read) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            shop,
            order_id,
            number,
            order_key,
            status,
            created_at,
            modified_at,
            currency,
            total_ore,
            reason.state.value,
            reason.value,
            now_ms,
            int(to_read),
        ),
    )


def set_sight(
    tx: apsw.Connection, row: OrderRow, *, status: str, modified_at: int, total_ore: int, number: str
) -> None:
    """What a listing or a reading showed of an order already known."""
    tx.execute(
        "UPDATE orders SET status = ?, modified_at = ?, total_ore = ?, number = ? WHERE shop = ? AND order_id = ?",
        (status, modified_at, total_ore, number, row.shop, row.order_id),
    )


def set_identity(tx: apsw.Connection, row: OrderRow, *, order_key: str, created_at: int) -> None:
    """By what the order is known again, and when it was made, as the shop says now."""
    if (row.order_key, row.created_at) != (order_key, created_at):
        tx.execute(
            "UPDATE orders SET order_key = ?, created_at = ? WHERE shop = ? AND order_id = ?",
            (order_key, created_at, row.shop, row.order_id),
        )


def replace(
    tx: apsw.Connection,
    row: OrderRow,
    *,
    number: str,
    order_key: str,
    status: str,
    created_at: int,
    modified_at: int,
    currency: str,
    total_ore: int,
) -> None:
    """Another order has this id now: what was known of the old one stays in its story alone."""
    tx.execute(
        "UPDATE orders SET number = ?, order_key = ?, status = ?, created_at = ?, modified_at = ?, currency = ?,"
        " total_ore = ?, read_at = NULL, read_modified_at = NULL, content_hash = '', payment = '', to_read = 0,"
        " due_ms = NULL, attempts = 0, external_no = '', mamut_order_no = NULL, mamut_total_ore = NULL, custid = NULL,"
        " adopted = 0, transferred_ms = NULL, counted_month = NULL, marked = 0, changed_after = 0, released = ''"
        " WHERE shop = ? AND order_id = ?",
        (number, order_key, status, created_at, modified_at, currency, total_ore, row.shop, row.order_id),
    )


def with_reasons(tx: apsw.Connection, shop: ShopKey, reasons: tuple[str, ...]) -> list[OrderRow]:
    places = ", ".join("?" * len(reasons))
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM orders WHERE shop = ? AND reason IN ({places})",  # noqa: S608 - constants and placeholders
        (shop, *reasons),
    )
    return [OrderRow(*row) for row in rows]


def highest_id(tx: apsw.Connection, shop: ShopKey) -> int:
    row = tx.execute("SELECT max(order_id) FROM orders WHERE shop = ?", (shop,)).fetchone()
    return 0 if row is None or row[0] is None else int(row[0])


def newest_change(tx: apsw.Connection, shop: ShopKey) -> tuple[ShopOrderId, int] | None:
    """The one of the newest orders that changed last as far as we know, and when, by the shop's clock. Of a whole
    shop's past it would take a look at each order."""
    row = tx.execute(
        "SELECT order_id, modified_at FROM (SELECT order_id, modified_at FROM orders"
        " WHERE shop = ? AND reason NOT IN (?, ?) ORDER BY order_id DESC LIMIT 100) ORDER BY modified_at DESC LIMIT 1",
        (shop, Reason.GONE_FROM_SHOP.value, Reason.BEFORE_START.value),
    ).fetchone()
    return None if row is None else (ShopOrderId(int(row[0])), int(row[1]))


def set_reading(
    tx: apsw.Connection,
    row: OrderRow,
    *,
    status: str,
    number: str,
    total_ore: int,
    read_at: int,
    modified_at: int,
    content_hash: str,
    payment: str,
    currency: str,
    reason: Reason | None = None,
    now_ms: int = 0,
) -> None:
    """What a reading of the whole order showed; it needs no reading any more. With `reason` the order comes into its
    state as well, as by `set_reason`: to change the row, and its entries in the indexes, twice costs twice as much."""
    seen = (status, modified_at, total_ore, number, read_at, content_hash, payment, currency, row.shop, row.order_id)
    if reason is None:
        tx.execute(_SET_READING + " WHERE shop = ?9 AND order_id = ?10", seen)
    else:
        tx.execute(_SET_READING + _AND_REASON, (*seen, reason.value, reason.state.value, now_ms))


_SET_READING = (
    "UPDATE orders SET status = ?1, modified_at = ?2, total_ore = ?3, number = ?4, read_at = ?5, read_modified_at = ?2,"
    " content_hash = ?6, payment = ?7, currency = ?8, to_read = 0, due_ms = NULL"
)
_AND_REASON = (
    ", since_ms = CASE WHEN reason = ?11 THEN since_ms ELSE ?13 END, state = ?12, reason = ?11, params = '{}'"
    " WHERE shop = ?9 AND order_id = ?10"
)


def set_reason(
    tx: apsw.Connection,
    shop: ShopKey,
    order_id: ShopOrderId,
    reason: Reason,
    now_ms: int,
    *,
    params: dict[str, str] | None = None,
    due_ms: int | None = None,
) -> None:
    """Puts the order in the reason's state. `since_ms` moves only when the reason is a new one."""
    tx.execute(
        "UPDATE orders SET since_ms = CASE WHEN reason = ?1 THEN since_ms ELSE ?4 END, state = ?2, reason = ?1,"
        " params = ?3, due_ms = ?5 WHERE shop = ?6 AND order_id = ?7",
        (
            reason.value,
            reason.state.value,
            msgspec.json.encode(params or {}).decode(),
            now_ms,
            due_ms,
            shop,
            order_id,
        ),
    )


def set_transferred(
    tx: apsw.Connection,
    shop: ShopKey,
    order_id: ShopOrderId,
    *,
    external_no: str,
    mamut_order_no: int,
    mamut_total_ore: int,
    custid: int | None,
    adopted: bool,
    counted_month: str,
    now_ms: int,
) -> None:
    tx.execute(
        "UPDATE orders SET state = ?, reason = '', params = '{}', since_ms = ?, to_read = 0, due_ms = NULL,"
        " attempts = 0, external_no = ?, mamut_order_no = ?, mamut_total_ore = ?, custid = ?, adopted = ?,"
        " transferred_ms = ?,"
        " counted_month = ? WHERE shop = ? AND order_id = ?",
        (
            OrderState.TRANSFERRED.value,
            now_ms,
            external_no,
            mamut_order_no,
            mamut_total_ore,
            custid,
            int(adopted),
            now_ms,
            counted_month,
            shop,
            order_id,
        ),
    )


def want_reading(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    tx.execute("UPDATE orders SET to_read = 1, due_ms = NULL WHERE shop = ? AND order_id = ?", (shop, order_id))


def want_reading_of_due(tx: apsw.Connection, shop: ShopKey, now_ms: int, limit: int) -> int:
    """Held orders whose cause may have gone are looked at again; so are dead ones that were given a time."""
    tx.execute(
        "UPDATE orders SET to_read = 1, due_ms = NULL WHERE (shop, order_id) IN (SELECT shop, order_id FROM orders"
        " WHERE shop = ? AND due_ms <= ? ORDER BY due_ms LIMIT ?)",
        (shop, now_ms, limit),
    )
    return int(tx.changes())


def is_any_due(tx: apsw.Connection, shop: ShopKey, now_ms: int) -> bool:
    """Whether an order's time to be looked at again has come, or one waits for room in the package."""
    due = tx.execute("SELECT 1 FROM orders WHERE shop = ? AND due_ms <= ? LIMIT 1", (shop, now_ms)).fetchone()
    return due is not None or is_any_held_by_limit(tx, shop)


def want_reading_of_held(tx: apsw.Connection, shop: ShopKey) -> int:
    """After a change of settings every held order is decided anew, but those a person holds."""
    tx.execute(
        "UPDATE orders INDEXED BY orders_by_state SET to_read = 1"
        " WHERE shop = ? AND state = 'held' AND reason <> ? AND to_read = 0",
        (shop, Reason.HELD_BY_HAND.value),
    )
    return int(tx.changes())


def want_reading_of_unknown_articles(tx: apsw.Connection, shop: ShopKey) -> None:
    """Articles have been made in Mamut: the orders that waited for some are decided anew."""
    tx.execute(
        "UPDATE orders INDEXED BY orders_by_state SET to_read = 1"
        " WHERE shop = ? AND state = 'held' AND reason = ? AND to_read = 0",
        (shop, Reason.ARTICLE_UNKNOWN.value),
    )


def outdate(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    """What was decided about the order was decided on a version that is no longer the newest."""
    tx.execute("UPDATE orders SET read_modified_at = NULL WHERE shop = ? AND order_id = ?", (shop, order_id))


def to_read(tx: apsw.Connection, shop: ShopKey, limit: int) -> list[tuple[ShopOrderId, int]]:
    """Orders that must be read whole, oldest first, each with its date of creation."""
    rows = tx.execute(
        "SELECT order_id, created_at FROM orders WHERE shop = ? AND to_read = 1 ORDER BY created_at, order_id LIMIT ?",
        (shop, limit),
    )
    return [(ShopOrderId(int(order_id)), int(created_at)) for order_id, created_at in rows]


def to_reread(tx: apsw.Connection, shop: ShopKey, created_after: int, limit: int) -> list[ShopOrderId]:
    """The orders whose last reading is longest ago, among those young enough to change."""
    rows = tx.execute(
        "SELECT order_id FROM orders INDEXED BY orders_by_age WHERE shop = ? AND read_at IS NOT NULL"
        " AND created_at > ? AND to_read = 0 ORDER BY read_at LIMIT ?",
        (shop, created_after, limit),
    )
    return [ShopOrderId(int(order_id)) for (order_id,) in rows]


def oldest_for_package(tx: apsw.Connection, shops: Sequence[str], room: int) -> set[tuple[str, int]] | None:
    """Which orders, by shop and id, may use the room that is left in the package: the oldest that wait for it, of all
    these shops together. None means all, since no more wait than there is room for.

    Each part has an index of its own, named because the planner would rather walk through every order of the shop.
    """
    (waiting,) = tx.execute(  # Of all shops at once: there may be a thousand, and more than wait is no harm here.
        "SELECT (SELECT count(*) FROM orders INDEXED BY orders_to_read WHERE to_read = 1)"
        " + (SELECT count(*) FROM orders INDEXED BY orders_held_by_limit WHERE reason = 'BRY-H01')"
    ).fetchone() or (0,)
    if int(waiting) <= room:
        return None
    oldest: list[tuple[int, str, int]] = []
    for shop in shops:
        rows = tx.execute(
            "SELECT order_id, created_at FROM orders WHERE shop = ?1 AND to_read = 1 AND state IN ('waiting', 'held')"
            " AND reason NOT IN (?3, ?4)"
            " UNION SELECT order_id, created_at FROM orders INDEXED BY orders_held_by_limit"
            " WHERE reason = 'BRY-H01' AND shop = ?1"
            " ORDER BY created_at, order_id LIMIT ?2",
            (shop, room, Reason.STATUS_NOT_TRIGGER.value, Reason.IN_CHECKOUT.value),
        )
        oldest += [(int(created_at), shop, int(order_id)) for order_id, created_at in rows]
    return {(shop, order_id) for _, shop, order_id in sorted(oldest)[:room]}


def is_any_held_by_limit(tx: apsw.Connection, shop: ShopKey) -> bool:
    row = tx.execute(
        "SELECT 1 FROM orders INDEXED BY orders_held_by_limit WHERE reason = 'BRY-H01' AND shop = ? LIMIT 1", (shop,)
    ).fetchone()
    return row is not None


def release_from_limit(tx: apsw.Connection, shop: ShopKey, allowed: set[tuple[str, int]] | None) -> int:
    """Lets this shop's orders that wait for room in the package be decided anew, those in `allowed` or, with None, all;
    they stay held until then. Returns how many."""
    rows = tx.execute(
        "SELECT order_id FROM orders INDEXED BY orders_held_by_limit"
        " WHERE reason = 'BRY-H01' AND shop = ? AND to_read = 0",
        (shop,),
    )
    free = [int(order_id) for (order_id,) in rows if allowed is None or (str(shop), int(order_id)) in allowed]
    for order_id in free:
        want_reading(tx, shop, ShopOrderId(order_id))
    return len(free)


def other_with_payment(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, payment: str) -> str:
    """The number of another order that was paid by the same payment and goes, or went, to Mamut; empty if none."""
    row = tx.execute(
        # The third condition says that the index, which leaves out orders without a payment, holds all that is asked.
        "SELECT number FROM orders INDEXED BY orders_by_payment WHERE shop = ? AND payment = ? AND payment <> ''"
        " AND order_id <> ? AND (state = 'transferred' OR"
        " reason IN (?, ?, ?)) LIMIT 1",
        (
            shop,
            payment,
            order_id,
            Reason.QUEUED.value,
            Reason.RETRY_DUE.value,
            Reason.OUTCOME_UNSURE.value,
        ),
    ).fetchone()
    return "" if row is None else str(row[0])


def open_between(tx: apsw.Connection, shop: ShopKey, first: int, last: int) -> list[tuple[ShopOrderId, int]]:
    """Orders not yet transferred in a range of ids, each with its date of creation, for the census."""
    rows = tx.execute(
        "SELECT order_id, created_at FROM orders WHERE shop = ? AND order_id BETWEEN ? AND ?"
        " AND state IN ('waiting', 'held', 'dead') ORDER BY order_id",
        (shop, first, last),
    )
    return [(ShopOrderId(int(order_id)), int(created_at)) for order_id, created_at in rows]


def newest(tx: apsw.Connection, shop: ShopKey, limit: int, above: int = 0) -> list[tuple[ShopOrderId, str, int]]:
    """The newest orders with a key: id, order key, date of creation. By them a shop is known again; only ids above
    `above` are asked for."""
    rows = tx.execute(
        "SELECT order_id, order_key, created_at FROM orders WHERE shop = ? AND order_key <> '' AND reason <> ?"
        " AND order_id > ?"
        " ORDER BY order_id DESC LIMIT ?",
        (shop, Reason.IN_CHECKOUT.value, above, limit),
    )
    return [(ShopOrderId(int(order_id)), str(key), int(created)) for order_id, key, created in rows]


def release(tx: apsw.Connection, row: OrderRow, reason: Reason) -> None:
    """A person has looked: this reason holds the order no more."""
    released = sorted({reason.value, *filter(None, row.released.split(","))})
    tx.execute(
        "UPDATE orders SET released = ? WHERE shop = ? AND order_id = ?", (",".join(released), row.shop, row.order_id)
    )


def released_from(row: OrderRow | None) -> frozenset[Reason]:
    return frozenset() if row is None else frozenset(Reason(code) for code in row.released.split(",") if code)


def freeze(tx: apsw.Connection, shop: ShopKey, now_ms: int) -> None:
    """Orders that would go on by themselves wait for their shop to be accepted; of those that may stand in Mamut
    already that remains the first thing to say."""
    tx.execute(
        "UPDATE orders SET state = ?, reason = ?, params = '{}', since_ms = ? WHERE shop = ? AND reason IN (?, ?, ?)",
        (
            Reason.SHOP_FROZEN.state.value,
            Reason.SHOP_FROZEN.value,
            now_ms,
            shop,
            Reason.NOT_READ.value,
            Reason.QUEUED.value,
            Reason.RETRY_DUE.value,
        ),
    )


def params_of(row: OrderRow) -> dict[str, str]:
    return msgspec.json.decode(row.params, type=dict[str, str])


def add_attempt(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    tx.execute("UPDATE orders SET attempts = attempts + 1 WHERE shop = ? AND order_id = ?", (shop, order_id))


def set_marked(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, modified_at: int | None = None) -> None:
    """The shop's order carries Mamut's number. `modified_at` is given when nothing else has changed: it is the date of
    the version we know, then."""
    tx.execute(
        "UPDATE orders SET marked = 1, modified_at = coalesce(?1, modified_at),"
        " read_modified_at = coalesce(?1, read_modified_at) WHERE shop = ?2 AND order_id = ?3",
        (modified_at, shop, order_id),
    )


def set_changed_after(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, *, changed: bool) -> None:
    tx.execute("UPDATE orders SET changed_after = ? WHERE shop = ? AND order_id = ?", (int(changed), shop, order_id))


def set_mamut_total(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, total_ore: int) -> None:
    """The document comes to this now."""
    tx.execute("UPDATE orders SET mamut_total_ore = ? WHERE shop = ? AND order_id = ?", (total_ore, shop, order_id))
