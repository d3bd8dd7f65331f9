"""Whoever tries to get in without the right to: every route of the table is tried, so that a new page is covered."""

from __future__ import annotations

import re

from agent.admin.contents import ROUTES
from agent.admin.door import AdminRoute
from tests.admin.admin_side import AdminSide, Browser, HandClock

GUARDED = [route for route in ROUTES if route.role is not None]
POSTS = [route for route in ROUTES if route.method == "POST"]


def address(route: AdminRoute) -> str:
    """The route's path with something in each place that it names."""
    return re.sub(r"\{[^}]*\}", "1", route.path)


async def ask(browser: Browser, route: AdminRoute, **headers: str) -> int:
    if route.method == "POST":
        return (await browser.post(address(route), **headers)).status_code
    return (await browser.get(address(route), **headers)).status_code


async def test_without_a_session_every_route_leads_to_the_door(side: AdminSide) -> None:
    await side.signed_in()
    stranger = await side.browser()
    for route in GUARDED:
        answer = await (stranger.post if route.method == "POST" else stranger.get)(address(route))
        assert answer.status_code == 303, route
        assert answer.headers["location"].startswith("/login"), route


async def test_a_session_that_has_expired_is_none(side: AdminSide, hand_clock: HandClock) -> None:
    idle, busy = await side.signed_in(name="idle"), await side.signed_in(name="busy")
    for _ in range(13):
        hand_clock.pass_(minutes=59)
        assert await ask(busy, GUARDED[0]) < 400
    for route in GUARDED:
        assert await ask(idle, route) == 303, route
    # Thirteen hours less thirteen minutes: the busiest session is over too.
    for route in GUARDED:
        assert await ask(busy, route) == 303, route
