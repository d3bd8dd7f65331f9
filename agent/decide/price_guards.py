"""Which changed prices are stopped before they are written: what costs nothing, and what changes too much."""

from __future__ import annotations

from decimal import Decimal

from agent.model.goods import ShopPrice
from agent.model.money import ZERO
from agent.model.order import Frozen
from agent.model.said import GoodsReason
from agent.settings.tree_goods import PriceGuards


class Guarded(Frozen, frozen=True):
    """Why a price is stopped. The params tell what the shop has and what it was to get."""

    reason: GoodsReason
    params: dict[str, str]


def guarded(old: ShopPrice | None, new: ShopPrice, guards: PriceGuards) -> Guarded | None:
    """None when the price may be written. A first price (`old` None) may be anything but zero. A change is measured on
    what the shop has: regular against regular, sale against the sale or, where there was none, against the regular."""
    params = {"old": price_text(old), "new": price_text(new)}
    if guards.zero and ZERO in (new.regular, new.sale):
        return Guarded(GoodsReason.PRICE_ZERO, params)
    if old is None or not guards.percent:
        return None
    was_lowest = old.regular if old.sale is None else old.sale
    for before, after in ((old.regular, new.regular), (was_lowest, new.sale)):
        change = _percent(before, after)
        if change > guards.percent:
            limit = format(guards.percent.normalize(), "f")
            return Guarded(GoodsReason.PRICE_JUMP, {**params, "percent": str(round(change)), "limit": limit})
    return None


def price_text(price: ShopPrice | None) -> str:
    """How a price is shown and recognised: the regular one, and the sale price behind a stroke."""
    if price is None:
        return ""
    parts = [price.regular] if price.sale is None else [price.regular, price.sale]
    return "/".join("" if amount is None else format(amount, "f") for amount in parts)


def _percent(before: Decimal | None, after: Decimal | None) -> Decimal:
    """How many percent it changes; nothing where there was no price to change."""
    if not before or after is None:
        return ZERO
    return abs(after - before) * 100 / before
