"""Products taken from another shop, and what staff do to them in the admin pages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from simulators.woocommerce import products_desk
from simulators.woocommerce.call import RestError
from tests.simulators.woocommerce.product_bench import Bench

RECORDINGS = Path(__file__).parents[2] / "recordings"
SEEN_ELSEWHERE = {"_links", "permalink", "related_ids", "variations", "price_html", "on_sale", "permalink_template"}
"""Fields that follow from the moment, the address or the rest of the shop."""


def _whole(recording: str) -> Iterator[tuple[datetime, str, dict[str, Any]]]:
    """Every product that a recorded GET told whole."""
    for exchange in json.loads((RECORDINGS / f"{recording}.json").read_text("utf-8"))["exchanges"]:
        request, response = exchange["request"], exchange["response"]
        whole = request["method"] == "GET" and response["status"] == 200 and not response.get("body_trimmed")
        if whole and isinstance(response["body"], dict) and {"id", "price", "meta_data"} <= set(response["body"]):
            yield datetime.fromisoformat(exchange["at"]), request["path"], response["body"]


@pytest.mark.parametrize("recording", ["products_simple", "variations"])
def test_a_loaded_product_tells_what_the_recorded_shop_told(recording: str) -> None:
    told = 0
    for at, path, raw in _whole(recording):
        bench = Bench()
        bench.time = at
        if raw["type"] == "variation":
            options = [{**option, "options": [option["option"]], "variation": True} for option in raw["attributes"]]
            named = [{**option, "slug": option["slug"] if option["id"] else option["name"]} for option in options]
            bench.shop.products.load({"id": raw["parent_id"], "type": "variable", "name": "T", "attributes": named})
        assert bench.shop.products.load(raw) == raw["id"]
        again = bench.read(path.removeprefix("/wp-json/wc/v3"))
        assert list(again) == list(raw)
        assert {name: again[name] for name in raw if name not in SEEN_ELSEWHERE} == {
            name: value for name, value in raw.items() if name not in SEEN_ELSEWHERE
        }
        told += 1
    assert told


def test_ids_that_came_from_outside_are_not_given_again() -> None:
    bench = Bench()
    category = {"id": 70, "name": "Kök", "slug": "kok"}
    bench.shop.products.load({"id": 900, "name": "Kanna", "sku": "K", "categories": [category]})
    assert bench.make(name="Ny")["id"] == 901
    assert bench.make("/products/categories", name="Ny")["id"] == 71
    assert bench.ids(category=70) == [900]
    assert bench.shop.products.by_sku("k") == 900


def test_a_loaded_product_takes_the_place_of_one_with_its_id() -> None:
    bench = Bench()
    id_ = bench.make(name="Gammal", sku="A")["id"]
    bench.heard.clear()
    bench.shop.products.load({"id": id_, "name": "Ny", "sku": "B", "date_created_gmt": "2020-01-01T00:00:00"})
    assert bench.ids(sku="A") == []
    shown = bench.read(f"/products/{id_}")
    assert (shown["name"], shown["sku"], shown["date_modified_gmt"]) == ("Ny", "B", "2020-01-01T00:00:00")
    assert bench.heard == []


def test_staff_edit_products_under_the_same_rules_as_the_api() -> None:
    bench = Bench()
    id_ = products_desk.add(bench.shop, name="Kanna", sku="K-1", regular_price="100")
    bench.wait(30)
    products_desk.edit(bench.shop, id_, regular_price="120", manage_stock=True, stock_quantity=3)
    shown = bench.read(f"/products/{id_}")
    assert (shown["price"], shown["stock_quantity"]) == ("120", 3)
    assert shown["date_modified_gmt"] == "2026-03-02T09:00:30"
    assert [change.event for change in bench.heard] == ["created", "updated"]
    with pytest.raises(RestError):
        products_desk.add(bench.shop, name="Annan", sku="k-1")
    with pytest.raises(KeyError):
        products_desk.edit(bench.shop, 4711, name="Ingen")
    products_desk.throw_away(bench.shop, id_)
    bench.shop.products.restore(id_)
    assert bench.read(f"/products/{id_}")["status"] == "publish"


def test_staff_edit_variations_and_their_product_follows() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd")
    red = bench.variation(shirt, "Röd", regular_price="10")
    bench.wait(5)
    products_desk.edit(bench.shop, red, regular_price="8")
    shown = bench.read(f"/products/{shirt}")
    assert (shown["price"], shown["date_modified_gmt"]) == ("8", "2026-03-02T09:00:05")
