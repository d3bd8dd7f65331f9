"""What a shop's product is to be in Mamut, decision by decision."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from itertools import product as combinations
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.decide.article_fields import ArticleGround, Vat, price_of, vat_of, weight_of
from agent.decide.articles import Change, ItemFamily, Make, marks_of, numbers_asked, wanted
from agent.decide.products import Hold, Nothing, fold
from agent.model.goods import ArticleCard, Choice, ProductKind, ShopTerms, VariantOf
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ArticleFields, ArticleLink, ItemCategory, ShopItem
from agent.settings.tree_goods import Keep
from agent.settings.tree_to_mamut import ToMamutSettings

TERMS = ShopTerms(
    currency="SEK",
    prices_with_vat=True,
    price_decimals=2,
    weight_unit="kg",
    time_zone="Europe/Stockholm",
    country="SE",
    counts_stock=True,
    tax_rates=(("", Decimal(25)), ("reduced-rate", Decimal(12)), ("zero-rate", Decimal(0))),
)
ITEM = ShopItem(
    product_id=5,
    kind=ProductKind.SIMPLE,
    kind_word="simple",
    status="publish",
    sku="A-1",
    name="Kanna",
    text="En kanna.",
    regular=Decimal("249.90"),
    weight=Decimal("1.25"),
    gtin="7310865004703",
    unit="st",
    categories=(ItemCategory(7, "Hem"),),
)
MAIN = msgspec.structs.replace(
    ITEM,
    product_id=50,
    kind=ProductKind.VARIABLE,
    kind_word="variable",
    sku="T",
    name="Tröja",
    regular=None,
    gtin="",
    choices=(Choice("Färg", ("Röd", "Blå")), Choice("Storlek", ("S",))),
)
RED = msgspec.structs.replace(
    ITEM,
    product_id=51,
    parent_id=50,
    kind=ProductKind.VARIATION,
    kind_word="variation",
    sku="T-1",
    gtin="",
    choices=(Choice("Färg", ("Röd",)), Choice("Storlek", ("S",))),
)
BLUE = msgspec.structs.replace(
    RED, product_id=52, sku="T-2", choices=(Choice("Färg", ("Blå",)), Choice("Storlek", ("S",)))
)
MAIN_LINK = ArticleLink(product_id=50, pk=10, product_no="T", properties=("Färg", "Storlek"))


def ground(flow: int = 1, terms: dict[str, Any] | None = None, **chosen: Any) -> ArticleGround:
    return ArticleGround(
        flow=flow,
        settings=ToMamutSettings(enabled=True, **chosen),
        terms=msgspec.structs.replace(TERMS, **(terms or {})),
        percents={1: Decimal(0), 3: Decimal(25), 4: Decimal(12), 6: Decimal(25)},
        domestic=frozenset({3, 4}),
        home={"25": 3},
        currency="SEK",
        paths={7: ("hem",), 8: ("hem", "kannor")},
    )


def simple(link: ArticleLink | None = None, **changes: Any) -> ItemFamily:
    return ItemFamily(item=msgspec.structs.replace(ITEM, **changes), link=link)


def variation(item: ShopItem = RED, **changes: Any) -> ItemFamily:
    family = ItemFamily(item=item, parent=MAIN, parent_link=MAIN_LINK, siblings=(RED, BLUE))
    return msgspec.structs.replace(family, **changes)


def card(fields: ArticleFields, **changes: Any) -> ArticleCard:
    """The article as Mamut has it after it was made so."""
    made = ArticleCard(
        pk=1,
        product_no=fields.product_no or "",
        description=fields.description or "",
        text=fields.text or "",
        unit=fields.unit or "st",
        weight=fields.weight or Decimal(0),
        ean=fields.ean or "",
        vat_code=fields.vat_code or 0,
        group=fields.group,
        price_out=fields.price_out or Decimal(0),
        web=bool(fields.web),
        variant=fields.variant,
        properties=fields.properties or (),
    )
    return msgspec.structs.replace(made, **changes)


def cards(*found: ArticleCard) -> dict[str, tuple[ArticleCard, ...]]:
    held: dict[str, tuple[ArticleCard, ...]] = {}
    for each in found:
        held[fold(each.product_no)] = (*held.get(fold(each.product_no), ()), each)
    return held


def made(family: ItemFamily, on: ArticleGround | None = None) -> ArticleFields:
    decision = wanted(family, on or ground(), {})
    assert isinstance(decision, Make), decision
    return decision.fields


def linked(family: ItemFamily, on: ArticleGround | None = None, **changes: Any) -> tuple[ItemFamily, ArticleCard]:
    """The same product once its article has been made."""
    decision = wanted(family, on or ground(), {})
    assert isinstance(decision, Make), decision
    held = card(decision.fields, **changes)
    link = ArticleLink(
        product_id=family.item.product_id,
        pk=held.pk,
        product_no=held.product_no,
        made=True,
        properties=held.properties,
        marks=decision.marks,
    )
    return msgspec.structs.replace(family, link=link), held


def edited(family: ItemFamily, **changes: Any) -> ItemFamily:
    return msgspec.structs.replace(family, item=msgspec.structs.replace(family.item, **changes))


def changed(family: ItemFamily, held: ArticleCard, on: ArticleGround | None = None) -> Change:
    decision = wanted(family, on or ground(), cards(held))
    assert isinstance(decision, Change), decision
    return decision


def held_by(decision: object) -> GoodsReason:
    assert isinstance(decision, Hold), decision
    return decision.reason


# -- a new article ----------------------------------------------------------------------------------------------------


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


# -- an article that is there -----------------------------------------------------------------------------------------


def test_an_article_as_the_shop_has_it_is_not_written() -> None:
    family, held = linked(simple())
    decision = changed(family, held)
    assert not decision.writes
    assert not decision.edited


WRITTEN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "name": ({"name": "Ny kanna"}, {"description": "Ny kanna"}),
    "text": ({"text": "Ny text."}, {"text": "Ny text."}),
    "unit": ({"unit": "kg"}, {"unit": "kg"}),
    "weight": ({"weight": Decimal(2)}, {"weight": Decimal("2.000")}),
    "gtin": ({"gtin": "4006381333931"}, {"ean": "4006381333931"}),
    "price": ({"regular": Decimal(125)}, {"price_out": Decimal("100.0000")}),
    "active": ({"status": "private"}, {"web": False}),
    "group": ({"categories": (ItemCategory(8, "Kannor"),)}, {"group": 3}),
}


@pytest.mark.parametrize(("field", "keep"), list(combinations(WRITTEN, Keep)))
def test_a_field_is_written_when_it_changes_once_or_never(field: str, keep: Keep) -> None:
    chosen: dict[str, Any] = {"groups": {"Kannor": 3}, field: keep}
    on = ground(**chosen)
    family, held = linked(simple(), on)
    changes, fields = WRITTEN[field]
    decision = changed(edited(family, **changes), held, on)
    assert decision.fields == (ArticleFields(**fields) if keep is Keep.ALWAYS else ArticleFields())
    new = made(edited(simple(), **changes), on)
    for name, value in fields.items():
        assert getattr(new, name) == (None if keep is Keep.NEVER else value)


@pytest.mark.parametrize("field", [name for name in WRITTEN if name != "group"])
def test_what_somebody_changed_in_mamut_stays_until_the_shop_changes_it(field: str) -> None:
    family, held = linked(simple())
    other: dict[str, dict[str, Any]] = {
        "name": {"description": "Annat"},
        "text": {"text": "Annat"},
        "unit": {"unit": "m"},
        "weight": {"weight": Decimal(9)},
        "gtin": {"ean": "1"},
        "price": {"price_out": Decimal(1)},
        "active": {"web": False},
    }
    touched = msgspec.structs.replace(held, **other[field])
    decision = changed(family, touched)
    assert not decision.writes
    assert decision.edited == tuple(other[field])
    changes, fields = WRITTEN[field]
    if field != "active":
        assert changed(edited(family, **changes), touched).fields == ArticleFields(**fields)


def test_in_flow_3_the_price_is_given_once_and_is_mamuts_from_then_on() -> None:
    both = ground(flow=3)
    assert made(simple(), both).price_out == Decimal("199.9200")
    family, held = linked(simple(), both)
    cheaper = msgspec.structs.replace(held, price_out=Decimal(5))
    decision = changed(edited(family, regular=Decimal(999)), cheaper, both)
    assert not decision.writes
    assert not decision.edited


def test_what_was_sent_and_not_kept_is_found_as_it_is() -> None:
    """Killed between Mamut's answer and ours: the article has the new name, the marks are the old ones."""
    family, held = linked(simple())
    renamed = edited(family, name="Ny kanna")
    decision = changed(renamed, msgspec.structs.replace(held, description="Ny kanna"))
    assert not decision.writes
    assert decision.marks != (family.link or MAIN_LINK).marks


