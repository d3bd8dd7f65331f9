"""`brygga schedule` and `brygga run-now`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.cli.desk import JOURNAL_NAME
from agent.flows import DirectionName
from agent.journal import records, turns
from agent.journal.journal import look_into
from agent.journal.records import Wish
from agent.journal.turns import Kept
from tests.cli.filled import GARN, filling
from tests.cli.test_orders import answer, call, plain

SWEDEN = ZoneInfo("Europe/Stockholm")
ORDERS = DirectionName.ORDERS_TO_MAMUT

SCHEDULES = """
[shop.schedules.orders_to_mamut]
cron = ["30 3 * * *"]

[shop.schedules.stock_to_shop]
quiet = ["00:00-12:00", "12:00-23:59"]
zone = "UTC"

[[shop]]
key = "tyg"
"""


def scheduled(folder: Path) -> None:
    file = folder / "brygga.toml"
    text = file.read_text("utf-8").replace('key = "garn"', 'key = "garn"\nflow = 2')
    file.write_text(text.replace('\n[[shop]]\nkey = "tyg"\n', SCHEDULES), encoding="utf-8")


def wishes_in(folder: Path) -> list[Wish]:
    connection = look_into(folder / JOURNAL_NAME)
    try:
        return records.open_wishes(connection, GARN)
    finally:
        connection.close()


def test_the_next_runs_are_shown_by_the_schedules_own_clock(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path, package="400") as journal:
        yesterday = datetime.now(UTC) - timedelta(minutes=1)
        turns.put(journal.tx, GARN, ORDERS, Kept(began_ms=int(yesterday.timestamp() * 1000)))
    scheduled(tmp_path)
    shown = {(each["shop"], each["direction"]): each for each in answer(tmp_path, capsys, "schedule")}
    orders = shown["garn", "orders_to_mamut"]
    moments = [datetime.fromisoformat(text) for text in orders["next_runs"]]
    assert len(moments) == 3
    assert [(at.hour, at.minute) for at in moments] == [(3, 30)] * 3
    assert all(at.utcoffset() == at.astimezone(SWEDEN).utcoffset() for at in moments)
    assert moments[2].date() - moments[0].date() == timedelta(days=2)
    stock = shown["garn", "stock_to_shop"]
    assert stock["next_runs"] == []
    assert shown["tyg", "orders_to_mamut"]["schedule"] is None
    assert shown["tyg", "orders_to_mamut"]["usual_s"] == 60
    assert call(tmp_path, "schedule", "--shop", "garn") == 0
    text = " ".join(plain(capsys.readouterr().out).split())
    for part in ("30 3 * * *", "när något ändras", "03:30"):
        assert part in text, text


def test_a_run_at_once_is_wished_for_by_the_directions_short_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path, package="400"):
        pass
    scheduled(tmp_path)
    told = answer(tmp_path, capsys, "run-now", "garn", "stock")
    assert told["kind"] == "run_now"
    (wish,) = wishes_in(tmp_path)
    assert (wish.kind, wish.arg("direction")) == ("run_now", "stock_to_shop")
    assert call(tmp_path, "run-now", "tyg", "stock") == 1
    assert "tyg" in capsys.readouterr().err
