"""Products, terms, sales and orders' states as WooCommerce's REST API gives them, as far as they are read.

Names like products_batch[20] are the file and exchange in `tests/recordings` where it was seen. As with orders, what a
plugin may have made of a text is taken; only an id must be one.
"""

from __future__ import annotations

from typing import Any

import msgspec

from agent.remote.woocommerce.ask import ApiError
from agent.remote.woocommerce.shapes import Text, WireMeta

PRODUCT_FIELDS = (
    "id,parent_id,type,status,sku,name,regular_price,sale_price,manage_stock,stock_quantity,stock_status,"
    "date_modified_gmt,attributes"
)
"""For `_fields`, of lists and of each element of a products/batch (products_batch[20])."""

ITEM_FIELDS = (
    "id,parent_id,type,status,sku,name,description,short_description,regular_price,tax_status,tax_class,weight,"
    "global_unique_id,virtual,categories,attributes,variations,date_modified_gmt,meta_data"
)
"""A product whole, as far as it becomes an article."""

SALE_FIELDS = "id,status,date_created_gmt,date_modified_gmt,line_items"

SHOWN_FIELDS = (
    "id,status,total,currency,payment_method,transaction_id,date_created_gmt,date_paid_gmt,date_modified_gmt,refunds,"
    "meta_data"
)


class WireAttribute(msgspec.Struct):
    """An attribute on a product: `id` 0 is the product's own. On a variation it has one `option` and no `options`."""

    id: int | str | None = 0
    name: Text = ""
    visible: Text = False
    variation: Text = False
    options: list[Text] | dict[str, Text] | None = None


class WireItemAttribute(WireAttribute):
    option: Text = ""


class WireProduct(msgspec.Struct):
    """A product, or a row of a batch's answer. `id` is null for an update that named none (products_batch[6]), 0 for a
    failed create (products_batch[2]). `manage_stock` is "parent" where the parent counts (variations[33])."""

    id: int | None = 0
    parent_id: int | str | None = 0
    type: Text = ""
    status: Text = ""
    sku: Text = ""
    name: Text = ""
    regular_price: Text = ""
    sale_price: Text = ""
    manage_stock: Text = False
    stock_quantity: Text = None
    stock_status: Text = ""
    date_modified_gmt: str | None = None
    attributes: list[WireAttribute] | dict[str, WireAttribute] | None = None
    error: ApiError | None = None


class WireItemCategory(msgspec.Struct):
    id: int | str | None = 0
    name: Text = ""


class WireItem(msgspec.Struct):
    """A product or variation, whole. A variation's `attributes` have an `option` each, and leave out those for which it
    stands for any value; its `tax_class` may be "parent" (variations[4])."""

    id: int
    parent_id: int | str | None = 0
    type: Text = ""
    status: Text = ""
    sku: Text = ""
    name: Text = ""
    description: Text = ""
    short_description: Text = ""
    regular_price: Text = ""
    tax_status: Text = "taxable"
    tax_class: Text = ""
    weight: Text = ""
    global_unique_id: Text = ""
    virtual: Text = False
    categories: list[WireItemCategory] | dict[str, WireItemCategory] = []
    attributes: list[WireItemAttribute] | dict[str, WireItemAttribute] | None = None
    variations: list[int] | dict[str, int] = []
    date_modified_gmt: str | None = None
    meta_data: list[WireMeta] | dict[str, WireMeta] = []


class WireBatch(msgspec.Struct):
    """PHP makes an object of a list with a gap."""

    create: list[WireProduct] | dict[str, WireProduct] = []
    update: list[WireProduct] | dict[str, WireProduct] = []


class WireTerm(msgspec.Struct):
    """A category, or a global attribute of the shop."""

    id: int
    name: Text = ""
    parent: int | None = 0
    error: ApiError | None = None


class WireTermBatch(msgspec.Struct):
    create: list[WireTerm] | dict[str, WireTerm] = []


class WireSetting(msgspec.Struct):
    id: str
    value: Any = ""


class WireRate(msgspec.Struct):
    """A tax rate. `rate` has four decimals (index_settings[15]); `class` is "standard" where products have ""."""

    id: int = 0
    country: Text = ""
    state: Text = ""
    postcode: Text = ""
    city: Text = ""
    postcodes: list[Text] | None = None
    cities: list[Text] | None = None
    rate: Text = ""
    priority: int = 1
    compound: bool = False
    tax_class: Text = msgspec.field(name="class", default="")


class WireSite(msgspec.Struct):
    """The index of the site. A site that is set to an offset instead of a place has no `timezone_string`."""

    namespaces: list[str] = []
    timezone_string: Text = ""
    gmt_offset: Text = ""


class WireHint(msgspec.Struct):
    """What an order tells of the shop's settings: both dates are the same moment."""

    currency: Text = ""
    prices_include_tax: bool | None = None
    date_created: str | None = None
    date_created_gmt: str | None = None


class WireSaleLine(msgspec.Struct):
    quantity: Text = None
    product_id: int | str | None = 0
    variation_id: int | str | None = 0
    sku: Text = ""
    meta_data: list[WireMeta] | dict[str, WireMeta] = []


class WireSale(msgspec.Struct):
    id: int
    status: Text = ""
    date_created_gmt: str | None = None
    date_modified_gmt: str | None = None
    line_items: list[WireSaleLine] | dict[str, WireSaleLine] = []


class WirePaidBack(msgspec.Struct):
    total: Text = ""


class WireShown(msgspec.Struct):
    id: int
    status: Text = ""
    total: Text = ""
    currency: Text = ""
    payment_method: Text = ""
    transaction_id: Text = ""
    date_created_gmt: str | None = None
    date_paid_gmt: str | None = None
    date_modified_gmt: str | None = None
    refunds: list[WirePaidBack] | dict[str, WirePaidBack] = []
    meta_data: list[WireMeta] | dict[str, WireMeta] = []


class WireNote(msgspec.Struct):
    id: int = 0
    note: Text = ""
    customer_note: bool = False
    date_created_gmt: str | None = None


class WireTracking(msgspec.Struct):
    tracking_number: Text = ""
