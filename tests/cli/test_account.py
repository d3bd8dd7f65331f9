"""`brygga account`, `usage`, `shops` and `status` on a journal that the journal's own functions filled."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.cli.desk import JOURNAL_NAME
from agent.journal import commands, records, sums
from agent.journal.journal import look_into, open_journal
from agent.journal.schema import migrate
from agent.model.clock import STOCKHOLM
from agent.model.ids import ShopOrderId
from agent.model.reasons import Fault, OrderState, Reason
from tests.cli.filled import GARN, START, TYG, Filled, filling
from tests.cli.test_orders import answer, call, plain


def test_the_account_adds_up_when_every_order_is_somewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.transferred("1", 10_050)
        journal.transferred("2", 5_000, currency="EUR")
        journal.order("3", 100)
        journal.order("4", 100, reason=Reason.BEFORE_START)
        journal.order("5", 100, reason=Reason.PACKAGE_LIMIT)
        journal.order("6", 100, shop=TYG, reason=Reason.MAMUT_GARBLED)
    made = answer(tmp_path, capsys, "account")
    assert made["seen"] == 6
    assert {state.value: made[state.value] for state in OrderState} == {
        "transferred": 2,
        "waiting": 1,
        "excluded": 1,
        "held": 1,
        "dead": 1,
    }
    assert made["holds"] is True
    assert [(each["currency"], each["shop_ore"], each["difference_ore"]) for each in made["money"]] == [
        ("EUR", 5_000, 0),
        ("SEK", 10_050, 0),
    ]
    assert [(each["shop"], each["seen"]) for each in made["shops"]] == [("garn", 5), ("tyg", 1)]
    assert answer(tmp_path, capsys, "account", "--shop", "tyg")["seen"] == 1


def test_one_ore_of_difference_is_named_and_ends_with_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.transferred("1", 10_050)
        journal.transferred("1042", 20_000, mamut_ore=20_001)
        journal.transferred("1043", 20_000, mamut_ore=19_999)
    assert call(tmp_path, "account") == 1
    text = plain(capsys.readouterr().out)
    assert "INTE" in text
    assert "garn 1042" in text
    assert "garn 1043" in text, "differences that cancel each other out are differences all the same"
    assert "garn 1 " not in text


def test_two_orders_on_one_document_do_not_hold(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.transferred("1", 10_000, mamut_no=100_000_001)
        journal.transferred("2", 10_000, mamut_no=100_000_001)
    assert call(tmp_path, "account") == 1
    assert "Delar dokument" in capsys.readouterr().out


def test_a_day_of_the_account_is_a_swedish_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.order("1", 100, created=datetime(2026, 11, 22, 22, 59, 59, tzinfo=UTC))
        journal.order("2", 100, created=datetime(2026, 11, 22, 23, 0, 0, tzinfo=UTC))
        journal.order("3", 100, created=datetime(2026, 11, 23, 22, 59, 59, tzinfo=UTC))
        journal.order("4", 100, created=datetime(2026, 11, 30, 23, 0, 0, tzinfo=UTC))
    assert answer(tmp_path, capsys, "account", "--day", "2026-11-23")["seen"] == 2
    assert answer(tmp_path, capsys, "account", "--month", "2026-11")["seen"] == 3
    assert answer(tmp_path, capsys, "account", "--month", "2026-12")["seen"] == 1
    assert call(tmp_path, "account", "--day", "23/11") == 2
    assert call(tmp_path, "account", "--day", "2026-11-23", "--month", "2026-11") == 2


def test_a_day_on_which_the_clocks_change_has_its_own_length() -> None:
    spring, autumn = sums.day_period(date(2026, 3, 29)), sums.day_period(date(2026, 10, 25))
    assert spring.end - spring.start == timedelta(hours=23)
    assert autumn.end - autumn.start == timedelta(hours=25)
    assert sums.month_period(2026, 12).end == sums.month_period(2027, 1).start


@given(st.lists(st.tuples(st.sampled_from(tuple(Reason)), st.integers(0, 10**9)), max_size=20))
def test_the_states_always_sum_to_what_was_seen(found: list[tuple[Reason, int]]) -> None:
    tx = _memory()
    journal = Filled(tx)
    for number, (reason, total_ore) in enumerate(found, start=1):
        journal.order(str(number), total_ore, reason=reason)
    made = sums.account(tx)
    tx.close()
    assert made.holds
    assert made.seen == len(found) == sum(made.states.values())
    for state in OrderState:
        assert made.states[state.value] == sum(reason.state is state for reason, _ in found)


# -- usage ----------------------------------------------------------------------------------------------------------


def test_usage_counts_swedish_months_and_warns(tmp_path: Path) -> None:
    tx = _memory()
    journal = Filled(tx)
    for number in range(1, 81):
        journal.transferred(str(number), 100, created=START + timedelta(minutes=number))
    journal.transferred("900", 100, created=datetime(2026, 10, 31, 22, 57, tzinfo=UTC))
    journal.order("901", 100, reason=Reason.PACKAGE_LIMIT)
    at = datetime(2026, 11, 10, 23, 0, tzinfo=UTC)
    found = sums.usage(tx, at, 100)
    assert (found.month, found.used, found.left, found.held_at_limit) == ("2026-11", 80, 20, 1)
    assert found.warning_percent == 80
    assert found.months == {"2026-11": 80, "2026-10": 1}
    assert found.forecast_day == date(2026, 11, 13), "80 in ten days are 8 a day: the 100th comes after 12.5 days"
    assert sums.usage(tx, at, 300).forecast_day is None, "300 are not reached in November"
    assert sums.usage(tx, at, None).left is None
    full = sums.usage(tx, at, 80)
    assert (full.warning_percent, full.left, full.reached_on, full.forecast_day) == (100, 0, date(2026, 11, 2), None)
    tx.close()


@given(st.integers(1, 2000), st.integers(1, 2000), st.integers(0, 29 * 86_400))
def test_the_forecast_is_never_before_now_nor_after_the_month(limit: int, used: int, seconds: int) -> None:
    tx = _memory()
    now = datetime(2026, 10, 31, 23, 0, tzinfo=UTC) + timedelta(seconds=seconds)
    for _ in range(min(used, 5)):
        records.count_order(tx, "2026-11")
    tx.execute("UPDATE usage SET orders = ?", (used,))
    day = sums.usage(tx, now, limit).forecast_day
    tx.close()
    if used >= limit:
        assert day is None
    elif day is not None:
        assert now.astimezone(STOCKHOLM).date() <= day <= date(2026, 11, 30)


def test_usage_is_shown_with_the_package(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    with filling(tmp_path, package="100") as journal:
        for number in range(1, 101):
            journal.transferred(str(number), 100, created=now - timedelta(minutes=2))
    shown = answer(tmp_path, capsys, "usage")
    assert (shown["package"], shown["limit"], shown["used"], shown["left"]) == ("100", 100, 100, 0)
    assert shown["warning_percent"] == 100
    assert call(tmp_path, "usage") == 0
    assert "BRY-H01" in capsys.readouterr().out


# -- shops and status -------------------------------------------------------------------------------------------------


def test_a_frozen_shop_is_shown_and_accepted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        records.know_shop(journal.tx, GARN, "https://garn.example", "store-1")
        records.freeze_shop(journal.tx, GARN, Fault.SHOP_CHANGED, "https://kopia.example", 1_790_000_000_000)
    shown = answer(tmp_path, capsys, "shops", "list")
    assert [(shop["shop"], bool(shop["frozen"])) for shop in shown["shops"]] == [("garn", True), ("tyg", False)]
    assert call(tmp_path, "shops", "list") == 0
    assert "https://kopia.example" in capsys.readouterr().out
    assert call(tmp_path, "shops", "accept", "tyg") == 1
    assert call(tmp_path, "shops", "accept", "garn") == 0
    tx = look_into(tmp_path / JOURNAL_NAME)
    assert [wish.kind for wish in records.open_wishes(tx, GARN)] == ["accept"]
    tx.close()


async def test_status_tells_what_stands_and_what_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        key = journal.order("1", 100, reason=Reason.QUEUED)
        journal.order("2", 100, reason=Reason.STATUS_NOT_TRIGGER, created=START - timedelta(days=9))
        commands.put(
            journal.tx,
            key="document/garn:1",
            remote=commands.MAMUT,
            kind="create_document",
            shop=GARN,
            order_id=ShopOrderId(key),
            body=b"",
            now_ms=1_790_000_000_000,
        )
        records.set_health(
            journal.tx, "mamut", "paused", 1_790_000_000_000, fault=Fault.MAMUT_UNREACHABLE.value, problem="refused"
        )
    assert call(tmp_path, "status") == 1
    text = capsys.readouterr().out
    assert "BRY-C20" in text
    assert "pausad" in text
    assert call(tmp_path, "status", "--json") == 1
    capsys.readouterr()
    running = open_journal(tmp_path / JOURNAL_NAME, threaded=False)
    await running.run(lambda tx: records.set_health(tx, "mamut", "working", 1_790_000_001_000))
    shown = answer(tmp_path, capsys, "status")
    running.close()
    assert shown["is_well"] is True
    assert [(queue["remote"], queue["commands"]) for queue in shown["queues"]] == [("mamut", 1)]
    oldest = next(shop["oldest_waiting"] for shop in shown["shops"] if shop["shop"] == "garn")
    assert oldest == "2026-11-02T09:30:01.000Z", "an order that waits for its status is no backlog of ours"


def _memory() -> apsw.Connection:
    tx = apsw.Connection(":memory:")
    migrate(tx)
    return tx
