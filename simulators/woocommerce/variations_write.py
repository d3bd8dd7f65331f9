"""Writing a variation: fewer fields than a product, and other leniencies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import php
from simulators.woocommerce.call import Body, RestError
from simulators.woocommerce.products_choices import Choosing
from simulators.woocommerce.products_common import Common, flag, rows_of
from simulators.woocommerce.products_markup import kses
from simulators.woocommerce.products_model import STATUSES, Product

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

UPLOAD_ERROR = "woocommerce_variation_image_upload_error"
INVALID_IMAGE = "woocommerce_variation_invalid_image_id"


class VariationWriter(Common):
    def __init__(self, shop: Shop, products: Products) -> None:
        super().__init__(shop, products)
        self._choosing = Choosing(shop, products)

    def write(self, old: Product | None, one: Product, args: Body, sent: Body) -> None:
        """Bring what `args` say into `one`; `sent` is the body with its nulls.

        Raises:
            RestError: a SKU, GTIN or image is refused; nothing must be kept then.
        """
        args = self.with_internal(args)
        if "status" in args:
            status = php.to_str(args["status"])
            one.status = status if status in STATUSES else "draft"
        self.codes(one, args)
        if "image" in args:
            image = args["image"]
            given = isinstance(image, dict) and (image.get("id") or image.get("src"))
            one.images = (self._products.images.attach(image, UPLOAD_ERROR, INVALID_IMAGE),) if given else ()
        if "virtual" in args:
            one.virtual = flag(args["virtual"])
        self.downloads(one, args)
        self.shipping(one, args)
        self._stock(one, args, sent)
        self.prices(one, args)
        self.settle_prices(old, one)
        self.tax(one, args)
        if "description" in args:
            one.detail(description=kses(php.to_str(args["description"])))
        self._options(one, args)
        if args.get("menu_order"):
            one.menu_order = php.to_int(args["menu_order"])
        self.meta(one, args.get("meta_data"))

    def _stock(self, one: Product, args: Body, sent: Body) -> None:
        """ "parent" as manage_stock is as good as no (`variations[34]`); quantity and back orders count only where
        stock is the variation's own (`variations[35]`)."""
        if "manage_stock" in args:
            one.manage_stock = flag(args["manage_stock"])
        if "stock_status" in args:
            status = php.to_str(args["stock_status"])
            one.stock_status = status if status in ("instock", "outofstock", "onbackorder") else "instock"
        if args.get("backorders") in ("no", "notify", "yes"):
            one.backorders = args["backorders"]
        if one.manage_stock:
            self.quantity(one, args, sent)

    def _options(self, one: Product, args: Body) -> None:
        if not isinstance(args.get("attributes"), list):
            return
        parent = self._products.shelf.get(one.parent)
        if parent is None:
            code = "woocommerce_rest_product_variation_invalid_parent"
            raise RestError(code, "Cannot set attributes due to invalid parent product.", 404)
        one.options = self._choosing.chosen(parent, rows_of(args["attributes"]))


def start_variation(parent: int, now: int) -> Product:
    """An empty variation as it is before its first field is written."""
    return msgspec.structs.replace(_BLANK, created=now, modified=now, parent=parent)


_BLANK = Product(id=0, created=0, modified=0, type="variation", tax_class="parent")
