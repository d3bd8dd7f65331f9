"""Settings that change while the agent runs: applied without losing or doubling anything, refused whole when wrong."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import trio
from trio.testing import MockClock

from agent.actors.reloader import EVERYWHERE
from agent.app import RELOAD_SIGNALS, Agent, run
from agent.journal import records
from agent.model.words import words
from agent.schedule import Schedule
from agent.settings.finding import Finding, wrong
from agent.settings.judge import Judgement
from agent.settings.secret import Secret
from scenarios.play import Play, play, shop_settings
from tests.actors.small_shop import SmallShop, assert_once_and_equal


class Running:
    """An agent whose settings are those of the play, read anew when somebody asks."""

    def __init__(self, world: Play) -> None:
        self.world = world
        self.agents: list[Agent] = []
        self.findings: tuple[Finding, ...] = ()
        self.signs = ""
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


async def test_settings_changed_again_and_again_under_load_lose_and_double_nothing(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(world, shop_settings())
        async with running(world) as agent:
            ids = []
            for number in range(30):
                ids.append(shop.order(number))
                await trio.sleep(7)
                if number % 5 == 4:
                    interval_s = 20.0 + number
                    changed = {"orders_to_mamut": Schedule(every_s=interval_s)}
                    world.change("butik", shop_settings(schedules=changed))
                    assert await agent.reload() == "done"
            await trio.sleep(400)
            assert len(agent.agents) == 7
            assert_once_and_equal(shop, ids)


async def test_wrong_settings_are_refused_whole_and_the_old_ones_go_on(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(world, shop_settings())
        async with running(world) as agent:
            agent.findings = (wrong("shop[0].orders", words("fel", "wrong"), words("rätta", "mend")),)
            assert await agent.reload() == "settings_wrong"
            order_id = shop.order(1)
            await trio.sleep(120)
            assert_once_and_equal(shop, [order_id])
            assert len(agent.agents) == 1
            agent.findings = ()
            assert await agent.reload() == "settings_unchanged"
            assert len(agent.agents) == 1


async def test_a_shop_is_added_and_another_switched_off_while_the_agent_runs(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        first = SmallShop(world, shop_settings())
        async with running(world) as agent:
            first.order(1)
            await trio.sleep(120)
            second = SmallShop(world, shop_settings("andra"))
            world.change("butik", shop_settings(enabled=False))
            assert await agent.reload() == "done"
            first.order(2)
            second.order(3)
            await trio.sleep(300)
            assert len(world.documents()) == 2
            world.change("butik", shop_settings())
            assert await agent.reload() == "done"
            await trio.sleep(300)
            assert len(world.documents()) == 3
            assert all(len(totals) == 1 for totals in world.documents().values())


async def test_other_secrets_are_other_settings_and_a_journal_elsewhere_is_refused(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        SmallShop(world, shop_settings())
        async with running(world) as agent:
            assert await agent.reload() == "settings_unchanged"
            agent.signs = "another secret of the shop"
            assert await agent.reload() == "done"
            assert len(agent.agents) == 2
            world.settings = msgspec.structs.replace(world.settings, data_dir="/elsewhere")
            assert await agent.reload() == "data_dir_changed"
            assert len(agent.agents) == 2


async def test_the_hangup_signal_has_the_settings_read(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        SmallShop(world, shop_settings())
        async with running(world) as agent:
            world.change("butik", shop_settings(name="Annan"))
            for number in RELOAD_SIGNALS:
                signal.raise_signal(number)
                await trio.sleep(60)
            assert [made.settings.shop[0].name for made in agent.agents] == ["", *["Annan"] * len(RELOAD_SIGNALS)]
