"""The reader of one shop's orders: polls so that nothing is lost, and says which orders must be read.

Three nets, each behind the other: a listing of what changed since the last finished one, with an overlap; a census of
all ids of the last weeks; and a slow re-reading that compares by content. A webhook only rings the bell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import apsw
import structlog
import trio

from agent.actors.batch_size import BatchSize
from agent.actors.bell import Bell
from agent.actors.doorbell import Doorbell
from agent.actors.health import Health
from agent.actors.pager import Pager
from agent.actors.sights import (
    BY_HAND,
    JudgeSight,
    accepted_up_to,
    freeze,
    is_all_known,
    note_sights,
    note_unreadable,
    noting_who_told,
)
from agent.actors.times import from_s, to_ms, to_s
from agent.actors.turns import Turn
from agent.flows import DirectionName
from agent.journal import aftermath, orders, records, shop_facts
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Fault, OrderState, Reason
from agent.remote.ports import Listing, ListQuery, ShopIdentity, ShopPort
from agent.remote.retry import NOW_AND_THEN, PAUSE_FAULTS, delay_s, pause_s, served_delay_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

LOOK_S = 60.0
"""The longest sleep while its schedule lets it rest."""

KNOWN_BY = 20
"""So many of the newest known orders are looked for at the start, to see whether the shop is still the one it was."""

CLOCK_SLACK_S = 60
"""So much less than before may a shop's clock show without having gone back, since how long an answer took is taken off
its time. Each listing looks back farther than that."""

RUNG_ALL = 1_000_000
"""More than ever wait."""

RUNG_MAX = 100
"""Orders that have rung are looked at in one request, at most so many."""

PAGE_TRIES = 3
"""So often a page is asked for before the listing is given up."""

GONE_BACK_S = 3_600
"""How far before the present a listing begins when the shop's clock has gone back."""

log = structlog.get_logger("brygga")


