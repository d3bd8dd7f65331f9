"""The file in which a simulated shop survives its process: a snapshot at most, then every step that changed it.

Everything in a shop follows from its options, its seed and the moments and contents of the steps, so the file holds
those and a start does them again. A step is handed to the operating system before its answer leaves, so that what a
client was told is still true after kill -9. (A power cut may take the last seconds; nothing is flushed to the disk.)

Layout: a line that names the format, then records of four bytes length, four bytes CRC-32 (both big endian) and that
many bytes of MessagePack. What follows the first record that is cut off or does not fit its checksum is a torn end: it
is ignored and cut away before the next step is written.
"""

from __future__ import annotations

import os
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TypeAlias

import msgspec

from simulators.http import Request
from simulators.woocommerce.options import ShopOptions

FORMAT = b"BRYGGA SHOP 1\n"
_FRAME = struct.Struct(">II")
_LOCKED_PLACE = 1 << 40
"""Where the lock lies on Windows, whose locks keep others from reading what they cover."""


class StateError(Exception):
    """A state file that cannot be used. `code` is stable, `remedy` says what to do."""

    def __init__(self, code: str, cause: str, remedy: str) -> None:
        super().__init__(f"{code}: {cause} {remedy}")
        self.code = code
        self.remedy = remedy


class Made(msgspec.Struct, frozen=True, tag="made"):
    """The first record: what the shop was made of."""

    options: ShopOptions
    seed: int


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot"):
    """The whole shop as it was at a clean stop; only ever the second record."""

    data: bytes


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """A request that may have changed the shop; `at` is the shop's clock, in microseconds since 1970."""

    at: int
    request: Request


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """The server asked for deliveries that are due; their bodies are made then."""

    at: int


class Delivered(msgspec.Struct, frozen=True, tag="delivered"):
    """How a delivery ended: the receiver's status, None when it gave none, and how long it took."""

    at: int
    delivery: int
    status: int | None
    took_ms: int


class Started(msgspec.Struct, frozen=True, tag="started"):
    """The process began anew: what was under way in the old one is not."""

    at: int


Step: TypeAlias = Asked | Taken | Delivered | Started
_Record: TypeAlias = Made | Snapshot | Step

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[_Record] = msgspec.msgpack.Decoder(_Record)


class StateFile:
    """The open file. `snapshot` and `steps` are what it held; read them once, before the first `append`."""

    def __init__(self, path: Path, made: Made) -> None:
        """Opens or makes the file.

        Raises:
            StateError: BRY-S21 if it is no such file, BRY-S22 if it belongs to a shop of other options or seed,
                BRY-S23 if another version of the simulator wrote it (`steps` and `Site` find that too), BRY-S24 if a
                shop runs on it now.
            OSError: if it cannot be read or written.
        """
        self._path = path
        self._made = made
        self._snapshot: bytes | None = None
        self._file = _opened(path)
        try:
            _lock(self._file, path)
            self._begin = self._read_head()
        except StateError:
            self._file.close()
            raise

    @property
    def snapshot(self) -> bytes | None:
        return self._snapshot

    def _read_head(self) -> int:
        """Checks the head and gives the place where the steps begin; makes the head of a new file."""
        head = FORMAT + _framed(self._made)
        line = _read(self._file, len(FORMAT))
        first = next(_records(self._file), None) if line == FORMAT else None
        if first is None:
            if not head.startswith(line) or self._path.stat().st_size >= len(head):
                raise StateError("BRY-S21", f"{self._path} is no state file of a simulated shop.", "Name another file.")
            self._file.seek(0)
            self._file.truncate()
            _write(self._file, head)
            return len(head)
        made, begin = first
        if not isinstance(made, Made) or _lasting(made) != _lasting(self._made):
            cause = f"{self._path} holds a shop of other options or another seed."
            raise StateError("BRY-S22", cause, "Start with the same ones, or name another file.")
        second = next(_records(self._file), None)
        if second is not None and isinstance(second[0], Snapshot):
            self._snapshot, begin = second[0].data, second[1]
        return begin

    def steps(self) -> Iterator[Step]:
        """All steps since the snapshot; afterwards the file stands at its good end."""
        end = self._begin
        self._file.seek(end)
        for record, end in _records(self._file):  # noqa: B007 - the last place is what remains
            if not isinstance(record, Made | Snapshot):
                yield record
        self._file.seek(end)
        self._file.truncate()

    def append(self, step: Step) -> None:
        """Gives the step to the operating system; when this returns it survives the end of this process."""
        _write(self._file, _framed(step))

    def compact(self, snapshot: bytes) -> None:
        """Replaces all steps by a snapshot, whole or not at all."""
        fresh = self._path.with_name(f"{self._path.name}.new")
        with _opened(fresh) as file:
            file.truncate()
            for part in (FORMAT, _framed(self._made), _framed(Snapshot(snapshot))):
                _write(file, part)
            os.fsync(file.fileno())
        self._file.close()  # An open file cannot be replaced everywhere.
        fresh.replace(self._path)
        self._file = _opened(self._path)
        _lock(self._file, self._path)
        self._file.seek(0, os.SEEK_END)

    def close(self) -> None:
        self._file.close()


def _lasting(made: Made) -> Made:
    """What a shop is made of and cannot change. Its address may: it goes into answers and not into what is kept."""
    return Made(msgspec.structs.replace(made.options, home=""), made.seed)


def _opened(path: Path) -> BinaryIO:
    """Unbuffered, and readable by its owner alone, because the shop's keys are in it."""
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600), "r+b", buffering=0)


def _lock(file: BinaryIO, path: Path) -> None:
    """Keeps a second process off; the system lets go when this one ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            place = file.seek(_LOCKED_PLACE)
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            file.seek(place - _LOCKED_PLACE)
        else:
            import fcntl

            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        cause = f"Another simulated shop runs on {path}."
        raise StateError("BRY-S24", cause, "Stop that one first, or name another file.") from None


def _framed(record: _Record) -> bytes:
    data = _encoder.encode(record)
    return _FRAME.pack(len(data), zlib.crc32(data)) + data


def _records(file: BinaryIO) -> Iterator[tuple[_Record, int]]:
    """Records from the present place on, each with the place behind it, until the first that is not whole."""
    while True:
        place = file.tell()
        head = _read(file, _FRAME.size)
        if len(head) < _FRAME.size:
            return
        size, checksum = _FRAME.unpack(head)
        data = _read(file, size)
        if len(data) < size or zlib.crc32(data) != checksum:
            return
        try:
            record = _decoder.decode(data)
        except msgspec.DecodeError:
            raise of_another_version() from None
        yield record, place + _FRAME.size + size


def of_another_version() -> StateError:
    cause = "The state file was written by another version of the simulator."
    return StateError("BRY-S23", cause, "Name another file, or use that version.")


def _read(file: BinaryIO, size: int) -> bytes:
    """An unbuffered file may give less than was asked for."""
    data = file.read(size) or b""
    while len(data) < size:
        more = file.read(size - len(data))
        if not more:
            break
        data += more
    return data


def _write(file: BinaryIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
