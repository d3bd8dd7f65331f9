"""The fields of a product, each with how it is shown, and bodies made of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from simulators.woocommerce import dates, meta
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.products_markup import paragraphs, shown_short
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_render import Renderer
from simulators.woocommerce.products_text import slug_of

Show: TypeAlias = Callable[[Renderer, Product], Json]

FIELDS: dict[str, Show] = {
    "id": lambda _show, one: one.id,
    "name": lambda show, one: show.products.name_of(one),
    "slug": lambda show, one: one.slug or (slug_of(show.products.name_of(one)) if one.type == "variation" else ""),
    "permalink": Renderer.permalink,
    "date_created": lambda show, one: dates.local(one.created, show.zone),
    "date_created_gmt": lambda _show, one: dates.gmt(one.created),
    "date_modified": lambda show, one: dates.local(one.modified, show.zone),
    "date_modified_gmt": lambda _show, one: dates.gmt(one.modified),
    "type": lambda _show, one: one.type,
    "status": lambda _show, one: one.status,
    "featured": lambda _show, one: one.details.featured,
    "catalog_visibility": lambda show, one: show.above(one).visibility,
    "description": lambda _show, one: paragraphs(one.details.description),
    "short_description": lambda _show, one: shown_short(one.details.short_description),
    "sku": lambda show, one: show.products.sku_of(one),
    "price": lambda _show, one: one.price,
    "regular_price": lambda _show, one: one.regular_price,
    "sale_price": lambda _show, one: one.sale_price if one.sale_price != "0" else "",
    "date_on_sale_from": lambda show, one: show.local(one.sale_from),
    "date_on_sale_from_gmt": lambda show, one: show.gmt(one.sale_from),
    "date_on_sale_to": lambda show, one: show.local(one.sale_to),
    "date_on_sale_to_gmt": lambda show, one: show.gmt(one.sale_to),
    "on_sale": Renderer.on_sale,
    "purchasable": Renderer.purchasable,
    "total_sales": lambda _show, one: one.total_sales if one.type != "variation" else str(one.total_sales),
    "virtual": lambda _show, one: one.virtual,
    "downloadable": lambda _show, one: one.downloadable,
    "downloads": Renderer.downloads,
    "download_limit": lambda _show, one: one.details.download_limit,
    "download_expiry": lambda _show, one: one.details.download_expiry,
    "external_url": lambda _show, one: one.details.external_url if one.type == "external" else "",
    "button_text": lambda _show, one: one.details.button_text if one.type == "external" else "",
    "tax_status": lambda show, one: show.products.tax_status_of(one),
    "tax_class": lambda show, one: show.products.tax_class_of(one),
    "manage_stock": Renderer.manage_stock,
    "stock_quantity": Renderer.stock_quantity,
    "backorders": Renderer.backorders,
    "backorders_allowed": lambda show, one: show.backorders(one) != "no",
    "backordered": Renderer.backordered,
    "low_stock_amount": lambda _show, one: one.low_stock,
    "sold_individually": lambda show, one: show.above(one).sold_individually,
    "weight": lambda show, one: show.products.inherited_weight(one),
    "dimensions": Renderer.dimensions,
    "shipping_required": lambda _show, one: not one.virtual,
    "shipping_taxable": lambda show, one: not one.virtual and show.products.tax_status_of(one) != "none",
    "shipping_class": Renderer.shipping_class,
    "shipping_class_id": lambda show, one: show.products.shipping_class_of(one),
    "reviews_allowed": lambda _show, one: one.details.reviews_allowed and one.type != "variation",
    "average_rating": lambda show, one: show.products.reviews.average(one),
    "rating_count": lambda _show, one: len(one.details.ratings),
    "upsell_ids": lambda _show, one: list(one.details.upsell_ids),
    "cross_sell_ids": lambda show, one: list(show.above(one).cross_sell_ids),
    "parent_id": lambda _show, one: one.parent or one.details.post_parent,
    "purchase_note": lambda _show, one: paragraphs(one.details.purchase_note),
    "categories": lambda show, one: show.terms(one.categories),
    "brands": lambda show, one: show.terms(one.details.brands),
    "tags": lambda show, one: show.terms(one.tags),
    "images": lambda show, one: [show.products.images.shown(id_) for id_ in show.products.images_of(one)],
    "attributes": Renderer.attributes,
    "default_attributes": Renderer.default_attributes,
    "variations": Renderer.variations,
    "grouped_products": lambda _show, one: list(one.details.grouped),
    "menu_order": lambda _show, one: one.menu_order,
    "price_html": Renderer.price_html,
    "related_ids": Renderer.related,
    "meta_data": lambda _show, one: meta.shown(one.meta) if one.meta else [],
    "stock_status": lambda _show, one: one.stock_status,
    "has_options": lambda _show, one: one.type in ("variable", "grouped"),
    "post_password": lambda _show, one: one.details.post_password,
    "global_unique_id": lambda _show, one: one.details.gtin,
}
"""What the reader of a product is shown, in the order of the fields."""

EDIT_FIELDS: dict[str, Show] = {
    **FIELDS,
    "description": lambda _show, one: one.details.description,
    "short_description": lambda _show, one: one.details.short_description,
    "purchase_note": lambda _show, one: one.details.purchase_note,
    "average_rating": lambda show, one: show.products.reviews.average(one) if one.details.ratings else "0",
    "sku": lambda _show, one: one.sku,
    "tax_class": lambda _show, one: one.tax_class,
    "weight": lambda _show, one: one.weight,
    "permalink_template": Renderer.permalink_template,
    "generated_slug": Renderer.generated_slug,
}
"""What answers to writes, and context=edit, show: texts as they were written, and two fields more."""

LATE = ("price_html", "related_ids", "meta_data", "stock_status", "has_options", "post_password", "global_unique_id",
        "permalink_template", "generated_slug")  # fmt: skip


def ordered(asked: tuple[str, ...]) -> tuple[str, ...]:
    """The order of an answer to _fields: as they were asked for, then the id, then what WooCommerce adds late
    (`products_modified[2]`); brands come along though nobody asked (`products_batch[20]`)."""
    early = tuple(name for name in dict.fromkeys(asked) if name not in LATE)
    rest = tuple(name for name in ("id", "brands") if name not in early)
    return (*early, *rest, *(name for name in LATE if name in asked))


def body(show: Renderer, one: Product, asked: tuple[str, ...], *, edit: bool = False) -> Body:
    """A whole product, or what was `asked` for (the names in _fields in their order; none means all). `edit` is the
    form of answers to writes."""
    fields = EDIT_FIELDS if edit else FIELDS
    if not asked:
        return {name: field(show, one) for name, field in fields.items()}
    return {name: fields[name](show, one) for name in ordered(asked) if name in fields}
