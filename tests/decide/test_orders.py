"""An order's fate: sent, adopted or stopped, and for which reason."""

from __future__ import annotations

import string
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import msgspec
import pytest

from agent.decide.orders import decide, judge_sight, merge, wanted
from agent.messages import Adopt, CreateContact, Decision, MamutFacts, Send, Stop, Wanted
from agent.model.catalogue_orders import ORDER_TEXTS
from agent.model.ids import MamutOrderNo, ShopOrderId
from agent.model.mamut import DocumentKind
from agent.model.order import Address, Coupon, GiftCard, OrderSight, Refund, ShopOrder
from agent.model.reasons import OrderState, Reason
from tests.decide.build import AT, BUYER, contact, document, facts, fee, goods, order, shipping, shop


def decided(bought: ShopOrder, known: dict[str, Any] | None = None, **settings: Any) -> Decision:
    chosen = shop(**settings)
    return decide(bought, facts(bought, chosen, **(known or {})), chosen)


def sent(bought: ShopOrder, known: dict[str, Any] | None = None, **settings: Any) -> Send:
    decision = decided(bought, known, **settings)
    assert isinstance(decision, Send), decision
    return decision


def stopped(bought: ShopOrder, known: dict[str, Any] | None = None, **settings: Any) -> Stop:
    decision = decided(bought, known, **settings)
    assert isinstance(decision, Stop), decision
    return decision


def sight(**changes: Any) -> OrderSight:
    made = OrderSight(order_id=ShopOrderId(1042), status="processing", modified_at=AT, created_at=AT)
    return msgspec.structs.replace(made, **changes)


# -- what a listing tells -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["processing", "completed"])
def test_an_order_in_a_trigger_status_must_be_read(status: str) -> None:
    assert judge_sight(sight(status=status), shop()) is None


def test_an_order_in_another_status_waits_and_tells_which() -> None:
    stop = judge_sight(sight(status="pending"), shop())
    assert stop is not None
    assert (stop.reason, stop.params) == (Reason.STATUS_NOT_TRIGGER, {"status": "pending"})


def test_a_shops_own_status_can_be_a_trigger() -> None:
    assert judge_sight(sight(status="plockad"), shop(orders={"trigger": ["plockad"]})) is None


@pytest.mark.parametrize("status", ["checkout-draft", "auto-draft"])
def test_a_customer_still_in_the_checkout_is_left_alone_even_if_the_merchant_asks(status: str) -> None:
    stop = judge_sight(sight(status=status), shop(orders={"trigger": [status]}))
    assert stop is not None
    assert stop.reason is Reason.IN_CHECKOUT


@pytest.mark.parametrize(("late_s", "reason"), [(-1, Reason.BEFORE_START), (0, None), (1, None)])
def test_an_order_is_before_the_start_by_its_creation_to_the_second(late_s: int, reason: Reason | None) -> None:
    settings = shop(orders={"start_at": AT})
    stop = judge_sight(sight(created_at=AT + timedelta(seconds=late_s)), settings)
    assert (stop.reason if stop else None) is reason


@pytest.mark.parametrize("status", ["processing", "pending", "checkout-draft", "cancelled"])
@pytest.mark.parametrize("late_s", [-1, 0])
def test_the_whole_order_is_judged_as_its_sight_was(status: str, late_s: int) -> None:
    settings = {"orders": {"start_at": AT}}
    created = AT + timedelta(seconds=late_s)
    seen = judge_sight(sight(status=status, created_at=created), shop(**settings))
    whole = decided(order(status=status, created_at=created), **settings)
    assert (whole if isinstance(whole, Stop) else None) == seen


# -- what Mamut holds already ---------------------------------------------------------------------------------------


def with_documents(bought: ShopOrder, *changes: dict[str, Any]) -> dict[str, Any]:
    numbered = [document(bought, order_no=MamutOrderNo(200_001 + at), **change) for at, change in enumerate(changes)]
    return {"documents": {"butik:1042": tuple(numbered)}}


def test_a_document_that_agrees_is_adopted() -> None:
    bought = order()
    decision = decided(bought, with_documents(bought, {}))
    assert isinstance(decision, Adopt)
    assert decision.document.order_no == 200_001


