"""A register reader at work on a simulated Mamut, with the real writer at the desk between them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

import apsw
import msgspec
import trio

from agent.actors.desk import Desk
from agent.actors.mamut_writer import MamutWriter
from agent.actors.register_reader import RegisterReader
from agent.flows import DirectionName
from agent.journal import passes, records, tasks
from agent.journal.journal import open_journal
from agent.journal.passes import Part, Pass
from agent.model.ids import ShopKey
from agent.remote.ports import MamutCompany
from agent.settings.tree_goods import RegisterSettings
from scenarios.play import MortalJournal, suppress_killed
from scenarios.stage import Calendar
from simulators.http import Simulator
from simulators.mamut.options import MamutOptions
from simulators.mamut.system import Mamut
from tests.remote.mamut_side import MamutSide, mamut_side

SHOP = ShopKey("butik")
PRODUCTS, PRICES, STOCK = (
    DirectionName.PRODUCTS_TO_SHOP,
    DirectionName.PRICES_TO_SHOP,
    DirectionName.STOCK_TO_SHOP,
)
ALL = ((SHOP, PRODUCTS), (SHOP, PRICES), (SHOP, STOCK))


class RegisterSide:
    """`side` is Mamut, `journal` what the reader leaves behind, `rung` how often a shop was told to look."""

    def __init__(self, side: MamutSide, journal: MortalJournal) -> None:
        self.side = side
        self.mamut = side.mamut
        self.journal = journal
        self.calendar = Calendar()
        self.rung: list[ShopKey] = []

    @asynccontextmanager
    async def reading(
        self,
        wants: tuple[tuple[ShopKey, DirectionName], ...] = ALL,
        settings: RegisterSettings | None = None,
    ) -> AsyncIterator[RegisterReader]:
        """A reader that works until the block ends, which kills it."""
        desk = Desk()
        writer = MamutWriter(
            self.side.port, self.journal, desk, self.calendar.now, Random(1), lambda _: None, self._opened
        )
        reader = RegisterReader(
            desk, self.journal, self.calendar.now, Random(2), settings or RegisterSettings(), wants, self.rung.append
        )
        async with trio.open_nursery() as nursery:
            nursery.start_soon(writer.run)
            nursery.start_soon(reader.run)
            yield reader
            nursery.cancel_scope.cancel()

    async def read(
        self,
        wants: tuple[tuple[ShopKey, DirectionName], ...] = ALL,
        settings: RegisterSettings | None = None,
    ) -> None:
        """A reader that starts, reads all that is due, and ends."""
        async with self.reading(wants, settings) as reader:
            await rested(reader)

    async def read_killed(self, moment: int, settings: RegisterSettings | None = None) -> bool:
        """A reader killed at a moment: before its step n at 2n, after it at 2n + 1. False when it lived to its end."""
        journal = self.journal
        journal.steps, journal.kill_at, journal.dead = 0, moment, False
        with suppress_killed() as killed:
            await self.read(settings=settings)
        journal.kill_at, journal.dead = None, False
        return bool(killed)

    async def asked(self, direction: DirectionName, shop: ShopKey = SHOP) -> list[str]:
        """The numbers of the articles that this direction is to look at, taken away as if it had."""

        def look(tx: apsw.Connection) -> list[str]:
            due = tasks.due(tx, shop, direction, 2**60, 10**9)
            tasks.drop(tx, shop, direction, [task.pk for task in due])
            return sorted(self.mamut.products()[task.pk - 1].product_no for task in due)

        return await self.journal.run(look)

    def fault(self) -> str:
        """What the reader shows to be wrong."""
        rows = self.journal.view(lambda tx: tx.execute("SELECT fault FROM health WHERE actor = 'register'").fetchall())
        return str(rows[0][0])

    def pass_of(self, part: Part) -> Pass:
        return self.journal.view(lambda tx: passes.of(tx, part))

    async def _opened(self, company: MamutCompany) -> None:
        text = msgspec.json.encode(company).decode()
        await self.journal.run(lambda tx: records.set_value(tx, records.MAMUT_COMPANY, text))


async def rested(reader: RegisterReader) -> None:
    """Until the reader has nothing to do."""
    with trio.fail_after(7200):
        while not reader.resting:  # noqa: ASYNC110 - a test waits for what an actor shows
            await trio.sleep(0.5)


@asynccontextmanager
async def register_side(
    folder: Path,
    *,
    seed: int = 1,
    options: MamutOptions | None = None,
    simulator: Callable[[Mamut], Simulator] | None = None,
) -> AsyncIterator[RegisterSide]:
    journal = open_journal(folder / "journal.db", threaded=False, kind=MortalJournal, synchronous=False)
    async with mamut_side(options, seed, simulator) as side:
        yield RegisterSide(side, journal)
    journal.close()
