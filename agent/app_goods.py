"""Builds what Mamut governs in one shop: its directions, the reader of its sales, and how they call each other."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
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
from agent.actors.rule_releases import RULED, RuleReleases
from agent.actors.sales_reader import SalesReader
from agent.actors.set_up_check import SetUpCheck
from agent.actors.shelf import Shelf
from agent.actors.status_direction import StatusDirection
from agent.actors.stock_direction import StockDirection
from agent.actors.times import to_ms
from agent.actors.turns import Turns
from agent.decide.goods_rules import GoodsRules, Released, stocked
from agent.flows import DirectionName
from agent.journal import directions, items, records, sales, stock_facts, tasks
from agent.journal.journal import Journal
from agent.journal.passes import Part
from agent.model.clock import Clock
from agent.model.goods import ArticleCard, ShopPrice, ShopStock
from agent.model.ids import ShopKey
from agent.model.node import Node
from agent.model.order import Frozen
from agent.plugins.hooks import Hooks
from agent.remote.woocommerce.client import WooCommerce
from agent.rules.tree import MappedObject
from agent.settings.given import given
from agent.settings.tree import Settings, ShopSettings, settings_digest

ARTICLES = DirectionName.PRODUCTS_TO_MAMUT
PRODUCTS = DirectionName.PRODUCTS_TO_SHOP
PRICES = DirectionName.PRICES_TO_SHOP
PRICE_LISTS = DirectionName.PRICE_LISTS_TO_SHOP
STOCK = DirectionName.STOCK_TO_SHOP
STATUSES = DirectionName.STATUSES_TO_SHOP

OF_GOODS = (PRODUCTS, PRICES, PRICE_LISTS, STOCK)
"""The directions that live on Mamut's register."""

Run = Callable[[], Awaitable[None]]


class Company(Frozen, frozen=True):
    """The directions of each shop that is switched on, by its key."""

    directions: dict[str, tuple[DirectionName, ...]]

    @property
    def wants(self) -> tuple[tuple[ShopKey, DirectionName], ...]:
        """What the register is read for."""
        each = ((ShopKey(key), name) for key, names in self.directions.items() for name in names)
        return tuple((key, name) for key, name in each if name in OF_GOODS)

    @property
    def governing(self) -> tuple[str, ...]:
        """The shops whose products become articles."""
        return tuple(key for key, names in self.directions.items() if ARTICLES in names)

    @property
    def stocked(self) -> tuple[str, ...]:
        """The shops whose stock comes from Mamut."""
        return tuple(key for key, names in self.directions.items() if STOCK in names)

    @property
    def selling(self) -> tuple[str, ...]:
        """The shops whose sales count: all of them, as soon as one shows Mamut's stock, since they sell from the same
        warehouses."""
        return tuple(self.directions) if self.stocked else ()