@pytest.mark.parametrize(
    "change",
    [
        {"total": Decimal("99.99")},
        {"currency": "EUR"},
        {"status": "cancelled"},
        {"status": "lost_sale"},
        {"lines": ()},
    ],
    ids=str,
)
def test_a_document_that_does_not_agree_holds_the_order(change: dict[str, Any]) -> None:
    bought = order()
    stop = stopped(bought, with_documents(bought, change))
    assert stop.reason is Reason.EXTERNAL_NO_TAKEN
    assert (stop.params["external_no"], stop.params["document"]) == ("butik:1042", "200001")


def test_the_one_that_agrees_is_adopted_beside_a_cancelled_one() -> None:
    bought = order()
    decision = decided(bought, with_documents(bought, {"status": "cancelled"}, {}))
    assert isinstance(decision, Adopt)
    assert decision.document.order_no == 200_002


def test_two_that_agree_hold_the_order_because_it_stands_there_twice() -> None:
    bought = order()
    stop = stopped(bought, with_documents(bought, {}, {}))
    assert (stop.reason, stop.params["document"]) == (Reason.EXTERNAL_NO_TAKEN, "200001, 200002")


@pytest.mark.parametrize(
    "change", [{"status": "cancelled"}, {"refunds": (Refund(refund_id=1, amount=Decimal(10)),)}], ids=str
)
def test_what_stands_in_mamut_is_adopted_whatever_has_happened_in_the_shop_since(change: dict[str, Any]) -> None:
    bought = order()
    changed = msgspec.structs.replace(bought, **change)
    assert isinstance(decided(changed, with_documents(bought, {})), Adopt)


def test_an_order_marked_with_a_number_that_mamut_lacks_is_not_sent_again() -> None:
    stop = stopped(order(mamut_order_no=MamutOrderNo(200_001)))
    assert (stop.reason, stop.params) == (Reason.MARK_WITHOUT_DOCUMENT, {"document": "200001"})


# -- what the order itself tells ------------------------------------------------------------------------------------


def test_an_order_without_rows_is_held() -> None:
    assert stopped(order(lines=(), total=Decimal(0))).reason is Reason.ORDER_EMPTY


def test_an_order_of_nothing_but_free_shipping_is_empty_too() -> None:
    assert stopped(order(shipping("0.00"))).reason is Reason.ORDER_EMPTY


def test_a_refund_before_the_transfer_holds_the_order() -> None:
    refunds = (Refund(refund_id=1, amount=Decimal("10.00")), Refund(refund_id=2, amount=Decimal("5.00")))
    stop = stopped(order(refunds=refunds))
    assert (stop.reason, stop.params["amount"]) == (Reason.REFUNDED_BEFORE_TRANSFER, "15.00 SEK")


def test_a_refund_of_nothing_does_not() -> None:
    sent(order(refunds=(Refund(refund_id=1, amount=Decimal(0)),)))


def test_an_order_for_nothing_goes_over() -> None:
    send = sent(order(goods("0.00", 25, "0.00")))
    assert (send.proof.paid, send.proof.mamut_total) == (Decimal("0.00"), Decimal("0.00"))


# -- what the settings name -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "allowed", "reason"),
    [
        ("SEK", [], None),
        ("EUR", [], None),
        ("EUR", ["SEK"], Reason.CURRENCY_NOT_ALLOWED),
        ("EUR", ["SEK", "EUR"], None),
        ("USD", [], Reason.CURRENCY_NOT_ALLOWED),
        ("USD", ["USD"], Reason.REGISTER_VALUE_MISSING),
    ],
)
def test_a_currency_must_be_allowed_and_in_mamuts_register(
    currency: str, allowed: list[str], reason: Reason | None
) -> None:
    decision = decided(order(currency=currency), orders={"currencies": allowed})
    assert (decision.reason if isinstance(decision, Stop) else None) is reason


@pytest.mark.parametrize(
    ("settings", "register"),
    [
        ({"department": 9}, "departments"),
        ({"orders": {"payment_methods": {"klarna": {"payment_terms": 9}}}}, "payment_terms"),
        ({"orders": {"shipping_methods": {"flat_rate": {"delivery_form": 9}}}}, "delivery_forms"),
        ({"vat": {"domestic": {"25": 11}, "zero": 99}}, "vat_codes"),
    ],
)
def test_a_value_that_is_not_in_mamuts_register_holds_the_order(settings: dict[str, Any], register: str) -> None:
    bought = order(goods(), shipping(), payment_method="klarna")
    stop = stopped(bought, **settings)
    assert (stop.reason, stop.params["register"]) == (Reason.REGISTER_VALUE_MISSING, register)


