"""The file itself: opening it alone, steps with group commit, looking without waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from typing import Any, TypeVar

import apsw
import msgspec
import outcome
import trio

from agent.journal.schema import JournalError, migrate
from agent.model.reasons import Fault

T = TypeVar("T")
Step = Callable[[apsw.Connection], T]
"""A plain function that reads and writes the journal and does nothing else. It may be run in another thread."""

HELD_MS = 500
"""How long a start waits for the lock before another agent must be holding it."""

BUSY_MS = 10_000
"""How long a step waits for another process that writes: a command leaves its wish in a millisecond."""

PAGE_BYTES = 8_192
"""The page of a journal that is made now; one that exists keeps its own. A command, or what was booked, is 1 to 2 kB:
on smaller pages most of such a row lies on another page, which is written and freed again for each order."""

STATEMENTS_MAX = 512
"""Statements that a connection keeps prepared, a few kB each: more than an agent with every direction has. One that has
left is parsed and planned anew, which costs more than to run it."""

GROUP_MAX = 256
"""Steps of one commit at most, so that one disk flush never holds up a caller for long."""


class Journal:
    """The open journal. Make it with `open_journal`.

    With `threaded` the commits of all callers that wait at the same time are one transaction, each caller in a
    savepoint of its own: in a worker thread or, when all of them are brief, in line but for the disk's part of it.
    Without it each step is a transaction in line, which is what replay needs, and steps and looks share a connection.
    """

    def __init__(
        self, path: Path, writer: apsw.Connection, reader: apsw.Connection, lock: apsw.Connection, busy_ms: int
    ) -> None:
        self.path = path
        self._busy_ms = busy_ms
        self._writer = writer
        self._reader = reader
        self._lock = lock
        self._queue: list[_Waiting] = []
        self._committing = False
        self.threaded = True
        self.commits = 0

    async def run(self, step: Step[T], *, brief: bool = False) -> T:
        """Runs the step in a transaction; when this returns it is on the disk.

        A `brief` step is a hundred rows at most, whatever the journal holds: it may be done without a thread. A thread
        that shares the interpreter costs a tenth of an order, in handing over to and fro with each statement.

        An error inside the step undoes that step alone and is raised here. Raises JournalError when the file cannot be
        written: the disk is full or broken, or another process holds it.
        """
        if not self.threaded:
            await trio.lowlevel.checkpoint()
            return self._commit_alone(step)
        waiting = _Waiting(step, brief=brief)
        self._queue.append(waiting)
        try:
            while waiting.result is None:
                if self._committing:
                    await waiting.called.wait()
                    waiting.called = trio.Event()
                else:
                    # Whoever finds nobody committing commits for all who wait by then; so there is no task of the
                    # journal's own that could die alone.
                    await self._commit_group()
        finally:
            if waiting.result is None and waiting in self._queue:
                self._queue.remove(waiting)
            self._call_next()
        value: T = waiting.result.unwrap()
        return value

    async def _commit_group(self) -> None:
        self._committing = True
        try:
            with trio.CancelScope(shield=True):  # A commit is never left half told.
                group, self._queue = self._queue[:GROUP_MAX], self._queue[GROUP_MAX:]
                results: list[outcome.Outcome[Any]] = []
                try:
                    results = await self._committed(group)
                finally:
                    # However the commit ended, nobody may be left waiting for it.
                    lost = outcome.Error(RuntimeError("the commit of this step ended without a result"))
                    for waiting, result in zip(group, chain(results, repeat(lost)), strict=False):
                        waiting.result = result
                        waiting.called.set()
        finally:
            self._committing = False

    def _call_next(self) -> None:
        if self._queue and not self._committing:
            self._queue[0].called.set()

    async def _committed(self, group: list[_Waiting]) -> list[outcome.Outcome[Any]]:
        if not all(waiting.brief for waiting in group) or not self._begins_at_once():
            return await trio.to_thread.run_sync(self._commit, group)
        connection = self._writer
        try:
            with _undone_on_error(connection):
                results = [_in_savepoint(connection, waiting.step) for waiting in group]
                await trio.to_thread.run_sync(connection.execute, "COMMIT")
        except apsw.Error as error:
            return _all_failed(group, error)
        self.commits += 1
        return results

    def _begins_at_once(self) -> bool:
        """Begins the transaction unless another process is writing: that is waited for in the thread."""
        self._writer.set_busy_timeout(0)
        try:
            self._writer.execute("BEGIN IMMEDIATE")
        except apsw.Error:
            return False  # Whatever else it is, the thread meets it too.
        finally:
            self._writer.set_busy_timeout(self._busy_ms)
        return True

    def _commit(self, group: list[_Waiting]) -> list[outcome.Outcome[Any]]:
        connection = self._writer
        try:
            connection.execute("BEGIN IMMEDIATE")
            with _undone_on_error(connection):
                results = [_in_savepoint(connection, waiting.step) for waiting in group]
                connection.execute("COMMIT")
        except apsw.Error as error:
            return _all_failed(group, error)
        self.commits += 1
        return results

    def _commit_alone(self, step: Step[T]) -> T:
        """One step in a transaction of its own, in line, with the same ends as in a group."""
        connection = self._writer
        try:
            connection.execute("BEGIN IMMEDIATE")
        except apsw.Error as error:
            raise _disk_trouble(error) from error
        try:
            result = step(connection)
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            if isinstance(error, apsw.FullError | apsw.IOError):
                raise _disk_trouble(error) from error
            raise
        try:
            connection.execute("COMMIT")
        except apsw.Error as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise _disk_trouble(error) from error
        self.commits += 1
        return result

    def view(self, look: Step[T]) -> T:
        """Looks something up in line, as of the last commit: a look-up takes microseconds, so nothing is cached."""
        if self._reader is not self._writer:
            return look(self._reader)
        connection = self._writer
        if connection.in_transaction:
            raise RuntimeError("a look inside a step sees what is not committed")
        changes = connection.total_changes()
        found = look(connection)
        if connection.total_changes() != changes:
            raise RuntimeError("a look has written")
        return found

    def close(self) -> None:
        self._reader.close()
        self._writer.close()
        self._lock.close()


class _Waiting:
    """A step and the caller who waits for it."""

    __slots__ = ("brief", "called", "result", "step")

    def __init__(self, step: Step[Any], *, brief: bool) -> None:
        self.step = step
        self.brief = brief
        self.result: outcome.Outcome[Any] | None = None
        self.called = trio.Event()


@contextmanager
def _undone_on_error(connection: apsw.Connection) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _all_failed(group: list[_Waiting], error: apsw.Error) -> list[outcome.Outcome[Any]]:
    trouble = _disk_trouble(error)
    return [outcome.Error(trouble) for _ in group]


def _in_savepoint(connection: apsw.Connection, step: Step[Any]) -> outcome.Outcome[Any]:
    connection.execute("SAVEPOINT step")
    result: outcome.Outcome[Any] = outcome.capture(step, connection)
    if isinstance(result, outcome.Error):
        if isinstance(result.error, apsw.FullError | apsw.IOError):
            raise result.error  # SQLite may have undone the whole transaction; the group fails together.
        connection.execute("ROLLBACK TO step")
    connection.execute("RELEASE step")
    return result


def _disk_trouble(error: apsw.Error) -> JournalError:
    """Full, broken, read-only, or held by another process for longer than anybody should: SQLite's word tells."""
    return JournalError(Fault.JOURNAL_DISK, type(error).__name__)


