"""Mamut's entities as the agent knows them. Sources of lengths and fields: docs/mamut-api.md."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from agent.model.ids import ContactNo, ExternalNo, MamutOrderNo
from agent.model.money import ZERO
from agent.model.order import Frozen


class DocumentKind(StrEnum):
    ORDER = "order"
    INVOICE = "invoice"


class ContactAddress(Frozen, frozen=True):
    type: str
    street: str
    zip: str
    city: str
    country: str


class ContactPerson(Frozen, frozen=True):
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""


class ContactDraft(Frozen, frozen=True):
    """A contact to be made. `ext_id` names the shop's customer, so that a create whose answer was lost is found."""

    name: str
    ext_id: str
    private: bool
    org_no: str = ""
    vat_no: str = ""
    email: str = ""
    phone: str = ""
    addresses: tuple[ContactAddress, ...] = ()
    persons: tuple[ContactPerson, ...] = ()
    currency: str = ""
    department: int | None = None


class ContactChanges(Frozen, frozen=True):
    """What is new on an existing contact's card. A field that is empty stays as it is; `addresses`, when given, are all
    that the card is to have."""

    name: str = ""
    org_no: str = ""
    vat_no: str = ""
    email: str = ""
    phone: str = ""
    addresses: tuple[ContactAddress, ...] = ()


class Contact(Frozen, frozen=True):
    """A contact as Mamut holds it, as far as matching it and bringing it up to date need it."""

    contid: int
    custid: ContactNo
    name: str
    org_no: str = ""
    vat_no: str = ""
    email: str = ""
    phone: str = ""
    ext_id: str = ""
    inactive: bool = False
    credit_stop: bool = False
    customer: bool = True
    postcodes: tuple[str, ...] = ()
    addresses: tuple[ContactAddress, ...] = ()
    persons: tuple[ContactPerson, ...] = ()


class Article(Frozen, frozen=True):
    """A product of Mamut, as far as an order needs it. `vat_code` is the one for sales."""

    product_no: str
    description: str = ""
    inactive: bool = False
    vat_code: int = 0


class VatCode(Frozen, frozen=True):
    """One row of Mamut's VAT register. `kind` is domestic, eu, export or zero."""

    id: int
    percent: Decimal
    kind: str
    name: str = ""


class GroupName(Frozen, frozen=True):
    """A product group or subgroup and what people call it."""

    id: int
    name: str


class Registers(Frozen, frozen=True):
    """Mamut's standard registers: per list the ids that exist. Ids differ from company to company. `names` is what
    people call them, by the list's name here."""

    vat_codes: tuple[VatCode, ...] = ()
    departments: frozenset[int] = frozenset()
    payment_terms: frozenset[int] = frozenset()
    delivery_forms: frozenset[int] = frozenset()
    currencies: frozenset[str] = frozenset()
    warehouses: frozenset[int] = frozenset()
    contact_categories: frozenset[int] = frozenset()
    countries: frozenset[str] = frozenset()
    product_groups: tuple[GroupName, ...] = ()
    product_subgroups: tuple[GroupName, ...] = ()
    names: dict[str, dict[int, str]] = {}


class DocumentLine(Frozen, frozen=True):
    """One row as it is sent. `line_sum` is without VAT, after discount, three decimals (GBAO10 field 19)."""

    product_no: str
    description: str
    qty: Decimal
    line_sum: Decimal
    vat_code: int
    discount_percent: Decimal = ZERO


class DocumentDraft(Frozen, frozen=True):
    """An order or invoice to be made in Mamut, complete but for the contact, which the writer puts in."""

    kind: DocumentKind
    external_no: ExternalNo
    order_date: date
    currency: str
    lines: tuple[DocumentLine, ...]
    name: str
    invoice_address: str
    delivery_address: str
    invoice_country: str = ""
    delivery_country: str = ""
    department: int | None = None
    payment_terms: int | None = None
    delivery_form: int | None = None
    our_ref: str = ""
    reference: str = ""
    your_ref: str = ""
    fixed_text: str = ""
    packing_text: str = ""
    ready_for_invoicing: bool = False


class StoredLine(Frozen, frozen=True):
    product_no: str
    qty: Decimal
    line_sum: Decimal


class Header(Frozen, frozen=True):
    """What a document says beside its rows, as Mamut holds it: where nothing was sent Mamut has put in what the contact
    has (docs/mamut-api.md)."""

    name: str = ""
    invoice_address: str = ""
    delivery_address: str = ""
    invoice_country: str = ""
    delivery_country: str = ""
    your_ref: str = ""
    reference: str = ""
    fixed_text: str = ""
    packing_text: str = ""
    payment_terms: int | None = None
    delivery_form: int | None = None


class Document(Frozen, frozen=True):
    """A document as Mamut holds it. `created_at` is by Mamut's clock; `total` is with VAT and rounding."""

    order_no: MamutOrderNo
    external_no: ExternalNo
    status: str
    total: Decimal
    currency: str
    created_at: datetime
    order_date: date | None = None
    name: str = ""
    custid: ContactNo | None = None
    invoice_no: int | None = None
    lines: tuple[StoredLine, ...] = ()
    header: Header = Header()
