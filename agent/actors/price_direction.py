"""Prices of Mamut in one shop: only what changed, 100 at a time, and nothing that a guard stops.

Prices are decided when the reading that showed them has come to its end, so that it is known how many changed before
the first is written.
"""

from __future__ import annotations

from functools import partial

import apsw

from agent.actors.goods_direction import End, Row, Verdict, by_rules
from agent.actors.pricing import Pricing, deliver, due_ms, later, price_ground, priced_by, row_of, without_price
from agent.decide.goods_rules import priced
from agent.decide.price_guards import guarded, price_text
from agent.decide.prices import PriceGround, PriceHeld, PriceWanted
from agent.decide.products import Family, Nothing
from agent.flows import DirectionName
from agent.journal import directions, guards, links, register, tasks
from agent.journal.families import families, twice
from agent.journal.guards import GuardKind, Stopped
from agent.journal.tasks import Task
from agent.model.goods import (
    ArticleCard,
    PriceCard,
    ProductKind,
    ProductResult,
    RowProblem,
    ShopPrice,
    ShopProduct,
    Written,
)
from agent.model.ids import ShopKey
from agent.model.link import Facet
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said

NAME = DirectionName.PRICES_TO_SHOP

WALK = 500
"""Tasks looked at in one go when those of a run are counted."""

STOPPED_KINDS = {GoodsReason.PRICE_ZERO: GuardKind.ZERO, GoodsReason.PRICE_JUMP: GuardKind.JUMP}


Priced = PriceWanted | PriceHeld | Nothing


class Change(Frozen, frozen=True):
    """A price to be written. `due_ms` is when the article is to be looked at again, 0 for never."""

    task: Task
    family: Family
    wanted: PriceWanted
    due_ms: int

    @property
    def old(self) -> ShopPrice | None:
        return None if self.family.link is None else self.family.link.price


