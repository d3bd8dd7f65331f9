"""Orders a page at a time, newest first, however many there are: each page is a few seeks in an index. Reading only."""

from __future__ import annotations

from collections.abc import Iterator

import apsw

from agent.journal.orders import OrderRow
from agent.journal.reports import shop_keys
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Frozen
from agent.model.reasons import OrderState, Reason

_COLUMNS = ", ".join(OrderRow.__struct_fields__)
_EVERY = f"SELECT {_COLUMNS} FROM orders INDEXED BY orders_by_created WHERE shop = ?1"  # noqa: S608 - columns of ours
_BY_REASON = f"SELECT {_COLUMNS} FROM orders INDEXED BY orders_by_shop_state WHERE shop = ?1"  # noqa: S608 - columns of ours

_FIRST, _LAST = -(1 << 62), 1 << 62
"""Before every order's id, and after it."""


class Place(Frozen, frozen=True):
    """Where a page ends. `at` is of its last order: when the shop made it, in seconds, or since when it has been in its
    state, in milliseconds, as the page is sorted."""

    at: int
    shop: str
    order_id: int


class Page(Frozen, frozen=True):
    orders: tuple[OrderRow, ...]
    older: Place | None


def page(
    tx: apsw.Connection,
    *,
    state: OrderState | None = None,
    reason: Reason | None = None,
    shop: ShopKey | None = None,
    before: Place | None = None,
    limit: int,
) -> Page:
    """The newest orders, by when the shop made them; those of one state or reason by when they came into it."""
    by_state = state is not None or reason is not None
    shops = shop_keys(tx) if shop is None else [shop]
    rows: list[OrderRow] = []
    for key in shops:
        if by_state:
            for each_state, code in _reasons(state, reason):
                rows += _some(tx, key, (each_state, code), before, limit + 1)
        else:
            rows += _some(tx, key, None, before, limit + 1)
    places = {id(row): Place(_at(row, by_state=by_state), row.shop, row.order_id) for row in rows}
    rows.sort(key=lambda row: _key(places[id(row)]), reverse=True)
    kept = tuple(rows[:limit])
    return Page(orders=kept, older=places[id(kept[-1])] if len(rows) > limit else None)


def _reasons(state: OrderState | None, reason: Reason | None) -> Iterator[tuple[str, str]]:
    """Every state with a reason that an order may have of what is asked for; transferred ones have none."""
    if reason is not None:
        if state in (None, reason.state):
            yield reason.state.value, reason.value
    elif state is OrderState.TRANSFERRED:
        yield state.value, ""
    elif state is not None:
        yield from ((state.value, each.value) for each in Reason if each.state is state)


def _some(
    tx: apsw.Connection, shop: str, kept: tuple[str, str] | None, before: Place | None, limit: int
) -> list[OrderRow]:
    at, order_id = (_LAST, _LAST) if before is None else (before.at, _bound(shop, before))
    column = "created_at" if kept is None else "since_ms"
    sql = _EVERY if kept is None else f"{_BY_REASON} AND state = ?5 AND reason = ?6"
    sql += f" AND ({column}, order_id) < (?2, ?3) ORDER BY {column} DESC, order_id DESC LIMIT ?4"
    return [OrderRow(*row) for row in tx.execute(sql, (shop, at, order_id, limit, *(kept or ())))]


def _bound(shop: str, before: Place) -> int:
    """Of one moment, shops are told last to first, and in a shop its orders."""
    if shop == before.shop:
        return before.order_id
    return _LAST if shop < before.shop else _FIRST


def _at(row: OrderRow, *, by_state: bool) -> int:
    return row.since_ms if by_state else row.created_at


def _key(place: Place) -> tuple[int, str, int]:
    return place.at, place.shop, place.order_id


def to_retry(tx: apsw.Connection, reason: Reason) -> list[tuple[ShopKey, ShopOrderId]]:
    """Shop and id of the orders that are stopped for a reason, those that have been so longest first; of them nothing
    but the index is read."""
    found: list[tuple[int, ShopKey, ShopOrderId]] = []
    for key in shop_keys(tx):
        found += [
            (int(since_ms), key, ShopOrderId(int(order_id)))
            for since_ms, order_id in tx.execute(
                "SELECT since_ms, order_id FROM orders INDEXED BY orders_by_shop_state"
                " WHERE shop = ? AND state = ? AND reason = ?",
                (key, reason.state.value, reason.value),
            )
        ]
    return [(key, order_id) for _, key, order_id in sorted(found)]
