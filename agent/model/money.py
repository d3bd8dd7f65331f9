"""Money is Decimal or integer öre, and rounding always says so.

Swedish practice and Mamut round halves away from zero.
"""

from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal(0)
ORE = Decimal("0.01")
MILLI = Decimal("0.001")


def to_ore(amount: Decimal) -> int:
    """Hundredths of the currency's unit, halves away from zero."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_ore(amount_ore: int) -> Decimal:
    return Decimal(amount_ore) / 100


def in_ore(amount: Decimal) -> str:
    """As a text with two decimals."""
    text = str(amount)
    return text if text[-3:-2] == "." else f"{amount:.2f}"  # Two decimals already, as nearly always.


def round_ore(amount: Decimal) -> Decimal:
    """To two decimals, halves away from zero."""
    return amount.quantize(ORE, rounding=ROUND_HALF_UP)


def round_milli(amount: Decimal) -> Decimal:
    """To three decimals, halves away from zero: the precision of a line's sum in Mamut (GBAO10 field 19)."""
    return amount.quantize(MILLI, rounding=ROUND_HALF_UP)
