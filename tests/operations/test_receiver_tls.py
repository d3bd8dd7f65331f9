"""The webhook receiver speaks https itself, with the merchant's certificate; who cannot speak it is shown out."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import pytest
import trio
import trustme
from trio.testing import MockClock

from agent.app_webhooks import tls_of
from agent.remote.receiver import REQUEST_S, Door, Heard, Receiver, signature
from agent.settings.secret import Secret
from agent.settings.tree_webhooks import ReceiverSettings
from agent.world import listen_tcp
from scenarios.demo_children import free_port
from scenarios.memory_stream import memory_streams

SECRET = Secret("sixteen letters!")
BODY = b'{"id":42}'


class Served(NamedTuple):
    port: int
    heard: list[Heard]
    authority: trustme.CA


def certificate(folder: Path, authority: trustme.CA, *, one_file: bool) -> ReceiverSettings:
    issued = authority.issue_cert("127.0.0.1")
    chain, key = folder / "chain.pem", folder / "key.pem"
    if one_file:
        issued.private_key_and_cert_chain_pem.write_to_path(chain)
        return ReceiverSettings(certificate=str(chain))
    for number, blob in enumerate(issued.cert_chain_pems):
        blob.write_to_path(chain, append=number > 0)
    issued.private_key_pem.write_to_path(key)
    return ReceiverSettings(certificate=str(chain), private_key=str(key))


def _receiver(heard: list[Heard]) -> Receiver:
    return Receiver({"butik": Door(secret=SECRET, heard=heard.append, refused=lambda: None)})


@asynccontextmanager
async def served(folder: Path, *, one_file: bool = False) -> AsyncIterator[Served]:
    authority, heard, port = trustme.CA(), list[Heard](), free_port()
    tls = tls_of(certificate(folder, authority, one_file=one_file))
    ready = trio.Event()

    async def listening() -> None:
        await trio.lowlevel.checkpoint()
        ready.set()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(listen_tcp, "127.0.0.1", port, tls, _receiver(heard).serve_stream, listening)
        await ready.wait()
        yield Served(port, heard, authority)
        nursery.cancel_scope.cancel()


async def rung(house: Served, *, trusts: bool = True) -> bytes:
    """The first line of the answer to a webhook as the shop delivers it."""
    context = ssl.create_default_context()
    if trusts:
        house.authority.configure_trust(context)
    head = (
        b"POST /butik HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nX-WC-Webhook-Resource: order\r\n"
        b"X-WC-Webhook-Signature: %s\r\nContent-Length: %d\r\n\r\n" % (signature(SECRET, BODY), len(BODY))
    )
    stream = await trio.open_ssl_over_tcp_stream("127.0.0.1", house.port, ssl_context=context, https_compatible=True)
    async with stream:
        await stream.send_all(head + BODY)
        return (await stream.receive_some()).partition(b"\r\n")[0]


@pytest.mark.parametrize("one_file", [False, True], ids=["two files", "one file"])
async def test_a_webhook_comes_in_over_https_with_the_merchants_certificate(one_file: bool, tmp_path: Path) -> None:
    async with served(tmp_path, one_file=one_file) as house:
        assert await rung(house) == b"HTTP/1.1 200 OK"
        assert house.heard == [Heard(resource="order", thing_id=42)]


async def test_who_does_not_trust_us_or_speaks_no_tls_harms_nobody(tmp_path: Path) -> None:
    async with served(tmp_path) as house:
        with pytest.raises(trio.BrokenResourceError):
            await rung(house, trusts=False)
        async with await trio.open_tcp_stream("127.0.0.1", house.port) as plain:
            await plain.send_all(b"POST /butik HTTP/1.1\r\nHost: x\r\n\r\n")
            assert b"HTTP" not in await plain.receive_some()
        assert house.heard == []
        assert await rung(house) == b"HTTP/1.1 200 OK", "the next one is let in"


async def test_who_connects_and_says_nothing_is_shown_out(tmp_path: Path, autojump_clock: MockClock) -> None:
    tls = tls_of(certificate(tmp_path, trustme.CA(), one_file=True))
    assert tls is not None
    near, far = memory_streams()
    began = trio.current_time()
    await _receiver([]).serve_stream(trio.SSLStream(far, tls, server_side=True, https_compatible=True))
    assert trio.current_time() - began == pytest.approx(REQUEST_S, abs=1.0)
    await near.aclose()


def test_files_that_cannot_be_used_are_an_error_that_the_agent_tells_and_survives(tmp_path: Path) -> None:
    authority = trustme.CA()
    good = certificate(tmp_path, authority, one_file=False)
    (tmp_path / "other").mkdir()
    other = certificate(tmp_path / "other", authority, one_file=False)
    with pytest.raises(OSError, match=r"key values mismatch|KEY_VALUES_MISMATCH"):
        tls_of(ReceiverSettings(certificate=good.certificate, private_key=other.private_key))
    with pytest.raises(FileNotFoundError):
        tls_of(ReceiverSettings(certificate=str(tmp_path / "missing.pem")))
    assert tls_of(ReceiverSettings()) is None
