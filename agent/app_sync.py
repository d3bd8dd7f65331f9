"""Builds a first synchronisation of products: both systems, the journal, and the directions that do what is planned.

Alone it owns the journal and Mamut's only session while it works, so it runs when no agent does; the journal's lock
sees to that. As a guest of an agent it works with what is the agent's. What it reads and writes is kept in the journal
as the agent keeps it, so that the agent goes on from there.
"""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import NamedTuple

import apsw
import msgspec
import trio

from agent.actors.article_direction import ArticleDirection
from agent.actors.desk import Desk
from agent.actors.goods_direction import GoodsLoop
from agent.actors.linker import Linker
from agent.actors.order_reader import difference
from agent.actors.shelf import Shelf
from agent.actors.sync_apply import DONE_IN_MAMUT, DONE_IN_SHOP, Applier, ShopCheck
from agent.actors.sync_census import Census, census
from agent.actors.sync_items import ShopItems
from agent.actors.sync_linker import PlannedLinker
from agent.actors.sync_table import DeskClerk, SyncTable, Tell
from agent.actors.sync_to_mamut import MamutCheck, ToMamutPlanner
from agent.actors.sync_to_shop import ToShopPlanner
from agent.actors.sync_undo import MamutUndo, ShopUndo
from agent.actors.turns import Turns
from agent.app_goods import Around, ShopGoods
from agent.app_ports import USER_AGENT, hooks_of, shop_port
from agent.app_unit import Company, company_of
from agent.decide.goods_rules import goods_rules
from agent.flows import DirectionName
from agent.journal import directions, plans, records, sales
from agent.journal.items import key_of
from agent.journal.journal import Journal
from agent.journal.plans import Counts
from agent.model.ids import ShopKey
from agent.model.owners import System
from agent.model.plan import Plan, PlanState
from agent.model.reasons import Fault
from agent.remote.mamut.client import Mamut
from agent.remote.net import Net
from agent.remote.ports import MamutCompany
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.client import WooCommerce
from agent.schedule import Schedule
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings, settings_digest
from agent.world import World

WAIT_S = 0.25

PAUSED = "direction_paused"
"""The trouble of a plan whose direction a person has paused."""

PRODUCTS = DirectionName.PRODUCTS_TO_SHOP
ARTICLES = DirectionName.PRODUCTS_TO_MAMUT


class Guest(NamedTuple):
    """What an agent at work lends: its desk, its way to the shop, and within what nobody else reads the register."""

    desk: Desk
    port: WooCommerce
    alone: Callable[[], AbstractAsyncContextManager[None]]


