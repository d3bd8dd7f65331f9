"""The recorder: writes a tape while the agent runs.

A tape is a folder with one file for each life of the agent: JSON lines, each written at once, so that a life that ends
in the middle of a word has lost nothing but that word. What a line holds is said in docs/tapes.md.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec
import structlog
import trio

from agent.model.clock import Clock
from agent.remote.net import Answer
from agent.remote.tape.invent import Inventor
from agent.remote.tape.scrub import MAMUT, Scrubber, way_of
from agent.remote.tape.start import journal_lines
from agent.remote.trouble import Trouble
from agent.settings.tree import Settings

FORMAT = 1
"""Raised when an older player could not read a tape any more."""

SIZE_MAX = 512 * 1024 * 1024
"""Bytes of one life's file: about 25 000 orders. The recording ends there and the agent goes on."""

NAME = "tape-{:04d}.jsonl"

log = structlog.get_logger("brygga")


class Recorder:
    """Keeps one life of the agent. Whatever goes wrong with the tape, the agent itself goes on.

    `key` decides what is invented; by default it is drawn and forgotten. Raises OSError when the folder or the file
    cannot be made.
    """

    def __init__(self, folder: Path, clock: Clock, *, size_max: int = SIZE_MAX, key: bytes | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path, self._file = _new_file(folder)
        self._clock = clock
        self._size_max = size_max
        self._inventor = Inventor(key or secrets.token_bytes(32))
        self._scrub: Scrubber | None = None
        self._zero_s = 0.0
        self._size = 0
        self._asked = 0
        self._encoder = msgspec.json.Encoder(decimal_format="number")

    def begin(self, settings: Settings, journal: apsw.Connection, *, version: str, seed: int, once: bool) -> None:
        """The first lines: who records, by which settings, and what the journal held."""
        self._zero_s = trio.current_time()
        self._scrub = Scrubber(self._inventor, settings)
        head = {"format": FORMAT, "agent": version, "at": self._clock().isoformat(), "seed": str(seed), "once": once}
        self._write("tape", head | {"settings": self._scrub.settings(settings)})
        self._write_all("journal", journal_lines(journal, self._scrub, settings))
        self._write("begin", {})

    def watch(self, system: str, address: str) -> SystemWatch:
        """What a connection tells of its exchanges with one system."""
        return SystemWatch(self, system, address)

    def stopping(self) -> None:
        """The agent was told to stop."""
        self._write("stop", {"at_s": self._now_s()})

    def close(self) -> None:
        """The life ends here, in order or not."""
        self._write("end", {"at_s": self._now_s()})
        self._end()

    # -- what SystemWatch tells --------------------------------------------------------------------------------------

    def asked(self, system: str, root: str, method: str, url: str, headers: dict[str, str], body: bytes | None) -> int:
        self._asked += 1
        if self._file is not None and self._scrub is not None:
            told = {"n": self._asked, "at_s": self._now_s(), "system": system, "method": method}
            told["way"] = way_of(url, headers)
            self._write("asked", told | self._scrub.asked(url, root, body))
        return self._asked

    def answered(self, system: str, number: int, answer: Answer) -> None:
        if self._file is not None and self._scrub is not None:
            told = self._scrub.answered(answer, plugins=system != MAMUT)
            self._write("answered", {"n": number, "at_s": self._now_s()} | told)

    def failed(self, number: int, trouble: Trouble) -> None:
        if self._file is not None and self._scrub is not None:
            told = {"n": number, "at_s": self._now_s(), "trouble": trouble.kind.value, "problem": trouble.problem}
            # The name of an exception's class; anything else may tell whose server it is.
            told["detail"] = trouble.detail if trouble.detail.isidentifier() else self._scrub.value(trouble.detail)
            told["fault"] = trouble.fault.value if trouble.fault else ""
            self._write("failed", told)

    # -- the file ----------------------------------------------------------------------------------------------------

    def _now_s(self) -> float:
        return round(trio.current_time() - self._zero_s, 6)

    def _write_all(self, kind: str, lines: Iterator[dict[str, Any]]) -> None:
        for line in lines:
            self._write(kind, line)

    def _write(self, kind: str, data: dict[str, Any]) -> None:
        if self._file is None:
            return
        line = self._encoder.encode({"kind": kind, **data}) + b"\n"
        if self._size + len(line) > self._size_max:
            log.warning("tape_full", file=self.path.name, bytes=self._size)
            line = self._encoder.encode({"kind": "full", "at_s": self._now_s()}) + b"\n"
            self._put(line)
            self._end()
            return
        self._put(line)

    def _put(self, line: bytes) -> None:
        """In one write, past any buffer of ours: what is written stands there when the process is killed."""
        if self._file is None:
            return
        try:
            while line:
                written = os.write(self._file, line)
                self._size += written
                line = line[written:]
        except OSError as error:
            log.warning("tape_ends", file=self.path.name, problem=error.strerror or type(error).__name__)
            self._end()

    def _end(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SystemWatch:
    """One system's exchanges, told to the recorder."""

    def __init__(self, recorder: Recorder, system: str, address: str) -> None:
        self._recorder = recorder
        self._system = system
        self._address = address

    def asked(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> int:
        return self._recorder.asked(self._system, self._address, method, url, headers, body)

    def answered(self, number: int, answer: Answer) -> None:
        self._recorder.answered(self._system, number, answer)

    def failed(self, number: int, trouble: Trouble) -> None:
        self._recorder.failed(number, trouble)


def _new_file(folder: Path) -> tuple[Path, int | None]:
    """The next life's file, which only we may read."""
    lives = [int(path.stem[5:]) for path in folder.glob("tape-*.jsonl") if path.stem[5:].isdigit()]
    path = folder / NAME.format(max(lives, default=0) + 1)
    return path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
