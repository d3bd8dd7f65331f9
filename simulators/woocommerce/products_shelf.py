"""All products and variations with the indexes that lists are read from, kept up to date with every change."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from itertools import islice

from simulators.woocommerce.products_model import PLAIN, Product
from simulators.woocommerce.products_text import folded
from simulators.woocommerce.store import Keyed, Sorted


class Kind:
    """The lists of one kind of post: products, or variations. Those in the trash are in none of the sorted ones."""

    def __init__(self) -> None:
        self.created = Sorted()
        self.modified = Sorted()
        self.ids = Sorted()
        self.by_status: Keyed[str] = Keyed()

    def add(self, one: Product) -> None:
        self.by_status.add(one.status, one.id)
        if one.status != "trash":
            self.created.add(one.created, one.id)
            self.modified.add(one.modified, one.id)
            self.ids.add(one.id, one.id)

    def drop(self, one: Product) -> None:
        self.by_status.drop(one.status, one.id)
        if one.status != "trash":
            self.created.drop(one.created, one.id)
            self.modified.drop(one.modified, one.id)
            self.ids.drop(one.id, one.id)

    def move(self, old: Product, new: Product) -> None:
        if (old.status == "trash") is not (new.status == "trash"):
            self.drop(old)
            self.add(new)
            return
        self.by_status.move(old.status, new.status, new.id)
        if new.status != "trash":
            self.created.move(old.created, new.created, new.id)
            self.modified.move(old.modified, new.modified, new.id)


class Shelf:
    """Changes are made to a copy (`draft`) and put in its place (`put`), so a refused request leaves no trace."""

    def __init__(self) -> None:
        self.things: dict[int, Product] = {}
        self.products = Kind()
        self.variations = Kind()
        self.by_sku: Keyed[str] = Keyed()
        self.by_gtin: Keyed[str] = Keyed()
        self._slugs: Keyed[str] = Keyed()
        self._children: dict[int, list[int]] = {}
        self._by_term: dict[int, dict[int, None]] = {}
        self._published: dict[int, int] = {}

    def get(self, id_: int) -> Product | None:
        return self.things.get(id_)

    def draft(self, one: Product) -> Product:
        """A copy to work on; its meta rows are copies too."""
        drafted = copy.copy(one)
        if one.meta:
            drafted.meta = [copy.copy(row) for row in one.meta]
        return drafted

    def kind(self, one: Product) -> Kind:
        return self.variations if one.type == "variation" else self.products

    def put(self, new: Product) -> None:
        """Take a new thing, or a changed one in place of what it was."""
        old = self.things.get(new.id)
        self.things[new.id] = new
        if old is None:
            self.kind(new).add(new)
            if new.type == "variation":
                self._children.setdefault(new.parent, []).append(new.id)
        else:
            self.kind(new).move(old, new)
        self._put_keys(old, new)
        self._put_terms(old, new)

    def _put_keys(self, old: Product | None, new: Product) -> None:
        gtin = new.details.gtin
        if old is None:
            if new.sku:
                self.by_sku.add(folded(new.sku), new.id)
            if gtin:
                self.by_gtin.add(gtin, new.id)
            if new.slug:
                self._slugs.add(new.slug, new.id)
            return
        for index, before, after in (
            (self.by_sku, folded(old.sku), folded(new.sku)),
            (self.by_gtin, old.details.gtin, gtin),
            (self._slugs, old.slug, new.slug),
        ):
            if before != after:
                if before:
                    index.drop(before, new.id)
                if after:
                    index.add(after, new.id)

    def _put_terms(self, old: Product | None, new: Product) -> None:
        was, now = ({} if old is None else dict.fromkeys(terms_of(old))), dict.fromkeys(terms_of(new))
        counted = old is not None and old.status == "publish"
        counts = new.status == "publish"
        if was == now and counted == counts:
            return
        for term in was:
            if term not in now:
                self._by_term[term].pop(new.id, None)
            if counted:
                self._published[term] -= 1
        for term in now:
            self._by_term.setdefault(term, {})[new.id] = None
            if counts:
                self._published[term] = self._published.get(term, 0) + 1

    def remove(self, one: Product) -> None:
        """Delete for good; the variations of a product must have been removed before."""
        gone = self.draft(one)
        gone.sku, gone.slug, gone.details = "", "", PLAIN
        gone.categories = gone.tags = ()
        gone.attributes, gone.shipping_class = (), 0
        self._put_keys(one, gone)
        self._put_terms(one, gone)
        self.kind(one).drop(one)
        del self.things[one.id]
        if one.type == "variation":
            self._children[one.parent].remove(one.id)
        self._children.pop(one.id, None)

    def children(self, parent: int) -> list[Product]:
        """A product's variations, those in the trash too, in the order of their menu and then their ids."""
        found = [self.things[id_] for id_ in self._children.get(parent, ())]
        found.sort(key=lambda one: (one.menu_order, one.id))
        return found

    def living(self, parent: int) -> list[Product]:
        """The variations a product names: published and private ones (`variations[51]`)."""
        if parent not in self._children:
            return []
        return [one for one in self.children(parent) if one.status in ("publish", "private")]

    def offered(self, parent: int) -> list[Product]:
        """The variations that can be bought: published and with a price."""
        if parent not in self._children:
            return []
        return [one for one in self.children(parent) if one.status == "publish" and one.price != ""]

    def with_sku(self, sku: str, *, but: int = 0) -> int:
        """The id of another living thing with that SKU, 0 without; case and accents do not count
        (`products_simple[19]`)."""
        return self._first(self.by_sku.ids(folded(sku)), but)

    def with_gtin(self, gtin: str, *, but: int = 0) -> int:
        return self._first(self.by_gtin.ids(gtin), but)

    def _first(self, ids: Iterable[int], but: int) -> int:
        return next((id_ for id_ in ids if id_ != but and self.things[id_].status != "trash"), 0)

    def free_slug(self, wanted: str, id_: int) -> str:
        """A slug that no other product has: "kaffekvarn-a-2" (`products_simple[82]`)."""
        found, number = wanted, 1
        while any(other != id_ for other in self._slugs.ids(found)):
            number += 1
            found = f"{wanted[: 200 - len(str(number)) - 1]}-{number}"
        return found

    def in_term(self, term: int) -> dict[int, None]:
        return self._by_term.get(term, {})

    def published_in(self, term: int) -> int:
        """How many published products a term has: its `count` (`products_list[90]`)."""
        return self._published.get(term, 0)

    def related(self, one: Product) -> Iterator[int]:
        """Published products that share a category or tag, lowest ids first; at most fifteen are looked at."""
        seen: dict[int, None] = {}
        for term in (*one.categories, *one.tags):
            fitting = (id_ for id_ in self.in_term(term) if id_ != one.id and self._may_relate(id_))
            seen.update(dict.fromkeys(islice(fitting, 15)))
        return islice(sorted(seen), 15)

    def _may_relate(self, id_: int) -> bool:
        other = self.things[id_]
        return other.status == "publish" and other.details.visibility in ("visible", "catalog")


def terms_of(one: Product) -> Iterator[int]:
    """The ids of all terms a product stands under: categories, tags, brands, shipping class, options of attributes."""
    yield from one.categories
    yield from one.tags
    yield from one.details.brands
    if one.shipping_class:
        yield one.shipping_class
    for attribute in one.attributes:
        yield from attribute.terms
