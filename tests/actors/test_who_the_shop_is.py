"""A shop that is no longer the one it was: nothing is read from it or written to it until a person has said so."""

from __future__ import annotations

import trio
from trio.testing import MockClock

from scenarios.play import ShopSide
from simulators.faults import Fault, FaultOptions
from simulators.woocommerce.options import ShopOptions
from tests.actors.small_shop import Opened, SmallShop


async def a_mark_is_left_to_write(shop: SmallShop) -> int:
    """An order stands in Mamut, and the shop was gone before it could be told."""
    order_id = shop.order()
    shop.world.mamut_server.latency_s = 0.5
    async with shop.world.agent():
        for _ in range(100):
            if shop.world.documents():
                break
            await trio.sleep(0.1)
        shop.world.faults(shop.side.server, FaultOptions(share=1.0, faults=(Fault.STATUS_503,)))
        await trio.sleep(5)
    return order_id


async def test_nothing_is_written_to_a_copy_of_the_shop(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_id = await a_mark_is_left_to_write(shop)
        copy = ShopSide("butik", shop.world.calendar, 2, ShopOptions(home="https://kopia.example"))
        shop.world.network.put("butik.example", copy.server)
        original, shop.side = shop.side, copy
        shop.goods = [copy.do("POST", "/products", {"name": "Vara", "regular_price": "10"})["id"] for _ in range(10)]
        assert shop.order() == order_id
        async with shop.world.agent():
            await trio.sleep(600)
        assert not [row for row in copy.orders()[order_id]["meta_data"] if "mamut" in row["key"]]
        shop.world.network.put("butik.example", original.server)
