"""What the answer to a mark shows of an order is the same, known again or read in full."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agent.model.ids import ShopKey
from agent.model.order import ShopOrder
from agent.remote.woocommerce.echo import ROOM, Readings
from agent.remote.woocommerce.shapes import ORDER, WireOrder
from agent.remote.woocommerce.translate import MARK_META, read_order

RECORDINGS = Path(__file__).parents[1] / "recordings"
SHOP = ShopKey("butik")
USUAL = json.loads((RECORDINGS / "orders_create.json").read_text("utf-8"))["exchanges"][3]["response"]["body"]
MARK = {"id": 9_999, "key": MARK_META, "value": "100045"}


def body(**changes: Any) -> bytes:
    return json.dumps({**USUAL, **changes}).encode()


def wire(**changes: Any) -> WireOrder:
    return ORDER.decode(body(**changes))


def in_full(**changes: Any) -> ShopOrder:
    order = read_order(body(**changes), SHOP)
    assert isinstance(order, ShopOrder)
    return order


def after_reading() -> Readings:
    readings = Readings(SHOP)
    readings.keep(wire(), "what was read")
    return readings


def test_our_own_mark_and_the_date_it_moves_are_no_change() -> None:
    marked = {"date_modified_gmt": "2026-11-24T08:00:00", "meta_data": [*USUAL["meta_data"], MARK]}
    echo = after_reading().echo(wire(**marked))
    assert echo is not None
    order = in_full(**marked)
    assert echo.content_hash == "what was read"
    assert (echo.status, echo.total, echo.modified_at) == (order.status, order.total, order.modified_at)
    assert order.content_hash == in_full().content_hash


@pytest.mark.parametrize(
    "change",
    [
        {"status": "cancelled"},
        {"total": "848.85"},
        {"customer_note": "Ring på"},
        {"meta_data": [*USUAL["meta_data"], {"id": 7, "key": "delivery", "value": "fredag"}]},
        {"line_items": USUAL["line_items"][1:]},
        {"billing": {**USUAL["billing"], "city": "Luleå"}},
        {"coupon_lines": [{"code": "sommar", "discount": "1"}]},
        {"meta_data": [*USUAL["meta_data"], {"id": 7, "key": "big", "value": 10**30}]},
    ],
)
def test_any_other_difference_is_read_in_full(change: dict[str, Any]) -> None:
    echo = after_reading().echo(wire(**change))
    assert echo is not None
    assert echo.content_hash == in_full(**change).content_hash


def test_an_order_that_was_not_read_is_read_in_full_and_a_broken_one_says_nothing() -> None:
    readings = Readings(SHOP)
    echo = readings.echo(wire())
    assert echo is not None
    assert echo.content_hash == in_full().content_hash
    assert readings.echo(wire(date_created_gmt=None, date_modified_gmt=None)) is None


def test_no_more_readings_are_remembered_than_there_is_room_for() -> None:
    readings = Readings(SHOP)
    for number in range(ROOM + 5):
        readings.keep(wire(id=number), "what was read")
    first, last = readings.echo(wire(id=0)), readings.echo(wire(id=ROOM))
    assert first is not None
    assert last is not None
    assert first.content_hash != "what was read"
    assert last.content_hash == "what was read"
