"""Copies of the journal: whole while somebody writes, put back with care, and never over what is there."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest
import trio

from agent.cli import execute
from agent.doctor import computer
from agent.doctor.result import Verdict
from agent.journal import backup, records
from agent.journal.journal import Journal, look_into, open_journal
from agent.journal.schema import MIGRATIONS, JournalError
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Fault
from tests.cli.filled import SETTINGS

AT = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)
GARN = ShopKey("garn")


def _orders(tx: apsw.Connection, first: int, count: int) -> None:
    """Orders with an event each, in one step: a copy has both or neither."""
    for order_id in range(first, first + count):
        tx.execute(
            "INSERT INTO orders (shop, order_id, status, created_at, modified_at, state, since_ms)"
            " VALUES ('garn', ?, 'processing', 0, 0, 'transferred', 0)",
            (order_id,),
        )
        records.tell(tx, GARN, ShopOrderId(order_id), 0, "seen")


def _count(path: Path, table: str) -> int:
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        return int(str(connection.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]))  # noqa: S608
    finally:
        connection.close()


def _parts(folder: Path) -> list[Path]:
    return list(folder.glob("*.part"))


async def _written(journal: Journal, first: int, count: int) -> None:
    await journal.run(lambda tx: _orders(tx, first, count))


async def test_a_copy_is_whole_however_much_is_written_meanwhile(tmp_path: Path) -> None:
    journal = open_journal(tmp_path / "journal.db")
    await _written(journal, 1, 2_000)
    done = trio.Event()

    async def write() -> None:
        at = 10_000
        while not done.is_set():
            await _written(journal, at, 20)
            at += 20

    async with trio.open_nursery() as nursery:
        nursery.start_soon(write)
        for number in range(5):
            found = await trio.to_thread.run_sync(backup.backup, journal.path, tmp_path / f"copy-{number}.db")
            assert not found.problems
            assert found.orders >= 2_000
        done.set()
    journal.close()
    for number in range(5):
        copy = tmp_path / f"copy-{number}.db"
        assert _count(copy, "orders") == _count(copy, "events")
        assert copy.stat().st_mode & 0o077 == 0, "nobody else may read customers' data"
    assert _count(tmp_path / "copy-4.db", "orders") > 2_000, "the agent wrote while it was copied"
    assert not _parts(tmp_path)


async def test_a_journal_is_put_back_and_the_former_one_kept_with_all_that_stood_in_its_log(tmp_path: Path) -> None:
    path, copy = tmp_path / "journal.db", tmp_path / "copy.db"
    journal = open_journal(path)
    await _written(journal, 1, 3)
    await journal.run(lambda tx: records.set_value(tx, "settings/garn/stock_to_shop", "digest"))
    await journal.run(
        lambda tx: tx.execute(
            "INSERT INTO links (shop, pk, product_id, kind, sku, stock, linked_ms)"
            " VALUES ('garn', 1, 2, '', '', x'00', 0)"
        )
    )
    backup.backup(path, copy)
    await _written(journal, 10, 4)
    with pytest.raises(JournalError) as refused:
        backup.restore(copy, path, at=AT, who="anna")
    assert refused.value.fault is Fault.JOURNAL_IN_USE
    assert _count(path, "orders") == 7, "nothing is touched while an agent runs"
    journal.close()

    done = backup.restore(copy, path, at=AT, who="anna")
    assert done.kept == tmp_path / "journal.db.before-20261123T200000Z"
    assert (_count(path, "orders"), _count(done.kept, "orders")) == (3, 7)
    tx = look_into(path)
    assert not records.value(tx, "settings/garn/stock_to_shop"), "every article is looked at again"
    assert tx.execute("SELECT unsure, stock FROM links").fetchall() == [(7, None)], "no shelf is believed"
    assert tx.execute("SELECT who, kind FROM acts").fetchall() == [("anna", "journal_restored")]
    tx.close()


@pytest.mark.parametrize("kind", ["no database", "another database", "cut", "newer"])
def test_what_is_no_whole_journal_is_not_put_back(kind: str, tmp_path: Path) -> None:
    path, copy = tmp_path / "journal.db", tmp_path / "copy.db"
    look = open_journal(path)
    look.close()
    connection = apsw.Connection(str(copy))
    if kind == "another database":
        connection.execute("CREATE TABLE t (a)")
    elif kind != "no database":
        backup.backup(path, tmp_path / "whole.db")
        copy.write_bytes((tmp_path / "whole.db").read_bytes())
    if kind == "newer":
        newer = apsw.Connection(str(copy))
        newer.pragma("user_version", len(MIGRATIONS) + 1)
        newer.close()
    connection.close()
    if kind == "no database":
        copy.write_bytes(b"this is no database at all" * 100)
    if kind == "cut":
        copy.write_bytes(copy.read_bytes()[:-8192])
    before = path.read_bytes()
    with pytest.raises(JournalError) as refused:
        backup.restore(copy, path, at=AT, who="anna")
    assert refused.value.fault in (Fault.BACKUP_UNUSABLE, Fault.JOURNAL_DAMAGED, Fault.JOURNAL_NEWER)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob("*.before-*"))


@pytest.mark.parametrize("loss", ["damaged", "deleted"])
async def test_a_copy_takes_the_place_of_a_journal_that_is_damaged_or_gone(loss: str, tmp_path: Path) -> None:
    path, copy = tmp_path / "journal.db", tmp_path / "copy.db"
    journal = open_journal(path)
    await _written(journal, 1, 3)
    backup.backup(path, copy)
    journal.close()
    _lose(path, loss)
    done = backup.restore(copy, path, at=AT, who="anna")
    assert (done.kept is None) is (loss == "deleted")
    assert _count(path, "orders") == 3
    open_journal(path).close()


def test_the_doctor_looks_at_the_journal_and_the_room_for_it(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    assert computer.journal(path).verdict is Verdict.NOT_TESTED
    journal = open_journal(path)
    assert computer.journal(path).verdict is Verdict.GOOD
    (finding,) = computer.journal(path, room_min=1 << 62).findings
    assert finding.fault is Fault.JOURNAL_DISK
    journal.close()
    _lose(path, "damaged")
    (finding,) = computer.journal(path).findings
    assert finding.fault in (Fault.JOURNAL_DAMAGED, Fault.BACKUP_UNUSABLE)


def _lose(path: Path, loss: str) -> None:
    if loss == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"\0" * path.stat().st_size)


def test_the_command_backs_up_checks_and_restores(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "brygga.toml"
    config.write_text(SETTINGS.format(package="400", language="sv", data_dir=tmp_path.as_posix()), "utf-8")
    open_journal(tmp_path / "journal.db").close()
    copy = str(tmp_path / "copy.db")
    at = ["--config", str(config)]
    assert execute(["journal", "backup", copy, "--json", *at]) == 0
    assert json.loads(capsys.readouterr().out)["sound"] is True
    assert execute(["journal", "backup", copy, *at]) == 1
    assert "BRY-J10" in capsys.readouterr().err
    assert execute(["journal", "check", *at]) == 0
    assert execute(["journal", "check", copy, *at]) == 0
    assert execute(["journal", "restore", copy, *at]) == 0
    assert "before-" in capsys.readouterr().out
    assert execute(["journal", "restore", str(config), *at]) == 1
    assert "BRY-J" in capsys.readouterr().err