class PriceDirection:
    """One shop's."""

    def __init__(self, around: Pricing) -> None:
        self._settings = around.settings
        self._around = around
        self.loop = around.loop(NAME, Facet.PRICE, self._work)
        self._cleared_ms = -1
        """Tasks put, or due, until then (our clock) are of runs that have been counted."""

    def facet(self, tx: apsw.Connection, shop: ShopKey, card: ArticleCard) -> ShopPrice | None:
        """What a product that is made costs at once; None where this direction is to see to it by itself: nobody may
        write prices now, a guard or something else stops it, or it changes by the day."""
        terms = self._around.shelf.known_terms
        if terms is None or directions.get(tx, shop, NAME).paused:
            return None
        family = families(tx, shop, (card.pk,)).get(card.pk)
        ground = price_ground(tx, self._settings, terms, self.loop.clock())
        decision = None if family is None else self._decide(tx, family, ground)
        if not isinstance(decision, PriceWanted) or decision.next_day is not None:
            return None
        return None if guarded(None, decision.price, self._settings.guards) else decision.price

    async def _work(self, due: list[Task]) -> None:
        ground = await self._around.ground()
        await self._count_run(ground)
        ready, found = await self._around.priceable(self.loop, due)
        changes = await self._changes(ready, found, ground)
        await self._send(await self._let_through(changes))

    # -- deciding ------------------------------------------------------------------------------------------------------

    def _decide(self, tx: apsw.Connection, family: Family, ground: PriceGround) -> Priced | None:
        """None where Mamut has no price that is this article's alone."""
        source = priced_by(family)
        card: PriceCard | None = register.prices_of(tx, (source,)).get(source)
        return None if card is None else priced(self._around.rules, family.card, card, ground)

    async def _changes(self, due: list[Task], found: dict[int, Family], ground: PriceGround) -> list[Change]:
        """What differs from what the shop has; the others' tasks are settled."""

        def deciding(tx: apsw.Connection) -> dict[int, Priced | None]:
            return {task.pk: self._decide(tx, found[task.pk], ground) for task in due}

        def doubled(tx: apsw.Connection) -> dict[str, tuple[int, ...]]:
            return twice(tx, {priced_by(found[task.pk]) for task in due})

        decisions, double = self.loop.journal.view(deciding), self.loop.journal.view(doubled)
        changes: list[Change] = []
        verdicts: list[Verdict] = []
        unguarded: list[int] = []
        for task in due:
            family, decision = found[task.pk], decisions[task.pk]
            if decision is None:
                verdicts.append(without_price(task, priced_by(family), double))
            elif isinstance(decision, Nothing):
                verdicts.append(Verdict(task, decision.code, decision.params))
            elif isinstance(decision, PriceHeld):
                verdicts.append(Verdict(task, decision.reason, decision.params, End.HELD))
            elif has_price(family, decision.price):
                unguarded.append(task.pk)
                verdicts.append(later(Verdict(task, Said.UNCHANGED), due_ms(decision.next_day, ground)))
            else:
                changes.append(Change(task, family, decision, due_ms(decision.next_day, ground)))
        if verdicts:
            await self.loop.settle(verdicts, lambda tx: guards.clear(tx, self.loop.shop, unguarded))
        return changes

    # -- guards --------------------------------------------------------------------------------------------------------

    async def _count_run(self, ground: PriceGround) -> None:
        """Counts how many prices a run would change before the first is written, and stops it where they are too many.
        A run is all that is due when nothing is being read."""
        limit, now_ms = self._settings.guards.articles, self.loop.now_ms
        counts = self.loop.journal.view(lambda tx: tasks.count(tx, self.loop.shop, NAME, now_ms))
        if limit and counts.due > limit:
            changed = self._count_changed(ground, now_ms)
            if changed > limit:
                stopped = Stopped(guards.RUN, GuardKind.MANY, "", str(changed))

                def stopping_run(tx: apsw.Connection) -> None:
                    guards.stop(tx, self.loop.shop, (stopped,), now_ms, now_ms)

                await self.loop.journal.run(stopping_run)
        self._cleared_ms = now_ms

    def _count_changed(self, ground: PriceGround, now_ms: int) -> int:
        """Walks through all that is due, in little memory."""
        changed, after = 0, -1
        while part := self.loop.journal.view(
            partial(tasks.due_after, shop=self.loop.shop, direction=NAME, now_ms=now_ms, pk=after, limit=WALK)
        ):
            after = part[-1].pk
            fresh = [task.pk for task in part if max(task.made_ms, task.due_ms or 0) > self._cleared_ms]
            changed += self.loop.journal.view(partial(self._changed_of, pks=fresh, ground=ground))
        return changed

    def _changed_of(self, tx: apsw.Connection, pks: list[int], ground: PriceGround) -> int:
        """How many of these have a price in the shop that would become another one, without those let through."""
        changed = 0
        let_through = guards.released(tx, self.loop.shop, pks)
        for pk, family in families(tx, self.loop.shop, pks).items():
            if not is_settled(family) or family.card.properties:
                continue
            decision = self._decide(tx, family, ground)
            if isinstance(decision, PriceWanted) and not has_price(family, decision.price):
                changed += let_through.get(pk) != price_text(decision.price)
        return changed

    async def _let_through(self, changes: list[Change]) -> list[Change]:
        """Holds what a guard stops. What a person has let through passes with exactly that price."""
        shop, now_ms = self.loop.shop, self.loop.now_ms
        pks = [change.task.pk for change in changes]
        let_through = self.loop.journal.view(lambda tx: guards.released(tx, shop, pks))
        run_ms = self.loop.journal.view(lambda tx: guards.stopped_run(tx, shop))
        passed: list[Change] = []
        verdicts: list[Verdict] = []
        stopped: list[Stopped] = []
        for change in changes:
            old, new = change.old, change.wanted.price
            texts = {"old": price_text(old), "new": price_text(new)}
            if let_through.get(change.task.pk) == texts["new"]:
                passed.append(change)
                continue
            guard = guarded(old, new, self._settings.guards)
            many = run_ms is not None and is_settled(change.family) and change.task.made_ms <= run_ms
            if guard is None and not many:
                passed.append(change)
                continue
            reason, params = (GoodsReason.PRICES_MANY, texts) if guard is None else (guard.reason, guard.params)
            kind = STOPPED_KINDS.get(reason, GuardKind.MANY)
            stopped.append(Stopped(change.task.pk, kind, texts["old"], texts["new"]))
            verdicts.append(Verdict(change.task, reason, params, End.HELD))
        if verdicts:

            def stopping_prices(tx: apsw.Connection) -> None:
                guards.clear_prices(tx, shop, [each.pk for each in stopped])
                guards.stop(tx, shop, stopped, run_ms or now_ms, now_ms)

            await self.loop.settle(verdicts, stopping_prices)
        return passed

    # -- writing -------------------------------------------------------------------------------------------------------

    async def _send(self, changes: list[Change]) -> None:
        by_pk = {change.task.pk: change for change in changes}
        rows = [
            row_of(change.task, change.family, ShopProduct(kind=ProductKind.SIMPLE, price=change.wanted.price))
            for change in changes
        ]
        await deliver(self.loop, self._around.port, rows, partial(self._judge, by_pk))

    def _judge(
        self, changes: dict[int, Change], tx: apsw.Connection, row: Row, result: ProductResult, _written: Written
    ) -> Verdict:
        change = changes[row.write.pk]
        price = change.wanted.price
        if result.seen is None:
            if result.problem in (RowProblem.GONE, RowProblem.PARENT_GONE):
                return self._around.linker.lost(tx, self.loop, change.family, row.task)
            return Verdict(row.task, GoodsReason.SHOP_REFUSED, {"problem": result.problem}, End.HELD)
        if result.seen.regular != price.regular:
            # Something in the shop made another price of it: silence would let it be sold for that.
            return Verdict(row.task, GoodsReason.SHOP_REFUSED, {"problem": "price_not_kept"}, End.HELD)
        links.set_price(tx, self.loop.shop, row.write.pk, price)
        guards.clear(tx, self.loop.shop, (row.write.pk,))
        params = {"price": price_text(price), "old": price_text(change.old)}
        params |= by_rules(change.wanted.by)
        dropped = change.wanted.dropped_sale
        if dropped is not None:
            sale = {**params, "sale": format(dropped, "f")}
            return later(Verdict(row.task, Said.WRITTEN_WITHOUT_SALE, sale, written=True), change.due_ms)
        return later(Verdict(row.task, Said.WRITTEN, params, written=True), change.due_ms)


def is_settled(family: Family) -> bool:
    """Whether the shop surely has a price of ours: a first one is no change of a run."""
    return family.link is not None and family.link.price is not None and Facet.PRICE not in family.link.unsure


def has_price(family: Family, price: ShopPrice) -> bool:
    """Whether the shop surely has this price."""
    link = family.link
    return link is not None and link.price == price and Facet.PRICE not in link.unsure
