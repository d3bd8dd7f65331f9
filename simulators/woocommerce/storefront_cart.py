"""A shopper's cart and what it comes to (WC_Cart_Totals)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import taxes
from simulators.woocommerce.coupons_discounts import Deal, Discounts, Item
from simulators.woocommerce.options import ShippingMethod
from simulators.woocommerce.orders_model import Address
from simulators.woocommerce.orders_money import cents, from_cents, round_to, to_float
from simulators.woocommerce.orders_totals import PICKUP
from simulators.woocommerce.taxes import Location, Rules

if TYPE_CHECKING:
    from simulators.woocommerce.products import Sellable
    from simulators.woocommerce.shop import Shop


class CartLine(msgspec.Struct):
    """`chosen` are the values a shopper gave for a variation's attributes, by name."""

    product_id: int
    variation_id: int
    quantity: int
    chosen: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """The cart's name for the line (generate_cart_id): a digest of what it is."""
        parts = [str(self.product_id)]
        if self.variation_id:
            values = "".join(f"attribute_{name}{value}" for name, value in self.chosen)
            parts += [str(self.variation_id), *([values] if values else [])]
        return hashlib.md5("_".join(parts).encode(), usedforsecurity=False).hexdigest()


class Cart(msgspec.Struct):
    """`method` is the instance of the shipping method chosen, 0 for the first there is; `draft` the id of the order
    that the open checkout has made, 0 before, and `filled` tells what its lines were made of."""

    token: str
    lines: dict[str, CartLine] = {}
    coupons: list[str] = []
    billing: Address = Address()
    shipping: Address = Address()
    method: int = 0
    draft: int = 0
    filled: str = ""


class PricedLine(msgspec.Struct):
    """Amounts without tax, and their tax by rate, unrounded."""

    line: CartLine
    product: Sellable
    subtotal: float
    total: float
    subtotal_taxes: dict[int, float]
    taxes: dict[int, float]


class Rate(msgspec.Struct, frozen=True):
    """A shipping method that the shopper may choose, with its cost."""

    method: ShippingMethod
    cost: float
    taxes: dict[int, float]

    @property
    def id(self) -> str:
        return f"{self.method.method_id}:{self.method.instance_id}"


class CartTotals(msgspec.Struct):
    lines: list[PricedLine]
    rates: list[Rate]
    chosen: Rate | None
    coupons: dict[str, tuple[float, float]]
    """What each coupon takes off, without tax, and the tax of it."""


def location(cart: Cart, rules: Rules, method_id: str = "") -> Location:
    """Where the shopper is taxed; at the shop for goods that are fetched, and while nothing is known of him."""
    address = cart.billing if rules.based_on == "billing" else cart.shipping
    if rules.based_on == "base" or method_id in PICKUP or not address.country:
        return rules.base
    return Location(address.country, address.state, address.postcode, address.city)


def totals(shop: Shop, cart: Cart) -> CartTotals:
    rules = shop.settings.rules()
    country = cart.shipping.country or rules.base.country
    methods = shop.settings.shipping_methods(country)
    chosen = next((one for one in methods if one.instance_id == cart.method), None)
    place = location(cart, rules, chosen.method_id if chosen is not None else "")
    lines = []
    for line in cart.lines.values():
        product = shop.products.sellable(line.product_id, line.variation_id)
        if product is not None:
            lines.append(_priced(line, product, rules, place))
    coupons = _discount(shop, cart, lines, rules, place)
    rates = _rates(methods, lines, rules, place)
    picked = next((rate for rate in rates if rate.method.instance_id == cart.method), rates[0] if rates else None)
    return CartTotals(lines, rates, picked, coupons)


def _priced(line: CartLine, product: Sellable, rules: Rules, place: Location) -> PricedLine:
    taxable = product.tax_status == "taxable"
    price = float(product.price or 0)
    net = rules.without_tax(price, line.quantity, taxable=taxable, tax_class=product.tax_class)
    found = _tax_on(net, product, rules, place)
    return PricedLine(line, product, net, net, found, found)


