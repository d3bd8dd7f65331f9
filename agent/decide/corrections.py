"""An order as people have corrected it, before anything else looks at it.

A correction answers to what the shop said when it was made. While the shop says the same, it counts; where the shop now
says what was put in, it is needless; and where the shop has come to say a third thing, nobody knows which is right, and
the order is held until a person says so. Amounts, quantities and currency cannot be corrected: they are the shop's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from agent.decide.company import vat_no
from agent.model.correction import (
    ADDRESS_FIELDS,
    BILLING,
    BY_VALUE,
    CUSTOMER_FIELDS,
    FIELD_NAMES,
    LINE_FIELDS,
    SHIPPING,
    Correction,
    line_field,
)
from agent.model.order import Frozen, LineKind, OrderLine, ShopOrder
from agent.settings.tree import CustomerSettings

LONGEST = 200
"""Characters of a corrected value: Mamut's longest address field."""

_IS_LINE = re.compile(rf"^line\.[0-9]+\.({'|'.join(LINE_FIELDS)})$")
_COUNTRY = re.compile(r"^[A-Z]{2}$")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_NUMBER = re.compile(r"^[1-9][0-9]{0,8}$")


class Corrected(Frozen, frozen=True):
    """`told` is what the shop says of fields of which that was not known, `needless` are fields of which it says what
    was put in, `overtaken` those of which it says a third thing. `unknown` are of lines that are gone."""

    order: ShopOrder
    told: dict[str, str] = {}
    needless: tuple[str, ...] = ()
    overtaken: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def fields_of(order: ShopOrder) -> tuple[str, ...]:
    """What can be corrected of this order."""
    lines = [line_field(line.line_id, name) for line in order.lines if (name := _line_name(line))]
    sides = [f"{side}.{name}" for side in (BILLING, SHIPPING) for name in ADDRESS_FIELDS]
    return (*lines, *sides, *CUSTOMER_FIELDS, "payment_method", "customer_note")


def _line_name(line: OrderLine) -> str:
    return {LineKind.PRODUCT: "article_no", LineKind.SHIPPING: "method"}.get(line.kind, "")


def value_of(order: ShopOrder, field: str, customers: CustomerSettings) -> str | None:
    """What the order says of the field; None when it has no such field."""
    first, _, name = field.partition(".")
    if first in (BILLING, SHIPPING) and name in ADDRESS_FIELDS:
        return str(getattr(getattr(order, first), name))
    if field in CUSTOMER_FIELDS:
        return next((order.meta[key] for key in _meta_keys(field, customers) if order.meta.get(key)), "")
    if field in ("payment_method", "customer_note"):
        return str(getattr(order, field))
    lines, name = _lines_of(order, field)
    return str(getattr(lines[0], name)) if lines else None


def normalised(field: str, value: str) -> str:
    """As people mean what they type: without blanks around it, a country in capitals."""
    text = value.strip()
    return text.upper() if field.rpartition(".")[2] == "country" else text


def is_wrong(field: str, value: str) -> bool:
    """Whether the value can never be right for the field. Only its form is judged."""
    first, name = field.partition(".")[0], field.rpartition(".")[2]
    if not (field in FIELD_NAMES or first in BY_VALUE or _IS_LINE.match(field)):
        return True
    if len(value) > LONGEST or any(not char.isprintable() for char in value.replace("\n", "")):
        return True
    if first in BY_VALUE:
        return not value
    if name == "country":
        return _COUNTRY.match(value) is None
    if name == "email":
        return bool(value) and _EMAIL.match(value) is None
    if name == "customer_no":
        return bool(value) and _NUMBER.match(value) is None
    if name == "vat_no":
        return bool(value) and not vat_no(value)
    return name in ("article_no", "method", "payment_method") and not value


def corrected(
    order: ShopOrder, corrections: tuple[Correction, ...], customers: CustomerSettings, *, lenient: bool = False
) -> Corrected:
    """The order with what people have put in. `lenient` is for what stands in Mamut already: there the shop's later
    word counts, and nothing is held for it."""
    told: dict[str, str] = {}
    needless, overtaken, unknown = [], [], []
    made = order
    for each in corrections:
        now = value_of(order, each.field, customers)
        if now is None:
            unknown.append(each.field)
        elif each.was is None or now == each.was:
            if each.was is None:
                told[each.field] = now
            made = _put(made, each.field, each.value, customers)
        elif now == each.value:
            needless.append(each.field)
        elif not lenient:
            overtaken.append(each.field)
    return Corrected(
        order=made, told=told, needless=tuple(needless), overtaken=tuple(overtaken), unknown=tuple(unknown)
    )


