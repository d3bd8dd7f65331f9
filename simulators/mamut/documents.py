"""What every act on a document shares: its state, its lines' sums, its stock promised, its place in the books."""

from __future__ import annotations

from decimal import Decimal

from simulators.mamut import arithmetic, stock
from simulators.mamut.books import Books
from simulators.mamut.errors import Datum, Refused
from simulators.mamut.records import Document, Line
from simulators.mamut.statuses import DEAD, EDITABLE, RESERVING, WORDS, Status


def set_status(document: Document, status: Status) -> None:
    document.status = status.value
    document.status_no, document.status_sv = WORDS[status]


def set_lines(books: Books, document: Document, lines: list[Line]) -> None:
    """Gives a document its lines, reserves their stock where the status does, and adds up."""
    document.lines = lines
    reserve(books, document, Decimal(1))
    add_up(document)


def add_up(document: Document) -> None:
    sums = arithmetic.totals(document.lines, document.rounding)
    document.net_total, document.vat_totals, document.vat_total = sums.net, sums.vat_totals, sums.vat
    document.sum, document.rounding_amount, document.total = sums.sum, sums.rounding, sums.total


def require_editable(document: Document) -> None:
    status = Status(document.status)
    if status in DEAD:
        raise Refused(409, "document_cancelled", "the document is cancelled", data={"status": document.status})
    if status not in EDITABLE:
        data: dict[str, Datum] = {"status": document.status, "invoice_no": document.invoice_no}
        raise Refused(409, "document_booked", "the document is delivered or booked", data=data)


def reserve(books: Books, document: Document, sign: Decimal) -> None:
    """Promises (sign 1) or frees (sign -1) what is to be delivered, where the status does that."""
    if document.status in RESERVING:
        for line in document.lines:
            stock.reserve(books, line, sign * line.to_deliver)


def save(books: Books, document: Document) -> None:
    """Puts a new document into the books, gives it its numbers and ties it to its parent."""
    document.order_no = books.next_order_no()
    document.order_id = len(books.held.documents) + 1
    books.held.documents.append(document)
    books.index_document(document)
    if document.parent is not None:
        books.document(document.parent).children.append(document.order_no)
