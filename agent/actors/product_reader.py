"""The reader of one governing shop's products, whole: what has changed puts tasks for `products_to_mamut`.

Three nets, each behind the other, as for orders: a listing of what changed since the last one, with an overlap; a
census of all ids; and a slow re-reading that compares by content. The variations of a product are listed after it when
its date has moved, since that of a variation moves its product's (products_modified[52]), and whenever it is re-read.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

import apsw
import msgspec
import structlog
import trio

from agent.actors.batch_size import BatchSize
from agent.actors.bell import Bell
from agent.actors.health import Health
from agent.actors.item_pages import ItemPages, require_ascending
from agent.actors.times import from_s, to_ms, to_s
from agent.actors.turns import Turn
from agent.flows import DirectionName
from agent.journal import directions, items
from agent.journal.items import Reading
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.goods import ProductKind
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.model.shop_item import ItemSeen
from agent.remote.ports import ItemsPage, ItemsPort, ItemsQuery
from agent.remote.retry import PAUSE_FAULTS, delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

REREAD = 50
"""Products that are read again each time, with their variations: 10,000 of them take a week at an hour's pace."""

SETTLED_S = 2
"""A date so young may stand for another change within the same second: it is read again."""

CLOCK_SLACK_S = 60
GONE_BACK_S = 3_600
"""As for orders (order_reader.py): how much a shop's clock may seem to go back, and how far we then look back."""

LOOK_S = 5.0
"""How often it is looked whether the shop has been recognised, or resumed."""

log = structlog.get_logger("brygga")