# -- putting in --------------------------------------------------------------------------------------------------------


def _put(order: ShopOrder, field: str, value: str, customers: CustomerSettings) -> ShopOrder:
    """Into the record as the shop gave it too, where there is one: field mappings read that."""
    raw = order.raw and _into_record(order, field, value, customers)
    return msgspec.structs.replace(_into_order(order, field, value, customers), raw=raw)


def _into_order(order: ShopOrder, field: str, value: str, customers: CustomerSettings) -> ShopOrder:
    first, _, name = field.partition(".")
    if first == BILLING:
        return msgspec.structs.replace(order, billing=msgspec.structs.replace(order.billing, **{name: value}))
    if first == SHIPPING:
        return msgspec.structs.replace(order, shipping=msgspec.structs.replace(order.shipping, **{name: value}))
    if field in CUSTOMER_FIELDS:
        keys = _meta_keys(field, customers)
        kept = {key: text for key, text in order.meta.items() if key not in keys}
        return msgspec.structs.replace(order, meta={**kept, keys[0]: value} if keys else kept)
    if field in FIELD_NAMES:
        return msgspec.structs.replace(order, **{field: value})
    lines, name = _lines_of(order, field)
    put = {line.line_id: msgspec.structs.replace(line, **{name: value}) for line in lines}
    return msgspec.structs.replace(order, lines=tuple(put.get(each.line_id, each) for each in order.lines))


def _lines_of(order: ShopOrder, field: str) -> tuple[list[OrderLine], str]:
    """The lines that a field is of, and what of them it is."""
    first, _, rest = field.partition(".")
    if first in BY_VALUE:
        name = "article_no" if first == "article" else first
        return [each for each in order.lines if _line_name(each) == name and getattr(each, name) == rest], name
    line_id, _, name = rest.partition(".")
    return [
        each for each in order.lines if first == "line" and str(each.line_id) == line_id and _line_name(each) == name
    ], name


def _meta_keys(field: str, customers: CustomerSettings) -> tuple[str, ...]:
    keys = {
        "org_no": customers.org_no_meta,
        "vat_no": customers.vat_no_meta,
        "customer_no": customers.customer_number_meta,
    }
    return keys[field]


_IN_RECORD = {"street": "address_1", "street_2": "address_2"}
_LINES_IN_RECORD = {"article_no": ("line_items", "sku"), "method": ("shipping_lines", "method_id")}
_PARTS: msgspec.json.Decoder[dict[str, msgspec.Raw]] = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ROWS: msgspec.json.Decoder[list[dict[str, msgspec.Raw]]] = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])


def _into_record(order: ShopOrder, field: str, value: str, customers: CustomerSettings) -> bytes:
    """Everything else of it stays to the byte."""
    record = _PARTS.decode(order.raw)
    first, _, name = field.partition(".")
    text = msgspec.Raw(msgspec.json.encode(value))
    if first in (BILLING, SHIPPING):
        part = _PARTS.decode(record.get(first, msgspec.Raw(b"{}")))
        part[_IN_RECORD.get(name, name)] = text
        record[first] = msgspec.Raw(msgspec.json.encode(part))
    elif field in CUSTOMER_FIELDS:
        record["meta_data"] = _meta_with(record, _meta_keys(field, customers), value)
    elif field in FIELD_NAMES:
        record[field] = text
    else:
        lines, line_name = _lines_of(order, field)
        rows_name, key = _LINES_IN_RECORD[line_name]
        ids = {str(line.line_id).encode() for line in lines}
        rows = _ROWS.decode(record.get(rows_name, msgspec.Raw(b"[]")))
        for row in rows:
            if bytes(row.get("id", b"")) in ids:
                row[key] = text
        record[rows_name] = msgspec.Raw(msgspec.json.encode(rows))
    return msgspec.json.encode(record)


def _meta_with(record: Mapping[str, msgspec.Raw], keys: tuple[str, ...], value: str) -> msgspec.Raw:
    metas: list[dict[str, Any]] = msgspec.json.decode(record.get("meta_data", msgspec.Raw(b"[]")))
    kept = [meta for meta in metas if not (isinstance(meta, dict) and meta.get("key") in keys)]
    new = [{"key": keys[0], "value": value}] if keys else []
    return msgspec.Raw(msgspec.json.encode([*kept, *new]))
