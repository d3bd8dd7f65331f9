"""Builds one shop's actors, at the start and whenever its settings have become others."""

from __future__ import annotations

from collections.abc import Callable

from agent.actors.aftermath_direction import AftermathDirection
from agent.actors.desk import Desk
from agent.actors.order_direction import OrderDirection, judge_for, mappers_of
from agent.actors.order_reader import OrderReader
from agent.actors.plugin_teller import PluginTeller
from agent.actors.shop_writer import ShopWriter
from agent.actors.turns import Turns
from agent.actors.wishes import Wishes
from agent.actors.wishes_goods import GoodsWishes
from agent.app_change import enabled_keys
from agent.app_errands import Errands
from agent.app_goods import Around, ShopGoods, company_of
from agent.app_ports import hooks_of, shop_port
from agent.app_shop import Shop
from agent.flows import DirectionName
from agent.journal import commands
from agent.journal.journal import Journal
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.packages import order_limit
from agent.plugins.hooks import Hook
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings
from agent.world import World


class Calls(Frozen, frozen=True):
    """Whom a shop's actors call. `fulfilled` is told of a wish that has been done, `sold` of goods that others may show
    too; `read_register` has Mamut's register read now."""

    progress: Callable[[], None]
    fulfilled: Callable[[Shop], None]
    sold: Callable[[], None]
    read_register: Callable[[], None]


class ShopMaker:
    """Makes shops that work with this journal, at this desk. `turns` has the schedules of all of them."""

    def __init__(self, world: World, journal: Journal, desk: Desk, turns: Turns, calls: Calls) -> None:
        self._world = world
        self._journal = journal
        self._desk = desk
        self._turns = turns
        self._calls = calls

    def make(self, all_settings: Settings, settings: ShopSettings, secrets: Secrets) -> Shop:
        """Nothing is asked of the shop yet. Raises PluginWrong."""
        world, key, calls = self._world, ShopKey(settings.key), self._calls
        hooks = hooks_of(settings)
        port, net = shop_port(
            settings,
            secrets.shops[key],
            world.transports(settings.address, verify_tls=settings.verify_tls),
            world.clock,
            world.chance(f"nonce/{key}"),
            world.watch(commands.shop_remote(key), settings.address),
        )
        shop = Shop(settings, port, net)
        if hooks is not None and hooks.wants(Hook.DOCUMENT_SENT):
            shop.teller = PluginTeller(key, hooks, self._journal, world.clock)
        turn = self._turns.of(key, DirectionName.ORDERS_TO_MAMUT)

        def may_be_asked() -> bool:
            return shop.known and not turn.quiet

        shop.writer = ShopWriter(
            key,
            port,
            self._journal,
            world.clock,
            world.chance(f"writer/{key}"),
            calls.progress,
            is_known=may_be_asked,
            size=settings.reading.write_size,
        )
        shop.reader = OrderReader(
            settings,
            port,
            self._journal,
            world.clock,
            world.chance(f"reader/{key}"),
            judge_for(settings),
            shop.listed,
            calls.progress,
            shop.recognised,
        )
        shop.reader.turn = turn
        turn.wake = shop.reader.poll_now
        shop.direction = OrderDirection(
            settings,
            port,
            self._desk,
            self._journal,
            world.clock,
            world.chance(f"direction/{key}"),
            order_limit(all_settings.package, all_settings.premium_limit),
            enabled_keys(all_settings),
            may_be_asked,
            self._desk.bell.ring,
            shop.read,
            calls.progress,
            hooks,
        )
        shop.aftermath = AftermathDirection(
            settings,
            port,
            self._desk,
            self._journal,
            world.clock,
            world.chance(f"aftermath/{key}"),
            mappers_of(settings),
            is_known=may_be_asked,
            progress=calls.progress,
            hooks=hooks,
        )
        shop.goods = ShopGoods(
            settings,
            company_of(all_settings),
            port,
            self._around(all_settings),
            is_known=lambda: shop.known,
            sold=calls.sold,
            statuses=lambda: shop.reader.statuses,
            hooks=hooks,
        )
        shop.goods.take_turns(self._turns)
        wishes = GoodsWishes(
            key,
            shop.goods.names,
            calls.read_register,
            lambda name: self._turns.of(key, name),
            shop.goods.releases,
        )
        shop.wishes = Wishes(
            key,
            port,
            self._desk,
            self._journal,
            world.clock,
            shop.reader.poll_now,
            lambda: calls.fulfilled(shop),
            wishes,
        )
        shop.errands = Errands(all_settings, settings, secrets, port, self._desk, self._journal, world)
        return shop

    def _around(self, settings: Settings) -> Around:
        return Around(
            desk=self._desk,
            journal=self._journal,
            clock=self._world.clock,
            chance=self._world.chance,
            progress=self._calls.progress,
            statuses_every_s=settings.mamut.register.statuses_every_s,
        )
