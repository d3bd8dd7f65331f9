"""One connection to a remote: requests out, answers in, every wait with its limit. Nothing else touches a stream."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec
import trio

from agent.remote.answer import Answer, AnswerReader, lost
from agent.remote.trouble import Trouble, TroubleKind

PIECE = 65_536
"""Bytes read at once."""

CARELESS_S = 0.01
"""Waits are measured no finer: setting a limit anew costs as much as a small answer's reading."""

CLOSE_S = 1.0
"""The longest that saying goodbye to a remote may take."""

_REPEATABLE = frozenset(("GET", "HEAD"))


class Site(msgspec.Struct, frozen=True):
    """Where a connection leads: `host` in ASCII and without brackets, `netloc` as the Host header has it."""

    tls: bool
    host: str
    port: int
    netloc: str


class Request(msgspec.Struct, frozen=True):
    """One request, whole. `target` is what stands behind the host, percent-encoded.

    `timeout_s` is the longest wait for the connection, for each write and for each piece of the answer, `whole_s` the
    longest for all of it.
    """

    method: str
    url: str
    site: Site
    target: str
    headers: dict[str, str]
    body: bytes | None
    timeout_s: float
    whole_s: float


class Line(NamedTuple):
    """An open connection. `stirs` tells whether bytes or the end of it lie there to be read: on one that nobody has
    asked anything, either means that the remote is through with it."""

    stream: trio.abc.Stream
    stirs: Callable[[], bool]


Dial = Callable[[Site], Awaitable[Line]]
"""Opens a connection, with TLS where the site says so. Raises Trouble when none comes about."""


class Wire:
    """A place for one connection, opened when first needed and again when the remote has closed it."""

    def __init__(self, dial: Dial) -> None:
        self._dial = dial
        self._line: Line | None = None
        self._reader = AnswerReader()
        self._waiting_for = ""

    async def exchange(self, request: Request) -> Answer:
        """One request, one answer, by one task at a time. Raises Trouble; whatever is raised closes the connection."""
        data = _rendered(request)
        now = trio.current_time()
        end = now + request.whole_s
        whole = False
        try:
            # With the first wait's limit from the beginning: setting it afterwards is half of a scope's cost.
            with trio.CancelScope(deadline=min(now + request.timeout_s, end)) as scope:
                answer = await self._carried(request, data, _Patience(scope, request.timeout_s, end))
                whole = True
                return answer
        finally:
            if not whole or not self._reader.reusable:
                await self._drop()
        if trio.current_time() >= end:
            raise lost("TooSlowError")
        if self._waiting_for == "ConnectTimeout":
            raise Trouble(TroubleKind.NOT_NOW, "connect_failed", detail="ConnectTimeout")
        raise lost(self._waiting_for)

    async def _carried(self, request: Request, data: bytes, patience: _Patience) -> Answer:
        if self._line is not None and not self._line.stirs():
            try:
                return await self._asked(self._line.stream, request.method, data, patience)
            except Trouble:
                # It closed while the request was on its way. One that changes nothing is sent once more.
                if not self._reader.untouched or request.method not in _REPEATABLE:
                    raise
        await self._drop()
        self._waiting_for = "ConnectTimeout"
        patience.renew()
        self._line = await self._dial(request.site)
        patience.renew()
        self._reader = AnswerReader()
        return await self._asked(self._line.stream, request.method, data, patience)

    async def _asked(self, stream: trio.abc.Stream, method: str, data: bytes, patience: _Patience) -> Answer:
        reader = self._reader
        reader.begin(method)
        self._waiting_for = "WriteTimeout"
        try:
            await stream.send_all(data)
        except trio.BrokenResourceError:
            # A server may answer and close before it has read everything: "too large" is an answer too.
            self._waiting_for = "ReadTimeout"
        self._waiting_for = "ReadTimeout"
        whole = False
        while not whole:
            patience.renew()
            try:
                piece = await stream.receive_some(PIECE)
            except trio.BrokenResourceError as error:
                raise lost("ReadError") from error
            if piece:
                whole = reader.feed(piece)
            else:
                reader.end()
                whole = True
        return reader.answer()

    async def aclose(self) -> None:
        """Ends the connection as the protocol has it, or without ceremony when the remote takes its time."""
        line, self._line = self._line, None
        if line is not None:
            with trio.CancelScope(shield=True, deadline=trio.current_time() + CLOSE_S):
                await line.stream.aclose()

    async def _drop(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await trio.aclose_forcefully(line.stream)


class _Patience:
    """The limit of one wait after the other, in one scope: entering a scope for each costs more than the reading."""

    def __init__(self, scope: trio.CancelScope, piece_s: float, end: float) -> None:
        self._scope = scope
        self._piece_s = piece_s
        self._end = end

    def renew(self) -> None:
        deadline = min(trio.current_time() + self._piece_s, self._end)
        before = self._scope.deadline
        if deadline != before and (deadline == self._end or abs(deadline - before) > CARELESS_S):
            self._scope.deadline = deadline


def _rendered(request: Request) -> bytes:
    """The request's bytes. Raises Trouble for a line that would end before its end: some come from a remote."""
    lines = [f"{request.method} {request.target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in request.headers.items()]
    head = "\r\n".join(lines)
    breaks = len(lines) - 1
    if head.count("\n") != breaks or head.count("\r") != breaks or "\0" in head:
        raise Trouble(TroubleKind.NOT_NOW, "request_unsafe")
    try:
        return head.encode("latin-1") + b"\r\n\r\n" + (request.body or b"")
    except UnicodeEncodeError as error:
        raise Trouble(TroubleKind.NOT_NOW, "request_unsafe") from error
