"""Mamut's total by another road than the agent's: whole thousandths and ten-thousandths, no Decimal arithmetic."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor

from agent.model.mamut import DocumentLine, Registers


def half_away(value: Fraction) -> int:
    """The nearest whole number, a half away from zero."""
    whole = floor(abs(value) + Fraction(1, 2))
    return whole if value >= 0 else -whole


def mamut_total(lines: Iterable[DocumentLine], registers: Registers) -> Decimal:
    percent = {code.id: Fraction(code.percent) for code in registers.vat_codes}
    thousandths: dict[int, int] = defaultdict(int)
    for line in lines:
        thousandths[line.vat_code] += half_away(Fraction(line.line_sum) * 1000)
    net_ore = half_away(Fraction(sum(thousandths.values()), 10))
    vat_ore = sum(half_away(Fraction(base, 10) * percent[code] / 100) for code, base in thousandths.items())
    return Decimal(net_ore + vat_ore) / 100
