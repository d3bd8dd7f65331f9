"""What changed in the shop, told to those who listen: webhooks, mails, statistics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import msgspec

Kind: TypeAlias = Literal["product", "variation", "order", "refund", "customer", "coupon", "note"]
Event: TypeAlias = Literal["created", "updated", "deleted", "restored"]


class Change(msgspec.Struct, frozen=True):
    """`deleted` is the trash (or, for customers, the deletion): deletion for good of the others announces nothing."""

    kind: Kind
    id: int
    event: Event


Listener: TypeAlias = Callable[[Change], None]
ActionListener: TypeAlias = Callable[[str, int], None]
"""Gets the name of one of WordPress' actions ("woocommerce_order_status_completed") and the id it is about."""


class Events:
    """Listeners are called at once, in the order in which they came, within the request that caused the change."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._action_listeners: list[ActionListener] = []

    def listen(self, listener: Listener) -> None:
        self._listeners.append(listener)

    def tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)

    def listen_to_actions(self, listener: ActionListener) -> None:
        self._action_listeners.append(listener)

    def act(self, hook: str, argument: int) -> None:
        """One of WordPress' own actions happens; webhooks of the topic action.<hook> tell it."""
        for listener in self._action_listeners:
            listener(hook, argument)
