"""The journal's statements of one run, so that they can be done again and nothing else: the floor under any agent that
keeps this journal."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import apsw
import msgspec

from agent.journal.journal import Journal, open_journal


class Said(msgspec.Struct, frozen=True, array_like=True):
    """One statement as SQLite was given it. `writes` tells by which of the two connections."""

    writes: bool
    sql: str
    values: list[Any]


class Statements:
    """What a journal's connections are given from now on. Looking on costs time: a run that is kept measures none."""

    def __init__(self, journal: Journal) -> None:
        self.said: list[Said] = []
        for writes, connection in ((True, journal._writer), (False, journal._reader)):
            connection.exec_trace = self._keeping(writes)

    def _keeping(self, writes: bool) -> apsw.ExecTracer:
        def keep(_cursor: apsw.Cursor, sql: str, values: Any) -> bool:
            self.said.append(Said(writes, sql, list(values or ())))
            return True

        return keep

    def save(self, file: Path) -> None:
        file.write_bytes(msgspec.msgpack.encode(self.said))


def beside(tape: Path) -> Path:
    """Where the statements of the run lie whose requests are on this tape."""
    return tape.with_name(tape.name + ".statements")


def said_again(statements: Path, journal_path: Path) -> float:
    """Does them all on a new journal, one after the other; gives the CPU time in seconds."""
    said = msgspec.msgpack.decode(statements.read_bytes(), type=list[Said])
    journal: Journal = open_journal(journal_path)
    writer, reader = journal._writer, journal._reader
    try:
        before = time.process_time()
        for one in said:
            (writer if one.writes else reader).execute(one.sql, one.values).fetchall()
        return time.process_time() - before
    finally:
        journal.close()
