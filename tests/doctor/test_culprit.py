"""Who is guilty of an answer that is none is read from its bytes; what WooCommerce says itself is nobody's fault."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.doctor.culprit import of_php
from agent.doctor.line import suspicion
from agent.model.reasons import Fault
from agent.remote.answer import Answer

HTML = {"content-type": "text/html; charset=UTF-8"}
JSON = {"content-type": "application/json"}


def answer(status: int, body: str, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, headers or HTML, body.encode())


@pytest.mark.parametrize(
    ("text", "guilty"),
    [
        ("in /srv/www/wp-content/plugins/acme-seo/src/Hook.php on line 12", "acme-seo (acme-seo/src/Hook.php 12)"),
        (
            "in C:/site/wp-content/themes/butik-child/functions.php:88",
            "theme butik-child (butik-child/functions.php 88)",
        ),
        ("in <b>/x/wp-content/mu-plugins/host.php</b> on line <b>3</b>", "host"),
        ("#0 /x/wp-content/plugins/woocommerce/a.php(1) #1 /x/wp-content/plugins/fees/b.php(2)", "fees (fees/b.php 2)"),
        ("#0 /x/wp-content/plugins/woocommerce/a.php(1)", "woocommerce (woocommerce/a.php 1)"),
    ],
)
def test_a_plugin_is_named_before_woocommerce_and_with_its_place(text: str, guilty: str) -> None:
    assert str(of_php(text)) == guilty


@pytest.mark.parametrize(
    ("seen", "fault", "guilty"),
    [
        (
            answer(500, "<b>Fatal error</b>: Uncaught Error in /x/wp-content/plugins/fees/b.php:2"),
            Fault.SHOP_PLUGIN_CRASHES,
            "fees (fees/b.php 2)",
        ),
        (
            answer(500, json.dumps({"code": "internal_server_error", "data": {"status": 500}}), JSON),
            Fault.SHOP_PLUGIN_CRASHES,
            "WordPress",
        ),
        (answer(429, "Too many", {"server": "LiteSpeed"}), Fault.SHOP_BLOCKED, "LiteSpeed (HTTP 429)"),
        (answer(200, "<html>One moment, please...</html>"), Fault.SHOP_PAGE_INSTEAD, "bot check of the host"),
        (
            answer(401, json.dumps({"code": "rest_cannot_access", "message": "x"}), JSON),
            Fault.SHOP_REST_CLOSED,
            "Disable REST API (rest_cannot_access)",
        ),
        (
            answer(200, "<br />\n<b>Warning</b>: x in /y/wp-content/plugins/a-b/c.php on line 4<br />\n[]", JSON),
            Fault.SHOP_PLUGIN_PRINTS,
            "a-b (a-b/c.php 4)",
        ),
    ],
)
def test_each_kind_of_answer_has_its_fault_and_its_culprit(seen: Answer, fault: Fault, guilty: str) -> None:
    found = suspicion(seen)
    assert found is not None
    assert (found.fault, str(found.guilty)) == (fault, guilty)


@pytest.mark.parametrize(
    "seen",
    [
        answer(200, "[]", JSON),
        answer(401, json.dumps({"code": "woocommerce_rest_cannot_view", "data": {"status": 401}}), JSON),
        answer(404, json.dumps({"code": "rest_no_route", "data": {"status": 404}}), JSON),
        answer(
            400, json.dumps({"code": "woocommerce_rest_invalid_id"}), {**JSON, "cf-ray": "1", "server": "cloudflare"}
        ),
    ],
)
def test_what_the_shop_says_itself_is_nobodys_fault(seen: Answer) -> None:
    assert suspicion(seen) is None


@settings(deadline=None, max_examples=60)
@given(
    status=st.sampled_from([200, 401, 403, 429, 500, 503]),
    body=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    kind=st.sampled_from(["text/html", "application/json", ""]),
)
def test_no_bytes_are_too_strange_to_be_judged(status: int, body: bytes, kind: str) -> None:
    found = suspicion(Answer(status, {"content-type": kind}, body))
    assert found is None or str(found.guilty)
