"""What the set-up proposes where the merchant has chosen nothing yet: by Mamut's register, and by names that both
sides share. A proposal is only what stands in a form; nothing is decided before a person saves it.
"""

from __future__ import annotations

from decimal import Decimal

from agent.model.mamut import Registers
from agent.set_up.lists import Choice, Numbered, rows

_KIN = (
    ("klarna", "kco"),
    ("svea",),
    ("nets", "dibs", "easy"),
    ("paypal", "ppcp"),
    ("swish",),
    ("postnord",),
    ("dhl",),
    ("schenker", "db schenker"),
    ("budbee",),
    ("bring",),
    ("instabox", "instabee"),
    ("brev", "letter"),
    ("hämta", "pickup", "collect"),
    ("kontant", "cash", "cod"),
    ("faktura", "30 dagar", "invoice"),
    ("förskott", "bacs", "banköverföring", "prepay"),
    ("kort", "card", "stripe"),
)
"""Words that mean the same thing in a shop and in Mamut's registers."""


def same_thing(choice: Choice, register: tuple[Numbered, ...]) -> int | None:
    """The row of the register whose name speaks of the same as the shop's method; None when none or several do."""
    words = _words_of(f"{choice.key} {choice.name}")
    found = [row.number for row in register if words & _words_of(row.name)]
    return found[0] if len(found) == 1 else None


def _words_of(text: str) -> frozenset[int]:
    low = text.casefold()
    return frozenset(number for number, kin in enumerate(_KIN) if any(word in low for word in kin))


def vat_code(percent: str, registers: Registers) -> int | None:
    """Mamut's own code for domestic sales at this percentage."""
    wanted = Decimal(percent)
    return next((code.id for code in registers.vat_codes if code.kind == "domestic" and code.percent == wanted), None)


def vat_kind(kind: str, registers: Registers) -> int | None:
    """Mamut's first code of a kind: eu, export or zero."""
    return next((code.id for code in registers.vat_codes if code.kind == kind), None)


def department(registers: Registers, taken: frozenset[int]) -> int | None:
    """One that is called after a web shop and that no other shop is booked on."""
    for row in rows(registers, "departments"):
        if row.number not in taken and any(word in row.name.casefold() for word in ("webb", "web", "e-handel")):
            return row.number
    return None
