"""Taking a product or variation as a real shop once told it, with its ids and dates, so that reading it tells the same.

Categories, tags, global attributes and images that it names and the shop lacks are taken along under their own ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import dates, php
from simulators.woocommerce.attributes import Global
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.products_model import Attribute, Image, Product, Type
from simulators.woocommerce.products_text import slug_of
from simulators.woocommerce.terms import Term

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_TYPES: dict[str, Type] = {
    "simple": "simple",
    "variable": "variable",
    "grouped": "grouped",
    "external": "external",
    "variation": "variation",
}
_TEXTS = (
    "name", "slug", "status", "sku", "price", "regular_price", "sale_price", "tax_status", "tax_class", "stock_status",
    "backorders", "weight",
)  # fmt: skip
_DETAIL_TEXTS = ("external_url", "button_text", "post_password")


def loaded(shop: Shop, raw: Body) -> Product:
    """The product of a REST body, put into the shop in place of one with the same id. Nobody is told.

    Descriptions are taken as they were shown; a variation's own weight, sizes and SKU cannot be told from its
    product's.
    """
    created = _moment(raw.get("date_created_gmt")) or 0
    one = Product(id=int(raw["id"]), created=created, modified=_moment(raw.get("date_modified_gmt")) or created)
    one.type = _TYPES.get(str(raw.get("type", "simple")), "simple")
    for name in _TEXTS:
        if isinstance(raw.get(name), str):
            setattr(one, name, raw[name])
    one.sale_from, one.sale_to = _moment(raw.get("date_on_sale_from_gmt")), _moment(raw.get("date_on_sale_to_gmt"))
    one.manage_stock = raw.get("manage_stock") is True
    one.stock = raw.get("stock_quantity") if one.manage_stock else None
    one.low_stock = raw.get("low_stock_amount")
    one.total_sales = php.to_int(raw.get("total_sales", 0))
    one.virtual, one.downloadable = bool(raw.get("virtual")), bool(raw.get("downloadable"))
    one.menu_order = php.to_int(raw.get("menu_order", 0))
    one.meta = [Meta(row["id"], row["key"], row["value"]) for row in raw.get("meta_data") or []] or None
    for row in one.meta or []:
        shop.ids.post_meta.seen(row.id)
    _details(one, raw)
    _terms(shop, one, raw)
    _images(shop, one, raw)
    if one.type == "variation":
        one.parent = php.to_int(raw.get("parent_id", 0))
        one.name = one.slug = ""
        one.options = tuple(_option(shop, row) for row in raw.get("attributes") or [])
    else:
        one.attributes = tuple(_attribute(shop, row) for row in raw.get("attributes") or [])
    shop.ids.posts.seen(one.id)
    there = shop.products.shelf.get(one.id)
    if there is not None and (there.type == "variation") != (one.type == "variation"):
        shop.products.shelf.remove(there)
    shop.products.shelf.put(one)
    return one


def _moment(text: Json) -> int | None:
    return dates.moment_of(f"{text}Z", "UTC") if isinstance(text, str) and text else None


def _details(one: Product, raw: Body) -> None:
    sizes = raw.get("dimensions") or {}
    one.detail(
        description=php.to_str(raw.get("description", "")),
        short_description=php.to_str(raw.get("short_description", "")),
        purchase_note=php.to_str(raw.get("purchase_note", "")),
        featured=bool(raw.get("featured")),
        visibility=php.to_str(raw.get("catalog_visibility", "visible")),
        gtin=php.to_str(raw.get("global_unique_id", "")),
        sold_individually=bool(raw.get("sold_individually")),
        reviews_allowed=bool(raw.get("reviews_allowed", True)),
        upsell_ids=tuple(raw.get("upsell_ids") or ()),
        cross_sell_ids=tuple(raw.get("cross_sell_ids") or ()),
        grouped=tuple(raw.get("grouped_products") or ()),
        **{name: php.to_str(sizes.get(name, "")) for name in ("length", "width", "height")},
        **{name: php.to_str(raw.get(name, "")) for name in _DETAIL_TEXTS},
    )


def _term(shop: Shop, taxonomy: str, row: Body) -> int:
    id_ = int(row["id"])
    if shop.terms.get(id_) is None:
        shop.terms.put(Term(id_, taxonomy, row["name"], row["slug"]))
        shop.ids.terms.seen(id_)
    return id_


def _terms(shop: Shop, one: Product, raw: Body) -> None:
    one.categories = tuple(_term(shop, "product_cat", row) for row in raw.get("categories") or [])
    one.tags = tuple(_term(shop, "product_tag", row) for row in raw.get("tags") or [])
    one.detail(brands=tuple(_term(shop, "product_brand", row) for row in raw.get("brands") or []))
    class_id, slug = php.to_int(raw.get("shipping_class_id", 0)), php.to_str(raw.get("shipping_class", ""))
    if class_id:
        one.shipping_class = _term(shop, "product_shipping_class", {"id": class_id, "name": slug, "slug": slug})


def _global(shop: Shop, row: Body) -> Global:
    id_ = int(row["id"])
    held = shop.terms.attributes.get(id_)
    if held is None:
        slug = php.to_str(row.get("slug", "")).removeprefix("pa_") or slug_of(row["name"])
        held = Global(id_, row["name"], slug)
        shop.terms.attributes.put(held)
        shop.ids.attributes.seen(id_)
    return held


def _attribute(shop: Shop, row: Body) -> Attribute:
    name, options = row["name"], tuple(row.get("options") or ())
    terms: tuple[int, ...] = ()
    if row.get("id"):
        held = _global(shop, row)
        terms = tuple(shop.terms.option(held.taxonomy, option).id for option in options)
        name, options = held.taxonomy, ()
    return Attribute(
        id=int(row.get("id") or 0),
        name=name,
        options=options,
        terms=terms,
        position=php.to_int(row.get("position", 0)),
        visible=bool(row.get("visible")),
        variation=bool(row.get("variation")),
    )


def _option(shop: Shop, row: Body) -> tuple[str, str]:
    value = php.to_str(row.get("option", ""))
    if not row.get("id"):
        return slug_of(php.to_str(row.get("slug") or row["name"])), value
    taxonomy = _global(shop, row).taxonomy
    return taxonomy, shop.terms.option(taxonomy, value).slug


def _images(shop: Shop, one: Product, raw: Body) -> None:
    rows = raw.get("images") or ([raw["image"]] if isinstance(raw.get("image"), dict) else [])
    for row in rows:
        file = row["src"].rpartition("/wp-content/uploads/")[2]
        created, modified = _moment(row.get("date_created_gmt")) or 0, _moment(row.get("date_modified_gmt")) or 0
        shop.products.images.put(Image(row["id"], created, modified, file, row.get("name", ""), row.get("alt", "")))
        shop.ids.posts.seen(row["id"])
    one.images = tuple(row["id"] for row in rows)
