"""The direction orders_to_mamut of one shop: reads what must be read, asks Mamut, decides, commits.

It holds nothing in memory that matters: which orders must be read stands in the journal, and so does what comes of
them. Several workers go through the pile at once, each with orders of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import TYPE_CHECKING

import apsw
import structlog
import trio

from agent.actors.batch_size import BatchSize
from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.health import Health
from agent.actors.key_maker import EVERY_S, KeyMaker
from agent.actors.readings import Package, commit_readings, needs_decision, release
from agent.actors.said_by_hand import SaidByHand
from agent.actors.sights import sight_of
from agent.actors.times import to_ms
from agent.actors.whole_orders import read_whole
from agent.decide import customers
from agent.decide import orders as decide_orders
from agent.decide.customers import Buyer
from agent.decide.processing import finish, prepare
from agent.flows import DirectionName
from agent.journal import commands, directions, orders
from agent.journal.journal import Journal
from agent.messages import Decision, MamutFacts, OrdersSeen, Stop
from agent.model.clock import Clock, package_month
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.mamut import Registers
from agent.model.order import OrderSight, ShopOrder
from agent.plugins.hooks import Hooks
from agent.remote.ports import MamutPort, ShopPort
from agent.remote.retry import NOW_AND_THEN, delay_s, served_delay_s
from agent.remote.trouble import Trouble
from agent.rules.chain import Chains
from agent.settings.tree import ShopSettings

if TYPE_CHECKING:
    from agent.rules.mapping import Mappers

PILE_MAX = 300
"""Documents waiting for Mamut at which reading pauses: what is read early is only decided on older facts."""

REGISTERS_S = 600
"""Seconds for which Mamut's registers are taken as known; a person changes them a few times a year."""

DECIDED_AT_ONCE = 8
"""After so many orders others have their turn: Mamut's answer to the writer may be there, and Mamut idle until it has
its next call."""

TICK_S = 60.0
"""The longest sleep: then what has fallen due meanwhile is looked at (held orders, a new month)."""

log = structlog.get_logger("brygga")


