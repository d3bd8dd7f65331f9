"""What the agent is given from outside: the clock, chance and the network."""

from __future__ import annotations

import secrets as random_source
import shutil
import ssl
from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TypeAlias

import trio

from agent.model.clock import Clock, wall_clock
from agent.remote.dial import tls_context
from agent.remote.net import TransportFactory, Watch, tcp_transports
from agent.remote.smtp import Connect
from agent.remote.tape.recorder import Recorder

WISHES_EVERY_S = 1.0
"""How often the journal is asked whether another process has left a wish; an index that is nearly always empty is
read for that."""


Serve: TypeAlias = Callable[[trio.abc.Stream], Awaitable[None]]
Listen: TypeAlias = Callable[[str, int, ssl.SSLContext | None, Serve, Callable[[], Awaitable[None]]], Awaitable[None]]
"""Serves what connects to an address and port until cancelled; the last one is called when it listens. Raises OSError
when it cannot."""


class World:
    """What comes from outside: the clock, chance and the network. Replay brings its own."""

    def __init__(
        self,
        *,
        clock: Clock = wall_clock,
        seed: int | None = None,
        transports: Callable[[str, bool], TransportFactory] | None = None,
        threaded: bool = True,
        wishes_every_s: float = WISHES_EVERY_S,
        recorder: Recorder | None = None,
        listen: Listen | None = None,
        connect: Connect | None = None,
        room: Callable[[Path], int] | None = None,
    ) -> None:
        self.clock = clock
        self.recorder = recorder
        self.wishes_every_s = wishes_every_s
        self.threaded = threaded
        self.seed = random_source.randbits(64) if seed is None else seed
        self.listen: Listen = listen or listen_tcp
        self.connect: Connect = connect or trio.open_tcp_stream
        self.room: Callable[[Path], int] = room or free_bytes
        self._transports = transports
        self._tcp: dict[bool, TransportFactory] = {}
        self.certificates: dict[str, float] = {}
        """When the certificates end that servers have shown, by host, in seconds since 1970."""

    def next_life(self) -> None:
        """Chance goes on for an agent that takes another's place: nothing of what it draws is drawn again."""
        self.seed = Random(f"{self.seed}/next life").getrandbits(64)

    def chance(self, purpose: str) -> Random:
        """A generator of its own for each purpose, so that one more draw here changes nothing there."""
        return Random(f"{self.seed}/{purpose}")

    def transports(self, address: str, *, verify_tls: bool = True) -> TransportFactory:
        if self._transports is not None:
            return self._transports(address, verify_tls)
        # One TLS context for all: making one takes 22 ms and 850 KB, and there may be a thousand shops.
        if verify_tls not in self._tcp:
            self._tcp[verify_tls] = tcp_transports(verify_tls=verify_tls, ends=self.certificates)
        return self._tcp[verify_tls]

    @cached_property
    def trusted(self) -> ssl.SSLContext:
        """The certificates that this computer trusts, for what is not spoken to by HTTP."""
        return tls_context()

    def watch(self, system: str, address: str) -> Watch | None:
        return None if self.recorder is None else self.recorder.watch(system, address)


def free_bytes(folder: Path) -> int:
    """How much is free on the folder's disk. Raises OSError."""
    return shutil.disk_usage(folder).free


async def listen_tcp(
    host: str, port: int, tls: ssl.SSLContext | None, serve: Serve, listening: Callable[[], Awaitable[None]]
) -> None:
    """Listens on a port of this computer, with TLS where a context is given."""
    listeners = await trio.open_tcp_listeners(port, host=host)
    await listening()
    if tls is None:
        await trio.serve_listeners(serve, listeners)
    else:
        secure = [trio.SSLListener(listener, tls, https_compatible=True) for listener in listeners]
        await trio.serve_listeners(serve, secure)
