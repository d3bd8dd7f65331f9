"""Documents made and changed: orders, invoices and credit notes with their lines and sums."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from simulators.mamut import booking
from simulators.mamut.books import COMPANY_TIME, Books
from simulators.mamut.documents import require_editable, reserve, save, set_lines, set_status
from simulators.mamut.errors import Refused
from simulators.mamut.fields import day, key_of, number
from simulators.mamut.lines import LineBody, build
from simulators.mamut.records import Contact, Document, Line, Tracking
from simulators.mamut.statuses import Status

TEXTS = {"external_no": 50, "reference": 30, "your_ref": 30, "fixed_text": 200, "packing_text": 200, "name": 50}
"""GBAO10 fields 6, 7, 9, 10 and 3; 50 for the external number is assumed."""

ADDRESSES = {"invoice_address": 150, "delivery_address": 150}
"""GBAO10 fields 4 and 5."""

REGISTERED = ("project", "payment_terms", "delivery_form", "delivery_terms", "rounding")


class OrderBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a client sends to make or change a document. What it leaves out comes from the contact, or stays."""

    kind: Literal["order", "invoice", "credit_note"] | UnsetType = UNSET
    external_no: str | UnsetType | None = UNSET
    contid: int | UnsetType | None = UNSET
    custid: int | UnsetType | None = UNSET
    parent: int | UnsetType | None = UNSET
    origin_web: bool | UnsetType = UNSET
    order_date: date | UnsetType | None = UNSET
    delivery_date: date | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    rate: Decimal | UnsetType | None = UNSET
    department: int | UnsetType | None = UNSET
    project: int | UnsetType | None = UNSET
    payment_terms: int | UnsetType | None = UNSET
    delivery_form: int | UnsetType | None = UNSET
    delivery_terms: int | UnsetType | None = UNSET
    our_ref: int | str | UnsetType | None = UNSET
    reference: str | UnsetType | None = UNSET
    your_ref: str | UnsetType | None = UNSET
    fixed_text: str | UnsetType | None = UNSET
    packing_text: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    invoice_address: str | UnsetType | None = UNSET
    delivery_address: str | UnsetType | None = UNSET
    invoice_country: str | UnsetType | None = UNSET
    delivery_country: str | UnsetType | None = UNSET
    rounding: int | UnsetType | None = UNSET
    ready_for_invoicing: bool | UnsetType = UNSET
    restock: bool | UnsetType = UNSET
    issue: bool | UnsetType = UNSET
    tracking: list[Tracking] | UnsetType = UNSET
    lines: list[LineBody] | UnsetType = UNSET