def company_of(settings: Settings) -> Company:
    return Company(directions={shop.key: given(settings, shop) for shop in settings.shop if shop.enabled})


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
        self.names = company.directions[settings.key]
        self._settings = settings
        self._company = company
        self._port = port
        self._around = around
        self._is_known = is_known
        self._statuses_written = 0
        self._turns: Turns | None = None
        self._hooks = hooks
        self.releases = RuleReleases(settings, around.journal)
        self._rules = goods_rules(settings, hooks, self.releases)
        self._set_up = SetUpCheck(
            settings, self.names, around.desk, around.journal, around.clock, self._chance("settings"), self._judged
        )
        self._shelf = Shelf(port, around.clock)
        self._linker = linker(
            port, tuple(name for name in OF_GOODS[1:] if name in self.names), makes=self._has(PRODUCTS)
        )
        self._sales = self._sales_reader(sold) if company.selling else None
        self._articles = self._article_direction() if self._has(ARTICLES) else None
        self._items = self._product_reader(self._articles) if self._articles else None
        self._prices = PriceDirection(self._pricing(PRICES)) if self._has(PRICES) else None
        self._lists = PriceListDirection(self._pricing(PRICE_LISTS)) if self._has(PRICE_LISTS) else None
        self._products = self._product_direction() if self._has(PRODUCTS) else None
        self._stock = self._stock_direction(self._sales) if self._has(STOCK) and self._sales else None
        self._statuses = self._status_direction(statuses) if self._has(STATUSES) else None

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
        if not self._set_up.answered:
            yield f"settings/{self.key}", self._set_up.run
        if self._sales is not None:
            yield f"sales/{self.key}", self._sales.run
        if self._items is not None:
            yield f"products/{self.key}", self._items.run
        if self._articles is not None:
            yield f"{ARTICLES}/{self.key}", self._articles.loop.run
        if self._products is not None:
            yield f"{PRODUCTS}/{self.key}", self._products.loop.run
        if self._prices is not None:
            yield f"{PRICES}/{self.key}", self._prices.loop.run
        if self._lists is not None:
            yield f"{PRICE_LISTS}/{self.key}", self._lists.loop.run
        if self._stock is not None:
            yield f"{STOCK}/{self.key}", self._stock.run
        if self._statuses is not None:
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

    def _sales_reader(self, sold: Callable[[], None]) -> SalesReader:
        around = self._around
        return SalesReader(
            self._settings,
            self._port,
            around.journal,
            around.clock,
            self._chance("sales"),
            self._company.stocked,
            is_known=self._may_ask_for_sales,
            found=sold,
        )

    def _article_direction(self) -> ArticleDirection:
        around = self._around
        return ArticleDirection(
            self._settings,
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
            self._settings,
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
            self._settings,
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
            rules=self._rules,
        )

    def _pricing(self, name: DirectionName) -> Pricing:
        around = self._around
        return Pricing(
            self._settings,
            self._port,
            around.journal,
            around.clock,
            self._chance(name),
            self._shelf,
            self._linker,
            is_known=lambda: self._may(name),
            progress=around.progress,
            rules=self._rules,
        )

    def _stock_direction(self, sales_reader: SalesReader) -> StockDirection:
        around = self._around
        return StockDirection(
            self._settings,
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
            rules=self._rules,
        )

    def _status_direction(self, statuses: Callable[[], tuple[str, ...]]) -> StatusDirection:
        around = self._around
        return StatusDirection(
            self._settings,
            around.statuses_every_s,
            self._port,
            around.desk,
            around.journal,
            around.clock,
            self._chance(STATUSES),
            is_known=self._is_known,
            progress=self._told_shop,
            known=statuses,
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
        return None if facts is None else stocked(self._rules, facts, self._settings.stock, making=True).stock

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


# -- when settings have changed ---------------------------------------------------------------------------------------


def look_again_where_changed(tx: apsw.Connection, settings: Settings, company: Company, now_ms: int) -> None:
    """What a direction has been told differently since the last start is decided anew for every article, and so is all
    of a direction that was off meanwhile. Part of a step."""
    shops = {shop.key: shop for shop in settings.shop}
    _look_again_at_products(tx, shops, company, now_ms)
    for key, names in company.directions.items():
        shop = ShopKey(key)
        for name in OF_GOODS:
            note = f"settings/{key}/{name}"
            if name not in names:
                records.set_value(tx, note, "")
                tx.execute("DELETE FROM tasks WHERE shop = ? AND direction = ?", (key, name))
                continue
            digest = _digest(shops[key], name)
            if records.value(tx, note) != digest:
                records.set_value(tx, note, digest)
                tasks.put(tx, shop, name, [int(pk) for (pk,) in tx.execute("SELECT pk FROM articles")], now_ms)


def _look_again_at_products(
    tx: apsw.Connection, shops: Mapping[str, ShopSettings], company: Company, now_ms: int
) -> None:
    """The same of the shops that govern: their products are in the journal, and are listed anew after a time off."""
    for key, names in company.directions.items():
        shop, note = ShopKey(key), f"settings/{key}/{ARTICLES}"
        if ARTICLES not in names:
            if records.value(tx, note):
                records.set_value(tx, note, "")
                tx.execute("DELETE FROM tasks WHERE shop = ? AND direction = ?", (key, ARTICLES))
                items.read_anew(tx, shop)
            continue
        digest = settings_digest(shops[key].to_mamut) + settings_digest(shops[key].vat) + str(shops[key].flow)
        if records.value(tx, note) != digest:
            records.set_value(tx, note, digest)
            items.look_at(tx, shop, items.all_ids(tx, shop), now_ms)


def _digest(shop: ShopSettings, name: DirectionName) -> str:
    """Changes when the direction's table does, or a rule, a mapping or a plugin about what it writes."""
    about = RULED[name]
    rules: list[Node] = [rule for rule in shop.processing if rule.object is about]
    mappings: list[Node] = [each for each in shop.mapping if each.object == about.value]
    return "/".join(map(settings_digest, [_table(shop, name), *rules, *mappings, *shop.plugins]))


def goods_rules(shop: ShopSettings, hooks: Hooks | None = None, released: Released | None = None) -> GoodsRules:
    """What the merchant's rules, mappings and plugins make of articles, prices and stock."""
    mapper = None
    if any(each.object is MappedObject.PRODUCT for each in shop.mapping):
        from agent.rules.mapping import Mapper

        mapper = Mapper(shop.mapping, MappedObject.PRODUCT)
    return GoodsRules(shop, mapper, hooks, released)


def _table(shop: ShopSettings, name: DirectionName) -> Node:
    return {PRODUCTS: shop.products, PRICES: shop.prices, PRICE_LISTS: shop.prices, STOCK: shop.stock}[name]
