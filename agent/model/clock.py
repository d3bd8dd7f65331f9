"""Whose clock: everything that needs the present moment is given it, so that a month can be replayed in seconds."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""The agent's own clock: aware, UTC."""

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def wall_clock() -> datetime:
    return datetime.now(UTC)


def package_month(moment: datetime) -> str:
    """The calendar month, "2026-11", in which a document made at this moment counts: by Swedish time."""
    return moment.astimezone(STOCKHOLM).strftime("%Y-%m")
