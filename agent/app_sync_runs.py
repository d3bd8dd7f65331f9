"""Does first synchronisations while the agent works: what the command does with the agent at rest.

Mamut is asked at the agent's own desk and the shop by its own way, so that orders go first and one budget holds for
all. Nobody else may do the shop's goods meanwhile: those actors rest, and begin anew afterwards. What was under way
when the agent ended, or its settings changed, waits for a person's word to go on.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import NamedTuple

import apsw
import structlog
import trio

from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.times import to_ms
from agent.app_shop import Shop
from agent.app_sync import FirstSync, Guest, first_sync
from agent.app_unit import Unit
from agent.journal import plans, sync_runs
from agent.journal.journal import Journal
from agent.journal.sync_runs import Ended, SyncRun, What
from agent.model.ids import ShopKey
from agent.model.owners import System
from agent.model.plan import Plan
from agent.model.words import Language
from agent.remote.trouble import Trouble
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings
from agent.shown.plan_file import plan_parts
from agent.world import World

GOODS = frozenset({Unit.SET_UP, Unit.SALES, Unit.ARTICLES, Unit.PRODUCTS, Unit.PRICES, Unit.PRICE_LISTS, Unit.STOCK})
"""What of a shop rests while a synchronisation does its goods."""

LOOK_S = 600.0
"""The longest sleep: whoever asks for one rings."""

TELL_S = 1.0
"""How often it is written down how far one has come, and looked whether somebody wants it stopped."""

UNREADABLE = 5
"""So many of what nobody could read of the shop are named."""


class Rests(NamedTuple):
    """How a shop's goods, and the reading of Mamut's register, come to rest and begin anew."""

    end_goods: Callable[[ShopKey], Awaitable[object]]
    begin_goods: Callable[[ShopKey], None]
    end_register: Callable[[], Awaitable[object]]
    begin_register: Callable[[], None]
    stopping: Callable[[], bool]

    @asynccontextmanager
    async def goods(self, key: ShopKey) -> AsyncIterator[None]:
        """Within it nobody but a synchronisation does the shop's goods."""
        await self.end_goods(key)
        try:
            yield
        finally:
            if not self.stopping():
                self.begin_goods(key)

    @asynccontextmanager
    async def register(self) -> AsyncIterator[None]:
        """Within it nobody but a synchronisation reads Mamut's register."""
        await self.end_register()
        try:
            yield
        finally:
            if not self.stopping():
                self.begin_register()


log = structlog.get_logger("brygga")


