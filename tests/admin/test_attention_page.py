"""The page of what needs a person: what nobody complains of by itself stands there too, and it is live."""

from __future__ import annotations

from datetime import timedelta

import apsw
import msgspec
import pytest

from agent.actors.times import to_ms
from agent.admin.contents import TEXTS
from agent.admin.live import Piece
from agent.admin.pages_attention import LIVE
from agent.admin.text import Text
from agent.flows import DirectionName
from agent.journal import computer, records, turns
from agent.journal.computer import Computer
from agent.journal.turns import Kept
from agent.journal.users import Role
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.model.words import Language
from agent.schedule import Schedule
from agent.settings.tree import Settings
from agent.shown.attention import AREAS
from agent.shown.matters import subjects
from agent.shown.silence import silences
from tests.admin.admin_side import SETTINGS, START, AdminSide

GARN, TYG = ShopKey("garn"), ShopKey("tyg")
NIGHTLY = Schedule(cron=("0 3 * * *",))


def ago_ms(**much: float) -> int:
    return to_ms(START - timedelta(**much))


def silent(tx: apsw.Connection) -> None:
    """Half an hour without Tyg and two days of an agent that has not been started anew; a disk that is filling."""
    computer.keep_start(tx, ago_ms(days=2))
    away = Fault.SHOP_UNREACHABLE.value
    records.set_health(tx, "reader/tyg", "paused", ago_ms(minutes=30), fault=away, problem="timeout")
    records.set_health(tx, "stock_to_shop/tyg", "paused", ago_ms(minutes=20), fault=away, problem="timeout")
    records.set_health(tx, "mamut", "paused", ago_ms(minutes=5), fault=Fault.MAMUT_UNREACHABLE.value, problem="timeout")
    records.set_health(tx, "reader/garn", "working", ago_ms(hours=6))
    computer.put(tx, Computer(since_ms=ago_ms(hours=1), room_mb=40, certificates={"garn.example": ago_ms(days=-5)}))
    records.set_value(tx, records.MAMUT_COMPANY, '{"stop_date":"2026-12-01"}')


def found(side: AdminSide, settings: Settings = SETTINGS, **later: float) -> set[tuple[str, str, str]]:
    now = START + timedelta(**later)
    items = side.journal.view(lambda tx: silences(tx, settings, now))
    return {(item.area, item.code, item.shop or item.name) for item in items}


async def test_what_nobody_complains_of_by_itself_is_shown_with_what_helps(side: AdminSide) -> None:
    await side.journal.run(silent)
    assert found(side) == {
        ("system", "BRY-C01", "tyg"),
        ("late", "BRY-J15", "garn"),
        ("computer", "BRY-J16", ""),
        ("soon", "BRY-C19", "garn.example"),
        ("soon", "BRY-C23", "Mamut"),
    }
    browser = await side.signed_in(Role.LOOK)
    page = (await browser.get("/attention")).text
    for text in ("BRY-C01", "BRY-J15", "BRY-J16", "BRY-C19", "40 MB", "2026-12-01", "svarar inte", 'class="look-only"'):
        assert text in page
    assert "<form" not in page.partition("data-live=")[2].partition("</main>")[0], "a piece holds no form"
    overview = (await browser.get("/")).text
    assert "BRY-J16" in overview
    health = await browser.get("/healthz")
    assert health.status_code == 503
    assert health.json()["standing"] == [
        "reader/tyg",
        "stock_to_shop/tyg",
        "system/tyg",
        "late/garn/orders_to_mamut",
        "computer",
    ]


async def test_the_oldest_stands_first_when_asked_for(side: AdminSide) -> None:
    await side.journal.run(silent)
    browser = await side.signed_in(Role.OPERATE)
    page = (await browser.get("/attention?by=age")).text
    codes = ["BRY-C23", "BRY-J15", "BRY-J16", "BRY-C01"]
    places = [page.index(f"<code>{code}</code>") for code in codes]
    assert places == sorted(places)
    assert "look-only" not in page


