"""An order as the REST API shows it: every field in its place, and only those that are asked for."""

from __future__ import annotations

import html
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

from simulators.woocommerce import dates, meta
from simulators.woocommerce.call import Body, Fields, Json
from simulators.woocommerce.orders_model import Address, Order
from simulators.woocommerce.orders_money import shown, to_float
from simulators.woocommerce.orders_render_lines import LineRenderer
from simulators.woocommerce.world import CURRENCIES

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

ALLOW = ("GET", "POST", "PUT", "PATCH", "DELETE")
EDITABLE = frozenset({"pending", "on-hold", "auto-draft"})
UNPAID = frozenset({"pending", "failed", "checkout-draft"})


class Renderer:
    """Renders orders of one shop. Cheap to make: one for each answer, with the decimals asked for, and with the meta
    data of the keys asked for."""

    def __init__(
        self,
        shop: Shop,
        places: int,
        with_meta: frozenset[str] | None = None,
        without_meta: frozenset[str] = frozenset(),
    ) -> None:
        self._shop = shop
        self._places = places
        self.lines = LineRenderer(shop, places)
        self._with_meta = with_meta
        self._without_meta = without_meta
        # Every order has two rows that are never shown.
        self._table = max(shop.ids.order_meta.last, 2 * len(shop.orders.all))
        self._zone = shop.options.time_zone
        self._home = shop.base

    def order(self, order: Order, fields: Fields = None) -> Body:
        """The order's fields in their order; `fields` leaves the others out, and never works on them."""
        body = {name: show(self, order) for name, show in (_ALL if fields is None else _some(fields))}
        if order.loaded:
            for name, value in order.loaded.items():
                if fields is None or name in fields:
                    body[name] = value
        return body

    def raw(self, order: Order, fields: frozenset[str]) -> Body:
        """The order as an element of a batch with _fields shows it: the stored fields whatever was asked for, dates as
        PHP's objects, nothing that is worked out; only what was asked for has its usual form."""
        body: Body = {}
        for name in _STORED:
            asked = name in fields or f"{name}_gmt" in fields
            if name in _DATES and not asked:
                body[name] = self._php_date(getattr(order, _DATES[name]))
            elif name in _AMOUNTS and not asked:
                body[name] = getattr(order, name)
            else:
                body[name] = _FIELDS[name](self, order)
        more = [name for name in _FIELDS if name not in body and {name, name.removesuffix("_gmt")} & fields]
        body.update((name, _FIELDS[name](self, order)) for name in more)
        return body

    def _php_date(self, moment: int | None) -> Json:
        if moment is None:
            return None
        text = dates.local(moment, self._zone).replace("T", " ")
        return {"date": f"{text}.000000", "timezone_type": 3, "timezone": self._zone}

    def links(self, order: Order) -> Body:
        """`_links` of an order; `email_templates` can be embedded."""
        path = f"/wc/v3/orders/{order.id}"
        more = {}
        if order.customer_id:
            more["customer"] = f"/wc/v3/customers/{order.customer_id}"
        if order.parent_id:
            more["up"] = f"/wc/v3/orders/{order.parent_id}"
        linked = self._shop.links(path, "/wc/v3/orders", ALLOW)
        mails = {"embeddable": True, "href": self._shop.url(f"{path}/actions/email_templates")}
        linked["email_templates"] = [mails]
        linked.update((name, [{"href": self._shop.url(to)}]) for name, to in more.items())
        return linked

    # What is worked out

    def local(self, moment: int | None) -> str | None:
        return None if moment is None else dates.local(moment, self._zone)

    def payment_url(self, order: Order) -> str:
        return f"{self._home}/checkout/order-pay/{order.id}/?pay_for_order=true&key={order.key}"

    def needs_processing(self, order: Order) -> bool:
        """Whether anything in the order must be sent: a line of a product that is not both virtual and downloadable."""
        for line in order.lines:
            product = self.lines.product(line)[0]
            if product is not None and not (product.virtual and product.downloadable):
                return True
        return False

    def refunds(self, order: Order) -> list[Body]:
        """The newest second first, within a second the oldest first (`orders_refunds_notes[22]`)."""
        return [
            {"id": one.id, "reason": one.reason, "total": "-" + (shown(one.amount, self._places) if one.amount else "")}
            for one in self._shop.refunds.of(order)
        ]

    def meta(self, rows: list[meta.Meta]) -> list[Body]:
        """`include_meta` beats `exclude_meta`."""
        if self._with_meta is not None:
            rows = [row for row in rows if row.key in self._with_meta]
        elif self._without_meta:
            rows = [row for row in rows if row.key not in self._without_meta]
        return meta.shown(as_read(rows, self._table))

    def amount(self, text: str) -> str:
        return shown(text, self._places)


def as_read(rows: list[meta.Meta], table: int) -> list[meta.Meta]:
    """An order's meta data in the order in which the database reads it; `table` is how many rows all orders have.

    Nothing in WooCommerce's query says an order. While an order's rows are a good part of a small table the database
    goes through the table, so they come as they were written (`checkout_storefront[22]`); otherwise it goes by the
    index on order and key, so they come by key (`concurrency[89]`).
    """
    read_by_index, read_through = 1.2 * (len(rows) + 2), 1 + table / 5
    if len(rows) < 2 or read_by_index >= read_through:
        return rows
    return sorted(rows, key=lambda row: (_collated(row.key), str(row.value), row.id))


