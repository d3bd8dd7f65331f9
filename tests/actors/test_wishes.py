"""What people ask for is done at once, whatever the agent is busy with."""

from __future__ import annotations

import trio
from trio.testing import MockClock

from tests.actors.small_shop import Opened, SmallShop


def results(shop: SmallShop) -> list[str]:
    journal = shop.world.journal()
    rows = journal.view(lambda tx: tx.execute("SELECT result FROM wishes ORDER BY wish_id").fetchall())
    journal.close()
    return [str(result) for (result,) in rows]


async def test_an_order_is_excluded_while_a_long_pile_waits_for_mamut(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        lines = [{"product_id": shop.goods[0], "quantity": 1}]
        order_ids = [shop.order(1, line_items=lines, shipping_lines=[]) for _ in range(420)]
        shop.world.mamut.trouble.order("record_locked", 1_000_000)
        async with shop.world.agent() as agent:
            await trio.sleep(120)
            await shop.wish(agent, "exclude", order_ids[-1])
            await trio.sleep(120)
        assert results(shop) == ["done"]
        assert shop.states()[order_ids[-1]] == ("excluded", "BRY-X03")
