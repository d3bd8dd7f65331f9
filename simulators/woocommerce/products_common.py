"""What products and variations write alike: codes, tax, sizes, prices, stock, downloads, meta.

Arguments of single requests come checked and cleaned, those of a batch's elements as they were sent
(`products_batch[4]`), so every value is brought to its type here as PHP would.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from simulators.woocommerce import meta, php
from simulators.woocommerce.call import Body, Json, RestError
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.products_dates import gmt_date, local_date
from simulators.woocommerce.products_model import Download, Product
from simulators.woocommerce.products_prices import drop_bad_sale, settle, stored
from simulators.woocommerce.products_text import clean, folded, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

INTERNAL = {
    "_sku": "sku",
    "_global_unique_id": "global_unique_id",
    "_regular_price": "regular_price",
    "_sale_price": "sale_price",
    "_tax_status": "tax_status",
    "_tax_class": "tax_class",
    "_manage_stock": "manage_stock",
    "_stock_status": "stock_status",
    "_backorders": "backorders",
    "_weight": "weight",
    "_virtual": "virtual",
    "_downloadable": "downloadable",
    "_sold_individually": "sold_individually",
    "_purchase_note": "purchase_note",
}
"""Meta keys behind which a field stands: writing the meta row writes the field (`products_simple[123]`)."""

HIDDEN = frozenset((
    "_visibility", "_price", "_sale_price_dates_from", "_sale_price_dates_to", "total_sales", "_stock",
    "_low_stock_amount", "_length", "_width", "_height", "_upsell_ids", "_crosssell_ids", "_default_attributes",
    "_product_attributes", "_download_limit", "_download_expiry", "_featured", "_downloadable_files",
    "_wc_rating_count", "_wc_average_rating", "_wc_review_count", "_variation_description", "_thumbnail_id",
    "_file_paths", "_product_image_gallery", "_product_version", "_wp_old_slug", "_edit_last", "_edit_lock",
))  # fmt: skip
"""Other meta keys that are never listed."""


def flag(value: Json) -> bool:
    """wc_string_to_bool: of texts only yes, true and 1."""
    return value.lower() in {"yes", "true", "1"} if isinstance(value, str) else bool(value)


def pieces(value: Json) -> int:
    """A quantity: whole pieces, what is behind the point is cut (`products_batch[4]`)."""
    return php.to_int(value)


def rows_of(value: Json) -> list[Body]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class Common:
    """What products and variations write alike."""

    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products

    def codes(self, one: Product, args: Body) -> None:
        """SKU and GTIN, which nobody else may have.

        Raises:
            RestError: product_invalid_sku with who has it and a SKU that is free (`products_simple[18]`), or
                product_invalid_global_unique_id (`products_simple[23]`).
        """
        if "sku" in args:
            one.sku = clean(php.to_str(args["sku"]))
            other = self._products.shelf.with_sku(one.sku, but=one.id) if one.sku not in ("", "0") else 0
            if other and not self._shop.races.missed("sku", folded(one.sku)):
                told = {"resource_id": other, "unique_sku": self._free_sku(one.sku)}
                raise RestError("product_invalid_sku", "Invalid or duplicated SKU.", 400, told)
        if "global_unique_id" in args:
            gtin = re.sub(r"[^0-9-]", "", clean(php.to_str(args["global_unique_id"])))
            one.detail(gtin=gtin)
            other = self._products.shelf.with_gtin(gtin, but=one.id) if gtin not in ("", "0") else 0
            if other:
                text = "Invalid or duplicated GTIN, UPC, EAN or ISBN."
                raise RestError("product_invalid_global_unique_id", text, 400, {"resource_id": other})

    def _free_sku(self, sku: str) -> str:
        number = 1
        while self._products.shelf.with_sku(f"{sku}-{number}"):
            number += 1
        return f"{sku}-{number}"

    def tax(self, one: Product, args: Body) -> None:
        if "tax_status" in args:
            one.tax_status = php.to_str(args["tax_status"]) or "taxable"
            if one.tax_status not in ("taxable", "shipping", "none"):
                raise RestError("product_invalid_tax_status", "Invalid product tax status.", 400)
        if "tax_class" in args:
            wanted = slug_of(php.to_str(args["tax_class"]))
            known = [slug for slug, _name in self._shop.options.tax_classes]
            if one.type == "variation":
                known.append("parent")
            one.tax_class = wanted if wanted in known else ""

    def shipping(self, one: Product, args: Body) -> None:
        """Weight, sizes and shipping class; a virtual product has no weight and sizes."""
        if args.get("virtual") is True:
            one.weight = ""
            one.detail(length="", width="", height="")
        else:
            if "weight" in args:
                one.weight = stored(args["weight"])
            sizes = args.get("dimensions")
            if isinstance(sizes, dict):
                named = ("length", "width", "height")
                one.detail(**{name: stored(sizes[name]) for name in named if sizes.get(name) is not None})
        if "shipping_class" in args:
            term = self._shop.terms.slugged("product_shipping_class", clean(php.to_str(args["shipping_class"])))
            one.shipping_class = term.id if term is not None else 0

    def prices(self, one: Product, args: Body) -> None:
        now, zone = self._shop.now(), self._shop.options.time_zone
        if "regular_price" in args:
            one.regular_price = stored(args["regular_price"])
        if "sale_price" in args:
            one.sale_price = stored(args["sale_price"])
        if "date_on_sale_from" in args:
            one.sale_from = local_date(args["date_on_sale_from"], zone, now)
        if "date_on_sale_from_gmt" in args:
            one.sale_from = gmt_date(args["date_on_sale_from_gmt"], now)
        if "date_on_sale_to" in args:
            one.sale_to = local_date(args["date_on_sale_to"], zone, now)
        if "date_on_sale_to_gmt" in args:
            one.sale_to = gmt_date(args["date_on_sale_to_gmt"], now)

    def settle_prices(self, old: Product | None, one: Product) -> None:
        """What is asked now follows from prices and dates, but only when one of them was changed by this write."""
        asked = (one.regular_price, one.sale_price)
        if old is None or asked != (old.regular_price, old.sale_price):
            drop_bad_sale(one)
        before = (old.regular_price, old.sale_price, old.sale_from, old.sale_to, old.type) if old is not None else None
        if before != (*asked, one.sale_from, one.sale_to, one.type):
            settle(one, self._shop.now())

    def quantity(self, one: Product, args: Body, sent: Body) -> None:
        """Quantity and threshold of managed stock; a quantity beats a change of it (`products_simple[56]`)."""
        if "stock_quantity" in args:
            one.stock = pieces(args["stock_quantity"])
        elif "inventory_delta" in args:
            stale = self._shop.races.missed("stock", one.id)
            before = (one.stock or 0) if stale is None else stale
            self._shop.races.did("stock", one.id, before)
            one.stock = before + pieces(args["inventory_delta"])
        if "low_stock_amount" in sent or "low_stock_amount" in args:
            value = args.get("low_stock_amount")
            one.low_stock = None if value is None else pieces(value)

    def downloads(self, one: Product, args: Body) -> None:
        if "downloadable" in args:
            one.downloadable = flag(args["downloadable"])
        if not one.downloadable:
            return
        if isinstance(args.get("downloads"), list):
            one.detail(downloads=tuple(_download(row) for row in rows_of(args["downloads"]) if row.get("file")))
        for name in ("download_limit", "download_expiry"):
            if name in args:
                value = php.to_int(args[name])
                one.detail(**{name: value if value >= 0 else -1})

    def meta(self, one: Product, sent: Json) -> None:
        rows = rows_of(sent)
        if not rows:
            return
        unlisted = {*INTERNAL, *HIDDEN}
        listed = [row for row in rows if php.to_str(row.get("key")) not in unlisted]
        held: list[Meta] = one.meta or []
        meta.apply(held, listed, self._shop.ids.post_meta)
        one.meta = held or None

    def with_internal(self, args: Body) -> Body:
        """Arguments together with the fields that meta rows write."""
        fields = {
            INTERNAL[php.to_str(row["key"])]: row["value"]
            for row in rows_of(args.get("meta_data"))
            if php.to_str(row.get("key")) in INTERNAL and row.get("value") is not None
        }
        return {**args, **fields} if fields else args


def _download(row: Body) -> Download:
    file = php.to_str(row["file"])
    id_ = php.to_str(row.get("id")) or hashlib.md5(file.encode(), usedforsecurity=False).hexdigest()
    return Download(id_, php.to_str(row.get("name")) or file.rpartition("/")[2], file)
