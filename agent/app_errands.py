"""One shop's errands: what people ask for that takes a while at the shop, done beside its other wishes.

An examination, and webhooks made, looked at or removed. Each may be done twice, so one that was cut short by the
agent's end is done again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import apsw
import structlog
import trio

from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.times import to_ms
from agent.actors.webhook_keeper import states_of
from agent.actors.webhook_set_up import install, look, remove
from agent.actors.wishes import DONE, ERRANDS, finishing
from agent.app_webhooks import topics
from agent.doctor import kept
from agent.doctor.kept import Examination
from agent.doctor.result import Result, Test, not_tested
from agent.doctor.shop import SHOP_TESTS, Known, ShopDoctor
from agent.journal import records, reports, shop_facts, webhooks
from agent.journal.journal import Journal
from agent.journal.records import Wish
from agent.model.ids import ShopKey
from agent.model.mamut import Registers
from agent.model.words import words
from agent.remote.ports import ItemsQuery
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.client import WooCommerce
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings
from agent.shown import articles
from agent.world import World

LOOK_S = 600.0
"""The longest sleep: whoever hears of a wish rings."""

EXAMINE_S = 180.0
"""What has not been tested by then is told as untested."""

REGISTERS_S = 10.0
"""So long Mamut is waited for; without its registers less is compared."""

WEBHOOKS_S = 60.0

LATE = words("Hanns inte med: butiken svarar för långsamt.", "There was no time: the shop answers too slowly.")

log = structlog.get_logger("brygga")


class Errands:
    """An actor of its own, so that nobody waits for a slow shop but whoever asked it."""

    def __init__(
        self,
        settings: Settings,
        shop: ShopSettings,
        secrets: Secrets,
        port: WooCommerce,
        desk: Desk,
        journal: Journal,
        world: World,
    ) -> None:
        self.bell = Bell()
        self._settings = settings
        self._shop = shop
        self._key = ShopKey(shop.key)
        self._secrets = secrets.shops[self._key]
        self._port = port
        self._desk = desk
        self._journal = journal
        self._world = world
        self._does: dict[str, Callable[[Wish], Awaitable[str]]] = {
            "examine": self._examine,
            "look_product": self._look_at_product,
            "webhooks_install": self._install,
            "webhooks_remove": self._remove,
            "webhooks_look": self._look,
        }

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        while True:
            for wish in self._journal.view(lambda tx: records.open_wishes(tx, self._key)):
                if wish.kind in ERRANDS:
                    await self._one(wish)
            await self.bell.wait(LOOK_S)

    async def _one(self, wish: Wish) -> None:
        result = "shop_too_slow"
        with trio.move_on_after(EXAMINE_S + WEBHOOKS_S):
            try:
                result = await self._does[wish.kind](wish)
            except Trouble as trouble:
                result = trouble.problem
        log.info("wish", kind=wish.kind, shop=self._key, order_id=0, who=wish.who, result=result)
        await self._journal.run(finishing(wish, self._now_ms, result))

    @property
    def _now_ms(self) -> int:
        return to_ms(self._world.clock())

    # -- the examination -----------------------------------------------------------------------------------------------

    async def _examine(self, wish: Wish) -> str:
        """Every test of the shop, each kept as it comes. Mamut is only asked for its registers, by whoever has its
        session."""
        examination = Examination(who=wish.who, began_ms=self._now_ms, of=len(SHOP_TESTS))
        results: list[Result] = []
        await self._keep(examination, results)
        with trio.move_on_after(EXAMINE_S):
            doctor = await self._doctor()
            try:
                for test in SHOP_TESTS:
                    results.append(await doctor.examine(test))
                    await self._keep(examination, results)
                await self._read_terms()
            finally:
                with trio.move_on_after(1, shield=True):
                    await doctor.aclose()
        late = [not_tested(Test(test), LATE, self._shop.key) for test in SHOP_TESTS[len(results) :]]
        await self._keep(examination, [*results, *late], ended_ms=self._now_ms)
        return DONE

    async def _doctor(self) -> ShopDoctor:
        rows = [report.shop for report in self._journal.view(reports.shops)]
        known = Known(
            row=next((row for row in rows if row.shop == self._key), None),
            others=tuple((row.shop, row.store_id) for row in rows if row.shop != self._key),
            registers=await self._registers(),
            topics=topics(self._settings, self._shop),
        )
        world = self._world
        factory = world.transports(self._shop.address, verify_tls=self._shop.verify_tls)
        return ShopDoctor(self._shop, self._secrets, factory, world.clock, world.chance(f"doctor/{self._key}"), known)

    async def _registers(self) -> Registers | None:
        with trio.move_on_after(REGISTERS_S):
            try:
                return await self._desk.ask(lambda mamut: mamut.registers())
            except Trouble as trouble:
                log.info("examined_without_mamut", shop=self._key, problem=trouble.problem)
        return None

    async def _read_terms(self) -> None:
        try:
            terms = await self._port.terms()
        except Trouble as trouble:
            log.info("terms_unread", shop=self._key, problem=trouble.problem)
            return
        await self._journal.run(lambda tx: shop_facts.keep_terms(tx, self._key, terms, self._now_ms))

    async def _keep(self, examination: Examination, results: list[Result], ended_ms: int | None = None) -> None:
        now = Examination(
            who=examination.who,
            began_ms=examination.began_ms,
            of=examination.of,
            ended_ms=ended_ms,
            results=tuple(results),
        )

        def keeping_examination(tx: apsw.Connection) -> None:
            kept.keep(tx, self._key, now)

        await self._journal.run(keeping_examination)

    # -- one product ---------------------------------------------------------------------------------------------------

    async def _look_at_product(self, wish: Wish) -> str:
        """Reads it whole, for people to compare; nothing is decided by it."""
        product_id, parent_id = (_number(wish.arg(name)) for name in ("product_id", "parent_id"))
        if not product_id:
            return "article_unknown"
        if parent_id:
            seen = await self._port.list_item_variations(parent_id)
        else:
            seen = (await self._port.list_items(ItemsQuery(product_ids=(product_id,)))).items
        item = next((each.item for each in seen if each.item.product_id == product_id), None)
        if item is None:
            return "product_gone"
        now_ms = self._now_ms

        def keeping_product(tx: apsw.Connection) -> None:
            articles.keep_seen(tx, self._key, item, now_ms)

        await self._journal.run(keeping_product)
        return DONE

    # -- webhooks ------------------------------------------------------------------------------------------------------

    async def _install(self, wish: Wish) -> str:
        secret = self._secrets.webhook_secret
        if problem := self._not_now():
            return problem
        if not self._shop.webhooks.enabled or secret is None:
            return "webhooks_off"
        await install(self._port, self._topics, self._shop.webhooks.delivery_url, secret)
        return await self._look(wish)

    async def _remove(self, _wish: Wish) -> str:
        if problem := self._not_now():
            return problem
        if not self._shop.webhooks.delivery_url:
            return "webhooks_off"
        await remove(self._port, self._shop.webhooks.delivery_url)
        await self._journal.run(lambda tx: webhooks.forget_state(tx, self._key))
        return DONE

    async def _look(self, _wish: Wish) -> str:
        if not self._shop.webhooks.delivery_url:
            return "webhooks_off"
        states = states_of(await look(self._port, self._topics, self._shop.webhooks.delivery_url))
        await self._journal.run(lambda tx: webhooks.note_state(tx, self._key, states, (), self._now_ms))
        return DONE

    @property
    def _topics(self) -> tuple[str, ...]:
        return topics(self._settings, self._shop)

    def _not_now(self) -> str:
        """Nothing is written to a shop that may be another one."""
        frozen = self._journal.view(lambda tx: records.shop(tx, self._key)).frozen_fault
        return "shop_frozen" if frozen else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
