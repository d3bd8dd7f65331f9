"""What becomes of a document when its order is changed in the shop after the transfer: pure, a table of cases.

What stands open in Mamut follows the order: it is brought up to date, or cancelled. What has been delivered or booked
is never changed: refunds are credited, each once by a number of its own, and everything else is for a person, who is
shown the difference. So is a document that somebody has worked with in Mamut: nothing of theirs is overwritten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from agent.decide.aftermath_case import Act, Attend, Cancel, Case, Credit, Given, Plan, Stage, Update, Way
from agent.decide.aftermath_hand import FIELDS, by_hand, difference, everything
from agent.decide.external import external_no
from agent.decide.parts import changed_parts, content_of, goods_of
from agent.decide.refunds import evened, taken_off, turned
from agent.messages import Send, Stop
from agent.model.after import AfterReason, AfterSaid
from agent.model.aftermath import Booked, CreditDraft, DocumentChanges, OrderRefund, StoredRow
from agent.model.goods import DocumentState
from agent.model.ids import ContactNo, ExternalNo, ShopKey, ShopOrderId
from agent.model.mamut import DocumentDraft, DocumentLine
from agent.model.money import ZERO, from_ore, round_ore, to_ore
from agent.model.order import LineKind, ShopOrder
from agent.settings.tree_aftermath import CancelledChoice, EditedChoice, RefundedChoice

DEAD = frozenset({"cancelled", "lost_sale"})
EDITABLE = frozenset({"quotation", "batch_order_basis", "unprocessed_order", "unprocessed_batch_order", "backorder"})
"""Mamut's states in which a document can still be changed or cancelled (docs/mamut-api.md, States)."""

OVER = frozenset({"cancelled", "refunded", "failed", "trash"})
"""The shop's statuses of an order that nothing more comes of."""


def needs_rows(booked: Booked | None, order: ShopOrder, refunds: Sequence[OrderRefund], pending: Booked | None) -> bool:
    """Whether the order, and its refunds, have to be decided anew before anything can be said."""
    if booked is None:
        return bool(refunds)
    refunded = {refund.refund_id for refund in refunds if refund.amount} != set(booked.refunds)
    return refunded or pending is not None or bool(_edited(booked, order))


def refund_no(shop: ShopKey, order_id: ShopOrderId, refund_id: int) -> ExternalNo:
    """The external number of a refund's credit note: the order's by its id, and the refund's own."""
    return ExternalNo(f"{external_no(shop, order_id, str(order_id))}/r{refund_id}")


def stage_of(case: Case) -> Stage:
    root = case.root
    if root is None:
        return Stage.MISSING
    parts = [each for each in case.family if each.kind != "credit_note" and each.order_no != root.order_no]
    if any(each.status not in DEAD for each in parts):
        return Stage.PARTLY
    if root.status in DEAD:
        return Stage.CANCELLED
    if root.invoice_no is not None or root.status in ("invoice", "invoice_not_delivered"):
        return Stage.BOOKED
    return Stage.OPEN if root.status in EDITABLE else Stage.DELIVERED


def judge(case: Case) -> Plan:
    stage = stage_of(case)
    order = case.order
    if stage is Stage.MISSING:
        return _attend(AfterReason.DOCUMENT_UNKNOWN, document=str(case.order_no))
    if stage is Stage.CANCELLED:
        return _of_cancelled(case)
    if order is None or order.status == "trash":
        return _withdrawn(case, stage, case.settings.deleted, AfterReason.DELETED)
    if order.status == "cancelled" or (order.status == "refunded" and not case.refunds):
        return _withdrawn(case, stage, case.settings.cancelled, AfterReason.CANCELLED)
    if order.status == "failed" and stage is Stage.OPEN:
        # The payment has failed after all: goods may still be stopped, but it may also be tried again.
        return _withdrawn(case, stage, CancelledChoice.ATTEND, AfterReason.CANCELLED)
    wrong = _wrong_refunds(case, order)
    if wrong is not None:
        return wrong
    return _of_open(case, order) if stage is Stage.OPEN else _of_closed(case, order, stage)


# -- an order that is no more -----------------------------------------------------------------------------------------


def _of_cancelled(case: Case) -> Plan:
    """Nothing is left in Mamut to change; an order that lives on in the shop is one that Mamut lacks."""
    given = _given(case, case.new_refunds, Way.CANCELLED)
    order = case.order
    if order is None or order.status in OVER or case.refunded >= order.total:
        return Plan(said=AfterSaid.DOCUMENT_CANCELLED, given=given)
    attend = Attend(reason=AfterReason.ORDER_LIVES, params={"document": str(case.order_no), "status": order.status})
    return Plan(said=AfterSaid.DOCUMENT_CANCELLED, attend=attend, given=given)


