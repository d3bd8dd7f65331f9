"""Which of a shop's products an article of Mamut is, and what we last wrote to it."""

from __future__ import annotations

from enum import IntEnum

from agent.model.goods import ProductKind, ShopPrice, ShopStock
from agent.model.order import Frozen


class Facet(IntEnum):
    """What a direction writes of a product. The numbers stand in journals."""

    PRODUCT = 1
    PRICE = 2
    LISTS = 4


class Link(Frozen, frozen=True):
    """`pk` is Mamut's, `product_id` and `parent_id` (0 but for variations) the shop's. `sku` is as last seen there.

    `made` is true for a product that we made. `marks` are digests of the fields that products_to_shop last wrote,
    `price`, `lists` and `stock` what the other directions did; None where they have written nothing. `unsure` are the
    facets of which something newer was sent that may have come or not, so that the shop may have either. `stock_at` is
    when the stock was written, in seconds of the shop's clock.
    """

    pk: int
    product_id: int
    kind: ProductKind
    sku: str
    parent_id: int = 0
    made: bool = False
    marks: bytes | None = None
    price: ShopPrice | None = None
    lists: tuple[tuple[str, str], ...] | None = None
    unsure: frozenset[Facet] = frozenset()
    stock: ShopStock | None = None
    stock_at: int | None = None
