"""What the merchant's rules and mappings make of articles, prices and stock on their way to a shop."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agent.decide.goods_rules import GoodsRules, listed, priced, stocked
from agent.decide.prices import ListsWanted, PriceGround, PriceHeld, PriceWanted
from agent.decide.products import Family, Hold, Nothing, ProductGround, Write, wanted
from agent.decide.stock import StockFacts
from agent.model.goods import (
    ArticleCard,
    PriceCard,
    ProductKind,
    ShopPrice,
    ShopStock,
    StockCard,
    StockWord,
    VariantOf,
    WarehouseLevel,
)
from agent.model.link import Link
from agent.model.said import GoodsReason, Said
from agent.rules.mapping import Mapper
from agent.rules.tree import FieldMapping, MappedObject, ProcessingRule
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import PriceList, PriceSettings, PriceSource, ProductSettings, StockSettings
from tests.decide.items import TERMS

PERCENTS = {3: Decimal(25)}
CARD = ArticleCard(pk=1, product_no="A-1", description="Kanna", text="En <b>kanna</b>.", vat_code=3, group=2)


def rules(about: str, side: str, *changes: dict[str, Any], when: tuple[dict[str, Any], ...] = ()) -> GoodsRules:
    fields = {"name": "regeln", "object": about, "side": side, "do": changes, "when": when}
    rule = msgspec.convert(fields, ProcessingRule)
    return GoodsRules(ShopSettings(key="butik", address="https://butik.example", processing=(rule,)))


def decided(family: Family, made: GoodsRules) -> Write | Nothing | Hold:
    read = made.family(family)
    ground = ProductGround(settings=ProductSettings(), terms=TERMS, percents=PERCENTS, shape=made.product)
    return read.stop or wanted(read.record, ground)


def written(family: Family, made: GoodsRules) -> Write:
    decision = decided(family, made)
    assert isinstance(decision, Write)
    return decision


# -- products ----------------------------------------------------------------------------------------------------------


def test_a_rule_on_the_article_is_in_the_product() -> None:
    made = rules("product", "read", {"do": "strip_html", "field": "text"})
    assert written(Family(card=CARD), made).product.text == "En kanna."


def test_a_rule_on_the_product_is_written_and_named() -> None:
    change = {"do": "build", "field": "name", "value": "{name} – Butiken"}
    decision = written(Family(card=CARD), rules("product", "written", change))
    assert (decision.product.name, decision.by) == ("Kanna – Butiken", ("regeln (name)",))


def test_a_meta_field_is_written_once_and_again_when_it_changes() -> None:
    made = rules("product", "written", {"do": "set", "field": "meta._brand", "value": "Höganäs"})
    first = written(Family(card=CARD), made)
    assert first.product.meta == {"_brand": "Höganäs"}
    link = Link(pk=1, product_id=5, kind=ProductKind.SIMPLE, sku="A-1", marks=first.marks)
    assert decided(Family(card=CARD, link=link), made) == Nothing(Said.UNCHANGED)
    other = rules("product", "written", {"do": "set", "field": "meta._brand", "value": "Iittala"})
    again = written(Family(card=CARD, link=link), other).product
    assert (again.meta, again.name) == ({"_brand": "Iittala"}, None)


def test_without_rules_no_meta_is_written() -> None:
    made = GoodsRules(ShopSettings(key="butik", address="https://butik.example"))
    assert written(Family(card=CARD), made).product.meta is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"do": "ignore"}, Nothing(Said.IGNORED_BY_RULE, {"rule": "regeln"})),
        ({"do": "hold"}, Hold(GoodsReason.HELD_BY_RULE, {"rule": "regeln"})),
        (
            {"do": "fail", "value": "saknar bild"},
            Hold(GoodsReason.RULE_FAILED, {"rule": "regeln", "why": "saknar bild"}),
        ),
    ],
)
@pytest.mark.parametrize("side", ["read", "written"])
def test_a_rule_can_keep_an_article_from_the_shop(side: str, change: dict[str, str], expected: Nothing | Hold) -> None:
    assert decided(Family(card=CARD), rules("product", side, change)) == expected


def test_a_variant_that_a_rule_keeps_away_is_no_choice_of_its_product() -> None:
    main = msgspec.structs.replace(CARD, pk=10, product_no="T", properties=("Färg",))
    red = msgspec.structs.replace(CARD, pk=11, product_no="T-R", variant=VariantOf("T", "Röd"))
    blue = msgspec.structs.replace(CARD, pk=12, product_no="T-B", variant=VariantOf("T", "Blå"))
    made = rules("product", "read", {"do": "ignore"}, when=({"field": "product_no", "any_of": ("T-R",)},))
    choices = written(Family(card=main, siblings=(red, blue)), made).product.choices
    assert choices is not None
    assert [choice.options for choice in choices] == [("Blå",)]


def test_a_mapping_takes_a_field_of_the_card_to_the_product() -> None:
    mapping = FieldMapping(
        name="tillverkare", object=MappedObject.PRODUCT, pick="ean", compute="'EAN ' ~ value", field="meta._ean_text"
    )
    shop = ShopSettings(key="butik", address="https://butik.example", mapping=(mapping,))
    made = GoodsRules(shop, Mapper(shop.mapping, MappedObject.PRODUCT))
    decision = written(Family(card=msgspec.structs.replace(CARD, ean="7310865004703")), made)
    assert decision.product.meta == {"_ean_text": "EAN 7310865004703"}
    assert decision.by == ("tillverkare (meta._ean_text)",)


# -- prices ------------------------------------------------------------------------------------------------------------

PRICE = PriceCard(product_no="A-1", price_out=Decimal("80"))


def ground(settings: PriceSettings) -> PriceGround:
    return PriceGround(
        settings=settings,
        terms=TERMS,
        currency="SEK",
        percents=PERCENTS,
        discounts=(),
        today=date(2026, 11, 2),
    )


def price(made: GoodsRules, settings: PriceSettings | None = None) -> PriceWanted | PriceHeld | Nothing:
    return priced(made, CARD, PRICE, ground(settings or PriceSettings()))


def shop_price(made: GoodsRules, settings: PriceSettings | None = None) -> ShopPrice:
    decision = price(made, settings)
    assert isinstance(decision, PriceWanted)
    return decision.price


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"do": "add_percent", "field": "regular", "amount": "7.777"}, "107.78"),
        ({"do": "add_amount", "field": "regular", "amount": "-0.5"}, "99.50"),
        ({"do": "round", "field": "regular", "amount": "30"}, "90.00"),
    ],
)
def test_a_price_that_a_rule_changes_has_the_shops_decimals(change: dict[str, str], expected: str) -> None:
    assert str(shop_price(rules("price", "written", change)).regular) == expected


def test_a_rule_on_mamuts_price_comes_before_the_vat() -> None:
    dearer = rules("price", "read", {"do": "add_amount", "field": "price_out", "amount": 20})
    assert shop_price(dearer).regular == 125
    told = listed(dearer, CARD, PRICE, ground(PriceSettings(lists=(PriceList(category=4, meta="_b2b"),))))
    assert isinstance(told, ListsWanted)
    assert told.by == ("regeln (price_out)",), "a price list says who had a hand in it, too"


def test_a_price_below_nought_is_held() -> None:
    decision = price(rules("price", "written", {"do": "add_amount", "field": "regular", "amount": -500}))
    assert decision == PriceHeld(GoodsReason.RULE_FAILED, {"rule": "regeln (regular)", "why": "below_zero"})


def test_a_sale_price_that_a_rule_lifts_above_the_regular_one_is_left_out_and_told() -> None:
    settings = PriceSettings(sale=PriceSource(factor=Decimal("0.9")))
    plain = price(GoodsRules(ShopSettings(key="butik", address="https://butik.example")), settings)
    assert isinstance(plain, PriceWanted)
    lowered = rules("price", "written", {"do": "set", "field": "sale", "value": "120"})
    decision = price(lowered, settings)
    assert isinstance(decision, PriceWanted)
    assert (decision.price.sale, decision.dropped_sale) == (None, Decimal("120.00"))


def test_a_price_that_a_rule_ignores_is_left_alone() -> None:
    when = ({"field": "price_out", "below": 100},)
    assert price(rules("price", "read", {"do": "ignore"}, when=when)) == Nothing(
        Said.IGNORED_BY_RULE, {"rule": "regeln"}
    )


# -- stock -------------------------------------------------------------------------------------------------------------

FACTS = StockFacts(
    card=CARD, cards=(StockCard(product_no="A-1", levels=(WarehouseLevel(warehouse=1, on_hand=Decimal(2)),)),)
)


def test_few_pieces_are_shown_as_none_and_the_word_follows() -> None:
    made = rules(
        "stock", "written", {"do": "set", "field": "quantity", "value": "0"}, when=({"field": "quantity", "below": 3},)
    )
    shown = stocked(made, FACTS, StockSettings())
    assert shown.stock == ShopStock(managed=True, quantity=0, word=StockWord.SOLD_OUT)
    assert (shown.by, shown.total.pieces) == (("regeln (quantity)",), 2)


def test_a_rule_on_mamuts_stock_is_in_the_sum() -> None:
    made = rules("stock", "read", {"do": "set", "field": "levels.reserved", "value": "1"})
    assert stocked(made, FACTS, StockSettings()).total.pieces == 1


def test_held_stock_writes_nothing_and_makes_a_product_sold_out() -> None:
    made = rules("stock", "written", {"do": "hold"})
    assert stocked(made, FACTS, StockSettings()).stock is None
    shown = stocked(made, FACTS, StockSettings(), making=True)
    assert shown.stock == ShopStock(managed=True, quantity=0, word=StockWord.SOLD_OUT)
    assert shown.stop == Hold(GoodsReason.HELD_BY_RULE, {"rule": "regeln"})
