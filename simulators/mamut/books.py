"""The company's books: every record, the indexes that find them, and the numbers that come next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from simulators.mamut.errors import Refused, not_found
from simulators.mamut.fields import TextRules, digits_of, key_of
from simulators.mamut.options import MamutOptions
from simulators.mamut.records import (
    Contact,
    Document,
    GroupDiscount,
    Journal,
    OpenItem,
    PriceRules,
    Product,
    StockMove,
    StockRow,
)
from simulators.mamut.registers import Lookups, Registers, swedish_company

COMPANY_TIME = ZoneInfo("Europe/Stockholm")
"""In whose days the company keeps its books."""

VAT_OUT, VAT_IN = 3, 13
"""What a new product gets: 25 %."""

DESCRIPTION = "DESCRIPTION"
"""The product that Mamut makes by itself for order lines whose product it does not know (import_order.htm)."""


class Held(msgspec.Struct, kw_only=True):
    """All that is kept, in the shape of a snapshot. Contacts, products and documents stand in the order of their
    numbers; nothing is ever removed, since Mamut removes nothing that was used."""

    contacts: list[Contact] = []
    products: list[Product] = []
    documents: list[Document] = []
    stock: dict[int, list[StockRow]] = {}
    moves: list[StockMove] = []
    prices: dict[int, PriceRules] = {}
    group_discounts: list[GroupDiscount] = []
    ledger: list[OpenItem] = []
    journals: list[Journal] = []
    change_no: int = 0
    sessions_opened: int = 0
    acts: int = 0


class Books:
    """`held` with its indexes. Only the functions of this package that are named after a business act change it."""

    def __init__(self, options: MamutOptions, held: Held | None = None, before: Books | None = None) -> None:
        """`before` are the same books in an installation that is no more, whose index of contacts is taken over: what
        a contact is found under depends on no option."""
        self.options = options
        self.quirks = options.quirks
        self.text = TextRules(options.quirks)
        self.registers: Registers = swedish_company()
        self.lookups: Lookups = Lookups(self.registers) if before is None else before.lookups
        self.held: Held = before.held if before is not None else held or Held(products=[_description_product()])
        self._contact_keys: dict[tuple[str, str], dict[int, None]] = {}
        self._product_keys: dict[str, list[int]] = {}
        self._external: dict[str, list[int]] = {}
        self._items: dict[int, OpenItem] = {item.invoice_no: item for item in self.held.ledger}
        if before is not None:
            self._contact_keys = before._contact_keys
        else:
            for contact in self.held.contacts:
                self.index_contact(contact)
        for product in self.held.products:
            self.index_product(product)
        for document in self.held.documents:
            self.index_document(document)

    # Contacts.
    def contact(self, contid: int) -> Contact:
        if not 0 < contid <= len(self.held.contacts):
            raise not_found("contact", contid)
        return self.held.contacts[contid - 1]

    def contact_by_custid(self, custid: int) -> Contact | None:
        position = custid - self.options.first_custid
        return self.held.contacts[position] if 0 <= position < len(self.held.contacts) else None

    def contacts_by(self, kind: str, key: str) -> Iterable[int]:
        """Numbers of contacts with this key, which must be in the form of `contact_keys`."""
        return self._contact_keys.get((kind, key), {})

    def index_contact(self, contact: Contact) -> None:
        for key in contact_keys(contact):
            self._contact_keys.setdefault(key, {})[contact.contid] = None

    def unindex_contact(self, contact: Contact) -> None:
        for key in contact_keys(contact):
            self._contact_keys[key].pop(contact.contid, None)

    # Products.
    def product_key(self, product_no: str) -> str:
        return product_no.rstrip().casefold() if self.quirks.numbers_ignore_case else product_no

    def products_by_no(self, product_no: str) -> list[Product]:
        return [self.held.products[pk - 1] for pk in self._product_keys.get(self.product_key(product_no), ())]

    def product(self, product_no: str) -> Product:
        found = self.products_by_no(product_no)
        if not found:
            raise not_found("product", product_no[:60])
        return found[0]

    def index_product(self, product: Product) -> None:
        self._product_keys.setdefault(self.product_key(product.product_no), []).append(product.pk)

    def unindex_product(self, product: Product) -> None:
        self._product_keys[self.product_key(product.product_no)].remove(product.pk)

    # Documents and the ledger.
    def document(self, order_no: int) -> Document:
        position = order_no - self.options.first_order_no
        if not 0 <= position < len(self.held.documents):
            raise not_found("order", order_no)
        return self.held.documents[position]

    def documents_by_external_no(self, external_no: str) -> list[Document]:
        return [self.document(order_no) for order_no in self._external.get(external_no, ())]

    def index_document(self, document: Document) -> None:
        if document.external_no:
            self._external.setdefault(document.external_no, []).append(document.order_no)

    def unindex_document(self, document: Document) -> None:
        if document.external_no:
            self._external[document.external_no].remove(document.order_no)

    def next_order_no(self) -> int:
        number = self.options.first_order_no + len(self.held.documents)
        if number > 999_999_999:
            raise Refused(500, "series_exhausted", "the order numbers of nine digits are used up")
        return number

    def next_invoice_no(self) -> int:
        return self.options.first_invoice_no + len(self.held.ledger)

    def add_item(self, item: OpenItem) -> None:
        self.held.ledger.append(item)
        self._items[item.invoice_no] = item

    def item(self, invoice_no: int) -> OpenItem:
        if invoice_no not in self._items:
            raise not_found("invoice", invoice_no)
        return self._items[invoice_no]

    def find_item(self, invoice_no: int) -> OpenItem | None:
        return self._items.get(invoice_no)

    def mark_changed(self, record: Contact | Product, at: datetime) -> None:
        """Stamps a contact or a product as far as this Mamut tracks changes, which is coarse or not at all."""
        tracking = self.quirks.change_tracking
        self.held.change_no += 1
        record.changed_on = at.astimezone(COMPANY_TIME).date() if tracking == "date" else None
        record.change_no = self.held.change_no if tracking == "sequence" else None


def contact_keys(contact: Contact) -> list[tuple[str, str]]:
    """Under which keys a contact is found; the e-mail addresses and telephones of its persons are among them."""
    keys = [("name", key_of(contact.name)), ("org_no", digits_of(contact.org_no)), ("ext_id", contact.ext_id)]
    keys += [("email", key_of(contact.email)), ("phone", digits_of(contact.phone))]
    for person in contact.persons:
        keys += [("email", key_of(person.email)), ("phone", digits_of(person.phone))]
    keys += [("postcode", postcode_key(address.zip)) for address in contact.addresses]
    return [key for key in keys if key[1]]


def postcode_key(postcode: str) -> str:
    return "".join(postcode.split()).casefold()


def _description_product() -> Product:
    """There from the beginning, so that a refused order leaves no trace; in Mamut it comes with the first need."""
    return Product(
        pk=1,
        product_no=DESCRIPTION,
        description=DESCRIPTION,
        vat_out=VAT_OUT,
        vat_in=VAT_IN,
        use_store=False,
        web=False,
    )