def test_an_emptied_text_empties_the_articles_only_where_we_had_written_it() -> None:
    family, held = linked(simple())
    assert changed(edited(family, text=""), held).fields == ArticleFields(text="")
    adopted = wanted(simple(text=""), ground(), cards(msgspec.structs.replace(held, text="Gammal text")))
    assert isinstance(adopted, Change)
    assert adopted.fields.text is None


def test_an_article_of_the_same_number_is_adopted_with_what_differs() -> None:
    _, held = linked(simple())
    decision = wanted(simple(), ground(), cards(msgspec.structs.replace(held, description="Gammal", ean="")))
    assert isinstance(decision, Change)
    assert decision.fields == ArticleFields(description="Kanna", ean="7310865004703")


def test_where_nothing_is_made_an_article_that_is_there_is_tied_all_the_same() -> None:
    only = ground(create=False)
    assert wanted(simple(), only, {}) == Nothing(Said.ARTICLE_NOT_CREATED)
    _, held = linked(simple())
    assert isinstance(wanted(simple(), only, cards(held)), Change)


def test_a_number_that_mamut_has_twice_is_held_and_one_in_another_case_is_the_same() -> None:
    _, held = linked(simple())
    twin = msgspec.structs.replace(held, pk=2)
    assert held_by(wanted(simple(), ground(), cards(held, twin))) is GoodsReason.NUMBER_TWICE_IN_MAMUT
    other_case = msgspec.structs.replace(held, pk=2, product_no="a-1")
    decision = wanted(simple(), ground(), cards(held, other_case))
    assert isinstance(decision, Change)
    assert decision.card.pk == held.pk
    assert "a-1" in numbers_asked(simple(), ground())


