"""Products of one governing shop as articles in Mamut: made, changed and tied, main articles before their variants.

Mamut is asked for every number in the session in which its article is then made, as it is for documents; so nothing is
made twice by two agents, and what an attempt of unknown outcome has made is found. The questions go in the background:
orders come first, so a group of writes is short.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from random import Random

import apsw
import msgspec

from agent.actors.article_results import Plan, Results, Written, refusal
from agent.actors.desk import Desk
from agent.actors.goods_direction import End, GoodsLoop, Verdict
from agent.actors.shelf import Fresh, Shelf
from agent.decide.article_fields import ArticleGround
from agent.decide.articles import Cards, Change, ItemFamily, Make, numbers_asked, wanted
from agent.decide.products import Hold, fold
from agent.decide.vat import percents_of
from agent.flows import DirectionName
from agent.journal import article_links, items, orders, records, tasks
from agent.journal.article_links import Bond
from agent.journal.items import key_of
from agent.journal.journal import Journal
from agent.journal.tasks import Task
from agent.model.clock import Clock
from agent.model.goods import ArticleCard, ProductKind, ShopCategory
from agent.model.mamut import Registers
from agent.model.reasons import Fault
from agent.model.said import Said
from agent.remote.ports import ItemsPort, MamutPort
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

NAME = DirectionName.PRODUCTS_TO_MAMUT

TAKE = 100
"""Products of one group: so many numbers are asked for in one question."""

WRITES = 10
"""Articles written in one turn at Mamut's desk: whoever has an order waits no longer than for so many."""

LOOKS_MAX = 3


class _Turn(msgspec.Struct, frozen=True):
    """What came of one turn at the desk. `trouble` ended it; `unsure` tells that the article after the last one written
    may have been written too."""

    written: list[Written]
    trouble: Trouble | None = None
    unsure: bool = False


class _Company(msgspec.Struct, frozen=True):
    currency: str = ""


