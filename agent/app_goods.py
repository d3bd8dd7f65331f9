"""Builds what Mamut governs in one shop: its directions, the reader of its sales, and how they call each other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from random import Random

import apsw

from agent.actors.article_direction import ArticleDirection
from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.linker import Linker
from agent.actors.price_direction import PriceDirection
from agent.actors.price_list_direction import PriceListDirection
from agent.actors.pricing import Pricing
from agent.actors.product_direction import ProductDirection
from agent.actors.product_reader import ProductReader
from agent.actors.rule_releases import RuleReleases
from agent.actors.sales_reader import SalesReader
from agent.actors.set_up_check import SetUpCheck
from agent.actors.shelf import Shelf
from agent.actors.status_direction import StatusDirection
from agent.actors.stock_direction import StockDirection
from agent.actors.times import to_ms
from agent.actors.turns import Turns
from agent.app_unit import OF_GOODS, Company, Unit, part
from agent.decide.goods_rules import GoodsRules, goods_rules, stocked
from agent.flows import DirectionName
from agent.journal import directions, sales, stock_facts, tasks
from agent.journal.journal import Journal
from agent.journal.passes import Part
from agent.model.clock import Clock
from agent.model.goods import ArticleCard, ShopPrice, ShopStock
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.plugins.hooks import Hooks
from agent.remote.woocommerce.client import WooCommerce
from agent.settings.tree import ShopSettings

ARTICLES = DirectionName.PRODUCTS_TO_MAMUT
PRODUCTS = DirectionName.PRODUCTS_TO_SHOP
PRICES = DirectionName.PRICES_TO_SHOP
PRICE_LISTS = DirectionName.PRICE_LISTS_TO_SHOP
STOCK = DirectionName.STOCK_TO_SHOP
STATUSES = DirectionName.STATUSES_TO_SHOP

Run = Callable[[], Awaitable[None]]


class Around(Frozen, frozen=True):
    """What stands around every shop: the way to Mamut, the journal, clock and chance, and who is told of progress."""

    desk: Desk
    journal: Journal
    clock: Clock
    chance: Callable[[str], Random]
    progress: Callable[[], None]
    statuses_every_s: float


class ShopGoods:
    """One shop's directions of goods and statuses, as its flow, its package and its settings give them.

    `sold` is called when the shop has sold something that other shops show; `statuses` gives the shop's order statuses.
    """

    def __init__(
        self,
        settings: ShopSettings,
        company: Company,
        port: WooCommerce,
        around: Around,
        *,
        is_known: Callable[[], bool],
        sold: Callable[[], None],
        statuses: Callable[[], tuple[str, ...]],
        hooks: Hooks | None = None,
        linker: Callable[..., Linker] = Linker,
    ) -> None:
        self.key = ShopKey(settings.key)
        self._port = port
        self._is_known = is_known
        self._sold = sold
        self._shop_statuses = statuses
        self._statuses_written = 0
        self._turns: Turns | None = None
        self._hooks = hooks
        self._make_linker = linker
        self._shelf = Shelf(port, around.clock)
        self.releases = RuleReleases(settings, around.journal)
        self.names: tuple[DirectionName, ...] = ()
        self._rules: dict[DirectionName, GoodsRules] = {}
        self._sales: SalesReader | None = None
        self._articles: ArticleDirection | None = None
        self._items: ProductReader | None = None
        self._prices: PriceDirection | None = None
        self._lists: PriceListDirection | None = None
        self._products: ProductDirection | None = None
        self._stock: StockDirection | None = None
        self._statuses: StatusDirection | None = None
        self._set_up: SetUpCheck
        self._linker: Linker
        self.build(settings, company, around, frozenset(Unit))

    def build(self, settings: ShopSettings, company: Company, around: Around, units: frozenset[Unit]) -> None:
        """Makes these units by these settings, or does away with them; none of them is at work. All others stay as they
        are, and each finds the others as they are then."""
        self.releases.change(settings)
        names = company.directions[settings.key]
        if names != self.names:
            followers = tuple(name for name in OF_GOODS[1:] if name in names)
            self._linker = self._make_linker(self._port, followers, makes=PRODUCTS in names)
        self.names, self._settings, self._company, self._around = names, settings, company, around
        if Unit.SET_UP in units:
            self._set_up = self._set_up_check()
        if Unit.SALES in units:
            self._sales = self._sales_reader() if self.key in company.selling else None
        if Unit.ARTICLES in units:
            self._articles = self._article_direction() if self._has(ARTICLES) else None
            self._items = self._product_reader(self._articles) if self._articles else None
        if Unit.PRICES in units:
            self._prices = PriceDirection(self._pricing(PRICES)) if self._has(PRICES) else None
        if Unit.PRICE_LISTS in units:
            self._lists = PriceListDirection(self._pricing(PRICE_LISTS)) if self._has(PRICE_LISTS) else None
        if Unit.PRODUCTS in units:
            self._products = self._product_direction() if self._has(PRODUCTS) else None
        if Unit.STOCK in units:
            self._stock = self._stock_direction(self._sales) if self._has(STOCK) and self._sales else None
        if Unit.STATUSES in units:
            self._statuses = self._status_direction() if self._has(STATUSES) else None

    def take_turns(self, turns: Turns) -> None:
        """From now on each direction works when its schedule lets it."""
        self._turns = turns
        loops = {PRODUCTS: self._products, PRICES: self._prices, PRICE_LISTS: self._lists, STOCK: self._stock}
        for name, direction in loops.items():
            if direction is not None:
                direction.loop.turn = turns.of(self.key, name)
        if self._statuses is not None:
            self._statuses.turn = turns.of(self.key, STATUSES)
        if self._items is not None:
            self._items.turn = turns.of(self.key, ARTICLES)
            self._items.turn.wake = self._items.bell.ring

    def actors(self) -> Iterator[tuple[str, Run]]:
        """Names and what runs, in the order in which they work on an article."""
        for unit in Unit:
            yield from self.actors_of(unit)

    def actors_of(self, unit: Unit) -> Iterator[tuple[str, Run]]:
        """The same of one unit, nothing where the shop has none of it."""
        if unit is Unit.SET_UP and not self._set_up.answered:
            yield f"settings/{self.key}", self._set_up.run
        if unit is Unit.SALES and self._sales is not None:
            yield f"sales/{self.key}", self._sales.run
        if unit is Unit.ARTICLES and self._items is not None:
            yield f"products/{self.key}", self._items.run
        loops = {
            Unit.ARTICLES: self._articles,
            Unit.PRODUCTS: self._products,
            Unit.PRICES: self._prices,
            Unit.PRICE_LISTS: self._lists,
        }
        if (direction := loops.get(unit)) is not None:
            yield f"{unit}/{self.key}", direction.loop.run
        if unit is Unit.STOCK and self._stock is not None:
            yield f"{STOCK}/{self.key}", self._stock.run
        if unit is Unit.STATUSES and self._statuses is not None:
            yield f"{STATUSES}/{self.key}", self._statuses.run

    @property
    def articles(self) -> ArticleDirection | None:
        """The direction that makes articles, for the same."""
        return self._articles

    @property
    def set_up(self) -> SetUpCheck:
        """Who asks whether Mamut has what the settings name."""
        return self._set_up

    @property
    def linker(self) -> Linker:
        """Who ties articles to the shop's products."""
        return self._linker

    @property
    def products(self) -> ProductDirection | None:
        """The direction that makes products, for whoever applies a plan by it."""
        return self._products

    def recognised(self) -> None:
        """The shop may be read from and written to from now on."""
        if self._sales is not None:
            self._sales.bell.ring()
        if self._items is not None:
            self._items.bell.ring()
        self.look()

    def look(self) -> None:
        """Whoever has something to do now does it."""
        for bell in self._bells():
            bell.ring()

    def look_at_sales(self) -> None:
        """An order of the shop has just been seen."""
        if self._sales is not None:
            self._sales.bell.ring()

    async def recount_sales(self) -> None:
        """Mamut's figure of stock is a new one."""
        if self._sales is not None:
            await self._sales.recount()

    def look_at_products(self) -> None:
        """The shop has told of a product."""
        if self._items is not None:
            self._items.bell.ring()

    def stock_may_have_changed(self) -> None:
        if self._stock is not None:
            self._stock.bell.ring()

    def was_transferred(self) -> None:
        """An order of the shop stands in Mamut now."""
        if self._statuses is not None:
            self._statuses.bell.ring()

    @property
    def idle(self) -> bool:
        """Whether nothing is left that can be done now."""
        if not self._set_up.answered:
            return False
        if self._sales is not None and not self._sales.looks:
            return False
        if self._items is not None and not self._items.looks:
            return False
        if self._articles is not None and not self._articles.loop.idle:
            return False
        if self._products is not None and not (self._products.loop.idle and not self._products_wait()):
            return False
        if any(each is not None and not each.loop.idle for each in (self._prices, self._lists)):
            return False
        return all(each.idle for each in (self._stock, self._statuses) if each is not None)

    # -- building ----------------------------------------------------------------------------------------------------

    def _has(self, name: DirectionName) -> bool:
        return name in self.names

    def _chance(self, name: str) -> Random:
        return self._around.chance(f"{name}/{self.key}")

    def _part(self, name: DirectionName) -> ShopSettings:
        """What the direction may know of the shop's settings."""
        return part(Unit(name.value), self._settings)

    def _ruled(self, name: DirectionName) -> GoodsRules:
        self._rules[name] = goods_rules(self._part(name), self._hooks, self.releases)
        return self._rules[name]

    def _set_up_check(self) -> SetUpCheck:
        around, chance = self._around, self._chance("settings")
        own = part(Unit.SET_UP, self._settings)
        return SetUpCheck(own, self.names, around.desk, around.journal, around.clock, chance, self._judged)

    def _sales_reader(self) -> SalesReader:
        around = self._around
        return SalesReader(
            part(Unit.SALES, self._settings),
            self._port,
            around.journal,
            around.clock,
            self._chance("sales"),
            self._company.stocked,
            is_known=self._may_ask_for_sales,
            found=self._sold,
        )

    def _article_direction(self) -> ArticleDirection:
        around = self._around
        return ArticleDirection(
            self._part(ARTICLES),
            self._port,
            around.desk,
            around.journal,
            around.clock,
            self._chance(ARTICLES),
            self._shelf,
            self._company.governing,
            is_known=lambda: self._is_known() and not self._is_quiet(self.key, ARTICLES),
            progress=around.progress,
            ties=any(self._has(name) for name in OF_GOODS),
        )

    def _product_reader(self, direction: ArticleDirection) -> ProductReader:
        around = self._around
        return ProductReader(
            self._part(ARTICLES),
            self._port,
            around.journal,
            around.clock,
            self._chance("products"),
            is_known=self._is_known,
            found=direction.loop.bell.ring,
            polled=around.progress,
        )

    def _product_direction(self) -> ProductDirection:
        around = self._around
        parts = {PRICES: Part.PRICES, STOCK: Part.STOCK}
        return ProductDirection(
            self._part(PRODUCTS),
            self._port,
            around.desk,
            around.journal,
            around.clock,
            self._chance(PRODUCTS),
            self._shelf,
            self._linker,
            is_known=lambda: self._may(PRODUCTS) and not self._sales_unread(),
            progress=around.progress,
            linked=self.look,
            parts=(Part.ARTICLES, *(part for name, part in parts.items() if self._has(name))),
            facets=self._facets,
            rules=self._ruled(PRODUCTS),
        )

    def _pricing(self, name: DirectionName) -> Pricing:
        around = self._around
        return Pricing(
            self._part(name),
            self._port,
            around.journal,
            around.clock,
            self._chance(name),
            self._shelf,
            self._linker,
            is_known=lambda: self._may(name),
            progress=around.progress,
            rules=self._ruled(name),
        )

    def _stock_direction(self, sales_reader: SalesReader) -> StockDirection:
        around = self._around
        return StockDirection(
            self._part(STOCK),
            self._port,
            around.journal,
            around.clock,
            self._chance(STOCK),
            sales_reader,
            self._shelf,
            self._linker,
            self._company.selling,
            is_known=lambda: self._may(STOCK),
            progress=around.progress,
            rules=self._ruled(STOCK),
        )

    def _status_direction(self) -> StatusDirection:
        around = self._around
        return StatusDirection(
            self._part(STATUSES),
            around.statuses_every_s,
            self._port,
            around.desk,
            around.journal,
            around.clock,
            self._chance(STATUSES),
            is_known=self._is_known,
            progress=self._told_shop,
            known=self._shop_statuses,
            hooks=self._hooks,
        )

    def _may(self, name: DirectionName) -> bool:
        return self._is_known() and self._set_up.may(name)

    def _is_quiet(self, key: str, name: DirectionName) -> bool:
        return self._turns is not None and self._turns.of(key, name).quiet

    def _may_ask_for_sales(self) -> bool:
        """What is sold here is wanted as long as one of the shops that show Mamut's stock is not quiet."""
        return self._is_known() and not all(self._is_quiet(key, STOCK) for key in self._company.stocked)

    def _judged(self) -> None:
        """Mamut has said whether it has what the settings name."""
        self.look()
        self._around.progress()

    def _told_shop(self) -> None:
        """A round of order status is through. Where an order was cancelled the shop has put its goods back on the shelf
        by itself, although Mamut's figure had them there already: what is shown is looked at now, not in a minute."""
        self._around.progress()
        written = self._around.journal.view(lambda tx: directions.get(tx, self.key, STATUSES)).written
        if self._sales is not None and written != self._statuses_written:
            self._sales.bell.ring()
        self._statuses_written = written

    # -- what a product is made with ---------------------------------------------------------------------------------

    def _facets(
        self, tx: apsw.Connection, shop: ShopKey, card: ArticleCard
    ) -> tuple[ShopPrice | None, ShopStock | None]:
        price = self._prices.facet(tx, shop, card) if self._prices is not None else None
        return price, self._stock_of(tx, card) if self._has(STOCK) else None

    def _stock_of(self, tx: apsw.Connection, card: ArticleCard) -> ShopStock | None:
        facts = stock_facts.of(tx, [card.pk], self._company.selling).get(card.pk)
        return None if facts is None else stocked(self._rules[STOCK], facts, self._settings.stock, making=True).stock

    def _sales_unread(self) -> bool:
        """Whether it is not known yet what every shop has sold: until then a product would be made with more stock than
        may be sold."""
        if not self._has(STOCK):
            return False
        return bool(self._around.journal.view(lambda tx: sales.unread(tx, self._company.selling)))

    def _products_wait(self) -> bool:
        if not self._is_known() or not self._sales_unread():
            return False
        now_ms = to_ms(self._around.clock())
        return bool(self._around.journal.view(lambda tx: tasks.due(tx, self.key, PRODUCTS, now_ms, 1)))

    def _bells(self) -> Iterator[Bell]:
        if self._articles is not None:
            yield self._articles.loop.bell
        if self._products is not None:
            yield self._products.loop.bell
        for each in (self._prices, self._lists):
            if each is not None:
                yield each.loop.bell
        if self._stock is not None:
            yield self._stock.bell
        if self._statuses is not None:
            yield self._statuses.bell
