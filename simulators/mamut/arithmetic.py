"""How a document's sums come about. `docs/mamut-api.md` says the same in words, for those who predict a total."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

import msgspec

from simulators.mamut.records import Line, VatTotal

CENT = Decimal("0.01")
WHOLE = Decimal(1)


class Totals(msgspec.Struct, frozen=True):
    """`sum` is net and VAT; `total` is what the customer pays, rounded as the document says."""

    net: Decimal
    vat_totals: list[VatTotal]
    vat: Decimal
    sum: Decimal
    rounding: Decimal
    total: Decimal


def half_up(value: Decimal, step: Decimal = CENT) -> Decimal:
    """Rounds to the step, a half away from zero."""
    return value.quantize(step, ROUND_HALF_UP) + 0


def totals(lines: Iterable[Line], rounding: int) -> Totals:
    """VAT is computed once for each VAT code, on the sum of its lines, never line by line."""
    bases: dict[int, Decimal] = {}
    percents: dict[int, Decimal] = {}
    for line in lines:
        bases[line.vat_code] = bases.get(line.vat_code, Decimal("0.000")) + line.line_sum
        percents[line.vat_code] = line.vat_percent
    vat_totals = [
        VatTotal(code, percents[code], base, half_up(base * percents[code] / 100))
        for code, base in sorted(bases.items())
    ]
    net = half_up(sum(bases.values(), Decimal(0)))
    vat = sum((row.vat for row in vat_totals), Decimal("0.00"))
    before = net + vat
    total = rounded_total(before, rounding)
    return Totals(net, vat_totals, vat, before, total - before, total)


def rounded_total(amount: Decimal, rounding: int) -> Decimal:
    """DATA67: 1 none, 2 nearest whole, 3 up, 4 down, 5 nearest half. Up is away from zero and down towards it, so
    that a credit note is the exact opposite of its invoice."""
    if rounding == 2:
        return half_up(amount, WHOLE).quantize(CENT)
    if rounding == 3:
        return amount.quantize(WHOLE, ROUND_UP).quantize(CENT) + 0
    if rounding == 4:
        return amount.quantize(WHOLE, ROUND_DOWN).quantize(CENT) + 0
    if rounding == 5:
        return (half_up(amount * 2, WHOLE) / 2).quantize(CENT)
    return amount
