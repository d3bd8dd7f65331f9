"""Requests to a remote over connections of its own: how many at once, which of them next, and who is told.

A connection that is free again is the next to be used, so that no more stay open than are needed; those at the bottom
that nobody has needed for a while are closed. Redirects are not followed, and no proxy of the computer is asked.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from functools import cache, partial
from typing import Protocol

import trio

from agent.remote.answer import Answer
from agent.remote.dial import dialler, divided, site_of, tls_context
from agent.remote.trouble import Trouble
from agent.remote.wire import Dial, Request, Site, Wire

__all__ = ("Answer", "Net", "Transport", "TransportFactory", "Watch", "tcp_transports", "transports_over")

SITES_MAX = 64
"""Origins that are kept parsed. A remote has one; the limit is there for who would send us round the world."""

IDLE_MAX_S = 30.0
"""A connection unused for longer is not used again: most servers close theirs after 5 to 75 s."""

WHOLE_FACTOR = 5
"""So many times the longest wait for one piece may an answer take in all: one that trickles would else never end."""


class Transport(Protocol):
    """A place for one connection, used by one task at a time."""

    async def exchange(self, request: Request) -> Answer:
        """Raises Trouble: NOT_NOW when the request surely never reached the remote, UNSURE when it may have."""

    async def aclose(self) -> None: ...


TransportFactory = Callable[[], Transport]


def transports_over(dial: Dial) -> TransportFactory:
    """Our own HTTP over whatever opens a stream: a socket, or memory."""
    return lambda: Wire(dial)


def tcp_transports(*, verify_tls: bool = True, ends: dict[str, float] | None = None) -> TransportFactory:
    """Transports over real sockets, all with one TLS context, made when the first connection needs it. When the
    certificates end that were shown is put into `ends`, by host, in seconds since 1970."""
    return transports_over(dialler(cache(partial(tls_context, verify=verify_tls)), ends))


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
        self._free: deque[tuple[float, Transport]] = deque()
        self._room = trio.Semaphore(connections)
        self._timeout_s = timeout_s
        self._whole_s = timeout_s * WHOLE_FACTOR
        self._user_agent = user_agent
        self._watch = watch
        self._sites: dict[str, Site] = {}
        self.sent = 0

    async def send(
        self, method: str, url: str, *, headers: dict[str, str] | None = None, body: bytes | None = None
    ) -> Answer:
        """One request, one answer.

        Raises Trouble: NOT_NOW when the request surely never reached the remote, UNSURE when it may have.
        """
        origin, target = divided(url)
        site = self._sites.get(origin) or self._site(origin)
        head = {
            "Host": site.netloc,
            "User-Agent": self._user_agent,
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
        }
        if body is not None:
            head["Content-Type"] = "application/json"
            head["Content-Length"] = str(len(body))
        if headers:
            head.update(headers)
        request = Request(method, url, site, target, head, body, self._timeout_s, self._whole_s)
        try:
            # Taken without a turn of the event loop when there is room, which there nearly always is.
            self._room.acquire_nowait()
        except trio.WouldBlock:
            await self._room.acquire()
        try:
            return await self._sent(request)
        finally:
            self._room.release()

    def _site(self, origin: str) -> Site:
        site = site_of(origin)
        if len(self._sites) < SITES_MAX:
            self._sites[origin] = site
        return site

    async def _sent(self, request: Request) -> Answer:
        """The exchange, and what came of it told to whoever watches."""
        transport = await self._taken()
        watch = self._watch
        number = watch.asked(request.method, request.url, request.headers, request.body) if watch else 0
        self.sent += 1
        try:
            answer = await transport.exchange(request)
        except Trouble as trouble:
            if watch:
                watch.failed(number, trouble)
            raise
        self._free.append((trio.current_time(), transport))
        if watch:
            watch.answered(number, answer)
        return answer

    async def _taken(self) -> Transport:
        """The one that was in use last; those unused for the longest lie at the bottom."""
        oldest = trio.current_time() - IDLE_MAX_S
        while self._free and self._free[0][0] < oldest:
            await self._free.popleft()[1].aclose()
        return self._free.pop()[1] if self._free else self._transports()

    async def aclose(self) -> None:
        """Closes the idle connections; those in use close with their request."""
        while self._free:
            await self._free.pop()[1].aclose()
