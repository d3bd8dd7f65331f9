"""What is known of an order that the shop has changed after its transfer, and what can be decided about it."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from agent.messages import Send, Stop
from agent.model.after import AfterReason, AfterSaid
from agent.model.aftermath import Booked, CreditDraft, DocumentChanges, OrderRefund
from agent.model.goods import DocumentState
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.mamut import Article, DocumentLine
from agent.model.money import ZERO
from agent.model.order import Frozen, ShopOrder
from agent.settings.tree_aftermath import AftermathSettings


class Stage(StrEnum):
    """How far a document has come in Mamut. The values are words that people read (`agent/model/catalogue.py`)."""

    OPEN = "open"
    PARTLY = "partly_delivered"
    DELIVERED = "delivered"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    MISSING = "missing"


class Way(StrEnum):
    """How Mamut knows of a refund."""

    DOCUMENT = "document"
    """The document's rows are less by it."""
    NOTE = "note"
    """A credit note stands for it."""
    CANCELLED = "cancelled"
    """The document was cancelled, so nothing of it was ever sold."""
    BY_HAND = "by_hand"
    """A person has taken it upon themselves."""


class Given(Frozen, frozen=True):
    """A refund that Mamut knows of, once what was decided is done. `order_no` is the document it stands in; 0 is the
    credit note that is made for it."""

    refund_id: int
    way: Way
    amount: Decimal
    order_no: int = 0


class Update(Frozen, frozen=True, tag=True):
    order_no: int
    changes: DocumentChanges
    articles: tuple[Article, ...] = ()


class Cancel(Frozen, frozen=True, tag=True):
    order_no: int


class Credit(Frozen, frozen=True, tag=True):
    refund_id: int
    draft: CreditDraft
    articles: tuple[Article, ...] = ()


Act = Update | Cancel | Credit


class Attend(Frozen, frozen=True):
    """A person has to look. `params` hold no personal data."""

    reason: AfterReason
    params: dict[str, str] = {}


class Plan(Frozen, frozen=True):
    """What is to be done, and what is known once it is. `acts` are done in their order, also where a person has to look
    at the rest. `waits` is looked at again by itself. `booked` is what holds afterwards, None where nothing changes."""

    said: AfterSaid
    params: dict[str, str] = {}
    acts: tuple[Act, ...] = ()
    attend: Attend | None = None
    waits: bool = False
    booked: Booked | None = None
    given: tuple[Given, ...] = ()


class Case(Frozen, frozen=True):
    """One order and all that is known of it. `order` is None for one that the shop no longer has. `pending` is what
    would hold if an act whose answer was lost has been done. `wanted` is the order decided anew, `backs` each refund's
    rows decided as an order's, None for one whose rows come to more than its amount. `notes` are the credit notes that
    Mamut has, by refund; `known` are the refunds that are dealt with, by how. `makes` are articles that
    Mamut lacks and that may be made for a row. `confirms` asks whether what was done a while ago still stands."""

    shop: ShopKey
    order_id: ShopOrderId
    settings: AftermathSettings
    order: ShopOrder | None
    booked: Booked | None
    pending: Booked | None = None
    order_no: int = 0
    family: tuple[DocumentState, ...] = ()
    refunds: tuple[OrderRefund, ...] = ()
    wanted: Send | Stop | None = None
    backs: dict[int, Send | Stop | None] = {}
    notes: dict[int, DocumentState] = {}
    known: dict[int, str] = {}
    percents: dict[int, Decimal] = {}
    services: frozenset[str] = frozenset()
    rounding: DocumentLine | None = None
    rounding_limit: Decimal = ZERO
    makes: tuple[Article, ...] = ()
    department: int | None = None
    confirms: bool = False

    @property
    def root(self) -> DocumentState | None:
        return next((each for each in self.family if each.order_no == self.order_no), None)

    @property
    def refunded(self) -> Decimal:
        return sum((refund.amount for refund in self.refunds), ZERO)

    @property
    def new_refunds(self) -> tuple[OrderRefund, ...]:
        return tuple(refund for refund in self.refunds if refund.amount and refund.refund_id not in self.known)
