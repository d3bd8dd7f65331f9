"""Lists of orders: the indexes find what going through all orders finds, in the same order, page by page."""

from __future__ import annotations

import random
from typing import Any

import pytest

from simulators.woocommerce.orders_model import Line, Order
from tests.simulators.woocommerce.order_bench import START, OrderBench

_STATUSES = ("pending", "processing", "on-hold", "completed", "trash", "checkout-draft", "auto-draft")
_BEGIN = int(START.timestamp())


def _bench(seed: int) -> OrderBench:
    """Sixty orders with few different moments, so that ties abound, some of them changed and moved since."""
    chance = random.Random(seed)
    bench = OrderBench()
    for _ in range(60):
        created = _BEGIN + chance.randint(0, 9)
        order = Order(
            bench.shop.ids.posts.next(),
            created,
            created + chance.randint(0, 9),
            status=chance.choice(_STATUSES),
            customer_id=chance.randint(0, 2),
            lines=[Line(1, "Sak", chance.randint(1, 4))],
        )
        bench.shop.orders.keep(order)
    for order in list(bench.shop.orders.all.values())[::3]:
        order.modified = _BEGIN + chance.randint(0, 9)
        order.status = chance.choice(_STATUSES)
        bench.shop.orders.keep(order)
    return bench


def _by_hand(bench: OrderBench, asked: dict[str, Any]) -> list[int]:
    statuses = [one for one in str(asked.get("status", "any")).split(",") if one]
    shown = [one for one in bench.shop.orders.all.values() if _fits(one, asked, statuses)]
    by = asked.get("orderby", "date")
    keys = {"date": "created", "modified": "modified"}

    def key(order: Order) -> tuple[int, int]:
        return (getattr(order, keys[by]) if by in keys else 0, order.id)

    return [one.id for one in sorted(shown, key=key, reverse=asked.get("order", "desc") == "desc")]


def _fits(order: Order, asked: dict[str, Any], statuses: list[str]) -> bool:
    hidden = order.status in {"trash", "auto-draft"}
    if hidden if "any" in statuses else order.status not in statuses:
        return False
    if "customer" in asked and order.customer_id != asked["customer"]:
        return False
    if "product" in asked and order.lines[0].product_id != asked["product"]:
        return False
    if order.id in asked.get("exclude", []) or (asked.get("include") and order.id not in asked["include"]):
        return False
    bounds = [("after", order.created, 1), ("before", order.created, -1)]
    bounds += [("modified_after", order.modified, 1), ("modified_before", order.modified, -1)]
    return all((moment - asked[name]) * sign > 0 for name, moment, sign in bounds if name in asked)


def _sent(asked: dict[str, Any]) -> dict[str, Any]:
    told = {}
    for name, value in asked.items():
        if name.endswith(("after", "before")):
            told[name] = f"2026-03-02T09:00:{value - _BEGIN:02d}"
        else:
            told[name] = ",".join(map(str, value)) if isinstance(value, list) else value
    return told


@pytest.mark.parametrize("seed", range(40))
def test_any_filter_and_order_finds_what_going_through_all_finds(seed: int) -> None:
    bench = _bench(seed)
    chance = random.Random(f"asked {seed}")
    for _ in range(12):
        asked: dict[str, Any] = {"per_page": chance.randint(1, 30), "page": chance.randint(1, 4)}
        if chance.random() < 0.6:
            asked["status"] = ",".join(chance.sample((*_STATUSES, "any"), chance.randint(1, 3)))
        if chance.random() < 0.8:
            asked["orderby"], asked["order"] = chance.choice(("date", "id", "modified")), chance.choice(("asc", "desc"))
        for name in ("after", "before", "modified_after", "modified_before"):
            if chance.random() < 0.3:
                asked[name] = _BEGIN + chance.randint(0, 18)
        for name, values in (("customer", range(3)), ("product", range(1, 5))):
            if chance.random() < 0.2:
                asked[name] = chance.choice(values)
        for name in ("include", "exclude"):
            if chance.random() < 0.2:
                asked[name] = chance.sample(list(bench.shop.orders.all), 20)
        wanted = _by_hand(bench, asked)
        start = (asked["page"] - 1) * asked["per_page"]
        found = bench.read("/orders", _fields="id", dates_are_gmt="true", **_sent(asked))
        assert [row["id"] for row in found] == wanted[start : start + asked["per_page"]], asked


def test_a_list_by_include_comes_in_the_order_asked_for() -> None:
    bench = _bench(1)
    visible = _by_hand(bench, {})
    wanted = [visible[7], visible[2], visible[30], visible[0]]
    found = bench.read("/orders", _fields="id", orderby="include", include=",".join(map(str, wanted)))
    assert [row["id"] for row in found] == wanted


def test_fields_that_are_not_asked_for_are_not_there() -> None:
    bench = OrderBench()
    bench.order((bench.product("50"), 1))
    (row,) = bench.read("/orders", _fields="id,total,line_items")
    assert list(row) == ["id", "total", "line_items"]


def test_an_order_that_changes_while_pages_are_read_slides_over_the_border() -> None:
    bench = OrderBench()
    ids = []
    for _ in range(4):
        bench.wait(1)
        ids.append(bench.order()["id"])
    asked = {"orderby": "modified", "order": "asc", "per_page": 2, "_fields": "id"}
    first = bench.read("/orders", page=1, **asked)
    bench.wait(1)
    bench.change(ids[0])
    second = bench.read("/orders", page=2, **asked)
    assert [row["id"] for row in first + second] == [ids[0], ids[1], ids[3], ids[0]]


def test_searching_finds_people_goods_and_payments() -> None:
    bench = OrderBench()
    wanted = bench.order((bench.product("50", name="Blå kanna"), 1), transaction_id="SW-77")["id"]
    bench.order((bench.product("50", name="Fat"), 1), billing={"first_name": "Bo", "country": "SE"})
    for term in ("siv@post", "mölndal", "blå kanna", "sw-77", str(wanted)):
        assert [row["id"] for row in bench.read("/orders", search=term, _fields="id")] == [wanted], term


def test_fields_in_an_element_of_a_batch_give_a_raw_order() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("50"), 1))
    _status, body = bench.ask("POST", "/orders/batch", {"update": [{"id": order["id"], "_fields": "id,total"}]})
    (told,) = body["update"]
    assert (told["total"], told["discount_total"]) == ("50.00", "0")
    created = {"date": "2026-03-02 10:00:00.000000", "timezone_type": 3, "timezone": "Europe/Stockholm"}
    assert told["date_created"] == created
    assert not {"line_items", "meta_data", "date_created_gmt", "payment_url"} & set(told)
