"""What the merchant's plugins make of an order's status before it is sent to the shop."""

from __future__ import annotations

import msgspec

from agent.actors.status_book import Case
from agent.decide import statuses
from agent.model.ids import ShopKey
from agent.plugins.hooks import Context, Hook, Hooks
from agent.plugins.records import StatusToSend

_OVER = ("", "capture")
"""Steps after which nothing is left of an event that a plugin could change."""


class StatusPlugins:
    """One shop's. A plugin is asked each time that an order is worked with, and must give the same answer."""

    def __init__(self, hooks: Hooks, shop: ShopKey) -> None:
        self._hooks = hooks
        self._shop = shop

    def change(self, case: Case) -> dict[str, str] | None:
        """Puts what the plugins want into the settings that the case is worked with. Gives what holds the order, None
        when nothing does."""
        if case.row.step in _OVER:
            return None
        chosen = statuses.choice(case.settings, case.event)
        given = StatusToSend(
            event=case.event.value,
            order_id=case.row.order_id,
            number=case.order.number,
            current=case.shown.status,
            status=chosen.status,
            text=chosen.text,
        )
        hooked = self._hooks.run(Hook.STATUS_TO_SEND, given, Context(shop=self._shop))
        if hooked.failed:
            return {"event": case.event.value, "plugin": hooked.failed, "why": hooked.why}
        if hooked.record != given:
            changed = msgspec.structs.replace(chosen, status=hooked.record.status, text=hooked.record.text)
            case.settings = statuses.with_choice(case.settings, case.event, changed)
        return None
