"""Plugins that a shop may have beside WooCommerce: payment and shipment tracking. The recorded shop had none.

What each does follows its public source code, not a recording; texts of notes are modelled after them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec


class Klarna(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Klarna Payments and Kustom Checkout with their order management.

    `auto_capture` is kom_auto_capture: capture when an order is completed. `force_full_capture` captures what the
    order is worth now although it differs from what the customer agreed to.
    """

    auto_capture: bool = True
    force_full_capture: bool = False


class Nets(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nets Easy (Nexi). `manage_orders` is dibs_manage_orders; as installed it is off, and nothing is ever charged."""

    manage_orders: bool = False


class Svea(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Svea Checkout. `sync_order_completion` delivers (and so charges) when an order is completed."""

    sync_order_completion: bool = True


class PayPal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """PayPal Payments. As installed it captures at the checkout; with `intent` authorize an order waits on hold, and
    is captured at processing or completed only with `capture_on_status_change`."""

    intent: Literal["capture", "authorize"] = "capture"
    capture_on_status_change: bool = False


class Plugins(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is installed; None is not. `tracking` is WooCommerce Shipment Tracking or Advanced Shipment Tracking (AST).

    `payment_trouble` is the share of payments, 0 to 1, that the payment company will not capture, drawn by the shop's
    seed when the order is paid for.
    """

    klarna: Klarna | None = None
    nets: Nets | None = None
    svea: Svea | None = None
    paypal: PayPal | None = None
    tracking: Literal["", "woocommerce", "ast"] = ""
    payment_trouble: float = 0.0

    def with_these(self, names: Iterable[str]) -> Plugins:
        """These installed too, as they come: klarna, nets, svea, paypal, shipment-tracking, ast.

        Raises:
            KeyError: for any other name.
        """
        found = self
        for name in names:
            field, made = _AS_INSTALLED[name]
            if not getattr(found, field):
                found = msgspec.structs.replace(found, **{field: made})
        return found


_AS_INSTALLED: dict[str, tuple[str, object]] = {
    "klarna": ("klarna", Klarna()),
    "nets": ("nets", Nets()),
    "svea": ("svea", Svea()),
    "paypal": ("paypal", PayPal()),
    "shipment-tracking": ("tracking", "woocommerce"),
    "ast": ("tracking", "ast"),
}
