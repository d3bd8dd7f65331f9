"""Variants, what happens at zero, and counts: what the stock direction writes to which product."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from trio.testing import MockClock

from agent.app import Agent
from agent.flows import DirectionName
from agent.journal import directions
from agent.model.ids import ShopKey
from agent.settings.tree_goods import AtZero, StockSettings
from scenarios.play import Play, play
from simulators.mamut.products import ProductBody, VariantBody
from tests.actors.stock_room import StockRoom


@pytest.fixture
async def world(tmp_path: Path, autojump_clock: MockClock) -> AsyncIterator[Play]:
    async with play(tmp_path) as made:
        yield made


def tee(room: StockRoom, *, own_stock: bool) -> tuple[int, dict[str, int]]:
    """An article in two colours on both sides: the shop's product and its variations by article number."""
    mamut = room.world.mamut
    varies = ["stock"] if own_stock else []
    mamut.act(
        "product.create",
        body=ProductBody(product_no="TR", description="Tröja", properties=["Färg"], varies_by=varies),  # type: ignore[arg-type]
    )
    for number, colour in (("TR-B", "Blå"), ("TR-R", "Röd")):
        mamut.act(
            "product.create",
            body=ProductBody(product_no=number, description="Tröja", variant=VariantBody(main="TR", property1=colour)),
        )
    side = room.side()
    options = {"name": "Färg", "options": ["Blå", "Röd"], "variation": True}
    parent = side.do("POST", "/products", {"name": "Tröja", "sku": "TR", "type": "variable", "attributes": [options]})
    made = {}
    for number, colour in (("TR-B", "Blå"), ("TR-R", "Röd")):
        row = {"sku": number, "regular_price": "100", "attributes": [{"name": "Färg", "option": colour}]}
        made[number] = int(side.do("POST", f"/products/{parent['id']}/variations", row)["id"])
    return int(parent["id"]), made


def buy(room: StockRoom, product_id: int, variation_id: int, qty: int) -> None:
    body = {
        "status": "on-hold",
        "line_items": [{"product_id": product_id, "variation_id": variation_id, "quantity": qty}],
    }
    room.side().do("POST", "/orders", body)


def variation(room: StockRoom, parent: int, product_id: int) -> dict[str, Any]:
    found: dict[str, Any] = room.side().do("GET", f"/products/{parent}/variations/{product_id}")
    return found


async def test_variants_that_share_stock_are_counted_on_the_product(world: Play, autojump_clock: MockClock) -> None:
    room = StockRoom(world, {"butik": StockSettings()}, goods=1)
    parent, made = tee(room, own_stock=False)
    world.mamut.staff.count("TR", Decimal(12))
    async with room.working():
        await room.rest()
        shown = room.side().do("GET", f"/products/{parent}")
        assert (shown["manage_stock"], shown["stock_quantity"]) == (True, 12)
        assert {variation(room, parent, each)["manage_stock"] for each in made.values()} == {"parent"}
        room.forget_requests()
        buy(room, parent, made["TR-B"], 2)
        buy(room, parent, made["TR-R"], 1)
        await room.rest()
        assert room.side().do("GET", f"/products/{parent}")["stock_quantity"] == 9
        assert room.writes() == []
        world.mamut.staff.count("TR", Decimal(10))
        await room.rest()
        assert room.side().do("GET", f"/products/{parent}")["stock_quantity"] == 7


async def test_variants_with_stock_of_their_own_are_written_by_product(world: Play, autojump_clock: MockClock) -> None:
    room = StockRoom(world, {"butik": StockSettings()}, goods=1)
    parent, made = tee(room, own_stock=True)
    world.mamut.staff.count("TR-B", Decimal(4))
    world.mamut.staff.count("TR-R", Decimal(0))
    async with room.working():
        await room.rest()
        assert room.side().do("GET", f"/products/{parent}")["manage_stock"] is False
        assert variation(room, parent, made["TR-B"])["stock_quantity"] == 4
        assert variation(room, parent, made["TR-R"])["stock_status"] == "outofstock"
        paths = [path for method, path, _ in room.asked["butik"] if method == "POST" and path.startswith("/products")]
        assert paths.count(f"/products/{parent}/variations/batch") == 1
        buy(room, parent, made["TR-B"], 3)
        world.mamut.staff.count("TR-R", Decimal(6))
        await room.rest()
        assert variation(room, parent, made["TR-B"])["stock_quantity"] == 1
        assert variation(room, parent, made["TR-R"])["stock_quantity"] == 6


@pytest.mark.parametrize(
    ("choice", "field", "value"),
    [
        (AtZero.SOLD_OUT, "stock_status", "outofstock"),
        (AtZero.BACKORDER, "stock_status", "onbackorder"),
        (AtZero.NOTIFY, "backorders", "notify"),
        (AtZero.HIDE, "catalog_visibility", "hidden"),
    ],
)
async def test_what_is_sold_out_is_shown_as_the_profile_says_and_comes_back(
    world: Play, autojump_clock: MockClock, choice: AtZero, field: str, value: str
) -> None:
    room = StockRoom(world, {"butik": StockSettings(at_zero=choice)}, goods=2)
    async with room.working():
        await room.rest()
        world.mamut.staff.count("B-00001", Decimal(0))
        await room.rest()
        path = f"/products/{room.ids['butik']['B-00001']}"
        assert room.side().do("GET", path)[field] == value
        world.mamut.staff.count("B-00001", Decimal(3))
        await room.rest()
        back = room.side().do("GET", path)
        assert (back["stock_quantity"], back["stock_status"]) == (3, "instock")
        assert back["catalog_visibility"] == "visible"


def asked(agent: Agent) -> int:
    """Requests that the direction has caused."""
    key = ShopKey("butik")
    return agent.journal.view(lambda tx: directions.get(tx, key, DirectionName.STOCK_TO_SHOP)).requests


async def test_a_thousand_changes_among_many_articles_take_few_requests(world: Play, autojump_clock: MockClock) -> None:
    """1,000 of 1,500 here; how many there are besides makes no request."""
    room = StockRoom(world, {"butik": StockSettings()}, goods=1_500)
    async with room.working() as agent:
        await room.rest(600)
        assert room.wrong() == {}
        room.forget_requests()
        before = asked(agent)
        for number in range(1, 1_001):
            world.mamut.staff.count(f"B-{number:05d}", Decimal(33))
        while room.shown()["B-01000"] != 33:
            await room.rest(10)
        assert room.wrong() == {}
        of_goods = [path for _, path, _ in room.asked["butik"] if path.startswith("/products")]
        assert len(of_goods) == 10
        assert asked(agent) - before <= 12, "with the looks at the shop's sales"
