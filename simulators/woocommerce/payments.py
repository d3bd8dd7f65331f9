"""Payment plugins at work: a paid order, and what a change of its status sets off at the payment company.

Everything happens inside the request that changes the status, so its answer shows the status after a capture that
failed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce.options import Gateway
from simulators.woocommerce.orders_model import Order
from simulators.woocommerce.payments_company import Payment, Plugin, Trouble, worth_ore
from simulators.woocommerce.payments_plugins import KlarnaPlugin, NetsPlugin, PayPalPlugin, SveaPlugin
from simulators.woocommerce.plugins import Plugins

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


def gateways(plugins: Plugins) -> list[Gateway]:
    """The payment methods that the plugins add to the shop's own."""
    found: list[Gateway] = []
    if plugins.klarna is not None:
        found += [_gateway("klarna_payments", "Klarna", "Klarna Payments"), _gateway("kco", "Klarna", "Kustom")]
    if plugins.nets is not None:
        found.append(_gateway("dibs_easy", "Nexi Checkout", "Nexi Checkout"))
    if plugins.svea is not None:
        found.append(_gateway("svea_checkout", "Svea Checkout", "Svea Checkout"))
    if plugins.paypal is not None:
        found.append(_gateway("ppcp-gateway", "PayPal", "PayPal"))
    return found


def _gateway(id_: str, title: str, method_title: str) -> Gateway:
    return Gateway(id=id_, title=title, method_title=method_title, supports=("products", "refunds"))


class Payments:
    """All payment plugins of the shop, and the payment companies behind them."""

    def __init__(self, shop: Shop, plugins: Plugins) -> None:
        self._shop = shop
        self._share = plugins.payment_trouble
        shop.settings.gateways.update((one.id, one) for one in gateways(plugins))
        self._companies: dict[int, Payment] = {}
        self._plugins: list[Plugin] = []
        if plugins.klarna is not None:
            self._plugins.append(KlarnaPlugin(shop, self, plugins.klarna))
        if plugins.nets is not None:
            self._plugins.append(NetsPlugin(shop, self, plugins.nets))
        if plugins.svea is not None:
            self._plugins.append(SveaPlugin(shop, self, plugins.svea))
        if plugins.paypal is not None:
            self._plugins.append(PayPalPlugin(shop, self, plugins.paypal))
        shop.orders.lifecycle.listeners.append(self._status_changed)

    def paid_for(self, order: Order) -> bool:
        """A customer has gone through the payment company's part of the checkout: the order gets what the plugin writes
        on it, and its next status. False when no plugin has this payment method."""
        plugin = self._plugin(order)
        if plugin is None:
            return False
        payment = self.payment(order)
        chance = self._shop.chance("payment trouble")
        if self._share and chance.random() < self._share:
            payment.trouble = chance.choice(tuple(Trouble))
        plugin.placed(order)
        return True

    def give_back(self, order: Order, amount_ore: int) -> str:
        """Refund through the payment company; why it will not, "" when it did or no plugin has the payment method."""
        plugin = self._plugin(order)
        return plugin.refund(order, amount_ore) if plugin is not None else ""

    def trouble(self, order_id: int, trouble: Trouble | None) -> None:
        """Let the payment company refuse to capture this order from now on; None makes it willing again."""
        self.payment(self._shop.orders.all[order_id]).trouble = trouble

    def payment(self, order: Order) -> Payment:
        """What the payment company holds; for an order it has not seen here (a loaded one), what it is worth now."""
        found = self._companies.get(order.id)
        if found is None:
            found = self._companies[order.id] = Payment(worth_ore(order))
        return found

    def _plugin(self, order: Order) -> Plugin | None:
        method = order.payment_method
        return next((one for one in self._plugins if method.startswith(one.methods)), None) if method else None

    def _status_changed(self, order: Order, _before: str, after: str) -> None:
        plugin = self._plugin(order)
        if plugin is None:
            return
        if after == "cancelled":
            plugin.cancelled(order)
        elif after in plugin.captures_at:
            plugin.capture(order)
