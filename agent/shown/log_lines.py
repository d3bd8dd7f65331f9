"""The agent's own log for people: its last lines in memory, and a file that is rotated, where one is wanted.

What is logged holds no secrets and nothing of a customer's, so neither do these.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
import structlog

from agent.model.clock import Clock, wall_clock
from agent.model.order import Frozen

KEPT = 2_000
"""Lines kept in memory: some hundred kilobytes."""

FILE_MAX = 10_000_000
"""Bytes of one file."""

FILES = 5
"""The newest, and so many before it: log.jsonl.1 is the one before, and so on."""

CHUNK = 200_000
"""Bytes of a file that are read for one page."""


class LogLine(Frozen, frozen=True):
    """`at_ms` is ours. `shop`, `part` and `code` are told apart from the other fields, empty where it names none."""

    at_ms: int
    level: str
    event: str
    shop: str = ""
    part: str = ""
    code: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def line_of(at_ms: int, told: Mapping[str, Any]) -> LogLine:
    actor = str(told.get("actor", ""))
    part, _, of_shop = actor.partition("/")
    part = part or str(told.get("direction") or told.get("part") or "")
    known = {"level", "event", "timestamp", "shop", "fault", "actor"}
    # What a column says already, the name of the fault in the reader's own language among it.
    known |= {name for name in ("direction", "part") if told.get(name) == part}
    known |= {"title"} if told.get("fault") else set()
    return LogLine(
        at_ms=at_ms,
        level=str(told.get("level", "info")),
        event=str(told.get("event", "")),
        shop=str(told.get("shop") or of_shop),
        part=part,
        code=str(told.get("fault", "")),
        fields=tuple(
            (name, _value(value)) for name, value in told.items() if name not in known and value not in ("", ())
        ),
    )


def _value(value: object) -> str:
    """Lists as people write them, the same whether they come from memory or from the file."""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


class LogRing:
    """Keeps the last lines: a processor of structlog. `file` is where all lines are written too, if anywhere."""

    def __init__(self, clock: Clock = wall_clock, file: LogFile | None = None, *, kept: int = KEPT) -> None:
        self.lines: deque[LogLine] = deque(maxlen=kept)
        self.file = file
        self._clock = clock

    def __call__(self, _logger: object, _name: str, event: Any) -> Any:
        now = self._clock()
        self.lines.append(line_of(round(now.timestamp() * 1000), event))
        if self.file is not None:
            self.file.write({"timestamp": now.isoformat(timespec="milliseconds"), **event})
        return event

    def newest(self, limit: int) -> list[LogLine]:
        """The newest first."""
        lines = list(self.lines)
        return lines[: -limit - 1 : -1]


def ring_at_work() -> LogRing | None:
    """The one that the log of this process goes through, where it has one."""
    processors = structlog.get_config()["processors"]
    return next((each for each in processors if isinstance(each, LogRing)), None)


class LogFile:
    """JSON lines in a file; a full one makes room for another. Any thread may write. Raises OSError when it cannot be
    opened; when the disk is full later, lines go to standard error alone."""

    def __init__(self, path: Path, *, most: int = FILE_MAX) -> None:
        self.path = path
        self._most = most
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO = path.open("ab")

    def write(self, told: Mapping[str, Any]) -> None:
        line = json.dumps(told, default=str, ensure_ascii=False).encode() + b"\n"
        with self._lock:
            try:
                if self._file.tell() + len(line) > self._most:
                    self._rotate()
                self._file.write(line)
                self._file.flush()
            except (OSError, ValueError):
                return  # Whoever logs must not fail because nobody can read it here.

    def close(self) -> None:
        self._file.close()

    def _rotate(self) -> None:
        """Closed before it is renamed, as Windows wants it."""
        self._file.close()
        for number in reversed(range(FILES)):  # The oldest is replaced by the one after it.
            older = numbered(self.path, number)
            if older.exists():
                older.replace(numbered(self.path, number + 1))
        self._file = self.path.open("ab")


def numbered(path: Path, number: int) -> Path:
    """The file itself, or the one so many before it."""
    return path if not number else path.with_name(f"{path.name}.{number}")


def read_older(path: Path, number: int, before: int | None) -> tuple[list[LogLine], int, int]:
    """The lines just before a place of a file, the newest first, and where the page before them ends: a file's number
    and a place, number -1 when there is nothing more. Raises OSError."""
    file = numbered(path, number)
    size = file.stat().st_size
    end = size if before is None else min(before, size)
    start = max(0, end - CHUNK)
    with file.open("rb") as opened:
        opened.seek(start)
        body = opened.read(end - start)
    if start:
        head, _, body = body.partition(b"\n")
        start += len(head) + 1
    lines = [line for each in reversed(body.splitlines()) if (line := _parsed(each)) is not None]
    if start > 0:
        return lines, number, start
    return (lines, number + 1, -1) if numbered(path, number + 1).exists() else (lines, -1, -1)


def _parsed(text: bytes) -> LogLine | None:
    """None for a line that was cut in two."""
    try:
        told = msgspec.json.decode(text, type=dict[str, Any])
        at = datetime.fromisoformat(str(told.get("timestamp", "")))
    except (msgspec.DecodeError, ValueError):
        return None
    return line_of(round(at.timestamp() * 1000), told)
