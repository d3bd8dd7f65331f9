"""Orders that change, and documents that people work with, while a command is on its way to Mamut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import trio
from trio.testing import MockClock

from agent.settings.tree import DocumentKindChoice, OrderSettings
from scenarios.play import shop_settings
from simulators.http import Request, Response
from simulators.mamut.lines import LineBody
from simulators.mamut.options import MamutOptions
from simulators.mamut.orders import OrderBody
from simulators.mamut.system import Mamut
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal


def unsure(shop: SmallShop) -> list[object]:
    journal = shop.world.journal()
    rows = journal.view(lambda tx: tx.execute("SELECT unsure FROM commands WHERE remote = 'mamut'").fetchall())
    journal.close()
    return [value for (value,) in rows]


async def known_buyer(shop: SmallShop) -> int:
    """An order already transferred, so that the next one of the same buyer needs a document and nothing else."""
    order_id = shop.order(2)
    await shop.world.run_once()
    await trio.sleep(300)
    return order_id


async def test_an_order_cancelled_while_the_agent_was_down_is_not_transferred(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        first = await known_buyer(shop)
        order_id = shop.order(2)
        shop.world.mamut.trouble.order("record_locked")
        async with shop.world.agent():
            await trio.sleep(1)
        assert unsure(shop) == [0]
        await trio.sleep(3600)
        shop.side.do("PUT", f"/orders/{order_id}", {"status": "cancelled"})
        await shop.world.run_once()
        assert_once_and_equal(shop, [first])
        assert shop.states()[order_id] == ("waiting", "BRY-W02")


async def test_an_order_edited_while_its_outcome_was_unknown_goes_over_as_it_is_now(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        first = await known_buyer(shop)
        shop.world.mamut.trouble.order("sql_timeout_mid_write", 4)
        order_id = shop.order(2)
        async with shop.world.agent():
            await trio.sleep(30)
            shop.side.do("PUT", f"/orders/{order_id}", {"shipping_lines": [{"method_id": "flat_rate", "total": "80"}]})
            await trio.sleep(600)
        assert_once_and_equal(shop, [first, order_id])
        assert shop.states()[order_id] == ("transferred", "")


async def test_an_order_edited_after_its_document_was_made_and_lost_sight_of_is_brought_up_to_date(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        first = await known_buyer(shop)
        shop.world.mamut.trouble.order("sql_timeout_after_write")
        order_id = shop.order(2)
        async with shop.world.agent():
            await trio.sleep(1)
        assert unsure(shop) == [1]
        await trio.sleep(3600)
        shop.side.do("PUT", f"/orders/{order_id}", {"shipping_lines": [{"method_id": "flat_rate", "total": "80"}]})
        await shop.world.run_once()
        assert_once_and_equal(shop, [first, order_id])
        assert "document_updated" in shop.story(order_id)


async def test_a_document_that_people_have_begun_to_deliver_is_adopted_and_not_cancelled(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        await known_buyer(shop)
        shop.world.mamut.trouble.order("sql_timeout_after_write")
        order_id = shop.order(2)
        async with shop.world.agent():
            await trio.sleep(1)
        (made,) = shop.world.mamut.orders_by_external_no(f"butik:{order_id}")
        shop.world.mamut.staff.deliver(made.order_no, {1: Decimal(1)})
        await shop.world.run_once()
        assert shop.states()[order_id] == ("transferred", "")
        assert [row.order_no for row in shop.world.mamut.orders_by_external_no(f"butik:{order_id}")] == [made.order_no]
        assert {str(row.status) for row in shop.world.mamut.orders()} == {
            "unprocessed_order",
            "processed_order",
            "backorder",
        }


async def test_two_documents_of_one_order_are_shown_to_a_person(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        await known_buyer(shop)
        shop.world.mamut.trouble.order("sql_timeout_after_write")
        order_id = shop.order(2)
        async with shop.world.agent():
            await trio.sleep(1)
        (made,) = shop.world.mamut.orders_by_external_no(f"butik:{order_id}")
        rows = [
            LineBody(product_no=row.product_no, qty=row.qty, line_sum=row.line_sum, vat_code=row.vat_code)
            for row in made.lines
        ]
        again = OrderBody(kind="order", external_no=made.external_no, contid=made.contid, lines=rows)
        shop.world.mamut.act("order.create", "", again)
        await shop.world.run_once()
        assert shop.states()[order_id] == ("held", "BRY-H22")


class SlowToAnswer:
    """A Mamut that makes a document and takes ten minutes to say so."""

    def __init__(self, mamut: Mamut) -> None:
        self._mamut = mamut

    def handle(self, request: Request) -> Response:
        response = self._mamut.handle(request)
        making = request.method == "POST" and request.path.endswith("/orders")
        return msgspec.structs.replace(response, work_ms=600_000.0) if making else response


async def test_a_document_under_way_when_the_agent_is_stopped_stays_unsure(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        first = await known_buyer(shop)
        shop.world.mamut.trouble.order("record_locked")
        order_id = shop.order(2)
        async with shop.world.agent() as agent:
            await trio.sleep(1)
            shop.world.mamut_server.pace = 1
            shop.world.mamut_server.simulator = SlowToAnswer(shop.world.mamut)
            await trio.sleep(5)
            agent.stop()
            await trio.sleep(60)
        assert unsure(shop) == [1]
        shop.world.mamut_server.pace = 0
        shop.world.mamut_server.simulator = shop.world.mamut
        await shop.world.run_once()
        assert_once_and_equal(shop, [first, order_id])


async def test_a_dead_order_is_not_sent_again_and_again_but_when_it_changes(
    opened: Opened, autojump_clock: MockClock
) -> None:
    closed = MamutOptions(closed_until=date(2026, 12, 31))
    settings = shop_settings(orders=OrderSettings(document=DocumentKindChoice.INVOICE))
    async with opened(settings=settings) as shop:
        shop.world.set_mamut(closed)
        shop.world.mamut.fill(1, products=10, contacts=5)
        order_id = shop.order()
        async with shop.world.agent():
            await trio.sleep(86_400)
            assert shop.side.shop.orders.all[order_id]
        assert shop.states()[order_id] == ("dead", "BRY-D01")
        assert shop.story(order_id).count("dead") == 1
        shop.world.change("butik", shop_settings())
        async with shop.world.agent():
            await trio.sleep(3600)
            assert not shop.world.documents()
            shop.side.do("PUT", f"/orders/{order_id}", {"status": "completed"})
            await trio.sleep(3600)
        assert_once_and_equal(shop, [order_id])