def _tax_on(amount: float, product: Sellable, rules: Rules, place: Location) -> dict[int, float]:
    if not rules.enabled or product.tax_status != "taxable":
        return {}
    return taxes.tax_on(amount, rules.table.find(place, product.tax_class))


def _discount(
    shop: Shop, cart: Cart, lines: list[PricedLine], rules: Rules, place: Location
) -> dict[str, tuple[float, float]]:
    """Take the coupons off the lines. The tax in a discount is kept unrounded until it is summed, other than on orders
    (`checkout_storefront[22]`)."""
    coupons = {code: shop.coupons.by_code(code) for code in cart.coupons}
    if not coupons:
        return {}

    def item(at: int, one: PricedLine) -> Item:
        def valid(code: str) -> bool:
            coupon = coupons[code]
            return coupon is not None and (coupon.discount_type == "fixed_cart" or coupon.fits(one.product))

        price = cents(float(one.product.price or 0) * one.line.quantity, rules.decimals)
        return Item(at, price, one.line.quantity, valid)

    discounts = Discounts(
        [item(at, one) for at, one in enumerate(lines)], rules.decimals, sequential=rules.sequential_coupons
    )
    told: dict[str, tuple[float, float]] = {}
    for code, coupon in coupons.items():
        if coupon is not None:
            amount = to_float(coupon.amount)
            discounts.apply(Deal(code, coupon.discount_type, amount, coupon.limit_items))
            taken = discounts.by_coupon[code]
            whole = sum(taken.values())
            tax = sum(_tax_in(lines[at], cent, rules, place) for at, cent in taken.items())
            net = whole - tax if rules.prices_include_tax else whole
            told[code] = (from_cents(net, rules.decimals), from_cents(tax, rules.decimals))
    for at, cent in discounts.by_item().items():
        one = lines[at]
        amount = from_cents(cent, rules.decimals)
        if rules.prices_include_tax:
            amount -= from_cents(_tax_in(one, cent, rules, place), rules.decimals)
        one.total = max(0.0, one.subtotal - amount)
        one.taxes = _tax_on(one.total, one.product, rules, place)
    return told


def _tax_in(one: PricedLine, amount: float, rules: Rules, place: Location) -> float:
    if not rules.enabled or one.product.tax_status != "taxable":
        return 0.0
    rates = rules.table.find(place, one.product.tax_class)
    found = taxes.tax_within(amount, rates) if rules.prices_include_tax else taxes.tax_on(amount, rates)
    return sum(found.values())


def _rates(methods: tuple[ShippingMethod, ...], lines: list[PricedLine], rules: Rules, place: Location) -> list[Rate]:
    """The methods open to this cart; none when nothing in it is sent."""
    if all(one.product.virtual for one in lines):
        return []
    classes = {one.product.tax_class for one in lines if one.product.tax_status in {"taxable", "shipping"}}
    class_: str | None = rules.shipping_class
    if class_ == "inherit":
        class_ = next((name for name in ("", *rules.classes) if name in classes), None)
    found = []
    spent = sum(one.total + sum(one.taxes.values()) for one in lines)
    for method in methods:
        if method.method_id == "free_shipping" and round_to(spent, rules.decimals) < to_float(method.min_amount):
            continue
        cost = to_float(method.cost)
        taxed: dict[int, float] = {}
        if rules.enabled and method.taxable and class_ is not None:
            rates = tuple(rate for rate in rules.table.find(place, class_) if rate.shipping)
            taxed = taxes.tax_on(cost, rates)
        found.append(Rate(method, cost, taxed))
    return found


def cart_hash(cart: Cart) -> str:
    """A digest of the goods and coupons, "" for an empty cart; an order made of the cart keeps it."""
    if not cart.lines:
        return ""
    told = [(line.key, line.quantity) for line in cart.lines.values()]
    return hashlib.md5(f"{told} {cart.coupons}".encode(), usedforsecurity=False).hexdigest()