async def test_what_is_live_follows_the_journal(side: AdminSide) -> None:
    assert {piece.name for piece in LIVE} == {"attention", "attention_by_age"}
    assert all(isinstance(piece, Piece) for piece in LIVE)
    assert "Ingenting väntar" in side.admin.live.html("attention", Language.SWEDISH)
    await side.journal.run(silent)
    assert "BRY-C01" in side.admin.live.html("attention", Language.ENGLISH)


async def test_a_shops_quiet_hours_and_a_short_silence_are_no_alarm(side: AdminSide) -> None:
    await side.journal.run(silent)
    quiet = {DirectionName.ORDERS_TO_MAMUT.value: Schedule(quiet=("09:00-09:50",))}
    # At 10:00 Swedish time its quiet hours ended ten minutes ago: so long it has been asked in vain.
    shops = tuple(msgspec.structs.replace(shop, schedules=quiet) for shop in SETTINGS.shop)
    calm = msgspec.structs.replace(SETTINGS, shop=shops)
    assert ("system", "BRY-C01", "tyg") not in found(side, calm)
    assert ("system", "BRY-C01", "tyg") in found(side, calm, minutes=10)
    assert ("system", "BRY-C20", "Mamut") in found(side, calm, minutes=11)


@pytest.mark.parametrize(
    ("kept", "late"), [(Kept(began_ms=ago_ms(hours=30)), True), (Kept(began_ms=ago_ms(hours=7)), False)]
)
async def test_a_run_that_never_came_is_late(side: AdminSide, kept: Kept, late: bool) -> None:
    nightly = {DirectionName.STOCK_TO_SHOP.value: NIGHTLY}
    shops = tuple(
        msgspec.structs.replace(shop, schedules=nightly if shop.key == "tyg" else {}) for shop in SETTINGS.shop
    )
    settings = msgspec.structs.replace(SETTINGS, shop=shops)

    def scheduled(tx: apsw.Connection) -> None:
        computer.keep_start(tx, ago_ms(days=2))
        turns.put(tx, TYG, DirectionName.STOCK_TO_SHOP, kept)

    await side.journal.run(scheduled)
    assert (("late", "BRY-J15", "tyg") in found(side, settings)) is late


async def test_reserved_money_that_expires_is_told_though_nothing_else_is_to_be_done(side: AdminSide) -> None:
    def expiring(tx: apsw.Connection) -> None:
        tx.execute(
            "INSERT INTO documents (shop, order_id, order_no, order_key, capture, code, params, changed_ms)"
            " VALUES ('tyg', 17, 100000017, 'wc_order_17', 'expiring', 'BRY-G49', ?, ?)",
            ('{"provider":"Klarna","day":"2026-11-25"}', ago_ms(hours=2)),
        )

    await side.journal.run(expiring)
    browser = await side.signed_in(Role.LOOK)
    page = (await browser.get("/attention")).text
    assert "BRY-G49" in page
    assert "Klarna" in page
    assert "2026-11-25" in page
    (subject,) = side.journal.view(lambda tx: subjects(tx, SETTINGS, START))
    assert subject.key == "status/BRY-G49/tyg"


async def test_each_shop_is_told_of_by_its_own_words_and_every_area_has_its(side: AdminSide) -> None:
    def freezing(tx: apsw.Connection) -> None:
        for key in (GARN, TYG):
            records.know_shop(tx, key, f"https://{key}.example", "")
            records.freeze_shop(tx, key, Fault.SHOP_CHANGED, f"https://annan-{key}.example", ago_ms(hours=1))

    await side.journal.run(freezing)
    found = side.journal.view(lambda tx: subjects(tx, SETTINGS, START))
    assert [(each.shop, [one.shop for one in each.examples]) for each in found] == [
        ("garn", ["garn"]),
        ("tyg", ["tyg"]),
    ]
    text = Text(TEXTS, Language.ENGLISH)
    for area in AREAS:
        assert text(f"attention.area_{area}")
        assert text(f"overview.area_{area}")
