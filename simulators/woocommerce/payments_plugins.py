"""What each payment plugin writes on a paid order, and what it does when the order's status changes.

Sources: the plugins' public code (krokedil/klarna-payments-for-woocommerce src/OrderManagement.php,
krokedil/dibs-easy-for-woocommerce, common-repository/svea-checkout-for-woocommerce 3.0.7,
woocommerce/woocommerce-paypal-payments).
The texts of the notes are modelled after them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import dates
from simulators.woocommerce.orders_model import Order
from simulators.woocommerce.payments_company import Companies, Plugin, Trouble, worth_ore
from simulators.woocommerce.plugins import Klarna, Nets, PayPal, Svea

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class KlarnaPlugin(Plugin):
    """Captures at completed; what cannot be captured goes to on-hold with a note."""

    methods = ("klarna_payments", "kco")

    def __init__(self, shop: Shop, companies: Companies, settings: Klarna) -> None:
        super().__init__(shop, companies)
        self._settings = settings

    def placed(self, order: Order) -> None:
        klarna_id = self.uuid()
        country = order.billing.country or "SE"
        self.mark(
            order, _wc_klarna_order_id=klarna_id, _wc_klarna_environment="test", _wc_klarna_country=country.lower()
        )
        self._shop.orders.lifecycle.pay(order, klarna_id)

    def capture(self, order: Order) -> None:
        if not self._settings.auto_capture or self.marked(order, "_kom_disconnect"):
            return
        if order.paid is None:
            return  # An order without a date of payment is passed over in silence.
        if self.marked(order, "_wc_klarna_capture_id"):
            self.note(order, "The Klarna order has already been captured.")
        elif self.marked(order, "_wc_klarna_cancelled"):
            self.note(order, "The Klarna order is cancelled and cannot be captured.")
        elif not self.marked(order, "_wc_klarna_order_id"):
            self.to(order, "on-hold", "Klarna order ID is missing, Klarna order could not be captured at this time.")
        else:
            self._charge(order)

    def _charge(self, order: Order) -> None:
        trouble = self.charge(order, whatever_it_costs=self._settings.force_full_capture)
        if trouble is Trouble.PENDING:
            self.to(order, "on-hold", "Klarna order is pending review and could not be captured at this time.")
        elif trouble is Trouble.DECLINED:
            self.to(order, "on-hold", "Klarna order could not be captured. 403 Forbidden: PAYMENT_METHOD_FAILED.")
        elif trouble is not None:
            self.to(order, "on-hold", f"Klarna order could not be captured at this time: {trouble}.")
        else:
            capture_id = self.uuid()
            self.mark(order, _wc_klarna_capture_id=capture_id)
            self.note(order, f"Klarna order captured. Capture amount: {order.total}. Capture ID: {capture_id}")

    def cancelled(self, order: Order) -> None:
        if self.marked(order, "_wc_klarna_capture_id"):
            self.note(order, "The Klarna order cannot be cancelled due to it already being captured.")
        elif self.marked(order, "_wc_klarna_order_id"):
            self._companies.payment(order).cancelled = True
            self.mark(order, _wc_klarna_cancelled="yes")
            self.note(order, "Klarna order cancelled.")


class NetsPlugin(Plugin):
    """Charges at completed and only with dibs_manage_orders; a failure is a note that begins "Nexi Error" and on-hold.
    Swish (A2A) is paid at once: there is nothing to charge."""

    methods = ("dibs_easy",)

    def __init__(self, shop: Shop, companies: Companies, settings: Nets) -> None:
        super().__init__(shop, companies)
        self._settings = settings

    def placed(self, order: Order) -> None:
        payment_id = self.new_id()
        kind = self._shop.chance("payments").choice(("CARD", "INVOICE", "A2A"))
        method = {"CARD": "Visa", "INVOICE": "Invoice", "A2A": "Swish"}[kind]
        self.mark(order, _dibs_payment_id=payment_id, dibs_payment_type=kind, dibs_payment_method=method)
        self.mark(order, _dibs_date_paid=self.now_text())
        if kind == "A2A":
            payment = self._companies.payment(order)
            payment.captured_ore = payment.authorised_ore
        self._shop.orders.lifecycle.pay(order, payment_id)

    def capture(self, order: Order) -> None:
        if not self._settings.manage_orders or self.marked(order, "_dibs_charge_id"):
            return
        if worth_ore(order) == 0 or self.marked(order, "dibs_payment_type") == "A2A":
            return
        if not self.marked(order, "_dibs_payment_id"):
            self.to(order, "on-hold", "Nexi Error: there is no payment ID on this order.")
            return
        trouble = self.charge(order)
        if trouble is not None:
            self.to(order, "on-hold", f"Nexi Error: the payment was not charged: {trouble}.")
            return
        charge_id = self.new_id()
        self.mark(order, _dibs_charge_id=charge_id)
        self.note(order, f"Payment charged in Nexi Checkout. Charge ID: {charge_id}")

    def refund(self, order: Order, amount_ore: int) -> str:
        if not self._settings.manage_orders:
            return "Nexi Error: orders are not managed from the shop."
        return super().refund(order, amount_ore)

    def cancelled(self, order: Order) -> None:
        if self._settings.manage_orders and self.marked(order, "_dibs_payment_id"):
            if self.marked(order, "_dibs_charge_id"):
                self.note(order, "Nexi Error: the payment is charged and cannot be cancelled.")
            else:
                self._companies.payment(order).cancelled = True
                self.note(order, "Order has been cancelled in Nexi Checkout.")


class SveaPlugin(Plugin):
    """Delivers at completed. When that fails the status stays completed: only a note, and no delivery date, tell."""

    methods = ("svea_checkout",)

    def __init__(self, shop: Shop, companies: Companies, settings: Svea) -> None:
        super().__init__(shop, companies)
        self._settings = settings

    def placed(self, order: Order) -> None:
        svea_id = str(self._shop.chance("payments").randrange(1_000_000, 10_000_000))
        company = "yes" if order.billing.company else "no"
        self.mark(order, _svea_co_order_id=svea_id, _svea_co_payment_type="Invoice", _svea_co_is_company=company)
        self._shop.orders.lifecycle.pay(order, svea_id)

    def capture(self, order: Order) -> None:
        if not self._settings.sync_order_completion or not self.marked(order, "_svea_co_order_id"):
            return
        if self.marked(order, "_svea_co_deliver_date"):
            return
        trouble = self.charge(order)
        if trouble is not None:
            self.note(order, f"Error received when trying to deliver order in Svea: {trouble}.")
            return
        self.mark(order, _svea_co_deliver_date=dates.gmt(self._shop.now()).replace("T", " "))
        self.note(order, "Order was delivered in Svea.")

    def cancelled(self, order: Order) -> None:
        if self.marked(order, "_svea_co_order_id") and not self.marked(order, "_svea_co_deliver_date"):
            self._companies.payment(order).cancelled = True
            self.mark(order, _svea_co_cancel_date=dates.gmt(self._shop.now()).replace("T", " "))
            self.note(order, "Order was cancelled in Svea.")


class PayPalPlugin(Plugin):
    """Captures at the checkout, or holds an authorised order until somebody captures it. Cancelling does nothing."""

    methods = ("ppcp-",)
    captures_at = ("processing", "completed")

    def __init__(self, shop: Shop, companies: Companies, settings: PayPal) -> None:
        super().__init__(shop, companies)
        self._settings = settings

    def placed(self, order: Order) -> None:
        paypal_id = self.new_id(17).upper()
        self.mark(order, _ppcp_paypal_order_id=paypal_id, _ppcp_paypal_intent=self._settings.intent.upper())
        self.mark(order, _ppcp_paypal_payment_mode="sandbox", _ppcp_paypal_payer_email=order.billing.email)
        if self._settings.intent == "authorize":
            self.mark(order, _ppcp_paypal_captured="false")
            self.to(order, "on-hold", "Awaiting payment.")
        elif self._captured(order):
            self._shop.orders.lifecycle.pay(order, self.new_id(17).upper())

    def capture(self, order: Order) -> None:
        waits = self.marked(order, "_ppcp_paypal_captured") == "false"
        if waits and self._settings.capture_on_status_change and self._captured(order):
            self.note(order, "Payment successfully captured.")

    def _captured(self, order: Order) -> bool:
        trouble = self.charge(order)
        if trouble is None:
            self.mark(order, _ppcp_paypal_captured="true")
        elif trouble is Trouble.PENDING:
            self.to(order, "on-hold", "The payment is pending at PayPal.")
        else:
            self.to(order, "failed", f"Could not capture the payment: {trouble}.")
        return trouble is None
