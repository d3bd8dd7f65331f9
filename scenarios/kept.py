"""Which plays have held, in a file: a long run that is broken off goes on where it was.

A play that broke something is played again the next time, and so is every play of a story that has been changed since.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec

from scenarios.engine import Played

Task = tuple[Path, int]
"""A story's file and a seed."""


class _Line(msgspec.Struct, frozen=True):
    story: str
    of: str
    seed: int
    broken: tuple[str, ...] = ()


class Kept:
    """One JSON line a play. Raises OSError when the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digests: dict[Path, str] = {}
        self._held: set[tuple[str, str, int]] = set()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        lines = path.read_bytes().split(b"\n")
        if lines[-1]:
            with path.open("ab") as file:
                file.write(b"\n")  # The last line was cut off: the next one begins below it.
        for line in lines:
            self._read(line)

    def _read(self, line: bytes) -> None:
        try:
            found = msgspec.json.decode(line, type=_Line)
        except msgspec.DecodeError:
            return  # What was being written when the run ended is played again.
        if not found.broken:
            self._held.add((found.story, found.of, found.seed))

    def has_held(self, task: Task) -> bool:
        path, seed = task
        return (path.stem, self._digest(path), seed) in self._held

    def add(self, task: Task, played: Played) -> None:
        line = _Line(played.story, self._digest(task[0]), played.seed, tuple(played.broken))
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(line) + b"\n")

    def _digest(self, path: Path) -> str:
        if path not in self._digests:
            self._digests[path] = hashlib.blake2b(path.read_bytes(), digest_size=6).hexdigest()
        return self._digests[path]
