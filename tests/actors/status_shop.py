"""A small shop whose orders Mamut governs: people deliver, invoice, take payments, and the shop is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import trio

from agent.actors.status_direction import StatusDirection
from agent.app import Agent
from agent.journal import documents
from agent.journal.documents import DocumentRow
from agent.journal.journal import Step, T
from agent.model.ids import ShopKey, ShopOrderId
from agent.settings.tree import OrderSettings, ReadingSettings, ShopSettings
from agent.settings.tree_goods import StatusSettings
from scenarios.play import Play, StepKill, play, shop_settings, suppress_killed
from simulators.mamut.records import Document, Tracking
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.plugins import Plugins
from tests.actors.small_shop import SmallShop

SHOP = ShopKey("butik")
EVERY_S = 300.0
READING = ReadingSettings(interval_s=1800.0)
"""The shop is listed seldom: what is tried here does not come from there, and a week is played in seconds."""

STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed")

PARCEL = Tracking("PostNord", "UA123456789SE", "https://tracking.postnord.com/?id=UA123456789SE")


class StatusShop(SmallShop):
    """`settings` are those of order status; the plugins are the shop's."""

    def __init__(
        self,
        world: Play,
        statuses: StatusSettings | None = None,
        plugins: Plugins | None = None,
        trigger: tuple[str, ...] = ("processing", "completed"),
    ) -> None:
        options = ShopOptions(home="https://butik.example", plugins=plugins or Plugins())
        self.trigger = OrderSettings(trigger=trigger)
        super().__init__(world, shop_settings(orders=self.trigger, reading=READING), options)
        self.statuses = statuses or StatusSettings(enabled=True)
        self.known: tuple[str, ...] = STATUSES
        self.direction: StatusDirection

    @property
    def settings(self) -> ShopSettings:
        return shop_settings(statuses=self.statuses, orders=self.trigger, reading=READING)

    # -- the agent ----------------------------------------------------------------------------------------------------

    async def live(self, seconds: float, kill: StepKill | None = None) -> bool:
        """An agent that lives so long; true when it was killed before."""
        journal = self.world.open_journal()
        journal.kills = (kill,) if kill is not None else ()
        try:
            with suppress_killed() as killed:
                async with trio.open_nursery() as nursery:
                    agent = Agent(self.world.settings, self.world.secrets(), journal, self.world.world())
                    nursery.start_soon(agent.run)
                    nursery.start_soon(self._direction(agent).run)
                    await trio.sleep(seconds)
                    journal.dead = True
                    nursery.cancel_scope.cancel()
            return bool(killed)
        finally:
            journal.close()

    def _direction(self, agent: Agent) -> StatusDirection:
        shop = agent.shops[SHOP]
        self.direction = StatusDirection(
            self.settings,
            EVERY_S,
            shop.port,
            agent.desk,
            agent.journal,
            self.world.calendar.now,
            agent.world.chance("statuses"),
            is_known=lambda: shop.known,
            progress=lambda: None,
            known=lambda: self.known,
        )
        return self.direction

    def change(self, statuses: StatusSettings) -> None:
        """The merchant changes the settings; the next agent reads them."""
        self.statuses = statuses
        (settings,) = self.world.settings.shop
        self.world.change("butik", msgspec.structs.replace(settings, name=f"{settings.name}ny"))

    # -- Mamut --------------------------------------------------------------------------------------------------------

    def document(self, order_id: int) -> Document:
        """The document that was made of the order."""
        (found,) = [each for each in self.world.mamut.orders() if each.external_no == f"butik:{order_id}"]
        return found

    @property
    def staff(self) -> Any:
        return self.world.mamut.staff

    def deliver(self, order_id: int, *tracking: Tracking) -> None:
        self.staff.deliver(self.document(order_id).order_no, tracking=tracking)

    def deliver_one_row(self, order_id: int, *tracking: Tracking) -> int:
        """Delivers the first row alone; the number of the backorder that is left."""
        document = self.document(order_id)
        first = document.lines[0]
        self.staff.deliver(document.order_no, {first.line_no: first.qty}, tracking)
        return self.document(order_id).children[-1]

    # -- the shop -----------------------------------------------------------------------------------------------------

    def status(self, order_id: int) -> str:
        return self.side.shop.orders.all[order_id].status

    def reserved(self, method: str, number: int = 0) -> int:
        """An order paid by a plugin that reserves the money."""
        order_id = self.order(number, set_paid=False, payment_method=method)
        assert self.side.shop.payments.paid_for(self.side.shop.orders.all[order_id])
        return order_id

    def captured(self, order_id: int) -> Decimal:
        order = self.side.shop.orders.all[order_id]
        return Decimal(self.side.shop.payments.payment(order).captured_ore) / 100

    def mails(self, order_id: int) -> Counter[str]:
        """How many mails of each kind left for the customer."""
        sent = self.side.shop.orders.mails.sent
        return Counter(
            mail.kind for mail in sent if mail.order_id == order_id and mail.kind.startswith("customer_")
        ) - Counter({"customer_processing_order": 1})

    def notes(self, order_id: int, *, to_customer: bool | None = None) -> list[str]:
        found = self.side.shop.notes.of(order_id)
        return [note.text for note in found if to_customer is None or note.to_customer == to_customer]

    def tracking(self, order_id: int) -> list[str]:
        rows = self.side.shop.orders.all[order_id].meta
        found = [row.value for row in rows if row.key == "_wc_shipment_tracking_items"]
        return [parcel["tracking_number"] for parcel in (found[0] if found else [])]

    def meta(self, order_id: int, key: str) -> str:
        rows = self.side.shop.orders.all[order_id].meta
        return next((str(row.value) for row in rows if row.key == key), "")

    # -- the journal --------------------------------------------------------------------------------------------------

    def row(self, order_id: int) -> DocumentRow:
        with self.world.look() as tx:
            found = documents.get(tx, SHOP, ShopOrderId(order_id))
        assert found is not None
        return found

    async def keep(self, step: Step[T]) -> T:
        """What a person's wish does, between two agents."""
        journal = self.world.journal()
        try:
            return await journal.run(step)
        finally:
            journal.close()

    async def retry(self, order_id: int) -> bool:
        now_ms = int(self.world.calendar.now().timestamp() * 1000)
        return await self.keep(lambda tx: documents.retry(tx, SHOP, ShopOrderId(order_id), now_ms))


@asynccontextmanager
async def status_shop(
    folder: Path,
    statuses: StatusSettings | None = None,
    plugins: Plugins | None = None,
    *,
    seed: int = 1,
    trigger: tuple[str, ...] = ("processing", "completed"),
) -> AsyncIterator[StatusShop]:

    async with play(folder, seed=seed) as world:
        world.mamut.fill(seed, products=10, contacts=5)
        yield StatusShop(world, statuses, plugins, trigger)


def changed(settings: StatusSettings, **changes: Any) -> StatusSettings:
    return msgspec.structs.replace(settings, **changes)
