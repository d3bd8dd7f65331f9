"""What a simulator is given and what it gives back, whatever carries the bytes: a socket, a memory stream or a call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol
from urllib.parse import parse_qsl

import msgspec

Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC. Simulators know no other clock."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP request as it came over the wire.

    `path` is still percent-encoded and without the query; `query` is the raw text behind the question mark.
    Header names are lower case; a header that came several times is joined by ", ".
    `scheme` is what the client believes it speaks ("http" or "https"): a shop judges Basic authentication by it.
    """

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = {}
    body: bytes = b""
    scheme: str = "http"
    host: str = "localhost"

    def pairs(self) -> list[tuple[str, str]]:
        """The query's parameters in their order, decoded, empty ones kept."""
        return parse_qsl(self.query, keep_blank_values=True)


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One HTTP answer.

    `work_ms` is how long the simulated system would have worked on it; the server waits that long when it runs at
    a real pace, and adds it up as the cost its clients have caused.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    work_ms: float = 0.0


class Simulator(Protocol):
    """A whole simulated system. `handle` is synchronous on purpose: one request is one indivisible step of the
    simulated database, and nothing in it may wait."""

    def handle(self, request: Request) -> Response: ...
