"""Who may do what: each way to give a key, and each way in which that goes wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest

from simulators.http import Request, Response
from simulators.woocommerce.options import ApiKey, ShopOptions
from simulators.woocommerce.shop import Shop

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = ApiKey(consumer_key="ck_one", consumer_secret="cs_one")
READER = ApiKey(consumer_key="ck_reads", consumer_secret="cs_reads", permissions="read")
WRITER = ApiKey(consumer_key="ck_writes", consumer_secret="cs_writes", permissions="write")
SHOPPER = ApiKey(consumer_key="ck_shops", consumer_secret="cs_shops", role="customer", user_id=7)
ORDERS = "/wp-json/wc/v3/orders"


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def make_shop() -> tuple[Shop, Clock]:
    clock = Clock()
    return Shop(ShopOptions(keys=(KEY, READER, WRITER, SHOPPER)), clock), clock


def basic(key: ApiKey, secret: str | None = None) -> dict[str, str]:
    pair = f"{key.consumer_key}:{key.consumer_secret if secret is None else secret}"
    return {"authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def code(response: Response) -> str:
    found: str = json.loads(response.body)["code"]
    return found


def signed(stamp: int, nonce: str, query: dict[str, str], *, secret: str = KEY.consumer_secret) -> str:
    """A query signed as OAuth 1.0a (RFC 5849) says, worked out here and not by the shop's own code."""
    params = {
        **query,
        "oauth_consumer_key": KEY.consumer_key,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA256",
        "oauth_timestamp": str(stamp),
    }
    pairs = sorted((quote(name, safe="-._~"), quote(value, safe="-._~")) for name, value in params.items())
    text = "&".join(f"{name}={value}" for name, value in pairs)
    address = quote(f"http://shop.example{ORDERS}", safe="-._~")
    base = f"GET&{address}&{quote(text, safe='-._~')}"
    digest = hmac.new(f"{secret}&".encode(), base.encode(), hashlib.sha256).digest()
    return urlencode({**params, "oauth_signature": base64.b64encode(digest).decode()})


def get(shop: Shop, query: str = "", *, scheme: str = "https", headers: dict[str, str] | None = None) -> Response:
    request = Request(method="GET", path=ORDERS, query=query, scheme=scheme, host="shop.example", headers=headers or {})
    return shop.handle(request)


def test_a_key_opens_over_https_and_is_not_even_seen_over_http() -> None:
    shop, _ = make_shop()
    assert get(shop, headers=basic(KEY)).status == 200
    refused = get(shop, headers=basic(KEY), scheme="http")
    assert (refused.status, code(refused)) == (401, "woocommerce_rest_cannot_view")


def test_a_key_in_the_query_opens_over_https() -> None:
    shop, _ = make_shop()
    assert get(shop, "consumer_key=ck_one&consumer_secret=cs_one").status == 200


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "woocommerce_rest_cannot_view"),
        (basic(ApiKey(consumer_key="ck_unknown", consumer_secret="cs_one")), "woocommerce_rest_cannot_view"),
        (basic(KEY, ""), "woocommerce_rest_cannot_view"),
        (basic(KEY, "cs_other"), "woocommerce_rest_authentication_error"),
        ({"authorization": "Basic %%%"}, "woocommerce_rest_cannot_view"),
        ({"authorization": "Bearer ck_one"}, "woocommerce_rest_cannot_view"),
        (basic(WRITER), "woocommerce_rest_authentication_error"),
    ],
)
def test_what_does_not_open_is_401(headers: dict[str, str], expected: str) -> None:
    shop, _ = make_shop()
    refused = get(shop, headers=headers)
    assert (refused.status, code(refused)) == (401, expected)


def test_a_reader_that_writes_is_401_and_a_shopper_is_403() -> None:
    shop, _ = make_shop()
    request = Request(method="POST", path=ORDERS, scheme="https", headers=basic(READER))
    assert shop.handle(request).status == 401
    assert get(shop, headers=basic(SHOPPER)).status == 403


def test_a_signed_request_opens_over_http() -> None:
    shop, clock = make_shop()
    stamp = int(clock.now.timestamp())
    query = {"search": "å ä ö & +/~*'()", "include": "1,2", "per_page": "1"}
    assert get(shop, signed(stamp, "a", query), scheme="http").status == 200


def test_a_signature_by_another_secret_does_not_open() -> None:
    shop, clock = make_shop()
    refused = get(shop, signed(int(clock.now.timestamp()), "a", {}, secret="cs_other"), scheme="http")
    assert json.loads(refused.body)["message"] == "Invalid signature - provided signature does not match."


@pytest.mark.parametrize(("minutes", "status"), [(-16, 401), (-15, 200), (15, 200), (16, 401)])
def test_a_time_stamp_may_be_a_quarter_of_an_hour_off(minutes: int, status: int) -> None:
    shop, clock = make_shop()
    stamp = int((clock.now + timedelta(minutes=minutes)).timestamp())
    assert get(shop, signed(stamp, "a", {}), scheme="http").status == status


def test_a_nonce_opens_once_until_it_is_too_old() -> None:
    shop, clock = make_shop()
    stamp = int(clock.now.timestamp())
    assert get(shop, signed(stamp, "a", {}), scheme="http").status == 200
    assert get(shop, signed(stamp + 1, "a", {}), scheme="http").status == 401
    clock.now += timedelta(minutes=20)
    assert get(shop, signed(int(clock.now.timestamp()), "b", {}), scheme="http").status == 200
    assert get(shop, signed(int(clock.now.timestamp()) + 1, "a", {}), scheme="http").status == 200


def test_a_missing_part_of_oauth_is_named() -> None:
    shop, _ = make_shop()
    refused = get(shop, "oauth_consumer_key=ck_one&oauth_nonce=a", scheme="http")
    assert json.loads(refused.body)["message"] == (
        "Missing OAuth parameters oauth_timestamp, oauth_signature, oauth_signature_method"
    )
