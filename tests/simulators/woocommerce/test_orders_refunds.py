"""Refunds: what they come to, what goes back into stock, when the order counts as refunded."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.woocommerce.options import Gateway
from tests.simulators.woocommerce.order_bench import OrderBench


def _refund(bench: OrderBench, order: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return bench.make(f"/orders/{order['id']}/refunds", **{"api_refund": False, **fields})


def _line(line: dict[str, Any], quantity: int, total: float, tax: float) -> dict[str, Any]:
    taxes = [{"id": line["taxes"][0]["id"], "refund_total": tax}]
    return {"id": line["id"], "quantity": quantity, "refund_total": total, "refund_tax": taxes}


def test_a_refund_by_line_comes_to_its_lines_and_gives_the_pieces_back() -> None:
    bench = OrderBench()
    id_ = bench.stocked("250", 10)
    order = bench.order((id_, 5), status="processing")
    refund = _refund(bench, order, line_items=[_line(order["line_items"][0], 2, 400, 100)])
    assert refund["amount"] == "500.00"
    (line,) = refund["line_items"]
    assert (line["quantity"], line["total"], line["total_tax"], line["price"]) == (-2, "-400.00", "-100.00", 200)
    assert bench.stock(id_) == 7
    told = bench.read(f"/orders/{order['id']}")
    assert (told["total"], told["refunds"]) == ("1250.00", [{"id": refund["id"], "reason": "", "total": "-500.00"}])


def test_goods_that_came_back_are_not_given_back_twice_by_cancelling() -> None:
    bench = OrderBench()
    id_ = bench.stocked("250", 10)
    order = bench.order((id_, 5), status="processing")
    _refund(bench, order, line_items=[_line(order["line_items"][0], 2, 400, 100)])
    bench.change(order["id"], status="cancelled")
    assert bench.stock(id_) == 10


def test_pieces_stay_away_when_restock_is_off() -> None:
    bench = OrderBench()
    id_ = bench.stocked("250", 10)
    order = bench.order((id_, 5), status="processing")
    _refund(bench, order, api_restock=False, line_items=[_line(order["line_items"][0], 2, 400, 100)])
    assert bench.stock(id_) == 5


def test_an_order_is_refunded_when_the_last_ore_is() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("99.99"), 1), status="completed")
    _refund(bench, order, amount="99.98")
    assert bench.read(f"/orders/{order['id']}")["status"] == "completed"
    _refund(bench, order, amount="0.01")
    assert bench.read(f"/orders/{order['id']}")["status"] == "refunded"
    assert bench.mails(order["id"])[-2:] == ["customer_refunded_order"] * 2


@pytest.mark.parametrize(("amount", "code"), [("100.01", "cannot_create_order_refund"), ("-1", "invalid_order_refund")])
def test_too_much_and_less_than_nothing_are_refused_with_500(amount: str, code: str) -> None:
    bench = OrderBench()
    order = bench.order((bench.product("100"), 1), status="completed")
    asked = {"amount": amount, "api_refund": False}
    status, body = bench.ask("POST", f"/orders/{order['id']}/refunds", asked)
    assert (status, body["code"]) == (500, f"woocommerce_rest_{code}")
    assert bench.read(f"/orders/{order['id']}")["refunds"] == []


def test_a_payment_method_that_can_refund_pays_back_by_itself() -> None:
    card = Gateway(id="card", title="Kort", supports=("products", "refunds"))
    bench = OrderBench(gateways=(card,))
    order = bench.order((bench.product("100"), 1), status="processing", payment_method="card")
    refund = bench.make(f"/orders/{order['id']}/refunds", amount="40")
    assert refund["refunded_payment"] is True


def test_status_refunded_refunds_what_is_left() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("100"), 1), status="completed")
    _refund(bench, order, amount="30")
    told = bench.change(order["id"], status="refunded")
    assert sorted(refund["total"] for refund in told["refunds"]) == ["-30.00", "-70.00"]


def test_a_deleted_refund_is_gone_from_order_and_lists() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("100"), 1), status="completed")
    refund = _refund(bench, order, amount="30")
    assert bench.ask("DELETE", f"/orders/{order['id']}/refunds/{refund['id']}")[0] == 200
    assert bench.read(f"/orders/{order['id']}")["refunds"] == []
    assert bench.read("/refunds") == []
    assert _refund(bench, order, amount="100")["amount"] == "100.00"
