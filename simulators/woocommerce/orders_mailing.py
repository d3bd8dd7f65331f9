"""Mails about an order that a client asks for (orders/<id>/actions), and receipts."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import php, schema
from simulators.woocommerce.call import CREATE, READ, Arg, Body, Call, Endpoint, Reply, RestError, Route, staff_may
from simulators.woocommerce.mails import TITLES
from simulators.woocommerce.orders_model import Order

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

DAY_S = 86_400
_ORDER = r"/wc/v3/orders/(?P<id>[\d]+)"
_DESCRIPTIONS = {
    "customer_invoice": (
        "Manually send an email to your customers containing their order information and payment links"
    ),
    "customer_processing_order": "Send an email to customers notifying them that their order is being processed",
    "customer_completed_order": "Send an email to customers notifying them that their order has been completed",
    "customer_on_hold_order": "Send an email to customers notifying them that their order is on hold",
    "customer_refunded_order": "Send an email to customers notifying them that their order has been refunded",
    "customer_failed_order": "Send an email to customers notifying them that their order has failed",
}
_OF_STATUS = {
    "processing": "customer_processing_order",
    "completed": "customer_completed_order",
    "on-hold": "customer_on_hold_order",
    "refunded": "customer_refunded_order",
    "failed": "customer_failed_order",
}


class Mailing:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._receipts: dict[int, tuple[str, int]] = {}

    def routes(self) -> list[Route]:
        email = Arg(kind="string", format="email")
        force = Arg(kind="boolean", default=False)
        template = Arg(kind="string", required=True, enum=tuple(TITLES))
        details: dict[str, Arg] = {"email": email, "force_email_update": force}
        expiry: dict[str, Arg] = {
            "expiration_date": Arg(kind="string"),
            "expiration_days": Arg(kind="integer"),
            "force_new": Arg(kind="boolean", default=False),
        }
        may_edit = staff_may("edit")
        return [
            Route(f"{_ORDER}/actions/email_templates", (Endpoint(READ, self.templates, staff_may("view")),)),
            Route(
                f"{_ORDER}/actions/send_email",
                (Endpoint(CREATE, self.send, may_edit, {"template_id": template, **details}),),
            ),
            Route(
                f"{_ORDER}/actions/send_order_details",
                (Endpoint(CREATE, self.send_details, may_edit, details),),
            ),
            Route(
                f"{_ORDER}/receipt",
                (
                    Endpoint(CREATE, self.make_receipt, may_edit, expiry),
                    Endpoint(READ, self.receipt, staff_may("view")),
                ),
            ),
        ]

    def templates(self, call: Call) -> Reply:
        """The templates that fit the order as it stands (`orders_refunds_notes[49]`)."""
        order = self._order(call)
        fitting = ["customer_invoice", _OF_STATUS.get(order.status, "")]
        return Reply(
            body=[{"id": name, "title": TITLES[name], "description": _DESCRIPTIONS[name]} for name in fitting if name]
        )

    def send(self, call: Call) -> Reply:
        order = self._order(call)
        name = php.to_str(call.args.get("template_id"))
        to, told = self._address(call, order)
        self._shop.orders.mails.send(name, order, to)
        text = f"Email template &quot;{TITLES.get(name, name)}&quot; sent to {to}."
        return Reply(body={"message": told + text})

    def send_details(self, call: Call) -> Reply:
        order = self._order(call)
        to, told = self._address(call, order)
        self._shop.orders.mails.send("customer_invoice", order, to)
        text = f"{told}Order details sent to {to}."
        self._shop.notes.add(order.id, f"Order details sent to {to}, via REST API.")
        return Reply(body={"message": text})

    def _address(self, call: Call, order: Order) -> tuple[str, str]:
        """Where the mail goes, after changing the order's address if that was asked for
        (`orders_refunds_notes[51]`)."""
        sent = php.to_str(call.args.get("email"))
        current = order.billing.email
        told = ""
        if sent and sent != current:
            if current and not call.args.get("force_email_update"):
                text = "Order already has a billing email."
                raise RestError("woocommerce_rest_order_billing_email_exists", text, 400)
            if not schema.is_email(sent):
                raise RestError("woocommerce_rest_invalid_email", "Invalid email address.", 400)
            order.billing = msgspec.structs.replace(order.billing, email=sent)
            self._shop.orders.touch(order)
            told = f"Billing email updated to {sent}. "
        if not order.billing.email:
            raise RestError("woocommerce_rest_missing_email", "Order does not have an email address.", 400)
        return order.billing.email, told

    # Receipts

    def make_receipt(self, call: Call) -> Reply:
        order = self._order(call)
        now = self._shop.now()
        days = php.to_int(call.args.get("expiration_days")) or 1
        if order.id not in self._receipts or call.args.get("force_new"):
            name = hashlib.sha256(f"{order.key} {now}".encode()).hexdigest()[:32]
            self._receipts[order.id] = (name, now + days * DAY_S)
        return Reply(body=self._receipt(order))

    def receipt(self, call: Call) -> Reply:
        order = self._order(call)
        if order.id not in self._receipts:
            raise RestError("woocommerce_rest_not_found", "Receipt not found", 404)
        return Reply(body=self._receipt(order))

    def _receipt(self, order: Order) -> Body:
        name, until = self._receipts[order.id]
        return {
            "receipt_url": f"{self._shop.base}/wc/file/transient/{name}",
            "expiration_date": self._shop.local(until)[:10],
        }

    def _order(self, call: Call) -> Order:
        order = self._shop.orders.all.get(php.to_int(call.args.get("id")))
        if order is None:
            raise RestError("woocommerce_rest_invalid_order", "Invalid order ID.", 404)
        return order
