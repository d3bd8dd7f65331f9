"""The records of an order as both systems have them, and as the document was sent: what tells about a person is veiled
until somebody asks for it, and who asked is kept."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.lookup import ask, note_shown, order_of
from agent.admin.pages_orders import path_of
from agent.admin.visit import Visit
from agent.journal import aftermath
from agent.journal.orders import OrderRow
from agent.journal.users import Role
from agent.model.order import Frozen

MOST_ROWS = 400
LONGEST = 500
"""Characters of a value that are shown."""

OPEN = frozenset(
    [
        "amount",
        "cart_tax",
        "code",
        "compound",
        "country",
        "created_at",
        "created_via",
        "currency",
        "currency_symbol",
        "custid",
        "date_completed",
        "date_completed_gmt",
        "date_created",
        "date_created_gmt",
        "date_modified",
        "date_modified_gmt",
        "date_paid",
        "date_paid_gmt",
        "delivery_country",
        "delivery_form",
        "department",
        "discount",
        "discount_percent",
        "discount_tax",
        "discount_total",
        "external_no",
        "id",
        "instance_id",
        "invoice_country",
        "invoice_no",
        "is_editable",
        "kind",
        "label",
        "line_sum",
        "method_id",
        "method_title",
        "needs_payment",
        "needs_processing",
        "number",
        "order_date",
        "order_no",
        "our_ref",
        "parent_id",
        "payment_method",
        "payment_method_title",
        "payment_terms",
        "price",
        "prices_include_tax",
        "product_id",
        "product_no",
        "qty",
        "quantity",
        "rate_code",
        "rate_id",
        "rate_percent",
        "ready_for_invoicing",
        "reference",
        "shipping_tax",
        "shipping_tax_total",
        "shipping_total",
        "sku",
        "status",
        "subtotal",
        "subtotal_tax",
        "tax_class",
        "tax_status",
        "tax_total",
        "total",
        "total_tax",
        "type",
        "variation_id",
        "vat_code",
        "version",
    ]
)
"""Fields that tell nothing about a person, by their last name. Whatever is not known to be so is veiled."""

_ALWAYS_VEILED = ("billing.", "shipping.", "meta_data")
_OPEN_ALL_THE_SAME = frozenset({"billing.country", "shipping.country"})
_ROWS_NAME = ("line_items.", "lines.")
"""Where `name` and `description` are of goods."""


class Row(Frozen, frozen=True):
    """One value of a record. `value` is None while it is veiled."""

    path: str
    value: str | None


class Record(Frozen, frozen=True):
    """`key` names its heading; `trouble` says why it is not there."""

    key: str
    rows: tuple[Row, ...] = ()
    trouble: str = ""
    cut: bool = False


async def show(visit: Visit) -> Response:
    return await _page(visit, shown=False)


async def unveil(visit: Visit) -> Response:
    row = order_of(visit)
    if row is not None:
        await note_shown(visit, row)
    return await _page(visit, shown=True)


async def _page(visit: Visit, *, shown: bool) -> Response:
    row = order_of(visit)
    if row is None:
        return visit.problem(404, "order.unknown")
    records = [await _in_shop(visit, row, shown=shown), _as_sent(visit, row, shown=shown)]
    if row.mamut_order_no is not None:
        records.append(await _in_mamut(visit, row.mamut_order_no, shown=shown))
    path = path_of(row.shop, row.order_id)
    return visit.page("order/records.html", order=row, path=path, records=records, shown=shown)


async def _in_shop(visit: Visit, row: OrderRow, *, shown: bool) -> Record:
    body, trouble = await ask(visit, lambda lookups: lookups.record(row.shop, row.order_id))
    if body is None:
        return Record(key="in_shop", trouble=trouble or visit.text("records.gone"))
    return _record("in_shop", msgspec.json.decode(body), shown=shown)


def _as_sent(visit: Visit, row: OrderRow, *, shown: bool) -> Record:
    booked = visit.view(lambda tx: aftermath.booked(tx, row.shop, row.order_id))
    if booked is None or booked.draft is None:
        return Record(key="as_sent", trouble=visit.text("records.not_sent"))
    return _record("as_sent", msgspec.to_builtins(booked.draft), shown=shown)


async def _in_mamut(visit: Visit, number: int, *, shown: bool) -> Record:
    document, trouble = await ask(visit, lambda lookups: lookups.document(number))
    if document is None:
        return Record(key="in_mamut", trouble=trouble or visit.text("records.no_document"))
    return _record("in_mamut", msgspec.to_builtins(document), shown=shown)


def _record(key: str, value: object, *, shown: bool) -> Record:
    rows: list[Row] = []
    for path, text in flat(value):
        if not text or path.startswith("_links"):
            continue
        if len(rows) == MOST_ROWS:
            return Record(key=key, rows=tuple(rows), cut=True)
        rows.append(Row(path=path, value=text[:LONGEST] if shown or is_open(path) else None))
    return Record(key=key, rows=tuple(rows))


def flat(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every single value with where it stands; rows are counted from 1, and meta is called by its key."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield from flat(each, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, each in enumerate(value, 1):
            named = each.get("key") if isinstance(each, dict) and path.endswith("meta_data") else None
            inner = each.get("value") if named is not None and isinstance(each, dict) else each
            yield from flat(inner, f"{path}.{named if named is not None else number}")
    else:
        yield path, _text(value)


def is_open(path: str) -> bool:
    if path in _OPEN_ALL_THE_SAME:
        return True
    if path.startswith(_ALWAYS_VEILED) or ".meta_data." in path:
        return False
    name = path.rpartition(".")[2]
    return name in OPEN or (path.startswith(_ROWS_NAME) and name in ("name", "description"))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


_ONE = "/orders/{shop}/{order_id:int}/records"

ROUTES = (get(_ONE, show, Role.OPERATE), post(f"{_ONE}/show", unveil))
