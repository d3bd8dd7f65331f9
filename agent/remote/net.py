"""Bytes to and from a remote: the only place that knows httpx.

httpx's own pool grows quadratic with its connections, so each connection is a transport of its own in a free list that
gives the most recently used one first; idle ones at the bottom are closed by the server and dropped when found dead.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol, cast

import httpx
import msgspec
import trio

from agent.model.reasons import Fault
from agent.remote.trouble import Trouble, TroubleKind

BODY_MAX = 64 * 1024 * 1024
"""Bytes of an answer that are read at most; a page of 100 orders is half a megabyte."""

ADDRESSES_MAX = 64
"""Addresses without a query that are kept parsed; those with an order's number in them are left over to chance."""

WHOLE_FACTOR = 5
"""So many times the longest wait for one piece may an answer take in all: one that trickles would else never end."""

TransportFactory = Callable[[], httpx.AsyncBaseTransport]


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer, whole. Header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def date(self) -> datetime | None:
        """The remote's clock when it answered, UTC, whole seconds; None when it does not tell."""
        text = self.headers.get("date")
        if text is None:
            return None
        try:
            parsed = parsedate_to_datetime(text)
        except ValueError:
            return None
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)

    @property
    def retry_after_s(self) -> float | None:
        """Seconds the remote asks to wait; None when it gives none or a date, which our clock may not share."""
        text = self.headers.get("retry-after", "").strip()
        return float(text) if text.isascii() and text.isdigit() else None


def tcp_transports(*, verify_tls: bool = True) -> TransportFactory:
    """Transports over real sockets, all with one TLS context: a context of its own costs 22 ms and 850 KB each."""
    context = ssl.create_default_context()
    if not verify_tls:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    limits = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=30.0)
    return lambda: httpx.AsyncHTTPTransport(verify=context, limits=limits, retries=0)


class Watch(Protocol):
    """Who keeps what goes over the wire. A request that never comes to an end is asked and nothing more."""

    def asked(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> int: ...
    def answered(self, number: int, answer: Answer) -> None: ...
    def failed(self, number: int, trouble: Trouble) -> None: ...


class Net:
    """Connections to one remote, at most `connections` at once.

    `timeout_s` is the longest wait for the connection, for each write and for each piece of the answer.
    `sent` counts requests that left, for the account of what we cost. `watch` is told of each request and its answer.
    """

    def __init__(
        self,
        transports: TransportFactory,
        *,
        connections: int,
        timeout_s: float,
        user_agent: str,
        watch: Watch | None = None,
    ) -> None:
        self._transports = transports
        self._free: list[httpx.AsyncBaseTransport] = []
        self._room = trio.CapacityLimiter(connections)
        self._timeout = httpx.Timeout(timeout_s).as_dict()
        self._whole_s = timeout_s * WHOLE_FACTOR
        self._user_agent = user_agent
        self._watch = watch
        self._addresses: dict[str, httpx.URL] = {}
        self.sent = 0

    async def send(
        self, method: str, url: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request, one answer.

        Raises Trouble: NOT_NOW when the request surely never reached the remote, UNSURE when it may have.
        """
        head = {"User-Agent": self._user_agent, "Accept": "application/json", "Accept-Encoding": "gzip, deflate"}
        if body is not None:
            head["Content-Type"] = "application/json"
            head["Content-Length"] = str(len(body))
        if headers:
            head.update(headers)
        address = self._address(url)
        head["Host"] = address.netloc.decode("ascii")
        extensions = {"timeout": self._timeout}
        request = httpx.Request(method, address, headers=head, stream=_Body(body), extensions=extensions)
        async with self._room:
            transport = self._free.pop() if self._free else self._transports()
            kept = False
            try:
                number = self._watch.asked(method, url, head, body) if self._watch else 0
                answer = await self._told(number, transport, request)
                kept = True
            finally:
                if kept:
                    self._free.append(transport)
                else:
                    with trio.CancelScope(shield=True, deadline=trio.current_time() + 1):
                        await transport.aclose()
            return answer

    def _address(self, url: str) -> httpx.URL:
        """Parsing an address takes longer than deciding an order, and Mamut has few of them."""
        known = self._addresses.get(url)
        if known is None:
            known = httpx.URL(url)
            if "?" not in url and len(self._addresses) < ADDRESSES_MAX:
                self._addresses[url] = known
        return known

    async def _told(self, number: int, transport: httpx.AsyncBaseTransport, request: httpx.Request) -> Answer:
        """The exchange, and what came of it told to whoever watches."""
        try:
            answer = await self._exchange(transport, request)
        except Trouble as trouble:
            if self._watch:
                self._watch.failed(number, trouble)
            raise
        if self._watch:
            self._watch.answered(number, answer)
        return answer

    async def _exchange(self, transport: httpx.AsyncBaseTransport, request: httpx.Request) -> Answer:
        self.sent += 1
        try:
            with trio.fail_after(self._whole_s):
                response = await transport.handle_async_request(request)
                try:
                    body = await _read(response)
                finally:
                    await response.aclose()
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
            raise _unconnected(error) from error
        except (httpx.TimeoutException, httpx.TransportError, httpx.DecodingError, trio.TooSlowError) as error:
            raise Trouble(TroubleKind.UNSURE, "answer_lost", detail=type(error).__name__) from error
        return Answer(response.status_code, _headers(response), body)

    async def aclose(self) -> None:
        """Closes the idle connections; those in use close with their request."""
        while self._free:
            await self._free.pop().aclose()


def _unconnected(error: Exception) -> Trouble:
    """What a connection that never came about means to whoever has to mend it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault, detail = Fault.CERTIFICATE_REFUSED, cause.verify_message
            return Trouble(TroubleKind.NOT_NOW, "certificate_refused", detail=detail, fault=fault)
        if isinstance(cause, OSError) and cause.strerror:
            # What the system says stands last; trio puts the address before it.
            return Trouble(TroubleKind.NOT_NOW, "connect_failed", detail=cause.strerror.rpartition(": ")[2])
        # A group holds one for each address that was tried.
        cause = cause.exceptions[0] if isinstance(cause, BaseExceptionGroup) else cause.__cause__ or cause.__context__
    return Trouble(TroubleKind.NOT_NOW, "connect_failed", detail=type(error).__name__)


class _Body(httpx.AsyncByteStream):
    """A request's body in one piece. httpx's own is an async generator, which a cancelled request leaves unfinished."""

    def __init__(self, body: bytes | None) -> None:
        self._body = body

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if not self._body:
            raise StopAsyncIteration
        body, self._body = self._body, None
        return body


def _headers(response: httpx.Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("ascii").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def _read(response: httpx.Response) -> bytes:
    pieces: list[bytes] = []
    size = 0
    # What is not compressed needs none of httpx's decoding, which is three generators for each answer.
    packed = "content-encoding" in response.headers or not isinstance(response.stream, httpx.AsyncByteStream)
    source = response.aiter_bytes() if packed else aiter(cast(httpx.AsyncByteStream, response.stream))
    async with aclosing(cast(AsyncGenerator[bytes, None], source)) as stream:
        async for piece in stream:
            size += len(piece)
            if size > BODY_MAX:
                raise Trouble(TroubleKind.GARBLED, "answer_too_large", detail=f"over {BODY_MAX} bytes")
            pieces.append(piece)
    return b"".join(pieces)
