"""Making the request again that a recording tells of: its keys, its OAuth signature, its exact body."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from typing import cast
from urllib.parse import quote

from simulators.http import Request
from simulators.woocommerce import auth, php
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.conform_match import Mapping, translate
from simulators.woocommerce.options import ApiKey, Permissions, Role

HOST = "shop.example"


def _key(name: str, permissions: str, role: str = "administrator", user_id: int = 1) -> ApiKey:
    return ApiKey(
        consumer_key=f"ck_PLACEHOLDER_{name}",
        consumer_secret=f"cs_PLACEHOLDER_{name}",
        permissions=cast("Permissions", permissions),
        role=cast("Role", role),
        user_id=user_id,
    )


KEYS = (
    _key("read_write", "read_write"),
    _key("read", "read"),
    _key("write", "write"),
    _key("customer", "read_write", "customer", 900_001),
    _key("shop_manager", "read_write", "shop_manager", 900_002),
)
"""The recorded shop's keys, by the placeholders that stand for them."""


class Signer:
    """Gives each request the credentials that its `auth` names; the note says what was wrong with them."""

    def __init__(self) -> None:
        self._nonces = 0

    def headers(self, recorded: Body) -> dict[str, str]:
        kind, _, rest = recorded["auth"].partition(":")
        if kind != "basic":
            return {}
        name, secret = f"ck_PLACEHOLDER_{rest.split()[0]}", f"cs_PLACEHOLDER_{rest.split()[0]}"
        if "unknown" in rest:
            name = "ck_unknown"
        elif "role" in rest:
            name, secret = (f"{sort}_PLACEHOLDER_{rest.rpartition(' ')[2]}" for sort in ("ck", "cs"))
        elif "wrong secret" in rest:
            secret = f"{secret}_wrong"
        elif "empty secret" in rest:
            secret = secret[:0]
        return {"authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}

    def oauth(self, exchange: Body, query: Body) -> dict[str, str]:
        """The OAuth parameters of an exchange, wrong in the way its note tells."""
        recorded, note = exchange["request"], exchange["note"]
        if not recorded["auth"].startswith("oauth1"):
            return {}
        who = recorded["auth"].partition(":")[2].split()[0]
        stamp = int(datetime.fromisoformat(exchange["at"]).timestamp()) + _shift_s(note)
        again = "same nonce" in note
        self._nonces += not again
        nonce = f"nonce{self._nonces}"
        algorithm = "PLAINTEXT" if "PLAINTEXT" in note else "HMAC-SHA1" if "SHA1" in note else "HMAC-SHA256"
        key = "ck_unknown" if "unknown key" in note else f"ck_PLACEHOLDER_{who}"
        params = {
            "oauth_consumer_key": key,
            "oauth_timestamp": str(stamp + 1 if "another time stamp" in note else stamp),
            "oauth_nonce": nonce,
            "oauth_signature_method": algorithm,
        }
        if "no nonce" in note:
            del params["oauth_nonce"]
        secret = "cs_wrong" if "wrong secret" in note else f"cs_PLACEHOLDER_{who}"
        known = algorithm if algorithm != "PLAINTEXT" else "HMAC-SHA256"
        address = f"{recorded['scheme']}://{HOST}{recorded['path']}"
        flat = {name: value for name, value in query.items() if not isinstance(value, list)}
        text = auth.signature(recorded["method"], address, {**flat, **params}, known, secret)
        return {**params, "oauth_signature": "bad" if "signature bad" in note else text}


def _shift_s(note: str) -> int:
    match = re.search(r"time stamp (\d+) minutes (old|ahead)", note)
    return int(match[1]) * 60 * (-1 if match[2] == "old" else 1) if match else 0


def build(exchange: Body, mapping: Mapping, signer: Signer, body: Json = None) -> Request:
    """The request of an exchange with ids as the simulated shop has them; `body` replaces a recorded one that was
    cut."""
    recorded = exchange["request"]
    path = translate(recorded["path"], mapping, ["path"])
    root = next((one for one in reversed(path.split("/")) if one and not one.isdigit() and one != "batch"), "")
    query = {name: _filled(translate(value, mapping, [root, name])) for name, value in recorded["query"].items()}
    oauth = signer.oauth(exchange, query)
    headers = {"user-agent": "recorder/1"}
    headers |= {name.lower(): value for name, value in recorded["headers"].items()} | signer.headers(recorded)
    if "header" in recorded["auth"]:
        pairs = (f'{name}="{quote(value, safe="")}"' for name, value in oauth.items())
        headers["authorization"] = f"OAuth {', '.join(pairs)}"
    else:
        query.update(oauth)
    return Request(
        method=recorded["method"],
        path=quote(path, safe="/%.-_~"),
        query=_encoded(query),
        headers=headers,
        body=_body(recorded, mapping, root, body),
        scheme=recorded["scheme"],
        host=HOST,
    )


def _filled(value: Json) -> Json:
    """A list of numbers that the recording cut short ("1,2,3,...,1499") in its whole length."""
    match = re.fullmatch(r"1,2,3,\.\.\.,(\d+)", value) if isinstance(value, str) else None
    return ",".join(str(number) for number in range(1, int(match[1]) + 1)) if match else value


def _encoded(query: Body) -> str:
    parts = []
    for name, value in query.items():
        parts += [
            f"{quote(name, safe='[]')}={quote(php.to_str(one), safe='')}"
            for one in (value if isinstance(value, list) else [value])
        ]
    return "&".join(parts)


def _body(recorded: Body, mapping: Mapping, root: str, instead: Json) -> bytes:
    if instead is not None:
        return json.dumps(instead).encode()
    if "body_raw" in recorded:
        raw: str = recorded["body_raw"]
        return raw.encode("latin-1") if all(ord(char) < 256 for char in raw) else raw.encode()
    if recorded.get("body") is None:
        return b""
    return json.dumps(translate(recorded["body"], mapping, [root]), ensure_ascii=False).encode()
