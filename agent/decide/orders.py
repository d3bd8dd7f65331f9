"""Which orders go over, and as what: the one place where an order's fate is decided.

`decide` knows the order, what Mamut held when it was asked, and the merchant's settings; no clock, no network, no
memory. What spans several orders (the package's limit, a payment used twice) is the journal's to say.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from agent.decide import customers, documents, external, rules, totals, vat
from agent.decide.lines import Rows, wanted_articles
from agent.messages import Adopt, Decision, MamutFacts, Note, Send, Stop, Wanted
from agent.model.mamut import Document
from agent.model.money import ZERO, round_ore
from agent.model.order import LineKind, OrderSight, ShopOrder
from agent.model.proof import MoneyProof
from agent.model.reasons import Reason
from agent.settings.tree import OrderRule, RuleThen, ShopSettings, Unmapped

CHECKOUT_STATUSES = frozenset(("checkout-draft", "auto-draft"))
"""Orders of customers still in the checkout; listings without a status show them (checkout_storefront[9])."""

VOID_STATUSES = frozenset(("cancelled", "lost_sale"))
"""What becomes of a deleted document in Mamut; it holds nothing any more."""

_T = TypeVar("_T")


def judge_sight(sight: OrderSight, shop: ShopSettings) -> Stop | None:
    """Why an order that a cheap listing showed need not be read now. None means that it must be read whole."""
    return _judge_state(sight.status, sight.created_at, shop)


def wanted(
    order: ShopOrder, shop: ShopSettings, custid: int | None = None, buyer: customers.Buyer | None = None
) -> Wanted:
    """What must be looked up in Mamut before the order can be decided. `custid` and `buyer` as for `decide`."""
    buyer = buyer or customers.buyer(order, shop.customers)
    about_buyer = customers.wanted(buyer, shop.customers, custid)
    return Wanted(
        external_nos=(external.of_order(order),),
        custids=about_buyer.custids,
        emails=about_buyer.emails,
        org_nos=about_buyer.org_nos,
        names=about_buyer.names,
        ext_ids=about_buyer.ext_ids,
        product_nos=wanted_articles(order, shop),
    )


def merge(several: Iterable[Wanted]) -> Wanted:
    """What many orders want, each key once, in the order in which it was first wanted."""
    all_of = list(several)
    return Wanted(
        external_nos=_unique(one.external_nos for one in all_of),
        custids=_unique(one.custids for one in all_of),
        emails=_unique(one.emails for one in all_of),
        org_nos=_unique(one.org_nos for one in all_of),
        names=_unique(one.names for one in all_of),
        phones=_unique(one.phones for one in all_of),
        ext_ids=_unique(one.ext_ids for one in all_of),
        product_nos=_unique(one.product_nos for one in all_of),
    )


def decide(
    order: ShopOrder,
    facts: MamutFacts,
    shop: ShopSettings,
    released: frozenset[Reason] = frozenset(),
    custid: int | None = None,
    buyer: customers.Buyer | None = None,
) -> Decision:
    """Send with a proof that holds, Adopt what Mamut has already, or Stop with the reason.

    What Mamut holds comes first: an order that stands there is there, whatever has happened to it in the shop since. An
    order that our mark says is there, but is not under its number, is held: with another shop key in the settings, or
    another Mamut company, every order would look new. `released` are the reasons that a person has looked at and that
    hold this order no more; `custid` is who a person says that the buyer is, 0 for somebody new. `buyer` spares whoever
    knows it already that it is told from the order again.
    """
    found = facts.documents.get(external.of_order(order), ())
    # A header that lost its rows as it was saved, and was cancelled for that, is no document.
    held = tuple(document for document in found if document.lines or document.status not in VOID_STATUSES)
    if held:
        return _judge_documents(order, held)
    if order.mamut_order_no is not None and Reason.MARK_WITHOUT_DOCUMENT not in released:
        return Stop(reason=Reason.MARK_WITHOUT_DOCUMENT, params={"document": str(order.mamut_order_no)})
    buyer = buyer or customers.buyer(order, shop.customers)
    rule = rules.first(order, _without_holding(shop.rules, released), buyer.is_company)
    stop = (
        _judge_state(order.status, order.created_at, shop)
        or _judge_rule(rule)
        or _judge_content(order, released)
        or _judge_mappings(order, facts, shop)
    )
    if stop is not None:
        return stop
    notes: list[Note] = []
    customer = customers.judge(order, buyer, facts, shop, notes, custid)
    if isinstance(customer, Stop):
        return customer
    percents = vat.percents_of(facts.registers)
    sale = vat.sale(order, shop.vat, buyer.vat_no, percents)
    zero = vat.registered(sale.settings.zero, ZERO, sale)
    if isinstance(zero, Stop):
        return zero
    rows = Rows(shop, facts, sale, notes)
    explained = totals.explained(order)
    stop = rows.add_order(order, gift_cards=explained.with_gift_cards)
    if stop is not None:
        return stop
    if not rows.lines:
        return Stop(reason=Reason.ORDER_EMPTY)
    proof = _prove(order, rows, sale, shop)
    stop = _judge_money(order, proof, explained.total)
    if stop is None and proof.rounding:
        stop = rows.add_rounding(proof.rounding)
    if stop is not None:
        return stop
    draft = documents.draft_of(
        order, shop, documents.kind_of(rule, order, shop), buyer, rows, facts.registers.countries, notes
    )
    return Send(
        draft=draft, customer=customer, proof=proof, notes=tuple(dict.fromkeys(notes)), create_articles=rows.created
    )


def _prove(order: ShopOrder, rows: Rows, sale: vat.Sale, shop: ShopSettings) -> MoneyProof:
    """The shop's own sums come first. Where they would need a rounding row and the prices were agreed with VAT, the
    sums with the third decimal those prices mean are used if they need none."""
    limit = shop.orders.rounding_limit
    proof = totals.prove(order, tuple(rows.sums), sale.percents, sale.settings.zero, limit)
    if proof.rounding and order.prices_include_tax:
        sums = rows.agreed_sums()
        agreed = totals.prove(order, sums, sale.percents, sale.settings.zero, limit)
        if agreed.holds and not agreed.rounding:
            rows.use_sums(sums)
            return agreed
    return proof


# -- reasons to stop, in the order in which they are asked ----------------------------------------------------------


def _judge_documents(order: ShopOrder, held: tuple[Document, ...]) -> Adopt | Stop:
    """One that agrees, with the order or with what its refunds have left of it, is this order's own; anything else
    under its number needs a person's eye.

    Two that agree are as wrong as one that does not: then the order stands in Mamut twice.
    """
    left = order.total - sum((refund.amount for refund in order.refunds), ZERO)
    agreeing = [
        document
        for document in held
        if document.status not in VOID_STATUSES
        and document.total in (order.total, left)
        and document.currency == order.currency
        and (document.lines or not order.lines)
    ]
    if len(agreeing) == 1:
        return Adopt(document=agreeing[0])
    numbers = ", ".join(str(document.order_no) for document in held[:5])
    return Stop(
        reason=Reason.EXTERNAL_NO_TAKEN,
        params={
            "external_no": held[0].external_no,
            "document": numbers,
            "total": _shown(held[0].total, held[0].currency),
            "paid": _shown(order.total, order.currency),
        },
    )


def _judge_state(status: str, created_at: datetime, shop: ShopSettings) -> Stop | None:
    start_at = shop.orders.start_at
    if start_at is not None and created_at < start_at:
        return Stop(reason=Reason.BEFORE_START, params={"start_at": start_at.isoformat()})
    if status in CHECKOUT_STATUSES:
        return Stop(reason=Reason.IN_CHECKOUT)
    if status not in shop.orders.trigger:
        return Stop(reason=Reason.STATUS_NOT_TRIGGER, params={"status": status})
    return None


def _without_holding(several: tuple[OrderRule, ...], released: frozenset[Reason]) -> tuple[OrderRule, ...]:
    """The rules that still decide about an order that a person has released from those that hold."""
    if Reason.HELD_BY_RULE not in released:
        return several
    return tuple(rule for rule in several if rule.then is not RuleThen.HOLD)


def _judge_rule(rule: OrderRule | None) -> Stop | None:
    if rule is None or rule.then in (RuleThen.ORDER, RuleThen.INVOICE):
        return None
    reason = Reason.EXCLUDED_BY_RULE if rule.then is RuleThen.EXCLUDE else Reason.HELD_BY_RULE
    return Stop(reason=reason, params={"rule": rule.name})


def _judge_content(order: ShopOrder, released: frozenset[Reason]) -> Stop | None:
    if not order.lines:
        return Stop(reason=Reason.ORDER_EMPTY)
    refunded = sum((refund.amount for refund in order.refunds), ZERO)
    if refunded and Reason.REFUNDED_BEFORE_TRANSFER not in released:
        params = {"amount": _shown(refunded, order.currency), "paid": _shown(order.total, order.currency)}
        return Stop(reason=Reason.REFUNDED_BEFORE_TRANSFER, params=params)
    return None


def _judge_mappings(order: ShopOrder, facts: MamutFacts, shop: ShopSettings) -> Stop | None:
    """What the settings name must exist in Mamut: it answers an unknown register value with a refusal at best."""
    registers = facts.registers
    currencies = shop.orders.currencies
    if order.currency not in (currencies or registers.currencies):
        return Stop(reason=Reason.CURRENCY_NOT_ALLOWED, params={"currency": order.currency})
    if order.currency not in registers.currencies:
        return _register_missing("currencies", order.currency)
    if shop.department is not None and shop.department not in registers.departments:
        return _register_missing("departments", shop.department)
    payment = documents.payment_of(order, shop)
    if payment is None:
        if shop.orders.payment_unmapped is Unmapped.HOLD and (order.payment_method or order.total):
            return Stop(reason=Reason.PAYMENT_METHOD_UNMAPPED, params={"method": order.payment_method})
    elif payment.payment_terms is not None and payment.payment_terms not in registers.payment_terms:
        return _register_missing("payment_terms", payment.payment_terms)
    methods = shop.orders.shipping_methods
    for line in order.lines:
        if line.kind is not LineKind.SHIPPING:
            continue
        method = methods.get(line.method)
        if method is None and shop.orders.shipping_unmapped is Unmapped.HOLD:
            return Stop(reason=Reason.SHIPPING_METHOD_UNMAPPED, params={"method": line.method})
        form = method.delivery_form if method else None
        if form is not None and form not in registers.delivery_forms:
            return _register_missing("delivery_forms", form)
    return None


def _judge_money(order: ShopOrder, proof: MoneyProof, explained: Decimal) -> Stop | None:
    """Whose arithmetic differs: Mamut's from the shop's, or the shop's own total from its parts."""
    if proof.holds:
        return None
    amounts = {"paid": proof.paid, "mamut": proof.mamut_total, "limit": proof.limit}
    if abs(explained - order.total) <= proof.limit:
        reason = Reason.ROUNDING_ABOVE_LIMIT
        amounts["rounding"] = proof.paid - proof.mamut_total
    else:
        reason = Reason.TOTAL_UNEXPLAINED
        amounts["lines"] = explained
        amounts["difference"] = order.total - explained
    params = {key: _shown(amount, proof.currency) for key, amount in amounts.items()}
    return Stop(reason=reason, params=params, proof=proof)


def _shown(amount: Decimal, currency: str) -> str:
    return f"{round_ore(amount)} {currency}"


def _register_missing(register: str, value: object) -> Stop:
    return Stop(reason=Reason.REGISTER_VALUE_MISSING, params={"register": register, "value": str(value)})


def _unique(several: Iterable[tuple[_T, ...]]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(value for values in several for value in values))