class ArticleDirection:
    """One shop's. `governing` are the shops whose products become articles, this one among them, in their order.
    `ties` says that others write prices and stock to the products, so that each is tied for them, too."""

    def __init__(
        self,
        settings: ShopSettings,
        port: ItemsPort,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        shelf: Shelf,
        governing: Sequence[str],
        *,
        is_known: Callable[[], bool],
        progress: Callable[[], None],
        ties: bool,
    ) -> None:
        self._settings = settings
        self._desk = desk
        self._shelf = shelf
        self._governing = tuple(governing)
        self._registers: Fresh[Registers] = Fresh(self._ask_registers, clock)
        self._categories: Fresh[tuple[ShopCategory, ...]] = Fresh(port.categories, clock)
        self.loop = GoodsLoop(
            settings,
            NAME,
            journal,
            clock,
            chance,
            self._work,
            is_known=is_known,
            progress=progress,
            take=TAKE,
            told=(Said.ARTICLES_WRITTEN, Said.ARTICLE_UNCHANGED),
        )
        self._results = Results(self.loop, ties=ties)
        self._session = 0
        self._suspect = False

    def wake_only(self, wakes: Callable[[apsw.Connection, list[int]], list[int]]) -> None:
        """From now on only these of a product's variations are looked at because it has got its article."""
        self._results.wakes = wakes

    async def _ask_registers(self) -> Registers:
        return await self._desk.ask(lambda mamut: mamut.registers(), background=True)

    async def _work(self, due: list[Task]) -> None:
        """Main articles first; a variant whose main article is not there waits for it."""
        everything = self.loop.journal.view(lambda tx: self._with_mains(tx, due))
        found = self._families(everything)
        lost = [task for task in everything if key_of(task.pk) not in found]
        await self.loop.settle([Verdict(task, Said.PRODUCT_LEFT) for task in lost])
        ground = await self.ground()
        variants = [t for t in everything if t not in lost and _is_variant(found[key_of(t.pk)])]
        tops = [task for task in everything if task not in lost and task not in variants]
        await self._level(tops, ground)
        await self._level(variants, ground)

    def _with_mains(self, tx: apsw.Connection, due: list[Task]) -> list[Task]:
        """With the tasks of main products that are due beside, whose variants would have to wait otherwise."""
        families = items.families(tx, self.loop.shop, [key_of(task.pk) for task in due])
        there = {task.pk for task in due}
        mains = {key_of(each.item.parent_id) for each in families.values() if each.item.parent_id} - there
        now_ms = self.loop.now_ms
        more = [task for task in tasks.of(tx, self.loop.shop, NAME, sorted(mains)) if _is_due(task, now_ms)]
        return [*due, *more]

    def _families(self, wanted_for: Iterable[Task]) -> dict[int, ItemFamily]:
        ids = [key_of(task.pk) for task in wanted_for]
        return self.loop.journal.view(lambda tx: items.families(tx, self.loop.shop, ids))

    async def ground(self) -> ArticleGround:
        """What articles stand on now. Raises Trouble."""
        registers = await self._registers.get()
        settings = self._settings
        text = self.loop.journal.view(lambda tx: records.value(tx, records.MAMUT_COMPANY))
        currency = msgspec.json.decode(text, type=_Company).currency if text else ""
        return ArticleGround(
            flow=settings.flow,
            settings=settings.to_mamut,
            terms=await self._shelf.terms(),
            percents=percents_of(registers),
            domestic=frozenset(code.id for code in registers.vat_codes if code.kind == "domestic"),
            home=settings.vat.domestic,
            zero=settings.vat.zero,
            currency=currency,
            paths=_paths(await self._categories.get()) if settings.to_mamut.groups else {},
        )

    # -- one level -----------------------------------------------------------------------------------------------------

    async def _level(self, due: list[Task], ground: ArticleGround) -> None:
        """Products that do not depend on each other. Raises Trouble; tasks without a verdict stay due."""
        if not due or not self.loop.may_work:
            return
        found = self._families(due)
        cards = await self._look({number for each in found.values() for number in numbers_asked(each, ground)})
        bonds = self.loop.journal.view(
            lambda tx: article_links.bonds(tx, {card.pk for same in cards.values() for card in same})
        )
        plans: list[Plan] = []
        left: list[int] = []
        verdicts: list[Verdict] = []
        for task in due:
            family = self.placed(found[key_of(task.pk)], ground, cards, bonds)
            decision = wanted(family, ground, cards)
            if isinstance(decision, Make | Change):
                plans.append(Plan(task, family, decision))
            elif isinstance(decision, Hold):
                verdicts.append(Verdict(task, decision.reason, decision.params, End.HELD))
            else:
                verdicts.append(Verdict(task, decision.code, decision.params))
                if family.gone:
                    left.append(family.item.product_id)
        quiet = [plan for plan in plans if not plan.writes]

        def settling_articles(tx: apsw.Connection) -> list[Verdict]:
            for product_id in left:
                items.forget(tx, self.loop.shop, product_id)
            return [*verdicts, *(self._results.stands(tx, plan, None) for plan in quiet)]

        await self.loop.settle_by(settling_articles)
        await self._write([plan for plan in plans if plan.writes])

    def placed(
        self, family: ItemFamily, ground: ArticleGround, cards: Cards, bonds: Mapping[int, list[Bond]]
    ) -> ItemFamily:
        """With who else is tied to the article that this product is, or is to be."""
        pks = {card.pk for number in numbers_asked(family, ground)[-1:] for card in cards.get(fold(number), ())}
        pks = {family.link.pk} if family.link is not None else pks
        others = [bond for pk in pks for bond in bonds.get(pk, ())]
        holder, governor = 0, ""
        for bond in others:
            if bond.shop == self.loop.shop and bond.product_id != family.item.product_id and not bond.gone:
                holder = holder or bond.product_id
            elif bond.shop == self.loop.shop and bond.product_id == family.item.product_id:
                break  # Those that come after this one have been tied to the article later.
            elif bond.shop in self._governing and bond.shop != self.loop.shop and not bond.gone:
                governor = governor or bond.shop
        return msgspec.structs.replace(family, holder=holder, governor=governor)

    async def _look(self, numbers: set[str]) -> dict[str, tuple[ArticleCard, ...]]:
        """What Mamut has under these numbers, all of it in one session. A call whose outcome is unknown can no longer
        take effect then."""
        asked = tuple(sorted(numbers))
        if not asked and not self._suspect:
            return {}

        async def question(port: MamutPort) -> tuple[tuple[ArticleCard, ...], int]:
            if self._suspect:
                await port.fence()
                self._suspect = False
            for _ in range(LOOKS_MAX):
                session = port.sessions
                found = await port.find_articles(asked)
                if port.sessions == session:
                    return found, session
            raise _taken()

        self.loop.asked()
        found, self._session = await self._desk.ask(question, background=True)
        cards: dict[str, list[ArticleCard]] = {}
        for card in found:
            cards.setdefault(fold(card.product_no), []).append(card)
        return {number: tuple(same) for number, same in cards.items()}

    # -- writing -------------------------------------------------------------------------------------------------------

    async def _write(self, plans: Sequence[Plan]) -> None:
        for start in range(0, len(plans), WRITES):
            if not self.loop.may_work:
                return
            part = plans[start : start + WRITES]
            making = [plan.task for plan in part if isinstance(plan.decision, Make)]
            if making:
                # Whatever happens now, the next attempt knows that it may have been made.
                due_ms = self.loop.now_ms

                def about_to_make(tx: apsw.Connection, making: list[Task] = making, due_ms: int = due_ms) -> None:
                    tasks.mark_unsure(tx, making, due_ms)

                await self.loop.journal.run(about_to_make)
            self.loop.asked(len(part))
            turn = await self._desk.ask(self._turn(part), background=True)
            await self._keep(part, turn)
            if turn.trouble is not None:
                raise turn.trouble

    def _turn(self, part: Sequence[Plan]) -> Callable[[MamutPort], Awaitable[_Turn]]:
        """Writes one after the other, as long as the session is the one in which they were looked up."""

        async def turn(port: MamutPort) -> _Turn:
            written: list[Written] = []
            for plan in part:
                if port.sessions != self._session:
                    return _Turn(written, _taken())
                try:
                    written.append(Written(plan, await _one(port, plan)))
                except Trouble as trouble:
                    if trouble.kind is TroubleKind.REFUSED:
                        written.append(refusal(plan, trouble))
                        continue
                    unsure = trouble.kind is not TroubleKind.NOT_NOW
                    self._suspect = self._suspect or unsure
                    return _Turn(written, trouble, unsure=unsure)
            return _Turn(written)

        return turn

    async def _keep(self, part: Sequence[Plan], turn: _Turn) -> None:
        """What was written, in one step; what was not even tried is as sure as it was before."""
        tried = len(turn.written) + turn.unsure
        untried = [plan.task for plan in part[tried:] if isinstance(plan.decision, Make) and not plan.task.unsure]

        def keeping_articles(tx: apsw.Connection) -> list[Verdict]:
            for task in untried:
                tasks.delay(tx, task, self.loop.now_ms, unsure=False, attempt=False)
            if any(written.card is not None and isinstance(written.plan.decision, Make) for written in turn.written):
                orders.want_reading_of_unknown_articles(tx, self.loop.shop)
            return [self._results.judge(tx, written) for written in turn.written]

        await self.loop.settle_by(keeping_articles)


async def _one(port: MamutPort, plan: Plan) -> ArticleCard:
    decision = plan.decision
    if isinstance(decision, Make):
        return await port.make_article(decision.fields)
    return await port.change_article(decision.card.product_no, decision.fields)


def _is_variant(family: ItemFamily) -> bool:
    return family.item.kind is ProductKind.VARIATION


def _is_due(task: Task, now_ms: int) -> bool:
    return task.due_ms is not None and task.due_ms <= now_ms


def _taken() -> Trouble:
    return Trouble(TroubleKind.NOT_NOW, "session_replaced", fault=Fault.MAMUT_SESSION_TAKEN)


def _paths(categories: tuple[ShopCategory, ...]) -> dict[int, tuple[str, ...]]:
    """Each category by its folded names from the outermost on."""
    rows = {row.category_id: row for row in categories}
    found: dict[int, tuple[str, ...]] = {}
    for row in categories:
        path, above = [fold(row.name)], row.parent_id
        while above in rows and len(path) <= len(rows):
            path.append(fold(rows[above].name))
            above = rows[above].parent_id
        found[row.category_id] = tuple(reversed(path))
    return found
