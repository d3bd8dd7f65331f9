"""An order as the REST API shows it: every field in its place, and only those that are asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulators.woocommerce import dates, meta, php
from simulators.woocommerce.call import Body, Fields, Json, RestError
from simulators.woocommerce.orders_model import Address, CouponLine, Fee, Line, Order, Shipping, TaxLine
from simulators.woocommerce.orders_money import shown, to_float
from simulators.woocommerce.products_markup import kses
from simulators.woocommerce.products_text import clean, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.products import Sellable
    from simulators.woocommerce.shop import Shop

ALLOW = ("GET", "POST", "PUT", "PATCH", "DELETE")
EDITABLE = frozenset({"pending", "on-hold", "auto-draft"})
UNPAID = frozenset({"pending", "failed", "checkout-draft"})

SYMBOLS = {"SEK": "kr", "NOK": "kr", "DKK": "kr.", "EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF", "PLN": "zł"}


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
        self._with_meta = with_meta
        self._without_meta = without_meta
        self._zone = shop.options.time_zone
        self._home = shop.base

    def order(self, order: Order, fields: Fields = None) -> Body:
        """The order's fields in their order; `fields` leaves the others out, and never works on them."""
        if fields is None:
            body = {name: show(self, order) for name, show in _FIELDS.items()}
        else:
            body = {name: show(self, order) for name, show in _FIELDS.items() if name in fields}
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

    # Lines

    def line(self, line: Line) -> Body:
        places = self._places
        product, product_id, variation_id = self._product(line)
        body: Body = {
            "id": line.id,
            "name": line.name,
            "product_id": product_id,
            "variation_id": variation_id,
            "quantity": line.quantity,
            "tax_class": line.tax_class,
            "subtotal": shown(line.subtotal, places),
            "subtotal_tax": shown(line.subtotal_tax, places),
            "total": shown(line.total, places),
            "total_tax": shown(line.total_tax, places),
            "taxes": [
                {"id": id_, "total": shown(total, places), "subtotal": shown(subtotal, places)}
                for id_, total, subtotal in line.taxes
            ],
            "meta_data": line_meta(line.meta, product) if line.meta else [],
            "sku": product.sku if product else None,
            "global_unique_id": product.gtin if product else None,
            "price": php.number(to_float(line.total) / line.quantity) if line.quantity else 0,
            "image": _image(product),
            "parent_name": product.parent_name if product else None,
        }
        if line.kept is not None and product is None:
            body.update(line.kept)
        return body

    def _product(self, line: Line) -> tuple[Sellable | None, int, int]:
        """The line's product as it is today, and the ids to show: a deleted variation leaves its parent, a deleted
        product 0 (`orders_update[44]`)."""
        products = self._shop.products
        if line.variation_id:
            found = products.sellable(line.product_id, line.variation_id)
            if found is not None:
                return found, line.product_id, line.variation_id
        found = products.sellable(line.product_id) if line.product_id else None
        return found, line.product_id if found else 0, 0

    def tax_line(self, line: TaxLine) -> Body:
        return {
            "id": line.id,
            "rate_code": line.rate_code,
            "rate_id": line.rate_id,
            "label": line.label,
            "compound": line.compound,
            "tax_total": shown(line.tax_total, self._places),
            "shipping_tax_total": shown(line.shipping_tax_total, self._places),
            "rate_percent": php.number(line.percent),
            "meta_data": line_meta(line.meta, None) if line.meta else [],
        }

    def _other_taxes(self, item: Fee | Shipping) -> list[Body]:
        return [{"id": id_, "total": shown(total, self._places), "subtotal": ""} for id_, total, _ in item.taxes]

    def shipping_line(self, line: Shipping) -> Body:
        return {
            "id": line.id,
            "method_title": line.method_title,
            "method_id": line.method_id,
            "instance_id": line.instance_id,
            "total": shown(line.total, self._places),
            "total_tax": shown(line.total_tax, self._places),
            "taxes": self._other_taxes(line),
            "tax_status": line.tax_status,
            "meta_data": line_meta(line.meta, None) if line.meta else [],
        }

    def fee_line(self, fee: Fee) -> Body:
        return {
            "id": fee.id,
            "name": fee.name,
            "tax_class": fee.tax_class,
            "tax_status": fee.tax_status,
            "amount": fee.amount,
            "total": shown(fee.total, self._places),
            "total_tax": shown(fee.total_tax, self._places),
            "taxes": self._other_taxes(fee),
            "meta_data": line_meta(fee.meta, None) if fee.meta else [],
        }

    def coupon_line(self, line: CouponLine) -> Body:
        kind, amount, free = _coupon_info(line)
        return {
            "id": line.id,
            "code": line.code,
            "discount": line.discount,
            "discount_tax": line.discount_tax,
            "meta_data": line_meta(line.meta, None),
            "discount_type": kind,
            "nominal_amount": amount,
            "free_shipping": free,
        }

    # What is worked out

    def local(self, moment: int | None) -> str | None:
        return None if moment is None else dates.local(moment, self._zone)

    def payment_url(self, order: Order) -> str:
        return f"{self._home}/checkout/order-pay/{order.id}/?pay_for_order=true&key={order.key}"

    def needs_processing(self, order: Order) -> bool:
        """Whether anything in the order must be sent: a line of a product that is not both virtual and downloadable."""
        for line in order.lines:
            product = self._product(line)[0]
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
        return meta.shown(rows)

    def amount(self, text: str) -> str:
        return shown(text, self._places)


