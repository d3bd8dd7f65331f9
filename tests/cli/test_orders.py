"""`brygga orders` on a journal that the journal's own functions filled."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import apsw
import msgspec
import pytest
import trio

from agent.cli import execute
from agent.cli.desk import JOURNAL_NAME
from agent.decide.statuses import Part, Progress
from agent.journal import documents, orders, records
from agent.journal.article_words import card_words
from agent.journal.journal import look_into, open_journal
from agent.journal.reports import agent_runs
from agent.journal.schema import MIGRATIONS
from agent.model.reasons import Reason
from agent.model.said import GoodsReason
from tests.cli.filled import GARN, START, TYG, filling, proof

NOW_MS = int(START.timestamp() * 1000)


def call(folder: Path, *arguments: str) -> int:
    try:
        return execute([*arguments, "--config", str(folder / "brygga.toml")])
    except SystemExit as end:
        return int(end.code) if isinstance(end.code, int) else 1


def answer(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    code = call(folder, *arguments, "--json")
    printed = capsys.readouterr()
    assert code == 0, printed.err
    return json.loads(printed.out)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_orders_are_listed_newest_first_as_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.order("1041", 10_000, reason=Reason.ARTICLE_UNKNOWN, params={"article": "B-77"})
        journal.transferred("1042", 123_450, created=START + timedelta(hours=1))
        journal.order("7", 5_000, shop=TYG, created=START + timedelta(hours=2))
    listed = answer(tmp_path, capsys, "orders", "list")
    assert [order["number"] for order in listed["orders"]] == ["7", "1042", "1041"]
    for arguments, numbers in (
        (("--state", "held"), ["1041"]),
        (("--reason", "bry-h02"), ["1041"]),
        (("--shop", "tyg"), ["7"]),
        (("--number", "#1042"), ["1042"]),
        (("--limit", "1"), ["7"]),
        (("--state", "transferred", "--shop", "tyg"), []),
    ):
        listed = answer(tmp_path, capsys, "orders", "list", *arguments)
        assert [order["number"] for order in listed["orders"]] == numbers, arguments
    assert answer(tmp_path, capsys, "orders", "list", "--limit", "1")["total"] == 3


def test_the_list_says_amounts_in_swedish_and_why_an_order_is_held(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as journal:
        journal.order("1041", 1_234_550, reason=Reason.ARTICLE_UNKNOWN, params={"article": "B-77"})
    assert call(tmp_path, "orders", "list") == 0
    text = plain(capsys.readouterr().out)
    assert "12 345,50 kr" in text
    assert "BRY-H02" in text
    assert "2026-11-02 10:30" in text, "the shop's 09:30 UTC is 10:30 in Sweden"


def test_an_order_is_found_by_any_of_its_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.transferred("A-7", 10_000, order_id=501, mamut_no=100_000_042)
    for name in ("A-7", "#A-7", "501", "id:501", "mamut:100000042", "garn:501"):
        assert answer(tmp_path, capsys, "orders", "show", name)["order"]["order_id"] == 501, name


def test_a_number_that_customers_see_goes_before_an_id(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.order("1001", 10_000, order_id=77)
        journal.order("2002", 10_000, order_id=1001)
    assert answer(tmp_path, capsys, "orders", "show", "1001")["order"]["order_id"] == 77
    assert answer(tmp_path, capsys, "orders", "show", "id:1001")["order"]["number"] == "2002"


def test_a_number_that_two_shops_use_is_asked_about(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.order("1001", 10_000)
        journal.order("1001", 20_000, shop=TYG)
    assert call(tmp_path, "orders", "show", "1001") == 1
    complaint = capsys.readouterr().err
    assert "--shop garn" in complaint
    assert "--shop tyg" in complaint
    assert answer(tmp_path, capsys, "orders", "show", "1001", "--shop", "tyg")["order"]["total_ore"] == 20_000


def test_an_order_nobody_knows_gives_code_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path):
        pass
    assert call(tmp_path, "orders", "show", "9999") == 1
    complaint = capsys.readouterr().err
    assert "BRY-J06" in complaint
    assert "9999" in complaint


def test_the_story_tells_the_reason_its_remedy_and_the_arithmetic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as journal:
        key = journal.order("1041", 17_401, reason=Reason.ARTICLE_UNKNOWN, params={"article": "B-77"})
        records.keep_proof(journal.tx, GARN, key, proof())
    assert call(tmp_path, "orders", "show", "1041") == 0
    lines = plain(capsys.readouterr().out).splitlines()
    text = "\n".join(lines)
    assert "BRY-H02" in text
    assert "B-77" in text
    assert text.index("2026-11-02 10:30:00") < text.index("2026-11-02 10:30:01"), "in time order, local time"
    figures = [line for line in lines if line.startswith(("  Tröja", "  Mamut räknar", "  Kunden", "  skillnad"))]
    assert [line.split()[-1] for line in figures] == ["100,000", "174,00", "-174,01", "0,00"]
    assert {line.index(",", 48) for line in figures} == {figures[0].index(",", 48)}, "the commas stand in one column"
    assert lines[-1].split() == ["skillnad", "0,00"]


def test_the_same_story_is_told_in_english(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path, language="en") as journal:
        key = journal.transferred("1042", 17_401, mamut_ore=17_400)
        records.keep_proof(journal.tx, GARN, key, proof())
    assert call(tmp_path, "orders", "show", "1042") == 0
    text = plain(capsys.readouterr().out)
    assert "174.01 SEK" in text
    assert "differs by -0.01 SEK" in text
    assert "stands in Mamut as 100000001" in text
    assert "kr" not in text.split()


def test_a_wish_waits_for_the_next_start_when_no_agent_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.order("1041", 10_000, reason=Reason.ARTICLE_UNKNOWN, params={"article": "B-77"})
    assert call(tmp_path, "orders", "exclude", "1041", "--why", "test order") == 0
    assert "startas nästa gång" in capsys.readouterr().out
    tx = look_into(tmp_path / JOURNAL_NAME)
    (wish,) = records.open_wishes(tx, GARN)
    tx.close()
    assert (wish.kind, wish.order_id, wish.arg("why")) == ("exclude", 1041, "test order")
    assert wish.who
    shown = answer(tmp_path, capsys, "orders", "show", "1041")
    assert [asked["kind"] for asked in shown["open_wishes"]] == ["exclude"]


def test_a_retry_of_all_held_orders_leaves_alone_what_a_person_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as journal:
        journal.order("1", 100, reason=Reason.ARTICLE_UNKNOWN)
        journal.order("2", 100, reason=Reason.HELD_BY_HAND)
        journal.order("3", 100, reason=Reason.CREDIT_STOP)
        journal.order("4", 100, reason=Reason.MAMUT_REFUSED)
    asked = answer(tmp_path, capsys, "orders", "retry", "--all-held")
    assert [wish["order_id"] for wish in asked["wishes"]] == [1, 3]
    asked = answer(tmp_path, capsys, "orders", "retry", "--reason", "BRY-D01")
    assert [wish["order_id"] for wish in asked["wishes"]] == [4]


def test_an_order_that_stands_in_mamut_is_not_excluded_here(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.transferred("1042", 10_000, mamut_no=100_000_042)
    assert call(tmp_path, "orders", "exclude", "1042", "--why", "late") == 1
    assert "100000042" in capsys.readouterr().err
    tx = look_into(tmp_path / JOURNAL_NAME)
    assert records.open_wishes(tx, GARN) == []
    tx.close()


def test_a_retry_of_nothing_is_a_bad_call(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path):
        pass
    assert call(tmp_path, "orders", "retry") == 2
    assert "--all-held" in capsys.readouterr().err


def test_adopting_names_the_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path) as journal:
        journal.order("1041", 10_000, reason=Reason.EXTERNAL_NO_TAKEN)
    assert call(tmp_path, "orders", "adopt", "1041", "--mamut-no", "100000009") == 0
    tx = look_into(tmp_path / JOURNAL_NAME)
    (wish,) = records.open_wishes(tx, GARN)
    tx.close()
    assert (wish.kind, wish.arg("mamut_order_no")) == ("adopt", "100000009")


def test_a_running_agent_is_told_by_its_lock(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL_NAME
    assert not agent_runs(path)
    journal = open_journal(path, threaded=False)
    assert agent_runs(path)
    journal.close()
    assert not agent_runs(path)


def test_without_a_journal_the_command_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with filling(tmp_path):
        pass
    (tmp_path / JOURNAL_NAME).unlink()
    assert call(tmp_path, "orders", "list") == 1
    complaint = capsys.readouterr().err
    assert "BRY-J07" in complaint
    assert "Traceback" not in complaint


async def test_a_command_may_look_while_the_agent_is_making_the_journal(tmp_path: Path) -> None:
    path = tmp_path / JOURNAL_NAME
    agent = apsw.Connection(str(path))
    agent.pragma("journal_mode", "wal")
    agent.create_scalar_function("card_words", card_words, 1)
    agent.execute("BEGIN IMMEDIATE")
    agent.execute(MIGRATIONS[0])
    looking = trio.Event()

    def look() -> None:
        trio.from_thread.run_sync(looking.set)
        connection = look_into(path)
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)
        connection.close()

    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.to_thread.run_sync, look)
        await looking.wait()
        for number, script in enumerate(MIGRATIONS[1:], start=2):
            agent.execute(script)
            agent.pragma("user_version", number)
        agent.pragma("user_version", len(MIGRATIONS))
        agent.execute("COMMIT")
    agent.close()


def test_how_far_a_followed_order_has_come_is_shown_and_its_held_status_can_be_tried_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with filling(tmp_path) as journal:
        key = journal.transferred("1042", 123_450)
        free = journal.transferred("1043", 5_000)
        row = orders.get(journal.tx, GARN, key)
        assert row is not None
        documents.follow(journal.tx, row, NOW_MS, NOW_MS)
        followed = documents.get(journal.tx, GARN, key)
        assert followed is not None
        progress = Progress(delivered=Part.WHOLE, invoiced=Part.SOME, total_ore=123_450)
        held = msgspec.structs.replace(followed.having(progress), step="capture", event="delivered", capture="failed")
        documents.save(journal.tx, held.saying(GoodsReason.CAPTURE_FAILED, {"provider": "Klarna"}))
        records.tell(journal.tx, GARN, key, NOW_MS, "status_set", status="completed", current="processing")
        records.tell(journal.tx, GARN, key, NOW_MS, "mamut_progress", delivered="whole", invoiced="some", paid="none")
    shown = answer(tmp_path, capsys, "orders", "show", "1042")["order_status"]
    assert (shown["delivered"], shown["invoiced"], shown["held"]) == ("whole", "some", True)
    assert (shown["code"], shown["capture"]) == ("BRY-G47", "failed")
    assert call(tmp_path, "orders", "show", "1042") == 0
    text = plain(capsys.readouterr().out)
    for part in ("Levererad         ja", "Fakturerad        delvis", "KUNDE INTE DRAS", "BRY-G47", "completed"):
        assert part in text, text
    (listed,) = answer(tmp_path, capsys, "orders", "statuses")["orders"]
    assert listed["order_id"] == key
    assert [wish["result"] for wish in answer(tmp_path, capsys, "orders", "retry", "1042")["wishes"]] == [None]
    assert call(tmp_path, "orders", "retry", "1043") == 1, "nothing holds it, and it stands in Mamut already"
    assert answer(tmp_path, capsys, "orders", "show", f"id:{free}")["order_status"] is None
