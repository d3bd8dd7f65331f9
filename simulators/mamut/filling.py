"""Fills the company with products, stock and customers: the same ones for the same seed, and many in little time."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from random import Random

import msgspec
from faker import Faker

from simulators.mamut.books import VAT_IN, VAT_OUT, Books
from simulators.mamut.errors import Refused
from simulators.mamut.filling_goods import COLOURS, KINDS, VAT_BY_GROUP, WORDS, enrich, fill_variants, put
from simulators.mamut.records import (
    Address,
    CategoryPrice,
    Contact,
    Person,
    PriceRules,
    Product,
    QuantityPrice,
    StockRow,
)

FILL_MAX = 1_000_000
NAMES = 400
"""So many first and last names, streets and towns are drawn; people are made by combining them."""


class FillBody(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many to add. Article numbers go on from `start`, as B-00001 and so on; `mains` are main articles of two to
    eight variants each, as M-00001 with M-00001-01 and so on. `rich` articles have texts and bar codes, campaigns with
    days, and stock in a third warehouse; the rest of them is as without it."""

    seed: int = 0
    products: int = 0
    contacts: int = 0
    mains: int = 0
    rich: bool = False
    start: int = 1


class Filled(msgspec.Struct, frozen=True, omit_defaults=True):
    products: int
    contacts: int
    mains: int = 0
    variants: int = 0


def fill(books: Books, at: datetime, body: FillBody) -> Filled:
    """Adds what the body says. Raises Refused when a number is out of range or an article number is taken."""
    if not all(0 <= number <= FILL_MAX for number in (body.products, body.contacts, body.mains, body.start)):
        raise Refused(400, "invalid_field", f"numbers go from 0 to {FILL_MAX}")
    if body.mains and books.options.edition != "E5":
        raise Refused(422, "variants_not_licensed", "variant products need edition E5", "mains")
    numbers = [f"B-{number:05d}" for number in range(body.start, body.start + body.products)]
    mains = [f"M-{number:05d}" for number in range(body.start, body.start + body.mains)]
    if any(books.products_by_no(product_no) for product_no in (*numbers, *mains)):
        raise Refused(409, "product_no_taken", "some of these articles are there already", "start")
    first = len(books.held.products)
    _fill_products(books, at, Random(f"products/{body.seed}"), numbers)
    fill_variants(books, at, Random(f"variants/{body.seed}"), mains)
    if body.rich:
        enrich(books, at, Random(f"rich/{body.seed}"), books.held.products[first:])
    _fill_contacts(books, at, body.seed, body.contacts)
    variants = len(books.held.products) - first - body.products - body.mains
    return Filled(body.products, body.contacts, body.mains, variants)


def _fill_products(books: Books, at: datetime, random: Random, numbers: list[str]) -> None:
    held = books.held
    for product_no in numbers:
        group = random.randint(1, 6)
        price = Decimal(random.randint(2000, 200_000)) / 100
        product = Product(
            pk=len(held.products) + 1,
            product_no=product_no,
            description=f"{random.choice(KINDS)} {random.choice(WORDS)} {random.choice(COLOURS)}",
            weight=Decimal(random.randint(50, 5000)).scaleb(-3),
            price_cost=(price / 2).quantize(Decimal("0.0001")),
            price_in=(price / 2).quantize(Decimal("0.0001")),
            price_out=price.quantize(Decimal("0.0001")),
            vat_out=VAT_BY_GROUP.get(group, VAT_OUT),
            vat_in=VAT_IN,
            group=group,
        )
        put(books, at, product)
        on_hand = Decimal(random.randint(0, 20_000) // 100 * 100).scaleb(-2)
        held.stock[product.pk] = [StockRow(1, on_hand), StockRow(2, Decimal(random.randint(0, 10) * 100).scaleb(-2))]
        if random.random() < 0.1:
            held.prices[product.pk] = _rules(price)


def _rules(price: Decimal) -> PriceRules:
    reseller = CategoryPrice(2, price=(price * 7 / 10).quantize(Decimal("0.0001")))
    return PriceRules(categories=[reseller], quantities=[QuantityPrice(Decimal("10.00"), percent=Decimal("5.00"))])


def _fill_contacts(books: Books, at: datetime, seed: int, count: int) -> None:
    if not count:
        return
    random = Random(f"contacts/{seed}")
    faker = Faker("sv_SE", use_weighting=False)
    faker.seed_instance(seed)
    first = [faker.first_name() for _ in range(NAMES)]
    last = [faker.last_name() for _ in range(NAMES)]
    towns = [(faker.street_name(), faker.postcode(), faker.city()) for _ in range(NAMES)]
    for _ in range(count):
        position = len(books.held.contacts)
        person = Person(random.choice(first), random.choice(last))
        company = random.random() < 0.2
        street, postcode, town = random.choice(towns)
        email = f"kund{position + 1}@example.com"
        name = f"{person.last_name} {random.choice(WORDS)} AB" if company else f"{person.first_name} {person.last_name}"
        contact = Contact(
            contid=position + 1,
            custid=books.options.first_custid + position,
            name=name[:50],
            kinds=["customer"] if company else ["customer", "private"],
            org_no=f"5560{position % 100:02d}-{position % 10_000:04d}" if company else "",
            email=email,
            phone=f"070-{random.randint(1_000_000, 9_999_999)}",
            addresses=[Address("main", f"{street} {random.randint(1, 99)}"[:200], postcode, town[:30], "SE")],
            persons=[Person(person.first_name, person.last_name, email)] if company else [],
        )
        books.held.contacts.append(contact)
        books.index_contact(contact)
        books.mark_changed(contact, at)
