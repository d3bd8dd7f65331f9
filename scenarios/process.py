"""The agent as a process of a play: started, stopped or killed, and started again as a service manager does. A person's
errand with the journal is such a process, too, which waits until no agent lives."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

import trio

from agent.app import Agent
from agent.journal.schema import JournalError
from scenarios.beside import Beside
from scenarios.file_of_play import FileOfPlay
from scenarios.play import MortalJournal, Play, StepKill, suppress_killed

RESTART_S = 5.0
"""A service manager starts a process that has died again after so many seconds."""

Work = Callable[[MortalJournal], Awaitable[None]]
"""What a process does with the journal until it ends."""


class AgentProcess:
    """One agent after the other over one journal. `run` it in a nursery; it lives from `start` on."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._wanted = trio.Event()
        self._over = trio.Event()
        self._turn = trio.Lock()
        self._agent: Agent | None = None
        self._journal: MortalJournal | None = None
        self._life: trio.CancelScope | None = None
        self._torn: Random | None = None
        self._lose_journal = False
        self.kills_in_steps: tuple[StepKill, ...] = ()
        self.step_lot: Random | None = None
        self.step_share = 0.0
        self.disk_full = False
        self.file = FileOfPlay(play)
        self.reloads = False
        """Whether the story changes settings while the agent works."""
        self.beside: Beside | None = None
        """Who works beside it, in the same process."""
        self.lives = 0
        self.kills = 0

    async def run(self) -> None:
        while True:
            wanted = self._wanted
            await wanted.wait()
            async with self._turn:
                # It may have been told to stop before it had begun.
                killed = wanted is self._wanted and await self._live(self._serve)
            if killed:
                await trio.sleep(RESTART_S)

    async def errand(self, work: Work) -> None:
        """What a person does while no agent lives, who begins again when it was killed. Ends when it is done."""
        async with self._turn:
            killed = await self._live(work)
            while killed:
                await trio.sleep(RESTART_S)
                killed = await self._live(work)

    def start(self) -> None:
        """From now on there is an agent; one that dies is started again."""
        self._wanted.set()

    async def stop(self) -> None:
        """Told to stop in order; when this returns it has ended."""
        self._unwant()
        if self._agent is not None:
            self._agent.stop()
            await self._over.wait()

    def _unwant(self) -> None:
        """Whoever waits for an agent to be wanted goes on waiting."""
        if self._wanted.is_set():
            self._wanted = trio.Event()

    async def end(self) -> None:
        """Killed, and not started again."""
        self._unwant()
        if self.kill():
            await self._over.wait()

    def kill(self, *, torn: Random | None = None, lose_journal: bool = False) -> bool:
        """As kill -9 does; false when there is nobody to kill. With `torn` the write-ahead log ends inside a page, with
        `lose_journal` the journal is deleted before the next start."""
        self._lose_journal = self._lose_journal or lose_journal
        if self._journal is None or self._life is None or self._journal.dead:
            return False
        self._torn = torn
        self._journal.dead = True
        self._life.cancel()
        self._play.trace.add("killed", step="", when="")
        return True

    def kill_in(self, kill: StepKill) -> None:
        """Kills this life, or the first one that comes to it, before or after a durable step."""
        if self._journal is None:
            self.kills_in_steps += (kill,)
        else:
            self._journal.kills += (kill,)

    def fill_disk(self, *, full: bool) -> None:
        """Nothing more fits on the journal's disk, in this life and the next ones, until there is room again."""
        self.disk_full = full
        if self._journal is not None and not self._journal.dead:
            self._journal.fill_disk(full=full)

    async def _serve(self, journal: MortalJournal) -> None:
        play = self._play
        world = play.world()
        agent = Agent(play.settings, play.secrets(), journal, world, self.file if self.reloads else None)
        if self.beside is None:
            await self._work(agent, journal)
            return
        self._agent = agent
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self.beside.work, self._working, journal, world)
            await self._work(agent, journal)
            nursery.cancel_scope.cancel()

    def _working(self) -> Agent:
        if self._agent is None:
            raise RuntimeError("nobody works beside an agent that is not there")
        return self._agent

    async def _work(self, agent: Agent, journal: MortalJournal) -> None:
        play = self._play
        while True:
            self._agent = agent
            await agent.run()
            if agent.successor is None or not self._wanted.is_set():
                break
            agent = Agent(*agent.successor, journal, play.world(), self.file)

    async def _live(self, work: Work) -> bool:
        """One life; true when it was killed."""
        play = self._play
        self.lives += 1
        self._over = trio.Event()
        self._torn = None
        if self._lose_journal:
            play.lose_journal()
            play.trace.add("journal_lost")
            self._lose_journal = False
        journal = self._journal = play.open_journal()
        journal.kills, self.kills_in_steps = self.kills_in_steps, ()
        if self.step_lot is not None:
            lot = self.step_lot
            journal.lot = lambda: lot.random() < self.step_share
        if self.disk_full:
            journal.fill_disk(full=True)
        play.trace.add("agent_starts", life=self.lives)
        try:
            with suppress_killed(), trio.CancelScope() as self._life:
                await work(journal)
        except* JournalError:
            # Of a full disk, in the very moment in which it was killed: nobody hears it.
            if not journal.dead:
                raise
        finally:
            # Kills that no step of this life came to are meant for the next one.
            self.kills_in_steps += journal.kills
            dead = journal.dead
            journal.dead = True
            self._agent = self._journal = self._life = None
            if dead:
                journal.crash(self._torn)
            else:
                journal.close()
            play.trace.add("agent_ended", life=self.lives)
            self.kills += dead
            self._over.set()
        return dead