def test_a_zero_code_that_is_not_zero_in_mamut_holds_the_order() -> None:
    stop = stopped(order(), vat={"domestic": {"25": 11}, "zero": 12})
    assert (stop.reason, stop.params["code"]) == (Reason.VAT_CODE_MISSING, "12")


def test_values_that_are_there_reach_the_document() -> None:
    methods = {"klarna": {"payment_terms": 3, "ready_for_invoicing": True, "document": "invoice"}}
    bought = order(goods(), shipping(), payment_method="klarna")
    draft = sent(
        bought,
        department=2,
        orders={"payment_methods": methods, "shipping_methods": {"flat_rate": {"delivery_form": 4}}},
    ).draft
    assert (draft.department, draft.payment_terms, draft.delivery_form) == (2, 3, 4)
    assert (draft.kind, draft.ready_for_invoicing) == (DocumentKind.INVOICE, True)


@pytest.mark.parametrize(
    ("method", "total", "held"), [("bacs", "80.00", True), ("", "80.00", True), ("", "0.00", False)]
)
def test_an_unmapped_payment_method_is_held_only_where_the_merchant_wants_it(
    method: str, total: str, held: bool
) -> None:
    bought = order(goods(total), payment_method=method)
    assert isinstance(decided(bought), Send)
    decision = decided(bought, orders={"payment_unmapped": "hold"})
    assert (isinstance(decision, Stop) and decision.reason is Reason.PAYMENT_METHOD_UNMAPPED) == held


def test_an_unmapped_shipping_method_is_held_only_where_the_merchant_wants_it() -> None:
    bought = order(goods(), shipping())
    assert isinstance(decided(bought), Send)
    assert stopped(bought, orders={"shipping_unmapped": "hold"}).reason is Reason.SHIPPING_METHOD_UNMAPPED
    assert isinstance(decided(order(goods()), orders={"shipping_unmapped": "hold"}), Send)


# -- the document ---------------------------------------------------------------------------------------------------


def test_a_document_carries_what_names_the_order_and_its_people() -> None:
    bought = order(
        number="A-7",
        billing=msgspec.structs.replace(BUYER, company="Ek Bygg AB", street_2="Plan 2"),
        shipping=Address(first_name="Bo", last_name="Ek", street="Gate 1", postcode="0150", city="Oslo", country="NO"),
        payment_title="Klarna",
        customer_note="Ring på\r\nporten",
        coupons=(Coupon(code="sommar", discount=Decimal(0)),),
    )
    draft = sent(bought, name="Butiken", orders={"our_reference": "Kim"}).draft
    assert draft.external_no == "butik:A-7/1042"
    assert draft.name == "Ek Bygg AB"
    assert draft.invoice_address == "Åsa Öberg\nStorgatan 1\nPlan 2\n903 26 Umeå"
    assert draft.delivery_address == "Bo Ek\nGate 1\n0150 Oslo\nNO"
    assert (draft.invoice_country, draft.delivery_country) == ("SE", "NO")
    assert (draft.our_ref, draft.reference, draft.your_ref) == ("Kim", "A-7", "Åsa Öberg")
    assert (draft.fixed_text, draft.packing_text) == ("Butiken A-7, Klarna, sommar", "Ring på\nporten")


@pytest.mark.parametrize("country", ["SVERIGE", "XK"])
def test_a_country_that_mamut_does_not_know_is_left_out_and_noted(country: str) -> None:
    send = sent(order(billing=msgspec.structs.replace(BUYER, country=country)))
    assert (send.draft.invoice_country, send.draft.delivery_country) == ("", "")
    assert send.draft.invoice_address.endswith(country), "the letter's address still says it"
    assert isinstance(send.customer, CreateContact)
    assert {address.country for address in send.customer.draft.addresses} == {""}
    assert ("country_not_in_mamut", "invoice_country") in {(note.code, note.field) for note in send.notes}


def test_a_payment_reference_takes_the_place_of_the_order_number_where_it_is_mapped() -> None:
    bought = order(meta={"_klarna_ref": "K-99"})
    assert sent(bought, orders={"payment_reference_meta": ["_klarna_ref"]}).draft.reference == "K-99"
    assert sent(bought).draft.reference == "1042"


