"""Builds one shop's actors, at the start and whenever their settings have become others."""

from __future__ import annotations

import platform
from collections.abc import Callable
from datetime import date
from functools import partial

import structlog

from agent.actors.aftermath_direction import AftermathDirection
from agent.actors.desk import Desk
from agent.actors.order_direction import OrderDirection, judge_for, mappers_of
from agent.actors.order_reader import OrderReader
from agent.actors.plugin_teller import PluginTeller
from agent.actors.shop_writer import ShopWriter
from agent.actors.turns import Turns
from agent.actors.wishes import Wishes
from agent.actors.wishes_goods import GoodsWishes
from agent.actors.wishes_sync import SyncWishes
from agent.app_change import enabled_keys
from agent.app_errands import Errands
from agent.app_goods import Around, ShopGoods
from agent.app_ports import USER_AGENT, hooks_of, shop_port
from agent.app_shop import Shop
from agent.app_sync import deciding_digest
from agent.app_unit import Unit, company_of, part
from agent.flows import DirectionName
from agent.journal import commands
from agent.journal.journal import Journal
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.packages import order_limit
from agent.plugins.hooks import Hook
from agent.remote.mamut.client import Mamut
from agent.remote.net import Net
from agent.remote.ports import MamutCompany
from agent.remote.tape.scrub import MAMUT
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings
from agent.world import World

log = structlog.get_logger("brygga")


class Calls(Frozen, frozen=True):
    """Whom a shop's actors call. `fulfilled` is told of a wish that has been done, `sold` of goods that others may show
    too; `read_register` has Mamut's register read now, `sync_asked` first synchronisations looked for."""

    progress: Callable[[], None]
    fulfilled: Callable[[Shop], None]
    sold: Callable[[], None]
    read_register: Callable[[], None]
    sync_asked: Callable[[], None]


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
        world, key = self._world, ShopKey(settings.key)
        port, net = shop_port(
            settings,
            secrets.shops[key],
            world.transports(settings.address, verify_tls=settings.verify_tls),
            world.clock,
            world.chance(f"nonce/{key}"),
            world.watch(commands.shop_remote(key), settings.address),
        )
        shop = Shop(settings, port, net)
        shop.hooks = hooks_of(settings)
        if shop.hooks is not None and shop.hooks.wants(Hook.DOCUMENT_SENT):
            shop.teller = PluginTeller(key, shop.hooks, self._journal, world.clock)
        shop.writer = ShopWriter(
            key,
            port,
            self._journal,
            world.clock,
            world.chance(f"writer/{key}"),
            self._calls.progress,
            is_known=partial(self._may_be_asked, shop),
            size=settings.reading.write_size,
        )
        self._orders(shop, all_settings, settings)
        shop.goods = ShopGoods(
            settings,
            company_of(all_settings),
            port,
            self._around(all_settings),
            is_known=lambda: shop.known,
            sold=self._calls.sold,
            statuses=lambda: shop.reader.statuses,
            hooks=shop.hooks,
        )
        shop.goods.take_turns(self._turns)
        shop.wishes = self._wishes(shop)
        self._errands(shop, all_settings, settings, secrets)
        return shop

    def change(
        self, shop: Shop, all_settings: Settings, settings: ShopSettings, secrets: Secrets, units: frozenset[Unit]
    ) -> None:
        """Makes these units of the shop anew, none of which is at work; SHOP is not among them."""
        shop.settings = settings
        if Unit.ORDERS in units:
            self._orders(shop, all_settings, settings)
        shop.goods.build(settings, company_of(all_settings), self._around(all_settings), units)
        shop.goods.take_turns(self._turns)
        if Unit.ERRANDS in units:
            self._errands(shop, all_settings, settings, secrets)

    # -- the parts -----------------------------------------------------------------------------------------------------

    def _may_be_asked(self, shop: Shop) -> bool:
        return shop.known and not self._turns.of(shop.key, DirectionName.ORDERS_TO_MAMUT).quiet

    def _orders(self, shop: Shop, all_settings: Settings, whole: ShopSettings) -> None:
        """The shop's reader of orders, and what is decided and followed of them."""
        world, key, calls = self._world, shop.key, self._calls
        settings = part(Unit.ORDERS, whole)
        may_be_asked = partial(self._may_be_asked, shop)
        shop.reader = OrderReader(
            settings,
            shop.port,
            self._journal,
            world.clock,
            world.chance(f"reader/{key}"),
            judge_for(settings),
            shop.listed,
            calls.progress,
            shop.recognised,
        )
        shop.reader.turn = self._turns.of(key, DirectionName.ORDERS_TO_MAMUT)
        shop.reader.turn.wake = shop.reader.poll_now
        shop.direction = OrderDirection(
            settings,
            shop.port,
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
            shop.hooks,
        )
        shop.aftermath = AftermathDirection(
            settings,
            shop.port,
            self._desk,
            self._journal,
            world.clock,
            world.chance(f"aftermath/{key}"),
            mappers_of(settings),
            is_known=may_be_asked,
            progress=calls.progress,
            hooks=shop.hooks,
        )

    def _wishes(self, shop: Shop) -> Wishes:
        calls, key = self._calls, shop.key
        goods = GoodsWishes(
            key,
            lambda: shop.goods.names,
            calls.read_register,
            lambda name: self._turns.of(key, name),
            shop.goods.releases,
        )
        return Wishes(
            key,
            shop.port,
            self._desk,
            self._journal,
            self._world.clock,
            lambda: shop.reader.poll_now(),  # noqa: PLW0108 - another one after a change of settings
            lambda: calls.fulfilled(shop),
            goods,
            SyncWishes(
                key,
                lambda source: deciding_digest(shop.settings, source),
                lambda name: name in shop.goods.names,
                calls.sync_asked,
            ),
        )

    def _errands(self, shop: Shop, all_settings: Settings, settings: ShopSettings, secrets: Secrets) -> None:
        shop.errands = Errands(all_settings, settings, secrets, shop.port, self._desk, self._journal, self._world)

    def _around(self, settings: Settings) -> Around:
        return Around(
            desk=self._desk,
            journal=self._journal,
            clock=self._world.clock,
            chance=self._world.chance,
            progress=self._calls.progress,
            statuses_every_s=settings.mamut.register.statuses_every_s,
        )


def mamut_port(settings: Settings, secrets: Secrets, world: World) -> tuple[Mamut, Net]:
    """The port to Mamut and the connection below it. Nothing is asked of Mamut yet."""
    net = Net(
        world.transports(settings.mamut.address),
        connections=1,
        timeout_s=settings.mamut.timeout_s,
        user_agent=USER_AGENT,
        watch=world.watch(MAMUT, settings.mamut.address),
    )
    mamut = Mamut(
        settings.mamut.address,
        settings.mamut.client_no,
        settings.mamut.user,
        secrets.mamut_password.reveal(),
        platform.node() or "server",
        net,
    )
    return mamut, net


def note_opened(company: MamutCompany, today: date, warning_days: int) -> None:
    """Tells that a session is open, with a warning when this version's days are numbered."""
    left = (date.fromisoformat(company.stop_date) - today).days if company.stop_date else None
    log.info("mamut_open", company=company.name, edition=company.edition, version=company.version)
    if left is not None and left <= warning_days:
        fault = Fault.MAMUT_VERSION_EXPIRES_SOON.value
        log.warning("mamut_version_expires", fault=fault, stop_date=company.stop_date, days=left)
