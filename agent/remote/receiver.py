"""What listens for webhooks: an HTTP server that believes nothing but a signature, and of the body only an id.

A webhook is a doorbell. It is answered before anything is done about it, since a shop waits for the answer and delivers
nothing else meanwhile (recorded: webhooks.deliveries[94]). The signature is HMAC-SHA256 over the raw body, in base64;
what stands in the body may be old by the time it comes and is read from the shop itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

import httptools
import msgspec
import trio

from agent.model.order import Frozen
from agent.settings.secret import Secret

BODY_MAX = 2 * 1024 * 1024
"""Bytes of a body; an order of hundreds of rows has some hundred thousand."""

HEAD_MAX = 16 * 1024
"""Bytes of the address and the headers together."""

FORM_MAX = 1024
"""Bytes of what is not signed: a shop's greeting to a new webhook is `webhook_id=7` (webhooks.deliveries[0])."""

CONNECTIONS_MAX = 32
"""More at once are closed as they come: a shop delivers one after the other."""

REQUEST_S = 10.0
"""The longest that a request, or the pause before the next one, may take."""

_PIECE = 65_536
_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    431: "Request Header Fields Too Large",
}


class Heard(Frozen, frozen=True):
    """A signed webhook: what it is about, and which one; 0 where the shop could not say."""

    resource: str
    thing_id: int


class Door(Frozen, frozen=True):
    """One shop's door. Both calls must return at once: the shop waits."""

    secret: Secret
    heard: Callable[[Heard], None]
    refused: Callable[[], None]


class _Body(msgspec.Struct):
    """`parent_id` is the product of a variation."""

    id: int = 0
    parent_id: int = 0


class Receiver:
    """Serves the doors of all shops, each under the last part of its path: its shop's key."""

    def __init__(self, doors: Mapping[str, Door]) -> None:
        self._doors = doors
        self._open = 0

    async def serve_stream(self, stream: trio.abc.Stream) -> None:
        """Answers the requests of one connection until either side closes it. Raises nothing that a stranger could
        bring about."""
        if self._open >= CONNECTIONS_MAX:
            await trio.aclose_forcefully(stream)
            return
        self._open += 1
        try:
            async with stream:
                await _Connection(self._doors, stream).run()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return  # Whoever rang has gone away, or never spoke the language of the line.
        finally:
            self._open -= 1


class _Connection:
    """Parses one connection's bytes. The verdict is passed as soon as it can be: what is refused is not read."""

    def __init__(self, doors: Mapping[str, Door], stream: trio.abc.Stream) -> None:
        self._doors = doors
        self._stream = stream
        self._parser = httptools.HttpRequestParser(self)
        self._reset()

    def _reset(self) -> None:
        self._url = b""
        self._headers: dict[bytes, bytes] = {}
        self._received = 0
        self._headed = False
        self._body = bytearray()
        self._max = BODY_MAX
        self._status = 0
        self._door: Door | None = None
        self._complete = False

    # What the parser calls, by names that httptools prescribes.
    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        self._headed = True
        self._status = self._judged_by_head()

    def on_body(self, body: bytes) -> None:
        if self._status:
            return
        self._body += body
        if len(self._body) > self._max:
            self._status = 413

    def on_message_complete(self) -> None:
        self._complete = True

    async def run(self) -> None:
        while True:
            self._reset()
            with trio.move_on_after(REQUEST_S) as limit:
                try:
                    if not await self._read():
                        return
                except httptools.HttpParserUpgrade:
                    return
                except httptools.HttpParserError:
                    self._status = 400
                status = self._status or self._judged_by_body()
                keep = self._complete and status in (200, 401) and self._parser.should_keep_alive()
                await self._answer(status, keep=keep)
            if limit.cancelled_caught or not keep:
                return
            self._parser = httptools.HttpRequestParser(self)

    async def _read(self) -> bool:
        """Until the request is whole or refused; false when the line was closed before."""
        told = False
        while not (self._complete or self._status):
            data = await self._stream.receive_some(_PIECE)
            if not data:
                return False
            self._received += len(data)
            self._parser.feed_data(data)
            if not self._headed and self._received > HEAD_MAX:
                self._status = 431
            if not told and self._headers.get(b"expect", b"").lower() == b"100-continue" and not self._status:
                told = True
                await self._stream.send_all(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    def _judged_by_head(self) -> int:
        """The answer when nothing of the body is needed for it, else 0."""
        key = self._url.partition(b"?")[0].rstrip(b"/").rpartition(b"/")[2].decode("latin-1")
        self._door = self._doors.get(key)
        if self._door is None:
            return 404
        if self._parser.get_method() != b"POST":
            return 405
        if b"x-wc-webhook-signature" not in self._headers:
            if not self._headers.get(b"content-type", b"").startswith(b"application/x-www-form-urlencoded"):
                self._door.refused()
                return 401
            self._max = FORM_MAX
        length = self._headers.get(b"content-length", b"0")
        return 413 if not length.isdigit() or int(length) > self._max else 0

    def _judged_by_body(self) -> int:
        door = self._door
        if door is None:
            return 400
        given = self._headers.get(b"x-wc-webhook-signature")
        if given is None:
            # The greeting of a new webhook is not signed. It is answered, and nothing is done about it.
            return 200
        body = bytes(self._body)
        if not hmac.compare_digest(given.strip(), signature(door.secret, body)):
            door.refused()
            return 401
        resource = self._headers.get(b"x-wc-webhook-resource", b"").decode("latin-1").lower()
        door.heard(Heard(resource=resource, thing_id=_thing(body, resource)))
        return 200

    async def _answer(self, status: int, *, keep: bool) -> None:
        head = (
            f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Length: 0\r\n"
            f"Connection: {'keep-alive' if keep else 'close'}\r\n\r\n"
        )
        await self._stream.send_all(head.encode("ascii"))


def signature(secret: Secret, body: bytes) -> bytes:
    """What WooCommerce sends as X-WC-Webhook-Signature for this body."""
    return base64.b64encode(hmac.new(secret.reveal().encode(), body, hashlib.sha256).digest())


def _thing(body: bytes, resource: str) -> int:
    """The id in the body; a variation is its product's. What is gone comes as an error without an id, signed all the
    same (webhooks.deliveries[42])."""
    try:
        told = msgspec.json.decode(body, type=_Body)
    except msgspec.DecodeError:
        return 0
    thing = told.parent_id if resource == "product" and told.parent_id else told.id
    return thing if 0 < thing < 1 << 62 else 0