def test_the_date_is_the_swedish_one() -> None:
    late = order(created_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    assert sent(late).draft.order_date.isoformat() == "2026-07-01"
    winter = order(created_at=datetime(2026, 12, 31, 22, 30, tzinfo=UTC))
    assert sent(winter).draft.order_date.isoformat() == "2026-12-31"


def test_every_shortening_and_replacement_is_noted_once_with_its_field() -> None:
    bought = order(goods(name="Ł" * 70), billing=msgspec.structs.replace(BUYER, last_name="Öberg-Łódź " * 8))
    notes = {(note.code, note.field) for note in sent(bought).notes}
    assert {("text_shortened", "description"), ("characters_replaced", "description")} <= notes
    assert {("text_shortened", "name"), ("characters_replaced", "name"), ("text_shortened", "your_ref")} <= notes
    assert len(sent(bought).notes) == len(set(sent(bought).notes))


def test_the_same_order_and_facts_give_the_same_decision() -> None:
    bought = order(goods(), shipping(), fee("-5.00"))
    assert decided(bought) == decided(bought)


# -- looking up -----------------------------------------------------------------------------------------------------


def test_what_is_wanted_is_the_number_the_buyer_and_the_articles() -> None:
    needs = wanted(order(goods(), shipping()), shop())
    assert needs.external_nos == ("butik:1042",)
    assert needs.emails == (BUYER.email,)
    assert set(needs.product_nos) == {"A-1", "FRAKT", "ORESAVR"}


def test_what_many_orders_want_is_merged_with_each_key_once() -> None:
    orders = [order(order_id=ShopOrderId(at), number=str(at)) for at in range(50)]
    needs = merge(wanted(one, shop()) for one in orders)
    assert needs.external_nos == tuple(f"butik:{at}" for at in range(50))
    assert needs.emails == (BUYER.email,)
    assert set(needs.product_nos) == {"A-1", "ORESAVR"}
    assert merge([]) == Wanted()


# -- all of it ------------------------------------------------------------------------------------------------------


def test_every_stop_fills_the_placeholders_of_its_text_and_has_a_state_of_its_own() -> None:
    """A wide enumeration of what can go wrong at once; each ends in one decision whose text has no hole in it."""
    card = (GiftCard(code="X", amount=Decimal(10)),)
    refund = (Refund(refund_id=1, amount=Decimal(1)),)
    orders: list[dict[str, Any]] = [
        {}, {"status": "pending"}, {"status": "checkout-draft"}, {"lines": ()}, {"currency": "USD"},
        {"refunds": refund},
        {"total": Decimal("999.00")}, {"total": Decimal("100.005")}, {"gift_cards": card, "total": Decimal("90.00")},
        {"billing": Address()}, {"lines": (goods(article_no=""),)}, {"lines": (goods(quantity=Decimal("0.001")),)},
        {"lines": (goods("100.00", "8.5"),)}, {"mamut_order_no": MamutOrderNo(5)},
        {"created_at": AT - timedelta(days=9)},
    ]  # fmt: skip
    known: list[dict[str, Any]] = [
        {},
        {"articles": {}},
        {"contacts": (contact(email=BUYER.email, inactive=True),)},
        {"contacts": (contact(email=BUYER.email, credit_stop=True),)},
        {"contacts": (contact(10_001, email=BUYER.email), contact(10_002, email=BUYER.email))},
        {"contacts": (contact(email=BUYER.email),)},
        {"documents": {"butik:1042": (document(order(), total=Decimal(1)),)}},
    ]
    settings: list[dict[str, Any]] = [
        {"orders": {"start_at": AT - timedelta(days=1)}},
        {"customers": {"new": "hold", "probable": "hold"}},
        {"department": 9},
        {"orders": {"payment_unmapped": "hold", "shipping_unmapped": "hold"}},
        {"rules": [{"name": "R", "then": "hold", "when": {"currency": ["USD"]}}]},
    ]
    reasons = set()
    for change, fact, setting in product(orders, known, settings):
        decision = decided(order(**change), fact, **setting)
        if isinstance(decision, Stop):
            reasons.add(decision.reason)
            assert decision.reason.state in (OrderState.HELD, OrderState.WAITING, OrderState.EXCLUDED)
            _fill(decision)
        else:
            assert isinstance(decision, Send)
            assert decision.proof.holds
    assert len(reasons) >= 20


def _fill(stop: Stop) -> None:
    cause = ORDER_TEXTS[stop.reason].cause
    for text in (cause.sv, cause.en):
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert names <= set(stop.params), f"{stop.reason.name} lacks {names - set(stop.params)}"


def test_an_empty_mamut_holds_everything_and_sends_nothing() -> None:
    bought = order()
    assert isinstance(decide(bought, MamutFacts(), shop()), Stop)
