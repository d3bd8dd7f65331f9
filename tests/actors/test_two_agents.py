"""A server was copied and both run: two agents, each with a journal of its own, on one shop and one Mamut."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock

from tests.actors.small_shop import Opened, assert_once_and_equal


@pytest.mark.parametrize("seed", range(1, 3))
async def test_two_agents_at_once_double_no_order_and_come_to_an_end(
    opened: Opened, autojump_clock: MockClock, seed: int
) -> None:
    async with opened(seed=seed) as shop:
        order_ids = [shop.order(number) for number in range(20)]
        shop.world.mamut_server.latency_s = 0.03 + seed / 100
        folder = shop.world.folder
        async with shop.world.agent():
            await trio.sleep(0.2 * seed)
            shop.world.folder = folder / "copy"
            async with shop.world.agent():
                await trio.sleep(1800)
        assert_once_and_equal(shop, order_ids)
        assert {state for state, _ in shop.states().values()} == {"transferred"}
