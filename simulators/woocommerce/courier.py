"""Carrying the shop's webhooks to their receivers, beside the server that answers its clients."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias
from urllib.parse import urlsplit

import msgspec
import trio

from simulators.http import Request, Response
from simulators.serve import Server
from simulators.woocommerce.pace import in_a_crowd
from simulators.woocommerce.webhooks_model import Delivery

DELIVERY_S = 60.0
PING_S = 5.0
"""How long the shop waits for a receiver; WordPress' own limits for these two requests."""

HEAD_MAX = 64 * 1024
"""Bytes of an answer that are read for its status; the rest is of no interest and is not read."""

Post: TypeAlias = Callable[[Delivery], Awaitable[int | None]]
"""Makes one delivery and gives the receiver's status, or None when there was no answer."""


class Sender(Protocol):
    """A shop that has deliveries: a Site, or a Shop alone where nothing has to be remembered."""

    def due_deliveries(self) -> list[Delivery]: ...

    def delivered(self, delivery_id: int, status: int | None, took_ms: int = 0) -> None: ...


class Courier:
    """Makes deliveries one after the other, as the shop's queue does, and pings when they are asked for."""

    def __init__(self, sender: Sender, post: Post) -> None:
        self._sender = sender
        self._post = post
        self._wake = trio.Event()
        self._waiting: list[Delivery] = []

    async def run(self) -> None:
        """Delivers until cancelled."""
        while True:
            while self._waiting:
                await self._deliver(self._waiting.pop(0))
                await self._collect()
            await self._wake.wait()
            self._wake = trio.Event()

    async def after_request(self) -> None:
        """To be called after each request: pings go out before the answer does (`webhooks.deliveries[0]`)."""
        await self._collect()
        if self._waiting:
            self._wake.set()

    async def _collect(self) -> None:
        for one in self._sender.due_deliveries():
            if one.ping:
                await self._deliver(one)
            else:
                self._waiting.append(one)

    async def _deliver(self, one: Delivery) -> None:
        begin = trio.current_time()
        status = None
        with trio.move_on_after(PING_S if one.ping else DELIVERY_S):
            status = await self._post(one)
        self._sender.delivered(one.id, status, math.ceil((trio.current_time() - begin) * 1000))


class ShopServer(Server):
    """A server whose shop pings new webhooks before it answers and wakes its courier."""

    courier: Courier | None = None

    def _work(self, request: Request) -> Response:
        """What the clients have cost is what each request costs alone; it lasts longer among others."""
        response = super()._work(request)
        at_once = max(1, int(self._workers.borrowed_tokens))
        return msgspec.structs.replace(response, work_ms=in_a_crowd(request, response.work_ms, at_once))

    async def answer(self, request: Request) -> Response:
        response = await super().answer(request)
        if self.courier is not None:
            await self.courier.after_request()
        return response


async def post_tcp(delivery: Delivery) -> int | None:
    """Makes a delivery over TCP; only to http addresses, because the simulated shop has no certificates to judge by."""
    address = urlsplit(delivery.url)
    if address.scheme != "http" or not address.hostname:
        return None
    try:
        stream = await trio.open_tcp_stream(address.hostname, address.port or 80)
        async with stream:
            return await post_over(stream, delivery)
    except (OSError, trio.BrokenResourceError, ValueError):
        return None


async def post_over(stream: trio.abc.Stream, delivery: Delivery) -> int | None:
    """Makes a delivery over an open connection; None if what comes back is no HTTP."""
    address = urlsplit(delivery.url)
    path = (address.path or "/") + (f"?{address.query}" if address.query else "")
    lines = [
        f"POST {path} HTTP/1.1",
        f"Host: {address.netloc}",
        *(f"{name}: {value}" for name, value in delivery.headers),
        "Connection: close",
        f"Content-Length: {len(delivery.body)}",
    ]
    await stream.send_all("\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + delivery.body)
    head = b""
    while b"\r\n\r\n" not in head and len(head) < HEAD_MAX:
        data = await stream.receive_some(4096)
        if not data:
            break
        head += data
    parts = head.partition(b"\r\n")[0].split(b" ")
    return int(parts[1]) if len(parts) > 1 and parts[0].startswith(b"HTTP/1.") and parts[1].isdigit() else None
