"""The tables of `brygga.toml` about what Mamut governs: products, prices, stock, order status."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from agent.model.node import Node


class Keep(StrEnum):
    """Who owns a field of the shop's product: written whenever Mamut's changes, once when the product is made, or
    never."""

    ALWAYS = "always"
    ONCE = "once"
    NEVER = "never"


class MissingCategory(StrEnum):
    CREATE = "create"
    LEAVE = "leave"


class ProductSettings(Node, frozen=True):
    """Articles from Mamut as products of the shop.

    `publish` is the shop's status of an article that is marked for the web ("publish" or "draft"); `unpublish` the one
    of an article that is no longer, or is inactive ("draft", "private" or "leave"). An article never marked for the web
    is not made. `create` false links and updates only. `categories_of` maps Mamut's product group, or "group/subgroup",
    to a category of the shop by name or "parent > child"; a group that is not in it becomes a category of its own name
    where `missing_category` says so. `tax_classes` maps Mamut's VAT code, as text, to the shop's tax class ("" is the
    standard one); a code that is not in it is mapped by its percentage. `gtin_field`, `unit_meta` name where the shop
    keeps these; an empty one is not written. `groups` limits the direction to these product groups.
    """

    enabled: bool = True
    create: bool = True
    publish: str = "publish"
    unpublish: str = "draft"
    name: Keep = Keep.ALWAYS
    text: Keep = Keep.ONCE
    short_text: Keep = Keep.NEVER
    categories: Keep = Keep.ONCE
    weight: Keep = Keep.ALWAYS
    gtin: Keep = Keep.ALWAYS
    unit: Keep = Keep.ALWAYS
    tax_class: Keep = Keep.ALWAYS
    status: Keep = Keep.ALWAYS
    groups: tuple[int, ...] = ()
    categories_of: dict[str, str] = {}
    missing_category: MissingCategory = MissingCategory.CREATE
    tax_classes: dict[str, str] = {}
    unit_meta: str = "_unit"


class PriceRounding(StrEnum):
    """`none` keeps the shop's decimals; the others round the price with VAT, as customers see it."""

    NONE = "none"
    ORE_10 = "0.10"
    ORE_50 = "0.50"
    KRONA = "1"
    FIVE = "5"
    TEN = "10"
    END_90 = "x.90"
    END_95 = "x.95"
    END_99 = "x.99"
    END_9 = "9"


class PriceSource(Node, frozen=True):
    """Where a price of the shop comes from: the base price (all empty), a contact category's price (what Mamut has for
    price lists), or a factor on either."""

    category: int | None = None
    factor: Decimal = Decimal(1)


class PriceList(Node, frozen=True):
    """A customer group's prices, left in a meta field for the plugin that reads it. `with_vat` as that plugin wants."""

    category: int
    meta: str
    with_vat: bool = False


class PriceGuards(Node, frozen=True):
    """What is stopped before it is written until a person releases it: a price of zero, a change of more than
    `percent` of what the shop has, more than `articles` changed prices in one run. 0 switches a guard off."""

    zero: bool = True
    percent: Decimal = Decimal(50)
    articles: int = 500


class PriceSettings(Node, frozen=True):
    """Prices from Mamut. `regular` and `sale` say which; without `sale` the shop's sale price is left alone, and a
    campaign in `sale`'s category brings its days along. `exchange` is how many of the shop's currency one of Mamut's
    is, needed where they differ. `lists` are price lists of customer groups, none by default."""

    enabled: bool = True
    regular: PriceSource = PriceSource()
    sale: PriceSource | None = None
    rounding: PriceRounding = PriceRounding.NONE
    exchange: Decimal | None = None
    guards: PriceGuards = PriceGuards()
    lists: tuple[PriceList, ...] = ()


class StockBasis(StrEnum):
    AVAILABLE = "available"
    ON_HAND = "on_hand"


class AtZero(StrEnum):
    SOLD_OUT = "sold_out"
    BACKORDER = "backorder"
    NOTIFY = "notify"
    HIDE = "hide"


class StockSettings(Node, frozen=True):
    """The stock profile. Without the feature stock profiles only the defaults and `warehouses` of one are allowed.

    `warehouses` empty counts all. The buffer is taken off what may be sold: `buffer` pieces or `buffer_percent` of it,
    the larger. `share_percent` is this shop's part of what is left; `cap` the most that is shown, 0 for no cap.
    `when_not_kept` is what the shop shows of an article that keeps no stock: "in_stock" or "leave".
    `at_zero_groups` says otherwise for product groups, by their number as text.
    """

    enabled: bool = True
    warehouses: tuple[int, ...] = ()
    basis: StockBasis = StockBasis.AVAILABLE
    buffer: int = 0
    buffer_percent: Decimal = Decimal(0)
    share_percent: Decimal = Decimal(100)
    cap: int = 0
    at_zero: AtZero = AtZero.SOLD_OUT
    at_zero_groups: dict[str, AtZero] = {}
    when_not_kept: str = "in_stock"


class MailChoice(StrEnum):
    """`shop`: the shop's own mail of that status, if it has one. `note`: a note to the customer, which is mailed, with
    `text`. `none`: nothing of ours; the shop's own mail goes or not as it is set there."""

    SHOP = "shop"
    NOTE = "note"
    NONE = "none"


class EventChoice(Node, frozen=True):
    """What one event in Mamut does to the shop's order. `status` is a status of the shop; empty leaves it. `text` may
    name {number}, {carrier}, {tracking}, {url}, {invoice}. `parcel` writes tracking first. `capture` says that this
    status makes the payment provider take the money, so that it is proved afterwards."""

    status: str = ""
    mail: MailChoice = MailChoice.SHOP
    text: str = ""
    parcel: bool = True
    capture: bool = False


class StatusSettings(Node, frozen=True):
    """Order status from Mamut, off unless `enabled`. `partly_delivered` is a delivery with a backorder left;
    `transferred` an order whose document stands, for which a rule may choose another status (`shop_status`).

    `order` is the rank of the shop's statuses, lowest first: none is set that stands before the one the order has,
    unless `backwards`. Terminal ones (cancelled, refunded, failed, trash) are never left unless `backwards`.
    `reauthorise_days` is, by payment method, after how many days a reserved amount can no longer be captured;
    `warn_days` how many days before that a person is told.
    """

    enabled: bool = False
    delivered: EventChoice = EventChoice(status="completed", capture=True)
    partly_delivered: EventChoice = EventChoice(mail=MailChoice.NONE)
    invoiced: EventChoice = EventChoice(mail=MailChoice.NONE, parcel=False)
    paid: EventChoice = EventChoice(mail=MailChoice.NONE, parcel=False)
    cancelled: EventChoice = EventChoice(status="cancelled", parcel=False)
    transferred: EventChoice = EventChoice(mail=MailChoice.NONE, parcel=False)
    order: tuple[str, ...] = ("pending", "on-hold", "processing", "completed")
    backwards: bool = False
    follow_days: int = 120
    expiry_days: dict[str, int] = {}
    warn_days: int = 3


class RegisterSettings(Node, frozen=True):
    """How Mamut's register is read, once for all shops. Times in seconds; without scheduling they are fixed at these.

    `page_size` is how many articles are asked for at once; Mamut gives 500 at most and works on nothing else meanwhile.
    """

    articles_every_s: float = 900.0
    prices_every_s: float = 900.0
    stock_every_s: float = 300.0
    statuses_every_s: float = 300.0
    page_size: int = 250
