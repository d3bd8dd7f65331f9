"""Orders from the shop window: with HTTP and without they are the same, and nobody buys what is not there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from simulators.http import Request
from simulators.people import People
from simulators.woocommerce.call import RestError
from simulators.woocommerce.orders_place import Basket
from tests.simulators.woocommerce.order_bench import OrderBench

_ADDRESS = People(5).person().address()


class _Window:
    """A shopper's browser: keeps the cart's token."""

    def __init__(self, bench: OrderBench) -> None:
        self._shop = bench.shop
        self._token = ""
        self.ask("GET", "cart")

    def ask(self, method: str, path: str, **fields: Any) -> tuple[int, Any]:
        headers = {"content-type": "application/json", "cart-token": self._token, "user-agent": "Mozilla/5.0"}
        body = json.dumps(fields).encode() if method == "POST" else b""
        answer = self._shop.handle(
            Request(method=method, path=f"/wp-json/wc/store/v1/{path}", headers=headers, body=body, scheme="https")
        )
        self._token = dict(answer.headers)["Cart-Token"]
        return answer.status, json.loads(answer.body)

    def buy(self, payment_method: str, address: dict[str, str]) -> tuple[int, Any]:
        people = {"billing_address": address, "shipping_address": address}
        return self.ask("POST", "checkout", payment_method=payment_method, **people)


def _goods(bench: OrderBench) -> list[tuple[int, int]]:
    bench.coupon("tolv", "percent", "12")
    return [
        (bench.stocked("149.90", 5, name="Kanna", sku="K"), 2),
        (bench.stocked("37.50", 5, name="Kex", tax_class="reduced-rate"), 3),
    ]


def _same(order: dict[str, Any]) -> dict[str, Any]:
    """What two orders of the same goods have in common: all but ids, keys and digests."""
    own = {"id", "number", "order_key", "payment_url", "meta_data", "_links", "refunds", "line_items", "coupon_lines"}
    lines = [
        {name: value for name, value in line.items() if name not in {"id", "meta_data"}}
        for name in ("line_items", "coupon_lines")
        for line in order[name]
    ]
    rest = {name: value for name, value in order.items() if name not in own}
    for name in ("tax_lines", "shipping_lines"):
        rest[name] = [
            {key: value for key, value in line.items() if key not in {"id", "meta_data"}} for line in order[name]
        ]
    return {**rest, "lines": lines}


def test_an_order_placed_without_http_is_the_one_a_browser_makes() -> None:
    orders = []
    for by_hand in (False, True):
        bench = OrderBench()
        goods = _goods(bench)
        if by_hand:
            basket = Basket(goods=goods, address=_ADDRESS, payment_method="cod", coupons=["tolv"])
            id_ = bench.shop.place_order(basket)
        else:
            window = _Window(bench)
            for product, count in goods:
                assert window.ask("POST", "cart/add-item", id=product, quantity=count)[0] == 201
            assert window.ask("POST", "cart/apply-coupon", code="TOLV")[0] == 200
            assert window.ask("GET", "checkout")[1]["status"] == "checkout-draft"
            status, placed = window.buy("cod", _ADDRESS)
            assert status == 200
            id_ = placed["order_id"]
        orders.append(
            (_same(bench.read(f"/orders/{id_}")), bench.notes(id_), bench.mails(id_), bench.stock(goods[0][0]))
        )
    assert orders[0] == orders[1]
    assert orders[0][3] == 3


def test_the_cart_s_sum_is_the_order_s() -> None:
    bench = OrderBench()
    window = _Window(bench)
    for product, count in _goods(bench):
        window.ask("POST", "cart/add-item", id=product, quantity=count)
    cart = window.ask("POST", "cart/apply-coupon", code="tolv")[1]
    order = bench.read(f"/orders/{window.buy('bacs', _ADDRESS)[1]['order_id']}")
    assert int(cart["totals"]["total_price"]) == round(float(order["total"]) * 100)
    assert int(cart["totals"]["total_tax"]) == round(float(order["total_tax"]) * 100)


@pytest.mark.parametrize(
    ("method", "status", "paid"),
    [("cod", "processing", False), ("bacs", "on-hold", False), ("card", "processing", True)],
)
def test_the_payment_method_decides_the_status(method: str, status: str, paid: bool) -> None:
    from simulators.woocommerce.options import GATEWAYS, Gateway

    bench = OrderBench(gateways=(*GATEWAYS, Gateway(id="card", title="Kort")))
    id_ = bench.shop.place_order(Basket(goods=[(bench.product("50"), 1)], address=_ADDRESS, payment_method=method))
    order = bench.read(f"/orders/{id_}")
    assert (order["status"], order["date_paid"] is not None, order["transaction_id"] != "") == (status, paid, paid)


def test_the_last_piece_is_sold_once() -> None:
    bench = OrderBench()
    id_ = bench.stocked("50", 1)
    windows = [_Window(bench), _Window(bench)]
    for window in windows:
        assert window.ask("POST", "cart/add-item", id=id_, quantity=1)[0] == 201
    first, second = (window.buy("cod", _ADDRESS) for window in windows)
    assert (first[0], second[0], second[1]["code"]) == (200, 403, "woocommerce_product_not_enough_stock")
    assert bench.stock(id_) == 0
    statuses = [row["status"] for row in bench.read("/orders", _fields="status")]
    assert statuses == ["checkout-draft", "processing"]


def test_goods_on_back_order_are_sold_below_zero() -> None:
    bench = OrderBench()
    id_ = bench.stocked("50", 1, backorders="notify")
    bench.shop.place_order(Basket(goods=[(id_, 4)], address=_ADDRESS, payment_method="cod"))
    assert bench.stock(id_) == -3


def test_unknown_goods_and_payment_methods_are_refused() -> None:
    bench = OrderBench()
    with pytest.raises(KeyError):
        bench.shop.place_order(Basket(goods=[(4711, 1)], address=_ADDRESS))
    with pytest.raises(RestError):
        bench.shop.place_order(Basket(goods=[(bench.product("5"), 1)], address=_ADDRESS, payment_method="swish"))


def test_free_shipping_is_offered_from_its_sum_on() -> None:
    bench = OrderBench()
    window = _Window(bench)
    id_ = bench.product("250")
    offered = []
    for count in (3, 1):
        cart = window.ask("POST", "cart/add-item", id=id_, quantity=count)[1]
        offered.append([rate["method_id"] for rate in cart["shipping_rates"][0]["shipping_rates"]])
    assert offered == [["flat_rate", "local_pickup"], ["flat_rate", "local_pickup", "free_shipping"]]


def test_a_shopper_from_abroad_pays_the_price_without_the_shop_s_tax() -> None:
    bench = OrderBench(zones=())
    address = {**_ADDRESS, "country": "NO", "postcode": "0150"}
    id_ = bench.shop.place_order(Basket(goods=[(bench.product("250"), 1)], address=address, payment_method="cod"))
    order = bench.read(f"/orders/{id_}")
    assert (order["total"], order["total_tax"], order["shipping_lines"]) == ("200.00", "0.00", [])


def test_a_cart_without_token_or_goods_gets_nowhere() -> None:
    bench = OrderBench()
    bare = Request(method="POST", path="/wp-json/wc/store/v1/cart/add-item", scheme="https")
    assert bench.shop.handle(bare).status == 401
    assert _Window(bench).buy("cod", _ADDRESS)[1]["code"] == "woocommerce_rest_cart_empty"
