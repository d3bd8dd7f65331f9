"""The page of acts: what was done in the admin and at the command line, newest first, each once."""

from __future__ import annotations

import re

import apsw

from agent.journal import records, users
from agent.journal.users import Role
from agent.model.ids import ShopKey
from tests.admin.admin_side import AdminSide, HandClock

GARN = ShopKey("garn")


async def test_every_act_and_every_wish_is_shown_once_and_none_falls_between_two_pages(
    side: AdminSide, hand_clock: HandClock
) -> None:
    browser = await side.signed_in(Role.LOOK)
    now_ms = int(hand_clock().timestamp() * 1000)

    def many(tx: apsw.Connection) -> None:
        # As when somebody lets all orders of one fault be tried again: a hundred wishes of one moment.
        for number in range(1, 101):
            records.wish(tx, at_ms=now_ms, who="kim", kind="retry", shop=GARN, order_id=number)
        for number in range(101, 121):
            wish_id = users.wish(tx, at_ms=now_ms, who="lo", kind="hold", shop="garn", order_id=number)
            if number % 2:
                records.finish_wish(tx, wish_id, now_ms, "done")

    await side.journal.run(many)
    hand_clock.pass_(minutes=1)
    seen: list[str] = []
    path = "/acts"
    while path:
        page = (await browser.get(path)).text
        seen += re.findall(r"garn, order (\d+)", page)
        found = re.search(r'href="(/acts\?before=[^"]+)"', page)
        path = found.group(1) if found else ""
    assert sorted(map(int, seen)) == list(range(1, 121))


async def test_an_act_shows_what_came_of_its_wish_and_a_value_of_somebody_s_is_text(side: AdminSide) -> None:
    browser = await side.signed_in(Role.LOOK)
    args = {"why": "<script>alert(1)</script>"}
    await side.journal.run(
        lambda tx: users.wish(tx, at_ms=1, who="lo", kind="hold", shop="garn", order_id=7, args=args)
    )
    assert "väntar på agenten" in (await browser.get("/acts")).text
    await side.journal.run(lambda tx: records.finish_wish(tx, 1, 2, "already_transferred"))
    page = (await browser.get("/acts")).text
    assert "ordern står redan i Mamut" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


async def test_a_page_that_nobody_has_is_asked_for_in_vain(side: AdminSide) -> None:
    browser = await side.signed_in(Role.LOOK)
    for before in ("x", "1.x", "-1.-1", "9" * 40 + ".1", "%00"):
        assert (await browser.get(f"/acts?before={before}")).status_code == 200
