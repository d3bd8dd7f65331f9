"""The page of schedules: next runs and quiet hours as the command line tells them, and wishes of the same kinds."""

from __future__ import annotations

import msgspec

from agent.flows import DirectionName
from agent.journal import directions, records, users
from agent.journal.users import Role
from agent.model.ids import ShopKey
from agent.schedule import Schedule
from tests.admin.admin_side import SETTINGS, AdminSide, HandClock

GARN, TYG = ShopKey("garn"), ShopKey("tyg")
PRICES = DirectionName.PRICES_TO_SHOP

SCHEDULES = {
    "prices_to_shop": Schedule(cron=("30 3 * * *",)),
    "stock_to_shop": Schedule(every_s=900.0, quiet=("09:00-11:30",)),
}
PLANNED = msgspec.structs.replace(
    SETTINGS, shop=(SETTINGS.shop[0], msgspec.structs.replace(SETTINGS.shop[1], schedules=SCHEDULES))
)


async def test_next_runs_and_quiet_hours_are_shown_by_the_schedules_clock(
    side: AdminSide, hand_clock: HandClock
) -> None:
    async with AdminSide(side.journal, hand_clock, PLANNED) as planned:
        browser = await planned.signed_in(Role.LOOK)
        page = (await browser.get("/schedule")).text
    # It is ten in Stockholm.
    for told in ("2026-11-24 03:30", "2026-11-25 03:30", "30 3 * * *", "tyst till 2026-11-23 11:30", "var 15 min"):
        assert told in page, told
    assert 'class="look-only"' in page, "who may not act is shown no button"
    assert "<form" not in page.partition("data-live=")[2].partition("</main>")[0], "a piece holds no form"


async def test_a_direction_is_paused_resumed_and_run_by_the_wishes_of_the_command_line(
    side: AdminSide, hand_clock: HandClock
) -> None:
    browser = await side.signed_in(Role.OPERATE, name="robin")
    await browser.get("/schedule")
    page = (await browser.follow(await browser.post("/schedule/tyg/prices_to_shop/run-now"))).text
    assert "väntar på agenten: kör nu" in page
    assert (await browser.post("/schedule/tyg/prices_to_shop/resume")).status_code == 422
    await browser.post("/schedule/tyg/prices_to_shop/pause")
    wishes = side.journal.view(lambda tx: records.open_wishes(tx, TYG))
    assert [(wish.kind, wish.who, wish.arg("direction")) for wish in wishes] == [
        ("run_now", "robin", "prices_to_shop"),
        ("pause", "robin", "prices_to_shop"),
    ]
    assert [act.kind for act in side.journal.view(lambda tx: users.acts(tx, 9))] == ["pause", "run_now"]
    now_ms = int(hand_clock().timestamp() * 1000)
    await side.journal.run(lambda tx: directions.pause(tx, TYG, PRICES, "robin", now_ms))
    page = (await browser.get("/schedule")).text
    assert "pausad 2026-11-23 10:00 av robin" in page
    assert (await browser.post("/schedule/tyg/prices_to_shop/pause")).status_code == 422
    assert (await browser.post("/schedule/tyg/prices_to_shop/run-now")).status_code == 422
    assert (await browser.post("/schedule/tyg/prices_to_shop/resume")).status_code == 303


async def test_a_direction_that_the_shop_does_not_have_is_not_asked_of(side: AdminSide) -> None:
    browser = await side.signed_in()
    await browser.get("/schedule")
    for place in ("garn/prices_to_shop", "tyg/nothing", "nobody/prices_to_shop"):
        for act in ("run-now", "pause", "resume"):
            assert (await browser.post(f"/schedule/{place}/{act}")).status_code == 404, place
    assert side.journal.view(records.shops_with_wishes) == []
