"""The customer ledger: one open item for each invoice and credit note, closed by payments, sometimes opened again.

Whether an invoice is paid stands here and nowhere else (CustLedger.htm and
H/UK/mhelp/rtm/sales/sales_and_invoicing_reference.htm).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from simulators.mamut.books import COMPANY_TIME, Books
from simulators.mamut.errors import Refused
from simulators.mamut.fields import day, number
from simulators.mamut.records import ZERO, Day, Document, Journal, JournalRow, OpenItem

TEXTS = {"type": 3, "text": 100, "external_no": 50}
"""GBAT10: journal type 3, texts 100; the external number is assumed."""


class LedgerLookup(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    invoice_nos: list[int]

    def size(self) -> int:
        return len(self.invoice_nos)


class Items(msgspec.Struct, frozen=True):
    items: list[OpenItem]


class ItemPage(msgspec.Struct, frozen=True):
    items: list[OpenItem]
    total: int
    offset: int
    limit: int


class JournalPage(msgspec.Struct, frozen=True):
    journals: list[Journal]
    total: int
    offset: int
    limit: int


class PayBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Without an amount all that remains is paid. A negative amount opens the item again."""

    invoice_no: int
    amount: Decimal | None = None
    date: Day | None = None


class JournalRowBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    account: int
    amount: Decimal
    vat_code: int = 1
    custid: int | None = None
    invoice_no: int | None = None
    text: str = ""
    department: int | None = None
    project: int | None = None


class JournalBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    type: str
    date: Day
    text: str = ""
    external_no: str = ""
    rows: list[JournalRowBody]


def open_item(books: Books, document: Document, booked_on: date) -> None:
    """Numbers the document and opens its item; terms that say cash close it at once."""
    document.invoice_no = books.next_invoice_no()
    document.invoice_date = booked_on
    terms = books.lookups.terms.get(document.payment_terms or 0)
    cash = terms is not None and terms.cash
    books.add_item(
        OpenItem(
            invoice_no=document.invoice_no,
            order_no=document.order_no,
            contid=document.contid,
            custid=document.custid,
            kind="credit_note" if document.kind == "credit_note" else "invoice",
            date=booked_on,
            due=booked_on + timedelta(days=terms.days if terms else 0),
            currency=document.currency,
            amount=document.total,
            remaining=ZERO if cash or not document.total else document.total,
            paid_on=booked_on if cash or not document.total else None,
        )
    )


def pay(books: Books, at: datetime, body: PayBody) -> OpenItem:
    """Takes a payment on an item, or with a negative amount takes one back."""
    item = books.item(body.invoice_no)
    amount = item.remaining if body.amount is None else number(body.amount, 15, 2, "amount")
    paid_on = at.astimezone(COMPANY_TIME).date() if body.date is None else day(body.date, "date")
    item.remaining -= amount
    item.paid_on = paid_on if not item.remaining else None
    return item


def find(books: Books, keys: LedgerLookup) -> Items:
    """The items of those invoices, in the order asked for."""
    found = [books.find_item(invoice_no) for invoice_no in dict.fromkeys(keys.invoice_nos)]
    return Items([item for item in found if item is not None])


def page(books: Books, offset: int, limit: int, *, only_open: bool) -> ItemPage:
    items = [item for item in books.held.ledger if item.remaining] if only_open else books.held.ledger
    return ItemPage(items[offset : offset + limit], len(items), offset, limit)


def add_journal(books: Books, body: JournalBody) -> Journal:
    """Puts a journal into journal entry, where it waits for somebody to move it to the ledger (CV/…/ta-p/28527)."""
    day(body.date, "date")
    if not body.rows:
        raise Refused(422, "rows_missing", "a journal needs rows", "rows")
    closed = books.options.closed_until
    if closed is not None and body.date <= closed:
        raise Refused(
            422, "period_closed", "the accounting period is closed", "date", {"closed_until": closed.isoformat()}
        )
    rows = [_row(books, row, f"rows.{position}") for position, row in enumerate(body.rows)]
    if sum(row.amount for row in rows):
        raise Refused(422, "journal_unbalanced", "debit and credit differ", "rows")
    text = books.text.text
    journal = Journal(
        journal_no=len(books.held.journals) + 1,
        type=text(body.type, TEXTS["type"], "type"),
        date=body.date,
        text=text(body.text, TEXTS["text"], "text"),
        external_no=text(body.external_no, TEXTS["external_no"], "external_no"),
        rows=rows,
    )
    books.held.journals.append(journal)
    return journal


def journals(books: Books, offset: int, limit: int) -> JournalPage:
    rows = books.held.journals
    return JournalPage(rows[offset : offset + limit], len(rows), offset, limit)


def post(books: Books, journal_no: int) -> Journal:
    """Moves a journal to the ledger, which closes what its rows name."""
    if not 0 < journal_no <= len(books.held.journals):
        raise Refused(404, "journal_unknown", "there is no such journal")
    journal = books.held.journals[journal_no - 1]
    if journal.posted:
        raise Refused(409, "journal_posted", "the journal is in the ledger already")
    for row in journal.rows:
        item = None if row.invoice_no is None else books.find_item(row.invoice_no)
        if item is not None:
            item.remaining += row.amount
            item.paid_on = journal.date if not item.remaining else None
    journal.posted = True
    return journal


def _row(books: Books, body: JournalRowBody, path: str) -> JournalRow:
    books.lookups.check("department", body.department, f"{path}.department")
    books.lookups.check("project", body.project, f"{path}.project")
    if body.invoice_no is not None and books.find_item(body.invoice_no) is None:
        raise Refused(422, "invoice_unknown", "there is no such invoice", f"{path}.invoice_no")
    if body.custid is not None and books.contact_by_custid(body.custid) is None:
        raise Refused(422, "contact_unknown", "there is no such customer", f"{path}.custid")
    if body.vat_code not in books.lookups.vat and body.vat_code not in books.lookups.purchase_vat:
        raise Refused(422, "vat_code_unknown", "there is no such VAT code", f"{path}.vat_code")
    if not 0 < body.account < 10_000_000:
        raise Refused(422, "account_unknown", "an account has seven digits at most", f"{path}.account")
    return JournalRow(
        account=body.account,
        amount=number(body.amount, 15, 2, f"{path}.amount"),
        vat_code=body.vat_code,
        custid=body.custid,
        invoice_no=body.invoice_no,
        text=books.text.text(body.text, TEXTS["text"], f"{path}.text"),
        department=body.department,
        project=body.project,
    )
