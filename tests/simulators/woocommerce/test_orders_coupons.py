"""Coupons on orders: what is left over, limits, what they are for, how often they may be used."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.woocommerce.coupons_discounts import Deal, Discounts, Item
from tests.simulators.woocommerce.order_bench import OrderBench


def _coded(*codes: str) -> dict[str, Any]:
    return {"coupon_lines": [{"code": code} for code in codes]}


def _with_tax(order: dict[str, Any]) -> list[Decimal]:
    return [Decimal(line["total"]) + Decimal(line["total_tax"]) for line in order["line_items"]]


def test_ten_kronor_over_three_lines_leaves_one_ore_for_the_dearest() -> None:
    bench = OrderBench(tax_rates=())
    bench.coupon("tia", "fixed_cart", "10")
    goods = [(bench.product(price), 1) for price in ("40", "60", "50")]
    order = bench.order(*goods, **_coded("tia"))
    assert [line["total"] for line in order["line_items"]] == ["36.67", "56.66", "46.67"]
    assert (order["discount_total"], order["total"]) == ("10.00", "140.00")


def test_a_coupon_worth_more_than_the_goods_makes_them_free() -> None:
    bench = OrderBench()
    bench.coupon("stor", "fixed_cart", "500")
    order = bench.order(
        (bench.product("125"), 1), (bench.product("11.20", tax_class="reduced-rate"), 2), **_coded("stor")
    )
    assert (order["total"], order["discount_total"], order["discount_tax"]) == ("0.00", "120.00", "27.40")


def test_a_fixed_amount_off_each_piece_stops_at_the_limit() -> None:
    bench = OrderBench(tax_rates=())
    bench.coupon("fem", "fixed_product", "5", limit_usage_to_x_items=3)
    order = bench.order((bench.product("100"), 2), (bench.product("20"), 4), **_coded("fem"))
    assert [line["total"] for line in order["line_items"]] == ["190.00", "75.00"]


def test_a_percentage_is_of_the_pieces_within_the_limit() -> None:
    bench = OrderBench(tax_rates=())
    bench.coupon("halv", "percent", "50", limit_usage_to_x_items=1)
    order = bench.order((bench.product("100"), 3), **_coded("halv"))
    assert order["total"] == "250.00"


def test_a_coupon_for_one_product_leaves_the_others_alone() -> None:
    bench = OrderBench(tax_rates=())
    cheap, dear = bench.product("10"), bench.product("90")
    bench.coupon("bara", "percent", "20", product_ids=[cheap])
    order = bench.order((cheap, 1), (dear, 1), **_coded("bara"))
    assert [line["total"] for line in order["line_items"]] == ["8.00", "90.00"]
    status, refused = bench.ask("POST", "/orders", {"line_items": [{"product_id": dear}], **_coded("bara")})
    assert (status, refused["code"]) == (400, "woocommerce_rest_invalid_coupon")


def test_two_coupons_each_take_from_the_whole_price() -> None:
    bench = OrderBench(tax_rates=())
    bench.coupon("tio", "percent", "10")
    bench.coupon("tjugo", "percent", "20")
    order = bench.order((bench.product("200"), 1), **_coded("tio", "tjugo"))
    assert [line["discount"] for line in order["coupon_lines"]] == ["20", "40"]
    assert order["total"] == "140.00"


def test_coupons_are_taken_off_again_and_others_put_on() -> None:
    bench = OrderBench(tax_rates=())
    bench.coupon("tio", "percent", "10")
    order = bench.order((bench.product("200"), 1), **_coded("tio"))
    assert bench.change(order["id"], coupon_lines=[])["total"] == "200.00"
    assert bench.change(order["id"], **_coded("tio"))["total"] == "180.00"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"date_expires_gmt": "2026-03-01T00:00:00"}, "has expired"),
        ({"minimum_amount": "126"}, "The minimum spend"),
        ({"maximum_amount": "124"}, "The maximum spend"),
    ],
)
def test_a_coupon_that_does_not_apply_is_refused_in_words(fields: dict[str, Any], words: str) -> None:
    bench = OrderBench()
    bench.coupon("nej", "percent", "10", **fields)
    line = {"product_id": bench.product("125"), "quantity": 1}
    status, body = bench.ask("POST", "/orders", {"line_items": [line], "billing": {"country": "SE"}, **_coded("nej")})
    assert status == 400
    assert words in body["message"]


def test_a_refused_coupon_leaves_a_draft_behind() -> None:
    bench = OrderBench()
    line = {"product_id": bench.product("125"), "quantity": 1}
    _status, body = bench.ask("POST", "/orders", {"line_items": [line], **_coded("finns-inte")})
    draft = bench.read(f"/orders/{body['data']['new_draft_order_id']}")
    assert (draft["status"], draft["total"]) == ("checkout-draft", "125.00")


def test_uses_are_counted_and_given_back_by_a_cancelled_order() -> None:
    bench = OrderBench()
    bench.coupon("en", "percent", "10", usage_limit=1)
    order = bench.order((bench.product("125"), 1), status="processing", **_coded("en"))
    (known,) = bench.read("/coupons", code="en")
    assert (known["usage_count"], known["used_by"]) == (1, ["siv@post.example"])
    refused = {"line_items": [{"product_id": order["line_items"][0]["product_id"]}], **_coded("en")}
    assert bench.ask("POST", "/orders", refused)[0] == 400
    bench.change(order["id"], status="cancelled")
    assert bench.read("/coupons", code="en")[0]["usage_count"] == 0
    assert bench.ask("POST", "/orders", refused)[0] == 201


_ITEM = st.tuples(st.integers(1, 100_000), st.integers(1, 12))


def _given(goods: list[tuple[int, int]], amount: int) -> float:
    items = [Item(key, float(price), count, lambda _code: True) for key, (price, count) in enumerate(goods)]
    discounts = Discounts(items, 2)
    discounts.apply(Deal("x", "fixed_cart", amount / 100))
    taken = discounts.by_item()
    assert all(0 <= taken[item.key] <= item.price for item in items)
    return sum(taken.values())


@given(st.lists(_ITEM, min_size=1, max_size=8), st.integers(1, 400_000))
def test_a_cart_coupon_never_gives_more_than_its_amount_or_all_there_is(
    goods: list[tuple[int, int]], amount: int
) -> None:
    most = min(amount, sum(price for price, _count in goods))
    # What is left at the end goes out one öre a piece, so goods that are nearly free may swallow some of it.
    assert most - sum(count for _price, count in goods) < _given(goods, amount) <= most


@given(st.lists(_ITEM, min_size=1, max_size=8), st.data())
def test_a_cart_coupon_gives_exactly_its_amount_while_no_line_runs_out(
    goods: list[tuple[int, int]], data: st.DataObject
) -> None:
    amount = data.draw(st.integers(1, min(price for price, _count in goods)))
    assert _given(goods, amount) == amount


def test_a_cart_coupon_loses_an_ore_where_a_line_runs_out_of_it() -> None:
    assert _given([(148, 7), (177, 8)], 325) == 324


@settings(max_examples=40)
@given(st.lists(_ITEM, min_size=1, max_size=8), st.integers(1, 100))
def test_a_percentage_is_that_of_the_whole_cart_rounded_once(goods: list[tuple[int, int]], percent: int) -> None:
    items = [Item(key, float(price), count, lambda _code: True) for key, (price, count) in enumerate(goods)]
    discounts = Discounts(items, 2)
    discounts.apply(Deal("x", "percent", float(percent)))
    whole = Decimal(sum(price for price, _count in goods)) * percent / 100
    assert abs(Decimal(sum(discounts.by_item().values())) - whole) <= Decimal("0.5")


def test_the_paid_sums_of_a_discounted_order_are_whole_ore() -> None:
    bench = OrderBench()
    bench.coupon("sju", "percent", "7")
    order = bench.order(
        (bench.product("99.99"), 3), (bench.product("14.37", tax_class="reduced-rate"), 5), **_coded("sju")
    )
    # 299.97 and 71.85 with tax; 7 % is 26.03 in all; 20.99 and 5.02 by line leave two öre for the dearer.
    assert _with_tax(order) == [Decimal("278.96"), Decimal("66.83")]
