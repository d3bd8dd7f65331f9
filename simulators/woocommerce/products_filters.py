"""The filters of lists of products: each becomes a test that a thing passes or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from simulators.woocommerce import dates, php
from simulators.woocommerce.call import Body
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_prices import number
from simulators.woocommerce.products_text import folded

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

Test: TypeAlias = Callable[[Product], bool]
Bounds: TypeAlias = dict[str, int | None]


class Filters:
    """Makes tests of a list's arguments."""

    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products
        self._shelf = products.shelf

    def with_skus(self, text: str) -> list[int]:
        """SKUs between commas, and the whole text as one (`products_list[40]`); a space before a SKU counts
        (`products_list[37]`)."""
        parts = text.split(",")
        return [
            id_ for sku in (*parts, *([text] if len(parts) > 1 else [])) for id_ in self._shelf.by_sku.ids(folded(sku))
        ]

    def with_children(self, ids: list[int]) -> list[int]:
        """Categories together with all below them."""
        found = dict.fromkeys(ids)
        terms = self._shop.terms.of("product_cat")
        grown = True
        while grown:
            below = [term.id for term in terms if term.parent and term.parent in found and term.id not in found]
            found.update(dict.fromkeys(below))
            grown = bool(below)
        return list(found)

    def bounds(self, args: Body, prefix: str) -> Bounds:
        zone, in_gmt = self._shop.options.time_zone, bool(args.get("dates_are_gmt"))
        return {
            side: dates.filter_bound(str(args[prefix + side]), zone, gmt_column=in_gmt)
            if args.get(prefix + side)
            else None
            for side in ("after", "before")
        }

    def window_tests(self, windows: dict[str, Bounds]) -> list[Test]:
        """Tests by date; both ends are outside the window (`products_list[70]`, `products_list[72]`)."""
        tests: list[Test] = []
        for field, bounds in windows.items():
            low, high = bounds["after"], bounds["before"]
            if low is not None:
                tests.append(lambda one, low=low, field=field: getattr(one, field) > low)  # type: ignore[misc]
            if high is not None:
                tests.append(lambda one, high=high, field=field: getattr(one, field) < high)  # type: ignore[misc]
        return tests

    def tests(self, args: Body, *, variations: bool) -> list[Test]:
        tests: list[Test] = []
        exclude = dict.fromkeys(args.get("exclude", ()))
        if exclude:
            tests.append(lambda one: one.id not in exclude)
        include = dict.fromkeys(args.get("include", ()))
        if include:
            tests.append(lambda one: one.id in include)
        if args.get("parent"):
            tests.append(lambda one: (one.parent or one.details.post_parent) in args["parent"])
        if args.get("parent_exclude"):
            tests.append(lambda one: (one.parent or one.details.post_parent) not in args["parent_exclude"])
        if args.get("slug"):
            tests.append(lambda one: one.slug == args["slug"])
        if not variations:
            tests += self._kind_tests(args)
        tests += self._term_tests(args)
        tests += self._value_tests(args)
        tests += self._search_tests(args)
        return tests

    def status_tests(self, args: Body) -> list[Test]:
        wanted = args.get("include_status") or [args.get("status", "any")]
        unwanted = args.get("exclude_status") or []
        tests: list[Test] = []
        if "any" not in wanted:
            tests.append(lambda one: one.status in wanted)
        elif self._shelf.products.by_status.count("auto-draft"):
            tests.append(lambda one: one.status != "auto-draft")
        if unwanted:
            tests.append(lambda one: one.status not in unwanted)
        return tests

    def living_tests(self, args: Body) -> list[Test]:
        """What is in the trash stands in no sorted index, but may be among those a filter names."""
        wanted = args.get("include_status") or [args.get("status", "any")]
        return [_not_in_trash] if "any" in wanted else []

    def _kind_tests(self, args: Body) -> list[Test]:
        tests: list[Test] = []
        types = args.get("include_types") or ([args["type"]] if args.get("type") else [])
        if types:
            tests.append(lambda one: one.type in types)
        if args.get("exclude_types"):
            tests.append(lambda one: one.type not in args["exclude_types"])
        return tests

    def _term_tests(self, args: Body) -> list[Test]:
        tests: list[Test] = []
        if args.get("category"):
            categories = dict.fromkeys(self.with_children(args["category"]))
            tests.append(lambda one: any(id_ in categories for id_ in one.categories))
        if args.get("tag"):
            tests.append(lambda one: any(id_ in args["tag"] for id_ in one.tags))
        if args.get("brand"):
            tests.append(lambda one: any(id_ in args["brand"] for id_ in one.details.brands))
        if args.get("shipping_class"):
            tests.append(lambda one: one.shipping_class in args["shipping_class"])
        if args.get("attribute") and args.get("attribute_term"):
            held = self._shop.terms.attributes.by_taxonomy(str(args["attribute"]))
            if held is not None:
                terms = args["attribute_term"]
                tests.append(lambda one: any(id_ in terms for row in one.attributes for id_ in row.terms))
        return tests

    def _value_tests(self, args: Body) -> list[Test]:
        tests: list[Test] = []
        if isinstance(args.get("featured"), bool):
            tests.append(lambda one: one.details.featured is args["featured"])
        if isinstance(args.get("on_sale"), bool):
            tests.append(lambda one: self._products.renderer.on_sale(one) is args["on_sale"])
        for name in ("virtual", "downloadable"):
            if isinstance(args.get(name), bool):
                tests.append(lambda one, name=name: getattr(one, name) is args[name])  # type: ignore[misc]
        if args.get("tax_class"):
            wanted = "" if args["tax_class"] == "standard" else args["tax_class"]
            tests.append(lambda one: one.tax_class == wanted)
        if args.get("stock_status"):
            tests.append(lambda one: one.stock_status == args["stock_status"])
        if args.get("min_price") or args.get("max_price"):
            low = php.to_float(args.get("min_price") or "0")
            high = php.to_float(args["max_price"]) if args.get("max_price") else float("inf")
            tests.append(lambda one: any(low <= price <= high for price in self.asked(one)))
        tests += [
            (lambda one, fits=fits, bound=args[name]: self._has_stock(one, fits, bound))  # type: ignore[misc]
            for name, fits in _STOCK_FILTERS.items()
            if name in args
        ]
        return tests

    def asked(self, one: Product) -> list[float]:
        if one.type != "variable":
            return [number(one.price)]
        return [number(child.price) for child in self._shelf.offered(one.id)]

    def _has_stock(self, one: Product, fits: Callable[[int, int], bool], bound: int) -> bool:
        """The thing's own managed stock, or that of one of its variations, fits."""
        counted = [one, *self._shelf.children(one.id)] if one.type == "variable" else [one]
        return any(each.manage_stock and each.stock is not None and fits(each.stock, bound) for each in counted)

    def _search_tests(self, args: Body) -> list[Test]:
        tests: list[Test] = []
        if args.get("search_fields") and args.get("search"):
            return [self._words(str(args["search"]), args["search_fields"])]
        if args.get("search_name_or_sku"):
            return [self._words(str(args["search_name_or_sku"]), ["name", "sku"])]
        if args.get("search_sku"):
            part = folded(str(args["search_sku"]))
            tests.append(lambda one: part in folded(one.sku))
        elif args.get("sku"):
            ids = dict.fromkeys(self.with_skus(str(args["sku"])))
            tests.append(lambda one: one.id in ids)
        if args.get("search"):
            tests.append(self._words(str(args["search"]), ["name", "short_description", "description"]))
        return tests

    def _words(self, text: str, fields: list[str]) -> Test:
        """Every word must stand in one of the fields; single letters do not count."""
        words = [folded(word) for word in text.split() if not (len(word) == 1 and (word.isalpha() or word == "-"))]
        held: dict[str, Callable[[Product], str]] = {
            "name": self._products.name_of,
            "sku": lambda one: one.sku,
            "global_unique_id": lambda one: one.details.gtin,
            "description": lambda one: one.details.description,
            "short_description": lambda one: one.details.short_description,
        }
        getters = [held[name] for name in fields if name in held]

        def fits(one: Product) -> bool:
            texts = [folded(text) for text in (get(one) for get in getters) if text]
            return all(any(word in text for text in texts) for word in words)

        return fits


def given(bounds: Bounds) -> Iterator[bool]:
    return (bound is not None for bound in bounds.values())


def _not_in_trash(one: Product) -> bool:
    return one.status != "trash"


_STOCK_FILTERS: dict[str, Callable[[int, int], bool]] = {
    "stock_quantity": lambda stock, bound: stock == bound,
    "min_stock_quantity": lambda stock, bound: stock >= bound,
    "max_stock_quantity": lambda stock, bound: stock <= bound,
}
