"""`brygga attention`, and what `brygga orders` shows of an order that was changed after its transfer."""

from __future__ import annotations

import json
import time
from pathlib import Path

import msgspec
import pytest

from agent.cli import execute
from agent.journal import aftermath, records
from agent.journal.aftermath import CreditRow, Judged
from agent.model.ids import ShopOrderId
from agent.model.reasons import Fault, Reason
from tests.cli.filled import GARN, TYG, Filled, filling

LATER_MS = 1_793_700_000_000


def changed(filled: Filled, order_id: ShopOrderId, outcome: str, code: str, **params: str) -> None:
    """An order that the shop has changed since, judged."""
    aftermath.put(filled.tx, GARN, order_id, LATER_MS)
    row = aftermath.get(filled.tx, GARN, order_id)
    assert row is not None
    aftermath.settle(
        filled.tx,
        row,
        outcome=outcome,
        code=code,
        params=params,
        judged=Judged(refunds={55: 1_250}),
        due_ms=None,
        now_ms=LATER_MS,
    )


def run(folder: Path, *arguments: str) -> int:
    return execute(["--config", str(folder / "brygga.toml"), *arguments])


def test_nothing_that_needs_a_person_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as filled:
        filled.transferred("1001", 10_000)
        changed(filled, ShopOrderId(1001), "harmless", "after_nothing")
    assert run(tmp_path, "attention") == 0
    assert "Ingenting väntar" in capsys.readouterr().out


def test_everything_that_needs_a_person_is_shown_by_its_cause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as filled:
        for number in ("1001", "1002"):
            filled.order(number, 10_000, reason=Reason.ARTICLE_UNKNOWN, params={"article": "A-1", "line": "Tröja"})
        filled.order("1003", 10_000, reason=Reason.STATUS_NOT_TRIGGER)
        changed_id = filled.transferred("1004", 10_000)
        changed(
            filled, changed_id, "attend", "BRY-A03", parts="rows", state="booked", document="7", difference="A-1: 1 → 2"
        )
        records.know_shop(filled.tx, TYG, "https://tyg.example", "")
        records.freeze_shop(filled.tx, TYG, Fault.SHOP_CHANGED, "https://annan.example", LATER_MS)
    assert run(tmp_path, "attention") == 1
    shown = capsys.readouterr().out
    assert "BRY-H02" in shown
    assert "(2)" in shown
    assert "1003" not in shown
    assert "BRY-A03" in shown
    assert "A-1: 1 → 2" in shown
    assert "bokfört" in shown
    assert "BRY-C06" in shown
    run(tmp_path, "attention", "--json")
    listed: dict[str, int] = {}
    for cause in json.loads(capsys.readouterr().out)["causes"]:
        listed[cause["area"]] = listed.get(cause["area"], 0) + cause["count"]
    run(tmp_path, "status", "--json")
    counted = json.loads(capsys.readouterr().out)["attention"]
    assert counted.pop("total") == sum(listed.values()) == 4
    assert {area: count for area, count in counted.items() if count} == listed
    run(tmp_path, "status")
    assert "Väntar på en människa: 4 (butiker 1, order som inte gått över 2" in capsys.readouterr().out


def test_a_program_reads_what_needs_a_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as filled:
        for number in ("1001", "1002", "1003"):
            filled.order(number, 10_000, reason=Reason.ARTICLE_UNKNOWN, params={"article": "A-1", "line": "Tröja"})
    assert run(tmp_path, "attention", "--json", "--limit", "2", "--shop", "garn") == 1
    told = json.loads(capsys.readouterr().out)
    (cause,) = told["causes"]
    assert (told["total"], cause["area"], cause["code"], cause["count"]) == (3, "order", "BRY-H02", 3)
    assert [item["name"] for item in cause["items"]] == ["1001", "1002"]


def test_an_order_shows_what_came_of_its_change_and_of_its_refunds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as filled:
        order_id = filled.transferred("1004", 10_000)
        changed(filled, order_id, "credited", "after_credited", amount="12.50 SEK")
        aftermath.keep_credit(filled.tx, CreditRow(GARN, order_id, 55, "note", 1_250, 100_000_009, LATER_MS))
    assert run(tmp_path, "orders", "show", "1004") == 0
    shown = capsys.readouterr().out
    assert "Efter överföringen" in shown
    assert "Återbetalningen på 12.50 SEK är krediterad" in shown
    assert "kreditnota 100000009" in shown
    assert run(tmp_path, "orders", "show", "1004", "--json") == 0
    after = json.loads(capsys.readouterr().out)["after_transfer"]
    assert after["outcome"] == "credited"
    assert after["refunds"][0]["amount_ore"] == 1_250


