"""People at the company working on documents: told what to do, or a day's work as chance has it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from random import Random

from scenarios.story_goods import Staff
from scenarios.trace import Trace
from simulators.mamut.booking import CreditBody, LineQty
from simulators.mamut.errors import Refused
from simulators.mamut.records import Document, Tracking
from simulators.mamut.statuses import DEAD, RESERVING, Status
from simulators.mamut.system import Mamut

UNDELIVERED = frozenset({*RESERVING, Status.NOT_DELIVERED})
INVOICED = frozenset({Status.INVOICE, Status.NOT_DELIVERED})
CREDITS = frozenset({Status.UNISSUED_CREDIT, Status.CREDIT_NOTE})


def family(mamut: Mamut, documents: Sequence[Document]) -> list[Document]:
    """These documents and all that were split off them, credit notes left out."""
    found = list(documents)
    for document in found:
        found += [mamut.books.document(number) for number in document.children]
    return [document for document in found if document.status not in CREDITS]


def documents_to_work_on(mamut: Mamut, documents: Sequence[Document], act: Staff) -> list[Document]:
    """Those that the act is about; none while there are none with rows."""
    living = [each for each in family(mamut, documents) if each.status not in DEAD and each.lines]
    if act.act == "workday":
        return living
    if act.rest:
        return [document for document in living if document.parent is not None]
    return [document for document in living if document.parent is None]


def try_work(mamut: Mamut, document: Document, act: Staff, trace: Trace) -> None:
    """Does it. What Mamut refuses is not done, and noted."""
    staff, number = mamut.staff, document.order_no
    try:
        if act.act == "deliver":
            parcels = [Tracking(parcel.carrier, parcel.number, parcel.url) for parcel in act.parcels]
            staff.deliver(number, _quantities(document, act) if act.lines else None, parcels)
        elif act.act == "invoice":
            staff.invoice(number)
        elif act.act == "credit":
            staff.credit(number, CreditBody(lines=_credited(document, act) if act.lines else None))
        elif act.act == "cancel":
            staff.cancel(number)
        elif document.invoice_no is not None and act.act == "pay":
            staff.pay(document.invoice_no, act.amount)
        elif document.invoice_no is not None:
            staff.reopen(document.invoice_no, act.amount)
        trace.add("staff", act=act.act, document=number)
    except Refused as refused:
        trace.add("staff_refused", act=act.act, document=number, code=refused.problem.code)


def _quantities(document: Document, act: Staff) -> dict[int, Decimal]:
    """What is not goods goes along with the first delivery."""
    return {
        line.line_no: act.lines.get(line.product_no, Decimal(0) if line.stock_item else line.to_deliver)
        for line in document.lines
    }


def _credited(document: Document, act: Staff) -> list[LineQty]:
    return [
        LineQty(line_no=line.line_no, qty=act.lines[line.product_no])
        for line in document.lines
        if line.product_no in act.lines
    ]


class Workday:
    """One document gets a bit further, or waits for another day."""

    def __init__(self, mamut: Mamut, chance: Random) -> None:
        self._mamut = mamut
        self._chance = chance

    def work(self, order_no: int, trace: Trace) -> None:
        """Delivers, delivers in part, invoices, takes payments, takes one back, credits."""
        document = self._mamut.books.document(order_no)
        try:
            self._work(document)
            trace.add("staff", act="workday", document=order_no)
        except Refused as refused:
            trace.add("staff_refused", act="workday", document=order_no, code=refused.problem.code)

    def _work(self, document: Document) -> None:
        lot, staff = self._chance.random(), self._mamut.staff
        if document.status in UNDELIVERED and lot < 0.75:
            part = self._part(document) if lot < 0.2 else None
            staff.deliver(document.order_no, part, [Tracking("PostNord", f"SE{document.order_no}")])
        elif document.status == Status.PROCESSED and lot < 0.8:
            staff.invoice(document.order_no)
        elif document.invoice_no is not None and document.status in INVOICED:
            self._money(document, document.invoice_no, lot)

    def _money(self, document: Document, invoice_no: int, lot: float) -> None:
        item = self._mamut.books.item(invoice_no)
        if item.remaining and lot < 0.6:
            self._mamut.staff.pay(invoice_no)
        elif not item.remaining and lot < 0.05:
            self._mamut.staff.reopen(invoice_no)
        elif lot > 0.97:
            self._mamut.staff.credit(document.order_no)

    def _part(self, document: Document) -> dict[int, Decimal] | None:
        """One piece of the first row that has several stays for later."""
        for line in document.lines:
            if line.stock_item and line.to_deliver > 1:
                left = {row.line_no: row.to_deliver for row in document.lines}
                return {**left, line.line_no: line.to_deliver - 1}
        return None
