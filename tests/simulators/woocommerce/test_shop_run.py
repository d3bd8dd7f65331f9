"""The simulated shop as a server: over TLS, with faults, and at its door."""

from __future__ import annotations

import base64
import json
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

import pytest
import trio
import trustme

from simulators.faults import Fault, FaultOptions
from simulators.woocommerce.options import READ_WRITE
from tests.simulators.woocommerce.shop_client import ask_over

ORDERS = "/wp-json/wc/v3/orders"
PROGRAM = """
import json, sys, trio
from pathlib import Path
import msgspec
from simulators.faults import FaultOptions
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.run import serve
given = json.loads(sys.argv[1])
faults = msgspec.convert(given["faults"], FaultOptions) if "faults" in given else None
certificate = Path(given["certificate"]) if "certificate" in given else None
async def main():
    await serve(0, 1, None, ShopOptions(), certificate=certificate, faults=faults, pace=given.get("pace", 0.0))
trio.run(main)
"""
Start: TypeAlias = Callable[..., str]


@pytest.fixture(name="start")
def _start() -> Iterator[Start]:
    """Starts a server and gives the address it says it listens on."""
    running: list[subprocess.Popen[str]] = []

    def start(**given: object) -> str:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, json.dumps(given)], stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip().removeprefix("listening on ")

    yield start
    for process in running:
        process.terminate()
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=20) == 0


async def _stream(address: str) -> trio.SocketStream:
    host, _, port = address.partition("://")[2].partition(":")
    return await trio.open_tcp_stream(host, int(port))


async def test_over_tls_a_key_may_be_sent_as_it_is(start: Start, tmp_path: Path) -> None:
    authority = trustme.CA()
    path = tmp_path / "server.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(path)
    address = start(certificate=str(path))
    assert address.startswith("https://127.0.0.1:")
    context = ssl.create_default_context()
    authority.configure_trust(context)
    stream = trio.SSLStream(await _stream(address), context, server_hostname="127.0.0.1", https_compatible=True)
    async with stream:
        keys = f"consumer_key={READ_WRITE.consumer_key}&consumer_secret={READ_WRITE.consumer_secret}"
        status, made = await ask_over(stream, "POST", f"{ORDERS}?{keys}", "127.0.0.1", b'{"status": "processing"}')
        assert (status, made["status"]) == (201, "processing")
        assert made["_links"]["self"][0]["href"].startswith("https://")


async def test_over_http_a_key_as_it_is_counts_for_nothing(start: Start) -> None:
    async with await _stream(start()) as stream:
        token = base64.b64encode(f"{READ_WRITE.consumer_key}:{READ_WRITE.consumer_secret}".encode()).decode()
        await stream.send_all(f"GET {ORDERS} HTTP/1.1\r\nHost: x\r\nAuthorization: Basic {token}\r\n\r\n".encode())
        assert (await stream.receive_some(65536)).startswith(b"HTTP/1.1 401 ")


async def test_the_door_is_spared_by_faults_and_tells_what_clients_cost(start: Start) -> None:
    faults = FaultOptions(share=1.0, faults=(Fault.STATUS_503,))
    address = start(faults={"share": faults.share, "faults": [str(one) for one in faults.faults]})
    async with await _stream(address) as stream:
        await stream.send_all(f"GET {ORDERS} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert (await stream.receive_some(65536)).startswith(b"HTTP/1.1 503 ")
    async with await _stream(address) as stream:
        for number in range(3):
            status, census = await ask_over(stream, "GET", "/simulator/census", "x")
            assert (status, census["cost"]["requests"]) == (200, 0), number
    address = start()
    async with await _stream(address) as stream:
        for _ in range(4):
            assert (await ask_over(stream, "GET", ORDERS, "x"))[0] == 401
        cost = (await ask_over(stream, "GET", "/simulator/census", "x"))[1]["cost"]
        assert cost["requests"] == 4
        assert cost["work_ms"] > 0
