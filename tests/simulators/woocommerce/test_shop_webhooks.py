"""Webhooks of a simulated shop on their way: pings, the queue, real connections, and receivers that do not behave."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trio
import trio.testing

from simulators.http import Request
from simulators.woocommerce import php
from simulators.woocommerce.courier import Courier, ShopServer, post_tcp
from simulators.woocommerce.options import READ_WRITE, ShopOptions
from simulators.woocommerce.quirks import Quirks
from simulators.woocommerce.shop import Shop
from simulators.woocommerce.site import Site
from simulators.woocommerce.webhooks_model import Delivery, signature
from tests.simulators.woocommerce.shop_client import ask

V3 = "/wp-json/wc/v3"
EPOCH = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ADDRESS = "http://receiver.example/hook"


def clock() -> datetime:
    """The shop's clock follows trio's, so that virtual time is the shop's time."""
    return EPOCH + timedelta(seconds=trio.current_time() % 1_000_000)


def _hook(topic: str = "order.updated", address: str = ADDRESS) -> dict[str, str]:
    return {"topic": topic, "delivery_url": address, "secret": "hemligt"}


class Receiver:
    """Stands in for the network: notes each delivery and answers after `takes_s`."""

    def __init__(self, status: int | None = 200, takes_s: float = 0.0) -> None:
        self.status = status
        self.takes_s = takes_s
        self.got: list[tuple[float, Delivery]] = []

    async def post(self, delivery: Delivery) -> int | None:
        self.got.append((trio.current_time(), delivery))
        await trio.sleep(self.takes_s)
        return self.status

    def topics(self) -> list[str]:
        return [dict(one.headers).get("X-WC-Webhook-Topic", "ping") for _, one in self.got]


async def _served(
    receiver: Receiver, play: Callable[[ShopServer, Shop], Awaitable[None]], options: ShopOptions | None = None
) -> None:
    site = Site(clock, options=options)
    server = ShopServer(site, clock)
    server.courier = Courier(site, receiver.post)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(server.courier.run)
        await play(server, site.shop)
        nursery.cancel_scope.cancel()


async def _ask(server: ShopServer, method: str, path: str, body: Any = None) -> Any:
    keys = f"consumer_key={READ_WRITE.consumer_key}&consumer_secret={READ_WRITE.consumer_secret}"
    data = b"" if body is None else json.dumps(body).encode()
    headers = {"content-type": "application/json"}
    request = Request(method=method, path=V3 + path, query=keys, headers=headers, body=data, scheme="https")
    response = await server.answer(request)
    assert response.status in {200, 201}
    return json.loads(response.body)


async def test_a_new_webhook_is_pinged_before_the_answer_comes(autojump_clock: trio.testing.MockClock) -> None:
    receiver = Receiver(takes_s=2.0)

    async def play(server: ShopServer, _shop: Shop) -> None:
        begin = trio.current_time()
        made = await _ask(server, "POST", "/webhooks", _hook())
        assert trio.current_time() - begin == pytest.approx(2.0)
        ((_, ping),) = receiver.got
        assert (ping.body, ping.url) == (f"webhook_id={made['id']}".encode(), ADDRESS)
        assert not any(name.startswith("X-WC") for name, _ in ping.headers)

    await _served(receiver, play)


async def test_nothing_is_delivered_until_somebody_visits(autojump_clock: trio.testing.MockClock) -> None:
    receiver = Receiver()

    async def play(server: ShopServer, _shop: Shop) -> None:
        await _ask(server, "POST", "/webhooks", _hook())
        order = await _ask(server, "POST", "/orders", {"status": "processing"})
        await trio.sleep(600)
        assert receiver.topics() == ["ping"]
        await _ask(server, "GET", "/orders")
        await trio.testing.wait_all_tasks_blocked()
        await trio.sleep(1)
        assert receiver.topics() == ["ping", "order.updated"]
        body = receiver.got[1][1].body
        assert json.loads(body)["id"] == order["id"]
        signed = hmac.new(b"hemligt", body, hashlib.sha256).digest()
        told = dict(receiver.got[1][1].headers)["X-WC-Webhook-Signature"]
        assert base64.b64decode(told) == signed

    await _served(receiver, play)


async def test_a_receiver_that_takes_eight_seconds_makes_the_others_wait(
    autojump_clock: trio.testing.MockClock,
) -> None:
    receiver = Receiver()

    async def play(server: ShopServer, _shop: Shop) -> None:
        await _ask(server, "POST", "/webhooks", _hook("order.created"))
        await _ask(server, "POST", "/webhooks", _hook("order.updated"))
        receiver.takes_s = 8.0
        await _ask(server, "POST", "/orders", {"status": "processing"})
        await trio.sleep(120)
        await _ask(server, "GET", "/orders")
        await trio.sleep(30)
        assert receiver.topics() == ["ping", "ping", "order.created"]
        await trio.sleep(60)
        await _ask(server, "GET", "/orders")
        await trio.sleep(30)
        assert receiver.topics() == ["ping", "ping", "order.created", "order.updated"]

    await _served(receiver, play)


