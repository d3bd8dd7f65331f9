"""SKUs and GTINs: one thing each, however they are written."""

from __future__ import annotations

import pytest

from tests.simulators.woocommerce.product_bench import Bench


@pytest.mark.parametrize("other", ["kåpa-7", "KÅPA-7", " Kåpa-7 ", "kapa-7", "KAPA-7", "<b>Kåpa-7</b>"])
def test_a_sku_is_taken_whatever_its_case_accents_and_spaces(other: str) -> None:
    bench = Bench()
    held = bench.make(name="Kåpa", sku="Kåpa-7")["id"]
    status, body = bench.ask("POST", "/products", {"name": "Annan", "sku": other})
    assert status == 400
    assert body["code"] == "product_invalid_sku"
    assert body["data"]["resource_id"] == held


def test_the_sku_that_is_proposed_is_free() -> None:
    bench = Bench()
    for sku in ("K", "K-1", "k-2"):
        bench.make(name="Vara", sku=sku)
    _, body = bench.ask("POST", "/products", {"name": "Vara", "sku": "K"})
    assert body["data"]["unique_sku"] == "K-3"
    assert bench.make(name="Vara", sku=body["data"]["unique_sku"])["sku"] == "K-3"


def test_a_refused_update_changes_nothing_at_all() -> None:
    bench = Bench()
    bench.make(name="Ett", sku="A")
    two = bench.make(name="Två", sku="B", regular_price="10", meta_data=[{"key": "erp", "value": "1"}])["id"]
    before = bench.read(f"/products/{two}")
    bench.wait(30)
    changes = {"name": "Tre", "regular_price": "99", "sku": "a", "meta_data": [{"key": "erp", "value": "2"}]}
    assert bench.ask("PUT", f"/products/{two}", changes)[0] == 400
    assert bench.read(f"/products/{two}") == {**before, "related_ids": before["related_ids"]}
    assert bench.ids(sku="B") == [two]


def test_the_sku_of_the_trash_is_taken_for_new_products_and_free_for_old_ones() -> None:
    bench = Bench()
    gone = bench.make(name="Ett", sku="A")["id"]
    other = bench.make(name="Två", sku="B")["id"]
    bench.ask("DELETE", f"/products/{gone}")
    status, body = bench.ask("POST", "/products", {"name": "Tre", "sku": "A"})
    assert (status, body["code"]) == (400, "woocommerce_rest_product_not_created")
    assert bench.ids(sku="A") == []
    assert bench.change(f"/products/{other}", sku="A")["sku"] == "A"
    assert bench.ids(sku="a") == [other]
    bench.ask("DELETE", f"/products/{gone}", force="true")
    assert bench.make(name="Fyra", sku="B")["sku"] == "B"


def test_variations_and_products_share_one_series_of_skus() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", "Blå", sku="TR")
    red = bench.variation(shirt, "Röd", sku="TR-R")
    status, body = bench.ask("POST", "/products", {"name": "Vara", "sku": "tr-r"})
    assert (status, body["data"]["resource_id"]) == (400, red)
    status, body = bench.ask("POST", f"/products/{shirt}/variations", {"sku": "TR"})
    assert (status, body["data"]["resource_id"]) == (400, shirt)
    assert bench.shop.products.by_sku("tr-R") == red
    assert bench.shop.products.by_sku("okänd") == 0


def test_a_sku_of_nothing_is_no_sku() -> None:
    bench = Bench()
    for sku in ("", "0", "  "):
        for _ in range(2):
            assert bench.make(name="Vara", sku=sku)["sku"] == sku.strip()


def test_a_gtin_keeps_digits_and_hyphens_and_belongs_to_one() -> None:
    bench = Bench()
    held = bench.make(name="Bok", global_unique_id="ISBN 978-91-0-012345-6")
    assert held["global_unique_id"] == "978-91-0-012345-6"
    status, body = bench.ask("POST", "/products", {"name": "Bok", "global_unique_id": "978-91-0-012345-6"})
    assert (status, body["code"]) == (400, "product_invalid_global_unique_id")
    assert body["data"] == {"status": 400, "resource_id": held["id"]}
    assert bench.make(name="Bok", global_unique_id="9789100123456")["global_unique_id"] == "9789100123456"
    assert bench.ids(global_unique_id="978-91-0-012345-6, 4") == [held["id"]]


def test_the_internal_meta_key_of_a_field_writes_the_field() -> None:
    bench = Bench()
    made = bench.make(name="Vara", meta_data=[{"key": "_sku", "value": "Bakväg"}, {"key": "_weight", "value": "1,5"}])
    assert (made["sku"], made["weight"], made["meta_data"]) == ("Bakväg", "1.5", [])
    assert bench.ids(sku="bakväg") == [made["id"]]
