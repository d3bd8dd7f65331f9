"""The requests of one run on a tape, so that a loop without any agent can make the same ones."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec

from agent.remote.net import Answer, Transport, TransportFactory, tcp_transports
from agent.remote.wire import Request


class Asked(msgspec.Struct, frozen=True, array_like=True):
    """One request as it left. `address` is the remote's, `params` are without any signature."""

    address: str
    method: str
    path: str
    params: dict[str, str]
    body: bytes


class Tape:
    """Gives transports that keep what goes through them."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def transports(self, address: str, verify_tls: bool) -> TransportFactory:
        plain = tcp_transports(verify_tls=verify_tls)
        return lambda: _Keeping(plain(), address, self.asked.append)

    def save(self, file: Path) -> None:
        file.write_bytes(msgspec.msgpack.encode(self.asked))


def load(file: Path) -> list[Asked]:
    return msgspec.msgpack.decode(file.read_bytes(), type=list[Asked])


class _Keeping:
    """A transport that tells of each request before it carries it."""

    def __init__(self, inner: Transport, address: str, keep: Callable[[Asked], None]) -> None:
        self._inner = inner
        self._address = address
        self._keep = keep

    async def exchange(self, request: Request) -> Answer:
        path, _, query = request.target.partition("?")
        signed = parse_qsl(query, keep_blank_values=True)
        params = {name: value for name, value in signed if not name.startswith("oauth_")}
        self._keep(Asked(self._address, request.method, path, params, request.body or b""))
        return await self._inner.exchange(request)

    async def aclose(self) -> None:
        await self._inner.aclose()
