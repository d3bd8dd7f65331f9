"""A first synchronisation from Mamut to a shop: planned row by row, applied exactly, stopped, gone on with, undone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from trio.testing import MockClock

from agent.journal import directions
from agent.model.plan import Action, PlanState, RowState
from agent.model.said import GoodsReason
from agent.remote.trouble import Trouble
from agent.schedule import Schedule
from agent.settings.tree import ReadingSettings
from scenarios.play import play, shop_settings
from tests.actors.goods_shop import PRICES, PRODUCTS, GoodsShop
from tests.actors.sync_side import SyncSide


@asynccontextmanager
async def side(folder: Path, *, seed: int = 1, **settings: Any) -> AsyncIterator[SyncSide]:
    async with play(folder, seed=seed) as world:
        yield SyncSide(GoodsShop(world, shop_settings(flow=2, **settings), (PRODUCTS, PRICES)))


def assortment(shop: GoodsShop) -> None:
    """Two simple articles and a sweater with three variants."""
    shop.article("MÖSSA")
    shop.article("VANTE")
    shop.main("TRÖJA", "Färg", "Storlek", text="En varm tröja.")
    shop.variant("TRÖJA-RS", "TRÖJA", "Röd", "S")
    shop.variant("TRÖJA-RM", "TRÖJA", "Röd", "M")
    shop.variant("TRÖJA-BS", "TRÖJA", "Blå", "S")


def goods_batches(sync: SyncSide) -> list[str]:
    """Those about goods and what they stand among; an empty batch of orders asks whether the key may write."""
    return [path for path in sync.shop.batches() if "/products/" in path]


UNIT = [{"key": "_unit", "value": "st"}]

ALL = {"MÖSSA", "VANTE", "TRÖJA", "TRÖJA-RS", "TRÖJA-RM", "TRÖJA-BS"}


async def test_an_empty_shop_gets_all_that_was_planned_and_nothing_was_written_before(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        number = await sync.plan()
        assert sync.actions(number) == dict.fromkeys(ALL, Action.MAKE)
        assert (sync.writes(), sync.kept(number).state) == ([], PlanState.PLANNED)
        counts = await sync.apply(number)
        assert counts is not None
        assert (counts.left, counts.in_state(RowState.DONE)) == (0, len(ALL))
        assert set(sync.shop.products()) == ALL
        assert len(sync.writes()) == 2
        assert sync.kept(number).state is PlanState.APPLIED
        async with sync.sync() as looking:
            census = await looking.census()
        assert (census.equal, census.is_equal) == (len(ALL), True)


async def test_it_takes_the_fewest_requests_that_the_api_allows(tmp_path: Path, autojump_clock: MockClock) -> None:
    """100 products a batch, main products beside simple ones; the variations of one product in batches of 100; all
    categories of a level in one."""
    async with side(tmp_path) as sync:
        for number in range(196):
            sync.shop.article(f"VARA-{number:03d}", group=1 + number % 5)
        variants = {"BYXA": 101, "KEPS": 1, "TRÖJA": 3}
        for main, count in variants.items():
            sync.shop.main(main, "Storlek")
            for number in range(count):
                sync.shop.variant(f"{main}-{number:03d}", main, f"{number}")
        counts = await sync.apply(await sync.plan())
        assert counts is not None
        assert counts.in_state(RowState.DONE) == 199 + 105
        asked = goods_batches(sync)
        assert len([path for path in asked if path.endswith("/products/batch")]) == 2, "199 products"
        assert len([path for path in asked if path.endswith("/variations/batch")]) == 2 + 1 + 1
        assert len([path for path in asked if "/categories" in path]) == 1
        await sync.apply(await sync.plan())
        assert goods_batches(sync) == asked, "a second run finds nothing to do"


async def test_a_second_run_finds_nothing_to_do(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        await sync.apply(await sync.plan())
        written = len(sync.writes())
        again = await sync.plan()
        assert sync.actions(again) == dict.fromkeys(ALL, Action.SAME)
        await sync.apply(again)
        assert await sync.shop.sync()
        assert len(sync.writes()) == written


async def test_eighty_seven_products_that_are_there_already_are_tied_without_a_write(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        numbers = [f"V-{number:02d}" for number in range(87)]
        for number in numbers:
            sync.shop.article(number)
            body = {"name": f"Vara {number}", "sku": number, "regular_price": "100", "meta_data": UNIT}
            sync.shop.do("POST", "/products", body)
        plan = await sync.plan()
        assert sync.actions(plan) == dict.fromkeys(numbers, Action.LINK)
        counts = await sync.apply(plan)
        assert counts is not None
        assert counts.in_state(RowState.DONE) == 87
        assert sync.writes() == []
        assert all(sync.shop.link(number) is not None for number in numbers[:3])


async def test_what_differs_is_shown_and_only_that_is_written(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with side(tmp_path) as sync:
        sync.shop.article("MÖSSA", weight="0.2")
        sync.shop.do(
            "POST", "/products", {"name": "Gammal mössa", "sku": "mössa", "description": "Stickad.", "meta_data": UNIT}
        )
        plan = await sync.plan()
        row = sync.rows(plan)["MÖSSA"]
        assert row.action is Action.CHANGE
        assert row.changes["name"] == ("Gammal mössa", "Vara MÖSSA")
        assert set(row.changes) == {"name", "weight", "sku"}
        await sync.apply(plan)
        product = sync.shop.products()["MÖSSA"]
        assert (product["name"], product["weight"], product["description"]) == ("Vara MÖSSA", "0.2", "Stickad.")
        assert sync.states(plan) == {"MÖSSA": RowState.DONE}


async def test_rows_that_cannot_be_are_refused_with_their_reason(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with side(tmp_path) as sync:
        sync.shop.article("DUBBEL")
        sync.shop.article("STORSÄLJARE")
        sync.shop.article("INTE-WEBB", web=False)
        sync.shop.do("POST", "/products", {"name": "Med val", "sku": "STORSÄLJARE", "type": "variable"})
        plan = await sync.plan()
        rows = sync.rows(plan)
        assert rows["STORSÄLJARE"].action is Action.REFUSE
        assert rows["STORSÄLJARE"].code == GoodsReason.KIND_DIFFERS
        assert rows["INTE-WEBB"].action is Action.LEAVE
        counts = await sync.apply(plan)
        assert counts is not None
        assert set(sync.shop.products()) == {"STORSÄLJARE", "DUBBEL"}


async def test_ground_that_has_moved_is_skipped_and_said(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        sync.shop.article("HALSDUK")
        sync.shop.do("POST", "/products", {"name": "Halsduk", "sku": "HALSDUK"})
        plan = await sync.plan()
        sync.shop.change("VANTE", description="En helt annan vante")
        sync.shop.do("POST", "/products", {"name": "Någon annans", "sku": "MÖSSA"})
        sync.shop.do("PUT", f"/products/{sync.shop.products()['HALSDUK']['id']}", {"name": "Ny halsduk"})
        sync.shop.variant("TRÖJA-NY", "TRÖJA", "Grön", "S")
        await sync.apply(plan)
        states = {name: (row.state, row.code) for name, row in sync.rows(plan).items()}
        assert states["VANTE"] == (RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_MAMUT)
        assert states["MÖSSA"] == (RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_SHOP)
        assert states["HALSDUK"] == (RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_SHOP)
        assert states["TRÖJA"] == (RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_MAMUT)
        products = sync.shop.products()
        assert {number: product["name"] for number, product in products.items()} == {
            "MÖSSA": "Någon annans",
            "HALSDUK": "Ny halsduk",
        }


async def test_killed_anywhere_and_gone_on_with_each_product_is_made_once(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    for seed, kill_at in enumerate((30, 41, 48, 55, 62), start=1):
        folder = tmp_path / str(kill_at)
        folder.mkdir()
        async with side(folder, seed=seed) as sync:
            assortment(sync.shop)
            plan = await sync.plan()
            await sync.apply(plan, kill_at=kill_at)
            counts = await sync.apply(plan)
            assert counts is not None
            assert (counts.left, counts.in_state(RowState.DONE)) == (0, len(ALL)), kill_at
            assert set(sync.shop.products()) == ALL
            assert all(row.made_id for row in sync.rows(plan).values()), kill_at


async def test_what_was_made_and_untouched_is_taken_back_and_nothing_else(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        sync.shop.article("GAMMAL")
        sync.shop.do("POST", "/products", {"name": "Gammal", "sku": "GAMMAL"})
        plan = await sync.plan()
        await sync.apply(plan)
        vante = sync.shop.products()["VANTE"]
        await sync.sleep(120)
        sync.shop.do("PUT", f"/products/{vante['id']}", {"description": "Stickad av mormor."})
        counts = await sync.undo(plan)
        assert set(sync.shop.products()) == {"GAMMAL", "VANTE"}
        assert (counts.in_state(RowState.UNDONE), counts.in_state(RowState.LEFT)) == (5, 1)
        assert sync.rows(plan)["VANTE"].code == GoodsReason.TOUCHED_SINCE
        assert sync.shop.do("GET", "/products?status=trash&sku=TRÖJA")


async def test_a_product_with_variants_that_somebody_has_worked_on_is_left_whole(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        plan = await sync.plan()
        await sync.apply(plan)
        sweater = sync.shop.products()["TRÖJA"]
        await sync.sleep(3_600)
        sync.shop.do("PUT", f"/products/{sweater['id']}", {"description": "Stickad av mormor."})
        counts = await sync.undo(plan)
        assert set(sync.shop.products()) == {"TRÖJA", "TRÖJA-RS", "TRÖJA-RM", "TRÖJA-BS"}
        assert (counts.in_state(RowState.UNDONE), counts.in_state(RowState.LEFT)) == (2, 4)


async def test_a_product_of_which_a_variant_has_another_stock_is_left_whole(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        plan = await sync.plan()
        await sync.apply(plan)
        made = sync.shop.products()
        body = {"manage_stock": True, "stock_quantity": 4}
        sync.shop.do("PUT", f"/products/{made['TRÖJA']['id']}/variations/{made['TRÖJA-RS']['id']}", body)
        await sync.undo(plan)
        assert set(sync.shop.products()) == {"TRÖJA", "TRÖJA-RS", "TRÖJA-RM", "TRÖJA-BS"}


async def test_a_direction_that_somebody_has_paused_applies_no_plan(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with side(tmp_path) as sync:
        assortment(sync.shop)
        plan = await sync.plan()
        async with sync.sync() as paused:
            await paused.journal.run(lambda tx: directions.pause(tx, paused.key, PRODUCTS, "Ada", 1))
        kept = sync.kept(plan)
        with pytest.raises(ExceptionGroup) as raised:
            async with sync.sync() as stopped:
                await stopped.apply(kept)
        assert raised.group_contains(Trouble, match="direction_paused", depth=None)
        assert sync.shop.products() == {}


async def test_the_shop_is_left_alone_in_its_quiet_hours_and_the_rest_is_done_after_them(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    """It is eight in the morning in the shop; twelve requests a minute are too few to be done in one."""
    schedules = {PRODUCTS.value: Schedule(quiet=("07:30-08:30", "08:31-09:30"), cron=("0 3 * * *",))}
    reading = ReadingSettings(requests_a_minute=12, write_size=1)
    async with side(tmp_path, schedules=schedules, reading=reading) as sync:
        sync.world.mamut.fill(1, products=150)
        await sync.apply(await sync.plan())
        minutes = [
            round(each.at_s / 60)
            for each in sync.world.trace.exchanges
            if each.system == sync.shop.key and "/products" in each.path
        ]
        assert not [at for at in minutes if at < 30 or 32 < at < 90]
        assert [at for at in minutes if at <= 32]
        assert [at for at in minutes if at >= 90]
        assert len(sync.shop.products()) == 150
        assert max(map(minutes.count, minutes)) <= 13
        assert ("quiet", 0, 0) in sync.told
