"""The reader of one shop's sales: what its orders have taken from the stock that all shops share.

Every enabled shop has one, whether its own stock comes from Mamut or not. A look asks for the orders that have changed
since the last one, with their rows, in one request where nothing much has happened. The first look asks for every order
that holds stock.

Orders that a rule or a person keeps from Mamut, and those from before the start, do not count: people take care of
those, in Mamut too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

import apsw
import msgspec
import structlog
import trio

from agent.actors.bell import Bell
from agent.actors.health import Health
from agent.actors.times import from_s, to_ms, to_s
from agent.flows import DirectionName
from agent.journal import records, sales, stock_facts, tasks
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.goods import Sale, SalesPage, ShownOrder
from agent.model.ids import ShopKey, ShopOrderId
from agent.remote.ports import SalesQuery
from agent.remote.retry import PAUSE_FAULTS, delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

PAGE = 100

CLOCK_SLACK_S = 60
"""So much less than before may a shop's clock show without having gone back."""

GONE_BACK_S = 3_600
"""How far before the present a look begins when the shop's clock has gone back."""

MISSED_S = 3_600.0
"""Everything is asked for again at most so often, when a sale is known that no look has shown."""

DAY_S = 86_400

FORGET_DAYS = 180
"""An order that has not changed for so long, and counts no more, is forgotten."""

CHECK_S = 3_600.0
"""So often some of the orders that count are asked for by id: trash and deletion show in no listing."""

CHECKED = 50

log = structlog.get_logger("brygga")


class SalesPort(Protocol):
    """What the reader asks of a shop; each raises Trouble (agent.remote.ports)."""

    async def list_sales(self, query: SalesQuery) -> SalesPage: ...
    async def show_orders(
        self, order_ids: tuple[ShopOrderId, ...], meta: tuple[str, ...]
    ) -> tuple[ShownOrder, ...]: ...


