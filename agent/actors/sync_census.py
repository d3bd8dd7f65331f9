"""Whether both sides have the same article numbers: counted on what was just read whole, with samples."""

from __future__ import annotations

import apsw
import msgspec

from agent.decide.products import is_live, kind_of
from agent.journal import plans, register
from agent.journal.items import folded
from agent.model.goods import ProductKind
from agent.model.order import Frozen
from agent.model.shop_item import ShopItem
from agent.settings.tree import ShopSettings

SAMPLE = 10

PART = 500

_item = msgspec.msgpack.Decoder(ShopItem)


class Side(Frozen, frozen=True):
    """Numbers that stand so: how many, and some of them."""

    count: int = 0
    sample: tuple[str, ...] = ()

    def more(self, number: str) -> Side:
        sample = (*self.sample, number) if len(self.sample) < SAMPLE else self.sample
        return Side(self.count + 1, sample)


class Census(Frozen, frozen=True):
    """`equal` stand on both sides and are of the same kind. `only_mamut` are for sale on the web and not in the shop;
    `without_number` are products and variations of the shop that have none of their own."""

    equal: int = 0
    only_mamut: Side = Side()
    only_shop: Side = Side()
    kind_differs: Side = Side()
    case_differs: Side = Side()
    twice_in_mamut: Side = Side()
    twice_in_shop: Side = Side()
    without_number: Side = Side()

    @property
    def is_equal(self) -> bool:
        sides = (self.only_mamut, self.only_shop, self.kind_differs, self.case_differs)
        return not any(each.count for each in (*sides, self.twice_in_mamut, self.twice_in_shop, self.without_number))


def census(tx: apsw.Connection, plan: int, settings: ShopSettings) -> Census:
    """Of the articles that are for sale on the web, in the groups that the shop takes, and all products of the shop."""
    found = Census()
    pk = 0
    while cards := register.articles_after(tx, pk, PART):
        pk = cards[-1].pk
        there = plans.items_with(tx, plan, {folded(card.product_no) for card in cards})
        for card in cards:
            items = _own([_item.decode(body) for body in there.get(folded(card.product_no), ())])
            if not items:
                groups = settings.products.groups
                if is_live(card) and not (groups and card.group not in groups):
                    found = _with(found, "only_mamut", card.product_no)
            elif len(items) > 1:
                found = _with(found, "twice_in_shop", card.product_no)
            elif items[0].kind is not kind_of(card):
                found = _with(found, "kind_differs", card.product_no)
            elif items[0].sku.strip() != card.product_no.strip():
                found = _with(found, "case_differs", card.product_no)
            else:
                found = msgspec.structs.replace(found, equal=found.equal + 1)
    for (number,) in tx.execute("SELECT product_no FROM articles GROUP BY product_no HAVING count(*) > 1"):
        found = _with(found, "twice_in_mamut", str(number))
    return _shop(tx, plan, found)


def _shop(tx: apsw.Connection, plan: int, found: Census) -> Census:
    known = {folded(str(number)) for (number,) in tx.execute("SELECT product_no FROM articles")}
    key = 0
    while rows := plans.items_after(tx, plan, key, PART):
        key = rows[-1][0]
        items = [_item.decode(body) for _, body in rows]
        parents = plans.item_bodies(tx, plan, {item.parent_id for item in items if item.parent_id})
        for item in items:
            if item.kind is ProductKind.OTHER:
                continue
            parent = parents.get(item.parent_id)
            own = "" if parent is not None and folded(_item.decode(parent).sku) == folded(item.sku) else item.sku
            if not own.strip():
                found = _with(found, "without_number", f"{item.name} ({item.product_id})")
            elif folded(own) not in known:
                found = _with(found, "only_shop", own)
    return found


def _with(found: Census, name: str, number: str) -> Census:
    return msgspec.structs.replace(found, **{name: getattr(found, name).more(number)})


def _own(items: list[ShopItem]) -> list[ShopItem]:
    parents = {item.product_id for item in items if item.kind is not ProductKind.VARIATION}
    return [item for item in items if item.parent_id not in parents]