class OrderLookup(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    external_nos: list[str]

    def size(self) -> int:
        return len(self.external_nos)


class Orders(msgspec.Struct, frozen=True):
    orders: list[Document]


class OrderPage(msgspec.Struct, frozen=True):
    orders: list[Document]
    total: int
    offset: int
    limit: int


def create(books: Books, at: datetime, body: OrderBody) -> Document:
    """Saves a document with its lines and gives it its number. An invoice is booked at once, and so is a credit note
    unless it is to be left unissued."""
    document, contact = _header(books, at, body)
    if body.lines is UNSET or not body.lines:
        raise Refused(422, "lines_missing", "a document needs at least one line", "lines")
    lines = build(books, document, contact, body.lines)
    unissued = document.kind == "credit_note" and body.issue is False
    document.restock = body.restock is not False
    if document.kind != "order" and not unissued:
        booking.require_open_period(books, document.order_date)
    save(books, document)
    set_lines(books, document, lines)
    if document.kind == "invoice":
        booking.book(books, at, document, document.order_date)
    elif document.kind == "credit_note" and not unissued:
        booking.issue(books, at, document, document.order_date, restock=document.restock)
    return document


def create_header(books: Books, at: datetime, body: OrderBody) -> Document:
    """What is left of a document whose saving broke off: the header, not booked, no lines."""
    document, _ = _header(books, at, body)
    save(books, document)
    return document


def change(books: Books, order_no: int, body: OrderBody) -> Document:
    """Changes what the body names; `lines` replaces all lines. Nothing changes when it is refused.

    Raises Refused: `document_booked` when the document is past changing.
    """
    document = books.document(order_no)
    require_editable(document)
    for field in ("kind", "contid", "custid", "parent", "restock", "issue"):
        if getattr(body, field) is not UNSET:
            raise Refused(422, "field_fixed", f"{field} cannot be changed", field)
    contact = books.contact(document.contid)
    changed = msgspec.structs.replace(document)
    _fill(books, changed, contact, body)
    lines = document.lines if body.lines is UNSET else build(books, changed, contact, body.lines)
    if body.lines is not UNSET and not lines:
        raise Refused(422, "lines_missing", "a document needs at least one line", "lines")
    put_back(books, changed, lines)
    return changed


def put_back(books: Books, document: Document, lines: list[Line]) -> None:
    """Saves a whole document over the one with its number."""
    old = books.document(document.order_no)
    reserve(books, old, Decimal(-1))
    books.unindex_document(old)
    books.held.documents[document.order_no - books.options.first_order_no] = document
    books.index_document(document)
    document.lines = []
    set_lines(books, document, lines)


def cancel(books: Books, order_no: int, *, lost_sale: bool = False) -> Document:
    """Cancels a document that nothing has come of yet; in Mamut that is what deleting one means."""
    document = books.document(order_no)
    require_editable(document)
    reserve(books, document, Decimal(-1))
    set_status(document, Status.LOST_SALE if lost_sale else Status.CANCELLED)
    return document


def find(books: Books, keys: OrderLookup) -> Orders:
    """Every document with one of the external numbers, cancelled ones too, by number."""
    found: dict[int, Document] = {}
    for external_no in keys.external_nos:
        for document in books.documents_by_external_no(external_no):
            found[document.order_no] = document
    return Orders([found[order_no] for order_no in sorted(found)])


def page(books: Books, offset: int, limit: int, statuses: frozenset[str]) -> OrderPage:
    """Documents by number; with `statuses`, those in one of them, and the offset counts these alone."""
    documents = books.held.documents
    if statuses:
        documents = [document for document in documents if document.status in statuses]
    return OrderPage(documents[offset : offset + limit], len(documents), offset, limit)


def _header(books: Books, at: datetime, body: OrderBody) -> tuple[Document, Contact]:
    contact = _contact(books, body)
    today = at.astimezone(COMPANY_TIME).date()
    kind: Literal["order", "invoice", "credit_note"] = "order" if body.kind is UNSET else body.kind
    parent = body.parent or None
    if parent and not 0 <= parent - books.options.first_order_no < len(books.held.documents):
        raise Refused(422, "parent_unknown", "there is no such document", "parent")
    document = Document(
        order_no=0,
        order_id=0,
        kind=kind,
        status="",
        external_no="",
        contid=contact.contid,
        custid=contact.custid,
        name=contact.name,
        origin_web=True,
        order_date=today,
        delivery_date=None,
        currency=contact.currency or "SEK",
        rate=Decimal(1),
        department=contact.department or 1,
        project=contact.project,
        payment_terms=contact.payment_terms,
        delivery_form=contact.delivery_form,
        delivery_terms=contact.delivery_terms,
        our_ref=None,
        reference="",
        your_ref="",
        fixed_text="",
        packing_text="",
        invoice_address=_address_text(contact, "invoice"),
        delivery_address=_address_text(contact, "delivery"),
        invoice_country=_country(contact, "invoice"),
        delivery_country=_country(contact, "delivery"),
        rounding=contact.rounding or 1,
        ready_for_invoicing=False,
        created_at=(at + timedelta(seconds=books.quirks.clock_ahead_s)).replace(microsecond=0),
        parent=parent,
    )
    document.rate = books.lookups.rates[document.currency]
    set_status(document, Status.UNISSUED_CREDIT if kind == "credit_note" else Status.UNPROCESSED)
    _fill(books, document, contact, body)
    return document, contact


def _contact(books: Books, body: OrderBody) -> Contact:
    contact: Contact | None = None
    if body.contid is not UNSET and body.contid is not None:
        if not 0 < body.contid <= len(books.held.contacts):
            raise Refused(422, "contact_unknown", "there is no such contact", "contid")
        contact = books.contact(body.contid)
    if body.custid is not UNSET and body.custid is not None:
        by_custid = books.contact_by_custid(body.custid)
        if by_custid is None or (contact is not None and by_custid is not contact):
            raise Refused(422, "contact_unknown", "there is no such customer", "custid")
        contact = by_custid
    if contact is None:
        raise Refused(422, "contact_unknown", "a document needs a contact", "contid")
    if contact.inactive:
        raise Refused(422, "contact_inactive", "the contact is inactive", "contid")
    if contact.credit_stop and books.quirks.credit_stop_refuses:
        raise Refused(422, "credit_stop", "the contact is under credit stop", "contid")
    return contact


def _fill(books: Books, document: Document, contact: Contact, body: OrderBody) -> None:
    _fill_texts(books, document, contact, body)
    _fill_registered(books, document, body)
    _fill_currency(books, document, body)
    if body.order_date is not UNSET and body.order_date is not None:
        document.order_date = day(body.order_date, "order_date")
    if body.delivery_date is not UNSET:
        document.delivery_date = body.delivery_date and day(body.delivery_date, "delivery_date")
    for field in ("origin_web", "ready_for_invoicing"):
        value = getattr(body, field)
        if value is not UNSET:
            setattr(document, field, value)
    for field in ("invoice_country", "delivery_country"):
        value = getattr(body, field)
        if value is not UNSET and value:
            setattr(document, field, books.lookups.country(value, field))
    if body.tracking is not UNSET:
        document.tracking = booking.tracking(books, body.tracking)


def _fill_registered(books: Books, document: Document, body: OrderBody) -> None:
    for field in REGISTERED:
        value = getattr(body, field)
        if value is not UNSET:
            books.lookups.check(field, value)
            setattr(document, field, (value or 1) if field == "rounding" else value)
    if body.department is not UNSET:
        books.lookups.check("department", body.department)
        document.department = body.department or 1
    if body.our_ref is not UNSET:
        document.our_ref = _employee(books, body.our_ref)


def _fill_currency(books: Books, document: Document, body: OrderBody) -> None:
    if body.currency is not UNSET and body.currency:
        if body.currency not in books.lookups.rates:
            raise Refused(422, "currency_unknown", "the company has no such currency", "currency")
        document.currency = body.currency
        document.rate = books.lookups.rates[body.currency]
    if body.rate is not UNSET and body.rate is not None:
        document.rate = number(body.rate, 12, 6, "rate")


def _fill_texts(books: Books, document: Document, contact: Contact, body: OrderBody) -> None:
    for field, length in (*TEXTS.items(), *ADDRESSES.items()):
        value = getattr(body, field)
        if value is not UNSET and (value or field not in ADDRESSES):
            setattr(document, field, books.text.text(value or "", length, field))
    if not key_of(document.name):
        document.name = contact.name


def _employee(books: Books, value: int | str | None) -> int | None:
    """An employee's number; initials do as well."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        for employee in books.registers.employees:
            if value.strip().upper() in (employee.initials, str(employee.id)):
                return employee.id
        raise Refused(422, "register_value_unknown", "there is no such employee", "our_ref")
    books.lookups.check("our_ref", value)
    return value


def _address_text(contact: Contact, kind: str) -> str:
    """The contact's own address, as text in lines; Mamut takes it where the document brings none (import_order.htm)."""
    for wanted in (kind, "main"):
        for address in contact.addresses:
            if address.type == wanted:
                return "\n".join(part for part in (address.street, f"{address.zip} {address.city}".strip()) if part)[
                    :150
                ]
    return ""


def _country(contact: Contact, kind: str) -> str:
    for wanted in (kind, "main"):
        for address in contact.addresses:
            if address.type == wanted:
                return address.country
    return "SE"
