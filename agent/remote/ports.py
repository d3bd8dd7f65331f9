"""What the actors may ask of a remote, in the model's words. Each method raises Trouble and nothing else."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Protocol

from agent.messages import MamutFacts, MarkShopOrder, OrdersSeen, Wanted
from agent.model.aftermath import CreditDraft, DocumentChanges, OrderRefund
from agent.model.goods import (
    ArticleCard,
    ArticlePage,
    DocumentState,
    GroupDiscount,
    NoteSeen,
    OpenItem,
    Parcel,
    PriceCard,
    PricePage,
    ProductWrite,
    SalesPage,
    SeenProduct,
    ShopAttribute,
    ShopCategory,
    ShopTerms,
    ShownOrder,
    StockCard,
    StockPage,
    Written,
)
from agent.model.ids import MamutOrderNo, ShopOrderId
from agent.model.mamut import Article, Contact, ContactChanges, ContactDraft, Document, DocumentDraft, Registers
from agent.model.order import Frozen, OrderSight, ShopOrder
from agent.model.shop_item import ArticleFields, ItemSeen
from agent.model.webhook import Webhook, WebhookWrite


class ListQuery(Frozen, frozen=True):
    """Which orders to list, by ascending id. Times are UTC and strict (after, not at); None means no bound. With
    `order_ids` only these are."""

    modified_after: datetime | None = None
    created_after: datetime | None = None
    order_ids: tuple[ShopOrderId, ...] = ()
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


class Echo(Frozen, frozen=True):
    """What the answer to a write of ours shows of an order: whether it is the one that was read, and its new date."""

    status: str
    total: Decimal
    modified_at: datetime
    content_hash: str


class MarkResult(Frozen, frozen=True):
    """What came of one mark: the order as the shop has it now, or the shop's error code."""

    order_id: ShopOrderId
    echo: Echo | None = None
    problem: str = ""


class ShopPort(Protocol):
    """A webshop."""

    @property
    def served(self) -> int:
        """How many requests the shop has answered without an error so far, whoever asked."""
        ...

    async def identity(self) -> ShopIdentity: ...
    async def list_orders(self, query: ListQuery) -> Listing: ...
    async def read_orders(self, order_ids: tuple[ShopOrderId, ...], source: str) -> OrdersSeen: ...
    async def mark_orders(self, marks: tuple[MarkShopOrder, ...]) -> tuple[MarkResult, ...]: ...
    async def note_order(self, mark: MarkShopOrder) -> None: ...
    async def aclose(self) -> None: ...


class RecordPort(Protocol):
    """A webshop's orders one by one, for people to look at."""

    async def read_orders(self, order_ids: tuple[ShopOrderId, ...], source: str) -> OrdersSeen: ...
    async def order_record(self, order_id: ShopOrderId) -> bytes | None:
        """The whole record in JSON as the shop gives it, None when it has none."""
        ...


class RefundPort(Protocol):
    """A webshop's orders after the transfer, and what was given back of them."""

    async def read_orders(self, order_ids: tuple[ShopOrderId, ...], source: str) -> OrdersSeen: ...
    async def read_refunds(self, order: ShopOrder) -> tuple[OrderRefund, ...]:
        """All refunds of the order, oldest first, from the shop's own list of them."""
        ...


class SalesQuery(Frozen, frozen=True):
    """Which orders to list with their rows, by ascending id. Times are UTC and strict. `statuses` empty means any."""

    modified_after: datetime | None = None
    created_after: datetime | None = None
    statuses: tuple[str, ...] = ()
    offset: int = 0
    limit: int = 100


class GoodsPort(Protocol):
    """A webshop's products. Writes may be repeated without harm, but for what makes a product: that is refused while
    another holds the article number, and after UNSURE the maker must look with `find_products` first."""

    async def terms(self) -> ShopTerms: ...
    async def find_products(self, skus: tuple[str, ...]) -> tuple[SeenProduct, ...]:
        """Products and variations with these article numbers, at most 100; drafts and private ones too."""
        ...

    async def read_products(self, product_ids: tuple[int, ...]) -> tuple[SeenProduct, ...]:
        """Products by id, at most 100; no variations. Those that are gone are left out."""
        ...

    async def list_products(self, offset: int, limit: int = 100) -> tuple[tuple[SeenProduct, ...], int]:
        """A page of products (no variations) by ascending id, and how many there are in all."""
        ...

    async def list_variations(self, parent_id: int) -> tuple[SeenProduct, ...]: ...
    async def write_products(self, writes: tuple[ProductWrite, ...]) -> Written:
        """One batch of at most 100 products that are no variations."""
        ...

    async def write_variations(self, parent_id: int, writes: tuple[ProductWrite, ...]) -> Written:
        """One batch of at most 100 variations of one product."""
        ...

    async def categories(self) -> tuple[ShopCategory, ...]: ...
    async def make_categories(self, wanted: tuple[tuple[str, int], ...]) -> tuple[int, ...]:
        """Makes at most 100 of these names, each below its parent (0 for none), in one request. Gives the id of each,
        or of the one that is there already."""
        ...

    async def attributes(self) -> tuple[ShopAttribute, ...]: ...
    async def list_sales(self, query: SalesQuery) -> SalesPage: ...


class TrashPort(Protocol):
    """A webshop's trash, from which people bring things back."""

    async def read_products(self, product_ids: tuple[int, ...]) -> tuple[SeenProduct, ...]: ...
    async def list_variations(self, parent_id: int) -> tuple[SeenProduct, ...]: ...
    async def trash(self, product_id: int, parent_id: int = 0) -> None:
        """Throws a product away with its variations, or one variation; twice is once."""
        ...


