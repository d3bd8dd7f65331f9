"""Tells a shop's plugins of documents that stand in Mamut: after the fact, so that nothing waits for them.

How far they have been told is kept, so that none is missed; a kill between the telling and its commit tells once more.
"""

from __future__ import annotations

import apsw

from agent.actors.bell import Bell
from agent.actors.health import Health
from agent.actors.times import to_ms
from agent.journal import records, told
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.plugins.hooks import Context, Hook, Hooks

LOOK_S = 60.0
"""The longest sleep: whoever transfers an order rings."""

TELL_MAX = 20
"""Documents told of in one step."""


class PluginTeller:
    """One shop's, where a plugin has the hook `document_sent`."""

    def __init__(self, shop: ShopKey, hooks: Hooks, journal: Journal, clock: Clock) -> None:
        self.bell = Bell()
        self._shop = shop
        self._hooks = hooks
        self._journal = journal
        self._clock = clock
        self._seen = 0
        self._health = Health(f"plugins/{shop}", journal, clock)

    async def run(self) -> None:
        """Works for ever; ends by being cancelled. Told is what comes to stand from the first time on that somebody
        wants to be told."""
        if self._journal.view(lambda tx: told.mark(tx, self._shop)) is None:
            await self._journal.run(self._beginning)
        while True:
            while await self._tell():
                pass
            await self._health.good("waiting")
            await self.bell.wait(LOOK_S)

    @property
    def idle(self) -> bool:
        """Whether everything has been told."""
        return not self._untold(1)

    def _untold(self, limit: int) -> list[told.Sent]:
        """Events that were looked through and told nothing are not looked through again."""

        def look(tx: apsw.Connection) -> tuple[list[told.Sent], int]:
            after = max(self._seen, told.mark(tx, self._shop) or 0)
            return told.untold(tx, self._shop, after, limit), told.newest(tx)

        found, newest = self._journal.view(look)
        if not found:
            self._seen = newest
        return found

    def _beginning(self, tx: apsw.Connection) -> None:
        told.begin(tx, self._shop)

    async def _tell(self) -> bool:
        """Whether there was anything to tell."""
        sent = self._untold(TELL_MAX)
        if not sent:
            return False
        failed = [
            (each, self._hooks.tell(Hook.DOCUMENT_SENT, each.document, Context(shop=self._shop))) for each in sent
        ]
        now_ms = to_ms(self._clock())

        def keeping_told(tx: apsw.Connection) -> None:
            told.keep_mark(tx, self._shop, sent[-1].event_id)
            for each, plugins in failed:
                for name, why in plugins:
                    data = {"plugin": name, "hook": Hook.DOCUMENT_SENT.value, "why": why}
                    records.tell(tx, self._shop, each.order_id, now_ms, "plugin_failed", **data)

        await self._journal.run(keeping_told)
        return True
