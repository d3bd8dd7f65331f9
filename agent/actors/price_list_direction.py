"""Price lists of customer groups in one shop: meta fields of the plugin that reads them, where they have changed."""

from __future__ import annotations

from functools import partial

import apsw

from agent.actors.goods_direction import End, Row, Verdict, by_rules
from agent.actors.pricing import Pricing, deliver, due_ms, later, priced_by, row_of, without_price
from agent.decide.goods_rules import listed
from agent.decide.prices import ListsWanted, PriceGround, PriceHeld
from agent.decide.products import Family, Nothing
from agent.flows import DirectionName
from agent.journal import links, register
from agent.journal.families import twice
from agent.journal.tasks import Task
from agent.model.goods import ProductKind, ProductResult, RowProblem, ShopProduct, Written
from agent.model.link import Facet
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said

NAME = DirectionName.PRICE_LISTS_TO_SHOP


class ListChange(Frozen, frozen=True):
    """What the lists are to be, and the fields of them that are to be written."""

    task: Task
    family: Family
    wanted: ListsWanted
    fields: tuple[tuple[str, str], ...]
    due_ms: int


class PriceListDirection:
    """One shop's."""

    def __init__(self, around: Pricing) -> None:
        self._settings = around.settings
        self._around = around
        self.loop = around.loop(NAME, Facet.LISTS, self._work)

    async def _work(self, due: list[Task]) -> None:
        ground = await self._around.ground()
        ready, found = await self._around.priceable(self.loop, due)
        changes = await self._changes(ready, found, ground)
        rows = [
            row_of(change.task, change.family, ShopProduct(kind=ProductKind.SIMPLE, lists=change.fields))
            for change in changes
        ]
        by_pk = {change.task.pk: change for change in changes}
        await deliver(self.loop, self._around.port, rows, partial(self._judge, by_pk))

    async def _changes(self, due: list[Task], found: dict[int, Family], ground: PriceGround) -> list[ListChange]:
        """What differs from what the shop has; the others' tasks are settled."""

        def deciding(tx: apsw.Connection) -> dict[int, ListsWanted | PriceHeld | Nothing | None]:
            cards = register.prices_of(tx, {priced_by(found[task.pk]) for task in due})
            return {
                task.pk: None if price is None else listed(self._around.rules, found[task.pk].card, price, ground)
                for task in due
                for price in (cards.get(priced_by(found[task.pk])),)
            }

        decisions = self.loop.journal.view(deciding)
        double = self.loop.journal.view(lambda tx: twice(tx, {priced_by(found[task.pk]) for task in due}))
        changes: list[ListChange] = []
        verdicts: list[Verdict] = []
        for task in due:
            family, decision = found[task.pk], decisions[task.pk]
            if decision is None:
                verdicts.append(without_price(task, priced_by(family), double))
                continue
            if isinstance(decision, Nothing):
                verdicts.append(Verdict(task, decision.code, decision.params))
                continue
            if isinstance(decision, PriceHeld):
                verdicts.append(Verdict(task, decision.reason, decision.params, End.HELD))
                continue
            fields, at_ms = _changed(family, decision), due_ms(decision.next_day, ground)
            if fields:
                changes.append(ListChange(task, family, decision, fields, at_ms))
            else:
                verdicts.append(later(Verdict(task, Said.UNCHANGED), at_ms))
        await self.loop.settle(verdicts)
        return changes

    def _judge(
        self, changes: dict[int, ListChange], tx: apsw.Connection, row: Row, result: ProductResult, _written: Written
    ) -> Verdict:
        change = changes[row.write.pk]
        if result.seen is None:
            if result.problem in (RowProblem.GONE, RowProblem.PARENT_GONE):
                return self._around.linker.lost(tx, self.loop, change.family, row.task)
            return Verdict(row.task, GoodsReason.SHOP_REFUSED, {"problem": result.problem}, End.HELD)
        links.set_lists(tx, self.loop.shop, row.write.pk, change.wanted.lists)
        params = {"fields": ", ".join(key for key, _value in change.fields)} | by_rules(change.wanted.by)
        return later(Verdict(row.task, Said.WRITTEN, params, written=True), change.due_ms)


def _changed(family: Family, decision: ListsWanted) -> tuple[tuple[str, str], ...]:
    """The fields whose value the shop does not surely have. A list that is no longer kept is taken away; one that never
    had a price is not written."""
    link = family.link
    had = dict(() if link is None or link.lists is None else link.lists)
    wanted = {**dict.fromkeys(had, ""), **dict(decision.lists)}
    unsure = link is not None and Facet.LISTS in link.unsure
    return tuple((key, value) for key, value in wanted.items() if unsure or value != had.get(key, ""))