def _withdrawn(case: Case, stage: Stage, chosen: CancelledChoice, reason: AfterReason) -> Plan:
    params = {"document": str(case.order_no), "state": stage.value}
    if stage is Stage.OPEN:
        if chosen is CancelledChoice.ATTEND:
            return _attend(reason, **params)
        return _cancel(case)
    order = case.order
    credited = _of_closed(case, order, stage, edits=False) if order is not None else Plan(said=AfterSaid.NOTHING)
    if order is not None and stage is Stage.BOOKED and case.refunded == order.total:
        return credited
    return msgspec.structs.replace(credited, attend=credited.attend or Attend(reason=reason, params=params))


def _cancel(case: Case) -> Plan:
    if edited := by_hand(case, DocumentChanges()):
        return _attend(AfterReason.DOCUMENT_CHANGED, document=str(case.order_no), **edited)
    return Plan(
        said=AfterSaid.CANCELLED,
        params={"document": str(case.order_no)},
        acts=(Cancel(order_no=case.order_no),),
        given=_given(case, case.refunds, Way.CANCELLED),
    )


# -- refunds ----------------------------------------------------------------------------------------------------------


def _wrong_refunds(case: Case, order: ShopOrder) -> Plan | None:
    """Refunds that no document can say: more than was paid, more pieces than were bought, or taken back again."""
    amounts = {"amount": _shown(case.refunded, order), "paid": _shown(order.total, order)}
    pieces = Counter[int]()
    for refund in case.refunds:
        for row in refund.lines:
            if row.line.kind is LineKind.PRODUCT:
                pieces[row.of_line] += int(row.line.quantity)
    bought = {line.line_id: line.quantity for line in order.lines}
    if case.refunded > order.total or any(count > bought.get(line, count) for line, count in pieces.items()):
        return _attend(AfterReason.REFUNDS_EXCEED, **amounts)
    there = {refund.refund_id for refund in case.refunds}
    gone = sorted(refund for refund, way in case.known.items() if way == Way.NOTE.value and refund not in there)
    if gone:
        numbers = ", ".join(str(case.notes[refund].order_no) for refund in gone if refund in case.notes)
        return _attend(AfterReason.REFUND_WITHDRAWN, refund=", ".join(map(str, gone)), document=numbers)
    return None


def _given(case: Case, refunds: Iterable[OrderRefund], way: Way) -> tuple[Given, ...]:
    return tuple(
        Given(refund_id=refund.refund_id, way=way, amount=refund.amount, order_no=case.order_no)
        for refund in refunds
        if refund.amount
    )


def _back_rows(case: Case, refunds: Sequence[OrderRefund]) -> tuple[DocumentLine, ...] | Attend:
    rows: list[DocumentLine] = []
    for refund in refunds:
        back = case.backs.get(refund.refund_id)
        if not isinstance(back, Send):
            return _unexplained(case, refund, back)
        rows += back.draft.lines
    return tuple(rows)


def _unexplained(case: Case, refund: OrderRefund, back: Stop | None) -> Attend:
    problem = back.reason.value if back is not None else "rows"
    amount = f"{round_ore(refund.amount)} {case.order.currency if case.order else ''}".strip()
    params = {"refund": str(refund.refund_id), "amount": amount, "problem": problem}
    return Attend(reason=AfterReason.REFUND_UNEXPLAINED, params=params)


# -- a document that stands open --------------------------------------------------------------------------------------


def _of_open(case: Case, order: ShopOrder) -> Plan:
    booked = case.booked
    refunds = tuple(refund for refund in case.refunds if refund.amount)
    if booked is None:
        return _unknown(case, order)
    parts = _edited(booked, order)
    refunded = {refund.refund_id for refund in refunds} != set(booked.refunds)
    if not parts and not refunded and case.pending is None:
        if case.confirms and (edited := by_hand(case, everything(booked))):
            # Somebody has saved what they had open while it was changed.
            return _attend(AfterReason.DOCUMENT_CHANGED, document=str(case.order_no), **edited)
        return Plan(said=AfterSaid.NOTHING)
    if refunded and case.settings.refunded is RefundedChoice.ATTEND:
        return _attend(AfterReason.REFUNDED, amount=_shown(case.refunded, order), document=str(case.order_no))
    if parts and case.settings.edited is EditedChoice.ATTEND:
        return Plan(said=AfterSaid.NOTHING, attend=_edit(case, order, parts, Stage.OPEN))
    if refunded and case.refunded == order.total:
        return _cancel(case)
    if not isinstance(case.wanted, Send):
        problem = case.wanted.reason.value if case.wanted is not None else ""
        return _attend(AfterReason.EDIT_IMPOSSIBLE, problem=problem, document=str(case.order_no))
    anew = "rows" in parts or refunded or case.pending is not None
    lines = _lines(case, order, case.wanted.draft, refunds) if anew else None
    if isinstance(lines, Attend):
        return Plan(said=AfterSaid.NOTHING, attend=lines)
    return _update(case, order, case.wanted, parts, lines, refunds)