@pytest.mark.parametrize("status", [500, 404, 410, None])
async def test_the_seventh_failure_in_a_row_disables_a_webhook(
    status: int | None, autojump_clock: trio.testing.MockClock
) -> None:
    receiver = Receiver()

    async def play(server: ShopServer, shop: Shop) -> None:
        await _ask(server, "POST", "/webhooks", _hook("order.created"))
        receiver.status = status
        for number in range(1, 9):
            await _ask(server, "POST", "/orders", {"status": "processing"})
            shop.run_queue()
            assert server.courier is not None
            await server.courier.after_request()
            await trio.sleep(1)
            state = (await _ask(server, "GET", "/webhooks/1"))["status"]
            assert state == ("active" if number < 7 else "disabled")
        assert receiver.topics() == ["ping"] + ["order.created"] * 7
        receiver.status = 302
        await _ask(server, "PUT", "/webhooks/1", {"status": "active"})
        assert shop.webhooks.failures(1) == 6

    await _served(receiver, play)


async def test_a_receiver_that_never_answers_is_given_up_after_a_minute(
    autojump_clock: trio.testing.MockClock,
) -> None:
    receiver = Receiver(takes_s=1e6)

    async def play(server: ShopServer, shop: Shop) -> None:
        begin = trio.current_time()
        await _ask(server, "POST", "/webhooks", _hook("order.created"))
        assert trio.current_time() - begin == pytest.approx(5.0)
        await _ask(server, "POST", "/orders", {})
        shop.run_queue()
        assert server.courier is not None
        await server.courier.after_request()
        await trio.sleep(61)
        assert shop.webhooks.failures(1) == 1

    await _served(receiver, play)


async def test_a_storm_repeats_deliveries_and_a_dead_webhook_makes_none(
    autojump_clock: trio.testing.MockClock,
) -> None:
    for quirks, expected in ((Quirks(webhook_repeats=4), 10), (Quirks(webhooks_lost=1.0), 0), (Quirks(), 1)):
        receiver = Receiver()

        async def play(server: ShopServer, shop: Shop) -> None:
            order = await _ask(server, "POST", "/orders", {})
            await _ask(server, "POST", "/webhooks", _hook())
            for _ in range(2):
                await _ask(server, "PUT", f"/orders/{order['id']}", {"customer_note": "hej"})
            shop.run_queue()
            assert server.courier is not None
            await server.courier.after_request()
            await trio.sleep(1)

        await _served(receiver, play, ShopOptions(quirks=quirks))
        assert receiver.topics().count("order.updated") == expected


async def test_deliveries_go_over_real_connections_byte_for_byte() -> None:
    got: list[bytes] = []

    async def receive(stream: trio.SocketStream) -> None:
        data = b""
        while b"\r\n\r\n" not in data or len(data.partition(b"\r\n\r\n")[2]) < _length(data):
            data += await stream.receive_some(65536)
        got.append(data)
        await stream.send_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")

    async with trio.open_nursery() as nursery:
        (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
        nursery.start_soon(trio.serve_listeners, receive, [listener])
        port = listener.socket.getsockname()[1]
        shop = Shop()
        ask(shop, "POST", f"{V3}/webhooks", _hook("order.created", f"http://127.0.0.1:{port}/x?y=1"))
        ask(shop, "POST", f"{V3}/orders", {"billing": {"first_name": "Åsa"}})
        shop.run_queue()
        deliveries = [*shop.due_deliveries()]
        for one in deliveries:
            assert await post_tcp(one) == 202
        assert await post_tcp(_to(deliveries[0], "https://127.0.0.1/")) is None
        assert await post_tcp(_to(deliveries[0], "http://127.0.0.1:1/")) is None
        nursery.cancel_scope.cancel()
    assert len(got) == 2
    head, _, body = got[1].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /x?y=1 HTTP/1.1\r\n")
    assert body == deliveries[1].body
    assert b"\\u00c5sa" in body


RECORDINGS = Path(__file__).parents[2] / "recordings"
SECRET = "webhook-secret-placeholder"


def _recorded() -> list[tuple[dict[str, str], bytes]]:
    found = []
    for name in ("webhooks", "webhooks_delay"):
        for one in json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))["deliveries"]:
            if "X-WC-Webhook-Signature" in one.get("headers", {}):
                found.append((one["headers"], base64.b64decode(one["body_base64"])))
    return found


def test_bodies_are_written_and_signed_as_the_recorded_shop_did_to_the_byte() -> None:
    deliveries = _recorded()
    assert len(deliveries) > 70
    for headers, body in deliveries:
        assert php.encode(json.loads(body)) == body
        assert signature(SECRET, body) == headers["X-WC-Webhook-Signature"]


def _length(data: bytes) -> int:
    head = data.partition(b"\r\n\r\n")[0].lower()
    return next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"content-length:"))


def _to(delivery: Delivery, url: str) -> Delivery:
    return Delivery(delivery.id, url, delivery.headers, delivery.body, delivery.webhook_id)
