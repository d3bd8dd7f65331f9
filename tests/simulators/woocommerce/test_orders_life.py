"""The life of orders: statuses with their dates, stock, sales, notes and mails; what the shop does by itself."""

from __future__ import annotations

import itertools

import pytest

from simulators.woocommerce.events import Change
from simulators.woocommerce.orders_filesort import newest_first
from simulators.woocommerce.orders_model import STATUSES, TAKES_STOCK
from tests.simulators.woocommerce.order_bench import OrderBench

_KEEPS = {"failed", "refunded", "checkout-draft"}
"""Statuses that neither take stock nor give it back."""


def _holds(path: tuple[str, ...]) -> bool:
    """Whether an order that went this way holds its goods at the end."""
    held = False
    for before, status in itertools.pairwise(("pending", *path)):
        if before != status and status not in _KEEPS:
            held = status in TAKES_STOCK
    return held


@pytest.mark.parametrize("first", STATUSES)
def test_stock_follows_the_status_through_any_two_changes(first: str) -> None:
    for second, third in itertools.product(STATUSES, repeat=2):
        bench = OrderBench()
        id_ = bench.stocked("50", 20)
        order = bench.order((id_, 3), status=first)
        for status in (second, third):
            bench.change(order["id"], status=status)
        assert bench.stock(id_) == (17 if _holds((first, second, third)) else 20), (first, second, third)


def test_the_same_goods_are_taken_once_however_often_they_are_paid() -> None:
    bench = OrderBench()
    id_ = bench.stocked("50", 20)
    order = bench.order((id_, 4), set_paid=True)
    for fields in ({"set_paid": True}, {"status": "completed"}, {"status": "processing"}, {"status": "on-hold"}):
        bench.change(order["id"], **fields)
    assert bench.stock(id_) == 16
    assert bench.read(f"/products/{id_}")["total_sales"] == 4


def test_a_payment_is_dated_once_and_a_completion_each_time() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("50"), 1))
    dates = []
    for status in ("processing", "completed", "on-hold", "completed"):
        bench.wait(60)
        told = bench.change(order["id"], status=status)
        dates.append((told["date_paid_gmt"], told["date_completed_gmt"]))
    paid = "2026-03-02T09:01:00"
    assert dates == [(paid, None), *[(paid, "2026-03-02T09:02:00")] * 2, (paid, "2026-03-02T09:04:00")]


def test_cash_on_delivery_is_paid_when_the_order_is_done() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("50"), 1), payment_method="cod", status="processing")
    assert order["date_paid"] is None
    assert bench.change(order["id"], status="completed")["date_paid"] is not None


def test_lines_changed_on_an_order_that_holds_stock_move_it() -> None:
    bench = OrderBench()
    first, second = bench.stocked("50", 10), bench.stocked("70", 10)
    order = bench.order((first, 2), status="processing")
    line = order["line_items"][0]["id"]
    bench.change(order["id"], line_items=[{"id": line, "quantity": 6}, {"product_id": second, "quantity": 3}])
    assert [bench.stock(first), bench.stock(second)] == [4, 7]
    bench.change(order["id"], line_items=[{"id": line, "product_id": None}])
    assert [bench.stock(first), bench.stock(second)] == [10, 7]
    bench.change(order["id"], status="cancelled")
    assert [bench.stock(first), bench.stock(second)] == [10, 10]


def test_deleting_an_order_keeps_its_goods_and_takes_its_sales_back() -> None:
    bench = OrderBench()
    id_ = bench.stocked("50", 10)
    order = bench.order((id_, 2), status="completed")
    assert bench.ask("DELETE", f"/orders/{order['id']}", force="true")[0] == 200
    assert (bench.stock(id_), bench.read(f"/products/{id_}")["total_sales"]) == (8, 0)
    assert bench.ask("GET", f"/orders/{order['id']}")[0] == 404
    assert bench.read("/orders", status="any") == []


def test_trash_announces_a_deletion_and_restoring_a_restoration() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("50"), 1), status="processing")
    bench.heard.clear()
    bench.ask("DELETE", f"/orders/{order['id']}")
    assert bench.heard == [Change("order", order["id"], "deleted")]
    bench.shop.orders.restore(order["id"])
    assert bench.read(f"/orders/{order['id']}")["status"] == "processing"
    assert bench.heard[-1] == Change("order", order["id"], "restored")


def test_an_order_is_announced_before_what_its_goods_do() -> None:
    bench = OrderBench()
    id_ = bench.stocked("50", 10)
    bench.heard.clear()
    order = bench.order((id_, 1), status="processing")
    told = [(change.kind, change.event) for change in bench.heard]
    assert told == [("order", "created"), ("order", "updated"), ("product", "updated")]
    assert {change.id for change in bench.heard} == {order["id"], id_}


