"""Orders made and changed through REST, in the steps and with the half-done states of WooCommerce's controller."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import coupons_orders, meta, php, schema
from simulators.woocommerce.call import Body, Call, Json, RestError
from simulators.woocommerce.events import Event
from simulators.woocommerce.orders_goods import Goods
from simulators.woocommerce.orders_lines import LineWriter
from simulators.woocommerce.orders_model import Address, Order
from simulators.woocommerce.orders_render import needs_payment
from simulators.woocommerce.orders_schema import CURRENCIES
from simulators.woocommerce.orders_status import Lifecycle
from simulators.woocommerce.orders_totals import Pricing, calculate

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_LETTERS = string.ascii_letters + string.digits
_REPRICED = ("billing", "shipping", "line_items", "shipping_lines", "fee_lines", "coupon_lines")
_TEXTS = ("payment_method", "payment_method_title", "transaction_id", "customer_note", "created_via")
_LONGEST = {"transaction_id": 100, "customer_note": 65_535}
"""What the columns hold; the rest is silently cut (`errors[59]`, `errors[60]`)."""
_BILLING = frozenset(Address.__struct_fields__)
_SHIPPING = _BILLING - {"email"}


class Writer:
    def __init__(self, shop: Shop, goods: Goods, lifecycle: Lifecycle) -> None:
        self._shop = shop
        self._goods = goods
        self._lifecycle = lifecycle
        self._lines = LineWriter(shop, goods)

    def pricing(self) -> Pricing:
        return Pricing(self._shop.settings.rules(), self._goods.tax_status, self._shop.ids.order_items.next)

    def new_key(self) -> str:
        letters = self._shop.chance("order keys").choices(_LETTERS, k=13)
        return f"wc_order_{''.join(letters)}"

    def blank(self) -> Order:
        """A new order with nothing in it and no id yet."""
        now = self._shop.now()
        options = self._shop.options
        return Order(
            0,
            now,
            now,
            key=self.new_key(),
            currency=self._shop.settings.currency,
            version=options.woocommerce,
            prices_include_tax=self._shop.settings.yes("prices_include_tax"),
            created_via="rest-api",
        )

    def create(self, call: Call) -> Order:
        """Make an order.

        Raises:
            RestError: for what the controller refuses. A coupon that does not apply leaves the order behind as a draft
                and tells its id (`orders_create[43]`).
        """
        order = self.blank()
        self._properties(call, order)
        self._lines.write(call, order)
        self._check_customer(call)
        order.id = self._shop.ids.posts.next()
        self._lines.number(order)
        self._fill_email(order)
        calculate(order, self.pricing())
        self._shop.ids.order_meta.last += 2
        self._shop.orders.keep(order)
        try:
            self._coupons(call, order)
        except RestError as fault:
            order.status = "checkout-draft"
            self._shop.orders.keep(order)
            fault.data["new_draft_order_id"] = order.id
            raise
        self._tell(order, "created", "updated")
        self._lifecycle.to(order, php.to_str(call.args.get("status")) or "pending")
        if call.args.get("set_paid") is True:
            self._lifecycle.pay(order, order.transaction_id)
        self._save(order)
        return order

    def _tell(self, order: Order, *events: Event) -> None:
        """Announce the order before what its status sets off: webhooks are queued in that order."""
        for event in events:
            self._shop.changed("order", order.id, event)

    def update(self, call: Call, stored: Order) -> Order:
        """Change an order. Every update moves its date_modified, also an empty one (`orders_modified[2]`).

        Raises:
            RestError: for what the controller refuses; the order stays as it was.
        """
        order = editable(stored)
        before = {line.id for line in order.lines}
        self._properties(call, order)
        self._lines.write(call, order)
        self._check_customer(call)
        self._lines.number(order)
        self._fill_email(order)
        if any(name in call.args for name in _REPRICED):
            calculate(order, self.pricing())
            self._lines.take_new(order, before)
            forget_loaded(order, TOTALS)
        self._coupons(call, order)
        if stored.status != "trash":  # One that is brought back by a status is announced to nobody (`webhooks[48]`).
            self._tell(order, "updated")
        if call.args.get("status"):
            author = "admin" if call.args.get("manual_update") is True else "WooCommerce"
            self._lifecycle.to(order, php.to_str(call.args["status"]), author=author)
        if call.args.get("set_paid") is True and needs_payment(order):
            self._lifecycle.pay(order, php.to_str(call.args.get("transaction_id")))
        forget_loaded(order, DATES)
        self._save(order)
        return order

    def put_meta(self, order: Order, key: str, value: Json) -> None:
        """Write one of an order's meta data, as a plugin does."""
        order.meta = [meta.Meta(row.id, row.key, row.value) for row in order.meta]
        meta.apply(order.meta, [{"key": key, "value": value}], self._shop.ids.order_meta, meta.ORDER_LIMITS)

    def _save(self, order: Order) -> None:
        order.modified = self._shop.now()
        order.version = self._shop.options.woocommerce
        self._shop.orders.keep(order)

    def _properties(self, call: Call, order: Order) -> None:
        args = call.args
        if args.get("parent_id") is not None:
            parent = php.to_int(args["parent_id"])
            if parent and (parent == order.id or parent not in self._shop.orders.all):
                raise RestError("order_invalid_parent_id", "Invalid parent ID", 400)
            order.parent_id = parent
        if args.get("currency") is not None:
            order.currency = php.to_str(args["currency"])
            if order.currency not in CURRENCIES:
                raise RestError("order_invalid_currency", "Invalid currency code", 400)
        if args.get("customer_id") is not None:
            order.customer_id = abs(php.to_int(args["customer_id"]))
        for name in _TEXTS:
            if args.get(name) is not None:
                text = php.to_str(args[name])
                setattr(order, name, text[: _LONGEST.get(name)])
        if isinstance(args.get("billing"), dict):
            order.billing = _addressed(order.billing, args["billing"], billing=True)
        if isinstance(args.get("shipping"), dict):
            order.shipping = _addressed(order.shipping, args["shipping"], billing=False)
        if args.get("meta_data"):
            order.meta = [meta.Meta(row.id, row.key, row.value) for row in order.meta]
            meta.apply(order.meta, args["meta_data"], self._shop.ids.order_meta, meta.ORDER_LIMITS)
        if order.loaded:
            forget_loaded(order, args)

    def _check_customer(self, call: Call) -> None:
        customer = php.to_int(call.args.get("customer_id"))
        if customer and self._shop.customers.get(customer) is None:
            raise RestError("woocommerce_rest_invalid_customer_id", "Customer ID is invalid.", 400)

    def _fill_email(self, order: Order) -> None:
        """Of a customer's address only the email is filled in (`customers[33]`)."""
        if order.customer_id and not order.billing.email:
            customer = self._shop.customers.get(order.customer_id)
            if customer is not None:
                order.billing = msgspec.structs.replace(order.billing, email=customer.email)

    def _coupons(self, call: Call, order: Order) -> None:
        if "coupon_lines" in call.args:
            coupons_orders.set_codes(self._shop, order, call.args["coupon_lines"], self.pricing(), self._goods)


