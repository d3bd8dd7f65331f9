"""Amounts as WooCommerce reckons them: PHP floats, PHP's round and texts of at most six decimals.

A shop's öre come out of these habits, so they are kept to the letter: PHP 8.2 rounds a number first to fifteen
significant digits and then to the wanted place, tax on prices that include it rounds halves down, and what is stored
is a text.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

PRECISION = 6
"""Decimals of a float that becomes a text (wc_get_rounding_precision)."""

_POWERS = tuple(10.0**power for power in range(23))
_NOT_IN_NUMBER = re.compile(r"\.(?![^.]+$)|[^0-9.-]")


def _half_up(value: float) -> float:
    return math.floor(value + 0.5) if value >= 0.0 else math.ceil(value - 0.5)


def _half_down(value: float) -> float:
    return math.ceil(value - 0.5) if value >= 0.0 else math.floor(value + 0.5)


def round_to(value: float, places: int = 0, *, half_down: bool = False) -> float:
    """round() of PHP 8.2 with its rounding ahead: 1.005 becomes 1.01, though the float is a hair less."""
    if value == 0.0 or places >= len(_POWERS) or not math.isfinite(value):
        return value
    return _rounded(value, places, half_down)


@lru_cache(maxsize=65536, typed=True)
def _rounded(value: float, places: int, half_down: bool) -> float:
    """A shop's amounts are few: the prices of its goods and what follows from them."""
    half = _half_down if half_down else _half_up
    scale = _POWERS[places]
    ahead = 14 - math.floor(math.log10(abs(value)))
    if ahead > places and ahead - 15 < places and ahead < 23:
        scaled = half(value * _POWERS[ahead] if ahead >= 0 else value / _POWERS[-ahead])
        scaled /= _POWERS[min(ahead - places, 22)]
    else:
        scaled = value * scale
        if abs(scaled) >= 1e15:
            return value
    if abs(scaled) >= 1e15:
        return value
    scaled = half(scaled)
    return scaled / scale if places > 0 else float(scaled)


@lru_cache(maxsize=65536, typed=True)
def _text(value: float) -> str:
    """A float as wc_format_decimal stores it: six decimals at most, no zeros at the end."""
    text = f"{value:.{PRECISION}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_of(value: float) -> str:
    """A float as wc_format_decimal stores it: six decimals at most, no zeros at the end. There is a minus zero."""
    return _text(value) if value else f"{value:.0f}"


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """A text as wc_format_decimal stores it: the locale's comma is a point, everything that is no number falls away."""
    return _NOT_IN_NUMBER.sub("", text.replace(",", ".").strip())


@lru_cache(maxsize=131072)
def to_float(text: str) -> float:
    """(float) of a stored amount; what is no number is 0."""
    try:
        return float(text or 0)
    except ValueError:
        match = re.match(r"-?\d*\.?\d+", text)
        return float(match[0]) if match else 0.0


@lru_cache(maxsize=131072)
def shown(text: str, places: int) -> str:
    """A stored amount with so many decimals (number_format). There is no minus zero."""
    value = round_to(to_float(text), places)
    formatted = f"{value:.{places}f}"
    return formatted[1:] if formatted[:1] == "-" and not formatted.strip("-0.") else formatted


def cents(value: float, decimals: int) -> float:
    """An amount in the smallest unit shown, with the decimals that are left of six (wc_add_number_precision)."""
    return round_to(value * _POWERS[decimals], PRECISION - decimals)


def from_cents(value: float, decimals: int) -> float:
    return value / _POWERS[decimals]
