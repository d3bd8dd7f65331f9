"""Prices rounded as merchants want their customers to see them. Never to zero, never down to nothing."""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from agent.model.money import ZERO
from agent.settings.tree_goods import PriceRounding

_STEPS = {
    PriceRounding.ORE_10: Decimal("0.10"),
    PriceRounding.ORE_50: Decimal("0.50"),
    PriceRounding.KRONA: Decimal(1),
    PriceRounding.FIVE: Decimal(5),
    PriceRounding.TEN: Decimal(10),
}
_ENDS = {
    PriceRounding.END_90: (Decimal("0.90"), Decimal(1)),
    PriceRounding.END_95: (Decimal("0.95"), Decimal(1)),
    PriceRounding.END_99: (Decimal("0.99"), Decimal(1)),
    PriceRounding.END_9: (Decimal(9), Decimal(10)),
}


def rounded(price: Decimal, rule: PriceRounding, decimals: int) -> Decimal:
    """The nearest price that the rule allows, the higher of two as near. What costs something never costs nothing: the
    lowest price of the rule stands for all below it. `decimals` are the shop's, for the rule that has none of its own.
    """
    if price <= ZERO:
        return price
    if rule in _ENDS:
        end, every = _ENDS[rule]
        below = ((price - end) / every).to_integral_value(ROUND_FLOOR) * every + end
        nearest = below + every if price - below >= below + every - price else below
        return max(nearest, end)
    step = _STEPS.get(rule, Decimal(1).scaleb(-decimals))
    whole = (price / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step
    return max(whole, step)
