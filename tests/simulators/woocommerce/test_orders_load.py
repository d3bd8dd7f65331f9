"""Orders of a real shop held by the simulated one: read back they are the same, and they can be worked with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.simulators.woocommerce.order_bench import OrderBench

_RECORDINGS = Path(__file__).parents[2] / "recordings"


def _whole_orders(body: Any) -> Iterator[dict[str, Any]]:
    if isinstance(body, dict) and {"order_key", "line_items", "payment_url"} <= set(body):
        yield body
    elif isinstance(body, dict):
        for value in body.values():
            yield from _whole_orders(value)
    elif isinstance(body, list):
        for value in body:
            yield from _whole_orders(value)


def _recorded() -> list[dict[str, Any]]:
    found = []
    for path in sorted(_RECORDINGS.glob("*.json")):
        for exchange in json.loads(path.read_text("utf-8"))["exchanges"]:
            if not exchange["response"].get("body_trimmed"):
                found += list(_whole_orders(exchange["response"]["body"]))
    return found


def _without_links(order: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in order.items() if name != "_links"}


def _over_https(order: dict[str, Any]) -> dict[str, Any]:
    """Addresses follow the scheme of the request; tests ask over https."""
    return {**order, "payment_url": order["payment_url"].replace("http://", "https://")}


def test_every_recorded_order_reads_back_as_it_was() -> None:
    recorded = _recorded()
    assert len(recorded) >= 6
    for raw in recorded:
        bench = OrderBench()
        id_ = bench.shop.load_order(raw)
        told = _over_https(_without_links(raw))
        assert _without_links(bench.read(f"/orders/{id_}")) == told
        assert _without_links(bench.read("/orders")[0]) == told


@pytest.mark.parametrize("with_goods", [False, True])
def test_an_order_keeps_its_lines_whether_or_not_the_shop_has_the_goods(with_goods: bool) -> None:
    raw = max(_recorded(), key=lambda one: len(one["line_items"]))
    bench = OrderBench(first_post_id=11)
    if with_goods:
        bench.product("1", sku="HELT-ANNAN")
    id_ = bench.shop.load_order(raw)
    assert bench.read(f"/orders/{id_}")["line_items"] == raw["line_items"]


def test_what_another_shop_told_otherwise_is_kept_until_it_is_changed() -> None:
    raw = {
        **_recorded()[0],
        "number": "2026-77",
        "extra_of_a_plugin": {"a": [1]},
        "date_created": "2026-01-01T00:00:00",
    }
    bench = OrderBench()
    id_ = bench.shop.load_order(raw)
    told = bench.change(id_, meta_data=[{"key": "erp", "value": "1"}])
    assert (told["number"], told["extra_of_a_plugin"]) == ("2026-77", {"a": [1]})
    assert told["date_created"] == "2026-01-01T00:00:00"
    assert told["date_modified_gmt"] == "2026-03-02T09:00:00"
    assert told["meta_data"][-1]["key"] == "erp"


def test_a_loaded_order_lives_on() -> None:
    raw = {**max(_recorded(), key=lambda one: len(one["line_items"])), "status": "processing"}
    bench = OrderBench()
    id_ = bench.shop.load_order(raw)
    done = bench.change(id_, status="completed")
    assert (done["status"], done["total"], done["line_items"]) == ("completed", raw["total"], raw["line_items"])
    assert done["date_completed_gmt"] == "2026-03-02T09:00:00"
    assert bench.read("/orders", status="completed", _fields="id") == [{"id": id_}]


def test_ids_go_on_after_a_loaded_order() -> None:
    raw = {**_recorded()[0], "id": 5000}
    bench = OrderBench()
    bench.shop.load_order(raw)
    assert bench.order()["id"] == 5001


def test_loading_an_order_again_replaces_it() -> None:
    raw = _recorded()[0]
    bench = OrderBench()
    bench.shop.load_order(raw)
    bench.shop.load_order({**raw, "status": "failed"})
    assert [row["status"] for row in bench.read("/orders")] == ["failed"]
