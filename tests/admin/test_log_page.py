"""The log: its last lines from memory, live and bounded; older ones from a file that is rotated."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from agent.journal.users import Role
from agent.shown.log_lines import FILES, LogFile, LogRing, numbered
from tests.admin.admin_side import AdminSide, HandClock
from tests.admin.whole import plain


@pytest.fixture
def ring(tmp_path: Path, hand_clock: HandClock) -> Iterator[LogRing]:
    """The log of this process goes through it while the test lasts."""
    before = structlog.get_config()
    file = LogFile(tmp_path / "log" / "brygga.jsonl", most=8_000)
    made = LogRing(hand_clock, file, kept=400)
    structlog.configure(processors=[structlog.processors.add_log_level, made, structlog.processors.JSONRenderer()])
    yield made
    structlog.configure(**before)
    file.close()


async def test_the_log_is_shown_live_with_its_parts_and_older_lines_come_from_the_file(
    side: AdminSide, ring: LogRing
) -> None:
    log = structlog.get_logger("brygga")
    for number in range(500):
        log.info("wish", kind="retry", shop="garn", order_id=number)
    log.warning("paused", actor="stock_to_shop/tyg", fault="BRY-C01", problem="<b>tyst</b>", title="Quiet", detail="")
    log.info("register_read", part="stock", warehouses=(1, 2))
    browser = await side.signed_in(Role.LOOK)
    page = (await browser.get("/log")).text
    assert len(ring.lines) == 400
    assert page.count("<tr data-level=") == 200
    assert 'data-level="warning" data-shop="tyg" data-part="stock_to_shop" data-code="BRY-C01"' in page
    assert "problem=&lt;b&gt;tyst" in page
    # Nothing that a column says already, and nothing that is empty.
    assert "warehouses=1, 2" in page
    assert not [each for each in ("title=Quiet", "detail=", "part=stock") if each in page]
    older = await browser.get("/log/older?text=order_id%3D498&shop=garn")
    assert "order_id=498" in plain(older.text)
    assert "BRY-C01" not in plain(older.text)
    # On and on to the oldest that is kept, each line once.
    seen: list[int] = []
    path = "/log/older"
    while path:
        page = (await browser.get(path)).text
        seen += map(int, re.findall(r"order_id=(\d+)", page))
        found = re.search(r'href="(/log/older\?[^"]+)"', page)
        path = "" if found is None else found.group(1).replace("&amp;", "&")
    assert seen == list(range(499, seen[-1] - 1, -1))
    assert ring.file is not None
    assert numbered(ring.file.path, FILES).exists()
    assert not numbered(ring.file.path, FILES + 1).exists()
    for odd in ("file=9", "file=x&before=-1", "level=eat"):
        assert (await browser.get(f"/log/older?{odd}")).status_code == 200, odd


async def test_without_a_file_the_page_says_how_to_get_one(side: AdminSide) -> None:
    browser = await side.signed_in(Role.LOOK)
    assert "--log-file" in (await browser.get("/log")).text
    assert "--log-file" in (await browser.get("/log/older")).text
