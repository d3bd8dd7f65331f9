"""From a cart to an order: the draft of an open checkout, and the order when it is placed."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.call import RestError
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_lines import attribute_key
from simulators.woocommerce.orders_model import CouponLine, Line, Order, Shipping
from simulators.woocommerce.orders_money import text_of
from simulators.woocommerce.orders_totals import calculate
from simulators.woocommerce.storefront_cart import Cart, CartTotals, PricedLine, cart_hash, totals

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_WAITING = {"bacs": "Awaiting BACS payment", "cheque": "Awaiting check payment"}
"""Payment methods that leave the order on hold, with what they note."""


class Checkout:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def draft(self, cart: Cart, ip: str = "", agent: str = "") -> Order:
        """The draft order of this cart, made when the checkout is opened and brought up to the cart after that.

        It is announced as updated, not as created: that comes when it is placed.
        """
        shop = self._shop
        priced = totals(shop, cart)
        order = shop.orders.all.get(cart.draft)
        if order is None or order.status != "checkout-draft":
            order = shop.orders.writer.blank()
            order.id = cart.draft = shop.ids.posts.next()
            order.status = "checkout-draft"
            order.created_via = "store-api"
            order.customer_ip, order.customer_agent = ip, agent
            first = next((one for one in shop.settings.gateways.values() if one.enabled), None)
            order.payment_method = first.id if first is not None else ""
        order.cart_hash = cart_hash(cart)
        order.billing, order.shipping = cart.billing, cart.shipping
        filled = _digest([order.id, order.cart_hash, cart.shipping.country, cart.billing.country, cart.method])
        if filled != cart.filled:
            self._fill(order, cart, priced)
            cart.filled = filled
        shop.orders.touch(order)
        shop.changed("order", order.id, "updated")
        return order

    def _fill(self, order: Order, cart: Cart, priced: CartTotals) -> None:
        shop = self._shop
        items = shop.ids.order_items
        order.lines = [self._line(one) for one in priced.lines]
        chosen = priced.chosen
        order.shippings = []
        if chosen is not None:
            goods = ", ".join(f"{one.product.name} &times; {one.line.quantity}" for one in priced.lines)
            method = chosen.method
            line = Shipping(items.next(), method.title, method.method_id, str(method.instance_id), text_of(chosen.cost))
            line.tax_status = "taxable" if method.taxable else "none"
            line.meta = [Meta(shop.ids.item_meta.next(), "Items", goods)]
            order.shippings = [line]
        order.coupons = []
        for code, (discount, tax) in priced.coupons.items():
            coupon = shop.coupons.by_code(code)
            row = CouponLine(items.next(), code, _rounded(discount, shop), _rounded(tax, shop))
            if coupon is not None:
                row.meta = [Meta(shop.ids.item_meta.next(), "coupon_info", coupon.short_info())]
            order.coupons.append(row)
        order.tax_lines = []
        calculate(order, shop.orders.writer.pricing())
        self._marks(order, cart)

    def _line(self, one: PricedLine) -> Line:
        product, ids = one.product, self._shop.ids
        return Line(
            ids.order_items.next(),
            product.name,
            product.product_id,
            product.variation_id,
            one.line.quantity,
            product.tax_class,
            subtotal=text_of(one.subtotal),
            total=text_of(one.total),
            meta=[
                Meta(ids.item_meta.next(), attribute_key(name), value or dict(one.line.chosen).get(name, ""))
                for name, _label, value, _text in product.attributes
            ],
        )

    def _marks(self, order: Order, cart: Cart) -> None:
        """The meta data by which the block checkout sees whether a cart has changed (`checkout_storefront[13]`)."""
        told = {
            "_shipping_hash": [(one.method_id, one.total, one.meta[0].value) for one in order.shippings],
            "_coupons_hash": cart.coupons,
            "_fees_hash": [],
            "_taxes_hash": [(line.rate_id, line.tax_total, line.shipping_tax_total) for line in order.tax_lines],
        }
        values = {name: _digest(value) for name, value in told.items()}
        known = {row.key: row for row in order.meta}
        for name, value in (*values.items(), ("is_vat_exempt", "no")):
            if name in known:
                known[name].value = value
            else:
                order.meta = [*order.meta, Meta(self._shop.ids.order_meta.next(), name, value)]

    # Placing the order

    def place(self, order: Order, payment_method: str, note: str = "") -> Order:
        """Place a draft: check stock, hold it, pay, and let the payment method decide the status.

        Raises:
            RestError: 400 for a payment method that is not offered, 403 when goods are not in stock
                (`concurrency[111]`).
        """
        shop = self._shop
        gateway = shop.settings.gateways.get(payment_method)
        if gateway is None or not gateway.enabled:
            text = "The selected payment gateway is not available."
            raise RestError("woocommerce_rest_checkout_payment_method_disabled", text, 400)
        order.customer_note = note or order.customer_note
        order.payment_method, order.payment_method_title = gateway.id, gateway.title
        self._check_stock(order)
        name = shop.chance("debug logs").getrandbits(32)
        mark = Meta(shop.ids.order_meta.next(), "_debug_log_source_pending_deletion", f"place-order-debug-{name:08x}")
        order.meta = [*order.meta, mark]
        order.status = "pending"
        order.created = min(order.created, shop.now())
        self._note_hold(order)
        shop.orders.touch(order)
        shop.changed("order", order.id, "updated")
        shop.changed("order", order.id, "created")
        self._pay(order)
        for line in order.lines:
            shop.races.did("pieces", line.product)
        shop.orders.touch(order)
        shop.faults.placed(order)
        return order

    def _pay(self, order: Order) -> None:
        lifecycle = self._shop.orders.lifecycle
        method = order.payment_method
        if float(order.total) <= 0:
            lifecycle.pay(order)
        elif method == "cod":
            lifecycle.to(order, "processing", "Payment to be made upon delivery.")
        elif method in _WAITING:
            lifecycle.to(order, "on-hold", _WAITING[method])
        elif not self._shop.payments.paid_for(order):
            serial = self._shop.chance("transactions").getrandbits(40)
            lifecycle.pay(order, f"{method}-{serial:010x}")

    def _check_stock(self, order: Order) -> None:
        wanted: dict[int, int] = {}
        for line in order.lines:
            wanted[line.product] = wanted.get(line.product, 0) + line.quantity
        for line in order.lines:
            left = self.left(line.product_id, line.variation_id)
            short = left is not None and left < wanted[line.product]
            if short and not self._shop.races.missed("pieces", line.product):
                text = f"Not enough units of {line.name} are available in stock to fulfil this order."
                raise RestError("woocommerce_product_not_enough_stock", text, 403)

    def left(self, product_id: int, variation_id: int) -> int | None:
        """How many can be bought; None when stock is not managed or backorders are taken."""
        one = self._shop.products.shelf.get(variation_id or product_id)
        holder = self._shop.stock.holder(one) if one is not None else None
        if holder is None or holder.backorders != "no":
            return None
        return max(0, holder.stock or 0)

    def _note_hold(self, order: Order) -> None:
        minutes = self._shop.settings.number("hold_stock_minutes")
        held = []
        for line in order.lines:
            product = self._shop.orders.goods.of(line)
            if product is None or self.left(line.product_id, line.variation_id) is None:
                continue
            choice = '<span class="description"></span>' if line.variation_id else ""
            sku = f" ({product.sku})" if product.sku else ""
            held.append(f"- {product.name}{sku}{choice} &times; {line.quantity}")
        if held and minutes > 0:
            text = f"Stock hold of {minutes} minutes applied to: <br>{'<br>'.join(held)}"
            self._shop.notes.add(order.id, text)


def _rounded(amount: float, shop: Shop) -> str:
    rules = shop.settings.rules()
    return text_of(amount if rules.round_at_subtotal else float(f"{amount:.{rules.decimals}f}"))


def _digest(value: object) -> str:
    return hashlib.md5(msgspec.json.encode(value), usedforsecurity=False).hexdigest()
