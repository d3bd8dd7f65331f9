"""What people ask the journal: which orders are where, one order's story, how shops and actors are. Reading only.

Times come out as they are kept: seconds of the shop's clock, milliseconds (`_ms`) of ours.
"""

from __future__ import annotations

from pathlib import Path

import apsw
import msgspec

from agent.journal.orders import OrderRow
from agent.journal.records import ShopRow, proof_of
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.proof import MoneyProof
from agent.model.reasons import OrderState, Reason

MAMUT_PREFIX = "mamut:"
ID_PREFIX = "id:"

IDLE_REASONS = (Reason.STATUS_NOT_TRIGGER, Reason.IN_CHECKOUT)
"""Orders that wait for the shop or its customer, not for us: no backlog."""

_ORDER_COLUMNS = ", ".join(OrderRow.__struct_fields__)
_SHOP_COLUMNS = ", ".join(ShopRow.__struct_fields__)

# -- orders ---------------------------------------------------------------------------------------------------------


class OrderFilter(Frozen, frozen=True):
    """What is given must all hold. `number` is the order's number in the shop."""

    state: OrderState | None = None
    reason: Reason | None = None
    shop: ShopKey | None = None
    number: str = ""

    def where(self) -> tuple[str, list[str]]:
        """The condition in SQL and its values."""
        given = {
            "state": None if self.state is None else self.state.value,
            "reason": None if self.reason is None else self.reason.value,
            "shop": self.shop,
            "number": self.number or None,
        }
        kept = {column: value for column, value in given.items() if value is not None}
        return " AND ".join(f"{column} = ?" for column in kept) or "1", list(kept.values())


class Listing(Frozen, frozen=True):
    """The newest orders that fit, and how many fit in all."""

    orders: tuple[OrderRow, ...]
    total: int


def listing(tx: apsw.Connection, which: OrderFilter, limit: int) -> Listing:
    where, values = which.where()
    total = tx.execute(f"SELECT count(*) FROM orders WHERE {where}", values).fetchone()  # noqa: S608 - column names of ours
    rows = _orders(tx, f"{where} ORDER BY created_at DESC, shop, order_id DESC LIMIT ?", (*values, limit))
    return Listing(orders=tuple(rows), total=0 if total is None else int(total[0]))


def find(tx: apsw.Connection, text: str, shop: ShopKey | None = None) -> list[OrderRow]:
    """The orders a person may mean, best meaning only.

    In this order: "mamut:100000001" is Mamut's number, "id:77" the shop's id, else the number customers see (with or
    without "#"), the external number as it stands in Mamut, and the shop's id. Several rows mean that it is not clear.
    """
    text = text.strip()
    if text.lower().startswith(MAMUT_PREFIX):
        return _one_shop(_by_number_of(tx, "mamut_order_no", text[len(MAMUT_PREFIX) :]), shop)
    if text.lower().startswith(ID_PREFIX):
        return _one_shop(_by_number_of(tx, "order_id", text[len(ID_PREFIX) :]), shop)
    bare = text.removeprefix("#")
    for rows in (
        _orders(tx, "number IN (?, ?)", (text, bare)),
        _by_external_no(tx, text),
        _by_number_of(tx, "order_id", bare),
    ):
        kept = _one_shop(rows, shop)
        if kept:
            return kept
    return []


def shop_keys(tx: apsw.Connection) -> list[ShopKey]:
    """The shops that have orders, by key, each found by one step in the index."""
    rows = tx.execute(
        "WITH RECURSIVE keys (shop) AS (SELECT min(shop) FROM orders UNION ALL"
        " SELECT (SELECT min(shop) FROM orders WHERE orders.shop > keys.shop) FROM keys WHERE keys.shop IS NOT NULL)"
        " SELECT shop FROM keys WHERE shop IS NOT NULL"
    )
    return [ShopKey(str(key)) for (key,) in rows]


def _one_shop(rows: list[OrderRow], shop: ShopKey | None) -> list[OrderRow]:
    return [row for row in rows if shop is None or row.shop == shop]


def _by_number_of(tx: apsw.Connection, column: str, text: str) -> list[OrderRow]:
    text = text.strip()
    # SQLite's integers end at 63 bits; nothing of ours comes near.
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        return []
    if column == "order_id":
        return [row for shop in shop_keys(tx) for row in _orders(tx, "shop = ? AND order_id = ?", (shop, int(text)))]
    return _orders(tx, f"{column} = ?", (int(text),))


def _by_external_no(tx: apsw.Connection, text: str) -> list[OrderRow]:
    """An external number begins with the shop's key, by which it is found without reading every order."""
    shop, colon, rest = text.partition(":")
    if not colon:
        return []
    order_id = rest.rpartition("/")[2]
    return [row for row in _by_number_of(tx, "order_id", order_id) if row.shop == shop and text == row.external_no]


def _orders(tx: apsw.Connection, where: str, values: tuple[object, ...]) -> list[OrderRow]:
    return [OrderRow(*row) for row in tx.execute(f"SELECT {_ORDER_COLUMNS} FROM orders WHERE {where}", values)]  # noqa: S608 - column names of ours


class Event(Frozen, frozen=True):
    """One thing that happened to an order, by our clock."""

    at_ms: int
    kind: str
    data: dict[str, object] = {}


class OpenWish(Frozen, frozen=True):
    """Something a person asked for that the agent has not taken up yet."""

    wish_id: int
    at_ms: int
    who: str
    kind: str


class Story(Frozen, frozen=True):
    """All that is known of an order: how it is now, what happened to it in time order, and its money proof."""

    order: OrderRow
    events: tuple[Event, ...]
    proof: MoneyProof | None
    open_wishes: tuple[OpenWish, ...]


