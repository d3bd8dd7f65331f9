"""What one request comes to, whatever the remote does: an answer, or a trouble that says what may be done next."""

from __future__ import annotations

import gzip
import math
import zlib

import pytest
import trio
from trio.testing import MockClock

from agent.remote.net import IDLE_MAX_S, WHOLE_FACTOR, Answer, Net, transports_over
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.wire import Line, Site
from tests.remote.scripted import OK, TIMEOUT_S, Call, Remote, Talk, saying, silence

URL = "http://butik.example/wp-json/wc/v3/orders?page=1"


async def asked(net: Net, method: str = "GET", url: str = URL, body: bytes | None = None) -> Answer:
    return await net.send(method, url, body=body)


async def trouble_of(remote: Remote, method: str = "GET", body: bytes | None = None) -> Trouble:
    with pytest.raises(Trouble) as raised:
        await asked(remote.net(), method, body=body)
    return raised.value


async def lost_in(remote: Remote, method: str = "GET") -> str:
    """The word for how the answer was lost."""
    trouble = await trouble_of(remote, method)
    assert (trouble.kind, trouble.problem) == (TroubleKind.UNSURE, "answer_lost")
    return trouble.detail


# -- the request -------------------------------------------------------------------------------------------------------


async def test_a_request_names_its_host_and_length_and_carries_its_body(nursery: trio.Nursery) -> None:
    heard: list[bytes] = []

    async def talk(call: Call) -> None:
        heard.append(await call.hear())
        await call.say(OK)

    net = Remote(nursery, talk).net()
    answer = await net.send("POST", "http://Butik.example:8080/a/b?c=d%20e#f", headers={"X-One": "1"}, body=b"{}")
    head, _, body = heard[0].partition(b"\r\n\r\n")
    lines = head.decode("ascii").split("\r\n")
    assert lines[0] == "POST /a/b?c=d%20e HTTP/1.1"
    assert set(lines[1:]) == {
        "Host: butik.example:8080",
        "User-Agent: test",
        "Accept: application/json",
        "Accept-Encoding: gzip, deflate",
        "Content-Type: application/json",
        "Content-Length: 2",
        "X-One: 1",
    }
    assert (body, answer.status, answer.body, net.sent) == (b"{}", 200, b"ok", 1)


@pytest.mark.parametrize(
    ("url", "site", "target"),
    [
        ("http://a.example", Site(False, "a.example", 80, "a.example"), "/"),
        ("https://a.example?x=1", Site(True, "a.example", 443, "a.example"), "/?x=1"),
        ("https://a.example:443/x", Site(True, "a.example", 443, "a.example"), "/x"),
        ("https://a.example:8443/x", Site(True, "a.example", 8443, "a.example:8443"), "/x"),
        ("https://kim:hemligt@a.example/x", Site(True, "a.example", 443, "a.example"), "/x"),
        ("http://[::1]:81/x", Site(False, "::1", 81, "[::1]:81"), "/x"),
        ("https://Ålesund-hår.example/å b", Site(True, "xn--lesund-hr-42ai.example", 443, ""), "/%C3%A5%20b"),
    ],
)
async def test_an_address_leads_to_its_host_and_names_of_all_letters_are_found(
    nursery: trio.Nursery, url: str, site: Site, target: str
) -> None:
    heard: list[bytes] = []

    async def talk(call: Call) -> None:
        heard.append(await call.hear())
        await call.say(OK)

    remote = Remote(nursery, talk)
    await asked(remote.net(), url=url)
    (found,) = remote.sites
    assert (found.tls, found.host, found.port) == (site.tls, site.host, site.port)
    assert found.netloc == (site.netloc or site.host)
    assert heard[0].split(b" ")[1].decode("ascii") == target
    assert b"hemligt" not in heard[0]


@pytest.mark.parametrize("url", ["ftp://a.example/", "http://", "/orders", "http://a.example:hej/", "http://[::1/"])
async def test_what_is_no_address_is_told_and_never_connected_to(nursery: trio.Nursery, url: str) -> None:
    remote = Remote(nursery, silence)
    with pytest.raises(Trouble) as raised:
        await asked(remote.net(), url=url)
    assert (raised.value.kind, raised.value.problem) == (TroubleKind.NOT_NOW, "connect_failed")
    assert remote.calls == 0


@pytest.mark.parametrize("value", ["a\r\nX-Two: 2", "a\nb", "a\rb", "a\0b", "\u0142"])
async def test_a_header_that_would_end_its_line_never_leaves(nursery: trio.Nursery, value: str) -> None:
    remote = Remote(nursery, silence)
    with pytest.raises(Trouble) as raised:
        await remote.net().send("GET", URL, headers={"Authorization": value})
    assert (raised.value.kind, raised.value.problem) == (TroubleKind.NOT_NOW, "request_unsafe")
    assert value not in str(raised.value)
    assert remote.calls == 0


