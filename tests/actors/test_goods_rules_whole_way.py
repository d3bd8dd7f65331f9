"""Rules about products and prices on the whole way: from Mamut's card to what stands in the shop."""

from __future__ import annotations

from pathlib import Path

import msgspec
from trio.testing import MockClock

from agent.rules.tree import ProcessingRule
from scenarios.play import play, shop_settings
from tests.actors.goods_shop import PRICES, GoodsShop


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
        assert shop.told("KANNA")[1]["rules"] == "märke"
        assert shop.said("SLUT") == "ignored_by_rule"
        assert (made["GULD"]["regular_price"], shop.left(PRICES)) == ("", {"GULD": ("BRY-G20", True)})

        sent = len(shop.writes())
        assert await shop.sync()
        assert len(shop.writes()) == sent
