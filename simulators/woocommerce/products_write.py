"""Writing a product: from arguments to the thing, in the order and with the leniency of WooCommerce's controller."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import php
from simulators.woocommerce.call import Body, Json, RestError
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.products_choices import Choosing
from simulators.woocommerce.products_common import Common, flag, rows_of
from simulators.woocommerce.products_dates import gmt_date
from simulators.woocommerce.products_markup import kses
from simulators.woocommerce.products_model import TYPES, Product
from simulators.woocommerce.products_text import slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop


class Writer(Common):
    """Writes products."""

    def __init__(self, shop: Shop, products: Products) -> None:
        super().__init__(shop, products)
        self._choosing = Choosing(shop, products)

    def write(self, old: Product | None, one: Product, args: Body, sent: Body) -> None:
        """Bring what `args` say into `one`, a new product or a copy of `old`; `sent` is the body with its nulls.

        Raises:
            RestError: a SKU, GTIN or image is refused; nothing must be kept then.
        """
        args = self.with_internal(args)
        if "type" in args:
            wanted = args["type"]
            one.type = wanted if wanted in TYPES else "simple"
        self._texts(one, args)
        self.tax(one, args)
        self._look(one, args)
        self.shipping(one, args)
        self.codes(one, args)
        if isinstance(args.get("attributes"), list):
            self._choosing.attributes(one, rows_of(args["attributes"]))
        if one.type in ("variable", "grouped"):
            # What is asked stays as it was until a variation changes, even after a change of type (`variations[72]`).
            one.regular_price = one.sale_price = ""
            one.sale_from = one.sale_to = None
        else:
            self.prices(one, args)
            self.settle_prices(old, one)
        self._stock(one, args, sent)
        self._linked(one, args)
        self.downloads(one, args)
        self._by_type(one, args)
        if "images" in args:
            one.images = self._images(args["images"])
        self.meta(one, args.get("meta_data"))
        self._date(one, args)

    def _texts(self, one: Product, args: Body) -> None:
        for name in ("description", "short_description"):
            if name in args:
                one.detail(**{name: kses(php.to_str(args[name]))})
        if "name" in args:
            name = kses(php.to_str(args["name"])).strip()
            if name or one.details.description or one.details.short_description:
                one.name = name
        if "status" in args:
            status = php.to_str(args["status"])
            one.status = status if status in _KNOWN_STATUSES else "draft"
        if "slug" in args:
            one.slug = slug_of(php.to_str(args["slug"]))
        if "menu_order" in args:
            one.menu_order = php.to_int(args["menu_order"])
        if "reviews_allowed" in args:
            one.detail(reviews_allowed=flag(args["reviews_allowed"]))
        if "post_password" in args:
            one.detail(post_password=php.to_str(args["post_password"]))
        if "virtual" in args:
            one.virtual = flag(args["virtual"])

    def _look(self, one: Product, args: Body) -> None:
        if "catalog_visibility" in args:
            if args["catalog_visibility"] not in ("visible", "catalog", "search", "hidden"):
                raise RestError("product_invalid_catalog_visibility", "Invalid catalog visibility option.", 400)
            one.detail(visibility=args["catalog_visibility"])
        if "purchase_note" in args:
            one.detail(purchase_note=kses(php.to_str(args["purchase_note"])))
        if "featured" in args:
            one.detail(featured=flag(args["featured"]))
        if "parent_id" in args:
            one.detail(post_parent=abs(php.to_int(args["parent_id"])))
        if "sold_individually" in args:
            one.detail(sold_individually=flag(args["sold_individually"]))

    def _stock(self, one: Product, args: Body, sent: Body) -> None:
        """`stock_quantity` counts only while stock is managed (`products_simple[42]`)."""
        if "stock_status" in args:
            status = php.to_str(args["stock_status"])
            one.stock_status = status if status in ("instock", "outofstock", "onbackorder") else "instock"
        if not self._shop.options.manage_stock:
            return
        if "manage_stock" in args:
            one.manage_stock = flag(args["manage_stock"])
        if args.get("backorders") in ("no", "notify", "yes"):
            one.backorders = args["backorders"]
        if one.type in ("grouped", "external"):
            one.manage_stock, one.backorders, one.stock = False, "no", None
            one.stock_status = "instock" if one.type == "external" else one.stock_status
        elif one.manage_stock:
            self.quantity(one, args, sent)

    def _linked(self, one: Product, args: Body) -> None:
        for name in ("upsell_ids", "cross_sell_ids"):
            if isinstance(args.get(name), list):
                one.detail(**{name: tuple(php.to_int(id_) for id_ in args[name] if php.to_int(id_) > 0)})
        if isinstance(args.get("categories"), list):
            ids = [php.to_int(row.get("id")) for row in rows_of(args["categories"])]
            one.categories = self._products.known_categories(ids)
        if isinstance(args.get("tags"), list):
            one.tags = self._choosing.tags(rows_of(args["tags"]))
        if isinstance(args.get("brands"), list):
            ids = [php.to_int(row.get("id")) for row in rows_of(args["brands"])]
            known = [id_ for id_ in ids if self._shop.terms.get(id_, "product_brand") is not None]
            one.detail(brands=tuple(dict.fromkeys(known)))

    def _by_type(self, one: Product, args: Body) -> None:
        if one.type == "external":
            for name in ("external_url", "button_text"):
                if name in args:
                    one.detail(**{name: php.to_str(args[name])})
        if one.type == "variable" and isinstance(args.get("default_attributes"), list):
            rows = rows_of(args["default_attributes"])
            one.detail(default_attributes=self._choosing.chosen(one, rows))
        if one.type == "grouped" and isinstance(args.get("grouped_products"), list):
            one.detail(grouped=tuple(php.to_int(id_) for id_ in args["grouped_products"]))

    def _images(self, sent: Json) -> tuple[int, ...]:
        code, invalid = "woocommerce_product_image_upload_error", "woocommerce_product_invalid_image_id"
        return tuple(self._products.images.attach(row, code, invalid) for row in rows_of(sent) if row)

    def _date(self, one: Product, args: Body) -> None:
        """date_created is read as UTC whichever of the two fields it stands in (`products_simple[85]`)."""
        for name in ("date_created", "date_created_gmt"):
            moment = gmt_date(args[name], self._shop.now()) if args.get(name) else None
            if moment:
                one.created = moment

    def post(self, old: Product | None, one: Product) -> None:
        """What WordPress does to the post: planned or published by its date (`products_simple[87]`,
        `products_simple[91]`), a slug of its own, the trash, the note of an older date."""
        late = one.created - self._shop.now() >= 60
        if one.status == "publish" and late:
            one.status = "future"
        elif one.status == "future" and not late:
            one.status = "publish"
        if old is not None and old.status == "trash" and one.status != "trash":
            self._products.leave_trash(one)
        if not one.slug and one.status not in ("draft", "pending", "auto-draft"):
            one.slug = slug_of(one.name)
        if one.slug:
            one.slug = self._products.shelf.free_slug(one.slug, one.id)
        if one.status == "trash" and (old is None or old.status != "trash"):
            self._products.enter_trash(one)
        if old is not None and one.status == "publish" and old.created != one.created:
            self._note_date(old, one)

    def _note_date(self, old: Product, one: Product) -> None:
        before, after = self._shop.local(old.created)[:10], self._shop.local(one.created)[:10]
        rows = [row for row in one.meta or [] if row.key != "_wp_old_date" or row.value != after]
        if before != after and not any(row.key == "_wp_old_date" and row.value == before for row in rows):
            rows.append(Meta(self._shop.ids.post_meta.next(), "_wp_old_date", before))
        one.meta = rows or None


_KNOWN_STATUSES = ("publish", "future", "draft", "pending", "private", "trash", "auto-draft", "inherit")


def start(products: Products, id_: int, now: int) -> Product:
    """An empty product as it is before its first field is written."""
    return msgspec.structs.replace(_BLANK, id=id_, created=now, modified=now, categories=products.known_categories([]))


_BLANK = Product(id=0, created=0, modified=0, name="Product")
