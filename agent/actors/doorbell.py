"""A shop's webhooks on their way to its reader: gathered for a moment, as one change rings several times, and counted.

A new order rings as created and as updated, and its goods ring too (recorded: webhooks.deliveries[28], [30]).
"""

from __future__ import annotations

from collections.abc import Callable

import apsw
import structlog
import trio

from agent.actors.bell import Bell
from agent.actors.times import to_ms
from agent.journal import webhooks
from agent.journal.journal import Journal
from agent.model.catalogue import explain
from agent.model.clock import Clock
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Fault
from agent.model.words import Language
from agent.remote.receiver import Heard

GATHER_S = 0.2
"""After the first ring, so long others are waited for."""

PRODUCTS_S = 10.0
"""Rings about products are passed on at most so often: each order rings for the stock of its goods too."""

MOST = 500
"""Orders that are waited with at most; when more ring at once, everything that has changed is listed."""

TELL_S = 3_600.0
"""Refused rings are told of at most so often, however many there are; and their number is kept as seldom."""

log = structlog.get_logger("brygga")


class Doorbell:
    """One shop's doorbell. `ring` wakes the reader, `products` whoever reads the shop's products."""

    def __init__(
        self, shop: str, journal: Journal, clock: Clock, ring: Callable[[], None], products: Callable[[], None]
    ) -> None:
        self.shop = ShopKey(shop)
        self._journal = journal
        self._clock = clock
        self._ring = ring
        self._products = products
        self._bell = Bell()
        self._rang: dict[ShopOrderId, None] = {}
        self._look_at_all = False
        self._products_rang = False
        self._products_at = -PRODUCTS_S
        self._heard = 0
        self._refused = 0
        self._told_at = -TELL_S
        self._waiting: dict[ShopOrderId, None] = {}
        self.look_at_all = False
        """More has changed than is known by id: the reader lists."""

    # Called while the shop waits: neither does any work.
    def heard(self, heard: Heard) -> None:
        self._heard += 1
        if heard.resource == "product":
            self._products_rang = True
        elif heard.thing_id and len(self._rang) < MOST:
            self._rang[ShopOrderId(heard.thing_id)] = None
        else:
            self._look_at_all = True
        self._bell.ring()

    def refused(self) -> None:
        """Somebody rang who cannot sign: told of and counted now and then."""
        self._refused += 1
        if self._told_at + TELL_S <= trio.current_time():
            self._told_at = trio.current_time()
            text = explain(Fault.WEBHOOK_NOT_SIGNED, Language.ENGLISH, {"shop": self.shop})
            fault = Fault.WEBHOOK_NOT_SIGNED.value
            log.warning("webhook_refused", shop=self.shop, fault=fault, title=text.title, remedy=text.remedy)
            self._bell.ring()

    async def run(self) -> None:
        """Gathers for ever; ends by being cancelled."""
        while True:
            await self._bell.wait(self._left_s() if self._products_rang else TELL_S)
            if self._rang or self._look_at_all:
                await trio.sleep(GATHER_S)
            await self._pass_on()

    def _left_s(self) -> float:
        """Until products may be rung for again."""
        return max(0.0, self._products_at + PRODUCTS_S - trio.current_time())

    async def _pass_on(self) -> None:
        if self._products_rang and not self._left_s():
            self._products_rang = False
            self._products_at = trio.current_time()
            self._products()
        rang, self._rang = self._rang, {}
        everything, self._look_at_all = self._look_at_all, False
        heard, refused = self._heard, self._refused
        self._heard = self._refused = 0
        if heard or refused:
            now_ms = to_ms(self._clock())

            def counting_rings(tx: apsw.Connection) -> None:
                webhooks.rang(tx, self.shop, rang, heard, refused, now_ms)

            await self._journal.run(counting_rings)
        self._waiting |= rang
        self.look_at_all = self.look_at_all or everything
        if rang or everything:
            self._ring()

    # What the reader asks.
    @property
    def rings(self) -> bool:
        """Whether there is something to look at."""
        return bool(self._waiting) or self.look_at_all

    def take(self, most: int) -> tuple[ShopOrderId, ...]:
        """Orders to look at now; they are the caller's, who gives them back when that fails."""
        taken = tuple(self._waiting)[:most]
        for order_id in taken:
            del self._waiting[order_id]
        return taken

    def give_back(self, order_ids: tuple[ShopOrderId, ...]) -> None:
        self._waiting = dict.fromkeys(order_ids) | self._waiting
