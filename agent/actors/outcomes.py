"""The steps after a writer has tried: what stands, what was refused, what must be tried again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import apsw
import msgspec

from agent.actors.sights import mark_key
from agent.actors.times import to_ms
from agent.journal import aftermath, commands, orders, records
from agent.journal.journal import pack
from agent.messages import (
    CreateMamutDocument,
    DocumentDelayed,
    DocumentRefused,
    DocumentStands,
    MarkShopOrder,
)
from agent.model.aftermath import Booked
from agent.model.clock import package_month
from agent.model.money import to_ore
from agent.model.order import Frozen
from agent.model.reasons import Reason
from agent.remote.retry import ATTEMPTS_MAX

MARK = "mark_order"
"""The kind of a command that leaves Mamut's number on the shop's order."""

REDECIDE_MAX = 3
"""So often an order is decided anew because Mamut had changed between deciding and sending; then it is dead."""


OUTDATED = "outdated"
"""Our own word for a document that was not made because its order has changed, or may have, since it was decided."""

EXTERNAL_NO_TWICE = "external_no_twice"
"""Our own word for an external number that several documents of Mamut carry, so that none can be adopted."""


class Tried(Frozen, frozen=True):
    """A command's key, what came of it, the command itself and, after a delay, when to try again."""

    key: str
    outcome: DocumentStands | DocumentRefused | DocumentDelayed
    command: CreateMamutDocument
    due_ms: int = 0
    note: bool = False


def commit_tried(tried: Sequence[Tried], now_ms: int) -> Callable[[apsw.Connection], None]:
    """The step for a group of outcomes from Mamut."""

    def step(tx: apsw.Connection) -> None:
        for item in tried:
            _APPLY[type(item.outcome)](tx, item, now_ms)

    return step


def stands(
    tx: apsw.Connection,
    outcome: DocumentStands,
    *,
    now_ms: int,
    already_marked: bool,
    note: bool,
    booked: Booked | None = None,
) -> None:
    """Mamut holds the document: the order is transferred, counted once, and its mark is ordered. `booked` is what it
    was made of, where the journal does not hold that already."""
    document = outcome.document
    shop, order_id = outcome.shop, outcome.order_id
    row = orders.get(tx, shop, order_id)
    if row is None:
        return
    month = row.counted_month or package_month(document.created_at)
    if row.counted_month is None:
        records.count_order(tx, month)
    orders.set_transferred(
        tx,
        shop,
        order_id,
        external_no=document.external_no,
        mamut_order_no=document.order_no,
        mamut_total_ore=to_ore(document.total),
        custid=document.custid,
        adopted=outcome.adopted,
        counted_month=month,
        now_ms=now_ms,
    )
    data: dict[str, object] = {"mamut_order_no": document.order_no, "created_ms": to_ms(document.created_at)}
    if document.invoice_no is not None:
        data["invoice_no"] = document.invoice_no
    records.tell(tx, shop, order_id, now_ms, "adopted" if outcome.adopted else "transferred", **data)
    aftermath.stands(tx, shop, order_id, document, booked, adopted=outcome.adopted)
    if row.read_modified_at != row.modified_at:
        aftermath.put(tx, shop, order_id, now_ms)  # It changed while it was on its way.
    if to_ore(document.total) != row.total_ore:
        orders.set_changed_after(tx, shop, order_id, changed=True)
        mamut_ore = to_ore(document.total)
        records.tell(tx, shop, order_id, now_ms, "amount_differs", paid_ore=row.total_ore, mamut_ore=mamut_ore)
    if already_marked:
        orders.set_marked(tx, shop, order_id)
        return
    commands.put(
        tx,
        key=mark_key(shop, order_id),
        remote=commands.shop_remote(shop),
        kind=MARK,
        shop=shop,
        order_id=order_id,
        body=pack(MarkShopOrder(shop=shop, order_id=order_id, mamut_order_no=document.order_no, note=note)),
        now_ms=now_ms,
    )


