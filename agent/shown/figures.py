"""Amounts, times and numbers as people write them here."""

from __future__ import annotations

from datetime import UTC, date, datetime

from agent.model.clock import STOCKHOLM
from agent.model.money import from_ore
from agent.model.words import Language

_NARROW = "\u00a0"  # what parts thousands in Swedish; a plain space would let a table break the amount in two


def number(value: int, language: Language) -> str:
    """Thousands parted as the language does."""
    text = f"{value:,}"
    return text.replace(",", _NARROW) if language is Language.SWEDISH else text


def plain_amount(amount_ore: int, language: Language) -> str:
    """Two decimals: 1 234,50 in Swedish, 1,234.50 in English."""
    text = f"{from_ore(amount_ore):,.2f}"
    if language is Language.SWEDISH:
        return text.replace(",", _NARROW).replace(".", ",")
    return text


def amount(amount_ore: int, currency: str, language: Language) -> str:
    unit = "kr" if currency == "SEK" and language is Language.SWEDISH else currency
    return f"{plain_amount(amount_ore, language)}{_NARROW}{unit}".rstrip()


def moment_ms(at_ms: int | None, *, seconds: bool = False) -> str:
    """Swedish local time of a moment of ours, empty for none."""
    if at_ms is None:
        return ""
    return _shown(datetime.fromtimestamp(at_ms // 1000, UTC), seconds=seconds)


def moment_s(at_s: int | None) -> str:
    """Swedish local time of a moment of the shop's, empty for none."""
    return "" if at_s is None else _shown(datetime.fromtimestamp(at_s, UTC), seconds=False)


def _shown(at: datetime, *, seconds: bool) -> str:
    return at.astimezone(STOCKHOLM).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def iso_ms(at_ms: int | None) -> str | None:
    """UTC with milliseconds, for programs."""
    if at_ms is None:
        return None
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_s(at_s: int | None) -> str | None:
    return None if at_s is None else datetime.fromtimestamp(at_s, UTC).isoformat().replace("+00:00", "Z")


def duration(seconds: float, language: Language) -> str:
    """About how long: 45 s, 12 min, 3 tim, 2 dygn."""
    hours, days = ("tim", "dygn") if language is Language.SWEDISH else ("h", "days")
    if seconds < 120:
        return f"{max(int(seconds), 0)} s"
    if seconds < 7200:
        return f"{int(seconds // 60)} min"
    if seconds < 172_800:
        return f"{int(seconds // 3600)} {hours}"
    return f"{int(seconds // 86_400)} {days}"


_MONTHS_SV = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sept", "okt", "nov", "dec")
_MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


def day_name(day: date, language: Language) -> str:
    """23 nov, or 23 Nov."""
    names = _MONTHS_SV if language is Language.SWEDISH else _MONTHS_EN
    return f"{day.day} {names[day.month - 1]}"
