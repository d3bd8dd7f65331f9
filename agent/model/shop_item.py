"""A shop's products as they are read whole, and what becomes of them in Mamut.

Prices, weights and tax classes are as the shop keeps them; `agent/decide/articles.py` makes Mamut's of them.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from agent.model.goods import Choice, ProductKind, VariantOf
from agent.model.order import Frozen


class ItemCategory(Frozen, frozen=True):
    category_id: int
    name: str


class ShopItem(Frozen, frozen=True):
    """A product or variation, whole. `kind_word` is the shop's own word of its type ("grouped"). `sku` is as shown:
    a variation without a number of its own shows its product's. `regular` is None where it has no price. `tax_class` is
    "" for the standard one and "parent" where a variation follows its product; `taxed` is false for what bears no VAT.
    `goods` is false for what is not sent (virtual). `choices` of a variation have one option each, none where it stands
    for any value."""

    product_id: int
    kind: ProductKind
    kind_word: str
    status: str
    sku: str
    name: str
    parent_id: int = 0
    text: str = ""
    short_text: str = ""
    regular: Decimal | None = None
    tax_class: str = ""
    taxed: bool = True
    weight: Decimal | None = None
    gtin: str = ""
    unit: str = ""
    goods: bool = True
    categories: tuple[ItemCategory, ...] = ()
    choices: tuple[Choice, ...] = ()


class ItemSeen(Frozen, frozen=True):
    """An item with the shop's date of its last change, which is no part of what it is. `has_variations` tells that the
    shop names some."""

    item: ShopItem
    modified_at: datetime | None = None
    variations: tuple[int, ...] = ()


class ArticleFields(Frozen, frozen=True):
    """What is to be written of an article in Mamut. A field that is None is not sent and stays; texts are as Mamut can
    keep them. `price_out` is without VAT, with four decimals; `weight` is in kilograms with three. `keeps_stock`,
    `properties`, `variant` and `varies_by` are given when an article is made."""

    product_no: str | None = None
    description: str | None = None
    text: str | None = None
    unit: str | None = None
    weight: Decimal | None = None
    ean: str | None = None
    vat_code: int | None = None
    group: int | None = None
    price_out: Decimal | None = None
    web: bool | None = None
    inactive: bool | None = None
    keeps_stock: bool | None = None
    variant: VariantOf | None = None
    properties: tuple[str, ...] | None = None
    varies_by: tuple[str, ...] | None = None


class ArticleLink(Frozen, frozen=True):
    """Which article of Mamut a product of the shop is. `product_no` is the number it has there, `pk` Mamut's internal
    one; `properties` a main product's, in Mamut's order. `marks` are digests of what was last written of each field.
    `made` is true where we made the article. `retire` is set by a person who has agreed that the article of a removed
    product becomes inactive, `retired` once that has been done."""

    product_id: int
    pk: int
    product_no: str
    made: bool = False
    properties: tuple[str, ...] = ()
    marks: dict[str, bytes] = {}
    retire: bool = False
    retired: bool = False
