"""Schedules the whole way, in virtual time: when a shop is asked and written to, and when it is left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import trio
from trio.testing import MockClock

from agent.flows import DirectionName
from agent.journal import records
from agent.model.ids import ShopKey
from agent.schedule import Schedule
from agent.settings.tree import ReadingSettings
from agent.settings.tree_goods import StatusSettings
from scenarios.play import Play, ShopSide, play, shop_settings
from simulators.http import Request, Response
from simulators.mamut.staff import Staff
from tests.actors.small_shop import SmallShop, assert_once_and_equal

SWEDEN = ZoneInfo("Europe/Stockholm")
HOUR_S = 3_600
ORDERS = DirectionName.ORDERS_TO_MAMUT.value
PRODUCTS = DirectionName.PRODUCTS_TO_MAMUT.value
PRICES = DirectionName.PRICES_TO_SHOP.value
STOCK = DirectionName.STOCK_TO_SHOP.value
STATUSES = DirectionName.STATUSES_TO_SHOP.value

Asked = tuple[datetime, str, str]


def sweden(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SWEDEN).astimezone(UTC)


class Watched:
    """A shop, and when it was asked for what."""

    def __init__(self, world: Play, side: ShopSide) -> None:
        self.world = world
        self.side = side
        self.staff = Staff(world.mamut)
        self.asked: list[Asked] = []
        self.refuses: Callable[[datetime], bool] = lambda _at: False
        side.gate = self._note

    def _note(self, request: Request) -> Response | None:
        at = self.world.calendar.now()
        self.asked.append((at, request.method, request.path))
        return Response(status=503) if self.refuses(at) else None

    @property
    def batches(self) -> list[datetime]:
        """When products were written."""
        return [at for at, method, path in self.asked if method == "POST" and "/products" in path]

    def local(self, moments: list[datetime]) -> list[str]:
        """The minutes of the Swedish clock that they fall into."""
        return list(dict.fromkeys(at.astimezone(SWEDEN).strftime("%d %H:%M") for at in moments))

    def raise_price(self, factor: str = "1.01") -> None:
        product = next(row for row in self.world.mamut.products() if row.product_no == "B-00001")
        self.staff.set_price("B-00001", (product.price_out * Decimal(factor)).quantize(Decimal("0.0001")))

    async def until(self, moment: datetime) -> None:
        await trio.sleep((moment - self.world.calendar.now()).total_seconds())

    async def live(self, until: datetime, *, dies_every_s: float = 10**9) -> None:
        """An agent until then, killed and started anew now and then."""
        while (now := self.world.calendar.now()) < until:
            async with self.world.agent():
                await self.until(min(until, now + timedelta(seconds=dies_every_s)))


@asynccontextmanager
async def governed(folder: Path, start: str, schedules: dict[str, Schedule], **changes: Any) -> AsyncIterator[Watched]:
    """Mamut governs a shop that has all its articles already when its schedule begins to count. It is seldom asked for
    its orders: these tests live for days."""
    async with play(folder, start=sweden(start)) as world:
        world.mamut.fill(1, products=5)
        side = world.add_shop(shop_settings(flow=2, **changes))
        assert await world.run_once()
        reading = ReadingSettings(interval_s=600)
        world.change("butik", shop_settings(flow=2, schedules=schedules, reading=reading, **changes))
        watched = Watched(world, side)
        yield watched


async def raises(watched: Watched, every_s: float) -> None:
    while True:
        await trio.sleep(every_s)
        watched.raise_price()


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-28T12:00", ["29 03:00", "30 02:30"]),
        ("2026-10-24T12:00", ["25 02:30", "26 02:30"]),
    ],
    ids=["spring", "autumn"],
)
@pytest.mark.parametrize("dies_every_s", [10**9, 1.3 * HOUR_S], ids=["one life", "many lives"])
async def test_prices_are_written_once_a_night_also_when_clocks_change(
    tmp_path: Path, start: str, expected: list[str], dies_every_s: float, autojump_clock: MockClock
) -> None:
    schedules = {PRICES: Schedule(cron=("30 2 * * *",))}
    async with governed(tmp_path, start, schedules) as watched:
        watched.world.nursery.start_soon(raises, watched, HOUR_S)
        await watched.live(sweden(start) + timedelta(hours=46), dies_every_s=dies_every_s)
        assert watched.local(watched.batches) == expected
        watched.world.nursery.cancel_scope.cancel()


async def test_a_run_that_was_missed_while_the_agent_was_away_comes_once_at_its_start(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    schedules = {PRICES: Schedule(cron=("30 2 * * *", "0 4 * * *"))}
    async with governed(tmp_path, "2026-11-02T12:00", schedules) as watched:
        watched.raise_price()
        await watched.live(sweden("2026-11-03T02:00"))
        assert watched.batches == []
        await watched.until(sweden("2026-11-03T09:00"))
        await watched.live(sweden("2026-11-03T10:00"))
        assert watched.local(watched.batches) == ["03 09:00"]
        watched.raise_price()
        await watched.live(sweden("2026-11-04T02:00"))
        assert len(watched.local(watched.batches)) == 1


async def test_a_run_that_a_restart_interrupts_goes_on(tmp_path: Path, autojump_clock: MockClock) -> None:
    schedules = {PRICES: Schedule(cron=("0 3 * * *",))}
    async with governed(tmp_path, "2026-11-02T20:00", schedules) as watched:
        watched.refuses = lambda at: sweden("2026-11-03T02:59") < at < sweden("2026-11-03T03:20")
        watched.raise_price()
        await watched.live(sweden("2026-11-03T03:10"))
        await watched.live(sweden("2026-11-03T04:30"))
        (written,) = watched.local([at for at in watched.batches if at > sweden("2026-11-03T03:20")])
        assert "03 03:20" <= written < "03 04:00"
        (row,) = watched.side.do("GET", "/products?sku=B-00001&status=any")
        product = next(each for each in watched.world.mamut.products() if each.product_no == "B-00001")
        assert Decimal(row["regular_price"]) == pytest.approx(product.price_out * Decimal("1.25"), abs=1)


async def test_prices_by_the_interval_are_written_no_sooner(tmp_path: Path, autojump_clock: MockClock) -> None:
    schedules = {PRICES: Schedule(every_s=4 * HOUR_S)}
    async with governed(tmp_path, "2026-11-02T12:00", schedules) as watched:
        watched.world.nursery.start_soon(raises, watched, 600)
        await watched.live(sweden("2026-11-03T12:00"))
        runs = watched.batches
        assert len(runs) in (5, 6)
        assert all(later - run >= timedelta(hours=4, seconds=-5) for run, later in pairwise(runs))
        watched.world.nursery.cancel_scope.cancel()


async def test_in_its_quiet_hours_nothing_is_asked_of_the_shop_or_written_to_it(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    quiet = Schedule(quiet=("22:00-06:00",))
    settings = shop_settings(
        flow=3,
        statuses=StatusSettings(enabled=True),
        schedules=dict.fromkeys((ORDERS, PRODUCTS, PRICES, STOCK, STATUSES), quiet),
    )
    async with play(tmp_path, start=sweden("2026-11-02T21:00")) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(world, settings)
        watched = Watched(world, shop.side)
        ids = []
        async with world.agent():
            for number in range(20):
                ids.append(shop.order(number))
                await trio.sleep(1_800)
        begins, ends = sweden("2026-11-02T22:00"), sweden("2026-11-03T06:00")
        within = [each for each in watched.asked if begins + timedelta(seconds=1) < each[0] < ends]
        assert within == []
        assert any(at < begins for at, _, _ in watched.asked)
        first = min(at for at, _, _ in watched.asked if at >= ends)
        assert first < ends + timedelta(minutes=1)
        assert_once_and_equal(shop, ids)


async def test_after_a_start_in_quiet_hours_the_other_directions_work_all_the_same(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path, "2026-11-02T23:00", {ORDERS: Schedule(quiet=("22:00-06:00",))}) as watched:
        watched.raise_price()
        await watched.live(sweden("2026-11-03T00:00"))
        assert watched.batches
        listings = [path for at, _, path in watched.asked if path.endswith("/orders") and "after" in path]
        assert listings == []


async def test_a_person_who_says_now_is_heard_in_the_quiet_hours(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with play(tmp_path, start=sweden("2026-11-02T23:00")) as world:
        world.mamut.fill(1, products=10, contacts=5)
        shop = SmallShop(
            world, shop_settings(schedules={ORDERS: Schedule(cron=("0 7 * * *",), quiet=("22:00-06:00",))})
        )
        order_id = shop.order(1)
        async with world.agent() as agent:
            await trio.sleep(HOUR_S)
            assert world.documents() == {}
            await shop.wish(agent, "run_now", direction=ORDERS)
            await trio.sleep(120)
            assert_once_and_equal(shop, [order_id])
            later = shop.order(2)
            await trio.sleep(2 * HOUR_S)
            assert len(world.documents()) == 1, "one run, and no more of them"
            await trio.sleep(6 * HOUR_S)
        assert_once_and_equal(shop, [order_id, later])


async def test_a_direction_that_is_paused_is_not_run_by_hand(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with governed(tmp_path, "2026-11-02T12:00", {PRICES: Schedule(cron=("0 3 * * *",))}) as watched:
        world = watched.world
        async with world.agent() as agent:
            for kind, name in (("run_now", PRICES), ("pause", PRICES), ("run_now", PRICES), ("run_now", PRODUCTS)):
                with world.look() as tx:
                    records.wish(
                        tx, at_ms=0, who="kim", kind=kind, shop=ShopKey("butik"), order_id=0, args={"direction": name}
                    )
                agent.shops[ShopKey("butik")].wishes.bell.ring()
                await trio.sleep(5)
            with world.look() as tx:
                found = [str(row[0]) for row in tx.execute("SELECT result FROM wishes ORDER BY wish_id")]
        assert found == ["done", "done", "direction_paused", "direction_unknown"]


async def test_once_comes_to_rest_in_the_quiet_hours_and_between_two_times(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    schedules = {ORDERS: Schedule(quiet=("22:00-06:00",)), PRICES: Schedule(cron=("0 3 * * *",))}
    async with governed(tmp_path, "2026-11-02T23:00", schedules) as watched:
        watched.raise_price()
        with trio.fail_after(1_800):
            assert await watched.world.run_once()
        assert watched.batches == []
        await watched.until(sweden("2026-11-03T06:30"))
        with trio.fail_after(1_800):
            assert await watched.world.run_once()
        assert watched.local(watched.batches) == ["03 06:30"]