class ProductReader:
    """One shop's. `found` is called when tasks have been put, `polled` when a poll is through."""

    def __init__(
        self,
        settings: ShopSettings,
        port: ItemsPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        *,
        is_known: Callable[[], bool],
        found: Callable[[], None],
        polled: Callable[[], None],
    ) -> None:
        self.bell = Bell()
        self.turn = Turn(ShopKey(settings.key), DirectionName.PRODUCTS_TO_MAMUT, None, journal, clock)
        """When it may read; the app gives it the one that its schedule makes."""
        self.polls = 0
        self._shop = ShopKey(settings.key)
        self._reading = settings.reading
        self._port = port
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._is_known = is_known
        self._found = found
        self._polled = polled
        self._page = BatchSize(settings.reading.page_size)
        self._health = Health(f"products/{settings.key}", journal, clock)

    async def run(self) -> None:
        """Reads for ever; ends by being cancelled."""
        failures = 0
        while True:
            if not self._may() or not await self.turn.begin():
                await self.bell.wait(min(LOOK_S, self.turn.wait_s))
                continue
            try:
                with trio.move_on_after(self.turn.quiet_in_s) as reading:
                    await self._poll()
                if reading.cancelled_caught:
                    continue
                await self.turn.end()
                self._page.worked()
                failures = 0
            except Trouble as trouble:
                self._page.failed(trouble)
                failures += 1
                paused = trouble.fault in PAUSE_FAULTS or trouble.kind is TroubleKind.REFUSED
                wait_s = (pause_s if paused else delay_s)(failures, self._chance, trouble.retry_after_s)
                await self._health.paused(trouble, wait_s)
                await self.bell.wait(wait_s)
                continue
            await self._health.good("waiting")
            await self.bell.wait(self.turn.pause_s(self._reading.interval_s))

    @property
    def looks(self) -> bool:
        """Whether the shop's products have been listed since the start, or cannot be."""
        return self.polls > 0 or not self._may() or not (self.turn.may or self.turn.due)

    def _may(self) -> bool:
        return self._is_known() and self._journal.view(
            lambda tx: directions.is_open(tx, self._shop, DirectionName.PRODUCTS_TO_MAMUT)
        )

    # -- polling -----------------------------------------------------------------------------------------------------

    async def _poll(self) -> None:
        reading = self._kept()
        if reading.mark_at is None:
            await self._first_listing(reading)
        else:
            await self._changes(reading, reading.mark_at)
        reading, now_ms = self._kept(), to_ms(self._clock())
        if now_ms - reading.census_ms >= self._reading.census_every_s * 1000:
            await self._census()
        if now_ms - reading.reread_ms >= self._reading.reread_every_s * 1000:
            await self._reread(first=reading.reread_ms == 0)
        self.polls += 1
        self._polled()

    def _kept(self) -> Reading:
        return self._journal.view(lambda tx: items.reading(tx, self._shop))

    async def _first_listing(self, reading: Reading) -> None:
        """All products, gone on with where a restart found it: new ones come at the end, and what changes meanwhile is
        listed by its date afterwards."""
        began_at = reading.began_at
        pages = ItemPages(self._port, ItemsQuery(limit=self._page.now, offset=reading.offset))
        while (page := await pages.next()) is not None:
            began_at = began_at or to_s(page.asked_at)
            await self._keep_page(page, began_at=began_at, offset=pages.offset)
        # Never past the moment it began: what changed since is listed next, however long this took.
        mark = began_at or to_s(self._clock()) - GONE_BACK_S
        now_ms = to_ms(self._clock())

        def ending_first_listing(tx: apsw.Connection) -> None:
            kept = items.reading(tx, self._shop)
            ended = msgspec.structs.replace(kept, mark_at=mark, mark_id=0, offset=0, began_at=0)
            if not kept.census_ms:
                ended = msgspec.structs.replace(ended, census_ms=now_ms)
            items.keep_reading(tx, ended)

        await self._journal.run(ending_first_listing)
        log.info(
            "products_listed", shop=self._shop, products=self._journal.view(lambda tx: items.count(tx, self._shop))
        )

    async def _changes(self, reading: Reading, mark_at: int) -> None:
        since = from_s(mark_at) - timedelta(seconds=self._reading.overlap_s + 1)
        began: datetime | None = None
        newest = (mark_at, reading.mark_id)
        rows = 0
        pages = ItemPages(self._port, ItemsQuery(modified_after=since, limit=self._page.now))
        while (page := await pages.next()) is not None:
            if began is None:
                began = page.asked_at
                if to_s(began) < mark_at - CLOCK_SLACK_S:
                    await self._mark(to_s(began) - GONE_BACK_S, 0)
                    log.warning("clock", shop=self._shop, fault=Fault.SHOP_CLOCK_WRONG.value)
                    return
            rows += page.rows
            newest = max(newest, *_dates(page))
            await self._keep_page(page)
        if began is None or newest[0] <= mark_at:
            if not rows and reading.mark_id:
                await self._prove_filter(mark_at, reading.mark_id)
            return
        await self._mark(min(newest[0], to_s(began)), newest[1])

    async def _mark(self, mark_at: int | None, mark_id: int) -> None:
        def keeping_mark(tx: apsw.Connection) -> None:
            kept = items.reading(tx, self._shop)
            items.keep_reading(tx, msgspec.structs.replace(kept, mark_at=mark_at, mark_id=mark_id))

        await self._journal.run(keeping_mark)

    async def _prove_filter(self, mark_at: int, mark_id: int) -> None:
        """A change that is known lies within the overlap, so a listing of nothing is either a product that has left, or
        a shop whose filter is not what it says; then everything is listed."""
        page = await self._port.list_items(ItemsQuery(product_ids=(mark_id,)))
        if any(to_s(seen.modified_at) >= mark_at for seen in page.items if seen.modified_at is not None):
            await self._mark(None, 0)
            raise Trouble(TroubleKind.NOT_NOW, "change_not_found", fault=Fault.SHOP_FILTER_BROKEN)
        await self._mark(mark_at, 0)

    # -- pages -------------------------------------------------------------------------------------------------------

    async def _keep_page(self, page: ItemsPage, *, began_at: int = 0, offset: int = 0) -> None:
        """The products of a page and the variations of those that have moved, each with its product in one step."""
        for text in page.unreadable:
            log.warning("row_unreadable", shop=self._shop, product=text)
        kept = self._journal.view(lambda tx: items.known(tx, self._shop, [seen.item.product_id for seen in page.items]))
        plain = [seen for seen in page.items if seen.item.kind is not ProductKind.VARIABLE]
        for seen in page.items:
            if seen.item.kind is ProductKind.VARIABLE:
                known = kept.get(seen.item.product_id)
                if known is None or known.gone or not known.modified_at or known.modified_at != _at(seen):
                    await self._keep_variable(seen, to_s(page.asked_at))
        asked_at, now_ms = to_s(page.asked_at), to_ms(self._clock())

        def keeping_items(tx: apsw.Connection) -> bool:
            read = [(seen.item, settled(seen, asked_at)) for seen in plain]
            changed = items.keep(tx, self._shop, read, now_ms)
            for seen in plain:
                # What was variable and is not any more has lost its variations (variations[71]).
                changed |= items.gone_below(tx, self._shop, seen.item.product_id, (), now_ms)
            if began_at:
                reading = items.reading(tx, self._shop)
                total = page.total or reading.total
                now = msgspec.structs.replace(reading, offset=offset, began_at=began_at, total=total)
                items.keep_reading(tx, now)
            return bool(changed)

        if (plain or began_at) and await self._journal.run(keeping_items):
            self._found()

    async def _keep_variable(self, seen: ItemSeen, asked_at: int) -> None:
        """A product with all its variations. One that has left meanwhile, or that cannot be read, stops no other: it is
        looked at again, or found to be gone."""
        parent = seen.item
        try:
            variations = await self._port.list_item_variations(parent.product_id)
        except Trouble as trouble:
            if trouble.fault is not None or trouble.kind not in (TroubleKind.GARBLED, TroubleKind.REFUSED):
                raise
            log.warning("row_unreadable", shop=self._shop, product=parent.product_id, problem=trouble.problem)
            return
        now_ms = to_ms(self._clock())

        def keeping_variable(tx: apsw.Connection) -> bool:
            read = [(parent, settled(seen, asked_at)), *((each.item, _at(each)) for each in variations)]
            changed = items.keep(tx, self._shop, read, now_ms)
            listed = [each.item.product_id for each in variations]
            return bool(changed | items.gone_below(tx, self._shop, parent.product_id, listed, now_ms))

        if await self._journal.run(keeping_variable):
            self._found()

    # -- what no date tells --------------------------------------------------------------------------------------------

    async def _census(self) -> None:
        """All ids: what is kept and not listed is asked for, and then it shows whether it is gone. Products that were
        never read are read."""
        offset, last, limit = 0, 0, self._reading.page_size
        while True:
            ids, total = await self._port.list_item_ids(offset, limit)
            require_ascending(list(ids))
            ended = not ids or (len(ids) < limit and (total is None or offset + len(ids) >= total))
            await self._compare(last + 1, ids, open_end=ended)
            if ended:
                break
            last, offset = ids[-1], offset + len(ids) - (1 if len(ids) > 1 else 0)
        now_ms = to_ms(self._clock())

        def keeping_census(tx: apsw.Connection) -> None:
            items.keep_reading(tx, msgspec.structs.replace(items.reading(tx, self._shop), census_ms=now_ms))

        await self._journal.run(keeping_census)

    async def _compare(self, first: int, ids: tuple[int, ...], *, open_end: bool) -> None:
        """Reads what only one of the two has, from the id `first` on: those listed, and those that are kept."""
        until = ids[-1] if ids else 0
        if open_end:
            until = max(until, self._journal.view(lambda tx: items.highest(tx, self._shop)))
        kept = set(self._journal.view(lambda tx: items.present_between(tx, self._shop, first, until)))
        await self._read_again(sorted(kept ^ {each for each in ids if each >= first}))

    async def _reread(self, *, first: bool) -> None:
        """The products read longest ago, whatever their dates say."""
        if not first:
            await self._read_again(self._journal.view(lambda tx: items.oldest(tx, self._shop, REREAD)), whole=True)
        now_ms = to_ms(self._clock())

        def keeping_reread(tx: apsw.Connection) -> None:
            items.keep_reading(tx, msgspec.structs.replace(items.reading(tx, self._shop), reread_ms=now_ms))

        await self._journal.run(keeping_reread)

    async def _read_again(self, product_ids: list[int], *, whole: bool = False) -> None:
        """Reads these by id, with all variations where `whole` says so; what the shop does not give is gone."""
        for start in range(0, len(product_ids), REREAD):
            part = product_ids[start : start + REREAD]
            page = await self._port.list_items(ItemsQuery(product_ids=tuple(part)))
            if whole:
                for seen in page.items:
                    if seen.item.kind is ProductKind.VARIABLE:
                        await self._keep_variable(seen, to_s(page.asked_at))
            await self._keep_page(page)
            if page.unreadable:
                continue  # Which of them are there cannot be told.
            missing = set(part) - {seen.item.product_id for seen in page.items}
            await self._gone(missing)

    async def _gone(self, product_ids: set[int]) -> None:
        if not product_ids:
            return
        now_ms = to_ms(self._clock())

        def keeping_gone(tx: apsw.Connection) -> set[int]:
            return items.gone(tx, self._shop, product_ids, now_ms)

        if await self._journal.run(keeping_gone):
            self._found()


def _at(seen: ItemSeen) -> int:
    return 0 if seen.modified_at is None else to_s(seen.modified_at)


def settled(seen: ItemSeen, asked_at: int) -> int:
    """The date that tells this content from the next; 0 while another change may still get the same."""
    at = _at(seen)
    return at if asked_at - at > SETTLED_S else 0


def _dates(page: ItemsPage) -> list[tuple[int, int]]:
    return [(_at(seen), seen.item.product_id) for seen in page.items] or [(0, 0)]
