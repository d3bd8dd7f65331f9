"""How fast a shop is asked: what it shows of itself decides how many at once, and a budget how many a minute."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest
import trio
from trio.testing import MockClock

from agent.remote.pace import ORDERS_IN_A_ROW, Lane, Pace, kind_of
from agent.remote.trouble import Trouble, TroubleKind

KIND = "GET /products"


async def ask(pace: Pace, lane: Lane = Lane.ORDERS, *, took_s: float = 0.1, status: int = 200) -> float:
    """One request through the gate; when it left."""
    left = await pace.enter(lane)
    try:
        await trio.sleep(took_s)
        pace.answered(KIND, left, status, None)
    finally:
        pace.leave(lane)
    return left


async def most_at_once(pace: Pace, lane: Lane, requests: int = 12) -> int:
    """How many of these requests are under way at the same time, at most."""
    most = 0

    async def one() -> None:
        nonlocal most
        left = await pace.enter(lane)
        most = max(most, pace.shown().under_way)
        await trio.sleep(0.1)
        pace.answered(KIND, left, 200, None)
        pace.leave(lane)

    async with trio.open_nursery() as nursery:
        for _ in range(requests):
            nursery.start_soon(one)
    return most


# -- how many at once -------------------------------------------------------------------------------------------------


async def test_all_places_are_taken_while_the_shop_answers_well(autojump_clock: MockClock) -> None:
    assert await most_at_once(Pace(4), Lane.ORDERS) == 4


async def test_goods_leave_one_place_free_for_orders(autojump_clock: MockClock) -> None:
    assert await most_at_once(Pace(4), Lane.GOODS) == 3
    assert await most_at_once(Pace(1), Lane.GOODS) == 1


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_shop_that_is_overloaded_is_asked_half_as_much_at_once(autojump_clock: MockClock, status: int) -> None:
    pace = Pace(8)
    await ask(pace, status=status)
    shown = pace.shown()
    assert (shown.limit, shown.most, shown.lowered) == (4, 8, f"http_{status}")
    assert await most_at_once(pace, Lane.ORDERS) == 4


async def test_an_answer_that_is_lost_lowers_it_too(autojump_clock: MockClock) -> None:
    pace = Pace(8)
    pace.lost(await pace.enter(Lane.ORDERS))
    pace.leave(Lane.ORDERS)
    assert (pace.shown().limit, pace.shown().lowered) == (4, "answer_lost")


async def test_what_was_under_way_together_lowers_it_once(autojump_clock: MockClock) -> None:
    pace = Pace(8)
    async with trio.open_nursery() as nursery:
        for took_s in (0.1, 0.2, 0.3, 0.4):
            nursery.start_soon(partial(ask, pace, took_s=took_s, status=503))
    assert pace.shown().limit == 4
    await ask(pace, status=503)
    assert pace.shown().limit == 2


async def test_it_is_never_less_than_one_and_comes_back_with_good_answers(autojump_clock: MockClock) -> None:
    pace = Pace(3)
    for _ in range(5):
        await ask(pace, status=503)
    assert pace.shown().limit == 1
    seen = []
    for _ in range(30):
        await ask(pace)
        seen.append(pace.shown().limit)
    assert seen[5] == 1
    assert seen[-1] == 3
    assert seen == sorted(seen)


async def test_an_answer_far_slower_than_its_like_lowers_it(autojump_clock: MockClock) -> None:
    pace = Pace(4)
    for _ in range(6):
        await ask(pace, took_s=0.5)
    await ask(pace, took_s=2.0)
    assert (pace.shown().limit, pace.shown().lowered) == (2, "slow")


async def test_what_is_always_slow_is_not_slow(autojump_clock: MockClock) -> None:
    pace = Pace(4)
    for _ in range(30):
        await ask(pace, took_s=8.0)
    assert pace.shown().limit == 4


async def test_a_quick_shop_may_be_a_little_less_quick(autojump_clock: MockClock) -> None:
    pace = Pace(4)
    for _ in range(10):
        await ask(pace, took_s=0.02)
    await ask(pace, took_s=0.9)
    assert pace.shown().limit == 4


def test_requests_are_compared_with_their_like() -> None:
    path = "/wc/v3/products/12/variations"
    assert kind_of("GET", path, 40_000) == kind_of("GET", "/wc/v3/products/9/variations", 45_000)
    assert kind_of("GET", path, 40_000) != kind_of("GET", path, 2)
    assert kind_of("GET", "/wc/v3/orders/1", 500) != kind_of("PUT", "/wc/v3/orders/1", 500)


# -- left alone -------------------------------------------------------------------------------------------------------


async def refused_after(pace: Pace, retry_after_s: float) -> None:
    left = await pace.enter(Lane.GOODS)
    pace.answered(KIND, left, 429, retry_after_s)
    pace.leave(Lane.GOODS)


async def test_nobody_asks_before_the_time_that_the_shop_has_named(autojump_clock: MockClock) -> None:
    pace = Pace(4)
    await refused_after(pace, 3.0)
    before = trio.current_time()
    assert pace.shown().closed_s == 3.0
    assert await ask(pace) == before + 3.0


async def test_a_long_time_is_told_and_not_waited_for(autojump_clock: MockClock) -> None:
    pace = Pace(4)
    await refused_after(pace, 600.0)
    await trio.sleep(100)
    with pytest.raises(Trouble) as raised:
        await pace.enter(Lane.ORDERS)
    trouble = raised.value
    assert (trouble.kind, trouble.problem, trouble.retry_after_s) == (TroubleKind.NOT_NOW, "asked_to_wait", 500.0)
    assert trouble.fault is not None
    assert pace.shown().asked_last_minute == 0
    await trio.sleep(500)
    await ask(pace)


async def test_those_in_line_are_told_too(autojump_clock: MockClock) -> None:
    pace = Pace(1)
    told: list[str] = []

    async def wait() -> None:
        try:
            await ask(pace)
        except Trouble as trouble:
            told.append(trouble.problem)

    left = await pace.enter(Lane.ORDERS)
    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(wait)
        await trio.testing.wait_all_tasks_blocked()
        pace.answered(KIND, left, 503, 60.0)
        pace.leave(Lane.ORDERS)
    assert told == ["asked_to_wait"] * 3
    assert (pace.shown().waiting, pace.shown().under_way) == (0, 0)


# -- the budget -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("budget", "seed"), [(10, 1), (60, 2), (600, 3)])
async def test_no_minute_sees_more_than_the_budget(autojump_clock: MockClock, budget: int, seed: int) -> None:
    pace = Pace(4, budget)
    chance = Random(seed)
    departures: list[float] = []

    async def worker(lane: Lane) -> None:
        for _ in range(budget):
            departures.append(await ask(pace, lane, took_s=chance.uniform(0.0, 0.05)))
            if chance.random() < 2 / budget:
                await trio.sleep(chance.uniform(0, 30))

    async with trio.open_nursery() as nursery:
        for lane in (Lane.ORDERS, Lane.GOODS, Lane.GOODS):
            nursery.start_soon(worker, lane)
    departures.sort()
    assert len(departures) == 3 * budget
    for number, left in enumerate(departures):
        assert sum(left <= other < left + 60 for other in departures[number:]) <= budget
    # Nor is it so careful that it leaves the budget unused: three minutes' worth takes little more than three minutes.
    assert departures[-1] - departures[0] < 60 * 3 / 0.9 + 120


async def test_a_tenth_of_the_budget_may_go_at_once(autojump_clock: MockClock) -> None:
    pace = Pace(50, 300)
    began = trio.current_time()
    departures: list[float] = []

    async def one() -> None:
        departures.append(await ask(pace, took_s=0.0))

    async with trio.open_nursery() as nursery:
        for _ in range(40):
            nursery.start_soon(one)
    assert sum(left == began for left in departures) == 30
    shown = pace.shown()
    assert (shown.asked_last_minute, shown.requests_a_minute) == (40, 300)
    assert shown.waited_s > 0
    await trio.sleep(120)
    assert pace.shown().asked_last_minute == 0


async def test_without_a_budget_nothing_waits(autojump_clock: MockClock) -> None:
    pace = Pace(4)
    began = trio.current_time()
    for _ in range(2000):
        await ask(pace, took_s=0.0)
    assert trio.current_time() == began
    assert pace.shown().waited_s == 0


# -- whose turn -------------------------------------------------------------------------------------------------------


async def test_orders_go_before_goods_that_came_first(autojump_clock: MockClock) -> None:
    pace = Pace(1)
    went: list[str] = []

    async def one(lane: Lane, name: str) -> None:
        await ask(pace, lane)
        went.append(name)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(one, Lane.GOODS, "first")
        await trio.testing.wait_all_tasks_blocked()
        for number in range(3):
            nursery.start_soon(one, Lane.GOODS, f"goods {number}")
            await trio.testing.wait_all_tasks_blocked()
        nursery.start_soon(one, Lane.ORDERS, "order")
        await trio.testing.wait_all_tasks_blocked()
    assert went == ["first", "order", "goods 0", "goods 1", "goods 2"]


async def test_goods_are_not_starved_by_a_flood_of_orders(autojump_clock: MockClock) -> None:
    pace = Pace(1)
    went: list[Lane] = []

    async def flood(lane: Lane, requests: int) -> None:
        for _ in range(requests):
            await ask(pace, lane)
            went.append(lane)

    async with trio.open_nursery() as nursery:
        for _ in range(3):
            nursery.start_soon(flood, Lane.ORDERS, 30)
        nursery.start_soon(flood, Lane.GOODS, 5)
    fifth = [place for place, lane in enumerate(went) if lane is Lane.GOODS][4]
    assert fifth <= 5 * (ORDERS_IN_A_ROW + 1)


async def test_a_request_that_is_given_up_frees_its_place_in_the_line(autojump_clock: MockClock) -> None:
    pace = Pace(1)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(partial(ask, pace, took_s=5.0))
        await trio.testing.wait_all_tasks_blocked()
        with trio.move_on_after(1.0):
            await pace.enter(Lane.ORDERS)
        assert pace.shown().waiting == 0
        assert await ask(pace, Lane.GOODS) == 5.0
    assert pace.shown().under_way == 0
