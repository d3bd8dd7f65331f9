"""Stock: what an order takes and gives back, and what that does to the product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class StockMove(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one product's stock; order notes tell of it ("Vara (SKU) 10→9")."""

    name: str
    sku: str
    product_id: int
    before: int
    after: int


class Stock:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def move(self, product_id: int, variation_id: int, change: int) -> StockMove | None:
        """Change the stock that this product or variation draws on (its own or its parent's) by `change` pieces.

        None when stock is not managed there, the shop manages none, or the product is gone. Moves the product's (and
        the parent's) date_modified (`products_modified[34]`, `products_modified[68]`) and tells the listeners.
        """
        raise NotImplementedError

    def sold(self, product_id: int, quantity: int) -> None:
        """Count sold pieces in total_sales (negative when an order is taken back); moves no date."""
        raise NotImplementedError
