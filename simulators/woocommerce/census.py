"""Counting what is in a shop, for the simulator's door and for proofs that nothing was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class Census(msgspec.Struct, frozen=True):
    """Products and variations are those outside the trash. `total_ore` is the sum of the totals of all orders outside
    the trash, in hundredths of the currency."""

    orders: dict[str, int]
    total_ore: int
    products: int
    variations: int
    customers: int


def census(shop: Shop) -> Census:
    shelf = shop.products.shelf
    statuses: dict[str, int] = {}
    total_ore = 0
    for order in shop.orders.all.values():
        statuses[order.status] = statuses.get(order.status, 0) + 1
        if order.status != "trash":
            total_ore += round(float(order.total or 0) * 100)
    return Census(
        orders=dict(sorted(statuses.items())),
        total_ore=total_ore,
        products=len(shelf.products.ids),
        variations=len(shelf.variations.ids),
        customers=sum(one.role == "customer" for one in shop.customers.all.values()),
    )