def _stands(tx: apsw.Connection, tried: Tried, now_ms: int) -> None:
    outcome = tried.outcome
    if not isinstance(outcome, DocumentStands):
        raise TypeError(type(outcome))
    send = tried.command.send
    commands.done(tx, tried.key)
    if outcome.contact_created:
        records.tell(tx, outcome.shop, outcome.order_id, now_ms, "contact_created")
    if outcome.contact_updated:
        records.tell(tx, outcome.shop, outcome.order_id, now_ms, "contact_updated")
    booked = tried.command.booked
    if booked is not None:
        booked = msgspec.structs.replace(booked, draft=send.draft)
    sent = [line.product_no for line in send.draft.lines]
    kept = [line.product_no for line in outcome.document.lines]
    # Mamut books what it does not know on an article called DESCRIPTION, without a word (import rules, GBAO10). Its
    # figure of stock then never hears of these pieces.
    replaced = [was for was, now in zip(sent, kept, strict=False) if was != now] if kept else []
    if booked is not None and replaced:
        booked = booked.without({was for was, now in zip(sent, kept, strict=False) if was.casefold() != now.casefold()})
    stands(tx, outcome, now_ms=now_ms, already_marked=False, note=tried.note, booked=booked)
    if kept and kept != sent:
        records.tell(tx, outcome.shop, outcome.order_id, now_ms, "article_replaced", articles=replaced)


_HELD = {
    "credit_stop": Reason.CREDIT_STOP,
    "contact_inactive": Reason.CUSTOMER_INACTIVE,
    "vat_code_unknown": Reason.REGISTER_VALUE_MISSING,
    "register_value_unknown": Reason.REGISTER_VALUE_MISSING,
    EXTERNAL_NO_TWICE: Reason.EXTERNAL_NO_TAKEN,
}
"""Refusals of Mamut that a person mends in Mamut: the order is held for that and looked at again every hour."""

_DECIDE_ANEW = frozenset({"contact_unknown"})
"""Refusals that say that Mamut has changed since we looked."""


def _refused(tx: apsw.Connection, tried: Tried, now_ms: int) -> None:
    outcome = tried.outcome
    if not isinstance(outcome, DocumentRefused):
        raise TypeError(type(outcome))
    shop, order_id = outcome.shop, outcome.order_id
    commands.done(tx, tried.key)
    if outcome.problem == OUTDATED:
        orders.set_reason(tx, shop, order_id, Reason.NOT_READ, now_ms)
        orders.want_reading(tx, shop, order_id)
        return
    orders.add_attempt(tx, shop, order_id)
    row = orders.get(tx, shop, order_id)
    if outcome.problem in _DECIDE_ANEW and row is not None and row.attempts <= REDECIDE_MAX:
        orders.set_reason(tx, shop, order_id, Reason.NOT_READ, now_ms)
        orders.want_reading(tx, shop, order_id)
        records.tell(tx, shop, order_id, now_ms, "decide_anew", problem=outcome.problem)
        return
    reason = _HELD.get(outcome.problem, outcome.reason)
    due_ms = now_ms + 3_600_000 if outcome.problem in _HELD else None
    params = {"problem": outcome.problem, **outcome.params}
    orders.set_reason(tx, shop, order_id, reason, now_ms, params=params, due_ms=due_ms)
    records.tell(tx, shop, order_id, now_ms, reason.state.value, reason=reason.value, **params)


def _delayed(tx: apsw.Connection, tried: Tried, now_ms: int) -> None:
    outcome = tried.outcome
    if not isinstance(outcome, DocumentDelayed):
        raise TypeError(type(outcome))
    shop, order_id = outcome.shop, outcome.order_id
    orders.add_attempt(tx, shop, order_id)
    row = orders.get(tx, shop, order_id)
    if row is not None and row.attempts >= ATTEMPTS_MAX and not outcome.unsure:
        commands.done(tx, tried.key)
        orders.set_reason(tx, shop, order_id, Reason.ATTEMPTS_EXHAUSTED, now_ms, params={"problem": outcome.problem})
        records.tell(
            tx, shop, order_id, now_ms, "dead", reason=Reason.ATTEMPTS_EXHAUSTED.value, problem=outcome.problem
        )
        return
    commands.delay(tx, tried.key, tried.due_ms, unsure=outcome.unsure)
    reason = Reason.OUTCOME_UNSURE if outcome.unsure else Reason.RETRY_DUE
    orders.set_reason(tx, shop, order_id, reason, now_ms, params={"problem": outcome.problem})
    records.tell(
        tx,
        shop,
        order_id,
        now_ms,
        "answer_lost" if outcome.unsure else "delayed",
        problem=outcome.problem,
        next_ms=tried.due_ms,
    )


_APPLY: dict[type, Callable[[apsw.Connection, Tried, int], None]] = {
    DocumentStands: _stands,
    DocumentRefused: _refused,
    DocumentDelayed: _delayed,
}