class SyncRuns:
    """The agent's. `around` gives the settings and secrets of the moment."""

    def __init__(
        self,
        journal: Journal,
        world: World,
        desk: Desk,
        bell: Bell,
        around: Callable[[], tuple[Settings, Secrets]],
        shop_of: Callable[[ShopKey], Shop | None],
        rests: Rests,
    ) -> None:
        self.bell = bell
        self._journal = journal
        self._world = world
        self._desk = desk
        self._around = around
        self._shop_of = shop_of
        self._rests = rests
        self._under_way: trio.CancelScope | None = None
        self._at_rest = trio.Event()
        self._at_rest.set()
        self._news = ("", 0, 0)

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        while True:
            found = self._journal.view(sync_runs.open_run)
            if found is None:
                await self.bell.wait(LOOK_S)
            elif found.began_ms is not None:
                await self._recover()  # A fault of ours has ended it.
            else:
                await self._do(found)

    @property
    def idle(self) -> bool:
        return self._journal.view(sync_runs.open_run) is None

    async def break_off(self) -> None:
        """Ends what is under way, and comes back when everybody is where they were. It can be gone on with."""
        if self._under_way is not None:
            self._under_way.cancel()
        await self._at_rest.wait()

    async def _recover(self) -> None:
        now_ms = self._now_ms
        await self._journal.run(lambda tx: sync_runs.recover(tx, now_ms))

    async def _do(self, run: SyncRun) -> None:
        number, now_ms = run.number, self._now_ms

        def beginning_run(tx: apsw.Connection) -> None:
            sync_runs.begin(tx, number, now_ms)

        await self._journal.run(beginning_run)
        log.info("sync_began", what=run.what, shop=run.shop, source=run.source, plan=run.plan, who=run.who)
        self._at_rest = trio.Event()
        self._news = ("", 0, 0)
        result, fault, detail = Ended.INTERRUPTED, "", ""
        try:
            with trio.CancelScope() as self._under_way:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(self._watch, number)
                    result, fault, detail = await self._attempt(run)
                    nursery.cancel_scope.cancel()
        finally:
            self._under_way = None
            self._at_rest.set()
        stopped = self._journal.view(sync_runs.open_run)
        if result is Ended.INTERRUPTED and stopped is not None and stopped.stopped_by:
            result = Ended.STOPPED
        ended_ms = self._now_ms

        def ending_run(tx: apsw.Connection) -> None:
            sync_runs.end(tx, number, ended_ms, result, fault, detail)

        await self._journal.run(ending_run)
        log.info("sync_ended", what=run.what, shop=run.shop, result=result.value, fault=fault)

    async def _attempt(self, run: SyncRun) -> tuple[Ended, str, str]:
        try:
            async with self._rests.goods(ShopKey(run.shop)):
                return Ended.DONE, "", await self._made(run)
        except* Trouble as group:
            trouble = _first(group)
        told = f"{trouble.problem} {trouble.detail}".strip()
        return Ended.FAILED, "" if trouble.fault is None else trouble.fault.value, told

    async def _made(self, run: SyncRun) -> str:
        """What is to be said of it; empty as a rule."""
        settings, secrets = self._around()
        shop = self._shop_of(ShopKey(run.shop))
        if shop is None:
            return ""
        guest = Guest(desk=self._desk, port=shop.port, alone=self._rests.register)
        whole = next(each for each in settings.shop if each.key == run.shop)
        tell = self._tell
        async with first_sync(
            settings, secrets, whole, self._journal, self._world, tell, now=run.now, guest=guest
        ) as sync:
            if run.what == What.PLAN:
                return await self._plan(sync, run, Language(settings.language))
            plan = self._journal.view(lambda tx: plans.get(tx, run.plan))
            if plan is not None:
                await (sync.apply(plan) if run.what == What.APPLY else sync.undo(plan))
        return ""

    async def _plan(self, sync: FirstSync, run: SyncRun, language: Language) -> str:
        plan, unreadable = await sync.plan(System(run.source))
        kept = self._journal.view(lambda tx: plans.get(tx, plan))
        digest = await self._digest(kept, language) if kept is not None else ""

        def keeping_plan(tx: apsw.Connection) -> None:
            plans.set_digest(tx, plan, digest)
            sync_runs.made_plan(tx, run.number, plan)

        await self._journal.run(keeping_plan)
        return "; ".join(unreadable[:UNREADABLE])

    async def _digest(self, plan: Plan, language: Language) -> str:
        """The one of the file that people may download: the command applies it too."""
        found = sha256()
        async for part in plan_parts(self._journal, plan, language):
            found.update(part)
        return found.hexdigest()

    # -- how far it has come -------------------------------------------------------------------------------------------

    def _tell(self, phase: str, done: int, total: int) -> None:
        self._news = (phase, done, total)

    async def _watch(self, number: int) -> None:
        told = ("", 0, 0)
        while True:
            with trio.move_on_after(TELL_S):
                await self.bell.wait(TELL_S)
            if (news := self._news) != told:
                told = news
                await self._write_down(number, *news)
            found = self._journal.view(sync_runs.open_run)
            if found is not None and found.stopped_by and self._under_way is not None:
                self._under_way.cancel()

    async def _write_down(self, number: int, phase: str, done: int, total: int) -> None:
        def telling_progress(tx: apsw.Connection) -> None:
            sync_runs.progress(tx, number, phase, done, total)

        await self._journal.run(telling_progress)

    @property
    def _now_ms(self) -> int:
        return to_ms(self._world.clock())


def _first(group: BaseExceptionGroup[Trouble]) -> Trouble:
    error: BaseException = group
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if not isinstance(error, Trouble):
        raise TypeError("a group of troubles with something else in it")
    return error
