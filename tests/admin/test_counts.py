"""What a page costs does not grow with what lies behind it: counted in statements and read from SQLite's own plans."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import pytest
import trio
from trio.testing import MockClock

from agent.admin.contents import LIVE
from agent.admin.live import EVERY_S, Live
from agent.journal.journal import Journal, open_journal
from agent.journal.users import Role
from agent.model.words import Language
from agent.settings.tree import MamutSettings, Settings, ShopSettings
from benchmarks.growth import fill
from benchmarks.market import SHOP
from tests.admin.admin_side import AdminSide, HandClock
from tests.admin.test_in_chromium import PAGES

LONG = (
    "orders",
    "events",
    "documents",
    "tasks",
    "articles",
    "said",
    "shop_items",
    "links",
    "sold",
    "sales",
    "plan_rows",
)
"""Tables that grow with the years or with the register: none is walked through for a page."""

SETTINGS = Settings(
    package="400", mamut=MamutSettings(address="http://127.0.0.1:8300"), shop=(ShopSettings(key=SHOP, address=""),)
)

ORDERS = 3_000
ASKED = ("/overview/chart.json", "/overview/chart.json?range=month", f"/account?shop={SHOP}&day=2026-11")

# A walk through a whole index of few columns is some milliseconds with 100,000 orders; through the rows themselves ten
# times that.
_WALK = re.compile(rf"^SCAN (?P<table>{'|'.join(LONG)}|[a-z])\b(?! USING COVERING INDEX)")


@contextmanager
def watched(journal: Journal) -> Iterator[list[str]]:
    """The statements that the journal's reader runs."""
    said: list[str] = []

    def trace(cursor: apsw.Cursor, sql: str, _values: object) -> bool:
        said.append(sql)
        return True

    journal._reader.exec_trace = trace
    try:
        yield said
    finally:
        journal._reader.exec_trace = None


def walks(journal: Journal, sql: str) -> list[str]:
    """The tables that the statement walks through, as SQLite plans it."""
    if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
        return []
    for values in range(sql.count("?") + 1):
        try:
            plan = journal._reader.execute("EXPLAIN QUERY PLAN " + sql, (None,) * values).fetchall()
        except apsw.BindingsError:
            continue
        return [f"{detail}: {sql}" for *_, detail in plan if _WALK.match(str(detail))]
    raise AssertionError(sql)


@pytest.fixture
def filled(tmp_path: Path) -> Iterator[Callable[[int], Journal]]:
    opened: list[Journal] = []

    def open_with(count: int) -> Journal:
        path = tmp_path / f"{count}.db"
        journal = open_journal(path, threaded=False, synchronous=False)
        fill(path, count)
        opened.append(journal)
        return journal

    yield open_with
    for journal in opened:
        journal.close()


async def test_no_page_walks_through_what_grows(filled: Callable[[int], Journal]) -> None:
    journal = filled(100)
    async with AdminSide(journal, HandClock(), SETTINGS) as side:
        browser = await side.signed_in(Role.CONFIGURE)
        broken = []
        for path in (*PAGES, *ASKED):
            with watched(journal) as said:
                assert (await browser.get(path)).status_code == 200, path
            assert said, path
            broken += [f"{path}: {walk}" for sql in dict.fromkeys(said) for walk in walks(journal, sql)]
        assert broken == []


async def test_pages_ask_no_more_of_a_long_journal_than_of_a_short_one(filled: Callable[[int], Journal]) -> None:
    asked: dict[int, dict[str, int]] = {}
    for count in (100, ORDERS):
        journal = filled(count)
        async with AdminSide(journal, HandClock(), SETTINGS) as side:
            browser = await side.signed_in(Role.CONFIGURE)
            for path in (*PAGES, *ASKED):
                with watched(journal) as said:
                    page = await browser.get(path)
                asked.setdefault(count, {})[path] = len(said)
                assert len(page.content) < 200_000, path
    assert asked[100] == asked[ORDERS]
    assert max(asked[ORDERS].values()) < 120, asked


async def test_twenty_open_pages_look_into_the_journal_as_often_as_one(
    side: AdminSide, autojump_clock: MockClock
) -> None:
    reader = await side.signed_in(Role.LOOK)
    token = reader.client.cookies["brygga_session"]
    looked = {}
    for pages in (1, 20):
        live = Live(side.admin, LIVE)
        heard: list[str] = []
        async with trio.open_nursery() as nursery:
            nursery.start_soon(live.run)
            for number in range(pages):
                language = (Language.SWEDISH, Language.ENGLISH)[number % 2]
                nursery.start_soon(_listen, live, language, token, heard)
            await trio.sleep(10.5 * EVERY_S)
            nursery.cancel_scope.cancel()
        looked[pages] = live.looks
        assert len([each for each in heard if each.startswith("event: overview")]) == pages
    assert looked[1] == looked[20] == 11


async def test_a_page_that_nobody_looks_at_is_not_looked_up(side: AdminSide, autojump_clock: MockClock) -> None:
    live = Live(side.admin, LIVE)
    with trio.move_on_after(60):
        await live.run()
    assert live.looks == 0


async def _listen(live: Live, language: Language, token: str, heard: list[str]) -> None:
    async for event in live.stream(("overview",), language, token):
        heard.append(event)
