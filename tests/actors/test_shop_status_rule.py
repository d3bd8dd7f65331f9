"""A rule that gives the shop's order a status once its document stands, on the whole way."""

from __future__ import annotations

import msgspec
import trio
from trio.testing import MockClock

from agent.rules.tree import ProcessingRule
from agent.settings.check_processing import check_shop_status
from agent.settings.tree_goods import StatusSettings
from scenarios.play import Play, shop_settings
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal

COMPLETE = msgspec.convert(
    {
        "name": "färdig",
        "object": "order",
        "side": "read",
        "when": [{"field": "billing.last_name", "ends": "1"}],
        "do": [{"do": "shop_status", "value": "completed"}],
    },
    ProcessingRule,
)
ON = StatusSettings(enabled=True)
SETTINGS = shop_settings(flow=2, processing=(COMPLETE,), statuses=ON)


def statuses(shop: SmallShop) -> dict[int, str]:
    return {order_id: str(row["status"]) for order_id, row in shop.side.orders().items()}


async def lives(world: Play, seconds: float) -> None:
    async with world.agent():
        await trio.sleep(seconds)


async def test_the_rule_sets_the_status_when_the_document_stands_and_of_no_other_order(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened(settings=SETTINGS) as shop:
        chosen, other = shop.order(1), shop.order(2)
        await lives(shop.world, 1_200)
        assert_once_and_equal(shop, [chosen, other])
        assert statuses(shop) == {chosen: "completed", other: "processing"}
        assert "status_set" in shop.story(chosen)


async def test_an_order_that_was_cancelled_meanwhile_is_not_taken_out_of_it(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened(settings=SETTINGS) as shop:
        order_id = shop.order(1)
        await lives(shop.world, 60)
        shop.side.do("PUT", f"/orders/{order_id}", {"status": "cancelled"})
        await lives(shop.world, 1_200)
        assert statuses(shop) == {order_id: "cancelled"}


def test_a_status_that_nobody_would_write_is_refused_where_it_stands() -> None:
    (off,) = check_shop_status((COMPLETE,), StatusSettings(), "shop[0].processing")
    assert off.path == "shop[0].processing[0].do[0].value"
    (unranked,) = check_shop_status((COMPLETE,), StatusSettings(enabled=True, order=("processing",)), "p")
    assert "order" in unranked.problem.en
    assert not list(check_shop_status((COMPLETE,), ON, "p"))
