"""Who asks: REST keys by Basic, in the query string or by OAuth 1.0a, with each failure as recorded in auth.json."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import quote, unquote

import msgspec

from simulators.http import Request
from simulators.woocommerce import php
from simulators.woocommerce.call import Body, Json, RestError, User
from simulators.woocommerce.options import ApiKey

WINDOW_S = 15 * 60
"""How far an OAuth time stamp may be from the shop's clock, either way (`auth[38]`, `auth[40]`)."""

_OAUTH = ("oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method")
_HASHES = {"HMAC-SHA1": hashlib.sha1, "HMAC-SHA256": hashlib.sha256}


class Asker(msgspec.Struct, frozen=True):
    """Who a request comes from; nobody when both are None."""

    user: User | None = None
    key: ApiKey | None = None


def _refusal(message: str, code: str = "woocommerce_rest_authentication_error") -> RestError:
    return RestError(code, message, 401)


class Keyring:
    """The shop's REST keys, and the nonces that each has used."""

    def __init__(self, keys: tuple[ApiKey, ...]) -> None:
        self._keys = {key.consumer_key: key for key in keys}
        self._nonces: dict[str, dict[int, str]] = {}

    def asker(self, request: Request, query: Body, form: Body, now: int) -> Asker:
        """Find out who asks. Missing and unknown keys are nobody, as if nothing was sent (`auth[5]`); over http only
        OAuth counts (`auth[9]`, `auth[12]`).

        Raises:
            RestError: 401 for a wrong secret (`auth[6]`) and for OAuth that does not hold (`auth[31]` to `auth[44]`).
        """
        if not _is_rest(request.path):
            return Asker()
        key = self._basic(request, query) if request.scheme == "https" else None
        if key is None:
            key = self._oauth(request, query, form, now)
        return Asker() if key is None else Asker(User(key.user_id, key.role), key)

    def _basic(self, request: Request, query: Body) -> ApiKey | None:
        name, secret = php.to_str(query.get("consumer_key")), php.to_str(query.get("consumer_secret"))
        if not (name and secret):
            name, secret = _basic_pair(request.headers.get("authorization", ""))
        if not (name and secret):
            return None
        key = self._keys.get(name)
        if key is not None and not hmac.compare_digest(key.consumer_secret.encode(), secret.encode()):
            raise _refusal("Consumer secret is invalid.")
        return key

    def _oauth(self, request: Request, query: Body, form: Body, now: int) -> ApiKey | None:
        params = {**query, **form, **_oauth_header(request.headers.get("authorization", ""))}
        missing = [name for name in _OAUTH if not params.get(name)]
        if len(missing) == len(_OAUTH):
            return None
        if missing:
            text = f"Missing OAuth parameter{'s' if len(missing) > 1 else ''} {', '.join(missing)}"
            raise _refusal(text, "woocommerce_rest_authentication_missing_parameter")
        key = self._keys.get(php.to_str(params["oauth_consumer_key"]))
        if key is None:
            raise _refusal("Consumer key is invalid.")
        _check_signature(request, params, key.consumer_secret)
        self._check_nonce(key, php.to_int(params["oauth_timestamp"]), php.to_str(params["oauth_nonce"]), now)
        return key

    def _check_nonce(self, key: ApiKey, stamp: int, nonce: str, now: int) -> None:
        if not now - WINDOW_S <= stamp <= now + WINDOW_S:
            raise _refusal("Invalid timestamp.")
        used = self._nonces.setdefault(key.consumer_key, {})
        if nonce in used.values():
            raise _refusal("Invalid nonce - nonce has already been used.")
        # WooCommerce keeps one nonce a second: a second one with the same time stamp takes the first one's place.
        used[stamp] = nonce
        for old in [stamp for stamp in used if stamp < now - WINDOW_S]:
            del used[old]


def check_rights(key: ApiKey, method: str) -> None:
    """Whether the key's permissions cover the method (`auth[14]`, `auth[19]`); OPTIONS is free (`auth[17]`).

    Raises:
        RestError: 401, not 403.
    """
    if method in {"GET", "HEAD"}:
        if key.permissions == "write":
            raise _refusal("The API key provided does not have read permissions.")
    elif method in {"POST", "PUT", "PATCH", "DELETE"}:
        if key.permissions == "read":
            raise _refusal("The API key provided does not have write permissions.")
    elif method != "OPTIONS":
        raise _refusal("Unknown request method.")


def _is_rest(path: str) -> bool:
    """Keys open wc/ and wc-... routes under /wp-json/ only (`auth[52]`, `auth[53]`, `auth[56]`)."""
    return "wp-json/wc/" in path or "wp-json/wc-" in path


@lru_cache(maxsize=256)
def _basic_pair(header: str) -> tuple[str, str]:
    """Name and secret. A client sends the same ones with each request."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return "", ""
    name, _, secret = text.partition(":")
    return name, secret


def _oauth_header(header: str) -> dict[str, str]:
    scheme, _, rest = header.strip().partition(" ")
    if scheme.lower() != "oauth":
        return {}
    found = {}
    for part in rest.split(","):
        name, equals, value = part.strip().partition("=")
        if equals and name.startswith("oauth_"):
            found[name] = unquote(value.strip('"'))
    return found


def _encode(text: str) -> str:
    return quote(text, safe="-_.~")


def _pairs(params: Mapping[str, Json], prefix: str = "") -> list[str]:
    found = []
    for name, value in params.items():
        encoded = f"{prefix}%5B{_encode(name)}%5D" if prefix else _encode(name)
        inner = {str(place): item for place, item in enumerate(value)} if isinstance(value, list) else value
        if isinstance(inner, dict):
            found += _pairs(inner, encoded)
        else:
            found.append(f"{encoded}={_encode(php.to_str(inner))}")
    return found


def signature(method: str, address: str, params: Mapping[str, Json], algorithm: str, secret: str) -> str:
    """The OAuth 1.0a signature as WooCommerce works it out: parameters sorted by name, lists as name[0], name[1]."""
    ordered = {name: params[name] for name in sorted(params)}
    base = "&".join((method, _encode(address), _encode("&".join(_pairs(ordered)))))
    digest = hmac.new(f"{secret}&".encode(), base.encode(), _HASHES[algorithm]).digest()
    return base64.b64encode(digest).decode()


def _check_signature(request: Request, params: Mapping[str, Json], secret: str) -> None:
    algorithm = php.to_str(params["oauth_signature_method"])
    if algorithm not in _HASHES:
        raise _refusal("Invalid signature - signature method is invalid.")
    given = unquote(php.to_str(params["oauth_signature"]).replace(" ", "+"))
    signed = {name: value for name, value in params.items() if name != "oauth_signature"}
    address = f"{request.scheme}://{request.host}{unquote(request.path)}"
    due = signature(request.method.upper(), address, signed, algorithm, secret)
    if not hmac.compare_digest(due.encode(), given.encode()):
        raise _refusal("Invalid signature - provided signature does not match.")
