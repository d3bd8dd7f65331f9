"""Checks of a single value that several tables share: ranges, lengths, codes, what Mamut can store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from agent.model.words import words
from agent.settings.finding import Finding, conflict, wrong
from agent.settings.kinds import shown

_COUNTRY = re.compile(r"^[A-Z]{2}$")
_CURRENCY = re.compile(r"^[A-Z]{3}$")

ARTICLE_NO_MAX = 50
"""The longest product number in an order row (GBAO10 field 16)."""

REGISTER_MAX = 999
"""Payment terms, delivery forms and departments are three digits wide in an order (GBAO10 fields 11, 13, 15)."""

VAT_CODE_MAX = 999_999_999
CUSTOMER_NO_MAX = 999_999_999
"""A customer number is nine digits at most (GBAO10 field 2); so is a VAT code (field 21)."""


def check_range(path: str, value: float | Decimal, lowest: int, highest: int) -> Iterator[Finding]:
    if not lowest <= value <= highest:
        yield wrong(
            path,
            words("Talet är utanför det som går.", "The number is out of range."),
            words(f"Ange ett tal från {lowest} till {highest}.", f"Give a number from {lowest} to {highest}."),
        )


def check_register_id(path: str, value: int | None) -> Iterator[Finding]:
    if value is not None:
        yield from check_range(path, value, 1, REGISTER_MAX)


def check_article_no(path: str, value: str) -> Iterator[Finding]:
    """Mamut stores Windows-1252 and 50 characters; a number that does not fit would name another article."""
    if not value.strip():
        yield wrong(
            path,
            words("Artikelnumret är tomt.", "The article number is empty."),
            words("Ange ett artikelnummer som finns i Mamut.", "Give the number of an article that is in Mamut."),
        )
        return
    if value != value.strip():
        yield wrong(
            path,
            words(
                "Artikelnumret börjar eller slutar med blanksteg.", "The article number starts or ends with a space."
            ),
            words("Ta bort blanksteget.", "Remove the space."),
        )
    if len(value) > ARTICLE_NO_MAX:
        yield wrong(
            path,
            words(f"Artikelnumret är längre än {ARTICLE_NO_MAX} tecken.", f"The number is over {ARTICLE_NO_MAX} long."),
            words("Ange artikelns nummer så som det står i Mamut.", "Give the article's number as it is in Mamut."),
        )
    try:
        value.encode("cp1252")
    except UnicodeEncodeError as error:
        sign = shown(value[error.start])
        yield wrong(
            path,
            words(f"Tecknet {sign} finns inte i Mamut.", f"The character {sign} does not exist in Mamut."),
            words("Ange artikelns nummer så som det står i Mamut.", "Give the article's number as it is in Mamut."),
        )


def check_country(path: str, value: str) -> Iterator[Finding]:
    if not _COUNTRY.match(value):
        yield wrong(
            path,
            words(f"{shown(value)} är ingen landskod.", f"{shown(value)} is no country code."),
            words('Ange två stora bokstäver, till exempel "SE".', 'Give two capital letters, such as "SE".'),
        )


def check_currency(path: str, value: str) -> Iterator[Finding]:
    if not _CURRENCY.match(value):
        yield wrong(
            path,
            words(f"{shown(value)} är ingen valutakod.", f"{shown(value)} is no currency code."),
            words('Ange tre stora bokstäver, till exempel "SEK".', 'Give three capital letters, such as "SEK".'),
        )


def check_no_blank(path: str, values: tuple[str, ...]) -> Iterator[Finding]:
    """A list of names: none empty, none twice."""
    for index, value in enumerate(values):
        if not value.strip():
            yield wrong(
                f"{path}[{index}]",
                words("Texten är tom.", "The text is empty."),
                words("Fyll i den, eller ta bort den.", "Fill it in, or remove it."),
            )
        elif value in values[:index]:
            yield conflict(
                f"{path}[{index}]",
                words(f"{shown(value)} står två gånger.", f"{shown(value)} is there twice."),
                words("Ta bort den ena.", "Remove one of them."),
            )
