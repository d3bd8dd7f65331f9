"""What the Mamut port tells of articles, stock, prices and documents is what the company holds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest
from trio.testing import MockClock

from agent.model.goods import (
    CategoryPrice,
    DeliveryLine,
    GroupDiscount,
    OpenItem,
    Parcel,
    PriceCard,
    StockCard,
    VariantOf,
    WarehouseLevel,
)
from agent.model.reasons import Fault
from agent.remote.trouble import Trouble, TroubleKind
from simulators.http import Request, Response
from simulators.mamut import orders, products, records
from simulators.mamut.contacts import ContactBody
from simulators.mamut.lines import LineBody
from simulators.mamut.system import Mamut
from tests.remote.mamut_side import mamut_side

D = Decimal


async def test_a_card_carries_all_that_a_shop_is_to_show(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.product(
            "T-1",
            text="Av ull",
            unit="st",
            weight=D("0.450"),
            ean="7350000000017",
            vat_out=4,
            group=2,
            price_out=D("199.96"),
            properties=["Storlek", "Färg"],
            varies_by=["price", "stock"],
        )
        side.product("T-1-S", variant=products.VariantBody(main="T-1", property1="S", property2="Röd"))
        side.product("TJ", use_store=False, web=False, inactive=True)
        page = await side.port.list_articles(1, 100)
        main, variant, service = page.rows
        assert page.total == 4
        assert (main.pk, main.product_no, main.description) == (2, "T-1", "Vara T-1")
        assert (main.text, main.unit, main.weight, main.ean) == ("Av ull", "st", D("0.450"), "7350000000017")
        assert (main.vat_code, main.group, main.price_out) == (4, 2, D("199.9600"))
        assert (main.properties, main.varies_by) == (("Storlek", "Färg"), ("price", "stock"))
        assert variant.variant == VariantOf(main="T-1", property1="S", property2="Röd")
        assert (service.keeps_stock, service.web, service.inactive) == (False, False, True)


async def test_pages_go_through_the_whole_register_once(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.mamut.fill(7, products=23)
        numbers: list[str] = []
        offset, total = 0, 1
        while offset < total:
            page = await side.port.list_articles(offset, 5)
            numbers += [row.product_no for row in page.rows]
            offset, total = offset + 5, page.total
        assert numbers == ["DESCRIPTION", *(f"B-{number:05d}" for number in range(1, 24))]


async def test_stock_is_told_by_warehouse_and_services_are_no_rows(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.product("A-1")
        side.product("TJ", use_store=False)
        side.mamut.staff.count("A-1", D(5))
        side.mamut.staff.count("A-1", D(2), warehouse=3)
        side.mamut.staff.expect("A-1", D(12))
        side.mamut.act("contact.create", body=ContactBody(name="Maja Exempel"))
        side.mamut.act("order.create", body=orders.OrderBody(contid=1, lines=[LineBody(product_no="A-1", qty=D(4))]))
        card = StockCard(
            product_no="A-1",
            levels=(
                WarehouseLevel(warehouse=1, on_hand=D("5.00"), reserved=D("4.00"), on_purchase=D("12.00")),
                WarehouseLevel(warehouse=3, on_hand=D("2.00")),
            ),
        )
        page = await side.port.list_stock(0, 100)
        assert (page.rows, page.total) == ((card,), 3)
        assert await side.port.find_stock(("TJ", "A-1", "finns inte")) == (card,)


async def test_prices_bring_what_departs_from_the_base(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.product("A-1", price_out=D(80))
        campaign = records.CategoryPrice(3, price=D(60), valid_from=date(2026, 11, 20), valid_to=date(2026, 11, 30))
        reseller = records.CategoryPrice(2, percent=D("12.5"))
        side.mamut.staff.set_price("A-1", rules=records.PriceRules(categories=[reseller, campaign]))
        side.mamut.staff.set_discounts([records.GroupDiscount(2, 4, D(10))])
        card = PriceCard(
            product_no="A-1",
            price_out=D("80.0000"),
            categories=(
                CategoryPrice(category=2, percent=D("12.50")),
                CategoryPrice(
                    category=3, price=D("60.0000"), valid_from=date(2026, 11, 20), valid_to=date(2026, 11, 30)
                ),
            ),
        )
        assert (await side.port.list_prices(1, 1)).rows == (card,)
        assert await side.port.find_prices(("A-1",)) == (card,)
        assert await side.port.discounts() == (GroupDiscount(category=2, group=4, percent=D("10.00")),)


async def test_more_keys_than_mamut_takes_at_once_are_dealt_out(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.mamut.fill(7, products=230)
        numbers = tuple(f"B-{number:05d}" for number in range(1, 231))
        assert tuple(card.product_no for card in await side.port.find_stock(numbers)) == numbers
        assert tuple(card.product_no for card in await side.port.find_prices(numbers)) == numbers
        assert side.net.sent == 1 + 3 + 3


async def test_a_part_delivery_leaves_a_backorder_that_hangs_on_its_parent(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.product("A-1", price_out=D(80))
        staff = side.mamut.staff
        staff.count("A-1", D(2))
        side.mamut.act("contact.create", body=ContactBody(name="Maja Exempel"))
        lines = [LineBody(product_no="A-1", qty=D(5), line_sum=D(400))]
        side.mamut.act("order.create", body=orders.OrderBody(contid=1, external_no="butik:7", lines=lines))
        order_no = side.mamut.orders()[0].order_no
        staff.deliver(order_no, {1: D(2)}, [records.Tracking("PostNord", "RR1SE", "https://spar.example/RR1SE")])

        (state,) = await side.port.document_states(("butik:7", "butik:8"))
        assert (state.status, state.total, state.parent) == ("processed_order", D("200.00"), None)
        assert state.lines == (DeliveryLine(product_no="A-1", ordered=D("2.00"), delivered=D("2.00"), stock_item=True),)
        assert state.parcels == (Parcel(carrier="PostNord", number="RR1SE", url="https://spar.example/RR1SE"),)
        (child,) = state.children
        rest = await side.port.document_state(child)
        assert rest is not None
        assert (rest.status, rest.external_no, rest.parent, rest.total) == ("backorder", "", order_no, D("300.00"))
        assert rest.lines[0].delivered == D(0)
        assert await side.port.document_state(999_999_999) is None


async def test_the_ledger_tells_what_is_paid_and_what_came_back(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.product("A-1", price_out=D(80))
        staff = side.mamut.staff
        side.mamut.act("contact.create", body=ContactBody(name="Maja Exempel"))
        lines = [LineBody(product_no="A-1", qty=D(1), line_sum=D(80))]
        side.mamut.act("order.create", body=orders.OrderBody(contid=1, external_no="butik:7", lines=lines))
        order_no = side.mamut.orders()[0].order_no
        staff.deliver(order_no)
        number = staff.invoice(order_no).invoice_no
        assert number is not None
        assert await side.port.open_items((number,)) == (
            OpenItem(invoice_no=number, amount=D("100.00"), remaining=D("100.00")),
        )
        staff.pay(number)
        assert (await side.port.open_items((number, 1)))[0].remaining == 0
        staff.reopen(number, D(40))
        assert (await side.port.open_items((number,)))[0].remaining == D("40.00")


async def test_a_list_cut_short_is_no_answer(autojump_clock: MockClock) -> None:
    """In silence it would look like articles that are gone, and leave a gap that nobody sees."""
    async with mamut_side(simulator=Cutting) as side:
        side.mamut.fill(7, products=30)
        for listing in (side.port.list_articles, side.port.list_prices):
            with pytest.raises(Trouble) as caught:
                await listing(0, 20)
            assert (caught.value.kind, caught.value.problem) == (TroubleKind.NOT_NOW, "page_incomplete")
            assert caught.value.fault is Fault.MAMUT_ANSWER_BROKEN


async def test_a_reading_opens_a_lost_session_again(autojump_clock: MockClock) -> None:
    async with mamut_side() as side:
        side.mamut.fill(7, products=3)
        first = await side.port.list_stock(0, 10)
        side.mamut.sessions.end_all()
        assert await side.port.list_stock(0, 10) == first


class Cutting:
    """A Mamut that loses the last row of each page."""

    def __init__(self, mamut: Mamut) -> None:
        self._mamut = mamut

    def handle(self, request: Request) -> Response:
        answer = self._mamut.handle(request)
        page = msgspec.json.decode(answer.body) if answer.body else None
        if isinstance(page, dict) and "offset" in page:
            rows = next(value for value in page.values() if isinstance(value, list))
            rows.pop()
            return msgspec.structs.replace(answer, body=msgspec.json.encode(page))
        return answer
