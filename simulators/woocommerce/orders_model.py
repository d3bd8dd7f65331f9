"""What the shop keeps of an order: amounts as the texts WooCommerce stores, moments as seconds since 1970 (UTC)."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from simulators.woocommerce.call import Body
from simulators.woocommerce.meta import Meta

Taxes: TypeAlias = tuple[tuple[int, str, str], ...]
"""Tax by rate: rate id, tax on the total, tax on the subtotal ("" where there is none: shipping and fees)."""

STATUSES = {
    "pending": "Pending payment",
    "processing": "Processing",
    "on-hold": "On hold",
    "completed": "Completed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
    "failed": "Failed",
    "checkout-draft": "Draft",
}
"""Statuses that an order may be given, with their names (`index_settings[32]`)."""


TAKES_STOCK = frozenset({"processing", "completed", "on-hold"})
"""Statuses that take stock and count sales (`orders_lifecycle[3]`, `orders_lifecycle[16]`)."""


class Address(msgspec.Struct, frozen=True, gc=False):
    """Billing or shipping; `email` is only shown for billing."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""


class Line(msgspec.Struct):
    """A product line. `kept` is what a loaded order's line said of its product, for products the shop does not have."""

    id: int
    name: str = ""
    product_id: int = 0
    variation_id: int = 0
    quantity: int = 1
    tax_class: str = ""
    subtotal: str = "0"
    subtotal_tax: str = "0"
    total: str = "0"
    total_tax: str = "0"
    taxes: Taxes = ()
    meta: list[Meta] = []
    kept: Body | None = None

    @property
    def product(self) -> int:
        return self.variation_id or self.product_id


class Fee(msgspec.Struct):
    id: int
    name: str = ""
    tax_class: str = ""
    tax_status: str = "taxable"
    amount: str = ""
    total: str = "0"
    total_tax: str = "0"
    taxes: Taxes = ()
    meta: list[Meta] = []


class Shipping(msgspec.Struct):
    id: int
    method_title: str = ""
    method_id: str = ""
    instance_id: str = ""
    total: str = "0"
    total_tax: str = "0"
    taxes: Taxes = ()
    tax_status: str = "taxable"
    meta: list[Meta] = []


class CouponLine(msgspec.Struct):
    """A coupon on an order. What kind of coupon it was stands in its meta data, as text (coupon_info)."""

    id: int
    code: str = ""
    discount: str = "0"
    discount_tax: str = "0"
    meta: list[Meta] = []


class TaxLine(msgspec.Struct):
    id: int
    rate_id: int
    rate_code: str
    label: str
    compound: bool
    percent: float
    tax_total: str = "0"
    shipping_tax_total: str = "0"
    meta: list[Meta] = []


class Order(msgspec.Struct):
    """One order.

    `number` is "" where it is the id. `loaded` holds the fields that a loaded order told otherwise than this shop
    would. `status_before` is what a trashed order was. `filed_status` and `filed_modified` are what the indexes know
    it by.
    `stock_reduced`, `sales_recorded`, `coupons_counted` and `mailed` (the mail to the shop about a new order) are
    WooCommerce's own marks against doing a thing twice.
    """

    id: int
    created: int
    modified: int
    status: str = "pending"
    parent_id: int = 0
    number: str = ""
    key: str = ""
    currency: str = "SEK"
    version: str = "10.5.0"
    prices_include_tax: bool = True
    created_via: str = ""
    customer_id: int = 0
    customer_note: str = ""
    customer_ip: str = ""
    customer_agent: str = ""
    cart_hash: str = ""
    payment_method: str = ""
    payment_method_title: str = ""
    transaction_id: str = ""
    paid: int | None = None
    completed: int | None = None
    billing: Address = Address()
    shipping: Address = Address()
    discount_total: str = "0"
    discount_tax: str = "0"
    shipping_total: str = "0"
    shipping_tax: str = "0"
    cart_tax: str = "0"
    total: str = "0.00"
    total_tax: str = "0"
    meta: list[Meta] = []
    lines: list[Line] = []
    tax_lines: list[TaxLine] = []
    shippings: list[Shipping] = []
    fees: list[Fee] = []
    coupons: list[CouponLine] = []
    refunds: list[int] = []
    loaded: Body | None = None
    stock_reduced: bool = False
    sales_recorded: bool = False
    coupons_counted: bool = False
    mailed: bool = False
    status_before: str = ""
    filed_status: str = ""
    filed_modified: int = 0


class Refund(msgspec.Struct):
    """A refund of an order; its lines are negative. `amount` may be "" (`orders_refunds_notes[7]`)."""

    id: int
    order_id: int
    created: int
    amount: str = ""
    reason: str = ""
    refunded_by: int = 0
    refunded_payment: bool = False
    currency: str = "SEK"
    meta: list[Meta] = []
    lines: list[Line] = []
    shippings: list[Shipping] = []
    tax_lines: list[TaxLine] = []
    fees: list[Fee] = []
