"""Where the rules meet an order: as it was read, before anything is decided; and as it is about to be written.

The proof of the amount is made again for what the rules leave, so that no rule can make Mamut's total another one than
what the customer paid.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from agent.decide import customers, documents, rules, texts, totals, vat
from agent.messages import CreateContact, Decision, Note, Send, Stop, UseContact
from agent.model.mamut import DocumentKind, DocumentLine, Registers
from agent.model.order import Frozen, ShopOrder
from agent.model.reasons import Reason
from agent.plugins.hooks import Context, Hook, Hooked, Hooks
from agent.plugins.records import CustomerMatch
from agent.rules.chain import Applied, Chain, Chains
from agent.rules.tree import RuleObject, RuleSide
from agent.settings.tree import DiscountChoice, ShopSettings

if TYPE_CHECKING:
    # Loaded by whoever has mappings: the sandbox takes longer to load than all the rest of a small command.
    from agent.rules.mapping import Mappers

OWN = "ext_id"
"""What a contact is recognised by that was made for the same buyer before."""


class Prepared(Frozen, frozen=True):
    """An order as the rules leave it, with the settings it is decided by; or why it stops here."""

    order: ShopOrder
    shop: ShopSettings
    stop: Stop | None = None
    notes: tuple[Note, ...] = ()
    shop_status: str = ""


def prepare(
    order: ShopOrder, shop: ShopSettings, chains: Chains, released: frozenset[Reason], hooks: Hooks | None = None
) -> Prepared:
    """The plugins, then the rules about what was read: of the customer first, then of the order, then of an order that
    is to be an invoice. `released` as for `decide`."""
    prepared = Prepared(order=order, shop=shop)
    if hooks is not None:
        read = hooks.run(Hook.ORDER_READ, order, Context(shop=shop.key, order=order))
        if read.failed:
            return Prepared(order=order, shop=shop, stop=_held(read))
        prepared = Prepared(order=read.record, shop=shop, notes=read.notes)
    for about in (RuleObject.CUSTOMER, RuleObject.ORDER, RuleObject.INVOICE):
        chain = chains.of(about, RuleSide.READ)
        if not chain or (about is RuleObject.INVOICE and not _is_invoice(prepared)):
            continue
        applied = chain.apply(prepared.order, _let_go(chain, released))
        prepared = Prepared(
            order=applied.record,
            shop=_with_discount_row(prepared.shop) if applied.discount_row else prepared.shop,
            stop=_stop(applied),
            notes=(*prepared.notes, *applied.notes),
            shop_status=applied.shop_status or prepared.shop_status,
        )
        if prepared.stop is not None:
            return prepared
    return prepared


def finish(
    decision: Decision,
    prepared: Prepared,
    chains: Chains,
    registers: Registers,
    released: frozenset[Reason],
    mappers: Mappers | None = None,
    hooks: Hooks | None = None,
) -> Decision:
    """The field mappings, the rules about what is written and then the plugins, run on a decision to send; every other
    decision stays as it is."""
    if not isinstance(decision, Send):
        return decision
    mapped = _mapped(_matched(decision, prepared, hooks, registers), prepared, mappers)
    if isinstance(mapped, Stop):
        return mapped
    send = mapped
    notes = (*prepared.notes, *send.notes)
    about = RuleObject.INVOICE if send.draft.kind is DocumentKind.INVOICE else RuleObject.ORDER
    chain = chains.of(about, RuleSide.WRITTEN)
    if chain:
        applied = chain.apply(send.draft, _let_go(chain, released))
        stop = _stop(applied)
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
        contact = chain.apply(send.customer.draft, _let_go(chain, released))
        stop = _stop(contact)
        if stop is not None:
            return stop
        notes = (*notes, *contact.notes)
        send = msgspec.structs.replace(send, customer=CreateContact(draft=contact.record))
    if hooks is not None:
        plugged = _plugged(send, prepared, hooks, registers)
        if isinstance(plugged, Stop):
            return plugged
        notes = (*notes, *(note for note in plugged.notes if note not in send.notes))
        send = plugged
    if notes == decision.notes and not prepared.shop_status:
        return send
    send, kept = _keepable(send, decision)
    notes = (*notes, *kept)
    return msgspec.structs.replace(send, notes=tuple(dict.fromkeys(notes)), shop_status=prepared.shop_status)


def _matched(send: Send, prepared: Prepared, hooks: Hooks | None, registers: Registers) -> Send | Stop:
    """Who the buyer is, as the plugins leave it: somebody whom Mamut knows, or a new one all the same."""
    if hooks is None or not hooks.wants(Hook.CUSTOMER_MATCHED):
        return send
    customer = send.customer
    match = CustomerMatch(word="new")
    if isinstance(customer, UseContact):
        match = CustomerMatch(
            word=customer.word,
            customer_no=customer.custid,
            matched_by=customer.matched_by,
            changes=customer.changes,
        )
    hooked = hooks.run(Hook.CUSTOMER_MATCHED, match, Context(shop=prepared.shop.key, order=prepared.order))
    made = hooked.record
    if hooked.failed:
        return _held(hooked)
    wrong = [name for name, is_wrong in _judged(match, made) if is_wrong]
    if wrong:
        return Stop(reason=Reason.PLUGIN_HELD, params={"plugin": hooked.notes[-1].detail, "why": f"fixed: {wrong[0]}"})
    notes = [*send.notes, *hooked.notes]
    if isinstance(customer, UseContact):
        if made.as_new:
            new = customers.as_new(prepared.order, prepared.shop, registers.countries, notes)
            if isinstance(new, Stop):
                return new
            return msgspec.structs.replace(send, customer=new, notes=tuple(notes))
        customer = msgspec.structs.replace(customer, changes=made.changes)
    return msgspec.structs.replace(send, customer=customer, notes=tuple(notes))


def _judged(given: CustomerMatch, made: CustomerMatch) -> Iterator[tuple[str, bool]]:
    """What a plugin may change only sometimes: a card that is not to be touched stays so, and a contact that the agent
    itself made for this very buyer is this buyer's."""
    yield "changes", given.changes is None and made.changes is not None
    yield "as_new", made.as_new and given.matched_by == OWN


