"""Every route answers everything in the one form, and the written contract is the one that is served."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.mamut.acts import acts
from simulators.mamut.openapi import described, document
from simulators.mamut.options import MamutOptions, Quirks
from simulators.mamut.routing import ROUTES
from simulators.mamut.system import Mamut
from simulators.mamut.trouble import Kind
from tests.simulators.mamut.company import Client, Clock, line

ROOT = Path(__file__).parents[3]
DOC = (ROOT / "docs/mamut-api.md").read_text("utf-8")


def _client() -> Client:
    clock = Clock()
    client = Client(Mamut(MamutOptions(), clock, 1), clock)
    client.log_in()
    client.contact()
    client.product()
    client.order(line(qty="3"), external_no="main-1")
    client.order(kind="invoice")
    return client


texts = st.one_of(
    st.text(max_size=8), st.sampled_from(["1", "A-1", "main-1", "SE", "order", "2026-03-02", "-1.5", "NaN"])
)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.integers(), st.floats(allow_nan=False), texts)


def _fields(kind: type | None) -> list[str]:
    return [] if kind is None else [field.name for field in msgspec.structs.fields(kind)]


def _body(names: list[str]) -> st.SearchStrategy[Any]:
    """Objects that hold fields of the contract, well or badly filled."""
    every = [*names, "line_no", "qty", "product_no", "line_sum", "type", "foreign"]
    row = st.dictionaries(st.sampled_from(every), scalars, max_size=6)
    lines = st.fixed_dictionaries(
        {"product_no": texts, "qty": st.decimals().map(str)},
        optional={"line_sum": st.decimals().map(str), "vat_code": st.integers(0, 12)},
    )
    value = st.one_of(
        scalars, st.lists(scalars, max_size=3), st.lists(row, max_size=3), st.lists(lines, max_size=3), row
    )
    valid = st.just({"contid": 1}) if "contid" in names else st.just({})
    return st.builds(
        lambda base, more: {**base, **more}, valid, st.dictionaries(st.sampled_from(every), value, max_size=6)
    )


def _require_form(client: Client, method: str, path: str, body: bytes) -> None:
    response = client.raw(method, path, body)
    assert 200 <= response.status < 500 or response.status == 503
    if response.status >= 400:
        problem = msgspec.json.decode(response.body)["error"]
        assert set(problem) == {"code", "message", "field", "data"}
        assert problem["code"] in DOC


@pytest.mark.parametrize(("method", "pattern"), sorted(ROUTES))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_comes_a_route_answers_in_the_one_form(method: str, pattern: str, data: st.DataObject) -> None:
    client = _client()
    keys = st.one_of(
        st.sampled_from(["1", "A-1", "100000001", "100000002", "%2F", "%FF"]), st.from_regex(r"[^/?\s]{1,9}")
    )
    key = data.draw(keys) if "*" in pattern else ""
    if method == "GET":
        parameters = st.sampled_from(["offset", "limit", "changed_since", "status", "open", "foreign"])
        query = urlencode(data.draw(st.lists(st.tuples(parameters, texts), max_size=3)), errors="replace")
        _require_form(client, method, f"{pattern.replace('*', key.strip())}?{query}", b"")
        return
    body = data.draw(_body(_fields(described()[ROUTES[method, pattern].name].body)))
    _require_form(client, method, pattern.replace("*", key.strip()), json.dumps(body).encode("utf-8", "replace"))
    assert client.mamut.census().documents >= 2
    client.raw("GET", "orders")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([method for method, _ in ROUTES] + ["PUT", "HEAD", "BREW"]),
    st.one_of(st.text(max_size=30), st.sampled_from([pattern for _, pattern in ROUTES])),
    st.binary(max_size=40),
)
def test_no_address_and_no_bytes_bring_it_down(method: str, path: str, body: bytes) -> None:
    _require_form(_client(), method, path.replace("?", "%3F"), body)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(set(acts()) - {"fill"})), st.data())
def test_no_act_at_the_simulators_own_door_brings_it_down(name: str, data: st.DataObject) -> None:
    body = data.draw(
        _body(["product_no", "warehouse", "on_hand", "price_out", "rules", "discounts", "invoice_no", "amount"])
    )
    key = data.draw(st.sampled_from(["", "1", "100000001", "A-1"]))
    client = _client()
    response = client.raw("POST", f"/simulator/act/{name}/{key}", json.dumps(body).encode("utf-8", "replace"))
    assert response.status < 500
    client.ok("GET", "prices")
    client.ok("GET", "stock")
    client.mamut.census()


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        (b"{", "invalid_json", None),
        (b"\xff", "invalid_json", None),
        (b"[" * 100_000, "invalid_field", None),
        (b'{"lines": [{"qty": 1}]}', "invalid_field", "lines.0"),
        (b'{"lines": [{"product_no": "A", "qty": "x"}]}', "invalid_field", "lines.0.qty"),
        (b'{"order_date": "yesterday"}', "invalid_field", "order_date"),
        (b'{"surprise": 1}', "invalid_field", None),
    ],
)
def test_a_wrong_body_is_told_where_it_is_wrong(body: bytes, code: str, field: str | None) -> None:
    problem = msgspec.json.decode(_client().raw("POST", "orders", body).body)["error"]
    assert (problem["code"], problem["field"]) == (code, field)


def test_a_wrong_method_is_told_the_right_ones() -> None:
    response = _client().raw("DELETE", "orders/100000001")
    assert (response.status, dict(response.headers)["Allow"]) == (405, "GET, PATCH")


def test_the_openapi_file_is_the_contract_that_is_served() -> None:
    written = json.loads((ROOT / "docs/mamut-openapi.json").read_text("utf-8"))
    assert written == json.loads(json.dumps(document())), (
        "run: python -m simulators.mamut.openapi > docs/mamut-openapi.json"
    )
    assert {route.name for route in ROUTES.values()} == set(described())


def test_every_code_trouble_and_field_stands_in_the_documentation() -> None:
    source = "".join(path.read_text("utf-8") for path in (ROOT / "simulators/mamut").glob("*.py"))
    codes = set(re.findall(r'Refused\(\s*\d{3},\s*"(\w+)"', source)) - {
        "act_unknown",
        "journal_unknown",
        "journal_posted",
    }
    assert len(codes) > 50
    assert sorted(code for code in codes if f"`{code}`" not in DOC) == []
    habits = [field.name for field in msgspec.structs.fields(Quirks)]
    assert sorted(name for name in (*habits, *get_args(Kind)) if f"`{name}`" not in DOC and name != "hang_s") == []
    sent = [
        field
        for name in ("contact.create", "product.create", "order.create")
        for field in _fields(described()[name].body)
    ]
    assert sorted({field for field in sent if field not in DOC}) == []
