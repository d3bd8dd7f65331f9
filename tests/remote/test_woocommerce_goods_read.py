"""A shop's products as they are read: found by number, by id, page by page, each as the model has it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from trio.testing import MockClock

from agent.model.goods import Choice, ProductKind, SalesPage, SeenProduct
from agent.remote.ports import SalesQuery
from agent.remote.trouble import Trouble, TroubleKind
from scenarios.stage import START
from simulators.http import Request, Response
from tests.remote.shop_bench import ShopBench, shop_bench


def goods(bench: ShopBench, count: int, **fields: object) -> list[int]:
    """Products A-001 and on; their ids."""
    rows = [{"name": f"Vara {at}", "sku": f"A-{at:03d}", **fields} for at in range(1, count + 1)]
    made = [
        bench.do("POST", "/products/batch", {"create": rows[at : at + 100]})["create"] for at in range(0, count, 100)
    ]
    return [row["id"] for part in made for row in part]


def shirt(bench: ShopBench) -> tuple[int, list[int]]:
    """A variable product with two variations; its id and theirs."""
    attributes = [
        {"name": "Färg", "options": ["Röd", "Blå"], "variation": True, "visible": True},
        {"name": "Material", "options": ["Bomull & lin"], "variation": False, "visible": False},
    ]
    parent = bench.do("POST", "/products", {"name": "Tröja", "type": "variable", "sku": "T", "attributes": attributes})
    ids = [
        bench.do("POST", f"/products/{parent['id']}/variations", {**fields, "attributes": [{**option}]})["id"]
        for fields, option in (
            ({"sku": "T-R", "regular_price": "199"}, {"name": "Färg", "option": "Röd"}),
            ({"regular_price": "209"}, {"name": "Färg", "option": "Blå"}),
        )
    ]
    return parent["id"], ids


# -- one product ------------------------------------------------------------------------------------------------------


async def test_a_product_is_read_as_the_shop_keeps_it(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        fields = {"regular_price": "99.50", "sale_price": "79", "manage_stock": True, "stock_quantity": -2}
        [product_id] = goods(bench, 1, **fields, status="private")
        bench.do("PUT", f"/products/{product_id}", {"name": "Kaffe & te <b>nu</b>"})
        [seen] = await bench.port.find_products(("A-001",))
    assert seen == SeenProduct(
        product_id=product_id,
        parent_id=0,
        kind=ProductKind.SIMPLE,
        sku="A-001",
        name="Kaffe & te nu",
        status="private",
        managed=True,
        stock_quantity=-2,
        word="outofstock",
        regular=Decimal("99.50"),
        sale=Decimal("79"),
        modified_at=START,
    )


async def test_a_product_without_prices_and_stock_has_none(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        goods(bench, 1)
        [seen] = await bench.port.find_products(("A-001",))
    assert (seen.regular, seen.sale, seen.managed, seen.stock_quantity) == (None, None, False, None)


async def test_the_attributes_of_a_variable_product_come_along_the_merchants_own_too(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, _ids = shirt(bench)
        [seen] = await bench.port.read_products((parent_id,))
    assert seen.kind is ProductKind.VARIABLE
    assert seen.choices == (
        Choice("Färg", ("Röd", "Blå"), 0, varies=True, visible=True),
        Choice("Material", ("Bomull & lin",), 0, varies=False, visible=False),
    )


@pytest.mark.parametrize("kind", ["grouped", "external"])
async def test_products_of_a_kind_that_no_article_stands_behind_are_of_another(
    autojump_clock: MockClock, kind: str
) -> None:
    async with shop_bench() as bench:
        goods(bench, 1, type=kind)
        [seen] = await bench.port.find_products(("A-001",))
    assert seen.kind is ProductKind.OTHER


# -- by article number ------------------------------------------------------------------------------------------------


async def test_products_and_variations_are_found_by_number_whatever_their_status(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        ids = goods(bench, 3)
        bench.do("PUT", f"/products/{ids[0]}", {"status": "draft"})
        bench.do("PUT", f"/products/{ids[1]}", {"status": "private"})
        parent_id, [red, _blue] = shirt(bench)
        found = await bench.port.find_products(("A-001", "a-002", "FINNS-INTE", " T-R "))
    assert [(seen.product_id, seen.parent_id, seen.kind.value) for seen in found] == [
        (ids[0], 0, "simple"),
        (ids[1], 0, "simple"),
        (red, parent_id, "variation"),
    ]


async def test_a_number_with_a_comma_is_found(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        made = bench.do("POST", "/products", {"name": "Komma", "sku": "A,B"})
        goods(bench, 1)
        found = await bench.port.find_products(("A-001", "A,B"))
    assert {seen.sku: seen.product_id for seen in found}["A,B"] == made["id"]
    assert len(found) == 2


async def test_no_number_is_not_a_question_for_everything(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        goods(bench, 3)
        assert await bench.port.find_products(("", "  ")) == ()
        assert await bench.port.read_products(()) == ()
        assert bench.asked == []


async def test_long_numbers_are_asked_for_in_addresses_that_servers_take(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        skus = tuple(f"{at:03d}-ÅÄÖ-{'X' * 40}" for at in range(100))
        bench.do("POST", "/products/batch", {"create": [{"name": "Lång", "sku": sku} for sku in skus]})
        found = await bench.port.find_products(skus)
        longest = max(len(exchange.query) for exchange in bench.asked)
    assert {seen.sku for seen in found} == set(skus)
    assert longest < 3_600


# -- by id and by page ------------------------------------------------------------------------------------------------


async def test_products_that_are_gone_are_left_out(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        ids = goods(bench, 3)
        bench.do("DELETE", f"/products/{ids[0]}")
        bench.do("DELETE", f"/products/{ids[1]}?force=true")
        found = await bench.port.read_products((*ids, 999_999))
    assert [seen.product_id for seen in found] == [ids[2]]


async def test_a_hundred_products_are_read_in_one_request(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        ids = goods(bench, 105)
        found = await bench.port.read_products(tuple(ids[:100]))
        assert len(bench.asked) == 1
    assert [seen.product_id for seen in found] == ids[:100]


async def test_pages_show_every_product_once_and_how_many_there_are(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        ids = goods(bench, 25)
        shirt(bench)
        seen: list[int] = []
        while True:
            page, total = await bench.port.list_products(len(seen), 10)
            assert total == 26
            seen += [product.product_id for product in page]
            if len(seen) >= total:
                break
        assert await bench.port.list_products(26, 10) == ((), 26)
    assert seen[:25] == ids
    assert seen == sorted(seen)


async def test_a_count_that_somebody_took_off_still_leads_to_the_next_page(autojump_clock: MockClock) -> None:
    def without_counts(_request: Request, response: Response) -> Response:
        kept = tuple(header for header in response.headers if not header[0].lower().startswith("x-wp"))
        return Response(status=response.status, headers=kept, body=response.body)

    async with shop_bench() as bench:
        goods(bench, 15)
        bench.answer_with(without_counts)
        assert (await bench.port.list_products(0, 10))[1] == 11
        assert (await bench.port.list_products(10, 10))[1] == 15


async def test_all_variations_come_however_many(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, _ids = shirt(bench)
        rows = [{"sku": f"T-{at}", "status": "private" if at % 2 else "publish"} for at in range(98)]
        for part in (rows[:50], rows[50:]):
            bench.do("POST", f"/products/{parent_id}/variations/batch", {"create": part})
        bench.side.trace.exchanges.clear()
        found = await bench.port.list_variations(parent_id)
        assert len(bench.asked) == 2  # A full page may have another behind it.
    assert len({seen.product_id for seen in found}) == 100
    assert {seen.parent_id for seen in found} == {parent_id}
    assert {seen.kind for seen in found} == {ProductKind.VARIATION}


async def test_a_shop_that_gives_the_same_page_again_and_again_is_told_of(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, _ids = shirt(bench)
        bench.do(
            "POST", f"/products/{parent_id}/variations/batch", {"create": [{"sku": f"T-{at}"} for at in range(98)]}
        )
        pages: list[Response] = []

        def the_first(_request: Request, response: Response) -> Response:
            pages.append(response)
            return pages[0]

        bench.answer_with(the_first)
        with pytest.raises(Trouble) as raised:
            await bench.port.list_variations(parent_id)
    assert (raised.value.kind, raised.value.problem) == (TroubleKind.NOT_NOW, "same_page_again")


async def test_a_notice_before_the_products_is_cut_off(autojump_clock: MockClock) -> None:
    def noticed(_request: Request, response: Response) -> Response:
        return Response(status=200, headers=response.headers, body=b"<br />\n<b>Notice</b>: x in y\n" + response.body)

    async with shop_bench() as bench:
        goods(bench, 2)
        bench.answer_with(noticed)
        assert len(await bench.port.find_products(("A-001", "A-002"))) == 2


# -- categories and attributes ----------------------------------------------------------------------------------------


async def test_categories_are_made_once_in_one_request_and_read_by_their_names(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        tops = await bench.port.make_categories((("Kaffe & te", 0), ("Bröd", 0)))
        assert len(bench.asked) == 1
        (child,) = await bench.port.make_categories((("Bryggkaffe", tops[0]),))
        again = await bench.port.make_categories((("Ost", 0), ("Kaffe & te", 0)))
        held = {row.category_id: row for row in await bench.port.categories()}
        with pytest.raises(Trouble) as raised:
            await bench.port.make_categories(((" ", 0),))
    assert [(held[each].name, held[each].parent_id) for each in (*tops, child)] == [
        ("Kaffe & te", 0),
        ("Bröd", 0),
        ("Bryggkaffe", tops[0]),
    ]
    assert again[1] == tops[0]
    assert len(held) == 5
    assert raised.value.kind is TroubleKind.REFUSED


async def test_all_categories_come_however_many(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        for at in range(0, 200, 100):
            rows = [{"name": f"Avdelning {at + number}"} for number in range(100)]
            bench.do("POST", "/products/categories/batch", {"create": rows})
        held = await bench.port.categories()
    assert len({category.category_id for category in held}) == 201


async def test_a_category_whose_answer_is_lost_is_found_the_next_time(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.answer_with(lambda _request, _response: Response(status=200, body=b"<html>"))
        with pytest.raises(Trouble) as raised:
            await bench.port.make_categories((("Kaffe", 0),))
        bench.side.gate = None
        (made,) = await bench.port.make_categories((("Kaffe", 0),))
        found = [category.category_id for category in await bench.port.categories() if category.name == "Kaffe"]
    assert raised.value.kind is TroubleKind.UNSURE
    assert found == [made]


async def test_global_attributes_are_told(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        made = bench.do("POST", "/products/attributes", {"name": "Storlek"})
        [attribute] = await bench.port.attributes()
    assert (attribute.attribute_id, attribute.name) == (made["id"], "Storlek")


# -- what was sold ----------------------------------------------------------------------------------------------------


def order(bench: ShopBench, product_id: int, quantity: int, **fields: object) -> int:
    lines = [{"product_id": product_id, "quantity": quantity}]
    made = bench.do("POST", "/orders", {"line_items": lines, "status": "processing", **fields})
    return int(made["id"])


async def sold(bench: ShopBench, **query: object) -> SalesPage:
    return await bench.port.list_sales(SalesQuery(**query))  # type: ignore[arg-type]


async def test_a_sale_tells_its_rows_and_what_the_shop_took_for_them(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        [product_id, gone] = goods(bench, 2, manage_stock=True, stock_quantity=10)
        parent_id, [red, _blue] = shirt(bench)
        lines = [
            {"product_id": product_id, "quantity": 3},
            {"product_id": parent_id, "variation_id": red, "quantity": 1},
            {"product_id": gone, "quantity": 1},
        ]
        order_id = bench.do("POST", "/orders", {"line_items": lines, "status": "processing"})["id"]
        bench.do("DELETE", f"/products/{gone}?force=true")
        page = await sold(bench)
    [sale] = page.sales
    assert (sale.order_id, sale.status, sale.created_at, sale.modified_at) == (order_id, "processing", START, START)
    assert [(line.product_id, line.variation_id, line.sku, line.qty, line.taken) for line in sale.lines] == [
        (product_id, 0, "A-001", Decimal(3), Decimal(3)),
        (parent_id, red, "T-R", Decimal(1), None),
        (0, 0, "", Decimal(1), Decimal(1)),
    ]
    assert (page.rows, page.unreadable) == (1, ())


async def test_sales_are_those_of_the_wanted_statuses_after_a_moment(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        [product_id] = goods(bench, 1)
        first = order(bench, product_id, 1)
        pending = order(bench, product_id, 1, status="pending")
        bench.side.clock_off_s = 10.0
        held = order(bench, product_id, 1, status="on-hold")
        later = START + timedelta(seconds=9)
        everything = await sold(bench)
        waiting = await sold(bench, statuses=("processing", "on-hold"))
        after = await sold(bench, modified_after=later, created_after=START)
        strictly = await sold(bench, modified_after=later + timedelta(seconds=1))
        second = await sold(bench, offset=1, limit=1)
    assert [sale.order_id for sale in everything.sales] == [first, pending, held]
    assert [sale.order_id for sale in waiting.sales] == [first, held]
    assert [sale.order_id for sale in after.sales] == [held]
    assert strictly.sales == ()
    assert [sale.order_id for sale in second.sales] == [pending]


async def test_the_shops_own_time_zone_moves_no_sale(autojump_clock: MockClock) -> None:
    async with shop_bench(time_zone="Pacific/Auckland") as bench:
        [product_id] = goods(bench, 1)
        order_id = order(bench, product_id, 1)
        page = await sold(bench, modified_after=START - timedelta(seconds=1))
        none = await sold(bench, modified_after=START)
    assert [sale.order_id for sale in page.sales] == [order_id]
    assert page.sales[0].created_at == datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
    assert none.sales == ()


async def test_a_sale_that_cannot_be_read_is_named_and_costs_no_other(autojump_clock: MockClock) -> None:
    def spoilt(_request: Request, response: Response) -> Response:
        return Response(
            status=200, headers=response.headers, body=response.body.replace(b'"quantity":7', b'"quantity":"sju"')
        )

    async with shop_bench() as bench:
        [product_id] = goods(bench, 1)
        good, bad = order(bench, product_id, 1), order(bench, product_id, 7)
        bench.answer_with(spoilt)
        page = await sold(bench)
    assert [sale.order_id for sale in page.sales] == [good]
    assert page.rows == 2
    assert [text.partition(":")[0] for text in page.unreadable] == [str(bad)]
    assert "sju" not in page.unreadable[0]
