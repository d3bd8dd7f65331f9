"""The built agent in flow 2: coming to rest, settings that change, directions that are off, what people ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.flows import DirectionName
from agent.journal import directions, records, tasks
from agent.model.ids import ShopKey
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import Keep, PriceGuards, PriceSettings, ProductSettings, StatusSettings, StockSettings
from scenarios.play import Play, ShopSide, play, shop_settings
from simulators.http import Request, Response
from simulators.mamut.staff import Staff

KEY = ShopKey("butik")
ARTICLES = 230
MAINS = 10


class Governed:
    """A full Mamut, an empty shop, and what was written to it."""

    def __init__(self, world: Play, side: ShopSide) -> None:
        self.world = world
        self.side = side
        self.staff = Staff(world.mamut)
        self.asked: list[tuple[str, str]] = []
        side.gate = self._note

    def _note(self, request: Request) -> Response | None:
        self.asked.append((request.method, request.path))
        return None

    @property
    def writes(self) -> list[str]:
        """An empty batch of orders is a question: whether the key may write."""
        return [path for method, path in self.asked if method != "GET" and not path.endswith("/orders/batch")]

    async def settle(self) -> None:
        """An agent that works until there is nothing left to do."""
        self.asked.clear()
        with trio.fail_after(3_600):
            assert await self.world.run_once()

    def change(self, **changes: Any) -> None:
        (settings,) = self.world.settings.shop
        self.world.change("butik", msgspec.structs.replace(settings, **changes))

    def product(self, sku: str) -> dict[str, Any]:
        (row,) = self.side.do("GET", f"/products?sku={sku}&status=any")
        return dict(row)

    def wish(self, agent: Agent, kind: str, **args: str) -> None:
        with self.world.look() as tx:
            records.wish(tx, at_ms=0, who="anna", kind=kind, shop=KEY, args=args)
        agent.shops[KEY].wishes.bell.ring()

    def results(self) -> list[str]:
        with self.world.look() as tx:
            return [str(row[0]) for row in tx.execute("SELECT result FROM wishes ORDER BY wish_id")]


@asynccontextmanager
async def governed(
    folder: Path, *, articles: int = 12, mains: int = 0, settings: ShopSettings | None = None
) -> AsyncIterator[Governed]:
    async with play(folder) as world:
        world.mamut.fill(1, products=articles, mains=mains)
        side = world.add_shop(settings or shop_settings(flow=2, statuses=StatusSettings(enabled=True)))
        yield Governed(world, side)


async def test_a_first_synchronisation_costs_a_request_for_100_simple_articles_and_one_for_each_variant_product(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path, articles=ARTICLES, mains=MAINS) as mamut:
        await mamut.settle()
        batches = [path for path in mamut.writes if path.endswith("/batch")]
        assert len([path for path in batches if "/variations/" in path]) == MAINS
        assert len([path for path in batches if path.endswith("/products/batch")]) == 3, "240 simple and main products"
        census = mamut.side.shop.products.shelf
        assert len(census.products.ids) == ARTICLES + MAINS


async def test_a_run_with_no_change_makes_no_write_and_comes_to_rest(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with governed(tmp_path, mains=3) as mamut:
        await mamut.settle()
        assert mamut.writes
        await mamut.settle()
        assert mamut.writes == []


async def test_a_changed_stock_profile_is_shown_for_every_article_at_the_next_start(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        mamut.staff.count("B-00001", Decimal(50))
        mamut.staff.count("B-00001", Decimal(0), warehouse=2)
        await mamut.settle()
        assert mamut.product("B-00001")["stock_quantity"] == 50
        mamut.change(stock=StockSettings(buffer=3))
        await mamut.settle()
        assert mamut.product("B-00001")["stock_quantity"] == 47
        assert all("/products/batch" in path for path in mamut.writes)


async def test_a_direction_that_was_off_meanwhile_catches_up_when_it_is_on_again(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        await mamut.settle()
        before = Decimal(mamut.product("B-00001")["regular_price"])
        mamut.change(prices=PriceSettings(enabled=False))
        await mamut.settle()
        assert mamut.writes == []
        product = next(row for row in mamut.world.mamut.products() if row.product_no == "B-00001")
        mamut.staff.set_price("B-00001", (product.price_out * Decimal("1.1")).quantize(Decimal("0.0001")))
        await mamut.settle()
        assert mamut.writes == [], "nobody writes prices now"
        mamut.change(prices=PriceSettings())
        await mamut.settle()
        assert Decimal(mamut.product("B-00001")["regular_price"]) == pytest.approx(before * Decimal("1.1"), abs=1)
        assert len(mamut.writes) == 1


async def test_a_direction_that_is_switched_off_leaves_no_tasks_behind(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        await mamut.settle()
        with mamut.world.look() as tx:
            tasks.put(tx, KEY, DirectionName.STOCK_TO_SHOP, [1, 2], 0)
        mamut.change(stock=StockSettings(enabled=False))
        await mamut.settle()
        with mamut.world.look() as tx:
            assert tx.execute("SELECT count(*) FROM tasks WHERE direction = 'stock_to_shop'").fetchone() == (0,)


@pytest.mark.parametrize("package", ["100", "200", "400"])
async def test_the_package_decides_which_directions_run(
    tmp_path: Path, package: str, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        mamut.world.settings = msgspec.structs.replace(mamut.world.settings, package=package)
        await mamut.settle()
        counted = mamut.product("B-00001")["manage_stock"]
        assert counted is (package != "100")
        assert Decimal(mamut.product("B-00001")["regular_price"]) > 0, "prices come with every package"


async def test_a_shop_of_flow_1_gets_nothing_from_mamut(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with governed(tmp_path, settings=shop_settings(flow=1)) as mamut:
        await mamut.settle()
        assert mamut.writes == []
        with mamut.world.look() as tx:
            assert tx.execute("SELECT count(*) FROM articles").fetchone() == (0,), "the register is not even read"


async def test_a_paused_direction_writes_nothing_and_what_it_had_to_do_is_done_when_it_is_resumed(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        await mamut.settle()
        async with mamut.world.agent() as agent:
            await trio.sleep(30)
            mamut.wish(agent, "pause", direction="stock_to_shop")
            await trio.sleep(5)
            mamut.asked.clear()
            mamut.staff.count("B-00001", Decimal(77))
            await trio.sleep(900)
            assert mamut.writes == []
            mamut.wish(agent, "resume", direction="stock_to_shop")
            await trio.sleep(60)
        assert len(mamut.writes) == 1
        assert mamut.results() == ["done", "done"]


async def test_a_person_s_word_has_the_register_read_at_once(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with governed(tmp_path) as mamut:
        await mamut.settle()
        async with mamut.world.agent() as agent:
            await trio.sleep(30)
            mamut.staff.count("B-00001", Decimal(0))
            mamut.staff.count("B-00001", Decimal(7), warehouse=2)
            mamut.wish(agent, "read_register")
            await trio.sleep(30)
            assert mamut.product("B-00001")["stock_quantity"] == 7, "long before its time had come"


async def test_a_stopped_price_goes_through_when_a_person_releases_it(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    prices = PriceSettings(guards=PriceGuards(percent=Decimal(20)))
    async with governed(tmp_path, settings=shop_settings(flow=2, prices=prices)) as mamut:
        await mamut.settle()
        before = mamut.product("B-00001")["regular_price"]
        mamut.staff.set_price("B-00001", Decimal(5000))
        await mamut.settle()
        assert mamut.product("B-00001")["regular_price"] == before
        pk = next(row.pk for row in mamut.world.mamut.products() if row.product_no == "B-00001")
        async with mamut.world.agent() as agent:
            await trio.sleep(30)
            mamut.wish(agent, "release_prices", pk=str(pk))
            mamut.wish(agent, "release_prices", pk="999999")
            await trio.sleep(30)
        assert Decimal(mamut.product("B-00001")["regular_price"]) == 6250
        assert mamut.results() == ["done", "nothing_stopped"]


@pytest.mark.parametrize(
    ("kind", "args", "result"),
    [
        ("retry_article", {"pk": "1"}, "done"),
        ("retry_article", {"pk": "999"}, "article_unknown"),
        ("retry_article", {"pk": "x"}, "article_unknown"),
        ("retry_article", {"pk": "1", "direction": "statuses_to_shop"}, "direction_unknown"),
        ("pause", {"direction": "bilder"}, "direction_unknown"),
        ("release_prices", {"pk": "x"}, "article_unknown"),
    ],
)
async def test_a_wish_about_goods_is_answered(
    tmp_path: Path, kind: str, args: dict[str, str], result: str, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        await mamut.settle()
        async with mamut.world.agent() as agent:
            await trio.sleep(10)
            mamut.asked.clear()
            mamut.wish(agent, kind, **args)
            await trio.sleep(20)
        assert mamut.results() == [result]
        assert mamut.writes == [], "looking again finds nothing to write"


async def test_a_field_that_becomes_mamut_s_is_written_at_the_next_start_and_no_other(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        await mamut.settle()
        product = mamut.product("B-00001")
        mamut.side.do("PUT", f"/products/{product['id']}", {"name": "Ett eget namn", "description": "Egen text"})
        mamut.change(products=ProductSettings(text=Keep.NEVER, weight=Keep.ONCE))
        await mamut.settle()
        assert mamut.product("B-00001")["name"] == "Ett eget namn", "what was written last is not written again"
        assert mamut.product("B-00001")["description"] == "<p>Egen text</p>\n"


async def test_a_warehouse_that_mamut_does_not_have_sells_nothing_out_and_is_told(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        mamut.staff.count("B-00001", Decimal(50))
        await mamut.settle()
        shown = mamut.product("B-00001")["stock_quantity"]
        mamut.change(stock=StockSettings(warehouses=(1, 77)))
        await mamut.settle()
        assert mamut.writes == []
        assert mamut.product("B-00001")["stock_quantity"] == shown
        with mamut.world.look() as tx:
            row = directions.get(tx, KEY, DirectionName.STOCK_TO_SHOP)
            ill = tx.execute("SELECT fault, problem FROM health WHERE actor = 'settings/butik'").fetchone()
        assert (row.code, msgspec.json.decode(row.params)) == ("BRY-C30", {"register": "warehouses", "value": "77"})
        assert ill == ("BRY-C30", "warehouses 77")
        mamut.change(stock=StockSettings(warehouses=(1, 2)))
        await mamut.settle()
        assert mamut.product("B-00001")["stock_quantity"] == shown, "both of its warehouses, as all before"
        mamut.change(stock=StockSettings(warehouses=(1,)))
        await mamut.settle()
        assert mamut.product("B-00001")["stock_quantity"] == 50


async def test_settings_that_mamut_has_approved_need_no_mamut_at_the_next_start(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        mamut.change(stock=StockSettings(warehouses=(1,)))
        await mamut.settle()
        other = mamut.world.add_shop(shop_settings("tyg", flow=2, stock=StockSettings(warehouses=(1,))))
        mamut.staff.count("B-00001", Decimal(50))
        await mamut.settle()
        assert mamut.product("B-00001")["stock_quantity"] == 50
        mamut.world.network.refuse("mamut.example", refuse=True)
        (there,) = other.do("GET", "/products?sku=B-00001")
        line = {"product_id": there["id"], "quantity": 3}
        other.do("POST", "/orders", {"status": "processing", "set_paid": True, "line_items": [line]})
        async with mamut.world.agent():
            await trio.sleep(200)
        assert mamut.product("B-00001")["stock_quantity"] == 47, "what one shop sold the other shows no more"


async def test_what_each_direction_says_of_a_new_product_is_that_it_was_made(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with governed(tmp_path) as mamut:
        await mamut.settle()
        with mamut.world.look() as tx:
            said = tx.execute(
                "SELECT direction, code FROM said JOIN articles USING (pk) WHERE product_no = 'B-00001' ORDER BY 1"
            ).fetchall()
        assert [(str(name), str(code)) for name, code in said] == [
            ("prices_to_shop", "made"),
            ("products_to_shop", "made"),
            ("stock_to_shop", "made"),
        ]
