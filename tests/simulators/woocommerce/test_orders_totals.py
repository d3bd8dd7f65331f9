"""What orders cost: tax within and on prices, rounding, rates by place, fees. The sums here were worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulators.woocommerce.options import TaxRate
from simulators.woocommerce.orders_money import round_to, shown, text_of
from tests.simulators.woocommerce.order_bench import OrderBench


def _sums(order: dict[str, Any]) -> tuple[str, str, str]:
    return order["total"], order["cart_tax"], order["discount_total"]


def test_tax_is_taken_out_of_a_price_that_includes_it() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("33.33"), 3))
    line = order["line_items"][0]
    assert (line["subtotal"], line["total_tax"], line["price"]) == ("79.99", "20.00", 26.664)
    assert _sums(order) == ("99.99", "20.00", "0.00")


def test_half_an_ore_of_tax_goes_down_within_prices_and_up_on_top_of_them() -> None:
    within, on_top = OrderBench(), OrderBench(prices_include_tax=False)
    assert within.order((within.product("0.125"), 1))["total_tax"] == "0.02"
    assert on_top.order((on_top.product("0.10"), 1))["total_tax"] == "0.03"


def test_tax_is_rounded_once_where_the_shop_rounds_on_the_sum() -> None:
    by_line = OrderBench(prices_include_tax=False)
    on_sum = OrderBench(prices_include_tax=False, round_at_subtotal=True)
    totals = []
    for bench in (by_line, on_sum):
        order = bench.order(*((bench.product("0.10"), 1) for _ in range(3)))
        totals.append((order["cart_tax"], order["total"]))
    # Three times 0.025: 0.03 each, or 0.075 in all, which the total rounds to 0.08.
    assert totals == [("0.09", "0.39"), ("0.08", "0.38")]


def test_a_compound_rate_is_reckoned_on_price_and_other_taxes() -> None:
    def rate(id_: int, percent: str, priority: int, *, compound: bool) -> TaxRate:
        return TaxRate(id=id_, country="CA", rate=Decimal(percent), name="T", priority=priority, compound=compound)

    rates = (rate(1, "5", 1, compound=False), rate(2, "9.975", 2, compound=True))
    bench = OrderBench(prices_include_tax=False, tax_rates=rates, country="CA")
    order = bench.order((bench.product("100"), 1), billing={"country": "CA"}, shipping={"country": "CA"})
    # 5.00, and 9.975 % of 105.00.
    assert [line["tax_total"] for line in order["tax_lines"]] == ["5.00", "10.47"]
    assert order["total"] == "115.47"


def test_compound_tax_within_a_price_comes_out_again() -> None:
    rates = (
        TaxRate(id=1, country="CA", rate=Decimal(10), name="A"),
        TaxRate(id=2, country="CA", rate=Decimal(20), name="B", priority=2, compound=True),
    )
    bench = OrderBench(tax_rates=rates, country="CA")
    order = bench.order((bench.product("132"), 1), billing={"country": "CA"}, shipping={"country": "CA"})
    assert order["line_items"][0]["total"] == "100.00"
    assert [line["tax_total"] for line in order["tax_lines"]] == ["10.00", "22.00"]


@pytest.mark.parametrize(
    ("postcode", "tax"), [("621 40", "10.00"), ("62150", "10.00"), ("622 00", "25.00"), ("980 10", "0.00")]
)
def test_the_most_particular_rate_of_a_priority_is_the_one(postcode: str, tax: str) -> None:
    rates = (
        TaxRate(id=1, country="SE", rate=Decimal(25), name="Moms"),
        TaxRate(id=2, country="SE", rate=Decimal(10), name="Gotland", postcodes=("62100...62199",)),
        TaxRate(id=3, country="SE", rate=Decimal(0), name="Norr", postcodes=("98*",)),
    )
    bench = OrderBench(prices_include_tax=False, tax_rates=rates)
    place = {"country": "SE", "postcode": postcode}
    assert bench.order((bench.product("100"), 1), billing=place, shipping=place)["total_tax"] == tax


def test_goods_that_are_fetched_are_taxed_at_the_shop() -> None:
    bench = OrderBench()
    abroad = {"country": "NO"}
    sent = bench.order((bench.product("250"), 1), billing=abroad, shipping=abroad)
    line = {"method_id": "local_pickup", "method_title": "Hämta", "total": "0"}
    fetched = bench.order((bench.product("250"), 1), billing=abroad, shipping=abroad, shipping_lines=[line])
    assert [sent["total"], fetched["total"]] == ["200.00", "250.00"]


def test_shipping_takes_the_class_of_the_goods_and_the_standard_one_among_several() -> None:
    bench = OrderBench()
    food, thing = bench.product("112", tax_class="reduced-rate"), bench.product("125")
    line = {"method_id": "flat_rate", "method_title": "Frakt", "total": "50"}
    alone = bench.order((food, 1), shipping_lines=[line])
    beside = bench.order((food, 1), (thing, 1), shipping_lines=[line])
    free = bench.order((bench.product("80", tax_status="none"), 1), shipping_lines=[line])
    assert [one["shipping_tax"] for one in (alone, beside, free)] == ["6.00", "12.50", "0.00"]


def test_shipping_takes_its_own_class_where_the_shop_says_so() -> None:
    bench = OrderBench(shipping_tax_class="super-reduced-rate")
    line = {"method_id": "flat_rate", "method_title": "Frakt", "total": "50"}
    assert bench.order((bench.product("125"), 1), shipping_lines=[line])["shipping_tax"] == "3.00"


def test_a_negative_fee_takes_tax_off_in_proportion_to_the_goods() -> None:
    bench = OrderBench()
    goods = (bench.product("250"), 1), (bench.product("112", tax_class="reduced-rate"), 1)
    order = bench.order(*goods, fee_lines=[{"name": "Rabatt", "total": "-30"}])
    # 200 and 100 without tax: 20 of the fee at 25 %, 10 at 12 %.
    assert [tax["total"] for tax in order["fee_lines"][0]["taxes"]] == ["-5.00", "-1.20"]
    assert order["total"] == "325.80"


def test_a_negative_fee_never_takes_more_than_there_is() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("125"), 1), fee_lines=[{"name": "Rabatt", "total": "-500"}])
    assert (order["fee_lines"][0]["total"], order["total"]) == ("-100.00", "0.00")


def test_totals_that_are_sent_are_taken_as_without_tax() -> None:
    bench = OrderBench()
    line = {"product_id": bench.product("125"), "quantity": 3, "subtotal": "300", "total": "270.50"}
    order = bench.make("/orders", billing={"country": "SE"}, line_items=[line])
    # 25 % of 270.50 is 67.625: down within prices.
    assert _sums(order) == ("338.12", "67.62", "29.50")


def test_a_shop_without_decimals_has_whole_amounts_in_its_orders() -> None:
    bench = OrderBench(currency_decimals=0)
    order = bench.order((bench.product("99.60"), 2))
    assert (order["line_items"][0]["total"], order["cart_tax"], order["total"]) == ("159", "40", "199")


def test_no_tax_is_reckoned_for_those_who_are_exempt() -> None:
    bench = OrderBench()
    order = bench.order((bench.product("125"), 1), meta_data=[{"key": "is_vat_exempt", "value": "yes"}])
    assert (order["total"], order["tax_lines"]) == ("100.00", [])


_PRICE = st.integers(1, 500_000).map(lambda ore: f"{ore // 100}.{ore % 100:02d}")
_CLASS = st.sampled_from(["", "reduced-rate", "super-reduced-rate"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_PRICE, _CLASS, st.integers(1, 9)), min_size=1, max_size=6))
def test_the_shown_amounts_add_up_to_the_total_when_lines_are_rounded(goods: list[tuple[str, str, int]]) -> None:
    bench = OrderBench()
    order = bench.order(*((bench.product(price, tax_class=kind), count) for price, kind, count in goods))
    lines = sum((Decimal(line["total"]) for line in order["line_items"]), Decimal(0))
    taxes = sum((Decimal(line["tax_total"]) for line in order["tax_lines"]), Decimal(0))
    assert taxes == Decimal(order["cart_tax"]) == Decimal(order["total_tax"])
    assert lines + taxes == Decimal(order["total"])
    asked = sum(Decimal(price) * count for price, _kind, count in goods)
    assert abs(asked - Decimal(order["total"])) <= Decimal("0.01") * len(goods)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (1.005, 2, 1.01),
        (2.675, 2, 2.68),
        (-1.005, 2, -1.01),
        (5.055, 2, 5.06),
        (1234567.125, 2, 1234567.13),
        (0.5, 0, 1),
    ],
)
def test_php_rounds_what_a_person_sees_and_not_what_the_float_is(value: float, places: int, rounded: float) -> None:
    assert round_to(value, places) == rounded


def test_amounts_become_texts_of_at_most_six_decimals() -> None:
    assert [text_of(value) for value in (100.0, 0.1234567, 1e-9, 99.5)] == ["100", "0.123457", "0", "99.5"]
    assert [shown("-0.001", 2), shown("", 2), shown("12.5", 0)] == ["0.00", "0.00", "13"]
