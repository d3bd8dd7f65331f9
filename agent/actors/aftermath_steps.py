"""The step after an order's change has been judged: what Mamut holds of it now, what a person has to look at."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import msgspec

from agent.actors.aftermath_look import CONFIRMED, Known
from agent.actors.readings import payment_mark
from agent.actors.times import to_s
from agent.decide.aftermath_case import Cancel, Credit, Plan, Update, Way
from agent.decide.aftermath_hand import kept_of
from agent.decide.parts import content_of, goods_of
from agent.journal import aftermath, order_keys, orders, records, standing
from agent.journal.aftermath import CreditRow, Judged
from agent.model.after import AfterSaid
from agent.model.mamut import Document
from agent.model.money import to_ore
from agent.model.order import Frozen

WAIT_MS = 3_600_000
"""How often what waits for Mamut is looked at again: an invoice, say."""

CONFIRM_MS = 600_000
"""When a document that was changed is looked at once more."""

ATTEND_MS = 21_600_000
"""The same for what waits for a person: it may be gone because somebody has seen to it in Mamut."""


class Done(Frozen, frozen=True):
    """What was decided, and what Mamut holds for each of its acts now; None for a document that was cancelled."""

    known: Known
    plan: Plan
    documents: tuple[object, ...] = ()
    total_ore: int | None = None
    """What all of the order's documents came to when Mamut was asked."""


def settled(done: Done, now_ms: int) -> Callable[[apsw.Connection], None]:
    def aftermath_settled(tx: apsw.Connection) -> None:
        known, plan = done.known, done.plan
        _keep_order(tx, known, now_ms)
        if plan.booked is not None:
            booked = msgspec.structs.replace(plan.booked, at_ms=now_ms, **_kept(done))
            aftermath.keep_booked(tx, known.row.shop, known.row.order_id, booked)
            standing.lower(tx, known.row.shop, known.row.order_id, booked.goods)
        made = _keep_documents(tx, done)
        _keep_refunds(tx, known, plan, made, now_ms)
        _tell(tx, known, plan, now_ms)
        outcome = _outcome(plan)
        code = plan.attend.reason.value if plan.attend else plan.said.value
        params = plan.attend.params if plan.attend else plan.params
        if known.confirms and outcome == "harmless":  # It stands: what was said of it stands too.
            outcome, code, params = known.row.outcome, known.row.code, known.row.named_params
        wait_ms = CONFIRM_MS if plan.acts and outcome in CONFIRMED else _WAITS_MS.get(outcome)
        aftermath.settle(
            tx,
            known.row,
            outcome=outcome,
            code=code,
            params=params,
            judged=_judged(known),
            due_ms=None if wait_ms is None else now_ms + wait_ms,
            now_ms=now_ms,
        )

    return aftermath_settled


_WAITS_MS = {"attend": ATTEND_MS, "waits": WAIT_MS}

_OUTCOMES = {
    AfterSaid.UPDATED: "updated",
    AfterSaid.CANCELLED: "cancelled",
    AfterSaid.CREDITED: "credited",
    AfterSaid.DOCUMENT_CANCELLED: "cancelled",
}


def _outcome(plan: Plan) -> str:
    if plan.attend is not None:
        return "attend"
    if plan.waits:
        return "waits"
    return _OUTCOMES.get(plan.said, "harmless")


def _was_cancelled(known: Known, plan: Plan) -> bool:
    """By us, though we had no answer."""
    return plan.said is AfterSaid.DOCUMENT_CANCELLED and bool(known.row.unsure)


def _judged(known: Known) -> Judged:
    return Judged(
        content=None if known.order is None else content_of(known.order),
        refunds={refund.refund_id: to_ore(refund.amount) for refund in known.refunds},
        goods=None if known.order is None else goods_of(known.order),
    )


