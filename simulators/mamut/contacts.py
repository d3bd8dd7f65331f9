"""Contacts: made, changed, found. Mamut keeps nothing about them unique but their own two numbers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec import UNSET, UnsetType

from simulators.mamut.books import Books, postcode_key
from simulators.mamut.errors import Refused
from simulators.mamut.fields import digits_of, key_of, number
from simulators.mamut.records import Address, AddressType, Contact, ContactKind, Person

CUSTID_DIGITS = 9
"""GBAO10 field 2."""

TEXTS = {"org_no": 20, "vat_no": 20, "phone": 30, "email": 100, "www": 100, "memo": 2000, "ext_id": 50}
"""Lengths, all assumed; `name` 50 is GBAO10 field 3."""

ADDRESS_TEXTS = {"street": 200, "zip": 30, "city": 30}
"""GBAT10's address, postcode and city (CV/…/Import-av-bilag-i-Mamut)."""

PERSON_TEXTS = {"first_name": 50, "last_name": 50, "email": 100, "phone": 30}

REGISTERED = ("category", "payment_terms", "delivery_form", "delivery_terms", "department", "project", "rounding")
FLAGS = ("credit_stop", "inactive")


class AddressBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    type: AddressType
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = "SE"


class PersonBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    phone: str = ""


class ContactBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a client sends to make or change a contact. What it leaves out stays; null empties."""

    name: str | UnsetType = UNSET
    kinds: list[ContactKind] | UnsetType = UNSET
    org_no: str | UnsetType | None = UNSET
    vat_no: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    email: str | UnsetType | None = UNSET
    www: str | UnsetType | None = UNSET
    memo: str | UnsetType | None = UNSET
    addresses: list[AddressBody] | UnsetType = UNSET
    persons: list[PersonBody] | UnsetType = UNSET
    credit_stop: bool | UnsetType = UNSET
    credit_limit: Decimal | UnsetType | None = UNSET
    inactive: bool | UnsetType = UNSET
    category: int | UnsetType | None = UNSET
    currency: str | UnsetType | None = UNSET
    payment_terms: int | UnsetType | None = UNSET
    delivery_form: int | UnsetType | None = UNSET
    delivery_terms: int | UnsetType | None = UNSET
    department: int | UnsetType | None = UNSET
    project: int | UnsetType | None = UNSET
    rounding: int | UnsetType | None = UNSET
    ext_id: str | UnsetType | None = UNSET


class ContactLookup(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    customer_nos: list[int | str] = []
    emails: list[str] = []
    org_nos: list[str] = []
    names: list[str] = []
    phones: list[str] = []
    postcodes: list[str] = []
    ext_ids: list[str] = []

    def size(self) -> int:
        lists = (self.customer_nos, self.emails, self.org_nos, self.names, self.phones, self.postcodes, self.ext_ids)
        return sum(len(keys) for keys in lists)


class Contacts(msgspec.Struct):
    contacts: list[Contact]


def create(books: Books, at: datetime, body: ContactBody) -> Contact:
    """Adds a contact with the next of both numbers."""
    if body.name is UNSET or not body.name.strip():
        raise Refused(422, "field_missing", "a contact needs a name", "name")
    position = len(books.held.contacts)
    contact = Contact(contid=position + 1, custid=books.options.first_custid + position, name="", kinds=["customer"])
    _fill(books, contact, body)
    books.held.contacts.append(contact)
    books.index_contact(contact)
    books.mark_changed(contact, at)
    return contact


def change(books: Books, at: datetime, contid: int, body: ContactBody) -> Contact:
    """Changes what the body names. A change that is refused leaves the contact as it was."""
    contact = books.contact(contid)
    if body.name is not UNSET and not body.name.strip():
        raise Refused(422, "field_missing", "a contact needs a name", "name")
    changed = msgspec.structs.replace(contact)
    _fill(books, changed, body)
    put_back(books, at, changed)
    return changed


def put_back(books: Books, at: datetime, contact: Contact) -> None:
    """Saves a whole contact over the one with its number."""
    books.unindex_contact(books.contact(contact.contid))
    books.held.contacts[contact.contid - 1] = contact
    books.index_contact(contact)
    books.mark_changed(contact, at)


def find(books: Books, keys: ContactLookup) -> Contacts:
    """Every contact that equals any key in its field, inactive ones too, by number."""
    found: dict[int, None] = {}
    for custid in keys.customer_nos:
        digits = str(custid).strip()
        if digits.isascii() and digits.isdigit() and len(digits) <= CUSTID_DIGITS:
            contact = books.contact_by_custid(int(digits))
            if contact is not None:
                found[contact.contid] = None
    wanted = [("email", key_of(text)) for text in keys.emails]
    wanted += [("name", key_of(text)) for text in keys.names]
    wanted += [("org_no", digits_of(text)) for text in keys.org_nos]
    wanted += [("phone", digits_of(text)) for text in keys.phones]
    wanted += [("postcode", postcode_key(text)) for text in keys.postcodes]
    wanted += [("ext_id", text) for text in keys.ext_ids]
    for kind, key in wanted:
        found.update(dict.fromkeys(books.contacts_by(kind, key)))
    return Contacts([books.contact(contid) for contid in sorted(found)])


def _fill(books: Books, contact: Contact, body: ContactBody) -> None:
    if body.name is not UNSET:
        contact.name = books.text.text(body.name, 50, "name")
    _fill_simple(books, contact, body)
    if body.kinds is not UNSET:
        contact.kinds = list(dict.fromkeys(body.kinds))
    if body.credit_limit is not UNSET:
        contact.credit_limit = None if body.credit_limit is None else number(body.credit_limit, 15, 2, "credit_limit")
    if body.currency is not UNSET:
        contact.currency = _currency(books, body.currency)
    if body.addresses is not UNSET:
        contact.addresses = [_address(books, row, position) for position, row in enumerate(body.addresses)]
    if body.persons is not UNSET:
        contact.persons = [_person(books, row, position) for position, row in enumerate(body.persons)]


def _fill_simple(books: Books, contact: Contact, body: ContactBody) -> None:
    for field, length in TEXTS.items():
        value = getattr(body, field)
        if value is not UNSET:
            setattr(contact, field, books.text.text(value or "", length, field))
    for field in REGISTERED:
        value = getattr(body, field)
        if value is not UNSET:
            books.lookups.check(field, value)
            setattr(contact, field, value)
    for field in FLAGS:
        value = getattr(body, field)
        if value is not UNSET:
            setattr(contact, field, value)


def _currency(books: Books, code: str | None) -> str | None:
    if code is not None and code not in books.lookups.rates:
        raise Refused(422, "currency_unknown", "the company has no such currency", "currency")
    return code


def _address(books: Books, body: AddressBody, position: int) -> Address:
    path = f"addresses.{position}"
    country = books.lookups.country(body.country, f"{path}.country") if body.country else "SE"
    street, postcode, city = _texts(books, body, ADDRESS_TEXTS, path)
    return Address(body.type, street, postcode, city, country)


def _person(books: Books, body: PersonBody, position: int) -> Person:
    first, last, email, phone = _texts(books, body, PERSON_TEXTS, f"persons.{position}")
    return Person(first, last, email, phone)


def _texts(books: Books, body: AddressBody | PersonBody, lengths: dict[str, int], path: str) -> list[str]:
    return [books.text.text(getattr(body, field), length, f"{path}.{field}") for field, length in lengths.items()]
