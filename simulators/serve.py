"""One HTTP server for every simulator, over any trio stream: sockets for people, memory for replay.

It is our own because it has to misbehave on purpose, byte by byte, and because a request costs it a tenth of what a
general server takes. It speaks HTTP/1.1 with keep-alive and nothing else.
"""

from __future__ import annotations

import math
import ssl
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import lru_cache

import httptools
import trio

from simulators.faults import DONE_ALL_THE_SAME, Fault, FaultPlan
from simulators.http import Clock, Request, Response, Simulator

BODY_MAX = 64 * 1024 * 1024
"""Bytes of a request's body; more is answered 413, so that a wrong client cannot fill the memory."""

ADDRESS_MAX = 8190
"""Bytes of path and query; the recorded shop's web server gave 414 at about 9 KB (errors[57])."""

DOOR = "/simulator/"
"""Paths of the simulators' own doors, which are no part of the simulated systems: no faults, pace or cost there."""

COST_DOOR = f"{DOOR}cost"
"""What the clients have cost this server, as JSON: `requests` and `work_ms`. The same for every simulator."""

_REASONS = {200: "OK", 201: "Created", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}


@lru_cache(maxsize=256)
def _lower(name: bytes) -> str:
    """A header's name as requests have it; clients send the same ten again and again."""
    return name.decode("latin-1").lower()


class Cost:
    """What the clients have cost the simulated system: requests and milliseconds of its work."""

    def __init__(self) -> None:
        self.requests = 0
        self.work_ms = 0.0


class Server:
    """Serves one simulator.

    `pace` scales the simulated system's own time: 0 answers at once, 1 takes as long as the recorded system.
    `latency_s` is added to each answer as the network's way there and back.
    `workers` is how many requests the system works on at once at a pace above 0 (PHP processes; one for Mamut).
    """

    def __init__(
        self,
        simulator: Simulator,
        clock: Clock,
        *,
        faults: FaultPlan | None = None,
        pace: float = 0.0,
        latency_s: float = 0.0,
        workers: int = 6,
        scheme: str = "http",
    ) -> None:
        self.simulator = simulator
        self.clock = clock
        self.faults = faults
        self.pace = pace
        self.latency_s = latency_s
        self.scheme = scheme
        self.cost = Cost()
        self._dated = (datetime.min.replace(tzinfo=UTC), "")
        self._workers = trio.CapacityLimiter(workers)

    async def serve_tcp(self, listener: trio.SocketListener, tls: ssl.SSLContext | None = None) -> None:
        """Accepts connections until cancelled; `tls` makes it an https server."""
        if tls is None:
            await trio.serve_listeners(self.serve_stream, [listener])
        else:
            await trio.serve_listeners(self.serve_stream, [trio.SSLListener(listener, tls, https_compatible=True)])

    async def serve_stream(self, stream: trio.abc.Stream) -> None:
        """Answers the requests of one connection, one after the other, until either side closes it."""
        try:
            async with stream:
                await _Connection(self, stream).run()
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            return  # The client went away. That is its right and no event in the life of a server.

    async def answer(self, request: Request) -> Response:
        """Lets the simulator work, at its pace and with its number of workers."""
        if request.path == COST_DOOR:
            return _cost_page(self.cost)
        if request.path.startswith(DOOR):
            return self.simulator.handle(request)
        if self.pace <= 0:
            response = self._work(request)
        else:
            async with self._workers:
                response = self._work(request)
                await trio.sleep(response.work_ms / 1000 * self.pace)
        if self.latency_s:
            await trio.sleep(self.latency_s)
        return response

    def date(self) -> str:
        """The Date header by the simulated system's clock. Many answers come in one second."""
        now = self.clock().replace(microsecond=0)
        if now != self._dated[0]:
            self._dated = (now, format_datetime(now, usegmt=True))
        return self._dated[1]

    def _work(self, request: Request) -> Response:
        response = self.simulator.handle(request)
        self.cost.requests += 1
        self.cost.work_ms += response.work_ms
        return response


