"""Copies of the journal: made while the agent runs, checked before they are called copies, put back with care.

What came after a copy was made is not lost with it: both systems hold the truth, and the agent finds it there. For that
a journal that is put back forgets what it believed the shops to show.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import apsw

from agent.journal import users
from agent.journal.erase import erase_again, erased_orders
from agent.journal.journal import hold, look_into
from agent.journal.schema import MIGRATIONS, JournalError
from agent.model.order import Frozen
from agent.model.reasons import Fault

_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside the file; without its -wal a journal is older than it was."""

_OF_JOURNALS = {"shops", "orders", "commands", "proofs", "events", "notes"}
"""Tables that every version has."""


class Checked(Frozen, frozen=True):
    """What a look through a whole file found. `problems` are SQLite's own words, none for a sound file. `size` in
    bytes."""

    version: int
    orders: int
    size: int
    problems: tuple[str, ...] = ()


class Restored(Frozen, frozen=True):
    """`kept` is where the journal lies that was there before, None where there was none."""

    checked: Checked
    kept: Path | None


def check(path: Path) -> Checked:
    """Reads every page of a journal, also while an agent works with it. Raises JournalError for what is none."""
    connection = _read_only(path)
    try:
        version = int(connection.pragma("user_version"))
        names = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
        if not names >= _OF_JOURNALS:
            raise JournalError(Fault.BACKUP_UNUSABLE, "no journal")
        if version > len(MIGRATIONS):
            raise JournalError(Fault.JOURNAL_NEWER, f"version {version}, this program knows {len(MIGRATIONS)}")
        words = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
        strays = [f"{row[0]} → {row[2]}" for row in connection.execute("PRAGMA foreign_key_check")]
        orders = connection.execute("SELECT count(*) FROM orders").fetchall()[0][0]
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise JournalError(Fault.JOURNAL_DAMAGED, str(path)) from error
    except apsw.Error as error:
        raise JournalError(Fault.BACKUP_UNUSABLE, type(error).__name__) from error
    finally:
        connection.close()
    problems = tuple(word for word in (*words, *strays) if word != "ok")
    return Checked(version=version, orders=int(str(orders)), size=path.stat().st_size, problems=problems)


def backup(journal: Path, target: Path) -> Checked:
    """Copies the journal as it is at this moment into a new file of its own, which others than the owner cannot read.

    The agent goes on writing meanwhile. The file has its name only once it is whole, checked and on the disk. Raises
    JournalError: JOURNAL_MISSING, BACKUP_NOT_MADE when the target is there or cannot be written, BACKUP_UNUSABLE when
    the copy is not sound, because the journal is not.
    """
    if target.exists():
        raise JournalError(Fault.BACKUP_NOT_MADE, "FileExistsError")
    source = _read_only(journal)
    try:
        return _copied(source, target)
    finally:
        source.close()


def restore(copy: Path, journal: Path, *, at: datetime, who: str) -> Restored:
    """Puts a copy in the journal's place. The one that was there stays beside it, under its name and the moment.

    Raises JournalError: JOURNAL_IN_USE while an agent runs; BACKUP_UNUSABLE, JOURNAL_DAMAGED or JOURNAL_NEWER for a
    copy that is not sound. Nothing has been touched then.
    """
    found = check(copy)
    if found.problems:
        raise JournalError(Fault.BACKUP_UNUSABLE, found.problems[0])
    journal.parent.mkdir(parents=True, exist_ok=True)
    lock = hold(journal.with_name(journal.name + ".lock"))
    try:
        fresh = journal.with_name(f"{journal.name}.restoring")
        fresh.unlink(missing_ok=True)
        source = _read_only(copy)
        try:
            _copied(source, fresh)
        finally:
            source.close()
        erased = _erased_meanwhile(journal)
        kept = _put_aside(journal, at)
        fresh.replace(journal)
        _flush_folder(journal.parent)
        _begin_anew(journal, at, who, found, erased)
    finally:
        lock.close()
    return Restored(checked=found, kept=kept)


def _copied(source: apsw.Connection, target: Path) -> Checked:
    """In one step, as of one moment: readers and the writer of a journal in WAL mode do not wait for it."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        copy = apsw.Connection(str(part))
        try:
            with copy.backup("main", source, "main") as work:
                work.step(-1)
            copy.pragma("journal_mode", "delete")  # One file, with nothing beside it.
        finally:
            copy.close()
        found = check(part)
        if found.problems:
            raise JournalError(Fault.BACKUP_UNUSABLE, found.problems[0])
        _flush(part)
        part.replace(target)
        _flush_folder(target.parent)
    except (apsw.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise JournalError(Fault.BACKUP_NOT_MADE, type(error).__name__) from error
    except JournalError:
        part.unlink(missing_ok=True)
        raise
    return found


def _put_aside(journal: Path, at: datetime) -> Path | None:
    if not journal.exists():
        return None
    kept = journal.with_name(f"{journal.name}.before-{at:%Y%m%dT%H%M%SZ}")
    for end in ("", *_BESIDE):
        part = journal.with_name(journal.name + end)
        if part.exists():
            part.replace(kept.with_name(kept.name + end))
    return kept


def _erased_meanwhile(journal: Path) -> list[tuple[str, int, int, str]]:
    """Whose data was erased, by the journal that is about to be put aside; nothing where it is damaged or missing."""
    try:
        connection = _read_only(journal)
    except JournalError:
        return []
    try:
        return erased_orders(connection)
    except apsw.Error:
        return []
    finally:
        connection.close()


def _begin_anew(journal: Path, at: datetime, who: str, found: Checked, erased: list[tuple[str, int, int, str]]) -> None:
    """What was written since the copy was made is not in it. So nothing that it says of the shops' shelves is believed:
    every article is looked at again and compared, and what may have been made is looked for first."""
    connection = look_into(journal)  # Brings an older copy to this version.
    at_ms = int(at.timestamp() * 1000)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM notes WHERE key = 'settings' OR key LIKE 'settings/%'")
        connection.execute("UPDATE links SET unsure = 7, stock = NULL, stock_at = NULL")
        connection.execute("UPDATE tasks SET unsure = 1")
        connection.execute("UPDATE documents SET unsure = 1 WHERE step <> ''")
        connection.execute("DELETE FROM admin_sessions")
        users.act(connection, at_ms=at_ms, who=who, kind="journal_restored", after={"orders": found.orders})
        connection.execute("COMMIT")
        erase_again(connection, erased)
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    finally:
        connection.close()


def _read_only(path: Path) -> apsw.Connection:
    if not path.is_file():
        raise JournalError(Fault.JOURNAL_MISSING, str(path))
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    except apsw.Error as error:
        raise JournalError(Fault.JOURNAL_DISK, type(error).__name__) from error
    connection.set_busy_timeout(10_000)
    return connection


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Windows keeps names without being asked, and opens no folder."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
