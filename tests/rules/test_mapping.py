"""Field mapping: what is picked, what is computed, and what a bad expression cannot do."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agent.model.goods import ProductKind, ShopProduct
from agent.model.ids import ExternalNo
from agent.model.mamut import ContactDraft, DocumentDraft, DocumentKind
from agent.rules.mapping import Mapped, Mapper, MappingWrong
from agent.rules.tree import FieldMapping, MappedObject

DRAFT = DocumentDraft(
    kind=DocumentKind.ORDER,
    external_no=ExternalNo("butik:1042"),
    order_date=date(2026, 11, 23),
    currency="SEK",
    lines=(),
    name="Åsa Öberg",
    invoice_address="Storgatan 1",
    delivery_address="Storgatan 1",
)
RECORD = {
    "number": "1042",
    "total": "1 249,50",
    "billing": {"company": "Garn AB"},
    "date_created": "2026-11-23T23:50:00",
    "line_items": [{"sku": "A-1", "quantity": 2}, {"sku": "B-2", "quantity": 3}],
    "meta_data": [{"key": "_ref", "value": "ab 12"}, {"key": "_ring", "value": True}],
}


def mapped(target: Any = DRAFT, about: str = "order", **mapping: Any) -> Mapped[Any]:
    one = msgspec.convert({"name": "kartan", "object": about, "field": "reference"} | mapping, FieldMapping)
    return Mapper((one,), MappedObject(about)).apply(RECORD, target)


def reference(compute: str, pick: str = "number") -> str:
    made = mapped(pick=pick, compute=compute)
    assert made.failed == "", made.why
    return str(made.target.reference)


def test_meta_of_the_shop_becomes_a_field_of_the_document() -> None:
    made = mapped(pick="meta_data[?key=='_ref'].value | [0]", compute="value|upper ~ '-' ~ record.number")
    assert made.target.reference == "AB 12-1042"
    assert [(note.code, note.field, note.detail) for note in made.notes] == [("field_mapped", "reference", "kartan")]


@pytest.mark.parametrize(
    ("compute", "pick", "result"),
    [
        ("", "billing.company", "Garn AB"),
        ("(value|decimal * 2)|round(1)", "total", "2499.0"),
        ("value|decimal|whole", "total", "1250"),
        ("value|sum", "line_items[].quantity", "5"),
        ("value|count", "line_items", "2"),
        ("value|join(' + ')", "line_items[].sku", "A-1 + B-2"),
        ("value|first ~ value|last", "line_items[].sku", "A-1B-2"),
        ("value|days(14)|format_day('%d/%m %Y')", "date_created", "07/12 2026"),
        ("value|day", "date_created", "2026-11-23"),
        ("'ring' if value else 'ring inte'", "meta_data[?key=='_ring'].value | [0]", "ring"),
        ("value|default('utan')", "meta_data[?key=='_none'].value | [0]", "utan"),
        ("value|digits|cut(0, 2)", "meta_data[?key=='_ref'].value | [0]", "12"),
        ("value|replace('Garn', 'Tyg')|trim|lower", "billing.company", "tyg ab"),
        ("record.billing.company|upper", "", "GARN AB"),
    ],
)
def test_a_value_is_computed(compute: str, pick: str, result: str) -> None:
    assert reference(compute, pick) == result


def test_nothing_picked_leaves_the_field_or_empties_it_where_that_is_said() -> None:
    full = msgspec.structs.replace(DRAFT, reference="står kvar")
    assert mapped(full, pick="nothing").target.reference == "står kvar"
    assert mapped(full, pick="nothing", empty_clears=True).target.reference == ""


def test_a_text_that_is_too_long_is_cut_with_a_word_or_held() -> None:
    cut = mapped(pick="number", compute="'x' ~ record.billing.company ~ record.billing.company ~ '0123456789012345678'")
    assert len(cut.target.reference) == 30
    assert {note.code for note in cut.notes} == {"text_shortened", "field_mapped"}
    held = mapped(pick="number", compute="'0123456789' ~ '0123456789' ~ '0123456789x'", when_long="hold")
    assert (held.failed, held.why, held.target) == ("kartan", "too_long", DRAFT)


def test_the_type_is_the_targets() -> None:
    assert mapped(field="payment_terms", pick="line_items[0].quantity").target.payment_terms == 2
    assert mapped(field="payment_terms", pick="number", compute="'många'").why == "not_a_number"
    assert mapped(field="ready_for_invoicing", pick="meta_data[?key=='_ring'].value | [0]").target.ready_for_invoicing


def test_a_customer_and_a_product_are_mapped_too() -> None:
    contact = ContactDraft(name="Åsa", ext_id="butik:5", private=True)
    assert mapped(contact, "customer", field="vat_no", pick="billing.company").target.vat_no == "Garn AB"
    product = ShopProduct(kind=ProductKind.SIMPLE, sku="A-1", weight=Decimal(1))
    assert mapped(product, "product", field="weight", pick="total").target.weight == Decimal("1249.50")


@pytest.mark.parametrize(
    "compute",
    [
        "value.__class__.__mro__",
        "record['number'].__class__.__name__",
        "'x' * 1000000000",
        "2 ** 999999999",
        "'%1000000000d' % 3",
        "record.total|decimal / 0",
        "[1, 2]",
        "record|format_day",
        "value|format_day('%Y' ~ 'x' ~ value ~ '0123456789012345678901234567890123456789')",
        "'1e999999999'|decimal",
    ],
)
def test_an_expression_that_goes_wrong_fails_its_record_or_gives_nothing(compute: str) -> None:
    made = mapped(pick="number", compute=compute)
    assert made.target == DRAFT


@pytest.mark.parametrize(
    ("mapping", "key", "problem"),
    [
        ({"field": "referens"}, "field", "field_unknown"),
        ({"field": "external_no"}, "field", "fixed"),
        ({"field": "lines.product_no"}, "field", "no_single_value"),
        ({"pick": "x["}, "pick", "expression_wrong"),
        ({"pick": "(" * 500 + "a" + ")" * 500}, "pick", "expression_too_deep"),
        ({"pick": "a" * 1_000_000}, "pick", "expression_too_long"),
        ({"compute": "value +"}, "compute", "expression_wrong"),
        ({"compute": "value|shell"}, "compute", "expression_wrong"),
        ({"compute": "range(1000000000)"}, "compute", "no_calls"),
        ({"compute": "value.upper()"}, "compute", "no_calls"),
        ({"compute": "[" * 500 + "]" * 500}, "compute", "expression_too_deep"),
        ({"compute": "value ~ " * 1000 + "value"}, "compute", "expression_too_long"),
        ({"compute": "value }} {% for x in range(9) %}"}, "compute", "expression_wrong"),
    ],
)
def test_a_mapping_that_can_never_work_is_refused_where_it_is_written(
    mapping: dict[str, Any], key: str, problem: str
) -> None:
    with pytest.raises(MappingWrong) as refused:
        mapped(**mapping)
    assert (refused.value.key, refused.value.problem) == (key, problem)


def test_mappings_run_in_their_order_and_one_that_fails_undoes_all() -> None:
    good = FieldMapping(name="en", object=MappedObject.ORDER, field="reference", pick="number")
    bad = FieldMapping(name="två", object=MappedObject.ORDER, field="payment_terms", pick="billing.company")
    made = Mapper((good, bad), MappedObject.ORDER).apply(RECORD, DRAFT)
    assert (made.failed, made.target) == ("två", DRAFT)
