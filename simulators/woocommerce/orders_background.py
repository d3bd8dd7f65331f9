"""What the shop does to orders by itself, when its queue runs: unpaid ones cancelled, old drafts deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

UNPAID = "woocommerce_cancel_unpaid_orders"
DRAFTS = "woocommerce_cleanup_draft_orders"
DAY_S = 86_400
_CHECKOUT = frozenset({"checkout", "store-api"})


class Background:
    """Two recurring actions. Unpaid orders of the checkout are cancelled when they have not been touched for
    hold_stock_minutes; those made through REST are left alone (`background[15]`, `background[16]`). Drafts untouched
    for a day are deleted for good (`background[20]`)."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._planned = 0
        shop.work.on(UNPAID, self._cancel_unpaid)
        shop.work.on(DRAFTS, self._delete_drafts)
        shop.work.queue(DRAFTS, 0, shop.now() + DAY_S)
        self.plan()

    def plan(self) -> None:
        """Plan the next look for unpaid orders; a new plan, when the setting has changed, replaces the one before."""
        minutes = self._shop.settings.number("hold_stock_minutes")
        self._planned += 1
        if minutes > 0 and self._shop.settings.yes("manage_stock"):
            self._shop.work.queue(UNPAID, self._planned, self._shop.now() + 60 * minutes)

    def _cancel_unpaid(self, plan: int) -> None:
        if plan != self._planned:
            return
        minutes = self._shop.settings.number("hold_stock_minutes")
        self.plan()
        if minutes > 0:
            self.cancel_unpaid(self._shop.now() - 60 * minutes)

    def cancel_unpaid(self, before: int) -> None:
        orders = self._shop.orders
        for order in orders.with_status("pending", before):
            if order.created_via in _CHECKOUT:
                orders.set_status(order.id, "cancelled", "Unpaid order cancelled - time limit reached.")

    def _delete_drafts(self, _argument: int) -> None:
        self._shop.work.queue(DRAFTS, 0, self._shop.now() + DAY_S)
        self.delete_drafts(self._shop.now() - DAY_S)

    def delete_drafts(self, before: int) -> None:
        for order in self._shop.orders.with_status("checkout-draft", before + 1):
            self._shop.orders.remove(order)