def _unknown(case: Case, order: ShopOrder) -> Plan:
    """A document that was not made of this order by us: only a person knows what it is."""
    root = case.root
    if root is not None and root.total == order.total and not case.refunds:
        return Plan(said=AfterSaid.NOTHING)
    amounts = {"was": _shown(root.total if root else ZERO, order), "now": _shown(order.total - case.refunded, order)}
    return _attend(AfterReason.NOT_OURS, document=str(case.order_no), **amounts)


def _lines(
    case: Case, order: ShopOrder, draft: DocumentDraft, refunds: Sequence[OrderRefund]
) -> tuple[DocumentLine, ...] | Attend:
    """The order's rows less what went back, proved to come to what the customer has paid in the end."""
    if not refunds:
        return draft.lines
    back = _back_rows(case, refunds)
    if isinstance(back, Attend):
        return back
    total = order.total - case.refunded
    rest = taken_off(draft.lines, back, case.services)
    if rest is not None and case.rounding is not None:
        rest = evened(rest, total, case.percents, case.rounding, case.rounding_limit)
    if not rest:
        params = {"refund": ", ".join(str(refund.refund_id) for refund in refunds), "problem": "rows"}
        params["amount"] = _shown(case.refunded, order)
        return Attend(reason=AfterReason.REFUND_UNEXPLAINED, params=params)
    return rest


def _update(
    case: Case,
    order: ShopOrder,
    send: Send,
    parts: tuple[str, ...],
    lines: tuple[DocumentLine, ...] | None,
    refunds: Sequence[OrderRefund],
) -> Plan:
    booked = case.booked
    if booked is None:
        raise ValueError("an order that was never booked is not brought up to date")
    if case.pending is None:
        changes = _changes(booked.draft, send.draft, parts, lines)
    else:  # What Mamut holds is not known, so that nothing can be left out.
        changes = _changes(None, send.draft, tuple(FIELDS), lines)
    draft = msgspec.structs.replace(send.draft, lines=lines or (booked.draft.lines if booked.draft else ()))
    rows = booked.rows if lines is None else tuple(StoredRow(product_no=r.product_no, qty=r.qty) for r in lines)
    total_ore = booked.total_ore if lines is None else to_ore(order.total - case.refunded)
    after = msgspec.structs.replace(
        booked,
        content=content_of(order),
        articles={line.line_id: line.article_no for line in order.lines if line.article_no} | booked.articles,
        draft=draft if booked.draft is not None or lines is not None else None,
        rows=rows,
        total_ore=total_ore,
        refunds=tuple(refund.refund_id for refund in refunds),
        goods=goods_of(order),
        kept={name: kept for name, kept in booked.kept.items() if name not in changes.fields},
    )
    given = _given(case, refunds, Way.DOCUMENT)
    if not changes.fields:
        return Plan(said=AfterSaid.NOTHING, booked=after, given=given)
    if edited := by_hand(case, changes):
        return _attend(AfterReason.DOCUMENT_CHANGED, document=str(case.order_no), **edited)
    used = {line.product_no for line in lines or ()}
    backs = [back for back in case.backs.values() if isinstance(back, Send)]
    created = [*case.makes, *send.create_articles, *(article for back in backs for article in back.create_articles)]
    articles = {article.product_no: article for article in created if article.product_no in used}
    params = {"document": str(case.order_no), "parts": ", ".join(parts or ("refunds",))}
    if lines is not None:
        params |= {"difference": difference(booked.rows, rows), "now": _shown(from_ore(total_ore or 0), order)}
    update = Update(order_no=case.order_no, changes=changes, articles=tuple(articles.values()))
    return Plan(said=AfterSaid.UPDATED, params=params, acts=(update,), booked=after, given=given)


def _changes(
    was: DocumentDraft | None, draft: DocumentDraft, parts: tuple[str, ...], lines: tuple[DocumentLine, ...] | None
) -> DocumentChanges:
    """What differs from what was sent; of a document that was found, all that the changed parts make."""
    changed: dict[str, object] = {}
    for part in parts:
        for field in FIELDS[part]:
            value = getattr(draft, field)
            if was is None or getattr(was, field) != value:
                changed[field] = value
    if lines is not None and (was is None or was.lines != lines):
        changed["lines"] = lines
    return msgspec.structs.replace(DocumentChanges(), **changed)


# -- a document that is delivered or booked ---------------------------------------------------------------------------


def _of_closed(case: Case, order: ShopOrder, stage: Stage, *, edits: bool = True) -> Plan:
    """Refunds are credited; edits are for a person."""
    plan = _credits(case, order, stage)
    parts = _edited(case.booked, order) if edits and case.booked is not None else ()
    if not parts or plan.attend is not None:
        return plan
    return msgspec.structs.replace(plan, attend=_edit(case, order, parts, stage))


