"""Whoever tries to get in without the right to: every route of the table is tried, so that a new page is covered."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from agent.admin.contents import ROUTES
from agent.admin.door import AdminRoute
from agent.admin.headers import POLICY
from agent.admin.sessions import IDLE_S, WHOLE_S
from agent.journal import users
from agent.journal.users import Role
from agent.settings.tree_admin import AdminSettings
from tests.admin.admin_side import PASSWORD, SETTINGS, START, AdminSide, Browser, HandClock

LAST = "/logout"
"""Asked for after all others: it ends the session that they are asked with."""

EVERY = sorted(ROUTES, key=lambda route: route.path == LAST)
GUARDED = [route for route in EVERY if route.role is not None]
POSTS = [route for route in EVERY if route.method == "POST"]
STREAMS = ("/live",)
"""Answers that have no end are asked for by what has not the right to them alone."""


def address(route: AdminRoute) -> str:
    """The route's path with something in each place that it names."""
    return re.sub(r"\{[^}]*\}", "1", route.path)


async def ask(browser: Browser, route: AdminRoute, fields: dict[str, str] | None = None, **headers: str) -> int:
    if route.method == "POST":
        return (await browser.post(address(route), dict(fields or {}), **headers)).status_code
    return (await browser.get(address(route), **headers)).status_code


def acts(side: AdminSide) -> list[str]:
    return [act.kind for act in side.journal.view(lambda tx: users.acts(tx, 100))]


def changes(side: AdminSide) -> int:
    """Rows that the journal has changed since it was opened."""
    return side.journal._writer.total_changes()


async def test_without_a_session_every_route_leads_to_the_door(side: AdminSide) -> None:
    await side.signed_in()
    stranger = await side.browser()
    await stranger.get("/login")
    for route in GUARDED:
        answer = await (stranger.post if route.method == "POST" else stranger.get)(address(route))
        assert answer.status_code == 303, route
        assert answer.headers["location"].partition("?")[0] == "/login", route
        piece = await stranger.get(address(route), **{"HX-Request": "true"})
        assert piece.status_code in (401, 405), route
    assert acts(side) == []


async def test_a_session_of_somebody_else_s_making_is_none(side: AdminSide) -> None:
    await side.signed_in()
    forger = await side.browser()
    await forger.get("/login")
    forger.client.cookies.set("brygga_session", "A" * 43)
    for route in GUARDED:
        assert await ask(forger, route) == 303, route


async def test_a_session_ends_when_it_is_idle_and_after_a_day(side: AdminSide, hand_clock: HandClock) -> None:
    idle, busy = await side.signed_in(name="idle"), await side.signed_in(name="busy")
    hand_clock.pass_(seconds=IDLE_S - 1)
    assert side.admin.sessions.standing(idle.client.cookies["brygga_session"]) is not None
    assert (await busy.get("/")).status_code == 200
    hand_clock.pass_(seconds=1)
    for route in GUARDED:
        assert await ask(idle, route) == 303, route
    while side.clock() < START + timedelta(seconds=WHOLE_S):
        assert (await busy.get("/")).status_code == 200
        hand_clock.pass_(seconds=IDLE_S / 2)
    for route in GUARDED:
        assert await ask(busy, route) == 303, route


async def test_nobody_does_what_their_role_does_not_allow(side: AdminSide) -> None:
    for role in Role:
        browser = await side.signed_in(role)
        before = acts(side)
        for route in GUARDED:
            if route.role is not None and not role.may(route.role):
                assert await ask(browser, route) == 403, (role, route)
        assert acts(side) == before, role


async def test_no_form_is_taken_without_its_token(side: AdminSide) -> None:
    browser = await side.signed_in(Role.CONFIGURE)
    other = await side.signed_in(Role.CONFIGURE, name="other")
    for route in POSTS:
        for token in ("", "0" * 64, other.token):
            before = changes(side)
            assert await ask(browser, route, {"csrf": token}) == 403, (route, token)
            assert changes(side) == before, route


