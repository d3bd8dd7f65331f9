"""What a shop shows is what may be sold, whatever is sold while it is written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import trio
from trio.testing import MockClock

from agent.model.ids import ShopKey
from agent.settings.tree_goods import StockSettings
from scenarios.play import Play, play
from simulators.faults import Fault, FaultOptions
from tests.actors.stock_room import SECOND, StockRoom

ONE = {"butik": StockSettings()}
TWO = {"butik": StockSettings(), SECOND: StockSettings(buffer=2)}


@pytest.fixture
async def world(tmp_path: Path, autojump_clock: MockClock) -> AsyncIterator[Play]:
    async with play(tmp_path) as made:
        yield made


async def test_the_shop_shows_mamuts_figures_and_nothing_more_is_written(
    world: Play, autojump_clock: MockClock
) -> None:
    room = StockRoom(world, ONE)
    async with room.working():
        await room.rest()
        assert room.wrong() == {}
        assert len(room.writes()) == 1
        await room.rest(7200)
        assert len(room.writes()) == 1


# -- the shop's own sales ----------------------------------------------------------------------------------------------


async def test_a_sale_in_the_shop_needs_no_write(world: Play, autojump_clock: MockClock) -> None:
    """The shop has taken the pieces itself; when the order stands in Mamut they are reserved, and nothing changes."""
    room = StockRoom(world, ONE)
    async with room.working():
        await room.rest()
        room.forget_requests()
        for number in range(5):
            room.buy("butik", ("B-00001", 1), (f"B-0000{number + 2}", 2))
            await room.rest(90)
        await room.rest(1200)
        assert not room.unbooked()
        assert room.wrong() == {}
        assert room.shown()["B-00001"] == 15
        assert room.writes() == []


async def test_a_sale_before_the_figures_are_read_counts(world: Play, autojump_clock: MockClock) -> None:
    room = StockRoom(world, ONE)
    room.buy("butik", ("B-00001", 3), status="on-hold")
    async with room.working():
        await room.rest()
        assert room.shown()["B-00001"] == 17
        assert room.wrong() == {}


async def test_a_sale_between_the_look_and_the_write_is_found_by_the_next_look(
    world: Play, autojump_clock: MockClock
) -> None:
    room = StockRoom(world, ONE)
    async with room.working():
        await room.rest()
        for times in range(1, 4):
            room.before_write.append(lambda: room.buy("butik", ("B-00001", 2), status="on-hold") and None)
            world.mamut.staff.count("B-00001", Decimal(30 + times))
            await room.rest()
            assert room.shown()["B-00001"] == 30 + times - 2 * times
            assert room.wrong() == {}


async def test_a_sale_right_after_the_write_is_not_taken_for_one_before(world: Play, autojump_clock: MockClock) -> None:
    room = StockRoom(world, ONE)
    async with room.working():
        await room.rest()
        for second in (0.0, 0.9, 1.1, 2.5, 4.0):
            seen = len(room.writes())
            world.mamut.staff.count("B-00001", Decimal(100))
            while len(room.writes()) == seen:  # noqa: ASYNC110 - what the shop has been sent, seen from outside
                await trio.sleep(0.05)
            await trio.sleep(second)
            room.buy("butik", ("B-00001", 1))
            await room.rest()
            assert room.wrong() == {}
            world.mamut.staff.count("B-00001", Decimal(50))
            await room.rest()
            assert room.wrong() == {}


@pytest.mark.parametrize("status", ["cancelled", "failed", "refunded", "trash"])
async def test_what_an_order_gives_up_can_be_sold_again(world: Play, autojump_clock: MockClock, status: str) -> None:
    room = StockRoom(world, ONE)
    async with room.working():
        await room.rest()
        order_id = room.buy("butik", ("B-00001", 3), status="on-hold")
        await room.rest()
        assert room.shown()["B-00001"] == 17
        if status == "trash":
            room.side().do("DELETE", f"/orders/{order_id}")
            await room.rest(7_400)
        else:
            room.set_status(order_id, status)
            await room.rest()
        assert room.shown()["B-00001"] == 20


async def test_an_order_made_and_cancelled_around_a_write_leaves_nothing_behind(
    world: Play, autojump_clock: MockClock
) -> None:
    """The shop gives the piece back to a figure that never was without it: only the times tell."""
    room = StockRoom(world, ONE)
    async with room.working():
        await room.rest()
        made: list[int] = []
        room.before_write.append(lambda: made.append(room.buy("butik", ("B-00001", 4), status="on-hold")))
        world.mamut.staff.count("B-00001", Decimal(30))
        while not made:  # noqa: ASYNC110 - what the shop has been sent, seen from outside
            await trio.sleep(0.05)
        await trio.sleep(1)
        room.set_status(made[0], "cancelled")
        await room.rest()
        assert room.shown()["B-00001"] == 30


async def test_a_refund_that_puts_goods_back_offers_nothing_that_mamut_still_reserves(
    world: Play, autojump_clock: MockClock
) -> None:
    room = StockRoom(world, ONE)
    async with room.working():
        await room.rest()
        order_id = room.buy("butik", ("B-00001", 3))
        await room.rest(900)
        order = room.side().do("GET", f"/orders/{order_id}")
        line = order["line_items"][0]["id"]
        room.side().do(
            "POST",
            f"/orders/{order_id}/refunds",
            {"api_refund": False, "line_items": [{"id": line, "quantity": 2, "refund_total": 200}]},
        )
        assert room.shown()["B-00001"] == 19
        await room.rest()
        assert room.shown()["B-00001"] == 17
        assert room.wrong() == {}


# -- two shops and a till ----------------------------------------------------------------------------------------------


async def test_what_one_shop_sells_the_other_no_longer_offers(world: Play, autojump_clock: MockClock) -> None:
    room = StockRoom(world, TWO)
    async with room.working():
        await room.rest()
        room.buy("butik", ("B-00001", 20), status="on-hold")
        await room.rest(130)
        assert room.unbooked() == {"B-00001": 20}
        assert room.shown(SECOND)["B-00001"] == 0
        assert room.wrong() == {}


async def test_a_burst_of_300_sales_in_the_till_reaches_every_shop(world: Play, autojump_clock: MockClock) -> None:
    room = StockRoom(world, TWO, goods=30)
    chance = Random(7)
    async with room.working():
        await room.rest()
        room.forget_requests()
        for _ in range(300):
            room.till(chance.choice(room.goods))
        await room.rest()
        assert room.wrong() == {}
        assert len(room.writes("butik")) == 1
        assert len(room.writes(SECOND)) == 1


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_sells_wherever_the_figures_end_exact(world: Play, autojump_clock: MockClock, seed: int) -> None:
    room, chance = StockRoom(world, TWO), Random(seed)
    async with room.working():
        for _ in range(60):
            await happen(room, chance)
            await trio.sleep(chance.choice((0, 0.3, 1, 3, 20, 61, 300)))
        await room.rest(1500)
        assert room.wrong() == {}


async def happen(room: StockRoom, chance: Random) -> None:
    sku, key = chance.choice(room.goods[:4]), chance.choice(list(room.profiles))
    match chance.randrange(6):
        case 0 | 1:
            room.buy(key, (sku, chance.randint(1, 3)), status=chance.choice(("on-hold", "processing", "pending")))
        case 2:
            room.till(sku, chance.randint(1, 3))
        case 3:
            room.world.mamut.staff.count(sku, Decimal(chance.randint(0, 40)))
        case 4:
            orders = list(room.side(key).orders().values())
            waiting = [order["id"] for order in orders if order["status"] in ("on-hold", "pending")]
            if waiting:
                status = chance.choice(("processing", "cancelled", "on-hold", "failed"))
                room.set_status(chance.choice(waiting), status, key)
        case 5:
            status = chance.choice(("on-hold", "processing"))
            room.before_write.append(lambda: room.buy(key, (sku, 1), status=status) and None)


# -- kills and faults --------------------------------------------------------------------------------------------------


async def test_a_life_that_ends_at_any_step_leaves_nothing_wrong(world: Play, autojump_clock: MockClock) -> None:
    room, chance = StockRoom(world, TWO), Random(3)
    for moment in range(60):
        async with room.working(kill_at=4 + moment * 7 % 120):
            await happen(room, chance)
            await trio.sleep(chance.choice((30, 100, 320)))
    async with room.working():
        await room.rest(1500)
        assert room.wrong() == {}


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_of_the_shops_network_leaves_nothing_wrong(
    world: Play, autojump_clock: MockClock, fault: Fault
) -> None:
    room, chance = StockRoom(world, TWO), Random(5)
    for side in world.shops.values():
        world.faults(side.server, FaultOptions(share=0.3, faults=(fault,), seed=11))
    async with room.working():
        for _ in range(20):
            await happen(room, chance)
            await trio.sleep(chance.choice((1, 20, 61, 300)))
        for side in world.shops.values():
            world.faults(side.server, FaultOptions(share=0.0))
        await room.rest(3000)
        assert room.wrong() == {}


async def test_nothing_is_written_before_every_shops_sales_are_known(world: Play, autojump_clock: MockClock) -> None:
    room = StockRoom(world, TWO)
    room.buy(SECOND, ("B-00001", 5), status="on-hold")
    world.network.refuse(f"{SECOND}.example", refuse=True)
    async with room.working() as agent:
        await room.rest()
        assert room.writes("butik") == []
        assert not agent.shops[ShopKey("butik")].goods.idle
        world.network.refuse(f"{SECOND}.example", refuse=False)
        await room.rest(1200)
        assert room.wrong() == {}
        assert agent.shops[ShopKey("butik")].goods.idle


async def test_a_figure_that_somebody_changed_in_the_shop_is_put_right_within_a_day(
    world: Play, autojump_clock: MockClock
) -> None:
    room = StockRoom(world, ONE, slow_s=3600.0)
    async with room.working():
        await room.rest()
        product_id = room.ids["butik"]["B-00003"]
        room.side().do("PUT", f"/products/{product_id}", {"stock_quantity": 99})
        await room.rest(90_000)
        assert room.wrong() == {}


@pytest.mark.parametrize("off_s", [-7000.0, -3.0, 3.0, 7000.0])
async def test_a_shop_whose_clock_is_wrong_shows_what_may_be_sold(
    world: Play, autojump_clock: MockClock, off_s: float
) -> None:
    room, chance = StockRoom(world, TWO), Random(9)
    room.side().clock_off_s = off_s
    async with room.working():
        for _ in range(25):
            await happen(room, chance)
            await trio.sleep(chance.choice((0, 1, 3, 20, 61, 300)))
        await room.rest(1500)
        assert room.wrong() == {}