def _credits(case: Case, order: ShopOrder, stage: Stage) -> Plan:
    new = case.new_refunds
    root = case.root
    if not new or root is None:
        return Plan(said=AfterSaid.NOTHING)
    amount = _shown(sum((refund.amount for refund in new), ZERO), order)
    found = [refund for refund in new if refund.refund_id in case.notes]
    given = tuple(_found(case, refund) for refund in found)
    left = [refund for refund in new if refund not in found]
    if not left:
        return Plan(said=AfterSaid.CREDITED, params={"amount": amount}, given=given)
    if case.settings.refunded is RefundedChoice.ATTEND:
        params = {"amount": amount, "document": str(case.order_no)}
        return Plan(said=AfterSaid.NOTHING, attend=Attend(reason=AfterReason.REFUNDED, params=params), given=given)
    if stage is Stage.DELIVERED:
        return Plan(said=AfterSaid.WAITS_FOR_INVOICE, params={"amount": amount}, waits=True, given=given)
    acts: list[Act] = []
    for refund in left:
        back = case.backs.get(refund.refund_id)
        if not isinstance(back, Send):
            attend = _unexplained(case, refund, back)
            return Plan(
                said=AfterSaid.CREDITED, params={"amount": amount}, acts=tuple(acts), attend=attend, given=given
            )
        if stage is Stage.PARTLY and not _is_of(root, back.draft.lines, case.services):
            params = {"amount": amount, "document": str(case.order_no)}
            attend = Attend(reason=AfterReason.PARTLY_DELIVERED, params=params)
            return Plan(
                said=AfterSaid.CREDITED, params={"amount": amount}, acts=tuple(acts), attend=attend, given=given
            )
        acts.append(_credit(case, order, root, refund, back))
        given = (*given, Given(refund_id=refund.refund_id, way=Way.NOTE, amount=refund.amount))
    return Plan(said=AfterSaid.CREDITED, params={"amount": amount}, acts=tuple(acts), given=given)


def _found(case: Case, refund: OrderRefund) -> Given:
    """A credit note that is there already; one that somebody has cancelled was a person's to cancel."""
    note = case.notes[refund.refund_id]
    way = Way.BY_HAND if note.status in DEAD else Way.NOTE
    return Given(refund_id=refund.refund_id, way=way, amount=refund.amount, order_no=note.order_no)


def _credit(case: Case, order: ShopOrder, root: DocumentState, refund: OrderRefund, back: Send) -> Credit:
    draft = CreditDraft(
        external_no=refund_no(case.shop, case.order_id, refund.refund_id),
        parent=root.order_no,
        custid=ContactNo(root.custid or 0),
        currency=order.currency,
        order_date=back.draft.order_date,
        lines=turned(back.draft.lines),
        reference=back.draft.reference,
        department=case.department,
        issue=case.settings.issue_credit_notes,
        restock=refund.restocked,
    )
    return Credit(refund_id=refund.refund_id, draft=draft, articles=back.create_articles)


def _is_of(root: DocumentState, back: Sequence[DocumentLine], services: frozenset[str]) -> bool:
    """Whether a part of an order that has been invoiced holds all the goods that went back."""
    if root.invoice_no is None:
        return False
    left = Counter[str]()
    for line in root.lines:
        left[line.product_no] += int(line.ordered * 100)
    for row in back:
        if row.product_no not in services:
            left[row.product_no] -= int(row.qty * 100)
    return all(count >= 0 for count in left.values())


# -- edits ------------------------------------------------------------------------------------------------------------


def _edited(booked: Booked, order: ShopOrder) -> tuple[str, ...]:
    return tuple(part for part in changed_parts(booked.content, content_of(order)) if part != "status")


def _edit(case: Case, order: ShopOrder, parts: tuple[str, ...], stage: Stage) -> Attend:
    params = {"document": str(case.order_no), "parts": ", ".join(parts), "state": stage.value}
    if "rows" in parts and case.booked is not None:
        was = ZERO if case.booked.total_ore is None else from_ore(case.booked.total_ore)
        params |= {"was": _shown(was, order), "now": _shown(order.total, order)}
        if isinstance(case.wanted, Send):
            now = tuple(StoredRow(product_no=row.product_no, qty=row.qty) for row in case.wanted.draft.lines)
            params["difference"] = difference(case.booked.rows, now)
    return Attend(reason=AfterReason.EDITED, params=params)


def _attend(reason: AfterReason, **params: str) -> Plan:
    return Plan(said=AfterSaid.NOTHING, attend=Attend(reason=reason, params=params))


def _shown(amount: Decimal, order: ShopOrder) -> str:
    return f"{round_ore(amount)} {order.currency}"
