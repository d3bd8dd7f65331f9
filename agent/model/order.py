"""An order as a shop gives it, in words that hold for any shop platform."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import ZERO


class Frozen(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value that is never changed once made."""


class Address(Frozen, frozen=True):
    """A postal address with the person it belongs to. `country` is ISO 3166 alpha-2, upper case, or empty."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    street: str = ""
    street_2: str = ""
    postcode: str = ""
    city: str = ""
    state: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""

    @property
    def person(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def is_empty(self) -> bool:
        """Nothing that a parcel could be sent to: WooCommerce gives an address of empty strings for "as billing"."""
        return not (self.street or self.postcode or self.city or self.company or self.person)


class LineKind(StrEnum):
    PRODUCT = "product"
    SHIPPING = "shipping"
    FEE = "fee"


class TaxPart(Frozen, frozen=True):
    """What one tax rate gives on one line. `percent` is None when the order does not tell the rate's percentage,
    `country` (ISO alpha-2) is the one whose rate it is, empty when the order does not tell."""

    rate_id: int
    percent: Decimal | None
    amount: Decimal
    country: str = ""


class OrderLine(Frozen, frozen=True):
    """One row of an order: goods, shipping or a fee.

    `total` is what was sold for, without VAT, after discounts; `subtotal` the same before discounts. `tax_total` is
    the VAT of `total` as the shop stored it. Amounts are in the order's currency with the shop's own decimals.
    `article_no` is the SKU, empty for shipping, fees and goods without one. `method` is the shipping method
    ("flat_rate"), empty otherwise.
    """

    line_id: int
    kind: LineKind
    name: str
    quantity: Decimal
    total: Decimal
    tax_total: Decimal
    subtotal: Decimal
    taxes: tuple[TaxPart, ...] = ()
    article_no: str = ""
    product_id: int = 0
    variation_id: int = 0
    method: str = ""


class Coupon(Frozen, frozen=True):
    """A discount code used. The discount is already taken off the lines' totals; it is kept for the texts."""

    code: str
    discount: Decimal
    discount_tax: Decimal = ZERO


class GiftCard(Frozen, frozen=True):
    """A payment by gift card or store credit: the order's total is lower by `amount` than its lines say."""

    code: str
    amount: Decimal


class Refund(Frozen, frozen=True):
    """A refund as the order lists it. `amount` is positive, with VAT."""

    refund_id: int
    amount: Decimal
    reason: str = ""


class ShopOrder(Frozen, frozen=True):
    """A shop's order, whole.

    Times are UTC by the shop's clock. `content_hash` covers what a merchant would call the order's content and leaves
    out dates and our own meta, so that an echo of our own write-back equals what was there before.
    `meta` holds the order's text meta by key (last one wins); `vat_exempt` is the shop's own word that this customer
    pays no VAT. `mamut_order_no` is what an earlier write-back of ours left on the order. `raw` is the record
    as the shop gave it, kept only where field mappings read it.
    """

    shop: ShopKey
    order_id: ShopOrderId
    number: str
    order_key: str
    status: str
    currency: str
    created_at: datetime
    modified_at: datetime
    paid_at: datetime | None
    total: Decimal
    total_tax: Decimal
    prices_include_tax: bool
    billing: Address
    shipping: Address
    customer_id: int = 0
    payment_method: str = ""
    payment_title: str = ""
    transaction_id: str = ""
    customer_note: str = ""
    lines: tuple[OrderLine, ...] = ()
    coupons: tuple[Coupon, ...] = ()
    gift_cards: tuple[GiftCard, ...] = ()
    refunds: tuple[Refund, ...] = ()
    vat_exempt: bool = False
    meta: dict[str, str] = {}
    mamut_order_no: int | None = None
    content_hash: str = ""
    raw: bytes = b""


class OrderSight(Frozen, frozen=True):
    """The little a cheap listing tells: enough to know whether an order must be read."""

    order_id: ShopOrderId
    status: str
    modified_at: datetime
    created_at: datetime
    number: str = ""
    order_key: str = ""
    total: Decimal = ZERO
    currency: str = ""
