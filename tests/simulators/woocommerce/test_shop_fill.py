"""Filling a simulated shop with goods and a past."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import msgspec
import pytest

from simulators.woocommerce.census import census
from simulators.woocommerce.fill import Filled, FillOptions, fill
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.orders_totals import calculate
from simulators.woocommerce.orders_write import editable
from simulators.woocommerce.shop import Shop
from tests.simulators.woocommerce.shop_client import ask

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
V3 = "/wp-json/wc/v3"


def _filled(options: ShopOptions | None = None, seed: int = 1) -> Shop:
    shop = Shop(options, lambda: NOW)
    assert fill(shop, FillOptions(products=200, orders=400, seed=seed)) == Filled(200, 120, 400)
    return shop


def test_there_is_as_much_in_the_shop_as_was_asked_for() -> None:
    shop = _filled()
    counted = census(shop)
    assert (counted.products, counted.variations, sum(counted.orders.values())) == (200, 120, 400)
    status, rows = ask(shop, "GET", f"{V3}/orders", per_page="100", page="4")
    assert (status, len(rows)) == (200, 100)
    status, rows = ask(shop, "GET", f"{V3}/products", per_page="100", type="variable")
    assert (status, len(rows)) == (200, 40)
    assert all(len(row["variations"]) == 3 for row in rows)


@pytest.mark.parametrize(
    "options",
    [
        ShopOptions(),
        ShopOptions(prices_include_tax=False),
        ShopOptions(round_at_subtotal=True),
        ShopOptions(currency_decimals=0),
    ],
)
def test_filled_orders_cost_what_the_shop_itself_would_ask(options: ShopOptions) -> None:
    shop = _filled(options)
    for order in shop.orders.all.values():
        again = editable(order)
        calculate(again, shop.orders.writer.pricing())
        for one, other in zip(order.lines, again.lines, strict=True):
            assert (one.total, one.total_tax, one.taxes) == (other.total, other.total_tax, other.taxes)
        assert Decimal(order.total) == Decimal(again.total)
        assert Decimal(order.total_tax) == Decimal(again.total_tax)
        assert {line.rate_id: line.tax_total for line in order.tax_lines} == {
            line.rate_id: line.tax_total for line in again.tax_lines
        }


def test_the_same_seed_gives_the_same_shop() -> None:
    one, same, other = (list(_filled(seed=seed).orders.all.values()) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_what_is_new_comes_after_the_past() -> None:
    shop = _filled()
    status, made = ask(shop, "POST", f"{V3}/orders", {"status": "processing"})
    assert status == 201
    newest = ask(shop, "GET", f"{V3}/orders", per_page="1")[1]
    assert [row["id"] for row in newest] == [made["id"]]
    status, rows = ask(shop, "GET", f"{V3}/orders", per_page="1", orderby="id", order="asc")
    assert (status, rows[0]["id"]) == (200, next(iter(shop.orders.all)))


def test_an_order_of_the_past_can_be_changed_like_any_other() -> None:
    shop = _filled()
    waiting = next(order for order in shop.orders.all.values() if order.status == "processing")
    status, body = ask(shop, "PUT", f"{V3}/orders/{waiting.id}", {"status": "completed"})
    assert (status, body["status"]) == (200, "completed")
    assert shop.orders.all[waiting.id].completed == int(NOW.timestamp())


def test_a_shop_without_goods_has_no_past() -> None:
    with pytest.raises(ValueError, match="nothing to buy"):
        fill(Shop(), FillOptions(orders=1))
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"orders": 1, "wrong": 2}', type=FillOptions)
