"""A product as /products shows it, variations too when they are read there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from simulators.woocommerce import dates, meta
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_prices import Prices, in_sale, shown_on_sale
from simulators.woocommerce.products_text import paragraphs, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

ITEM = ("GET", "POST", "PUT", "PATCH", "DELETE")
COLLECTION = "/wc/v3/products"

Show: TypeAlias = Callable[[Product], Json]


LATE = ("price_html", "related_ids", "meta_data", "stock_status", "has_options", "post_password", "global_unique_id",
        "permalink_template", "generated_slug")  # fmt: skip


def ordered(asked: tuple[str, ...]) -> tuple[str, ...]:
    """The order of an answer to _fields: as they were asked for, then the id, then what WooCommerce adds late
    (`products_modified[2]`); brands come along though nobody asked (`products_batch[20]`)."""
    early = tuple(name for name in dict.fromkeys(asked) if name not in LATE)
    rest = tuple(name for name in ("id", "brands") if name not in early)
    return (*early, *rest, *(name for name in LATE if name in asked))


class Renderer:
    """Makes bodies. `show` has a function for every field, in the order of the fields; those of context "edit", in which
    answers to writes are given, stand in `show_edit`."""

    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products
        self._zone = shop.options.time_zone
        self.prices = Prices(shop.options)
        self.show: dict[str, Show] = {**self._first(), **self._selling(), **self._stock(), **self._goods(), **self._more()}
        self.show_edit: dict[str, Show] = {
            **self.show,
            "description": lambda one: one.details.description,
            "short_description": lambda one: one.details.short_description,
            "purchase_note": lambda one: one.details.purchase_note,
            "average_rating": lambda one: self._products.reviews.average(one) if one.details.ratings else "0",
            "sku": lambda one: one.sku,
            "tax_class": lambda one: one.tax_class,
            "weight": lambda one: one.weight,
            "permalink_template": lambda _one: f"{self._shop.base}/product/%pagename%/",
            "generated_slug": self._generated_slug,
        }

    # One body

    def body(self, one: Product, asked: tuple[str, ...], *, edit: bool = False) -> Body:
        """`asked` are the names in _fields in their order; none means all."""
        show = self.show_edit if edit else self.show
        if not asked:
            return {name: field(one) for name, field in show.items()}
        return {name: show[name](one) for name in ordered(asked) if name in show}

    def links(self, one: Product) -> Body:
        up = {"up": f"{COLLECTION}/{one.parent}"} if one.parent else {}
        if one.type != "variation" and one.details.post_parent:
            up = {"up": f"{COLLECTION}/{one.details.post_parent}"}
        return self._shop.links(f"{COLLECTION}/{one.id}", COLLECTION, ITEM, **up)

    # Fields

    def _first(self) -> dict[str, Show]:
        products = self._products
        return {
            "id": lambda one: one.id,
            "name": products.name_of,
            "slug": lambda one: one.slug or (slug_of(products.name_of(one)) if one.type == "variation" else ""),
            "permalink": self.permalink,
            "date_created": lambda one: dates.local(one.created, self._zone),
            "date_created_gmt": lambda one: dates.gmt(one.created),
            "date_modified": lambda one: dates.local(one.modified, self._zone),
            "date_modified_gmt": lambda one: dates.gmt(one.modified),
            "type": lambda one: one.type,
            "status": lambda one: one.status,
            "featured": lambda one: one.details.featured,
            "catalog_visibility": lambda one: one.details.visibility,
            "description": lambda one: paragraphs(one.details.description),
            "short_description": lambda one: paragraphs(one.details.short_description),
            "sku": products.sku_of,
        }

    def _selling(self) -> dict[str, Show]:
        return {
            "price": lambda one: one.price,
            "regular_price": lambda one: one.regular_price,
            "sale_price": lambda one: one.sale_price if one.sale_price != "0" else "",
            "date_on_sale_from": lambda one: self._local(one.sale_from),
            "date_on_sale_from_gmt": lambda one: self._gmt(one.sale_from),
            "date_on_sale_to": lambda one: self._local(one.sale_to),
            "date_on_sale_to_gmt": lambda one: self._gmt(one.sale_to),
            "on_sale": self.on_sale,
            "purchasable": self.purchasable,
            "total_sales": lambda one: one.total_sales if one.type != "variation" else str(one.total_sales),
            "virtual": lambda one: one.virtual,
            "downloadable": lambda one: one.downloadable,
            "downloads": self.downloads,
            "download_limit": lambda one: one.details.download_limit,
            "download_expiry": lambda one: one.details.download_expiry,
            "external_url": lambda one: one.details.external_url if one.type == "external" else "",
            "button_text": lambda one: one.details.button_text if one.type == "external" else "",
            "tax_status": lambda one: self._products.tax_status_of(one),
            "tax_class": lambda one: self._products.tax_class_of(one),
        }

    def _stock(self) -> dict[str, Show]:
        return {
            "manage_stock": self.manage_stock,
            "stock_quantity": self.stock_quantity,
            "backorders": self.backorders,
            "backorders_allowed": lambda one: self.backorders(one) != "no",
            "backordered": self.backordered,
            "low_stock_amount": lambda one: one.low_stock,
            "sold_individually": lambda one: one.details.sold_individually,
        }

    def _goods(self) -> dict[str, Show]:
        products = self._products
        return {
            "weight": products.inherited_weight,
            "dimensions": self.dimensions,
            "shipping_required": lambda one: not one.virtual,
            "shipping_taxable": lambda one: not one.virtual and products.tax_status_of(one) != "none",
            "shipping_class": self.shipping_class,
            "shipping_class_id": products.shipping_class_of,
            "reviews_allowed": lambda one: one.details.reviews_allowed and one.type != "variation",
            "average_rating": lambda one: self._products.reviews.average(one),
            "rating_count": lambda one: len(one.details.ratings),
            "upsell_ids": lambda one: list(one.details.upsell_ids),
            "cross_sell_ids": lambda one: list(one.details.cross_sell_ids),
            "parent_id": lambda one: one.parent or one.details.post_parent,
            "purchase_note": lambda one: paragraphs(one.details.purchase_note),
        }

    def _more(self) -> dict[str, Show]:
        shelf = self._products.shelf
        return {
            "categories": lambda one: self._terms(one.categories),
            "brands": lambda one: self._terms(one.details.brands),
            "tags": lambda one: self._terms(one.tags),
            "images": lambda one: [self._products.images.shown(id_) for id_ in one.images],
            "attributes": self.attributes,
            "default_attributes": self._default_attributes,
            "variations": lambda one: [child.id for child in shelf.living(one.id)] if one.type == "variable" else [],
            "grouped_products": lambda one: list(one.details.grouped),
            "menu_order": lambda one: one.menu_order,
            "price_html": self._price_html,
            "related_ids": self._related,
            "meta_data": lambda one: meta.shown(one.meta) if one.meta else [],
            "stock_status": lambda one: one.stock_status,
            "has_options": lambda one: one.type in ("variable", "grouped"),
            "post_password": lambda one: one.details.post_password,
            "global_unique_id": lambda one: one.details.gtin,
        }

    def _local(self, moment: int | None) -> str | None:
        return None if moment is None else dates.local(moment, self._zone)

    def _gmt(self, moment: int | None) -> str | None:
        return None if moment is None else dates.gmt(moment)

    def permalink(self, one: Product) -> str:
        """Where customers see it. Drafts and what is planned have a plain address, variations their choice in the query
        (`variations[4]`)."""
        if one.type == "variation":
            parent = self._products.shelf.get(one.parent)
            chosen = "&".join(f"attribute_{key}={quote(value, safe='')}" for key, value in one.options if value)
            above = self.permalink(parent) if parent is not None else f"{self._shop.base}/"
            return f"{above}{'&' if '?' in above else '?'}{chosen}" if chosen else above
        if one.status in ("draft", "pending", "auto-draft", "future"):
            return f"{self._shop.base}/?post_type=product&p={one.id}"
        return f"{self._shop.base}/product/{one.slug}/"

    def _generated_slug(self, one: Product) -> str:
        return self._products.shelf.free_slug(slug_of(self._products.name_of(one)), one.id)

    def on_sale(self, one: Product) -> bool:
        if one.type == "variable":
            return shown_on_sale(self._products.shelf.offered(one.id), self._shop.now())
        return in_sale(one, self._shop.now())

    def purchasable(self, one: Product) -> bool:
        """Staff may buy what is not published, only not without a price (`products_simple[7]`, `products_simple[8]`)."""
        if one.type == "variation":
            return one.price != "" and one.status == "publish"
        return one.price != "" and one.type not in ("grouped", "external")

    def downloads(self, one: Product) -> Json:
        if not one.downloadable:
            return []
        return [{"id": file.id, "name": file.name, "file": file.file} for file in one.details.downloads]

    def manage_stock(self, one: Product) -> bool | str:
        holder = self._shop.stock.holder(one)
        return "parent" if holder is not None and holder is not one else holder is not None

    def stock_quantity(self, one: Product) -> int | None:
        holder = self._shop.stock.holder(one) or one
        return holder.stock

    def backorders(self, one: Product) -> str:
        holder = self._shop.stock.holder(one) or one
        return holder.backorders

    def backordered(self, one: Product) -> bool:
        return one.stock_status == "onbackorder"

    def dimensions(self, one: Product) -> Json:
        held = one.details
        parent = self._products.shelf.get(one.parent) if one.type == "variation" else None
        above = parent.details if parent is not None else held
        return {
            "length": held.length or above.length,
            "width": held.width or above.width,
            "height": held.height or above.height,
        }

    def shipping_class(self, one: Product) -> str:
        term = self._shop.terms.get(self._products.shipping_class_of(one))
        return term.slug if term is not None else ""

    def _terms(self, ids: tuple[int, ...]) -> Json:
        found = self._shop.terms.in_order(ids)
        return [{"id": term.id, "name": term.name, "slug": term.slug} for term in found]

    def attributes(self, one: Product) -> Json:
        if one.type == "variation":
            rows = self._products.options_of(one)
            return [{"id": row.id, "name": row.label, "slug": row.key, "option": row.shown} for row in rows if row.value]
        shown = []
        for attribute in one.attributes:
            held = self._shop.terms.attributes.get(attribute.id) if attribute.id else None
            body: Body = {"id": attribute.id, "name": attribute.name, "slug": attribute.name}
            options: Json = list(attribute.options)
            if held is not None:
                body["name"], body["slug"] = held.name, held.taxonomy
                options = [term.name for term in self._shop.terms.in_order(attribute.terms, held.order_by)]
            body |= {"position": attribute.position, "visible": attribute.visible, "variation": attribute.variation}
            shown.append({**body, "options": options})
        return shown

    def _default_attributes(self, one: Product) -> Json:
        labels = {row.key: row for row in self._products.choices_of(one)}
        shown = []
        for key, option in one.details.default_attributes:
            if key in labels:
                shown.append({"id": labels[key].id, "name": labels[key].label, "option": option})
        return shown

    def _price_html(self, one: Product) -> str:
        if one.type == "variable":
            return self.prices.of_many(one, self._products.shelf.offered(one.id), self._shop.now())
        return self.prices.of_one(one, self._products.tax_class_of(one), self._shop.now())

    def _related(self, one: Product) -> Json:
        """Five of the related products. The shop mixes them anew each time; here the mix follows from id and second."""
        if one.type == "variation":
            return []
        found = list(self._products.shelf.related(one))
        if len(found) > 1:
            turn = self._shop.now() + one.id
            found.sort(key=lambda id_: (id_ * 2654435761 + turn * 40503) % 4294967291)
        return found[:5]
