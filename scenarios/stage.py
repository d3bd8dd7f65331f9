"""The stage: the agent's own client on one end, the simulators' own server on the other, bytes in memory between them.

Nothing here is a socket or a thread, and all waiting is done on trio's clock, so that under a MockClock a month takes
seconds and every timeout is the real one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import trio

from agent.remote.net import TransportFactory, transports_over
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.wire import Line, Site
from agent.world import Serve
from scenarios.memory_stream import MemoryStream, memory_streams
from simulators.serve import Server

START = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
"""A Monday morning in Sweden: where a play begins unless it says otherwise."""


class Calendar:
    """Wall clock time that follows trio's clock, and can be stopped by nobody else."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._clock = trio.lowlevel.current_clock()
        self._zero = self._read_at = self._clock.current_time()
        self._now = start

    def now(self) -> datetime:
        moment = self._clock.current_time()
        if moment != self._read_at:  # Many ask in one moment.
            self._read_at = moment
            self._now = self._start + timedelta(seconds=moment - self._zero)
        return self._now


class Network:
    """Which server answers at which address. A host without one refuses the connection."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self._servers: dict[str, Callable[[trio.abc.Stream], None]] = {}
        self.refusing: set[str] = set()

    def put(self, host: str, server: Server) -> None:
        self._servers[host] = lambda far: self._nursery.start_soon(server.serve_stream, far)

    async def serve(self, host: str, serve: Serve, listening: Callable[[], Awaitable[None]]) -> None:
        """Somebody listens at this address until cancelled; what they had in hand ends with them."""
        async with trio.open_nursery() as nursery:
            self._servers[host] = lambda far: nursery.start_soon(serve, far)
            try:
                await listening()
                await trio.sleep_forever()
            finally:
                del self._servers[host]

    def refuse(self, host: str, *, refuse: bool) -> None:
        """From now on nobody listens at this address, or somebody does again. Open connections live on."""
        (self.refusing.add if refuse else self.refusing.discard)(host)

    def connect(self, host: str) -> MemoryStream:
        """Raises Trouble when nobody listens there."""
        server = self._servers.get(host)
        if server is None or host in self.refusing:
            raise Trouble(TroubleKind.NOT_NOW, "connect_failed", detail="Connection refused")
        near, far = memory_streams()
        server(far)
        return near

    def transports(self, _address: str, _verify_tls: bool) -> TransportFactory:
        return transports_over(self._dialled)

    async def _dialled(self, site: Site) -> Line:
        """TLS is left out: the server's scheme says https where the shop should believe it."""
        await trio.lowlevel.checkpoint()
        stream = self.connect(site.host)
        return Line(stream, stream.stirs)
