"""What the first page shows, counted in indexes alone, so that many orders make it no slower. Reading only."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import directions, tasks
from agent.journal.commands import MAMUT, shop_remote
from agent.journal.directions import DirectionRow
from agent.journal.reports import IDLE_REASONS
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import OrderState

SAMPLE = 2_000
"""Orders whose time from seen to transferred is looked up for one chart, evenly chosen where there are more."""


class OrdersNow(Frozen, frozen=True):
    """One shop's orders. `oldest_waiting_ms` is since when the one waits that has waited longest, of those that wait
    for us; `backlog` are those that are still to be read or made."""

    shop: ShopKey
    states: dict[str, int]
    backlog: int
    oldest_waiting_ms: int | None

    @property
    def seen(self) -> int:
        return sum(self.states.values())


class DirectionNow(Frozen, frozen=True):
    """One direction of a shop: what is due, what is held for a person, and since when the oldest due thing waits."""

    row: DirectionRow
    due: int
    held: int
    oldest_ms: int | None


class Bucket(Frozen, frozen=True):
    """A stretch of time from `start_ms`: orders that were transferred in it, and how long they had taken since the shop
    last showed them in a new status. None where there were none."""

    start_ms: int
    orders: int
    median_s: float | None
    slow_s: float | None


def orders_now(tx: apsw.Connection) -> dict[ShopKey, OrdersNow]:
    """By shop, for all that have orders."""
    states: dict[ShopKey, dict[str, int]] = {}
    oldest: dict[ShopKey, int] = {}
    idle = {reason.value for reason in IDLE_REASONS}
    for shop, state, reason, count, since_ms in tx.execute(
        "SELECT shop, state, reason, count(*), min(since_ms) FROM orders INDEXED BY orders_by_shop_state"
        " GROUP BY shop, state, reason"
    ):
        mine = states.setdefault(ShopKey(str(shop)), dict.fromkeys((each.value for each in OrderState), 0))
        mine[str(state)] = mine.get(str(state), 0) + int(count)
        if state == OrderState.WAITING.value and reason not in idle:
            key = ShopKey(str(shop))
            oldest[key] = min(int(since_ms), oldest.get(key, int(since_ms)))
    return {
        shop: OrdersNow(shop=shop, states=mine, backlog=_order_backlog(tx, shop), oldest_waiting_ms=oldest.get(shop))
        for shop, mine in states.items()
    }


def _order_backlog(tx: apsw.Connection, shop: ShopKey) -> int:
    unread = _count(tx, "SELECT count(*) FROM orders INDEXED BY orders_to_read WHERE shop = ? AND to_read = 1", shop)
    return unread + _count(tx, "SELECT count(*) FROM commands WHERE remote = ? AND shop = ?", MAMUT, shop)


def direction_now(tx: apsw.Connection, shop: ShopKey, name: DirectionName, now_ms: int) -> DirectionNow:
    """Any direction but that of orders, which `orders_now` counts."""
    row = directions.get(tx, shop, name)
    if name is DirectionName.STATUSES_TO_SHOP:
        due = _count(tx, "SELECT count(*) FROM documents WHERE shop = ? AND due_ms <= ?", shop, now_ms)
        held = _count(
            tx, "SELECT count(*) FROM documents WHERE shop = ? AND step <> '' AND due_ms IS NULL AND code <> ''", shop
        )
        first = tx.execute("SELECT min(due_ms) FROM documents WHERE shop = ? AND due_ms <= ?", (shop, now_ms))
        return DirectionNow(row=row, due=due, held=held, oldest_ms=next((each for (each,) in first), None))
    due = _count(
        tx, "SELECT count(*) FROM tasks WHERE shop = ? AND direction = ? AND due_ms <= ?", shop, name.value, now_ms
    )
    held = _count(
        tx,
        "SELECT count(*) FROM tasks INDEXED BY tasks_needing WHERE code <> '' AND shop = ? AND direction = ?"
        " AND due_ms IS NULL",
        shop,
        name.value,
    )
    return DirectionNow(row=row, due=due, held=held, oldest_ms=tasks.oldest(tx, shop, name, now_ms) if due else None)


def marks_left(tx: apsw.Connection, shop: ShopKey) -> int:
    """Orders on which Mamut's number is still to be left."""
    return _count(tx, "SELECT count(*) FROM commands WHERE remote = ?", shop_remote(shop))


# -- what needs a person ----------------------------------------------------------------------------------------------


class Needs(Frozen, frozen=True):
    """How many wait for a person for the same reason."""

    area: str
    code: str
    count: int
    since_ms: int | None


