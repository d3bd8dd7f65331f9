"""The writer of one shop: leaves Mamut's number on orders, in batches.

A batch of 20 to 50 costs the shop 21 to 25 ms an order, one at a time 74; so marks are gathered while more documents
of this shop are under way, for a few seconds at most.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import apsw
import msgspec

from agent.actors.batch_size import BatchSize
from agent.actors.bell import Bell
from agent.actors.health import REFRESH_S, Health
from agent.actors.times import to_ms, to_s
from agent.journal import aftermath, commands, orders, records
from agent.journal.commands import CommandRow
from agent.journal.journal import Journal
from agent.messages import MarkShopOrder
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.money import to_ore
from agent.remote.ports import MarkResult, ShopPort
from agent.remote.retry import ATTEMPTS_MAX, PAUSE_FAULTS, delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind

GATHER_S = 5.0
"""The longest that a mark waits for others of its shop, so that they go in one request."""

LOOK_S = 60.0
"""How often it is looked whether a shop that may not be written to may be again: nobody rings at the end of its quiet
hours."""

IDLE_S = float(REFRESH_S)
"""The longest sleep else: whoever leaves a mark rings, and how the writer is must be said again by then."""

_decoder = msgspec.msgpack.Decoder(MarkShopOrder)


class ShopWriter:
    """One shop's writer; rung when there is something to mark, and calls `written` when it has marked."""

    def __init__(
        self,
        shop: ShopKey,
        port: ShopPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        written: Callable[[], None],
        *,
        is_known: Callable[[], bool],
        size: int,
    ) -> None:
        self.bell = Bell()
        self._shop = shop
        self._remote = commands.shop_remote(shop)
        self._port = port
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._written = written
        self._is_known = is_known
        self._size = BatchSize(size)
        self._health = Health(f"writer/{shop}", journal, clock)
        self._failures = 0
        self.stopping = False

    async def run(self) -> None:
        """Works until told to stop; comes back only then."""
        while not self.stopping:
            wait_s = self._wait_s()
            if wait_s > 0:
                await self._health.good("waiting")
                await self.bell.wait(wait_s)
                continue
            await self._write()

    def _wait_s(self) -> float:
        """Seconds until there is a batch worth sending: a full one, an old one, or nothing more to wait for."""

        def look(tx: apsw.Connection) -> float:
            next_ms = commands.next_due(tx, self._remote)
            if next_ms is None:
                return IDLE_S
            if not self._is_known() or records.is_frozen(tx, self._shop):
                return LOOK_S
            now_ms = to_ms(self._clock())
            if next_ms > now_ms:
                return min(IDLE_S, (next_ms - now_ms) / 1000)
            count, oldest_ms = commands.due_now(tx, self._remote, now_ms, self._size.now)
            if count >= self._size.now or self.stopping:
                return 0.0
            age_s = (now_ms - (oldest_ms or now_ms)) / 1000
            coming = commands.is_any_waiting(tx, commands.MAMUT, self._shop) or orders.to_read(tx, self._shop, 1)
            return max(0.0, GATHER_S - age_s) if coming else 0.0

        return self._journal.view(look)

    async def _write(self) -> None:
        now_ms = to_ms(self._clock())
        rows = await self._journal.run(lambda tx: commands.take(tx, self._remote, now_ms, self._size.now), brief=True)
        if not rows:
            return
        marks = tuple(_decoder.decode(row.body) for row in rows)
        try:
            results = await self._port.mark_orders(marks)
            for mark, result in zip(marks, results, strict=True):
                if mark.note and not result.problem:
                    await self._port.note_order(mark)
        except Trouble as trouble:
            await self._again(rows, trouble)
            return
        self._failures = 0
        self._size.worked()
        await self._journal.run(self._marked(rows, marks, results), brief=True)
        self._written()
        await self._health.good()

    async def _again(self, rows: list[CommandRow], trouble: Trouble) -> None:
        """A mark may be repeated without harm, so a lost answer and a refusal for now are the same. Fewer go at once
        then: a slow shop comes through, and one order that is refused no longer holds up the others."""
        self._failures += 1
        self._size.failed(trouble)
        if trouble.kind is TroubleKind.REFUSED:
            self._size.now = 1
        paused = trouble.fault in PAUSE_FAULTS
        step = pause_s if paused or trouble.kind is TroubleKind.REFUSED else delay_s
        wait_s = step(self._failures, self._chance, trouble.retry_after_s)
        due_ms = to_ms(self._clock() + timedelta(seconds=wait_s))

        def step_back(tx: apsw.Connection) -> None:
            for row in rows:
                if trouble.kind is TroubleKind.REFUSED and len(rows) == 1 and row.attempts + 1 >= ATTEMPTS_MAX:
                    self._give_up(tx, row, trouble.problem)
                else:
                    commands.delay(tx, row.key, due_ms, unsure=False)

        await self._journal.run(step_back)
        await self._health.paused(trouble, wait_s)

    def _marked(
        self, rows: list[CommandRow], marks: tuple[MarkShopOrder, ...], results: tuple[MarkResult, ...]
    ) -> Callable[[apsw.Connection], None]:
        now_ms = to_ms(self._clock())
        due_ms = to_ms(self._clock() + timedelta(seconds=delay_s(3, self._chance)))

        def step(tx: apsw.Connection) -> None:
            known = orders.get_many(tx, self._shop, [mark.order_id for mark in marks])
            for row, mark, result in zip(rows, marks, results, strict=True):
                if not result.problem:
                    self._stands(tx, row, mark, result, known.get(mark.order_id), now_ms)
                elif row.attempts + 1 >= ATTEMPTS_MAX or result.problem.endswith("_invalid_id"):
                    self._give_up(tx, row, result.problem)
                else:
                    commands.delay(tx, row.key, due_ms, unsure=False)

        return step

    def _give_up(self, tx: apsw.Connection, row: CommandRow, problem: str) -> None:
        """The order is gone from the shop, or the shop will not have it marked; its document stands all the same."""
        commands.done(tx, row.key)
        records.tell(tx, self._shop, row.order_id, to_ms(self._clock()), "mark_refused", problem=problem)

    def _stands(
        self,
        tx: apsw.Connection,
        row: CommandRow,
        mark: MarkShopOrder,
        result: MarkResult,
        known: orders.OrderRow | None,
        now_ms: int,
    ) -> None:
        commands.done(tx, row.key)
        records.tell(tx, self._shop, mark.order_id, now_ms, "marked", mamut_order_no=mark.mamut_order_no)
        echo = result.echo
        same = (
            echo is not None
            and known is not None
            and echo.content_hash == known.content_hash
            and echo.status == known.status
            and to_ore(echo.total) == known.total_ore
        )
        if echo is not None and known is not None and same:
            seen_meanwhile = known.modified_at != known.read_modified_at
            if seen_meanwhile and known.modified_at <= to_s(echo.modified_at):
                aftermath.was_our_mark(tx, self._shop, mark.order_id, now_ms)
        # Our own write moved the order's date: the version we know now has that date.
        orders.set_marked(tx, self._shop, mark.order_id, to_s(echo.modified_at) if echo is not None and same else None)
