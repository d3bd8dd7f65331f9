"""Prices: how they are stored, when a sale counts, and the HTML a shop shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from simulators.woocommerce import orders_money, php
from simulators.woocommerce.call import Json
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_text import clean
from simulators.woocommerce.taxes import tax_on

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

SYMBOLS = {
    "SEK": "&#107;&#114;",
    "NOK": "&#107;&#114;",
    "DKK": "kr.",
    "EUR": "&euro;",
    "USD": "&#36;",
    "GBP": "&pound;",
}


def stored(value: Json) -> str:
    """A price, weight or size as it is kept: as typed, a comma read as a point, words empty (`products_simple[3]`,
    `products_simple[5]`); a number, which only a batch may give, has no zeros at its end (`products_batch[4]`)."""
    if isinstance(value, float):
        return orders_money.text_of(value)
    return orders_money.clean(clean(php.to_str(value)))


def number(text: str) -> float:
    return orders_money.to_float(text)


def at_least(sale: str, regular: str) -> bool:
    """sale >= regular as PHP compares two texts: as numbers if both are, else letter by letter."""
    if php.is_numeric(sale) and php.is_numeric(regular):
        return number(sale) >= number(regular)
    return sale >= regular


def in_sale(product: Product, now: int) -> bool:
    """Whether the sale price counts at this moment (`background[2]`)."""
    if not product.sale_price or at_least(product.sale_price, product.regular_price):
        return False
    begun = product.sale_from is None or product.sale_from <= now
    return begun and (product.sale_to is None or product.sale_to >= now)


def settle(product: Product, now: int) -> None:
    """Set what is asked now from the regular price, the sale price and the sale's dates."""
    product.price = product.sale_price if in_sale(product, now) else product.regular_price


def drop_bad_sale(product: Product) -> None:
    """A sale price that is not below the regular one is silently dropped (`products_simple[30]`,
    `products_simple[33]`)."""
    if product.sale_price and at_least(product.sale_price, product.regular_price):
        product.sale_price = ""


def shown_on_sale(variations: Iterable[Product], now: int) -> bool:
    """A variable product is on sale when one of its variations is asked for its sale price (`variations[9]`)."""
    return any(one.sale_price and one.price == one.sale_price and in_sale(one, now) for one in variations)


class Prices:
    """Price HTML in the shop's currency, decimals and, where prices are typed without tax, with the tax of the shop's
    own address, since shops show prices with tax."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    @property
    def _symbol(self) -> str:
        currency = self._shop.settings.currency
        return SYMBOLS.get(currency, currency)

    def _displayed(self, text: str, tax_class: str, tax_status: str) -> float:
        amount = number(text)
        rules = self._shop.settings.rules()
        if rules.prices_include_tax or not rules.enabled or tax_status != "taxable":
            return amount
        taxes = tax_on(amount, rules.table.find(rules.base, tax_class))
        return orders_money.round_to(amount + sum(taxes.values()), rules.decimals)

    def _digits(self, amount: float) -> str:
        decimals = self._shop.settings.decimals
        digits = f"{orders_money.round_to(abs(amount), decimals):,.{decimals}f}"
        return ("-" if amount < 0 else "") + digits.translate({ord(","): " ", ord("."): ","})

    def tag(self, amount: float, hidden: str = "") -> str:
        """wc_price; `hidden` is the attribute that prices in a range carry."""
        currency = f'<span class="woocommerce-Price-currencySymbol">{self._symbol}</span>'
        opening = f'<span class="woocommerce-Price-amount amount"{hidden}>'
        return f"{opening}<bdi>{self._digits(amount)}&nbsp;{currency}</bdi></span>"

    def text(self, amount: float) -> str:
        return f"{self._digits(amount)}&nbsp;{self._symbol}"

    def _sale(self, regular: float, price: float) -> str:
        return (
            f'<del aria-hidden="true">{self.tag(regular)}</del> <span class="screen-reader-text">Original price was: '
            f'{self.text(regular)}.</span><ins aria-hidden="true">{self.tag(price)}</ins>'
            f'<span class="screen-reader-text">Current price is: {self.text(price)}.</span>'
        )

    def _range(self, low: float, high: float) -> str:
        hidden = ' aria-hidden="true"'
        return (
            f'{self.tag(low, hidden)} <span aria-hidden="true">&ndash;</span> {self.tag(high, hidden)}'
            f'<span class="screen-reader-text">Price range: {self.text(low)} through {self.text(high)}</span>'
        )

    def of_one(self, product: Product, tax_class: str, now: int) -> str:
        """price_html of a simple product or a variation (`products_simple[32]`)."""
        if product.price == "":
            return ""
        price = self._displayed(product.price, tax_class, product.tax_status)
        if in_sale(product, now):
            return self._sale(self._displayed(product.regular_price, tax_class, product.tax_status), price)
        return self.tag(price)

    def of_many(self, parent: Product, variations: list[Product], now: int) -> str:
        """price_html of a variable product: one price, a sale, or a range (`variations[9]`)."""
        asked = sorted(self._displayed(one.price, parent.tax_class, parent.tax_status) for one in variations)
        if not asked:
            return ""
        low, high = asked[0], asked[-1]
        if low != high:
            return self._range(low, high)
        regular = {self._displayed(one.regular_price, parent.tax_class, parent.tax_status) for one in variations}
        if shown_on_sale(variations, now) and len(regular) == 1:
            return self._sale(max(regular), low)
        return self.tag(low)
