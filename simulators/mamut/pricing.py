"""What a contact pays for a product before anybody writes a discount on the line.

The order of discounts is Mamut's (http://help.mamut.com/UK/mhelp/rtm/product/pricing/discount_concept.htm): product and
contact, then product and category, then category and product group. A quantity price adds nothing here; the
lowest of it and the price found stands, which is our reading of "may add".
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from simulators.mamut.books import Books
from simulators.mamut.products import ProductLookup
from simulators.mamut.records import CategoryPrice, Contact, ContactPrice, PriceRules, Product, QuantityPrice

NO_RULES = PriceRules()


class ProductPrices(msgspec.Struct, frozen=True):
    """One product's base price, without VAT, and all that departs from it."""

    product_no: str
    price_out: Decimal
    categories: list[CategoryPrice]
    contacts: list[ContactPrice]
    quantities: list[QuantityPrice]


class Prices(msgspec.Struct, frozen=True):
    prices: list[ProductPrices]


class PricePage(msgspec.Struct, frozen=True):
    prices: list[ProductPrices]
    total: int
    offset: int
    limit: int


def of_product(books: Books, product: Product) -> ProductPrices:
    rules = books.held.prices.get(product.pk, NO_RULES)
    return ProductPrices(product.product_no, product.price_out, rules.categories, rules.contacts, rules.quantities)


def find(books: Books, keys: ProductLookup) -> Prices:
    found: dict[int, Product] = {}
    for product_no in keys.product_nos:
        for product in books.products_by_no(product_no):
            found[product.pk] = product
    return Prices([of_product(books, found[pk]) for pk in sorted(found)])


def page(books: Books, offset: int, limit: int) -> PricePage:
    products = books.held.products[offset : offset + limit]
    return PricePage([of_product(books, row) for row in products], len(books.held.products), offset, limit)


def unit_price(books: Books, product: Product, contact: Contact, qty: Decimal, day: date) -> Decimal:
    """The price of one, without VAT, four decimals or more. A variant that does not vary in price has its main
    product's (assumed)."""
    if product.variant is not None:
        main = books.product(product.variant.main)
        product = product if "price" in main.varies_by else main
    rules = books.held.prices.get(product.pk, NO_RULES)
    base = product.price_out
    price = _special(books, rules, product, contact, day)
    price = base if price is None else price
    for step in rules.quantities:
        if qty >= step.from_qty:
            price = min(price, _applied(base, step.price, step.percent))
    return price


def _special(books: Books, rules: PriceRules, product: Product, contact: Contact, day: date) -> Decimal | None:
    for own in rules.contacts:
        if own.contid == contact.contid:
            return _applied(product.price_out, own.price, own.percent)
    for listed in rules.categories:
        if listed.category == contact.category and _valid(listed, day):
            return _applied(product.price_out, listed.price, listed.percent)
    for discount in books.held.group_discounts:
        if discount.category == contact.category and discount.group == product.group:
            return _applied(product.price_out, None, discount.percent)
    return None


def _valid(row: CategoryPrice, day: date) -> bool:
    return (row.valid_from is None or row.valid_from <= day) and (row.valid_to is None or day <= row.valid_to)


def _applied(base: Decimal, price: Decimal | None, percent: Decimal | None) -> Decimal:
    if price is not None:
        return price
    return base * (100 - (percent or Decimal(0))) / 100
