"""The life of an order: what a change of status does to dates, stock, sales, coupons, notes and mails."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from simulators.woocommerce.orders_goods import Goods
from simulators.woocommerce.orders_model import STATUSES, TAKES_STOCK, Order
from simulators.woocommerce.orders_money import round_to, shown, text_of, to_float

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

PAYABLE = frozenset({"on-hold", "pending", "failed", "cancelled", "checkout-draft"})
GIVES_BACK = frozenset({"pending", "cancelled"})
INTERNAL = frozenset({"auto-draft", "trash"})

StatusListener: TypeAlias = Callable[[Order, str, str], None]
"""Told of every change of status after its effects: the order, the status before, the status after."""


class Lifecycle:
    """Nothing is refused: any status may follow any other (`orders_update[38]`)."""

    def __init__(self, shop: Shop, goods: Goods) -> None:
        self._shop = shop
        self._goods = goods
        self.listeners: list[StatusListener] = []

    def to(self, order: Order, status: str, note: str = "", author: str = "WooCommerce") -> None:
        """Give the order a status. An unknown one becomes pending (`products_batch[34]`), the same one does nothing."""
        if status not in STATUSES and status not in INTERNAL:
            status = "pending"
        before = order.status
        if status == before:
            unseen = self._shop.races.missed("status", order.id)
            if unseen is None or unseen == status:
                return
            # The same change made twice at once takes stock twice (`concurrency[69]`).
            before, order.stock_reduced = unseen, False
            self._goods.forget_taken(order)
        self._shop.races.did("status", order.id, before)
        if before == "auto-draft":
            before = "pending"
        order.status = status
        self._dates(order)
        if status not in INTERNAL and before != status:
            self._happened(order, before, status, note, author)

    def pay(self, order: Order, transaction_id: str = "") -> None:
        """payment_complete: a paid order goes on to processing, or to completed when nothing must be sent."""
        if order.status not in PAYABLE:
            return
        if transaction_id:
            order.transaction_id = transaction_id
        if order.paid is None:
            order.paid = self._shop.now()
        self.to(order, self._when_paid(order))

    def _when_paid(self, order: Order) -> str:
        """The status a payment leads to; cash on delivery is paid when it is done."""
        if order.payment_method == "cod":
            return "completed"
        return "processing" if self._goods.sent(order) else "completed"

    def _dates(self, order: Order) -> None:
        """date_paid is set once, by status alone; date_completed at each completion (`orders_lifecycle[9]`)."""
        now = self._shop.now()
        if order.paid is None and order.status in {"processing", "completed"}:
            goal = self._when_paid(order)
            if order.status == goal or (goal == "processing" and order.status == "completed"):
                order.paid = now
        if order.status == "completed":
            order.completed = now

    def _happened(self, order: Order, before: str, after: str, note: str, author: str) -> None:
        if after in TAKES_STOCK and not order.stock_reduced:
            self._goods.take(order)
            order.stock_reduced = True
        if after in GIVES_BACK and order.stock_reduced:
            self._goods.give_back(order)
            order.stock_reduced = False
        if after in TAKES_STOCK and not order.sales_recorded:
            self.count_sales(order)
        if after == "cancelled":
            self.uncount_sales(order)
        self._count_coupons(order, after)
        if after == "completed" and order.customer_id:
            self._shop.customers.paid(order.customer_id)
        if after == "refunded":
            self._refund_rest(order)
        text = f"Order status changed from {_name(before)} to {_name(after)}."
        self._shop.notes.add(order.id, f"{note} {text}".strip(), author=author)
        self._shop.orders.mails.status_changed(order, before, after)
        for listener in self.listeners:
            listener(order, before, after)

    def count_sales(self, order: Order) -> None:
        if not order.sales_recorded:
            self._goods.count_sales(order, 1)
            order.sales_recorded = True

    def uncount_sales(self, order: Order) -> None:
        """total_sales goes down when an order is cancelled, trashed or deleted (`products_modified[44]`)."""
        if order.sales_recorded:
            self._goods.count_sales(order, -1)
            order.sales_recorded = False

    def _count_coupons(self, order: Order, after: str) -> None:
        if after not in TAKES_STOCK and after not in GIVES_BACK:
            return
        wanted = after != "cancelled"
        if order.coupons_counted == wanted:
            return
        order.coupons_counted = wanted
        for line in order.coupons:
            self._shop.coupons.used(line.code, order.customer_id or order.billing.email, 1 if wanted else -1)

    def _refund_rest(self, order: Order) -> None:
        """Status refunded makes a refund for what is left, without lines and without restock
        (`orders_lifecycle[13]`)."""
        left = to_float(order.total) - self._shop.refunds.total_of(order)
        amount = text_of(round_to(left, 6))
        if to_float(amount) == 0:
            return
        self._shop.refunds.make(order, shown(amount, self._shop.settings.rules().decimals), "Order fully refunded.")
        text = (
            "Order status set to refunded. To return funds to the customer you will need to issue a refund through "
            "your payment gateway."
        )
        self._shop.notes.add(order.id, text)


def _name(status: str) -> str:
    return STATUSES.get(status, status)
