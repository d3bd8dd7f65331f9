"""The simulated shop against everything that was recorded of a real one, and the runner against itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from simulators.woocommerce import conform, conform_past
from simulators.woocommerce.conform_match import Mapping, Matcher

RECORDINGS = Path(__file__).parents[1] / "recordings"

FLOORS = {
    "auth": 58,
    "background": 21,
    "caching": 9,
    "checkout_storefront": 37,
    "concurrency": 132,
    "customers": 43,
    "errors": 73,
    "index_settings": 43,
    "orders_create": 72,
    "orders_lifecycle": 61,
    "orders_list": 108,
    "orders_modified": 57,
    "orders_refunds_notes": 57,
    "orders_update": 48,
    "products_batch": 35,
    "products_list": 92,
    "products_modified": 75,
    "products_simple": 141,
    "tax_variants": 21,
    "throughput": 2,
    "variations": 80,
    "webhooks": 95,
    "webhooks_delay": 6,
}
"""How many exchanges of each recording agree at least. These numbers only rise."""

DELIVERIES = {"webhooks": 89, "webhooks_delay": 4}
"""How many webhook deliveries agree at least: headers, signature over the exact bytes, body."""


def _recording(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))
    return found


@pytest.mark.parametrize("name", sorted(FLOORS))
def test_the_shop_answers_as_recorded(name: str) -> None:
    report = conform.run([RECORDINGS / f"{name}.json"])
    told = "\n".join(
        f"[{one.exchange}] {one.path}: {one.recorded!r} is {one.simulated!r}" for one in report.differences
    )
    assert report.agree >= FLOORS[name], told[:4000]
    assert report.deliveries_agree >= DELIVERIES.get(name, 0), told[:4000]


def test_every_recording_is_held_to() -> None:
    assert sorted(FLOORS) == [path.stem for path in conform.recordings([RECORDINGS])]


def test_nearly_all_that_was_recorded_agrees() -> None:
    recorded = sum(len(_recording(name)["exchanges"]) for name in FLOORS)
    assert sum(FLOORS.values()) / recorded >= 0.97


@pytest.mark.parametrize(
    ("place", "change", "path"),
    [
        (0, lambda answer: answer.update(status=299), "status"),
        (0, lambda answer: answer["headers"].update(Allow="GET"), "header Allow"),
        (0, lambda answer: answer["headers"].pop("Location"), "header Location"),
        (0, lambda answer: answer["body"].update(email="annan@kund.example"), "$.email"),
        (0, lambda answer: answer["body"].update(is_paying_customer=0), "$.is_paying_customer"),
        (0, lambda answer: answer["body"]["meta_data"].pop(), "$.meta_data length"),
        (1, lambda answer: answer["body"].update(id=3), "$.id"),
        (1, lambda answer: answer["body"]["meta_data"].reverse(), "$.meta_data[0].key"),
    ],
)
def test_a_recording_that_says_otherwise_is_told(place: int, change: Any, path: str) -> None:
    recording = _recording("customers")
    change(recording["exchanges"][place]["response"])
    found = [one for at, _, differences, _ in conform.replay(recording) if at == place for one in differences]
    assert path in {one.path for one in found}


def test_keys_in_another_order_are_a_difference() -> None:
    matcher = Matcher(Mapping(), "orders", loose=False)
    assert [one.path for one in matcher.compare({"a": 1, "b": 2}, {"b": 2, "a": 1})] == ["$ keys"]


def test_a_number_is_not_a_string_and_one_is_not_one_point_nought() -> None:
    matcher = Matcher(Mapping(), "orders", loose=False)
    assert len(matcher.compare({"a": 1, "b": "1", "c": 1}, {"a": "1", "b": 1, "c": 1.0})) == 3


def test_an_id_may_be_another_one_but_stays_the_same_throughout() -> None:
    matcher = Matcher(Mapping(), "orders", loose=False)
    assert matcher.compare([{"id": 12}, {"id": 13}, {"id": 12}], [{"id": 7}, {"id": 8}, {"id": 7}]) == []
    assert [one.path for one in matcher.compare([{"id": 12}, {"id": 14}], [{"id": 8}, {"id": 7}])] == [
        "$[0].id",
        "$[1].id",
    ]


def test_ids_of_different_series_do_not_mix() -> None:
    matcher = Matcher(Mapping(), "orders", loose=False)
    recorded = {"id": 5, "line_items": [{"id": 5, "product_id": 9}], "customer_id": 5}
    simulated = {"id": 1, "line_items": [{"id": 2, "product_id": 9}], "customer_id": 3}
    assert matcher.compare(recorded, simulated) == []


def test_generated_keys_are_mapped_wherever_they_stand() -> None:
    matcher = Matcher(Mapping(), "orders", loose=False)
    one, other = "wc_order_AAAAAAAAAAAAA", "wc_order_BBBBBBBBBBBBB"
    recorded = {"order_key": one, "payment_url": f"http://shop.example/?key={one}"}
    assert matcher.compare(recorded, {"order_key": other, "payment_url": f"http://shop.example/?key={other}"}) == []
    assert matcher.compare({"order_key": one}, {"order_key": "wc_order_CCCCCCCCCCCCC"}) != []


@pytest.mark.parametrize(
    ("name", "floor"), [("orders_list", 100), ("orders_create", 64), ("caching", 9), ("customers", 43)]
)
def test_what_stood_in_the_shop_before_can_be_worked_out(name: str, floor: int) -> None:
    recording = _recording(name) | {"scenario": "made later"}
    assert conform_past.past_of(recording["exchanges"])
    agree = sum(not differences for _, _, differences, _ in conform.replay(recording))
    assert agree >= floor
