"""All routes of the shop, resource by resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce.call import Route

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


def all_routes(shop: Shop) -> list[Route]:
    """In the order in which WordPress would try them; patterns rarely overlap."""
    return [
        *shop.settings.routes(),
        *shop.customers.routes(),
        *shop.terms.routes(),
        *shop.products.routes(),
        *shop.coupons.routes(),
        *shop.notes.routes(),
        *shop.refunds.routes(),
        *shop.orders.routes(),
        *shop.storefront.routes(),
        *shop.webhooks.routes(),
    ]
