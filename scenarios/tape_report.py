"""What a replayed tape showed: the requests that differ from the recorded ones, and where."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import msgspec

NOTHING = "(nothing)"
"""Stands where one side has no value at all."""


class What(StrEnum):
    """DIFFERS: the request was made, and something in it is not as recorded. EXTRA: the recorded agent made no such
    request. MISSING: it did, and the replayed one does not."""

    DIFFERS = "differs"
    EXTRA = "extra"
    MISSING = "missing"


class Difference(msgspec.Struct, frozen=True):
    """One value of one request. `number` is the recorded request's (0 for an extra one), `at_s` seconds since the start
    of its life, `where` the path to the value: "params.status", "body.lines[2].line_sum", empty for a whole request."""

    what: What
    life: str
    number: int
    at_s: float
    system: str
    request: str
    where: str = ""
    recorded: Any = NOTHING
    replayed: Any = NOTHING

    def line(self) -> str:
        head = f"{self.life} #{self.number} {self.at_s:.3f} s {self.system} {self.request}"
        if self.what is not What.DIFFERS:
            return f"{head}: {self.what.value}"
        return f"{head}: {self.where}: recorded {_shown(self.recorded)}, now {_shown(self.replayed)}"


class Report(msgspec.Struct, frozen=True):
    """Of all lives of a tape. `requests` is how many recorded ones there are, `virtual_s` how long the tape lasted.

    `cut` names the lives whose file ends without a word of why: the agent, or its computer, was killed.
    """

    lives: int
    requests: int
    virtual_s: float
    differences: tuple[Difference, ...]
    cut: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        return not self.differences

    def lines(self, limit: int = 20) -> Iterator[str]:
        """For people: the first differences, one a line, then the sum. What comes after the first may follow from it:
        an agent that has done one thing otherwise asks otherwise from there on."""
        yield from (difference.line() for difference in self.differences[:limit])
        if len(self.differences) > limit:
            yield f"... and {len(self.differences) - limit} more, which may follow from these"
        found = len(self.differences)
        yield f"{self.lives} lives, {self.requests} requests, {self.virtual_s:.0f} s: {found} differences"


def compare(recorded: Any, replayed: Any, where: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every place at which two values of JSON differ, with both values."""
    if isinstance(recorded, dict) and isinstance(replayed, dict):
        for name in dict.fromkeys((*recorded, *replayed)):
            below = f"{where}.{name}" if where else str(name)
            yield from compare(recorded.get(name, NOTHING), replayed.get(name, NOTHING), below)
    elif isinstance(recorded, list) and isinstance(replayed, list):
        for at in range(max(len(recorded), len(replayed))):
            yield from compare(_at(recorded, at), _at(replayed, at), f"{where}[{at}]")
    elif recorded != replayed or type(recorded) is not type(replayed):
        yield where, recorded, replayed


def _at(values: list[Any], at: int) -> Any:
    return values[at] if at < len(values) else NOTHING


def _shown(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 200 else f"{text[:197]}..."
