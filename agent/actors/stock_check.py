"""Once a day, what a shop is believed to show is compared with what it shows.

People, plugins and the shop's own races move stock without an order that tells of it (recorded: concurrency[69], an
order that took its stock twice). A product that shows something else is written again, and the difference is told.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import apsw
import structlog
import trio

from agent.actors.sales_reader import SalesReader
from agent.actors.times import to_ms
from agent.decide.stock import agrees
from agent.flows import DirectionName
from agent.journal import links, records, tasks
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.goods import SeenProduct, ShopStock
from agent.model.ids import ShopKey
from agent.model.link import Link
from agent.remote.ports import GoodsPort
from agent.remote.retry import delay_s
from agent.remote.trouble import Trouble

EVERY_S = 86_400
"""A comparison of all products begins at most so often."""

PAGE = 100
PAUSE_S = 5.0
"""Between two requests, so that a comparison of 100,000 products is spread over an hour and a half."""

LOOK_S = 300.0

log = structlog.get_logger("brygga")


class StockCheck:
    """One shop's. `may` tells whether the direction may work and has nothing more urgent to do; `drifted` takes what a
    product was seen to show and what was believed; `found` is called when something is to be written again."""

    def __init__(
        self,
        shop: ShopKey,
        port: GoodsPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        reader: SalesReader,
        *,
        may: Callable[[], bool],
        drifted: Callable[[int, str, str], None],
        found: Callable[[], None],
    ) -> None:
        self._shop = shop
        self._port = port
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._reader = reader
        self._may = may
        self._drifted = drifted
        self._found = found

    async def run(self) -> None:
        """Compares for ever; ends by being cancelled."""
        failures = 0
        while True:
            wait_s = self._wait_s()
            if wait_s > 0:
                await trio.sleep(min(wait_s, LOOK_S))
                continue
            try:
                await self._page()
                failures = 0
                await trio.sleep(PAUSE_S)
            except Trouble as trouble:
                # The direction tells of trouble with the shop; here it is only waited for.
                failures += 1
                await trio.sleep(delay_s(failures, self._chance, trouble.retry_after_s))

    # -- when ----------------------------------------------------------------------------------------------------------

    def _wait_s(self) -> float:
        if not self._may():
            return LOOK_S
        cursor, began_ms = self._state()
        return 0.0 if cursor else EVERY_S - (to_ms(self._clock()) - began_ms) / 1000

    def _state(self) -> tuple[int, int]:
        """The last article that was compared, 0 between two comparisons, and when this one, or the last, began. The
        first begins a day after the first write: until then everything has been written anyway."""
        text = self._journal.view(lambda tx: records.value(tx, _key(self._shop)))
        if text:
            cursor, began_ms = text.split()
            return int(cursor), int(began_ms)
        row = self._journal.view(
            lambda tx: tx.execute("SELECT min(linked_ms) FROM links WHERE shop = ?", (self._shop,)).fetchone()
        )
        return 0, to_ms(self._clock()) if row is None or row[0] is None else int(row[0])

    # -- one page ------------------------------------------------------------------------------------------------------

    async def _page(self) -> None:
        cursor, began_ms = self._state()
        if not cursor:
            began_ms = to_ms(self._clock())
        await self._reader.look()
        before = self._believed(cursor)
        seen = await self._port.find_products(tuple(sorted({link.sku for link in before if link.sku})))
        # A sale may have landed between the question and what we knew: what is known after it counts as good.
        await self._reader.look()
        after = self._journal.view(lambda tx: links.of(tx, self._shop, [link.pk for link in before]))
        shown = {product.product_id: product for product in seen}
        differing = [
            (link, shown[link.product_id])
            for link in before
            if link.product_id in shown and _differs(link, after.get(link.pk), shown[link.product_id])
        ]
        now_ms = to_ms(self._clock())
        state = f"{before[-1].pk if len(before) == PAGE else 0} {began_ms}"

        def comparing(tx: apsw.Connection) -> None:
            records.set_value(tx, _key(self._shop), state)
            for link, _ in differing:
                links.set_stock(tx, self._shop, link.pk, None, None)
            tasks.put(tx, self._shop, DirectionName.STOCK_TO_SHOP, [link.pk for link, _ in differing], now_ms)

        await self._journal.run(comparing)
        for link, product in differing:
            self._tell(link, product)
        if differing:
            self._found()

    def _believed(self, cursor: int) -> list[Link]:
        def look(tx: apsw.Connection) -> list[Link]:
            pks = [
                int(str(pk))
                for (pk,) in tx.execute(
                    "SELECT pk FROM links WHERE shop = ? AND pk > ? AND stock IS NOT NULL ORDER BY pk LIMIT ?",
                    (self._shop, cursor, PAGE),
                )
            ]
            found = links.of(tx, self._shop, pks)
            return [found[pk] for pk in pks]

        return self._journal.view(look)

    def _tell(self, link: Link, product: SeenProduct) -> None:
        seen = str(product.stock_quantity) if product.managed else product.word
        believed = _words(link.stock)
        log.warning("stock_drift", shop=self._shop, sku=link.sku, seen=seen, believed=believed)
        self._drifted(link.pk, seen, believed)


def _differs(before: Link, after: Link | None, product: SeenProduct) -> bool:
    """Whether it shows what was not believed at any moment while it was asked for. What has been given up meanwhile is
    written again anyway."""
    if before.stock is None or after is None or after.stock is None:
        return False
    first, last = before.stock, after.stock
    if any(agrees(each, managed=product.managed, quantity=product.stock_quantity) for each in (first, last)):
        return False
    # Several sales may have landed, some before the product was looked at and some after.
    counted = first.managed and last.managed and product.managed and product.stock_quantity is not None
    return not (counted and last.quantity <= (product.stock_quantity or 0) <= first.quantity)


def _words(stock: ShopStock | None) -> str:
    if stock is None:
        return "?"
    return str(stock.quantity) if stock.managed else stock.word.value


def _key(shop: str) -> str:
    return f"stock_check/{shop}"
