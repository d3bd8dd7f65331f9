"""Articles, stock and prices as Mamut holds them, and products as a shop is to show them.

Sources of fields and lengths: docs/mamut-api.md for Mamut. Prices of Mamut are without VAT, with four decimals, in the
company's currency. Weights are kilograms.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from agent.model.mamut import Header
from agent.model.money import ZERO
from agent.model.order import Frozen

# -- Mamut's register -------------------------------------------------------------------------------------------------


class VariantOf(Frozen, frozen=True):
    """Which main product this is a variant of, with its values of the main product's one or two properties."""

    main: str
    property1: str
    property2: str = ""


class ArticleCard(Frozen, frozen=True):
    """An article as its card in Mamut has it. `pk` is Mamut's internal number, which stays when its `product_no` does
    not.

    A main product names its `properties` (two at most) and in `varies_by` ("price", "stock", "location") what its
    variants do not inherit. `vat_code` is the one for sales. `keeps_stock` is false for services.
    """

    pk: int
    product_no: str
    description: str
    text: str = ""
    unit: str = ""
    weight: Decimal = ZERO
    ean: str = ""
    vat_code: int = 0
    group: int | None = None
    subgroup: int | None = None
    price_out: Decimal = ZERO
    inactive: bool = False
    keeps_stock: bool = True
    web: bool = True
    variant: VariantOf | None = None
    properties: tuple[str, ...] = ()
    varies_by: tuple[str, ...] = ()


class WarehouseLevel(Frozen, frozen=True):
    """One article in one warehouse. `reserved` is ordered and not delivered, `on_purchase` ordered from suppliers."""

    warehouse: int
    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    on_purchase: Decimal = ZERO


class StockCard(Frozen, frozen=True):
    """One article in all warehouses it is linked to."""

    product_no: str
    levels: tuple[WarehouseLevel, ...] = ()


class CategoryPrice(Frozen, frozen=True):
    """A price, or a percentage off the base price, for contacts of one category. Days are both included."""

    category: int
    price: Decimal | None = None
    percent: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PriceCard(Frozen, frozen=True):
    """One article's base price and what departs from it by contact category."""

    product_no: str
    price_out: Decimal
    categories: tuple[CategoryPrice, ...] = ()


class GroupDiscount(Frozen, frozen=True):
    """Percent off for contacts of a category on articles of a product group."""

    category: int
    group: int
    percent: Decimal


class ArticlePage(Frozen, frozen=True):
    """Rows by Mamut's own order, which never changes: new ones come at the end. `total` counts the whole register."""

    rows: tuple[ArticleCard, ...]
    total: int


class StockPage(Frozen, frozen=True):
    """`total` counts the whole register; articles that keep no stock are no rows but take part in the offset."""

    rows: tuple[StockCard, ...]
    total: int


class PricePage(Frozen, frozen=True):
    rows: tuple[PriceCard, ...]
    total: int


# -- Mamut's documents after the transfer -----------------------------------------------------------------------------


class Parcel(Frozen, frozen=True):
    """A parcel on its way to the customer."""

    carrier: str
    number: str
    url: str = ""


class DeliveryLine(Frozen, frozen=True):
    """How far one row of a document has come. `stock_item` rows are goods that are delivered."""

    product_no: str
    ordered: Decimal
    delivered: Decimal
    stock_item: bool


class DocumentState(Frozen, frozen=True):
    """A document as far as an order's status needs it. `status` is Mamut's own word (docs/mamut-api.md, States);
    `children` are the documents split off or made from it: backorders and credit notes. `total` is with VAT."""

    order_no: int
    external_no: str
    kind: str
    status: str
    total: Decimal
    parent: int | None = None
    children: tuple[int, ...] = ()
    invoice_no: int | None = None
    custid: int | None = None
    lines: tuple[DeliveryLine, ...] = ()
    parcels: tuple[Parcel, ...] = ()
    header: Header = Header()


class OpenItem(Frozen, frozen=True):
    """The customer ledger's item of an invoice or credit note. `remaining` 0 means paid, and can come back."""

    invoice_no: int
    amount: Decimal
    remaining: Decimal


# -- a shop's products ------------------------------------------------------------------------------------------------


class ProductKind(StrEnum):
    SIMPLE = "simple"
    VARIABLE = "variable"
    VARIATION = "variation"
    OTHER = "other"
    """Grouped, external, subscriptions, bundles: products of the shop's own that no article stands behind."""


class Choice(Frozen, frozen=True):
    """An attribute: all options on the parent, exactly one on a variation. `attribute_id` is the shop's global
    attribute, 0 for one of the product's own. Variations differ by those that `varies`; the others are the merchant's,
    sent back as they were read, since what a product is written replaces all that it has."""

    name: str
    options: tuple[str, ...]
    attribute_id: int = 0
    varies: bool = True
    visible: bool = True


class ShopPrice(Frozen, frozen=True):
    """Prices as the shop keeps them, with or without VAT. None empties the field. Days are the shop's own, both
    included; None leaves an end open. Where `sale_kept` is true the sale price and its days are left as
    the shop has them. Price lists of customer groups are `ShopProduct.lists`."""

    regular: Decimal | None
    sale: Decimal | None = None
    sale_from: date | None = None
    sale_to: date | None = None
    sale_kept: bool = False


class StockWord(StrEnum):
    IN_STOCK = "instock"
    SOLD_OUT = "outofstock"
    ON_BACKORDER = "onbackorder"


class ShopStock(Frozen, frozen=True):
    """`quantity` is in whole pieces (a shop knows no others). Where `managed` is false the shop counts nothing and
    `word` alone is shown. `backorders` is no, notify or yes. `hidden` takes it out of the shop's catalogue; None leaves
    that as it is."""

    managed: bool
    quantity: int = 0
    word: StockWord = StockWord.IN_STOCK
    backorders: str = "no"
    hidden: bool | None = None