TOTALS = (
    "discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax", "total", "total_tax", "line_items",
    "tax_lines", "shipping_lines", "fee_lines", "coupon_lines", "needs_payment", "needs_processing",
)  # fmt: skip
DATES = (
    "status", "date_modified", "date_modified_gmt", "date_paid", "date_paid_gmt", "date_completed",
    "date_completed_gmt", "is_editable", "needs_payment", "version", "meta_data", "refunds",
)  # fmt: skip
"""What a write makes the shop's own again in an order that was loaded."""


def forget_loaded(order: Order, names: Body | tuple[str, ...]) -> None:
    if order.loaded and any(name in order.loaded for name in names):
        order.loaded = {name: value for name, value in order.loaded.items() if name not in names}


def editable(stored: Order) -> Order:
    """A copy to work on, so that a refused change leaves nothing behind."""
    copy = msgspec.structs.replace
    return copy(
        stored,
        lines=[copy(line) for line in stored.lines],
        shippings=[copy(line) for line in stored.shippings],
        fees=[copy(fee) for fee in stored.fees],
        tax_lines=[copy(line) for line in stored.tax_lines],
        coupons=[copy(line) for line in stored.coupons],
    )


def _addressed(address: Address, sent: dict[str, Json], *, billing: bool) -> Address:
    fields = _BILLING if billing else _SHIPPING
    changed = {name: php.to_str(value) for name, value in sent.items() if name in fields}
    if changed.get("email") and not schema.is_email(changed["email"]):
        raise RestError("order_invalid_billing_email", "Invalid billing email address", 400)
    return msgspec.structs.replace(address, **changed)
