"""Lists of products and variations: filters, order and pages.

Without filters a page is cut out of an index that is in order already; a list of SKUs or ids looks only at those;
everything else goes through the index once. Nothing is sorted but what a filter has made small, or what has no index.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.products_filters import Bounds, Filters, Test, given
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_shelf import Kind
from simulators.woocommerce.products_text import folded
from simulators.woocommerce.store import Sorted

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop


FEW = 3000
"""So many things are rather sorted than looked for in an index that is in order."""


class Finder:
    """Finds what a list asks for."""

    def __init__(self, shop: Shop, products: Products, few: int = FEW) -> None:
        self._few = few
        self._products = products
        self._shelf = products.shelf
        self._filters = Filters(shop, products)

    def page(
        self, args: Body, start: int, length: int, *, variations_of: int | None = None, descending: bool = True
    ) -> tuple[list[Product], int]:
        """One page and how many there are in all. `variations_of` asks for variations: of that product, or with 0 of
        all."""
        both = self._looks_at_all(args) and variations_of is None
        kind = self._shelf.products if variations_of is None else self._shelf.variations
        tests = self._filters.tests(args, variations=variations_of is not None)
        chosen = self._chosen(args, kind, both=both, parent=variations_of)
        order = str(args.get("orderby", "date"))
        index = {"date": kind.created, "modified": kind.modified, "id": kind.ids}.get(order)
        if chosen is not None or index is None:
            windows = {"created": self._filters.bounds(args, ""), "modified": self._filters.bounds(args, "modified_")}
            tests = [
                *self._filters.living_tests(args),
                *self._filters.status_tests(args),
                *self._filters.window_tests(windows),
                *tests,
            ]
            among = self._all(kind) if chosen is None else chosen
            found = [one for one in among if all(test(one) for test in tests)]
            found = self._sorted(found, order, args, descending=descending)
            return found[start : start + length], len(found)
        return self._walk(index, kind, args, tests, start, length, descending=descending)

    def _all(self, kind: Kind) -> Iterator[Product]:
        things = self._shelf.things
        return (things[id_] for id_ in kind.ids.ids())

    def _walk(
        self, index: Sorted, kind: Kind, args: Body, tests: list[Test], start: int, length: int, *, descending: bool
    ) -> tuple[list[Product], int]:
        """A page out of an index that is in the wanted order; where the total is known, only as far as the page."""
        windows = {"created": self._filters.bounds(args, ""), "modified": self._filters.bounds(args, "modified_")}
        own = windows.pop("created" if index is kind.created else "modified" if index is kind.modified else "", {})
        beside = self._filters.window_tests({name: bounds for name, bounds in windows.items() if any(given(bounds))})
        statuses = self._filters.status_tests(args)
        things = self._shelf.things
        after, before = own.get("after"), own.get("before")
        if not (tests or beside or statuses):
            ids = index.part(start, length, descending=descending, after=after, before=before)
            return [things[id_] for id_ in ids], index.count(after=after, before=before)
        known = None if tests or any(given(own)) else self._known_total(kind, args, windows, statuses)
        every = [*statuses, *beside, *tests]
        found, total = [], 0
        for id_ in index.ids(descending=descending, after=after, before=before):
            one = things[id_]
            if all(test(one) for test in every):
                if start <= total < start + length:
                    found.append(one)
                total += 1
                if known is not None and (total >= start + length or total == known):
                    break
        return found, total if known is None else known

    def _known_total(self, kind: Kind, args: Body, windows: dict[str, Bounds], statuses: list[Test]) -> int | None:
        """How many there are when only the status, or only one window of dates, chooses; else None."""
        narrowed = [name for name, bounds in windows.items() if any(given(bounds))]
        if not narrowed and not args.get("exclude_status"):
            wanted = args.get("include_status") or [args.get("status", "any")]
            return None if "any" in wanted else sum(kind.by_status.count(status) for status in dict.fromkeys(wanted))
        if len(narrowed) == 1 and not statuses:
            bounds = windows[narrowed[0]]
            index = kind.created if narrowed[0] == "created" else kind.modified
            return index.count(after=bounds["after"], before=bounds["before"])
        return None

    def _narrow(self, kind: Kind, args: Body) -> list[int] | None:
        """The ids within a window of dates, if they are few."""
        for index, prefix in ((kind.modified, "modified_"), (kind.created, "")):
            bounds = self._filters.bounds(args, prefix)
            if any(given(bounds)) and index.count(after=bounds["after"], before=bounds["before"]) <= self._few:
                return list(index.ids(after=bounds["after"], before=bounds["before"]))
        return None

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
            ids = self._filters.with_skus(str(args["sku"]))
        elif args.get("global_unique_id"):
            gtins = [part.strip() for part in str(args["global_unique_id"]).split(",")]
            ids = [id_ for gtin in gtins for id_ in self._shelf.by_gtin.ids(gtin)]
        elif args.get("status") == "trash" or "trash" in args.get("include_status", ()):
            ids = [id_ for status in kind.by_status.keys() for id_ in kind.by_status.ids(status)]  # noqa: SIM118
        elif args.get("category"):
            ids = [id_ for term in self._filters.with_children(args["category"]) for id_ in self._shelf.in_term(term)]
        elif both:
            ids = list(things)
        else:
            ids = self._narrow(kind, args)
        if ids is None:
            return None
        found = (things[id_] for id_ in dict.fromkeys(ids) if id_ in things)
        return [one for one in found if both or self._shelf.kind(one) is kind]

    # Order

    def _sorted(self, found: list[Product], order: str, args: Body, *, descending: bool) -> list[Product]:
        if order in ("include", "post__in") and args.get("include"):
            places = {id_: place for place, id_ in enumerate(args["include"])}
            return sorted(found, key=lambda one: places.get(one.id, len(places)))
        if order in ("popularity", "sales", "rating"):
            # These come best first whatever order is asked for (`products_list[22]`, `products_list[23]`).
            return sorted(found, key=lambda one: (self._merit(one, order), one.id), reverse=True)
        if order == "price" and descending:
            return sorted(found, key=lambda one: (max(self._filters.asked(one), default=0.0), one.id), reverse=True)
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
            return min(self._filters.asked(one), default=0.0), one.id
        return one.created, one.id
