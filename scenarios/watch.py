"""Stands beside a shop and notes what the agent writes to it, with what was true when the request came.

Afterwards nobody could tell any more: whether the stock that was shown could be sold then, which price was changed by
how much, from which status an order was taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import msgspec

from scenarios import goods_truth
from scenarios.play import Play, ShopSide
from simulators.http import Request, Response
from simulators.woocommerce.products_model import Product

WINDOW_S = 120.0
"""How old what the agent knows may be when its write arrives: a reading, a patient connection, and the next one. Where
Mamut has let nobody in since, its figure may be as old as the last reading of it."""

STOCK_READ = "keep_stock_page"
"""The step by which the agent knows Mamut's figures."""

_PRODUCTS = re.compile(r"/wp-json/wc/v3/products(?:/(\d+)/variations)?/batch$")
_ORDER = re.compile(r"/wp-json/wc/v3/orders/(\d+)$")


class StockShown(msgspec.Struct, frozen=True):
    """`asked` pieces were to be shown of an article, of which `most` could be sold at some time in the window."""

    at_s: float
    sku: str
    asked: int
    most: int


class StockUncounted(msgspec.Struct, frozen=True):
    """The shop was told not to count an article that Mamut counts."""

    at_s: float
    sku: str


class PriceShown(msgspec.Struct, frozen=True):
    """`before` is None for a product that had no price."""

    at_s: float
    product_id: int
    sku: str
    before: Decimal | None
    asked: Decimal


class TypeAsked(msgspec.Struct, frozen=True):
    product_id: int
    before: str
    asked: str


class StatusAsked(msgspec.Struct, frozen=True):
    at_s: float
    order_id: int
    before: str
    asked: str


class FieldsSent(msgspec.Struct, frozen=True):
    """The fields of one row; `product_id` is 0 for one that is to be made."""

    product_id: int
    fields: frozenset[str]


class Watch:
    """What the agent asked of one shop's goods and orders."""

    def __init__(self, play: Play, side: ShopSide, left_out: Callable[[], frozenset[tuple[str, int]]]) -> None:
        self._play = play
        self._side = side
        self._left_out = left_out
        self._was: list[tuple[float, dict[int, int]]] = []
        self._numbers: dict[str, int] = {}
        self.stock: list[StockShown] = []
        self.uncounted: list[StockUncounted] = []
        self.prices: list[PriceShown] = []
        self.types: list[TypeAsked] = []
        self.statuses: list[StatusAsked] = []
        self.fields: list[FieldsSent] = []
        self.made: set[int] = set()

    def changing(self) -> None:
        """Something is about to happen to stock: what may be sold now was true until this moment."""
        self._was.append((self._play.trace.now_s(), self._may_be_sold()))

    def before(self, request: Request) -> None:
        """A request of the agent is about to be worked on."""
        if request.method not in ("POST", "PUT"):
            return
        order = _ORDER.search(request.path)
        if order is not None:
            self._order(int(order[1]), msgspec.json.decode(request.body or b"{}"))
        goods = _PRODUCTS.search(request.path)
        if goods is not None:
            self._batch(msgspec.json.decode(request.body or b"{}"))

    def after(self, request: Request, response: Response) -> None:
        """It has been worked on: the answer tells which products were made."""
        if response.status < 300 and _PRODUCTS.search(request.path):
            rows = msgspec.json.decode(response.body).get("create", [])
            self.made.update(int(row["id"]) for row in rows if "error" not in row)

    def _order(self, order_id: int, body: Mapping[str, Any]) -> None:
        order = self._side.shop.orders.all.get(order_id)
        if order is not None and "status" in body:
            self.statuses.append(StatusAsked(self._play.trace.now_s(), order_id, order.status, str(body["status"])))

    def _batch(self, body: Mapping[str, Any]) -> None:
        shelf = self._side.shop.products.shelf
        for row in body.get("create", ()):
            self.fields.append(FieldsSent(0, frozenset(row)))
            self._row(None, str(row.get("sku", "")), row)
        for row in body.get("update", ()):
            one = shelf.get(int(row["id"]))
            self.fields.append(FieldsSent(int(row["id"]), frozenset(row)))
            if one is not None:
                self._row(one, self._side.shop.products.sku_of(one), row)

    def _row(self, one: Product | None, sku: str, row: Mapping[str, Any]) -> None:
        now_s = self._play.trace.now_s()
        if row.get("manage_stock") is False and self._is_counted(sku):
            self.uncounted.append(StockUncounted(now_s, sku))
        most = self._most(sku)
        if row.get("stock_quantity") is not None and most is not None:
            self.stock.append(StockShown(now_s, sku, int(row["stock_quantity"]), most))
        if row.get("regular_price"):
            before = Decimal(one.regular_price) if one is not None and one.regular_price else None
            asked = Decimal(str(row["regular_price"]))
            self.prices.append(PriceShown(now_s, one.id if one is not None else 0, sku, before, asked))
        if one is not None and row.get("type") not in (None, one.type):
            self.types.append(TypeAsked(one.id, one.type, str(row["type"])))

    def _is_counted(self, sku: str) -> bool:
        """Variants that share their main product's stock are not counted by themselves, nor is a main product whose
        variants have their own."""
        mamut = self._play.mamut
        found = mamut.books.products_by_no(sku)
        if not found or not found[0].use_store or (found[0].properties and "stock" in found[0].varies_by):
            return False
        return goods_truth.stock_article(mamut, found[0]) is found[0]

    def _most(self, sku: str) -> int | None:
        """The most that may have been true of it when the agent last could look; None for what Mamut has not. A product
        may still bear the number that its article had before."""
        since_s = min(self._play.trace.now_s(), self._read_s()) - WINDOW_S
        known = [self._may_be_sold(), *(was for at_s, was in self._was if at_s >= since_s)]
        pk = self._numbers.get(sku, 0)
        return max((was[pk] for was in known if pk in was), default=None)

    def _read_s(self) -> float:
        """When the agent last learnt what Mamut's warehouses hold."""
        entries = reversed(self._play.trace.entries)
        return next((each.at_s for each in entries if each.kind == "step" and each.data["step"] == STOCK_READ), 0.0)

    def _may_be_sold(self) -> dict[int, int]:
        """By article, for what is counted."""
        play, key = self._play, self._side.key
        profile = next(shop for shop in play.settings.shop if shop.key == key).stock
        sold = goods_truth.unbooked(play.mamut, play.shops, play.settings, self._left_out())
        counted = [article for article in play.mamut.products() if article.use_store]
        self._numbers.update((article.product_no, article.pk) for article in counted)
        return {article.pk: goods_truth.may_be_sold(play.mamut, article, profile, sold) for article in counted}