def test_what_a_part_of_the_agent_waits_for_is_there_once_unless_it_may_come_by_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shop that has been silent for weeks needs a person; one that has been so for a minute mostly answers again."""
    with filling(tmp_path) as filled:
        minute_ago_ms = int(time.time() * 1000) - 60_000
        unreachable = Fault.SHOP_UNREACHABLE.value
        records.set_health(filled.tx, "sales/garn", "paused", minute_ago_ms, fault=unreachable, problem="http_503")
        for actor, state, fault, problem in (
            ("mamut", "paused", Fault.MAMUT_PASSWORD_WRONG, "wrong_password"),
            ("direction/garn", "paused", Fault.MAMUT_PASSWORD_WRONG, "wrong_password"),
            ("direction/tyg", "paused", Fault.MAMUT_PASSWORD_WRONG, "wrong_password"),
            ("reader/tyg", "paused", Fault.SHOP_UNREACHABLE, "timeout"),
            ("reader/garn", "paused", Fault.SHOP_KEY_REFUSED, "http_401"),
            ("writer/tyg", "parked", Fault.DIRECTION_PARKED, "writer/tyg"),
            ("register", "waiting", "", ""),
        ):
            records.set_health(filled.tx, actor, state, LATER_MS, fault=str(fault), problem=problem, next_ms=None)
    assert run(tmp_path, "attention", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    found = {(cause["code"], each["shop"], each["name"]) for cause in told["causes"] for each in cause["items"]}
    assert found == {
        (Fault.MAMUT_PASSWORD_WRONG.value, "", "mamut"),
        (Fault.SHOP_KEY_REFUSED.value, "garn", "reader/garn"),
        (Fault.DIRECTION_PARKED.value, "tyg", "writer/tyg"),
        (Fault.SHOP_UNREACHABLE.value, "tyg", "tyg"),
    }
    assert [cause["area"] for cause in told["causes"]] == ["system", "part", "part", "part"]
    assert run(tmp_path, "attention", "--shop", "tyg") == 1
    shown = capsys.readouterr().out
    assert "BRY-C21" in shown, "what keeps everybody from Mamut concerns each shop"
    assert "garn" not in shown


def test_a_person_says_that_a_change_is_seen_to(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as filled:
        changed(filled, filled.transferred("1004", 10_000), "attend", "BRY-A04", amount="12.50 SEK", document="7")
    run(tmp_path, "orders", "settle", "1004", "--json")
    capsys.readouterr()
    with filling(tmp_path) as filled:
        (wish,) = records.open_wishes(filled.tx, GARN)
        assert (wish.kind, wish.order_id) == ("settle", 1004)
        assert aftermath.settle_by_hand(filled.tx, GARN, ShopOrderId(1004), 7, LATER_MS)
        (credit,) = aftermath.credits_of(filled.tx, GARN, ShopOrderId(1004))
        assert msgspec.structs.astuple(credit)[3:5] == ("by_hand", 1_250)


def test_the_account_holds_with_refunds_taken_off_a_document_and_shows_what_is_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as filled:
        less = filled.transferred("1001", 10_000, mamut_ore=8_750)
        noted = filled.transferred("1002", 20_000)
        aftermath.keep_credit(filled.tx, CreditRow(GARN, less, 55, "document", 1_250, 7, LATER_MS))
        aftermath.keep_credit(filled.tx, CreditRow(GARN, noted, 56, "note", 5_000, 9, LATER_MS))
        changed(filled, filled.transferred("1003", 30_000), "cancelled", "after_cancelled", document="3")
    assert run(tmp_path, "account", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    (money,) = told["money"]
    assert told["differing"] == []
    assert (money["difference_ore"], money["reduced_ore"], money["credited_ore"]) == (0, 1_250, 5_000)
    assert (money["cancelled_ore"], money["left_ore"]) == (30_000, 8_750 + 20_000 - 5_000)
    assert run(tmp_path, "account") == 0
    shown = " ".join(capsys.readouterr().out.replace("\u00a0", " ").split())
    assert "600,00 587,50 12,50 0,00" in shown, "what is missing from Mamut's amount stands beside it"
    assert "Kvar i Mamut" in shown
