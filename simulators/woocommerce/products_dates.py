"""Dates as a product's writer gives them: what PHP's strtotime makes of a text, and WooCommerce of that."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from simulators.woocommerce import dates, php
from simulators.woocommerce.call import Json

_DAY = r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
_TIME = r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?"
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_MOMENT = re.compile(rf"^\s*{_DAY}{_TIME}{_ZONE}\s*$", re.ASCII | re.IGNORECASE)
_EUROPEAN = re.compile(rf"^\s*(\d{{1,2}})[-.](\d{{1,2}})[-.](\d{{4}}){_TIME}{_ZONE}\s*$", re.ASCII | re.IGNORECASE)
_EXACT = re.compile(r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$", re.ASCII)
_WORDS = {"today": 0, "midnight": 0, "tomorrow": 1, "yesterday": -1}


def strtotime(text: str, now: int) -> int | None:
    """The moment a text names, as if it stood in UTC unless it says otherwise; None when it names none."""
    word = text.strip().lower()
    if word == "now":
        return now
    if word in _WORDS:
        return now - now % 86400 + _WORDS[word] * 86400
    if re.fullmatch(r"@-?\d+", word):
        return int(word[1:])
    match = _MOMENT.match(text)
    parts = list(match.groups()) if match else []
    if not match:
        match = _EUROPEAN.match(text)
        if match is None:
            return None
        parts = list(match.groups())
        parts[0], parts[2] = parts[2], parts[0]
    return _moment(parts)


def _moment(parts: list[str | None]) -> int | None:
    year, month, day, hour, minute, second = (int(part or 0) for part in parts[:6])
    if not (1 <= month <= 12 and 0 <= day <= 31 and hour <= 24 and minute <= 59 and second <= 60 and year >= 1):
        return None
    wall = datetime(year, month, 1, tzinfo=UTC) + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)
    return int((wall - dates.EPOCH).total_seconds()) - _offset_s(parts[6])


def _offset_s(zone: str | None) -> int:
    if not zone or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    return (1 if zone[0] == "+" else -1) * (int(digits[:2]) * 3600 + int(digits[2:]) * 60)


def local_date(value: Json, zone: str, now: int) -> int | None:
    """A date field in the shop's local time. Empty is none; what is no date is 1 January 1970
    (`products_simple[40]`)."""
    if not value:
        return None
    if php.is_numeric(value):
        return php.to_int(value)
    text = php.to_str(value)
    moment = strtotime(text, now) or 0
    return moment if _EXACT.match(text) else dates.from_local(moment, zone)


def gmt_date(value: Json, now: int) -> int | None:
    """A date field in UTC; what is no date is none."""
    return strtotime(php.to_str(value), now) if value else None
