"""Orders of the past for a shop that is filled: what people bought, for what the shop's own arithmetic makes of it."""

from __future__ import annotations

import random
import string
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from simulators.people import People, Person
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_goods import REDUCED
from simulators.woocommerce.orders_model import Address, Line, Order, Shipping, Taxes, TaxLine
from simulators.woocommerce.orders_money import shown, text_of
from simulators.woocommerce.orders_totals import calculate
from simulators.woocommerce.products_model import Product

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_LETTERS = string.ascii_letters + string.digits
_SHIPPING = "39.20"
_PEOPLE = 20_000
"""So many different customers; they come again."""

_DONE = (("completed", 0.93), ("cancelled", 0.98), ("failed", 1.0))
_METHODS = (("bacs", "Direct bank transfer"), ("cod", "Cash on delivery"))


class _Sold(msgspec.Struct, frozen=True):
    """So many pieces of something at one price: texts as the shop keeps them, and in öre."""

    total: str
    tax: str
    taxes: Taxes
    total_ore: int
    tax_ore: int


class PastOrders:
    def __init__(self, shop: Shop, goods: Sequence[Product], seed: int, past_s: int) -> None:
        self._shop = shop
        self._goods = goods
        self._past_s = past_s
        self._chance = random.Random(f"{seed} orders")
        people = People(seed)
        self._addresses = [_addresses(people.shopper()) for _ in range(_PEOPLE)]
        self._sold: dict[tuple[str, str, int], _Sold] = {}
        self._sent: dict[tuple[str, ...], _Sold] = {}
        self._texts: dict[int, str] = {}
        self._names: dict[int, str] = {}
        self._rates: dict[int, TaxLine] = {}
        # Where tax is rounded on the sum, or amounts have no öre, lines do not simply add up.
        rules = shop.settings.rules()
        self._adds_up = not rules.round_at_subtotal and rules.decimals == 2

    def add(self, count: int, open_share: float) -> None:
        end = self._shop.now()
        for number in range(count):
            created = end - self._past_s + number * self._past_s // count
            order = self._order(created, open_share)
            if not self._adds_up:
                calculate(order, self._shop.orders.writer.pricing())
            self._shop.orders.keep(order)

    def _order(self, created: int, open_share: float) -> Order:
        draw = self._chance.random
        status = "processing" if draw() < open_share else self._done(draw())
        billing, shipping = self._addresses[int(draw() * _PEOPLE)]
        method, title = _METHODS[int(draw() * len(_METHODS))]
        completed = min(created + int(draw() * 5 * 24 * 3600), self._shop.now()) if status == "completed" else None
        taken = status in {"processing", "completed"}
        order = Order(
            id=self._shop.ids.posts.next(),
            created=created,
            modified=completed or created,
            status=status,
            key=f"wc_order_{''.join(self._chance.choices(_LETTERS, k=13))}",
            currency=self._shop.settings.currency,
            version=self._shop.options.woocommerce,
            prices_include_tax=self._shop.settings.yes("prices_include_tax"),
            created_via="checkout",
            payment_method=method,
            payment_method_title=title,
            paid=None if not taken else completed if method == "cod" else created,
            completed=completed,
            billing=billing,
            shipping=shipping,
            stock_reduced=taken,
            sales_recorded=taken,
            mailed=True,
        )
        self._fill(order, taken=taken)
        return order

    @staticmethod
    def _done(drawn: float) -> str:
        return next(status for status, limit in _DONE if drawn <= limit)

    def _fill(self, order: Order, *, taken: bool) -> None:
        draw = self._chance.random
        series, rows = self._shop.ids.order_items, self._shop.ids.item_meta
        by_rate: dict[int, int] = {}
        goods_ore = tax_ore = 0
        lines: list[Line] = []
        classes: dict[str, None] = {}
        for _ in range(1 + int(draw() * draw() * 5)):
            product = self._goods[int(draw() * len(self._goods))]
            tax_class = self._shop.products.tax_class_of(product)
            quantity = 1 + int(draw() * draw() * 4)
            sold = self._cost(product.price, tax_class, quantity)
            variation = product.type == "variation"
            line = Line(
                id=series.next(),
                name=self._name(product),
                product_id=product.parent if variation else product.id,
                variation_id=product.id if variation else 0,
                quantity=quantity,
                tax_class=tax_class,
                subtotal=sold.total,
                subtotal_tax=sold.tax,
                total=sold.total,
                total_tax=sold.tax,
                taxes=sold.taxes,
            )
            if variation:
                line.meta.append(Meta(rows.next(), *product.options[0]))
            if taken:
                line.meta.append(Meta(rows.next(), REDUCED, str(quantity)))
            lines.append(line)
            classes[tax_class] = None
            goods_ore += sold.total_ore
            tax_ore += sold.tax_ore
            for rate, _, _ in sold.taxes:
                by_rate[rate] = by_rate.get(rate, 0) + sold.tax_ore
        order.lines = lines
        sent = self._shipping_cost(tuple(sorted(classes)))
        order.shippings = [
            Shipping(
                series.next(), "PostNord", "flat_rate", "1", total=sent.total, total_tax=sent.tax, taxes=sent.taxes
            )
        ]
        order.tax_lines = [
            self._tax_line(rate, ore, sent.tax if sent.taxes and sent.taxes[0][0] == rate else "0")
            for rate, ore in by_rate.items()
        ]
        order.shipping_total, order.shipping_tax = text_of(float(sent.total)), sent.tax
        order.cart_tax = self._text(tax_ore)
        order.total_tax = shown(self._text(tax_ore + sent.tax_ore), 2)
        order.total = shown(self._text(goods_ore + tax_ore + sent.total_ore + sent.tax_ore), 2)

    def _name(self, product: Product) -> str:
        found = self._names.get(product.id)
        if found is None:
            found = self._names[product.id] = self._shop.products.name_of(product)
        return found

    def _text(self, ore: int) -> str:
        found = self._texts.get(ore)
        if found is None:
            found = self._texts[ore] = text_of(ore / 100)
        return found

    def _tax_line(self, rate: int, ore: int, sent: str) -> TaxLine:
        return msgspec.structs.replace(
            self._rates[rate],
            id=self._shop.ids.order_items.next(),
            tax_total=self._text(ore),
            shipping_tax_total=sent,
            meta=[],
        )

    # What the shop's own arithmetic says

    def _cost(self, price: str, tax_class: str, quantity: int) -> _Sold:
        found = self._sold.get((price, tax_class, quantity))
        if found is None:
            order = self._reckoned([(price, tax_class, quantity)], sent=False)
            line = order.lines[0]
            found = _Sold(line.total, line.total_tax, line.taxes, _ore(line.total), _ore(line.total_tax))
            self._sold[price, tax_class, quantity] = found
        return found

    def _shipping_cost(self, classes: tuple[str, ...]) -> _Sold:
        found = self._sent.get(classes)
        if found is None:
            line = self._reckoned([("100", one, 1) for one in classes], sent=True).shippings[0]
            found = _Sold(line.total, line.total_tax, line.taxes, _ore(line.total), _ore(line.total_tax))
            self._sent[classes] = found
        return found

    def _reckoned(self, wanted: list[tuple[str, str, int]], *, sent: bool) -> Order:
        """An order of these goods as the shop works it out; it is thrown away."""
        rules = self._shop.settings.rules()
        order = Order(0, 0, 0, billing=self._addresses[0][0], shipping=self._addresses[0][1])
        for price, tax_class, quantity in wanted:
            net = rules.without_tax(float(price), quantity, taxable=True, tax_class=tax_class)
            cost = text_of(net)
            order.lines.append(Line(0, quantity=quantity, tax_class=tax_class, subtotal=cost, total=cost))
        if sent:
            order.shippings.append(Shipping(0, "PostNord", "flat_rate", "1", total=_SHIPPING))
        pricing = self._shop.orders.writer.pricing()
        calculate(order, msgspec.structs.replace(pricing, tax_status=lambda _line: "taxable", next_id=lambda: 0))
        self._rates.update((line.rate_id, line) for line in order.tax_lines)
        return order


def _ore(text: str) -> int:
    return round(float(text) * 100)


def _addresses(person: Person) -> tuple[Address, Address]:
    billing = Address(**person.address())
    return billing, msgspec.structs.replace(billing, email="", phone="")
