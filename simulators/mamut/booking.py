"""What happens to a document after it is saved: delivered, invoiced, credited, tied to the ledger."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from simulators.mamut import ledger, stock
from simulators.mamut.arithmetic import half_up
from simulators.mamut.books import COMPANY_TIME, Books
from simulators.mamut.documents import add_up, require_editable, reserve, save, set_lines, set_status
from simulators.mamut.errors import Refused
from simulators.mamut.fields import day as check_day
from simulators.mamut.fields import number
from simulators.mamut.records import ZERO, Day, Document, Line, Tracking
from simulators.mamut.statuses import DEAD, RESERVING, Status

MILLI = Decimal("0.001")


class LineQty(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """So much of one line; `line_sum` (credit notes only) sets the amount to give back, without VAT and positive."""

    line_no: int
    qty: Decimal
    line_sum: Decimal | None = None


class DeliverBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Without `lines` everything left is delivered; with them, what is not named stays for a backorder."""

    lines: list[LineQty] | None = None
    tracking: list[Tracking] = []
    date: Day | None = None


class InvoiceBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    date: Day | None = None


class CreditBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """Without `lines` the whole invoice is credited. `issue` false leaves the credit note unissued."""

    external_no: str = ""
    lines: list[LineQty] | None = None
    issue: bool = True
    restock: bool = True
    reference: str = ""
    date: Day | None = None


def require_open_period(books: Books, day: date) -> None:
    closed = books.options.closed_until
    if closed is not None and day <= closed:
        raise Refused(
            422, "period_closed", "the accounting period is closed", data={"closed_until": closed.isoformat()}
        )


def tracking(books: Books, parcels: list[Tracking]) -> list[Tracking]:
    """Parcels as stored; all lengths are assumed."""
    text = books.text.text
    return [
        Tracking(
            text(row.carrier, 50, "tracking.carrier"),
            text(row.number, 50, "tracking.number"),
            text(row.url, 200, "tracking.url"),
        )
        for row in parcels
    ]


def deliver(books: Books, at: datetime, order_no: int, body: DeliverBody) -> Document:
    """Delivers all or part. What is left after a part goes to a new document of status backorder that names this one
    as its parent (nl.visma.com, "nalevering")."""
    document = books.document(order_no)
    _require_alive(document)
    if document.status not in (*RESERVING, Status.NOT_DELIVERED.value):
        raise Refused(409, "document_delivered", "there is nothing left to deliver", data={"status": document.status})
    if not document.lines:
        raise Refused(422, "lines_missing", "a document needs at least one line", "lines")
    wanted = _wanted(document, body.lines)
    parcels = tracking(books, body.tracking)
    day = _day(at, body.date)
    for position, line in enumerate(document.lines):
        stock.require_enough(books, line, wanted[line.line_no], f"lines.{position}.qty")
    booked = document.status == Status.NOT_DELIVERED
    if booked and any(wanted[line.line_no] != line.to_deliver for line in document.lines):
        raise Refused(422, "delivery_incomplete", "an invoice is delivered as a whole", "lines")
    rest = [line for line in document.lines if wanted[line.line_no] != line.to_deliver]
    if rest and not any(wanted.values()):
        raise Refused(422, "delivery_empty", "nothing is delivered", "lines")
    reserve(books, document, Decimal(-1))
    set_status(document, Status.INVOICE if booked else Status.PROCESSED)
    if rest:
        _leave_backorder(books, at, document, wanted)
    _hand_out(books, at, document)
    document.delivered_on = day
    document.tracking = [*document.tracking, *parcels]
    return document


def invoice(books: Books, at: datetime, order_no: int, body: InvoiceBody) -> Document:
    """Books an order as an invoice; the two company settings may hold it back."""
    document = books.document(order_no)
    _require_alive(document)
    if document.status != Status.PROCESSED:
        require_editable(document)
    if document.kind == "credit_note":
        raise Refused(409, "document_kind_wrong", "a credit note is issued, not invoiced", data={"kind": document.kind})
    if not document.lines:
        raise Refused(422, "lines_missing", "a document needs at least one line", "lines")
    if books.quirks.invoice_needs_ready and not document.ready_for_invoicing:
        raise Refused(409, "not_ready", "the order is not marked as ready for invoicing")
    if books.quirks.invoice_needs_delivery and document.status != Status.PROCESSED:
        raise Refused(409, "not_delivered", "the company invoices what is delivered only")
    day = _day(at, body.date)
    require_open_period(books, day)
    book(books, at, document, day)
    return document


def book(books: Books, at: datetime, document: Document, day: date) -> None:
    """Gives the document its invoice number and its open item; stock leaves here or with the packing slip."""
    reserve(books, document, Decimal(-1))
    waits = document.status != Status.PROCESSED and books.quirks.stock_moves_at == "slip"
    if waits:
        set_status(document, Status.NOT_DELIVERED)
    else:
        _hand_out(books, at, document)
        set_status(document, Status.INVOICE)
        document.delivered_on = document.delivered_on or day
    ledger.open_item(books, document, day)


def credit(books: Books, at: datetime, order_no: int, body: CreditBody) -> Document:
    """Makes a credit note for all or part of an invoice."""
    document = books.document(order_no)
    if document.status not in (Status.INVOICE.value, Status.NOT_DELIVERED.value):
        raise Refused(409, "document_not_invoiced", "only an invoice is credited", data={"status": document.status})
    text = books.text.text
    day = _day(at, body.date)
    lines = _credited(document, body.lines)
    note = msgspec.structs.replace(
        document,
        kind="credit_note",
        external_no=text(body.external_no, 50, "external_no"),
        reference=text(body.reference, 30, "reference"),
        order_date=day,
        lines=[],
        invoice_no=None,
        invoice_date=None,
        delivered_on=None,
        created_at=(at + timedelta(seconds=books.quirks.clock_ahead_s)).replace(microsecond=0),
        restock=body.restock,
        parent=document.order_no,
        children=[],
        tracking=[],
    )
    if body.issue:
        require_open_period(books, day)
    set_status(note, Status.UNISSUED_CREDIT)
    save(books, note)
    set_lines(books, note, lines)
    if body.issue:
        issue(books, at, note, day, restock=body.restock)
    return note