class OrderDirection:
    """One shop's direction. `to_mamut` is called when documents are to be made, `to_shop` when there may be marks,
    `passed` when nothing is left to read; `resume` is rung when what it waits for may serve it again. `shops` share
    the package; `is_known` tells whether the shop has been recognised."""

    def __init__(
        self,
        settings: ShopSettings,
        port: ShopPort,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        limit: int | None,
        shops: tuple[str, ...],
        is_known: Callable[[], bool],
        to_mamut: Callable[[], None],
        to_shop: Callable[[], None],
        passed: Callable[[], None],
        hooks: Hooks | None = None,
    ) -> None:
        self.bell = Bell()
        self.resume = Bell()
        self._settings = settings
        self._shop = ShopKey(settings.key)
        self._port = port
        self._desk = desk
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._limit = limit
        self._shops = shops
        self._is_known = is_known
        self._to_mamut = to_mamut
        self._to_shop = to_shop
        self._passed = passed
        self._health = Health(f"direction/{settings.key}", journal, clock)
        self.resting = False
        self._chains = Chains(settings.processing)
        self._mappers = mappers_of(settings)
        self._hooks = hooks
        self._size = BatchSize(settings.reading.read_size)
        meta = settings.orders.payment_reference_meta
        self._keys = KeyMaker(self._shop, port, journal, settings.reading.read_size, meta)
        self._claimed: set[ShopOrderId] = set()
        self._registers: Registers | None = None
        self._registers_at = 0.0

    def change_room(self, limit: int | None, shops: tuple[str, ...]) -> None:
        """Another package, or other shops that share its room."""
        self._limit, self._shops = limit, shops
        self.bell.ring()

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        failures = 0
        while True:
            served = self._port.served
            try:
                self.resting = False
                await self._look_at_due()
                await self._work_off()
                while await self._release():
                    await self._work_off()
                failures = 0
                self.resting = True
                self._passed()
                await self._health.good("waiting")
                left = self._keys.left and self._journal.view(self._may_read) and await self._keys.some()
                await self.bell.wait(EVERY_S if left else TICK_S)
            except* Trouble as group:
                trouble = _first_trouble(group)
                failures += 1
                self._size.failed(trouble)
                serves = trouble.fault in NOW_AND_THEN and self._port.served > served
                wait_s = (served_delay_s if serves else delay_s)(failures, self._chance, trouble.retry_after_s)
                await self._health.paused(trouble, wait_s)
                await self.resume.wait(wait_s)

    async def _look_at_due(self) -> None:
        """Held orders whose cause may be gone, and those for whom the package has room again."""
        now_ms = to_ms(self._clock())
        package = self._package()
        if not self._journal.view(lambda tx: orders.is_any_due(tx, self._shop, now_ms)):
            return  # Looking costs microseconds, a commit a flush of the disk, and there may be a thousand shops.

        def step(tx: apsw.Connection) -> None:
            orders.want_reading_of_due(tx, self._shop, now_ms, self._settings.reading.read_size)
            release(tx, self._shop, package)

        await self._journal.run(step)

    async def _release(self) -> int:
        """Room that was kept for older orders, and that they turned out not to need, goes to the next."""

        def look(tx: apsw.Connection) -> bool:
            return orders.is_any_held_by_limit(tx, self._shop) and self._may_read(tx)

        if not self._journal.view(look):
            return 0
        package = self._package()
        return await self._journal.run(lambda tx: release(tx, self._shop, package))

    async def _work_off(self) -> None:
        """Reads and decides until nothing is left to read, several batches at once."""
        self._claimed.clear()
        most = self._settings.reading.concurrency
        batches = -(-len(self._unread(most * self._size.now)) // self._size.now)
        if batches == 1:
            await self._worker()
        elif batches:
            async with trio.open_nursery() as nursery:
                for _ in range(batches):
                    nursery.start_soon(self._worker)

    async def _worker(self) -> None:
        await self._let_the_pile_shrink()
        while batch := self._claim():
            try:
                await self._batch(batch)
            finally:
                self._claimed.difference_update(batch)
            await self._let_the_pile_shrink()

    def _may_read(self, tx: apsw.Connection) -> bool:
        """A shop that is not, or not yet, recognised as the one whose orders these are is not asked for them; nor is
        one whose orders a person has paused."""
        return self._is_known() and directions.is_open(tx, self._shop, DirectionName.ORDERS_TO_MAMUT)

    def _unread(self, most: int) -> list[ShopOrderId]:
        """The oldest orders that must be read; none while they may not be."""

        def look(tx: apsw.Connection) -> list[ShopOrderId]:
            rows = orders.to_read(tx, self._shop, most)
            return [order_id for order_id, _ in rows] if rows and self._may_read(tx) else []

        return self._journal.view(look)

    async def _let_the_pile_shrink(self) -> None:
        def look(tx: apsw.Connection) -> bool:
            return commands.waiting(tx, commands.MAMUT, self._shop) >= PILE_MAX and self._may_read(tx)

        while self._journal.view(look):
            await self._health.good()
            await self.bell.wait(TICK_S)

    def _claim(self) -> tuple[ShopOrderId, ...]:
        """The oldest orders that must be read and that no other worker has."""
        unread = self._unread(len(self._claimed) + self._size.now)
        batch = tuple(order_id for order_id in unread if order_id not in self._claimed)[: self._size.now]
        self._claimed.update(batch)
        return batch

    async def _batch(self, batch: tuple[ShopOrderId, ...]) -> None:
        await self._health.good()
        said = SaidByHand(self._shop, self._settings.customers, self._journal)
        seen = await read_whole(self._port.read_orders, batch, "read")
        self._size.worked()
        decisions = await self._decide(seen, said)
        step = commit_readings(
            seen,
            decisions,
            package=self._package(),
            now_ms=to_ms(self._clock()),
            hold_repeated_payment=self._settings.orders.hold_repeated_payment,
            by_hand=said.told(),
            payment_meta=self._settings.orders.payment_reference_meta,
        )
        if await self._journal.run(step, brief=True):
            self._to_mamut()
        self._to_shop()

    async def _decide(self, seen: OrdersSeen, said: SaidByHand) -> dict[int, Decision]:
        """A decision for each order that needs one; Mamut is asked once for them all, and not at all for those that
        their status already stops."""
        settings = self._settings
        rows = self._journal.view(lambda tx: orders.get_many(tx, self._shop, [order.order_id for order in seen.orders]))
        decisions: dict[int, Decision] = {}
        asking: list[ShopOrder] = []
        for order in seen.orders:
            if not needs_decision(rows.get(order.order_id), order):
                continue
            stop = decide_orders.judge_sight(sight_of(order), settings)
            if stop is not None:
                decisions[int(order.order_id)] = stop
            else:
                asking.append(order)
        if asking:
            await self._decide_prepared(asking, rows, decisions, said)
        return decisions

    async def _decide_prepared(
        self,
        asking: list[ShopOrder],
        rows: dict[ShopOrderId, orders.OrderRow],
        decisions: dict[int, Decision],
        said: SaidByHand,
    ) -> None:
        """What people have corrected comes first, then the merchant's rules, and both before anything is asked of
        Mamut, since they may change what is to be asked."""
        prepared = []
        for read in asking:
            order, stop = said.corrected(read, asking)
            if stop is not None:
                decisions[int(read.order_id)] = stop
                continue
            released = orders.released_from(rows.get(order.order_id))
            ready = prepare(order, self._settings, self._chains, released, self._hooks)
            if ready.stop is not None:
                decisions[int(order.order_id)] = ready.stop
            else:
                prepared.append(ready)
        if not prepared:
            return
        chosen = said.chosen([(ready.order, ready.shop) for ready in prepared])
        buyers = {ready.order.order_id: customers.buyer(ready.order, ready.shop.customers) for ready in prepared}
        facts = await self._facts([ready.order for ready in prepared], buyers, chosen)
        for place, ready in enumerate(prepared, start=1):
            if not place % DECIDED_AT_ONCE:
                await trio.lowlevel.checkpoint()
            order_id = ready.order.order_id
            released = orders.released_from(rows.get(order_id))
            who = chosen.get(order_id)
            decision = decide_orders.decide(ready.order, facts, ready.shop, released, who, buyers[order_id])
            if isinstance(decision, Stop) and decision.reason in customers.IN_DOUBT:
                said.in_doubt(ready.order, ready.shop)
            decisions[int(order_id)] = finish(
                decision, ready, self._chains, facts.registers, released, self._mappers, self._hooks
            )

    async def _facts(
        self, asking: list[ShopOrder], buyers: Mapping[ShopOrderId, Buyer], chosen: Mapping[ShopOrderId, int]
    ) -> MamutFacts:
        wanted = decide_orders.merge(
            [
                decide_orders.wanted(order, self._settings, chosen.get(order.order_id), buyers[order.order_id])
                for order in asking
            ]
        )
        now = trio.current_time()
        stale = self._registers is None or now - self._registers_at > REGISTERS_S

        async def question(port: MamutPort) -> tuple[MamutFacts, Registers | None]:
            return await port.facts(wanted), await port.registers() if stale else None

        facts, registers = await self._desk.ask(question)
        if registers is not None:
            self._registers, self._registers_at = registers, now
        return MamutFacts(
            documents=facts.documents,
            contacts=facts.contacts,
            articles=facts.articles,
            registers=self._registers or Registers(),
        )

    def _package(self) -> Package:
        return Package(month=package_month(self._clock()), limit=self._limit, shops=self._shops)


def mappers_of(settings: ShopSettings) -> Mappers | None:
    """The shop's field mappings, None without any. Raises MappingWrong."""
    if not settings.mapping:
        return None
    from agent.rules.mapping import Mappers

    return Mappers(settings.mapping)


def judge_for(settings: ShopSettings) -> Callable[[OrderSight], Stop | None]:
    """The judge of listings for one shop."""
    return lambda sight: decide_orders.judge_sight(sight, settings)


def _first_trouble(group: BaseExceptionGroup[Trouble]) -> Trouble:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            return _first_trouble(error)
        return error
    raise ValueError("an empty group")
