"""Who synchronises a shop's products for the first time in a story, as `brygga sync products` lets people do it."""

from __future__ import annotations

from pathlib import Path

import trio

from agent.app_sync import FirstSync, first_sync
from agent.cli.plan_file import keep_plan, read_plan
from agent.journal import plans
from agent.journal.journal import Journal
from agent.journal.schema import JournalError
from agent.model.plan import Plan
from agent.model.words import Language
from agent.remote.trouble import Trouble
from scenarios.play import MortalJournal, Play
from scenarios.process import AgentProcess
from scenarios.story_goods import Sync

AGAIN_S = 600.0
"""So long does a person wait who was told that a system does not serve us."""


class SyncClerk:
    """One shop's. What it is asked for is done in turn."""

    def __init__(self, play: Play, process: AgentProcess, key: str) -> None:
        self._play = play
        self._process = process
        self._key = key
        self._turn = trio.Lock()
        self._plan: Path | None = None

    async def do(self, act: Sync) -> None:
        async def errand(journal: MortalJournal) -> None:
            await self._patiently(act, journal)

        async with self._turn:
            await self._process.errand(errand)

    async def _patiently(self, act: Sync, journal: MortalJournal) -> None:
        served = False
        while not served:
            try:
                await self._once(act, journal)
                served = True
            except* (Trouble, JournalError):
                self._play.trace.add("sync_not_served", act=act.act)
            if not served:
                await trio.sleep(AGAIN_S)

    async def _once(self, act: Sync, journal: MortalJournal) -> None:
        play = self._play
        shop = next(each for each in play.settings.shop if each.key == self._key)
        async with first_sync(play.settings, play.secrets(), shop, journal, play.world(), lambda *_: None) as sync:
            if act.act == "census":
                await sync.census()
                return
            plan = None if act.act == "plan" else self._read(journal)
            if plan is None:
                plan = await self._make(sync, act)
            if act.act == "apply":
                await sync.apply(plan)
            elif act.act == "undo":
                await sync.undo(plan)

    def _read(self, journal: Journal) -> Plan | None:
        """The plan that was made last; None when a lost journal does not know it any more."""
        if self._plan is None:
            return None
        header, digest = read_plan(self._plan)
        plan = journal.view(lambda tx: plans.get(tx, header.plan))
        return plan if plan is not None and plan.digest == digest else None

    async def _make(self, sync: FirstSync, act: Sync) -> Plan:
        number, _unreadable = await sync.plan(act.source)
        self._plan, _, _ = await keep_plan(sync.journal, number, self._play.folder / "plans", Language.SWEDISH)
        kept = self._read(sync.journal)
        if kept is None:
            raise RuntimeError("a plan that was just made is not there")
        return kept
