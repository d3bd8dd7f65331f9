"""What an article is to be in a shop, decision by decision."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agent.decide.matching import Adopt, match
from agent.decide.products import (
    MARK_BYTES,
    MARKED,
    Family,
    Hold,
    Nothing,
    ProductGround,
    Write,
    as_on_parent,
    category_path,
    marks_of,
    merged,
    wanted,
)
from agent.model.goods import ArticleCard, Choice, ProductKind, SeenProduct, ShopStock, VariantOf
from agent.model.link import Link
from agent.model.said import GoodsReason, Said
from agent.settings.tree_goods import Keep, MissingCategory, ProductSettings
from tests.decide.items import TERMS

CARD = ArticleCard(
    pk=1,
    product_no="A-1",
    description="Kanna",
    text="En kanna.\n\nAv gjutjärn.",
    unit="st",
    weight=Decimal("1.250"),
    ean="7310865004703",
    vat_code=3,
    group=2,
)
MAIN = msgspec.structs.replace(CARD, pk=10, product_no="T", ean="", properties=("Färg", "Storlek"))
RED = msgspec.structs.replace(CARD, pk=11, product_no="T-1", ean="", variant=VariantOf("T", "Röd", "S"))
BLUE = msgspec.structs.replace(CARD, pk=12, product_no="T-2", ean="", variant=VariantOf("T", "Blå", "S"))
LINK = Link(pk=1, product_id=5, kind=ProductKind.SIMPLE, sku="A-1")
MAIN_LINK = Link(pk=10, product_id=50, kind=ProductKind.VARIABLE, sku="T")
RED_LINK = Link(pk=11, product_id=51, parent_id=50, kind=ProductKind.VARIATION, sku="T-1")


def ground(settings: ProductSettings | None = None, **changes: Any) -> ProductGround:
    made = ProductGround(
        settings=settings or ProductSettings(),
        terms=TERMS,
        percents={3: Decimal(25), 4: Decimal(12), 5: Decimal(6)},
        groups={2: "Hem", 3: "Kök"},
        subgroups={21: "Kannor"},
        categories={("hem",): 7, ("hem", "kannor"): 8},
        attributes={"färg": 3},
    )
    return msgspec.structs.replace(made, **changes)


def simple(link: Link | None = None, **changes: Any) -> Family:
    return Family(card=msgspec.structs.replace(CARD, **changes), link=link)


def variant(card: ArticleCard = RED, **changes: Any) -> Family:
    family = Family(card=card, main=MAIN, main_link=MAIN_LINK, siblings=(RED, BLUE))
    return msgspec.structs.replace(family, **changes)


def write(family: Family, on: ProductGround | None = None) -> Write:
    decision = wanted(family, on or ground())
    assert isinstance(decision, Write)
    return decision


def linked(family: Family, on: ProductGround | None = None, link: Link = LINK) -> Link:
    """The link as it is when what is wanted now has been written."""
    return msgspec.structs.replace(link, marks=write(family, on).marks)


def test_a_new_article_is_made_whole() -> None:
    product = write(simple()).product
    assert (product.kind, product.sku, product.name, product.status) == (
        ProductKind.SIMPLE,
        "A-1",
        "Kanna",
        "publish",
    )
    assert (product.text, product.short_text, product.weight) == (CARD.text, None, Decimal("1.25"))
    assert (product.gtin, product.tax_class, product.categories, product.unit) == ("7310865004703", "", (7,), "st")
    assert product.choices is None


def test_an_article_without_a_description_is_called_by_its_number() -> None:
    assert write(simple(description="")).product.name == "A-1"


@pytest.mark.parametrize("name", [name for name in MARKED if name not in ("choices", "meta")])
def test_a_field_that_is_kept_never_is_not_sent_and_one_kept_once_is_sent_once(name: str) -> None:
    never = ground(msgspec.structs.replace(ProductSettings(), **{name: Keep.NEVER}))
    once = ground(msgspec.structs.replace(ProductSettings(), **{name: Keep.ONCE}))
    always = ground(msgspec.structs.replace(ProductSettings(), **{name: Keep.ALWAYS}))
    made = getattr(write(simple(), never).product, name)
    assert made == {"name": "Kanna", "status": "draft"}.get(name), "no product is without a name or a status"
    assert getattr(write(simple(), once).product, name) is not None
    again = simple(msgspec.structs.replace(LINK, marks=None, sku="gammal"))
    assert getattr(write(again, never).product, name) is None
    assert getattr(write(again, once).product, name) is None
    assert getattr(write(again, always).product, name) is not None


def test_nothing_is_sent_when_nothing_has_changed() -> None:
    assert wanted(simple(linked(simple())), ground()) == Nothing(Said.UNCHANGED)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"description": "Tillbringare"}, {"name"}),
        ({"text": "Ny text"}, set()),
        ({"weight": Decimal("1.2500")}, set()),
        ({"weight": Decimal(2)}, {"weight"}),
        ({"weight": Decimal(0)}, {"weight"}),
        ({"ean": ""}, {"gtin"}),
        ({"vat_code": 4}, {"tax_class"}),
        ({"inactive": True}, {"status"}),
        ({"group": 3}, set()),
        ({"product_no": "A-2"}, {"sku"}),
        ({"unit": "par", "description": "X"}, {"unit", "name"}),
    ],
)
def test_only_what_has_changed_is_sent(changes: dict[str, Any], fields: set[str]) -> None:
    decision = wanted(simple(linked(simple()), **changes), ground())
    if not fields:
        assert decision == Nothing(Said.UNCHANGED)
        return
    assert isinstance(decision, Write)
    sent = {name for name in ("sku", *MARKED) if getattr(decision.product, name) is not None}
    assert (decision.product_id, sent) == (5, fields)


def test_what_mamut_has_nothing_of_does_not_empty_an_adopted_product() -> None:
    bare = simple(LINK, weight=Decimal(0), ean="", unit="")
    product = write(bare).product
    assert (product.weight, product.gtin, product.unit) == (None, None, None)
    assert product.name == "Kanna"


@pytest.mark.parametrize(
    ("changes", "link", "settings", "expected"),
    [
        ({"web": False}, None, {}, Nothing(Said.NOT_FOR_WEB)),
        ({"inactive": True}, None, {}, Nothing(Said.NOT_FOR_WEB)),
        ({}, None, {"create": False}, Nothing(Said.NOT_CREATED)),
        ({}, None, {"groups": (1,)}, Nothing(Said.GROUP_NOT_CHOSEN, {"group": "2"})),
        ({}, LINK, {"groups": (1,)}, Nothing(Said.GROUP_NOT_CHOSEN, {"group": "2"})),
        (
            {"properties": ("Färg",)},
            LINK,
            {},
            Hold(GoodsReason.KIND_DIFFERS, {"kind": "variable", "shop_kind": "simple"}),
        ),
        ({"vat_code": 5}, None, {}, Hold(GoodsReason.TAX_CLASS_MISSING, {"vat_code": "5", "percent": "6"})),
        ({"vat_code": 8}, None, {}, Hold(GoodsReason.VAT_CODE_UNKNOWN, {"vat_code": "8"})),
    ],
)
def test_what_is_not_made_and_why(
    changes: dict[str, Any], link: Link | None, settings: dict[str, Any], expected: Nothing | Hold
) -> None:
    assert wanted(simple(link, **changes), ground(ProductSettings(**settings))) == expected


def test_a_tax_class_is_as_mapped_else_by_its_percentage_else_left_where_rates_are_not_told() -> None:
    mapped = ground(ProductSettings(tax_classes={"5": "zero-rate"}))
    assert write(simple(vat_code=5), mapped).product.tax_class == "zero-rate"
    assert write(simple(vat_code=4)).product.tax_class == "reduced-rate"
    untold = ground(terms=msgspec.structs.replace(TERMS, tax_rates=()))
    assert write(simple(vat_code=5), untold).product.tax_class is None


@pytest.mark.parametrize(
    ("live", "unpublish", "publish", "status"),
    [
        (True, "draft", "publish", "publish"),
        (True, "draft", "draft", "draft"),
        (False, "draft", "publish", "draft"),
        (False, "private", "publish", "private"),
        (False, "leave", "publish", None),
    ],
)
def test_the_web_flag_gives_the_status(live: bool, unpublish: str, publish: str, status: str | None) -> None:
    settings = ground(ProductSettings(unpublish=unpublish, publish=publish))
    assert write(simple(LINK, web=live), settings).product.status == status


@pytest.mark.parametrize(
    ("unit", "weight", "expected"),
    [
        ("kg", "1.250", "1.25"),
        ("g", "1.250", "1250"),
        ("g", "10", "10000"),
        ("lbs", "1", "2.2046"),
        ("oz", "0.1", "3.527"),
        ("kg", "0", "0"),
        ("sten", "1", None),
    ],
)
def test_weight_is_in_the_shops_unit(unit: str, weight: str, expected: str | None) -> None:
    on = ground(terms=msgspec.structs.replace(TERMS, weight_unit=unit))
    found = write(simple(weight=Decimal(weight)), on).product.weight
    assert (None if found is None else format(found, "f")) == expected


@pytest.mark.parametrize(
    ("ean", "gtin"),
    [
        ("7310865004703", "7310865004703"),
        ("73 10865-004703", "7310865004703"),
        ("7310865004704", ""),
        ("96385074", "96385074"),
        ("123", ""),
        ("ABC", ""),
        ("", ""),
    ],
)
def test_a_gtin_is_sent_when_its_check_digit_is_right(ean: str, gtin: str) -> None:
    found = write(simple(ean=ean))
    assert (found.product.gtin, found.bad_gtin) == (gtin, ean if ean and not gtin else "")


@pytest.mark.parametrize(
    ("group", "subgroup", "settings", "path"),
    [
        (2, None, {}, ("Hem",)),
        (2, 21, {}, ("Hem", "Kannor")),
        (2, 99, {}, ("Hem",)),
        (9, 21, {}, ()),
        (None, None, {}, ()),
        (2, 21, {"categories_of": {"2": "Butik > Hemma"}}, ("Butik", "Hemma")),
        (2, 21, {"categories_of": {"2": "Hemma", "2/21": "Hemma>Kärl"}}, ("Hemma", "Kärl")),
        (2, None, {"missing_category": MissingCategory.LEAVE}, ()),
        (2, None, {"missing_category": MissingCategory.LEAVE, "categories_of": {"2": "Hem"}}, ("Hem",)),
        (2, None, {"categories": Keep.NEVER}, ()),
    ],
)
def test_groups_are_categories(
    group: int | None, subgroup: int | None, settings: dict[str, Any], path: tuple[str, ...]
) -> None:
    card = msgspec.structs.replace(CARD, group=group, subgroup=subgroup)
    on = ground()
    assert category_path(card, ProductSettings(**settings), on.groups, on.subgroups) == path


# -- variants ---------------------------------------------------------------------------------------------------------


def test_a_main_product_has_all_values_of_its_variants() -> None:
    hidden = msgspec.structs.replace(BLUE, pk=13, web=False, variant=VariantOf("T", "Grön", "XL"))
    family = Family(card=MAIN, siblings=(RED, BLUE, hidden))
    assert write(family).product.choices == (Choice("Färg", ("Röd", "Blå"), 3), Choice("Storlek", ("S",)))
    kept = msgspec.structs.replace(family, linked=frozenset({13}))
    assert write(kept).product.choices == (Choice("Färg", ("Röd", "Blå", "Grön"), 3), Choice("Storlek", ("S", "XL")))


def test_values_that_differ_by_case_alone_are_one() -> None:
    other = msgspec.structs.replace(BLUE, variant=VariantOf("T", "röd ", "M"))
    choices = write(Family(card=MAIN, siblings=(RED, other))).product.choices
    assert choices == (Choice("Färg", ("Röd",), 3), Choice("Storlek", ("S", "M")))


def test_a_main_product_without_a_variant_for_sale_is_a_draft() -> None:
    off = msgspec.structs.replace(RED, inactive=True)
    assert write(Family(card=MAIN)).product.status == "draft"
    assert write(Family(card=MAIN, siblings=(off,))).product.status == "draft"
    assert write(Family(card=MAIN, siblings=(off, BLUE))).product.status == "publish"


def test_a_variation_has_one_option_of_each_property_and_no_name_or_category() -> None:
    product = write(variant()).product
    assert product.choices == (Choice("Färg", ("Röd",), 3), Choice("Storlek", ("S",)))
    assert (product.kind, product.name, product.short_text, product.categories) == (
        ProductKind.VARIATION,
        None,
        None,
        None,
    )
    assert (product.sku, product.status) == ("T-1", "publish")


def test_a_variation_that_the_stock_hides_stays_private() -> None:
    hidden = msgspec.structs.replace(RED_LINK, stock=ShopStock(managed=True, hidden=True))
    assert write(variant(link=hidden)).product.status == "private"
    off = msgspec.structs.replace(RED, web=False)
    assert write(variant(off, link=RED_LINK)).product.status == "private"


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (variant(main=None, main_link=None), Hold(GoodsReason.MAIN_MISSING, {"main": "T"})),
        (variant(main_link=None), Hold(GoodsReason.MAIN_WAITS, {"main": "T"})),
        (
            variant(main=msgspec.structs.replace(MAIN, web=False), main_link=None),
            Nothing(Said.NOT_FOR_WEB),
        ),
        (
            variant(msgspec.structs.replace(RED, variant=VariantOf("T", "Röd", " "))),
            Hold(GoodsReason.PROPERTY_MISSING, {"property": "Storlek"}),
        ),
        (
            variant(msgspec.structs.replace(BLUE, variant=VariantOf("T", "RÖD", "s"))),
            Hold(GoodsReason.VARIANT_TWICE, {"other": "T-1"}),
        ),
        (
            variant(link=msgspec.structs.replace(RED_LINK, parent_id=99)),
            Hold(GoodsReason.PARENT_DIFFERS, {"parent_id": "99"}),
        ),
    ],
)
def test_a_variant_waits_for_what_it_needs(family: Family, expected: Nothing | Hold) -> None:
    assert wanted(family, ground()) == expected


def test_which_attribute_of_the_shop_a_property_is_makes_no_other_product() -> None:
    family = Family(card=MAIN, siblings=(RED, BLUE))
    link = linked(family, link=MAIN_LINK)
    again = msgspec.structs.replace(family, link=link)
    assert wanted(again, ground(attributes={})) == Nothing(Said.UNCHANGED)


def test_a_products_own_attributes_and_options_stay_beside_ours() -> None:
    there = (
        Choice("Material", ("Ull",), 0, varies=False, visible=False),
        Choice("färg", ("Svart", "röd"), 9, varies=False),
    )
    ours = (Choice("Färg", ("Röd", "Blå"), 3), Choice("Storlek", ("S",)))
    assert merged(ours, there) == (
        there[0],
        Choice("färg", ("Svart", "röd", "Blå"), 9, varies=True),
        Choice("Storlek", ("S",)),
    )
    assert merged(ours, ()) == ours


def test_a_variation_uses_the_attribute_that_its_product_has() -> None:
    there = (Choice("färg", ("Röd",), 0), Choice("Storlek", ("S",), 4))
    ours = (Choice("Färg", ("Röd",), 3), Choice("Storlek", ("S",)), Choice("Längd", ("Lång",), 6))
    assert [each.attribute_id for each in as_on_parent(ours, there)] == [0, 4, 6]


def test_an_adopted_product_gets_the_standard_tax_class_too() -> None:
    assert write(simple(LINK)).product.tax_class == ""


def test_marks_have_a_place_for_each_field() -> None:
    assert len(marks_of(write(simple()).product)) == len(MARKED) * MARK_BYTES


# -- matching ---------------------------------------------------------------------------------------------------------


def seen(product_id: int = 5, kind: ProductKind = ProductKind.SIMPLE, parent_id: int = 0) -> SeenProduct:
    return SeenProduct(
        product_id=product_id,
        parent_id=parent_id,
        kind=kind,
        sku="A-1",
        name="Kanna",
        status="publish",
        managed=False,
        stock_quantity=None,
        word="instock",
        regular=None,
        sale=None,
    )


VARIATION = seen(51, ProductKind.VARIATION, 50)


@pytest.mark.parametrize(
    ("family", "found", "holder", "expected"),
    [
        (simple(), (), None, None),
        (simple(), (seen(),), None, Adopt(seen())),
        (simple(), (seen(),), 1, Adopt(seen())),
        (simple(), (seen(),), 2, Hold(GoodsReason.SKU_TAKEN, {"holder": "5"})),
        (simple(), (seen(5), seen(6)), None, Hold(GoodsReason.SKU_TWICE_IN_SHOP, {"ids": "5, 6"})),
        (
            simple(),
            (seen(5, ProductKind.OTHER),),
            None,
            Hold(GoodsReason.KIND_DIFFERS, {"kind": "simple", "shop_kind": "other", "product_id": "5"}),
        ),
        (variant(), (VARIATION,), None, Adopt(VARIATION)),
        (variant(main_link=None), (VARIATION,), None, Hold(GoodsReason.MAIN_WAITS, {"main": "T"})),
        (
            variant(),
            (seen(51, ProductKind.VARIATION, 77),),
            None,
            Hold(GoodsReason.PARENT_DIFFERS, {"parent_id": "77"}),
        ),
    ],
)
def test_what_the_shop_has_under_a_number_is_the_article_or_not(
    family: Family, found: tuple[SeenProduct, ...], holder: int | None, expected: Adopt | Hold | None
) -> None:
    assert match(family, found, holder) == expected
