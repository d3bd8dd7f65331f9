"""All that crosses a channel or a step: what was seen, what is to be done, what came of it.

Observations are past, commands imperative, outcomes plain. Everything here is frozen and can be kept as MessagePack.
"""

from __future__ import annotations

from datetime import datetime

from agent.model.aftermath import Booked
from agent.model.ids import ContactNo, ExternalNo, MamutOrderNo, ShopKey, ShopOrderId
from agent.model.mamut import Article, Contact, ContactChanges, ContactDraft, Document, DocumentDraft, Registers
from agent.model.order import Frozen, OrderSight, ShopOrder
from agent.model.proof import MoneyProof
from agent.model.reasons import Reason

# -- what a decision about orders needs to know ---------------------------------------------------------------------


class Wanted(Frozen, frozen=True):
    """What has to be looked up in Mamut before an order, or a batch of orders, can be decided."""

    external_nos: tuple[ExternalNo, ...] = ()
    custids: tuple[ContactNo, ...] = ()
    emails: tuple[str, ...] = ()
    org_nos: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    ext_ids: tuple[str, ...] = ()
    product_nos: tuple[str, ...] = ()


class MamutFacts(Frozen, frozen=True):
    """What Mamut held when it was asked. `documents` are by external number, `articles` by product number as asked."""

    documents: dict[str, tuple[Document, ...]] = {}
    contacts: tuple[Contact, ...] = ()
    articles: dict[str, Article] = {}
    registers: Registers = Registers()


# -- decisions ------------------------------------------------------------------------------------------------------


class UseContact(Frozen, frozen=True, tag=True):
    """The buyer is this contact. `word` is Mamut's own: "existing", "probable", or "collective". `changes` bring its
    card up to date before the document is made, where the merchant allows it."""

    contid: int
    custid: ContactNo
    word: str
    matched_by: str = ""
    changes: ContactChanges | None = None


class CreateContact(Frozen, frozen=True, tag=True):
    """The buyer is New. `draft.ext_id` is the buyer's identity: orders with the same one share one contact."""

    draft: ContactDraft


Customer = UseContact | CreateContact


class Note(Frozen, frozen=True):
    """Something the merchant should know that did not stop the order: a text cut, a character replaced.

    `code` is a short English word ("text_shortened"), `field` the field it happened to, `detail` carries no personal
    data beyond what the field's own name says.
    """

    code: str
    field: str = ""
    detail: str = ""


class Send(Frozen, frozen=True, tag=True):
    """The order goes to Mamut as this document. `create_articles` are made first where the setting says so.
    `shop_status` is what a rule gives the shop's order once its document stands, empty for nothing."""

    draft: DocumentDraft
    customer: Customer
    proof: MoneyProof
    notes: tuple[Note, ...] = ()
    create_articles: tuple[Article, ...] = ()
    shop_status: str = ""


class Adopt(Frozen, frozen=True, tag=True):
    """Mamut already holds this order's document."""

    document: Document


class Stop(Frozen, frozen=True, tag=True):
    """The order goes nowhere now. `params` fill the placeholders of the reason's text; they hold no personal data."""

    reason: Reason
    params: dict[str, str] = {}
    proof: MoneyProof | None = None


Decision = Send | Adopt | Stop


# -- observations ---------------------------------------------------------------------------------------------------


class OrdersListed(Frozen, frozen=True, tag=True):
    """A cheap listing showed these. `asked_at` is the shop's clock when the listing began (its Date header)."""

    shop: ShopKey
    sights: tuple[OrderSight, ...]
    asked_at: datetime
    source: str


class UnreadableOrder(Frozen, frozen=True):
    """An order whose record broke the contract: what was wrong and where, without its content."""

    order_id: ShopOrderId
    problem: str


class OrdersSeen(Frozen, frozen=True, tag=True):
    """These orders were read whole. `read_at` is the shop's clock; `missing` were asked for and not given."""

    shop: ShopKey
    orders: tuple[ShopOrder, ...]
    read_at: datetime
    source: str
    unreadable: tuple[UnreadableOrder, ...] = ()
    missing: tuple[ShopOrderId, ...] = ()


# -- commands -------------------------------------------------------------------------------------------------------


class CreateMamutDocument(Frozen, frozen=True, tag=True):
    """Make this order's document in Mamut, once. Its key is the external number. `booked` is what is kept of the order
    once the document stands, but for the draft, which `send` has; commands of older versions have none, and there it is
    kept already."""

    shop: ShopKey
    order_id: ShopOrderId
    send: Send
    booked: Booked | None = None


class MarkShopOrder(Frozen, frozen=True, tag=True):
    """Leave Mamut's number on the shop's order, as meta and, where wanted, as a private note."""

    shop: ShopKey
    order_id: ShopOrderId
    mamut_order_no: MamutOrderNo
    note: bool = False


Command = CreateMamutDocument | MarkShopOrder


# -- outcomes -------------------------------------------------------------------------------------------------------


class DocumentStands(Frozen, frozen=True, tag=True):
    """Mamut holds the document, made now or found (`adopted`)."""

    shop: ShopKey
    order_id: ShopOrderId
    document: Document
    adopted: bool = False
    contact: UseContact | None = None
    contact_created: bool = False
    contact_updated: bool = False


class DocumentRefused(Frozen, frozen=True, tag=True):
    """Mamut will never take it as it is. `problem` is Mamut's own error code."""

    shop: ShopKey
    order_id: ShopOrderId
    reason: Reason
    problem: str
    params: dict[str, str] = {}


class DocumentDelayed(Frozen, frozen=True, tag=True):
    """Not now, or not known. `unsure` means it may stand in Mamut and must be looked up before it is tried again."""

    shop: ShopKey
    order_id: ShopOrderId
    unsure: bool
    problem: str
    retry_after_s: float | None = None


class OrderMarked(Frozen, frozen=True, tag=True):
    """The shop's order carries Mamut's number. `echo` is the order as the shop answered, so that we know our own
    write when a listing shows it."""

    shop: ShopKey
    order_id: ShopOrderId
    echo: ShopOrder | None = None


class MarkDelayed(Frozen, frozen=True, tag=True):
    """The shop could not be written to now. Marks may be repeated without harm."""

    shop: ShopKey
    order_ids: tuple[ShopOrderId, ...]
    problem: str
    retry_after_s: float | None = None
    refused: bool = False


Outcome = DocumentStands | DocumentRefused | DocumentDelayed | OrderMarked | MarkDelayed
