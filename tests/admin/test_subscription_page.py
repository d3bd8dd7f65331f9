"""The page of the subscription: what is paid for, the orders of each month, and the cheapest package that would do."""

from __future__ import annotations

import re

import apsw
import msgspec
import pytest

from agent.journal.users import Role
from agent.model.reasons import Reason
from agent.settings.subscription import cheapest, fits
from agent.settings.tree import Settings
from tests.admin.admin_side import SETTINGS, AdminSide, HandClock

ONE_SHOP = msgspec.structs.replace(SETTINGS, shop=SETTINGS.shop[:1])


def used(side: AdminSide, **months: int) -> None:
    """Orders of each month, named as m2026_10."""

    def step(tx: apsw.Connection) -> None:
        for name, count in months.items():
            tx.execute("INSERT INTO usage (month, orders) VALUES (?, ?)", (name[1:].replace("_", "-"), count))

    step(side.journal._writer)


async def page(side: AdminSide, clock: HandClock, settings: Settings) -> str:
    async with AdminSide(side.journal, clock, settings) as other:
        browser = await other.signed_in(Role.LOOK)
        text = (await browser.get("/subscription")).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.replace("&nbsp;", " ").replace("\xa0", " ")))


async def test_cost_add_ons_and_orders_are_told_and_yours_is_the_cheapest_that_does(
    side: AdminSide, hand_clock: HandClock
) -> None:
    # Two shops need 400, whatever the orders; July is too long ago to count.
    used(side, m2026_07=390, m2026_09=150, m2026_10=20, m2026_11=40)
    settings = msgspec.structs.replace(SETTINGS, reconciliation=("klarna", "svea"))
    text = await page(side, hand_clock, settings)
    for told in (
        "Summa 1 680",
        "Butik utöver den första 1 295 295",
        "Avstämning per betalleverantör 2 295 590",
        "Ditt paket är det billigaste som räcker",
        "den här månaden och 3 till",
        "som mest 150 order",
        "Paket 200 har inte flera butiker.",
        "2026-08 0",
        "2026-09 150",
    ):
        assert told in text, (told, text)
    assert "2026-07" not in text


@pytest.mark.parametrize(
    ("settings", "month", "told"),
    [
        (ONE_SHOP, 90, "Paket 100 skulle räcka och kosta 500 kr mindre"),
        (ONE_SHOP, 101, "Paket 200 skulle räcka och kosta 300 kr mindre"),
        (ONE_SHOP, 401, "Ditt paket räcker inte: paket 800 skulle, för 400 kr mer"),
        (ONE_SHOP, 801, "Paket premium skulle räcka; priset står i en offert"),
    ],
)
async def test_the_package_that_would_do_follows_the_busiest_month(
    side: AdminSide, hand_clock: HandClock, settings: Settings, month: int, told: str
) -> None:
    used(side, m2026_10=month)
    assert told in await page(side, hand_clock, settings)


async def test_orders_held_at_the_limit_need_room_too(side: AdminSide, hand_clock: HandClock) -> None:
    used(side, m2026_11=100)
    side.journal._writer.execute(
        "INSERT INTO orders (shop, order_id, status, created_at, modified_at, state, reason, since_ms)"
        " VALUES ('garn', 1, 'processing', 1, 1, 'held', ?, 1)",
        (Reason.PACKAGE_LIMIT.value,),
    )
    text = await page(side, hand_clock, msgspec.structs.replace(ONE_SHOP, package="100"))
    assert "Hålls kvar av gränsen och är medräknade: 1." in text
    assert "Ditt paket räcker inte: paket 200 skulle, för 200 kr mer" in text


def test_a_package_that_would_stop_a_direction_does_not_do() -> None:
    """Flow 2 shows Mamut's stock, which package 100 does not."""
    tyg = msgspec.structs.replace(SETTINGS, shop=SETTINGS.shop[1:])
    found = fits(tyg, 10)
    assert [(fit.package.name, fit.does) for fit in found[:2]] == [("100", False), ("200", True)]
    assert found[0].lacks or found[0].stops
    best = cheapest(found)
    assert best is not None
    assert best.package.name == "200"
