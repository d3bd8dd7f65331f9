"""What rings at the agent's door: who is let in, what is answered, and what a stranger can do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import trio
import trio.testing
from trio.testing import MockClock

from agent.remote.receiver import BODY_MAX, CONNECTIONS_MAX, HEAD_MAX, REQUEST_S, Door, Heard, Receiver, signature
from agent.settings.secret import Secret
from scenarios.memory_stream import MemoryStream, memory_streams

SECRET = Secret("sixteen letters!")

ORDER = ("X-WC-Webhook-Resource: order", "Content-Type: application/json")


class House:
    """A receiver with one shop's door, and what came through it."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self.heard: list[Heard] = []
        self.refusals = 0
        self._nursery = nursery
        self._receiver = Receiver({"butik": Door(secret=SECRET, heard=self.heard.append, refused=self._refused)})

    def _refused(self) -> None:
        self.refusals += 1

    def connect(self) -> MemoryStream:
        near, far = memory_streams()
        self._nursery.start_soon(self._receiver.serve_stream, far)
        return near

    async def send(self, data: bytes) -> int:
        """The status that these bytes are answered with on a line of their own; 0 when it is closed without one."""
        async with self.connect() as line:
            await line.send_all(data)
            return status(await line.receive_some())

    async def ring(self, body: bytes, *headers: str, path: str = "/butik", method: str = "POST") -> int:
        return await self.send(request(body, *headers, path=path, method=method))


@asynccontextmanager
async def house() -> AsyncIterator[House]:
    async with trio.open_nursery() as nursery:
        yield House(nursery)
        nursery.cancel_scope.cancel()


def request(body: bytes, *headers: str, path: str = "/butik", method: str = "POST") -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: brygga.example", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    return int(answer.split(b" ")[1]) if answer else 0


def signed(body: bytes) -> str:
    return f"X-WC-Webhook-Signature: {signature(SECRET, body).decode()}"


async def test_a_signed_order_is_heard_by_its_id_and_nothing_else() -> None:
    async with house() as door:
        body = b'{"id":17,"status":"completed","total":"1.00"}'
        assert await door.ring(body, signed(body), *ORDER) == 200
        assert door.heard == [Heard(resource="order", thing_id=17)]


async def test_the_signature_is_over_the_raw_bytes() -> None:
    """The same JSON written another way is another body: WooCommerce escapes slashes."""
    async with house() as door:
        body, other = b'{"id":17,"u":"https:\\/\\/a"}', b'{"id":17,"u":"https://a"}'
        assert await door.ring(other, signed(body), *ORDER) == 401
        assert await door.ring(body, signed(body), *ORDER) == 200
        assert (len(door.heard), door.refusals) == (1, 1)


async def test_a_greeting_without_signature_is_answered_and_rings_nothing() -> None:
    async with house() as door:
        form = "Content-Type: application/x-www-form-urlencoded"
        assert await door.ring(b"webhook_id=7", form) == 200
        assert await door.ring(b"webhook_id=7" + b"7" * 2000, form) == 413
        assert (door.heard, door.refusals) == ([], 0)


async def test_what_is_gone_rings_without_an_id() -> None:
    """Recorded: webhooks.deliveries[42]."""
    async with house() as door:
        body = b'{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}'
        assert await door.ring(body, signed(body), *ORDER) == 200
        assert door.heard == [Heard(resource="order", thing_id=0)]


async def test_a_variation_rings_for_its_product() -> None:
    async with house() as door:
        body = b'{"id":31,"parent_id":30,"type":"variation"}'
        await door.ring(body, signed(body), "X-WC-Webhook-Resource: product")
        assert door.heard == [Heard(resource="product", thing_id=30)]


