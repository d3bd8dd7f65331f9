"""All routes of the shop, resource by resource."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce.about import About, other_routes
from simulators.woocommerce.call import Route
from simulators.woocommerce.payment_methods import PaymentMethods
from simulators.woocommerce.reports import Reports
from simulators.woocommerce.settings_rest import SettingsRest
from simulators.woocommerce.shipping import Shipping
from simulators.woocommerce.tax_rates import TaxRates

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


def all_routes(shop: Shop) -> list[Route]:
    """In the order in which WordPress would try them; patterns rarely overlap."""
    known = [
        *About(shop).routes(),
        *SettingsRest(shop).routes(),
        *TaxRates(shop).routes(),
        *Shipping(shop).routes(),
        *PaymentMethods(shop).routes(),
        *Reports(shop).routes(),
        *shop.customers.routes(),
        *shop.terms.routes(),
        *shop.products.routes(),
        *shop.coupons.routes(),
        *shop.notes.routes(),
        *shop.refunds.routes(),
        *shop.orders.routes(),
        *shop.storefront.routes(),
        *shop.webhooks.routes(),
        *shop.tracking.routes(),
    ]
    return [*known, *other_routes(known)]