async def test_no_form_of_another_site_is_taken(side: AdminSide) -> None:
    browser = await side.signed_in(Role.CONFIGURE)
    for route in POSTS:
        for foreign in (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            before = changes(side)
            assert await ask(browser, route, {"csrf": browser.token}, **foreign) == 403, (route, foreign)
            assert changes(side) == before, route


async def test_the_admin_answers_to_its_own_names_alone(side: AdminSide) -> None:
    browser = await side.signed_in(Role.CONFIGURE)
    for route in EVERY:
        for host in ("evil.example", "127.0.0.1.evil.example:8321", "[", ""):
            assert await ask(browser, route, Host=host) == 421, (route, host)
    for host in ("localhost:8321", "127.0.0.1", "[::1]:8321"):
        assert (await browser.get("/login", Host=host)).status_code == 303


async def test_nothing_that_stands_in_an_address_makes_a_page_fail(side: AdminSide) -> None:
    browser = await side.signed_in(Role.CONFIGURE)
    for odd in ("9" * 30, "0", "..%2F..%2Fetc", "%00", "å'%22;--", "x" * 3_000):
        for route in EVERY:
            if route.path in (*STREAMS, LAST):
                continue
            path = (
                re.sub(r"\{[^}]*\}", odd, route.path)
                + f"?shop={odd}&day={odd}&before={odd}&range={odd}&said={odd}&n={odd}"
            )
            answer = await (browser.post if route.method == "POST" else browser.get)(path)
            assert answer.status_code < 500, path


async def test_every_answer_forbids_what_a_page_never_needs(side: AdminSide) -> None:
    browser = await side.signed_in(Role.LOOK)
    for route in EVERY:
        if route.path in STREAMS:
            continue
        answer = await (browser.post if route.method == "POST" else browser.get)(address(route))
        assert answer.headers["content-security-policy"] == POLICY, route
        assert answer.headers["x-content-type-options"] == "nosniff", route
        assert answer.headers["x-frame-options"] == "DENY", route
        assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|javascript:", answer.text), route
        if not route.path.startswith("/static") and answer.headers.get("content-type", "").startswith("text/html"):
            assert answer.headers["cache-control"] == "no-store", route


async def test_cookies_are_for_the_server_alone(side: AdminSide) -> None:
    browser = await side.browser()
    given = (await browser.get("/login")).headers["set-cookie"].lower()
    assert "httponly" in given
    assert "samesite=strict" in given
    assert "secure" not in given


async def test_behind_https_cookies_are_secure_and_bound_to_the_host(side: AdminSide) -> None:
    public = AdminSettings(public_url="https://brygga.example")
    settings = type(SETTINGS)(package="400", mamut=SETTINGS.mamut, shop=SETTINGS.shop, admin=public)
    async with AdminSide(side.journal, side.clock, settings) as secure:
        kept = await secure.admin.passwords.kept(PASSWORD)
        await side.journal.run(lambda tx: users.add(tx, "kim", Role.LOOK, kept, 0))
        browser = await secure.browser("https://brygga.example")
        first = await browser.get("/login")
        assert "strict-transport-security" in first.headers
        answer = await browser.post("/login", {"name": "kim", "password": PASSWORD}, Origin="https://brygga.example")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-brygga=")
        assert {"HttpOnly", "Secure", "Path=/"} <= {part.strip() for part in cookie.split(";")}
        assert (await browser.get("/")).status_code == 200


@pytest.mark.parametrize("onward", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
async def test_signing_in_leads_to_no_other_site(side: AdminSide, onward: str) -> None:
    await side.signed_in(name="kim")
    browser = await side.browser()
    await browser.get("/login")
    answer = await browser.post("/login", {"name": "kim", "password": PASSWORD, "next": onward})
    assert answer.headers["location"] == "/"
    assert (await browser.get("/login")).headers["location"].startswith("/")


async def test_guessing_gets_slower_by_user_and_by_address(side: AdminSide, hand_clock: HandClock) -> None:
    await side.signed_in(name="kim")
    browser = await side.browser()
    await browser.get("/login")
    answers = [(await browser.post("/login", {"name": "kim", "password": f"fel{n}"})).status_code for n in range(8)]
    assert answers == [403] * 5 + [429] * 3
    # The right password waits too, and another name from the same address.
    assert (await browser.post("/login", {"name": "KIM", "password": PASSWORD})).status_code == 429
    assert (await browser.post("/login", {"name": "lo", "password": "x"})).status_code == 429
    hand_clock.pass_(seconds=3)
    assert (await browser.post("/login", {"name": "lo", "password": "x"})).status_code == 403
    assert (await browser.post("/login", {"name": "lo", "password": "x"})).status_code == 429
    hand_clock.pass_(seconds=5)
    answer = await browser.post("/login", {"name": "Kim", "password": PASSWORD})
    assert answer.status_code == 303


async def test_an_unknown_name_and_a_wrong_password_are_told_alike(side: AdminSide) -> None:
    await side.signed_in(name="kim")
    browser = await side.browser()
    await browser.get("/login")
    known = await browser.post("/login", {"name": "kim", "password": "inte det rätta"})
    unknown = await browser.post("/login", {"name": "mik", "password": "inte det rätta"})
    assert known.status_code == unknown.status_code == 403
    assert known.text.replace('value="kim"', "") == unknown.text.replace('value="mik"', "")


async def test_a_body_beyond_reason_is_refused_before_it_is_read(side: AdminSide) -> None:
    browser = await side.browser()
    await browser.get("/login")
    assert (await browser.post("/login", {"name": "x" * 5_000_000})).status_code == 413


async def test_signing_out_ends_the_session_on_the_server(side: AdminSide) -> None:
    browser = await side.signed_in(Role.LOOK)
    kept = dict(browser.client.cookies)
    assert (await browser.post("/logout")).headers["location"].startswith("/login")
    browser.client.cookies.update(kept)
    assert (await browser.get("/")).status_code == 303


async def test_no_token_code_or_password_stands_in_the_journal(side: AdminSide) -> None:
    browser = await side.signed_in(Role.CONFIGURE, name="kim")
    page = await browser.post("/users", {"name": "lo", "role": "look"})
    code = re.search(r"(?:[A-Z2-9]{4}-){3}[A-Z2-9]{4}", page.text)
    assert code is not None
    path = side.journal.path
    kept = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    for secret in (PASSWORD, code.group(), code.group().replace("-", ""), *browser.client.cookies.values()):
        assert secret.encode() not in kept
    assert b"$argon2id$" in kept