class ShopProduct(Frozen, frozen=True):
    """What is to be written to one product or variation. A field that is None is not written at all; an empty one
    empties the shop's. `status` is publish, draft or private. `categories` are the shop's ids."""

    kind: ProductKind
    sku: str | None = None
    name: str | None = None
    text: str | None = None
    short_text: str | None = None
    weight: Decimal | None = None
    gtin: str | None = None
    tax_class: str | None = None
    status: str | None = None
    categories: tuple[int, ...] | None = None
    choices: tuple[Choice, ...] | None = None
    unit: str | None = None
    price: ShopPrice | None = None
    stock: ShopStock | None = None
    lists: tuple[tuple[str, str], ...] | None = None
    """Meta fields of plugins for customer groups, by key; an empty value takes the field away."""
    meta: dict[str, str] | None = None
    """Other meta fields, by key: what rules, mappings and plugins have set."""


class ProductWrite(Frozen, frozen=True):
    """One row of a batch: make the product (`product_id` 0), or change the one with that id."""

    pk: int
    product_id: int
    product: ShopProduct


class SeenProduct(Frozen, frozen=True):
    """A product or variation as the shop shows it. `parent_id` is 0 but for variations. `stock_quantity` is None where
    the shop does not count it. Prices are as the shop keeps them."""

    product_id: int
    parent_id: int
    kind: ProductKind
    sku: str
    name: str
    status: str
    managed: bool
    stock_quantity: int | None
    word: str
    regular: Decimal | None
    sale: Decimal | None
    modified_at: datetime | None = None
    choices: tuple[Choice, ...] = ()
    """All attributes of a variable product, the merchant's own too; nothing for other kinds."""


class RowProblem(StrEnum):
    """What a shop may refuse a row for that something can be done about. Any other problem is in the shop's own
    words."""

    GONE = "product_invalid_id"
    """The product or variation that was to be changed is not there any more."""
    PARENT_GONE = "parent_invalid_id"
    """The product whose variations these are is not there any more."""
    SKU_TAKEN = "product_invalid_sku"
    """Another product, or variation, has the article number: `holder_id`, 0 when it could not be found."""
    SKU_IN_TRASH = "sku_in_trash"
    """The same, but the holder lies in the shop's trash: it shows in no list and yet blocks the number."""


class ProductResult(Frozen, frozen=True):
    """What came of one row: the product as it stands now, or what was wrong: one of RowProblem, or the shop's own
    error code. `holder_id` is the product that has the article number already, where that was the error."""

    pk: int
    seen: SeenProduct | None = None
    problem: str = ""
    holder_id: int = 0


class Written(Frozen, frozen=True):
    """What came of a batch, in the order of its rows. Both times are the shop's clock, to the second: the rows were
    written after the one and before the other. `took_s` is how long the answer took, by our clock."""

    results: tuple[ProductResult, ...]
    asked_at: datetime
    answered_at: datetime
    took_s: float = 0.0


class ShopCategory(Frozen, frozen=True):
    category_id: int
    name: str
    parent_id: int = 0


class ShopAttribute(Frozen, frozen=True):
    attribute_id: int
    name: str


class ShopTerms(Frozen, frozen=True):
    """How the shop keeps things. `weight_unit` is kg, g, lbs or oz; `time_zone` an IANA name or an offset such as
    "+02:00"; `tax_rates` are percentages for the shop's own country by tax class ("" is the standard one)."""

    currency: str
    prices_with_vat: bool
    price_decimals: int
    weight_unit: str
    time_zone: str
    country: str
    counts_stock: bool
    tax_rates: tuple[tuple[str, Decimal], ...] = ()
    plugins: tuple[str, ...] = ()
    """REST namespaces of the site, by which plugins are known ("wc-shipment-tracking/v3")."""
    counts_tax: bool = True
    """Whether the shop works out taxes at all. Where it does not, its prices are what customers pay."""
    unread: tuple[str, ...] = ()
    """Names of the fields above that the key may not read, so that what stands in them was inferred or is usual."""


class SaleLine(Frozen, frozen=True):
    """`variation_id` is 0 for a simple product. `sku` is the product's present one, empty for one that is gone.
    `taken` is how many pieces the shop itself has taken from the product's stock for this row, and not given back;
    None where the shop does not tell."""

    product_id: int
    variation_id: int
    sku: str
    qty: Decimal
    taken: Decimal | None = None


class Sale(Frozen, frozen=True):
    """What one order of the shop has sold. Times are UTC."""

    order_id: int
    status: str
    created_at: datetime
    modified_at: datetime
    lines: tuple[SaleLine, ...]


class SalesPage(Frozen, frozen=True):
    """`asked_at` is the shop's clock when the question left. `unreadable` says of rows that broke the contract what was
    wrong, as "id: problem"; they count in `rows`."""

    sales: tuple[Sale, ...]
    asked_at: datetime
    rows: int
    unreadable: tuple[str, ...] = ()


# -- a shop's orders after the transfer -------------------------------------------------------------------------------


class ShownOrder(Frozen, frozen=True):
    """An order of the shop as far as its status and its payment matter. `meta` holds only the keys asked for; times are
    UTC. `refunded` is what has been paid back, positive."""

    order_id: int
    status: str
    total: Decimal
    refunded: Decimal
    currency: str
    payment_method: str
    transaction_id: str
    created_at: datetime
    paid_at: datetime | None
    modified_at: datetime
    meta: dict[str, str] = {}


class NoteSeen(Frozen, frozen=True):
    """A note on an order. `to_customer` ones were mailed. `at` is UTC."""

    note_id: int
    text: str
    to_customer: bool
    at: datetime | None = None
