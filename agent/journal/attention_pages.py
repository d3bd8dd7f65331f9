"""What needs a person by its cause, with the first few of each: as many seeks in indexes as there are causes. Reading
only; `agent.journal.attention` has all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import order_pages, overview
from agent.journal.attention import Cause, causes_of
from agent.journal.overview import Needs
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Frozen
from agent.model.reasons import Reason

RETRYABLE = ("order", "status", "article")
"""Areas of which all of a cause can be tried again at once."""


class Retry(Frozen, frozen=True):
    """A wish that would have one of them tried again. `order_id` is 0 for an article, which `args` name then."""

    kind: str
    shop: ShopKey
    order_id: ShopOrderId = ShopOrderId(0)
    args: dict[str, str] = {}


class Example(Frozen, frozen=True):
    """One of those that wait. `name` is what people call it; `order_id` is 0 where it is no order."""

    shop: str
    order_id: int
    name: str
    params: dict[str, str]
    since_ms: int | None
    direction: str


_DIRECTIONS = msgspec.json.encode([name.value for name in DirectionName]).decode()

_FROZEN = (
    "SELECT shop, 0, shop, json_object('shop', shop, 'problem', frozen_detail), frozen_ms, '' FROM shops"
    " WHERE frozen_fault = ?"
)

_FIRST: dict[str, str] = {
    "order": "SELECT shop, order_id, number, params, since_ms, '' FROM orders INDEXED BY orders_by_shop_state"
    " WHERE shop = ?1 AND state = ?4 AND reason = ?2 ORDER BY since_ms, order_id LIMIT ?3",
    "change": "SELECT held.shop, held.order_id, o.number, held.params, held.since_ms, ''"
    " FROM aftermath held INDEXED BY aftermath_attended"
    " LEFT JOIN orders o ON o.shop = held.shop AND o.order_id = held.order_id"
    " WHERE held.outcome = 'attend' AND held.shop = ?1 AND held.code = ?2 LIMIT ?3",
    "status": "SELECT held.shop, held.order_id, o.number, held.params, held.changed_ms, ''"
    " FROM documents held INDEXED BY documents_held"
    " LEFT JOIN orders o ON o.shop = held.shop AND o.order_id = held.order_id"
    " WHERE held.step <> '' AND held.due_ms IS NULL AND held.shop = ?1 AND held.code = ?2"
    " UNION ALL SELECT kept.shop, kept.order_id, o.number, kept.params, kept.changed_ms, ''"
    " FROM documents kept INDEXED BY documents_reserved"
    " LEFT JOIN orders o ON o.shop = kept.shop AND o.order_id = kept.order_id"
    " WHERE kept.capture IN ('expiring', 'expired') AND NOT (kept.step <> '' AND kept.due_ms IS NULL)"
    " AND kept.shop = ?1 AND kept.code = ?2 LIMIT ?3",
    "article": "SELECT held.shop, 0, coalesce(a.product_no, l.product_no, nullif(i.number, ''),"
    " CASE WHEN held.pk < 0 THEN '#' || -held.pk ELSE '' END), held.params, held.made_ms, held.direction"
    " FROM tasks held INDEXED BY tasks_needing LEFT JOIN articles a ON a.pk = held.pk"
    " LEFT JOIN article_links l ON l.shop = held.shop AND l.product_id = -held.pk"
    " LEFT JOIN shop_items i ON i.shop = held.shop AND i.product_id = -held.pk"
    " WHERE held.code <> '' AND held.due_ms IS NULL AND held.shop = ?1"
    " AND held.direction IN (SELECT value FROM json_each(?4)) AND held.code = ?2 LIMIT ?3",
}
"""By area: the first of a cause in a shop."""


def needs(tx: apsw.Connection, shops: Iterable[ShopKey]) -> list[Needs]:
    """How many of each cause, parts of the agent that cannot work first."""
    parts = [_needs_of(cause) for cause in causes_of(tx, "part")]
    return [*parts, *overview.needs(tx, sorted(shops))]


def _needs_of(cause: Cause) -> Needs:
    since = min((item.since_ms for item in cause.items if item.since_ms), default=None)
    return Needs(area=cause.area, code=cause.code, count=cause.count, since_ms=since)


def first(tx: apsw.Connection, need: Needs, shops: Iterable[ShopKey], limit: int) -> list[Example]:
    """Some of those that wait for this cause: of orders and articles those that have waited longest in each shop."""
    if need.area == "shop":
        wanted = frozenset(shops)
        frozen = _examples(tx.execute(_FROZEN, (need.code,)).fetchall())
        return [each for each in frozen if each.shop in wanted][:limit]
    if need.area not in _FIRST:
        return []
    found: list[Example] = []
    for shop in sorted(shops):
        values: tuple[object, ...] = (shop, need.code, limit)
        if need.area == "order":
            values += (Reason(need.code).state.value if need.code in tuple(Reason) else "",)
        elif need.area == "article":
            values += (_DIRECTIONS,)
        found += _examples(tx.execute(_FIRST[need.area], values).fetchall())
    return sorted(found, key=lambda each: (each.since_ms or 0, each.shop, each.order_id))[:limit]


def _examples(rows: Sequence[tuple[object, ...]]) -> list[Example]:
    return [
        Example(
            shop=str(shop),
            order_id=int(str(order_id)),
            name=str(name or ""),
            params={key: str(value) for key, value in msgspec.json.decode(str(params or "{}")).items()},
            since_ms=None if since_ms is None else int(str(since_ms)),
            direction=str(direction),
        )
        for shop, order_id, name, params, since_ms, direction in rows
    ]


def to_retry(tx: apsw.Connection, area: str, code: str, shops: Iterable[ShopKey]) -> list[Retry]:
    """One for each that waits for a cause; none for a cause of which none can be tried again at once."""
    if area == "order" and code in tuple(Reason):
        return [Retry(kind="retry", shop=shop, order_id=each) for shop, each in order_pages.to_retry(tx, Reason(code))]
    if area == "status":
        return [
            Retry(kind="retry", shop=shop, order_id=each) for shop in sorted(shops) for each in _held(tx, shop, code)
        ]
    if area == "article":
        return [retry for shop in sorted(shops) for retry in _articles(tx, shop, code)]
    return []


def _held(tx: apsw.Connection, shop: ShopKey, code: str) -> list[ShopOrderId]:
    rows = tx.execute(
        "SELECT order_id FROM documents INDEXED BY documents_held"
        " WHERE step <> '' AND due_ms IS NULL AND shop = ? AND code = ?",
        (shop, code),
    )
    return [ShopOrderId(int(order_id)) for (order_id,) in rows]


def _articles(tx: apsw.Connection, shop: ShopKey, code: str) -> list[Retry]:
    """A shop's own products, which Mamut has no key for yet, have theirs below zero."""
    rows = tx.execute(
        "SELECT pk, direction FROM tasks INDEXED BY tasks_needing WHERE code <> '' AND due_ms IS NULL AND shop = ?"
        " AND direction IN (SELECT value FROM json_each(?)) AND code = ? ORDER BY made_ms",
        (shop, _DIRECTIONS, code),
    )
    return [
        Retry(kind="retry_product", shop=shop, args={"product_id": str(-int(pk))})
        if int(pk) < 0
        else Retry(kind="retry_article", shop=shop, args={"pk": str(pk), "direction": str(direction)})
        for pk, direction in rows
    ]
