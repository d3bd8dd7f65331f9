"""Which product of a shop is an article's: found by its number, never another kind, not made again unasked."""

from __future__ import annotations

from pathlib import Path

import msgspec
from trio.testing import MockClock

from agent.journal import links, tasks
from simulators.http import Request, Response
from tests.actors.goods_shop import PRICES, PRODUCTS, goods_shop, sweater


async def test_products_that_are_there_are_linked_and_their_kept_fields_left(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        there = shop.do("POST", "/products", {"name": "Gammal", "sku": "a-1", "description": "Butikens", "weight": "3"})
        shop.article("A-1", text="Mamuts text")
        shop.article("A-2")
        assert await shop.sync()
        made = shop.products()
        assert made["A-1"]["id"] == there["id"]
        assert (made["A-1"]["name"], made["A-1"]["description"], made["A-1"]["weight"]) == (
            "Vara A-1",
            "<p>Butikens</p>\n" if made["A-1"]["description"].startswith("<p>") else "Butikens",
            "3",
        )
        assert (shop.said("A-1"), shop.said("A-2")) == ("adopted", "made")


async def test_a_lost_journal_doubles_nothing(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES)) as shop:
        sweater(shop)
        shop.world.mamut.fill(1, products=30)
        assert await shop.sync()
        before = {sku: row["id"] for sku, row in shop.products().items()}
        shop.world.lose_journal()
        assert await shop.sync()
        assert {sku: row["id"] for sku, row in shop.products().items()} == before
        assert shop.left() == {}


