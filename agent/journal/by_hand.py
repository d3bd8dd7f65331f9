"""What people have said of orders and their buyers: corrections, and who a buyer is. Each is part of a wish's step.

A correction stands until it is taken back; what the shop says of the field meanwhile is judged where the order is
decided (`agent/decide/corrections.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw
import msgspec

from agent.journal import records
from agent.model.correction import Correction
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Frozen

NEW = 0
"""The customer number that stands for one who is not in Mamut yet."""


class Choice(Frozen, frozen=True):
    """Who a buyer is. `custid` is Mamut's customer number, NEW for nobody whom it knows."""

    buyer: str
    custid: int
    order_id: int
    at_ms: int
    who: str


class Asked(Frozen, frozen=True):
    """One field that a person wants corrected. `value` None takes the correction back; `was` is what they were shown,
    None where they were shown nothing."""

    field: str
    value: str | None
    was: str | None = None


# -- a version of it all -----------------------------------------------------------------------------------------------


def version(tx: apsw.Connection, shop: ShopKey) -> str:
    """Another one after each thing said of the shop's orders: what was decided before it must be decided anew."""
    return records.value(tx, f"by_hand/{shop}")


def _changed(tx: apsw.Connection, shop: ShopKey) -> None:
    records.set_value(tx, f"by_hand/{shop}", str(int(version(tx, shop) or "0") + 1))


# -- corrections -------------------------------------------------------------------------------------------------------


def ask_to_correct(
    tx: apsw.Connection, wish_id: int, shop: ShopKey, order_id: ShopOrderId, asked: Iterable[Asked]
) -> None:
    """Beside the wish, whose own words may be shown to anybody who looks at what people have done."""
    tx.executemany(
        "INSERT INTO corrections_asked (wish_id, field, shop, order_id, value, was) VALUES (?, ?, ?, ?, ?, ?)",
        [(wish_id, each.field, shop, order_id, each.value, each.was) for each in asked],
    )


def asked_of(tx: apsw.Connection, wish_id: int) -> list[Asked]:
    rows = tx.execute("SELECT field, value, was FROM corrections_asked WHERE wish_id = ? ORDER BY field", (wish_id,))
    return [Asked(field=field, value=value, was=was) for field, value, was in rows]


def forget_asked(tx: apsw.Connection, wish_id: int) -> None:
    tx.execute("DELETE FROM corrections_asked WHERE wish_id = ?", (wish_id,))


def correct(
    tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, asked: Iterable[Asked], now_ms: int, who: str
) -> None:
    for each in asked:
        if each.value is None:
            tx.execute(
                "DELETE FROM corrections WHERE shop = ? AND order_id = ? AND field = ?", (shop, order_id, each.field)
            )
            continue
        tx.execute(
            "INSERT OR REPLACE INTO corrections (shop, order_id, field, value, was, at_ms, who)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (shop, order_id, each.field, each.value, each.was, now_ms, who),
        )
    _changed(tx, shop)


