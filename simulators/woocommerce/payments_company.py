"""What payment plugins have in common, and the payment companies behind them."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Protocol

import msgspec

from simulators.woocommerce import meta, php
from simulators.woocommerce.orders_model import Order

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class Trouble(StrEnum):
    """Why a payment company captures nothing. A pending one may be captured later, after `cure`."""

    PENDING = "pending"
    DECLINED = "declined"
    EXPIRED = "expired"
    UNREACHABLE = "unreachable"


class Payment(msgspec.Struct):
    """What the payment company knows of an order, in öre of its currency."""

    authorised_ore: int
    captured_ore: int = 0
    refunded_ore: int = 0
    cancelled: bool = False
    trouble: Trouble | None = None


class Companies(Protocol):
    """Where a plugin finds the payment company's side of an order."""

    def payment(self, order: Order) -> Payment: ...


def worth_ore(order: Order) -> int:
    return int((Decimal(order.total or 0) * 100).to_integral_value())


class Plugin:
    """What all payment plugins have in common: ids, meta data and notes."""

    methods: ClassVar[tuple[str, ...]] = ()
    captures_at: ClassVar[tuple[str, ...]] = ("completed",)

    def __init__(self, shop: Shop, companies: Companies) -> None:
        self._shop = shop
        self._companies = companies

    def placed(self, order: Order) -> None:
        raise NotImplementedError

    def capture(self, order: Order) -> None:
        raise NotImplementedError

    def cancelled(self, order: Order) -> None:
        """Most do something; PayPal does not."""

    def charge(self, order: Order, *, whatever_it_costs: bool = False) -> Trouble | str | None:
        """Ask the payment company for the money: None when it was captured, else why not. An order that is worth more
        now than what was authorised is refused, unless it is to be captured whatever it costs."""
        payment, due_ore = self._companies.payment(order), worth_ore(order)
        if payment.trouble is not None:
            return payment.trouble
        if payment.cancelled:
            return "the authorisation was cancelled"
        if due_ore > payment.authorised_ore - payment.captured_ore and not whatever_it_costs:
            return "the amount is above what is left of the authorisation"
        payment.captured_ore += min(due_ore, payment.authorised_ore - payment.captured_ore)
        return None

    def refund(self, order: Order, amount_ore: int) -> str:
        """Ask the payment company to give money back, of what was captured; why it will not, "" when it did."""
        payment = self._companies.payment(order)
        if amount_ore > payment.captured_ore - payment.refunded_ore:
            return "The payment has not been captured, or not so much of it, and cannot be refunded."
        payment.refunded_ore += amount_ore
        return ""

    def new_id(self, size: int = 32) -> str:
        return f"{self._shop.chance('payments').getrandbits(size * 4):0{size}x}"

    def uuid(self) -> str:
        raw = self.new_id()
        return "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))

    def mark(self, order: Order, **values: str) -> None:
        rows = [{"key": key, "value": value} for key, value in values.items()]
        meta.apply(order.meta, rows, self._shop.ids.order_meta, meta.ORDER_LIMITS)

    def marked(self, order: Order, key: str) -> str:
        return next((php.to_str(row.value) for row in order.meta if row.key == key), "")

    def note(self, order: Order, text: str) -> None:
        self._shop.notes.add(order.id, text)

    def to(self, order: Order, status: str, note: str) -> None:
        self._shop.orders.lifecycle.to(order, status, note)

    def now_text(self) -> str:
        return self._shop.local(self._shop.now()).replace("T", " ")