# -- the answer --------------------------------------------------------------------------------------------------------

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b"ok" * 10, mtime=0)


@pytest.mark.parametrize(
    ("data", "status", "body"),
    [
        (OK, 200, b"ok"),
        (CHUNKED + b"2;x=y\r\nok\r\n3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n", 200, b"okabc"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK, 200, b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 204, b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", 304, b""),
        (b"HTTP/1.1 200 OK\r\nUpgrade: h2,h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nok", 200, b"ok"),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", 200, b"ok"),
        (b"HTTP/1.1 404\r\nContent-Length: 0\r\n\r\n", 404, b""),
        (b"HTTP/1.1 302 Found\r\nLocation: http://b.example/\r\nContent-Length: 0\r\n\r\n", 302, b""),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b" % (len(PACKED), PACKED), 200,
         b"ok" * 10),
    ],
)  # fmt: skip
@pytest.mark.parametrize("piece", [1, 7, 100_000])
async def test_an_answer_is_the_same_in_whatever_pieces_it_comes(
    nursery: trio.Nursery, data: bytes, status: int, body: bytes, piece: int
) -> None:
    async def talk(call: Call) -> None:
        await call.hear()
        for start in range(0, len(data), piece):
            await call.say(data[start : start + piece])
            await trio.lowlevel.checkpoint()

    answer = await asked(Remote(nursery, talk).net())
    assert (answer.status, answer.body) == (status, body)


async def test_headers_are_told_in_lower_case_and_repeated_ones_together(nursery: trio.Nursery) -> None:
    data = b"HTTP/1.1 200 OK\r\nX-WP-Total:  7 \r\nVary: a\r\nvary: b\r\nX-City: Ume\xe5\r\nContent-Length: 0\r\n\r\n"
    answer = await asked(Remote(nursery, saying(data)).net())
    assert answer.headers == {"x-wp-total": "7", "vary": "a, b", "x-city": "Umeå", "content-length": "0"}


async def test_a_trailer_is_no_header_of_this_answer_or_the_next(nursery: trio.Nursery) -> None:
    net = Remote(nursery, saying(CHUNKED + b"0\r\nRetry-After: 9\r\n\r\n", OK)).net()
    for _ in range(2):
        assert (await asked(net)).retry_after_s is None


async def test_an_answer_without_length_ends_with_its_connection(nursery: trio.Nursery) -> None:
    remote = Remote(nursery, saying(b"HTTP/1.1 200 OK\r\n\r\nall of it", close=True))
    net = remote.net()
    assert [(await asked(net)).body for _ in range(2)] == [b"all of it"] * 2
    assert remote.calls == 2


async def test_an_answer_to_head_has_no_body_whatever_its_length_says(nursery: trio.Nursery) -> None:
    remote = Remote(nursery, saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"))
    answer = await asked(remote.net(), "HEAD")
    assert (answer.status, answer.body) == (200, b"")


def coded(coding: str, body: bytes) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def bare_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(b"okok", mtime=0)),
        ("GZip", gzip.compress(b"ok", mtime=0) + gzip.compress(b"ok", mtime=0)),
        ("x-gzip", gzip.compress(b"okok", mtime=0) + b"\0\0"),
        ("deflate", zlib.compress(b"okok")),
        ("deflate", bare_deflate(b"okok")),
        ("deflate, gzip", gzip.compress(zlib.compress(b"okok"), mtime=0)),
        ("utf-8", b"okok"),
    ],
)
async def test_a_packed_answer_is_unpacked(nursery: trio.Nursery, coding: str, packed: bytes) -> None:
    assert (await asked(Remote(nursery, saying(coded(coding, packed))).net())).body == b"okok"


@pytest.mark.parametrize("packed", [b"no gzip at all", gzip.compress(b"okok" * 100, mtime=0)[:-12]])
async def test_a_body_that_is_not_packed_as_it_says_is_a_lost_answer(nursery: trio.Nursery, packed: bytes) -> None:
    assert await lost_in(Remote(nursery, saying(coded("gzip", packed)))) == "DecodingError"


async def test_an_answer_that_is_too_large_when_unpacked_is_refused(nursery: trio.Nursery) -> None:
    bomb = gzip.compress(bytes(65 * 1024 * 1024), 1, mtime=0)
    trouble = await trouble_of(Remote(nursery, saying(coded("gzip", bomb))))
    assert (trouble.kind, trouble.problem) == (TroubleKind.GARBLED, "answer_too_large")


