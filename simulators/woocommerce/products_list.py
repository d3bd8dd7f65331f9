"""Lists of products and variations: filters, order and pages.

Without filters a page is cut out of an index that is in order already; a list of SKUs or ids looks only at those;
everything else goes through the index once. Nothing is sorted but what a filter has made small, or what has no index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from simulators.woocommerce import dates, php
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_prices import number
from simulators.woocommerce.products_shelf import Kind
from simulators.woocommerce.products_text import folded
from simulators.woocommerce.store import Sorted

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

Test: TypeAlias = Callable[[Product], bool]
Bounds: TypeAlias = dict[str, int | None]


class Finder:
    """Finds what a list asks for."""

    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products
        self._shelf = products.shelf

    def page(
        self, args: Body, start: int, length: int, *, variations_of: int | None = None, descending: bool = True
    ) -> tuple[list[Product], int]:
        """One page and how many there are in all. `variations_of` asks for variations: of that product, or with 0 of
        all."""
        both = self._looks_at_all(args) and variations_of is None
        kind = self._shelf.products if variations_of is None else self._shelf.variations
        tests = self._tests(args, variations=variations_of is not None)
        chosen = self._chosen(args, kind, both=both, parent=variations_of)
        order = str(args.get("orderby", "date"))
        if chosen is not None:
            tests += [*self._window_tests(args), *self._living_tests(args)]
            found = [one for one in chosen if all(test(one) for test in tests)]
            found = self._sorted(found, order, args, descending=descending)
            return found[start : start + length], len(found)
        index = {"date": kind.created, "modified": kind.modified, "id": kind.ids}.get(order)
        if index is None:
            tests += self._window_tests(args)
            found = [one for one in self._all(kind) if all(test(one) for test in tests)]
            found = self._sorted(found, order, args, descending=descending)
            return found[start : start + length], len(found)
        return self._walk(index, kind, args, tests, start, length, descending=descending)

    def _all(self, kind: Kind) -> Iterator[Product]:
        things = self._shelf.things
        return (things[id_] for id_ in kind.ids.ids())

    def _walk(
        self, index: Sorted, kind: Kind, args: Body, tests: list[Test], start: int, length: int, *, descending: bool
    ) -> tuple[list[Product], int]:
        """A page out of an index that is in the wanted order."""
        created, modified = self._bounds(args, ""), self._bounds(args, "modified_")
        own = created if index is kind.created else modified if index is kind.modified else {}
        tests = tests + self._window_tests(args, but="" if index is kind.created else "modified_" if own else None)
        things = self._shelf.things
        ids = index.ids(descending=descending, after=own.get("after"), before=own.get("before"))
        if not tests:
            page = [things[id_] for id_ in islice(ids, start, start + length)]
            return page, index.count(after=own.get("after"), before=own.get("before"))
        found, total = [], 0
        for id_ in ids:
            one = things[id_]
            if all(test(one) for test in tests):
                if start <= total < start + length:
                    found.append(one)
                total += 1
        return found, total

    # What is looked at

    def _looks_at_all(self, args: Body) -> bool:
        """Searches by SKU, GTIN or several fields find variations too (`variations[19]`, `variations[23]`)."""
        names = ("sku", "search_sku", "search_name_or_sku", "global_unique_id")
        return any(args.get(name) for name in names) or bool(args.get("search_fields") and args.get("search"))

    def _chosen(self, args: Body, kind: Kind, *, both: bool, parent: int | None) -> list[Product] | None:
        """The few things that can be meant at all, if a filter names them; else None."""
        things = self._shelf.things
        ids: Iterator[int] | list[int] | None = None
        if parent:
            return self._shelf.children(parent)
        if args.get("include"):
            ids = args["include"]
        elif args.get("sku") and not args.get("search_sku") and not args.get("search_name_or_sku"):
            ids = self._with_skus(str(args["sku"]))
        elif args.get("global_unique_id"):
            gtins = [part.strip() for part in str(args["global_unique_id"]).split(",")]
            ids = [id_ for gtin in gtins for id_ in self._shelf.by_gtin.ids(gtin)]
        elif args.get("status") == "trash" or "trash" in args.get("include_status", ()):
            ids = [id_ for status in kind.by_status.keys() for id_ in kind.by_status.ids(status)]  # noqa: SIM118
        elif args.get("category"):
            ids = [id_ for term in self._with_children(args["category"]) for id_ in self._shelf.in_term(term)]
        elif both:
            ids = list(things)
        if ids is None:
            return None
        found = (things[id_] for id_ in dict.fromkeys(ids) if id_ in things)
        return [one for one in found if both or self._shelf.kind(one) is kind]

    def _with_skus(self, text: str) -> list[int]:
        """SKUs between commas, and the whole text as one (`products_list[40]`); a space before a SKU counts
        (`products_list[37]`)."""
        parts = text.split(",")
        return [
            id_ for sku in (*parts, *([text] if len(parts) > 1 else [])) for id_ in self._shelf.by_sku.ids(folded(sku))
        ]

    def _with_children(self, ids: list[int]) -> list[int]:
        """Categories together with all below them."""
        found = dict.fromkeys(ids)
        terms = self._shop.terms.of("product_cat")
        grown = True
        while grown:
            below = [term.id for term in terms if term.parent and term.parent in found and term.id not in found]
            found.update(dict.fromkeys(below))
            grown = bool(below)
        return list(found)

    # Tests

    def _bounds(self, args: Body, prefix: str) -> Bounds:
        zone, in_gmt = self._shop.options.time_zone, bool(args.get("dates_are_gmt"))
        return {
            side: dates.filter_bound(str(args[prefix + side]), zone, gmt_column=in_gmt)
            if args.get(prefix + side)
            else None
            for side in ("after", "before")
        }

    def _window_tests(self, args: Body, but: str | None = None) -> list[Test]:
        """Tests by date; both ends are outside the window (`products_list[70]`, `products_list[72]`)."""
        tests: list[Test] = []
        for prefix, field in (("", "created"), ("modified_", "modified")):
            if prefix == but:
                continue
            bounds = self._bounds(args, prefix)
            low, high = bounds["after"], bounds["before"]
            if low is not None:
                tests.append(lambda one, low=low, field=field: getattr(one, field) > low)  # type: ignore[misc]
            if high is not None:
                tests.append(lambda one, high=high, field=field: getattr(one, field) < high)  # type: ignore[misc]
        return tests

    def _tests(self, args: Body, *, variations: bool) -> list[Test]:
        tests = self._status_tests(args)
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

    def _status_tests(self, args: Body) -> list[Test]:
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

    def _living_tests(self, args: Body) -> list[Test]:
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
            categories = dict.fromkeys(self._with_children(args["category"]))
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
            tests.append(lambda one: any(low <= price <= high for price in self._asked(one)))
        tests += [
            (lambda one, fits=fits, bound=args[name]: self._has_stock(one, fits, bound))  # type: ignore[misc]
            for name, fits in _STOCK_FILTERS.items()
            if name in args
        ]
        return tests

    def _asked(self, one: Product) -> list[float]:
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
            fields = args["search_fields"]
            return [self._words(str(args["search"]), lambda one: self._texts(one, fields))]
        if args.get("search_name_or_sku"):
            return [self._words(str(args["search_name_or_sku"]), lambda one: self._texts(one, ["name", "sku"]))]
        if args.get("search_sku"):
            part = folded(str(args["search_sku"]))
            tests.append(lambda one: part in folded(one.sku))
        elif args.get("sku"):
            ids = dict.fromkeys(self._with_skus(str(args["sku"])))
            tests.append(lambda one: one.id in ids)
        if args.get("search"):
            shown = ["name", "short_description", "description"]
            tests.append(self._words(str(args["search"]), lambda one: self._texts(one, shown)))
        return tests

    def _words(self, text: str, texts: Callable[[Product], list[str]]) -> Test:
        """Every word must stand in one of the texts; single letters do not count."""
        words = [folded(word) for word in text.split() if not (len(word) == 1 and (word.isalpha() or word == "-"))]
        return lambda one: all(any(word in part for part in texts(one)) for word in words)

    def _texts(self, one: Product, fields: list[str]) -> list[str]:
        held: dict[str, Callable[[Product], str]] = {
            "name": self._products.name_of,
            "sku": lambda thing: thing.sku,
            "global_unique_id": lambda thing: thing.details.gtin,
            "description": lambda thing: thing.details.description,
            "short_description": lambda thing: thing.details.short_description,
        }
        return [folded(held[name](one)) for name in fields if name in held]

    # Order

    def _sorted(self, found: list[Product], order: str, args: Body, *, descending: bool) -> list[Product]:
        if order in ("include", "post__in") and args.get("include"):
            places = {id_: place for place, id_ in enumerate(args["include"])}
            return sorted(found, key=lambda one: places.get(one.id, len(places)))
        if order in ("popularity", "sales", "rating"):
            # These come best first whatever order is asked for (`products_list[22]`, `products_list[23]`).
            return sorted(found, key=lambda one: (self._merit(one, order), one.id), reverse=True)
        if order == "price" and descending:
            return sorted(found, key=lambda one: (max(self._asked(one), default=0.0), one.id), reverse=True)
        return sorted(found, key=lambda one: self._rank(one, order), reverse=descending)

    def _merit(self, one: Product, order: str) -> tuple[float, int]:
        if order != "rating":
            return float(one.total_sales), 0
        return float(self._products.reviews.average(one)), len(one.details.ratings)

    def _rank(self, one: Product, order: str) -> tuple[Json, ...]:
        if order == "modified":
            return one.modified, one.id
        if order in ("id", "include", "post__in", "random"):
            return (one.id,)
        if order == "title":
            return folded(self._products.name_of(one)), one.id
        if order == "slug":
            return one.slug, one.id
        if order == "menu_order":
            return one.menu_order, folded(self._products.name_of(one)), one.id
        if order == "price":
            return min(self._asked(one), default=0.0), one.id
        return one.created, one.id


def _not_in_trash(one: Product) -> bool:
    return one.status != "trash"


_STOCK_FILTERS: dict[str, Callable[[int, int], bool]] = {
    "stock_quantity": lambda stock, bound: stock == bound,
    "min_stock_quantity": lambda stock, bound: stock >= bound,
    "max_stock_quantity": lambda stock, bound: stock <= bound,
}
