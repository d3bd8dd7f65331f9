"""Where the rules meet an order: as it was read, before anything is decided; and as it is about to be written.

The proof of the amount is made again for what the rules leave, so that no rule can make Mamut's total another one than
what the customer paid.
"""

from __future__ import annotations

from typing import Any

import msgspec

from agent.decide import documents, rules, totals, vat
from agent.messages import CreateContact, Decision, Note, Send, Stop
from agent.model.mamut import DocumentKind, DocumentLine, Registers
from agent.model.order import Frozen, ShopOrder
from agent.model.reasons import Reason
from agent.rules.chain import Applied, Chains
from agent.rules.tree import RuleObject, RuleSide
from agent.settings.tree import DiscountChoice, ShopSettings


class Prepared(Frozen, frozen=True):
    """An order as the rules leave it, with the settings it is decided by; or why it stops here."""

    order: ShopOrder
    shop: ShopSettings
    stop: Stop | None = None
    notes: tuple[Note, ...] = ()
    shop_status: str = ""


def prepare(order: ShopOrder, shop: ShopSettings, chains: Chains, released: frozenset[Reason]) -> Prepared:
    """The rules about what was read: of the customer first, then of the order, then of an order that is to be an
    invoice. `released` as for `decide`."""
    prepared = Prepared(order=order, shop=shop)
    for about in (RuleObject.CUSTOMER, RuleObject.ORDER, RuleObject.INVOICE):
        chain = chains.of(about, RuleSide.READ)
        if not chain or (about is RuleObject.INVOICE and not _is_invoice(prepared)):
            continue
        applied = chain.apply(prepared.order)
        prepared = Prepared(
            order=applied.record,
            shop=_with_discount_row(prepared.shop) if applied.discount_row else prepared.shop,
            stop=_stop(applied, released),
            notes=(*prepared.notes, *applied.notes),
            shop_status=applied.shop_status or prepared.shop_status,
        )
        if prepared.stop is not None:
            return prepared
    return prepared


def finish(
    decision: Decision, prepared: Prepared, chains: Chains, registers: Registers, released: frozenset[Reason]
) -> Decision:
    """The rules about what is written, run on a decision to send; every other decision stays as it is."""
    if not isinstance(decision, Send):
        return decision
    send = decision
    notes = (*prepared.notes, *send.notes)
    about = RuleObject.INVOICE if send.draft.kind is DocumentKind.INVOICE else RuleObject.ORDER
    chain = chains.of(about, RuleSide.WRITTEN)
    if chain:
        applied = chain.apply(send.draft)
        stop = _stop(applied, released)
        if stop is not None:
            return stop
        notes = (*notes, *applied.notes)
        if applied.record.lines != send.draft.lines:
            stop = _unproved(applied.record.lines, send, registers)
            if stop is not None:
                return stop
        send = msgspec.structs.replace(send, draft=applied.record)
    chain = chains.of(RuleObject.CUSTOMER, RuleSide.WRITTEN)
    if chain and isinstance(send.customer, CreateContact):
        contact = chain.apply(send.customer.draft)
        stop = _stop(contact, released)
        if stop is not None:
            return stop
        notes = (*notes, *contact.notes)
        send = msgspec.structs.replace(send, customer=CreateContact(draft=contact.record))
    if notes == send.notes and not prepared.shop_status:
        return send
    return msgspec.structs.replace(send, notes=tuple(dict.fromkeys(notes)), shop_status=prepared.shop_status)


def _is_invoice(prepared: Prepared) -> bool:
    rule = rules.first(prepared.order, prepared.shop.rules, company=bool(prepared.order.billing.company))
    if rule is not None and rule.then.value not in (DocumentKind.ORDER.value, DocumentKind.INVOICE.value):
        return False
    return documents.kind_of(rule, prepared.order, prepared.shop) is DocumentKind.INVOICE


def _with_discount_row(shop: ShopSettings) -> ShopSettings:
    orders = msgspec.structs.replace(shop.orders, discounts=DiscountChoice.ROW)
    return msgspec.structs.replace(shop, orders=orders)


def _stop(applied: Applied[Any], released: frozenset[Reason]) -> Stop | None:
    params = {"rule": applied.rule, "why": applied.why}
    match applied.verdict:
        case "ignore":
            return Stop(reason=Reason.EXCLUDED_BY_RULE, params={"rule": applied.rule})
        case "hold" if Reason.HELD_BY_RULE not in released:
            return Stop(reason=Reason.HELD_BY_RULE, params={"rule": applied.rule})
        case "fail":
            return Stop(reason=Reason.RULE_FAILED, params=params)
        case _:
            return None


def _unproved(lines: tuple[DocumentLine, ...], send: Send, registers: Registers) -> Stop | None:
    """Why rows that a rule has changed may not go: Mamut's total of them would not be what was paid."""
    percents = vat.percents_of(registers)
    proof = send.proof
    try:
        predicted = totals.predict(((line.line_sum, line.vat_code) for line in lines), percents)
    except KeyError as error:
        return Stop(reason=Reason.RULE_FAILED, params={"rule": "", "why": f"vat_code {error.args[0]}"})
    if predicted.total == proof.paid:
        return None
    params = {
        "paid": f"{proof.paid} {proof.currency}",
        "mamut": f"{predicted.total} {proof.currency}",
        "limit": f"{proof.limit} {proof.currency}",
        "lines": f"{predicted.total} {proof.currency}",
        "difference": f"{proof.paid - predicted.total} {proof.currency}",
    }
    return Stop(reason=Reason.TOTAL_UNEXPLAINED, params=params, proof=proof)
