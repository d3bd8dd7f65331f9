"""Images and reviews of products."""

from __future__ import annotations

from typing import Any

from tests.simulators.woocommerce.product_bench import Bench


def _image(address: str, **more: str) -> dict[str, Any]:
    return {"src": f"https://bilder.example/{address}", **more}


def test_the_same_file_name_is_kept_under_new_names_in_the_folder_of_the_month() -> None:
    bench = Bench()
    made = bench.make(name="Vara", images=[_image("a/kopp.jpg"), _image("b/kopp.jpg")])
    assert [image["src"].rpartition("uploads/")[2] for image in made["images"]] == [
        "2026/03/kopp.jpg",
        "2026/03/kopp-1.jpg",
    ]
    assert made["images"][0]["id"] < made["id"]


def test_a_product_that_cannot_be_made_leaves_no_product_behind() -> None:
    bench = Bench()
    status, body = bench.ask("POST", "/products", {"name": "Vara", "images": [{"src": "http://x.invalid/a.png"}]})
    assert (status, body["code"]) == (400, "woocommerce_product_image_upload_error")
    status, body = bench.ask("POST", "/products", {"name": "Vara", "images": [_image("lista.pdf")]})
    assert (status, "not allowed" in body["message"]) == (400, True)
    assert bench.ids() == []


def test_the_world_decides_what_an_address_answers() -> None:
    bench = Bench()
    asked: list[str] = []

    def broken(address: str) -> str:
        asked.append(address)
        return "Internal Server Error"

    bench.shop.products.images.fetch = broken
    status, body = bench.ask("POST", "/products", {"name": "Vara", "images": [_image("kopp.png")]})
    assert status == 400
    assert body["message"].endswith("Error: Internal Server Error")
    assert asked == ["https://bilder.example/kopp.png"]


def test_orders_show_a_variations_own_image_or_its_products() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", "Blå", images=[_image("bas.png")])
    red = bench.variation(shirt, "Röd", image=_image("rod.png", alt="Röd tröja"))
    blue = bench.variation(shirt, "Blå")
    named = [bench.shop.products.sellable(shirt, id_) for id_ in (red, blue)]
    assert [offer.image_src.rpartition("/")[2] for offer in named if offer] == ["rod.png", "bas.png"]
    assert bench.read(f"/products/{shirt}/variations/{red}")["image"]["alt"] == "Röd tröja"
    base = bench.read(f"/products/{shirt}")["images"][0]["id"]
    assert bench.read(f"/products/{shirt}/variations/{blue}")["image"]["id"] == base
    assert [image["id"] for image in bench.read(f"/products/{blue}")["images"]] == [base]
    assert bench.change(f"/products/{shirt}/variations/{red}", image={})["image"]["id"] == base


def test_reviews_make_the_average_and_move_the_products_date() -> None:
    bench = Bench()
    id_ = bench.make(name="Vara")["id"]
    person = {"reviewer": "Eva", "reviewer_email": "eva@kund.example"}
    made = []
    for rating in (5, 4, 4):
        bench.wait(10)
        made.append(bench.make("/products/reviews", product_id=id_, review="Bra", rating=rating, **person)["id"])
    shown = bench.read(f"/products/{id_}")
    assert (shown["average_rating"], shown["rating_count"]) == ("4.33", 3)
    assert shown["date_modified_gmt"] == "2026-03-02T09:00:30"
    bench.change(f"/products/reviews/{made[0]}", status="hold")
    assert bench.read(f"/products/{id_}")["average_rating"] == "4.00"
    bench.ask("DELETE", f"/products/reviews/{made[1]}", force="true")
    assert bench.read(f"/products/{id_}")["rating_count"] == 1
    assert bench.ids("/products/reviews", product=id_) == [made[2]]


def test_a_review_needs_a_product_a_text_and_somebody() -> None:
    bench = Bench()
    id_ = bench.make(name="Vara")["id"]
    person = {"reviewer": "Eva", "reviewer_email": "eva@kund.example"}
    assert bench.ask("POST", "/products/reviews", {"product_id": 99, "review": "Bra", **person})[0] == 404
    assert bench.ask("POST", "/products/reviews", {"product_id": id_, "review": "  ", **person})[0] == 400
    assert bench.ask("POST", "/products/reviews", {"product_id": id_, "review": "Bra"})[0] == 400
    assert bench.ask("GET", "/products/reviews/1")[0] == 404
