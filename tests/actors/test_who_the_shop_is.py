"""A shop that is no longer the one it was: nothing is read from it or written to it until a person has said so."""

from __future__ import annotations

import msgspec
import trio
from trio.testing import MockClock

from agent.journal import orders, records
from agent.model.ids import ShopKey
from scenarios.play import ShopSide, shop_settings
from simulators.faults import Fault, FaultOptions
from simulators.mamut.options import Quirks
from simulators.mamut.trouble import Trouble
from simulators.woocommerce.options import ShopOptions
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal


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


async def test_an_accepted_shop_may_have_given_old_ids_to_new_orders(opened: Opened, autojump_clock: MockClock) -> None:
    """A backup from before the last orders is brought back; their ids are given again, to orders just like them."""
    async with opened() as shop:
        old = [shop.order(number) for number in range(3)]
        await shop.world.run_once()
        documents = shop.world.documents()
        await trio.sleep(6 * 3600)
        restored = SmallShop(shop.world, shop_settings(), seed=2)
        shop.world.settings = msgspec.structs.replace(shop.world.settings, shop=(shop_settings(),))
        assert [restored.order(number) for number in range(3)] == old
        async with shop.world.agent() as agent:
            await trio.sleep(600)
            assert agent.journal.view(records.frozen_shops) == ("butik",)
            await restored.wish(agent, "accept")
            await trio.sleep(600)
            assert agent.journal.view(records.frozen_shops) == ()
            new = restored.order(5)
            await trio.sleep(600)
        states = restored.states()
        assert [states[order_id] for order_id in old] == [("held", "BRY-H23")] * 3
        assert states[new] == ("transferred", "")
        assert set(shop.world.documents()) == {*documents, f"butik:{new}"}


async def test_orders_of_a_frozen_shop_say_so_and_go_on_when_it_is_accepted(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        first = [shop.order(number) for number in range(3)]
        await shop.world.run_once()
        shop.world.mamut.trouble.order("record_locked", 1000)
        late = shop.order(7)
        async with shop.world.agent() as agent:
            await trio.sleep(90)
            shop.side.shop.options = msgspec.structs.replace(shop.side.options, home="https://flyttad.example")
        async with shop.world.agent() as agent:
            await trio.sleep(90)
            (row,) = agent.journal.view(lambda tx: orders.with_reasons(tx, ShopKey("butik"), ("BRY-W07",)))
            assert row.order_id == late
            shop.world.mamut.trouble = Trouble(Quirks(), 1)
            await shop.wish(agent, "accept")
            await trio.sleep(900)
        assert_once_and_equal(shop, [*first, late])
