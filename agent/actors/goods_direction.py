"""What the directions of goods have in common: products, prices and stock of one shop, each in a loop of its own.

The loop waits until tasks are due, hands them to its direction in groups, sends what the direction wants written in
batches, and commits what came of each batch in one step: links, what is said, tasks, and the direction's row. A crash
anywhere leaves tasks, and a task says only "look at this article".

A batch that fails as a whole is not tried again as it was: each failure halves the company that its rows go in
(`tasks.attempts`), so that after a few one row that the shop cannot take is alone, and is held alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import timedelta
from enum import StrEnum
from random import Random

import apsw
import msgspec

from agent.actors.batch_size import BatchSize
from agent.actors.bell import Bell
from agent.actors.health import Health
from agent.actors.times import to_ms
from agent.actors.turns import Turn
from agent.flows import DirectionName
from agent.journal import directions, links, records, tasks
from agent.journal.journal import Journal
from agent.journal.tasks import Task
from agent.model.clock import Clock
from agent.model.goods import ProductResult, ProductWrite, Written
from agent.model.ids import ShopKey
from agent.model.link import Facet
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said
from agent.remote.retry import PAUSE_FAULTS, delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

ROWS_MAX = 100
"""Rows of one batch: WooCommerce refuses more (products_batch[16])."""

LOOK_S = 60.0
"""The longest sleep: whoever puts a task rings."""

READY_S = 5.0
"""How long until it is asked again whether what is to be done may begin."""

ALONE_AFTER = 7
"""Failures of a batch after which a row goes alone: 100 halved so often is less than one."""

FAILS_MAX = ALONE_AFTER + 5
"""So many failures, the last ones alone while others went through or after long waits, and the article is held."""

SOON_S = 300.0
"""A turn by a schedule waits so long for what belongs to it, such as variants that come after their product."""

LATE_S = 5.0
"""Seconds beyond our own patience in which a request that we gave up may still take effect."""


class End(StrEnum):
    """What becomes of a task."""

    DONE = "done"
    LATER = "later"
    HELD = "held"


class Verdict(Frozen, frozen=True):
    """What came of one task: `code` and `params` are said of the article. `due_ms` and `unsure` (look for the product
    before making it) belong to LATER. `written` is true where the shop was changed."""

    task: Task
    code: str
    params: dict[str, str] = {}
    end: End = End.DONE
    due_ms: int = 0
    written: bool = False
    unsure: bool = False


def by_rules(names: Iterable[str]) -> dict[str, str]:
    """The params that say which rules, mappings and plugins had a hand in what was written."""
    joined = ", ".join(dict.fromkeys(names))
    return {"rules": joined} if joined else {}


class Row(Frozen, frozen=True):
    """One row of a batch, with the task that it fulfils."""

    task: Task
    write: ProductWrite


Send = Callable[[tuple[ProductWrite, ...]], Awaitable[Written]]
Judge = Callable[[apsw.Connection, Row, ProductResult, Written], Verdict]
"""Within the step that commits a batch: keeps what came of a row in `links`, and says what becomes of its task."""

Work = Callable[[list[Task]], Awaitable[None]]
"""What a direction does with due tasks. Each gets a verdict by `settle` or `deliver`, or Trouble is raised; tasks
without a verdict stay due."""


class GoodsLoop:
    """One direction's loop for one shop. Rung when tasks are put; calls `progress` after each group. While `ready` is
    false due tasks wait, for a reading of the register to end. `facet` is what is marked as unsure in the links of rows
    before they are sent; `told` what is said of the direction when it has written, and when not."""

    def __init__(
        self,
        settings: ShopSettings,
        name: DirectionName,
        journal: Journal,
        clock: Clock,
        chance: Random,
        work: Work,
        *,
        is_known: Callable[[], bool],
        progress: Callable[[], None],
        ready: Callable[[apsw.Connection], bool] | None = None,
        facet: Facet | None = None,
        take: int = 500,
        told: tuple[Said, Said] = (Said.WRITTEN, Said.UNCHANGED),
    ) -> None:
        self.bell = Bell()
        self.turn = Turn(ShopKey(settings.key), name, None, journal, clock)
        """When it may work; the app gives it the one that its schedule makes."""
        self.heeds_pause = True
        """A plan that a person has the agent apply goes on while the direction is paused."""
        self.size = BatchSize(ROWS_MAX)
        self.shop = ShopKey(settings.key)
        self.name = name
        self.journal = journal
        self.clock = clock
        self._chance = chance
        self._work = work
        self._is_known = is_known
        self._progress = progress
        self._ready = ready
        self._facet = facet
        self._take = take
        self._told = told
        self._unsure_s = settings.reading.timeout_s + LATE_S
        self._health = Health(f"{name}/{settings.key}", journal, clock)
        self._failures = 0
        self._resume_ms = 0
        self._asked = 0
        self._settled = 0
        self._busy = False

    @property
    def now_ms(self) -> int:
        return to_ms(self.clock())

    @property
    def idle(self) -> bool:
        """Whether nothing can be done now: nothing due and nothing unsure, or nobody may work. A row that the shop
        fails on again and again is not waited for."""
        if self._busy:
            return False

        def look(tx: apsw.Connection) -> bool:
            if not self._may(tx):
                return not (self.turn.due and self._is_free(tx))
            return not self._has_work(tx)

        return self.journal.view(look)

    @property
    def may_work(self) -> bool:
        """Whether the shop is known, not frozen, nobody has paused the direction, and its schedule lets it."""
        return self.journal.view(self._may)

    @property
    def may_ask(self) -> bool:
        """The same between two turns: whether the shop may be asked something, if not written to."""
        return not self.turn.quiet and self.journal.view(self._is_free)

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        self._busy = False
        while True:
            await self.turn.begin()
            wait_s = self._wait_s()
            if wait_s > 0:
                if self.turn.has_times and self._is_through():
                    await self.turn.end()
                    wait_s = self._wait_s()
                if self._resume_ms <= self.now_ms:
                    await self._health.good("waiting")
                await self.bell.wait(wait_s)
                continue
            self._busy = True
            try:
                await self._group()
            finally:
                self._busy = False
            self._progress()

    # -- for the direction -----------------------------------------------------------------------------------------

    def asked(self, requests: int = 1) -> None:
        """Counts requests that the direction has sent by itself."""
        self._asked += requests

    async def settle(self, verdicts: Sequence[Verdict], keep: Callable[[apsw.Connection], None] | None = None) -> None:
        """Commits what became of tasks for which nothing is sent; `keep` is run in the same step, before."""
        if not verdicts and keep is None:
            return

        def settling(tx: apsw.Connection) -> None:
            if keep is not None:
                keep(tx)
            self._end(tx, verdicts)

        await self.journal.run(settling)
        self._settled += len(verdicts)

    async def settle_by(self, judging: Callable[[apsw.Connection], Sequence[Verdict]]) -> None:
        """Commits verdicts that are found within the step that keeps what they are about."""

        def settling_judged(tx: apsw.Connection) -> int:
            verdicts = judging(tx)
            if verdicts:
                self._end(tx, verdicts)
            return len(verdicts)

        settled = await self.journal.run(settling_judged)
        if settled:
            self._failures = 0  # Whatever comes next, it has got on.
        self._settled += settled

    async def deliver(self, rows: Sequence[Row], send: Send, judge: Judge) -> None:
        """Sends rows in batches, each committed with what came of it. Raises Trouble when the shop cannot take more
        now; rows without a verdict stay due. Stops early, too, when the direction may not work any more."""
        left = sorted(rows, key=lambda row: row.task.attempts)
        while left and self.may_work:
            company = min(self.size.now, max(1, ROWS_MAX >> left[0].task.attempts))
            batch, left = left[:company], left[company:]
            if len(batch) > 1 and batch[-1].task.attempts != batch[0].task.attempts:
                alike = [row for row in batch if row.task.attempts == batch[0].task.attempts]
                batch, left = alike, [*batch[len(alike) :], *left]
            left = [*await self._batch(batch, send, judge), *left]

    # -- the loop ---------------------------------------------------------------------------------------------------

    def _may(self, tx: apsw.Connection) -> bool:
        return self.turn.may and self._is_free(tx)

    def _has_work(self, tx: apsw.Connection) -> bool:
        if tasks.due(tx, self.shop, self.name, self.now_ms, 1):
            return True
        return tasks.has_unsure(tx, self.shop, self.name, ALONE_AFTER)

    def _is_through(self) -> bool:
        """Whether all that belongs to this turn is done."""

        def look(tx: apsw.Connection) -> bool:
            if not self._may(tx) or self._has_work(tx):
                return False
            soon_ms = to_ms(self.clock() + timedelta(seconds=SOON_S))
            return not tasks.has_soon(tx, self.shop, self.name, self.turn.began_ms, soon_ms)

        return self.journal.view(look)

    def _is_free(self, tx: apsw.Connection) -> bool:
        if not self._is_known() or records.is_frozen(tx, self.shop):
            return False
        return not (self.heeds_pause and directions.get(tx, self.shop, self.name).paused)

    def _wait_s(self) -> float:
        def look(tx: apsw.Connection) -> float:
            if not self._may(tx):
                return min(LOOK_S, self.turn.wait_s)
            next_ms = tasks.next_due(tx, self.shop, self.name)
            if next_ms is None:
                return LOOK_S
            if next_ms <= self.now_ms and self._ready is not None and not self._ready(tx):
                return READY_S
            wait_ms = max(next_ms, self._resume_ms) - self.now_ms
            return min(LOOK_S, wait_ms / 1000) if wait_ms > 0 else 0.0

        return self.journal.view(look)

    async def _group(self) -> None:
        found = self.journal.view(lambda tx: tasks.due(tx, self.shop, self.name, self.now_ms, self._take))
        self._settled = 0
        try:
            await self._work(found)
        except Trouble as trouble:
            await self._pause(trouble)
            return
        if found and not self._settled and self.may_work:
            raise RuntimeError(f"{self.name} gave no task a verdict")
        self._failures = 0
        await self._health.good()

    async def _pause(self, trouble: Trouble) -> None:
        """The shop does not serve us now. Tasks stay due; nobody asks before the time has come."""
        self._failures += 1
        step = pause_s if trouble.fault in PAUSE_FAULTS or trouble.kind is TroubleKind.REFUSED else delay_s
        wait_s = step(self._failures, self._chance, trouble.retry_after_s)
        self._resume_ms = to_ms(self.clock() + timedelta(seconds=wait_s))
        await self._health.paused(trouble, wait_s)

    # -- one batch ---------------------------------------------------------------------------------------------------

    async def _batch(self, batch: list[Row], send: Send, judge: Judge) -> list[Row]:
        """Gives back rows that are to be tried again at once, in smaller company."""
        making = [row.task for row in batch if not row.write.product_id]
        changing = [row.write.pk for row in batch if row.write.product_id]
        facet = self._facet
        if making or facet is not None:
            due_ms = to_ms(self.clock() + timedelta(seconds=self._unsure_s))

            def about_to_send(tx: apsw.Connection) -> None:
                tasks.mark_unsure(tx, making, due_ms)
                if facet is not None:
                    links.about_to_write(tx, self.shop, changing, facet)

            await self.journal.run(about_to_send)
        self._asked += 1
        try:
            written = await send(tuple(row.write for row in batch))
        except Trouble as trouble:
            return await self._failed(batch, trouble)
        self.size.worked(written.took_s)
        self._failures = 0

        def keeping_batch(tx: apsw.Connection) -> None:
            verdicts = [judge(tx, row, result, written) for row, result in zip(batch, written.results, strict=True)]
            self._end(tx, verdicts)

        await self.journal.run(keeping_batch)
        self._settled += len(batch)
        return []

    async def _failed(self, batch: list[Row], trouble: Trouble) -> list[Row]:
        """What is to be done with a batch that failed as a whole; raises when the connection is to rest."""
        self.size.failed(trouble)
        if trouble.kind is TroubleKind.NOT_NOW or trouble.fault is not None:
            await self.journal.run(self._untouched(batch, trouble))
            raise trouble
        if len(batch) == 1:
            await self._alone(batch[0], trouble)
            if trouble.kind is TroubleKind.REFUSED:
                return []
            raise trouble
        due_ms = {True: to_ms(self.clock() + timedelta(seconds=self._unsure_s)), False: self.now_ms}
        refused = trouble.kind is TroubleKind.REFUSED

        def splitting(tx: apsw.Connection) -> None:
            for row in batch:
                unsure = not refused and not row.write.product_id
                tasks.delay(tx, row.task, due_ms[unsure], unsure=unsure)

        await self.journal.run(splitting)
        if not refused:
            raise trouble
        # Nothing was done: the same rows go on in smaller company, without a pause.
        self._settled += 1
        return [_tried(row) for row in batch]

    def _untouched(self, batch: list[Row], trouble: Trouble) -> Callable[[apsw.Connection], None]:
        """What was not even tried is as it was; what may have been made is looked for when it can no longer come."""
        unsure = trouble.kind in (TroubleKind.UNSURE, TroubleKind.GARBLED)
        now_ms = self.now_ms
        late_ms = to_ms(self.clock() + timedelta(seconds=self._unsure_s))

        def stepping_back(tx: apsw.Connection) -> None:
            for row in batch:
                may_be = unsure and not row.write.product_id
                tasks.delay(tx, row.task, late_ms if may_be else now_ms, unsure=may_be, attempt=False)

        return stepping_back

    async def _alone(self, row: Row, trouble: Trouble) -> None:
        """One row alone that the shop refuses, or fails on."""
        params = {"problem": trouble.problem}
        if trouble.kind is TroubleKind.REFUSED:
            await self.settle([Verdict(row.task, GoodsReason.SHOP_REFUSED, params, End.HELD)])
            return
        attempts = row.task.attempts + 1
        if attempts >= FAILS_MAX:
            await self.settle([Verdict(row.task, GoodsReason.SHOP_FAILS, params, End.HELD)])
            return
        wait_s = delay_s(max(1, attempts - ALONE_AFTER + 2), self._chance)
        if not row.write.product_id:
            wait_s = max(wait_s, self._unsure_s)
        due_ms = to_ms(self.clock() + timedelta(seconds=wait_s))

        def waiting_alone(tx: apsw.Connection) -> None:
            tasks.delay(tx, row.task, due_ms, unsure=not row.write.product_id)

        await self.journal.run(waiting_alone)

    def _end(self, tx: apsw.Connection, verdicts: Iterable[Verdict]) -> None:
        """Ends tasks, says why, and keeps the direction's row. Part of a step."""
        now_ms, written, held = self.now_ms, 0, 0
        done: list[Task] = []
        for verdict in verdicts:
            tasks.say(tx, self.shop, self.name, verdict.task.pk, now_ms, verdict.code, verdict.params)
            written += verdict.written
            if verdict.end is End.DONE:
                done.append(verdict.task)
            elif verdict.end is End.HELD:
                held += 1
                tasks.hold(tx, verdict.task, now_ms, verdict.code, verdict.params)
            else:
                tasks.delay(tx, verdict.task, verdict.due_ms, unsure=verdict.unsure, attempt=False)
        tasks.done(tx, done, now_ms)
        code = self._told[0] if written else self._told[1]
        params = {"rows": str(written), "held": str(held)}
        directions.ran(tx, self.shop, self.name, now_ms, code, params, written=written, requests=self._asked)
        self._asked = 0


def _tried(row: Row) -> Row:
    """The row after one more failure of the batch that it went in."""
    task = row.task
    again = msgspec.structs.replace(task, attempts=task.attempts + 1)
    return Row(again, row.write)
