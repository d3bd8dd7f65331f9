"""Categories, tags, shipping classes and attributes, and what they do to products."""

from __future__ import annotations

import pytest

from tests.simulators.woocommerce.product_bench import Bench

UNCATEGORIZED = {"id": 15, "name": "Uncategorized", "slug": "uncategorized"}


def test_a_category_counts_its_published_products_only() -> None:
    bench = Bench()
    shelf = bench.make("/products/categories", name="Hylla")["id"]
    ids = [bench.make(name=f"Vara {n}", categories=[{"id": shelf}])["id"] for n in range(3)]

    def count() -> int:
        return int(bench.read(f"/products/categories/{shelf}")["count"])

    assert count() == 3
    bench.change(f"/products/{ids[0]}", status="draft")
    bench.ask("DELETE", f"/products/{ids[1]}")
    assert count() == 1
    bench.change(f"/products/{ids[0]}", status="publish")
    bench.change(f"/products/{ids[2]}", categories=[])
    assert count() == 1


def test_products_of_a_deleted_category_fall_back_to_the_default_one_without_a_new_date() -> None:
    bench = Bench()
    shelf = bench.make("/products/categories", name="Hylla")["id"]
    id_ = bench.make(name="Vara", categories=[{"id": shelf}])["id"]
    bench.wait(60)
    assert bench.ask("DELETE", f"/products/categories/{shelf}")[0] == 501
    assert bench.ask("DELETE", f"/products/categories/{shelf}", force="true")[0] == 200
    shown = bench.read(f"/products/{id_}")
    assert shown["categories"] == [UNCATEGORIZED]
    assert shown["date_modified_gmt"] == "2026-03-02T09:00:00"
    assert bench.ask("GET", f"/products/categories/{shelf}")[0] == 404


def test_the_default_category_cannot_be_deleted() -> None:
    assert Bench().ask("DELETE", "/products/categories/15", force="true")[0] == 500


def test_a_category_is_listed_with_all_below_it() -> None:
    bench = Bench()
    kitchen = bench.make("/products/categories", name="Kök")["id"]
    mills = bench.make("/products/categories", name="Kvarnar", parent=kitchen)["id"]
    pepper = bench.make("/products/categories", name="Peppar", parent=mills)["id"]
    bench.make(name="Annat")
    ids = [bench.make(name=f"Vara {id_}", categories=[{"id": id_}])["id"] for id_ in (kitchen, mills, pepper)]
    assert bench.ids(category=kitchen, orderby="id", order="asc") == ids
    assert bench.ids(category=mills, orderby="id", order="asc") == ids[1:]


def test_a_name_may_return_under_another_parent_with_a_slug_of_its_own() -> None:
    bench = Bench()
    kitchen = bench.make("/products/categories", name="Kök")["id"]
    first = bench.make("/products/categories", name="Kvarnar")
    second = bench.make("/products/categories", name="kvarnar", parent=kitchen)
    assert (first["slug"], second["slug"]) == ("kvarnar", "kvarnar-kok")
    status, body = bench.ask("POST", "/products/categories", {"name": "KVARNAR", "parent": kitchen})
    assert (status, body["code"], body["data"]["resource_id"]) == (400, "term_exists", second["id"])


def test_a_renamed_term_shows_on_its_products_and_keeps_its_slug() -> None:
    bench = Bench()
    tag = bench.make("/products/tags", name="Rea")["id"]
    id_ = bench.make(name="Vara", tags=[{"id": tag}])["id"]
    bench.change(f"/products/tags/{tag}", name="Fynd")
    assert bench.read(f"/products/{id_}")["tags"] == [{"id": tag, "name": "Fynd", "slug": "rea"}]


def test_a_shipping_class_is_given_by_slug_and_inherited_by_variations() -> None:
    bench = Bench()
    heavy = bench.make("/products/shipping_classes", name="Tungt gods")["id"]
    shirt = bench.shirt("Röd", shipping_class="tungt-gods")
    red = bench.variation(shirt, "Röd", regular_price="10")
    assert bench.read(f"/products/{shirt}/variations/{red}")["shipping_class_id"] == heavy
    offer = bench.shop.products.sellable(shirt, red)
    assert offer is not None
    assert offer.shipping_class == heavy
    assert bench.change(f"/products/{shirt}", shipping_class="")["shipping_class_id"] == 0


def test_options_of_a_global_attribute_become_terms_once_and_are_shown_in_their_order() -> None:
    bench = Bench()
    size = bench.make("/products/attributes", name="Storlek")["id"]
    for options in (["M", "XL"], ["xl", "S"]):
        bench.make(name="Vara", attributes=[{"id": size, "options": options}])
    terms = bench.read(f"/products/attributes/{size}/terms", _fields="id,name")
    assert [term["name"] for term in terms] == ["M", "S", "XL"]
    for place, term in enumerate(reversed(terms)):
        bench.change(f"/products/attributes/{size}/terms/{term['id']}", menu_order=place)
    made = bench.make(name="Vara", attributes=[{"id": size, "options": ["S", "M", "XL"]}])
    assert made["attributes"][0]["options"] == ["XL", "S", "M"]


@pytest.mark.parametrize(
    ("sent", "slug"),
    [({"name": "Årgång"}, "pa_argang"), ({"name": "X", "slug": "pa_form"}, "pa_form"), ({"name": "Y z"}, "pa_y-z")],
)
def test_an_attributes_slug_follows_from_its_name_unless_one_is_sent(sent: dict[str, str], slug: str) -> None:
    assert Bench().make("/products/attributes", **sent)["slug"] == slug


def test_terms_go_from_living_products_after_others_were_deleted_for_good() -> None:
    bench = Bench()
    brand = bench.make("/products/brands", name="Ek & Son")["id"]
    kept, gone = (bench.make(name="Vara", brands=[{"id": brand}])["id"] for _ in range(2))
    assert bench.read(f"/products/brands/{brand}")["count"] == 2
    bench.ask("DELETE", f"/products/{gone}", force="true")
    assert bench.read(f"/products/brands/{brand}")["count"] == 1
    assert bench.ids(brand=brand) == [kept]
    assert bench.ask("DELETE", f"/products/brands/{brand}", force="true")[0] == 200
    assert bench.read(f"/products/{kept}")["brands"] == []


def test_a_long_attribute_slug_is_refused_and_a_deleted_attribute_leaves_its_products() -> None:
    bench = Bench()
    status, body = bench.ask("POST", "/products/attributes", {"name": "a" * 29})
    assert (status, "too long" in body["message"]) == (400, True)
    size = bench.make("/products/attributes", name="Storlek")["id"]
    id_ = bench.make(name="Vara", attributes=[{"id": size, "options": ["M"]}])["id"]
    assert bench.ask("DELETE", f"/products/attributes/{size}", force="true")[0] == 200
    assert bench.ask("GET", f"/products/attributes/{size}/terms")[0] == 404
    assert all(not row["options"] for row in bench.read(f"/products/{id_}")["attributes"])
