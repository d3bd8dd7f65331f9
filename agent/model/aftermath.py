"""An order after its transfer: what was booked of it, what the shop has refunded, what is to change in Mamut."""

from __future__ import annotations

from collections.abc import Container
from datetime import date
from decimal import Decimal

import msgspec

from agent.model.ids import ContactNo, ExternalNo
from agent.model.mamut import DocumentDraft, DocumentLine
from agent.model.order import Frozen, OrderLine


class RefundedLine(Frozen, frozen=True):
    """What was given back of one row of the order, as a row with positive amounts. `of_line` is the order's row. A
    quantity of 0 means that money went back and no goods did."""

    of_line: int
    line: OrderLine


class OrderRefund(Frozen, frozen=True):
    """One refund as the shop keeps it. `amount` is positive, with VAT; what its lines do not explain of it was refunded
    as an amount alone. `restocked` says that the shop took all its goods back into stock."""

    refund_id: int
    amount: Decimal
    lines: tuple[RefundedLine, ...] = ()
    restocked: bool = False


class Content(Frozen, frozen=True):
    """An order's business content in digests, part by part: equal parts mean that nothing happened there."""

    rows: str
    addresses: str
    texts: str
    status: str


class StoredRow(Frozen, frozen=True):
    product_no: str
    qty: Decimal


class Booked(Frozen, frozen=True):
    """What an order was when its document was made, and the document as Mamut kept it.

    `articles` are the article numbers of the order's rows by the rows' ids: the shop shows a product's present number
    on old orders too. `rows` and `total_ore` are the document's, empty and None until it stands. `refunds` are those
    that the document's rows are less by. `draft` is None for a document that was found and not made. `kept` are digests
    of what Mamut then held in its fields, by field; one that is missing is what `draft` says. `goods` are the pieces
    that the document stands for, by the shop's product, and `products` the rows' products by the rows' ids.
    """

    content: Content
    articles: dict[int, str] = {}
    draft: DocumentDraft | None = None
    rows: tuple[StoredRow, ...] = ()
    total_ore: int | None = None
    refunds: tuple[int, ...] = ()
    goods: dict[int, Decimal] | None = None
    at_ms: int = 0
    kept: dict[str, bytes] = {}
    products: dict[int, int] = {}

    def without(self, articles: Container[str]) -> Booked:
        """As it is where Mamut has booked nothing of these articles: the document does not stand for their pieces."""
        gone = {self.products.get(row) for row, article in self.articles.items() if article in articles}
        if self.goods is None or not gone:
            return self
        left = {product_id: pieces for product_id, pieces in self.goods.items() if product_id not in gone}
        return msgspec.structs.replace(self, goods=left)


class DocumentChanges(Frozen, frozen=True):
    """What is to be different on a document. None leaves a field as it is; `lines` replace all lines."""

    lines: tuple[DocumentLine, ...] | None = None
    name: str | None = None
    invoice_address: str | None = None
    delivery_address: str | None = None
    invoice_country: str | None = None
    delivery_country: str | None = None
    your_ref: str | None = None
    reference: str | None = None
    fixed_text: str | None = None
    packing_text: str | None = None
    payment_terms: int | None = None
    delivery_form: int | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what changes."""
        return tuple(name for name in self.__struct_fields__ if getattr(self, name) is not None)


class CreditDraft(Frozen, frozen=True):
    """A credit note to be made. Its rows have negative quantities and sums. `parent` is the invoice's number; `restock`
    takes its goods back into stock when it is issued."""

    external_no: ExternalNo
    parent: int
    custid: ContactNo
    currency: str
    order_date: date
    lines: tuple[DocumentLine, ...]
    reference: str = ""
    department: int | None = None
    issue: bool = False
    restock: bool = False
