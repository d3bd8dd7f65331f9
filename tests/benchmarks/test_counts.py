"""The fast form of each benchmark: it counts, and a second more or less fails nothing."""

from __future__ import annotations

import gc
import subprocess
import sys
import tracemalloc
from pathlib import Path

import apsw
import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.journal import orders, records
from agent.journal.schema import migrate
from agent.model.ids import ShopKey, ShopOrderId
from benchmarks.figures import Chart, Line, Result, Table, Target, markdown
from benchmarks.growth import fill
from benchmarks.market import SHOP
from benchmarks.months import Buyers, play_month
from benchmarks.statements import Statements
from benchmarks.svg import draw
from scenarios.play import Play, play, shop_settings

ORDERS = 60
SHOP_KEY = ShopKey(SHOP)
OURS = ("*/agent/*",)


async def _shop_with_orders(world: Play, count: int) -> Buyers:
    world.mamut.fill(1, products=10, contacts=0)
    buyers = Buyers(world.add_shop(shop_settings()), count)
    for _ in range(count):
        buyers.buy()
        await trio.sleep(1)
    return buyers


async def test_draining_a_backlog_asks_and_writes_no_more_than_it_must(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        await _shop_with_orders(world, ORDERS)
        people = len(world.mamut.contacts())
        shop, mamut = world.shops["butik"].server.cost, world.mamut_server.cost
        before = shop.requests, mamut.requests
        await world.run_once()
        assert len(world.documents()) == ORDERS
        contacts = len(world.mamut.contacts()) - people
        writes = [one for one in world.trace.exchanges if one.writes]
        at_mamut = [one for one in writes if one.system == "mamut"]
        assert len(at_mamut) <= ORDERS + contacts + 2  # ... and the articles for freight and rounding.
        assert len(writes) - len(at_mamut) <= ORDERS // 50 + 2
        assert mamut.requests - before[1] <= len(at_mamut) + 20
        assert shop.requests - before[0] <= 16
        assert world.steps <= 45


async def test_an_order_takes_few_statements_from_its_sight_to_its_mark(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    """Statements with many rows count once for each. What else the agent asks in this minute is among them."""
    async with play(tmp_path) as world:
        await _shop_with_orders(world, ORDERS)
        async with world.agent() as agent:
            kept = Statements(agent.journal)
            await trio.sleep(40)
        said = [one.sql.split("(")[0].split(" WHERE")[0] for one in kept.said]
        assert len(world.documents()) == ORDERS
        writes = [sql for sql in said if sql.startswith(("INSERT", "UPDATE", "DELETE", "REPLACE"))]
        assert (
            sum(sql.startswith("UPDATE orders ") for sql in writes) <= 3 * ORDERS + 3
        )  # A few are read again, since they were read within their second.
        assert len(writes) <= 21 * ORDERS
        assert len(said) - len(writes) <= 8 * ORDERS


async def test_a_poll_that_finds_nothing_is_one_request_and_writes_little(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        await _shop_with_orders(world, 3)
        async with world.agent() as agent:
            await trio.sleep(600)
            requests, commits, polls = agent.requests, agent.journal.commits, _polls(agent)
            await trio.sleep(3_000)
            assert _polls(agent) - polls == 50
            assert agent.requests - requests <= 51
            assert agent.journal.commits - commits <= 75  # Of 50 polls: only that each actor is well, now and then.


async def test_shops_share_all_that_can_be_shared(tmp_path: Path, autojump_clock: MockClock) -> None:
    """A shop more costs a few tenths of a megabyte at most, of which its simulated shop is not counted."""
    async with play(tmp_path) as world:
        for number in range(20):
            world.add_shop(shop_settings(f"s{number}"))
        tracemalloc.start()
        try:
            async with world.agent() as agent:
                await trio.sleep(150)
                assert all(shop.reader.polls >= 2 for shop in agent.shops.values())
                held = _held_by(*OURS)
                assert held / 20 < 100_000
        finally:
            tracemalloc.stop()


async def test_an_agent_that_only_looks_does_not_grow(tmp_path: Path, autojump_clock: MockClock) -> None:
    """But for what the world notes of each of its requests, so that it can be looked at afterwards."""
    async with play(tmp_path) as world:
        await _shop_with_orders(world, 5)
        async with world.agent():
            await trio.sleep(600)
            tracemalloc.start()
            try:
                await trio.sleep(1_800)
                first = _held_by(*OURS)
                await trio.sleep(3_600)
                assert _held_by(*OURS) - first < 60 * 400
            finally:
                tracemalloc.stop()


def _held_by(*files: str) -> int:
    """Bytes that code of these files has taken and not given back."""
    gc.collect()
    taken = tracemalloc.take_snapshot().filter_traces([tracemalloc.Filter(True, file) for file in files])
    return sum(trace.size for trace in taken.traces)


async def test_after_a_kill_each_order_is_looked_up_at_most_once_and_made_once(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        await _shop_with_orders(world, ORDERS)
        await world.run_once(kill_at=16)
        before = len(world.trace.exchanges)
        await world.run_once()
        after = world.trace.exchanges[before:]
        assert sorted(len(totals) for totals in world.documents().values()) == [1] * ORDERS
        assert len([one for one in after if one.path.endswith("/orders/lookup")]) <= 6
        assert len([one for one in after if one.path.endswith("/session")]) <= 4


def test_two_hours_of_the_smallest_package_are_the_same_each_time(tmp_path: Path) -> None:
    found = [play_month(tmp_path / str(number), "100", 12, 1 / 12, idle_s=600) for number in range(2)]
    first, second = found
    assert first.delays_s == second.delays_s
    assert (first.requests, first.polls, first.shop_ms) == (second.requests, second.polls, second.shop_ms)
    assert first.booked == 12
    assert first.delay(0.99) < 62
    assert first.requests - first.polls <= 12 * 14


def test_beside_all_directions_orders_are_booked_as_early_and_each_thing_is_written_once(tmp_path: Path) -> None:
    alone, beside = (
        play_month(tmp_path / str(governed), "200", 12, 1 / 12, idle_s=600, governed=governed)
        for governed in (False, True)
    )
    assert alone.booked == beside.booked == 12
    assert beside.delay(0.99) < 62
    assert alone.written <= 12
    # A mark, a parcel and a status for each order; a price and a stock for each of two hours.
    assert 2 * 12 <= beside.written <= 3 * 12 + 2 * 2


@pytest.fixture(scope="module")
def journals(tmp_path_factory: pytest.TempPathFactory) -> tuple[apsw.Connection, apsw.Connection]:
    """One with a hundred orders, one with ten thousand."""
    folder = tmp_path_factory.mktemp("journals")
    made = []
    for count in (100, 10_000):
        fill(folder / f"{count}.db", count)
        made.append(apsw.Connection(str(folder / f"{count}.db")))
    return made[0], made[1]


LOOKS = {
    "room_in_the_package": lambda tx: orders.oldest_for_package(tx, [SHOP_KEY], 10),
    "payment_used_twice": lambda tx: orders.other_with_payment(tx, SHOP_KEY, ShopOrderId(-5), "2A"),
    "to_read": lambda tx: orders.to_read(tx, SHOP_KEY, 50),
    "to_reread": lambda tx: orders.to_reread(tx, SHOP_KEY, 1_600_000_000, 50),
    "due": lambda tx: orders.is_any_due(tx, SHOP_KEY, 1_000),
    "newest_change": lambda tx: orders.newest_change(tx, SHOP_KEY),
    "newest": lambda tx: orders.newest(tx, SHOP_KEY, 20),
    "used": lambda tx: records.used(tx, "2026-11"),
    "wishes": records.shops_with_wishes,
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_look_into_the_journal_takes_no_longer_when_it_holds_a_hundred_times_as_much(
    journals: tuple[apsw.Connection, apsw.Connection], look: str
) -> None:
    small, large = (_work(tx, look) for tx in journals)
    assert large <= 2 * small + 100


def _work(tx: apsw.Connection, look: str) -> int:
    """So many tens of instructions of SQLite's machine."""
    count = 0

    def tick() -> bool:
        nonlocal count
        count += 1
        return False

    tx.set_progress_handler(tick, 10)
    try:
        LOOKS[look](tx)
    finally:
        tx.set_progress_handler(None)
    return count


def test_help_loads_no_network_no_database_and_no_simulator() -> None:
    code = "import sys; from agent.cli import execute; execute(['--help']); print(sorted(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    loaded = msgspec.json.decode(done.stderr.splitlines()[-1].replace("'", '"'), type=list[str])
    heavy = {"httptools", "trio", "apsw", "structlog", "faker", "simulators", "scenarios", "benchmarks"}
    assert heavy.isdisjoint(loaded)
    assert len(loaded) < 420


def test_the_journal_is_no_larger_than_its_orders(tmp_path: Path) -> None:
    fill(tmp_path / "journal.db", 2_000)
    with apsw.Connection(str(tmp_path / "journal.db")) as tx:
        migrate(tx)
        pages, size = tx.pragma("page_count"), tx.pragma("page_size")
    assert pages * size / 2_000 < 1_200


def test_a_result_becomes_a_page_and_a_chart() -> None:
    table = Table(title="T", columns=("a", "b"), rows=(("x", 1234.5), ("y", None)))
    chart = Chart(name="c", title="<C>", x="x", y="y", lines=(Line(name="l", points=((1, 10), (1000, 20))),), log=True)
    target = Target(what="w", wanted="1", reached="2", met=False)
    page = markdown(Result(name="n", question="q", tables=(table,), charts=(chart,), targets=(target,)))
    assert "| x | 1,234 |" in page
    assert "| y | – |" in page
    assert "| w | 1 | 2 | no |" in page
    drawn = draw(chart)
    assert drawn.count("<circle") == 2
    assert "&lt;C&gt;" in drawn


def _polls(agent: Agent) -> int:
    return sum(shop.reader.polls for shop in agent.shops.values())