@lru_cache(maxsize=4096)
def _collated(key: str) -> str:
    """A key as the index compares it: capitals like small letters, signs before digits before letters."""
    return "".join(f"{'2' if one.isalpha() else '1' if one.isdigit() else '0'}{one}" for one in key.casefold())


@lru_cache(maxsize=256)
def symbol(currency: str) -> str:
    """How amounts in that currency are marked: kr, €."""
    return html.unescape(CURRENCIES.get(currency, ("", currency))[1])


def address(found: Address) -> Body:
    return {
        "first_name": found.first_name,
        "last_name": found.last_name,
        "company": found.company,
        "address_1": found.address_1,
        "address_2": found.address_2,
        "city": found.city,
        "state": found.state,
        "postcode": found.postcode,
        "country": found.country,
    }


def billing(found: Address) -> Body:
    return {**address(found), "email": found.email, "phone": found.phone}


def shipping(found: Address) -> Body:
    return {**address(found), "phone": found.phone}


def needs_payment(order: Order) -> bool:
    return order.status in UNPAID and to_float(order.total) > 0


def _gmt(moment: int | None) -> str | None:
    return None if moment is None else dates.gmt(moment)


_FIELDS: dict[str, Callable[[Renderer, Order], Json]] = {
    "id": lambda _, order: order.id,
    "parent_id": lambda _, order: order.parent_id,
    "status": lambda _, order: order.status,
    "currency": lambda _, order: order.currency,
    "version": lambda _, order: order.version,
    "prices_include_tax": lambda _, order: order.prices_include_tax,
    "date_created": lambda render, order: render.local(order.created),
    "date_modified": lambda render, order: render.local(order.modified),
    "discount_total": lambda render, order: render.amount(order.discount_total),
    "discount_tax": lambda render, order: render.amount(order.discount_tax),
    "shipping_total": lambda render, order: render.amount(order.shipping_total),
    "shipping_tax": lambda render, order: render.amount(order.shipping_tax),
    "cart_tax": lambda render, order: render.amount(order.cart_tax),
    "total": lambda render, order: render.amount(order.total),
    "total_tax": lambda render, order: render.amount(order.total_tax),
    "customer_id": lambda _, order: order.customer_id,
    "order_key": lambda _, order: order.key,
    "billing": lambda _, order: billing(order.billing),
    "shipping": lambda _, order: shipping(order.shipping),
    "payment_method": lambda _, order: order.payment_method,
    "payment_method_title": lambda _, order: order.payment_method_title,
    "transaction_id": lambda _, order: order.transaction_id,
    "customer_ip_address": lambda _, order: order.customer_ip,
    "customer_user_agent": lambda _, order: order.customer_agent,
    "created_via": lambda _, order: order.created_via,
    "customer_note": lambda _, order: order.customer_note,
    "date_completed": lambda render, order: render.local(order.completed),
    "date_paid": lambda render, order: render.local(order.paid),
    "cart_hash": lambda _, order: order.cart_hash,
    "number": lambda _, order: order.number or str(order.id),
    "meta_data": lambda render, order: render.meta(order.meta) if order.meta else [],
    "line_items": lambda render, order: [render.lines.goods(line) for line in order.lines],
    "tax_lines": lambda render, order: [render.lines.tax(line) for line in order.tax_lines],
    "shipping_lines": lambda render, order: [render.lines.shipping(line) for line in order.shippings],
    "fee_lines": lambda render, order: [render.lines.fee(fee) for fee in order.fees],
    "coupon_lines": lambda render, order: [render.lines.coupon(line) for line in order.coupons],
    "refunds": lambda render, order: render.refunds(order) if order.refunds else [],
    "payment_url": lambda render, order: render.payment_url(order),
    "is_editable": lambda _, order: order.status in EDITABLE,
    "needs_payment": lambda _, order: needs_payment(order),
    "needs_processing": lambda render, order: render.needs_processing(order),
    "date_created_gmt": lambda _, order: _gmt(order.created),
    "date_modified_gmt": lambda _, order: _gmt(order.modified),
    "date_completed_gmt": lambda _, order: _gmt(order.completed),
    "date_paid_gmt": lambda _, order: _gmt(order.paid),
    "currency_symbol": lambda _, order: symbol(order.currency),
}
_ALL = tuple(_FIELDS.items())


@lru_cache(maxsize=1024)
def _some(fields: frozenset[str]) -> tuple[tuple[str, Callable[[Renderer, Order], Json]], ...]:
    """What is to be shown, in its order: a page of orders asks a hundred times for the same."""
    return tuple((name, show) for name, show in _ALL if name in fields)


_DATES = {"date_created": "created", "date_modified": "modified", "date_completed": "completed", "date_paid": "paid"}
_AMOUNTS = frozenset(
    ("discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax", "total", "total_tax")
)
_STORED = tuple(_FIELDS)[: list(_FIELDS).index("meta_data")]
"""The fields of an order itself, before those that are looked up or worked out."""