class FirstSync:
    """One shop's. Make it with `first_sync`. Every method raises Trouble when a system does not serve us for long."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        shop: ShopSettings,
        journal: Journal,
        world: World,
        tell: Tell,
        *,
        now: bool = False,
        guest: Guest | None = None,
    ) -> None:
        self._guest = guest
        self.key = ShopKey(shop.key)
        self.journal = journal
        self._settings = settings
        self._shop = shop
        self._world = world
        self._desk = Desk() if guest is None else guest.desk
        self._mamut_net = Net(
            world.transports(settings.mamut.address),
            connections=1,
            timeout_s=settings.mamut.timeout_s,
            user_agent=USER_AGENT,
        )
        self._mamut = Mamut(
            settings.mamut.address,
            settings.mamut.client_no,
            settings.mamut.user,
            secrets.mamut_password.reveal(),
            platform.node() or "server",
            self._mamut_net,
        )
        self._port, self._net = shop_port(
            shop,
            secrets.shops[self.key],
            world.transports(shop.address, verify_tls=shop.verify_tls),
            world.clock,
            world.chance(f"nonce/{shop.key}"),
        )
        if guest is not None:
            self._port = guest.port
        self._company = _company(settings, shop, PRODUCTS)
        self._turns = Turns({} if now else _quiet(settings), journal, world.clock)
        self._hooks = hooks_of(shop)
        self._rules = goods_rules(shop, self._hooks)
        wants = dict.fromkeys((*company_of(settings).wants, *self._company.wants))
        self.table = SyncTable(
            self.key,
            self._port,
            self._desk,
            journal,
            world.clock,
            world.chance("sync"),
            settings.mamut.register,
            tuple(wants),
            at_once=shop.reading.concurrency,
            tell=tell,
        )
        if guest is not None:
            self.table.alone = guest.alone
        self.clerk = DeskClerk(self._mamut, self._desk, world.chance("mamut"), self._opened)

    @property
    def requests(self) -> int:
        """Requests to the shop so far."""
        return self._net.sent

    def settings_digest(self, source: System) -> str:
        return deciding_digest(self._shop, source)

    async def recognise(self) -> None:
        """Raises Trouble when the shop is frozen, or another one than it was."""
        row = self.journal.view(lambda tx: records.shop(tx, self.key))
        if row.frozen_fault:
            raise _refused(Fault(row.frozen_fault), row.frozen_detail)
        identity = await self.table.patiently(self._port.identity)
        if not row.url:
            await self.journal.run(lambda tx: records.know_shop(tx, self.key, identity.url, identity.store_id))
        elif other := difference(row, identity):
            raise _refused(Fault.SHOP_CHANGED, other)

    # -- what can be asked for -----------------------------------------------------------------------------------------

    async def plan(self, source: System) -> tuple[int, list[str]]:
        """Makes a plan and gives its number, with what nobody could read of the shop."""
        self._heed(source)
        digest = self.settings_digest(source)
        number = await self.journal.run(lambda tx: plans.begin(tx, self.key, source, digest, self.table.now_ms))
        if source is System.MAMUT:
            await self.table.read_register()
            unreadable = await self.table.read_shop(number)
            shelf = Shelf(self._port, self._world.clock)
            await ToShopPlanner(self.table, self._shop.products, shelf, self._rules).plan(number)
        else:
            unreadable = await ShopItems(self.table).read_all()
            await ToMamutPlanner(self.table, self._article_direction()).plan(number)

        def planned(tx: apsw.Connection) -> None:
            plans.drop_items(tx, number)
            plans.set_state(tx, number, PlanState.PLANNED)

        await self.journal.run(planned)
        return number, unreadable

    async def apply(self, plan: Plan) -> Counts:
        """Does what the plan says and gives how its rows stand. Cancelled at any moment, it is gone on with."""
        self._heed(plan.source)
        if plan.source is System.SHOP:
            return await self._apply_to_mamut(plan)
        await self.table.read_register()
        linker = partial(PlannedLinker, plan=plan.number, began_ms=plan.made_ms)
        goods = self._goods(linker)
        products = goods.products
        if products is None or not isinstance(goods.linker, PlannedLinker):
            raise TypeError("a shop without products to make was given a plan")
        check = ShopCheck(self.table, plan, products.loop, goods.linker)
        applier = Applier(self.table, plan.number, products.loop, check.ready, DONE_IN_SHOP)
        return await self._beside(goods, products.loop, applier)

    async def _apply_to_mamut(self, plan: Plan) -> Counts:
        goods = self._goods(Linker, ARTICLES)
        articles = goods.articles
        if articles is None:
            raise TypeError("a shop without articles to make was given a plan")
        check = MamutCheck(self.table, plan, articles)
        await check.begin()
        applier = Applier(
            self.table, plan.number, articles.loop, check.ready, DONE_IN_MAMUT, check.note_made, task_key=key_of
        )
        return await self._beside(goods, articles.loop, applier)

    async def undo(self, plan: Plan) -> Counts:
        """Takes back what the plan has made and nobody has touched."""
        self._heed(plan.source)
        if plan.source is System.SHOP:
            return await MamutUndo(self.table, plan.number).undo()
        return await ShopUndo(self.table, plan.number, self._port).undo()

    async def census(self) -> Census:
        """Reads both sides whole and compares their article numbers."""
        self._heed(System.MAMUT)
        await self.table.read_register()

        def beginning_census(tx: apsw.Connection) -> int:
            return plans.begin(tx, self.key, System.MAMUT, plans.CENSUS, self.table.now_ms)

        def forgetting_census(tx: apsw.Connection) -> None:
            plans.forget(tx, number)

        number = await self.journal.run(beginning_census)
        try:
            await self.table.read_shop(number)
            return self.journal.view(lambda tx: census(tx, number, self._shop))
        finally:
            with trio.CancelScope(shield=True):
                await self.journal.run(forgetting_census)

    async def aclose(self) -> None:
        await self._mamut.aclose()
        if self._guest is None:
            await self._port.aclose()

    def _heed(self, source: System) -> None:
        """The quiet hours of the direction in which articles go over are waited out."""
        self.table.turn = self._turns.of(self.key, PRODUCTS if source is System.MAMUT else ARTICLES)

    # -- building ------------------------------------------------------------------------------------------------------

    def _article_direction(self) -> ArticleDirection:
        direction = self._goods(Linker, ARTICLES).articles
        if direction is None:
            raise TypeError("a shop without articles to make was asked for a plan")
        return direction

    def _goods(self, linker: Callable[..., Linker], name: DirectionName = PRODUCTS) -> ShopGoods:
        """The shop's directions as the agent has them; those that are needed are run."""
        world = self._world
        around = Around(
            desk=self._desk,
            journal=self.journal,
            clock=world.clock,
            chance=world.chance,
            progress=lambda: None,
            statuses_every_s=self._settings.mamut.register.statuses_every_s,
        )
        goods = ShopGoods(
            self._shop,
            self._known_sales(name),
            self._port,
            around,
            is_known=lambda: True,
            sold=lambda: None,
            statuses=tuple,
            linker=linker,
            hooks=self._hooks,
        )
        goods.take_turns(self._turns)
        return goods

    def _known_sales(self, name: DirectionName) -> Company:
        """The stock that a product is made with takes off what every shop has sold. Shops that have never been read
        cannot be waited for here."""
        company = _company(self._settings, self._shop, name)
        others = [key for key in company.directions if key != self.key]
        unread = set(self.journal.view(lambda tx: sales.unread(tx, others)))
        names = {key: names for key, names in company.directions.items() if key not in unread}
        return Company(directions=names)

    async def _beside(self, goods: ShopGoods, loop: GoodsLoop, applier: Applier) -> Counts:
        needed = (f"settings/{self.key}", f"sales/{self.key}")
        async with trio.open_nursery() as nursery:
            for name, run in goods.actors():
                if name in needed:
                    nursery.start_soon(run)
            await self._may_begin(goods, loop)
            await applier.begin()
            nursery.start_soon(loop.run)
            counts = await applier.apply()
            nursery.cancel_scope.cancel()
        return counts

    async def _may_begin(self, goods: ShopGoods, loop: GoodsLoop) -> None:
        """Until Mamut has been asked for what the settings name, and the shop for what it has sold."""
        if self._guest is not None:
            loop.heeds_pause = False
        elif self.journal.view(lambda tx: directions.get(tx, self.key, loop.name)).paused:
            raise Trouble(TroubleKind.REFUSED, PAUSED, detail=str(loop.name))
        while not loop.may_work:
            if goods.set_up.answered and not goods.set_up.may(loop.name):
                raise _refused(Fault.MAMUT_REGISTER_VALUE_MISSING, str(loop.name))
            self.table.tell("sales", 0, 0)
            await trio.sleep(WAIT_S)

    async def _opened(self, company: MamutCompany) -> None:
        text = msgspec.json.encode(company).decode()
        await self.journal.run(lambda tx: records.set_value(tx, records.MAMUT_COMPANY, text))