class _Connection:
    """Parses one connection's bytes into requests and writes the answers back."""

    def __init__(self, server: Server, stream: trio.abc.Stream) -> None:
        self._server = server
        self._stream = stream
        self._reset()

    def _reset(self) -> None:
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._complete = False

    # What the parser calls, by names that httptools prescribes.
    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        key, text = _lower(name), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_body(self, body: bytes) -> None:
        self._size += len(body)
        if self._size <= BODY_MAX:
            self._body.append(body)

    def on_message_complete(self) -> None:
        self._complete = True

    async def run(self) -> None:
        while True:
            self._reset()
            parser = httptools.HttpRequestParser(self)
            try:
                if not await self._read(parser):
                    return
            except httptools.HttpParserUpgrade:
                return
            except httptools.HttpParserError:
                await self._send(_page(400, "Bad Request"), close=True)
                return
            keep = parser.should_keep_alive()
            if not await self._exchange(parser.get_method().decode("ascii"), keep=keep) or not keep:
                return

    async def _read(self, parser: httptools.HttpRequestParser) -> bool:
        while not self._complete:
            data = await self._stream.receive_some(65536)
            if not data:
                return False
            parser.feed_data(data)
            waits = self._headers.get("expect", "").lower() == "100-continue"
            if waits and not self._body and not self._complete:
                await self._stream.send_all(b"HTTP/1.1 100 Continue\r\n\r\n")
        return True

    async def _exchange(self, method: str, *, keep: bool) -> bool:
        """Answers one request; false when the connection is to be closed."""
        if len(self._url) > ADDRESS_MAX:
            await self._send(_page(414, "Request-URI Too Large"), close=True)
            return False
        if self._size > BODY_MAX:
            await self._send(_page(413, "Request Entity Too Large"), close=True)
            return False
        path, _, query = self._url.decode("latin-1").partition("?")
        request = Request(
            method=method,
            path=path,
            query=query,
            headers=self._headers,
            body=b"".join(self._body),
            scheme=self._server.scheme,
            host=self._headers.get("host", "localhost"),
        )
        plan = self._server.faults if not request.path.startswith(DOOR) else None
        fault = plan.draw() if plan is not None else None
        if fault is not None and plan is not None:
            return await self._fail(request, fault, plan)
        response = await self._server.answer(request)
        await self._send(response, close=not keep)
        return True

    async def _fail(self, request: Request, fault: Fault, plan: FaultPlan) -> bool:
        options = plan.options
        response = await self._server.answer(request) if fault in DONE_ALL_THE_SAME else None
        if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER):
            await trio.sleep(options.hang_s)
            return False
        if fault in (Fault.CLOSE, Fault.CUT_BEFORE, Fault.CUT_AFTER):
            return False
        if fault is Fault.GARBAGE:
            await self._stream.send_all(b"\x16\x03\x01 this is no HTTP \r\n\r\n\x00\xff")
            return False
        if response is not None and fault in (Fault.HALF_HEAD, Fault.HALF_BODY):
            data = self._encode(response, close=False)
            head = data.index(b"\r\n\r\n") + 4
            cut = head // 2 if fault is Fault.HALF_HEAD else head + math.ceil((len(data) - head) / 2)
            await self._stream.send_all(data[:cut])
            return False
        if response is not None and fault is Fault.SLOW:
            await trio.sleep(options.slow_s)
            await self._send(response, close=False)
            return True
        await self._send(_broken(fault, response, options.retry_after_s), close=False)
        return True

    async def _send(self, response: Response, *, close: bool) -> None:
        await self._stream.send_all(self._encode(response, close=close))

    def _encode(self, response: Response, *, close: bool) -> bytes:
        lines = [
            f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Status')}",
            f"Date: {self._server.date()}",
            f"Content-Length: {len(response.body)}",
            f"Connection: {'close' if close else 'keep-alive'}",
            *(f"{name}: {value}" for name, value in response.headers),
        ]
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + response.body


def _cost_page(cost: Cost) -> Response:
    body = f'{{"requests":{cost.requests},"work_ms":{cost.work_ms:.1f}}}'
    return Response(status=200, headers=(("Content-Type", "application/json"),), body=body.encode())


def _page(status: int, title: str, *headers: tuple[str, str]) -> Response:
    body = (
        f"<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1>"
        "</center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
    )
    return Response(status=status, headers=(("Content-Type", "text/html"), *headers), body=body.encode())


def _broken(fault: Fault, response: Response | None, retry_after_s: int) -> Response:
    """The answer that stands in for the real one."""
    retry = ("Retry-After", str(retry_after_s))
    pages = {
        Fault.STATUS_401: _page(401, "Authorization Required"),
        Fault.STATUS_429: _page(429, "Too Many Requests", retry),
        Fault.STATUS_429_BARE: _page(429, "Too Many Requests"),
        Fault.STATUS_500_BEFORE: _page(500, "Internal Server Error"),
        Fault.STATUS_500_AFTER: _page(500, "Internal Server Error"),
        Fault.STATUS_502: _page(502, "Bad Gateway"),
        Fault.STATUS_503: _page(503, "Service Temporarily Unavailable", retry),
        Fault.STATUS_504_AFTER: _page(504, "Gateway Time-out"),
        Fault.HTML_200: _page(200, "One moment, please"),
    }
    if fault in pages:
        return pages[fault]
    if response is None:
        raise ValueError(f"no answer stands in for {fault}")
    notice = b"<br />\n<b>Notice</b>: Undefined index: total in <b>/wp-content/plugins/example/hooks.php</b><br />\n"
    return Response(status=response.status, headers=response.headers, body=notice + response.body)