class SalesReader:
    """One shop's reader. `shops` are those whose stock is kept from Mamut: an article sold here is looked at in each of
    them. `found` is called when there is something to look at, and once when the sales are first known."""

    def __init__(
        self,
        settings: ShopSettings,
        port: SalesPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        shops: tuple[str, ...],
        *,
        is_known: Callable[[], bool],
        found: Callable[[], None],
    ) -> None:
        self.bell = Bell()
        self.looks = 0
        """Looks that are through, since the start."""
        self.noted = 0
        """Sales that were new or had changed, since the start: whoever has decided before one decides again."""
        self._settings = settings
        self._shop = ShopKey(settings.key)
        self._port = port
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._shops = tuple(ShopKey(key) for key in shops)
        self._custom = frozenset(settings.orders.trigger) - sales.SELLING_NOTHING - sales.HOLDING
        self._is_known = is_known
        self._found = found
        self._health = Health(f"sales/{settings.key}", journal, clock)
        self._looking = trio.Lock()
        self._asked_at = -float("inf")
        self._listed_all_at = -float("inf")
        self._checked_at: float | None = None
        self._checked_id = 0

    @property
    def age_s(self) -> float:
        """Seconds since the question of the last look left."""
        return trio.current_time() - self._asked_at

    async def run(self) -> None:
        """Looks for ever; ends by being cancelled."""
        failures = 0
        while True:
            if not self._may():
                await self.bell.wait(60.0)
                continue
            try:
                await self.look()
                failures = 0
            except Trouble as trouble:
                failures += 1
                paused = trouble.fault in PAUSE_FAULTS or trouble.kind is TroubleKind.REFUSED
                wait_s = (pause_s if paused else delay_s)(failures, self._chance, trouble.retry_after_s)
                await self._health.paused(trouble, wait_s)
                await self.bell.wait(wait_s)
                continue
            await self._health.good("waiting")
            await self.bell.wait(self._settings.reading.interval_s)

    async def look(self) -> int:
        """Asks what has been sold since the last look, and keeps it. Gives how many requests that took; none when the
        shop must not be asked. Raises Trouble."""
        async with self._looking:
            if not self._may():
                return 0
            asked_at = trio.current_time()
            mark = self._mark()
            requests = await self._list(mark)
            self._asked_at = asked_at
            await self.recount()
            self.looks += 1
            if mark is None:
                self._found()
            if self.looks == 1 or mark is None:
                return requests
            return requests + await self._look_for_missed() + await self._look_for_gone()

    def _may(self) -> bool:
        return self._is_known() and not self._journal.view(lambda tx: records.is_frozen(tx, self._shop))

    # -- the listing ---------------------------------------------------------------------------------------------------

    def _what(self) -> str:
        """Which orders are asked for: when this changes, everything is."""
        start = self._settings.orders.start_at
        return f"{'' if start is None else to_s(start)}|{','.join(sorted(self._custom))}"

    def _mark(self) -> int | None:
        """Up to when, by the shop's clock, its sales are known; None when they are not."""
        text = self._journal.view(lambda tx: records.value(tx, sales.mark_key(self._shop)))
        seconds, _, what = text.partition(" ")
        return int(seconds) if text and what == self._what() else None

    async def _list(self, mark: int | None) -> int:
        reading, start = self._settings.reading, self._settings.orders.start_at
        query = SalesQuery(
            modified_after=None if mark is None else from_s(mark) - timedelta(seconds=reading.overlap_s + 1),
            created_after=None if start is None else start - timedelta(seconds=1),
            statuses=tuple(sorted(sales.HOLDING | self._custom)) if mark is None else (),
            limit=PAGE,
        )
        began: datetime | None = None
        requests, last_id = 0, 0
        while True:
            page = await self._port.list_sales(query)
            requests += 1
            if began is None:
                began = page.asked_at
                if mark is not None and to_s(began) < mark - CLOCK_SLACK_S:
                    return requests + await self._list(to_s(began) - GONE_BACK_S)
            await self._note(page)
            ids = [sale.order_id for sale in page.sales]
            slid = last_id and ids and last_id not in ids and query.offset > 0
            if page.rows < PAGE and not slid:
                break
            # Pages reach one row back into the one before: where that row is missing an order has left the listing,
            # and others have slid over the border.
            last_id = 0 if slid or page.unreadable else (ids[-1] if ids else 0)
            step = -PAGE if slid else page.rows - 1
            query = msgspec.structs.replace(query, offset=max(0, query.offset + step))
        await self._set_mark(to_s(began), mark)
        return requests

    async def _set_mark(self, began: int, mark: int | None) -> None:
        """Never past the moment at which the listing began. A quiet shop's mark moves now and then only: a commit is a
        flush of the disk, and the overlap is asked for anyway."""
        if mark is not None and mark <= began < mark + self._settings.reading.overlap_s:
            return
        text = f"{began} {self._what()}"

        def moving_mark(tx: apsw.Connection) -> None:
            records.set_value(tx, sales.mark_key(self._shop), text)
            if mark is None or began // DAY_S != mark // DAY_S:
                sales.forget(tx, self._shop, began - FORGET_DAYS * DAY_S)

        await self._journal.run(moving_mark)

    async def _note(self, page: SalesPage) -> None:
        for text in page.unreadable:
            log.warning("sale_unreadable", shop=self._shop, problem=text)

        def fresh(tx: apsw.Connection) -> tuple[list[Sale], int | None]:
            known_ms = stock_facts.whole_reading_ms(tx)
            return [
                sale for sale in page.sales if not sales.is_known(tx, self._shop, sale, self._custom, known_ms)
            ], known_ms

        new, known_ms = self._journal.view(fresh)
        if not new:
            return
        now_ms = to_ms(self._clock())

        def noting_sales(tx: apsw.Connection) -> None:
            touched: set[int] = set()
            for sale in new:
                touched |= sales.note(tx, self._shop, sale, self._custom, known_ms)
            self._put(tx, touched, now_ms)

        await self._journal.run(noting_sales)
        self.noted += len(new)
        self._found()

    async def recount(self) -> None:
        """What has become of the orders since: transferred, left to people, gone. Asks nobody."""
        known_ms = self._journal.view(stock_facts.whole_reading_ms)
        if not self._journal.view(lambda tx: sales.is_to_be_recounted(tx, self._shop, self._custom, known_ms)):
            return
        now_ms = to_ms(self._clock())

        def recounting(tx: apsw.Connection) -> None:
            self._put(tx, sales.recount(tx, self._shop, self._custom, known_ms), now_ms)

        await self._journal.run(recounting)
        self.noted += 1
        self._found()

    def _put(self, tx: apsw.Connection, pks: set[int] | frozenset[int], now_ms: int) -> None:
        """All shops share the stock. The one that sold is looked at too: it is seldom written to, since it has taken
        the pieces from its own figure itself."""
        for shop in self._shops if pks else ():
            tasks.put(tx, shop, DirectionName.STOCK_TO_SHOP, sorted(pks), now_ms)

    async def _look_for_missed(self) -> int:
        """The orders' own reader may know of a sale that no look has shown: some hosts and plugins break the filter by
        date. Then everything is asked for again."""
        mark = self._mark()
        if mark is None or trio.current_time() - self._listed_all_at < MISSED_S:
            return 0
        before_s = mark - int(2 * self._settings.reading.overlap_s)
        if not self._journal.view(lambda tx: sales.missed(tx, self._shop, self._custom, before_s)):
            return 0
        self._listed_all_at = trio.current_time()
        return await self._list(None)

    # -- what no listing shows -----------------------------------------------------------------------------------------

    async def _look_for_gone(self) -> int:
        """Orders in the trash, and those deleted for good. What an answer leaves out is asked for again until nothing
        more comes: some hosts give fewer rows than were asked for."""
        now = trio.current_time()
        if self._checked_at is not None and now - self._checked_at < CHECK_S:
            return 0
        first, self._checked_at = self._checked_at is None, now
        if first:
            return 0
        ids = self._journal.view(lambda tx: sales.counted(tx, self._shop, self._checked_id, CHECKED))
        self._checked_id = ids[-1] if len(ids) == CHECKED else 0
        missing, requests = set(ids), 0
        while missing:
            asked = tuple(ShopOrderId(order_id) for order_id in sorted(missing))
            shown = {int(order.order_id) for order in await self._port.show_orders(asked, ())}
            requests += 1
            if not shown & missing:
                break
            missing -= shown
        if missing:
            now_ms = to_ms(self._clock())

            def giving_up_sales(tx: apsw.Connection) -> None:
                self._put(tx, sales.gone(tx, self._shop, sorted(missing)), now_ms)

            await self._journal.run(giving_up_sales)
            self.noted += len(missing)
            self._found()
        return requests
