"""Rules about products and prices on the whole way: from Mamut's card to what stands in the shop."""

from __future__ import annotations

from pathlib import Path

import msgspec
import trio
from trio.testing import MockClock

from agent.journal import records
from agent.model.ids import ShopKey
from agent.rules.tree import ProcessingRule
from scenarios.play import play, shop_settings
from tests.actors.goods_shop import PRICES, GoodsShop

KEY = ShopKey("butik")


def rule(**fields: object) -> ProcessingRule:
    return msgspec.convert(fields, ProcessingRule)


RULES = (
    rule(
        name="märke",
        object="product",
        side="written",
        do=[{"do": "set", "field": "meta._brand", "value": "Höganäs"}],
    ),
    rule(
        name="ej grupp 7",
        object="product",
        side="read",
        when=[{"field": "group", "any_of": ["7"]}],
        do=[{"do": "ignore"}],
    ),
    rule(name="hela kronor", object="price", side="written", do=[{"do": "round", "field": "regular", "amount": 1}]),
    rule(
        name="för dyr",
        object="price",
        side="read",
        when=[{"field": "price_out", "above": 5000}],
        do=[{"do": "hold"}],
    ),
)


async def test_rules_shape_what_is_made_and_nothing_is_written_twice(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with play(tmp_path, seed=1) as world:
        shop = GoodsShop(world, shop_settings(flow=2, processing=RULES))
        shop.article("KANNA", "79.7")
        shop.article("SLUT", group=7)
        shop.article("GULD", "9000")
        assert await shop.sync()
        made = shop.products()
        assert sorted(made) == ["GULD", "KANNA"]
        meta = {each["key"]: each["value"] for each in made["KANNA"]["meta_data"]}
        assert (meta["_brand"], made["KANNA"]["regular_price"]) == ("Höganäs", "100.00")
        assert shop.told("KANNA")[1]["rules"] == "märke (meta._brand)"
        assert shop.said("SLUT") == "ignored_by_rule"
        assert (made["GULD"]["regular_price"], shop.left(PRICES)) == ("", {"GULD": ("BRY-G20", True)})

        sent = len(shop.writes())
        assert await shop.sync()
        assert len(shop.writes()) == sent


async def test_a_person_releases_one_article_from_the_rule_that_holds_it_until_the_rule_is_another(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path) as world:
        world.mamut.fill(1, products=10)
        settings = shop_settings(flow=2, processing=RULES)
        side = world.add_shop(settings)
        for number in ("B-00001", "B-00002"):
            world.mamut.act_raw("product.change", number, b'{"price_out": "9000"}')

        def prices() -> dict[str, str]:
            return {row["sku"]: row["regular_price"] for row in side.do("GET", "/products?per_page=100")}

        async def ask(*pks: int) -> list[str]:
            with world.look() as tx:
                for pk in pks:
                    records.wish(tx, at_ms=0, who="anna", kind="release_article", shop=KEY, args={"pk": str(pk)})
            await world.run_once()
            with world.look() as tx:
                rows = tx.execute("SELECT result FROM wishes ORDER BY wish_id")
                return [str(result) for (result,) in rows]

        await world.run_once()
        with world.look() as tx:
            pks = {str(number): int(pk) for pk, number in tx.execute("SELECT pk, product_no FROM articles")}
        assert [prices()[number] for number in ("B-00001", "B-00002")] == ["", ""]
        assert await ask(pks["B-00001"], pks["B-00003"]) == ["done", "nothing_held_by_rule"]
        assert [prices()[number] for number in ("B-00001", "B-00002")] == ["11250.00", ""]
        stricter = tuple(
            each
            if each.name != "för dyr"
            else rule(
                name="för dyr",
                object="price",
                side="read",
                when=[{"field": "price_out", "above": 6000}],
                do=[{"do": "hold"}],
            )
            for each in RULES
        )
        world.change("butik", msgspec.structs.replace(settings, processing=stricter))
        world.mamut.act_raw("product.change", "B-00001", b'{"price_out": "9400"}')
        await trio.sleep(3600)
        await world.run_once()
        assert prices()["B-00001"] == "11250.00"