async def test_an_article_of_another_kind_is_held_and_never_flipped(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.do("POST", "/products", {"name": "Variabel", "sku": "A-1", "type": "variable"})
        shop.do("POST", "/products", {"name": "Enkel", "sku": "TRÖJA"})
        shop.article("A-1")
        sweater(shop)
        assert await shop.sync()
        made = shop.products()
        assert (made["A-1"]["type"], made["TRÖJA"]["type"]) == ("variable", "simple")
        assert shop.told("A-1")[0] == shop.told("TRÖJA")[0] == "BRY-G01"
        assert shop.left()["A-1"] == ("BRY-G01", True)
        assert shop.left()["TRÖJA-RS"] == ("BRY-G10", True)
        assert "TRÖJA-RS" not in made


async def test_a_renamed_article_keeps_its_product(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("GAMMAL")
        shop.article("ANNAN")
        assert await shop.sync()
        before = shop.products()
        shop.change("GAMMAL", product_no="NY")
        assert await shop.sync()
        after = shop.products()
        assert sorted(after) == ["ANNAN", "NY"]
        assert after["NY"]["id"] == before["GAMMAL"]["id"]


async def test_a_product_renamed_in_the_shop_is_still_the_article_and_gets_its_number_back(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("A")
        assert await shop.sync()
        product_id = shop.products()["A"]["id"]
        shop.do("PUT", f"/products/{product_id}", {"sku": "BUTIKENS"})
        shop.change("A", description="Nytt namn")
        assert await shop.sync()
        made = shop.products()
        assert {sku: (row["id"], row["name"]) for sku, row in made.items()} == {"A": (product_id, "Nytt namn")}
        assert shop.left() == {}


async def test_two_articles_can_change_numbers_in_a_chain(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("ETT")
        shop.article("TVÅ")
        assert await shop.sync()
        before = shop.products()
        shop.change("TVÅ", product_no="TRE")
        shop.change("ETT", product_no="TVÅ")
        assert await shop.sync()
        after = shop.products()
        assert (after["TVÅ"]["id"], after["TRE"]["id"]) == (before["ETT"]["id"], before["TVÅ"]["id"])
        assert shop.left() == {}


async def test_a_new_number_that_the_shop_has_already_is_held(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("ETT")
        assert await shop.sync()
        other = shop.do("POST", "/products", {"name": "Butikens egen", "sku": "TVÅ"})
        shop.change("ETT", product_no="TVÅ")
        assert await shop.sync()
        assert shop.told("TVÅ") == ("BRY-G06", {"holder": str(other["id"])})
        assert sorted(shop.products()) == ["ETT", "TVÅ"]


async def test_a_number_that_stands_twice_in_mamut_is_held(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("A")
        shop.world.mamut.staff.duplicate_product("A")
        shop.article("B")
        assert await shop.sync()
        assert sorted(shop.products()) == ["B"]
        assert shop.told("A")[0] == "BRY-G05"


async def test_numbers_that_differ_by_case_alone_are_one_to_the_shop(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        there = shop.do("POST", "/products", {"name": "Butikens", "sku": "a-1"})
        for number in ("A-1", "a-1", "B-1", "b-1"):
            shop.article(number)
        assert await shop.sync()
        made = shop.products()
        assert sorted(made) == ["A-1", "B-1"]
        assert made["A-1"]["id"] == there["id"]
        assert shop.left() == {"a-1": ("BRY-G06", True), "b-1": ("BRY-G06", True)}


async def test_a_number_that_two_products_of_the_shop_have_is_held_with_both(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        first = shop.do("POST", "/products", {"name": "Ett", "sku": "A"})["id"]
        shop.article("A")
        shop.article("B")

        def gate(request: Request) -> Response | None:
            """The shop as an import has left it that did not ask whether the number was taken."""
            if "sku=" not in request.query:
                return None
            response = shop.side.shop.handle(request)
            rows = msgspec.json.decode(response.body)
            more = [{**row, "id": 999} for row in rows if row["id"] == first]
            return msgspec.structs.replace(response, body=msgspec.json.encode([*rows, *more]))

        shop.side.gate = gate
        assert await shop.sync()
        assert shop.told("A") == ("BRY-G04", {"ids": f"{first}, 999"})
        assert shop.said("B") == "made"


async def test_a_product_in_the_trash_stays_there_until_a_person_says_so(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("A")
        assert await shop.sync()
        product_id = shop.products()["A"]["id"]
        shop.do("DELETE", f"/products/{product_id}")
        shop.change("A", description="Nytt namn")
        assert await shop.sync()
        assert shop.said("A") in ("BRY-G07", "BRY-G08")
        assert shop.products() == {}
        assert shop.do("GET", f"/products/{product_id}")["status"] == "trash"


async def test_a_product_of_the_merchants_that_is_gone_is_not_made_again_unasked(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        there = shop.do("POST", "/products", {"name": "Butikens", "sku": "A"})
        shop.article("A")
        assert await shop.sync()
        shop.do("DELETE", f"/products/{there['id']}?force=true")
        for name in ("Nytt namn", "Nyare namn"):
            shop.change("A", description=name)
            assert await shop.sync()
            assert shop.said("A") == "BRY-G08"
            assert shop.products() == {}

        journal = shop.look()
        await journal.run(lambda tx: links.forget_gone(tx, shop.key, shop.pk("A")))
        await journal.run(lambda tx: tasks.release(tx, shop.key, PRODUCTS, 0))
        journal.close()
        assert await shop.sync()
        assert shop.products()["A"]["name"] == "Nyare namn"


async def test_a_product_that_we_made_is_made_again_or_found_under_its_number(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES)) as shop:
        shop.article("A")
        sweater(shop)
        assert await shop.sync()
        made = shop.products()
        shop.do("DELETE", f"/products/{made['A']['id']}?force=true")
        shop.do("DELETE", f"/products/{made['TRÖJA']['id']}?force=true")
        moved = shop.do("POST", "/products", {"name": "Handgjord", "sku": "A"})
        shop.change("A", description="Nytt namn")
        shop.change("TRÖJA-RS", weight="0.3")
        assert await shop.sync()
        again = shop.products()
        assert again["A"]["id"] == moved["id"]
        assert sorted(again) == ["A", "TRÖJA", "TRÖJA-BS", "TRÖJA-RM", "TRÖJA-RS"]
        assert {again[sku]["parent"] for sku in ("TRÖJA-RS", "TRÖJA-RM", "TRÖJA-BS")} == {again["TRÖJA"]["id"]}
        assert {again[sku]["regular_price"] for sku in ("A", "TRÖJA-RS", "TRÖJA-BS")} == {"100.00"}
        assert shop.said("TRÖJA") == "made_again"
