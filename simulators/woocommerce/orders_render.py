"""An order as the REST API shows it: every field in its place, and only those that are asked for."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec

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
        self.places = places
        self.lines = LineRenderer(shop, places)
        self._with_meta = with_meta
        self._without_meta = without_meta
        # Every order has two rows that are never shown.
        self._table = max(shop.ids.order_meta.last, 2 * len(shop.orders.all))
        self._zone = shop.options.time_zone
        self._home = shop.base

    def order(self, order: Order, fields: Fields = None) -> Body:
        """The order's fields in their order; `fields` leaves the others out, and never works on them."""
        plan = _ALL if fields is None else _some(fields)
        body: Body = dict(zip(plan.names, plan.stored(order), strict=True))
        for name, show in plan.worked_out:
            body[name] = show(self, order)
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
                body[name] = self._field(name, order)
        more = [name for name in _FIELDS if name not in body and {name, name.removesuffix("_gmt")} & fields]
        body.update((name, self._field(name, order)) for name in more)
        return body

    def _field(self, name: str, order: Order) -> Json:
        show = _FIELDS[name]
        return getattr(order, show) if isinstance(show, str) else show(self, order)

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
            {"id": one.id, "reason": one.reason, "total": "-" + (shown(one.amount, self.places) if one.amount else "")}
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
        return shown(text, self.places)


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


def billing(found: Address) -> Body:
    return msgspec.structs.asdict(found)


def address(found: Address) -> Body:
    """An address without the ways to reach somebody."""
    body = msgspec.structs.asdict(found)
    del body["email"], body["phone"]
    return body


def shipping(found: Address) -> Body:
    body = msgspec.structs.asdict(found)
    del body["email"]
    return body


def needs_payment(order: Order) -> bool:
    return order.status in UNPAID and to_float(order.total) > 0


def _gmt(moment: int | None) -> str | None:
    return None if moment is None else dates.gmt(moment)


Show: TypeAlias = Callable[[Renderer, Order], Json]

_FIELDS: dict[str, str | Show] = {
    "id": "id",
    "parent_id": "parent_id",
    "status": "status",
    "currency": "currency",
    "version": "version",
    "prices_include_tax": "prices_include_tax",
    "date_created": lambda render, order: render.local(order.created),
    "date_modified": lambda render, order: render.local(order.modified),
    "discount_total": lambda render, order: shown(order.discount_total, render.places),
    "discount_tax": lambda render, order: shown(order.discount_tax, render.places),
    "shipping_total": lambda render, order: shown(order.shipping_total, render.places),
    "shipping_tax": lambda render, order: shown(order.shipping_tax, render.places),
    "cart_tax": lambda render, order: shown(order.cart_tax, render.places),
    "total": lambda render, order: shown(order.total, render.places),
    "total_tax": lambda render, order: shown(order.total_tax, render.places),
    "customer_id": "customer_id",
    "order_key": "key",
    "billing": lambda _, order: billing(order.billing),
    "shipping": lambda _, order: shipping(order.shipping),
    "payment_method": "payment_method",
    "payment_method_title": "payment_method_title",
    "transaction_id": "transaction_id",
    "customer_ip_address": "customer_ip",
    "customer_user_agent": "customer_agent",
    "created_via": "created_via",
    "customer_note": "customer_note",
    "date_completed": lambda render, order: render.local(order.completed),
    "date_paid": lambda render, order: render.local(order.paid),
    "cart_hash": "cart_hash",
    "number": lambda _, order: order.number or str(order.id),
    "meta_data": lambda render, order: render.meta(order.meta) if order.meta else [],
    "line_items": lambda render, order: [render.lines.goods(line) for line in order.lines],
    "tax_lines": lambda render, order: [render.lines.tax(line) for line in order.tax_lines],
    "shipping_lines": lambda render, order: [render.lines.shipping(line) for line in order.shippings],
    "fee_lines": lambda render, order: [render.lines.fee(fee) for fee in order.fees] if order.fees else [],
    "coupon_lines": lambda render, order: (
        [render.lines.coupon(line) for line in order.coupons] if order.coupons else []
    ),
    "refunds": lambda render, order: render.refunds(order) if order.refunds else [],
    "payment_url": lambda render, order: render.payment_url(order),
    "is_editable": lambda _, order: order.status in EDITABLE,
    "needs_payment": lambda _, order: needs_payment(order),
    "needs_processing": lambda render, order: render.needs_processing(order),
    "date_created_gmt": lambda _, order: dates.gmt(order.created),
    "date_modified_gmt": lambda _, order: dates.gmt(order.modified),
    "date_completed_gmt": lambda _, order: _gmt(order.completed),
    "date_paid_gmt": lambda _, order: _gmt(order.paid),
    "currency_symbol": lambda _, order: symbol(order.currency),
}
"""Each field in its place: the order's attribute that is shown as it is stored, or how it is worked out."""


class _Plan(NamedTuple):
    """How some fields are shown: all that are stored are read at once, with the id in the places of the others."""

    names: tuple[str, ...]
    stored: Callable[[Order], tuple[Json, ...]]
    worked_out: tuple[tuple[str, Show], ...]


def _plan(names: Iterable[str]) -> _Plan:
    wanted = {"id": _FIELDS["id"], **{name: _FIELDS[name] for name in names}}
    stored = [show if isinstance(show, str) else "id" for show in wanted.values()]
    worked_out = tuple((name, show) for name, show in wanted.items() if not isinstance(show, str))
    # Asked for one attribute alone, attrgetter would give no tuple.
    return _Plan(("id", *wanted), attrgetter("id", *stored), worked_out)


_ALL = _plan(_FIELDS)


@lru_cache(maxsize=1024)
def _some(fields: frozenset[str]) -> _Plan:
    """What is to be shown, in its order: a page of orders asks a hundred times for the same."""
    return _plan(name for name in _FIELDS if name in fields)


_DATES = {"date_created": "created", "date_modified": "modified", "date_completed": "completed", "date_paid": "paid"}
_AMOUNTS = frozenset(
    ("discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax", "total", "total_tax")
)
_STORED = tuple(_FIELDS)[: list(_FIELDS).index("meta_data")]
"""The fields of an order itself, before those that are looked up or worked out."""
