"""The merchant's rules: the first that holds decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agent.decide import rules
from agent.decide.orders import decide
from agent.messages import Send, Stop
from agent.model.mamut import DocumentKind
from agent.model.order import Address, Coupon, ShopOrder
from agent.model.reasons import Reason
from agent.settings.tree import RuleWhen
from tests.decide.build import facts, goods, order, shipping, shop

BOUGHT = order(
    goods(article_no="A-1"),
    shipping(),
    payment_method="klarna_payments",
    coupons=(Coupon(code="SOMMAR", discount=Decimal(0)),),
    meta={"kanal": "butik"},
)


def when(**conditions: Any) -> RuleWhen:
    return msgspec.convert(conditions, RuleWhen, strict=False)


HOLDS: list[dict[str, Any]] = [
    {},
    {"status": ["completed", "processing"]},
    {"country": ["SE"]},
    {"payment_method": ["klarna_payments"]},
    {"shipping_method": ["flat_rate"]},
    {"currency": ["SEK", "EUR"]},
    {"company": False},
    {"guest": True},
    {"total_above": "149.99"},
    {"total_below": "150.01"},
    {"article": ["a-1"]},
    {"coupon": ["sommar"]},
    {"meta": {"kanal": "butik"}},
    {"status": ["processing"], "country": ["SE"], "guest": True},
]
FAILS: list[dict[str, Any]] = [
    {"status": ["completed"]},
    {"country": ["NO"]},
    {"payment_method": ["bacs"]},
    {"shipping_method": ["local_pickup"]},
    {"currency": ["EUR"]},
    {"company": True},
    {"guest": False},
    {"total_above": "150.00"},
    {"total_below": "150.00"},
    {"article": ["B-2"]},
    {"coupon": ["VINTER"]},
    {"meta": {"kanal": "webb"}},
    {"meta": {"annat": "butik"}},
    {"status": ["processing"], "country": ["NO"]},
]


@pytest.mark.parametrize("conditions", HOLDS, ids=str)
def test_a_condition_that_is_met_holds(conditions: dict[str, Any]) -> None:
    assert rules.holds(when(**conditions), BOUGHT, company=False)


@pytest.mark.parametrize("conditions", FAILS, ids=str)
def test_one_condition_that_is_not_met_is_enough(conditions: dict[str, Any]) -> None:
    assert not rules.holds(when(**conditions), BOUGHT, company=False)


def test_a_rule_about_shipping_is_not_about_an_order_without_any() -> None:
    assert not rules.holds(when(shipping_method=["flat_rate"]), order(goods()), company=False)


def test_the_country_is_that_of_the_delivery() -> None:
    sent_abroad = order(shipping=Address(street="Gate 1", country="NO"))
    assert rules.holds(when(country=["NO"]), sent_abroad, company=False)


def decided(bought: ShopOrder, *given: dict[str, Any]) -> Send | Stop:
    settings = shop(rules=list(given), orders={"document": "order"})
    decision = decide(bought, facts(bought, settings), settings)
    assert isinstance(decision, Send | Stop)
    return decision


def test_the_first_rule_that_holds_decides_and_is_named() -> None:
    first = {"name": "Inte Norge", "then": "exclude", "when": {"country": ["NO"]}}
    second = {"name": "Stora order", "then": "hold", "when": {"total_above": "100"}}
    third = {"name": "Allt", "then": "exclude"}
    decision = decided(BOUGHT, first, second, third)
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.HELD_BY_RULE
    assert decision.params == {"rule": "Stora order"}


def test_a_rule_can_leave_an_order_out() -> None:
    decision = decided(BOUGHT, {"name": "Inga", "then": "exclude"})
    assert isinstance(decision, Stop)
    assert decision.reason is Reason.EXCLUDED_BY_RULE


@pytest.mark.parametrize(("then", "kind"), [("order", DocumentKind.ORDER), ("invoice", DocumentKind.INVOICE)])
def test_a_rule_can_choose_the_document(then: str, kind: DocumentKind) -> None:
    decision = decided(BOUGHT, {"name": "Välj", "then": then})
    assert isinstance(decision, Send)
    assert decision.draft.kind is kind


def test_a_rule_goes_before_the_payment_method_and_that_before_the_shop() -> None:
    methods = {"klarna_payments": {"document": "invoice"}}
    by_method = shop(orders={"payment_methods": methods})
    decision = decide(BOUGHT, facts(BOUGHT), by_method)
    assert isinstance(decision, Send)
    assert decision.draft.kind is DocumentKind.INVOICE
    by_rule = shop(orders={"payment_methods": methods}, rules=[{"name": "Order", "then": "order"}])
    decision = decide(BOUGHT, facts(BOUGHT), by_rule)
    assert isinstance(decision, Send)
    assert decision.draft.kind is DocumentKind.ORDER
