"""The same over real sockets: names, addresses, certificates, and what the system says when nobody is there."""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trio
import trustme

from agent.model.reasons import Fault
from agent.remote.dial import dialler, tls_context
from agent.remote.net import Answer, Net, TransportFactory, tcp_transports, transports_over
from agent.remote.trouble import Trouble, TroubleKind
from tests.remote.scripted import OK, Call

BIG = b"x" * 3_000_000

Serve = Callable[[trio.abc.Stream], Awaitable[None]]


class Server:
    """Answers every request with 200 and counts connections."""

    def __init__(self, listener: trio.SocketListener) -> None:
        self._listener = listener
        self.calls = 0
        self.names: list[str | None] = []
        self.hang_up_after = 1_000

    @property
    def port(self) -> int:
        return int(self._listener.socket.getsockname()[1])

    async def serve(self, stream: trio.abc.Stream) -> None:
        self.calls += 1
        try:
            async with stream:
                for _ in range(self.hang_up_after):
                    asked = await Call(stream).hear()
                    big = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(BIG), BIG)
                    await stream.send_all(big if b" /big " in asked else OK)
        except (trio.EndOfChannel, trio.BrokenResourceError):
            return

    def over_tls(self, authority: trustme.CA, *names: str) -> Serve:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(*names).configure_cert(context)

        def note(_socket: object, name: str | None, _context: object) -> None:
            self.names.append(name)

        context.sni_callback = note

        async def serve(stream: trio.abc.Stream) -> None:
            await self.serve(trio.SSLStream(stream, context, server_side=True, https_compatible=True))

        return serve

    async def run(self, serve: Serve) -> None:
        await trio.serve_listeners(serve, [self._listener])


@asynccontextmanager
async def served(host: str = "127.0.0.1", tls: tuple[trustme.CA, str] | None = None) -> AsyncIterator[Server]:
    (listener,) = await trio.open_tcp_listeners(0, host=host)
    server = Server(listener)
    serve = server.over_tls(*tls) if tls else server.serve
    async with trio.open_nursery() as nursery:
        nursery.start_soon(server.run, serve)
        yield server
        nursery.cancel_scope.cancel()


def net_over(transports: TransportFactory, timeout_s: float = 5.0) -> Net:
    return Net(transports, connections=2, timeout_s=timeout_s, user_agent="test")


def trusting(authority: trustme.CA) -> TransportFactory:
    context = tls_context()
    authority.configure_trust(context)
    return transports_over(dialler(lambda: context))


async def refused(net: Net, url: str) -> Trouble:
    with pytest.raises(Trouble) as raised:
        await net.send("POST", url, body=b"{}")
    assert raised.value.kind is TroubleKind.NOT_NOW
    return raised.value


async def test_requests_go_over_a_socket_that_is_kept() -> None:
    async with served() as server:
        net = net_over(tcp_transports())
        url = f"http://127.0.0.1:{server.port}"
        for _ in range(3):
            assert (await net.send("POST", f"{url}/a", body=BIG)).body == b"ok"
            assert (await net.send("GET", f"{url}/big")).body == BIG
        assert server.calls == 1
        await net.aclose()


async def test_an_address_of_the_sixth_version_is_reached() -> None:
    if not socket.has_ipv6:
        pytest.fail("this computer knows no IPv6")
    async with served("::1") as server:
        net = net_over(tcp_transports())
        assert (await net.send("GET", f"http://[::1]:{server.port}/")).body == b"ok"
        await net.aclose()


async def test_a_socket_that_the_remote_has_closed_meanwhile_is_noticed_before_it_is_used() -> None:
    async with served() as server:
        server.hang_up_after = 1
        net = net_over(tcp_transports())
        for number in range(1, 4):
            answer = await net.send("POST", f"http://127.0.0.1:{server.port}/", body=b"{}")
            assert (answer.body, server.calls) == (b"ok", number)
            await trio.testing.wait_all_tasks_blocked(0.02)
        await net.aclose()


async def test_a_trusted_certificate_opens_a_connection_that_is_kept_and_names_the_host() -> None:
    authority = trustme.CA()
    async with served(tls=(authority, "localhost")) as server:
        net = net_over(trusting(authority))
        url = f"https://localhost:{server.port}"
        answers: list[Answer] = [await net.send("POST", f"{url}/", body=b"{}") for _ in range(5)]
        assert {answer.body for answer in answers} == {b"ok"}
        assert (await net.send("GET", f"{url}/big")).body == BIG
        assert (server.calls, server.names) == (1, ["localhost"])
        await net.aclose()


async def test_a_socket_under_tls_that_was_closed_is_noticed_too() -> None:
    authority = trustme.CA()
    async with served(tls=(authority, "localhost")) as server:
        server.hang_up_after = 1
        net = net_over(trusting(authority))
        for number in range(1, 3):
            await net.send("POST", f"https://localhost:{server.port}/", body=b"{}")
            assert server.calls == number
            await trio.testing.wait_all_tasks_blocked(0.02)
        await net.aclose()


@pytest.mark.parametrize("name", ["another.example", "localhost"])
async def test_a_certificate_of_somebody_else_or_of_a_stranger_is_refused(name: str) -> None:
    authority = trustme.CA()
    async with served(tls=(authority, name)) as server:
        net = net_over(trusting(authority) if name != "localhost" else tcp_transports())
        trouble = await refused(net, f"https://localhost:{server.port}/")
        assert (trouble.problem, trouble.fault) == ("certificate_refused", Fault.CERTIFICATE_REFUSED)
        assert ("localhost" in trouble.detail) == (name != "localhost"), trouble.detail
        assert "certificate" in trouble.detail


async def test_no_certificate_is_asked_for_where_the_merchant_has_said_so() -> None:
    async with served(tls=(trustme.CA(), "another.example")) as server:
        net = net_over(tcp_transports(verify_tls=False))
        assert (await net.send("GET", f"https://127.0.0.1:{server.port}/")).body == b"ok"
        await net.aclose()


async def test_a_server_without_tls_under_https_never_gets_the_request() -> None:
    async with served() as server:
        trouble = await refused(net_over(tcp_transports(), 1.0), f"https://127.0.0.1:{server.port}/")
        assert (trouble.problem, trouble.fault) == ("connect_failed", None)


async def test_a_handshake_that_never_ends_is_given_up() -> None:
    (listener,) = await trio.open_tcp_listeners(0, host="127.0.0.1")
    async with trio.open_nursery() as nursery:

        async def hold(stream: trio.SocketStream) -> None:
            await trio.sleep_forever()

        nursery.start_soon(trio.serve_listeners, hold, [listener])
        port = listener.socket.getsockname()[1]
        trouble = await refused(net_over(tcp_transports(), 0.1), f"https://127.0.0.1:{port}/")
        assert (trouble.problem, trouble.detail) == ("connect_failed", "ConnectTimeout")
        nursery.cancel_scope.cancel()


async def test_nobody_there_is_told_in_the_systems_own_words() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        trouble = await refused(net_over(tcp_transports()), f"http://127.0.0.1:{held.getsockname()[1]}/")
    assert (trouble.problem, trouble.detail, trouble.fault) == ("connect_failed", "Connection refused", None)


async def test_a_name_that_nobody_has_is_told() -> None:
    trouble = await refused(net_over(tcp_transports()), "http://nobody.invalid/")
    assert trouble.problem == "connect_failed"
    assert "nobody" not in trouble.detail
