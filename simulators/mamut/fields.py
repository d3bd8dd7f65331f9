"""The rules every value passes on its way into Mamut: lengths, characters, decimals."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from simulators.mamut.errors import Refused
from simulators.mamut.options import Quirks

LINE_BREAKS = "\r\n\t"

_LATIN = re.compile(r"[ -~\r\n\t\xa0-\xff]*")
"""Characters that Unicode, Latin 1 and Windows-1252 have in common."""

_NO_DIGITS = re.compile(r"[^0-9]+")


class TextRules:
    """Cuts and replaces as Mamut does, or refuses, by the two habits `on_too_long` and `on_bad_char`."""

    def __init__(self, quirks: Quirks) -> None:
        self._cuts = quirks.on_too_long == "truncate"
        self._replaces = quirks.on_bad_char == "question_mark"

    def text(self, value: str, length: int, field: str) -> str:
        """The text as stored. Characters are replaced one for one first, then the length is judged in characters."""
        if not (value.isascii() and value.isprintable()):
            value = self._characters(value, field)
        if len(value) <= length:
            return value
        if not self._cuts:
            raise Refused(422, "too_long", f"{field} is longer than {length} characters", field, {"length": length})
        return value[:length]

    def _characters(self, value: str, field: str) -> str:
        if _LATIN.fullmatch(value):
            return value
        stored = "".join(_stored(character) for character in value)
        if stored != value and not self._replaces:
            raise Refused(422, "bad_character", f"{field} holds a character outside Windows-1252", field)
        return stored


def _stored(character: str) -> str:
    """The character, or "?" for a control character and for one that Windows-1252 lacks."""
    if character < " ":
        return character if character in LINE_BREAKS else "?"
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return "?"
    return character


_STEPS = tuple(Decimal(1).scaleb(-places) for places in range(10))


def number(value: Decimal, digits: int, places: int, field: str) -> Decimal:
    """The number with its decimals, half rounded away from zero; `digits` counts those of both sides of the point.

    Raises Refused when it is no number or does not fit.
    """
    whole = digits - places
    if not value.is_finite() or (value and value.adjusted() >= whole):
        raise Refused(422, "value_out_of_range", f"{field} does not fit into {digits},{places}", field)
    rounded = value.quantize(_STEPS[places], ROUND_HALF_UP)
    if rounded and rounded.adjusted() >= whole:
        raise Refused(422, "value_out_of_range", f"{field} does not fit into {digits},{places}", field)
    return rounded + 0  # Adding zero turns a minus zero into zero.


def day(value: date, field: str) -> date:
    """A date that Mamut can keep: 1980 to 2079, which is assumed. Raises Refused."""
    if not 1980 <= value.year < 2080:
        raise Refused(422, "value_out_of_range", f"{field} is no day of business", field)
    return value


def key_of(text: str) -> str:
    """How names and e-mail addresses are compared: without case and surrounding space."""
    return text.strip().casefold()


def digits_of(text: str) -> str:
    """How organisation and telephone numbers are compared: their digits alone."""
    return _NO_DIGITS.sub("", text)