async def test_an_answer_that_is_too_large_as_it_comes_is_refused(nursery: trio.Nursery) -> None:
    async def talk(call: Call) -> None:
        await call.hear()
        await call.say(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await call.say(bytes(4 * 1024 * 1024))
            await trio.lowlevel.checkpoint()

    trouble = await trouble_of(Remote(nursery, talk))
    assert (trouble.kind, trouble.problem) == (TroubleKind.GARBLED, "answer_too_large")


@pytest.mark.parametrize("endless", [b"X-Pad: " + b"x" * 500 + b"\r\n", b"x" * 500, b"HTTP/1.1 100 Continue\r\n\r\n"])
async def test_an_endless_head_is_given_up(nursery: trio.Nursery, endless: bytes) -> None:
    async def talk(call: Call) -> None:
        await call.hear()
        await call.say(endless if endless.startswith(b"HTTP") else b"HTTP/1.1 200 OK\r\nX: " + endless)
        while True:
            await call.say(endless)
            await trio.lowlevel.checkpoint()

    assert await lost_in(Remote(nursery, talk)) == "RemoteProtocolError"


# -- trouble -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 O",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        CHUNKED + b"5\r\nhal",
        CHUNKED + b"2\r\nok\r\n",
        b"\x16\x03\x01 this is no HTTP \r\n\r\n\x00\xff",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk",
        CHUNKED + b"ZZ\r\nok",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_half_an_answer_and_no_answer_leave_it_open_what_happened(
    nursery: trio.Nursery, data: bytes, method: str
) -> None:
    remote = Remote(nursery, saying(data, close=True))
    assert await lost_in(remote, method) == "RemoteProtocolError"
    assert remote.calls == 1, "a request on a connection of its own was sent again"


async def test_an_answer_given_before_the_request_was_read_is_an_answer(nursery: trio.Nursery) -> None:
    async def talk(call: Call) -> None:
        await call.stream.receive_some(1)
        await call.say(b"HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        await call.stream.aclose()

    assert (await asked(Remote(nursery, talk).net(), "POST", body=b"x" * 100_000)).status == 413


async def test_silence_ends_with_the_patience_for_one_piece(nursery: trio.Nursery, autojump_clock: MockClock) -> None:
    began = trio.current_time()
    remote = Remote(nursery, silence)
    assert await lost_in(remote) == "ReadTimeout"
    assert trio.current_time() - began == pytest.approx(TIMEOUT_S)
    await trio.testing.wait_all_tasks_blocked()


async def test_each_piece_has_its_own_patience(nursery: trio.Nursery, autojump_clock: MockClock) -> None:
    async def talk(call: Call) -> None:
        await call.hear()
        await call.say(OK[:-2])
        for byte in (b"o", b"k"):
            await trio.sleep(TIMEOUT_S - 1)
            await call.say(byte)

    assert (await asked(Remote(nursery, talk).net())).body == b"ok"


async def test_an_answer_that_trickles_ends_with_the_patience_for_all(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    async def talk(call: Call) -> None:
        await call.hear()
        await call.say(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await trio.sleep(TIMEOUT_S / 2)
            await call.say(b" ")

    began = trio.current_time()
    assert await lost_in(Remote(nursery, talk)) == "TooSlowError"
    assert trio.current_time() - began == pytest.approx(TIMEOUT_S * WHOLE_FACTOR)


async def test_a_connection_that_never_comes_about_changes_nothing(autojump_clock: MockClock) -> None:
    async def dial(_site: Site) -> Line:
        await trio.sleep(math.inf)
        raise AssertionError

    net = Net(transports_over(dial), connections=1, timeout_s=TIMEOUT_S, user_agent="test")
    with pytest.raises(Trouble) as raised:
        await asked(net)
    trouble = raised.value
    assert (trouble.kind, trouble.problem, trouble.detail) == (TroubleKind.NOT_NOW, "connect_failed", "ConnectTimeout")


# -- connections -------------------------------------------------------------------------------------------------------


async def test_a_connection_is_kept_and_the_last_one_used_is_the_next(nursery: trio.Nursery) -> None:
    remote = Remote(nursery, saying(OK))
    net = remote.net()
    async with trio.open_nursery() as crowd:
        for _ in range(3):
            crowd.start_soon(asked, net)
    assert remote.calls == 3
    for _ in range(20):
        await asked(net, "POST", body=b"{}")
    assert (remote.calls, remote.open, net.sent) == (3, 3, 23)
    await net.aclose()
    await trio.testing.wait_all_tasks_blocked()
    assert remote.open == 0


async def test_no_more_connections_are_open_than_are_allowed(nursery: trio.Nursery, autojump_clock: MockClock) -> None:
    async def talk(call: Call) -> None:
        while True:
            await call.hear()
            await trio.sleep(1)
            await call.say(OK)

    remote = Remote(nursery, talk)
    net = remote.net(connections=2)
    began = trio.current_time()
    async with trio.open_nursery() as crowd:
        for _ in range(6):
            crowd.start_soon(asked, net)
    assert remote.calls == 2
    assert trio.current_time() - began == pytest.approx(3)


async def test_connections_that_nobody_needs_are_closed_and_not_used_again(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    remote = Remote(nursery, saying(OK))
    net = remote.net()
    async with trio.open_nursery() as crowd:
        for _ in range(4):
            crowd.start_soon(asked, net)
    await trio.sleep(IDLE_MAX_S + 1)
    await asked(net)
    await trio.testing.wait_all_tasks_blocked()
    assert (remote.calls, remote.open) == (5, 1)


@pytest.mark.parametrize(
    "talk",
    [
        saying(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"),
        saying(b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok"),
        saying(OK + b"more than was asked for"),
        saying(OK + OK),
        saying(OK, close=True),
    ],
)
async def test_a_connection_that_is_through_is_not_asked_again(nursery: trio.Nursery, talk: Talk) -> None:
    remote = Remote(nursery, talk)
    net = remote.net()
    for _ in range(3):
        assert (await asked(net, "POST", body=b"{}")).body == b"ok"
        await trio.testing.wait_all_tasks_blocked()
    assert remote.calls == 3


async def closing_at_the_second(call: Call) -> None:
    await call.hear()
    await call.say(OK)
    await call.hear()
    await call.stream.aclose()


async def test_a_question_that_met_a_closing_connection_is_asked_once_more(nursery: trio.Nursery) -> None:
    remote = Remote(nursery, closing_at_the_second, saying(OK))
    net = remote.net()
    for _ in range(2):
        assert (await asked(net)).body == b"ok"
    assert remote.calls == 2


async def test_a_question_is_asked_no_more_than_once_more(nursery: trio.Nursery) -> None:
    remote = Remote(nursery, closing_at_the_second, saying(b"", close=True))
    net = remote.net()
    await asked(net)
    with pytest.raises(Trouble):
        await asked(net)
    assert remote.calls == 2


async def test_a_write_that_met_a_closing_connection_is_never_repeated(nursery: trio.Nursery) -> None:
    remote = Remote(nursery, closing_at_the_second, saying(OK))
    net = remote.net()
    await asked(net)
    with pytest.raises(Trouble) as raised:
        await asked(net, "POST", body=b"{}")
    assert (raised.value.kind, raised.value.problem) == (TroubleKind.UNSURE, "answer_lost")
    assert remote.calls == 1


async def test_a_question_whose_answer_had_begun_is_not_asked_again(nursery: trio.Nursery) -> None:
    remote = Remote(nursery, saying(OK, OK[:5], close=True), saying(OK))
    net = remote.net()
    await asked(net)
    with pytest.raises(Trouble):
        await asked(net)
    assert remote.calls == 1


async def test_a_cancelled_request_closes_its_connection_and_leaves_its_place(
    nursery: trio.Nursery, autojump_clock: MockClock
) -> None:
    remote = Remote(nursery, silence, saying(OK))
    net = remote.net(connections=1)
    with trio.move_on_after(1) as limit:
        await asked(net, "POST", body=b"{}")
    assert limit.cancelled_caught
    await trio.testing.wait_all_tasks_blocked()
    assert remote.open == 0
    assert (await asked(net)).body == b"ok"


class Noting:
    """Keeps what a watch is told."""

    def __init__(self) -> None:
        self.told: list[tuple[object, ...]] = []

    def asked(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> int:
        self.told.append(("asked", method, url, headers.get("Authorization"), body))
        return len(self.told)

    def answered(self, number: int, answer: Answer) -> None:
        self.told.append(("answered", number, answer.status))

    def failed(self, number: int, trouble: Trouble) -> None:
        self.told.append(("failed", number, trouble.problem))


async def test_a_watch_is_told_of_each_request_and_what_came_of_it(nursery: trio.Nursery) -> None:
    noting = Noting()
    net = Remote(nursery, saying(OK, b"no answer", close=True)).net(watch=noting)
    await net.send("GET", URL, headers={"Authorization": "Basic abc"})
    with pytest.raises(Trouble):
        await net.send("POST", URL, body=b"{}")
    assert noting.told == [
        ("asked", "GET", URL, "Basic abc", None),
        ("answered", 1, 200),
        ("asked", "POST", URL, None, b"{}"),
        ("failed", 3, "answer_lost"),
    ]
