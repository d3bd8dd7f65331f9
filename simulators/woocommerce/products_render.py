"""A product as /products shows it, variations too when they are read there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from simulators.woocommerce import dates
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.products_model import Details, Product
from simulators.woocommerce.products_prices import Prices, in_sale, shown_on_sale
from simulators.woocommerce.products_text import slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

ITEM = ("GET", "POST", "PUT", "PATCH", "DELETE")
COLLECTION = "/wc/v3/products"


class Renderer:
    """Works out what is shown of a product: its fields that are more than what is kept (products_fields.py has them
    all)."""

    def __init__(self, shop: Shop, products: Products) -> None:
        self.shop = shop
        self.products = products
        self.zone: str = shop.options.time_zone
        self.prices = Prices(shop)

    def links(self, one: Product) -> Body:
        up = {"up": f"{COLLECTION}/{one.parent}"} if one.parent else {}
        if one.type != "variation" and one.details.post_parent:
            up = {"up": f"{COLLECTION}/{one.details.post_parent}"}
        return self.shop.links(f"{COLLECTION}/{one.id}", COLLECTION, ITEM, **up)

    # Fields

    def local(self, moment: int | None) -> str | None:
        return None if moment is None else dates.local(moment, self.zone)

    def gmt(self, moment: int | None) -> str | None:
        return None if moment is None else dates.gmt(moment)

    def permalink(self, one: Product) -> str:
        """Where customers see it. Drafts and what is planned have a plain address, variations their choice in the query
        (`variations[4]`)."""
        if one.type == "variation":
            parent = self.products.shelf.get(one.parent)
            chosen = "&".join(f"attribute_{key}={quote(value, safe='')}" for key, value in one.options if value)
            above = self.permalink(parent) if parent is not None else f"{self.shop.base}/"
            return f"{above}{'&' if '?' in above else '?'}{chosen}" if chosen else above
        if one.status in ("draft", "pending", "auto-draft", "future"):
            return f"{self.shop.base}/?post_type=product&p={one.id}"
        return f"{self.shop.base}/product/{one.slug}/"

    def permalink_template(self, _one: Product) -> str:
        return f"{self.shop.base}/product/%pagename%/"

    def generated_slug(self, one: Product) -> str:
        return self.products.shelf.free_slug(slug_of(self.products.name_of(one)), one.id)

    def above(self, one: Product) -> Details:
        """The details that a variation always has from its product."""
        parent = self.products.parent_of(one)
        return parent.details if parent is not None else one.details

    def on_sale(self, one: Product) -> bool:
        if one.type == "variable":
            return shown_on_sale(self.products.shelf.offered(one.id), self.shop.now())
        if one.type == "grouped":
            return any(in_sale(child, self.shop.now()) for child in self._grouped(one))
        return in_sale(one, self.shop.now())

    def purchasable(self, one: Product) -> bool:
        """Staff may buy what is not published, only not without a price (`products_simple[7]`,
        `products_simple[8]`)."""
        if one.type == "variation":
            return one.price != "" and one.status == "publish"
        return one.price != "" and one.type not in ("grouped", "external")

    def downloads(self, one: Product) -> Json:
        if not one.downloadable:
            return []
        return [{"id": file.id, "name": file.name, "file": file.file} for file in one.details.downloads]

    def manage_stock(self, one: Product) -> bool | str:
        holder = self.shop.stock.holder(one)
        return "parent" if holder is not None and holder is not one else holder is not None

    def stock_quantity(self, one: Product) -> int | None:
        holder = self.shop.stock.holder(one) or one
        return holder.stock

    def backorders(self, one: Product) -> str:
        holder = self.shop.stock.holder(one) or one
        return holder.backorders

    def backordered(self, one: Product) -> bool:
        return one.stock_status == "onbackorder"

    def dimensions(self, one: Product) -> Json:
        held = one.details
        parent = self.products.shelf.get(one.parent) if one.type == "variation" else None
        above = parent.details if parent is not None else held
        return {
            "length": held.length or above.length,
            "width": held.width or above.width,
            "height": held.height or above.height,
        }

    def shipping_class(self, one: Product) -> str:
        term = self.shop.terms.get(self.products.shipping_class_of(one))
        return term.slug if term is not None else ""

    def terms(self, ids: tuple[int, ...]) -> Json:
        found = self.shop.terms.in_order(ids)
        return [{"id": term.id, "name": term.name, "slug": term.slug} for term in found]

    def attributes(self, one: Product) -> Json:
        if one.type == "variation":
            rows = self.products.options_of(one)
            return [
                {"id": row.id, "name": row.label, "slug": row.key, "option": row.shown} for row in rows if row.value
            ]
        shown = []
        for attribute in one.attributes:
            held = self.shop.terms.attributes.get(attribute.id) if attribute.id else None
            body: Body = {"id": attribute.id, "name": attribute.name, "slug": attribute.name}
            options: Json = list(attribute.options)
            if held is not None:
                body["name"], body["slug"] = held.name, held.taxonomy
                options = [term.name for term in self.shop.terms.in_order(attribute.terms, held.order_by)]
            body |= {"position": attribute.position, "visible": attribute.visible, "variation": attribute.variation}
            shown.append({**body, "options": options})
        return shown

    def default_attributes(self, one: Product) -> Json:
        labels = {row.key: row for row in self.products.choices_of(one)}
        shown = []
        for key, option in one.details.default_attributes:
            if key in labels:
                shown.append({"id": labels[key].id, "name": labels[key].label, "option": option})
        return shown

    def _grouped(self, one: Product) -> list[Product]:
        found = (self.products.shelf.get(id_) for id_ in one.details.grouped)
        return [child for child in found if child is not None]

    def variations(self, one: Product) -> list[int]:
        return [child.id for child in self.products.shelf.living(one.id)] if one.type == "variable" else []

    def price_html(self, one: Product) -> str:
        if one.type == "grouped":
            asked = [child for child in self._grouped(one) if child.price != "" and child.status == "publish"]
            return self.prices.of_many(one, asked, self.shop.now())
        if one.type == "variable":
            return self.prices.of_many(one, self.products.shelf.offered(one.id), self.shop.now())
        return self.prices.of_one(one, self.products.tax_class_of(one), self.shop.now())

    def related(self, one: Product) -> Json:
        """Five of the related products. The shop mixes them anew each time; here the mix follows from id and second."""
        if one.type == "variation":
            return []
        found = list(self.products.shelf.related(one))
        if len(found) > 1:
            turn = self.shop.now() + one.id
            found.sort(key=lambda id_: (id_ * 2654435761 + turn * 40503) % 4294967291)
        return found[:5]
