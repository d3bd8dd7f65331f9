"""What monitoring is told: whether the agent is well, and figures that Prometheus can read, of nobody at all."""

from __future__ import annotations

import re
from pathlib import Path

import apsw
import pytest

from agent.journal import commands, records
from agent.journal.journal import Journal
from agent.journal.users import Role
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Fault
from tests.admin.admin_side import START, AdminSide, HandClock, journal_in

GARN = ShopKey("garn")
NOW_MS = int(START.timestamp() * 1000)
LINE = re.compile(r'[a-z_]+(\{[a-z]+="(?:[^"\\]|\\.)*"(,[a-z]+="(?:[^"\\]|\\.)*")*\})? -?[0-9.e+]+')


async def _filled(journal: Journal) -> None:
    def fill(tx: apsw.Connection) -> None:
        for order_id, state, reason in ((1, "transferred", ""), (2, "held", "BRY-H02"), (3, "waiting", "BRY-W04")):
            tx.execute(
                "INSERT INTO orders (shop, order_id, status, created_at, modified_at, state, reason, since_ms)"
                " VALUES ('garn', ?, 'processing', 0, 0, ?, ?, ?)",
                (order_id, state, reason, NOW_MS - 90_000),
            )
        commands.put(
            tx,
            key="k",
            remote=commands.MAMUT,
            kind="x",
            shop=GARN,
            order_id=ShopOrderId(3),
            body=b"",
            now_ms=NOW_MS - 5_000,
        )
        records.set_health(tx, "mamut", "working", NOW_MS)

    await journal.run(fill)


async def test_the_figures_are_there_in_the_format_that_prometheus_reads(tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    await _filled(journal)
    async with AdminSide(journal, HandClock()) as side:
        answer = await (await side.browser()).get("/metrics")
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
        lines = answer.text.splitlines()
        assert 'brygga_orders{shop="garn",state="held",code="BRY-H02"} 1' in lines
        assert 'brygga_oldest_waiting_seconds{shop="garn"} 90' in lines
        assert 'brygga_commands_oldest_seconds{remote="mamut"} 5' in lines
        assert 'brygga_actor_state{actor="mamut",state="working"} 1' in lines
        assert "brygga_package_orders_limit 400" in lines
        named = {line.split()[2] for line in lines if line.startswith("# TYPE")}
        for line in lines:
            assert line.startswith("#") or LINE.fullmatch(line), line
            assert line.startswith("#") or re.split("[{ ]", line)[0] in named
    journal.close()


async def test_health_is_trouble_once_a_part_needs_somebody_and_not_for_a_short_pause(tmp_path: Path) -> None:
    journal, clock = journal_in(tmp_path), HandClock()
    async with AdminSide(journal, clock) as side:
        browser = await side.browser()
        assert (await browser.get("/healthz")).json() == {"status": "ok", "standing": []}
        await journal.run(
            lambda tx: records.set_health(tx, "mamut", "paused", NOW_MS, fault=Fault.MAMUT_UNREACHABLE.value)
        )
        assert (await browser.get("/healthz")).status_code == 200
        clock.pass_(minutes=6)
        answer = await browser.get("/healthz")
        assert (answer.status_code, answer.json()) == (503, {"status": "trouble", "standing": ["mamut"]})
        await journal.run(lambda tx: records.know_shop(tx, GARN, "https://garn.example", "x"))
        await journal.run(lambda tx: records.freeze_shop(tx, GARN, Fault.SHOP_CHANGED, "store_id", NOW_MS))
        assert (await browser.get("/healthz")).json()["standing"] == ["mamut", "shop/garn"]
        away = await browser.get("/healthz", **{"X-Forwarded-For": "203.0.113.7"})
        assert away.json() == {"status": "trouble"}, "whoever comes from elsewhere is not told which part"
    journal.close()


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
async def test_the_figures_are_for_this_computer_and_for_whoever_has_signed_in(header: str, tmp_path: Path) -> None:
    journal = journal_in(tmp_path)
    async with AdminSide(journal, HandClock()) as side:
        stranger = await side.browser()
        assert (await stranger.get("/metrics", **{header: "203.0.113.7"})).status_code == 403
        known = await side.signed_in(Role.LOOK)
        assert (await known.get("/metrics", **{header: "203.0.113.7"})).status_code == 200
    journal.close()
