"""Where reserved money is, by what each payment plugin leaves on the order."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from agent.decide import capture
from agent.decide.capture import Money, Proof
from agent.decide.statuses import Progress
from agent.model.goods import ShownOrder

START = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)


def order(method: str, status: str = "completed", total: str = "100", refunded: str = "0", **meta: str) -> ShownOrder:
    return ShownOrder(
        order_id=1,
        status=status,
        total=Decimal(total),
        refunded=Decimal(refunded),
        currency="SEK",
        payment_method=method,
        transaction_id="t",
        created_at=START,
        paid_at=START,
        modified_at=START,
        meta=meta,
    )


KLARNA, NETS, SVEA, PAYPAL = "klarna_payments", "dibs_easy", "svea_checkout", "ppcp-gateway"


@pytest.mark.parametrize(
    ("method", "meta", "where"),
    [
        (KLARNA, {}, Money.RESERVED),
        (KLARNA, {"_wc_klarna_capture_id": "c"}, Money.CAPTURED),
        (KLARNA, {"_wc_klarna_cancelled": "yes"}, Money.GONE),
        ("kco", {"_wc_klarna_capture_id": "c"}, Money.CAPTURED),
        (NETS, {"dibs_payment_type": "CARD"}, Money.RESERVED),
        (NETS, {"dibs_payment_type": "CARD", "_dibs_charge_id": "c"}, Money.CAPTURED),
        (NETS, {"dibs_payment_type": "A2A"}, Money.NOT_NEEDED),
        ("nets_easy_card", {"_dibs_charge_id": "c"}, Money.CAPTURED),
        (SVEA, {}, Money.RESERVED),
        (SVEA, {"_svea_co_deliver_date": "2026-11-02"}, Money.CAPTURED),
        (SVEA, {"_svea_co_cancel_date": "2026-11-02"}, Money.GONE),
        (PAYPAL, {"_ppcp_paypal_captured": "true"}, Money.CAPTURED),
        (PAYPAL, {"_ppcp_paypal_captured": "false"}, Money.RESERVED),
        (PAYPAL, {"_ppcp_paypal_intent": "AUTHORIZE"}, Money.RESERVED),
        (PAYPAL, {"_ppcp_paypal_intent": "CAPTURE"}, Money.NOT_NEEDED),
        ("ppcp-trustly", {}, Money.NOT_NEEDED),
        ("bacs", {}, Money.NOT_NEEDED),
        ("cod", {}, Money.NOT_NEEDED),
        ("swish", {}, Money.NOT_NEEDED),
        ("stripe", {}, Money.UNKNOWN),
        ("", {}, Money.UNKNOWN),
    ],
)
def test_where_the_money_is_stands_in_the_plugins_own_marker(method: str, meta: dict[str, str], where: Money) -> None:
    assert capture.money(order(method, **meta)) is where


@pytest.mark.parametrize("method", [KLARNA, NETS, SVEA, PAYPAL, "stripe"])
def test_an_order_worth_nothing_needs_no_capture(method: str) -> None:
    assert capture.money(order(method, total="0")) is Money.NOT_NEEDED
    assert capture.money(order(method, total="50", refunded="50")) is Money.NOT_NEEDED


@pytest.mark.parametrize(
    ("shown", "proof"),
    [
        (order(KLARNA, "completed", _wc_klarna_capture_id="c"), Proof.CAPTURED),
        (order(KLARNA, "on-hold"), Proof.FAILED),
        (order(KLARNA, "completed"), Proof.SILENT),
        (order(KLARNA, "completed", _wc_klarna_cancelled="yes"), Proof.FAILED),
        (order(NETS, "on-hold"), Proof.FAILED),
        (order(NETS, "completed"), Proof.SILENT),
        (order(NETS, "completed", dibs_payment_type="A2A"), Proof.NOT_NEEDED),
        (order(SVEA, "completed"), Proof.SILENT),
        (order(SVEA, "completed", _svea_co_deliver_date="d"), Proof.CAPTURED),
        (order(PAYPAL, "failed", _ppcp_paypal_captured="false"), Proof.FAILED),
        (order(PAYPAL, "on-hold", _ppcp_paypal_captured="false"), Proof.FAILED),
        (order("bacs"), Proof.NOT_NEEDED),
        (order("stripe"), Proof.UNKNOWN),
    ],
)
def test_a_capture_is_proved_by_its_marker_and_never_by_the_status(shown: ShownOrder, proof: Proof) -> None:
    assert capture.proof(shown) is proof


def test_all_markers_are_asked_for() -> None:
    for provider in capture.PROVIDERS:
        assert set(provider.meta) <= set(capture.META)


def test_amounts_are_what_is_left_after_refunds_and_credits() -> None:
    assert capture.worth_ore(order(KLARNA, total="100.10", refunded="0.10")) == 10_000
    assert capture.owed_ore(Progress(total_ore=10_010, credited_ore=10)) == 10_000


def test_a_reservation_ends_by_its_providers_days_or_the_merchants_own() -> None:
    assert capture.expires_at(order(KLARNA), {}) == START + timedelta(days=28)
    assert capture.expires_at(order(NETS), {}) == START + timedelta(days=7)
    assert capture.expires_at(order(KLARNA), {KLARNA: 5}) == START + timedelta(days=5)
    assert capture.expires_at(order("stripe"), {"stripe": 7}) == START + timedelta(days=7)
    assert capture.expires_at(order("stripe"), {}) is None


def test_only_money_that_is_reserved_can_expire() -> None:
    assert capture.may_expire(order(KLARNA, "processing"))
    assert not capture.may_expire(order(KLARNA, "cancelled"))
    assert not capture.may_expire(order(KLARNA, "processing", _wc_klarna_capture_id="c"))
    assert not capture.may_expire(order("bacs", "processing"))


def test_the_first_look_comes_before_the_shortest_reservation_ends() -> None:
    assert capture.first_look_days({}, 3) == 4
    assert capture.first_look_days({"stripe": 2}, 3) == 0
