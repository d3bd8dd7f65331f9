"""What is built for one shop, and how its actors call each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import trio

from agent.actors.aftermath_direction import AftermathDirection
from agent.actors.desk import Desk
from agent.actors.lookups import Lookups
from agent.actors.order_direction import OrderDirection
from agent.actors.order_reader import OrderReader
from agent.actors.plugin_teller import PluginTeller
from agent.actors.shop_writer import ShopWriter
from agent.actors.span import Run, Span
from agent.actors.wishes import Wishes
from agent.app_errands import Errands
from agent.app_goods import ShopGoods
from agent.app_unit import Unit
from agent.app_webhooks import Ringer
from agent.model.ids import ShopKey
from agent.plugins.hooks import Hooks
from agent.remote.net import Net
from agent.remote.woocommerce.client import WooCommerce
from agent.settings.tree import ShopSettings

CLOSE_S = 5.0
"""The longest that connections take to be closed."""


def lookups_of(shops: Mapping[ShopKey, Shop], desk: Desk) -> Lookups:
    """What both systems have of an order, for people who ask. A shop that is not recognised is not asked."""

    def port_of(key: ShopKey) -> WooCommerce | None:
        shop = shops.get(key)
        return shop.port if shop is not None and shop.known else None

    return Lookups(port_of, desk)


class Shop:
    """One shop's actors and bells."""

    def __init__(self, settings: ShopSettings, port: WooCommerce, net: Net) -> None:
        self.settings = settings
        self.key = ShopKey(settings.key)
        self.port = port
        self.net = net
        self.reader: OrderReader
        self.direction: OrderDirection
        self.writer: ShopWriter
        self.wishes: Wishes
        self.errands: Errands
        self.goods: ShopGoods
        self.aftermath: AftermathDirection
        self.teller: PluginTeller | None = None
        self.hooks: Hooks | None = None
        self.known = False

    def recognised(self) -> None:
        """The shop is the one it was: from here on its other actors may read from it and write to it."""
        if not self.known:
            self.known = True
            self.look()
            self.goods.recognised()

    def listed(self) -> None:
        """A listing has shown something new."""
        self.direction.bell.ring()
        self.aftermath.bell.ring()

    def read(self) -> None:
        """Orders were read whole: there may be marks to leave, and changes of orders that stand in Mamut."""
        self.writer.bell.ring()
        self.aftermath.bell.ring()
        self._tell_plugins()

    def settled(self) -> None:
        """Orders have come to stand in Mamut, or there is room for more."""
        self.writer.bell.ring()
        self.direction.bell.ring()
        self.aftermath.bell.ring()
        self.goods.was_transferred()
        self._tell_plugins()

    def _tell_plugins(self) -> None:
        if self.teller is not None:
            self.teller.bell.ring()

    def ringer(self) -> Ringer:
        """What its webhooks wake: sales are asked for at once, since an order that rings has taken goods."""
        sold, made = self.goods.look_at_sales, self.goods.look_at_products
        return Ringer(self.settings, self.reader, self.port, lambda: self.known, sold, made)

    def look(self) -> None:
        self.direction.bell.ring()
        self.writer.bell.ring()
        self.aftermath.bell.ring()
        self.goods.look()

    def actors_of(self, unit: Unit) -> Iterator[tuple[str, Run]]:
        """All of a unit's actors but the writer, which may finish what it has in hand when they have ended."""
        match unit:
            case Unit.SHOP:
                yield f"wishes/{self.key}", self.wishes.run
                if self.teller is not None:
                    yield f"plugins/{self.key}", self.teller.run
            case Unit.ORDERS:
                yield f"reader/{self.key}", self.reader.run
                yield f"direction/{self.key}", self.direction.run
                yield f"aftermath/{self.key}", self.aftermath.run
            case Unit.ERRANDS:
                yield f"errands/{self.key}", self.errands.run
            case _:
                yield from self.goods.actors_of(unit)


class ShopLife:
    """One shop's actors at work, each unit of them in a span of its own. `start` has a span run."""

    def __init__(self, shop: Shop, start: Callable[[Span], None]) -> None:
        self.shop = shop
        self.writing = Span([(f"writer/{shop.key}", shop.writer.run)])
        self._start = start
        self._working: dict[Unit, Span] = {}

    def begin(self, units: frozenset[Unit]) -> None:
        for unit in Unit:
            if unit in units and (actors := tuple(self.shop.actors_of(unit))):
                self._working[unit] = Span(actors)
                self._start(self._working[unit])

    async def end(self, units: frozenset[Unit]) -> tuple[str, ...]:
        """Ends these at once, wherever they are. Gives the actors' names."""
        spans = [self._working.pop(unit) for unit in Unit if unit in units and unit in self._working]
        async with trio.open_nursery() as nursery:
            for span in spans:
                nursery.start_soon(span.end)
        return tuple(name for span in spans for name in span.names)

    def stop_writing(self) -> None:
        """The writer ends when what it has in hand is done."""
        self.shop.writer.stopping = True
        self.shop.writer.bell.ring()

    async def end_all(self, within_s: float) -> tuple[str, ...]:
        """Readers and directions end at once, the writer `within_s` seconds from now at the latest."""
        names = await self.end(frozenset(Unit))
        self.stop_writing()
        await self.writing.end(within_s)
        with trio.CancelScope(deadline=trio.current_time() + CLOSE_S):
            await self.shop.port.aclose()
        return (*names, *self.writing.names)
