"""Prices: how they are stored, when a sale counts, what a variable product asks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from simulators.woocommerce.options import ShopOptions
from tests.simulators.woocommerce.product_bench import START, Bench


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("249", "249"),
        ("249,90", "249.90"),
        (" 1 249.5 ", "1249.5"),
        ("1.249,50", "1249.50"),
        ("kr 12", "12"),
        ("gratis", ""),
        ("", ""),
        ("-0.5", "-0.5"),
        ("007", "007"),
    ],
)
def test_a_price_is_stored_as_it_was_typed_but_for_signs_that_are_no_number(typed: str, stored: str) -> None:
    made = Bench().make(name="Kanna", regular_price=typed)
    assert (made["regular_price"], made["price"]) == (stored, stored)


def test_a_batch_takes_numbers_as_prices_without_zeros_at_their_end() -> None:
    bench = Bench()
    status, body = bench.ask("POST", "/products/batch", {"create": [{"name": "A", "regular_price": 149.90}]})
    assert status == 200
    assert body["create"][0]["regular_price"] == "149.9"


@pytest.mark.parametrize(
    ("regular", "sale", "kept"),
    [("100", "99.99", "99.99"), ("100", "100.0", ""), ("9", "10", ""), ("", "5", ""), ("10", "9,5", "9.5")],
)
def test_a_sale_price_stays_only_below_the_regular_one(regular: str, sale: str, kept: str) -> None:
    made = Bench().make(name="Kanna", regular_price=regular, sale_price=sale)
    assert made["sale_price"] == kept
    assert made["on_sale"] is bool(kept)
    assert made["price"] == (kept or regular)


def test_a_sale_shows_at_once_and_costs_less_only_when_the_queue_has_run() -> None:
    bench = Bench()
    begins, ends = START + timedelta(hours=1), START + timedelta(hours=3)
    gmt = {"date_on_sale_from_gmt": begins.isoformat()[:19], "date_on_sale_to_gmt": ends.isoformat()[:19]}
    id_ = bench.make(name="Kanna", regular_price="200", sale_price="150", **gmt)["id"]

    def seen() -> tuple[bool, str]:
        product = bench.shop.products.shelf.things[id_]
        return bench.shop.products.renderer.on_sale(product), product.price

    assert seen() == (False, "200")
    bench.wait(3600)
    assert seen() == (True, "200")
    bench.shop.run_queue()
    assert seen() == (True, "150")
    bench.wait(2 * 3600)
    bench.shop.run_queue()
    assert seen() == (True, "150")
    bench.wait(1)
    assert seen() == (False, "150")
    bench.shop.run_queue()
    assert seen() == (False, "200")


def test_a_sale_that_begins_moves_the_date_and_is_told() -> None:
    bench = Bench()
    begins = (START + timedelta(minutes=10)).isoformat()[:19]
    id_ = bench.make(name="Kanna", regular_price="200", sale_price="150", date_on_sale_from_gmt=begins)["id"]
    bench.heard.clear()
    bench.wait(700)
    bench.shop.run_queue()
    assert [(change.kind, change.id, change.event) for change in bench.heard] == [("product", id_, "updated")]
    assert bench.read(f"/products/{id_}")["date_modified_gmt"] == "2026-03-02T09:11:40"


def test_a_sale_that_is_moved_begins_at_the_new_date_only() -> None:
    bench = Bench()
    first, second = ((START + timedelta(minutes=minute)).isoformat()[:19] for minute in (10, 30))
    id_ = bench.make(name="Kanna", regular_price="200", sale_price="150", date_on_sale_from_gmt=first)["id"]
    bench.change(f"/products/{id_}", date_on_sale_from_gmt=second)
    prices = []
    for _ in range(4):
        bench.wait(600)
        bench.shop.run_queue()
        prices.append(bench.shop.products.shelf.things[id_].price)
    assert prices == ["200", "200", "150", "150"]


def test_a_sale_date_without_time_is_midnight_in_the_shop_even_across_summer_time() -> None:
    dates = {"date_on_sale_from": "2026-03-28", "date_on_sale_to": "2026-03-30"}
    made = Bench().make(name="Kanna", regular_price="2", sale_price="1", **dates)
    assert made["date_on_sale_from_gmt"] == "2026-03-27T23:00:00"
    assert made["date_on_sale_to_gmt"] == "2026-03-29T22:00:00"


def test_a_write_that_touches_no_price_leaves_what_is_asked_as_it_was() -> None:
    bench = Bench()
    begins = (START + timedelta(seconds=20)).isoformat()[:19]
    id_ = bench.make(name="Kanna", regular_price="200", sale_price="150", date_on_sale_from_gmt=begins)["id"]
    bench.wait(30)
    assert bench.change(f"/products/{id_}", name="Tekanna")["price"] == "200"
    assert bench.change(f"/products/{id_}", regular_price="210")["price"] == "150"


def test_a_variable_product_asks_for_its_cheapest_published_variation() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", "Blå", "Grön")
    for colour, price in (("Röd", "300"), ("Blå", "99.5"), ("Grön", "1000")):
        bench.variation(shirt, colour, regular_price=price)
    assert bench.read(f"/products/{shirt}")["price"] == "99.5"
    blue = bench.read(f"/products/{shirt}")["variations"][1]
    bench.change(f"/products/{shirt}/variations/{blue}", status="private")
    shown = bench.read(f"/products/{shirt}")
    assert shown["price"] == "300"
    assert "300,00" in shown["price_html"]
    assert "1 000,00" in shown["price_html"]


def test_a_grouped_product_asks_for_its_cheapest_and_cannot_be_bought_itself() -> None:
    bench = Bench()
    ids = [bench.make(name="Kopp", regular_price=price)["id"] for price in ("90", "45", "")]
    made = bench.make(name="Servis", type="grouped", grouped_products=ids, regular_price="1")
    assert (made["price"], made["regular_price"], made["purchasable"]) == ("45", "", False)
    assert "45,00" in made["price_html"]
    assert "90,00" in made["price_html"]
    assert made["grouped_products"] == ids
    bench.change(f"/products/{ids[1]}", sale_price="40")
    assert bench.read(f"/products/{made['id']}")["on_sale"] is True


def test_an_external_product_has_a_price_and_an_address_but_is_not_bought_here() -> None:
    address = {"external_url": "https://annan.example/kanna", "button_text": "Köp där"}
    made = Bench().make(name="Kanna", type="external", regular_price="10", **address)
    assert (made["price"], made["purchasable"]) == ("10", False)
    assert {name: made[name] for name in address} == address


def test_prices_are_shown_in_the_shops_currency_and_with_tax() -> None:
    bench = Bench(ShopOptions(currency="EUR", prices_include_tax=False))
    made = bench.make(name="Kanna", regular_price="80")
    assert "100,00&nbsp;" in made["price_html"]
    assert "&euro;" in made["price_html"]
    assert made["price"] == "80"


def test_an_order_is_offered_the_price_that_is_asked_now() -> None:
    bench = Bench()
    id_ = bench.make(name="Kanna", regular_price="200", sale_price="150")["id"]
    offer = bench.shop.products.sellable(id_)
    assert offer is not None
    assert (offer.price, offer.on_sale) == (Decimal("150"), True)
    unpriced = bench.shop.products.sellable(bench.make(name="Utan pris")["id"])
    assert unpriced is not None
    assert unpriced.price is None
    assert bench.shop.products.sellable(4711) is None