def test_the_customer_is_mailed_once_for_each_step_and_the_shop_once_for_an_order() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("50"), 1), status="on-hold")
    for status in ("on-hold", "processing", "completed", "completed", "cancelled", "processing"):
        bench.change(order["id"], status=status)
    assert bench.mails(order["id"]) == [
        "new_order",
        "customer_on_hold_order",
        "customer_processing_order",
        "customer_completed_order",
        "customer_processing_order",
    ]


def test_nobody_is_mailed_about_an_order_without_an_address() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("50"), 1), billing={"country": "SE"}, status="completed")
    assert bench.mails(order["id"]) == ["new_order"]


def test_unpaid_orders_of_the_checkout_are_cancelled_in_time_and_others_kept() -> None:
    bench = OrderBench(hold_stock_minutes=30)
    id_ = bench.stocked("50", 10)
    kinds: tuple[dict[str, str], ...] = (
        {"created_via": "checkout"},
        {},
        {"created_via": "checkout", "status": "on-hold"},
    )
    orders = [bench.order((id_, 1), **kind)["id"] for kind in kinds]
    bench.wait(29 * 60)
    bench.shop.run_queue()
    assert bench.read(f"/orders/{orders[0]}")["status"] == "pending"
    bench.wait(2 * 60 + 30 * 60)
    bench.shop.run_queue()
    assert [bench.read(f"/orders/{id_}")["status"] for id_ in orders] == ["cancelled", "pending", "on-hold"]
    assert "time limit reached" in bench.notes(orders[0])[-1]


def test_drafts_are_cleared_away_after_a_day() -> None:
    bench = OrderBench()
    old = bench.order((bench.product("50"), 1), status="checkout-draft")["id"]
    bench.wait(86_300)
    young = bench.order((bench.product("50"), 1), status="checkout-draft")["id"]
    bench.wait(200)
    bench.shop.run_queue()
    assert bench.ask("GET", f"/orders/{old}")[0] == 404
    assert bench.ask("GET", f"/orders/{young}")[0] == 200


def test_a_refused_change_leaves_nothing_behind() -> None:
    bench = OrderBench()
    id_ = bench.stocked("50", 10)
    order = bench.order((id_, 2), status="processing")
    before = bench.read(f"/orders/{order['id']}")
    bench.wait(5)
    refused = {
        "billing": {"city": "Lund"},
        "meta_data": [{"key": "k", "value": "v"}],
        "line_items": [{"product_id": id_, "quantity": 1}, {"id": 999, "quantity": 1}],
    }
    assert bench.ask("PUT", f"/orders/{order['id']}", refused)[0] == 400
    assert bench.read(f"/orders/{order['id']}") == before
    assert bench.stock(id_) == 8


def test_every_write_moves_the_date_and_notes_do_not() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("50"), 1))
    dates = [order["date_modified_gmt"]]
    for write in ({}, {"meta_data": [{"key": "k", "value": "v"}]}, {"status": "pending"}):
        bench.wait(1)
        dates.append(bench.change(order["id"], **write)["date_modified_gmt"])
    assert dates == sorted(set(dates))
    bench.wait(1)
    bench.make(f"/orders/{order['id']}/notes", note="Packat", customer_note=True)
    assert bench.read(f"/orders/{order['id']}")["date_modified_gmt"] == dates[-1]
    assert bench.mails(order["id"]) == ["customer_note"]


@pytest.mark.parametrize("count", [1, 2, 11, 12, 13, 40, 200])
def test_the_database_sorts_by_date_and_loses_no_row(count: int) -> None:
    rows = [(number, number * 7 % 5) for number in range(count)]
    found = newest_first(rows, lambda row: row[1])
    assert sorted(found) == rows
    dates = [date for _id, date in found]
    assert dates == sorted(dates, reverse=True)


def test_meta_data_come_as_written_in_a_small_shop_and_by_key_in_a_large_one() -> None:
    rows = [{"key": key, "value": "1"} for key in ("zeta", "_skyddad", "Alfa", "7", "beta")]
    found = []
    for orders in (0, 60):
        bench = OrderBench()
        for _ in range(orders):
            bench.order()
        order = bench.order(meta_data=rows)
        found.append([row["key"] for row in bench.read(f"/orders/{order['id']}")["meta_data"]])
    assert found == [["zeta", "_skyddad", "Alfa", "7", "beta"], ["_skyddad", "7", "Alfa", "beta", "zeta"]]
