"""A shop, a Mamut and a first synchronisation between them, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

from agent.app_sync import FirstSync, first_sync
from agent.journal import plans
from agent.journal.plans import Counts
from agent.model.owners import System
from agent.model.plan import Action, Plan, PlanRow, RowState
from scenarios.play import suppress_killed
from tests.actors.goods_shop import GoodsShop

DAY_S = 86_400.0

OWN_ARTICLE = "DESCRIPTION"
"""Every Mamut has it, for rows of text; it is not for the web."""


class SyncSide:
    """Does what `brygga sync products` does, each time in a life of its own."""

    def __init__(self, shop: GoodsShop) -> None:
        self.shop = shop
        self.world = shop.world
        self.told: list[tuple[str, int, int]] = []

    @asynccontextmanager
    async def sync(self, kill_at: int | None = None) -> AsyncIterator[FirstSync]:
        play, settings = self.world, self.shop.settings
        world, secrets = play.world(), play.secrets()
        journal = play.open_journal()
        journal.kill_at = kill_at
        try:
            with trio.fail_after(DAY_S):
                async with first_sync(
                    play.settings, secrets, settings, journal, world, lambda *told: self.told.append(told)
                ) as sync:
                    yield sync
        finally:
            journal.close()

    async def plan(self, source: System = System.MAMUT) -> int:
        async with self.sync() as sync:
            number, unreadable = await sync.plan(source)
            assert unreadable == []
            return number

    async def apply(self, number: int, *, kill_at: int | None = None) -> Counts | None:
        """What the rows have come to; None when it was killed."""
        counts, plan = None, self.kept(number)
        with suppress_killed():
            async with self.sync(kill_at) as sync:
                counts = await sync.apply(plan)
        return counts

    async def undo(self, number: int) -> Counts:
        plan = self.kept(number)
        async with self.sync() as sync:
            return await sync.undo(plan)

    def writes(self) -> list[str]:
        """The paths of all batches of products that the shop has been sent."""
        return [path for path in self.shop.writes() if "/products/" in path]

    async def sleep(self, seconds: float) -> None:
        await trio.sleep(seconds)

    # -- what is kept --------------------------------------------------------------------------------------------------

    def kept(self, number: int) -> Plan:
        journal = self.world.journal()
        try:
            found = journal.view(lambda tx: plans.get(tx, number))
        finally:
            journal.close()
        assert found is not None
        return found

    def rows(self, number: int) -> dict[str, PlanRow]:
        journal = self.world.journal()
        try:
            found = journal.view(lambda tx: list(plans.walk(tx, number)))
            return {row.number: row for row in found if row.number != OWN_ARTICLE}
        finally:
            journal.close()

    def actions(self, number: int) -> dict[str, Action]:
        return {name: row.action for name, row in self.rows(number).items()}

    def states(self, number: int) -> dict[str, RowState]:
        return {name: row.state for name, row in self.rows(number).items()}

    def counted(self, number: int) -> Counts:
        journal = self.world.journal()
        try:
            return journal.view(lambda tx: plans.counts(tx, number))
        finally:
            journal.close()
