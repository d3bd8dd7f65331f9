"""Stock: quantity and status, whose stock is counted, what an order moves."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.woocommerce.options import ShopOptions
from tests.simulators.woocommerce.product_bench import Bench


@pytest.mark.parametrize(
    ("quantity", "backorders", "status"),
    [
        (1, "no", "instock"),
        (0, "no", "outofstock"),
        (-7, "no", "outofstock"),
        (0, "notify", "onbackorder"),
        (-7, "yes", "onbackorder"),
        (40, "yes", "instock"),
    ],
)
def test_the_quantity_decides_the_status_whatever_was_sent(quantity: int, backorders: str, status: str) -> None:
    fields: dict[str, Any] = {"manage_stock": True, "stock_quantity": quantity, "backorders": backorders}
    for sent in ("instock", "outofstock", "onbackorder"):
        made = Bench().make(name="Kanna", stock_status=sent, **fields)
        assert made["stock_status"] == status
        assert made["backordered"] is (status == "onbackorder")


def test_a_shop_may_call_its_last_pieces_none() -> None:
    bench = Bench(ShopOptions(no_stock=3))
    id_ = bench.make(name="Kanna", manage_stock=True, stock_quantity=4)["id"]
    assert bench.shop.products.shelf.things[id_].stock_status == "instock"
    assert bench.change(f"/products/{id_}", stock_quantity=3)["stock_status"] == "outofstock"


def test_managed_stock_that_is_given_up_forgets_quantity_and_back_orders() -> None:
    bench = Bench()
    id_ = bench.make(name="Kanna", manage_stock=True, stock_quantity=9, backorders="yes", low_stock_amount=2)["id"]
    shown = bench.change(f"/products/{id_}", manage_stock=False)
    assert (shown["stock_quantity"], shown["backorders"], shown["low_stock_amount"]) == (None, "no", None)
    again = bench.change(f"/products/{id_}", manage_stock=True)
    assert (again["stock_quantity"], again["stock_status"]) == (None, "outofstock")


def test_a_shop_without_stock_management_ignores_quantities() -> None:
    bench = Bench(ShopOptions(manage_stock=False))
    made = bench.make(name="Kanna", manage_stock=True, stock_quantity=9)
    assert (made["manage_stock"], made["stock_quantity"]) == (False, None)
    assert bench.shop.stock.move(made["id"], 0, -1) is None


@pytest.mark.parametrize("word", ["external", "grouped"])
def test_what_is_not_sold_here_has_no_stock(word: str) -> None:
    made = Bench().make(name="Kanna", type=word, manage_stock=True, stock_quantity=9)
    assert (made["manage_stock"], made["stock_quantity"]) == (False, None)


def test_an_order_takes_and_gives_back_and_the_date_moves_each_time() -> None:
    bench = Bench()
    id_ = bench.make(name="Kanna", sku="K-1", manage_stock=True, stock_quantity=2)["id"]
    bench.heard.clear()
    bench.wait(5)
    taken = bench.shop.stock.move(id_, 0, -3)
    assert taken is not None
    assert (taken.name, taken.sku, taken.product_id, taken.before, taken.after) == ("Kanna", "K-1", id_, 2, -1)
    shown = bench.read(f"/products/{id_}")
    assert (shown["stock_quantity"], shown["stock_status"]) == (-1, "outofstock")
    assert shown["date_modified_gmt"] == "2026-03-02T09:00:05"
    bench.wait(5)
    given = bench.shop.stock.move(id_, 0, 3)
    assert given is not None
    assert given.after == 2
    assert bench.read(f"/products/{id_}")["date_modified_gmt"] == "2026-03-02T09:00:10"
    assert [change.event for change in bench.heard] == ["updated", "updated"]


def test_pieces_sold_are_counted_without_moving_the_date() -> None:
    bench = Bench()
    id_ = bench.make(name="Kanna")["id"]
    bench.wait(60)
    bench.shop.stock.sold(id_, 4)
    bench.shop.stock.sold(id_, -1)
    shown = bench.read(f"/products/{id_}")
    assert (shown["total_sales"], shown["date_modified_gmt"]) == (3, "2026-03-02T09:00:00")


def test_a_variation_draws_on_its_products_stock_until_it_has_its_own() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", "Blå", manage_stock=True, stock_quantity=5)
    red, blue = (bench.variation(shirt, colour, regular_price="10") for colour in ("Röd", "Blå"))
    bench.change(f"/products/{shirt}/variations/{blue}", manage_stock=True, stock_quantity=1)
    assert bench.shop.stock.move(shirt, red, -5) is not None
    assert bench.read(f"/products/{shirt}")["stock_quantity"] == 0
    shown = bench.read(f"/products/{shirt}/variations/{red}")
    assert (shown["manage_stock"], shown["stock_quantity"], shown["stock_status"]) == ("parent", 0, "outofstock")
    other = bench.read(f"/products/{shirt}/variations/{blue}")
    assert (other["manage_stock"], other["stock_quantity"], other["stock_status"]) == (True, 1, "instock")
    bench.change(f"/products/{shirt}", stock_quantity=8)
    assert bench.read(f"/products/{shirt}/variations/{red}")["stock_status"] == "instock"


def test_an_unmanaged_variable_product_is_in_stock_while_one_variation_is() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", "Blå")
    red, blue = (
        bench.variation(shirt, colour, regular_price="10", manage_stock=True, stock_quantity=1)
        for colour in ("Röd", "Blå")
    )
    seen = [bench.read(f"/products/{shirt}")["stock_status"]]
    for variation in (red, blue):
        bench.wait(1)
        bench.shop.stock.move(shirt, variation, -1)
        seen.append(bench.read(f"/products/{shirt}")["stock_status"])
    assert seen == ["instock", "instock", "outofstock"]
    assert bench.read(f"/products/{shirt}")["date_modified_gmt"] == "2026-03-02T09:00:02"


def test_an_order_of_a_variation_is_told_for_the_variation_alone() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd")
    red = bench.variation(shirt, "Röd", regular_price="10", manage_stock=True, stock_quantity=4)
    bench.heard.clear()
    bench.shop.stock.move(shirt, red, -1)
    assert [(change.kind, change.id) for change in bench.heard] == [("variation", red)]


@pytest.mark.parametrize(
    ("element", "stock"),
    [({"stock_quantity": 3.9}, 3), ({"stock_quantity": "12 st"}, 12), ({"inventory_delta": -2}, 5), ({}, 7)],
)
def test_elements_of_a_batch_are_not_checked_but_cut_to_whole_pieces(element: dict[str, Any], stock: int) -> None:
    bench = Bench()
    id_ = bench.make(name="Kanna", manage_stock=True, stock_quantity=7)["id"]
    _, body = bench.ask("POST", "/products/batch", {"update": [{"id": id_, **element}]})
    assert body["update"][0]["stock_quantity"] == stock


def test_null_is_no_quantity_in_a_batch_and_zero_alone() -> None:
    bench = Bench()
    id_ = bench.make(name="Kanna", manage_stock=True, stock_quantity=7)["id"]
    _, body = bench.ask("POST", "/products/batch", {"update": [{"id": id_, "stock_quantity": None}]})
    assert body["update"][0]["stock_quantity"] == 7
    assert bench.change(f"/products/{id_}", stock_quantity=None)["stock_quantity"] == 0
