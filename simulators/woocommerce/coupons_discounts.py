"""How coupons take their discount off the lines, to the öre, what is left over shared piece by piece (WC_Discounts).

Amounts are in the smallest unit shown (öre; kronor in a shop without decimals), as floats with what is left of six
decimals.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import msgspec

from simulators.woocommerce.orders_money import cents, round_to


class Item(msgspec.Struct):
    """One line that may be discounted: `price` is of the whole line, `valid` whether a coupon (by code) is for it."""

    key: int
    price: float
    quantity: int
    valid: Callable[[str], bool]


class Deal(msgspec.Struct, frozen=True):
    """What a coupon gives: `kind` is percent, fixed_cart or fixed_product; `limit` how many pieces, 0 for all."""

    code: str
    kind: str
    amount: float
    limit: int = 0


class Discounts:
    """The discounts of an order or cart, coupon by coupon: the line that costs most first, so it gets what is left over
    (`tax_variants[0]`)."""

    def __init__(self, items: Sequence[Item], decimals: int, *, sequential: bool = False) -> None:
        self._items = sorted(items, key=lambda item: -item.price)
        self._decimals = decimals
        self._sequential = sequential
        self.by_coupon: dict[str, dict[int, float]] = {}

    def by_item(self) -> dict[int, float]:
        found: dict[int, float] = {}
        for discounts in self.by_coupon.values():
            for key, discount in discounts.items():
                found[key] = found.get(key, 0.0) + discount
        return found

    def apply(self, deal: Deal) -> None:
        self.by_coupon.setdefault(deal.code, {item.key: 0.0 for item in self._items})
        items = [item for item in self._items if item.quantity > 0 and self._left(item) != 0 and item.valid(deal.code)]
        if deal.kind == "percent":
            self._percent(deal, items)
        elif deal.kind == "fixed_product":
            self._per_piece(deal, items, cents(deal.amount, self._decimals))
        elif deal.kind == "fixed_cart":
            self._over_cart(deal, items, cents(deal.amount, self._decimals))

    def _left(self, item: Item) -> float:
        taken = sum(discounts.get(item.key, 0.0) for discounts in self.by_coupon.values())
        return abs(float(int(round_to(item.price - taken))))

    def _take(self, deal: Deal, item: Item, discount: float) -> None:
        self.by_coupon[deal.code][item.key] += discount

    def _percent(self, deal: Deal, items: list[Item]) -> None:
        given = whole = 0.0
        pieces = 0
        for item in items:
            left = self._left(item)
            base = left if self._sequential else round_to(item.price)
            count = min(item.quantity, max(0, deal.limit - pieces)) if deal.limit else item.quantity
            base = (base / item.quantity) * count
            discount = round_to(min(left, math.floor(base * (deal.amount / 100))), half_down=True)
            whole += base
            given += discount
            pieces += count
            self._take(deal, item, discount)
        wanted = round_to(whole * (deal.amount / 100), half_down=True)
        if given < wanted:
            self._remainder(deal, items, wanted - given)

    def _per_piece(self, deal: Deal, items: list[Item], amount: float) -> float:
        given = 0.0
        pieces = 0
        for item in items:
            left = self._left(item)
            count = min(item.quantity, max(0, deal.limit - pieces)) if deal.limit else item.quantity
            each = min(amount, item.price / item.quantity) if deal.limit else amount
            discount = min(left, each * count)
            given += discount
            pieces += count
            self._take(deal, item, discount)
        return given

    def _over_cart(self, deal: Deal, items: list[Item], amount: float) -> float:
        items = [item for item in items if self._left(item) > 0]
        pieces = sum(item.quantity for item in items)
        if not pieces or not amount:
            return 0.0
        each = float(abs(int(amount / pieces)))
        if each <= 0:
            return self._remainder(deal, items, amount)
        given = self._per_piece(deal, items, each)
        if 0 < given < amount:
            given += self._over_cart(deal, items, amount - given)
        return given

    def _remainder(self, deal: Deal, items: list[Item], amount: float) -> float:
        """What is left over, one öre a piece until it is gone."""
        given = 0.0
        for item in items:
            for _piece in range(item.quantity):
                discount = min(self._left(item), 1.0)
                given += discount
                self._take(deal, item, discount)
                if given >= amount:
                    return given
        return given