@pytest.mark.parametrize(
    ("family", "there", "reason"),
    [
        (simple(), {"properties": ("Färg",)}, GoodsReason.ARTICLE_DIFFERS),
        (simple(), {"variant": VariantOf("T", "Röd", "S")}, GoodsReason.ARTICLE_DIFFERS),
        (ItemFamily(item=MAIN), {"properties": ()}, GoodsReason.ARTICLE_DIFFERS),
        (ItemFamily(item=MAIN), {"properties": ("Färg", "Längd")}, GoodsReason.PROPERTIES_DIFFER),
        (variation(), {"variant": VariantOf("ANNAN", "Röd", "S")}, GoodsReason.MAIN_DIFFERS),
        (variation(), {"variant": None}, GoodsReason.ARTICLE_DIFFERS),
    ],
)
def test_an_article_of_another_kind_is_never_taken_for_the_product(
    family: ItemFamily, there: dict[str, Any], reason: GoodsReason
) -> None:
    alone = msgspec.structs.replace(family)
    decision = wanted(alone, ground(), {})
    assert isinstance(decision, Make)
    held = card(decision.fields, **there)
    assert held_by(wanted(alone, ground(), cards(held))) is reason
    family, _ = linked(alone)
    assert held_by(wanted(family, ground(), cards(held))) is reason


def test_a_variants_new_value_is_written() -> None:
    family, held = linked(variation())
    own = (Choice("Färg", ("Grön",)), Choice("Storlek", ("S",)))
    decision = changed(edited(family, choices=own), held)
    assert decision.fields.variant == VariantOf("T", "Grön", "S")


