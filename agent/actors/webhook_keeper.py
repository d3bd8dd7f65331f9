"""Looks after one shop's webhooks: those that the shop has switched off are switched on again and told of.

A shop switches a webhook off after failures in a row and forgets none of them when it is switched on: one more failure
and it is off again (recorded: webhooks[80], [84]). So a look an hour is enough, and more would hide what is wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import apsw
import structlog
import trio

from agent.actors.health import Health
from agent.actors.times import to_ms
from agent.decide.webhooks import ACTIVE, WebhookPlan, plan
from agent.journal import webhooks
from agent.journal.journal import Journal
from agent.model.catalogue import explain
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.model.webhook import WebhookWrite
from agent.model.words import Language
from agent.remote.ports import WebhookPort
from agent.remote.retry import PAUSE_FAULTS, delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind

LOOK_S = 3_600.0

FIRST_S = 5.0
"""A shop that has not been recognised yet is not asked; so often that is looked at."""

GRACE_S = 900.0
"""So long after polling has found a change a webhook may still tell of it: a shop delivers when somebody visits it, at
most once a minute (webhooks_delay), and in time of trouble later."""

log = structlog.get_logger("brygga")


class WebhookKeeper:
    """One shop's keeper. `topics` are those that the agent wants to hear of."""

    def __init__(
        self,
        shop: str,
        topics: tuple[str, ...],
        delivery_url: str,
        port: WebhookPort,
        journal: Journal,
        clock: Clock,
        chance: Random,
        *,
        is_known: Callable[[], bool],
    ) -> None:
        self._shop = ShopKey(shop)
        self._topics = topics
        self._url = delivery_url
        self._port = port
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._is_known = is_known
        self._health = Health(f"webhooks/{shop}", journal, clock)

    async def run(self) -> None:
        """Looks every hour, for ever; ends by being cancelled."""
        failures = 0
        while True:
            if not self._is_known():
                await trio.sleep(FIRST_S)
                continue
            try:
                await self._look()
                failures = 0
            except Trouble as trouble:
                failures += 1
                paused = trouble.fault in PAUSE_FAULTS or trouble.kind is TroubleKind.REFUSED
                wait_s = (pause_s if paused else delay_s)(failures, self._chance, trouble.retry_after_s)
                await self._health.paused(trouble, wait_s)
                await trio.sleep(wait_s)
                continue
            for _ in range(4):
                await self._count_missed()
                await trio.sleep(LOOK_S / 4)

    async def _look(self) -> None:
        found = plan(self._topics, self._url, await self._port.list_webhooks())
        if found.disabled:
            self._tell(Fault.WEBHOOK_DISABLED, [hook.topic for hook in found.disabled])
            await self._port.write_webhooks(tuple(WebhookWrite(hook_id=hook.hook_id) for hook in found.disabled))
        mended = tuple(hook.topic for hook in found.disabled)
        now_ms = to_ms(self._clock())
        states = states_of(found, mended)

        def keeping_webhooks(tx: apsw.Connection) -> None:
            webhooks.note_state(tx, self._shop, states, mended, now_ms)

        await self._journal.run(keeping_webhooks)
        silent = [topic for topic, (_, status) in states.items() if status != ACTIVE]
        if silent:
            await self._health.stopped("waiting", Fault.WEBHOOK_MISSING.value, ", ".join(silent))
        else:
            await self._health.good("waiting")

    def _tell(self, fault: Fault, topics: list[str]) -> None:
        text = explain(fault, Language.ENGLISH, {"shop": self._shop, "problem": ", ".join(topics)})
        log.warning("webhooks_mended", shop=self._shop, fault=fault.value, topics=topics, remedy=text.remedy)

    async def _count_missed(self) -> None:
        now_ms = to_ms(self._clock())
        before_ms = now_ms - int(GRACE_S * 1000)
        if not self._journal.view(lambda tx: webhooks.overdue(tx, self._shop, before_ms)):
            return

        def counting_missed(tx: apsw.Connection) -> int:
            return webhooks.give_up(tx, self._shop, before_ms, now_ms)

        missed = await self._journal.run(counting_missed)
        log.info("webhooks_missed", shop=self._shop, changes=missed)


def states_of(found: WebhookPlan, mended: tuple[str, ...] = ()) -> dict[str, tuple[int, str]]:
    """Id and status by topic; those just activated are active."""
    states = {hook.topic: (hook.hook_id, ACTIVE if hook.topic in mended else hook.status) for hook in found.kept}
    return states | dict.fromkeys(found.missing, (0, webhooks.MISSING))
