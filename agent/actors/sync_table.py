"""What a first synchronisation works with: both systems, the journal, and who is told how far it has come.

Both are read as the agent reads them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from functools import partial
from random import Random
from typing import TypeVar

import msgspec
import structlog
import trio

from agent.actors.desk import Desk
from agent.actors.register_reader import PERSONS, RegisterReader
from agent.actors.times import to_ms
from agent.actors.turns import Turn
from agent.flows import DirectionName
from agent.journal import passes, plans
from agent.journal.items import folded
from agent.journal.journal import Journal
from agent.journal.passes import Part
from agent.model.clock import Clock
from agent.model.goods import ProductKind
from agent.model.ids import ShopKey
from agent.model.shop_item import ItemSeen
from agent.remote.ports import ItemsPort, ItemsQuery, MamutCompany, MamutPort
from agent.remote.retry import PAUSE_FAULTS, delay_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree_goods import RegisterSettings

PAGE = 100

TRIES = 8
"""So often one question is asked, later each time: about half an hour."""

LOOK_S = 0.5
"""How often the journal is asked how far the register has been read."""

Tell = Callable[[str, int, int], None]
"""Told which phase is under way, how far it has come, and how far it goes (0 while nobody knows)."""

T = TypeVar("T")

log = structlog.get_logger("brygga")


class DeskClerk:
    """Owns Mamut's session and answers at the desk; makes no documents."""

    def __init__(
        self, port: MamutPort, desk: Desk, chance: Random, on_open: Callable[[MamutCompany], Awaitable[None]]
    ) -> None:
        self._port = port
        self._desk = desk
        self._chance = chance
        self._on_open = on_open

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        opened, failures = False, 0
        while True:
            try:
                if not opened:
                    await self._on_open(await self._port.open())
                    opened = True
                await self._desk.answer_all(self._port)
                await self._desk.answer_background(self._port)
                failures = 0
                if not self._desk.has_questions() and not self._desk.has_background():
                    await self._desk.bell.wait(60.0)
            except Trouble as trouble:
                opened, failures = False, failures + 1
                until = trio.current_time() + delay_s(failures, self._chance, trouble.retry_after_s)
                self._desk.refuse_all(trouble)
                while (left := until - trio.current_time()) > 0:
                    await self._desk.bell.wait(left)
                    self._desk.refuse_all(trouble)


class SyncTable:
    """One shop's. `wants` are the directions for which the register is read, as the agent reads it."""

    def __init__(
        self,
        shop: ShopKey,
        items: ItemsPort,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        register: RegisterSettings,
        wants: tuple[tuple[ShopKey, DirectionName], ...],
        *,
        at_once: int,
        tell: Tell,
    ) -> None:
        self.shop = shop
        self.items = items
        self.desk = desk
        self.journal = journal
        self.clock = clock
        self.chance = chance
        self.tell = tell
        self.turn: Turn | None = None
        """Whose quiet hours are waited out, if anybody's."""
        self.alone: Callable[[], AbstractAsyncContextManager[None]] = nullcontext
        """What the register is read in, so that nobody else reads it at the same time."""
        self._register = register
        self._wants = wants
        self._at_once = at_once

    @property
    def now_ms(self) -> int:
        return to_ms(self.clock())

    async def patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """The answer, asked for again while the other side does not serve us. Raises Trouble when only a person can
        mend it, or when patience is at its end. For what may be asked twice without harm."""
        for attempt in range(1, TRIES):
            await self.wait_out_quiet()
            try:
                return await ask()
            except Trouble as trouble:
                if trouble.kind is TroubleKind.REFUSED or trouble.fault in PERSONS | PAUSE_FAULTS:
                    raise
                wait_s = delay_s(attempt, self.chance, trouble.retry_after_s)
                log.warning("sync_waits", problem=trouble.problem, wait_s=round(wait_s))
                await trio.sleep(wait_s)
        return await ask()

    async def wait_out_quiet(self) -> None:
        """The shop is left alone as long as its quiet hours last."""
        while self.turn is not None and self.turn.quiet:
            wait_s = self.turn.wait_s
            self.tell("quiet", 0, 0)
            log.warning("sync_waits", problem="quiet_hours", wait_s=round(wait_s))
            await trio.sleep(wait_s)

    async def read_register(self) -> None:
        """Reads Mamut's register whole, into the journal, as the agent does; what differs puts the agent's tasks too.
        Raises Trouble when Mamut lets nobody in."""
        async with self.alone():
            await self._read_register()

    async def _read_register(self) -> None:
        await self.patiently(lambda: self.desk.ask(lambda mamut: mamut.registers()))
        rests = trio.Event()
        reader: RegisterReader

        def rung(_shop: ShopKey) -> None:
            if reader.resting:
                rests.set()

        reader = RegisterReader(self.desk, self.journal, self.clock, self.chance, self._register, self._wants, rung)
        reader.read_now()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(reader.run)
            while not rests.is_set():
                reading = self.journal.view(lambda tx: passes.of(tx, Part.ARTICLES))
                self.tell("register", min(reading.offset, reading.total), reading.total)
                with trio.move_on_after(LOOK_S):
                    await rests.wait()
            nursery.cancel_scope.cancel()
        total = self.journal.view(lambda tx: passes.of(tx, Part.ARTICLES)).total
        self.tell("register", total, total)

    async def read_shop(self, plan: int) -> list[str]:
        """Reads the shop's products whole, with their variations, into the journal. Gives those that nobody can read.
        Raises Trouble."""
        unreadable: list[str] = []
        total = offset = 0
        parents: list[int] = []
        while True:
            query = ItemsQuery(offset=offset, limit=PAGE)
            page = await self.patiently(partial(self.items.list_items, query))
            unreadable += page.unreadable
            total = page.total or total
            await self._keep(plan, page.items)
            parents += [seen.item.product_id for seen in page.items if seen.item.kind is ProductKind.VARIABLE]
            self.tell("shop", min(offset + page.rows, total), total)
            if page.rows < PAGE:
                break
            # One row back, so that a product that leaves meanwhile takes no other along.
            offset += PAGE - 1
        await self._read_variations(plan, list(dict.fromkeys(parents)), unreadable)
        return unreadable

    async def _read_variations(self, plan: int, parents: list[int], unreadable: list[str]) -> None:
        left, done = iter(parents), 0

        async def work() -> None:
            nonlocal done
            for parent in left:
                try:
                    found = await self.patiently(partial(self.items.list_item_variations, parent))
                except Trouble as trouble:
                    if trouble.kind is not TroubleKind.GARBLED:
                        raise
                    unreadable.append(f"{parent}: {trouble.detail}")
                    found = ()
                await self._keep(plan, found)
                done += 1
                self.tell("variations", done, len(parents))

        async with trio.open_nursery() as nursery:
            for _ in range(min(self._at_once, len(parents))):
                nursery.start_soon(work)

    async def _keep(self, plan: int, seen: tuple[ItemSeen, ...]) -> None:
        rows = [
            (each.item.product_id, each.item.parent_id, folded(each.item.sku), msgspec.msgpack.encode(each.item))
            for each in seen
        ]
        if not rows:
            return
        await self.journal.run(lambda tx: plans.keep_items(tx, plan, rows))
