"""A webhook as the shop shows it. The secret is never shown (recorded: webhooks[13])."""

from __future__ import annotations

from agent.model.order import Frozen

ORDER_TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")
PRODUCT_TOPICS = ("product.created", "product.updated", "product.deleted", "product.restored")


class Webhook(Frozen, frozen=True):
    """`status` is active, paused (by a person) or disabled (by the shop, after six failures in a row and one more)."""

    hook_id: int
    name: str
    topic: str
    status: str
    delivery_url: str


class WebhookWrite(Frozen, frozen=True):
    """What a webhook is to be, made when `hook_id` is 0. Without a secret it keeps the one it has."""

    hook_id: int = 0
    topic: str = ""
    delivery_url: str = ""
    secret: str = ""
