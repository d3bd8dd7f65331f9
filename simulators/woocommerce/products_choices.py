"""Attributes, tags and options as they are written: names become terms, options become a variation's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import php
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.products_model import Attribute, Product
from simulators.woocommerce.products_text import clean, listed, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop


def _truthy(value: Json) -> bool:
    return bool(value) and value != "0"


class Choosing:
    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products

    def attributes(self, one: Product, rows: list[Body]) -> None:
        """The whole list of attributes anew; unknown global ones fall away without error (`products_simple[115]`),
        unknown options of known ones become terms (`products_simple[113]`)."""
        found: dict[str, Attribute] = {}
        for row in rows:
            id_, name = abs(php.to_int(row.get("id"))), clean(php.to_str(row.get("name")))
            options = row.get("options")
            if options is None or not (id_ or name):
                continue
            texts = [php.to_str(text) for text in options] if isinstance(options, list) else listed(php.to_str(options))
            made = self._global(id_, texts, row) if id_ else self._local(name, texts, row)
            if made is not None:
                found[slug_of(made.name) if not made.id else f"pa_{made.id}"] = made
        one.attributes = tuple(sorted(found.values(), key=lambda attribute: attribute.position))

    def _global(self, id_: int, texts: list[str], row: Body) -> Attribute | None:
        held = self._shop.terms.attributes.get(id_)
        names = [clean(text) for text in texts if clean(text)]
        if held is None or not names:
            return None
        terms = dict.fromkeys(self._shop.terms.option(held.taxonomy, name).id for name in names)
        return self._made(row, id_, held.taxonomy, terms=tuple(terms))

    def _local(self, name: str, texts: list[str], row: Body) -> Attribute:
        """Options of a local attribute are kept as one text with bars between them, so a bar parts an option and empty
        ones vanish (`products_simple[108]`)."""
        options = [part for text in texts for part in listed(text) if part]
        return self._made(row, 0, name, options=tuple(options))

    def _made(
        self, row: Body, global_id: int, name: str, *, options: tuple[str, ...] = (), terms: tuple[int, ...] = ()
    ) -> Attribute:
        return Attribute(
            id=global_id,
            name=name,
            options=options,
            terms=terms,
            position=abs(php.to_int(row.get("position"))),
            visible=_truthy(row.get("visible")),
            variation=_truthy(row.get("variation")),
        )

    def tags(self, rows: list[Body]) -> tuple[int, ...]:
        """Tags by id, or by name, which is made into a tag if there is none (`products_simple[97]`)."""
        found = []
        for row in rows:
            name = clean(php.to_str(row.get("name")))
            id_ = self._shop.terms.option("product_tag", name).id if name else php.to_int(row.get("id"))
            if self._shop.terms.get(id_, "product_tag") is not None:
                found.append(id_)
        return tuple(dict.fromkeys(found))

    def chosen(self, product: Product, rows: list[Body]) -> tuple[tuple[str, str], ...]:
        """Attribute keys and values as a variation of this product, or its default choice, has them: attributes the
        product does not vary in fall away (`variations[11]`), options it lacks are taken (`variations[10]`)."""
        known = {choice.key: choice for choice in self._products.choices_of(product)}
        found: dict[str, str] = {}
        for row in rows:
            id_ = abs(php.to_int(row.get("id")))
            held = self._shop.terms.attributes.get(id_) if id_ else None
            key = held.taxonomy if held is not None else slug_of(php.to_str(row.get("name")))
            if key not in known:
                continue
            value = clean(php.to_str(row.get("option")))
            if known[key].id and value:
                term = self._shop.terms.named(key, value)
                value = term.slug if term is not None else slug_of(value)
            found[key] = value
        return tuple(found.items())
