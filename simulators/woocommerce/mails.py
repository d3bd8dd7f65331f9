"""Mails the shop sends by itself or is told to send: which, about which order, to whom. The text is not simulated."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from simulators.woocommerce.orders_model import Order

TITLES = {
    "new_order": "New order",
    "cancelled_order": "Cancelled order",
    "customer_cancelled_order": "Cancelled order",
    "failed_order": "Failed order",
    "customer_failed_order": "Failed order",
    "customer_on_hold_order": "Order on-hold",
    "customer_processing_order": "Processing order",
    "customer_completed_order": "Completed order",
    "customer_refunded_order": "Refunded order",
    "customer_invoice": "Order details",
    "customer_note": "Customer note",
    "customer_reset_password": "Reset password",
    "customer_new_account": "New account",
    "customer_pos_completed_order": "POS completed order",
    "customer_pos_refunded_order": "POS refunded order",
}
"""Every template by its id, with its title (`orders_refunds_notes[53]`)."""

_TO_SHOP = frozenset({"new_order", "cancelled_order", "failed_order"})
_OPEN = frozenset({"pending", "failed", "cancelled"})


class Mail(msgspec.Struct, frozen=True):
    """One mail as it left: `at` is the shop's second, `kind` the template."""

    at: int
    kind: str
    order_id: int
    to: str


class Mails:
    """The shop's outgoing mail. `sent` keeps all of it, oldest first; a customer without an address gets none."""

    def __init__(self, now: Callable[[], int], admin: str) -> None:
        self._now = now
        self._admin = admin
        self.sent: list[Mail] = []

    def send(self, kind: str, order: Order, to: str = "") -> None:
        address = to or (self._admin if kind in _TO_SHOP else order.billing.email)
        if address:
            self.sent.append(Mail(self._now(), kind, order.id, address))

    def status_changed(self, order: Order, before: str, after: str) -> None:
        """What WooCommerce mails when an order goes from one status to another."""
        for kind in _due(before, after):
            if kind == "new_order":
                if order.mailed:
                    continue
                order.mailed = True
            self.send(kind, order)


def _due(before: str, after: str) -> list[str]:
    kinds: list[str] = []
    if before in _OPEN and after in {"processing", "completed", "on-hold"}:
        kinds.append("new_order")
    if after == "processing" and before in {*_OPEN, "on-hold"}:
        kinds.append("customer_processing_order")
    if after == "on-hold" and before in _OPEN:
        kinds.append("customer_on_hold_order")
    if after == "completed":
        kinds.append("customer_completed_order")
    if after == "cancelled" and before in {"processing", "on-hold"}:
        kinds.append("cancelled_order")
    if after == "failed" and before in {"pending", "on-hold"}:
        kinds += ["failed_order", "customer_failed_order"]
    return kinds
