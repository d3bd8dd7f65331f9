"""The reader of Mamut's register: all articles, prices and stock, page by page, for all shops at once.

Mamut tells no changes, so everything is read again and again, in the background, and compared with what was kept. What
differs puts tasks for the directions that live on that part. A page is one question and one step; a restart goes on
with the page where it was.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from random import Random
from typing import TypeVar

import apsw
import structlog
import trio

from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.health import Health
from agent.actors.register_steps import (
    OF_ARTICLES,
    OF_PRICES,
    PARTS,
    Place,
    Turned,
    articles_page,
    begin_pass,
    client_no,
    numbers_again,
    prices_page,
    put,
    stock_page,
)
from agent.actors.times import to_ms
from agent.flows import DirectionName
from agent.journal import passes, records, register
from agent.journal.journal import Journal
from agent.journal.passes import Part, Pass
from agent.model.clock import Clock
from agent.model.goods import ArticleCard, PriceCard, StockCard
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.remote.ports import MamutPort
from agent.remote.retry import delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree_goods import RegisterSettings

PERSONS = frozenset(
    {
        Fault.MAMUT_PASSWORD_WRONG,
        Fault.MAMUT_VERSION_EXPIRED,
        Fault.MAMUT_EDITION_TOO_LOW,
        Fault.MAMUT_API_MODULE_MISSING,
        Fault.MAMUT_COMPUTER_NOT_LICENSED,
        Fault.MAMUT_OTHER_COMPANY,
    }
)
"""What nothing but a person's hand will mend: asking often would only lock the account."""

PROGRESS_S = 10.0
"""How often a pass that takes its time says how far it has come."""

WALK = 1000
"""Articles looked at in one go when a rule that prices depend on has changed."""

REST_S = 3600.0
"""The longest sleep of a reader that nobody wants anything of."""

T = TypeVar("T")

log = structlog.get_logger("brygga")


