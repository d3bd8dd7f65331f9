"""What a shop gave back of an order: as a real shop recorded it, and as the simulated one answers."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from trio.testing import MockClock

from agent.model.aftermath import OrderRefund
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import LineKind, ShopOrder
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.refunds import read_refund
from agent.remote.woocommerce.translate import read_order
from simulators.http import Request, Response
from tests.remote.shop_bench import JSON, ShopBench, shop_bench

RECORDING = Path(__file__).parents[1] / "recordings" / "orders_refunds_notes.json"


def recorded(at: int) -> Any:
    return json.loads(RECORDING.read_text("utf-8"))["exchanges"][at]["response"]["body"]


def recorded_order() -> ShopOrder:
    """The order that the refunds of the recording are of, as it was placed."""
    given = {"currency": "SEK", "date_created_gmt": "2026-11-23T10:51:54", **recorded(10)}
    order = read_order(json.dumps(given).encode(), ShopKey("butik"))
    assert isinstance(order, ShopOrder)
    return order


def recorded_refund(at: int) -> OrderRefund:
    return read_refund(json.dumps(recorded(at)).encode(), recorded_order())


def test_a_real_shops_refund_of_one_piece_is_a_row_with_positive_amounts_and_its_rate() -> None:
    refund = recorded_refund(11)
    (row,) = refund.lines
    assert (refund.refund_id, refund.amount, row.of_line) == (19, Decimal("125.00"), 6)
    assert (row.line.kind, row.line.quantity, row.line.total, row.line.tax_total) == (
        LineKind.PRODUCT,
        Decimal(1),
        Decimal("100.00"),
        Decimal("25.00"),
    )
    assert row.line.article_no == "R-1"
    (part,) = row.line.taxes
    assert (part.amount, part.percent, part.country) == (Decimal("25.00"), Decimal(25), "SE")


@pytest.mark.parametrize(("at", "amount"), [(2, "100.00"), (4, "0"), (7, "0"), (23, "10.00")])
def test_a_real_shops_refund_of_an_amount_has_no_rows(at: int, amount: str) -> None:
    refund = recorded_refund(at)
    assert (refund.amount, refund.lines) == (Decimal(amount), ())


async def _paid(bench: ShopBench) -> dict[str, Any]:
    product = bench.do(
        "POST",
        "/products",
        {"name": "Vara", "sku": "V-1", "regular_price": "125.00", "manage_stock": True, "stock_quantity": 10},
    )["id"]
    made: dict[str, Any] = bench.do(
        "POST",
        "/orders",
        {
            "set_paid": True,
            "payment_method": "bacs",
            "line_items": [{"product_id": product, "quantity": 3}],
            "shipping_lines": [{"method_id": "flat_rate", "method_title": "Frakt", "total": "40.00"}],
        },
    )
    return made


async def _order(bench: ShopBench, order_id: int) -> ShopOrder:
    seen = await bench.port.read_orders((ShopOrderId(order_id),), "test")
    return seen.orders[0]


def _refund_body(row: dict[str, Any], count: int, **more: Any) -> dict[str, Any]:
    return {
        "api_refund": False,
        "line_items": [{"id": row["id"], "quantity": count, "refund_total": 100 * count}],
        **more,
    }


async def test_refunds_come_oldest_first_with_the_order_rows_they_are_of(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        made = await _paid(bench)
        path = f"/orders/{made['id']}/refunds"
        first = bench.do("POST", path, _refund_body(made["line_items"][0], 1))["id"]
        second = bench.do("POST", path, {"api_refund": False, "amount": "10.00"})["id"]
        shipping = made["shipping_lines"][0]
        third = bench.do(
            "POST", path, {"api_refund": False, "line_items": [{"id": shipping["id"], "refund_total": 40}]}
        )
        refunds = await bench.port.read_refunds(await _order(bench, made["id"]))
        assert [refund.refund_id for refund in refunds] == [first, second, third["id"]]
        assert [row.of_line for refund in refunds for row in refund.lines] == [
            made["line_items"][0]["id"],
            shipping["id"],
        ]
        (freight,) = refunds[2].lines
        assert (freight.line.kind, freight.line.quantity, freight.line.total) == (
            LineKind.SHIPPING,
            Decimal(1),
            Decimal("40.00"),
        )


async def test_a_refund_says_whether_the_shop_took_its_goods_back(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        made = await _paid(bench)
        path = f"/orders/{made['id']}/refunds"
        bench.do("POST", path, _refund_body(made["line_items"][0], 1))
        bench.do("POST", path, _refund_body(made["line_items"][0], 1, api_restock=False))
        refunds = await bench.port.read_refunds(await _order(bench, made["id"]))
        assert [refund.restocked for refund in refunds] == [True, False]


async def test_an_order_without_refunds_is_asked_once(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        made = await _paid(bench)
        order = await _order(bench, made["id"])
        before = len(bench.asked)
        assert await bench.port.read_refunds(order) == ()
        assert len(bench.asked) == before + 1


async def test_a_refund_that_cannot_be_read_is_never_guessed(autojump_clock: MockClock) -> None:
    async with shop_bench() as bench:
        made = await _paid(bench)
        bench.do("POST", f"/orders/{made['id']}/refunds", {"api_refund": False, "amount": "10.00"})
        order = await _order(bench, made["id"])

        def garbled(request: Request, _response: Response) -> Response | None:
            if not request.path.endswith("/refunds"):
                return None
            return Response(status=200, headers=JSON, body=b'[{"id": "sju", "amount": "10.00"}]')

        bench.answer_with(garbled)
        with pytest.raises(Trouble) as caught:
            await bench.port.read_refunds(order)
        assert caught.value.kind is TroubleKind.GARBLED
