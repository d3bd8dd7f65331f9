"""Shoppers who come to the shop window and buy, from a seed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from simulators.people import People
from simulators.woocommerce.call import RestError
from simulators.woocommerce.orders_place import Basket, place
from simulators.woocommerce.products_model import Product

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_TRIES = 5
"""How often a shopper looks for something else when the goods are gone."""


class Visit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many shoppers buy something.

    The same seed gives the same ones in the same shop; without one it follows from what the shop holds already.
    `payment_method` is the id of one, "" lets each shopper choose. `company_share` is how many, 0 to 1, buy for a
    company. Orders have one to `lines_max` different goods.
    """

    n: int = 1
    seed: int | None = None
    payment_method: str = ""
    company_share: float = 0.15
    lines_max: int = 4


def place_orders(shop: Shop, visit: Visit) -> list[int]:
    """Let the shoppers buy, one after the other; the ids of their orders, fewer when the shop is sold out.

    Raises:
        ValueError: if there is nothing to buy, or no such payment method.
    """
    seed = shop.ids.posts.last if visit.seed is None else visit.seed
    chance, people = random.Random(f"{seed} shoppers"), People(seed)
    goods = [one for one in shop.products.shelf.things.values() if _can_be_bought(one)]
    methods = [one.id for one in shop.settings.gateways.values() if one.enabled]
    if visit.payment_method:
        methods = [one for one in methods if one == visit.payment_method]
    if not goods or not methods:
        raise ValueError("nobody can buy here: no goods with a price, or no such payment method")
    found = []
    for _ in range(visit.n):
        address = people.shopper(visit.company_share).address()
        order_id = _buy(shop, chance, goods, address, chance.choice(methods), visit.lines_max)
        if order_id:
            found.append(order_id)
    return found


def _buy(
    shop: Shop, chance: random.Random, goods: Sequence[Product], address: dict[str, str], method: str, lines_max: int
) -> int:
    for _ in range(_TRIES):
        wanted = dict.fromkeys(chance.choice(goods).id for _ in range(chance.randint(1, max(1, lines_max))))
        basket = Basket(
            goods=[(id_, 1 + int(chance.random() ** 2 * 4)) for id_ in wanted],
            address=address,
            payment_method=method,
        )
        if any(not _left(shop, id_, pieces) for id_, pieces in basket.goods):
            continue
        try:
            return place(shop, basket).id
        except RestError:
            continue  # Somebody has one in a cart; the shop says so, and the shopper looks on.
    return 0


def _left(shop: Shop, id_: int, pieces: int) -> bool:
    one = shop.products.shelf.get(id_)
    left = shop.storefront.checkout.left(one.parent, one.id) if one is not None and one.parent else None
    if one is not None and not one.parent:
        left = shop.storefront.checkout.left(one.id, 0)
    return left is None or left >= pieces


def _can_be_bought(one: Product) -> bool:
    return one.status == "publish" and bool(one.price) and one.type in ("simple", "variation")
