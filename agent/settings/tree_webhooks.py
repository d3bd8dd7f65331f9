"""The tables of `brygga.toml` about webhooks: where the agent listens for them, and which shops ring."""

from __future__ import annotations

from agent.model.node import Node


class ReceiverSettings(Node, frozen=True):
    """Where webhooks are listened for, once for all shops: "127.0.0.1:8787" behind the merchant's own web server.

    `certificate` and `private_key` are PEM files with which the agent speaks https itself.
    """

    listen: str = ""
    certificate: str = ""
    private_key: str = ""


class WebhookSettings(Node, frozen=True):
    """A shop's webhooks. `delivery_url` is the address that the shop delivers to, as the shop sees it; its path ends
    with the shop's key."""

    enabled: bool = False
    delivery_url: str = ""
