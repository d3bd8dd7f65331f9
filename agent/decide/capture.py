"""Whether reserved money has been taken, read from what each payment plugin leaves on the shop's order.

A status can make a plugin capture. Whether it did shows in its own marker alone: some move the order to another status
when they fail, others leave it completed and say so in a note. Sources: the plugins' public code
(krokedil/klarna-payments-for-woocommerce, krokedil/klarna-checkout-for-woocommerce, krokedil/dibs-easy-for-woocommerce,
common-repository/svea-checkout-for-woocommerce 3.0.7, woocommerce/woocommerce-paypal-payments).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from agent.decide.statuses import Progress
from agent.model.goods import ShownOrder
from agent.model.money import to_ore
from agent.model.order import Frozen

MOVED_TO = frozenset({"on-hold", "failed"})
"""Where plugins move an order whose money they could not take."""


class Money(StrEnum):
    """Where the customer's money is, as the order shows it."""

    RESERVED = "reserved"
    CAPTURED = "captured"
    NOT_NEEDED = "not_needed"
    """Paid at the checkout or outside the shop; there is nothing to capture."""
    GONE = "gone"
    """The reservation was cancelled."""
    UNKNOWN = "unknown"
    """A payment method that we know no marker of."""


class Provider(Frozen, frozen=True):
    """A payment plugin. `methods` begin the ids of its payment methods, `meta` are the fields that are read.

    `days` is after how many days a reservation can no longer be captured, None where none is known.
    """

    name: str
    methods: tuple[str, ...]
    meta: tuple[str, ...]
    money: Callable[[ShownOrder], Money]
    days: int | None


def _klarna(order: ShownOrder) -> Money:
    if order.meta.get("_wc_klarna_capture_id"):
        return Money.CAPTURED
    return Money.GONE if order.meta.get("_wc_klarna_cancelled") else Money.RESERVED


def _nets(order: ShownOrder) -> Money:
    if order.meta.get("_dibs_charge_id"):
        return Money.CAPTURED
    # Account to account (Swish) is paid at once.
    return Money.NOT_NEEDED if order.meta.get("dibs_payment_type") == "A2A" else Money.RESERVED


def _svea(order: ShownOrder) -> Money:
    if order.meta.get("_svea_co_deliver_date"):
        return Money.CAPTURED
    return Money.GONE if order.meta.get("_svea_co_cancel_date") else Money.RESERVED


def _paypal(order: ShownOrder) -> Money:
    captured = order.meta.get("_ppcp_paypal_captured", "").lower()
    if captured in ("true", "1", "yes"):
        return Money.CAPTURED
    if not captured and order.meta.get("_ppcp_paypal_intent", "").upper() != "AUTHORIZE" and order.paid_at is not None:
        return Money.NOT_NEEDED  # Taken at the checkout: the field is about authorised orders.
    return Money.RESERVED


PROVIDERS = (
    Provider(
        name="Klarna",
        methods=("klarna_payments", "kco"),
        meta=("_wc_klarna_capture_id", "_wc_klarna_cancelled"),
        money=_klarna,
        days=28,  # assumed
    ),
    Provider(
        name="Nets Easy",
        methods=("dibs_easy", "nets_easy"),
        meta=("_dibs_charge_id", "dibs_payment_type"),
        money=_nets,
        days=7,  # assumed: what card issuers grant at the least
    ),
    Provider(
        name="Svea",
        methods=("svea_checkout",),
        meta=("_svea_co_deliver_date", "_svea_co_cancel_date"),
        money=_svea,
        days=30,  # assumed
    ),
    Provider(
        name="PayPal",
        methods=("ppcp-",),
        meta=("_ppcp_paypal_captured", "_ppcp_paypal_intent"),
        money=_paypal,
        days=29,  # assumed
    ),
)
"""The one place that knows payment plugins. Days are assumed; the setting `expiry_days` says otherwise by method."""

META = tuple(key for provider in PROVIDERS for key in provider.meta)
"""All that has to be read of an order to know where its money is."""

PAID_OUTSIDE = ("bacs", "cheque", "cod", "swish", "redlight_swish")
"""Payment methods that reserve nothing: bank transfer, cheque, cash on delivery, Swish."""


def provider_of(payment_method: str) -> Provider | None:
    return next((one for one in PROVIDERS if payment_method.startswith(one.methods)), None)


def money(order: ShownOrder) -> Money:
    """Where the money of this order is. An order worth nothing needs none."""
    provider = provider_of(order.payment_method)
    if worth_ore(order) == 0 or (provider is None and order.payment_method.startswith(PAID_OUTSIDE)):
        return Money.NOT_NEEDED
    return Money.UNKNOWN if provider is None else provider.money(order)


def worth_ore(order: ShownOrder) -> int:
    """What a capture would take: the order's total less what has been paid back."""
    return to_ore(order.total) - to_ore(order.refunded)


def owed_ore(progress: Progress) -> int:
    """What Mamut holds the customer to owe for the order."""
    return progress.total_ore - progress.credited_ore


class Proof(StrEnum):
    """What came of a status that makes the plugin take the money."""

    CAPTURED = "captured"
    NOT_NEEDED = "not_needed"
    FAILED = "failed"
    SILENT = "silent"
    """The order has the status all the same, and no marker: a plugin that does not capture, or says so in a note."""
    UNKNOWN = "unknown"


def proof(order: ShownOrder) -> Proof:
    """`order` is as the shop shows it after the status was set."""
    where = money(order)
    if where is Money.CAPTURED:
        return Proof.CAPTURED
    if where is Money.NOT_NEEDED:
        return Proof.NOT_NEEDED
    if where is Money.UNKNOWN:
        return Proof.UNKNOWN
    return Proof.FAILED if where is Money.GONE or order.status in MOVED_TO else Proof.SILENT


def may_expire(order: ShownOrder) -> bool:
    return money(order) is Money.RESERVED and order.status not in ("cancelled", "refunded", "failed", "trash")


def expires_at(order: ShownOrder, days: Mapping[str, int]) -> datetime | None:
    """When what is reserved can no longer be captured; None where nobody knows. `days` are the merchant's own, by
    payment method."""
    provider = provider_of(order.payment_method)
    after = days.get(order.payment_method, None if provider is None else provider.days)
    return None if after is None else order.created_at + timedelta(days=after)


def first_look_days(days: Mapping[str, int], warn_days: int) -> int:
    """How many days after its creation an order is looked at for the first time, before its provider is known."""
    shortest = min([provider.days for provider in PROVIDERS if provider.days is not None] + list(days.values()))
    return max(0, shortest - warn_days)