class RegisterReader:
    """One Mamut company's reader. `wants` are the directions that are on, by shop; without any it rests. `rung` is
    called for a shop when tasks have been put for it, and for all of them when the reader comes to rest; `stock_read`
    when the stock has been read whole."""

    def __init__(
        self,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        settings: RegisterSettings,
        wants: Iterable[tuple[ShopKey, DirectionName]],
        rung: Callable[[ShopKey], None],
        stock_read: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.bell = Bell()
        self.resting = False
        self._desk = desk
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._rung = rung
        self._stock_read = stock_read
        self._page_size = settings.page_size
        self._every_ms = {
            Part.ARTICLES: round(settings.articles_every_s * 1000),
            Part.PRICES: round(settings.prices_every_s * 1000),
            Part.STOCK: round(settings.stock_every_s * 1000),
        }
        self._wants = tuple(wants)
        self._shops = sorted({shop for shop, _ in self._wants})
        self._parts = [part for part in Part if any(part in PARTS.get(name, ()) for _, name in self._wants)]
        # Whatever happened while the agent was away: it is looked at once more, unless that was under way already.
        self._now = {part for part in self._parts if not self._pass(part).is_under_way}
        self._told_at: dict[Part, float] = {}
        self._health = Health("register", journal, clock)

    def read_now(self, parts: Collection[Part] = tuple(Part)) -> None:
        """Begins passes of these parts without waiting for their time; after the one that is under way, if one is."""
        self._now |= set(parts) & set(self._parts)
        self.resting = False
        self.bell.ring()

    async def run(self) -> None:
        """Reads for ever; ends by being cancelled."""
        failures = 0
        while True:
            part = self._next()
            if part is None:
                await self._rest()
                continue
            self.resting = False
            try:
                await self._read(part)
                failures = 0
                await self._health.good()
            except Trouble as trouble:
                failures += 1
                wait_s = self._patience_s(trouble, failures)
                await self._health.paused(trouble, wait_s)
                await self.bell.wait(wait_s)

    def _patience_s(self, trouble: Trouble, failures: int) -> float:
        """No longer than until it would have asked anyway, unless only a person can mend what is wrong, or Mamut says
        when to come back."""
        if trouble.fault in PERSONS:
            return pause_s(failures, self._chance, trouble.retry_after_s)
        wait_s = delay_s(failures, self._chance, trouble.retry_after_s)
        often_s = min(self._every_ms[part] for part in self._parts) / 1000
        return max(min(wait_s, often_s), min(wait_s, trouble.retry_after_s or 0.0))

    # -- when --------------------------------------------------------------------------------------------------------

    def _next(self) -> Part | None:
        """Of the parts that are due the one that is furthest behind, so that passes that began together go through the
        register side by side."""
        ready = [part for part in self._parts if part in self._now or self._due_ms(part) <= to_ms(self._clock())]
        return min(ready, key=lambda part: self._pass(part).offset, default=None)

    def _due_ms(self, part: Part) -> int:
        last = self._pass(part)
        return 0 if last.is_under_way or not last.whole_ms else last.began_ms + self._every_ms[part]

    async def _rest(self) -> None:
        if not self.resting:
            self.resting = True
            await self._health.good("waiting")
            for shop in self._shops:
                self._rung(shop)
        due_ms = [self._due_ms(part) for part in self._parts]
        wait_s = (min(due_ms) - to_ms(self._clock())) / 1000 if due_ms else REST_S
        await self.bell.wait(max(0.001, wait_s))

    def _pass(self, part: Part) -> Pass:
        return self._journal.view(lambda tx: passes.of(tx, part))

    # -- one page ----------------------------------------------------------------------------------------------------

    async def _read(self, part: Part) -> None:
        """One page. Raises Trouble when it was the last and the pass has not seen every row once."""
        reading = self._pass(part)
        if not reading.is_under_way:
            reading = await self._begin(part)
        turned = await self._page(part, reading)
        if part is Part.STOCK and turned.ended and self._stock_read is not None:
            await self._stock_read()
        for shop in sorted(turned.shops):
            self._rung(shop)
        if turned.numbers:
            await self._read_again(turned.numbers, turned.reading)
        if turned.strays and not self._pass(Part.ARTICLES).is_under_way:
            self.read_now((Part.ARTICLES,))
        if turned.is_short:
            detail = f"{part.value}: {turned.seen} rows of {turned.total}"
            raise Trouble(TroubleKind.NOT_NOW, "register_incomplete", detail=detail, fault=Fault.MAMUT_ANSWER_BROKEN)
        self._tell(part, turned)

    async def _begin(self, part: Part) -> Pass:
        if part is Part.PRICES:
            await self._read_discounts()
        elif part is Part.ARTICLES:
            await self._read_registers()
        self._now.discard(part)
        self._told_at[part] = trio.current_time()
        return await self._journal.run(begin_pass(part, to_ms(self._clock())))

    async def _page(self, part: Part, reading: Pass) -> Turned:
        """The next page, asked for and kept."""
        offset, limit = reading.offset, self._page_size
        if part is Part.ARTICLES:
            articles, asked_ms = await self._ask(lambda port: port.list_articles(offset, limit))
            return await self._journal.run(articles_page(articles, self._place(reading, asked_ms), self._wants))
        if part is Part.PRICES:
            prices, asked_ms = await self._ask(lambda port: port.list_prices(offset, limit))
            return await self._journal.run(prices_page(prices, self._place(reading, asked_ms), self._wants))
        stock, asked_ms = await self._ask(lambda port: port.list_stock(offset, limit))
        return await self._journal.run(stock_page(stock, self._place(reading, asked_ms), self._wants))

    async def _read_again(self, numbers: tuple[str, ...], reading: Pass) -> None:
        """Prices and stock of numbers that have come to other articles. Should it fail, the next pass brings them."""

        async def question(port: MamutPort) -> tuple[tuple[StockCard, ...], tuple[PriceCard, ...]]:
            stock = await port.find_stock(numbers) if Part.STOCK in self._parts else ()
            return stock, await port.find_prices(numbers) if Part.PRICES in self._parts else ()

        (stock, prices), asked_ms = await self._ask(question)
        step = numbers_again(stock, prices, self._place(reading, asked_ms), self._wants)
        for shop in sorted(await self._journal.run(step)):
            self._rung(shop)

    def _place(self, reading: Pass, asked_ms: int) -> Place:
        return Place(
            reading=reading,
            next_offset=reading.offset + self._page_size,
            asked_ms=asked_ms,
            now_ms=to_ms(self._clock()),
        )

    async def _ask(self, question: Callable[[MamutPort], Awaitable[T]]) -> tuple[T, int]:
        """The answer, and our clock when the question left: it may have waited long at the desk."""

        async def timed(port: MamutPort) -> tuple[T, int]:
            asked_ms = to_ms(self._clock())
            return await question(port), asked_ms

        answer = await self._desk.ask(timed, background=True)
        self._require_same_company()
        return answer

    def _require_same_company(self) -> None:
        """Internal numbers begin anew in each company: in another one every article would look renamed."""
        known, opened = self._journal.view(lambda tx: (records.value(tx, register.CLIENT), client_no(tx)))
        if known and opened and known != opened:
            raise Trouble(
                TroubleKind.NOT_NOW, "other_company", detail=f"{known}, {opened}", fault=Fault.MAMUT_OTHER_COMPANY
            )

    def _tell(self, part: Part, turned: Turned) -> None:
        """How far a pass has come, now and then, and how it ended when there was anything to say of it."""
        if turned.ended:
            log.info("register_read", part=part.value, total=turned.total, changed=turned.reading.changed)
            known = self._journal.view(register.count) if part is Part.ARTICLES else 0
            if known > turned.total:
                # Mamut removes nothing: this is another company, or one brought back from a backup.
                log.warning("register_smaller", known=known, total=turned.total)
        elif trio.current_time() - self._told_at.setdefault(part, trio.current_time()) >= PROGRESS_S:
            self._told_at[part] = trio.current_time()
            log.info("register", part=part.value, read=turned.reading.offset, total=turned.reading.total)

    # -- the rules that prices depend on -------------------------------------------------------------------------------

    async def _read_discounts(self) -> None:
        """Discounts by contact category and product group: what changed is looked at for the articles of its groups."""
        found, _ = await self._ask(lambda port: port.discounts())
        rows = tuple(sorted(found, key=lambda row: (row.group, row.category, row.percent)))
        known = self._journal.view(register.discounts)
        if rows == known:
            return
        groups = {row.group for row in set(rows) ^ set(known)}
        await self._walk(lambda card: card.group in groups, OF_PRICES)

        def keep_discounts(tx: apsw.Connection) -> None:
            register.keep_discounts(tx, rows)

        await self._journal.run(keep_discounts)

    async def _read_registers(self) -> None:
        """Mamut's standard registers. Of another VAT code the articles that have it are looked at."""
        found, _ = await self._ask(lambda port: port.registers())
        if self._journal.view(register.registers) != found:

            def keep_registers(tx: apsw.Connection) -> None:
                register.keep_registers(tx, found)

            await self._journal.run(keep_registers)
        rows = tuple(sorted(found.vat_codes, key=lambda row: row.id))
        known = self._journal.view(register.vat_codes)
        if rows == known:
            return
        codes = {row.id for row in set(rows) ^ set(known)}
        await self._walk(lambda card: card.vat_code in codes, OF_PRICES | OF_ARTICLES)

        def keep_vat_codes(tx: apsw.Connection) -> None:
            register.keep_vat_codes(tx, rows)

        await self._journal.run(keep_vat_codes)

    async def _walk(self, concerns: Callable[[ArticleCard], bool], directions: frozenset[DirectionName]) -> None:
        """Puts tasks for all articles that a rule concerns. Cut short, it is begun anew: the rule is kept after it."""
        place = self._place(self._pass(Part.PRICES), to_ms(self._clock()))
        last_pk = 0

        def look_at_articles(tx: apsw.Connection) -> tuple[int | None, frozenset[ShopKey]]:
            cards = register.articles_after(tx, last_pk, WALK)
            pks = [card.pk for card in cards if concerns(card)]
            return (cards[-1].pk if cards else None), put(tx, self._wants, directions, pks, place)

        while True:
            reached, shops = await self._journal.run(look_at_articles)
            for shop in sorted(shops):
                self._rung(shop)
            if reached is None:
                return
            last_pk = reached
