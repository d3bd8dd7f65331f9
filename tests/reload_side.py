"""An agent whose settings change while it works."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import trio

from agent.actors.reloader import EVERYWHERE
from agent.app import Agent, run
from agent.journal import records, settings_history
from agent.model.taken_up import TakenUp
from agent.settings.finding import Finding
from agent.settings.judge import Judgement
from agent.settings.secret import Secret
from scenarios.play import Play, play


@asynccontextmanager
async def stocked(folder: Path) -> AsyncIterator[Play]:
    """A play whose Mamut has the goods of small shops."""
    async with play(folder) as world:
        world.mamut.fill(1, products=10, contacts=5)
        yield world


class Running:
    """An agent whose settings are those of the play, read anew when somebody asks."""

    def __init__(self, world: Play) -> None:
        self.world = world
        self.agents: list[Agent] = []
        self.findings: tuple[Finding, ...] = ()
        self.signs = ""
        self.password = ""
        self.text = ""

    def judge_text(self, text: str) -> Judgement:
        return msgspec.structs.replace(self.judge(), text=text)

    def write(self, text: str) -> None:
        self.text = text

    def judge(self) -> Judgement:
        good = not self.findings
        secrets = self.world.secrets()
        if self.signs:
            signed = {
                key: msgspec.structs.replace(each, webhook_secret=Secret(self.signs))
                for key, each in secrets.shops.items()
            }
            secrets = msgspec.structs.replace(secrets, shops=signed)
        if self.password:
            secrets = msgspec.structs.replace(secrets, mamut_password=Secret(self.password))
        return Judgement(
            file=Path("brygga.toml"),
            settings=self.world.settings if good else None,
            secrets=secrets if good else None,
            findings=self.findings,
            text=self.text,
        )

    async def reload(self) -> str:
        """The answer that a person gets."""
        with self.world.look() as tx:
            wish_id = records.wish(tx, at_ms=0, who="kim", kind="reload", shop=EVERYWHERE)
        for _ in range(100):
            await trio.sleep(1)
            with self.world.look() as tx:
                (result,) = tx.execute("SELECT result FROM wishes WHERE wish_id = ?", (wish_id,)).fetchone() or ("",)
            if result:
                await trio.sleep(1)
                return str(result)
        return ""

    def taken_up(self) -> TakenUp:
        """What a person is told of the newest change."""
        with self.world.look() as tx:
            return settings_history.taken_up(tx) or TakenUp()


@asynccontextmanager
async def running(world: Play) -> AsyncIterator[Running]:
    found = Running(world)
    async with trio.open_nursery() as nursery:

        async def live() -> None:
            await run(
                world.settings,
                world.secrets(),
                journal_path=world.journal_path,
                world=world.world(),
                on_ready=found.agents.append,
                source=found,
            )

        nursery.start_soon(live)
        await trio.sleep(5)
        yield found
        found.agents[-1].stop()
    assert found.agents[-1].successor is None
