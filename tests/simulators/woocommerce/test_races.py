"""Requests that overlap: nothing goes wrong between them unless the shop is told to race."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.quirks import Quirks
from simulators.woocommerce.shop import Shop
from tests.simulators.woocommerce.shop_client import ask

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Bench:
    """A shop that races by `share`, and somebody who sends it requests `apart_ms` from each other."""

    def __init__(self, share: float, apart_ms: float = 1.0) -> None:
        self.now = NOW
        self._apart = timedelta(milliseconds=apart_ms)
        self.shop = Shop(ShopOptions(quirks=Quirks(races=share)), lambda: self.now, seed=4)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> tuple[int, Any]:
        self.now += self._apart
        return ask(self.shop, method, f"/wp-json/wc/v3/{path}", body)

    def wait(self) -> None:
        self.now += timedelta(seconds=10)

    def product(self, stock: int) -> int:
        body = {"name": "Vara", "regular_price": "100", "manage_stock": True, "stock_quantity": stock}
        id_: int = self.ask("POST", "products", body)[1]["id"]
        self.wait()
        return id_

    def stock(self, product: int) -> int:
        self.wait()
        left: int = self.ask("GET", f"products/{product}")[1]["stock_quantity"]
        return left


def stock_after_the_same_status_twice(bench: Bench) -> int:
    product = bench.product(100)
    _, order = bench.ask("POST", "orders", {"line_items": [{"product_id": product, "quantity": 3}]})
    bench.wait()
    for _ in range(2):
        assert bench.ask("PUT", f"orders/{order['id']}", {"status": "processing"})[0] == 200
    return bench.stock(product)


def test_an_order_takes_its_stock_once_however_often_it_is_told() -> None:
    assert stock_after_the_same_status_twice(Bench(0.0)) == 97


def test_a_racing_shop_takes_the_stock_of_one_order_twice() -> None:
    assert stock_after_the_same_status_twice(Bench(1.0)) == 94


def test_requests_that_do_not_overlap_do_not_race() -> None:
    assert stock_after_the_same_status_twice(Bench(1.0, apart_ms=2000)) == 97


@pytest.mark.parametrize(("share", "left"), [(0.0, 94), (1.0, 99)])
def test_a_racing_shop_loses_changes_of_stock(share: float, left: int) -> None:
    bench = Bench(share)
    product = bench.product(100)
    for _ in range(6):
        bench.ask("PUT", f"products/{product}", {"inventory_delta": -1})
    assert bench.stock(product) == left


@pytest.mark.parametrize(("share", "accepted"), [(0.0, 2), (1.0, 4)])
def test_a_racing_shop_refunds_more_than_was_paid(share: float, accepted: int) -> None:
    bench = Bench(share)
    product = bench.product(10)
    body = {"status": "processing", "line_items": [{"product_id": product, "quantity": 1}]}
    order = bench.ask("POST", "orders", body)[1]["id"]
    bench.wait()
    asked = [bench.ask("POST", f"orders/{order}/refunds", {"amount": "40.00", "api_refund": False}) for _ in range(4)]
    assert sum(status == 201 for status, _ in asked) == accepted


def test_one_of_two_products_with_the_same_sku_is_refused_either_way() -> None:
    codes = []
    for share in (0.0, 1.0):
        bench = Bench(share)
        made = [bench.ask("POST", "products", {"name": name, "sku": "SAMMA"}) for name in "AB"]
        assert [status for status, _ in made] == [201, 400]
        codes.append(made[1][1]["code"])
    assert codes == ["product_invalid_sku", "woocommerce_rest_product_not_created"]
