"""Products from Mamut in a shop: made in order, changed by field."""

from __future__ import annotations

from pathlib import Path

from trio.testing import MockClock

from agent.journal import tasks
from agent.settings.tree_goods import Keep, MissingCategory, ProductSettings
from tests.actors.goods_shop import PRICES, PRODUCTS, goods_shop, sweater


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
