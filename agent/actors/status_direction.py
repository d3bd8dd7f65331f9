"""The direction statuses_to_shop of one shop: asks Mamut how far transferred orders have come, and tells the shop.

Mamut has no list of what changed, so the documents of the orders that are followed are asked for by their numbers, a
hundred at once and in the background, less and less often while nothing moves. What is found is kept; what follows from
it for the shop is a step in the journal (`agent/actors/status_steps.py`). Trouble with the shop does not keep Mamut
from being asked, nor the reverse.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random

import apsw
import msgspec
import structlog

from agent.actors.batch_size import BatchSize
from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.health import Health
from agent.actors.status_book import Case, StatusBook
from agent.actors.status_follow import DAY_MS, ask_families, keep_families, not_followed, take_up
from agent.actors.status_plugins import StatusPlugins
from agent.actors.status_steps import StatusSteps
from agent.actors.times import to_ms
from agent.actors.turns import Turn
from agent.decide import capture, statuses
from agent.flows import DirectionName
from agent.journal import directions, documents, orders, records
from agent.journal.documents import DocumentRow
from agent.journal.journal import Journal
from agent.journal.orders import OrderRow
from agent.model.clock import STOCKHOLM, Clock
from agent.model.goods import ShownOrder
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.said import GoodsReason, Said
from agent.plugins.hooks import Hook, Hooks
from agent.remote.ports import StatusPort
from agent.remote.retry import PAUSE_FAULTS, delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

NAME = DirectionName.STATUSES_TO_SHOP
LOOK_S = 60.0
"""The longest sleep: then newly transferred orders are looked for, and what has fallen due."""

FOLLOW_MAX = 500
"""Newly transferred orders taken up in one step."""

ASK_MAX = 100
"""Orders of one round of questions to Mamut: so many keys go in one look-up."""

SHOW_MAX = 50
"""Orders read from the shop at once."""

FRESH_S = 10.0
"""An order that was read longer ago is read again before its status is changed: somebody may have been there."""

log = structlog.get_logger("brygga")


class _Pause:
    """One remote that does not serve us now."""

    def __init__(self) -> None:
        self.failures = 0
        self.until_ms = 0


class StatusDirection:
    """One shop's direction. `every_s` is how often Mamut is asked at the most; `known` gives the shop's statuses,
    nothing when it did not tell; `progress` is called after each round. `bell` may be rung at any time: when orders
    were transferred, when a person retried one or resumed the direction."""

    def __init__(
        self,
        settings: ShopSettings,
        every_s: float,
        port: StatusPort,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        *,
        is_known: Callable[[], bool],
        progress: Callable[[], None],
        known: Callable[[], tuple[str, ...]] = tuple,
        hooks: Hooks | None = None,
    ) -> None:
        self.bell = Bell()
        self.turn = Turn(ShopKey(settings.key), NAME, None, journal, clock)
        """When it may work; the app gives it the one that its schedule makes."""
        self._settings = settings.statuses
        self._shop = ShopKey(settings.key)
        self._every_s = every_s
        self._port = port
        self._desk = desk
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._is_known = is_known
        self._progress = progress
        self._plugins = StatusPlugins(hooks, self._shop) if hooks and hooks.wants(Hook.STATUS_TO_SEND) else None
        self._book = StatusBook(settings, journal, clock, chance)
        self._steps = StatusSteps(settings, port, journal, clock, known, self._book)
        self._health = Health(f"{NAME}/{settings.key}", journal, clock)
        self._size = BatchSize(SHOW_MAX)
        self._of_shop = _Pause()
        self._of_mamut = _Pause()
        self._busy = False

    @property
    def _now_ms(self) -> int:
        return to_ms(self._clock())

    @property
    def idle(self) -> bool:
        """Whether nothing is left that will be done without a person or a change: no step under way, nothing to ask."""
        if self._busy:
            return False

        def look(tx: apsw.Connection) -> bool:
            if not self._may(tx):
                return not (self.turn.due and self._is_free(tx))
            ask_ms, look_ms = documents.next_ask(tx, self._shop), documents.next_look(tx, self._shop)
            later = all(due is None or due > self._now_ms for due in (ask_ms, look_ms))
            return (
                later and not documents.is_any_under_way(tx, self._shop, self._now_ms) and not self._not_followed(tx, 1)
            )

        return self._journal.view(look)

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        self._busy = False
        while True:
            await self.turn.begin()
            wait_s = self._wait_s()
            if wait_s > 0:
                if self.turn.has_times and self.idle and self._journal.view(self._may):
                    await self.turn.end()
                    wait_s = self._wait_s()
                if max(self._of_shop.until_ms, self._of_mamut.until_ms) <= self._now_ms:
                    await self._health.good("waiting")
                await self.bell.wait(wait_s)
                continue
            self._busy = True
            try:
                await self._round()
            finally:
                self._busy = False
            self._progress()

    # -- the loop -----------------------------------------------------------------------------------------------------

    def _may(self, tx: apsw.Connection) -> bool:
        return self.turn.may and self._is_free(tx)

    def _is_free(self, tx: apsw.Connection) -> bool:
        return self._is_known() and directions.is_open(tx, self._shop, NAME)

    def _wait_s(self) -> float:
        def look(tx: apsw.Connection) -> float:
            if not self._may(tx):
                return min(LOOK_S, self.turn.wait_s)
            if self._not_followed(tx, 1):
                return 0.0
            times = [
                (0 if documents.changed_in_shop(tx, self._shop, 1) else None, self._of_shop),
                (documents.next_due(tx, self._shop), self._of_shop),
                (documents.next_look(tx, self._shop), self._of_shop),
                (documents.next_ask(tx, self._shop), self._of_mamut),
            ]
            due = [max(at_ms, pause.until_ms) for at_ms, pause in times if at_ms is not None]
            return max(0.0, min(LOOK_S, *((at_ms - self._now_ms) / 1000 for at_ms in due))) if due else LOOK_S

        return self._journal.view(look)

    async def _round(self) -> None:
        """A little of everything that is due, so that nothing waits for all of something else."""
        await self._take_up()
        if self._of_shop.until_ms <= self._now_ms:
            await self._guarded(self._tell_shop, self._of_shop)
        if self._of_mamut.until_ms <= self._now_ms:
            await self._guarded(self._ask_mamut, self._of_mamut)
        if self._of_shop.until_ms <= self._now_ms:
            await self._guarded(self._look_at_money, self._of_shop)

    async def _guarded(self, part: Callable[[], Awaitable[None]], pause: _Pause) -> None:
        try:
            await part()
        except Trouble as trouble:
            pause.failures += 1
            step = pause_s if trouble.fault in PAUSE_FAULTS else delay_s
            wait_s = step(pause.failures, self._chance, trouble.retry_after_s)
            pause.until_ms = to_ms(self._clock() + timedelta(seconds=wait_s))
            await self._health.paused(trouble, wait_s)
        else:
            pause.failures = 0

    # -- Mamut --------------------------------------------------------------------------------------------------------

    def _not_followed(self, tx: apsw.Connection, limit: int) -> list[OrderRow]:
        return not_followed(tx, self._shop, self._settings.follow_days, self._now_ms, limit)

    async def _take_up(self) -> None:
        found = self._journal.view(lambda tx: self._not_followed(tx, FOLLOW_MAX))
        if found:
            step = take_up(self._shop, found, self._settings.follow_days, self._every_s, self._now_ms)
            await self._journal.run(step)

    async def _ask_mamut(self) -> None:
        rows = self._journal.view(lambda tx: documents.to_ask(tx, self._shop, self._now_ms, ASK_MAX))
        if not rows:
            return
        known = self._journal.view(lambda tx: [orders.get(tx, row.shop, row.order_id) for row in rows])
        families = await ask_families(self._desk, [order for order in known if order is not None])
        keep = keep_families(rows, families, self._settings, self._every_s, self._now_ms)
        changed = await self._journal.run(keep)
        if not changed:
            await self._ran(Said.STATUS_NOTHING_NEW, {"orders": str(len(rows))})

    # -- the shop -----------------------------------------------------------------------------------------------------

    async def _tell_shop(self) -> None:
        """Steps that are due, of as many orders as one reading of the shop covers."""
        await self._wake()
        rows = self._journal.view(lambda tx: documents.due(tx, self._shop, self._now_ms, self._size.now))
        if not rows:
            return
        self._steps.written, self._steps.requests = 0, 1
        trouble = await self._advance(rows, await self._show(rows))
        code = Said.WRITTEN if self._steps.written else Said.UNCHANGED
        await self._ran(code, {"orders": str(len(rows))}, self._steps.written, self._steps.requests)
        if trouble is not None:
            raise trouble

    async def _advance(self, rows: list[DocumentRow], shown: dict[ShopOrderId, ShownOrder]) -> Trouble | None:
        """One order after the other, until the shop does not serve us, or what it showed has grown old."""
        read_at = self._clock()
        for row in rows:
            order = shown.get(row.order_id)
            if (self._clock() - read_at).total_seconds() > FRESH_S:
                return None
            if order is None:
                await self._book.gone(row)
                continue
            case = self._case(row, order)
            if self._plugins is not None and (held := self._plugins.change(case)) is not None:
                await self._book.hold(case, GoodsReason.STATUS_PLUGIN_HELD, held)
                continue
            try:
                await self._steps.advance(case)
            except Trouble as trouble:
                return trouble
        return None

    async def _wake(self) -> None:
        """Held orders that the shop has shown to be changed are looked at again."""
        rows = self._journal.view(lambda tx: documents.changed_in_shop(tx, self._shop, SHOW_MAX))
        if not rows:
            return
        now_ms = self._now_ms

        def held_woken(tx: apsw.Connection) -> None:
            for row in rows:
                order = orders.get(tx, row.shop, row.order_id)
                seen_at = max(row.seen_at, order.modified_at if order else 0)
                next_ms = now_ms if row.code == Said.ORDER_GONE else row.next_ms
                documents.save(tx, msgspec.structs.replace(row, due_ms=now_ms, next_ms=next_ms, seen_at=seen_at))

        await self._journal.run(held_woken)

    async def _show(self, rows: list[DocumentRow]) -> dict[ShopOrderId, ShownOrder]:
        try:
            shown = await self._port.show_orders(tuple(row.order_id for row in rows), capture.META)
        except Trouble as trouble:
            self._size.failed(trouble)
            if trouble.kind is not TroubleKind.GARBLED:
                raise
            if len(rows) == 1:
                await self._book.unreadable(rows[0], trouble)
            raise
        self._size.worked()
        return {ShopOrderId(order.order_id): order for order in shown}

    def _case(self, row: DocumentRow, shown: ShownOrder) -> Case:
        def look(tx: apsw.Connection) -> Case:
            order = orders.get(tx, row.shop, row.order_id)
            if order is None:
                raise LookupError(f"order {row.order_id} of {row.shop} has a document and no row")
            settings = statuses.with_chosen(self._settings, documents.chosen(tx, row.shop, row.order_id))
            return Case(row, order, shown, documents.mailed(tx, row.shop, row.order_id), settings)

        return self._journal.view(look)

    async def _ran(self, code: Said, params: dict[str, str], written: int = 0, requests: int = 0) -> None:
        now_ms = self._now_ms

        def statuses_ran(tx: apsw.Connection) -> None:
            directions.ran(tx, self._shop, NAME, now_ms, code, params, written=written, requests=requests)

        await self._journal.run(statuses_ran)

    # -- money that is only reserved ----------------------------------------------------------------------------------

    async def _look_at_money(self) -> None:
        """Whether reservations of orders that are not delivered yet are about to expire."""
        rows = self._journal.view(lambda tx: documents.to_look(tx, self._shop, self._now_ms, self._size.now))
        if not rows:
            return
        shown = await self._show(rows)
        now_ms = self._now_ms

        def money_looked_at(tx: apsw.Connection) -> list[DocumentRow]:
            looked = []
            for row in rows:
                kept = documents.get(tx, row.shop, row.order_id)
                if kept is not None:
                    looked.append(self._expiry(tx, kept, shown.get(row.order_id), now_ms))
                    documents.save(tx, looked[-1])
            return looked

        for row in await self._journal.run(money_looked_at):
            if row.capture in ("expiring", "expired"):
                log.warning("reserved_money", shop=row.shop, order_id=row.order_id, capture=row.capture)

    def _expiry(self, tx: apsw.Connection, row: DocumentRow, order: ShownOrder | None, now_ms: int) -> DocumentRow:
        """The row with when it is looked at again, and what a person is told."""
        expires = None
        if order is not None and capture.may_expire(order):
            expires = capture.expires_at(order, self._settings.expiry_days)
        if order is None or expires is None:
            quiet = "" if row.capture in ("expiring", "expired") else row.capture
            return msgspec.structs.replace(row, look_ms=None, capture=quiet)
        expires_ms = to_ms(expires)
        warn_ms = expires_ms - self._settings.warn_days * DAY_MS
        if now_ms < warn_ms:
            return msgspec.structs.replace(row, look_ms=warn_ms)
        expired = now_ms >= expires_ms
        reason = GoodsReason.CAPTURE_EXPIRED if expired else GoodsReason.CAPTURE_EXPIRING
        provider = capture.provider_of(order.payment_method)
        day = expires.astimezone(STOCKHOLM).date().isoformat()
        params = {"provider": provider.name if provider else order.payment_method, "day": day}
        records.tell(tx, row.shop, row.order_id, now_ms, "reserved_money", reason=reason.value, **params)
        row = row if row.step else row.saying(reason, params)
        state = row.capture if row.capture == "failed" else "expired" if expired else "expiring"
        return msgspec.structs.replace(row, capture=state, look_ms=None if expired else expires_ms)
