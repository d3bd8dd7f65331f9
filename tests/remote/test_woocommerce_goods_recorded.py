"""What a real shop answered about its products, read by the agent's own shapes; and what a plugin may make of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.model.goods import Choice, ProductKind, SeenProduct
from agent.remote.woocommerce.ask import holder_of
from agent.remote.woocommerce.shapes_goods import (
    PRODUCT_FIELDS,
    WireBatch,
    WireNote,
    WireProduct,
    WireRate,
    WireSale,
    WireShown,
)
from agent.remote.woocommerce.translate_goods import note_seen, sale, seen_product, shown_order
from agent.remote.woocommerce.values import items

RECORDINGS = Path(__file__).parents[1] / "recordings"

FILES = (
    "products_simple",
    "products_list",
    "products_modified",
    "products_batch",
    "variations",
    "background",
    "concurrency",
)


def exchanges(file: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((RECORDINGS / f"{file}.json").read_text("utf-8"))["exchanges"]
    return found


def body(file: str, at: int) -> Any:
    return exchanges(file)[at]["response"]["body"]


def read(shape: Any, value: Any) -> Any:
    return msgspec.json.decode(json.dumps(value), type=shape)


def seen(value: Any, parent_id: int = 0) -> SeenProduct:
    return seen_product(read(WireProduct, value), parent_id)


def products() -> Iterator[dict[str, Any]]:
    """Every recorded product and variation that is whole enough to be known as one."""
    for file in FILES:
        for exchange in exchanges(file):
            held = exchange["response"]["body"]
            rows = held if isinstance(held, list) else [held]
            if "/products" in exchange["request"]["path"]:
                yield from (row for row in rows if isinstance(row, dict) and "id" in row and "sku" in row)


def test_every_recorded_product_is_read() -> None:
    rows = list(products())
    assert len(rows) > 120
    for row in rows:
        found = seen(row)
        assert (found.product_id, found.sku) == (row["id"], row["sku"])
        if "regular_price" in row:
            assert found.regular == (Decimal(row["regular_price"]) if row["regular_price"] else None)
        if "stock_quantity" in row and "manage_stock" in row:
            assert found.stock_quantity == (row["stock_quantity"] if row["manage_stock"] is True else None)
    assert {row["type"] for row in rows if "type" in row} >= {"simple", "variable", "variation"}


def test_a_variation_whose_product_counts_has_no_count_of_its_own() -> None:
    found = seen(body("variations", 33), 11)
    assert (found.managed, found.stock_quantity, found.kind) == (False, None, ProductKind.VARIATION)


def test_recorded_attributes_are_choices() -> None:
    assert seen(body("variations", 1)).choices == (
        Choice("Storlek", ("L", "M", "S"), 1, varies=True, visible=True),
        Choice("Färg", ("Röd", "Blå"), 0, varies=True, visible=True),
        Choice("Material", ("Bomull",), 0, varies=False, visible=True),
    )


def test_a_recorded_batch_has_its_verdicts_in_place() -> None:
    batch = read(WireBatch, body("products_batch", 2))
    made, changed = list(items(batch.create)), list(items(batch.update))
    assert [row.id for row in (*made, *changed)] == [0, 15, 999_999, 11, 13]
    errors = [row.error for row in (made[0], changed[0], changed[1])]
    assert [error.code for error in errors if error] == [
        "product_invalid_sku",
        "woocommerce_rest_product_invalid_id",
        "product_invalid_sku",
    ]
    assert [holder_of(error) for error in errors if error] == [11, 0, 13]
    assert (made[1].error, seen_product(made[1]).sku) == (None, "B-Y")


def test_a_recorded_row_without_an_id_is_read() -> None:
    [row] = items(read(WireBatch, body("products_batch", 6)).update)
    assert (row.id, row.error is None) == (None, False)


def test_recorded_orders_are_sales_and_states() -> None:
    order = body("orders_create", 3)
    sold = sale(read(WireSale, order))
    assert [(line.product_id, line.variation_id, line.sku, int(line.qty), line.taken) for line in sold.lines] == [
        (11, 0, "O-25", 2, Decimal(2)),
        (16, 17, "O-V-R", 1, Decimal(1)),
        (12, 0, "O-12", 3, Decimal(3)),
    ]
    shown = shown_order(read(WireShown, order), frozenset(("vat_number",)))
    assert (shown.total, shown.refunded) == (Decimal("847.85"), Decimal(0))
    assert shown.meta == {"vat_number": "SE556000000001"}


def test_recorded_notes_keep_their_markup() -> None:
    notes = [note_seen(note) for note in read(list[WireNote], body("orders_refunds_notes", 40))]
    assert "Av mig <b>fet</b> & <script>x</script>" in [note.text for note in notes]
    assert [note.text for note in notes if note.to_customer] == ["Ditt paket är skickat"]


def test_recorded_rates_are_read() -> None:
    rates = read(list[WireRate], body("index_settings", 15))
    assert [(rate.country, rate.rate, rate.tax_class) for rate in rates][:2] == [
        ("SE", "25.0000", "standard"),
        ("SE", "12.0000", "reduced-rate"),
    ]


def test_the_fields_asked_for_are_those_that_are_read() -> None:
    assert {*PRODUCT_FIELDS.split(","), "error"} == set(WireProduct.__struct_fields__)


# -- what plugins do --------------------------------------------------------------------------------------------------

STRANGE = st.one_of(st.none(), st.booleans(), st.integers(-(10**6), 10**6), st.floats(width=32), st.text(max_size=20))


@given(st.dictionaries(st.sampled_from([name for name in PRODUCT_FIELDS.split(",") if name not in
    ("id", "parent_id", "date_modified_gmt", "attributes")]), STRANGE))  # fmt: skip
def test_whatever_a_plugin_makes_of_a_text_the_product_is_read(fields: dict[str, Any]) -> None:
    wire = msgspec.json.decode(msgspec.json.encode({"id": 7, **fields}), type=WireProduct)
    found = seen_product(wire)
    assert found.product_id == 7
    assert found.regular is None or found.regular.is_finite()


@pytest.mark.parametrize(
    "attributes",
    [
        None,
        {"0": {"id": "0", "name": "Färg", "options": {"1": "Röd"}, "variation": 1, "visible": "1"}},
        [{"name": "Färg", "options": ["Röd"], "variation": "1", "visible": True}],
    ],
)
def test_lists_that_php_made_objects_of_are_read(attributes: Any) -> None:
    found = seen({"id": 7, "type": "variable", "attributes": attributes})
    assert found.choices == ((Choice("Färg", ("Röd",)),) if attributes else ())