@asynccontextmanager
async def first_sync(
    settings: Settings,
    secrets: Secrets,
    shop: ShopSettings,
    journal: Journal,
    world: World,
    tell: Tell,
    *,
    now: bool = False,
    guest: Guest | None = None,
) -> AsyncIterator[FirstSync]:
    """A synchronisation that may be asked for things. It waits out quiet hours unless it is to begin `now`. The journal
    stays the caller's to close. Raises Trouble when the shop is not the one it was."""
    sync = FirstSync(settings, secrets, shop, journal, world, tell, now=now, guest=guest)
    try:
        async with trio.open_nursery() as nursery:
            if guest is None:
                nursery.start_soon(sync.clerk.run)
            await sync.recognise()
            yield sync
            nursery.cancel_scope.cancel()
    finally:
        with trio.CancelScope(deadline=trio.current_time() + 5, shield=True):
            await sync.aclose()


def deciding_digest(shop: ShopSettings, source: System) -> str:
    """Of all settings that decide what a plan of this source does."""
    nodes = (shop.products, shop.prices, shop.stock) if source is System.MAMUT else (shop.to_mamut, shop.vat)
    return "/".join(settings_digest(node) for node in nodes)


def _quiet(settings: Settings) -> dict[tuple[str, str], Schedule]:
    """The quiet hours of all directions. Times to run are for the agent: a plan is run by a person."""
    return {
        (shop.key, name): msgspec.structs.replace(schedule, every_s=None, cron=())
        for shop in settings.shop
        for name, schedule in shop.schedules.items()
    }


def _company(settings: Settings, shop: ShopSettings, name: DirectionName) -> Company:
    """The agent's, with products going this way whatever the shop's flow: one side may be filled once and govern
    then."""
    directions = dict(company_of(settings).directions)
    directions[shop.key] = tuple(dict.fromkeys((name, *directions.get(shop.key, ()))))
    return Company(directions=directions)


def _refused(fault: Fault, detail: str) -> Trouble:
    return Trouble(TroubleKind.REFUSED, "another_shop", detail=detail, fault=fault)
