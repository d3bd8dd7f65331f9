"""Who has the agent that works synchronise a shop's products for the first time, as the admin's page of plans lets
people do it: asks, waits, and asks again when it was broken off."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import trio

from agent.journal import sync_runs
from agent.journal.sync_runs import Ended, SyncRun
from scenarios.play import Play
from scenarios.story_beside import AskSync

LOOKS_S = 20.0
"""So often they look whether it is done."""

AGAIN_S = 60.0
"""So long do they wait who were told that it was broken off."""

Wish = Callable[[str, dict[str, str]], None]


class SyncAsker:
    """One shop's. What it is asked for is done in turn. `wish` leaves a wish of a kind with what belongs to it."""

    def __init__(self, play: Play, wish: Wish) -> None:
        self._play = play
        self._wish = wish
        self._turn = trio.Lock()
        self._plan = 0

    async def do(self, act: AskSync) -> None:
        async with self._turn:
            done = await self._is_done(act)
            while not done:
                await trio.sleep(AGAIN_S)
                done = await self._is_done(act)

    async def _is_done(self, act: AskSync) -> bool:
        before = self._newest()
        args = {"source": act.source.value} if act.act == "plan" else {"plan": str(self._plan)}
        self._wish(f"sync_{act.act}", args)
        answered = False
        while not answered:
            await trio.sleep(LOOKS_S)
            answered = self._is_answered()
        run = self._newest()
        if run is None or (before is not None and run.number == before.number):
            return False
        while run is None or run.ended_ms is None:
            await trio.sleep(LOOKS_S)
            run = self._newest()
        self._plan = run.plan or self._plan
        self._play.trace.add("sync_told", act=act.act, result=run.result)
        return run.result == Ended.DONE

    def _newest(self) -> SyncRun | None:
        with self._play.look() as tx:
            return sync_runs.newest(tx)

    def _is_answered(self) -> bool:
        with self._play.look() as tx:
            return _last_is_answered(tx)


def _last_is_answered(tx: apsw.Connection) -> bool:
    row = tx.execute("SELECT done_ms FROM wishes WHERE kind LIKE 'sync%' ORDER BY wish_id DESC LIMIT 1").fetchone()
    return row is not None and row[0] is not None
