"""Orders that a real shop once gave, held as they were."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulators.woocommerce import dates, php
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.ids import Series
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_model import (
    TAKES_STOCK,
    Address,
    CouponLine,
    Fee,
    Line,
    Order,
    Refund,
    Shipping,
    Taxes,
    TaxLine,
)
from simulators.woocommerce.orders_render import Renderer

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_TEXTS = (
    "status", "currency", "version", "created_via", "customer_note", "cart_hash", "payment_method",
    "payment_method_title", "transaction_id", "discount_total", "discount_tax", "shipping_total", "shipping_tax",
    "cart_tax", "total", "total_tax",
)  # fmt: skip
_RENAMED = {"order_key": "key", "customer_ip_address": "customer_ip", "customer_user_agent": "customer_agent"}
_OF_PRODUCT = ("product_id", "variation_id", "sku", "global_unique_id", "price", "image", "parent_name", "meta_data")


def loaded(shop: Shop, raw: Body) -> Order:
    """Make an order of a REST body (`GET /orders/<id>`), whichever shop it comes from.

    What this shop would tell otherwise (a number of its own, a date's local form, the fields of a plugin) is kept as it
    was told until a write changes it. Ids in it are not given again by this shop. A loaded order has taken its stock
    already if its status says so.
    """
    order = Order(
        int(raw["id"]),
        _moment(shop, raw, "date_created") or 0,
        _moment(shop, raw, "date_modified") or 0,
        paid=_moment(shop, raw, "date_paid"),
        completed=_moment(shop, raw, "date_completed"),
        parent_id=php.to_int(raw.get("parent_id")),
        customer_id=php.to_int(raw.get("customer_id")),
        prices_include_tax=bool(raw.get("prices_include_tax", True)),
        billing=_address(raw.get("billing")),
        shipping=_address(raw.get("shipping")),
    )
    for name in _TEXTS:
        setattr(order, name, php.to_str(raw.get(name)))
    for name, own in _RENAMED.items():
        setattr(order, own, php.to_str(raw.get(name)))
    number = php.to_str(raw.get("number"))
    order.number = "" if number == str(order.id) else number
    _load_lines(order, raw)
    _load_refunds(shop, order, raw)
    order.stock_reduced = order.sales_recorded = order.mailed = order.status in TAKES_STOCK
    order.coupons_counted = order.status in TAKES_STOCK
    _note_ids(shop, order)
    rendered = Renderer(shop, _places(order.total)).order(order)
    order.loaded = {name: value for name, value in raw.items() if name != "_links" and rendered.get(name) != value}
    return order


def _places(text: str) -> int:
    return len(text.partition(".")[2])


def _load_lines(order: Order, raw: Body) -> None:
    order.meta = _metas(raw)
    for one in _rows(raw, "line_items"):
        own = {name: one[name] for name in _OF_PRODUCT if name in one}
        numbers: Body = {name: php.to_int(one.get(name)) for name in ("product_id", "variation_id", "quantity")}
        texts = _texts(one, "name", "tax_class", "subtotal", "subtotal_tax", "total", "total_tax")
        order.lines.append(Line(**_common(one), **numbers, **texts, taxes=_taxes(one), kept=own))
    for one in _rows(raw, "tax_lines"):
        texts = _texts(one, "rate_code", "label", "tax_total", "shipping_tax_total")
        rate: Body = {"rate_id": php.to_int(one.get("rate_id")), "percent": php.to_float(one.get("rate_percent"))}
        order.tax_lines.append(TaxLine(**_common(one), **texts, **rate, compound=bool(one.get("compound"))))
    for one in _rows(raw, "shipping_lines"):
        texts = _texts(one, "method_title", "method_id", "instance_id", "total", "total_tax", "tax_status")
        order.shippings.append(Shipping(**_common(one), **texts, taxes=_taxes(one)))
    for one in _rows(raw, "fee_lines"):
        texts = _texts(one, "name", "tax_class", "tax_status", "amount", "total", "total_tax")
        order.fees.append(Fee(**_common(one), **texts, taxes=_taxes(one)))
    for one in _rows(raw, "coupon_lines"):
        order.coupons.append(CouponLine(**_common(one), **_texts(one, "code", "discount", "discount_tax")))


def _common(one: Body) -> Body:
    return {"id": php.to_int(one.get("id")), "meta": _metas(one)}


def _texts(one: Body, *names: str) -> Body:
    return {name: php.to_str(one[name]) for name in names if name in one}


def _load_refunds(shop: Shop, order: Order, raw: Body) -> None:
    for one in _rows(raw, "refunds"):
        refund = Refund(php.to_int(one.get("id")), order.id, order.modified)
        refund.amount = php.to_str(one.get("total")).removeprefix("-")
        refund.reason = php.to_str(one.get("reason"))
        shop.refunds.hold(order, refund)


def _rows(raw: Body, name: str) -> list[Body]:
    return [one for one in raw.get(name) or [] if isinstance(one, dict)]


def _metas(raw: Body) -> list[Meta]:
    return [
        Meta(php.to_int(one.get("id")), php.to_str(one.get("key")), one.get("value")) for one in _rows(raw, "meta_data")
    ]


def _taxes(raw: Body) -> Taxes:
    return tuple(
        (php.to_int(one.get("id")), php.to_str(one.get("total")), php.to_str(one.get("subtotal")))
        for one in _rows(raw, "taxes")
    )


def _address(raw: Json) -> Address:
    known = raw if isinstance(raw, dict) else {}
    return Address(**{name: php.to_str(known.get(name)) for name in Address.__struct_fields__})


def _moment(shop: Shop, raw: Body, name: str) -> int | None:
    gmt, local = raw.get(f"{name}_gmt"), raw.get(name)
    if isinstance(gmt, str):
        return dates.moment_of(gmt, "UTC")
    return dates.moment_of(local, shop.options.time_zone) if isinstance(local, str) else None


def _note_ids(shop: Shop, order: Order) -> None:
    ids = shop.ids
    ids.posts.seen(order.id)
    _seen(ids.order_meta, [row.id for row in order.meta])
    kinds: tuple[Sequence[Line | TaxLine | Shipping | Fee | CouponLine], ...] = (
        order.lines,
        order.tax_lines,
        order.shippings,
        order.fees,
        order.coupons,
    )
    for lines in kinds:
        _seen(ids.order_items, [line.id for line in lines])
        _seen(ids.item_meta, [row.id for line in lines for row in line.meta])


def _seen(series: Series, found: list[int]) -> None:
    for one in found:
        series.seen(one)
