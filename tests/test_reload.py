"""Settings that change while the agent runs: applied without losing or doubling anything, refused whole when wrong."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.actors.reloader import EVERYWHERE
from agent.app import RELOAD_SIGNALS, Agent, run
from agent.journal import records
from agent.model.ids import ShopKey
from agent.model.words import words
from agent.schedule import Schedule
from agent.settings.finding import Finding, wrong
from agent.settings.judge import Judgement
from agent.settings.secret import Secret
from scenarios.play import Play, StepKill, play, shop_settings, suppress_killed
from simulators.faults import FaultOptions
from tests.actors.small_shop import SmallShop, assert_once_and_equal
from tests.actors.test_webhooks import deliver, ringing, with_bell


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
            assert len(agent.agents) == 1
            assert agent.agents[0].settings == world.settings
            assert_once_and_equal(shop, ids)


async def test_only_the_actors_of_what_has_changed_are_replaced(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        first, second = SmallShop(world, shop_settings()), SmallShop(world, shop_settings("andra"))
        async with running(world) as agent:
            shops = agent.agents[0].shops
            was, other, register = shops[ShopKey("butik")], shops[ShopKey("andra")], agent.agents[0].register
            polls = other.reader.polls
            first_id = first.order(1)
            world.change("butik", shop_settings(name="Butiken"))
            second_id = second.order(2)
            assert await agent.reload() == "done"
            assert shops[ShopKey("butik")] is not was
            assert shops[ShopKey("andra")] is other
            assert agent.agents[0].register is register
            await trio.sleep(200)
            assert other.reader.polls > polls
            assert {name: len(totals) for name, totals in world.documents().items()} == {
                f"butik:{first_id}": 1,
                f"andra:{second_id}": 1,
            }
            room = msgspec.structs.replace(world.settings, package="400")
            world.settings = room
            was = shops[ShopKey("butik")]
            assert await agent.reload() == "done"
            assert shops[ShopKey("butik")] is was
            mamut = msgspec.structs.replace(room.mamut, timeout_s=30.0)
            world.settings = msgspec.structs.replace(room, mamut=mamut)
            assert await agent.reload() == "done"
            await trio.sleep(30)
            assert len(agent.agents) == 2


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
            assert len(agent.agents) == 1
            world.settings = msgspec.structs.replace(world.settings, data_dir="/elsewhere")
            assert await agent.reload() == "data_dir_changed"
            assert len(agent.agents) == 1


async def test_the_hangup_signal_has_the_settings_read(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        SmallShop(world, shop_settings())
        async with running(world) as agent:
            world.change("butik", shop_settings(name="Annan"))
            for number in RELOAD_SIGNALS:
                signal.raise_signal(number)
                await trio.sleep(60)
            names = [made.settings.shop[0].name for made in agent.agents]
            assert names == ["Annan" if RELOAD_SIGNALS else ""]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", ["answer_reload", "turn_over"])
async def test_a_kill_in_each_step_of_a_reload_among_faults_loses_and_doubles_nothing(
    tmp_path: Path, autojump_clock: MockClock, step: str, when: Literal["before", "after"]
) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shops = [SmallShop(world, shop_settings(key)) for key in ("butik", "andra")]
        servers = [world.mamut_server, *(shop.side.server for shop in shops)]
        for seed, server in enumerate(servers):
            world.faults(server, FaultOptions(share=0.1, seed=seed))
        ids: list[list[int]] = [[], []]
        kills = 0
        for life in range(4):
            found = Running(world)
            journal = world.open_journal()
            journal.kills = (StepKill(step=step, when=when),) if life % 2 == 0 else ()
            made = Agent(world.settings, world.secrets(), journal, world.world(), found)
            with suppress_killed():
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(made.run)
                    for number in range(3):
                        for shop, placed in zip(shops, ids, strict=True):
                            placed.append(shop.order(10 * life + number))
                        await trio.sleep(20)
                    world.change("butik", shop_settings(name=f"Namn {life}"))
                    await found.reload()
                    await trio.sleep(60)
                    journal.dead = True
                    nursery.cancel_scope.cancel()
            journal.close()
            kills += life % 2 == 0 and not journal.kills
        assert kills == 2
        for server in servers:
            world.faults(server, FaultOptions())
        await world.run_once()
        documents = world.documents()
        assert len(documents) == sum(map(len, ids))
        assert all(len(totals) == 1 for totals in documents.values())


async def test_a_shop_rings_on_after_a_reload_and_one_that_changes_flow_gets_its_register(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = with_bell(SmallShop(world, ringing()))
        async with running(world) as agent:
            await trio.sleep(60)
            world.change("butik", ringing(name="Butiken"))
            assert await agent.reload() == "done"
            await trio.sleep(60)
            order_id = shop.order(1)
            await deliver(shop)
            assert_once_and_equal(shop, [order_id])

            register = agent.agents[0].register
            world.change("butik", ringing(flow=2))
            assert await agent.reload() == "done"
            await trio.sleep(600)
            assert agent.agents[0].register is not register
            with world.look() as tx:
                (linked,) = tx.execute("SELECT count(*) FROM links WHERE shop = 'butik'").fetchone() or (0,)
            assert linked == len(shop.goods)
            world.change("butik", ringing())
            assert await agent.reload() == "done"
            second = shop.order(2)
            await trio.sleep(60)
            await deliver(shop)
            assert_once_and_equal(shop, [order_id, second])
            assert len(agent.agents) == 1
