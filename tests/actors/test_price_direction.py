"""Prices from Mamut in a shop: only what changed, campaigns by the shop's own day, and guards that stop mistakes."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from agent.journal import directions, guards, tasks
from agent.settings.tree_goods import (
    PriceGuards,
    PriceList,
    PriceRounding,
    PriceSettings,
    PriceSource,
    RegisterSettings,
)
from simulators.http import Request, Response
from simulators.mamut.records import CategoryPrice, GroupDiscount, PriceRules
from tests.actors.goods_shop import PRICE_LISTS, PRICES, PRODUCTS, GoodsShop, goods_shop

JSON = (("Content-Type", "application/json; charset=UTF-8"),)
SELDOM = RegisterSettings(articles_every_s=86_400, prices_every_s=86_400)
BOTH = (PRODUCTS, PRICES)
CENT = Decimal("0.01")
SALE = PriceSettings(sale=PriceSource(category=4))


def prices(shop: GoodsShop) -> dict[str, str]:
    return {sku: row["regular_price"] for sku, row in shop.products().items() if row["type"] != "variable"}


async def release(shop: GoodsShop, product_no: str | None = None) -> int:
    """What a person does who has looked at stopped prices."""
    journal = shop.look()
    pk = None if product_no is None else shop.pk(product_no)
    count = await journal.run(lambda tx: guards.release(tx, shop.key, pk, "kim", 0))
    journal.close()
    return count


async def pause(shop: GoodsShop, *, paused: bool) -> None:
    journal = shop.look()
    for name in (PRODUCTS, PRICES):
        if paused:
            await journal.run(partial(directions.pause, shop=shop.key, direction=name, who="kim", now_ms=0))
        else:
            await journal.run(partial(directions.resume, shop=shop.key, direction=name))
    journal.close()


async def test_changed_prices_alone_are_written_a_hundred_at_a_time(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.world.mamut.fill(1, products=300)
        assert await shop.sync()
        assert len(shop.writes()) == 3
        first = prices(shop)
        for number in range(1, 151):
            shop.world.mamut.staff.set_price(f"B-{number:05d}", Decimal(first[f"B-{number:05d}"]))
        assert await shop.sync()
        assert len(shop.writes()) == 5
        after = prices(shop)
        changed = [sku for sku in after if after[sku] != first[sku]]
        assert changed == [f"B-{number:05d}" for number in range(1, 151)]
        assert await shop.sync()
        assert len(shop.writes()) == 5


async def test_variants_follow_the_price_of_their_main_product(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.main("TRÖJA", "Storlek", price="200")
        shop.variant("TRÖJA-S", "TRÖJA", "S", price="1")
        shop.variant("TRÖJA-M", "TRÖJA", "M", price="1")
        shop.main("BYXA", "Storlek", price="200", varies_by=["price"])
        shop.variant("BYXA-40", "BYXA", "40", price="240")
        assert await shop.sync()
        assert prices(shop) == {"TRÖJA-S": "250.00", "TRÖJA-M": "250.00", "BYXA-40": "300.00"}
        shop.world.mamut.staff.set_price("TRÖJA", Decimal("160"))
        shop.world.mamut.staff.set_price("BYXA", Decimal("160"))
        sent = len(shop.writes())
        assert await shop.sync()
        assert prices(shop) == {"TRÖJA-S": "200.00", "TRÖJA-M": "200.00", "BYXA-40": "300.00"}
        assert len(shop.writes()) == sent + 1


async def test_a_campaign_is_sent_ahead_and_taken_away_behind(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH, prices=SALE) as shop:
        shop.article("A", "100")
        campaign = CategoryPrice(4, percent=Decimal(20), valid_from=date(2026, 11, 4), valid_to=date(2026, 11, 5))
        shop.world.mamut.staff.set_price("A", rules=PriceRules(categories=[campaign]))
        assert await shop.sync()
        row = shop.products()["A"]
        assert (row["regular_price"], row["sale_price"]) == ("125.00", "100.00")
        assert (row["date_on_sale_from"], row["date_on_sale_to"]) == ("2026-11-04T00:00:00", "2026-11-05T23:59:59")
        sent = len(shop.writes())
        shop.register = SELDOM
        journal = shop.world.open_journal()
        async with shop.agent(journal):
            await trio.sleep(3 * 86_400)
            assert len(shop.writes()) == sent, "the shop switches by itself"
            assert shop.products()["A"]["sale_price"] == "100.00"
            await trio.sleep(86_400)
            journal.dead = True
        journal.close()
        row = shop.products()["A"]
        assert (row["regular_price"], row["sale_price"], row["date_on_sale_to"]) == ("125.00", "", None)


async def test_a_regular_price_with_days_changes_at_the_shops_midnight(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    settings = PriceSettings(regular=PriceSource(category=4))
    async with goods_shop(tmp_path, directions=BOTH, prices=settings) as shop:
        shop.article("A", "100")
        rule = CategoryPrice(4, price=Decimal(80), valid_from=date(2026, 11, 3), valid_to=None)
        shop.world.mamut.staff.set_price("A", rules=PriceRules(categories=[rule]))
        shop.register = SELDOM
        journal = shop.world.open_journal()
        async with shop.agent(journal):
            # The play begins at eight in the morning in Sweden.
            await trio.sleep(15.9 * 3600)
            assert shop.products()["A"]["regular_price"] == "125.00"
            await trio.sleep(0.2 * 3600)
            assert shop.products()["A"]["regular_price"] == "100.00"
            journal.dead = True
        journal.close()


async def test_a_discount_on_a_product_group_is_a_sale(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH, prices=SALE) as shop:
        shop.article("A", "100", group=1)
        shop.article("B", "100", group=2)
        assert await shop.sync()
        shop.world.mamut.staff.set_discounts([GroupDiscount(4, 2, Decimal(10))])
        assert await shop.sync()
        assert {sku: row["sale_price"] for sku, row in shop.products().items()} == {"A": "", "B": "112.50"}


async def test_a_sale_price_that_is_no_lower_is_left_out_and_said(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH, prices=SALE) as shop:
        shop.article("A", "100")
        assert await shop.sync()
        rules = PriceRules(categories=[CategoryPrice(4, price=Decimal(110))])
        shop.world.mamut.staff.set_price("A", Decimal(104), rules)
        assert await shop.sync()
        assert shop.products()["A"]["sale_price"] == ""
        assert shop.told("A", PRICES) == (
            "written_without_sale",
            {"price": "130.00", "old": "125.00", "sale": "137.50"},
        )


async def test_without_a_sale_source_the_shops_own_sale_stays(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.article("A", "100")
        assert await shop.sync()
        shop.do("PUT", f"/products/{shop.products()['A']['id']}", {"sale_price": "99"})
        shop.world.mamut.staff.set_price("A", Decimal(104))
        assert await shop.sync()
        row = shop.products()["A"]
        assert (row["regular_price"], row["sale_price"]) == ("130.00", "99")


async def test_prices_are_rounded_as_customers_see_them(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH, prices=PriceSettings(rounding=PriceRounding.END_90)) as shop:
        shop.article("A", "79.37")
        shop.article("B", "0.10")
        assert await shop.sync()
        assert prices(shop) == {"A": "98.90", "B": "0.90"}


# -- guards -----------------------------------------------------------------------------------------------------------


async def test_a_price_of_zero_is_stopped_and_released_by_a_person(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.article("NY", "0")
        shop.article("GAMMAL", "100")
        assert await shop.sync()
        assert shop.products()["NY"]["regular_price"] == ""
        shop.world.mamut.staff.set_price("GAMMAL", Decimal(0))
        assert await shop.sync()
        assert shop.left(PRICES) == {"NY": ("BRY-G17", True), "GAMMAL": ("BRY-G17", True)}
        assert prices(shop) == {"NY": "", "GAMMAL": "125.00"}
        assert await release(shop, "GAMMAL") == 1
        assert await shop.sync()
        assert prices(shop)["GAMMAL"] in ("0", "0.00")
        assert shop.left(PRICES) == {"NY": ("BRY-G17", True)}


async def test_a_leap_is_stopped_and_a_newer_one_is_stopped_anew(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.article("A", "100")
        assert await shop.sync()
        shop.world.mamut.staff.set_price("A", Decimal(1000))
        assert await shop.sync()
        code, params = shop.told("A", PRICES)
        assert (code, params["old"], params["new"], params["percent"]) == ("BRY-G18", "125.00", "1250.00", "900")
        assert await release(shop) == 1
        shop.world.mamut.staff.set_price("A", Decimal(2000))
        assert await shop.sync()
        assert prices(shop) == {"A": "1250.00"}, "what was let through, and not what came after it"
        assert shop.told("A", PRICES)[1]["new"] == "2500.00"
        assert await release(shop) == 1
        assert await shop.sync()
        assert prices(shop) == {"A": "2500.00"}


async def test_a_corrected_price_needs_nobody(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.article("A", "100")
        assert await shop.sync()
        shop.world.mamut.staff.set_price("A", Decimal(1000))
        assert await shop.sync()
        shop.world.mamut.staff.set_price("A", Decimal(100))
        sent = len(shop.writes())
        assert await shop.sync()
        assert (shop.left(PRICES), len(shop.writes())) == ({}, sent)
        assert await release(shop) == 0


@pytest.mark.parametrize("kill_at", [None, 3, 9, 14, 20, 27])
async def test_too_many_changed_prices_in_one_run_are_all_stopped(
    tmp_path: Path, autojump_clock: MockClock, kill_at: int | None
) -> None:
    many = PriceSettings(guards=PriceGuards(articles=20))
    async with goods_shop(tmp_path, directions=BOTH, prices=many) as shop:
        shop.world.mamut.fill(1, products=60)
        assert await shop.sync()
        first = prices(shop)
        for number in range(1, 31):
            shop.world.mamut.staff.set_price(f"B-{number:05d}", Decimal(first[f"B-{number:05d}"]))
        if kill_at is not None:
            await shop.sync(kill_at=kill_at)
        assert await shop.sync()
        assert prices(shop) == first
        assert set(shop.left(PRICES).values()) == {("BRY-G19", True)}
        assert len(shop.left(PRICES)) == 30

        shop.world.mamut.staff.set_price("B-00060", Decimal(first["B-00060"]))
        assert await shop.sync()
        assert prices(shop)["B-00060"] != first["B-00060"], "a run of its own is no part of the one that was stopped"

        assert await release(shop) == 30
        shop.world.mamut.staff.set_price("B-00001", Decimal("0.01"))
        assert await shop.sync()
        after = prices(shop)
        assert all(after[sku] != first[sku] for sku in list(first)[:30])
        assert shop.said("B-00001", PRICES) == "BRY-G18", "the price that came after the released one"
        assert after["B-00001"] != "0.01"


async def test_prices_that_a_date_changes_are_counted_too(tmp_path: Path, autojump_clock: MockClock) -> None:
    many = PriceSettings(regular=PriceSource(category=4), guards=PriceGuards(articles=20))
    async with goods_shop(tmp_path, directions=BOTH, prices=many) as shop:
        shop.register = SELDOM
        for number in range(30):
            shop.article(f"A-{number}", "100")
            rule = CategoryPrice(4, price=Decimal(80), valid_from=date(2026, 11, 3))
            shop.world.mamut.staff.set_price(f"A-{number}", rules=PriceRules(categories=[rule]))
        journal = shop.world.open_journal()
        async with shop.agent(journal):
            await trio.sleep(20 * 3600)
            journal.dead = True
        journal.close()
        assert set(prices(shop).values()) == {"125.00"}
        assert set(shop.left(PRICES).values()) == {("BRY-G19", True)}
        assert await release(shop) == 30
        assert await shop.sync()
        assert set(prices(shop).values()) == {"100.00"}


async def test_first_prices_are_no_run_but_leaps_from_what_the_shop_had(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    few = PriceSettings(guards=PriceGuards(articles=5))
    async with goods_shop(tmp_path, directions=BOTH, prices=few) as shop:
        for number in range(30):
            shop.do("POST", "/products", {"name": "x", "sku": f"A-{number}", "regular_price": "120"})
            shop.article(f"A-{number}", "100")
        shop.do("POST", "/products", {"name": "x", "sku": "B", "regular_price": "1250"})
        shop.article("B", "100")
        shop.do("POST", "/products", {"name": "x", "sku": "C"})
        shop.article("C", "100")
        assert await shop.sync()
        assert {price for sku, price in prices(shop).items() if sku != "B"} == {"125.00"}
        assert prices(shop)["B"] == "1250"
        assert shop.told("B", PRICES)[0] == "BRY-G18"
        assert shop.left(PRICES) == {"B": ("BRY-G18", True)}


# -- price lists -------------------------------------------------------------------------------------------------------


def lists_of(shop: GoodsShop, sku: str) -> dict[str, str]:
    return {meta["key"]: meta["value"] for meta in shop.products()[sku]["meta_data"] if meta["key"].startswith("_pris")}


async def test_price_lists_are_left_in_meta_and_taken_away_again(tmp_path: Path, autojump_clock: MockClock) -> None:
    kept = (PriceList(category=2, meta="_pris_af"), PriceList(category=4, meta="_pris_klubb", with_vat=True))
    given = (PRODUCTS, PRICES, PRICE_LISTS)
    async with goods_shop(tmp_path, directions=given, prices=PriceSettings(lists=kept)) as shop:
        staff = shop.world.mamut.staff
        shop.article("A", "100")
        shop.article("B", "100")
        shop.main("T", "Storlek", price="100")
        shop.variant("T-S", "T", "S")
        staff.set_price("A", rules=PriceRules(categories=[CategoryPrice(2, price=Decimal(70))]))
        staff.set_price("T", rules=PriceRules(categories=[CategoryPrice(4, percent=Decimal(10))]))
        assert await shop.sync()
        assert lists_of(shop, "A") == {"_pris_af": "70.00"}
        assert lists_of(shop, "B") == {}
        assert lists_of(shop, "T-S") == {"_pris_klubb": "112.50"}
        assert shop.told("A", PRICE_LISTS) == ("written", {"fields": "_pris_af"})
        assert shop.said("B", PRICE_LISTS) == "unchanged"
        sent = len(shop.writes())
        assert await shop.sync()
        assert len(shop.writes()) == sent
        staff.set_price("A", rules=PriceRules(categories=[CategoryPrice(4, price=Decimal(80))]))
        assert await shop.sync()
        assert lists_of(shop, "A") == {"_pris_klubb": "100.00"}
        assert shop.products()["A"]["regular_price"] == "125.00"


# -- without products, and trouble -------------------------------------------------------------------------------------


async def test_where_the_shop_makes_its_products_they_are_found_by_number(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path, directions=(PRICES,)) as shop:
        shop.do("POST", "/products", {"name": "Egen", "sku": "A", "regular_price": "99"})
        body = {"name": "Tröja", "sku": "T", "type": "variable"}
        body["attributes"] = [{"name": "Storlek", "options": ["S"], "variation": True}]  # type: ignore[assignment]
        parent = shop.do("POST", "/products", body)["id"]
        choice = [{"name": "Storlek", "option": "S"}]
        shop.do("POST", f"/products/{parent}/variations", {"sku": "T-S", "attributes": choice})
        shop.article("A", "100")
        shop.article("SAKNAS", "100")
        shop.main("T", "Storlek", price="40")
        shop.variant("T-S", "T", "S")
        assert await shop.sync()
        assert prices(shop) == {"A": "125.00", "T-S": "50.00"}
        assert shop.said("SAKNAS", PRICES) == "not_in_shop"
        asked = shop.requests()
        assert await shop.sync()
        assert shop.requests() == asked


async def test_one_price_that_the_shop_refuses_holds_no_other(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.world.mamut.fill(1, products=20)
        assert await shop.sync()
        first = prices(shop)
        poison = f'"{shop.products()["B-00007"]["id"]}"'.strip('"')

        def gate(request: Request) -> Response | None:
            if request.method == "POST" and f'"id":{poison},' in request.body.decode():
                body = b'{"code":"rest_invalid_param","message":"x","data":{"status":400}}'
                return Response(status=400, headers=JSON, body=body)
            return None

        shop.side.gate = gate
        for number in range(1, 21):
            shop.world.mamut.staff.set_price(f"B-{number:05d}", Decimal(first[f"B-{number:05d}"]))
        assert await shop.sync(settle_s=600)
        after = prices(shop)
        assert [sku for sku in after if after[sku] == first[sku]] == ["B-00007"]
        assert shop.left(PRICES) == {"B-00007": ("BRY-G02", True)}


@pytest.mark.parametrize("seed", range(3))
async def test_killed_anywhere_every_price_ends_as_mamut_has_it(
    tmp_path: Path, autojump_clock: MockClock, seed: int
) -> None:
    async with goods_shop(tmp_path, directions=BOTH, seed=seed) as shop:
        shop.world.mamut.fill(seed, products=10)
        assert await shop.sync()
        first = prices(shop)
        for number in range(1, 11):
            shop.world.mamut.staff.set_price(f"B-{number:05d}", Decimal(first[f"B-{number:05d}"]))
        moment = seed
        while not await shop.sync(kill_at=moment):
            moment += 3
        after = prices(shop)
        vat = {row.product_no: {3: 25, 4: 12, 5: 6}[row.vat_out] for row in shop.world.mamut.products()}
        for sku, price in after.items():
            assert Decimal(price) == (Decimal(first[sku]) * (100 + vat[sku]) / 100).quantize(CENT, ROUND_HALF_UP), sku
        assert shop.left(PRICES) == {}


async def test_a_price_for_a_product_that_is_gone_brings_it_back(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.article("A", "100")
        assert await shop.sync()
        shop.do("DELETE", f"/products/{shop.products()['A']['id']}?force=true")
        shop.world.mamut.staff.set_price("A", Decimal(104))
        assert await shop.sync()
        assert prices(shop) == {"A": "130.00"}
        assert (shop.left(), shop.left(PRICES)) == ({}, {})


async def test_a_price_that_is_decided_before_its_reading_has_ended_waits(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.article("A", "100")
        assert await shop.sync()
        journal = shop.look()
        now_ms = int(shop.world.calendar.now().timestamp() * 1000)
        await journal.run(lambda tx: tasks.put(tx, shop.key, PRICES, [shop.pk("A")], now_ms))
        await journal.run(
            lambda tx: tx.execute("UPDATE readings SET began_ms = ?, \"offset\" = 1 WHERE part = 'prices'", (now_ms,))
        )
        journal.close()
        shop.world.network.refuse("mamut.example", refuse=True)
        agent_journal = shop.world.open_journal()
        async with shop.agent(agent_journal) as (_reader, loops):
            await trio.sleep(300)
            assert not any(loop.idle for loop in loops if loop.name is PRICES)
            await trio.sleep(600)
            assert all(loop.idle for loop in loops), "a reading that never ends does not stop prices for ever"
            agent_journal.dead = True
        agent_journal.close()


async def test_a_price_that_was_taken_back_while_we_were_dead_is_taken_back_in_the_shop(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path, directions=BOTH) as shop:
        shop.article("A", "100")
        assert await shop.sync()
        for moment in range(40):
            shop.world.mamut.staff.set_price("A", Decimal(104))
            shop.change("A", description="Nytt namn")
            lived = await shop.sync(kill_at=moment)
            shop.world.mamut.staff.set_price("A", Decimal(100))
            shop.change("A", description="Vara A")
            # Mamut is read before anybody comes to write: what was decided then is not written once more.
            await pause(shop, paused=True)
            assert await shop.sync()
            await pause(shop, paused=False)
            assert await shop.sync()
            row = shop.products()["A"]
            assert (row["regular_price"], row["name"]) == ("125.00", "Vara A"), moment
            if lived:
                return
        raise AssertionError("no life came to its end")
