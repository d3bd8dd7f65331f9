"""Goods beside orders at one gate, and any product written in any order of fields."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from html import unescape
from random import Random
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.model.goods import ShopPrice, ShopProduct, ShopStock
from agent.remote.ports import ListQuery
from agent.remote.trouble import Trouble, TroubleKind
from simulators.http import Response
from tests.remote.shop_bench import ShopBench, changing, making, shop_bench, simple

# -- one gate ---------------------------------------------------------------------------------------------------------


async def test_orders_are_listed_at_once_while_goods_stand_in_line(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.side.server.latency_s = 1.0
        async with trio.open_nursery() as nursery:
            for _ in range(12):
                nursery.start_soon(bench.port.find_products, ("A",))
            await trio.sleep(0.5)
            assert bench.port.pace.shown().under_way == 2
            began = trio.current_time()
            await bench.port.list_orders(ListQuery())
            assert trio.current_time() - began < 1.1
            assert bench.port.pace.shown().waiting >= 8


async def test_a_shop_that_sends_goods_away_is_left_alone_by_all(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.side.gate = lambda _request: Response(status=429, headers=(("Retry-After", "90"),), body=b"")
        with pytest.raises(Trouble) as refused:
            await bench.port.write_products(making(simple(name="A")))
        bench.side.gate = None
        asked = len(bench.asked)
        with pytest.raises(Trouble) as waiting:
            await bench.port.list_orders(ListQuery())
        assert len(bench.asked) == asked
        await trio.sleep(90)
        await bench.port.list_orders(ListQuery())
    assert (refused.value.kind, refused.value.retry_after_s) == (TroubleKind.NOT_NOW, 90)
    assert waiting.value.kind is TroubleKind.NOT_NOW
    assert waiting.value.retry_after_s is not None
    assert 89 < waiting.value.retry_after_s <= 90


async def test_a_request_that_is_cancelled_gives_its_place_back(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        bench.side.server.latency_s = 5.0
        for _ in range(4):
            with trio.move_on_after(1.0):
                await bench.port.find_products(("A",))
        assert bench.port.pace.shown().under_way == 0
        bench.side.server.latency_s = 0.0
        assert await bench.port.find_products(("A",)) == ()


# -- any product ------------------------------------------------------------------------------------------------------

NAMES = ("Kaffe", "Å & Ä", "Skruv <5 mm", 'Sju "tum"', "日本茶")
TEXTS = ("", "Kaffe", "Å & Ä <i>ö</i>", 'Sju "tum"', "10 % rabatt", "日本茶")


def some(chance: Random, make: Any) -> Any:
    return make() if chance.random() < 0.6 else None


def money(chance: Random, most: int) -> Decimal:
    return Decimal(chance.randrange(100, most)) / 100


def any_price(chance: Random) -> ShopPrice:
    regular = money(chance, 100_000)
    sale = some(chance, lambda: min(money(chance, 90_000), regular - Decimal("0.01")))
    first = some(chance, lambda: date(2026, 11, 1) + timedelta(days=chance.randrange(400))) if sale else None
    last = some(chance, lambda: (first or date(2026, 12, 1)) + timedelta(days=chance.randrange(30))) if sale else None
    return ShopPrice(regular, sale, first, last)


def any_product(chance: Random) -> ShopProduct:
    text = partial(chance.choice, TEXTS)
    return simple(
        name=some(chance, lambda: chance.choice(NAMES)),
        text=some(chance, text),
        short_text=some(chance, text),
        weight=some(chance, lambda: Decimal(chance.randrange(0, 5000)) / 1000),
        gtin=some(chance, lambda: chance.choice(("", str(chance.randrange(10**12, 10**13))))),
        tax_class=some(chance, lambda: chance.choice(("", "reduced-rate", "zero-rate"))),
        status=some(chance, lambda: chance.choice(("publish", "draft", "private"))),
        unit=some(chance, lambda: chance.choice(("", "st", "kg"))),
        price=some(chance, partial(any_price, chance)),
        stock=some(chance, lambda: ShopStock(managed=True, quantity=chance.randrange(-5, 500), backorders="notify")),
        lists=some(chance, lambda: (("_list", chance.choice(("", "12.50"))),)),
    )


def facts(bench: ShopBench, product_id: int) -> dict[str, Any]:
    """What the shop holds, in the terms of what is written: it keeps texts with entities."""
    shown = bench.product(product_id)
    metas = {row["key"]: row["value"] for row in shown["meta_data"]}
    return {
        "name": unescape(shown["name"]),
        "text": unescape(shown["description"]),
        "short_text": unescape(shown["short_description"]),
        "weight": shown["weight"],
        "gtin": shown["global_unique_id"],
        "tax_class": shown["tax_class"],
        "status": shown["status"],
        "unit": metas.get("_unit", ""),
        "price": (
            shown["regular_price"],
            shown["sale_price"],
            shown["date_on_sale_from"] or "",
            shown["date_on_sale_to"] or "",
        ),
        "stock": (shown["stock_quantity"], shown["backorders"]) if shown["manage_stock"] else None,
        "lists": metas.get("_list", ""),
    }


def wanted(product: ShopProduct) -> dict[str, Any]:
    """What the shop should hold of the fields that were written."""
    price, stock = product.price, product.stock
    names = ("name", "text", "short_text", "gtin", "unit", "tax_class", "status")
    found: dict[str, Any] = {name: getattr(product, name) for name in names}
    if product.weight is not None:
        found["weight"] = str(product.weight) if product.weight else ""
    if price is not None:
        first = f"{price.sale_from}T00:00:00" if price.sale_from else ""
        last = f"{price.sale_to}T23:59:59" if price.sale_to else ""
        found["price"] = (str(price.regular), "" if price.sale is None else str(price.sale), first, last)
    if stock is not None:
        found["stock"] = (stock.quantity, stock.backorders)
    if product.lists is not None:
        found["lists"] = product.lists[0][1]
    return {name: value for name, value in found.items() if value is not None}


@pytest.mark.parametrize("seed", range(25))
async def test_whatever_is_written_is_what_the_shop_holds_and_nothing_else_moves(
    autojump_clock: MockClock, seed: int
) -> None:
    chance = Random(seed)
    async with shop_bench(time_zone=chance.choice(("Europe/Stockholm", "Pacific/Auckland", "UTC"))) as bench:
        first = msgspec.structs.replace(any_product(chance), sku="A-1", name="Första")
        written = await bench.port.write_products(making(first))
        seen = written.results[0].seen
        assert seen is not None
        held = facts(bench, seen.product_id)
        assert held == held | wanted(first)
        for _ in range(6):
            product = any_product(chance)
            await bench.port.write_products(changing(seen.product_id, product))
            now = facts(bench, seen.product_id)
            assert now == held | wanted(product)
            held = now
        [again] = await bench.port.find_products(("A-1",))
    assert again.name == held["name"]
    assert str(again.regular or "") == held["price"][0]
    assert again.stock_quantity == (held["stock"][0] if held["stock"] else None)
