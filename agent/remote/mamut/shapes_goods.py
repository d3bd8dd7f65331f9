"""Mamut's wire shapes of articles, stock, prices and the ledger, as docs/mamut-api.md has them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from agent.remote.mamut.shapes import HeaderShape


class PageShape(msgspec.Struct):
    """What every page tells of itself: which part of how many rows it is."""

    total: int
    offset: int
    limit: int


class VariantShape(msgspec.Struct):
    main: str
    property1: str = ""
    property2: str | None = None


class ArticleShape(msgspec.Struct):
    pk: int
    product_no: str
    description: str = ""
    text: str = ""
    unit: str = ""
    weight: Decimal = Decimal(0)
    ean: str = ""
    vat_out: int | None = 0
    group: int | None = None
    subgroup: int | None = None
    price_out: Decimal = Decimal(0)
    inactive: bool = False
    use_store: bool = True
    web: bool = True
    variant: VariantShape | None = None
    properties: tuple[str, ...] = ()
    varies_by: tuple[str, ...] = ()


class ArticlesShape(msgspec.Struct):
    products: list[ArticleShape]


class ArticlesPage(PageShape):
    products: list[ArticleShape]


class LevelShape(msgspec.Struct):
    warehouse: int
    on_hand: Decimal
    reserved: Decimal
    on_purchase: Decimal = Decimal(0)


class StockShape(msgspec.Struct):
    product_no: str
    warehouses: list[LevelShape]


class StocksShape(msgspec.Struct):
    stock: list[StockShape]


class StocksPage(PageShape):
    stock: list[StockShape]


class CategoryPriceShape(msgspec.Struct):
    category: int
    price: Decimal | None = None
    percent: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None


class PriceShape(msgspec.Struct):
    product_no: str
    price_out: Decimal
    categories: list[CategoryPriceShape] = []


class PricesShape(msgspec.Struct):
    prices: list[PriceShape]


class PricesPage(PageShape):
    prices: list[PriceShape]


class DiscountShape(msgspec.Struct):
    category: int
    group: int
    percent: Decimal


class DiscountsShape(msgspec.Struct):
    discounts: list[DiscountShape]


class ParcelShape(msgspec.Struct):
    carrier: str = ""
    number: str = ""
    url: str = ""


class DeliveryShape(msgspec.Struct):
    """`qty` is what the row is about: of an order's row what is left on it after a backorder has been split off."""

    product_no: str
    qty: Decimal
    delivered: Decimal = Decimal(0)
    stock_item: bool = False


class StateShape(HeaderShape, kw_only=True):
    order_no: int
    kind: str
    status: str
    total: Decimal
    external_no: str | None = ""
    parent: int | None = None
    children: tuple[int, ...] = ()
    invoice_no: int | None = None
    custid: int | None = None
    lines: list[DeliveryShape] = []
    tracking: list[ParcelShape] = []


class StatesShape(msgspec.Struct):
    orders: list[StateShape]


class ItemShape(msgspec.Struct):
    invoice_no: int
    amount: Decimal
    remaining: Decimal


class ItemsShape(msgspec.Struct):
    items: list[ItemShape]
