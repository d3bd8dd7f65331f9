"""What goods and order statuses are like when a play is over: the systems themselves, and what the journal says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import apsw
import msgspec

from agent.actors.times import to_ms
from agent.flows import DirectionName, flow
from agent.settings.tree import Settings, ShopSettings
from scenarios import goods_truth
from scenarios.play import ShopSide
from scenarios.watch import Watch
from simulators.mamut.records import Product
from simulators.mamut.system import Mamut
from simulators.woocommerce.products_model import Product as ShopThing

TABLES = ("links", "tasks", "said", "documents", "mailed", "directions", "guards", "shop_items", "article_links")

Row = dict[str, Any]


class GoodsEnd(msgspec.Struct, frozen=True, kw_only=True):
    """All there is to judge of what Mamut governs. `tables` are those of the journal, by name.

    `removed` are articles whose product the merchant took away, `by_merchant` those whose own fields were edited in the
    shop; `left_out` are orders that a person looks after, `released` the prices that one has let through, by article.
    """

    settings: Settings
    now: datetime
    mamut: Mamut
    sides: dict[str, ShopSide]
    watches: dict[str, Watch]
    tables: dict[str, tuple[Row, ...]]
    removed: frozenset[str]
    by_merchant: frozenset[str]
    left_out: frozenset[tuple[str, int]]
    released: dict[str, set[Decimal]]

    def shops(self, direction: DirectionName) -> Iterator[tuple[ShopSettings, ShopSide]]:
        """Those in which this direction is at work: the flow has it, it is switched on and nobody has paused it."""
        for shop in self.settings.shop:
            if is_on(shop, direction) and not self.is_paused(shop.key, direction):
                yield shop, self.sides[shop.key]

    def is_paused(self, shop: str, direction: DirectionName) -> bool:
        rows = self.tables["directions"]
        return any(row["shop"] == shop and row["direction"] == direction and row["paused"] for row in rows)

    def waits(self, shop: str, direction: DirectionName, pk: int) -> str:
        """Why this article is not done in this direction: the code of its task, "due" for one without; "" for none, and
        for one that is only to be looked at again another day."""
        for row in self.tables["tasks"]:
            if (row["shop"], row["direction"], row["pk"]) == (shop, direction, pk):
                is_later = row["due_ms"] is not None and row["due_ms"] > to_ms(self.now)
                return row["code"] or ("" if is_later else "due")
        return ""

    def goods(self) -> list[Product]:
        """The articles that shops are to show."""
        return [article for article in self.mamut.products() if article.web and not article.inactive]

    def things(self, side: ShopSide, sku: str) -> list[ShopThing]:
        """The products and variations of a shop with this article number, the trash left out."""
        shelf = side.shop.products.shelf
        return [one for one in shelf.things.values() if one.sku == sku and one.status != "trash"]

    def sold(self) -> dict[str, Decimal]:
        return goods_truth.unbooked(self.mamut, self.sides, self.settings, self.left_out)


def is_on(shop: ShopSettings, direction: DirectionName) -> bool:
    """By the flow and the settings; that the package has it is the agent's to know."""
    if direction not in {each.name for each in flow(shop.flow).directions}:
        return False
    switches = {
        DirectionName.PRODUCTS_TO_MAMUT: shop.to_mamut.enabled,
        DirectionName.PRODUCTS_TO_SHOP: shop.products.enabled,
        DirectionName.PRICES_TO_SHOP: shop.prices.enabled,
        DirectionName.STOCK_TO_SHOP: shop.stock.enabled,
        DirectionName.STATUSES_TO_SHOP: shop.statuses.enabled,
    }
    return switches.get(direction, True)


def read_tables(tx: apsw.Connection) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for table in TABLES:
        names = [row[1] for row in tx.execute(f"PRAGMA table_info({table})")]
        rows = tx.execute(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608 - names of ours
        found[table] = tuple(dict(zip(names, row, strict=True)) for row in rows)
    return found
