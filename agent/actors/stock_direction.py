"""The direction stock_to_shop of one shop: shows what may be sold, and writes only what has changed.

What is shown is decided from the newest state: Mamut's stock, what all shops have sold that it does not know of, and
the profile. Just before a batch the shop's newest sales are looked at. A sale that lands between that look and the
write is found by the next look, since its order is not surely younger than the write, and the figure is written again.

Before a batch is sent, what the shop is believed to show of its rows is given up, so that whatever becomes of the
request, or of us, the figures are written again unless the answer came.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from random import Random

import apsw
import msgspec
import trio

from agent.actors.bell import Bell
from agent.actors.goods_direction import LATE_S, End, GoodsLoop, Row, Verdict, by_rules
from agent.actors.linker import Linker
from agent.actors.sales_reader import SalesReader
from agent.actors.shelf import Fresh, Shelf
from agent.actors.stock_check import StockCheck
from agent.actors.times import to_s
from agent.decide.goods_rules import GoodsRules, Stocked, stocked
from agent.decide.products import Hold, Nothing
from agent.decide.stock import How, agrees, to_write
from agent.flows import DirectionName
from agent.journal import directions, links, passes, sales, stock_facts, tasks
from agent.journal.families import families
from agent.journal.journal import Journal
from agent.journal.tasks import Task
from agent.model.clock import Clock
from agent.model.goods import (
    ProductResult,
    ProductWrite,
    RowProblem,
    SeenProduct,
    ShopProduct,
    ShopStock,
    Written,
)
from agent.model.link import Link
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said
from agent.remote.ports import GoodsPort
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

TAKE = 2_000
"""Tasks that are decided at a time: enough to fill batches although most need no write."""

FRESH_S = 5.0
"""A run of batches begins with a look at the shop's sales that is no older."""

AGAIN_S = 15.0
"""Within a run the sales are looked at again when the last look is older: about every seventh batch of a real shop."""

GATHER_S = 10.0
"""So long does a change wait for others while Mamut's stock is being read, so that batches are full."""

REWRITE_S = 300.0
"""When a figure is written again that the shop did not show although it took it."""

COUNTS_S = 86_400.0
"""Whether the shop counts stock at all is asked once a day: a person changes that once in a shop's life."""

_HOWS = {
    How.BY_VARIANT: Said.STOCK_BY_VARIANTS,
    How.LEFT_ALONE: Said.STOCK_LEFT_ALONE,
    How.UNKNOWN: Said.STOCK_NOT_READ,
}


class Plan(Frozen, frozen=True):
    """What is to be written of one task."""

    task: Task
    link: Link
    stock: ShopStock