def issue_credit(books: Books, at: datetime, order_no: int) -> Document:
    """Books a credit note that was left unissued."""
    note = books.document(order_no)
    if note.status != Status.UNISSUED_CREDIT:
        raise Refused(409, "document_booked", "only an unissued credit note is issued", data={"status": note.status})
    require_open_period(books, _today(at))
    issue(books, at, note, _today(at), restock=note.restock)
    return note


def issue(books: Books, at: datetime, note: Document, day: date, *, restock: bool) -> None:
    """Books a credit note: its number is the next invoice number, its goods come back in where they keep stock and had
    left."""
    had_left = note.parent is None or books.document(note.parent).status != Status.NOT_DELIVERED
    for line in note.lines:
        if restock and had_left:
            stock.move(books, at, line, line.to_deliver, f"credit note {note.order_no}")
        line.delivered, line.to_deliver = line.to_deliver, ZERO
    set_status(note, Status.CREDIT_NOTE)
    ledger.open_item(books, note, day)


def _require_alive(document: Document) -> None:
    if document.status in DEAD:
        raise Refused(409, "document_cancelled", "the document is cancelled", data={"status": document.status})


def _day(at: datetime, wanted: Day | None) -> Day:
    return _today(at) if wanted is None else check_day(wanted, "date")


def _today(at: datetime) -> date:
    return at.astimezone(COMPANY_TIME).date()


def _wanted(document: Document, rows: list[LineQty] | None) -> dict[int, Decimal]:
    """How much of each line is delivered now."""
    if rows is None:
        return {line.line_no: line.to_deliver for line in document.lines}
    lines = {line.line_no: line for line in document.lines}
    wanted = dict.fromkeys(lines, ZERO)
    for position, row in enumerate(rows):
        path = f"lines.{position}"
        if row.line_no not in lines:
            raise Refused(422, "line_unknown", "the document has no such line", f"{path}.line_no")
        qty = number(row.qty, 12, 2, f"{path}.qty")
        if not _within(qty, lines[row.line_no].to_deliver):
            raise Refused(422, "qty_too_high", "that is more than is left to deliver", f"{path}.qty")
        wanted[row.line_no] = qty
    return wanted


def _within(part: Decimal, whole: Decimal) -> bool:
    return 0 <= part <= whole if whole >= 0 else whole <= part <= 0


def _leave_backorder(books: Books, at: datetime, document: Document, wanted: dict[int, Decimal]) -> None:
    """Moves what is not delivered to a new document. The sums of the two add up to the old one's, line by line."""
    kept: list[Line] = []
    left: list[Line] = []
    for line in document.lines:
        now = wanted[line.line_no]
        if now == line.to_deliver:
            kept.append(line)
            continue
        part = half_up(line.line_sum * now / line.qty, MILLI)
        later = line.qty - now
        left.append(
            msgspec.structs.replace(
                line,
                line_no=len(left) + 1,
                qty=later,
                qty_ordered=later,
                to_deliver=later,
                line_sum=line.line_sum - part,
            )
        )
        if now:
            kept.append(msgspec.structs.replace(line, qty=now, to_deliver=now, line_sum=part))
    document.lines = kept
    add_up(document)
    backorder = msgspec.structs.replace(
        document,
        external_no="",
        lines=[],
        created_at=(at + timedelta(seconds=books.quirks.clock_ahead_s)).replace(microsecond=0),
        parent=document.order_no,
        children=[],
        tracking=[],
    )
    set_status(backorder, Status.BACKORDER)
    save(books, backorder)
    set_lines(books, backorder, left)


def _hand_out(books: Books, at: datetime, document: Document) -> None:
    for line in document.lines:
        stock.move(books, at, line, line.to_deliver, f"order {document.order_no}")
        line.delivered += line.to_deliver
        line.to_deliver = ZERO


def _credited(document: Document, rows: list[LineQty] | None) -> list[Line]:
    """The invoice's lines, or the parts named, with their signs turned."""
    if rows is None:
        rows = [LineQty(line_no=line.line_no, qty=line.qty, line_sum=line.line_sum) for line in document.lines]
    lines = {line.line_no: line for line in document.lines}
    credited = []
    for position, row in enumerate(rows):
        path = f"lines.{position}"
        if row.line_no not in lines:
            raise Refused(422, "line_unknown", "the invoice has no such line", f"{path}.line_no")
        line = lines[row.line_no]
        qty = number(row.qty, 12, 2, f"{path}.qty")
        if not _within(qty, line.qty):
            raise Refused(422, "qty_too_high", "that is more than was invoiced", f"{path}.qty")
        if row.line_sum is not None:
            line_sum = number(row.line_sum, 15, 3, f"{path}.line_sum")
        else:
            line_sum = half_up(line.line_sum * qty / line.qty, MILLI) if line.qty else line.line_sum
        credited.append(
            msgspec.structs.replace(
                line,
                line_no=position + 1,
                qty=-qty,
                qty_ordered=-qty,
                to_deliver=-qty,
                delivered=ZERO,
                line_sum=-line_sum,
            )
        )
    if not credited:
        raise Refused(422, "lines_missing", "a document needs at least one line", "lines")
    return credited
