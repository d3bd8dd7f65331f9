"""The kinds of value that the tree has, in words, and how one is taken from what TOML gave.

TOML's own numbers are read as int and Decimal, so that an amount is never a float on its way.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeGuard

import msgspec.inspect as mi

from agent.model.words import Words, words

_MAX_SHOWN = 40
_DIGITS = "0123456789.-+"
_MOST = Decimal(10**12)


class WrongValue(Exception):
    """The value is not of the kind the key asks for. `problem` says what it is, `remedy` what it should be."""

    def __init__(self, problem: Words, remedy: Words) -> None:
        super().__init__(problem.en)
        self.problem = problem
        self.remedy = remedy


def is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def name_of(value: object) -> Words:
    """What kind of value TOML gave, in the words of a merchant."""
    names: tuple[tuple[type, Words], ...] = (
        (bool, words("true eller false", "true or false")),
        (int, words("ett heltal", "a whole number")),
        (Decimal, words("ett decimaltal", "a decimal number")),
        (str, words("en text", "a text")),
        (datetime, words("en tidpunkt", "a point in time")),
        (date, words("ett datum", "a date")),
        (time, words("ett klockslag", "a time of day")),
        (list, words("en lista", "a list")),
        (dict, words("en tabell", "a table")),
    )
    return next((text for kind, text in names if isinstance(value, kind)), words("något annat", "something else"))


def shown(text: str) -> str:
    """A value quoted for a message, shortened and on one line."""
    plain = "".join(c if c.isprintable() else "?" for c in text)
    return f'"{plain[:_MAX_SHOWN]}…"' if len(plain) > _MAX_SHOWN else f'"{plain}"'


def _wrong(value: object, expected: Words) -> WrongValue:
    given = name_of(value)
    return WrongValue(
        words(f"Här står {given.sv}.", f"This is {given.en}."),
        words(f"Ange {expected.sv}.", f"Give {expected.en}."),
    )


def take_bool(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _wrong(value, words("true eller false, utan citattecken", "true or false, without quotes"))


def take_int(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(
        value, words("ett heltal utan citattecken, till exempel 3", "a whole number without quotes, such as 3")
    )


def take_decimal(value: object) -> Decimal:
    expected = words("ett tal, till exempel 1.00", "a number, such as 1.00")
    if isinstance(value, bool):
        raise _wrong(value, expected)
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, str) and value and all(c in _DIGITS for c in value):
        try:
            value = Decimal(value)
        except InvalidOperation:
            raise _wrong(value, expected) from None
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise _wrong(value, expected)


def take_float(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise _wrong(value, words("ett tal utan citattecken, till exempel 60", "a number without quotes, such as 60"))
    if not Decimal(value).is_finite() or abs(Decimal(value)) > _MOST:
        raise WrongValue(
            words("Talet är orimligt.", "The number makes no sense."),
            words("Ange ett vanligt tal, till exempel 60.", "Give an ordinary number, such as 60."),
        )
    return float(value)


def take_str(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _wrong(value, words('en text inom citattecken, till exempel "25"', 'a text in quotes, such as "25"'))


def take_datetime(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    example = "2026-01-31T00:00:00+01:00"
    raise _wrong(
        value, words(f"en tidpunkt med zon, till exempel {example}", f"a time with its zone, such as {example}")
    )


def take_date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise _wrong(value, words("ett datum, till exempel 2026-01-31", "a date, such as 2026-01-31"))


def take_enum(value: object, kind: type[Enum]) -> Enum:
    choices = [str(member.value) for member in kind]
    if isinstance(value, str) and value in choices:
        return kind(value)
    remedy = choose(choices)
    if isinstance(value, str):
        problem = words(f"{shown(value)} finns inte att välja.", f"{shown(value)} is not one of the choices.")
        raise WrongValue(problem, did_you_mean(value, choices, remedy))
    raise WrongValue(_wrong(value, remedy).problem, remedy)


def choose(choices: list[str] | tuple[str, ...]) -> Words:
    listed = ", ".join(f'"{choice}"' for choice in choices)
    return words(f"Välj något av {listed}.", f"Choose one of {listed}.")


def did_you_mean(given: str, known: list[str] | tuple[str, ...], otherwise: Words) -> Words:
    """`otherwise` with the nearest known word before it, where one is near."""
    from difflib import get_close_matches

    near = get_close_matches(given[:80].lower(), known, n=1, cutoff=0.6)
    if not near:
        return otherwise
    return words(f'Menade du "{near[0]}"? {otherwise.sv}', f'Did you mean "{near[0]}"? {otherwise.en}')


def take(value: object, kind: mi.Type) -> object:
    """One plain value of the kind. Raises WrongValue; tables and lists are the caller's."""
    match kind:
        case mi.EnumType(cls=cls):
            return take_enum(value, cls)
        case mi.BoolType():
            return take_bool(value)
        case mi.IntType():
            return take_int(value)
        case mi.FloatType():
            return take_float(value)
        case mi.DecimalType():
            return take_decimal(value)
        case mi.DateTimeType():
            return take_datetime(value)
        case mi.DateType():
            return take_date(value)
        case mi.StrType():
            return take_str(value)
        case _:
            raise TypeError(f"the tree has a kind of value that cannot be read from a file: {kind!r}")
