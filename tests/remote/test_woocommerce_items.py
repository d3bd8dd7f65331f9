"""Products whole, as recorded shops gave them, in the model's words."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from agent.model.goods import Choice, ProductKind
from agent.remote.woocommerce.items import item_seen, readable
from agent.remote.woocommerce.shapes_goods import WireItem
from agent.remote.woocommerce.values import BrokenContractError

RECORDED = Path(__file__).resolve().parents[1] / "recordings" / "variations.json"


def recorded(number: int) -> WireItem:
    exchange = json.loads(RECORDED.read_text("utf-8"))["exchanges"][number]
    body = exchange["response"].get("body") or exchange["response"].get("json")
    return msgspec.convert(body, WireItem)


def test_a_recorded_variable_product_has_what_its_variations_differ_by_and_no_more() -> None:
    seen = item_seen(recorded(1), "_unit")
    assert (seen.item.kind, seen.item.sku, seen.item.tax_class) == (ProductKind.VARIABLE, "TS", "reduced-rate")
    assert [choice.name for choice in seen.item.choices] == ["Storlek", "Färg"]
    assert seen.item.regular is None
    assert seen.item.weight == Decimal("0.2")


def test_a_recorded_variation_has_its_own_values_and_follows_its_product_in_tax() -> None:
    seen = item_seen(recorded(4), "_unit", 11)
    item = seen.item
    assert (item.kind, item.parent_id, item.tax_class) == (ProductKind.VARIATION, 11, "parent")
    assert item.choices == (Choice("Storlek", ("S",), 1), Choice("Färg", ("Röd",)))
    assert item.regular == Decimal(199)
    assert seen.modified_at is not None


def test_a_variation_for_any_value_has_none() -> None:
    wire = msgspec.convert({"id": 12, "attributes": [{"name": "Färg", "option": ""}]}, WireItem)
    assert item_seen(wire, "", 11).item.choices == (Choice("Färg", ()),)


def test_a_unit_is_read_from_its_meta_field_and_a_price_that_is_none_breaks_the_contract() -> None:
    metas = [{"id": 1, "key": "_unit", "value": "kg"}, {"id": 2, "key": "x", "value": "y"}]
    assert item_seen(msgspec.convert({"id": 1, "meta_data": metas}, WireItem), "_unit").item.unit == "kg"
    with pytest.raises(BrokenContractError):
        item_seen(msgspec.convert({"id": 1, "regular_price": "gratis"}, WireItem), "")


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Mjukt &amp; varmt.</p>\n<ul><li>Ull</li><li>Silke</li></ul>", "Mjukt & varmt.\n\nUll\nSilke"),
        ("Rad ett<br />Rad två", "Rad ett\nRad två"),
        ("<script>spy()</script>Text<!-- mer -->", "Text"),
        ("3 < 4 och 5 > 4", "3 < 4 och 5 > 4"),
    ],
)
def test_a_text_is_read_without_its_markup(markup: str, text: str) -> None:
    assert readable(markup) == text
