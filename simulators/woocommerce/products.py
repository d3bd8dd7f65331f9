"""Products and variations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.call import Route

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class Sellable(msgspec.Struct, frozen=True, kw_only=True):
    """What an order line takes from a product or variation when it is sold.

    `price` is what the shop asks now, as it was typed (with tax where the shop's prices include it); None without a
    price.
    `image_id` is 0 without an image. `attributes` are the variation's, (taxonomy or name, label, value slug, value
    label).
    """

    product_id: int
    variation_id: int = 0
    name: str
    parent_name: str | None = None
    sku: str = ""
    gtin: str = ""
    price: Decimal | None
    tax_class: str = ""
    tax_status: str = "taxable"
    virtual: bool = False
    downloadable: bool = False
    kind: str = "simple"
    image_id: int = 0
    image_src: str = ""
    shipping_class: int = 0
    category_ids: tuple[int, ...] = ()
    on_sale: bool = False
    attributes: tuple[tuple[str, str, str, str], ...] = ()


class Products:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> list[Route]:
        return []

    def sellable(self, product_id: int, variation_id: int = 0) -> Sellable | None:
        """What an order needs to know; None for an unknown or deleted product."""
        raise NotImplementedError

    def by_sku(self, sku: str) -> int:
        """The id of the product or variation with that SKU, 0 if there is none."""
        raise NotImplementedError
