"""Articles of Mamut as products of one shop: made, changed and linked, in the order in which they depend on each other.

Simple products and main products go first, in batches of 100; then the variants of each main product in one batch. What
is made carries its price and its stock at once. Creates of a shop are serial, and each is marked as unsure before it is
sent, so that one whose answer was lost is looked for before it is made again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from random import Random

import apsw
import msgspec

from agent.actors.desk import Desk
from agent.actors.goods_direction import ROWS_MAX, End, GoodsLoop, Judge, Row, Send, Verdict
from agent.actors.linker import Linker
from agent.actors.product_results import Plan, Results
from agent.actors.shelf import Fresh, Shelf
from agent.decide.goods_rules import GoodsRules
from agent.decide.matching import Adopt
from agent.decide.products import (
    Family,
    Hold,
    Nothing,
    ProductGround,
    Write,
    category_path,
    is_live,
    wanted,
)
from agent.decide.vat import percents_of
from agent.flows import DirectionName
from agent.journal import links, passes, register, tasks
from agent.journal.families import families, twice
from agent.journal.journal import Journal
from agent.journal.passes import Part
from agent.journal.tasks import Task
from agent.model.clock import Clock
from agent.model.goods import ArticleCard, ProductKind, ProductWrite, ShopPrice, ShopStock
from agent.model.ids import ShopKey
from agent.model.link import Facet
from agent.model.said import GoodsReason, Said
from agent.remote.ports import GoodsPort
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import Keep, MissingCategory

NAME = DirectionName.PRODUCTS_TO_SHOP

PASS_WAIT_MS = 600_000
"""The longest that changes wait for the reading that showed them to come to its end."""

TAKE = 1_000
"""Articles of one group: what can be sent together is found among so many."""

Facets = Callable[[apsw.Connection, ShopKey, ArticleCard], tuple[ShopPrice | None, ShopStock | None]]
"""What a product that is made costs and shows in stock at once; None where that is not for us to say, or not yet."""


def no_facets(_tx: apsw.Connection, _shop: ShopKey, _card: ArticleCard) -> tuple[ShopPrice | None, ShopStock | None]:
    return None, None


def parts_read(tx: apsw.Connection, parts: Iterable[Part], now_ms: int) -> bool:
    """Whether these parts of the register have been read whole, and none is being read just now: what is made before
    would have to be changed at once, and be sent in more requests than it needs."""
    for part in parts:
        reading = passes.of(tx, part)
        if not reading.whole_ms:
            return False
        if reading.is_under_way and now_ms - reading.began_ms < PASS_WAIT_MS:
            return False
    return True


class ProductDirection:
    """One shop's. `parts` are those of the register that must have been read; `linked` is called when products have
    been linked, for those who write prices and stock to them."""

    def __init__(
        self,
        settings: ShopSettings,
        port: GoodsPort,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        shelf: Shelf,
        linker: Linker,
        *,
        is_known: Callable[[], bool],
        progress: Callable[[], None],
        linked: Callable[[], None],
        parts: tuple[Part, ...] = (Part.ARTICLES,),
        facets: Facets = no_facets,
        rules: GoodsRules | None = None,
    ) -> None:
        self._settings = settings
        self._rules = rules or GoodsRules(settings)
        self._port = port
        self._shelf = shelf
        self._linker = linker
        self._linked = linked
        self._facets = facets
        self._registers = Fresh(lambda: desk.ask(lambda mamut: mamut.registers(), background=True), clock)
        self.loop = GoodsLoop(
            settings,
            NAME,
            journal,
            clock,
            chance,
            self._work,
            is_known=is_known,
            progress=progress,
            ready=lambda tx: parts_read(tx, parts, self.loop.now_ms),
            facet=Facet.PRODUCT,
            take=TAKE,
        )
        self._results = Results(self.loop, linker)
        self._more_to_come = False

    async def _work(self, due: list[Task]) -> None:
        self._more_to_come = len(due) == TAKE
        everything = self.loop.journal.view(lambda tx: self._with_kin(tx, due))
        found = self.loop.journal.view(lambda tx: families(tx, self.loop.shop, [task.pk for task in everything]))
        gone = [task for task in everything if task.pk not in found]
        await self.loop.settle([Verdict(task, Said.ARTICLE_GONE) for task in gone])
        tops = [task for task in everything if task.pk in found and found[task.pk].card.variant is None]
        variants = [task for task in everything if task.pk in found and found[task.pk].card.variant is not None]
        await self._level(tops)
        await self._level(variants)
        if self._results.freed:
            await self.loop.journal.run(self._retry_taken)
            self._results.freed = False
        self._linked()

    def _retry_taken(self, tx: apsw.Connection) -> None:
        """Articles that wait for a number which another product had may have it now."""
        tasks.release(tx, self.loop.shop, NAME, self.loop.now_ms, code=GoodsReason.SKU_TAKEN)

    def _with_kin(self, tx: apsw.Connection, due: list[Task]) -> list[Task]:
        """These tasks, with those that are due of their variants and main products: a product's variations are to be
        one request."""
        known = {task.pk for task in due}
        kin = register.family(tx, known)
        kin |= register.family(tx, kin)
        more = tasks.of(tx, self.loop.shop, NAME, kin - known)
        now_ms = self.loop.now_ms
        return [*due, *(task for task in more if task.due_ms is not None and task.due_ms <= now_ms)]

    async def _level(self, due: list[Task]) -> None:
        """Articles that do not depend on each other."""
        if not due or not self.loop.may_work:
            return
        due = await self._told_apart(due)
        stopped = await self._look_up(due)
        due = [task for task in due if task.pk not in stopped]
        found = self._families(due)
        read = {pk: self._rules.family(family) for pk, family in found.items()}
        ground = await self._ground([each.record for each in read.values()])
        plans: dict[int, Plan] = {}
        verdicts: list[Verdict] = []
        for task in due:
            family = found[task.pk]
            decision = read[task.pk].stop or wanted(read[task.pk].record, ground)
            if isinstance(decision, Write):
                by = (*read[task.pk].by, *decision.by)
                plans[task.pk] = self._plan(task, family, msgspec.structs.replace(decision, by=by))
            elif isinstance(decision, Nothing):
                code = Said.ADOPTED if task.pk in self._results.adopted else decision.code
                self._results.adopted.discard(task.pk)
                verdicts.append(Verdict(task, code, decision.params))
            else:
                verdicts.append(Verdict(task, decision.reason, decision.params, End.HELD))
        plans = await self._with_standing(plans)
        await self.loop.settle(verdicts)
        await self._send(plans)

    def _families(self, due: list[Task]) -> dict[int, Family]:
        return self.loop.journal.view(lambda tx: families(tx, self.loop.shop, [task.pk for task in due]))

    async def _told_apart(self, due: list[Task]) -> list[Task]:
        """Holds those whose number stands twice in Mamut: the shop can have only one, and nobody knows which."""
        found = self._families(due)
        numbers = {family.card.product_no for family in found.values()}
        double = self.loop.journal.view(lambda tx: twice(tx, numbers))
        verdicts: list[Verdict] = []
        left: list[Task] = []
        for task in due:
            pks = double.get(found[task.pk].card.product_no, ())
            if task.pk in pks:
                params = {"number": found[task.pk].card.product_no, "pks": ", ".join(map(str, pks))}
                verdicts.append(Verdict(task, GoodsReason.NUMBER_TWICE_IN_MAMUT, params, End.HELD))
            else:
                left.append(task)
        await self.loop.settle(verdicts)
        return left

    # -- what the shop has already -------------------------------------------------------------------------------------

    async def _look_up(self, due: list[Task]) -> set[int]:
        """Looks for what has no product, or has lost it, and links what is found. Gives those whose task has ended."""
        found = self._families(due)
        lost = self._results.gone & set(found)
        unlinked = {pk for pk, family in found.items() if family.link is None}
        unsure = {task.pk for task in due if task.unsure}
        look = {pk for pk in unlinked if pk in unsure} | lost
        if unlinked - look and not await self._is_all_ours():
            look |= unlinked
        if not look:
            return set()
        matched = await self._linker.find(self.loop, {pk: found[pk] for pk in look}, relink=frozenset(lost))
        verdicts: list[Verdict] = []
        adopted: list[tuple[Family, Adopt]] = []
        forgotten: list[int] = []
        for task in due:
            family = found[task.pk]
            match matched.get(task.pk):
                case Adopt() as adopt:
                    adopted.append((family, adopt))
                case Hold() as hold:
                    verdicts.append(Verdict(task, hold.reason, hold.params, End.HELD))
                case None if task.pk in lost and family.link is not None:
                    if family.link.made:
                        forgotten.append(task.pk)
                    else:
                        params = {"product_id": str(family.link.product_id)}
                        verdicts.append(Verdict(task, GoodsReason.PRODUCT_GONE, params, End.HELD))
                case None:
                    pass

        def linking(tx: apsw.Connection) -> None:
            for family, adopt in adopted:
                self._linker.adopt(tx, self.loop, family, adopt.seen)
            for pk in forgotten:
                links.drop(tx, self.loop.shop, pk)

        await self.loop.settle(verdicts, linking)
        self._results.looked_up(lost, forgotten)
        self._results.adopted |= {family.card.pk for family, _adopt in adopted}
        return {verdict.task.pk for verdict in verdicts}

    async def _is_all_ours(self) -> bool:
        """Whether the shop has no products but those that are linked, so that there is nothing to be found. An article
        number that somebody has put there since is met when it is refused."""
        linked = self.loop.journal.view(
            lambda tx: tx.execute(
                "SELECT count(*) FROM links WHERE shop = ? AND parent_id = 0", (self.loop.shop,)
            ).fetchone()
        )
        return await self._shelf.products() <= int(linked[0] if linked else 0)

    # -- what is to be -------------------------------------------------------------------------------------------------

    async def _ground(self, found: list[Family]) -> ProductGround:
        settings = self._settings.products
        registers = await self._registers.get()
        groups = {row.id: row.name for row in registers.product_groups}
        subgroups = {row.id: row.name for row in registers.product_subgroups}
        paths = {
            category_path(family.card, settings, groups, subgroups)
            for family in found
            if (family.link is None and is_live(family.card)) or settings.categories is Keep.ALWAYS
        }
        make = settings.missing_category is MissingCategory.CREATE
        has_choices = any(family.card.properties or family.card.variant for family in found)
        return ProductGround(
            settings=settings,
            terms=await self._shelf.terms(),
            percents=percents_of(registers),
            groups=groups,
            subgroups=subgroups,
            categories=await self._shelf.categories(paths - {()}, make=make),
            attributes=await self._shelf.attributes() if has_choices else {},
            shape=self._rules.product,
        )

    def _plan(self, task: Task, family: Family, decision: Write) -> Plan:
        """With price and stock where the product is to be made. A variable product costs what its variations do."""
        product = decision.product
        if not decision.product_id:
            price, stock = self.loop.journal.view(lambda tx: self._facets(tx, self.loop.shop, family.card))
            price = None if product.kind is ProductKind.VARIABLE else price
            product = msgspec.structs.replace(product, price=price, stock=stock)
        if task.pk in self._results.without_gtin:
            product = msgspec.structs.replace(product, gtin=None)
        return Plan(task, family, msgspec.structs.replace(decision, product=product))

    async def _with_standing(self, plans: dict[int, Plan]) -> dict[int, Plan]:
        """Attributes that are written take the place of all that a product has, so those are read first; so are those
        of a main product that others made, for its variations to have the same."""
        changing = [plan for plan in plans.values() if plan.write.product.choices and plan.standing]
        return {**plans, **await self._results.with_standing(self._port, changing)} if changing else plans

    # -- sending -------------------------------------------------------------------------------------------------------

    async def _send(self, plans: dict[int, Plan]) -> None:
        tops: list[Row] = []
        variations: dict[int, list[Row]] = {}
        for pk, plan in plans.items():
            row = Row(plan.task, ProductWrite(pk=pk, product_id=plan.write.product_id, product=plan.write.product))
            if plan.family.main_link is not None and plan.family.card.variant is not None:
                variations.setdefault(plan.family.main_link.product_id, []).append(row)
            else:
                tops.append(row)
        judge: Judge = partial(self._results.judge, plans)
        if self._more_to_come and len(tops) > ROWS_MAX:
            # What would go in a batch that is not full goes with the next group.
            tops = tops[: len(tops) // ROWS_MAX * ROWS_MAX]
        await self.loop.deliver(tops, self._port.write_products, judge)
        for parent_id, rows in variations.items():
            send: Send = partial(self._port.write_variations, parent_id)
            await self.loop.deliver(rows, send, judge)
