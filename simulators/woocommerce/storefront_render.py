"""A cart and a checkout as the Store API shows them: amounts are texts of whole öre."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.orders_model import Address, Order
from simulators.woocommerce.orders_money import round_to
from simulators.woocommerce.orders_render import address, symbol
from simulators.woocommerce.storefront_cart import Cart, CartTotals, PricedLine, Rate

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop


class StoreRenderer:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._decimals = shop.settings.decimals

    def cart(self, cart: Cart, priced: CartTotals) -> Body:
        body: Body = {
            "items": [self._item(one) for one in priced.lines],
            "coupons": [
                {
                    "code": code,
                    "discount_type": self._kind(code),
                    "totals": {
                        "total_discount": self._minor(discount),
                        "total_discount_tax": self._minor(tax),
                        **self._currency(),
                    },
                }
                for code, (discount, tax) in priced.coupons.items()
            ],
            "fees": [],
            "totals": self._totals(priced),
            "shipping_address": shipping_address(cart.shipping),
            "billing_address": billing_address(cart.billing),
            "needs_payment": bool(priced.lines),
            "needs_shipping": bool(priced.rates),
            "payment_requirements": ["products"],
            "has_calculated_shipping": bool(cart.shipping.country),
            "shipping_rates": self._packages(cart, priced),
            "items_count": sum(one.line.quantity for one in priced.lines),
            "items_weight": 0,
            "cross_sells": [],
            "errors": [],
            "payment_methods": [one.id for one in self._shop.settings.gateways.values() if one.enabled],
            "extensions": {},
        }
        return body

    def _kind(self, code: str) -> str:
        coupon = self._shop.coupons.by_code(code)
        return coupon.discount_type if coupon is not None else ""

    def _minor(self, amount: float) -> str:
        return f"{round_to(amount * 10.0**self._decimals):.0f}"

    def _currency(self) -> Body:
        settings = self._shop.settings
        mark = symbol(settings.currency)
        place = settings.text("currency_pos")
        space = " " if place.endswith("_space") else ""
        return {
            "currency_code": settings.currency,
            "currency_symbol": mark,
            "currency_minor_unit": self._decimals,
            "currency_decimal_separator": settings.text("price_decimal_sep"),
            "currency_thousand_separator": settings.text("price_thousand_sep"),
            "currency_prefix": f"{mark}{space}" if place.startswith("left") else "",
            "currency_suffix": f"{space}{mark}" if place.startswith("right") else "",
        }

    def _item(self, one: PricedLine) -> Body:
        product = one.product
        return {
            "key": one.line.key,
            "id": product.variation_id or product.product_id,
            "type": product.kind,
            "quantity": one.line.quantity,
            "name": product.parent_name or product.name,
            "sku": product.sku,
            "variation": [{"attribute": label, "value": text} for _key, label, _value, text in product.attributes],
            "totals": {
                "line_subtotal": self._minor(one.subtotal),
                "line_subtotal_tax": self._minor(sum(one.subtotal_taxes.values())),
                "line_total": self._minor(one.total),
                "line_total_tax": self._minor(sum(one.taxes.values())),
                **self._currency(),
            },
        }

    def _totals(self, priced: CartTotals) -> Body:
        rules = self._shop.settings.rules()

        def line_sum(amounts: list[float]) -> float:
            return sum(amount if rules.round_at_subtotal else round_to(amount, self._decimals) for amount in amounts)

        def tax_sum(found: list[dict[int, float]]) -> float:
            return sum(rules.round_line_tax(tax) for taxes in found for tax in taxes.values())

        items = line_sum([one.subtotal for one in priced.lines])
        items_tax = tax_sum([one.subtotal_taxes for one in priced.lines])
        total, tax = line_sum([one.total for one in priced.lines]), tax_sum([one.taxes for one in priced.lines])
        chosen = priced.chosen
        shipping, shipping_tax = (chosen.cost, tax_sum([chosen.taxes])) if chosen is not None else (0.0, 0.0)
        discount, discount_tax = (sum(part[at] for part in priced.coupons.values()) for at in (0, 1))
        empty = not priced.lines
        return {
            "total_items": self._minor(items),
            "total_items_tax": self._minor(items_tax),
            "total_fees": "0",
            "total_fees_tax": "0",
            "total_discount": self._minor(discount),
            "total_discount_tax": self._minor(discount_tax),
            "total_shipping": None if empty else self._minor(shipping),
            "total_shipping_tax": None if empty else self._minor(shipping_tax),
            "total_price": self._minor(total + tax + shipping + shipping_tax),
            "total_tax": self._minor(tax + shipping_tax),
            "tax_lines": self._tax_lines(priced),
            **self._currency(),
        }

    def _tax_lines(self, priced: CartTotals) -> list[Body]:
        rules = self._shop.settings.rules()
        sums: dict[int, float] = {}
        parts = [one.taxes for one in priced.lines]
        if priced.chosen is not None:
            parts.append(priced.chosen.taxes)
        for found in parts:
            for id_, tax in found.items():
                sums[id_] = sums.get(id_, 0.0) + rules.round_line_tax(tax)
        lines = []
        for id_, tax in sums.items():
            rate = rules.table.by_id[id_]
            lines.append({"name": rate.name, "price": self._minor(tax), "rate": f"{float(rate.rate):g}%"})
        return lines

    def _packages(self, cart: Cart, priced: CartTotals) -> list[Body]:
        if not priced.rates:
            return []
        goods = ", ".join(f"{one.product.name} &times; {one.line.quantity}" for one in priced.lines)
        place = {name: value for name, value in address(cart.shipping).items() if name not in _NAMES}
        items = [{"key": one.line.key, "name": one.product.name, "quantity": one.line.quantity} for one in priced.lines]
        rates = [self._rate(rate, goods, rate is priced.chosen) for rate in priced.rates]
        package: Body = {"package_id": 0, "name": "Shipment 1", "destination": place, "items": items}
        return [{**package, "shipping_rates": rates}]

    def _rate(self, rate: Rate, goods: str, chosen: bool) -> Body:
        return {
            "rate_id": rate.id,
            "name": rate.method.title,
            "description": "",
            "delivery_time": "",
            "price": self._minor(rate.cost),
            "taxes": self._minor(sum(rate.taxes.values())),
            "instance_id": rate.method.instance_id,
            "method_id": rate.method.method_id,
            "meta_data": [{"key": "Items", "value": goods}],
            "selected": chosen,
            **self._currency(),
        }

    def checkout(self, order: Order, result: Json) -> Body:
        return {
            "order_id": order.id,
            "status": order.status,
            "order_key": order.key,
            "order_number": order.number or str(order.id),
            "customer_note": order.customer_note,
            "customer_id": order.customer_id,
            "billing_address": billing_address(order.billing),
            "shipping_address": shipping_address(order.shipping),
            "payment_method": order.payment_method,
            "payment_result": result,
            "additional_fields": {},
            "__experimentalCart": None,
            "extensions": {},
        }


_NAMES = frozenset({"first_name", "last_name", "company"})


def billing_address(found: Address) -> Body:
    return {**address(found), "email": found.email, "phone": found.phone}


def shipping_address(found: Address) -> Body:
    return {**address(found), "phone": found.phone}
