"""Orders go over once and to the öre, whatever is killed, lost or broken on the way."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock

from simulators.faults import Fault, FaultOptions
from tests.actors.small_shop import Opened, assert_once_and_equal


async def test_a_paid_order_stands_in_mamut_once_and_carries_its_number(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_id = shop.order()
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id])
        (document,) = shop.world.mamut.orders()
        meta = {row["key"]: row["value"] for row in shop.side.orders()[order_id]["meta_data"]}
        assert meta["_brygga_mamut_order_no"] == str(document.order_no)
        assert shop.states() == {order_id: ("transferred", "")}


async def test_a_second_pass_writes_nothing(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(7)]
        await shop.world.run_once()
        before = {order_id: row["date_modified_gmt"] for order_id, row in shop.side.orders().items()}
        await trio.sleep(3600)
        await shop.world.run_once()
        assert {order_id: row["date_modified_gmt"] for order_id, row in shop.side.orders().items()} == before
        assert_once_and_equal(shop, order_ids)


async def test_ten_orders_of_one_new_customer_make_one_contact(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        contacts = len(shop.world.mamut.contacts())
        order_ids = [shop.order(3) for _ in range(10)]
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)
        assert len(shop.world.mamut.contacts()) == contacts + 1


async def test_a_lost_journal_doubles_nothing(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(5)]
        await shop.world.run_once()
        for path in shop.world.folder.glob("journal.db*"):
            path.unlink()
        order_ids += [shop.order(number) for number in range(5, 8)]
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)
        assert {state for state, _ in shop.states().values()} == {"transferred"}


async def test_an_agent_killed_at_every_step_in_turn_loses_and_doubles_nothing(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """Every durable step of orders_to_mamut, killed just before and just after it, one life after the other."""
    async with opened() as shop:
        order_ids = []
        for number in range(400):
            if number < 12:
                order_ids.append(shop.order(number % 4))
            # The first lives end at their first moment, later ones a little further on.
            if await shop.world.run_once(kill_at=number % 40):
                break
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)


@pytest.mark.parametrize("moment", range(30))
async def test_an_agent_killed_once_at_a_given_moment_goes_on_by_itself(
    opened: Opened, autojump_clock: MockClock, moment: int
) -> None:
    async with opened() as shop:
        contacts = len(shop.world.mamut.contacts())
        order_ids = [shop.order(number % 2) for number in range(4)]
        await shop.world.run_once(kill_at=moment)
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)
        assert len(shop.world.mamut.contacts()) == contacts + 2
        assert set(shop.states().values()) == {("transferred", "")}


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_of_mamuts_network_loses_and_doubles_nothing(
    opened: Opened, autojump_clock: MockClock, fault: Fault
) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(8)]
        shop.world.faults(shop.world.mamut_server, FaultOptions(share=0.3, faults=(fault,), seed=5))
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)


@pytest.mark.parametrize("fault", list(Fault))
async def test_a_fault_of_the_shops_network_loses_and_doubles_nothing(
    opened: Opened, autojump_clock: MockClock, fault: Fault
) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(8)]
        shop.world.faults(shop.side.server, FaultOptions(share=0.3, faults=(fault,), seed=7))
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)


@pytest.mark.parametrize("seed", range(10))
async def test_faults_everywhere_and_kills_lose_and_double_nothing(
    opened: Opened, autojump_clock: MockClock, seed: int
) -> None:
    async with opened(seed=seed) as shop:
        order_ids = [shop.order(number) for number in range(15)]
        shop.world.faults(shop.world.mamut_server, FaultOptions(share=0.2, seed=seed))
        shop.world.faults(shop.side.server, FaultOptions(share=0.2, seed=seed + 100))
        for moment in (5, 9, 14, 20):
            await shop.world.run_once(kill_at=moment + seed)
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)
        assert len({row.ext_id for row in shop.world.mamut.contacts() if row.ext_id}) == len(
            [row for row in shop.world.mamut.contacts() if row.ext_id]
        )
