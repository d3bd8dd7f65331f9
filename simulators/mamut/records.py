"""What Mamut holds. The same shapes go into its answers, so a field's name here is its name on the wire."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

AddressType = Literal["delivery", "invoice", "main"]
Day = date  # For records with a field of that name.
ContactKind = Literal["customer", "supplier", "partner", "private"]
ZERO = Decimal("0.00")


class Address(msgspec.Struct):
    """G_DELI; `country` is an ISO 3166 code of two letters (Mamut itself keeps a number of its register)."""

    type: AddressType
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = "SE"


class Person(msgspec.Struct):
    """G_CPERS."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""


class Contact(msgspec.Struct, kw_only=True):
    """G_CONTAC; `contid` is internal, `custid` the number that people see, which is the ledger's number too."""

    contid: int
    custid: int
    name: str
    kinds: list[ContactKind] = []
    org_no: str = ""
    vat_no: str = ""
    phone: str = ""
    email: str = ""
    www: str = ""
    memo: str = ""
    addresses: list[Address] = []
    persons: list[Person] = []
    credit_stop: bool = False
    credit_limit: Decimal | None = None
    inactive: bool = False
    category: int | None = None
    currency: str | None = None
    payment_terms: int | None = None
    delivery_form: int | None = None
    delivery_terms: int | None = None
    department: int | None = None
    project: int | None = None
    rounding: int | None = None
    ext_id: str = ""
    changed_on: date | None = None
    change_no: int | None = None


class Variant(msgspec.Struct):
    """Which main product this is a variant of, and its values of the main product's one or two properties."""

    main: str
    property1: str
    property2: str | None = None


class Product(msgspec.Struct, kw_only=True):
    """G_PROD. Prices are without VAT, with four decimals, in the company's currency.

    A main product names its `properties` (two at most) and in `varies_by` what its variants do not inherit.
    """

    pk: int
    product_no: str
    description: str
    unit: str = "st"
    weight: Decimal = Decimal("0.000")
    volume: Decimal = Decimal("0.00")
    price_cost: Decimal = Decimal("0.0000")
    price_in: Decimal = Decimal("0.0000")
    price_out: Decimal = Decimal("0.0000")
    vat_out: int
    vat_in: int
    group: int | None = None
    subgroup: int | None = None
    ean: str = ""
    vend_code: str = ""
    text: str = ""
    inactive: bool = False
    use_store: bool = True
    default_warehouse: int = 1
    web: bool = True
    variant: Variant | None = None
    properties: list[str] = []
    varies_by: list[Literal["price", "stock", "location"]] = []
    changed_on: date | None = None
    change_no: int | None = None


class StockRow(msgspec.Struct):
    """One product in one warehouse it is linked to. `reserved` is ordered and not delivered."""

    warehouse: int
    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    on_purchase: Decimal = ZERO


class StockMove(msgspec.Struct, frozen=True):
    """One entry in the log of changes; no API reads it, tests and people do."""

    at: datetime
    product_no: str
    warehouse: int
    qty: Decimal
    cause: str


class Line(msgspec.Struct, kw_only=True):
    """G_ORDERL. `line_sum` is without VAT and after discount; `stock_item` says whether a delivery moves stock;
    `product_id` is the product's internal number, which stays when its number is changed."""

    line_no: int
    product_id: int
    product_no: str
    description: str
    qty: Decimal
    qty_ordered: Decimal
    to_deliver: Decimal
    delivered: Decimal
    unit_price: Decimal
    discount_percent: Decimal
    line_sum: Decimal
    vat_code: int
    vat_percent: Decimal
    warehouse: int | None
    department: int
    project: int | None
    delivery_date: date | None
    stock_item: bool


class VatTotal(msgspec.Struct, frozen=True):
    vat_code: int
    percent: Decimal
    base: Decimal
    vat: Decimal


class Tracking(msgspec.Struct, frozen=True):
    """A parcel. Where Mamut keeps this is not known; the fields are assumed."""

    carrier: str
    number: str
    url: str = ""


class Document(msgspec.Struct, kw_only=True):
    """G_ORDER: an order, an invoice or a credit note, which in Mamut are one record in different states."""

    order_no: int
    order_id: int
    kind: Literal["order", "invoice", "credit_note"]
    status: str
    status_no: str = ""
    status_sv: str = ""
    external_no: str
    contid: int
    custid: int
    name: str
    origin_web: bool
    order_date: date
    delivery_date: date | None
    currency: str
    rate: Decimal
    department: int
    project: int | None
    payment_terms: int | None
    delivery_form: int | None
    delivery_terms: int | None
    our_ref: int | None
    reference: str
    your_ref: str
    fixed_text: str
    packing_text: str
    invoice_address: str
    delivery_address: str
    invoice_country: str
    delivery_country: str
    rounding: int
    ready_for_invoicing: bool
    lines: list[Line] = []
    net_total: Decimal = ZERO
    vat_totals: list[VatTotal] = []
    vat_total: Decimal = ZERO
    sum: Decimal = ZERO
    rounding_amount: Decimal = ZERO
    total: Decimal = ZERO
    invoice_no: int | None = None
    invoice_date: date | None = None
    delivered_on: date | None = None
    created_at: datetime
    restock: bool = True
    parent: int | None = None
    children: list[int] = []
    tracking: list[Tracking] = []


class OpenItem(msgspec.Struct, kw_only=True):
    """The customer ledger's item of one invoice or credit note. `remaining` 0 means paid; it can come back."""

    invoice_no: int
    order_no: int
    contid: int
    custid: int
    kind: Literal["invoice", "credit_note"]
    date: Day
    due: Day
    currency: str
    amount: Decimal
    remaining: Decimal
    paid_on: Day | None = None


class JournalRow(msgspec.Struct, kw_only=True):
    """One row of a journal; a positive amount is debit. `invoice_no` closes that much of an open item."""

    account: int
    amount: Decimal
    vat_code: int = 1
    custid: int | None = None
    invoice_no: int | None = None
    text: str = ""
    department: int | None = None
    project: int | None = None


class Journal(msgspec.Struct, kw_only=True):
    """Waits in journal entry until somebody moves it to the ledger (`posted`)."""

    journal_no: int
    type: str
    date: Day
    text: str
    external_no: str
    rows: list[JournalRow]
    posted: bool = False


class CategoryPrice(msgspec.Struct, frozen=True):
    """A price, or a percentage off the base price, for contacts of one category. Days are both included."""

    category: int
    price: Decimal | None = None
    percent: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class ContactPrice(msgspec.Struct, frozen=True):
    contid: int
    price: Decimal | None = None
    percent: Decimal | None = None


class QuantityPrice(msgspec.Struct, frozen=True):
    from_qty: Decimal
    price: Decimal | None = None
    percent: Decimal | None = None


class PriceRules(msgspec.Struct, kw_only=True):
    """All that departs from one product's base price."""

    categories: list[CategoryPrice] = []
    contacts: list[ContactPrice] = []
    quantities: list[QuantityPrice] = []


class GroupDiscount(msgspec.Struct, frozen=True):
    """Percent off for contacts of a category on products of a group."""

    category: int
    group: int
    percent: Decimal
