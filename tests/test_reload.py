"""Settings that change while the agent runs: applied without losing or doubling anything, refused whole when wrong."""

from __future__ import annotations

import signal
from decimal import Decimal
from pathlib import Path
from typing import Literal

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.app_signals import RELOAD_SIGNALS
from agent.model.ids import ShopKey
from agent.model.taken_up import Outdated
from agent.model.words import Language, words
from agent.plugins.tree import PluginSettings
from agent.schedule import Schedule
from agent.settings.check_plugins import check_plugins
from agent.settings.finding import wrong
from agent.settings.tree_goods import PriceRounding, PriceSettings, StockBasis, StockSettings
from agent.settings.tree_webhooks import WebhookSettings
from agent.shown.taken_up import outdated_lines, taken_up_lines
from scenarios.play import StepKill, shop_settings, suppress_killed
from simulators.faults import FaultOptions
from simulators.http import Request, Response
from simulators.mamut.options import MamutOptions
from tests.actors.small_shop import SmallShop, assert_once_and_equal
from tests.actors.test_mamut_governs import Governed, governed
from tests.actors.test_webhooks import deliver, ringing, with_bell
from tests.plugins.installed import write
from tests.reload_side import Running, running, stocked


async def test_settings_changed_again_and_again_under_load_lose_and_double_nothing(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with stocked(tmp_path) as world:
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
    async with stocked(tmp_path) as world:
        first, second = SmallShop(world, shop_settings()), SmallShop(world, shop_settings("andra"))
        async with running(world) as agent:
            shops = agent.agents[0].shops
            reader, writer = shops[ShopKey("butik")].reader, shops[ShopKey("butik")].writer
            other, register = shops[ShopKey("andra")], agent.agents[0].register
            other_reader, polls = other.reader, other.reader.polls
            first_id = first.order(1)
            world.change("butik", shop_settings(name="Butiken"))
            second_id = second.order(2)
            assert await agent.reload() == "done"
            assert agent.taken_up().replaced == ("butik/orders_to_mamut",)
            assert taken_up_lines(agent.taken_up(), Language.SWEDISH) == [
                "Börjar om med de nya inställningarna: butik (order).",
                "Arbetar vidare: andra (order); förbindelsen med Mamut.",
            ]
            assert shops[ShopKey("butik")].reader is not reader
            assert shops[ShopKey("butik")].writer is writer
            assert (shops[ShopKey("andra")], other.reader) == (other, other_reader)
            assert agent.agents[0].register is register
            await trio.sleep(200)
            assert other.reader.polls > polls
            assert {name: len(totals) for name, totals in world.documents().items()} == {
                f"butik:{first_id}": 1,
                f"andra:{second_id}": 1,
            }
            reader = shops[ShopKey("butik")].reader
            world.settings = msgspec.structs.replace(world.settings, package="400", language="en")
            assert await agent.reload() == "done"
            assert shops[ShopKey("butik")].reader is reader
            world.settings = msgspec.structs.replace(
                world.settings, mamut=msgspec.structs.replace(world.settings.mamut, client_no="002")
            )
            assert await agent.reload() == "done"
            assert (agent.taken_up().whole, agent.taken_up().kept) == ("mamut.client_no", ())
            await trio.sleep(30)
            assert len(agent.agents) == 2


async def test_mamuts_writer_alone_is_given_another_password_and_nothing_under_way_is_lost_or_doubled(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with stocked(tmp_path) as world:
        shop = SmallShop(world, shop_settings())
        async with running(world) as agent:
            reader = agent.agents[0].shops[ShopKey("butik")].reader
            ids = [shop.order(number) for number in range(30)]
            world.mamut_server.latency_s = 1.5
            await trio.sleep(85)
            assert 0 < len(world.documents()) < 30, "documents are being made"
            world.change_mamut(MamutOptions(users={"brygga": "another"}))
            agent.password = "another"
            assert await agent.reload() == "done"
            assert agent.taken_up().replaced == ("mamut",)
            world.mamut_server.latency_s = 0.0
            mamut = msgspec.structs.replace(world.settings.mamut, timeout_s=30.0)
            world.settings = msgspec.structs.replace(world.settings, mamut=mamut)
            assert await agent.reload() == "done"
            await trio.sleep(300)
            assert_once_and_equal(shop, ids)
            assert agent.agents[0].shops[ShopKey("butik")].reader is reader
            assert len(agent.agents) == 1


async def first_write(mamut: Governed) -> None:
    """Until the shop has been asked to change something; it has not answered."""
    noted, written = mamut.side.gate, trio.Event()

    def gate(request: Request) -> Response | None:
        answer = noted(request) if noted is not None else None
        if mamut.writes:
            written.set()
        return answer

    mamut.side.gate = gate
    with trio.fail_after(900):
        await written.wait()


async def test_a_direction_that_a_change_is_not_about_goes_on_in_the_midst_of_its_work(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    profile = StockSettings(warehouses=(1,), basis=StockBasis.ON_HAND)
    async with governed(tmp_path, articles=40, settings=shop_settings(flow=2, stock=profile)) as mamut:
        world, numbers = mamut.world, [f"B-{number:05d}" for number in range(1, 41)]
        async with running(world) as agent:
            await trio.sleep(900)
            mamut.asked.clear()
            mamut.side.server.latency_s = 20.0
            for number in numbers:
                mamut.staff.count(number, Decimal(77))
            await first_write(mamut)
            reader = agent.agents[0].shops[ShopKey("butik")].reader
            mamut.change(prices=PriceSettings(rounding=PriceRounding.TEN))
            assert await agent.reload() == "done", "while the shop has not answered yet"
            taken_up = agent.taken_up()
            assert taken_up.replaced == ("butik/prices_to_shop",)
            assert {"butik/stock_to_shop", "butik/products_to_shop", "butik/orders_to_mamut"} <= set(taken_up.kept)
            assert mamut.writes == ["/wp-json/wc/v3/products/batch"], "the stock, and no price yet"
            mamut.side.server.latency_s = 0.0
            await trio.sleep(600)
            assert agent.agents[0].shops[ShopKey("butik")].reader is reader
            assert len(mamut.writes) == 2, "what was under way is not written again"
            for number in numbers:
                product = mamut.product(number)
                assert product["stock_quantity"] == 77
                assert Decimal(product["regular_price"]) % 10 == 0


NOTING = """
import msgspec


class Plugin:
    api = 1

    def __init__(self, options):
        pass

    def document_built(self, document, context):
        return msgspec.structs.replace(document, packing_text="{word}")
"""


async def test_a_plugin_that_is_installed_while_the_agent_runs_is_taken_up_and_one_that_is_renewed_waits_for_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, autojump_clock: MockClock
) -> None:
    site, chosen = tmp_path / "site", (PluginSettings(name="bry-late"),)
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    async with stocked(tmp_path) as world:
        shop = SmallShop(world, shop_settings())
        async with running(world) as agent:
            assert [each.problem.en for each in check_plugins(chosen, "x")] == ['"bry-late" is not installed.']
            write(site, "bry-late", NOTING.replace("{word}", "first"))
            assert list(check_plugins(chosen, "x")) == []
            world.change("butik", shop_settings(plugins=chosen))
            assert await agent.reload() == "done"
            assert agent.taken_up().outdated == ()
            ids = [shop.order(1)]
            await trio.sleep(120)
            write(site, "bry-late", NOTING.replace("{word}", "second"), version="1.1")
            assert await agent.reload() == "settings_unchanged"
            assert agent.taken_up().outdated == (Outdated(plugin="bry-late", at_work="1.0", installed="1.1"),)
            (line,) = outdated_lines(agent.taken_up(), Language.ENGLISH)
            assert "bry-late works as version 1.0; 1.1 is installed. Restart" in line
            world.change("butik", shop_settings(name="Butiken", plugins=chosen))
            assert await agent.reload() == "done"
            ids.append(shop.order(2))
            await trio.sleep(120)
            assert [order.packing_text for order in world.mamut.orders()] == ["first", "first"], "never a bit of each"
            assert_once_and_equal(shop, ids)


async def test_wrong_settings_are_refused_whole_and_the_old_ones_go_on(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with stocked(tmp_path) as world:
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
    async with stocked(tmp_path) as world:
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
    async with stocked(tmp_path) as world:
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
    async with stocked(tmp_path) as world:
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
    async with stocked(tmp_path) as world:
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
    async with stocked(tmp_path) as world:
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
            reader = agent.agents[0].shops[ShopKey("butik")].reader
            world.change("butik", msgspec.structs.replace(ringing(), webhooks=WebhookSettings()))
            assert await agent.reload() == "done"
            assert agent.taken_up().ended == ("webhooks",)
            assert agent.agents[0].shops[ShopKey("butik")].reader is reader
            assert reader.doorbell is None
            assert len(agent.agents) == 1
