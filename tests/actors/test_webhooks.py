"""Webhooks the whole way: the shop rings, its own orders are read, and what it does wrong with them is borne."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import trio
import trio.lowlevel
from trio.testing import MockClock

from agent.actors import webhook_set_up
from agent.journal import webhooks
from agent.journal.webhooks import Tally
from agent.model.ids import ShopKey
from agent.model.webhook import ORDER_TOPICS
from agent.remote.receiver import signature
from agent.settings.secret import Secret
from agent.settings.tree import ShopSettings
from agent.settings.tree_to_mamut import ToMamutSettings
from agent.settings.tree_webhooks import ReceiverSettings, WebhookSettings
from scenarios.play import AGENT_HOST, WEBHOOK_SECRET, shop_settings
from simulators.http import Request, Response
from simulators.woocommerce.courier import post_over
from simulators.woocommerce.webhooks_model import Delivery
from tests.actors.small_shop import Opened, SmallShop, assert_once_and_equal

KEY = ShopKey("butik")
URL = f"https://{AGENT_HOST}/butik"
POLL_S = 3_600.0
"""Polls so seldom that what goes over sooner went over because it rang."""


def ringing(**changes: Any) -> ShopSettings:
    settings = shop_settings(webhooks=WebhookSettings(enabled=True, delivery_url=URL), **changes)
    return msgspec.structs.replace(settings, reading=msgspec.structs.replace(settings.reading, interval_s=POLL_S))


def with_bell(shop: SmallShop, *, installed: bool = True) -> SmallShop:
    """The shop delivers to the agent, which listens."""
    world = shop.world
    world.settings = msgspec.structs.replace(world.settings, webhooks=ReceiverSettings(listen="127.0.0.1:8787"))
    world.deliver_webhooks(shop.side)
    if installed:
        install(shop)
    return shop


def install(shop: SmallShop) -> None:
    for topic in ("order.created", "order.updated", "order.deleted", "order.restored"):
        body = {"name": f"Brygga {topic}", "topic": topic, "delivery_url": URL, "secret": WEBHOOK_SECRET}
        shop.side.do("POST", "/webhooks", body)


def tally(shop: SmallShop) -> Tally:
    with shop.world.look() as tx:
        return webhooks.tally(tx, KEY)


def hooks(shop: SmallShop) -> dict[str, dict[str, Any]]:
    """The shop's webhooks by topic, as its own people see them."""
    return {row["topic"]: row for row in shop.side.do("GET", "/webhooks?per_page=100")}


async def deliver(shop: SmallShop) -> None:
    """Somebody looks at the shop when its queue is due again, and what is delivered is dealt with."""
    await trio.sleep(61)
    await shop.side.visit()
    await trio.sleep(2)


