"""The package's limit over several shops and months: nothing more goes than it allows, and nothing stays for ever."""

from __future__ import annotations

import msgspec
import trio
from trio.testing import MockClock

from scenarios.play import shop_settings
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal


def limit(shop: SmallShop, orders: int) -> None:
    shop.world.settings = msgspec.structs.replace(shop.world.settings, premium_limit=orders)


def transferred(shop: SmallShop) -> list[str]:
    return sorted(shop.world.documents())


async def test_room_that_older_orders_do_not_need_goes_to_the_next(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        limit(shop, 3)
        strange = shop.side.do("POST", "/products", {"name": "Okänd", "sku": "OKÄND-1", "regular_price": "10"})["id"]
        held = [shop.order(0, line_items=[{"product_id": strange, "quantity": 1}]) for _ in range(3)]
        good = [shop.order(number) for number in range(4)]
        await shop.world.run_once()
        assert_once_and_equal(shop, good[:3])
        assert [shop.states()[order_id] for order_id in held] == [("held", "BRY-H02")] * 3
        assert shop.states()[good[3]] == ("held", "BRY-H01")


async def test_a_shop_that_was_closed_keeps_no_room_from_the_others(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as closed:
        limit(closed, 2)
        open_shop = SmallShop(closed.world, shop_settings("andra"))
        for number in range(5):
            closed.order(number)
        await trio.sleep(3600)
        others = [open_shop.order(number) for number in range(3)]
        await trio.sleep(300)
        await closed.world.run_once()
        assert not [name for name in transferred(closed) if name.startswith("andra")]
        closed.world.change("butik", shop_settings(enabled=False))
        await closed.world.run_once()
        await trio.sleep(32 * 86_400)
        await closed.world.run_once()
        assert [name for name in transferred(closed) if name.startswith("andra")] == [
            f"andra:{order_id}" for order_id in others[:2]
        ]


async def test_orders_held_last_month_go_before_another_shops_new_ones(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as first:
        limit(first, 2)
        second = SmallShop(first.world, shop_settings("andra"))
        old = [first.order(number) for number in range(4)]
        await trio.sleep(300)
        await first.world.run_once()
        await trio.sleep(32 * 86_400)
        for number in range(2):
            second.order(number)
        await first.world.run_once()
        assert transferred(first) == sorted(f"butik:{order_id}" for order_id in old)


async def test_an_order_that_changes_while_it_waits_keeps_its_room(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        limit(shop, 1)
        shop.world.mamut.trouble.order("record_locked", 3)
        order_id = shop.order()
        async with shop.world.agent():
            await trio.sleep(10)
            shop.side.do("PUT", f"/orders/{order_id}", {"status": "completed"})
            await trio.sleep(900)
        assert_once_and_equal(shop, [order_id])
        assert "held" not in shop.story(order_id)
