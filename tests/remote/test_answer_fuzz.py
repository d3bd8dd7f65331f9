"""Whatever bytes come, in whatever pieces: an answer or a trouble, at once, and the same one."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from itertools import cycle

import hypothesis
import pytest
import trio
from hypothesis import strategies as st
from trio.testing import MockClock

from agent.remote.answer import BODY_MAX, Answer, AnswerReader
from agent.remote.net import Net, transports_over
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.wire import Line, Site
from scenarios.memory_stream import memory_streams

WORDS = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n", b"HTTP/1.0 200\r\n", b"HTTP/1.1 100 Continue\r\n", b"HTTP/1.1 204 No Content\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n", b"HTTP/2 200\r\n", b"\r\n", b"\n",
        b"Content-Length: 5\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999999\r\n",
        b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: gzip\r\n", b"Content-Encoding: gzip\r\n",
        b"Content-Encoding: deflate, gzip\r\n", b"Connection: close\r\n", b"X: y\r\n", b": \r\n", b"5\r\nhello\r\n",
        b"0\r\n\r\n", b"fffffffffffffffff\r\n", b"hello", gzip.compress(b"hello", mtime=0),
        zlib.compress(b"hello"), b"\x00\xff",
    ]
)  # fmt: skip
SOUP = st.lists(WORDS | st.binary(max_size=12), max_size=14).map(b"".join)
SIZES = st.lists(st.integers(1, 9), min_size=1, max_size=30)
KINDS = {(TroubleKind.UNSURE, "answer_lost"), (TroubleKind.GARBLED, "answer_too_large")}

Outcome = tuple[Answer, bool] | tuple[TroubleKind, str, str]


def cut(data: bytes, sizes: list[int]) -> Iterator[bytes]:
    """The data in pieces of these sizes, again and again."""
    again, start = cycle(sizes), 0
    while start < len(data):
        size = next(again)
        yield data[start : start + size]
        start += size


def read(data: bytes, sizes: list[int], method: str) -> Outcome:
    """What a reader makes of these bytes in such pieces and the end of the connection behind them."""
    reader = AnswerReader()
    reader.begin(method)
    try:
        for piece in cut(data, sizes):
            if reader.feed(piece):
                break
        else:
            reader.end()
        return reader.answer(), reader.reusable
    except Trouble as trouble:
        return trouble.kind, trouble.problem, trouble.detail


@hypothesis.settings(max_examples=600, deadline=None)
@hypothesis.given(SOUP, SIZES, st.sampled_from(["GET", "HEAD", "POST"]))
def test_any_bytes_make_the_same_answer_or_trouble_in_any_pieces(data: bytes, sizes: list[int], method: str) -> None:
    at_once, piecemeal = read(data, [len(data) or 1], method), read(data, sizes, method)
    if isinstance(at_once[0], Answer) and isinstance(piecemeal[0], Answer):
        # What lies behind an answer may not have come yet when it is whole; that alone may differ.
        assert at_once[0] == piecemeal[0]
        assert len(at_once[0].body) <= BODY_MAX
    else:
        assert at_once == piecemeal
        assert at_once[:2] in KINDS


@hypothesis.settings(max_examples=150, deadline=None)
@hypothesis.given(st.lists(SOUP, min_size=1, max_size=3), SIZES, st.booleans())
def test_no_remote_keeps_a_request_for_ever(soups: list[bytes], sizes: list[int], closes: bool) -> None:
    ends: list[tuple[TroubleKind, str] | int] = []

    async def talk(stream: trio.abc.Stream, soup: bytes) -> None:
        async with stream:
            await stream.receive_some()
            try:
                for number, piece in enumerate(cut(soup, sizes)):
                    await stream.send_all(piece)
                    await trio.sleep(number % 3)
                if not closes:
                    while await stream.receive_some():
                        """Silence, until the agent gives it up."""
            except trio.BrokenResourceError:
                return

    async def main() -> None:
        async with trio.open_nursery() as nursery:
            calls = iter(soups)

            async def dial(_site: Site) -> Line:
                near, far = memory_streams()
                nursery.start_soon(talk, far, next(calls, b""))
                await trio.lowlevel.checkpoint()
                return Line(near, near.stirs)

            net = Net(transports_over(dial), connections=1, timeout_s=5, user_agent="test")
            for _ in soups:
                try:
                    ends.append((await net.send("POST", "http://a.example/", body=b"{}")).status)
                except Trouble as trouble:
                    ends.append((trouble.kind, trouble.problem))
            await net.aclose()

    trio.run(main, clock=MockClock(autojump_threshold=0))
    assert len(ends) == len(soups)
    assert all(isinstance(end, int) or end in KINDS for end in ends)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_whole_answer_of_soup_is_known_as_one(method: str) -> None:
    outcome = read(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", [3], method)
    assert isinstance(outcome[0], Answer)
    assert (outcome[0].body, outcome[1]) == ((b"hello", True) if method == "GET" else (b"", False))
