"""What needs a person, out of the journal, whatever part of the product it is about. Reading only."""

from __future__ import annotations

import apsw
import msgspec

from agent.journal import aftermath
from agent.model.ids import ShopKey
from agent.model.order import Frozen

AREAS = ("shop", "part", "order", "change", "status", "article")
"""What an item is about: a shop that is frozen, a part of the agent that cannot work until somebody mends what it
needs, an order held or dead, a change after the transfer, an order's status in the shop, an article in one direction.
"""


class Item(Frozen, frozen=True):
    """One thing that waits for a person. `name` is what people call it: an order's or an article's number."""

    area: str
    shop: str
    name: str
    code: str
    params: dict[str, str] = {}
    since_ms: int = 0
    direction: str = ""


class Cause(Frozen, frozen=True):
    """All that waits for the same reason: how many, and the first of them, oldest first."""

    area: str
    code: str
    count: int
    items: tuple[Item, ...]


_QUERIES: dict[str, str] = {
    "shop": "SELECT shop, '', frozen_fault, json_object('shop', shop, 'problem', frozen_detail), frozen_ms, ''"
    " FROM shops WHERE frozen_fault <> ''",
    # Several parts that cannot get into Mamut are one matter, and no shop's. A server that does not answer mostly does
    # again by itself: brygga status shows it.
    "part": "SELECT shop, min(name), fault, json_object('shop', shop, 'problem', problem), min(since_ms), '' FROM"
    " (SELECT *, iif(fault GLOB 'BRY-C2?', 'mamut', actor) AS name, iif(fault GLOB 'BRY-C2?' OR instr(actor, '/') = 0,"
    " '', substr(actor, instr(actor, '/') + 1)) AS shop FROM health"
    " WHERE fault NOT IN ('', 'BRY-C01', 'BRY-C20', 'BRY-C28') AND state <> 'frozen') GROUP BY shop, fault, problem",
    "order": "SELECT shop, number, reason, params, since_ms, '' FROM orders WHERE state IN ('held', 'dead')",
    "status": "SELECT d.shop, o.number, d.code, d.params, d.changed_ms, '' FROM documents d JOIN orders o"
    " ON o.shop = d.shop AND o.order_id = d.order_id WHERE d.code LIKE 'BRY-%'",
    "article": "SELECT t.shop, coalesce(a.product_no, l.product_no, nullif(i.number, ''),"
    " CASE WHEN t.pk < 0 THEN '#' || -t.pk ELSE '' END), t.code, t.params, t.made_ms, t.direction FROM tasks t"
    " LEFT JOIN articles a USING (pk) LEFT JOIN article_links l ON l.shop = t.shop AND l.product_id = -t.pk"
    " LEFT JOIN shop_items i ON i.shop = t.shop AND i.product_id = -t.pk"
    " WHERE t.code <> '' AND t.code LIKE 'BRY-%' AND t.due_ms IS NULL",
}


_ASKED = "(?1 IS NULL OR shop IN (?1, ''))"
"""Of one shop: what is its own, and what is everybody's."""


def counts(tx: apsw.Connection, shop: ShopKey | None = None) -> dict[str, int]:
    """How many things of each area wait for a person: as many as `causes` has items without a limit."""
    sqls = {area: f"SELECT count(*) FROM ({query})" for area, query in _QUERIES.items()}  # noqa: S608 - constants only
    sqls["change"] = "SELECT count(*) FROM aftermath"
    found: dict[str, int] = {}
    for area in AREAS:
        where = f"WHERE {_ASKED}" + (" AND outcome = 'attend'" if area == "change" else "")
        (row,) = tx.execute(f"{sqls[area]} {where}", (shop,))
        found[area] = int(str(row[0]))
    return found


def causes(tx: apsw.Connection, shop: ShopKey | None, limit: int) -> list[Cause]:
    """By area, and in an area the most frequent first; of each cause the `limit` oldest items."""
    return [cause for area in AREAS for cause in causes_of(tx, area, shop, limit)]


def causes_of(tx: apsw.Connection, area: str, shop: ShopKey | None = None, limit: int = 1) -> list[Cause]:
    """Those of one area."""
    items = _changes(tx, shop) if area == "change" else _items(tx, area, shop)
    by_code: dict[str, list[Item]] = {}
    for item in items:
        by_code.setdefault(item.code, []).append(item)
    return [
        Cause(area=area, code=code, count=len(same), items=tuple(same[:limit]))
        for code, same in sorted(by_code.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def _items(tx: apsw.Connection, area: str, shop: ShopKey | None) -> list[Item]:
    rows = tx.execute(f"SELECT * FROM ({_QUERIES[area]}) WHERE {_ASKED} ORDER BY 5, 1, 2", (shop,))  # noqa: S608 - constants only
    return [
        Item(
            area=area,
            shop=str(key),
            name=str(name),
            code=str(code),
            params=_params(params),
            since_ms=int(since_ms or 0),
            direction=str(direction),
        )
        for key, name, code, params, since_ms, direction in rows
    ]


def _changes(tx: apsw.Connection, shop: ShopKey | None) -> list[Item]:
    items = []
    for row in aftermath.attended(tx, shop):
        named = tx.execute("SELECT number FROM orders WHERE shop = ? AND order_id = ?", (row.shop, row.order_id))
        number = next((str(each) for (each,) in named), str(row.order_id))
        items.append(
            Item(
                area="change", shop=row.shop, name=number, code=row.code, params=row.named_params, since_ms=row.since_ms
            )
        )
    return items


def _params(text: object) -> dict[str, str]:
    given = msgspec.json.decode(str(text or "{}"), type=dict[str, object])
    return {key: str(value) for key, value in given.items()}
