"""A small client of the simulated shop for tests: signs with OAuth 1.0a, because a shop takes Basic over https only."""

from __future__ import annotations

import itertools
import json
from typing import Any
from urllib.parse import quote, urlencode

import trio

from simulators.http import Request, Response, Simulator
from simulators.woocommerce import auth
from simulators.woocommerce.options import READ_WRITE


class Signer:
    """Signs requests for one host; `prefix` keeps the nonces of several clients apart."""

    def __init__(self, host: str, prefix: str = "n") -> None:
        self.host = host
        self._nonces = (f"{prefix}{number}" for number in itertools.count())

    def query(self, method: str, path: str, params: dict[str, str], now_s: int) -> str:
        signed = {
            **params,
            "oauth_consumer_key": READ_WRITE.consumer_key,
            "oauth_nonce": next(self._nonces),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(now_s),
        }
        secret = READ_WRITE.consumer_secret
        text = auth.signature(method, f"http://{self.host}{path}", signed, "HMAC-SHA256", secret)
        return urlencode({**signed, "oauth_signature": text}, quote_via=quote)


def ask(simulator: Simulator, method: str, path: str, body: Any = None, **params: str) -> tuple[int, Any]:
    """Asks a simulator directly, over https with Basic, and gives status and decoded body."""
    response = send(simulator, method, path, body, **params)
    return response.status, json.loads(response.body) if response.body else None


def send(simulator: Simulator, method: str, path: str, body: Any = None, **params: str) -> Response:
    headers = {"content-type": "application/json"} if body is not None else {}
    query = urlencode(
        {**params, "consumer_key": READ_WRITE.consumer_key, "consumer_secret": READ_WRITE.consumer_secret}
    )
    return simulator.handle(
        Request(
            method=method,
            path=path,
            query=query,
            headers=headers,
            body=json.dumps(body).encode() if body is not None else b"",
            scheme="https",
            host="shop.example",
        )
    )


async def ask_over(stream: trio.abc.Stream, method: str, target: str, host: str, body: bytes = b"") -> tuple[int, Any]:
    """One request on an open connection.

    Raises:
        EOFError: if the connection ends before the whole answer came.
    """
    head = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(body)}\r\n"
    await stream.send_all(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
    data = b""
    while b"\r\n\r\n" not in data:
        data += await _more(stream)
    top, _, rest = data.partition(b"\r\n\r\n")
    size = next(int(line[15:]) for line in top.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    while len(rest) < size:
        rest += await _more(stream)
    return int(top.split(b" ")[1]), json.loads(rest) if rest else None


async def _more(stream: trio.abc.Stream) -> bytes:
    data = bytes(await stream.receive_some(65536))
    if not data:
        raise EOFError
    return data
