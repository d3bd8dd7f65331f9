"""A shop's products as they are written: every field as the shop wants it, and nothing that was not to be touched."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from trio.testing import MockClock

from agent.model.goods import (
    Choice,
    ProductWrite,
    RowProblem,
    ShopPrice,
    ShopProduct,
    ShopStock,
    StockWord,
    Written,
)
from agent.remote.trouble import Trouble, TroubleKind
from scenarios.stage import START
from simulators.http import Request, Response
from tests.remote.shop_bench import JSON, ShopBench, changing, making, shop_bench, simple, variable, variation

COFFEE = simple(
    sku="K-1",
    name="Kaffe & te",
    text="<p>Rostat i Umeå.</p>",
    short_text="<em>Gott.</em>",
    weight=Decimal("0.250"),
    gtin="7310865004703",
    tax_class="reduced-rate",
    status="draft",
    unit="påse",
    price=ShopPrice(Decimal("99.50"), Decimal("79.00"), date(2026, 11, 27), date(2026, 11, 30)),
    stock=ShopStock(managed=True, quantity=12, backorders="notify", hidden=True),
    lists=(("wholesale_price", "60.00"),),
)


def seen(written: Written, place: int = 0) -> int:
    """The id of the product that a row made or changed."""
    found = written.results[place].seen
    assert found is not None, written.results[place]
    return found.product_id


def meta(product: dict[str, Any]) -> dict[str, Any]:
    return {row["key"]: row["value"] for row in product["meta_data"]}


async def made(bench: ShopBench, *products: ShopProduct) -> list[int]:
    written = await bench.port.write_products(making(*products))
    return [seen(written, place) for place in range(len(products))]


async def shirt(bench: ShopBench) -> tuple[int, list[int]]:
    """A variable product with a red and a blue variation."""
    color = Choice("Färg", ("Röd", "Blå"))
    [parent_id] = await made(bench, variable(sku="T", name="Tröja", choices=(color,)))
    rows = [
        variation(sku=f"T-{name[0]}", choices=(Choice("Färg", (name,)),), price=ShopPrice(Decimal(199)))
        for name in color.options
    ]
    written = await bench.port.write_variations(parent_id, making(*rows))
    return parent_id, [seen(written, place) for place in range(2)]


# -- what is written --------------------------------------------------------------------------------------------------


async def test_a_product_is_made_with_all_it_is_to_have(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        (category,) = await bench.port.make_categories((("Drycker", 0),))
        product = msgspec.structs.replace(COFFEE, categories=(category,))
        [product_id] = await made(bench, product)
        shown = bench.product(product_id)
        assert len(bench.asked) == 2
    wanted = {
        "type": "simple",
        "sku": "K-1",
        "name": "Kaffe &amp; te",
        "description": "<p>Rostat i Umeå.</p>",
        "short_description": "<em>Gott.</em>",
        "weight": "0.250",
        "global_unique_id": "7310865004703",
        "tax_class": "reduced-rate",
        "status": "draft",
        "regular_price": "99.50",
        "sale_price": "79.00",
        "date_on_sale_from": "2026-11-27T00:00:00",
        "date_on_sale_to": "2026-11-30T23:59:59",
        "manage_stock": True,
        "stock_quantity": 12,
        "backorders": "notify",
        "catalog_visibility": "hidden",
    }
    assert {name: shown[name] for name in wanted} == wanted
    assert [row["id"] for row in shown["categories"]] == [category]
    assert meta(shown) == {"_unit": "påse", "wholesale_price": "60.00"}


async def test_what_is_not_said_is_not_touched(autojump_clock: MockClock) -> None:
    """All that a product can have, its pictures too, survives a write that changes its stock."""
    async with shop_bench() as bench:
        [product_id] = await made(bench, COFFEE)
        more = {"featured": True, "purchase_note": "Tack!", "dimensions": {"length": "10"}, "tags": [{"name": "nytt"}]}
        bench.do("PUT", f"/products/{product_id}", {**more, "images": [{"src": "https://butik.example/kaffe.jpg"}]})
        before = bench.product(product_id)
        bench.side.clock_off_s = 60.0
        stock = ShopStock(managed=True, quantity=11, backorders="notify")
        await bench.port.write_products(changing(product_id, simple(stock=stock)))
        after = bench.product(product_id)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"stock_quantity", "date_modified", "date_modified_gmt"}
    assert len(after["images"]) == 1


async def test_a_change_never_turns_a_product_into_another_kind(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, variations = await shirt(bench)
        await bench.port.write_products(changing(parent_id, simple(name="Tröjan")))
        shown = bench.product(parent_id)
    assert (shown["type"], shown["name"], shown["variations"]) == ("variable", "Tröjan", variations)


async def test_what_is_empty_empties_the_shops(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        [product_id] = await made(bench, COFFEE)
        emptied = simple(
            text="", short_text="", weight=Decimal(0), gtin="", tax_class="", unit="", price=ShopPrice(None),
            lists=(("wholesale_price", ""),),
        )  # fmt: skip
        await bench.port.write_products(changing(product_id, emptied))
        shown = bench.product(product_id)
    names = ("description", "short_description", "weight", "global_unique_id", "tax_class", "regular_price")
    assert {name: shown[name] for name in (*names, "sale_price")} == dict.fromkeys((*names, "sale_price"), "")
    assert (shown["date_on_sale_from"], shown["date_on_sale_to"]) == (None, None)
    assert meta(shown) == {}


async def test_a_sale_price_that_is_the_shops_own_stays_with_its_days(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        [product_id] = await made(bench, COFFEE)
        price = ShopPrice(Decimal("109.00"), sale_kept=True)
        await bench.port.write_products(changing(product_id, simple(price=price)))
        shown = bench.product(product_id)
    assert (shown["regular_price"], shown["sale_price"]) == ("109.00", "79.00")
    assert shown["date_on_sale_to"] == "2026-11-30T23:59:59"


@pytest.mark.parametrize(("first", "last"), [(None, date(2026, 11, 30)), (date(2026, 11, 27), None)])
async def test_a_sale_may_be_open_at_either_end(
    autojump_clock: MockClock, first: date | None, last: date | None
) -> None:
    """Also where the shop had a day before: a null would have left it."""
    async with shop_bench() as bench:
        [product_id] = await made(bench, COFFEE)
        price = ShopPrice(Decimal("99.50"), Decimal("79"), first, last)
        await bench.port.write_products(changing(product_id, simple(price=price)))
        shown = bench.product(product_id)
    assert (shown["date_on_sale_from"] or "")[:10] == (first.isoformat() if first else "")
    assert (shown["date_on_sale_to"] or "")[:10] == (last.isoformat() if last else "")


async def test_a_sale_begins_and_ends_with_the_shops_own_day(autojump_clock: MockClock) -> None:
    """30 November in New Zealand ends 13 hours before it does in Greenwich."""
    async with shop_bench(time_zone="Pacific/Auckland") as bench:
        [product_id] = await made(bench, COFFEE)
        shown = bench.product(product_id)
    assert shown["date_on_sale_from_gmt"] == "2026-11-26T11:00:00"
    assert shown["date_on_sale_to_gmt"] == "2026-11-30T10:59:59"


@pytest.mark.parametrize("word", list(StockWord))
async def test_where_the_shop_does_not_count_its_word_is_shown(autojump_clock: MockClock, word: StockWord) -> None:
    async with shop_bench() as bench:
        [product_id] = await made(bench, COFFEE)
        stock = ShopStock(managed=False, word=word, hidden=False)
        written = await bench.port.write_products(changing(product_id, simple(stock=stock)))
        shown = bench.product(product_id)
    found = written.results[0].seen
    assert found is not None
    assert (found.managed, found.stock_quantity, found.word) == (False, None, word)
    assert (shown["stock_status"], shown["catalog_visibility"]) == (word, "visible")


async def test_stock_below_zero_is_written_as_it_is(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        [product_id] = await made(bench, COFFEE)
        stock = ShopStock(managed=True, quantity=-3, backorders="yes")
        await bench.port.write_products(changing(product_id, simple(stock=stock)))
        shown = bench.product(product_id)
    assert (shown["stock_quantity"], shown["stock_status"], shown["backorders"]) == (-3, "onbackorder", "yes")


async def test_a_shop_without_a_field_for_units_is_not_given_one(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.port._unit_meta = ""
        [product_id] = await made(bench, simple(name="Kaffe", unit="påse"))
        assert meta(bench.product(product_id)) == {}


# -- variable products ------------------------------------------------------------------------------------------------


async def test_a_product_and_its_variations_are_made_by_two_requests(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, [red, blue] = await shirt(bench)
        assert len(bench.asked) == 2
        parent, first = bench.product(parent_id), bench.variation(parent_id, red)
    assert parent["variations"] == [red, blue]
    [color] = parent["attributes"]
    assert (color["name"], color["options"], color["variation"]) == ("Färg", ["Röd", "Blå"], True)
    assert [(row["name"], row["option"]) for row in first["attributes"]] == [("Färg", "Röd")]
    assert (first["sku"], first["regular_price"]) == ("T-R", "199")


async def test_global_attributes_are_named_by_their_id(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        size_id = bench.do("POST", "/products/attributes", {"name": "Storlek"})["id"]
        size = Choice("Storlek", ("L", "S & M"), size_id)
        [parent_id] = await made(bench, variable(sku="T", name="Tröja", choices=(size,)))
        row = variation(sku="T-L", choices=(msgspec.structs.replace(size, options=("S & M",)),))
        child = seen(await bench.port.write_variations(parent_id, making(row)))
        [shown] = bench.product(parent_id)["attributes"]
        [chosen] = bench.variation(parent_id, child)["attributes"]
        [found] = await bench.port.read_products((parent_id,))
    assert (shown["id"], shown["variation"]) == (size_id, True)
    assert (chosen["id"], chosen["option"].replace("&amp;", "&")) == (size_id, "S & M")
    assert found.choices == (size,)


async def test_attributes_are_sent_back_as_they_were_read(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, _ids = await shirt(bench)
        own = {"name": "Skötsel", "options": ["30 & 40 grader"], "variation": False, "visible": False, "position": 1}
        bench.do("PUT", f"/products/{parent_id}", {"attributes": [*bench.product(parent_id)["attributes"], own]})
        before = bench.product(parent_id)["attributes"]
        [found] = await bench.port.read_products((parent_id,))
        await bench.port.write_products(changing(parent_id, variable(choices=found.choices)))
        after = bench.product(parent_id)["attributes"]
    facts = ("id", "name", "options", "variation", "visible", "position")
    assert [[row[name] for name in facts] for row in after] == [[row[name] for name in facts] for row in before]


async def test_a_variation_is_hidden_by_being_private(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, [red, _blue] = await shirt(bench)
        statuses = []
        for hidden in (True, False, None):
            stock = ShopStock(managed=True, quantity=0, hidden=hidden)
            await bench.port.write_variations(parent_id, changing(red, variation(stock=stock)))
            statuses.append(bench.variation(parent_id, red)["status"])
        kept = variation(stock=ShopStock(managed=True, hidden=False), status="draft")
        await bench.port.write_variations(parent_id, changing(red, kept))
        statuses.append(bench.variation(parent_id, red)["status"])
    assert statuses == ["private", "publish", "publish", "draft"]


# -- verdicts ---------------------------------------------------------------------------------------------------------


async def test_each_row_has_its_own_verdict_in_its_place(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        [old] = await made(bench, simple(sku="A", name="A"))
        rows = (
            ProductWrite(pk=10, product_id=old, product=simple(name="A2")),
            ProductWrite(pk=11, product_id=0, product=simple(sku="B", name="B")),
            ProductWrite(pk=12, product_id=999_999, product=simple(name="?")),
            ProductWrite(pk=13, product_id=0, product=simple(sku=" a ", name="C")),
            ProductWrite(pk=14, product_id=0, product=simple(sku="D", name="D")),
        )
        bench.side.trace.exchanges.clear()
        written = await bench.port.write_products(rows)
        assert len(bench.asked) == 1
    results = written.results
    assert [result.pk for result in results] == [10, 11, 12, 13, 14]
    assert [result.seen and result.seen.sku for result in results] == ["A", "B", None, None, "D"]
    assert [result.problem for result in results] == ["", "", RowProblem.GONE, RowProblem.SKU_TAKEN, ""]
    assert results[3].holder_id == old


async def test_a_hundred_rows_are_one_request_and_no_rows_none(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        written = await bench.port.write_products(making(*(simple(sku=f"A-{at}", name="A") for at in range(100))))
        assert len(bench.asked) == 1
        none = await bench.port.write_products(())
        assert len(bench.asked) == 1
        assert len(bench.side.shop.products.shelf.things) == 100
    assert len({seen(written, place) for place in range(100)}) == 100
    assert none.results == ()


async def test_more_rows_than_the_shop_takes_are_refused_whole(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        with pytest.raises(Trouble) as raised:
            await bench.port.write_products(making(*(simple(sku=f"A-{at}") for at in range(101))))
        assert not bench.side.shop.products.shelf.things
    assert raised.value.kind is TroubleKind.REFUSED


async def test_a_number_in_the_trash_is_told_with_who_has_it(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        [trashed] = await made(bench, COFFEE)
        bench.do("DELETE", f"/products/{trashed}")
        written = await bench.port.write_products(making(COFFEE, simple(sku="NY", name="Ny")))
    assert [result.problem for result in written.results] == [RowProblem.SKU_IN_TRASH, ""]
    assert written.results[0].holder_id == trashed


async def test_a_number_that_another_took_at_the_same_moment_is_told_with_who_has_it(autojump_clock: MockClock) -> None:
    """The loser of a race is told by another code and not by whom (concurrency[40])."""

    def raced(request: Request, response: Response) -> Response | None:
        if request.method != "POST":
            return None
        body = msgspec.json.decode(response.body)
        body["create"][0]["error"] = {"code": "woocommerce_rest_product_not_created", "data": {"status": 400}}
        return Response(status=200, headers=JSON, body=msgspec.json.encode(body))

    async with shop_bench() as bench:
        [winner] = await made(bench, simple(sku="A", name="A"))
        bench.answer_with(raced)
        written = await bench.port.write_products(making(simple(sku="a", name="A")))
    assert (written.results[0].problem, written.results[0].holder_id) == (RowProblem.SKU_TAKEN, winner)


async def test_a_holder_that_cannot_be_looked_for_stays_unknown(autojump_clock: MockClock) -> None:
    """What came of the rows is not lost with the question about one of them."""

    def only_writes(request: Request, _response: Response) -> Response | None:
        return None if request.method == "POST" else Response(status=502, body=b"<html>")

    async with shop_bench() as bench:
        [trashed] = await made(bench, simple(sku="A", name="A"))
        bench.do("DELETE", f"/products/{trashed}")
        bench.answer_with(only_writes)
        written = await bench.port.write_products(making(simple(sku="A", name="A"), simple(sku="B", name="B")))
    assert (written.results[0].problem, written.results[0].holder_id) == (RowProblem.SKU_TAKEN, 0)
    assert written.results[1].seen is not None


async def test_a_bar_code_that_another_has_is_not_mistaken_for_a_number(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        await made(bench, COFFEE)
        written = await bench.port.write_products(making(simple(sku="K-2", name="Te", gtin=COFFEE.gtin)))
    result = written.results[0]
    assert (result.problem, result.holder_id) == ("product_invalid_global_unique_id", 0)


async def test_variations_whose_product_is_gone_are_told_so(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        parent_id, [red, blue] = await shirt(bench)
        bench.do("DELETE", f"/products/{parent_id}/variations/{blue}?force=true")
        blue_gone = await bench.port.write_variations(parent_id, changing(blue, variation(status="publish")))
        bench.do("DELETE", f"/products/{parent_id}?force=true")
        choice = (Choice("Färg", ("Grön",)),)
        new = await bench.port.write_variations(parent_id, making(variation(sku="T-G", choices=choice)))
        old = await bench.port.write_variations(parent_id, changing(red, variation(status="publish")))
    assert blue_gone.results[0].problem == RowProblem.GONE
    assert new.results[0].problem == RowProblem.PARENT_GONE
    assert old.results[0].problem == RowProblem.GONE


async def test_a_shop_that_crashes_on_variations_of_no_product_is_understood(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        new = await bench.port.write_variations(4711, making(variation(sku="T-G")))
    assert new.results[0].problem == RowProblem.PARENT_GONE


# -- answers that are lost or wrong -----------------------------------------------------------------------------------


def rows_changed(change: str) -> Any:
    """An answer in which one row is missing, or two have changed places."""

    def changed(request: Request, response: Response) -> Response | None:
        if request.method != "POST":
            return None
        body = msgspec.json.decode(response.body)
        for rows in body.values():
            if change == "missing":
                rows.pop()
            else:
                rows[0], rows[1] = rows[1], rows[0]
        return Response(status=200, headers=JSON, body=msgspec.json.encode(body))

    return changed


@pytest.mark.parametrize("change", ["missing", "swapped"])
@pytest.mark.parametrize("new", [True, False])
async def test_rows_that_do_not_stand_where_they_should_make_the_whole_unsure(
    autojump_clock: MockClock, change: str, new: bool
) -> None:
    async with shop_bench() as bench:
        rows = making(simple(sku="A", name="A"), simple(sku="B", name="B"))
        if not new:
            ids = await made(bench, *(row.product for row in rows))
            rows = tuple(
                msgspec.structs.replace(row, product_id=product_id) for row, product_id in zip(rows, ids, strict=True)
            )
        bench.answer_with(rows_changed(change))
        with pytest.raises(Trouble) as raised:
            await bench.port.write_products(rows)
    assert (raised.value.kind, raised.value.problem) == (TroubleKind.UNSURE, "batch_rows_missing")
    assert raised.value.fault is None


@pytest.mark.parametrize("body", [b"<html>hej</html>", b'{"create": [{"id": 1', b'{"create": [{"id": "x"}]}'])
async def test_an_answer_that_cannot_be_read_leaves_it_unsure_and_what_was_made_can_be_found(
    autojump_clock: MockClock, body: bytes
) -> None:
    async with shop_bench() as bench:
        bench.answer_with(lambda _request, _response: Response(status=200, headers=JSON, body=body))
        with pytest.raises(Trouble) as raised:
            await bench.port.write_products(making(COFFEE))
        bench.side.gate = None
        [found] = await bench.port.find_products(("K-1",))
    assert raised.value.kind is TroubleKind.UNSURE
    assert found.name == "Kaffe & te"


async def test_a_notice_before_the_answer_of_a_batch_is_cut_off(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.answer_with(
            lambda _request, response: Response(status=200, headers=JSON, body=b"Notice\n" + response.body)
        )
        assert await made(bench, COFFEE)


async def test_a_crash_is_the_rows_and_a_broken_gateway_the_connections(autojump_clock: MockClock) -> None:
    """A fatal error that WordPress itself tells of comes of what was asked; what a server in front says does not."""
    async with shop_bench() as bench:
        bench.refuse(500, "/products/batch", code="internal_server_error")
        with pytest.raises(Trouble) as crashed:
            await bench.port.write_products(making(COFFEE))
        bench.refuse(502, "/products/batch")
        with pytest.raises(Trouble) as broken:
            await bench.port.write_products(making(COFFEE))
        bench.refuse(503, "/products/batch")
        with pytest.raises(Trouble) as closed:
            await bench.port.write_products(making(COFFEE))
    assert (crashed.value.kind, crashed.value.fault) == (TroubleKind.UNSURE, None)
    assert broken.value.kind is TroubleKind.UNSURE
    assert broken.value.fault is not None
    assert closed.value.kind is TroubleKind.NOT_NOW


async def test_when_rows_were_written_is_told_by_the_shops_clock(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.side.clock_off_s = -240.0
        bench.side.server.pace, bench.side.server.latency_s = 1.0, 1.5
        written = await bench.port.write_products(making(*(simple(sku=f"A-{at}", name="A") for at in range(40))))
        modified = [result.seen.modified_at for result in written.results if result.seen]
    second = timedelta(seconds=1)
    assert written.asked_at - second <= min(filter(None, modified))
    assert max(filter(None, modified)) <= written.answered_at
    assert START - timedelta(seconds=241) <= written.asked_at < written.answered_at < START
    assert written.took_s >= 1.5
