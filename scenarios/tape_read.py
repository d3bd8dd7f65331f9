"""A tape as it lies on the disk, read into lives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from agent.remote.tape.recorder import FORMAT
from agent.settings.tree import Settings

PATTERN = "tape-*.jsonl"

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


class TapeError(Exception):
    """This is no tape, or one that this version cannot play. The text says which."""


class Head(msgspec.Struct):
    """The first line. `at` is the agent's clock when the life began."""

    format: int
    agent: str
    at: datetime
    seed: str
    once: bool
    settings: Settings


class Outcome(msgspec.Struct):
    """What came back, and when: an answer, or the trouble instead. `order` is the line's place on the tape."""

    at_s: float
    order: int
    status: int = 0
    headers: dict[str, str] = {}
    body: bytes = b""
    trouble: str = ""
    problem: str = ""
    detail: str = ""
    fault: str = ""


class Recorded(msgspec.Struct):
    """One request of the recorded agent; without an outcome when its life ended first."""

    number: int
    at_s: float
    system: str
    method: str
    asked: dict[str, Any]
    outcome: Outcome | None = None

    @property
    def request(self) -> str:
        return f"{self.method} {self.asked['path']}"


class Rows(msgspec.Struct):
    """Rows of one table of the journal as it was when the life began."""

    table: str
    columns: list[str]
    rows: list[list[Any]]


class Life(msgspec.Struct):
    """One file. Times are seconds since its beginning; `stop` and `end` also have their place on the tape."""

    name: str
    head: Head
    journal: list[Rows] = []
    exchanges: list[Recorded] = []
    stop: tuple[float, int] | None = None
    end: tuple[float, int] = (0.0, 0)
    cut: bool = True


def is_tape(folder: Path) -> bool:
    """Whether the folder holds a tape."""
    return folder.is_dir() and any(folder.glob(PATTERN))


def read_tape(folder: Path) -> list[Life]:
    """The lives in the order in which they were lived. Raises TapeError."""
    paths = sorted(folder.glob(PATTERN))
    if not paths:
        raise TapeError(f"{folder} holds no tape")
    return [life for path in paths if (life := _read_life(path)) is not None]


def _read_life(path: Path) -> Life | None:
    """None for a life that ended before its first line was written."""
    life: Life | None = None
    by_number: dict[int, Recorded] = {}
    for order, line in enumerate(_lines(path)):
        if life is None:
            life = Life(path.stem, _head(path, line))
            continue
        row = _DECODER.decode(line)
        kind = row["kind"]
        if kind == "journal":
            life.journal.append(Rows(row["table"], row["columns"], row["rows"]))
            continue
        if kind == "begin":
            continue
        at_s = float(row["at_s"])
        life.end = (at_s, order)
        if kind == "asked":
            asked = {name: row[name] for name in ("way", "path", "params", "body") if name in row}
            by_number[row["n"]] = Recorded(row["n"], at_s, row["system"], row["method"], asked)
            life.exchanges.append(by_number[row["n"]])
        elif kind in ("answered", "failed"):
            by_number[row["n"]].outcome = _outcome(row, at_s, order)
        elif kind == "stop":
            life.stop = (at_s, order)
        elif kind in ("end", "full"):
            life.cut = False
    return life


def _lines(path: Path) -> Iterator[bytes]:
    """All whole lines: a life that was killed may have left a beginning of one."""
    with path.open("rb") as file:
        for line in file:
            if line.endswith(b"\n"):
                yield line


def _head(path: Path, line: bytes) -> Head:
    try:
        head = msgspec.json.decode(line, type=Head)
    except msgspec.DecodeError as error:
        raise TapeError(f"{path} is no tape: {error}") from error
    if head.format != FORMAT:
        raise TapeError(f"{path} has format {head.format}, this program plays {FORMAT}")
    return head


def _outcome(row: dict[str, Any], at_s: float, order: int) -> Outcome:
    if row["kind"] == "failed":
        told = {name: row[name] for name in ("trouble", "problem", "detail", "fault")}
        return Outcome(at_s, order, **told)
    body = row["text"].encode() if "text" in row else msgspec.json.Encoder(decimal_format="number").encode(row["body"])
    return Outcome(
        at_s, order, status=row["status"], headers=row["headers"], body=row.get("before", "").encode() + body
    )