def _mapped(send: Send | Stop, prepared: Prepared, mappers: Mappers | None) -> Send | Stop:
    if mappers is None or isinstance(send, Stop):
        return send
    record = _RECORD.decode(prepared.order.raw or b"{}")
    made = mappers.order.apply(record, send.draft)
    if made.failed:
        return Stop(reason=Reason.RULE_FAILED, params={"rule": made.failed, "why": made.why})
    send = msgspec.structs.replace(send, draft=made.target, notes=(*send.notes, *made.notes))
    if not isinstance(send.customer, CreateContact):
        return send
    contact = mappers.customer.apply(record, send.customer.draft)
    if contact.failed:
        return Stop(reason=Reason.RULE_FAILED, params={"rule": contact.failed, "why": contact.why})
    customer = CreateContact(draft=contact.target)
    return msgspec.structs.replace(send, customer=customer, notes=(*send.notes, *contact.notes))


def _plugged(send: Send, prepared: Prepared, hooks: Hooks, registers: Registers) -> Send | Stop:
    context = Context(shop=prepared.shop.key, order=prepared.order)
    document = hooks.run(Hook.DOCUMENT_BUILT, send.draft, context)
    if document.failed:
        return _held(document)
    if document.record.lines != send.draft.lines:
        stop = _unproved(document.record.lines, send, registers)
        if stop is not None:
            return stop
    send = msgspec.structs.replace(send, draft=document.record, notes=(*send.notes, *document.notes))
    if not isinstance(send.customer, CreateContact):
        return send
    contact = hooks.run(Hook.CUSTOMER_BUILT, send.customer.draft, context)
    if contact.failed:
        return _held(contact)
    customer = CreateContact(draft=contact.record)
    return msgspec.structs.replace(send, customer=customer, notes=(*send.notes, *contact.notes))


def _held(hooked: Hooked[Any]) -> Stop:
    return Stop(reason=Reason.PLUGIN_HELD, params={"plugin": hooked.failed, "why": hooked.why})


_RECORD: msgspec.json.Decoder[object] = msgspec.json.Decoder(float_hook=Decimal)


def _is_invoice(prepared: Prepared) -> bool:
    rule = rules.first(prepared.order, prepared.shop.rules, company=bool(prepared.order.billing.company))
    if rule is not None and rule.then.value not in (DocumentKind.ORDER.value, DocumentKind.INVOICE.value):
        return False
    return documents.kind_of(rule, prepared.order, prepared.shop) is DocumentKind.INVOICE


def _with_discount_row(shop: ShopSettings) -> ShopSettings:
    orders = msgspec.structs.replace(shop.orders, discounts=DiscountChoice.ROW)
    return msgspec.structs.replace(shop, orders=orders)


def _let_go(chain: Chain, released: frozenset[Reason]) -> frozenset[str]:
    """The rules that hold this order no more; what else they do is done."""
    return chain.names if Reason.HELD_BY_RULE in released else frozenset()


def _stop(applied: Applied[Any]) -> Stop | None:
    params = {"rule": applied.rule, "why": applied.why}
    match applied.verdict:
        case "ignore":
            return Stop(reason=Reason.EXCLUDED_BY_RULE, params={"rule": applied.rule})
        case "hold":
            return Stop(reason=Reason.HELD_BY_RULE, params={"rule": applied.rule})
        case "fail":
            return Stop(reason=Reason.RULE_FAILED, params=params)
        case _:
            return None


_ROWS = {
    "invoice_address": texts.ADDRESS_CHARS,
    "delivery_address": texts.ADDRESS_CHARS,
    "packing_text": texts.TEXT_CHARS,
}
_LINES = {
    "name": texts.NAME_CHARS,
    "our_ref": texts.REFERENCE_CHARS,
    "reference": texts.REFERENCE_CHARS,
    "your_ref": texts.REFERENCE_CHARS,
    "fixed_text": texts.TEXT_CHARS,
}
"""Texts of the document, of several rows and of one, with the characters that Mamut keeps."""


def _keepable(send: Send, before: Send) -> tuple[Send, tuple[Note, ...]]:
    """What rules and mappings wrote is brought into the characters and lengths of Mamut, as everything else was."""
    notes: list[Note] = []
    texts_now: dict[str, str] = {}
    for field, chars in (_ROWS | _LINES).items():
        text = str(getattr(send.draft, field))
        if text != getattr(before.draft, field):
            keep = texts.block if field in _ROWS else texts.line
            texts_now[field] = keep(text, chars, field, notes)
    lines = tuple(
        line
        if line in before.draft.lines
        else msgspec.structs.replace(
            line, description=texts.line(line.description, texts.DESCRIPTION_CHARS, "description", notes)
        )
        for line in send.draft.lines
    )
    draft = msgspec.structs.replace(send.draft, lines=lines, **texts_now)
    customer = send.customer
    if isinstance(customer, CreateContact) and customer != before.customer:
        name = texts.line(customer.draft.name, texts.NAME_CHARS, "name", notes)
        customer = CreateContact(draft=msgspec.structs.replace(customer.draft, name=name))
    return msgspec.structs.replace(send, draft=draft, customer=customer), tuple(notes)


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
