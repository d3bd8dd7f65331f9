"""The three flows, as a table: which direction carries what from where to where, and the package feature it needs.

A direction's name is the same in this table, the journal, the log, a scenario and a test.
"""

from __future__ import annotations

from enum import StrEnum

from agent.model.order import Frozen
from agent.model.owners import System
from agent.model.words import Words, words
from agent.packages import PACKAGES, Feature, Package


class DirectionName(StrEnum):
    ORDERS_TO_MAMUT = "orders_to_mamut"
    STATUSES_TO_SHOP = "statuses_to_shop"
    PRODUCTS_TO_MAMUT = "products_to_mamut"
    PRODUCTS_TO_SHOP = "products_to_shop"
    PRICES_TO_SHOP = "prices_to_shop"
    PRICE_LISTS_TO_SHOP = "price_lists_to_shop"
    STOCK_TO_SHOP = "stock_to_shop"


class Direction(Frozen, frozen=True):
    """`optional` directions run only when they are set up; without the feature a flow still works."""

    name: DirectionName
    source: System
    target: System
    feature: Feature
    text: Words
    optional: bool = False


class Flow(Frozen, frozen=True):
    """`lowest` names the package a flow needs whatever else is chosen, None when any will do."""

    number: int
    text: Words
    directions: tuple[Direction, ...]
    lowest: str | None = None


_ORDERS = Direction(
    name=DirectionName.ORDERS_TO_MAMUT,
    source=System.SHOP,
    target=System.MAMUT,
    feature=Feature.ORDER_INFORMATION,
    text=words("order med kund", "orders with customers"),
)
_STATUSES = Direction(
    name=DirectionName.STATUSES_TO_SHOP,
    source=System.MAMUT,
    target=System.SHOP,
    feature=Feature.ORDER_STATUS,
    text=words("orderstatus", "order status"),
    optional=True,
)
_PRODUCTS_TO_MAMUT = Direction(
    name=DirectionName.PRODUCTS_TO_MAMUT,
    source=System.SHOP,
    target=System.MAMUT,
    feature=Feature.PRODUCT_INFORMATION,
    text=words("produkter med varianter", "products with variants"),
)
_PRODUCTS_TO_SHOP = Direction(
    name=DirectionName.PRODUCTS_TO_SHOP,
    source=System.MAMUT,
    target=System.SHOP,
    feature=Feature.PRODUCT_INFORMATION,
    text=words("produkter med varianter", "products with variants"),
)
_PRICES = Direction(
    name=DirectionName.PRICES_TO_SHOP,
    source=System.MAMUT,
    target=System.SHOP,
    feature=Feature.PRODUCT_INFORMATION,
    text=words("pris", "prices"),
)
# WooCommerce has no price lists of its own, so a shop without any loses nothing: this direction is chosen, not given.
_PRICE_LISTS = Direction(
    name=DirectionName.PRICE_LISTS_TO_SHOP,
    source=System.MAMUT,
    target=System.SHOP,
    feature=Feature.PRICE_STRUCTURES,
    text=words("prislistor", "price lists"),
    optional=True,
)
_STOCK = Direction(
    name=DirectionName.STOCK_TO_SHOP,
    source=System.MAMUT,
    target=System.SHOP,
    feature=Feature.STOCK_LEVELS,
    text=words("lagersaldo", "stock levels"),
)

FLOWS: tuple[Flow, ...] = (
    Flow(
        number=1,
        text=words("Butiken styr", "The shop governs"),
        directions=(_ORDERS, _PRODUCTS_TO_MAMUT),
    ),
    Flow(
        number=2,
        text=words("Mamut styr", "Mamut governs"),
        directions=(_ORDERS, _STATUSES, _PRODUCTS_TO_SHOP, _PRICES, _PRICE_LISTS, _STOCK),
    ),
    Flow(
        number=3,
        text=words(
            "Butiken styr artiklar, Mamut styr pris och lager", "The shop governs products, Mamut price and stock"
        ),
        directions=(_ORDERS, _STATUSES, _PRODUCTS_TO_MAMUT, _PRICES, _PRICE_LISTS, _STOCK),
        lowest="400",
    ),
)

NUMBERS = tuple(flow.number for flow in FLOWS)


def flow(number: int) -> Flow:
    """Raises KeyError when there is no such flow."""
    for each in FLOWS:
        if each.number == number:
            return each
    raise KeyError(number)


def features_needed(which: Flow) -> frozenset[Feature]:
    """What the flow cannot do without: the features of its directions that are not optional."""
    return frozenset(direction.feature for direction in which.directions if not direction.optional)


def cheapest_package(which: Flow) -> Package:
    """The cheapest package in which the flow works: flow 1 any, flow 2 one with stock levels, flow 3 from 400 up."""
    needed = features_needed(which)
    names = [each.name for each in PACKAGES]
    first = names.index(which.lowest) if which.lowest else 0
    return next(each for each in PACKAGES[first:] if needed <= each.features)
