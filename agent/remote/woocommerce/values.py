"""Single values of WooCommerce's JSON: texts that may be numbers, amounts that may be nothing, times without a zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from html import unescape
from typing import Any, TypeVar

from agent.model.money import ZERO

_AMOUNT_LIMIT = Decimal(10) ** 12
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_T = TypeVar("_T")


class BrokenContractError(Exception):
    """A field is not what WooCommerce promises. The text names the field, never its content."""


def items(value: list[_T] | dict[str, _T]) -> Iterable[_T]:
    return value.values() if isinstance(value, dict) else value


def text_of(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def plain(value: Any) -> str:
    """WooCommerce stores names with entities (`&amp;`, products_simple[78]) and plugins with markup."""
    text = text_of(value)
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    return text.strip()


def whole(value: int | str | None) -> int:
    if isinstance(value, int):
        return value
    return int(value) if value and value.isascii() and value.isdigit() else 0


def checked(amount: Decimal, where: str) -> Decimal:
    if not amount.is_finite() or abs(amount) >= _AMOUNT_LIMIT:
        raise BrokenContractError(f"Expected an amount - at `{where}`")
    return amount


def amount(value: Any, where: str) -> Decimal:
    """Nothing at all is nothing; anything else must be a decimal."""
    if value is None or value == "":
        return ZERO
    try:
        # Decimal itself takes off the spaces around a text.
        return checked(Decimal(value if isinstance(value, str) else str(value)), where)
    except InvalidOperation:
        raise BrokenContractError(f"Expected an amount - at `{where}`") from None


def loose(value: Any) -> Decimal:
    try:
        return amount(value, "")
    except BrokenContractError:
        return ZERO


def moment(value: str | None) -> datetime | None:
    """UTC without a zone, by the shop's clock. What is no date ("", "0000-00-00T00:00:00") is none."""
    if not value:
        return None
    try:
        # With its zone as it is read: to put one on afterwards takes ten times as long, and a listing is full of dates.
        return datetime.fromisoformat(value + "Z")
    except ValueError:
        return _odd_moment(value)


def _odd_moment(value: str) -> datetime | None:
    """A day without a time, a time that has a zone, or nothing."""
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
