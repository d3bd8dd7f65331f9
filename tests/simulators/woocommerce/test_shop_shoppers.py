"""Shoppers at the simulator's door: they buy in the shop window, like customers."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from simulators.http import Request
from simulators.woocommerce.site import Site
from tests.simulators.woocommerce.shop_client import ask

V3 = "/wp-json/wc/v3"


def _site(stock: int = 500) -> Site:
    site = Site(lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    goods = {"regular_price": "100", "manage_stock": True, "stock_quantity": stock}
    for name in ("Kopp", "Fat", "Ljus"):
        assert ask(site, "POST", f"{V3}/products", {"name": name, **goods})[0] == 201
    return site


def _door(site: Site, method: str, name: str, **body: Any) -> tuple[int, Any]:
    request = Request(method=method, path=f"/simulator/{name}", body=json.dumps(body).encode() if body else b"")
    response = site.handle(request)
    return response.status, json.loads(response.body)


def test_shoppers_place_orders_and_take_stock() -> None:
    site = _site()
    status, told = _door(site, "POST", "place-orders", n=20, seed=4)
    assert (status, len(told["ids"])) == (200, 20)
    orders = ask(site, "GET", f"{V3}/orders", per_page="100")[1]
    assert sorted(order["id"] for order in orders) == told["ids"]
    assert {order["created_via"] for order in orders} == {"store-api"}
    assert all(order["billing"]["email"].endswith(".example") for order in orders)
    sold = sum(line["quantity"] for order in orders for line in order["line_items"])
    left = sum(row["stock_quantity"] for row in ask(site, "GET", f"{V3}/products")[1])
    assert left == 1500 - sold
    census = _door(site, "GET", "census")[1]
    assert sum(census["orders"].values()) == 20
    assert census["total_ore"] == sum(round(float(order["total"]) * 100) for order in orders)


def test_the_same_seed_brings_the_same_shoppers() -> None:
    bought = []
    for seed in (4, 4, 5):
        site = _site()
        _door(site, "POST", "place-orders", n=5, seed=seed)
        rows = ask(site, "GET", f"{V3}/orders", _fields="billing,total,payment_method")[1]
        bought.append(json.dumps(rows, sort_keys=True))
    assert bought[0] == bought[1] != bought[2]


def test_other_shoppers_come_when_no_seed_is_named() -> None:
    site = _site()
    for _ in range(2):
        _door(site, "POST", "place-orders", n=1)
    orders = ask(site, "GET", f"{V3}/orders")[1]
    assert orders[0]["billing"] != orders[1]["billing"]


def test_a_shop_that_is_sold_out_sells_no_more() -> None:
    site = _site(stock=2)
    told = _door(site, "POST", "place-orders", n=50, seed=1)[1]
    assert 1 <= len(told["ids"]) <= 6
    assert all(row["stock_quantity"] >= 0 for row in ask(site, "GET", f"{V3}/products")[1])


def test_the_door_says_what_is_wrong() -> None:
    site = Site(lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    assert _door(site, "POST", "place-orders", n=1)[0] == 400
    assert _door(site, "POST", "place-orders", m=1)[0] == 400
    assert _door(site, "POST", "fill", products=-1)[0] == 400
    assert _door(site, "DELETE", "census")[0] == 404
    assert _door(site, "POST", "fill", products=10, orders=10)[1] == {"products": 10, "variations": 6, "orders": 10}
    assert _door(site, "POST", "run-queue")[0] == 200
