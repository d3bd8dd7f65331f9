"""Terms: categories, tags, brands, shipping classes and the options of global attributes, in one table as WordPress
has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.attributes import Attributes
from simulators.woocommerce.call import RestError, Route
from simulators.woocommerce.categories import TermResource
from simulators.woocommerce.products_text import clean, folded, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

CATEGORY, TAG, BRAND, SHIPPING_CLASS = "product_cat", "product_tag", "product_brand", "product_shipping_class"
HIERARCHICAL = frozenset((CATEGORY, BRAND))
UNCATEGORIZED = 15
"""The default category that a new shop has (`products_simple[0]`)."""


class Term(msgspec.Struct):
    id: int
    taxonomy: str
    name: str
    slug: str
    description: str = ""
    parent: int = 0
    menu_order: int = 0
    display: str = "default"
    image: int = 0


class Terms:
    """The table of terms. Names are found without regard to case and accents, slugs are unique in a taxonomy."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._terms: dict[int, Term] = {}
        self._of: dict[str, dict[int, Term]] = {}
        self._by_slug: dict[tuple[str, str], Term] = {}
        self._by_name: dict[tuple[str, str], dict[int, Term]] = {}
        self.attributes = Attributes(shop, self)
        self.put(Term(UNCATEGORIZED, CATEGORY, "Uncategorized", "uncategorized"))

    def routes(self) -> list[Route]:
        resources = [
            TermResource(self._shop, self, CATEGORY, "products/categories"),
            TermResource(self._shop, self, TAG, "products/tags"),
            TermResource(self._shop, self, BRAND, "products/brands"),
            TermResource(self._shop, self, SHIPPING_CLASS, "products/shipping_classes"),
        ]
        return [*(route for one in resources for route in one.routes()), *self.attributes.routes()]

    def put(self, term: Term) -> None:
        self._terms[term.id] = term
        self._of.setdefault(term.taxonomy, {})[term.id] = term
        self._by_slug[term.taxonomy, term.slug] = term
        self._by_name.setdefault((term.taxonomy, folded(term.name)), {})[term.id] = term

    def _forget(self, term: Term) -> None:
        del self._terms[term.id]
        del self._of[term.taxonomy][term.id]
        del self._by_slug[term.taxonomy, term.slug]
        del self._by_name[term.taxonomy, folded(term.name)][term.id]

    def get(self, id_: int, taxonomy: str = "") -> Term | None:
        term = self._terms.get(id_)
        return term if term is not None and taxonomy in ("", term.taxonomy) else None

    def of(self, taxonomy: str) -> list[Term]:
        return list(self._of.get(taxonomy, {}).values())

    def named(self, taxonomy: str, name: str) -> Term | None:
        return next(iter(self._by_name.get((taxonomy, folded(name)), {}).values()), None)

    def slugged(self, taxonomy: str, slug: str) -> Term | None:
        return self._by_slug.get((taxonomy, slug))

    def create(self, taxonomy: str, name: str, slug: str = "", parent: int = 0, description: str = "") -> Term:
        """A new term.

        Raises:
            RestError: term_exists, with the id of the one that is there (`products_simple[11]`,
            `products_simple[112]`).
        """
        name = clean(name)
        self._refuse_double(taxonomy, name, slug, parent)
        found = self._free_slug(taxonomy, slug or slug_of(name), parent)
        term = Term(self._shop.ids.terms.next(), taxonomy, name, found, description, parent)
        self.put(term)
        return term

    def _refuse_double(self, taxonomy: str, name: str, slug: str, parent: int) -> None:
        there = self._by_name.get((taxonomy, folded(name)), {}).values()
        for other in there:
            if taxonomy in HIERARCHICAL and other.parent != parent:
                continue
            if slug and slug != other.slug and self.slugged(taxonomy, slug) is None:
                continue
            where = "with this parent" if taxonomy in HIERARCHICAL else "in this taxonomy"
            text = f"A term with the name provided already exists {where}."
            raise RestError("term_exists", text, 400, {"resource_id": other.id})

    def _free_slug(self, taxonomy: str, wanted: str, parent: int, own: int = 0) -> str:
        found = wanted
        above = self.get(parent)
        if self._taken(taxonomy, found, own) and above is not None:
            found = f"{wanted}-{above.slug}"
        base, number = found, 1
        while self._taken(taxonomy, found, own):
            number += 1
            found = f"{base}-{number}"
        return found

    def _taken(self, taxonomy: str, slug: str, own: int) -> bool:
        there = self.slugged(taxonomy, slug)
        return there is not None and there.id != own

    def change(self, term: Term, **changes: object) -> Term:
        """Give a term other values; a slug that is taken gets a suffix."""
        changed = msgspec.structs.replace(term, **changes)
        changed.slug = self._free_slug(term.taxonomy, changed.slug or slug_of(changed.name), changed.parent, term.id)
        self._forget(term)
        self.put(changed)
        return changed

    def delete(self, term: Term) -> None:
        """Delete for good; its children move up to its parent, products lose it."""
        for child in self.of(term.taxonomy):
            if child.parent == term.id:
                self.change(child, parent=term.parent)
        self._shop.products.leave_term(term.id)
        self._forget(term)

    def option(self, taxonomy: str, name: str) -> Term:
        """The term of that name, made if there is none: options of global attributes (`products_simple[113]`), tags by
        name (`products_simple[97]`)."""
        return self.named(taxonomy, name) or self.create(taxonomy, name)

    def in_order(self, ids: tuple[int, ...], by: str = "name") -> list[Term]:
        """Terms as the shop shows them: by the order set by hand first, then by name or id (`variations[1]`)."""
        found = [self._terms[id_] for id_ in ids if id_ in self._terms]
        if by == "id":
            return sorted(found, key=lambda term: term.id)
        if by == "menu_order":
            return sorted(found, key=lambda term: (term.menu_order, folded(term.name)))
        return sorted(found, key=lambda term: folded(term.name))