def test_a_new_number_is_held_and_the_rest_is_written() -> None:
    family, held = linked(simple())
    decision = changed(edited(family, sku="B-1", name="Ny"), held)
    assert decision.fields == ArticleFields(description="Ny")
    assert decision.stopped == Hold(GoodsReason.NUMBER_CHANGED, {"number": "A-1", "new": "B-1"})


def test_a_new_number_becomes_the_articles_where_the_merchant_lets_it_and_it_is_free() -> None:
    on = ground(renumber=True)
    family, held = linked(simple())
    renamed = edited(family, sku="B-1")
    assert changed(renamed, held, on).fields == ArticleFields(product_no="B-1")
    other = msgspec.structs.replace(held, pk=2, product_no="B-1")
    decision = wanted(renamed, on, cards(held, other))
    assert isinstance(decision, Change)
    assert not decision.writes
    assert held_by(decision.stopped) is GoodsReason.NUMBER_TAKEN_IN_MAMUT


def test_a_number_that_somebody_changed_in_mamut_too_needs_nothing() -> None:
    family, held = linked(simple())
    renamed = msgspec.structs.replace(held, product_no="B-1")
    decision = changed(edited(family, sku="B-1"), renamed)
    assert (decision.writes, decision.stopped) == (False, None)
    assert held_by(wanted(family, ground(), cards())) is GoodsReason.ARTICLE_MISSING


def test_an_article_governed_by_another_shop_is_left_to_it_and_one_of_another_product_is_held() -> None:
    _, held = linked(simple())
    governed = msgspec.structs.replace(simple(), governor="butik2")
    assert wanted(governed, ground(), cards(held)) == Nothing(Said.ARTICLE_GOVERNED, {"shop": "butik2"})
    taken = msgspec.structs.replace(simple(), holder=77)
    assert held_by(wanted(taken, ground(), cards(held))) is GoodsReason.NUMBER_OF_ANOTHER


# -- removed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "decision"),
    [
        (None, Nothing(Said.PRODUCT_LEFT)),
        ({}, Hold(GoodsReason.PRODUCT_REMOVED, {"number": "A-1"})),
        ({"retired": True, "retire": True}, Nothing(Said.ARTICLE_RETIRED)),
    ],
)
def test_a_removed_product_proposes_and_no_more(link: dict[str, Any] | None, decision: object) -> None:
    family, held = linked(simple())
    own = None if link is None or family.link is None else msgspec.structs.replace(family.link, **link)
    gone = msgspec.structs.replace(family, gone=True, link=own)
    assert wanted(gone, ground(), cards(held)) == decision


def test_a_person_who_agrees_makes_the_article_inactive_and_the_product_coming_back_makes_it_active() -> None:
    family, held = linked(simple())
    assert family.link is not None
    agreed = msgspec.structs.replace(family, gone=True, link=msgspec.structs.replace(family.link, retire=True))
    decision = changed(agreed, held)
    assert (decision.fields, decision.retired) == (ArticleFields(inactive=True), True)
    inactive = msgspec.structs.replace(held, inactive=True)
    assert not changed(agreed, inactive).writes
    back = msgspec.structs.replace(family, link=msgspec.structs.replace(family.link, retire=True, retired=True))
    assert changed(back, inactive).fields == ArticleFields(inactive=False)
    assert changed(family, inactive).edited == ("inactive",)


def test_a_product_taken_off_sale_keeps_its_article_and_is_marked_so() -> None:
    family, held = linked(simple())
    assert changed(edited(family, status="draft"), held).fields == ArticleFields(web=False)
    family, held = linked(variation())
    hidden = msgspec.structs.replace(family, parent=msgspec.structs.replace(MAIN, status="draft"))
    assert changed(hidden, held).fields == ArticleFields(web=False)


def test_marks_are_of_what_is_written_always() -> None:
    fields = made(simple())
    assert set(marks_of(fields, ground(flow=3))) == set(marks_of(fields, ground())) - {"price_out"}
