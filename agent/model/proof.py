"""The proof that Mamut will total what the customer paid, kept with the order and printed on demand."""

from __future__ import annotations

from decimal import Decimal

from agent.model.order import Frozen


class ProofLine(Frozen, frozen=True):
    """One row of the document: what it is, its sum without VAT and its VAT code and percentage."""

    text: str
    line_sum: Decimal
    vat_code: int
    vat_percent: Decimal


class ProofVat(Frozen, frozen=True):
    """Per VAT code: Mamut's base and VAT, and the VAT the shop took for the same goods."""

    vat_code: int
    percent: Decimal
    base: Decimal
    mamut_vat: Decimal
    shop_vat: Decimal


class MoneyProof(Frozen, frozen=True):
    """`paid` is the order's total in the shop; `mamut_total` what Mamut computes from the rows; `rounding` the row
    that makes them equal (0 when none is needed). It holds when paid == mamut_total + rounding."""

    currency: str
    lines: tuple[ProofLine, ...]
    vats: tuple[ProofVat, ...]
    net_total: Decimal
    mamut_total: Decimal
    paid: Decimal
    rounding: Decimal
    limit: Decimal

    @property
    def holds(self) -> bool:
        return self.paid == self.mamut_total + self.rounding and abs(self.rounding) <= self.limit
