"""What becomes of an article that is there, when its product or Mamut's people change something."""

from __future__ import annotations

from decimal import Decimal
from itertools import product as combinations
from typing import Any

import msgspec
import pytest

from agent.decide.articles import Change, ItemFamily, Make, marks_of, numbers_asked, wanted
from agent.decide.products import Hold, Nothing
from agent.model.goods import Choice, VariantOf
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ArticleFields, ItemCategory
from agent.settings.tree_goods import Keep
from tests.decide.items import (
    MAIN,
    MAIN_LINK,
    card,
    cards,
    changed,
    edited,
    ground,
    held_by,
    linked,
    made,
    simple,
    variation,
)

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
