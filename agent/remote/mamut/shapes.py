"""Mamut's wire shapes, as docs/mamut-api.md has them. Decimals travel as text; msgspec reads them exactly."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec


class ErrorBody(msgspec.Struct, frozen=True):
    code: str = ""
    message: str = ""
    field: str | None = None


class ErrorShape(msgspec.Struct):
    error: ErrorBody = ErrorBody()


class Company(msgspec.Struct):
    name: str = ""
    client_no: str = ""


class Session(msgspec.Struct):
    token: str
    company: Company
    edition: str
    modules: tuple[str, ...]
    version: str
    stop_date: str
    currency: str = "SEK"


class RegisterRow(msgspec.Struct):
    id: int
    name: str = ""


class VatRow(msgspec.Struct):
    id: int
    percent: Decimal
    kind: str
    name: str = ""


class CurrencyRow(msgspec.Struct):
    code: str


class CountryRow(msgspec.Struct):
    iso2: str


class NamedRow(msgspec.Struct):
    id: int
    name: str = ""


class RegistersShape(msgspec.Struct):
    vat_codes: list[VatRow] = []
    departments: list[RegisterRow] = []
    payment_terms: list[RegisterRow] = []
    delivery_forms: list[RegisterRow] = []
    warehouses: list[RegisterRow] = []
    contact_categories: list[RegisterRow] = []
    currencies: list[CurrencyRow] = []
    countries: list[CountryRow] = []
    product_groups: list[NamedRow] = []
    product_subgroups: list[NamedRow] = []


class AddressShape(msgspec.Struct):
    type: str = ""
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = ""


class PersonShape(msgspec.Struct):
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""


class ContactShape(msgspec.Struct):
    contid: int
    custid: int
    name: str = ""
    org_no: str | None = ""
    vat_no: str | None = ""
    email: str | None = ""
    phone: str | None = ""
    ext_id: str | None = ""
    inactive: bool = False
    credit_stop: bool = False
    kinds: tuple[str, ...] = ()
    addresses: list[AddressShape] = []
    persons: list[PersonShape] = []


class ContactsShape(msgspec.Struct):
    contacts: list[ContactShape]


class ProductShape(msgspec.Struct):
    product_no: str
    description: str = ""
    inactive: bool = False
    vat_out: int | None = 0


class ProductsShape(msgspec.Struct):
    products: list[ProductShape]


class LineShape(msgspec.Struct):
    product_no: str
    qty: Decimal
    line_sum: Decimal


class HeaderShape(msgspec.Struct, kw_only=True):
    """What every document says beside its rows."""

    name: str | None = ""
    invoice_address: str | None = ""
    delivery_address: str | None = ""
    invoice_country: str | None = ""
    delivery_country: str | None = ""
    your_ref: str | None = ""
    reference: str | None = ""
    fixed_text: str | None = ""
    packing_text: str | None = ""
    payment_terms: int | None = None
    delivery_form: int | None = None


class DocumentShape(HeaderShape, kw_only=True):
    order_no: int
    status: str
    total: Decimal
    created_at: datetime
    external_no: str | None = ""
    currency: str = ""
    order_date: date | None = None
    custid: int | None = None
    invoice_no: int | None = None
    lines: list[LineShape] = []


class DocumentsShape(msgspec.Struct):
    orders: list[DocumentShape]