def _image(product: Sellable | None) -> Body:
    """The id of a product's image is a text, "" without one; a variation's is a number (`orders_create[69]`)."""
    if product is None:
        return {"id": 0, "src": ""}
    if product.variation_id:
        return {"id": product.image_id, "src": product.image_src}
    return {"id": str(product.image_id) if product.image_id else "", "src": product.image_src}


def _coupon_info(line: CouponLine) -> tuple[str, int | float, bool]:
    """What a coupon line says of its coupon; a type of null means fixed_cart (`orders_create[41]`)."""
    for row in line.meta:
        if row.key == "coupon_info" and isinstance(row.value, str):
            try:
                info = php.decode(row.value.encode())
            except RestError:
                break
            kind = info[2] if len(info) > 2 and info[2] else "fixed_cart"
            return kind, php.number(php.to_float(info[3] if len(info) > 3 else 0)), bool(len(info) > 4 and info[4])
    return "fixed_cart", 0, False


def line_meta(rows: list[meta.Meta], product: Sellable | None) -> list[Body]:
    """A line's meta data with its texts for people; a row without a value keeps its key (`orders_create[35]`)."""
    shown_rows = []
    for row in rows:
        key, value = row.key, row.value
        label, text = key, value
        if isinstance(value, str) and value != "":
            label, text = _label(key, value, product)
        shown_rows.append({"id": row.id, "key": key, "value": value, "display_key": label, "display_value": text})
    return shown_rows


def _label(key: str, value: str, product: Sellable | None) -> tuple[str, str]:
    label, text = key, value
    if product is not None and product.attributes:
        slug = slug_of(key)
        for name, title, of_term, term in product.attributes:
            if slug_of(name) == slug:
                label = title
                if of_term == value:
                    text = term
    return _clean(label), _clean(text)


def _clean(text: str) -> str:
    return clean(kses(text))


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
    "line_items": lambda render, order: [render.line(line) for line in order.lines],
    "tax_lines": lambda render, order: [render.tax_line(line) for line in order.tax_lines],
    "shipping_lines": lambda render, order: [render.shipping_line(line) for line in order.shippings],
    "fee_lines": lambda render, order: [render.fee_line(fee) for fee in order.fees],
    "coupon_lines": lambda render, order: [render.coupon_line(line) for line in order.coupons],
    "refunds": lambda render, order: render.refunds(order) if order.refunds else [],
    "payment_url": lambda render, order: render.payment_url(order),
    "is_editable": lambda _, order: order.status in EDITABLE,
    "needs_payment": lambda _, order: needs_payment(order),
    "needs_processing": lambda render, order: render.needs_processing(order),
    "date_created_gmt": lambda _, order: _gmt(order.created),
    "date_modified_gmt": lambda _, order: _gmt(order.modified),
    "date_completed_gmt": lambda _, order: _gmt(order.completed),
    "date_paid_gmt": lambda _, order: _gmt(order.paid),
    "currency_symbol": lambda _, order: SYMBOLS.get(order.currency, order.currency),
}
_DATES = {"date_created": "created", "date_modified": "modified", "date_completed": "completed", "date_paid": "paid"}
_AMOUNTS = frozenset(
    ("discount_total", "discount_tax", "shipping_total", "shipping_tax", "cart_tax", "total", "total_tax")
)
_STORED = tuple(_FIELDS)[: list(_FIELDS).index("meta_data")]
"""The fields of an order itself, before those that are looked up or worked out."""
