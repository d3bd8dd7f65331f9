"""The journal: steps that stand whole or not at all, one agent at a time, files that are refused with a reason."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
import trio

from agent.flows import DirectionName
from agent.journal import aftermath, commands, directions, orders, records
from agent.journal.journal import Journal, look_into, open_journal
from agent.journal.schema import MIGRATIONS, JournalError
from agent.model.ids import ShopKey
from agent.model.reasons import Fault


@pytest.fixture(params=[True, False], ids=["threaded", "inline"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    made = open_journal(tmp_path / "journal.db", threaded=request.param)
    yield made
    made.close()


def _set(key: str, text: str):
    return lambda tx: records.set_value(tx, key, text)


async def test_what_a_step_wrote_is_seen_when_it_returns(journal: Journal) -> None:
    await journal.run(_set("a", "1"))
    assert journal.view(lambda tx: records.value(tx, "a")) == "1"


async def test_a_step_that_fails_leaves_nothing_and_harms_no_other(journal: Journal) -> None:
    def fails(tx: apsw.Connection) -> None:
        records.set_value(tx, "half", "written")
        raise KeyError("midway")

    errors: list[BaseException] = []

    async def failing() -> None:
        with pytest.raises(KeyError) as caught:
            await journal.run(fails)
        errors.append(caught.value)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(journal.run, _set("before", "1"))
        nursery.start_soon(failing)
        nursery.start_soon(journal.run, _set("after", "2"))
    assert len(errors) == 1
    assert journal.view(lambda tx: [records.value(tx, key) for key in ("before", "half", "after")]) == ["1", "", "2"]


async def test_a_look_writes_nothing_and_sees_nothing_half_done(journal: Journal) -> None:
    with pytest.raises((apsw.ReadOnlyError, RuntimeError)):
        journal.view(_set("a", "1"))

    def looks(tx: apsw.Connection) -> str:
        records.set_value(tx, "b", "1")
        return journal.view(lambda tx: records.value(tx, "b"))

    if journal.threaded:
        assert await journal.run(looks) == ""
    else:
        with pytest.raises(RuntimeError):
            await journal.run(looks)


def test_what_is_asked_again_is_not_planned_again(tmp_path: Path) -> None:
    """Whatever it is asked with; SQLite looks into what is bound where an index has a condition, unless it is told not
    to."""
    open_journal(tmp_path / "journal.db").close()
    tx = look_into(tmp_path / "journal.db")
    planned: list[object] = []
    tx.authorizer = lambda *what: planned.append(what) or apsw.SQLITE_OK

    def ask(shop: ShopKey, now_ms: int) -> None:
        commands.next_due(tx, commands.MAMUT, (shop,))
        commands.due_now(tx, commands.shop_remote(shop), now_ms, 100)
        orders.to_read(tx, shop, now_ms)
        records.open_wishes(tx, shop)
        aftermath.next_due(tx, shop)
        directions.paused_shops(tx, DirectionName(list(DirectionName)[now_ms]))

    ask(ShopKey("butik"), 1)
    assert planned
    planned.clear()
    ask(ShopKey("andra"), 2)
    assert planned == []
    tx.close()


async def test_callers_that_come_together_share_commits(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.db")
    async with trio.open_nursery() as nursery:
        for number in range(200):
            nursery.start_soon(journal.run, _set(f"k{number}", str(number)))
    assert journal.view(lambda tx: tx.execute("SELECT count(*) FROM notes WHERE key LIKE 'k%'").fetchone()) == (200,)
    assert journal.commits <= 20
    journal.close()


async def test_a_caller_who_gives_up_leaves_the_others_served(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.db")
    async with trio.open_nursery() as nursery:
        for number in range(20):
            nursery.start_soon(journal.run, _set(f"k{number}", "x"))
        with trio.move_on_after(0):
            await journal.run(_set("impatient", "x"))
        nursery.start_soon(journal.run, _set("last", "x"))
    assert journal.view(lambda tx: records.value(tx, "last")) == "x"
    assert journal.view(lambda tx: tx.execute("SELECT count(*) FROM notes WHERE key LIKE 'k%'").fetchone()) == (20,)
    journal.close()


def test_a_second_agent_is_refused_and_one_that_comes_later_is_not(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    first = open_journal(path)
    with pytest.raises(JournalError) as refused:
        open_journal(path)
    assert refused.value.fault is Fault.JOURNAL_IN_USE
    first.close()
    open_journal(path).close()


def test_the_command_line_may_look_while_the_agent_works(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    journal = open_journal(path)
    other = look_into(path)
    records.set_value(other, "from", "outside")
    assert journal.view(lambda tx: records.value(tx, "from")) == "outside"
    other.close()
    journal.close()


def test_a_journal_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    open_journal(path).close()
    connection = apsw.Connection(str(path))
    connection.pragma("user_version", len(MIGRATIONS) + 1)
    connection.close()
    with pytest.raises(JournalError) as refused:
        open_journal(path)
    assert refused.value.fault is Fault.JOURNAL_NEWER


def test_a_file_that_is_no_journal_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"this is a letter and no database, long enough to be looked at" * 100)
    with pytest.raises(JournalError) as refused:
        open_journal(path)
    assert refused.value.fault is Fault.JOURNAL_DAMAGED


def test_the_journal_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    open_journal(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
