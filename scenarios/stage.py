"""The stage: the agent's own client on one end, the simulators' own server on the other, bytes in memory between them.

Nothing here is a socket or a thread, and all waiting is done on trio's clock, so that under a MockClock a month takes
seconds and every timeout is the real one.
"""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import httpcore
import httpx
import trio
import trio.testing

from agent.remote.net import TransportFactory
from simulators.serve import Server

START = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
"""A Monday morning in Sweden: where a play begins unless it says otherwise."""


class Calendar:
    """Wall clock time that follows trio's clock, and can be stopped by nobody else."""

    def __init__(self, start: datetime = START) -> None:
        self._start = start
        self._zero = trio.current_time()

    def now(self) -> datetime:
        return self._start + timedelta(seconds=trio.current_time() - self._zero)


class Network:
    """Which server answers at which address. A host without one refuses the connection."""

    def __init__(self, nursery: trio.Nursery) -> None:
        self._nursery = nursery
        self._servers: dict[str, Server] = {}
        self.refusing: set[str] = set()
        self._no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # One for all: making one costs 22 ms.

    def put(self, host: str, server: Server) -> None:
        self._servers[host] = server

    def refuse(self, host: str, *, refuse: bool) -> None:
        """From now on nobody listens at this address, or somebody does again. Open connections live on."""
        (self.refusing.add if refuse else self.refusing.discard)(host)

    def connect(self, host: str) -> trio.abc.Stream:
        server = self._servers.get(host)
        if server is None or host in self.refusing:
            raise httpcore.ConnectError(f"{host} refuses")
        near, far = trio.testing.memory_stream_pair()
        self._nursery.start_soon(server.serve_stream, far)
        return near

    def transports(self, _address: str, _verify_tls: bool) -> TransportFactory:
        return self._transport

    def _transport(self) -> httpx.AsyncBaseTransport:
        transport = httpx.AsyncHTTPTransport(verify=self._no_tls)
        # httpx has no parameter for httpcore's network backend, its one public seam; so the pool is put in place here.
        transport._pool = httpcore.AsyncConnectionPool(
            max_connections=1,
            max_keepalive_connections=1,
            keepalive_expiry=None,
            network_backend=_Backend(self),
            ssl_context=self._no_tls,
        )
        return transport


class _Backend(httpcore.AsyncNetworkBackend):
    def __init__(self, network: Network) -> None:
        self._network = network

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        await trio.lowlevel.checkpoint()
        return _Stream(self._network.connect(host))

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise httpcore.ConnectError("no sockets on the stage")

    async def sleep(self, seconds: float) -> None:
        await trio.sleep(seconds)


class _Stream(httpcore.AsyncNetworkStream):
    """httpcore's view of one end. TLS is left out: the server's scheme says https where the shop should believe it."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self._stream = stream

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        try:
            with trio.fail_after(timeout if timeout is not None else float("inf")):
                return bytes(await self._stream.receive_some(max_bytes))
        except trio.TooSlowError as error:
            raise httpcore.ReadTimeout from error
        except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
            raise httpcore.ReadError from error

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's signature
        try:
            with trio.fail_after(timeout if timeout is not None else float("inf")):
                await self._stream.send_all(buffer)
        except trio.TooSlowError as error:
            raise httpcore.WriteTimeout from error
        except (trio.BrokenResourceError, trio.ClosedResourceError) as error:
            raise httpcore.WriteError from error

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
    ) -> httpcore.AsyncNetworkStream:
        return self
