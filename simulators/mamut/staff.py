"""What people do at the company while the agent works: in the warehouse, at the desk, in the shop's till.

None of this goes over HTTP. It changes the books through the same acts as the API does, so that it is logged and
replayed like everything else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import msgspec

from simulators.mamut import contacts, orders, products, stock
from simulators.mamut.booking import CreditBody, DeliverBody, InvoiceBody, LineQty
from simulators.mamut.books import Books
from simulators.mamut.errors import Refused
from simulators.mamut.fields import number
from simulators.mamut.ledger import PayBody
from simulators.mamut.lines import LineBody
from simulators.mamut.records import (
    CategoryPrice,
    Contact,
    ContactPrice,
    Document,
    GroupDiscount,
    OpenItem,
    PriceRules,
    Product,
    QuantityPrice,
    StockRow,
    Tracking,
)
from simulators.mamut.statuses import Status

PriceRow = TypeVar("PriceRow", CategoryPrice, ContactPrice, QuantityPrice)

CASH_TERMS = 3
SHOP_WAREHOUSE = 2


class CountBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    product_no: str
    warehouse: int = 1
    on_hand: Decimal | None = None
    on_purchase: Decimal | None = None


class PriceBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    product_no: str
    price_out: Decimal | None = None
    rules: PriceRules | None = None


class DiscountsBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    discounts: list[GroupDiscount]


class DuplicateBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    product_no: str


def _count(books: Books, at: datetime, _key: str, body: CountBody) -> StockRow:
    product = books.product(body.product_no)
    books.lookups.check("warehouse", body.warehouse)
    on_hand = None if body.on_hand is None else number(body.on_hand, 12, 2, "on_hand")
    on_purchase = None if body.on_purchase is None else number(body.on_purchase, 12, 2, "on_purchase")
    row = products.link(books, product, body.warehouse)
    if on_hand is not None:
        stock.count(books, at, product, body.warehouse, on_hand, "count")
    if on_purchase is not None:
        row.on_purchase = on_purchase
    return row


def _price(books: Books, at: datetime, _key: str, body: PriceBody) -> Product:
    product = books.product(body.product_no)
    price_out = None if body.price_out is None else number(body.price_out, 15, 4, "price_out")
    rules = None if body.rules is None else _checked(body.rules)
    if price_out is not None:
        product.price_out = price_out
        books.mark_changed(product, at)
    if rules is not None:
        books.held.prices[product.pk] = rules
    return product


def _discounts(books: Books, _at: datetime, _key: str, body: DiscountsBody) -> DiscountsBody:
    books.held.group_discounts = [
        msgspec.structs.replace(row, percent=number(row.percent, 6, 2, "percent")) for row in body.discounts
    ]
    return DiscountsBody(discounts=books.held.group_discounts)


def _duplicate(books: Books, at: datetime, _key: str, body: DuplicateBody) -> Product:
    """A second product with the same number, as imports have left behind in real registers."""
    product = books.product(body.product_no)
    return products.add(books, at, msgspec.structs.replace(product, pk=len(books.held.products) + 1))


def _checked(rules: PriceRules) -> PriceRules:
    """The rules with four decimals in prices and two in percentages and quantities. Raises Refused."""
    return PriceRules(
        categories=[_priced(row) for row in rules.categories],
        contacts=[_priced(row) for row in rules.contacts],
        quantities=[
            msgspec.structs.replace(_priced(row), from_qty=number(row.from_qty, 12, 2, "from_qty"))
            for row in rules.quantities
        ],
    )


def _priced(row: PriceRow) -> PriceRow:
    price = None if row.price is None else number(row.price, 15, 4, "price")
    percent = None if row.percent is None else number(row.percent, 6, 2, "percent")
    return msgspec.structs.replace(row, price=price, percent=percent)


def _save_contact(books: Books, at: datetime, _key: str, body: Contact) -> Contact:
    contacts.put_back(books, at, body)
    return body


def _save_product(books: Books, at: datetime, _key: str, body: Product) -> Product:
    products.put_back(books, at, body)
    return body


def _save_order(books: Books, _at: datetime, _key: str, body: Document) -> Document:
    orders.put_back(books, body, body.lines)
    return body


ACTS: dict[str, tuple[type, Callable[[Books, datetime, str, Any], msgspec.Struct]]] = {
    "stock.count": (CountBody, _count),
    "price.set": (PriceBody, _price),
    "discounts.set": (DiscountsBody, _discounts),
    "product.duplicate": (DuplicateBody, _duplicate),
    "desktop.contact": (Contact, _save_contact),
    "desktop.product": (Product, _save_product),
    "desktop.order": (Document, _save_order),
}


class Company(Protocol):
    """What staff need of the simulator."""

    @property
    def books(self) -> Books: ...

    def act(self, name: str, key: str = "", body: msgspec.Struct | None = None) -> msgspec.Struct: ...


class Staff:
    """Everybody at the company, at the simulator's present moment. All methods raise Refused like the API does."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def deliver(
        self, order_no: int, quantities: Mapping[int, Decimal] | None = None, tracking: Sequence[Tracking] = ()
    ) -> Document:
        """Delivers all, or of each line number the quantity given; the rest becomes a backorder."""
        rows = None
        if quantities is not None:
            rows = [LineQty(line_no=line_no, qty=qty) for line_no, qty in quantities.items()]
        return self._document("order.deliver", order_no, DeliverBody(lines=rows, tracking=list(tracking)))

    def invoice(self, order_no: int, day: date | None = None) -> Document:
        return self._document("order.invoice", order_no, InvoiceBody(date=day))

    def credit(self, order_no: int, body: CreditBody | None = None) -> Document:
        return self._document("order.credit", order_no, body or CreditBody())

    def cancel(self, order_no: int) -> Document:
        return self._document("order.cancel", order_no, None)

    def pay(self, invoice_no: int, amount: Decimal | None = None) -> OpenItem:
        """Books a payment, of all that remains unless told otherwise."""
        return self._item(PayBody(invoice_no=invoice_no, amount=amount))

    def reopen(self, invoice_no: int, amount: Decimal | None = None) -> OpenItem:
        """Takes a payment back, as when it was matched with the wrong invoice."""
        item = self._company.books.item(invoice_no)
        back = item.amount - item.remaining if amount is None else amount
        return self._item(PayBody(invoice_no=invoice_no, amount=-back))

    def post_journals(self) -> int:
        """Moves every waiting journal to the ledger; gives how many."""
        waiting = [journal.journal_no for journal in self._company.books.held.journals if not journal.posted]
        for journal_no in waiting:
            self._company.act("journal.post", str(journal_no))
        return len(waiting)

    def count(self, product_no: str, on_hand: Decimal, warehouse: int = 1) -> None:
        """Counts the shelf. The product is linked to the warehouse if it was not."""
        self._company.act("stock.count", body=CountBody(product_no=product_no, warehouse=warehouse, on_hand=on_hand))

    def expect(self, product_no: str, on_purchase: Decimal, warehouse: int = 1) -> None:
        """Says how much has been ordered from suppliers."""
        body = CountBody(product_no=product_no, warehouse=warehouse, on_purchase=on_purchase)
        self._company.act("stock.count", body=body)

    def set_price(self, product_no: str, price_out: Decimal | None = None, rules: PriceRules | None = None) -> None:
        """Sets the base price without VAT, or what departs from it, or both."""
        self._company.act("price.set", body=PriceBody(product_no=product_no, price_out=price_out, rules=rules))

    def set_discounts(self, discounts: Sequence[GroupDiscount]) -> None:
        """Replaces the discounts by contact category and product group."""
        self._company.act("discounts.set", body=DiscountsBody(discounts=list(discounts)))

    def duplicate_product(self, product_no: str) -> None:
        """Leaves a second product with the same number in the register."""
        self._company.act("product.duplicate", body=DuplicateBody(product_no=product_no))

    def change_product(self, product_no: str, body: products.ProductBody) -> None:
        self._company.act("product.change", product_no, body)

    def change_contact(self, contid: int, body: contacts.ContactBody) -> None:
        self._company.act("contact.change", str(contid), body)

    def sell_in_till(self, custid: int, sales: Mapping[str, Decimal], warehouse: int = SHOP_WAREHOUSE) -> Document:
        """One sale as the till's end of day books it: delivered, invoiced and paid at once (Routine_wizards.htm).

        `sales` are quantities by product number. Mamut prices the lines.
        """
        for product_no in sales:
            product = self._company.books.product(product_no)
            linked = [row.warehouse for row in self._company.books.held.stock.get(product.pk, ())]
            if product.use_store and warehouse not in linked:
                raise Refused(422, "warehouse_not_linked", "the till sells from its own warehouse only", "warehouse")
        body = orders.OrderBody(
            kind="invoice",
            custid=custid,
            origin_web=False,
            payment_terms=CASH_TERMS,
            reference="Kassa",
            lines=[LineBody(product_no=key, qty=qty, warehouse=warehouse) for key, qty in sales.items()],
        )
        answer = self._company.act("order.create", body=body)
        if not isinstance(answer, Document):
            raise TypeError("a sale did not make a document")
        if answer.status == Status.NOT_DELIVERED:
            return self.deliver(answer.order_no)
        return answer

    def _document(self, act: str, order_no: int, body: msgspec.Struct | None) -> Document:
        answer = self._company.act(act, str(order_no), body)
        if not isinstance(answer, Document):
            raise TypeError(f"{act} did not give a document")
        return answer

    def _item(self, body: PayBody) -> OpenItem:
        answer = self._company.act("ledger.pay", body=body)
        if not isinstance(answer, OpenItem):
            raise TypeError("a payment did not give an open item")
        return answer
