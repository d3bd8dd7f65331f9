"""What happens to goods in a story: at Mamut's desk, in its warehouse and till, and among the shop's products."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import msgspec

from agent.model.owners import System
from scenarios.act import Act, Which
from simulators.mamut.records import CategoryPrice, GroupDiscount


class MamutVariants(Act, frozen=True, tag="mamut_variants"):
    """Mamut gets a main product with these properties, or the one with this number gets more variants. A variant is
    its number and its value of each property; `body` is for the main product, `each` for the variants."""

    number: str
    properties: tuple[str, ...] = ("Storlek",)
    variants: list[list[str]] = []
    varies_by: tuple[Literal["price", "stock", "location"], ...] = ("stock",)
    on_hand: Decimal | None = None
    body: dict[str, Any] = {}
    each: dict[str, Any] = {}


class MamutFill(Act, frozen=True, tag="mamut_fill"):
    """So many more articles, numbered on from `start`, with stock and prices from the seed."""

    count: int
    start: int


class MamutDuplicate(Act, frozen=True, tag="mamut_duplicate"):
    """A second article with the same number, as imports have left them."""

    number: str


class Count(Act, frozen=True, tag="count"):
    """Somebody counts a shelf. Without `numbers` all articles are counted at `on_hand`, or moved by `step`."""

    numbers: list[str] = []
    on_hand: Decimal | None = None
    step: Decimal = Decimal(0)
    warehouse: int = 1


class Till(Act, frozen=True, tag="till"):
    """Sales in the till, as its end of day books them. Without a number the seed chooses among what is there."""

    number: str = ""
    qty: Decimal = Decimal(1)
    times: int = 1
    apart_s: float = 0.0
    warehouse: int = 1


class Price(Act, frozen=True, tag="price"):
    """Somebody sets prices. Without `numbers` all articles get it; `factor` is on the price they have."""

    numbers: list[str] = []
    price_out: Decimal | None = None
    factor: Decimal | None = None
    categories: list[CategoryPrice] | None = None


class Discounts(Act, frozen=True, tag="discounts"):
    """The percentages by contact category and product group are these from now on."""

    discounts: list[GroupDiscount]


class Parcel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A parcel of a delivery."""

    number: str
    carrier: str = "PostNord"
    url: str = ""


class Staff(Act, frozen=True, tag="staff"):
    """The company's people work on orders' documents; on one that is not there yet they work when it has come.

    `lines` delivers or credits so much of these articles, else all; `rest` means the backorders. `workday` is a bit of
    everything, as the seed has it.
    """

    orders: Which
    act: Literal["deliver", "invoice", "pay", "reopen", "credit", "cancel", "workday"]
    lines: dict[str, Decimal] = {}
    parcels: list[Parcel] = []
    amount: Decimal | None = None
    rest: bool = False


class ShopVariation(Act, frozen=True, tag="shop_variation"):
    """A product of the shop gets a variation, or the one with this SKU is changed."""

    parent: str
    sku: str
    body: dict[str, Any] = {}


class ArticleWish(Act, frozen=True, tag="article_wish"):
    """A person says what becomes of the article of a product that has left the shop."""

    act: Literal["inactivate", "keep"]
    sku: str


class RemoveProduct(Act, frozen=True, tag="remove_product"):
    """Into the shop's trash, or with `for_good` deleted, or with `restore` out of the trash again."""

    sku: str
    for_good: bool = False
    restore: bool = False


class RenameProduct(Act, frozen=True, tag="rename_product"):
    """The merchant gives a product of the shop another article number."""

    sku: str
    to: str


class Payment(Act, frozen=True, tag="payment"):
    """The payment company will not capture this order from now on, for this reason; "" makes it willing again."""

    order: int
    trouble: Literal["", "pending", "declined", "expired", "unreachable"] = ""


class DirectionAct(Act, frozen=True, tag="direction"):
    """A person stops a direction, or lets it go on."""

    act: Literal["pause", "resume"]
    name: str


class Release(Act, frozen=True, tag="release"):
    """A person lets through the prices that a guard has stopped; of all articles where no number is given."""

    number: str = ""


class Sync(Act, frozen=True, tag="sync"):
    """A step of a first synchronisation: somebody makes a plan by which `source`'s articles go over, applies or takes
    back the one that was made last, or counts. What was begun before is done first, and no agent lives meanwhile; one
    that was there is not started again. Who was killed, or not served for long, begins again until it is done."""

    act: Literal["plan", "apply", "undo", "census"]
    source: System = System.MAMUT


class CrowdOfShoppers(Act, frozen=True, tag="shoppers"):
    """Shoppers buy one article each through the shop window until it is sold out there, or `count` have bought."""

    sku: str
    count: int
    apart_s: float = 1.0


GoodsHappening = (
    MamutVariants
    | MamutFill
    | MamutDuplicate
    | Count
    | Till
    | Price
    | Discounts
    | Staff
    | ShopVariation
    | ArticleWish
    | RemoveProduct
    | RenameProduct
    | Payment
    | DirectionAct
    | Release
    | Sync
    | CrowdOfShoppers
)
