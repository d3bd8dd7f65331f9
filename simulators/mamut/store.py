"""Keeps a simulated company in a file, so that it outlives the process, `kill -9` included.

The file is text, one JSON value a line: a head, a snapshot of the books, then every act since. An act's line is
handed to the operating system before its answer leaves, so what a client was told is there after any death of the
process (not after a loss of power: nothing is forced to the disk for each act). A last line that was cut off belongs to
an act whose answer nobody has seen; it is left out. Sessions are not kept: after a restart every token is unknown.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from simulators.http import Clock
from simulators.mamut.books import Held
from simulators.mamut.errors import Refused
from simulators.mamut.options import MamutOptions
from simulators.mamut.system import Mamut

FORMAT = 1


class StateError(Exception):
    """The state file cannot be used. `code` is stable; the text gives cause and remedy."""

    def __init__(self, code: str, cause: str, remedy: str) -> None:
        super().__init__(f"{code}: {cause}. {remedy}")
        self.code = code


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """With which seed and options the acts below were done, for they decide what an act does. No passwords."""

    format: int
    seed: int
    options: MamutOptions


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    act: str
    key: str
    body: msgspec.Raw


class Store:
    """The open state file of one company."""

    def __init__(self, path: Path, options: MamutOptions, seed: int) -> None:
        self._path = path
        self._head = Head(format=FORMAT, seed=seed, options=msgspec.structs.replace(options, users={}))
        self._file: int | None = None

    def append(self, at: datetime, act: str, key: str, body: bytes) -> None:
        """Hands one act to the operating system. Raises OSError when it cannot; then no answer may leave."""
        if self._file is None:
            raise ValueError("the state file is not open")
        line = msgspec.Raw(msgspec.json.format(body, indent=-1))
        data = msgspec.json.encode(Entry(at=at, act=act, key=key, body=line)) + b"\n"
        while data:
            data = data[os.write(self._file, data) :]

    def write_snapshot(self, held: Held) -> None:
        """Replaces the file, in one step, by a snapshot with no acts behind it, and opens it for more."""
        self.close()
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("wb") as file:
            for part in (self._head, held):
                file.write(msgspec.json.encode(part) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        flags = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0)
        self._file = os.open(self._path, flags)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def open_mamut(path: Path, options: MamutOptions, clock: Clock, seed: int = 0) -> tuple[Mamut, Store]:
    """The company in the file, or a new one if there is no file yet. Close the store when done.

    Raises StateError when the file is not one of ours or is damaged, OSError when it cannot be read or written.
    """
    held = _read(path, options, clock) if path.exists() else None
    store = Store(path, options, seed)
    mamut = Mamut(options, clock, seed, held=held, log=store)
    store.write_snapshot(mamut.books.held)
    return mamut, store


def _read(path: Path, options: MamutOptions, clock: Clock) -> Held:
    """The books as the file tells them: the snapshot, with every act after it done again."""
    with path.open("rb") as file:
        lines = _whole_lines(file)
        try:
            head = msgspec.json.decode(next(lines), type=Head)
            held = msgspec.json.decode(next(lines), type=Held)
        except (StopIteration, msgspec.DecodeError):
            raise StateError("BRY-S25", f"{path.name} is no state file of the Mamut simulator", _REMEDY) from None
        if head.format != FORMAT:
            raise StateError("BRY-S26", f"{path.name} is of another version ({head.format})", _REMEDY)
        if _series(head.options) != _series(options):
            raise StateError("BRY-S28", f"{path.name} was begun with other number series", _REMEDY)
        mamut = Mamut(head.options, clock, head.seed, held=held)
        decoder = msgspec.json.Decoder(Entry)
        for number, line in enumerate(lines, start=3):
            try:
                entry = decoder.decode(line)
                mamut.replay(entry.at, entry.act, entry.key, bytes(entry.body))
            except (msgspec.DecodeError, Refused) as error:
                raise StateError("BRY-S27", f"{path.name} is damaged in line {number} ({error})", _REMEDY) from None
    return mamut.books.held


def _series(options: MamutOptions) -> tuple[int, int, int]:
    """Where the numbers begin; records are found by counting from there."""
    return (options.first_order_no, options.first_invoice_no, options.first_custid)


def _whole_lines(lines: Iterator[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line.endswith(b"\n"):
            yield line


_REMEDY = "Name another file with --state, or move this one away to begin with an empty company"
