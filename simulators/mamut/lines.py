"""A document's lines on their way in: which product, whose VAT, how much."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from simulators.mamut import pricing, products
from simulators.mamut.arithmetic import half_up
from simulators.mamut.books import Books
from simulators.mamut.errors import Refused
from simulators.mamut.fields import day, number
from simulators.mamut.records import ZERO, Contact, Document, Line, Product

LINES_MAX = 1000
"""Lines of one document, assumed."""

_PRICE = Decimal("0.0001")
_NO_PRICE = Decimal("0.0000")


class LineBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One line as a client sends it. `vat_code` 0 takes the product's; without `line_sum` Mamut prices the line."""

    product_no: str
    qty: Decimal
    description: str | None = None
    line_sum: Decimal | None = None
    discount_percent: Decimal | None = None
    vat_code: int | None = 0
    warehouse: int | None = None
    department: int | None = None
    project: int | None = None
    delivery_date: date | None = None


def build(books: Books, document: Document, contact: Contact, bodies: list[LineBody]) -> list[Line]:
    """The lines as they will be stored."""
    if len(bodies) > LINES_MAX:
        raise Refused(422, "too_many_lines", f"a document has {LINES_MAX} lines at most", "lines")
    return [_line(books, document, contact, body, position) for position, body in enumerate(bodies)]


def _line(books: Books, document: Document, contact: Contact, body: LineBody, position: int) -> Line:
    path = f"lines.{position}"
    product = _product(books, body, path)
    qty = number(body.qty, 12, 2, f"{path}.qty")
    discount = number(body.discount_percent or ZERO, 6, 2, f"{path}.discount_percent")
    vat_code = body.vat_code or product.vat_out
    if vat_code not in books.lookups.vat:
        raise Refused(422, "vat_code_unknown", f"there is no VAT code {vat_code}", f"{path}.vat_code")
    books.lookups.check("department", body.department, f"{path}.department")
    books.lookups.check("project", body.project, f"{path}.project")
    line_sum = body.line_sum
    if line_sum is None:
        price = pricing.unit_price(books, product, contact, qty, document.order_date)
        line_sum = qty * price * (100 - discount) / 100
    line_sum = number(line_sum, 15, 3, f"{path}.line_sum")
    description = books.text.text(body.description or "", products.DESCRIPTION_LENGTH, f"{path}.description")
    return Line(
        line_no=position + 1,
        product_id=product.pk,
        product_no=product.product_no,
        description=description or product.description,
        qty=qty,
        qty_ordered=qty,
        to_deliver=qty,
        delivered=ZERO,
        unit_price=half_up(line_sum / qty, _PRICE) if qty else _NO_PRICE,
        discount_percent=discount,
        line_sum=line_sum,
        vat_code=vat_code,
        vat_percent=books.lookups.vat[vat_code].percent,
        warehouse=_warehouse(books, product, body.warehouse, path),
        department=body.department or document.department,
        project=document.project if body.project is None else body.project,
        delivery_date=day(body.delivery_date, f"{path}.delivery_date")
        if body.delivery_date
        else document.delivery_date,
        stock_item=product.use_store,
    )


def _product(books: Books, body: LineBody, path: str) -> Product:
    """The line's product. An unknown or inactive one becomes DESCRIPTION, and what was sent is kept nowhere."""
    product_no = books.text.text(body.product_no, products.PRODUCT_NO, f"{path}.product_no")
    for product in books.products_by_no(product_no):
        if not product.inactive:
            return product
    if books.quirks.on_unknown_product == "refuse":
        raise Refused(422, "product_unknown", "there is no such product in use", f"{path}.product_no")
    return products.description_product(books)


def _warehouse(books: Books, product: Product, warehouse: int | None, path: str) -> int | None:
    """The line's warehouse, to which a product that keeps stock has to be linked (gbao10.htm, field 22)."""
    books.lookups.check("warehouse", warehouse, f"{path}.warehouse")
    if not product.use_store:
        return warehouse
    if warehouse is None:
        return product.default_warehouse
    if all(row.warehouse != warehouse for row in books.held.stock.get(product.pk, ())):
        raise Refused(422, "warehouse_not_linked", "the product is not linked to the warehouse", f"{path}.warehouse")
    return warehouse
