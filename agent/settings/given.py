"""Which directions of goods and statuses a shop has: given by its flow, by the package and by its own settings."""

from __future__ import annotations

from enum import StrEnum

from agent.flows import NUMBERS, Direction, DirectionName, flow
from agent.packages import NAMES, package
from agent.settings.tree import Settings, ShopSettings

TO_SHOP = (
    DirectionName.PRODUCTS_TO_SHOP,
    DirectionName.PRICES_TO_SHOP,
    DirectionName.PRICE_LISTS_TO_SHOP,
    DirectionName.STOCK_TO_SHOP,
    DirectionName.STATUSES_TO_SHOP,
)
"""What Mamut can govern in a shop, in the order in which it is done."""


OF_REGISTER = frozenset(
    {
        DirectionName.PRODUCTS_TO_SHOP,
        DirectionName.PRICES_TO_SHOP,
        DirectionName.PRICE_LISTS_TO_SHOP,
        DirectionName.STOCK_TO_SHOP,
    }
)
"""The directions that live on Mamut's register."""

DIRECTIONS = (DirectionName.ORDERS_TO_MAMUT, DirectionName.PRODUCTS_TO_MAMUT, *TO_SHOP)
"""Every direction that the agent has, in the order in which they are shown."""


class Off(StrEnum):
    """Why a direction does not run."""

    FLOW = "flow"
    PACKAGE = "package"
    SETTINGS = "settings"


def off(settings: Settings, shop: ShopSettings, name: DirectionName) -> Off | None:
    """Why the direction does not run for this shop; None when it does, unless a person has paused it."""
    direction = _direction(shop, name)
    if direction is None:
        return Off.FLOW
    if settings.package not in NAMES or direction.feature not in package(settings.package).features:
        return Off.PACKAGE
    return None if shop.enabled and _chosen(shop, name) else Off.SETTINGS


def given(settings: Settings, shop: ShopSettings) -> tuple[DirectionName, ...]:
    """The directions of goods and statuses that run for this shop."""
    return tuple(name for name in DIRECTIONS[1:] if off(settings, shop, name) is None)


def _direction(shop: ShopSettings, name: DirectionName) -> Direction | None:
    if shop.flow not in NUMBERS:
        return None
    return next((each for each in flow(shop.flow).directions if each.name is name), None)


def _chosen(shop: ShopSettings, name: DirectionName) -> bool:
    match name:
        case DirectionName.PRODUCTS_TO_MAMUT:
            return shop.to_mamut.enabled
        case DirectionName.PRODUCTS_TO_SHOP:
            return shop.products.enabled
        case DirectionName.PRICES_TO_SHOP:
            return shop.prices.enabled
        case DirectionName.PRICE_LISTS_TO_SHOP:
            return shop.prices.enabled and bool(shop.prices.lists)
        case DirectionName.STOCK_TO_SHOP:
            return shop.stock.enabled
        case DirectionName.STATUSES_TO_SHOP:
            return shop.statuses.enabled
        case _:
            return True
