"""How long the simulated shop says it works, held to the recorded times to answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulators.http import Request
from simulators.woocommerce import pace

RECORDED = Path(__file__).parents[2] / "recordings" / "throughput.json"
ORDER = {"id": 1, "line_items": [{}, {}, {}]}
SHORT = {"id": 1, "status": "processing"}


def _request(method: str, path: str, query: str = "", body: bytes = b"") -> Request:
    return Request(method=method, path=f"/wp-json/wc/v3{path}", query=query, body=body)


CASES: dict[str, tuple[Request, Any]] = {
    "POST /orders, 3 lines": (_request("POST", "/orders"), ORDER),
    "GET /orders?per_page=100 (100 orders of 3 lines)": (_request("GET", "/orders", "per_page=100"), [ORDER] * 100),
    "GET /orders?per_page=100&_fields=id,status,date_modified_gmt": (
        _request("GET", "/orders", "per_page=100&_fields=id,status,date_modified_gmt"),
        [SHORT] * 100,
    ),
    "GET /orders?per_page=10": (_request("GET", "/orders", "per_page=10"), [ORDER] * 10),
    "GET /orders/<id>": (_request("GET", "/orders/12"), ORDER),
    "PUT /orders/<id> meta only": (_request("PUT", "/orders/12", body=b'{"meta_data": []}'), ORDER),
    "GET /orders?modified_after=<recent> (none)": (_request("GET", "/orders", "modified_after=x"), []),
    "GET /products?per_page=100": (_request("GET", "/products", "per_page=100"), [SHORT] * 100),
    "GET /products?per_page=100&_fields=id,sku,stock_quantity": (
        _request("GET", "/products", "per_page=100&_fields=id,sku,stock_quantity"),
        [SHORT] * 100,
    ),
    "GET /products/<id>": (_request("GET", "/products/12"), SHORT),
    "PUT /products/<id> stock": (_request("PUT", "/products/12", body=b'{"stock_quantity": 3}'), SHORT),
    "POST /products/batch, 100 stock updates": (_request("POST", "/products/batch"), {"update": [SHORT] * 100}),
    "POST /products/batch, 20 stock updates": (_request("POST", "/products/batch"), {"update": [SHORT] * 20}),
    "POST /products, one": (_request("POST", "/products"), SHORT),
    "POST /orders/batch, 20 orders": (_request("POST", "/orders/batch"), {"create": [ORDER] * 20}),
}


@pytest.mark.parametrize("name", CASES)
def test_a_request_takes_as_long_as_in_the_recorded_shop(name: str) -> None:
    median_ms = json.loads(RECORDED.read_text("utf-8"))["figures"][name]["median_ms"]
    assert pace.work_ms(*CASES[name]) == pytest.approx(median_ms, rel=0.05)


@pytest.mark.parametrize(
    ("alone", "crowded"),
    [
        ("POST /orders, 3 lines", "POST /orders, 3 lines, 4 at once"),
        ("GET /orders/<id>", "GET /orders/<id>, 4 at once"),
        ("PUT /products/<id> stock", "PUT /products/<id> stock, 4 at once"),
        ("GET /orders?per_page=100 (100 orders of 3 lines)", "GET /orders?per_page=100, 4 at once"),
    ],
)
def test_four_requests_at_once_slow_each_other_down_as_recorded(alone: str, crowded: str) -> None:
    median_ms = json.loads(RECORDED.read_text("utf-8"))["figures"][crowded]["median_ms"]
    request, answer = CASES[alone]
    assert pace.in_a_crowd(request, pace.work_ms(request, answer), 4) == pytest.approx(median_ms, rel=0.15)


def test_an_error_costs_no_more_than_starting_the_shop() -> None:
    refusal = {"code": "woocommerce_rest_cannot_view", "message": "Sorry", "data": {"status": 401}}
    assert pace.work_ms(_request("POST", "/orders"), refusal) == pace.SMALL_MS
