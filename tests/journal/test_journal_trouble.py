"""The journal when its file cannot be written: whoever waits is told, nobody waits for ever, and it goes on after."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest
import trio

from agent.journal import records
from agent.journal.journal import Journal, look_into, open_journal
from agent.journal.schema import JournalError
from agent.model.reasons import Fault


async def _write_together(journal: Journal, keys: list[str]) -> list[Fault]:
    faults: list[Fault] = []

    async def write(key: str) -> None:
        try:
            await journal.run(lambda tx: records.set_value(tx, key, "1"))
        except JournalError as error:
            faults.append(error.fault)

    with trio.fail_after(10):
        async with trio.open_nursery() as nursery:
            for key in keys:
                nursery.start_soon(write, key)
    return faults


async def test_all_who_wait_are_told_when_another_process_holds_the_journal_too_long(tmp_path: Path) -> None:
    journal: Journal = open_journal(tmp_path / "journal.db", busy_ms=50)
    other = apsw.Connection(str(tmp_path / "journal.db"))
    other.execute("BEGIN IMMEDIATE")
    assert await _write_together(journal, ["a", "b", "c"]) == [Fault.JOURNAL_DISK] * 3
    other.execute("ROLLBACK")
    assert await _write_together(journal, ["a", "b"]) == []
    journal.close()


async def test_all_who_wait_are_told_when_the_disk_is_full(tmp_path: Path) -> None:
    journal: Journal = open_journal(tmp_path / "journal.db")

    def fill(tx: apsw.Connection) -> None:
        pages = int(tx.pragma("page_count"))
        tx.pragma("max_page_count", pages + 2)
        for number in range(200):
            records.set_value(tx, f"filling{number}", "x" * 1000)

    with pytest.raises(JournalError) as caught:
        await journal.run(fill)
    assert caught.value.fault is Fault.JOURNAL_DISK
    assert await _write_together(journal, [f"k{number}" for number in range(3)]) == []
    journal.close()


def test_a_place_that_cannot_be_written_is_named_and_gives_the_lock_back(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    for _ in range(2):
        with pytest.raises(JournalError) as caught:
            open_journal(tmp_path / "journal.db")
        assert caught.value.fault is Fault.JOURNAL_DISK
    with pytest.raises(JournalError) as looked:
        look_into(tmp_path / "journal.db")
    assert looked.value.fault is Fault.JOURNAL_DISK


def test_a_folder_that_cannot_be_made_is_told_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    for folder in (tmp_path / "data", tmp_path / "data" / "deeper"):
        with pytest.raises(JournalError) as caught:
            open_journal(folder / "journal.db")
        assert caught.value.fault is Fault.JOURNAL_DISK
        assert str(folder) in str(caught.value)
