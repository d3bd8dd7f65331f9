"""Filling a shop with goods and a past, from a seed, fast: what a shop of some years holds, without living them.

Nobody is told of what is filled in: no webhooks, mails or notes, and no stock moves. Orders cost what the shop's own
arithmetic says, worked out once for each price and number of pieces.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce.fill_orders import PastOrders
from simulators.woocommerce.heap import growing
from simulators.woocommerce.products_model import Attribute, Product
from simulators.woocommerce.terms import CATEGORY

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

YEAR_S = 365 * 24 * 3600
PAST_S = 2 * YEAR_S
"""The goods are up to this old, and the orders half as old at most."""

_KINDS = ("Lampa", "Stol", "Matta", "Kopp", "Skål", "Filt", "Kudde", "Tröja", "Jacka", "Mössa", "Väska", "Bok", "Ljus")
_LOOKS = (
    "blå",
    "röd",
    "grön",
    "svart",
    "vit",
    "randig",
    "rutig",
    "stor",
    "liten",
    "rund",
    "hög",
    "låg",
    "mjuk",
    "tunn",
)
_SIZES = ("S", "M", "L")
_PRICES = tuple(f"{whole}.{part}" for whole in range(19, 1500, 15) for part in ("00", "50", "90"))
_CLASSES = ("", "", "", "", "", "", "", "reduced-rate", "super-reduced-rate")
_VARIABLE_EVERY = 5
"""Every so manieth product is variable, with one variation for each size."""


class FillOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many products and orders to add; the same seed gives the same ones in the same shop.

    `open_share` is the part of the orders, 0 to 1, that has status processing: paid and not sent.
    """

    products: int = 0
    orders: int = 0
    seed: int = 0
    open_share: float = 0.05


class Filled(msgspec.Struct, frozen=True):
    products: int
    variations: int
    orders: int


def fill(shop: Shop, options: FillOptions) -> Filled:
    """Adds the goods and then the orders, the oldest first, up to the shop's present moment.

    Raises:
        ValueError: for numbers below 0, and for orders in a shop without anything to buy.
    """
    if options.products < 0 or options.orders < 0:
        raise ValueError("products and orders cannot be fewer than none")
    with growing():
        return _filled(shop, options)


def _filled(shop: Shop, options: FillOptions) -> Filled:
    products, variations = _Goods(shop, options).add()
    if options.orders:
        goods = [
            one for one in shop.products.shelf.things.values() if one.price and one.type in ("simple", "variation")
        ]
        if not goods:
            raise ValueError("there is nothing to buy in this shop")
        PastOrders(shop, goods, options.seed, PAST_S // 2).add(options.orders, options.open_share)
    return Filled(products, variations, options.orders)


class _Goods:
    def __init__(self, shop: Shop, options: FillOptions) -> None:
        self._shop = shop
        self._count = options.products
        self._chance = random.Random(f"{options.seed} goods")
        self._shelf = shop.products.shelf
        self._sizes = (Attribute(name="Storlek", options=_SIZES, visible=True, variation=True),)

    def add(self) -> tuple[int, int]:
        if not self._count:
            return 0, 0
        end = self._shop.now()
        categories = [self._category(kind) for kind in _KINDS]
        variations = 0
        first = self._shop.ids.posts.last + 1
        for number in range(self._count):
            created = end - PAST_S + number * PAST_S // self._count
            kind = int(self._chance.random() * len(_KINDS))
            product = self._product(number, first, created, kind, categories[kind])
            if number % _VARIABLE_EVERY == _VARIABLE_EVERY - 1:
                variations += self._variations(product)
            else:
                self._sold(product, product.tax_class)
                self._shelf.put(product)
        return self._count, variations

    def _category(self, kind: str) -> int:
        found = self._shop.terms.named(CATEGORY, kind)
        return (found or self._shop.terms.create(CATEGORY, kind)).id

    def _product(self, number: int, first: int, created: int, kind: int, category: int) -> Product:
        id_ = self._shop.ids.posts.next()
        look = _LOOKS[int(self._chance.random() * len(_LOOKS))]
        return Product(
            id=id_,
            created=created,
            modified=created,
            name=f"{_KINDS[kind]} {look} {first + number}",
            slug=f"vara-{id_}",
            sku=f"V-{id_}",
            tax_class=_CLASSES[int(self._chance.random() * len(_CLASSES))],
            categories=(category,),
        )

    def _sold(self, one: Product, tax_class: str) -> None:
        """Give it a price and stock."""
        one.tax_class = tax_class
        one.price = one.regular_price = _PRICES[int(self._chance.random() * len(_PRICES))]
        one.manage_stock = True
        one.stock = int(self._chance.random() * 200)
        one.stock_status = "instock" if one.stock else "outofstock"

    def _variations(self, product: Product) -> int:
        product.type = "variable"
        product.attributes = self._sizes
        made = []
        for place, size in enumerate(_SIZES):
            id_ = self._shop.ids.posts.next()
            one = Product(
                id=id_,
                created=product.created,
                modified=product.created,
                type="variation",
                parent=product.id,
                slug=f"{product.slug}-{size.lower()}",
                sku=f"{product.sku}-{size}",
                menu_order=place,
                options=(("storlek", size),),
            )
            self._sold(one, "parent")
            made.append(one)
        product.price = min((one.price for one in made), key=float)
        product.stock_status = "instock" if any(one.stock for one in made) else "outofstock"
        self._shelf.put(product)
        for one in made:
            self._shelf.put(one)
        return len(made)
