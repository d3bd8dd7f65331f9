"""What makes a filled register like a grown one: main articles with variants, texts, bar codes, campaigns."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product as pairs
from random import Random

from simulators.mamut.books import COMPANY_TIME, VAT_IN, VAT_OUT, Books
from simulators.mamut.records import CategoryPrice, PriceRules, Product, StockRow, Variant

KINDS = ("Tröja", "Mössa", "Kanna", "Skål", "Filt", "Ryggsäck", "Lykta", "Kniv", "Kudde", "Stol", "Väska", "Handske")
WORDS = ("Fjäll", "Skog", "Älv", "Sjö", "Berg", "Hav", "Äng", "Myr", "Ås", "Strand", "Dal", "Tjärn", "Vik", "Holme")
COLOURS = ("svart", "vit", "röd", "blå", "grön", "grå", "gul", "brun")
SIZES = ("S", "M", "L", "XL")
VAT_BY_GROUP = {5: 4, 6: 5}
"""Groceries have 12 %, books 6 %, all else 25 %."""

CLUB = 4
"""The contact category that campaigns are for."""

CAMPAIGN_SHARE, DISTANT_SHARE = 0.05, 0.2
"""So many of the rich articles have a campaign, or stock in the distant warehouse too."""

CENT = Decimal("0.0001")


def put(books: Books, at: datetime, product: Product) -> None:
    """A whole new article into the register, without any stock."""
    books.held.products.append(product)
    books.index_product(product)
    books.mark_changed(product, at)


def fill_variants(books: Books, at: datetime, random: Random, mains: list[str]) -> None:
    """Main articles of one property or two. Most have stock by variant, some prices too; the stock of the others stands
    on the main article."""
    for main_no in mains:
        name = f"{random.choice(KINDS)} {random.choice(WORDS)}"
        price = (Decimal(random.randint(5000, 90_000)) / 100).quantize(CENT)
        lot = random.random()
        varies_by = ["stock"] if lot < 0.6 else ["price", "stock"] if lot < 0.9 else []
        sizes = random.sample(SIZES, random.randint(2, 4))
        colours = random.sample(COLOURS, 2) if random.random() < 0.4 else [""]
        main = _article(books, main_no, name, price, random)
        main.properties = ["Storlek", "Färg"] if colours[0] else ["Storlek"]
        main.varies_by = list(varies_by)  # type: ignore[arg-type]
        put(books, at, main)
        books.held.stock[main.pk] = [StockRow(1, _pieces(random) if not varies_by else Decimal("0.00"))]
        for number, (size, colour) in enumerate(pairs(sizes, colours), 1):
            own = price + random.randint(0, 4) * 10 if "price" in varies_by else price
            variant = _article(books, f"{main_no}-{number:02d}", f"{name} {size} {colour}".strip(), own, random)
            variant.group, variant.vat_out = main.group, main.vat_out
            variant.variant = Variant(main_no, size, colour or None)
            put(books, at, variant)
            books.held.stock[variant.pk] = [StockRow(1, _pieces(random) if varies_by else Decimal("0.00"))]


def enrich(books: Books, at: datetime, random: Random, products: list[Product]) -> None:
    """Gives articles what shops show of them."""
    today = at.astimezone(COMPANY_TIME).date()
    for product in products:
        product.text = f"{product.description}, gjord för hand i {random.choice(WORDS).lower()}byn."
        product.ean = _bar_code(product.pk)
        if random.random() < DISTANT_SHARE:
            books.held.stock[product.pk].append(StockRow(3, _pieces(random)))
        if random.random() < CAMPAIGN_SHARE:
            rules = books.held.prices.setdefault(product.pk, PriceRules())
            begins = today + timedelta(days=random.randint(-10, 10))
            campaign = CategoryPrice(
                CLUB,
                price=(product.price_out * 8 / 10).quantize(CENT),
                valid_from=begins,
                valid_to=begins + timedelta(days=random.randint(1, 14)),
            )
            rules.categories.append(campaign)


def _article(books: Books, product_no: str, name: str, price: Decimal, random: Random) -> Product:
    group = random.randint(1, 4)
    return Product(
        pk=len(books.held.products) + 1,
        product_no=product_no,
        description=name,
        weight=Decimal(random.randint(50, 5000)).scaleb(-3),
        price_cost=(price / 2).quantize(CENT),
        price_in=(price / 2).quantize(CENT),
        price_out=price,
        vat_out=VAT_BY_GROUP.get(group, VAT_OUT),
        vat_in=VAT_IN,
        group=group,
    )


def _pieces(random: Random) -> Decimal:
    return Decimal(random.randint(0, 60) * 100).scaleb(-2)


def _bar_code(number: int) -> str:
    """A Swedish EAN-13 with its check digit."""
    digits = f"735{number:09d}"
    weighed = sum(int(digit) * (3 if position % 2 else 1) for position, digit in enumerate(digits))
    return f"{digits}{-weighed % 10}"