@pytest.mark.parametrize(
    ("path", "method", "length", "wanted"),
    [
        ("/", "POST", 2, 404),
        ("/annan", "POST", 2, 404),
        ("/butik", "GET", 2, 405),
        ("/butik", "POST", BODY_MAX + 1, 413),
    ],
)
async def test_what_is_refused_is_refused_before_its_body_is_read(
    path: str, method: str, length: int, wanted: int
) -> None:
    async with house() as door:
        head = f"{method} {path} HTTP/1.1\r\nContent-Length: {length}\r\n{signed(b'')}\r\n\r\n"
        assert await door.send(head.encode()) == wanted
        assert door.heard == []


async def test_a_body_in_pieces_is_bounded_too() -> None:
    async with house() as door:
        line = door.connect()
        head = f"POST /butik HTTP/1.1\r\nTransfer-Encoding: chunked\r\n{signed(b'')}\r\n\r\n"
        await line.send_all(head.encode())
        for _ in range(BODY_MAX // 65_536 + 1):
            await line.send_all(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        assert status(await line.receive_some()) == 413


async def test_headers_without_end_are_cut_off() -> None:
    async with house() as door:
        assert await door.send(b"POST /butik HTTP/1.1\r\nX-Long: " + b"x" * (HEAD_MAX + 1)) == 431


@pytest.mark.parametrize("data", [b"\x16\x03\x01 no HTTP\r\n\r\n", b"\x00" * 100])
async def test_what_is_no_http_is_answered_so_and_harms_nobody(data: bytes) -> None:
    async with house() as door:
        assert await door.send(data) == 400
        body = b'{"id":1}'
        assert await door.ring(body, signed(body), *ORDER) == 200


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"id":"seventeen"}', b'{"id":-1}', b'{"id":99999999999999999999}', b"\xff"]
)
async def test_a_signed_body_that_names_nothing_is_a_ring_all_the_same(body: bytes) -> None:
    async with house() as door:
        assert await door.ring(body, signed(body), *ORDER) == 200
        assert door.heard == [Heard(resource="order", thing_id=0)]


async def test_a_line_carries_several_rings_and_the_wait_for_the_answer_is_none(autojump_clock: MockClock) -> None:
    async with house() as door:
        line = door.connect()
        began = trio.current_time()
        for number in (1, 2, 3):
            body = b'{"id":%d}' % number
            await line.send_all(request(body, signed(body), *ORDER))
            assert status(await line.receive_some()) == 200
        assert trio.current_time() == began
        assert [heard.thing_id for heard in door.heard] == [1, 2, 3]


async def test_who_says_nothing_is_let_go(autojump_clock: MockClock) -> None:
    async with house() as door:
        line = door.connect()
        await line.send_all(b"POST /butik HTTP/1.1\r\nContent-Le")
        began = trio.current_time()
        assert await line.receive_some() == b""
        assert trio.current_time() - began == REQUEST_S


async def test_a_crowd_that_only_holds_the_line_is_bounded_and_passes(autojump_clock: MockClock) -> None:
    async with house() as door:
        held = [door.connect() for _ in range(CONNECTIONS_MAX)]
        await trio.testing.wait_all_tasks_blocked()
        body = b'{"id":1}'
        late = door.connect()
        await trio.testing.wait_all_tasks_blocked()
        with pytest.raises(trio.BrokenResourceError):
            await late.send_all(request(body, signed(body), *ORDER))
        await trio.sleep(REQUEST_S + 1)
        assert await door.ring(body, signed(body), *ORDER) == 200
        assert len(held) == CONNECTIONS_MAX


async def test_a_refused_ring_leaves_the_line_to_those_who_can_sign() -> None:
    async with house() as door:
        line = door.connect()
        body = b'{"id":5}'
        await line.send_all(request(body, "X-WC-Webhook-Signature: bm8=", *ORDER))
        assert status(await line.receive_some()) == 401
        await line.send_all(request(body, signed(body), *ORDER))
        assert status(await line.receive_some()) == 200
        assert (door.refusals, [heard.thing_id for heard in door.heard]) == (1, [5])
