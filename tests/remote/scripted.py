"""A remote that says to each connection what a test tells it to, byte by byte."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import trio

from agent.remote.net import Net, Watch, transports_over
from agent.remote.wire import Line, Site
from scenarios.memory_stream import MemoryStream, memory_streams

TIMEOUT_S = 10.0

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

Talk = Callable[["Call"], Awaitable[None]]


class Call:
    """The remote's end of one connection."""

    def __init__(self, stream: trio.abc.Stream) -> None:
        self.stream = stream
        self.closed = False

    async def hear(self) -> bytes:
        """One request: its head, and as much of a body as the head announces."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = await self.stream.receive_some()
            if not piece:
                raise trio.EndOfChannel
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        while len(body) < length:
            body += await self.stream.receive_some()
        return head + b"\r\n\r\n" + body

    async def say(self, data: bytes) -> None:
        await self.stream.send_all(data)


class Remote:
    """Talks to the first connection as the first talk has it, and so on; the last talk is for all that follow."""

    def __init__(self, nursery: trio.Nursery, *talks: Talk) -> None:
        self._nursery = nursery
        self._talks = list(talks)
        self.calls = 0
        self.open = 0
        self.sites: list[Site] = []

    async def dial(self, site: Site) -> Line:
        await trio.lowlevel.checkpoint()
        self.sites.append(site)
        talk = self._talks[min(self.calls, len(self._talks) - 1)]
        self.calls += 1
        near, far = memory_streams()
        self._nursery.start_soon(self._serve, talk, far)
        return Line(near, near.stirs)

    async def _serve(self, talk: Talk, stream: MemoryStream) -> None:
        self.open += 1
        async with stream:
            try:
                await talk(Call(stream))
                while await stream.receive_some():
                    """Until the agent has closed its end."""
            except (trio.EndOfChannel, trio.BrokenResourceError, trio.ClosedResourceError):
                pass
            finally:
                self.open -= 1

    def net(self, *, connections: int = 4, watch: Watch | None = None) -> Net:
        return Net(
            transports_over(self.dial), connections=connections, timeout_s=TIMEOUT_S, user_agent="test", watch=watch
        )


def saying(*answers: bytes, close: bool = False) -> Talk:
    """Answers one request after the other, the last answer again and again; or closes after the last."""

    async def talk(call: Call) -> None:
        number = 0
        while True:
            await call.hear()
            await call.say(answers[min(number, len(answers) - 1)])
            number += 1
            if close and number == len(answers):
                await call.stream.aclose()
                return

    return talk


async def silence(call: Call) -> None:
    """Never answers."""
    await call.hear()
