"""/reports: counts by kind, and sales (`index_settings[34]` to [41])."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from simulators.woocommerce.call import READ, Arg, Body, Call, Endpoint, Reply, Route, staff_may

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_BASE = "/wc/v3/reports"
_REPORTS = {
    "sales": "List of sales reports.",
    "top_sellers": "List of top sellers products.",
    "orders/totals": "Orders totals.",
    "products/totals": "Products totals.",
    "customers/totals": "Customers totals.",
    "coupons/totals": "Coupons totals.",
    "reviews/totals": "Reviews totals.",
    "categories/totals": "Categories totals.",
    "tags/totals": "Tags totals.",
    "attributes/totals": "Attributes totals.",
}
_NOT_THERE = frozenset({"categories/totals", "tags/totals", "attributes/totals"})
"""Reports that are listed and have no route (`index_settings[34]`)."""

_KINDS = {
    "external": "External/Affiliate product",
    "grouped": "Grouped product",
    "simple": "Simple product",
    "variable": "Variable product",
}
_COUPONS = {
    "percent": "Percentage discount",
    "fixed_cart": "Fixed cart discount",
    "fixed_product": "Fixed product discount",
}
_PERIOD = {
    "period": Arg(kind="string", enum=("week", "month", "last_month", "year")),
    "date_min": Arg(kind="string"),
    "date_max": Arg(kind="string"),
}


class Reports:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def routes(self) -> list[Route]:
        handlers = {
            "/products/totals": self.products,
            "/customers/totals": self.customers,
            "/coupons/totals": self.coupons,
            "/reviews/totals": self.reviews,
            "": self.reports,
        }
        may = staff_may("list")
        return [
            Route(f"{_BASE}/sales", (Endpoint(READ, self.sales, may, _PERIOD),)),
            Route(f"{_BASE}/top_sellers", (Endpoint(READ, self.top_sellers, may, _PERIOD),)),
            *(Route(f"{_BASE}{path}", (Endpoint(READ, handler, may),)) for path, handler in handlers.items()),
        ]

    def reports(self, _call: Call) -> Reply:
        rows = []
        for slug, text in _REPORTS.items():
            links = self._shop.links(f"{_BASE}/{slug}", _BASE, () if slug in _NOT_THERE else READ)
            rows.append({"slug": slug, "description": text, "_links": links})
        return Reply(body=rows)

    def products(self, _call: Call) -> Reply:
        shelf = self._shop.products.shelf
        published = (shelf.things[id_] for id_ in shelf.products.by_status.ids("publish"))
        return _totals(_KINDS, Counter(one.type for one in published))

    def customers(self, _call: Call) -> Reply:
        users = [one for one in self._shop.customers.all.values() if one.role == "customer"]
        paying = sum(one.paying for one in users)
        names = {"paying": "Paying customer", "non_paying": "Non-paying customer"}
        return _totals(names, {"paying": paying, "non_paying": len(users) - paying})

    def coupons(self, _call: Call) -> Reply:
        counts = Counter(one.discount_type for one in self._shop.coupons.all.values())
        return _totals(_COUPONS, counts)

    def reviews(self, _call: Call) -> Reply:
        counts = Counter(f"rated_{one.rating}_out_of_5" for one in self._shop.products.reviews.all.values())
        names = {f"rated_{stars}_out_of_5": f"Rated {stars} out of 5" for stars in range(1, 6)}
        return _totals(names, counts)

    def sales(self, _call: Call) -> Reply:
        """Always nothing: this old report reads the table of posts, and a new shop keeps its orders elsewhere
        (`index_settings[41]`, after an order in `index_settings[36]`)."""
        nothing = f"{0:.{self._shop.settings.decimals}f}"
        body: Body = {
            "total_sales": nothing,
            "net_sales": nothing,
            "average_sales": nothing,
            "total_orders": 0,
            "total_items": 0,
            "total_tax": nothing,
            "total_shipping": nothing,
            "total_refunds": 0,
            "total_discount": nothing,
            "totals_grouped_by": "day",
            "totals": {},
            "total_customers": 0,
        }
        return Reply(body=[{**body, "_links": {"about": [{"href": self._shop.url(_BASE)}]}}])

    def top_sellers(self, _call: Call) -> Reply:
        """Nothing either, for the same reason."""
        return Reply(body=[])


def _totals(names: dict[str, str], counts: dict[str, int]) -> Reply:
    return Reply(body=[{"slug": slug, "name": name, "total": counts.get(slug, 0)} for slug, name in names.items()])
