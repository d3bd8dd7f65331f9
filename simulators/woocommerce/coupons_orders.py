"""Coupons on orders: whether they apply, and what they take off its lines (WC_Abstract_Order::apply_coupon)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import php, taxes
from simulators.woocommerce.call import Json, RestError
from simulators.woocommerce.coupons_discounts import Deal, Discounts, Item
from simulators.woocommerce.coupons_model import Coupon, code_of
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_goods import Goods
from simulators.woocommerce.orders_model import CouponLine, Line, Order
from simulators.woocommerce.orders_money import from_cents, text_of, to_float
from simulators.woocommerce.orders_totals import Pricing, calculate, line_cents, location

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


def set_codes(shop: Shop, order: Order, sent: Json, pricing: Pricing, goods: Goods) -> None:
    """Make these the order's coupons, and no others.

    Raises:
        RestError: for a line with an id, without a code, or with a coupon that does not apply.
    """
    had = {line.code for line in order.coupons}
    codes: list[str] = []
    for one in sent if isinstance(sent, list) else []:
        line = one if isinstance(one, dict) else {}
        if line.get("id"):
            raise RestError("woocommerce_rest_coupon_item_id_readonly", "Coupon item ID is readonly.", 400)
        if not line.get("code"):
            raise _refused("Coupon code is required.")
        code = code_of(php.to_str(line["code"]))
        if code not in had:
            check(shop, order, code, goods)
        codes.append(code)
    if order.coupons:
        order.coupons = []
        _recalculate(shop, order, pricing, goods)
    for code in codes:
        if any(line.code == code for line in order.coupons):
            raise _refused(f"Coupon code &quot;{code}&quot; already applied!")
        _apply(shop, order, code, pricing, goods)


def _refused(message: str) -> RestError:
    return RestError("woocommerce_rest_invalid_coupon", message, 400)


def check(shop: Shop, order: Order, code: str, goods: Goods) -> None:
    """Refuse a coupon that does not exist or does not fit the order."""
    coupon = shop.coupons.by_code(code)
    if coupon is None:
        raise _refused(f"Coupon &quot;{code}&quot; cannot be applied because it does not exist.")
    products = [goods.of(line) for line in order.lines]
    subtotal = sum(to_float(line.subtotal) for line in order.lines)
    if order.prices_include_tax:
        subtotal += to_float(order.total_tax)
    fault = coupon.fault(
        shop.now(), subtotal, [one for one in products if one is not None], order.customer_id or order.billing.email
    )
    if fault:
        raise _refused(fault)


def _apply(shop: Shop, order: Order, code: str, pricing: Pricing, goods: Goods) -> None:
    order.coupons = [*order.coupons, CouponLine(shop.ids.order_items.next(), code)]
    coupon = shop.coupons.by_code(code)
    if coupon is not None:
        row = Meta(shop.ids.item_meta.next(), "coupon_info", coupon.short_info())
        order.coupons[-1].meta = [row]
    _recalculate(shop, order, pricing, goods)
    if order.coupons_counted and coupon is not None:
        shop.coupons.used(code, order.customer_id or order.billing.email, 1)


def _recalculate(shop: Shop, order: Order, pricing: Pricing, goods: Goods) -> None:
    """Work out all of an order's coupons again, from its lines' prices before discounts."""
    rules = pricing.rules
    lines = {line.id: line for line in order.lines}
    for line in order.lines:
        line.total, line.total_tax = line.subtotal, line.subtotal_tax
    coupons = {line.code: shop.coupons.by_code(line.code) for line in order.coupons}
    items = [_item(line, order, coupons, pricing, goods) for line in order.lines]
    discounts = Discounts(items, rules.decimals, sequential=rules.sequential_coupons)
    for code, coupon in coupons.items():
        if coupon is not None:
            discounts.apply(Deal(code, coupon.discount_type, to_float(coupon.amount), coupon.limit_items))
    place = location(order, rules)
    for coupon_line in order.coupons:
        taken = discounts.by_coupon.get(coupon_line.code, {})
        whole, tax = from_cents(sum(taken.values()), rules.decimals), 0.0
        for id_, cents in taken.items():
            share = _tax_of(lines[id_], from_cents(cents, rules.decimals), order, pricing, place)
            share = share if rules.round_at_subtotal else rules.round_tax(share)
            tax += share
            if order.prices_include_tax:
                whole -= share
        coupon_line.discount, coupon_line.discount_tax = text_of(whole), text_of(tax)
    for id_, cents in discounts.by_item().items():
        amount = from_cents(cents, rules.decimals)
        if order.prices_include_tax:
            amount -= _tax_of(lines[id_], amount, order, pricing, place)
        lines[id_].total = text_of(max(0.0, to_float(lines[id_].total) - amount))
    calculate(order, pricing)


def _item(line: Line, order: Order, coupons: dict[str, Coupon | None], pricing: Pricing, goods: Goods) -> Item:
    product = goods.of(line)

    def valid(code: str) -> bool:
        coupon = coupons.get(code)
        return coupon is not None and (coupon.discount_type == "fixed_cart" or coupon.fits(product))

    return Item(line.id, line_cents(line, pricing.rules, with_tax=order.prices_include_tax), line.quantity, valid)


def _tax_of(line: Line, amount: float, order: Order, pricing: Pricing, place: taxes.Location) -> float:
    """The tax in (or on) a discount of a line."""
    if not pricing.rules.enabled or pricing.tax_status(line) != "taxable":
        return 0.0
    rates = pricing.rules.table.find(place, line.tax_class)
    found = taxes.tax_within(amount, rates) if order.prices_include_tax else taxes.tax_on(amount, rates)
    return sum(found.values())