class ItemsQuery(Frozen, frozen=True):
    """Which products to list whole, by ascending id; variations are never among them. Times are UTC and strict."""

    modified_after: datetime | None = None
    product_ids: tuple[int, ...] = ()
    offset: int = 0
    limit: int = 100


class ItemsPage(Frozen, frozen=True):
    """`asked_at` is the shop's clock when the question left. `rows` counts those that broke the contract too, which
    `unreadable` names as "id: problem". `total` is how many there are on all pages, None where the shop does not
    tell."""

    items: tuple[ItemSeen, ...]
    asked_at: datetime
    rows: int
    total: int | None = None
    unreadable: tuple[str, ...] = ()


class ItemsPort(Protocol):
    """A webshop's products as it governs them."""

    async def terms(self) -> ShopTerms: ...
    async def categories(self) -> tuple[ShopCategory, ...]: ...
    async def list_items(self, query: ItemsQuery) -> ItemsPage:
        """Products whole, drafts and private ones too, none in the trash."""
        ...

    async def list_item_ids(self, offset: int, limit: int = 100) -> tuple[tuple[int, ...], int | None]:
        """Ids alone, ascending, and how many products there are, None where the shop does not tell."""
        ...

    async def list_item_variations(self, parent_id: int) -> tuple[ItemSeen, ...]:
        """All variations of one product, whole, by ascending id."""
        ...


class WebhookPort(Protocol):
    """A webshop's webhooks."""

    async def list_webhooks(self) -> tuple[Webhook, ...]:
        """All of them, whoever made them."""
        ...

    async def write_webhooks(self, writes: tuple[WebhookWrite, ...], delete: tuple[int, ...] = ()) -> None:
        """Makes, activates and deletes. UNSURE when the answer is lost: list them again."""
        ...


class StatusPort(Protocol):
    """A webshop's orders after the transfer: their status, parcels and notes."""

    async def show_orders(self, order_ids: tuple[ShopOrderId, ...], meta: tuple[str, ...]) -> tuple[ShownOrder, ...]:
        """Orders by id, at most 50, with these meta fields. Those that are gone are left out."""
        ...

    async def set_status(self, order_id: ShopOrderId, status: str, meta: tuple[str, ...]) -> ShownOrder:
        """Sets the status alone; what comes back is the order after the shop's hooks have run (capture, mail), which
        may be in another status than was sent. UNSURE when the answer is lost: it may have been set."""
        ...

    async def add_parcel(self, order_id: ShopOrderId, parcel: Parcel, shipped_on: str) -> None:
        """Leaves the parcel in the fields of the tracking plugin, once: one with the same number stays as it is. Raises
        Trouble REFUSED "no_tracking_plugin" where the shop has none. `shipped_on` is a day, YYYY-MM-DD."""
        ...

    async def notes(self, order_id: ShopOrderId) -> tuple[NoteSeen, ...]: ...
    async def add_note(self, order_id: ShopOrderId, text: str, *, to_customer: bool) -> None:
        """Adds a note, which mails the customer where it is theirs. UNSURE when the answer is lost: look at `notes`."""
        ...


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
    """The ERP. Calls are serial: the writer that owns the session makes one at a time.

    `sessions` counts those opened so far: while it stands still nobody else has had a session in between.
    """

    sessions: int

    async def open(self) -> MamutCompany: ...
    async def fence(self) -> None: ...
    async def registers(self) -> Registers: ...
    async def facts(self, wanted: Wanted) -> MamutFacts: ...
    async def document(self, order_no: MamutOrderNo) -> Document | None: ...
    async def create_contact(self, draft: ContactDraft) -> Contact: ...
    async def change_contact(self, contid: int, changes: ContactChanges) -> Contact: ...
    async def create_article(self, article: Article) -> Article: ...
    async def find_articles(self, product_nos: tuple[str, ...]) -> tuple[ArticleCard, ...]:
        """Every article with one of these numbers, inactive ones too; one number may give several."""
        ...

    async def make_article(self, fields: ArticleFields) -> ArticleCard:
        """Makes an article of goods. Refused with "product_no_taken" where one has the number."""
        ...

    async def change_article(self, product_no: str, fields: ArticleFields) -> ArticleCard:
        """Changes what is given and nothing else; the same change twice is one."""
        ...

    async def create_document(self, draft: DocumentDraft, contid: int) -> Document: ...
    async def cancel_document(self, order_no: MamutOrderNo) -> None: ...
    async def change_document(self, order_no: int, changes: DocumentChanges) -> Document: ...
    async def credit_document(self, draft: CreditDraft) -> Document:
        """Makes a credit note, once: after UNSURE the maker must look its external number up first."""
        ...

    async def list_articles(self, offset: int, limit: int) -> ArticlePage: ...
    async def list_stock(self, offset: int, limit: int) -> StockPage: ...
    async def list_prices(self, offset: int, limit: int) -> PricePage: ...
    async def find_stock(self, product_nos: tuple[str, ...]) -> tuple[StockCard, ...]: ...
    async def find_prices(self, product_nos: tuple[str, ...]) -> tuple[PriceCard, ...]: ...
    async def discounts(self) -> tuple[GroupDiscount, ...]: ...
    async def document_states(self, external_nos: tuple[str, ...]) -> tuple[DocumentState, ...]:
        """Every document with one of these external numbers, cancelled ones too."""
        ...

    async def document_state(self, order_no: int) -> DocumentState | None: ...
    async def open_items(self, invoice_nos: tuple[int, ...]) -> tuple[OpenItem, ...]: ...
    async def aclose(self) -> None: ...
