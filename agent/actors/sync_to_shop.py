"""Makes the plan of a first synchronisation from Mamut to a shop: what would become of every article.

Decided by the very functions that products_to_shop decides by; a main product that the plan makes stands in for the one
that its variants will have.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import apsw
import msgspec

from agent.actors.shelf import Shelf
from agent.actors.sync_table import SyncTable
from agent.decide.first_sync import compare, digest_of, ground_of, made_of, seen_of
from agent.decide.goods_rules import GoodsRules
from agent.decide.matching import Adopt, match
from agent.decide.products import Family, Hold, Nothing, ProductGround, Write, category_path, is_live, kind_of, wanted
from agent.decide.vat import percents_of
from agent.journal import links, plans, register
from agent.journal.families import families, twice
from agent.journal.items import folded
from agent.model.goods import ProductKind
from agent.model.ids import ShopKey
from agent.model.link import Facet, Link
from agent.model.plan import Action, PlanRow
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ShopItem
from agent.settings.tree_goods import Keep, ProductSettings

PART = 500
"""Articles decided in one go."""

_item = msgspec.msgpack.Decoder(ShopItem)


class ToShopPlanner:
    """One shop's."""

    def __init__(self, table: SyncTable, settings: ProductSettings, shelf: Shelf, rules: GoodsRules) -> None:
        self._table = table
        self._rules = rules
        self._settings = settings
        self._shelf = shelf
        self._place = 0

    async def plan(self, number: int) -> None:
        """Decides about all articles that the register and the shop, as read, have. Raises Trouble."""
        table = self._table
        total = table.journal.view(register.count)
        ground = await self._ground()
        done = 0
        for pks in self._walk(variants=False), self._walk(variants=True):
            for part in pks:
                rows = table.journal.view(partial(self._rows, plan=number, pks=part, ground=ground))
                await self._put(number, rows)
                done += len(part)
                table.tell("deciding", done, total)

    async def _put(self, number: int, rows: list[PlanRow]) -> None:
        await self._table.journal.run(lambda tx: plans.put(tx, number, rows))

    def _walk(self, *, variants: bool) -> Iterable[list[int]]:
        """Articles in parts: simple and main ones by their age, then variants by their main product."""
        look = _variants_after if variants else _tops_after
        last = ("", 0)
        while rows := self._table.journal.view(partial(look, last=last)):
            last = rows[-1]
            yield [pk for _, pk in rows]

    async def _ground(self) -> ProductGround:
        """What all products stand on. Nothing is made: a category that is missing is made when the plan is applied."""
        table, settings = self._table, self._settings
        registers = await table.patiently(lambda: table.desk.ask(lambda mamut: mamut.registers()))
        groups = {row.id: row.name for row in registers.product_groups}
        subgroups = {row.id: row.name for row in registers.product_subgroups}
        paths: set[tuple[str, ...]] = set()
        pk = 0
        while settings.categories is not Keep.NEVER:
            cards = table.journal.view(partial(register.articles_after, pk=pk, limit=PART))
            if not cards:
                break
            paths |= {category_path(card, settings, groups, subgroups) for card in cards if is_live(card)}
            pk = cards[-1].pk
        known = paths - {()}
        return ProductGround(
            settings=settings,
            terms=await table.patiently(self._shelf.terms),
            percents=percents_of(registers),
            groups=groups,
            subgroups=subgroups,
            categories=await table.patiently(lambda: self._shelf.categories(known, make=False)),
            attributes=await table.patiently(self._shelf.attributes),
            shape=self._rules.product,
        )

    # -- rows --------------------------------------------------------------------------------------------------------

    def _rows(self, tx: apsw.Connection, plan: int, pks: Sequence[int], ground: ProductGround) -> list[PlanRow]:
        shop = self._table.shop
        found = families(tx, shop, pks)
        numbers = {family.card.product_no for family in found.values()}
        double = twice(tx, numbers)
        there = plans.items_with(tx, plan, {folded(number) for number in numbers})
        linked = plans.item_bodies(
            tx, plan, [family.link.product_id for family in found.values() if family.link is not None]
        )
        mains = plans.by_keys(tx, plan, {family.main.pk for family in found.values() if family.main is not None})
        taken: dict[int, int] = {}
        rows: list[PlanRow] = []
        for pk in pks:
            if pk not in found:
                continue
            self._place += 1
            family = _with_main(found[pk], mains)
            pks_twice = double.get(family.card.product_no, ())
            if pk in pks_twice:
                params = {"number": family.card.product_no, "pks": ", ".join(map(str, pks_twice))}
                rows.append(self._refused(family, Hold(GoodsReason.NUMBER_TWICE_IN_MAMUT, params)))
                continue
            items = [_item.decode(body) for body in there.get(folded(family.card.product_no), ())]
            standing = None if family.link is None else linked.get(family.link.product_id)
            if family.link is not None:
                rows.append(self._linked(family, None if standing is None else _item.decode(standing), ground))
            else:
                rows.append(self._unlinked(tx, shop, family, items, ground, taken))
        return rows

    def _wanted(self, family: Family, ground: ProductGround) -> Write | Nothing | Hold:
        read = self._rules.family(family)
        return read.stop or wanted(read.record, ground)

    def _unlinked(
        self,
        tx: apsw.Connection,
        shop: ShopKey,
        family: Family,
        items: list[ShopItem],
        ground: ProductGround,
        taken: dict[int, int],
    ) -> PlanRow:
        own = _own(items)
        holder = None
        if len(own) == 1:
            link = links.by_product(tx, shop, own[0].product_id)
            holder = link.pk if link is not None else taken.get(own[0].product_id)
        matched = match(family, tuple(map(seen_of, own)), holder)
        if isinstance(matched, Hold):
            return self._refused(family, matched)
        if isinstance(matched, Adopt):
            taken[own[0].product_id] = family.card.pk
            return self._adopted(family, own[0], ground)
        decision = self._wanted(family, ground)
        if isinstance(decision, Hold):
            return self._refused(family, decision)
        if isinstance(decision, Nothing):
            return self._row(family, Action.LEAVE, decision.code, params=decision.params)
        return self._row(family, Action.MAKE, "", changes=made_of(decision.product))

    def _adopted(self, family: Family, item: ShopItem, ground: ProductGround) -> PlanRow:
        """It is there under the same number: tied to it, and changed where it differs."""
        blank = _link(family, item, b"")
        decision = self._wanted(msgspec.structs.replace(family, link=blank), ground)
        if isinstance(decision, Hold):
            return self._refused(family, decision, item)
        if isinstance(decision, Nothing) and decision.code is not Said.UNCHANGED:
            return self._row(family, Action.LEAVE, decision.code, params=decision.params, item=item)
        if isinstance(decision, Nothing):
            return self._row(family, Action.LINK, "", item=item)
        compared = compare(decision, item)
        tied = msgspec.structs.replace(family, link=_link(family, item, compared.marks))
        second = self._wanted(tied, ground)
        action = Action.CHANGE if isinstance(second, Write) else Action.LINK
        changes = compared.changes if action is Action.CHANGE else {}
        return self._row(family, action, "", item=item, marks=compared.marks, changes=changes)

    def _linked(self, family: Family, item: ShopItem | None, ground: ProductGround) -> PlanRow:
        """The agent has tied it together before."""
        link = family.link
        if link is None:
            raise TypeError("a linked article without its link")
        if item is None:
            return self._refused(family, Hold(GoodsReason.PRODUCT_GONE, {"product_id": str(link.product_id)}))
        decision = self._wanted(family, ground)
        if isinstance(decision, Hold):
            return self._refused(family, decision, item)
        if isinstance(decision, Nothing):
            code = "" if decision.code is Said.UNCHANGED else decision.code
            return self._row(family, Action.SAME, code, params=decision.params, item=item)
        # What the agent would write to be sure of it changes nothing where the shop has it already.
        changes = compare(decision, item).changes
        return self._row(family, Action.CHANGE if changes else Action.SAME, "", item=item, changes=changes)

    def _refused(self, family: Family, hold: Hold, item: ShopItem | None = None) -> PlanRow:
        return self._row(family, Action.REFUSE, hold.reason, params=hold.params, item=item)

    def _row(
        self,
        family: Family,
        action: Action,
        code: str,
        *,
        params: dict[str, str] | None = None,
        item: ShopItem | None = None,
        marks: bytes = b"",
        changes: dict[str, tuple[str, str]] | None = None,
    ) -> PlanRow:
        card = family.card
        return PlanRow(
            place=self._place,
            key=card.pk,
            family=card.variant.main if card.variant is not None else card.product_no,
            number=card.product_no,
            name=card.description,
            kind=kind_of(card),
            action=action,
            code=str(code),
            params=params or {},
            changes=changes or {},
            target=0 if item is None else item.product_id,
            parent=0 if item is None else item.parent_id,
            ground=ground_of(family),
            seen=b"" if item is None else digest_of(item),
            marks=marks,
        )


