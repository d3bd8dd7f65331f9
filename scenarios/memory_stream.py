"""Two ends of a connection without a socket: what one writes the other reads, in the order and on the clock of trio.

A play makes tens of thousands of exchanges, so an end is no more than a row of pieces and the task that waits for one.
"""

from __future__ import annotations

from collections import deque

import trio


class MemoryStream(trio.abc.Stream):
    """One end, for one task that reads and one that writes. Its room is without limit."""

    def __init__(self) -> None:
        self._peer = self
        self._arrived: deque[bytes] = deque()
        self._waiting: trio.lowlevel.Task | None = None
        self._ended = False
        self._closed = False

    def stirs(self) -> bool:
        """Whether bytes or the end lie there to be read."""
        return bool(self._arrived) or self._ended

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await trio.lowlevel.checkpoint_if_cancelled()
        if self._closed:
            raise trio.ClosedResourceError("this end was closed")
        if self._peer._closed:
            raise trio.BrokenResourceError("the other end was closed")
        if data:
            self._peer._arrived.append(bytes(data))
            self._peer._wake()

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint_if_cancelled()

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        if not self._arrived and not self._ended:
            await self._wait()
        else:
            await trio.lowlevel.checkpoint_if_cancelled()
        if self._closed:
            raise trio.ClosedResourceError("this end was closed")
        if not self._arrived:
            return b""
        piece = self._arrived.popleft()
        if max_bytes is not None and len(piece) > max_bytes:
            self._arrived.appendleft(piece[max_bytes:])
            piece = piece[:max_bytes]
        return piece

    async def aclose(self) -> None:
        if not self._closed:
            self._closed = self._peer._ended = True
            self._wake()
            self._peer._wake()
        await trio.lowlevel.checkpoint_if_cancelled()

    async def _wait(self) -> None:
        """Until bytes come, or one end is closed."""
        if self._closed:
            return
        if self._waiting is not None:
            raise trio.BusyResourceError("another task is reading here")
        self._waiting = trio.lowlevel.current_task()

        def abort(_raise_cancel: object) -> trio.lowlevel.Abort:
            self._waiting = None
            return trio.lowlevel.Abort.SUCCEEDED

        await trio.lowlevel.wait_task_rescheduled(abort)

    def _wake(self) -> None:
        task, self._waiting = self._waiting, None
        if task is not None:
            trio.lowlevel.reschedule(task)


def memory_streams() -> tuple[MemoryStream, MemoryStream]:
    """The two ends of a new connection."""
    near, far = MemoryStream(), MemoryStream()
    near._peer, far._peer = far, near
    return near, far
