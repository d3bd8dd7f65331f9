"""What a shop's product becomes as a new article of Mamut, decision by decision."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.decide.article_fields import Vat, price_of, vat_of, weight_of
from agent.decide.articles import ItemFamily, wanted
from agent.decide.products import Hold, Nothing
from agent.model.goods import Choice, ProductKind, VariantOf
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ArticleFields, ItemCategory
from agent.settings.tree_goods import Keep
from tests.decide.items import (
    BLUE,
    ITEM,
    MAIN,
    MAIN_LINK,
    RED,
    ground,
    held_by,
    made,
    simple,
    variation,
)


def test_a_new_article_has_all_that_the_shop_says() -> None:
    assert made(simple(), ground(groups={"Hem": 2})) == ArticleFields(
        product_no="A-1",
        description="Kanna",
        text="En kanna.",
        unit="st",
        weight=Decimal("1.250"),
        ean="7310865004703",
        vat_code=3,
        group=2,
        price_out=Decimal("199.9200"),
        web=True,
        keeps_stock=True,
    )


def test_a_main_article_names_its_properties_and_a_variant_its_values() -> None:
    main = made(ItemFamily(item=MAIN, siblings=(RED, BLUE)))
    assert (main.properties, main.varies_by, main.price_out) == (("Färg", "Storlek"), ("price", "stock"), None)
    variant = made(variation())
    assert variant.variant == VariantOf("T", "Röd", "S")
    assert (variant.description, variant.properties) == ("Tröja Röd, S", None)


def test_values_stand_in_the_order_that_the_main_article_has_them_in() -> None:
    link = msgspec.structs.replace(MAIN_LINK, properties=("storlek", "färg"))
    assert made(variation(parent_link=link)).variant == VariantOf("T", "S", "Röd")


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"status": "draft"}, Nothing(Said.STATUS_NOT_SENT, {"status": "draft"})),
        (
            {"kind": ProductKind.OTHER, "kind_word": "grouped"},
            Nothing(Said.KIND_NOT_SENT, {"kind": "grouped"}),
        ),
        ({"sku": " "}, Hold(GoodsReason.NUMBER_MISSING)),
        ({"sku": "X" * 51}, Hold(GoodsReason.NUMBER_TOO_LONG, {"length": "51", "limit": "50"})),
        ({"sku": "A ★"}, Hold(GoodsReason.NUMBER_CHARACTERS, {"characters": "★"})),
        ({"sku": "A\tB"}, Hold(GoodsReason.NUMBER_CHARACTERS, {"characters": "U+0009"})),
        (
            {"tax_class": "luxury"},
            Hold(GoodsReason.VAT_NOT_MAPPED, {"tax_class": "luxury", "percent": "?"}),
        ),
        (
            {"tax_class": "zero-rate"},
            Hold(GoodsReason.VAT_NOT_MAPPED, {"tax_class": "zero-rate", "percent": "0"}),
        ),
    ],
)
def test_what_becomes_no_article_says_why(changes: dict[str, Any], wrong: Nothing | Hold) -> None:
    assert wanted(simple(**changes), ground(), {}) == wrong


def test_a_number_of_fifty_characters_is_not_too_long() -> None:
    assert made(simple(sku="X" * 50)).product_no == "X" * 50


def test_a_name_that_is_too_long_is_shortened_and_a_variants_values_stay() -> None:
    long = "Handstickad tröja av lammull från Gotland med öglor och knappar"
    assert len(made(simple(name=long)).description or "") <= 60
    parent = msgspec.structs.replace(MAIN, name=long)
    told = made(variation(parent=parent)).description or ""
    assert told.endswith("Röd, S")
    assert len(told) <= 60


def test_products_with_one_number_are_held_by_both_ids() -> None:
    family = msgspec.structs.replace(simple(), twins=(9,))
    assert wanted(family, ground(), {}) == Hold(GoodsReason.NUMBER_TWICE_IN_SHOP, {"ids": "5, 9"})


def test_a_variable_product_without_a_number_gets_one_where_the_merchant_has_a_prefix() -> None:
    family = ItemFamily(item=msgspec.structs.replace(MAIN, sku=""))
    assert held_by(wanted(family, ground(), {})) is GoodsReason.NUMBER_MISSING
    assert made(family, ground(main_prefix="V-")).product_no == "V-50"


def test_a_variation_that_shows_its_products_number_has_none_of_its_own() -> None:
    own = msgspec.structs.replace(RED, sku="t")
    assert held_by(wanted(variation(own), ground(), {})) is GoodsReason.NUMBER_MISSING


# -- what varies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [1, 2])
def test_a_third_property_is_refused_on_the_product_and_on_each_of_its_variations(more: int) -> None:
    extra = tuple(Choice(f"Egenskap {number}", ("a",)) for number in range(more))
    main = msgspec.structs.replace(MAIN, choices=(*MAIN.choices, *extra))
    for family in (ItemFamily(item=main), variation(parent=main)):
        decision = wanted(family, ground(), {})
        assert held_by(decision) is GoodsReason.THIRD_PROPERTY
        assert isinstance(decision, Hold)
        assert decision.params["properties"].startswith("Färg, Storlek, Egenskap 0")


def choice(name: str, *options: str) -> Choice:
    return Choice(name, options)


@pytest.mark.parametrize(
    ("choices", "reason"),
    [
        ((choice("Färg", "Röd"), choice("Storlek")), GoodsReason.VALUE_MISSING),
        ((choice("Färg", "Röd"),), GoodsReason.VALUE_MISSING),
        ((choice("Färg", "R" * 51), choice("Storlek", "S")), GoodsReason.VALUE_NOT_KEPT),
        ((choice("Färg", "Röd ★"), choice("Storlek", "S")), GoodsReason.VALUE_NOT_KEPT),
        ((choice("Färg", "BLÅ "), choice("Storlek", "s")), GoodsReason.VARIATION_TWICE),
    ],
)
def test_a_variation_that_is_no_one_variant_is_held(choices: tuple[Choice, ...], reason: GoodsReason) -> None:
    own = msgspec.structs.replace(RED, product_id=60, choices=choices)
    assert held_by(wanted(variation(own), ground(), {})) is reason


def test_a_variation_waits_for_its_products_article() -> None:
    assert held_by(wanted(variation(parent_link=None), ground(), {})) is GoodsReason.PRODUCT_WAITS
    assert held_by(wanted(variation(parent=None), ground(), {})) is GoodsReason.PRODUCT_WAITS


def test_a_variable_product_that_varies_by_nothing_is_held() -> None:
    main = ItemFamily(item=msgspec.structs.replace(MAIN, choices=()))
    assert held_by(wanted(main, ground(), {})) is GoodsReason.PROPERTY_NONE


# -- prices and VAT ---------------------------------------------------------------------------------------------------


@given(
    price=st.decimals(min_value=0, max_value=999_999, places=2),
    percent=st.sampled_from([Decimal(25), Decimal(12), Decimal(6), Decimal(0)]),
)
def test_every_price_in_whole_ore_comes_back_to_the_ore(price: Decimal, percent: Decimal) -> None:
    net = price_of(msgspec.structs.replace(ITEM, regular=price), Vat(3, percent), ground())
    assert isinstance(net, Decimal)
    assert net == net.quantize(Decimal("0.0001"))
    assert (net * (1 + percent / 100)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP) == price


def test_a_price_that_would_not_come_back_is_held() -> None:
    odd = msgspec.structs.replace(ITEM, regular=Decimal("0.00500001"))
    assert price_of(odd, Vat(3, Decimal(25)), ground()) == Decimal("0.0040")
    tie = msgspec.structs.replace(ITEM, regular=Decimal("1.005"))
    decision = price_of(tie, Vat(4, Decimal(12)), ground())
    assert held_by(decision) is GoodsReason.PRICE_INEXACT


@pytest.mark.parametrize(
    ("terms", "net"),
    [
        ({}, "199.9200"),
        ({"prices_with_vat": False}, "249.9000"),
        ({"prices_with_vat": False, "counts_tax": False}, "199.9200"),
    ],
)
def test_a_price_is_without_vat_however_the_shop_keeps_it(terms: dict[str, Any], net: str) -> None:
    assert made(simple(), ground(terms=terms)).price_out == Decimal(net)


def test_another_currency_stops_the_price_unless_prices_are_mamuts() -> None:
    abroad = {"currency": "EUR"}
    assert held_by(wanted(simple(), ground(terms=abroad), {})) is GoodsReason.CURRENCY_DIFFERS
    assert made(simple(), ground(terms=abroad, price=Keep.NEVER)).price_out is None


@pytest.mark.parametrize(
    ("changes", "chosen", "code"),
    [
        ({}, {}, 3),
        ({"tax_class": "reduced-rate"}, {}, 4),
        ({"taxed": False}, {}, 1),
        ({}, {"vat_codes": {"standard": 6}}, 6),
    ],
)
def test_the_vat_code_is_the_one_mapped_else_the_one_of_the_percentage(
    changes: dict[str, Any], chosen: dict[str, Any], code: int
) -> None:
    assert made(simple(**changes), ground(**chosen)).vat_code == code


def test_a_code_of_another_percentage_is_held() -> None:
    decision = wanted(simple(), ground(vat_codes={"standard": 4}), {})
    assert held_by(decision) is GoodsReason.VAT_PERCENT_DIFFERS


def test_a_variation_follows_its_products_tax_class() -> None:
    parent = msgspec.structs.replace(MAIN, tax_class="reduced-rate")
    own = msgspec.structs.replace(RED, tax_class="parent")
    assert vat_of(own, parent, ground()) == Vat(4, Decimal(12))


@pytest.mark.parametrize(
    ("weight", "unit", "kilograms"),
    [("1.25", "kg", "1.250"), ("85", "g", "0.085"), ("1", "lbs", "0.454"), ("16", "oz", "0.454")],
)
def test_weights_are_kilograms(weight: str, unit: str, kilograms: str) -> None:
    item = msgspec.structs.replace(ITEM, weight=Decimal(weight))
    assert weight_of(item, None, unit) == Decimal(kilograms)


def test_a_weight_in_a_unit_that_nobody_knows_is_held_unless_weights_are_not_written() -> None:
    stone = {"weight_unit": "stone"}
    assert held_by(wanted(simple(), ground(terms=stone), {})) is GoodsReason.WEIGHT_UNIT_UNKNOWN
    assert made(simple(), ground(terms=stone, weight=Keep.NEVER)).weight is None


def test_a_wrong_gtin_is_left_out() -> None:
    assert made(simple(gtin="7310865004704")).ean == ""


@pytest.mark.parametrize(
    ("categories", "groups", "group"),
    [
        ((8,), {"Hem > Kannor": 3, "Hem": 2}, 3),
        ((8,), {"kannor": 4}, 4),
        ((7,), {"Hem > Kannor": 3}, None),
        ((7, 8), {"Kannor": 4}, 4),
    ],
)
def test_the_group_is_that_of_the_first_category_that_has_one(
    categories: tuple[int, ...], groups: dict[str, int], group: int | None
) -> None:
    names = {7: "Hem", 8: "Kannor"}
    there = tuple(ItemCategory(each, names[each]) for each in categories)
    assert made(simple(categories=there), ground(groups=groups)).group == group
    assert made(simple(categories=there), ground(groups=groups, default_group=9)).group == group or 9
