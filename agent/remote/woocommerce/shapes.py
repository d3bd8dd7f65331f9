"""An order as WooCommerce's REST API (wc/v3) gives it, and nothing more of it than is read.

Names like orders_create[3] are the file and exchange in `tests/recordings` (WooCommerce 10.5.0) where it was seen. Real
shops differ: plugins add keys (ignored), give numbers for texts and null for empty ones, and PHP turns a list with a
gap into an object. All that is taken. With what an order and its goods cost there is no such leniency: a total that is
no decimal makes the order unreadable.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

Text = str | int | float | bool | None
"""A text that a plugin may have made a number, a boolean or null of."""

ORDER_FIELDS = (
    "id,number,order_key,status,currency,prices_include_tax,date_created_gmt,date_modified_gmt,date_paid_gmt,total,"
    "total_tax,customer_id,billing,shipping,payment_method,payment_method_title,transaction_id,customer_note,meta_data,"
    "line_items,tax_lines,shipping_lines,fee_lines,coupon_lines,refunds,gift_cards,pw_gift_card_lines"
)
"""For `_fields`: it takes whole top-level names only (products_simple[17])."""

SIGHT_FIELDS = "id,status,number,order_key,date_created_gmt,date_modified_gmt,total,currency"
"""For `_fields` of a cheap listing: such a page cost a real shop a sixth of a whole one (throughput.json)."""


class WireMeta(msgspec.Struct):
    """`value` may be any JSON (errors[71]); `display_key` and `display_value` stand on lines only."""

    key: Text = ""
    value: Any = None
    display_key: Text = ""
    display_value: Any = None


class WireTax(msgspec.Struct):
    """`id` is the rate's, looked up in the order's tax_lines. `total` is "" where a rate took nothing, as `subtotal` of
    shipping always is (orders_create[3])."""

    id: int | str = 0
    total: Text = ""


class WireLine(msgspec.Struct):
    """An element of line_items. `price` is not read: it is a float with noise, 89.24107133333332 (orders_create[11]).
    `sku` is the product's present one, null for an unknown product (orders_create[28]) or a deleted one
    (orders_update[44]); `image.id` is "", 0 or "12" (orders_create[3], [69]) and not read either."""

    total: Decimal
    quantity: Decimal
    id: int | str = 0
    name: Text = ""
    product_id: int | str | None = 0
    variation_id: int | str | None = 0
    subtotal: Text = None
    total_tax: Text = ""
    taxes: list[WireTax] | dict[str, WireTax] = []
    sku: Text = ""
    meta_data: list[WireMeta] | dict[str, WireMeta] = []


class WireShippingLine(msgspec.Struct):
    """An element of shipping_lines. `total` of a line made without one is "0.00" (orders_create[52])."""

    total: Text = ""
    total_tax: Text = ""
    id: int | str = 0
    method_title: Text = ""
    method_id: Text = ""
    taxes: list[WireTax] | dict[str, WireTax] = []


class WireFee(msgspec.Struct):
    """An element of fee_lines. A negative fee is spread over the tax classes of the goods (orders_create[47]);
    `amount` is "" and not read (orders_update[11])."""

    total: Text = ""
    total_tax: Text = ""
    id: int | str = 0
    name: Text = ""
    taxes: list[WireTax] | dict[str, WireTax] = []


class WireTaxLine(msgspec.Struct):
    """An element of tax_lines: what `taxes[].id` of the lines means. `rate_code` begins with the country the rate is
    set up for, "SE-MOMS 25%-1" (orders_create[3]), unless it is set up for all. `rate_percent` is a number."""

    rate_id: int | str = 0
    rate_code: Text = ""
    rate_percent: Text = None


class WireCoupon(msgspec.Struct):
    """An element of coupon_lines. `discount` has as many decimals as it likes: "40", "50.4733" (tax_variants[2])."""

    code: Text = ""
    discount: Text = ""
    discount_tax: Text = ""


class WireRefund(msgspec.Struct):
    """An element of refunds. `total` is "-100.00", "-0.00", or "-" for one without (orders_refunds_notes[9])."""

    id: int | str = 0
    reason: Text = ""
    total: Text = ""


class WireGiftCard(msgspec.Struct):
    """An element of `gift_cards`, which the plugin WooCommerce Gift Cards adds to an order
    (woocommerce.com/document/gift-cards/rest-api-reference)."""

    code: Text = ""
    amount: Text = ""


class WirePwGiftCard(msgspec.Struct):
    """An element of `pw_gift_card_lines`, which the plugin PW WooCommerce Gift Cards adds to an order (its order item
    type pw_gift_card, in the plugin's own source)."""

    card_number: Text = ""
    amount: Text = ""


class WireAddress(msgspec.Struct):
    """`billing` or `shipping`; the latter has no email. Markup stays as the customer wrote it (orders_create[67])."""

    first_name: Text = ""
    last_name: Text = ""
    company: Text = ""
    address_1: Text = ""
    address_2: Text = ""
    city: Text = ""
    state: Text = ""
    postcode: Text = ""
    country: Text = ""
    email: Text = ""
    phone: Text = ""


class WireOrder(msgspec.Struct):
    """A whole order. `number` is the id as a text unless a plugin numbers orders. `date_..._gmt` is UTC without a zone
    or null. `total` and `total_tax` never change with refunds (orders_refunds_notes[9])."""

    id: int
    status: str
    currency: str
    total: Decimal
    number: Text = ""
    order_key: Text = ""
    prices_include_tax: bool = False
    date_created_gmt: str | None = None
    date_modified_gmt: str | None = None
    date_paid_gmt: str | None = None
    total_tax: Decimal = Decimal(0)
    customer_id: int | str | None = 0
    billing: WireAddress | list[Any] | None = None
    shipping: WireAddress | list[Any] | None = None
    payment_method: Text = ""
    payment_method_title: Text = ""
    transaction_id: Text = ""
    customer_note: Text = ""
    meta_data: list[WireMeta] | dict[str, WireMeta] = []
    line_items: list[WireLine] | dict[str, WireLine] = []
    tax_lines: list[WireTaxLine] | dict[str, WireTaxLine] = []
    shipping_lines: list[WireShippingLine] | dict[str, WireShippingLine] = []
    fee_lines: list[WireFee] | dict[str, WireFee] = []
    coupon_lines: list[WireCoupon] | dict[str, WireCoupon] = []
    refunds: list[WireRefund] | dict[str, WireRefund] = []
    gift_cards: list[WireGiftCard] | dict[str, WireGiftCard] | None = None
    pw_gift_card_lines: list[WirePwGiftCard] | dict[str, WirePwGiftCard] | None = None


class WireSight(msgspec.Struct):
    """A row of a listing with SIGHT_FIELDS. Its total is for display; the whole order's is the one that counts."""

    id: int
    status: str
    number: Text = ""
    order_key: Text = ""
    date_created_gmt: str | None = None
    date_modified_gmt: str | None = None
    total: Text = ""
    currency: Text = ""


class WireId(msgspec.Struct):
    """What is left to read of an element that is not as it should be."""

    id: int = 0


ORDER = msgspec.json.Decoder(WireOrder)
ORDERS = msgspec.json.Decoder(list[WireOrder])
SIGHT = msgspec.json.Decoder(WireSight)
SIGHTS = msgspec.json.Decoder(list[WireSight])
ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
ID = msgspec.json.Decoder(WireId)
