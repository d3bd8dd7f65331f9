"""What a shop can do so that an order is missed, and the nets that it falls into."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import msgspec
import trio
from trio.testing import MockClock

from agent.settings.tree import OrderSettings
from scenarios.play import shop_settings
from scenarios.stage import START
from simulators.http import Request, Response
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.quirks import Quirks
from simulators.woocommerce.shop import Shop
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal

DAY_S = 86_400


def set_aside(shop: SmallShop, order_id: int, *, modified: int | None = None, created: int | None = None) -> None:
    """Dates as a plugin leaves them that writes past WooCommerce."""
    order = shop.side.shop.orders.all[order_id]
    order.modified = order.modified if modified is None else modified
    order.created = order.created if created is None else created
    shop.side.shop.orders.keep(order)


def fault(shop: SmallShop) -> str:
    journal = shop.world.journal()
    row = journal.view(lambda tx: tx.execute("SELECT fault FROM health WHERE actor = 'reader/butik'").fetchone())
    journal.close()
    return str(row[0]) if row else ""


async def test_an_order_that_comes_back_from_the_trash_as_it_was_is_taken_up_again(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        strange = shop.side.do("POST", "/products", {"name": "Okänd", "sku": "OKÄND-1", "regular_price": "10"})["id"]
        order_id = shop.order(0, line_items=[{"product_id": strange, "quantity": 1}])
        before = shop.side.shop.orders.all[order_id].modified
        async with shop.world.agent():
            await trio.sleep(600)
            shop.side.do("DELETE", f"/orders/{order_id}")
            await trio.sleep(2 * 3600)
            shop.side.shop.orders.restore(order_id)
            set_aside(shop, order_id, modified=before)
            await trio.sleep(7 * 3600)
        assert shop.reasons_told(order_id)[-2:] == ["BRY-X04", "BRY-H02"]
        assert shop.states()[order_id] == ("held", "BRY-H02")


async def test_the_newest_order_of_all_is_found_to_be_gone(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        shop.order(1)
        order_id = shop.order(2, set_paid=False)
        async with shop.world.agent():
            await trio.sleep(600)
            shop.side.do("DELETE", f"/orders/{order_id}")
            await trio.sleep(7 * 3600)
        assert shop.states()[order_id] == ("excluded", "BRY-X04")


class Sparing:
    """A host that never gives more than so many rows, whatever was asked for."""

    def __init__(self, shop: Shop, most: int) -> None:
        self._shop = shop
        self._most = most

    def handle(self, request: Request) -> Response:
        params = dict(parse_qsl(request.query, keep_blank_values=True))
        if "per_page" in params:
            params["per_page"] = str(min(int(params["per_page"]), self._most))
        return self._shop.handle(msgspec.structs.replace(request, query=urlencode(params)))


async def test_a_host_that_gives_fewer_rows_than_asked_for_hides_no_order(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(33)]
        shop.side.server.simulator = Sparing(shop.side.shop, 10)
        await shop.world.run_once()
        assert_once_and_equal(shop, order_ids)


async def test_a_filter_in_another_clock_is_noticed_and_misses_nothing(
    opened: Opened, autojump_clock: MockClock
) -> None:
    quirks = Quirks(gmt_ignored=True)
    options = ShopOptions(home="https://butik.example", time_zone="America/New_York", quirks=quirks)
    async with opened(options=options) as shop:
        order_ids = [shop.order(1)]
        async with shop.world.agent():
            await trio.sleep(600)
            order_ids.append(shop.order(2))
            await trio.sleep(3600)
        assert fault(shop) == "BRY-C10"
        assert_once_and_equal(shop, order_ids)


async def test_a_shop_whose_clock_is_set_back_hides_no_order(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened() as shop:
        ahead = timedelta(hours=5)
        now = shop.world.calendar.now
        shop.side.shop._clock = shop.side.server.clock = lambda: now() + ahead
        order_ids = [shop.order(1)]
        async with shop.world.agent():
            await trio.sleep(600)
            shop.side.shop._clock = shop.side.server.clock = now
            order_ids.append(shop.order(2))
            await trio.sleep(1800)
        assert_once_and_equal(shop, order_ids)


async def test_an_order_whose_status_becomes_a_trigger_in_the_settings_goes_over(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_id = shop.order(1, set_paid=False, status="on-hold")
        await trio.sleep(600)
        await shop.world.run_once()
        assert shop.states()[order_id] == ("waiting", "BRY-W02")
        await trio.sleep(DAY_S)
        shop.world.change("butik", shop_settings(orders=OrderSettings(trigger=("on-hold", "processing"))))
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id])


async def test_an_earlier_start_brings_the_orders_in_between(opened: Opened, autojump_clock: MockClock) -> None:
    later = shop_settings(orders=OrderSettings(start_at=datetime(2026, 11, 2, 8, 0, tzinfo=UTC)))
    async with opened(settings=later) as shop:
        early = shop.order(1)
        await trio.sleep(2 * 3600)
        late = shop.order(2)
        await trio.sleep(3600)
        await shop.world.run_once()
        assert_once_and_equal(shop, [late])
        await trio.sleep(3600)
        shop.world.change("butik", shop_settings(orders=OrderSettings(start_at=START)))
        await shop.world.run_once()
        assert_once_and_equal(shop, [early, late])


async def test_an_order_whose_date_people_change_does_not_freeze_the_shop(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_id = shop.order(1)
        async with shop.world.agent():
            await trio.sleep(600)
            order = shop.side.shop.orders.all[order_id]
            set_aside(shop, order_id, created=order.created - 7 * DAY_S)
            shop.side.shop.orders.touch(order)
            await trio.sleep(600)
            later = shop.order(2)
            await trio.sleep(600)
        assert_once_and_equal(shop, [order_id, later])


class Dateless:
    """A plugin that takes the dates of some orders away, in listings and everywhere."""

    def __init__(self, shop: Shop, order_ids: set[int]) -> None:
        self._shop = shop
        self._order_ids = order_ids

    def handle(self, request: Request) -> Response:
        response = self._shop.handle(request)
        if request.method != "GET" or not request.path.endswith("/orders"):
            return response
        rows = msgspec.json.decode(response.body)
        for row in rows:
            if row["id"] in self._order_ids:
                row.update(date_created_gmt=None, date_modified_gmt=None)
        headers = tuple(pair for pair in response.headers if pair[0].lower() != "content-length")
        return msgspec.structs.replace(response, body=msgspec.json.encode(rows), headers=headers)


async def test_an_order_that_cannot_be_read_in_a_listing_is_shown_and_goes_over_when_it_can(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened() as shop:
        order_ids = [shop.order(number) for number in range(3)]
        broken = {order_ids[1]}
        shop.side.server.simulator = Dateless(shop.side.shop, broken)
        await shop.world.run_once()
        assert shop.states()[order_ids[1]] == ("dead", "BRY-D04")
        assert_once_and_equal(shop, [order_ids[0], order_ids[2]])
        await trio.sleep(3 * DAY_S)
        broken.clear()
        async with shop.world.agent():
            await trio.sleep(7 * 3600)
        assert_once_and_equal(shop, order_ids)