J = TypeVar("J", bound="Journal")


def open_journal(
    path: Path,
    *,
    threaded: bool = True,
    kind: type[J] = Journal,  # type: ignore[assignment]
    synchronous: bool = True,
    busy_ms: int = BUSY_MS,
) -> J:
    """Opens the journal for the one agent that works with it, making it when there is none.

    `kind` is the class of the journal: scenarios bring one that can be killed. Without `synchronous` nothing is flushed
    to the disk, which a simulated process that is killed survives and a computer would not.

    Raises JournalError: JOURNAL_IN_USE when another agent holds it, JOURNAL_DAMAGED when it is no journal,
    JOURNAL_NEWER when a later version wrote it, JOURNAL_DISK when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise JournalError(Fault.JOURNAL_DISK, f"{path.parent}: {error.strerror}") from error
    lock = hold(path.with_name(path.name + ".lock"))
    try:
        writer = _connect(path, synchronous=synchronous, busy_ms=busy_ms)
        migrate(writer)
        reader = writer
        if threaded:
            reader = _connect(path, synchronous=synchronous)
            reader.pragma("query_only", 1)
    except JournalError:
        lock.close()
        raise
    except (apsw.NotADBError, apsw.CorruptError) as error:
        lock.close()
        raise JournalError(Fault.JOURNAL_DAMAGED, str(path)) from error
    except apsw.Error as error:
        lock.close()
        raise JournalError(Fault.JOURNAL_DISK, type(error).__name__) from error
    journal = kind(path, writer, reader, lock, busy_ms)
    journal.threaded = threaded
    return journal


def look_into(path: Path) -> apsw.Connection:
    """A connection for the command line: reads at any time, and may leave wishes, also while the agent runs.

    Raises JournalError with JOURNAL_MISSING, JOURNAL_NEWER or JOURNAL_DAMAGED.
    """
    if not path.exists():
        raise JournalError(Fault.JOURNAL_MISSING, str(path))
    try:
        connection = _connect(path)
        migrate(connection)
    except (apsw.NotADBError, apsw.CorruptError) as error:
        raise JournalError(Fault.JOURNAL_DAMAGED, str(path)) from error
    except apsw.Error as error:
        raise JournalError(Fault.JOURNAL_DISK, type(error).__name__) from error
    return connection


def _connect(path: Path, *, synchronous: bool = True, busy_ms: int = BUSY_MS) -> apsw.Connection:
    if not path.exists():
        # Made with narrow rights from the start: it holds names and addresses until their orders are transferred.
        path.touch(mode=0o600)
    connection = apsw.Connection(str(path), statementcachesize=STATEMENTS_MAX)
    # A plan depends on the statement alone, not on what is bound to it: else half of the look-ups are planned anew each
    # time, because an index of the same table has a condition.
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)
    connection.set_busy_timeout(busy_ms)
    connection.pragma("page_size", PAGE_BYTES)
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full" if synchronous else "off")
    connection.pragma("foreign_keys", 1)
    return connection


def hold(path: Path) -> apsw.Connection:
    """Holds a lock that the operating system gives back when the process ends, however it ends, also on Windows."""
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(HELD_MS)  # A command that asks whether we run holds it for a moment.
    try:
        connection.pragma("locking_mode", "exclusive")
        connection.execute("BEGIN EXCLUSIVE")
    except apsw.BusyError as error:
        connection.close()
        raise JournalError(Fault.JOURNAL_IN_USE, str(path)) from error
    return connection


def pack(value: msgspec.Struct) -> bytes:
    return msgspec.msgpack.encode(value)
