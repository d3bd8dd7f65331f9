"""How a request shows its key: Basic over https, OAuth 1.0a over http, the query string where a host strips headers.

What each does on a real shop: Basic over http is as if nothing was sent (auth[9]); key and secret in the query work
over https only (auth[10]); OAuth 1.0a works over both, the JSON body is not signed (auth[45]) and a nonce holds once
(auth[42]).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from urllib.parse import quote, quote_plus

from agent.model.clock import Clock

ENCODED_MAX = 256
"""So many parts of queries are kept encoded: most are the same in every request of their kind."""


class AuthWay(StrEnum):
    BASIC = "basic"
    QUERY = "query"
    OAUTH1 = "oauth1"


class Signer:
    """Adds the key to a request in one of the three ways.

    `nonce` gives a text never given before; it comes from outside so that a replay can repeat itself. The clock is
    ours: the shop allows fifteen minutes either way (auth[38]).
    """

    def __init__(self, key: str, secret: str, way: AuthWay, clock: Clock, nonce: Callable[[], str]) -> None:
        self._key = key
        self._secret = secret
        self.way = way
        self._clock = clock
        self._nonce = nonce
        token = base64.b64encode(f"{key}:{secret}".encode()).decode("ascii")
        self._basic = {"Authorization": f"Basic {token}"}

    def sign(self, method: str, url: str, params: dict[str, str]) -> tuple[str, dict[str, str]]:
        """The full address and the headers to send. `url` has no query."""
        if self.way is AuthWay.BASIC:
            return with_query(url, params), self._basic
        if self.way is AuthWay.QUERY:
            return with_query(url, {**params, "consumer_key": self._key, "consumer_secret": self._secret}), {}
        return with_query(url, self._oauth(method, url, params)), {}

    def _oauth(self, method: str, url: str, params: dict[str, str]) -> dict[str, str]:
        signed = {
            **params,
            "oauth_consumer_key": self._key,
            "oauth_nonce": self._nonce(),
            "oauth_signature_method": "HMAC-SHA256",
            "oauth_timestamp": str(int(self._clock().timestamp())),
            "oauth_version": "1.0",
        }
        pairs = sorted((_escape(name), _escape(value)) for name, value in signed.items())
        text = "&".join(f"{name}={value}" for name, value in pairs)
        base = f"{method.upper()}&{_escape(url)}&{_escape(text)}"
        digest = hmac.new(f"{_escape(self._secret)}&".encode(), base.encode(), hashlib.sha256).digest()
        signed["oauth_signature"] = base64.b64encode(digest).decode("ascii")
        return signed


def with_query(url: str, params: dict[str, str]) -> str:
    """The address with its parameters, encoded."""
    if not params:
        return url
    return f"{url}?{'&'.join([f'{_encoded(name)}={_encoded(value)}' for name, value in params.items()])}"


@lru_cache(maxsize=ENCODED_MAX)
def _encoded(text: str) -> str:
    return quote_plus(text)


def _escape(text: str) -> str:
    return quote(text, safe="-._~")