def story(tx: apsw.Connection, row: OrderRow) -> Story:
    key = (row.shop, row.order_id)
    events = tx.execute("SELECT at_ms, kind, data FROM events WHERE shop = ? AND order_id = ? ORDER BY event_id", key)
    wishes = tx.execute(
        "SELECT wish_id, at_ms, who, kind FROM wishes WHERE shop = ? AND order_id = ? AND done_ms IS NULL"
        " ORDER BY wish_id",
        key,
    )
    return Story(
        order=row,
        events=tuple(
            Event(at_ms=at_ms, kind=kind, data=msgspec.json.decode(data, type=dict[str, object]))
            for at_ms, kind, data in events
        ),
        proof=proof_of(tx, row.shop, row.order_id),
        open_wishes=tuple(OpenWish(wish_id=w[0], at_ms=w[1], who=w[2], kind=w[3]) for w in wishes),
    )


def orders_to_retry(tx: apsw.Connection, reason: Reason | None, shop: ShopKey | None) -> list[OrderRow]:
    """The held and dead orders of a reason, oldest first; without a reason all held ones but those a person holds."""
    condition, values = ("state = 'held' AND reason <> ?", [Reason.HELD_BY_HAND.value])
    if reason is not None:
        condition, values = ("state IN ('held', 'dead', 'waiting') AND reason = ?", [reason.value])
    rows = _orders(tx, f"{condition} ORDER BY created_at, shop, order_id", tuple(values))
    return _one_shop(rows, shop)


def wish_results(tx: apsw.Connection, wish_ids: list[int]) -> dict[int, str]:
    """What came of the wishes that are done, by their numbers."""
    rows = tx.execute(
        "SELECT wish_id, result FROM wishes WHERE done_ms IS NOT NULL AND wish_id BETWEEN ? AND ?",
        (min(wish_ids), max(wish_ids)),
    )
    asked = frozenset(wish_ids)
    return {int(wish_id): str(result) for wish_id, result in rows if wish_id in asked}


# -- shops, actors and what they have before them ---------------------------------------------------------------------


class ShopReport(Frozen, frozen=True):
    """A shop as the journal knows it. `oldest_waiting_ms` is since when the order waits that has waited longest, of
    those that wait for us."""

    shop: ShopRow
    states: dict[str, int]
    to_read: int
    changed_after: int
    oldest_waiting_ms: int | None


class Backlog(Frozen, frozen=True):
    """A remote's commands that are still to be done. `unsure` are those that may have been done already."""

    remote: str
    commands: int
    unsure: int
    oldest_made_ms: int


class ActorHealth(Frozen, frozen=True):
    """How one actor is: working, waiting, paused or parked, since when, and when it tries again."""

    actor: str
    state: str
    fault: str
    problem: str
    since_ms: int
    last_good_ms: int | None
    next_ms: int | None


def shops(tx: apsw.Connection) -> list[ShopReport]:
    """Every shop that has been seen or has orders, by key."""
    known = {str(row[0]): ShopRow(*row) for row in tx.execute(f"SELECT {_SHOP_COLUMNS} FROM shops")}  # noqa: S608 - column names of ours
    for (key,) in tx.execute("SELECT DISTINCT shop FROM orders"):
        known.setdefault(str(key), ShopRow(key, "", "", None, 0, 0, 0, "", "", None))
    return [_shop(tx, known[key]) for key in sorted(known)]


def _shop(tx: apsw.Connection, shop: ShopRow) -> ShopReport:
    states = dict.fromkeys((state.value for state in OrderState), 0)
    to_read = changed_after = 0
    for state, count, unread, changed in tx.execute(
        "SELECT state, count(*), sum(to_read), sum(changed_after) FROM orders WHERE shop = ? GROUP BY state",
        (shop.shop,),
    ):
        states[str(state)] = int(count)
        to_read += int(unread)
        changed_after += int(changed)
    oldest = tx.execute(
        "SELECT min(since_ms) FROM orders WHERE shop = ? AND state = 'waiting' AND reason NOT IN (?, ?)",
        (shop.shop, *(reason.value for reason in IDLE_REASONS)),
    ).fetchone()
    return ShopReport(
        shop=shop,
        states=states,
        to_read=to_read,
        changed_after=changed_after,
        oldest_waiting_ms=None if oldest is None else oldest[0],
    )


def backlogs(tx: apsw.Connection) -> list[Backlog]:
    rows = tx.execute(
        "SELECT remote, count(*), sum(unsure), min(made_ms) FROM commands GROUP BY remote ORDER BY remote"
    )
    return [Backlog(remote=r[0], commands=r[1], unsure=r[2], oldest_made_ms=r[3]) for r in rows]


def health(tx: apsw.Connection) -> list[ActorHealth]:
    columns = ", ".join(ActorHealth.__struct_fields__)
    rows = tx.execute(f"SELECT {columns} FROM health ORDER BY actor")  # noqa: S608 - column names of ours
    return [ActorHealth(**dict(zip(ActorHealth.__struct_fields__, row, strict=True))) for row in rows]


def open_wish_count(tx: apsw.Connection) -> int:
    row = tx.execute("SELECT count(*) FROM wishes WHERE done_ms IS NULL").fetchone()
    return 0 if row is None else int(row[0])


def agent_runs(journal_path: Path) -> bool:
    """Whether an agent holds this journal now, told by its lock, which ends with its process."""
    lock = journal_path.with_name(journal_path.name + ".lock")
    if not lock.exists():
        return False
    connection = apsw.Connection(str(lock), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except apsw.BusyError:
        return True
    finally:
        connection.close()
    return False
