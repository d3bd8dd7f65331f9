"""What a shop's webhooks should be, held against what they are."""

from __future__ import annotations

from agent.model.order import Frozen
from agent.model.webhook import Webhook

NAME = "Brygga"
"""How the names of our webhooks begin."""

ACTIVE = "active"
DISABLED = "disabled"


class WebhookPlan(Frozen, frozen=True):
    """`kept` is the one webhook of each topic that stays, `missing` the topics without one; `surplus` are doubles of
    ours, and those of topics that nobody needs."""

    kept: tuple[Webhook, ...]
    missing: tuple[str, ...]
    surplus: tuple[Webhook, ...]

    @property
    def disabled(self) -> tuple[Webhook, ...]:
        """What the shop has switched off itself. One that a person has paused stays paused."""
        return tuple(hook for hook in self.kept if hook.status == DISABLED)


def is_ours(hook: Webhook, delivery_url: str) -> bool:
    """By name and address: a merchant may have others, and another agent of the same name another address."""
    return hook.name.startswith(NAME) and hook.delivery_url.rstrip("/") == delivery_url.rstrip("/")


def plan(topics: tuple[str, ...], delivery_url: str, seen: tuple[Webhook, ...]) -> WebhookPlan:
    """Of doubles an active one stays, else the oldest."""
    ours = sorted(
        (hook for hook in seen if is_ours(hook, delivery_url)), key=lambda hook: (hook.status != ACTIVE, hook.hook_id)
    )
    kept: dict[str, Webhook] = {}
    surplus: list[Webhook] = []
    for hook in ours:
        if hook.topic in topics and hook.topic not in kept:
            kept[hook.topic] = hook
        else:
            surplus.append(hook)
    return WebhookPlan(
        kept=tuple(kept[topic] for topic in topics if topic in kept),
        missing=tuple(topic for topic in topics if topic not in kept),
        surplus=tuple(surplus),
    )
