"""Shipment tracking plugins of a simulated shop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.plugins import Plugins
from simulators.woocommerce.shop import Shop
from tests.simulators.woocommerce.shop_client import ask

NUMBER = "00373500489530470000"
SENT = {"tracking_provider": "PostNord Sverige AB", "tracking_number": NUMBER, "date_shipped": "2026-11-20"}


def _shop(plugin: Literal["", "woocommerce", "ast"]) -> tuple[Shop, int]:
    options = ShopOptions(plugins=Plugins(tracking=plugin))
    shop = Shop(options, lambda: datetime(2026, 11, 23, 10, 0, tzinfo=UTC))
    return shop, ask(shop, "POST", "/wp-json/wc/v3/orders", {"status": "processing"})[1]["id"]


def _path(order_id: int, space: str = "wc-shipment-tracking/v3") -> str:
    return f"/wp-json/{space}/orders/{order_id}/shipment-trackings"


def _order(shop: Shop, order_id: int) -> Any:
    return ask(shop, "GET", f"/wp-json/wc/v3/orders/{order_id}")[1]


@pytest.mark.parametrize(
    ("plugin", "space"),
    [
        ("woocommerce", "wc-shipment-tracking/v3"),
        ("ast", "wc-shipment-tracking/v3"),
        ("ast", "wc-ast/v3"),
        ("ast", "wc/v3"),
    ],
)
def test_a_parcel_is_written_read_listed_and_deleted(plugin: Literal["woocommerce", "ast"], space: str) -> None:
    shop, order_id = _shop(plugin)
    status, made = ask(shop, "POST", _path(order_id, space), SENT)
    assert status == 201
    assert (made["tracking_number"], made["date_shipped"]) == (NUMBER, "2026-11-20")
    assert NUMBER in made["tracking_link"]
    assert ask(shop, "GET", _path(order_id, space))[1] == [made]
    one = f"{_path(order_id, space)}/{made['tracking_id']}"
    assert ask(shop, "GET", one) == (200, made)
    (row,) = [row for row in _order(shop, order_id)["meta_data"] if row["key"] == "_wc_shipment_tracking_items"]
    assert [item["tracking_number"] for item in row["value"]] == [NUMBER]
    assert ask(shop, "DELETE", one) == (200, made)
    assert ask(shop, "GET", one)[0] == 404
    assert ask(shop, "GET", _path(order_id, space)) == (200, [])


def test_ast_can_complete_the_order_and_replace_what_was_there() -> None:
    shop, order_id = _shop("ast")
    ask(shop, "POST", _path(order_id), SENT)
    assert _order(shop, order_id)["status"] == "processing"
    again = {**SENT, "tracking_number": "999", "replace_tracking": 1, "status_shipped": 1}
    assert ask(shop, "POST", _path(order_id), again)[0] == 201
    assert _order(shop, order_id)["status"] == "completed"
    assert [row["tracking_number"] for row in ask(shop, "GET", _path(order_id))[1]] == ["999"]
    notes = ask(shop, "GET", f"/wp-json/wc/v3/orders/{order_id}/notes")[1]
    assert any("tracking number is: 999" in row["note"] for row in notes)


def test_the_other_plugin_does_not_know_these_words() -> None:
    shop, order_id = _shop("woocommerce")
    assert ask(shop, "POST", _path(order_id), {**SENT, "status_shipped": 1})[0] == 201
    assert _order(shop, order_id)["status"] == "processing"
    assert ask(shop, "GET", _path(order_id, "wc-ast/v3"))[0] == 404


def test_what_is_wrong_is_refused() -> None:
    shop, order_id = _shop("ast")
    assert ask(shop, "POST", _path(order_id), {"tracking_provider": "DHL.se"})[1]["code"] == (
        "rest_missing_callback_param"
    )
    assert ask(shop, "POST", _path(999), SENT)[1]["code"] == "woocommerce_rest_order_invalid_id"
    assert ask(shop, "POST", _path(order_id), {**SENT, "tracking_number": "A_1"})[0] == 404
    unknown = ask(shop, "DELETE", f"{_path(order_id)}/{'a' * 32}")
    assert unknown[1]["code"] == "woocommerce_rest_order_shipment_tracking_invalid_id"


def test_without_a_plugin_there_are_no_routes() -> None:
    shop, order_id = _shop("")
    assert ask(shop, "POST", _path(order_id), SENT)[1]["code"] == "rest_no_route"
