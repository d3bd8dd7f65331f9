"""A connected socket for a client that asks and waits, and takes no turn of the event loop where there is nothing to
wait for: trio's own stream takes one for each write, and asks the system for an answer before it can be there."""

from __future__ import annotations

import socket

import trio

PIECE = 65_536


class PlainStream(trio.abc.Stream):
    """For one task at a time. Takes over `stream`'s socket."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self._socket = socket.socket(fileno=stream.socket.detach())
        self._socket.setblocking(False)
        self._more = False

    def fileno(self) -> int:
        return self._socket.fileno()

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await trio.lowlevel.checkpoint_if_cancelled()
        left = memoryview(data)
        while left:
            try:
                left = left[self._socket.send(left) :]
            except BlockingIOError:
                await trio.lowlevel.wait_writable(self._socket)
            except OSError as error:
                raise self._ended(error) from error

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.wait_writable(self._socket)

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        size = PIECE if max_bytes is None else max_bytes
        if self._more:
            await trio.lowlevel.checkpoint_if_cancelled()
        else:
            await self._readable()
        while True:
            try:
                piece = self._socket.recv(size)
            except BlockingIOError:
                await self._readable()
            except OSError as error:
                raise self._ended(error) from error
            else:
                self._more = len(piece) == size  # Where a full piece came from there is nearly always another.
                return piece

    async def aclose(self) -> None:
        if self._socket.fileno() >= 0:
            trio.lowlevel.notify_closing(self._socket)
            self._socket.close()
        await trio.lowlevel.checkpoint_if_cancelled()

    async def _readable(self) -> None:
        if self._socket.fileno() < 0:
            raise trio.ClosedResourceError("this end was closed")
        await trio.lowlevel.wait_readable(self._socket)

    def _ended(self, error: OSError) -> Exception:
        if self._socket.fileno() < 0:
            return trio.ClosedResourceError("this end was closed")
        return trio.BrokenResourceError(f"the connection broke: {error.strerror}")
