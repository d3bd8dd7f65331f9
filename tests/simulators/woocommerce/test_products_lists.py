"""Lists of products against a plain reckoning over everything the shop has."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulators.woocommerce.products_list import Finder
from tests.simulators.woocommerce.product_bench import START, Bench

STATUSES = ("publish", "publish", "publish", "draft", "private", "pending")


def _filled(seed: int, count: int = 60) -> Bench:
    """A shop whose products were made and changed at odd times, several in the same second."""
    chance = random.Random(seed)
    bench = Bench()
    categories = [bench.make("/products/categories", name=f"Hylla {n}")["id"] for n in range(3)]
    for number in range(count):
        bench.wait(chance.choice((0, 0, 1, 30)))
        made = bench.make(
            name=f"{chance.choice(('Kanna', 'Ämbar', 'åtta', 'Zon'))} {number}",
            sku=f"S-{number}",
            status=chance.choice(STATUSES),
            regular_price=str(chance.randrange(1, 500)),
            menu_order=chance.randrange(3),
            featured=chance.random() < 0.3,
            categories=[{"id": chance.choice(categories)}],
            manage_stock=True,
            stock_quantity=chance.randrange(-2, 4),
        )
        if chance.random() < 0.15:
            bench.ask("DELETE", f"/products/{made['id']}")
    everything = [*bench.shop.products.shelf.things]
    for id_ in chance.sample(everything, count // 2):
        bench.wait(chance.choice((0, 1, 7)))
        if bench.shop.products.shelf.things[id_].status != "trash":
            bench.change(f"/products/{id_}", menu_order=chance.randrange(3))
    return bench


def _stamp(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()[:19]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("by", ["date", "modified", "id"])
def test_every_page_in_every_order_is_what_sorting_everything_would_give(seed: int, order: str, by: str) -> None:
    bench = _filled(seed)
    keys: dict[str, Callable[[Any], tuple[int, int]]] = {
        "date": lambda one: (one.created, one.id),
        "modified": lambda one: (one.modified, one.id),
        "id": lambda one: (one.id, one.id),
    }
    living = [one for one in bench.shop.products.shelf.things.values() if one.status != "trash"]
    wanted = [one.id for one in sorted(living, key=keys[by], reverse=order == "desc")]
    seen: list[int] = []
    for page in range(1, len(wanted) // 7 + 3):
        seen += bench.ids(orderby=by, order=order, per_page=7, page=page)
    assert seen == wanted


@pytest.mark.parametrize("seed", range(3))
def test_filters_alone_and_together_are_what_testing_everything_would_give(seed: int) -> None:
    bench = _filled(seed)
    things = [one for one in bench.shop.products.shelf.things.values() if one.status != "trash"]
    moments = sorted({one.modified for one in things})
    low, high = moments[len(moments) // 4], moments[3 * len(moments) // 4]
    shelf_2 = 17
    filters: dict[str, tuple[dict[str, Any], Callable[[Any], bool]]] = {
        "statuses": ({"include_status": "draft,private"}, lambda one: one.status in ("draft", "private")),
        "not": ({"exclude_status": "publish"}, lambda one: one.status != "publish"),
        "featured": ({"featured": "true"}, lambda one: one.details.featured),
        "category": ({"category": shelf_2}, lambda one: shelf_2 in one.categories),
        "stock": ({"stock_status": "outofstock"}, lambda one: one.stock <= 0),
        "least": ({"min_stock_quantity": 2}, lambda one: one.stock >= 2),
        "price": ({"min_price": "100", "max_price": "300"}, lambda one: 100 <= int(one.price) <= 300),
        "since": ({"modified_after": _stamp(low), "dates_are_gmt": "true"}, lambda one: one.modified > low),
        "until": ({"modified_before": _stamp(high), "dates_are_gmt": "true"}, lambda one: one.modified < high),
        "search": ({"search": "amb"}, lambda one: one.name.startswith("Ämbar")),
    }
    chance = random.Random(seed)
    for _ in range(60):
        names = chance.sample(sorted(filters), chance.randrange(1, 4))
        params: dict[str, Any] = {}
        for name in names:
            params |= filters[name][0]
        by = chance.choice(("date", "modified", "id"))
        wanted = [one.id for one in things if all(filters[name][1](one) for name in names)]
        assert sorted(bench.ids(per_page=100, orderby=by, **params)) == sorted(wanted), (names, by)


@pytest.mark.parametrize("few", [0, 20, 1000])
def test_pages_do_not_depend_on_how_they_are_looked_for(few: int) -> None:
    bench = _filled(5)
    products = bench.shop.products
    finder = Finder(bench.shop, products, few)
    things = [one for one in products.shelf.things.values() if one.status != "trash"]
    moments = sorted({one.modified for one in things})
    chance = random.Random(few)
    for _ in range(80):
        bound, by = chance.choice(moments), chance.choice(("date", "modified", "id"))
        status = chance.choice(("any", "publish", "draft"))
        args = {"orderby": by, "status": status, "modified_after": _stamp(bound), "dates_are_gmt": True}
        down = chance.random() < 0.5
        keys: dict[str, Callable[[Any], tuple[int, int]]] = {
            "date": lambda one: (one.created, one.id),
            "modified": lambda one: (one.modified, one.id),
            "id": lambda one: (one.id, one.id),
        }
        fitting = [one for one in things if one.modified > bound and status in ("any", one.status)]
        wanted = [one.id for one in sorted(fitting, key=keys[by], reverse=down)]
        start = chance.randrange(30)
        found, total = finder.page(args, start, 7, descending=down)
        assert [one.id for one in found] == wanted[start : start + 7]
        assert total == len(wanted)


def test_a_list_of_statuses_beats_a_status() -> None:
    bench = Bench()
    ids = {status: bench.make(name="Vara", status=status)["id"] for status in ("publish", "draft", "private")}
    assert bench.ids(status="publish", include_status="draft,private") == [ids["private"], ids["draft"]]
    assert bench.ids(include_status="any", exclude_status="draft") == [ids["private"], ids["publish"]]


def test_the_total_counts_what_all_pages_together_have() -> None:
    bench = _filled(9)
    for params in ({}, {"status": "publish"}, {"featured": "true"}, {"sku": "S-1,S-2,S-3,S-4"}, {"orderby": "title"}):
        rows = bench.read("/products", _envelope="1", per_page=3, _fields="id", **params)
        total = rows["headers"]["X-WP-Total"]
        pages = rows["headers"]["X-WP-TotalPages"]
        found = [bench.ids(per_page=3, page=page, **params) for page in range(1, pages + 1)]
        assert sum(len(page) for page in found) == total
        assert all(len(page) == 3 for page in found[:-1])


def test_a_local_bound_and_one_in_utc_name_the_same_moment_on_both_sides_of_summer_time() -> None:
    bench = Bench()
    made = []
    for day in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 3, 30, 12, tzinfo=UTC)):
        bench.time = day
        made.append(bench.make(name="Kanna")["id"])
    local = {"2026-03-28T13:00:00": 1, "2026-03-28T12:59:59": 2, "2026-03-30T14:00:00": 0, "2026-03-30T13:59:59": 1}
    for bound, count in local.items():
        assert len(bench.ids(modified_after=bound)) == count, bound
    gmt = {"2026-03-28T12:00:00": 1, "2026-03-28T11:59:59": 2, "2026-03-30T12:00:00": 0, "2026-03-30T11:59:59": 1}
    for bound, count in gmt.items():
        assert len(bench.ids(modified_after=bound, dates_are_gmt="true")) == count, bound


def test_a_list_of_ids_keeps_its_order_only_when_asked_for() -> None:
    bench = Bench()
    first, second, third = (bench.make(name=f"Vara {n}")["id"] for n in range(3))
    asked = f"{second},{third},{first},4711"
    assert bench.ids(include=asked) == [third, second, first]
    assert bench.ids(include=asked, orderby="include") == [second, third, first]
    assert bench.ids(include="inget") == []
    assert bench.ids(exclude=f"{first},{third}") == [second]


def test_best_sellers_come_first_whatever_order_is_asked_for() -> None:
    bench = Bench()
    ids = [bench.make(name=f"Vara {n}")["id"] for n in range(4)]
    for id_, sold in zip(ids, (2, 9, 0, 2), strict=True):
        bench.shop.stock.sold(id_, sold)
    assert bench.ids(orderby="popularity", order="asc") == [ids[1], ids[3], ids[0], ids[2]]


def test_titles_are_sorted_as_the_database_does_without_regard_to_rings_and_dots() -> None:
    bench = Bench()
    names = ["Öl", "Adam", "ål", "Zebra", "Älg", "ost"]
    ids = {name: bench.make(name=name)["id"] for name in names}
    wanted = ["Adam", "ål", "Älg", "Öl", "ost", "Zebra"]
    assert bench.ids(orderby="title", order="asc") == [ids[name] for name in wanted]


def test_a_thing_changed_since_a_mark_is_found_once_however_the_pages_are_cut() -> None:
    bench = Bench()
    ids = [bench.make(name=f"Vara {n}")["id"] for n in range(30)]
    bench.wait(100)
    mark = (START + timedelta(seconds=99)).isoformat()[:19]
    for id_ in ids[::3]:
        bench.change(f"/products/{id_}", name="Ny")
    seen = [
        id_
        for page in range(1, 6)
        for id_ in bench.ids(
            modified_after=mark, dates_are_gmt="true", orderby="modified", order="asc", per_page=3, page=page
        )
    ]
    assert seen == ids[::3]
