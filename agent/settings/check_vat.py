"""What `[shop.vat]` means: whether the rates an order can have at home have a code in Mamut."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.model.words import words
from agent.settings.finding import Finding, conflict, missing, risky, wrong
from agent.settings.kinds import shown
from agent.settings.load import join
from agent.settings.ranges import VAT_CODE_MAX, check_country, check_range
from agent.settings.tree import VatSettings

HOME_RATES: dict[str, tuple[str, ...]] = {
    "SE": ("25", "12", "6"),
    "NO": ("25", "15", "12"),
    "DK": ("25",),
    "FI": ("25.5", "13.5", "10"),
}
"""The standard rate first, then the reduced ones, in the countries where Mamut One is sold."""

EU = frozenset(
    {"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU"}
    | {"IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"}
)

_OSS = re.compile(r"^([A-Z]{2}) ([0-9.]+)$")
_PERCENT = re.compile(r"^(0|[1-9][0-9]?)(\.[0-9]*[1-9])?$")


def check_vat(vat: VatSettings, path: str) -> Iterator[Finding]:
    yield from check_country(f"{path}.home_country", vat.home_country)
    for percent, code in vat.domestic.items():
        inner = join(f"{path}.domestic", percent)
        if not _PERCENT.match(percent):
            yield _not_percent(inner, percent)
        yield from check_range(inner, code, 1, VAT_CODE_MAX)
    yield from _check_home_rates(vat, f"{path}.domestic")
    yield from _check_oss(vat, f"{path}.oss")
    for key, zero_rated in (("eu_company", vat.eu_company), ("export", vat.export), ("zero", vat.zero)):
        if zero_rated is not None:
            yield from check_range(f"{path}.{key}", zero_rated, 1, VAT_CODE_MAX)
    yield from _check_codes_apart(vat, path)


def _not_percent(path: str, text: str) -> Finding:
    return wrong(
        path,
        words(f"{shown(text)} är ingen procentsats.", f"{shown(text)} is no percentage."),
        words('Ange den utan procenttecken, till exempel "25".', 'Give it without the sign, such as "25".'),
    )


def _check_home_rates(vat: VatSettings, path: str) -> Iterator[Finding]:
    rates = HOME_RATES.get(vat.home_country, ())
    if not vat.domestic or (rates and rates[0] not in vat.domestic):
        standard = rates[0] if rates else "25"
        yield missing(
            path,
            words(
                f"Mamuts momskod för {standard} % saknas: inga order med den momsen kan föras över.",
                f"Mamut's VAT code for {standard} % is missing: no order with that VAT can be transferred.",
            ),
            words(
                f'Lägg till "{standard}" = momskodens nummer i Mamut.',
                f'Add "{standard}" = the number of the VAT code in Mamut.',
            ),
        )
    for rate in rates[1:]:
        if rate not in vat.domestic:
            yield risky(
                path,
                words(
                    f"Mamuts momskod för {rate} % saknas: order med den momsen hålls kvar.",
                    f"Mamut's VAT code for {rate} % is missing: orders with that VAT are held.",
                ),
                words(
                    f'Lägg till "{rate}" = momskodens nummer i Mamut.',
                    f'Add "{rate}" = the number of the VAT code in Mamut.',
                ),
            )


def _check_oss(vat: VatSettings, path: str) -> Iterator[Finding]:
    for key, code in vat.oss.items():
        inner = join(path, key)
        found = _OSS.match(key)
        if not found or not _PERCENT.match(found.group(2)):
            yield wrong(
                inner,
                words(f"{shown(key)} är inte land och procentsats.", f"{shown(key)} is not a country and a rate."),
                words('Skriv dem så här: "DE 19".', 'Write them like this: "DE 19".'),
            )
        elif found.group(1) == vat.home_country:
            yield conflict(
                inner,
                words("Det är hemlandet.", "That is the home country."),
                words(
                    f"Flytta raden till domestic som {shown(found.group(2))}.",
                    f"Move the line to domestic as {shown(found.group(2))}.",
                ),
            )
        elif found.group(1) not in EU:
            yield wrong(
                inner,
                words(f"{found.group(1)} är inte ett EU-land.", f"{found.group(1)} is not an EU country."),
                words(
                    "OSS gäller bara EU. Ta bort raden; export har en egen kod.",
                    "OSS is for the EU only. Remove the line; export has a code of its own.",
                ),
            )
        yield from check_range(inner, code, 1, VAT_CODE_MAX)


def _check_codes_apart(vat: VatSettings, path: str) -> Iterator[Finding]:
    """One code has one percentage in Mamut, so two rates that share a code cannot both be right."""
    seen: dict[int, str] = {vat.zero: "zero"}
    for percent, code in vat.domestic.items():
        if code in seen and percent != "0":
            yield conflict(
                join(f"{path}.domestic", percent),
                words(
                    f"Samma momskod som {shown(seen[code])}: en av dem blir fel.",
                    f"The same VAT code as {shown(seen[code])}: one of them is wrong.",
                ),
                words("Ange momskodens nummer i Mamut för varje sats.", "Give each rate the number of its own code."),
            )
        seen.setdefault(code, percent)
