"""Organisation and VAT numbers as people write them, in the one form that two systems can compare."""

from __future__ import annotations

import re

from agent.decide.vat import EU
from agent.model.order import ShopOrder
from agent.settings.tree import CustomerSettings

_NOT_BARE = re.compile("[^0-9A-Z]+")


def org_no(text: str, country: str) -> str:
    """The bare organisation number, or "" when it is none.

    Swedish forms are brought to ten digits with the check digit verified: 556036-0793, 16556036-0793 (with the century
    digits of public registers), SE556036079301 (VAT number), 19640823-3234 (a sole trader's). Norwegian and Danish ones
    are checked for length. Other countries' are compared as their letters and digits.
    """
    bare = _NOT_BARE.sub("", text.upper())
    if country in ("SE", ""):
        digits = bare.removeprefix("SE")
        if len(digits) == 12 and digits.isdigit():
            digits = digits[:10] if bare.startswith("SE") and digits.endswith("01") else digits[2:]
        return digits if len(digits) == 10 and digits.isdigit() and _luhn(digits) else ""
    if country in ("NO", "DK"):
        digits = bare.removeprefix(country).removesuffix("MVA")
        return digits if digits.isdigit() and len(digits) == (9 if country == "NO" else 8) else ""
    return bare if any(char.isdigit() for char in bare) else ""


def vat_no(text: str) -> str:
    """A VAT number with its country in front ("DE123456789"), or "" when it cannot be one. Only its form is judged."""
    if not text:
        return ""
    bare = _NOT_BARE.sub("", text.upper())
    country = bare[:2]
    known = country in EU or country in ("EL", "XI", "GB", "NO", "CH")
    return bare if known and 8 <= len(bare) <= 14 and any(char.isdigit() for char in bare[2:]) else ""


def numbers(order: ShopOrder, settings: CustomerSettings) -> tuple[str, str, bool]:
    """The order's organisation number, VAT number, and whether what was given as organisation number is none.

    A Swedish VAT number holds the organisation number, so it stands in for a missing one.
    """
    country = order.billing.country
    given = next((order.meta[key] for key in settings.org_no_meta if order.meta.get(key)), "")
    vat = next((found for key in settings.vat_no_meta if (found := vat_no(order.meta.get(key, "")))), "")
    found = org_no(given, country) if given else ""
    wrong = bool(given) and not found
    if not found and vat.startswith("SE"):
        found = org_no(vat, "SE")
    return found, vat, wrong


def _luhn(digits: str) -> bool:
    """The check digit of Swedish organisation and personal numbers."""
    total = 0
    for at, char in enumerate(digits):
        doubled = int(char) * (2 - at % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0
