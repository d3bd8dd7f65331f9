"""A first synchronisation from a shop to Mamut: planned row by row, applied exactly, stopped, gone on with, undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from trio.testing import MockClock

from agent.model.owners import System
from agent.model.plan import Action, PlanState, RowState
from agent.model.said import GoodsReason
from scenarios.play import play, shop_settings
from tests.actors.goods_shop import PRODUCTS, GoodsShop
from tests.actors.sync_side import OWN_ARTICLE, SyncSide


@asynccontextmanager
async def side(folder: Path, *, seed: int = 1, **settings: Any) -> AsyncIterator[SyncSide]:
    async with play(folder, seed=seed) as world:
        yield SyncSide(GoodsShop(world, shop_settings(flow=1, **settings), (PRODUCTS,)))


def product(shop: GoodsShop, sku: str, **fields: Any) -> int:
    made = shop.do("POST", "/products", {"name": f"Vara {sku}", "sku": sku, "regular_price": "125", **fields})
    return int(made["id"])


def sweater(shop: GoodsShop) -> int:
    attributes = [
        {"name": "Färg", "options": ["Röd", "Blå"], "variation": True, "visible": True},
        {"name": "Storlek", "options": ["S", "M"], "variation": True, "visible": True},
    ]
    parent = product(shop, "TRÖJA", type="variable", attributes=attributes)
    for sku, colour, size in (("TRÖJA-RS", "Röd", "S"), ("TRÖJA-RM", "Röd", "M"), ("TRÖJA-BS", "Blå", "S")):
        chosen = [{"name": "Färg", "option": colour}, {"name": "Storlek", "option": size}]
        body = {"sku": sku, "regular_price": "250", "attributes": chosen}
        shop.do("POST", f"/products/{parent}/variations", body)
    return parent


def assortment(shop: GoodsShop) -> None:
    product(shop, "MÖSSA")
    product(shop, "VANTE")
    sweater(shop)


ALL = {"MÖSSA", "VANTE", "TRÖJA", "TRÖJA-RS", "TRÖJA-RM", "TRÖJA-BS"}


def articles(sync: SyncSide) -> dict[str, Any]:
    """What Mamut has, by number."""
    return {each.product_no: each for each in sync.world.mamut.products() if each.product_no != OWN_ARTICLE}


async def test_an_empty_mamut_gets_all_that_was_planned_and_nothing_before(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        number = await sync.plan(System.SHOP)
        assert sync.actions(number) == dict.fromkeys(ALL, Action.MAKE)
        assert articles(sync) == {}
        counts = await sync.apply(number)
        assert counts is not None
        assert (counts.left, counts.in_state(RowState.DONE)) == (0, len(ALL))
        made = articles(sync)
        assert set(made) == ALL
        assert Decimal(made["MÖSSA"].price_out) == 100
        assert sync.kept(number).state is PlanState.APPLIED
        again = await sync.plan(System.SHOP)
        assert sync.actions(again) == dict.fromkeys(ALL, Action.SAME)
        async with sync.sync() as looking:
            census = await looking.census()
        assert (census.equal, census.is_equal) == (len(ALL), True)


async def test_it_takes_the_fewest_requests_that_the_apis_allow(tmp_path: Path, autojump_clock: MockClock) -> None:
    """The shop gives 100 products a page, and variations product by product; Mamut takes one article a call. Nobody
    writes to the shop."""
    async with side(tmp_path) as sync:
        rows = [{"name": f"Vara {number}", "sku": f"VARA-{number}", "regular_price": "10"} for number in range(150)]
        for at in (0, 100):
            sync.shop.do("POST", "/products/batch", {"create": rows[at : at + 100]})
        sweater(sync.shop)
        number = await sync.plan(System.SHOP)
        listed = [each.path for each in sync.world.trace.exchanges if each.method == "GET"]
        assert len([path for path in listed if path.endswith("/variations")]) == 1
        assert len([path for path in listed if path.endswith("/wc/v3/products")]) == 2, "151 products"
        before = len(sync.world.trace.exchanges)
        counts = await sync.apply(number)
        assert counts is not None
        assert counts.in_state(RowState.DONE) == 154
        applied = sync.world.trace.exchanges[before:]
        made = [each for each in applied if each.method == "POST" and each.path.endswith("/api/v1/products")]
        assert len(made) == 154
        written = [each.path for each in applied if each.method != "GET" and each.path.startswith("/wp-json")]
        assert [path for path in written if not path.endswith("/orders/batch")] == []


async def test_what_mamut_cannot_have_is_refused_with_its_reason(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with side(tmp_path) as sync:
        product(sync.shop, "X" * 60)
        product(sync.shop, "STJÄRNA-★")
        product(sync.shop, "", name="Utan nummer")
        three = [{"name": name, "options": ["A", "B"], "variation": True} for name in ("Färg", "Storlek", "Längd")]
        product(sync.shop, "TRE", type="variable", attributes=three)
        plan = await sync.plan(System.SHOP)
        codes = {name: (row.action, row.code) for name, row in sync.rows(plan).items()}
        assert codes == {
            "X" * 60: (Action.REFUSE, GoodsReason.NUMBER_TOO_LONG),
            "STJÄRNA-★": (Action.REFUSE, GoodsReason.NUMBER_CHARACTERS),
            "": (Action.REFUSE, GoodsReason.NUMBER_MISSING),
            "TRE": (Action.REFUSE, GoodsReason.THIRD_PROPERTY),
        }
        await sync.apply(plan)
        assert articles(sync) == {}


async def test_eighty_seven_articles_that_are_there_already_are_tied_without_a_write(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        numbers = [f"V-{number:02d}" for number in range(87)]
        for number in numbers:
            sync.shop.article(number, price="100", group=None)
            product(sync.shop, number)
        before = articles(sync)
        plan = await sync.plan(System.SHOP)
        assert sync.actions(plan) == dict.fromkeys(numbers, Action.LINK), next(iter(sync.rows(plan).values())).changes
        counts = await sync.apply(plan)
        assert counts is not None
        assert counts.in_state(RowState.DONE) == 87
        assert articles(sync) == before


async def test_ground_that_has_moved_is_skipped_and_said(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        halsduk = product(sync.shop, "HALSDUK")
        borta = product(sync.shop, "BORTA")
        plan = await sync.plan(System.SHOP)
        await sync.sleep(60)
        sync.shop.do("PUT", f"/products/{halsduk}", {"name": "Ny halsduk"})
        sync.shop.do("DELETE", f"/products/{borta}")
        sync.shop.article("VANTE", description="Någon annans")
        await sync.apply(plan)
        states = {name: (row.state, row.code) for name, row in sync.rows(plan).items()}
        assert states["HALSDUK"] == (RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_SHOP)
        assert states["BORTA"] == (RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_SHOP)
        assert states["VANTE"] == (RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_MAMUT)
        assert set(articles(sync)) == ALL
        assert articles(sync)["VANTE"].description == "Någon annans"


async def test_killed_anywhere_and_gone_on_with_each_article_is_made_once(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    for seed, kill_at in enumerate((10, 14, 18, 22, 28), start=1):
        folder = tmp_path / str(kill_at)
        folder.mkdir()
        async with side(folder, seed=seed) as sync:
            assortment(sync.shop)
            plan = await sync.plan(System.SHOP)
            killed = await sync.apply(plan, kill_at=kill_at) is None
            assert killed
            counts = await sync.apply(plan)
            assert counts is not None
            states = {name: (row.state, row.code) for name, row in sync.rows(plan).items()}
            assert (counts.left, counts.in_state(RowState.DONE)) == (0, len(ALL)), (kill_at, states)
            assert sorted(articles(sync)) == sorted(ALL)
            assert all(row.made_id for row in sync.rows(plan).values()), (kill_at, states)


async def test_what_was_made_and_untouched_becomes_inactive_and_nothing_else_and_active_by_the_next_plan(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        sync.shop.article("GAMMAL", price="100", group=None)
        product(sync.shop, "GAMMAL")
        plan = await sync.plan(System.SHOP)
        await sync.apply(plan)
        sync.shop.change("VANTE", description="Mormors vante")
        counts = await sync.undo(plan)
        assert {number for number, each in articles(sync).items() if not each.inactive} == {"GAMMAL", "VANTE"}
        assert (counts.in_state(RowState.UNDONE), counts.in_state(RowState.LEFT)) == (5, 1)
        assert sync.rows(plan)["VANTE"].code == GoodsReason.TOUCHED_SINCE
        again = await sync.plan(System.SHOP)
        assert sync.actions(again) == {**dict.fromkeys(ALL, Action.CHANGE), "GAMMAL": Action.SAME, "VANTE": Action.SAME}
        assert sync.rows(again)["MÖSSA"].changes == {"inactive": ("True", "False")}
        await sync.apply(again)
        assert [number for number, each in articles(sync).items() if each.inactive] == []
        assert set(sync.actions(await sync.plan(System.SHOP)).values()) == {Action.SAME}