class OrderReader:
    """One shop's reader. `found` is called when there is something to be read, `polled` when a poll is through,
    `recognised` when the shop is the one it was, before each poll."""

    def __init__(
        self,
        settings: ShopSettings,
        port: ShopPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        judge: JudgeSight,
        found: Callable[[], None],
        polled: Callable[[], None],
        recognised: Callable[[], None],
    ) -> None:
        self.bell = Bell()
        self.turn = Turn(ShopKey(settings.key), DirectionName.ORDERS_TO_MAMUT, None, journal, clock)
        """When it may read; the app gives it the one that its schedule makes."""
        self.polls = 0
        self.statuses: tuple[str, ...] = ()
        """The order statuses that the shop has told of, nothing before it has been recognised."""
        self.doorbell: Doorbell | None = None
        """Where the shop's webhooks ring, if it has any."""
        self.rung: Callable[[], None] = lambda: None
        """Called when orders that have rung have been looked at."""
        self._poll_asked = False
        self._settings = settings
        self._shop = ShopKey(settings.key)
        self._port = port
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._judge = judge
        self._found = found
        self._polled = polled
        self._recognised = recognised
        self._filter_proved = False
        self._page = BatchSize(settings.reading.page_size)
        self._health = Health(f"reader/{settings.key}", journal, clock)
        self.clock_skew_s = 0.0
        """How many seconds the shop's clock was ahead of ours when it was last recognised."""

    async def run(self) -> None:
        """Reads for ever; ends by being cancelled."""
        failures = 0
        known = False
        while True:
            served, listing = self._port.served, False
            try:
                known = known or await self._recognise()
                if not known or self._journal.view(lambda tx: records.is_frozen(tx, self._shop)):
                    known = False
                    await self._stay_frozen()
                    continue
                self._recognised()
                if not await self.turn.begin():
                    await self._health.good("waiting")
                    await self._wait(min(LOOK_S, self.turn.wait_s))
                    continue
                self._forget_rings()
                listing = True
                with trio.move_on_after(self.turn.quiet_in_s) as reading:
                    await self._poll()
                if reading.cancelled_caught:
                    continue
                await self.turn.end()
                self._page.worked()
                failures = 0
                await self._health.good("waiting")
                await self._rest()
            except Trouble as trouble:
                if listing:
                    self._page.failed(trouble)
                failures += 1
                paused = trouble.fault in PAUSE_FAULTS or trouble.kind is TroubleKind.REFUSED
                steps = pause_s if paused else served_delay_s if self._port.served > served else delay_s
                wait_s = steps(failures, self._chance, trouble.retry_after_s)
                await self._health.paused(trouble, wait_s)
                await self._wait(wait_s)

    def poll_now(self) -> None:
        """A person wants to see the shop read."""
        self._poll_asked = True
        self.bell.ring()

    async def _rest(self) -> None:
        """Until the next poll. Rings are answered meanwhile, unless the merchant has set times of day for orders: then
        what has rung is found by the listing at the next of them."""
        pause_s = self.turn.pause_s(self._settings.reading.interval_s)
        if self.turn.has_cron:
            await self._wait(min(LOOK_S, pause_s))
        else:
            await self._answer_rings(min(pause_s, self.turn.quiet_in_s))

    def _forget_rings(self) -> None:
        if self.turn.has_cron and self.doorbell is not None:
            self.doorbell.take(RUNG_ALL)

    async def _wait(self, wait_s: float) -> None:
        """Until the time is over or a person wants a poll. A shop that does not serve us is asked no sooner because it
        rings: what has rung is looked at afterwards."""
        end = trio.current_time() + wait_s
        while not self._poll_asked and (left_s := end - trio.current_time()) > 0:
            await self.bell.wait(left_s)
        self._poll_asked = False

    async def _stay_frozen(self) -> None:
        row = self._journal.view(lambda tx: records.shop(tx, self._shop))
        await self._health.stopped("frozen", row.frozen_fault, row.frozen_detail)
        await self._wait(60.0)

    # -- webhooks ------------------------------------------------------------------------------------------------------

    async def _answer_rings(self, wait_s: float) -> None:
        """Until the next poll is due, looks at the orders that ring; ends at once when the shop has been frozen."""
        end = trio.current_time() + wait_s
        while (left_s := end - trio.current_time()) > 0 and not self._poll_asked:
            door = self.doorbell
            if door is None or not door.rings:
                await self.bell.wait(left_s)
            elif self._journal.view(lambda tx: records.is_frozen(tx, self._shop)):
                break
            elif door.look_at_all:
                door.look_at_all = False
                break
            else:
                await self._look_at(door)
        self._poll_asked = False

    async def _look_at(self, door: Doorbell) -> None:
        """Shows the orders as a listing would; those that it does not show are read, if they are known."""
        asked = door.take(RUNG_MAX)
        try:
            listing = await self._port.list_orders(
                ListQuery(order_ids=asked, created_after=self._start(), limit=RUNG_MAX)
            )
            await self._note(listing, rang=True)
        except Trouble:
            door.give_back(asked)
            raise
        shown = {sight.order_id for sight in listing.sights} | {
            ShopOrderId(int(text.partition(":")[0])) for text in listing.unreadable
        }
        gone = [order_id for order_id in asked if order_id not in shown]
        if gone:
            known = await self._journal.run(self._rang_and_gone(gone))
            if known:
                self._found()
        self.rung()

    def _rang_and_gone(self, order_ids: list[ShopOrderId]) -> Callable[[apsw.Connection], int]:
        """Into the trash, deleted, or never ours: whichever it is shows when a known one is read."""
        now_ms = to_ms(self._clock())

        def rang_and_gone(tx: apsw.Connection) -> int:
            known = orders.get_many(tx, self._shop, order_ids)
            for row in known.values():
                if row.state == OrderState.TRANSFERRED.value:
                    aftermath.put(tx, self._shop, row.order_id, now_ms)
                elif row.reason != Reason.GONE_FROM_SHOP.value and row.reason not in BY_HAND:
                    orders.want_reading(tx, self._shop, row.order_id)
            return len(known)

        return rang_and_gone

    # -- who is there ------------------------------------------------------------------------------------------------

    async def _recognise(self) -> bool:
        """Whether the shop is the one it was; freezes it when not."""
        identity = await self._port.identity()
        row = self._journal.view(lambda tx: records.shop(tx, self._shop))
        if row.frozen_fault:
            return False
        if not row.url:
            await self._journal.run(lambda tx: records.know_shop(tx, self._shop, identity.url, identity.store_id))
        else:
            other = difference(row, identity)
            if other:
                return await self._freeze(Fault.SHOP_CHANGED, other)
        await self._keep_facts(identity)
        self._warn(identity)
        self.statuses = identity.statuses
        return await self._same_orders()

    async def _keep_facts(self, identity: ShopIdentity) -> None:
        """What people are shown of the shop; written when it has become another."""
        told = (identity.name, identity.version, identity.currency)
        if not self._journal.view(lambda tx: shop_facts.is_news(tx, self._shop, *told)):
            return
        now_ms = to_ms(self._clock())
        await self._journal.run(lambda tx: shop_facts.keep_identity(tx, self._shop, *told, now_ms))

    def _warn(self, identity: ShopIdentity) -> None:
        unknown = [
            slug for slug in self._settings.orders.trigger if identity.statuses and slug not in identity.statuses
        ]
        if unknown:
            raise Trouble(
                TroubleKind.REFUSED, "status_unknown", detail=", ".join(unknown), fault=Fault.SHOP_STATUS_UNKNOWN
            )
        self.clock_skew_s = identity.clock_skew_s
        if abs(identity.clock_skew_s) > 300:
            log.warning(
                "clock", shop=self._shop, fault=Fault.SHOP_CLOCK_WRONG.value, skew_s=round(identity.clock_skew_s)
            )

    async def _same_orders(self) -> bool:
        """A shop brought back from a backup has lost its newest orders, or has given their ids to others."""
        newest = self._journal.view(
            lambda tx: orders.newest(tx, self._shop, KNOWN_BY, above=accepted_up_to(tx, self._shop))
        )
        if len(newest) < 3:
            return True
        keys = {order_id: key for order_id, key, _ in newest}
        seen = await self._port.list_orders(ListQuery(order_ids=tuple(keys), limit=len(keys)))
        strangers = [sight.order_id for sight in seen.sights if sight.order_key != keys[sight.order_id]]
        if strangers:
            return await self._freeze(Fault.SHOP_RESTORED, ", ".join(map(str, strangers[:5])))
        if not seen.sights and not seen.unreadable:
            return await self._freeze(Fault.SHOP_RESTORED, f"{len(newest)} newest orders are gone")
        return True

    async def _freeze(self, fault: Fault, detail: str) -> bool:
        now_ms = to_ms(self._clock())
        await self._journal.run(lambda tx: freeze(tx, self._shop, fault, detail, now_ms))
        return False

    # -- polling -----------------------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        row = self._journal.view(lambda tx: records.shop(tx, self._shop))
        now_ms = to_ms(self._clock())
        reading = self._settings.reading
        await self._list(row.mark_at)
        if row.census_ms and now_ms - row.census_ms >= reading.census_every_s * 1000:
            await self._census()
        elif not row.census_ms:
            # The first listing of all was as good as a census.
            await self._journal.run(lambda tx: records.set_census(tx, self._shop, now_ms))
        if now_ms - row.reread_ms >= reading.reread_every_s * 1000:
            await self._reread(first=row.reread_ms == 0)
        self.polls += 1
        self._polled()

    def _start(self) -> datetime | None:
        """The filter is strict, so an order made in the very second of the start needs one second less."""
        start = self._settings.orders.start_at
        return None if start is None else start - timedelta(seconds=1)

    async def _list(self, mark_at: int | None) -> None:
        """Lists what changed since the mark less the overlap; the mark moves only when the whole listing is through."""
        reading = self._settings.reading
        since = None if mark_at is None else from_s(mark_at) - timedelta(seconds=reading.overlap_s + 1)
        query = ListQuery(modified_after=since, created_after=self._start(), limit=self._page.now)
        newest = 0
        began: datetime | None = None
        pager = Pager(self._port, query)
        while (listing := await self._next(pager)) is not None:
            if began is None:
                began = listing.asked_at
                if mark_at is not None and to_s(began) < mark_at - CLOCK_SLACK_S:
                    await self._clock_went_back(to_s(began), mark_at)
                    return
            newest = max([newest, *(to_s(sight.modified_at) for sight in listing.sights)])
            await self._note(listing)
        if newest and began is not None:
            # Never past the moment the listing began: what changed while it ran may have slipped between its pages.
            mark = min(newest, to_s(began))
            await self._prove_filter()
            if mark_at is None or mark > mark_at:
                await self._journal.run(lambda tx: records.set_mark(tx, self._shop, mark), brief=True)
        else:
            await self._prove_filter()

    async def _next(self, pager: Pager) -> Listing | None:
        """The next page. One that does not come is asked for again: every listing begins with the first, so that a shop
        which fails now and then would never be listed to its end."""
        for attempt in range(1, PAGE_TRIES):
            try:
                return await pager.next()
            except Trouble as trouble:
                if trouble.fault not in NOW_AND_THEN or trouble.retry_after_s:
                    raise
                await trio.sleep(delay_s(attempt, self._chance))
        return await pager.next()

    async def _clock_went_back(self, now_s: int, mark_at: int) -> None:
        """The mark is in the shop's future: what changes now would not be found until its clock is there again."""
        log.warning("clock", shop=self._shop, fault=Fault.SHOP_CLOCK_WRONG.value, went_back_s=mark_at - now_s)
        mark = now_s - GONE_BACK_S
        await self._journal.run(lambda tx: records.put_back_mark(tx, self._shop, mark))
        await self._list(mark)

    async def _prove_filter(self) -> None:
        """Once: a change that is known must be found by the filter we rely on, in the clock we ask in. Some hosts and
        plugins have been seen to ignore `dates_are_gmt`, and then changes would be missed without any error.

        Until it is proved the mark does not move, so that each poll lists everything: slow, but nothing is missed.
        """
        known = None if self._filter_proved else self._journal.view(lambda tx: orders.newest_change(tx, self._shop))
        if known is None:
            return
        order_id, modified_at = known
        query = ListQuery(modified_after=from_s(modified_at - 1), created_after=self._start())
        if not (await self._port.list_orders(query)).rows:
            seen = await self._port.list_orders(ListQuery(order_ids=(order_id,), limit=1))
            if any(to_s(sight.modified_at) >= modified_at for sight in seen.sights):
                await self._journal.run(lambda tx: records.put_back_mark(tx, self._shop, None))
                raise Trouble(TroubleKind.NOT_NOW, "change_not_found", fault=Fault.SHOP_FILTER_BROKEN)
            return  # That order has gone; the next poll asks for another.
        self._filter_proved = True

    async def _note(self, listing: Listing, *, rang: bool = False) -> None:
        if listing.unreadable:
            await self._note_unreadable(listing)
        if not listing.sights:
            return
        if self._journal.view(lambda tx: is_all_known(tx, self._shop, listing.sights)):
            return
        now_ms = to_ms(self._clock())
        note = note_sights(self._shop, listing.sights, now_ms, self._judge)
        if self.doorbell is None:
            noted = await self._journal.run(note, brief=True)
        else:
            counting = noting_who_told(self._shop, listing.sights, now_ms, note, rang=rang)
            noted = await self._journal.run(counting, brief=True)
        if noted.wanted:
            self._found()
        if noted.strangers:
            raise Trouble(TroubleKind.REFUSED, "order_key_changed", fault=Fault.SHOP_RESTORED)

    async def _note_unreadable(self, listing: Listing) -> None:
        """A row that cannot be read is an order all the same, and is accounted for from its first sight."""
        rows = dict(text.partition(": ")[::2] for text in listing.unreadable)
        broken = {int(order_id): problem for order_id, problem in rows.items() if order_id != "0"}
        if self._journal.view(lambda tx: all(orders.get(tx, self._shop, ShopOrderId(key)) for key in broken)):
            return
        now_ms, at = to_ms(self._clock()), to_s(listing.asked_at)
        for order_id, problem in broken.items():
            log.warning("row_unreadable", shop=self._shop, order_id=order_id, problem=problem)
        await self._journal.run(note_unreadable(self._shop, broken, at, now_ms))

    async def _census(self) -> None:
        """All ids of the last weeks, whatever their dates say: finds what was changed without its date moving, and what
        is no longer there."""
        reading = self._settings.reading
        now = self._clock()
        young = now - timedelta(days=reading.reread_days)
        start = self._start()
        since = young if start is None else max(start, young)
        pager = Pager(self._port, ListQuery(created_after=since, limit=self._page.now))
        last = self._journal.view(lambda tx: orders.highest_id(tx, self._shop))
        first = 0
        while (listing := await self._next(pager)) is not None:
            await self._note(listing)
            ids = [int(sight.order_id) for sight in listing.sights]
            if ids:
                await self._journal.run(self._vanished(first or ids[0], ids[-1], ids, to_s(since)))
                first = ids[-1]
        if first:
            await self._journal.run(self._vanished(first, last, [first], to_s(since)))
        await self._journal.run(lambda tx: records.set_census(tx, self._shop, to_ms(now)))
        self._found()

    def _vanished(self, first: int, last: int, ids: list[int], since: int) -> Callable[[apsw.Connection], None]:
        """Orders of this range that were not listed are read: then it shows if they are gone."""
        listed = set(ids)

        def step(tx: apsw.Connection) -> None:
            for order_id, created_at in orders.open_between(tx, self._shop, first, last):
                if int(order_id) not in listed and created_at > since:
                    orders.want_reading(tx, self._shop, order_id)

        return step

    async def _reread(self, *, first: bool) -> None:
        """The orders read longest ago are read again and compared by content: some changes move no date."""
        reading = self._settings.reading
        now = self._clock()
        young = to_s(now - timedelta(days=reading.reread_days))

        def step(tx: apsw.Connection) -> int:
            records.set_reread(tx, self._shop, to_ms(now))
            if first:
                return 0
            old = orders.to_reread(tx, self._shop, young, reading.read_size)
            for order_id in old:
                orders.want_reading(tx, self._shop, order_id)
            return len(old)

        if await self._journal.run(step):
            self._found()


def difference(row: records.ShopRow, identity: ShopIdentity) -> str:
    """What tells this shop from the one that was known; empty when it is the same."""
    if row.store_id and identity.store_id and row.store_id != identity.store_id:
        return "store_id"
    if _host(row.url) != _host(identity.url):
        return f"{row.url} is now {identity.url}"
    return ""


def _host(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/").removeprefix("www.")