def _tops_after(tx: apsw.Connection, last: tuple[str, int]) -> list[tuple[str, int]]:
    sql = "SELECT main, pk FROM articles WHERE main = '' AND pk > ? ORDER BY pk LIMIT ?"
    return [(str(main), int(str(pk))) for main, pk in tx.execute(sql, (last[1], PART))]


def _variants_after(tx: apsw.Connection, last: tuple[str, int]) -> list[tuple[str, int]]:
    sql = "SELECT main, pk FROM articles WHERE main <> '' AND (main, pk) > (?, ?) ORDER BY main, pk LIMIT ?"
    return [(str(main), int(str(pk))) for main, pk in tx.execute(sql, (*last, PART))]


def _with_main(family: Family, mains: dict[int, PlanRow]) -> Family:
    """With the product that the plan gives its main article, where it has none yet."""
    if family.main is None or family.main_link is not None:
        return family
    row = mains.get(family.main.pk)
    if row is None or row.action not in (Action.MAKE, Action.LINK, Action.CHANGE):
        return family
    # One that is still to be made has no number in the shop: it is known by the article's, turned round.
    product_id = row.target or -row.key
    link = Link(pk=row.key, product_id=product_id, kind=ProductKind.VARIABLE, sku=row.number, made=not row.target)
    return msgspec.structs.replace(family, main_link=link)


def _link(family: Family, item: ShopItem, marks: bytes) -> Link:
    unsure = frozenset() if marks else frozenset({Facet.PRODUCT})
    return Link(
        pk=family.card.pk,
        product_id=item.product_id,
        parent_id=item.parent_id,
        kind=kind_of(family.card),
        sku=item.sku,
        marks=marks or None,
        unsure=unsure,
    )


def _own(items: list[ShopItem]) -> list[ShopItem]:
    """Without variations that only show their product's number, having none of their own (variations[18])."""
    parents = {item.product_id for item in items if item.kind is not ProductKind.VARIATION}
    return [item for item in items if item.parent_id not in parents]
