"""What the actors may ask of a remote, in the model's words. Each method raises Trouble and nothing else."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from agent.messages import MamutFacts, MarkShopOrder, OrdersSeen, Wanted
from agent.model.ids import MamutOrderNo, ShopOrderId
from agent.model.mamut import Article, Contact, ContactChanges, ContactDraft, Document, DocumentDraft, Registers
from agent.model.order import Frozen, OrderSight, ShopOrder


class ListQuery(Frozen, frozen=True):
    """Which orders to list, by ascending id. Times are UTC and strict (after, not at); None means no bound."""

    modified_after: datetime | None = None
    created_after: datetime | None = None
    offset: int = 0
    limit: int = 100


class Listing(Frozen, frozen=True):
    """One page. `asked_at` is the shop's clock. `unreadable` counts rows that broke the contract. `total` is how many
    rows of all pages the shop counts, None when it does not tell."""

    sights: tuple[OrderSight, ...]
    asked_at: datetime
    rows: int
    total: int | None = None
    unreadable: tuple[str, ...] = ()


class ShopIdentity(Frozen, frozen=True):
    """Who the shop says it is: what a clone or another shop at the same address would answer differently."""

    url: str
    name: str = ""
    store_id: str = ""
    version: str = ""
    currency: str = ""
    statuses: tuple[str, ...] = ()
    clock_skew_s: float = 0.0


class MarkResult(Frozen, frozen=True):
    """What came of one mark: the order as the shop has it now, or the shop's error code."""

    order_id: ShopOrderId
    echo: ShopOrder | None = None
    problem: str = ""


class ShopPort(Protocol):
    """A webshop."""

    async def identity(self) -> ShopIdentity: ...
    async def list_orders(self, query: ListQuery) -> Listing: ...
    async def read_orders(self, order_ids: tuple[ShopOrderId, ...], source: str) -> OrdersSeen: ...
    async def mark_orders(self, marks: tuple[MarkShopOrder, ...]) -> tuple[MarkResult, ...]: ...
    async def note_order(self, mark: MarkShopOrder) -> None: ...
    async def aclose(self) -> None: ...


class MamutCompany(Frozen, frozen=True):
    """What Mamut tells when a session opens. `stop_date` is the day from which this version lets nobody in."""

    name: str
    client_no: str
    edition: str
    modules: tuple[str, ...]
    version: str
    stop_date: str
    currency: str


class MamutPort(Protocol):
    """The ERP. Calls are serial: the writer that owns the session makes one at a time."""

    async def open(self) -> MamutCompany: ...
    async def fence(self) -> None: ...
    async def registers(self) -> Registers: ...
    async def facts(self, wanted: Wanted) -> MamutFacts: ...
    async def document(self, order_no: MamutOrderNo) -> Document | None: ...
    async def create_contact(self, draft: ContactDraft) -> Contact: ...
    async def change_contact(self, contid: int, changes: ContactChanges) -> Contact: ...
    async def create_article(self, article: Article) -> Article: ...
    async def create_document(self, draft: DocumentDraft, contid: int) -> Document: ...
    async def cancel_document(self, order_no: MamutOrderNo) -> None: ...
    async def aclose(self) -> None: ...