def _keep_order(tx: apsw.Connection, known: Known, now_ms: int) -> None:
    """What was read, so that no later reading takes it for news."""
    order, row = known.order, orders.get(tx, known.row.shop, known.row.order_id)
    if order is None or row is None or to_s(order.modified_at) < row.modified_at:
        return
    if row.content_hash and row.content_hash != order.content_hash:
        records.tell(tx, row.shop, row.order_id, now_ms, "content_changed", source="aftermath")
        order_keys.keep(tx, order, None, first=False)
    orders.set_reading(
        tx,
        row,
        status=order.status,
        number=order.number,
        total_ore=to_ore(order.total),
        read_at=max(to_s(order.modified_at), row.read_at or 0),
        modified_at=to_s(order.modified_at),
        content_hash=order.content_hash,
        payment=payment_mark(order),
        currency=order.currency,
    )


def _kept(done: Done) -> dict[str, dict[str, bytes]]:
    """What Mamut answered that it holds in the fields of a document that was updated."""
    updated = [
        document
        for act, document in zip(done.plan.acts, done.documents, strict=False)
        if isinstance(act, Update) and isinstance(document, Document)
    ]
    return {"kept": kept_of(updated[-1].header)} if updated else {}


def _keep_documents(tx: apsw.Connection, done: Done) -> dict[int, int]:
    """What Mamut's documents come to now; the numbers of credit notes by refund."""
    row = done.known.row
    made: dict[int, int] = {}
    if done.total_ore is not None:
        orders.set_mamut_total(tx, row.shop, row.order_id, done.total_ore)
    for act, document in zip(done.plan.acts, done.documents, strict=False):
        if isinstance(act, Update) and isinstance(document, Document):
            orders.set_mamut_total(tx, row.shop, row.order_id, to_ore(document.total))
        elif isinstance(act, Credit) and isinstance(document, Document):
            made[act.refund_id] = int(document.order_no)
    return made


def _keep_refunds(tx: apsw.Connection, known: Known, plan: Plan, made: dict[int, int], now_ms: int) -> None:
    row = known.row
    if any(given.way is Way.DOCUMENT for given in plan.given) or any(isinstance(act, Update) for act in plan.acts):
        aftermath.drop_taken_off(tx, row.shop, row.order_id)
    for given in plan.given:
        number = made.get(given.refund_id) or given.order_no
        credit = CreditRow(
            row.shop, row.order_id, given.refund_id, given.way.value, to_ore(given.amount), number, now_ms
        )
        aftermath.keep_credit(tx, credit)
    order = orders.get(tx, row.shop, row.order_id)
    if order is not None and order.mamut_total_ore is not None:
        off_ore = sum(
            credit.amount_ore
            for credit in aftermath.credits_of(tx, row.shop, row.order_id)
            if credit.way == Way.DOCUMENT.value
        )
        changed = order.total_ore - off_ore != order.mamut_total_ore
        orders.set_changed_after(tx, row.shop, row.order_id, changed=changed)


def _tell(tx: apsw.Connection, known: Known, plan: Plan, now_ms: int) -> None:
    """The order's story: what was done each time, what waits for a person when it begins to."""
    row = known.row
    for act in plan.acts:
        if isinstance(act, Update):
            records.tell(tx, row.shop, row.order_id, now_ms, "document_updated", **plan.params)
    if any(isinstance(act, Cancel) for act in plan.acts) or _was_cancelled(known, plan):
        records.tell(tx, row.shop, row.order_id, now_ms, "document_cancelled", document=str(known.order_no))
    told = {credit.refund_id for credit in known.credits}
    for given in plan.given:
        if given.way is Way.NOTE and given.refund_id not in told:
            refund, amount_ore = str(given.refund_id), to_ore(given.amount)
            records.tell(tx, row.shop, row.order_id, now_ms, "refund_credited", refund=refund, amount_ore=amount_ore)
    if plan.waits and row.outcome != "waits":
        records.tell(tx, row.shop, row.order_id, now_ms, "refund_waits", **plan.params)
    attend = plan.attend
    if attend is not None and (row.code, row.named_params) != (attend.reason.value, attend.params):
        records.tell(tx, row.shop, row.order_id, now_ms, "needs_a_person", reason=attend.reason.value, **attend.params)
