"""What the agent has seen of its own computer and of the certificates of others: written when it becomes another."""

from __future__ import annotations

import apsw
import msgspec

from agent.journal import records
from agent.model.order import Frozen


class Computer(Frozen, frozen=True):
    """Only what is worth telling. `room_mb` is how much is free on the journal's disk, None while that is enough;
    `certificates` are the hosts whose certificates end soon, with the moment (our milliseconds); `clocks` are the shops
    whose clocks differ from ours, in seconds that theirs is ahead. `since_ms` is when it became so."""

    since_ms: int = 0
    room_mb: int | None = None
    certificates: dict[str, int] = {}
    clocks: dict[str, int] = {}


_STARTED = "started_ms"
_KEY = "computer"


def get(tx: apsw.Connection) -> Computer:
    text = records.value(tx, _KEY)
    return msgspec.json.decode(text, type=Computer) if text else Computer()


def put(tx: apsw.Connection, computer: Computer) -> None:
    records.set_value(tx, _KEY, msgspec.json.encode(computer).decode())


def started(tx: apsw.Connection) -> int:
    """When the agent last started, by its clock; 0 before the first time."""
    return int(records.value(tx, _STARTED) or 0)


def keep_start(tx: apsw.Connection, now_ms: int) -> None:
    records.set_value(tx, _STARTED, str(now_ms))
