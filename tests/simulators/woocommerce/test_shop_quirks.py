"""The known faults of other shops: each switch does what it says, and none is on by itself."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from simulators.people import People
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.orders_place import Basket
from simulators.woocommerce.quirks import Quirks
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.site import Site
from tests.simulators.woocommerce.shop_client import ask, send

V3 = "/wp-json/wc/v3"


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=3)
        return self.now


def _shop(**quirks: Any) -> Shop:
    return Shop(ShopOptions(quirks=Quirks(**quirks)), Clock())


def _order(shop: Shop) -> Any:
    return ask(shop, "POST", f"{V3}/orders", {"status": "processing"})[1]


def test_no_fault_is_on_by_itself() -> None:
    assert ShopOptions().quirks == Quirks()
    assert not any(msgspec.structs.astuple(Quirks()))


def test_a_change_may_leave_the_date_behind() -> None:
    shop = _shop(modified_stays=1.0)
    order = _order(shop)
    changed = ask(shop, "PUT", f"{V3}/orders/{order['id']}", {"status": "completed"})[1]
    found = ask(shop, "GET", f"{V3}/orders/{order['id']}")[1]
    assert (changed["status"], found["status"]) == ("completed", "completed")
    assert found["date_modified_gmt"] == order["date_modified_gmt"]
    after = order["date_modified_gmt"]
    assert ask(shop, "GET", f"{V3}/orders", modified_after=after, dates_are_gmt="true")[1] == []


def test_looking_may_move_the_date() -> None:
    shop = _shop(viewing_modifies=True)
    order = _order(shop)
    ask(shop, "GET", f"{V3}/orders/{order['id']}")
    found = ask(shop, "GET", f"{V3}/orders")[1][0]
    assert found["date_modified_gmt"] > order["date_modified_gmt"]


def test_a_product_may_be_there_in_spite_of_the_error() -> None:
    shop = _shop(sku_error_after_create=1.0)
    status, body = ask(shop, "POST", f"{V3}/products", {"name": "Vara", "sku": "A-1"})
    assert (status, body["code"]) == (400, "product_invalid_sku")
    (found,) = ask(shop, "GET", f"{V3}/products", sku="A-1")[1]
    assert found["id"] == body["data"]["resource_id"]


def test_a_notice_may_stand_before_the_json() -> None:
    response = send(_shop(notice_before_json=1.0), "GET", f"{V3}/orders")
    assert response.body.startswith(b"<br />\n<b>Notice</b>")
    assert json.loads(response.body.rpartition(b"<br />\n")[2]) == []


def test_a_page_of_html_may_come_after_the_work_was_done() -> None:
    shop = _shop(html_with_200=1.0)
    response = send(shop, "POST", f"{V3}/orders", {"status": "processing"})
    assert (response.status, response.body[:15]) == (200, b"<!DOCTYPE html>")
    assert len(shop.orders.all) == 1


def test_a_firewall_may_stand_in_front() -> None:
    shop = _shop(blocked_by_firewall=1.0)
    response = send(shop, "POST", f"{V3}/orders", {"status": "processing"})
    assert (response.status, dict(response.headers)["Content-Type"]) == (403, "text/html")
    assert not shop.orders.all


def test_orders_of_one_second_may_slip_between_pages() -> None:
    def seen(shop: Shop) -> list[int]:
        pages = [ask(shop, "GET", f"{V3}/orders", per_page="10", page=str(page))[1] for page in range(1, 5)]
        return [order["id"] for page in pages for order in page]

    moment = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    for unsteady in (True, False):
        shop = Shop(ShopOptions(quirks=Quirks(unsteady_ties=unsteady)), lambda: moment)
        for _ in range(40):
            _order(shop)
        found = seen(shop)
        assert len(found) == 40
        assert (len(set(found)) < 40) is unsteady
    later = Clock()
    shop = Shop(ShopOptions(quirks=Quirks(unsteady_ties=True)), later)
    for _ in range(40):
        _order(shop)
    assert seen(shop) == sorted(shop.orders.all, reverse=True)


def test_gmt_may_be_ignored() -> None:
    found = []
    for ignored in (True, False):
        shop = _shop(gmt_ignored=ignored)
        order = _order(shop)
        asked = {"modified_after": order["date_modified_gmt"], "dates_are_gmt": "true"}
        found.append(ask(shop, "GET", f"{V3}/orders", **asked)[1])
    assert [len(rows) for rows in found] == [1, 0]


def test_an_order_of_the_shop_window_may_be_there_twice() -> None:
    shop = _shop(double_orders=1.0)
    goods = {"name": "Vara", "regular_price": "100", "manage_stock": True, "stock_quantity": 9}
    product = ask(shop, "POST", f"{V3}/products", goods)[1]["id"]
    shop.place_order(Basket(goods=[(product, 2)], address=People(1).person().address(), payment_method="bacs"))
    one, other = ask(shop, "GET", f"{V3}/orders", orderby="id", order="asc")[1]
    same = ("status", "total", "billing", "payment_method", "cart_hash")
    assert [one[name] for name in same] == [other[name] for name in same]
    assert one["order_key"] != other["order_key"]
    assert {line["id"] for line in one["line_items"]}.isdisjoint(line["id"] for line in other["line_items"])
    assert ask(shop, "GET", f"{V3}/products/{product}")[1]["stock_quantity"] == 5


@pytest.mark.parametrize("share", [0.3])
def test_a_share_strikes_that_often_and_the_same_ones_for_one_seed(share: float) -> None:
    def struck(seed: int) -> list[bool]:
        shop = Shop(ShopOptions(quirks=Quirks(blocked_by_firewall=share)), Clock(), seed)
        return [send(shop, "GET", f"{V3}/orders").status == 403 for _ in range(300)]

    assert struck(1) == struck(1) != struck(2)
    assert 60 <= sum(struck(1)) <= 120


def test_a_shop_with_faults_comes_back_from_its_file_with_the_same_luck(tmp_path: Path) -> None:
    options = ShopOptions(quirks=Quirks(blocked_by_firewall=0.5))
    site = Site(Clock(), options=options, seed=1, state=tmp_path / "shop")
    for _ in range(20):
        send(site, "POST", f"{V3}/orders", {"status": "processing"})
        send(site, "GET", f"{V3}/orders")
    site.close(snapshot=False)
    again = Site(Clock(), options=options, seed=1, state=tmp_path / "shop")
    again.close(snapshot=False)
    assert list(again.shop.orders.all.values()) == list(site.shop.orders.all.values())
    ahead = [[send(one.shop, "GET", f"{V3}/orders").status for _ in range(20)] for one in (site, again)]
    assert ahead[0] == ahead[1]
