"""Between the agent's times and the journal's integers."""

from __future__ import annotations

from datetime import UTC, datetime


def to_ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def to_s(moment: datetime) -> int:
    return int(moment.timestamp())


def from_s(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
