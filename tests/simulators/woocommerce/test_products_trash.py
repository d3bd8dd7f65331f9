"""The trash and what lies beyond: slugs, variations, statuses, and who hears of it."""

from __future__ import annotations

from tests.simulators.woocommerce.product_bench import Bench


def test_a_slug_is_free_while_its_product_is_in_the_trash() -> None:
    bench = Bench()
    first = bench.make(name="Tekanna")["id"]
    bench.ask("DELETE", f"/products/{first}")
    assert bench.read(f"/products/{first}")["slug"] == "tekanna__trashed"
    second = bench.make(name="Tekanna")
    assert second["slug"] == "tekanna"
    assert bench.change(f"/products/{first}", status="publish")["slug"] == "tekanna-2"


def test_the_shops_own_restore_gives_back_status_and_variations() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", status="private")
    red = bench.variation(shirt, "Röd", sku="R", regular_price="5")
    bench.ask("DELETE", f"/products/{shirt}")
    assert bench.read(f"/products/{shirt}/variations/{red}")["status"] == "trash"
    bench.heard.clear()
    bench.wait(10)
    bench.shop.products.restore(shirt)
    shown = bench.read(f"/products/{shirt}")
    assert (shown["status"], shown["slug"], shown["variations"]) == ("private", "troja", [red])
    assert shown["date_modified_gmt"] == "2026-03-02T09:00:10"
    assert shown["meta_data"] == []
    assert [change.event for change in bench.heard] == ["updated", "restored"]


def test_publishing_a_trashed_product_by_its_status_leaves_its_variations_there() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd")
    bench.variation(shirt, "Röd", sku="R")
    bench.ask("DELETE", f"/products/{shirt}")
    assert bench.change(f"/products/{shirt}", status="publish")["variations"] == []
    assert bench.ids(sku="R") == []


def test_deletion_for_good_takes_variations_reviews_and_skus_along_in_silence() -> None:
    bench = Bench()
    shirt = bench.shirt("Röd", sku="TR")
    red = bench.variation(shirt, "Röd", sku="TR-R")
    bench.make(
        "/products/reviews", product_id=shirt, review="Fin", reviewer="Eva", reviewer_email="eva@kund.example", rating=4
    )
    bench.heard.clear()
    assert bench.ask("DELETE", f"/products/{shirt}", force="true")[0] == 200
    assert bench.heard == []
    assert bench.ask("GET", f"/products/{shirt}/variations/{red}")[0] == 404
    assert bench.read("/products/reviews") == []
    assert bench.make(name="Ny", sku="TR-R")["sku"] == "TR-R"


def test_a_trashed_product_is_told_once_and_trashing_it_again_is_410() -> None:
    bench = Bench()
    id_ = bench.make(name="Vara")["id"]
    bench.heard.clear()
    assert [bench.ask("DELETE", f"/products/{id_}")[0] for _ in range(2)] == [200, 410]
    assert [change.event for change in bench.heard] == ["deleted"]


def test_a_product_planned_for_later_publishes_itself_when_the_queue_runs() -> None:
    bench = Bench()
    id_ = bench.make(name="Snart", date_created_gmt="2026-03-02T10:00:00")["id"]
    assert bench.read(f"/products/{id_}")["status"] == "future"
    bench.wait(3599)
    bench.shop.run_queue()
    assert bench.shop.products.shelf.things[id_].status == "future"
    bench.wait(1)
    bench.shop.run_queue()
    assert bench.read(f"/products/{id_}")["status"] == "publish"


def test_a_draft_gets_its_slug_when_it_is_published() -> None:
    bench = Bench()
    draft = bench.make(name="Ny kanna", status="draft")
    assert (draft["slug"], draft["permalink"]) == ("", f"https://shop.example/?post_type=product&p={draft['id']}")
    published = bench.change(f"/products/{draft['id']}", status="publish")
    assert (published["slug"], published["permalink"]) == ("ny-kanna", "https://shop.example/product/ny-kanna/")


def test_ids_are_never_given_twice() -> None:
    bench = Bench()
    seen = []
    for _ in range(3):
        seen.append(bench.make(name="Vara")["id"])
        bench.ask("DELETE", f"/products/{seen[-1]}", force="true")
    assert seen == sorted(set(seen))
