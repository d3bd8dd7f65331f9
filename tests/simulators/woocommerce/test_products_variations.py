"""Variations: what they are called, what they inherit, how they are made in bulk and how batches go wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulators.woocommerce.product_bench import Bench


def _varying(bench: Bench, *names: str) -> int:
    attributes = [{"name": name, "options": ["Ett", "Två"], "variation": True} for name in names]
    return int(bench.make(name="Byrå", type="variable", attributes=attributes)["id"])


@pytest.mark.parametrize(
    ("attributes", "full", "short"),
    [
        (("Färg",), "Byrå - Ett", "Ett"),
        (("Färg", "Fot"), "Byrå - Ett, Ett", "Ett, Ett"),
        (("Färg", "Låg fot"), "Byrå", "Ett, Ett"),
        (("Låg fot",), "Byrå - Ett", "Ett"),
        (("Färg", "Fot", "Knopp"), "Byrå", "Ett, Ett, Ett"),
    ],
)
def test_a_variation_is_called_after_its_options_while_that_is_clear(
    attributes: tuple[str, ...], full: str, short: str
) -> None:
    bench = Bench()
    parent = _varying(bench, *attributes)
    chosen = [{"name": name, "option": "Ett"} for name in attributes]
    made = bench.make(f"/products/{parent}/variations", attributes=chosen)
    assert made["name"] == short
    assert bench.read(f"/products/{made['id']}")["name"] == full


def test_an_order_is_told_the_options_by_key_and_as_they_read() -> None:
    bench = Bench()
    size = bench.make("/products/attributes", name="Storlek")["id"]
    attributes = [
        {"id": size, "options": ["Extra stor", "Liten"], "variation": True},
        {"name": "Färg", "options": ["Röd"], "variation": True},
    ]
    parent = bench.make(name="Tröja", type="variable", attributes=attributes, tax_class="reduced-rate")["id"]
    chosen = [{"name": "Färg", "option": "Röd"}, {"id": size, "option": "Extra stor"}]
    red = bench.make(f"/products/{parent}/variations", attributes=chosen, regular_price="10")["id"]
    offer = bench.shop.products.sellable(parent, red)
    assert offer is not None
    assert offer.attributes == (
        ("pa_storlek", "Storlek", "extra-stor", "Extra stor"),
        ("farg", "Färg", "Röd", "Röd"),
    )
    assert (offer.product_id, offer.variation_id) == (parent, red)
    assert (offer.name, offer.parent_name, offer.tax_class) == ("Tröja - Extra stor, Röd", "Tröja", "reduced-rate")
    assert bench.shop.products.sellable(red) == offer


def test_a_renamed_product_renames_its_variations_without_moving_their_date() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd")
    red = bench.variation(shirt, "Röd")
    bench.wait(10)
    bench.change(f"/products/{shirt}", name="Skjorta")
    shown = bench.read(f"/products/{red}")
    assert (shown["name"], shown["date_modified_gmt"]) == ("Skjorta - Röd", "2026-03-02T09:00:00")


@pytest.mark.parametrize(
    ("field", "own", "given"),
    [
        ("weight", "2", "2"),
        ("weight", "", "7"),
        ("tax_class", "standard", ""),
        ("tax_class", "parent", "reduced-rate"),
        ("sku", "", "TR"),
    ],
)
def test_what_a_variation_lacks_is_its_products(field: str, own: str, given: str) -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", weight="7", tax_class="reduced-rate", sku="TR")
    red = bench.variation(shirt, "Röd", **{field: own})
    assert bench.read(f"/products/{shirt}/variations/{red}")[field] == given
    assert bench.read(f"/products/{red}")[field] == given


def test_generation_makes_what_is_missing_and_at_most_fifty_at_once() -> None:
    bench = Bench()
    sizes = [str(n) for n in range(30)]
    attributes = [
        {"name": "Storlek", "options": sizes, "variation": True},
        {"name": "Färg", "options": ["Röd", "Blå"], "variation": True},
    ]
    parent = bench.make(name="Sko", type="variable", attributes=attributes)["id"]
    counts = [bench.ask("POST", f"/products/{parent}/variations/generate", {})[1]["count"] for _ in range(3)]
    assert counts == [50, 10, 0]
    rows = bench.read(f"/products/{parent}/variations", per_page=100, _fields="attributes")
    chosen = {tuple(option["option"] for option in row["attributes"]) for row in rows}
    assert chosen == {(size, colour) for size in sizes for colour in ("Röd", "Blå")}


def test_generation_can_drop_what_fits_no_longer() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", "Blå")
    bench.variation(shirt, "Grön")
    body = bench.ask("POST", f"/products/{shirt}/variations/generate", {"delete": True})[1]
    assert body == {"count": 2, "deleted_count": 1}
    assert len(bench.read(f"/products/{shirt}")["variations"]) == 2


def test_a_batch_under_another_product_touches_nothing() -> None:
    bench = Bench()
    shirt, other = bench.shirt("Röd"), bench.shirt("Blå")
    red = bench.variation(shirt, "Röd", regular_price="10")
    before = bench.read(f"/products/{shirt}/variations/{red}")
    body: dict[str, Any] = {"update": [{"id": red, "regular_price": "1"}], "delete": [red]}
    status, told = bench.ask("POST", f"/products/{other}/variations/batch", body)
    assert status == 200
    assert told["update"][0]["error"]["code"] == "woocommerce_rest_product_variation_invalid_id"
    assert told["delete"][0]["id"] == {"id": red, "product_id": other, "force": True}
    assert bench.read(f"/products/{shirt}/variations/{red}") == before


def test_variations_are_listed_by_what_changed_them_their_products_apart() -> None:
    bench = Bench()
    shirts = [bench.shirt("Röd"), bench.shirt("Röd")]
    reds = [bench.variation(shirt, "Röd", sku=f"R-{shirt}") for shirt in shirts]
    bench.wait(60)
    bench.change(f"/products/{shirts[0]}/variations/{reds[0]}", regular_price="5")
    mark = "2026-03-02T09:00:30"
    assert bench.ids("/variations", modified_after=mark, dates_are_gmt="true") == [reds[0]]
    assert bench.ids("/products", modified_after=mark, dates_are_gmt="true") == [shirts[0]]
    assert bench.ids(f"/products/{shirts[1]}/variations", modified_after=mark, dates_are_gmt="true") == []
    assert bench.ids(f"/products/{shirts[1]}/variations") == [reds[1]]


def test_the_last_variation_that_goes_leaves_its_product_without_a_price() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd")
    red = bench.variation(shirt, "Röd", regular_price="10")
    bench.wait(5)
    bench.ask("DELETE", f"/products/{shirt}/variations/{red}", force="true")
    shown = bench.read(f"/products/{shirt}")
    assert (shown["price"], shown["price_html"], shown["purchasable"]) == ("", "", False)
    assert (shown["stock_status"], shown["date_modified_gmt"]) == ("outofstock", "2026-03-02T09:00:05")
