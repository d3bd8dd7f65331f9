"""The indexes after a long life are those of a shop that was filled with the same things at once."""

from __future__ import annotations

import random
from typing import Any

import pytest

from simulators.woocommerce import freeze
from simulators.woocommerce.products_shelf import Kind, Shelf, terms_of
from simulators.woocommerce.products_text import folded
from tests.simulators.woocommerce.product_bench import Bench


def _live(bench: Bench, chance: random.Random, steps: int) -> None:
    categories = [bench.make("/products/categories", name=f"Hylla {n}")["id"] for n in range(4)]
    for _ in range(steps):
        bench.wait(chance.choice((0, 0, 1, 90)))
        things = [*bench.shop.products.shelf.things.values()]
        one = chance.choice(things) if things else None
        path = f"/products/{one.id}" if one is not None else "/products"
        if one is not None and one.type == "variation":
            path = f"/products/{one.parent}/variations/{one.id}"
        act = chance.randrange(8)
        fields: dict[str, Any] = {
            "sku": chance.choice((f"S{chance.randrange(30)}", "")),
            "status": chance.choice(("publish", "draft", "private")),
            "regular_price": str(chance.randrange(9)),
            "categories": [{"id": chance.choice(categories)} for _ in range(chance.randrange(3))],
        }
        if act <= 2 or one is None:
            colour = {"name": "Färg", "options": ["Röd", "Blå"], "variation": True}
            bench.ask("POST", "/products", {"name": "Vara", "type": chance.choice(("simple", "variable")), **fields})
            bench.ask("POST", "/products", {"name": "Tröja", "type": "variable", "attributes": [colour]})
        elif act == 3 and one.type == "variable":
            bench.ask("POST", f"{path}/variations", {"attributes": [{"name": "Färg", "option": "Röd"}], **fields})
        elif act == 4:
            bench.ask("DELETE", path, **chance.choice(({}, {"force": "true"})))
        elif act == 5:
            bench.shop.products.restore(one.id)
        elif act == 6 and one.type == "variable":
            bench.ask("PUT", path, {"type": chance.choice(("simple", "variable"))})
        else:
            bench.ask("PUT", path, fields)


def _told(kind: Kind) -> list[Any]:
    return [
        list(kind.created.ids()),
        list(kind.modified.ids()),
        list(kind.ids.ids()),
        {status: sorted(kind.by_status.ids(status)) for status in sorted(kind.by_status.keys())},
    ]


def _indexes(shelf: Shelf) -> list[Any]:
    things = shelf.things.values()
    terms = sorted({term for one in things for term in terms_of(one)})
    return [
        _told(shelf.products),
        _told(shelf.variations),
        {one.sku: sorted(shelf.by_sku.ids(folded(one.sku))) for one in things if one.sku},
        {one.id: [child.id for child in shelf.children(one.id)] for one in things},
        {term: (sorted(shelf.in_term(term)), shelf.published_in(term)) for term in terms},
        {one.id: shelf.free_slug(one.slug, 0) for one in things if one.slug},
    ]


@pytest.mark.parametrize("seed", range(4))
def test_indexes_never_drift_from_the_things_they_index(seed: int) -> None:
    bench = Bench()
    _live(bench, random.Random(seed), 250)
    shelf = bench.shop.products.shelf
    assert len(shelf.things) > 20
    fresh = Shelf()
    for one in sorted(shelf.things.values(), key=lambda thing: thing.id):
        fresh.put(one)
    assert _indexes(shelf) == _indexes(fresh)


def test_a_shop_taken_from_a_snapshot_lists_the_same_and_goes_on_the_same() -> None:
    bench, again = Bench(listen=False), Bench(listen=False)
    _live(bench, random.Random(7), 120)
    again.time = bench.time
    freeze.thaw(again.shop, freeze.freeze(bench.shop))
    assert _indexes(again.shop.products.shelf) == _indexes(bench.shop.products.shelf)
    for each in (bench, again):
        each.wait(60)
    assert again.make(name="Ny", sku="Ny") == bench.make(name="Ny", sku="Ny")
    assert again.read("/products", per_page=50) == bench.read("/products", per_page=50)