class StockDirection:
    """One shop's direction. `shops` are all whose sales count, `reader` is that of this one's sales, `shelf` knows the
    shop's terms, `linker` finds products for articles that have none. `progress` is called after each group of
    tasks."""

    def __init__(
        self,
        settings: ShopSettings,
        port: GoodsPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        reader: SalesReader,
        shelf: Shelf,
        linker: Linker,
        shops: tuple[str, ...],
        *,
        is_known: Callable[[], bool],
        progress: Callable[[], None],
        rules: GoodsRules | None = None,
    ) -> None:
        self._settings = settings
        self._rules = rules or GoodsRules(settings)
        self._port = port
        self._journal = journal
        self._reader = reader
        self._shops = shops
        self._linker = linker
        self._is_known = is_known
        self._terms = Fresh(shelf.terms, clock, COUNTS_S)
        self._shop_counts = True
        self._sent: dict[int, ShopStock] = {}
        self._was: dict[int, str] = {}
        self._by: dict[int, dict[str, str]] = {}
        self._noted = 0
        self._written_at = 0
        self._fresh_s = FRESH_S
        self._drifted: dict[int, tuple[str, str]] = {}
        self.loop = GoodsLoop(
            settings,
            DirectionName.STOCK_TO_SHOP,
            journal,
            clock,
            chance,
            self._work,
            is_known=self._is_ready,
            progress=progress,
            ready=self._has_gathered,
            take=TAKE,
        )
        self._check = StockCheck(
            self.loop.shop,
            port,
            journal,
            clock,
            chance,
            reader,
            may=lambda: self.loop.may_ask and self.loop.idle,
            drifted=self._note_drift,
            found=self.loop.bell.ring,
        )

    @property
    def bell(self) -> Bell:
        return self.loop.bell

    @property
    def idle(self) -> bool:
        """Whether nothing can be done now. While it waits to learn what other shops have sold, it is not."""
        waits = self._is_known() and bool(self._unread())
        return self.loop.idle and not (waits and self._has_due())

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        await self._tell_why_it_waits()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.loop.run)
            nursery.start_soon(self._check.run)

    def _note_drift(self, pk: int, seen: str, believed: str) -> None:
        """Kept in memory alone: the word is lost by a crash, the figure is not."""
        self._drifted[pk] = (seen, believed)

    # -- deciding ------------------------------------------------------------------------------------------------------

    def _is_ready(self) -> bool:
        """Until it is known what every shop has sold, whatever is shown might be too much."""
        return self._is_known() and not self._unread()

    def _unread(self) -> list[str]:
        return self._journal.view(lambda tx: sales.unread(tx, self._shops))

    def _has_due(self) -> bool:
        loop = self.loop
        return bool(self._journal.view(lambda tx: tasks.due(tx, loop.shop, loop.name, loop.now_ms, 1)))

    async def _tell_why_it_waits(self) -> None:
        unread = self._unread()
        if not unread:
            return
        loop, params = self.loop, {"shops": ", ".join(unread)}

        def telling(tx: apsw.Connection) -> None:
            directions.ran(tx, loop.shop, loop.name, loop.now_ms, Said.SALES_UNREAD, params)

        await self._journal.run(telling)

    async def _work(self, found: list[Task]) -> None:
        self._shop_counts = (await self._terms.get()).counts_stock
        await self._link(found)
        self._was.clear()
        self._by.clear()
        self._noted = self._reader.noted
        verdicts, plans = self._journal.view(lambda tx: self._decide(tx, found))
        await self.loop.settle(verdicts)
        self._fresh_s = FRESH_S
        by_parent: dict[int, list[Row]] = {}
        for plan in plans:
            by_parent.setdefault(plan.link.parent_id, []).append(Row(plan.task, _write(plan.link, plan.stock)))
        for parent_id, rows in by_parent.items():
            if not self.loop.may_work:
                return
            await self.loop.deliver(rows, partial(self._send, parent_id), self._judge)

    def _has_gathered(self, tx: apsw.Connection) -> bool:
        """While Mamut's stock is being read its changes come page by page; they go together."""
        if not passes.of(tx, passes.Part.STOCK).is_under_way:
            return True
        loop = self.loop
        oldest_ms = tasks.oldest(tx, loop.shop, loop.name, loop.now_ms)
        return oldest_ms is not None and loop.now_ms - oldest_ms >= GATHER_S * 1000

    async def _link(self, found: Sequence[Task]) -> None:
        """Looks for the products of articles that have none; what is not found has its verdict after this."""
        shop = self.loop.shop

        def missing(tx: apsw.Connection) -> list[Task]:
            linked = links.of(tx, shop, [task.pk for task in found])
            return [task for task in found if task.pk not in linked]

        due = self._journal.view(missing)
        if due:
            known = self._journal.view(lambda tx: families(tx, shop, [task.pk for task in due]))
            await self._linker.unlinked(self.loop, known, [task for task in due if task.pk in known])

    def _decide(self, tx: apsw.Connection, found: Sequence[Task]) -> tuple[list[Verdict], list[Plan]]:
        pks = [task.pk for task in found]
        known = links.of(tx, self.loop.shop, pks)
        wanted = self._wanted(tx, pks)
        verdicts: list[Verdict] = []
        plans: list[Plan] = []
        for task in found:
            link = known.get(task.pk)
            if task.pk not in wanted:
                verdicts.append(Verdict(task, Said.ARTICLE_GONE))
                continue
            if link is None:
                continue  # It has been looked for, and has its verdict.
            each = wanted[task.pk]
            if each.stop is not None:
                verdicts.append(_stopped(task, each.stop))
                continue
            write = to_write(each.stock, link.stock)
            if write is None:
                verdicts.append(Verdict(task, _HOWS.get(each.total.how, Said.UNCHANGED)))
            else:
                plans.append(Plan(task, link, write))
                self._was[task.pk] = _words(link.stock)
                self._by[task.pk] = by_rules(each.by)
        return verdicts, plans

    def _wanted(self, tx: apsw.Connection, pks: Sequence[int]) -> dict[int, Stocked]:
        profile, counts, rules = self._settings.stock, self._shop_counts, self._rules
        found = stock_facts.of(tx, pks, self._shops)
        return {pk: stocked(rules, facts, profile, shop_counts=counts) for pk, facts in found.items()}

    # -- writing -------------------------------------------------------------------------------------------------------

    async def _send(self, parent_id: int, writes: tuple[ProductWrite, ...]) -> Written:
        if self._reader.age_s > self._fresh_s:
            self.loop.asked(await self._reader.look())
        self._fresh_s = AGAIN_S
        if self._reader.noted != self._noted:
            writes = self._anew(writes)
        self._sent = {write.pk: write.product.stock for write in writes if write.product.stock is not None}
        shop, pks = self.loop.shop, tuple(self._sent)

        def giving_up_belief(tx: apsw.Connection) -> None:
            for pk in pks:
                links.set_stock(tx, shop, pk, None, None)

        await self._journal.run(giving_up_belief)
        try:
            if parent_id:
                written = await self._port.write_variations(parent_id, writes)
            else:
                written = await self._port.write_products(writes)
        except Trouble as trouble:
            if trouble.kind is not TroubleKind.UNSURE:
                raise
            # What was sent may still arrive, and would undo a newer figure: it is given the time to do so.
            wait_s = max(trouble.retry_after_s or 0.0, self._settings.reading.timeout_s + LATE_S)
            raise Trouble(
                trouble.kind,
                trouble.problem,
                detail=trouble.detail,
                fault=trouble.fault,
                retry_after_s=wait_s,
                params=trouble.params,
            ) from trouble
        self._written_at = _written_at(written)
        return written

    def _anew(self, writes: tuple[ProductWrite, ...]) -> tuple[ProductWrite, ...]:
        """The same rows with what is to be shown by now: sales have come in since they were decided."""
        wanted = self._journal.view(lambda tx: self._wanted(tx, [write.pk for write in writes]))

        def renewed(write: ProductWrite) -> ProductWrite:
            each = wanted.get(write.pk)
            stock = None if each is None else each.stock
            if stock is None:
                return write
            return msgspec.structs.replace(write, product=msgspec.structs.replace(write.product, stock=stock))

        return tuple(map(renewed, writes))

    def _judge(self, tx: apsw.Connection, row: Row, result: ProductResult, _written: Written) -> Verdict:
        task, sent = row.task, self._sent[row.task.pk]
        was, by = self._was.pop(task.pk, ""), self._by.pop(task.pk, {})
        if result.problem in (RowProblem.GONE, RowProblem.PARENT_GONE):
            family = families(tx, self.loop.shop, (task.pk,)).get(task.pk)
            if family is not None:
                return self._linker.lost(tx, self.loop, family, task)
        if result.problem:
            return Verdict(task, GoodsReason.SHOP_REFUSED, {"problem": result.problem}, End.HELD)
        seen = result.seen
        if seen is not None and not agrees(sent, managed=seen.managed, quantity=seen.stock_quantity):
            # Our word or another's: a sale may have landed meanwhile. What is shown now is not known.
            params = {"pieces": _words(sent), "seen": _seen_words(seen)}
            if any(now.stamp != task.stamp for now in tasks.of(tx, self.loop.shop, self.loop.name, (task.pk,))):
                return Verdict(task, Said.STOCK_NOT_AS_WRITTEN, params, written=True)  # It is due again already.
            due_ms = self.loop.now_ms + int(REWRITE_S * 1000)
            return Verdict(task, Said.STOCK_NOT_AS_WRITTEN, params, End.LATER, due_ms, written=True)
        links.set_stock(tx, self.loop.shop, task.pk, sent, self._written_at)
        drift = self._drifted.pop(task.pk, None)
        if drift is not None:
            params = {"pieces": _words(sent), "seen": drift[0], "was": drift[1]}
            return Verdict(task, Said.STOCK_PUT_RIGHT, params, written=True)
        return Verdict(task, Said.STOCK_WRITTEN, {"pieces": _words(sent), "was": was, **by}, written=True)


def _stopped(task: Task, stop: Nothing | Hold) -> Verdict:
    if isinstance(stop, Hold):
        return Verdict(task, stop.reason, stop.params, End.HELD)
    return Verdict(task, stop.code, stop.params)


def _write(link: Link, stock: ShopStock) -> ProductWrite:
    return ProductWrite(pk=link.pk, product_id=link.product_id, product=ShopProduct(kind=link.kind, stock=stock))


def _written_at(written: Written) -> int:
    """When the batch was surely written, in seconds of the shop's clock. What stands before a shop may have a clock of
    its own, and its word may be older than the products' own dates."""
    dates = [
        row.seen.modified_at for row in written.results if row.seen is not None and row.seen.modified_at is not None
    ]
    return to_s(max((written.answered_at, *dates)))


def _words(stock: ShopStock | None) -> str:
    """What is shown: pieces, or the word where nothing is counted; "?" where that is not known."""
    if stock is None:
        return "?"
    return str(stock.quantity) if stock.managed else stock.word.value


def _seen_words(seen: SeenProduct) -> str:
    return str(seen.stock_quantity) if seen.managed else seen.word
