"""Payment plugins of a simulated shop: what a change of status sets off, and what it looks like when it fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from simulators.people import People
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.orders_place import Basket
from simulators.woocommerce.payments_company import Trouble
from simulators.woocommerce.plugins import Klarna, Nets, PayPal, Plugins, Svea
from simulators.woocommerce.shop import Shop
from tests.simulators.woocommerce.shop_client import ask

V3 = "/wp-json/wc/v3"
ALL = Plugins(klarna=Klarna(), nets=Nets(manage_orders=True), svea=Svea(), paypal=PayPal())
HOLDING = Plugins(paypal=PayPal(intent="authorize", capture_on_status_change=True))


def _shop(plugins: Plugins = ALL) -> Shop:
    shop = Shop(ShopOptions(plugins=plugins), lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    status, _ = ask(shop, "POST", f"{V3}/products", {"name": "Vara", "regular_price": "100"})
    assert status == 201
    return shop


def _bought(shop: Shop, method: str) -> int:
    address = People(1).person().address()
    return shop.place_order(Basket(goods=[(11, 1)], address=address, payment_method=method))


def _put(shop: Shop, order_id: int, **fields: Any) -> Any:
    status, body = ask(shop, "PUT", f"{V3}/orders/{order_id}", fields)
    assert status == 200
    return body


def _meta(body: Any) -> dict[str, str]:
    return {row["key"]: row["value"] for row in body["meta_data"]}


def _notes(shop: Shop, order_id: int) -> str:
    return " | ".join(row["note"] for row in ask(shop, "GET", f"{V3}/orders/{order_id}/notes")[1])


@pytest.mark.parametrize(
    ("method", "key", "marker"),
    [
        ("klarna_payments", "_wc_klarna_order_id", "_wc_klarna_capture_id"),
        ("kco", "_wc_klarna_order_id", "_wc_klarna_capture_id"),
        ("svea_checkout", "_svea_co_order_id", "_svea_co_deliver_date"),
    ],
)
def test_completing_an_order_captures_and_marks_it(method: str, key: str, marker: str) -> None:
    shop = _shop()
    order_id = _bought(shop, method)
    status, before = ask(shop, "GET", f"{V3}/orders/{order_id}")
    assert (status, before["status"]) == (200, "processing")
    assert before["transaction_id"] == _meta(before)[key]
    assert marker not in _meta(before)
    after = _put(shop, order_id, status="completed")
    assert after["status"] == "completed"
    assert _meta(after)[marker]
    payment = shop.payments.payment(shop.orders.all[order_id])
    assert payment.captured_ore == round(float(after["total"]) * 100)


@pytest.mark.parametrize("method", ["klarna_payments", "dibs_easy"])
@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_failed_capture_shows_as_on_hold_in_the_same_answer(method: str, trouble: Trouble) -> None:
    shop = _shop()
    order_id = _bought(shop, method)
    order = shop.orders.all[order_id]
    for row in order.meta:
        if row.key == "dibs_payment_type":
            row.value = "CARD"
    shop.payments.trouble(order_id, trouble)
    answer = _put(shop, order_id, status="completed")
    assert answer["status"] == "on-hold"
    assert not {"_wc_klarna_capture_id", "_dibs_charge_id"} & set(_meta(answer))
    kinds = [mail.kind for mail in shop.orders.mails.sent if mail.order_id == order_id]
    assert "customer_completed_order" in kinds
    shop.payments.trouble(order_id, None)
    assert _put(shop, order_id, status="completed")["status"] == "completed"


def test_svea_stays_completed_and_tells_a_failure_in_a_note_only() -> None:
    shop = _shop()
    order_id = _bought(shop, "svea_checkout")
    shop.payments.trouble(order_id, Trouble.DECLINED)
    answer = _put(shop, order_id, status="completed")
    assert answer["status"] == "completed"
    assert "_svea_co_deliver_date" not in _meta(answer)
    assert "Error received when trying to deliver order in Svea" in _notes(shop, order_id)


def test_nets_as_installed_charges_nothing() -> None:
    shop = _shop(Plugins(nets=Nets()))
    order_id = _bought(shop, "dibs_easy")
    answer = _put(shop, order_id, status="completed")
    assert answer["status"] == "completed"
    assert "_dibs_charge_id" not in _meta(answer)
    assert shop.payments.payment(shop.orders.all[order_id]).captured_ore == 0


def test_an_order_worth_more_than_was_agreed_is_not_captured() -> None:
    shop = _shop()
    order_id = _bought(shop, "klarna_payments")
    _put(shop, order_id, fee_lines=[{"name": "Inslagning", "total": "40"}])
    assert _put(shop, order_id, status="completed")["status"] == "on-hold"
    forced = _shop(Plugins(klarna=Klarna(force_full_capture=True)))
    order_id = _bought(forced, "klarna_payments")
    _put(forced, order_id, fee_lines=[{"name": "Inslagning", "total": "40"}])
    assert _put(forced, order_id, status="completed")["status"] == "completed"


def test_an_order_is_captured_once() -> None:
    shop = _shop()
    order_id = _bought(shop, "klarna_payments")
    first = _meta(_put(shop, order_id, status="completed"))["_wc_klarna_capture_id"]
    _put(shop, order_id, status="processing")
    again = _put(shop, order_id, status="completed")
    assert (again["status"], _meta(again)["_wc_klarna_capture_id"]) == ("completed", first)
    assert "already been captured" in _notes(shop, order_id)


def test_klarna_passes_over_an_order_without_its_id() -> None:
    shop = _shop()
    body = {"status": "processing", "payment_method": "klarna_payments", "line_items": [{"product_id": 11}]}
    order_id = ask(shop, "POST", f"{V3}/orders", body)[1]["id"]
    assert _put(shop, order_id, status="completed")["status"] == "on-hold"


def test_a_cancelled_order_gives_up_its_authorisation() -> None:
    shop = _shop()
    for method, marker in (("klarna_payments", "_wc_klarna_cancelled"), ("svea_checkout", "_svea_co_cancel_date")):
        order_id = _bought(shop, method)
        assert _meta(_put(shop, order_id, status="cancelled"))[marker]
        assert shop.payments.payment(shop.orders.all[order_id]).cancelled
    order_id = _bought(shop, "ppcp-gateway")
    _put(shop, order_id, status="cancelled")
    assert not shop.payments.payment(shop.orders.all[order_id]).cancelled


def test_paypal_captures_at_the_checkout_or_when_told() -> None:
    at_once = _shop()
    order_id = _bought(at_once, "ppcp-gateway")
    body = ask(at_once, "GET", f"{V3}/orders/{order_id}")[1]
    assert (body["status"], _meta(body)["_ppcp_paypal_captured"]) == ("processing", "true")
    held = _shop(HOLDING)
    order_id = _bought(held, "ppcp-gateway")
    body = ask(held, "GET", f"{V3}/orders/{order_id}")[1]
    assert (body["status"], _meta(body)["_ppcp_paypal_captured"]) == ("on-hold", "false")
    body = _put(held, order_id, status="processing")
    assert (body["status"], _meta(body)["_ppcp_paypal_captured"]) == ("processing", "true")
    order_id = _bought(held, "ppcp-gateway")
    held.payments.trouble(order_id, Trouble.DECLINED)
    assert _put(held, order_id, status="completed")["status"] == "failed"


def test_money_goes_back_through_the_payment_company_once_it_was_captured() -> None:
    shop = _shop()
    order_id = _bought(shop, "klarna_payments")
    asked = {"amount": "60", "api_refund": True}
    status, fault = ask(shop, "POST", f"{V3}/orders/{order_id}/refunds", asked)
    assert (status, fault["code"]) == (500, "woocommerce_rest_cannot_create_order_refund")
    _put(shop, order_id, status="completed")
    status, refund = ask(shop, "POST", f"{V3}/orders/{order_id}/refunds", asked)
    assert (status, refund["refunded_payment"]) == (201, True)
    assert ask(shop, "POST", f"{V3}/orders/{order_id}/refunds", {"amount": "100", "api_refund": True})[0] == 500
    payment = shop.payments.payment(shop.orders.all[order_id])
    assert payment.refunded_ore == 6000


def test_the_plugins_payment_methods_are_listed() -> None:
    names = [row["id"] for row in ask(_shop(), "GET", f"{V3}/payment_gateways")[1]]
    assert {"klarna_payments", "kco", "dibs_easy", "svea_checkout", "ppcp-gateway"} <= set(names)
    assert [row["id"] for row in ask(Shop(), "GET", f"{V3}/payment_gateways")[1]] == ["bacs", "cheque", "cod"]


def test_plugins_are_installed_by_name_and_keep_the_settings_they_have() -> None:
    held = Plugins(nets=Nets(manage_orders=True)).with_these(["nets", "klarna", "ast"])
    assert held == Plugins(nets=Nets(manage_orders=True), klarna=Klarna(), tracking="ast")
    with pytest.raises(KeyError):
        Plugins().with_these(["stripe"])