_NEEDS: dict[str, str] = {
    "shop": "SELECT frozen_fault, count(*), min(frozen_ms) FROM shops WHERE frozen_fault <> '' AND shop = ?1"
    " GROUP BY 1",
    "order": "SELECT reason, count(*), min(since_ms) FROM orders INDEXED BY orders_by_shop_state"
    " WHERE state IN ('held', 'dead') AND shop = ?1 GROUP BY 1",
    "change": "SELECT code, count(*), min(since_ms) FROM aftermath INDEXED BY aftermath_attended"
    " WHERE outcome = 'attend' AND shop = ?1 GROUP BY 1",
    "status": "SELECT code, count(*), min(changed_ms) FROM documents INDEXED BY documents_held"
    " WHERE step <> '' AND due_ms IS NULL AND code LIKE 'BRY-%' AND shop = ?1 GROUP BY 1"
    # Reserved money that expires is told of orders with which nothing is to be done any more.
    " UNION ALL SELECT code, count(*), min(changed_ms) FROM documents INDEXED BY documents_reserved"
    " WHERE capture IN ('expiring', 'expired') AND NOT (step <> '' AND due_ms IS NULL) AND code LIKE 'BRY-%'"
    " AND shop = ?1 GROUP BY 1",
    "article": "SELECT code, count(*), min(made_ms) FROM tasks INDEXED BY tasks_needing"
    " WHERE code <> '' AND code LIKE 'BRY-%' AND due_ms IS NULL AND shop = ?1 GROUP BY 1",
    "price": "SELECT 'prices', count(*), min(at_ms) FROM guards WHERE released_ms IS NULL AND shop = ?1 GROUP BY 1",
}
"""By area, as `agent.journal.attention` has them, and prices that were stopped."""


def needs(tx: apsw.Connection, shops: Sequence[ShopKey]) -> list[Needs]:
    """In the areas' order, the most frequent first."""
    found: dict[tuple[str, str], Needs] = {}
    for area, sql in _NEEDS.items():
        for shop in shops:
            for code, count, since_ms in tx.execute(sql, (shop,)):
                past = found.get((area, str(code)), Needs(area=area, code=str(code), count=0, since_ms=None))
                times = [each for each in (since_ms, past.since_ms) if each]
                found[area, str(code)] = msgspec.structs.replace(
                    past, count=past.count + int(count), since_ms=min(times, default=None)
                )
    places = tuple(_NEEDS)
    return sorted(found.values(), key=lambda each: (places.index(each.area), -each.count, each.code))


# -- over time --------------------------------------------------------------------------------------------------------


def last_transfer(tx: apsw.Connection, shop: ShopKey) -> int | None:
    """When an order of the shop was last transferred, by our clock."""
    row = tx.execute(
        "SELECT max(transferred_ms) FROM orders INDEXED BY orders_by_transfer WHERE shop = ?"
        " AND transferred_ms IS NOT NULL",
        (shop,),
    ).fetchone()
    return None if row is None else row[0]


def transferred_since(tx: apsw.Connection, since_ms: int) -> int:
    return _count(tx, f"SELECT count(*) {_TRANSFERRED} >= ?", since_ms)


_TRANSFERRED = "FROM orders INDEXED BY orders_by_transfer_time WHERE transferred_ms"


def over_time(tx: apsw.Connection, starts_ms: Sequence[int], end_ms: int) -> list[Bucket]:
    """One bucket from each start to the next, the last one up to `end_ms`."""
    ends = (*starts_ms[1:], end_ms)
    total = _count(tx, f"SELECT count(*) {_TRANSFERRED} BETWEEN ? AND ?", starts_ms[0], end_ms)
    each = total // SAMPLE + 1
    return [_bucket(tx, start, end, each) for start, end in zip(starts_ms, ends, strict=True)]


def _bucket(tx: apsw.Connection, start_ms: int, end_ms: int, each: int) -> Bucket:
    count = _count(tx, f"SELECT count(*) {_TRANSFERRED} >= ? AND transferred_ms < ?", start_ms, end_ms)
    if not count:
        return Bucket(start_ms=start_ms, orders=0, median_s=None, slow_s=None)
    taken = [
        max(int(took_ms), 0) / 1000
        for (took_ms,) in tx.execute(
            "SELECT transferred_ms - (SELECT max(at_ms) FROM events e WHERE e.shop = o.shop AND e.order_id = o.order_id"
            " AND e.kind IN ('seen', 'status_changed') AND e.at_ms <= o.transferred_ms)"
            " FROM orders o INDEXED BY orders_by_transfer_time WHERE transferred_ms >= ? AND transferred_ms < ?"
            " AND order_id % ? = 0",
            (start_ms, end_ms, each),
        )
        if took_ms is not None
    ]
    if not taken:
        return Bucket(start_ms=start_ms, orders=count, median_s=None, slow_s=None)
    taken.sort()
    slow = taken[min(len(taken) * 95 // 100, len(taken) - 1)]
    return Bucket(start_ms=start_ms, orders=count, median_s=statistics.median(taken), slow_s=slow)


def _count(tx: apsw.Connection, sql: str, *values: object) -> int:
    row = tx.execute(sql, values).fetchone()
    return 0 if row is None or row[0] is None else int(row[0])
