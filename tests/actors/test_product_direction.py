"""Products from Mamut in a shop: made in order, changed by field, never doubled, never another kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import trio
from trio.testing import MockClock

from agent.journal import directions, links, tasks
from agent.settings.tree_goods import Keep, MissingCategory, ProductSettings
from scenarios.play import play, shop_settings
from simulators.faults import Fault, FaultOptions
from simulators.http import Request, Response
from tests.actors.goods_shop import PRICES, PRODUCTS, GoodsShop

JSON = (("Content-Type", "application/json; charset=UTF-8"),)

LOST = FaultOptions(share=0.25, faults=(Fault.CUT_AFTER, Fault.HANG_AFTER, Fault.STATUS_504_AFTER), seed=3)


@asynccontextmanager
async def goods_shop(
    folder: Path, *, directions: tuple[Any, ...] = (PRODUCTS,), seed: int = 1, **settings: Any
) -> AsyncIterator[GoodsShop]:
    async with play(folder, seed=seed) as world:
        yield GoodsShop(world, shop_settings(flow=2, **settings), directions)


async def test_simple_articles_become_products_in_batches_of_a_hundred(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.world.mamut.fill(1, products=250)
        assert await shop.sync()
        made = shop.products()
        assert sorted(made) == [f"B-{number:05d}" for number in range(1, 251)]
        assert len(shop.writes()) == 3
        assert {shop.said(number) for number in ("B-00001", "B-00250")} == {"made"}
        assert shop.left() == {}


def sweater(shop: GoodsShop) -> None:
    """A sweater in two colours and two sizes, of which three are made."""
    shop.main("TRÖJA", "Färg", "Storlek", text="En varm tröja.\n\nTvättas i 30 grader.", weight="0.4")
    shop.variant("TRÖJA-RS", "TRÖJA", "Röd", "S")
    shop.variant("TRÖJA-RM", "TRÖJA", "Röd", "M")
    shop.variant("TRÖJA-BS", "TRÖJA", "Blå", "S")


async def test_a_variant_product_is_one_row_and_one_batch_of_variations(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES)) as shop:
        sweater(shop)
        shop.article("MÖSSA")
        assert await shop.sync()
        made = shop.products()
        assert len(shop.writes()) == 2
        parent = made["TRÖJA"]
        assert (parent["type"], parent["status"]) == ("variable", "publish")
        assert {each["name"]: each["options"] for each in parent["attributes"]} == {
            "Färg": ["Röd", "Blå"],
            "Storlek": ["S", "M"],
        }
        assert all(each["variation"] for each in parent["attributes"])
        chosen = {each["name"]: each["option"] for each in made["TRÖJA-RM"]["attributes"]}
        assert chosen == {"Färg": "Röd", "Storlek": "M"}
        assert made["TRÖJA-RM"]["parent"] == parent["id"]
        assert made["TRÖJA-RM"]["regular_price"] == made["MÖSSA"]["regular_price"] == "100.00"
        assert parent["description"].startswith("En varm tröja.")


async def test_nothing_is_written_when_nothing_has_changed(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES)) as shop:
        sweater(shop)
        shop.world.mamut.fill(1, products=20)
        assert await shop.sync()
        sent = len(shop.writes())

        journal = shop.look()
        await journal.run(lambda tx: tasks.put(tx, shop.key, PRODUCTS, [shop.pk("B-00001"), shop.pk("TRÖJA-RS")], 0))
        await journal.run(lambda tx: tasks.put(tx, shop.key, PRICES, [shop.pk("B-00002"), shop.pk("TRÖJA-RS")], 0))
        journal.close()
        assert await shop.sync()
        assert len(shop.writes()) == sent
        assert shop.said("B-00001") == shop.said("TRÖJA-RS") == "unchanged"
        assert shop.said("B-00002", PRICES) == "unchanged"


async def test_only_the_changed_field_is_written(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("VANTE", text="Ull.", weight="0.2")
        assert await shop.sync()
        product_id = shop.products()["VANTE"]["id"]
        shop.do("PUT", f"/products/{product_id}", {"weight": "9", "description": "Handskriven text"})

        shop.change("VANTE", description="Vante av ull", text="Ren ull.")
        assert await shop.sync()
        vante = shop.products()["VANTE"]
        assert (vante["name"], vante["weight"]) == ("Vante av ull", "9")
        assert vante["description"] == "Handskriven text"
        assert shop.told("VANTE") == ("written", {"fields": "name"})


async def test_a_new_variant_brings_its_option_to_the_product_first(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        sweater(shop)
        assert await shop.sync()
        parent = shop.products()["TRÖJA"]
        own = [*parent["attributes"], {"name": "Material", "options": ["Ull"], "visible": True, "variation": False}]
        shop.do("PUT", f"/products/{parent['id']}", {"attributes": own})

        shop.variant("TRÖJA-GL", "TRÖJA", "Grön", "L")
        assert await shop.sync()
        made = shop.products()
        options = {each["name"]: each["options"] for each in made["TRÖJA"]["attributes"]}
        assert options == {"Färg": ["Röd", "Blå", "Grön"], "Storlek": ["S", "M", "L"], "Material": ["Ull"]}
        assert made["TRÖJA-GL"]["parent"] == parent["id"]
        assert {each["option"] for each in made["TRÖJA-GL"]["attributes"]} == {"Grön", "L"}


async def test_the_shops_global_attribute_is_used_where_it_has_one(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        made = shop.do("POST", "/products/attributes", {"name": "Färg"})
        sweater(shop)
        assert await shop.sync()
        parent = shop.products()["TRÖJA"]
        assert {each["name"]: each["id"] for each in parent["attributes"]} == {"Färg": made["id"], "Storlek": 0}
        assert sorted(parent["attributes"][0]["options"]) == ["Blå", "Röd"]


async def test_variants_of_an_adopted_product_use_its_own_attributes(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.do("POST", "/products/attributes", {"name": "Färg"})
        own = [{"name": "Färg", "options": ["Svart"], "visible": True, "variation": True}]
        parent = shop.do("POST", "/products", {"name": "T", "sku": "TRÖJA", "type": "variable", "attributes": own})
        sweater(shop)
        assert await shop.sync()
        made = shop.products()
        assert made["TRÖJA"]["id"] == parent["id"]
        options = {each["name"]: (each["id"], each["options"]) for each in made["TRÖJA"]["attributes"]}
        assert options == {"Färg": (0, ["Svart", "Röd", "Blå"]), "Storlek": (0, ["S", "M"])}
        chosen = {each["name"]: (each["id"], each["option"]) for each in made["TRÖJA-BS"]["attributes"]}
        assert chosen == {"Färg": (0, "Blå"), "Storlek": (0, "S")}


async def test_a_main_product_without_variants_is_a_draft_until_it_has_one(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.main("BYXA", "Storlek")
        assert await shop.sync()
        assert (shop.products()["BYXA"]["type"], shop.products()["BYXA"]["status"]) == ("variable", "draft")
        shop.variant("BYXA-40", "BYXA", "40")
        assert await shop.sync()
        made = shop.products()
        assert made["BYXA"]["status"] == "publish"
        assert made["BYXA-40"]["parent"] == made["BYXA"]["id"]


async def test_groups_become_categories_and_only_missing_ones_are_made(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    products = ProductSettings(categories_of={"2": "Butik > Skor"})
    async with goods_shop(tmp_path, products=products) as shop:
        there = shop.do("POST", "/products/categories", {"name": "kläder"})
        shop.article("A", group=1, subgroup=101)
        shop.article("B", group=1)
        shop.article("C", group=2)
        assert await shop.sync()
        made = shop.products()
        names = {sku: [each["name"] for each in row["categories"]] for sku, row in made.items()}
        assert names == {"A": ["Tröjor"], "B": ["kläder"], "C": ["Skor"]}
        assert made["B"]["categories"][0]["id"] == there["id"]
        known = {row["id"]: row for row in shop.do("GET", "/products/categories?per_page=100")}
        below = known[made["A"]["categories"][0]["id"]]
        assert below["parent"] == there["id"]


async def test_without_categories_of_its_own_nothing_is_made_where_the_merchant_says_leave(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    products = ProductSettings(missing_category=MissingCategory.LEAVE)
    async with goods_shop(tmp_path, products=products) as shop:
        before = len(shop.do("GET", "/products/categories?per_page=100"))
        shop.article("A", group=1)
        assert await shop.sync()
        assert len(shop.do("GET", "/products/categories?per_page=100")) == before
        assert shop.said("A") == "made"


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


async def test_a_variant_waits_for_its_main_product_and_follows_it(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        blocker = shop.do("POST", "/products", {"name": "Enkel", "sku": "TRÖJA"})
        sweater(shop)
        assert await shop.sync()
        assert shop.left()["TRÖJA-RS"] == ("BRY-G10", True)
        shop.do("DELETE", f"/products/{blocker['id']}?force=true")
        journal = shop.look()
        await journal.run(lambda tx: tasks.release(tx, shop.key, PRODUCTS, 0, pks=[shop.pk("TRÖJA")]))
        journal.close()
        assert await shop.sync()
        made = shop.products()
        assert sorted(made) == ["TRÖJA", "TRÖJA-BS", "TRÖJA-RM", "TRÖJA-RS"]
        assert shop.left() == {}


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


async def test_what_is_not_for_the_web_is_not_made_and_what_leaves_it_is_unpublished(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("ALDRIG", web=False)
        shop.article("INAKTIV", inactive=True)
        shop.article("SLUTAR")
        sweater(shop)
        assert await shop.sync()
        assert shop.said("ALDRIG") == shop.said("INAKTIV") == "not_for_web"
        assert sorted(shop.products()) == ["SLUTAR", "TRÖJA", "TRÖJA-BS", "TRÖJA-RM", "TRÖJA-RS"]
        shop.change("SLUTAR", inactive=True)
        shop.change("TRÖJA-RS", web=False)
        assert await shop.sync()
        made = shop.products()
        assert (made["SLUTAR"]["status"], made["TRÖJA-RS"]["status"]) == ("draft", "private")
        shop.change("SLUTAR", inactive=False)
        assert await shop.sync()
        assert shop.products()["SLUTAR"]["status"] == "publish"


async def test_fields_that_the_merchant_keeps_are_never_sent(tmp_path: Path, autojump_clock: MockClock) -> None:
    never = ProductSettings(
        text=Keep.NEVER,
        weight=Keep.NEVER,
        gtin=Keep.NEVER,
        unit=Keep.NEVER,
        tax_class=Keep.NEVER,
        status=Keep.ONCE,
        categories=Keep.NEVER,
        name=Keep.ONCE,
    )
    async with goods_shop(tmp_path, products=never) as shop:
        shop.article("A", text="Text", weight="1", ean="7310865004703", unit="st")
        assert await shop.sync()
        made = shop.products()["A"]
        assert (made["name"], made["status"]) == ("Vara A", "publish")
        assert (made["description"], made["weight"], made["global_unique_id"]) == ("", "", "")
        sent = len(shop.writes())
        shop.change("A", description="Nytt namn", text="Ny text", weight="2", inactive=True)
        assert await shop.sync()
        assert len(shop.writes()) == sent
        assert shop.said("A") == "unchanged"


async def test_a_gtin_that_the_shop_has_elsewhere_is_left_out_and_said(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.do("POST", "/products", {"name": "Annan", "sku": "X", "global_unique_id": "7310865004703"})
        shop.article("A", ean="7310865004703")
        shop.article("B", ean="12345")
        assert await shop.sync()
        made = shop.products()
        assert made["A"]["global_unique_id"] == made["B"]["global_unique_id"] == ""
        assert shop.told("A")[0] == "written_without_gtin"
        assert shop.told("A")[1]["gtin"] == "7310865004703"
        assert shop.told("B")[1]["gtin"] == "12345"
        sent = len(shop.writes())
        assert await shop.sync()
        assert len(shop.writes()) == sent


async def test_the_vat_code_gives_the_tax_class_of_the_same_percentage(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with goods_shop(tmp_path, products=ProductSettings(tax_classes={"5": ""})) as shop:
        shop.article("VARA", vat_out=3)
        shop.article("MAT", vat_out=4)
        shop.article("BOK", vat_out=5)
        assert await shop.sync()
        made = shop.products()
        assert {sku: row["tax_class"] for sku, row in made.items()} == {"VARA": "", "MAT": "reduced-rate", "BOK": ""}


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


# -- trouble ----------------------------------------------------------------------------------------------------------


async def test_lost_answers_double_no_product(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES)) as shop:
        shop.world.mamut.fill(1, products=40)
        sweater(shop)
        shop.world.faults(shop.side.server, LOST)
        assert await shop.sync(settle_s=3600)
        shop.world.faults(shop.side.server, FaultOptions())
        assert await shop.sync(settle_s=3600)
        assert len(shop.products()) == 44
        assert shop.left() == {}
        assert shop.left(PRICES) == {}


@pytest.mark.parametrize("seed", range(4))
async def test_killed_anywhere_each_article_is_one_product(
    tmp_path: Path, autojump_clock: MockClock, seed: int
) -> None:
    async with goods_shop(tmp_path, directions=(PRODUCTS, PRICES), seed=seed) as shop:
        sweater(shop)
        shop.world.mamut.fill(seed, products=12)
        moment = seed
        while not await shop.sync(kill_at=moment):
            moment += 4
        made = shop.products()
        assert len(made) == 16
        assert all(row["regular_price"] for row in made.values() if row["type"] != "variable")
        assert shop.left() == {}


async def test_one_row_that_crashes_the_shop_is_found_and_held_alone(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.world.mamut.fill(1, products=120)
        shop.article("GIFT", description="Giftig vara")

        def gate(request: Request) -> Response | None:
            if request.method == "POST" and "Giftig" in request.body.decode():
                body = b'{"code":"internal_server_error","message":"x","data":{"status":500}}'
                return Response(status=500, headers=JSON, body=body)
            return None

        shop.side.gate = gate
        assert await shop.sync(settle_s=6 * 3600)
        assert len(shop.products()) == 120
        assert shop.left() == {"GIFT": ("BRY-G03", True)}


async def test_a_shop_that_is_down_holds_no_article(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.world.mamut.fill(1, products=10)
        shop.side.gate = lambda _request: Response(status=503, headers=(("Retry-After", "600"),), body=b"")
        journal = shop.world.open_journal()
        async with shop.agent(journal):
            await trio.sleep(7200)
            asked = shop.requests()
            journal.dead = True
        journal.close()
        assert asked < 40
        assert all(not held for _code, held in shop.left().values())
        shop.side.gate = None
        assert await shop.sync()
        assert len(shop.products()) == 10


async def test_a_paused_direction_writes_nothing_and_keeps_its_tasks(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with goods_shop(tmp_path) as shop:
        shop.article("A")
        journal = shop.look()
        await journal.run(lambda tx: directions.pause(tx, shop.key, PRODUCTS, "kim", 0))
        journal.close()
        assert await shop.sync()
        assert shop.products() == {}
        assert shop.left() == {"A": ("", False)} | {number: row for number, row in shop.left().items() if number != "A"}
        journal = shop.look()
        await journal.run(lambda tx: directions.resume(tx, shop.key, PRODUCTS))
        journal.close()
        assert await shop.sync()
        assert sorted(shop.products()) == ["A"]