async def test_an_order_goes_over_at_once_and_not_at_the_next_poll(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            order_id = shop.order(1)
            await deliver(shop)
            assert_once_and_equal(shop, [order_id])
        found = tally(shop)
        assert (found.first, found.late, found.missed, found.refused) == (1, 0, 0, 0)


async def test_while_nobody_visits_nothing_rings_and_the_poll_finds_it(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """Recorded: webhooks_delay. What rings after a poll has found it was late, not missed."""
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            shop.side.shop.work.cron = False
            order_id = shop.order(1)
            await trio.sleep(POLL_S - 300)
            assert shop.world.documents() == {}
            await trio.sleep(600)
            assert_once_and_equal(shop, [order_id])
            shop.side.shop.work.cron = True
            await deliver(shop)
            await trio.sleep(3_600)
        found = tally(shop)
        assert (found.first, found.late, found.missed) == (0, 1, 0)


async def test_a_change_that_never_rings_is_a_figure(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            for hook in hooks(shop).values():
                shop.side.do("PUT", f"/webhooks/{hook['id']}", {"status": "paused"})
            shop.order(1)
            shop.order(2)
            await trio.sleep(2 * POLL_S)
        assert tally(shop).missed == 2
        assert tally(shop).missed_share == 1.0


async def test_what_the_shop_switched_off_is_switched_on_within_the_hour_and_told(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """Nobody answers while the agent is down: the seventh failure switches a webhook off (webhooks[80]). One that a
    person has paused stays so, and is told."""
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        for number in range(8):
            shop.order(number)
            await deliver(shop)
        assert hooks(shop)["order.updated"]["status"] == "disabled"
        shop.side.do("PUT", f"/webhooks/{hooks(shop)['order.deleted']['id']}", {"status": "paused"})
        async with shop.world.agent():
            await trio.sleep(120)
            assert hooks(shop)["order.updated"]["status"] == "active"
            order_id = shop.order(9)
            await deliver(shop)
            assert f"butik:{order_id}" in shop.world.documents()
        assert hooks(shop)["order.deleted"]["status"] == "paused"
        with shop.world.look() as tx:
            states = {row.topic: (row.status, row.mended) for row in webhooks.states(tx, KEY)}
            (health,) = tx.execute("SELECT fault, problem FROM health WHERE actor = 'webhooks/butik'")
        assert states["order.updated"] == ("active", 1)
        assert states["order.deleted"] == ("paused", 0)
        assert health == ("BRY-C14", "order.deleted")


async def test_a_failure_after_that_switches_it_off_again_and_the_next_hour_on(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """Re-activating clears no count (webhooks[84])."""
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        for number in range(8):
            shop.order(number)
            await deliver(shop)
        async with shop.world.agent():
            await trio.sleep(120)
        shop.order(8)
        await deliver(shop)
        assert hooks(shop)["order.updated"]["status"] == "disabled"
        async with shop.world.agent():
            await trio.sleep(120)
            assert hooks(shop)["order.updated"]["status"] == "active"
            order_id = shop.order(9)
            await deliver(shop)
            assert f"butik:{order_id}" in shop.world.documents()


async def test_an_old_body_is_not_believed(opened: Opened, autojump_clock: MockClock) -> None:
    """An order that was paid when it rang and is cancelled when it is read does not go over; and the other way."""
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            order_id = shop.order(1, set_paid=False)
            order = shop.side.do("GET", f"/orders/{order_id}")
            shop.side.do("PUT", f"/orders/{order_id}", {"status": "processing"})
            await post(shop, order)
            await trio.sleep(2)
            assert_once_and_equal(shop, [order_id])
            other = shop.order(2)
            order = shop.side.do("GET", f"/orders/{other}")
            shop.side.do("PUT", f"/orders/{other}", {"status": "cancelled"})
            await post(shop, order)
            await trio.sleep(2)
            assert_once_and_equal(shop, [order_id])


async def post(shop: SmallShop, body: object, *, secret: str = WEBHOOK_SECRET, path: str = "/butik") -> int | None:
    """A delivery as the shop makes it, with a body of our choice."""
    data = msgspec.json.encode(body)
    headers = (
        ("Content-Type", "application/json"),
        ("X-WC-Webhook-Resource", "order"),
        ("X-WC-Webhook-Signature", signature(Secret(secret), data).decode()),
    )
    async with shop.world.network.connect(AGENT_HOST) as line:
        return await post_over(line, Delivery(1, f"https://{AGENT_HOST}{path}", headers, data, 1))


async def test_created_and_updated_are_one_reading(opened: Opened, autojump_clock: MockClock) -> None:
    """Recorded: webhooks.deliveries[28]."""
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            order_id = shop.order(1)
            before = len(shop.world.trace.exchanges)
            for _ in range(40):
                assert await post(shop, {"id": order_id}) == 200
            await trio.sleep(2)
            asked = [
                one for one in shop.world.trace.exchanges[before:] if one.system == "butik" and one.method == "GET"
            ]
            assert len([one for one in asked if f"include={order_id}" in one.query]) == 2  # its sight, and it whole
            assert_once_and_equal(shop, [order_id])


async def test_strangers_cost_nothing_and_are_told_of_once(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            asked, steps = len(shop.world.trace.exchanges), len(shop.world.trace.entries)
            for number in range(500):
                assert await post(shop, {"id": number}, secret="gissning") == 401
                assert await post(shop, {"id": number}, path="/annan") == 404
            await trio.sleep(10)
            assert len(shop.world.trace.exchanges) == asked
            told = [entry for entry in shop.world.trace.entries[steps:] if entry.kind == "step"]
            assert len(told) <= 1
            await trio.sleep(2 * 3_600)
        assert tally(shop).refused == 500


async def test_an_order_put_in_the_trash_rings_and_is_found_gone(opened: Opened, autojump_clock: MockClock) -> None:
    """Into the trash rings with nothing but the id (webhooks.deliveries[41])."""
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            order_id = shop.order(1, set_paid=False)
            await trio.sleep(120)
            shop.side.do("DELETE", f"/orders/{order_id}")
            await deliver(shop)
        assert shop.states()[order_id] == ("excluded", "BRY-X04")


async def test_an_order_that_is_gone_when_the_queue_runs_makes_the_agent_list(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """A signed error without an id (webhooks.deliveries[42]); what else has changed is found by the listing."""
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            gone, order_id = shop.order(1), shop.order(2)
            shop.side.do("DELETE", f"/orders/{gone}?force=true")
            assert await post(shop, {"code": "woocommerce_rest_shop_order_invalid_id"}) == 200
            await trio.sleep(2)
            assert_once_and_equal(shop, [order_id])


async def test_a_shop_that_is_down_is_asked_no_sooner_because_it_rings(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened(settings=ringing()) as shop:
        with_bell(shop)
        async with shop.world.agent():
            await trio.sleep(120)
            order_id = shop.order(1)
            shop.side.shop.maintenance = True
            before = len(shop.world.trace.exchanges)
            for _ in range(600):
                await post(shop, {"id": order_id})
                await trio.sleep(1)
            assert len(shop.world.trace.exchanges) - before < 40
            shop.side.shop.maintenance = False
            await trio.sleep(2_000)
            assert_once_and_equal(shop, [order_id])


async def test_installing_twice_is_installing_once_and_others_stay(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened(settings=ringing()) as shop:
        with_bell(shop, installed=False)
        other = {"name": "Nyhetsbrev", "topic": "order.created", "delivery_url": "https://brev.example/x"}
        shop.side.do("POST", "/webhooks", other)
        async with shop.world.agent() as agent:
            port = agent.shops[KEY].port
            first = await webhook_set_up.install(port, ORDER_TOPICS, URL, Secret(WEBHOOK_SECRET))
            assert first.made == ORDER_TOPICS
            shop.side.do(
                "POST", "/webhooks", {"name": "Brygga order.created", "topic": "order.created", "delivery_url": URL}
            )
            second = await webhook_set_up.install(port, ORDER_TOPICS, URL, Secret(WEBHOOK_SECRET))
            assert (second.made, second.renewed, second.removed) == ((), ORDER_TOPICS, ("order.created",))
            await trio.sleep(120)
            order_id = shop.order(1)
            await deliver(shop)
            assert_once_and_equal(shop, [order_id])
            assert len(await webhook_set_up.remove(port, URL)) == 4
            assert await webhook_set_up.remove(port, URL) == ()
        assert [row["name"] for row in shop.side.do("GET", "/webhooks")] == ["Nyhetsbrev"]


async def test_an_answer_lost_while_installing_leaves_no_doubles(opened: Opened, autojump_clock: MockClock) -> None:
    async with opened(settings=ringing()) as shop:
        with_bell(shop, installed=False)
        lost = 0

        def gate(request: Request) -> Response | None:
            nonlocal lost
            if lost or not request.path.endswith("/webhooks/batch"):
                return None
            lost += 1
            shop.side.shop.handle(request)
            return Response(status=504, headers=(("Content-Type", "text/html"),), body=b"<html>Gateway Time-out</html>")

        shop.side.gate = gate
        async with shop.world.agent() as agent:
            done = await webhook_set_up.install(agent.shops[KEY].port, ORDER_TOPICS, URL, Secret(WEBHOOK_SECRET))
        assert (lost, done.made) == (1, ORDER_TOPICS)
        assert sorted(row["topic"] for row in shop.side.do("GET", "/webhooks")) == sorted(ORDER_TOPICS)


async def test_a_product_that_changes_in_the_shop_rings_and_is_in_mamut_at_once(
    opened: Opened, autojump_clock: MockClock
) -> None:
    """Many rings about products are one listing: each order rings for its goods too (webhooks.deliveries[30])."""
    async with opened(settings=ringing(flow=1, to_mamut=ToMamutSettings(enabled=True))) as shop:
        with_bell(shop)
        hook = {"topic": "product.updated", "delivery_url": URL, "secret": WEBHOOK_SECRET}
        shop.side.do("POST", "/webhooks", {"name": "Brygga product.updated", **hook})
        async with shop.world.agent():
            await trio.sleep(300)
            before = len(shop.world.trace.exchanges)
            for number in range(1, 6):
                shop.side.do("PUT", f"/products/{shop.goods[number]}", {"regular_price": "77.50"})
            await deliver(shop)
            await trio.sleep(30)
            card = next(row for row in shop.world.mamut.products() if row.product_no == "B-00003")
            assert card.price_out == Decimal("62")
            asked = [one for one in shop.world.trace.exchanges[before:] if one.path.endswith("/products")]
            assert len(asked) <= 4
