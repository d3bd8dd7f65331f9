"""What people ask for is done at once, whatever the agent is busy with."""

from __future__ import annotations

from decimal import Decimal

import trio
from trio.testing import MockClock

from agent.flows import DirectionName
from agent.journal import directions
from agent.model.ids import ShopKey
from agent.settings.tree import OrderRule, RuleThen
from scenarios.play import shop_settings
from simulators.mamut.lines import LineBody
from simulators.mamut.orders import OrderBody
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal


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
            await trio.sleep(20)
            await shop.wish(agent, "exclude", order_ids[-1])
            await trio.sleep(70)
        assert results(shop) == ["done"]
        assert shop.states()[order_ids[-1]] == ("excluded", "BRY-X03")


async def test_retry_lets_an_order_through_whose_document_is_missing(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_id = shop.order(meta_data=[{"key": "_brygga_mamut_order_no", "value": "777"}])
        async with shop.world.agent() as agent:
            await trio.sleep(120)
            assert not shop.world.documents()
            await shop.wish(agent, "retry", order_id)
            await trio.sleep(300)
        assert shop.reasons_told(order_id)[-1] == "BRY-H27"
        assert_once_and_equal(shop, [order_id])


async def test_retry_lets_an_order_through_that_a_rule_holds(opened: Opened, autojump_clock: MockClock) -> None:
    rules = (OrderRule(name="granska", then=RuleThen.HOLD), OrderRule(name="faktura", then=RuleThen.INVOICE))
    async with opened(settings=shop_settings(rules=rules)) as shop:
        order_id = shop.order()
        other = shop.order(1)
        async with shop.world.agent() as agent:
            await trio.sleep(120)
            await shop.wish(agent, "retry", order_id)
            await trio.sleep(300)
        assert_once_and_equal(shop, [order_id])
        assert shop.states()[other] == ("held", "BRY-H24")
        assert [str(row.status) for row in shop.world.mamut.orders()] == ["invoice"]


async def test_retry_lets_an_order_through_that_was_refunded_in_part(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        order_id = shop.order()
        shop.side.do("POST", f"/orders/{order_id}/refunds", {"amount": "10.00", "api_refund": False})
        async with shop.world.agent() as agent:
            await trio.sleep(120)
            await shop.wish(agent, "retry", order_id)
            await trio.sleep(300)
        assert shop.reasons_told(order_id)[-1] == "BRY-H15"
        assert_once_and_equal(shop, [order_id])


async def test_retry_lets_an_order_through_whose_payment_stands_on_another(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_ids = [shop.order(transaction_id="T-1") for _ in range(2)]
        async with shop.world.agent() as agent:
            await trio.sleep(120)
            await shop.wish(agent, "retry", order_ids[1])
            await trio.sleep(300)
        assert "BRY-H16" in shop.reasons_told(order_ids[1])
        assert_once_and_equal(shop, order_ids)


async def test_a_release_by_hand_is_over_when_a_person_holds_the_order_again(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened(settings=shop_settings(rules=(OrderRule(name="granska", then=RuleThen.HOLD),))) as shop:
        order_id = shop.order()
        shop.world.mamut.trouble.order("record_locked", 1000)
        async with shop.world.agent() as agent:
            for kind in ("retry", "hold", "retry"):
                await trio.sleep(120)
                await shop.wish(agent, kind, order_id)
            await trio.sleep(300)
        assert shop.states()[order_id] == ("held", "BRY-H24")
        assert not shop.world.documents()


async def test_a_cancelled_document_is_not_adopted(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened(settings=shop_settings(rules=(OrderRule(name="granska", then=RuleThen.HOLD),))) as shop:
        order_id = shop.order()
        line = LineBody(product_no="B-00001", qty=Decimal(1), line_sum=Decimal(10))
        shop.world.mamut.act("order.create", "", OrderBody(kind="order", contid=1, lines=[line]))
        (made,) = shop.world.mamut.orders()
        shop.world.mamut.staff.cancel(made.order_no)
        async with shop.world.agent() as agent:
            await trio.sleep(120)
            await shop.wish(agent, "adopt", order_id, mamut_order_no=str(made.order_no))
            await trio.sleep(120)
        assert results(shop) == ["document_cancelled"]
        assert shop.states()[order_id] == ("held", "BRY-H24")


async def test_orders_that_a_person_has_paused_wait_and_are_transferred_once_when_they_are_resumed(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        first = shop.order()
        async with shop.world.agent() as agent:
            await trio.sleep(120)
            assert_once_and_equal(shop, [first])
            await shop.wish(agent, "pause", direction="orders_to_mamut")
            await trio.sleep(61)
            later = [shop.order(), shop.order(1)]
            await trio.sleep(900)
            assert len(shop.world.documents()) == 1
            await shop.wish(agent, "resume", direction="orders_to_mamut")
            await trio.sleep(90)
        assert_once_and_equal(shop, [first, *later])
        assert results(shop) == ["done", "done"]


async def test_an_agent_that_runs_once_waits_for_no_paused_orders(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        await shop.world.run_once()
        with shop.world.look() as tx:
            directions.pause(tx, ShopKey("butik"), DirectionName.ORDERS_TO_MAMUT, "anna", 0)
        order_id = shop.order()
        with trio.fail_after(600):
            assert await shop.world.run_once()
        assert not shop.world.documents()
        with shop.world.look() as tx:
            directions.resume(tx, ShopKey("butik"), DirectionName.ORDERS_TO_MAMUT)
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id])