def corrections_of(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> tuple[Correction, ...]:
    return corrections_of_many(tx, shop, [order_id]).get(order_id, ())


def corrections_of_many(
    tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[ShopOrderId]
) -> dict[ShopOrderId, tuple[Correction, ...]]:
    rows = tx.execute(
        "SELECT order_id, field, value, was, at_ms, who FROM corrections WHERE shop = ?"
        " AND order_id IN (SELECT value FROM json_each(?)) ORDER BY order_id, field",
        (shop, str([int(order_id) for order_id in order_ids])),
    )
    found: dict[ShopOrderId, tuple[Correction, ...]] = {}
    for order_id, field, value, was, at_ms, who in rows:
        key = ShopOrderId(int(order_id))
        one = Correction(field=field, value=value, was=was, at_ms=at_ms, who=who)
        found[key] = (*found.get(key, ()), one)
    return found


def read_again(
    tx: apsw.Connection,
    shop: ShopKey,
    order_id: ShopOrderId,
    told: Mapping[str, str],
    needless: Iterable[str],
    now_ms: int,
) -> None:
    """What a reading showed of corrected fields: `told` is what the shop says of those of which that was not known, and
    `needless` are those of which the shop now says the same itself."""
    for field, was in told.items():
        tx.execute(
            "UPDATE corrections SET was = ? WHERE shop = ? AND order_id = ? AND field = ? AND was IS NULL",
            (was, shop, order_id, field),
        )
    for field in needless:
        tx.execute("DELETE FROM corrections WHERE shop = ? AND order_id = ? AND field = ?", (shop, order_id, field))
        records.tell(tx, shop, order_id, now_ms, "correction_needless", fields=[field])


# -- who a buyer is ----------------------------------------------------------------------------------------------------


def of_order(order_id: int) -> str:
    """Stands for the buyer of one order where nobody knows yet who that is."""
    return f"order:{order_id}"


def note_match(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, buyer: str) -> None:
    tx.execute("INSERT OR REPLACE INTO matches (shop, order_id, buyer) VALUES (?, ?, ?)", (shop, order_id, buyer))


def is_any_matched(tx: apsw.Connection, shop: ShopKey) -> bool:
    """Whether any order of the shop waits for somebody to say who its buyer is."""
    return tx.execute("SELECT 1 FROM matches WHERE shop = ? LIMIT 1", (shop,)).fetchone() is not None


def forget_match(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    tx.execute("DELETE FROM matches WHERE shop = ? AND order_id = ?", (shop, order_id))


def choose(
    tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, custid: int, now_ms: int, who: str
) -> list[ShopOrderId]:
    """Remembers who the order's buyer is. Gives the orders that wait for the same to be said, this one among them."""
    row = tx.execute("SELECT buyer FROM matches WHERE shop = ? AND order_id = ?", (shop, order_id)).fetchone()
    buyer = of_order(order_id) if row is None else str(row[0])
    tx.execute(
        "INSERT OR REPLACE INTO customer_choices (shop, buyer, custid, order_id, at_ms, who) VALUES (?, ?, ?, ?, ?, ?)",
        (shop, buyer, custid, order_id, now_ms, who),
    )
    _changed(tx, shop)
    rows = tx.execute("SELECT order_id FROM matches WHERE shop = ? AND buyer = ?", (shop, buyer))
    return sorted({order_id, *(ShopOrderId(int(same)) for (same,) in rows)})


def unchoose(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> bool:
    """Forgets what was said at this order; false when nothing was."""
    tx.execute("DELETE FROM customer_choices WHERE shop = ? AND order_id = ?", (shop, order_id))
    done = bool(tx.changes())
    if done:
        _changed(tx, shop)
    return done


def is_any_chosen(tx: apsw.Connection, shop: ShopKey) -> bool:
    return tx.execute("SELECT 1 FROM customer_choices WHERE shop = ? LIMIT 1", (shop,)).fetchone() is not None


def choices(tx: apsw.Connection, shop: ShopKey, buyers: Iterable[str]) -> dict[str, int]:
    """Customer numbers by buyer, of those who have been chosen."""
    rows = tx.execute(
        "SELECT buyer, custid FROM customer_choices WHERE shop = ? AND buyer IN (SELECT value FROM json_each(?))",
        (shop, msgspec.json.encode(sorted(buyers)).decode()),
    )
    return {str(buyer): int(custid) for buyer, custid in rows}


def choice_at(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> Choice | None:
    """What was said at this order, or of its buyer at another."""
    row = tx.execute(
        "SELECT buyer, custid, order_id, at_ms, who FROM customer_choices WHERE shop = ?1 AND order_id = ?2"
        " UNION ALL SELECT c.buyer, c.custid, c.order_id, c.at_ms, c.who FROM matches m"
        " JOIN customer_choices c ON c.shop = m.shop AND c.buyer = m.buyer WHERE m.shop = ?1 AND m.order_id = ?2"
        " LIMIT 1",
        (shop, order_id),
    ).fetchone()
    return None if row is None else Choice(buyer=row[0], custid=row[1], order_id=row[2], at_ms=row[3], who=row[4])


# -- another order, or nobody ------------------------------------------------------------------------------------------

FORGET = (
    "DELETE FROM corrections WHERE shop = ?1 AND order_id = ?2",
    "DELETE FROM corrections_asked WHERE shop = ?1 AND order_id = ?2",
    "DELETE FROM matches WHERE shop = ?1 AND order_id = ?2",
    "DELETE FROM customer_choices WHERE shop = ?1 AND order_id = ?2",
)


def forget(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    """The person is erased, or the id is another order's now."""
    for statement in FORGET:
        tx.execute(statement, (shop, order_id))
