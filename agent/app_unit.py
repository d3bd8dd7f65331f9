"""What of one shop begins, ends and is replaced by itself, and by which settings each such unit works.

An actor is built from the settings of its unit alone. So whatever is not there cannot matter to it, and a unit whose
settings and surroundings are what they were is as it would be if it were built anew: it works on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from agent.actors.rule_releases import RULED
from agent.flows import DirectionName
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.rules.tree import MappedObject, RuleObject
from agent.settings.given import given
from agent.settings.tree import OrderSettings, ReadingSettings, Settings, ShopSettings

OF_GOODS = (
    DirectionName.PRODUCTS_TO_SHOP,
    DirectionName.PRICES_TO_SHOP,
    DirectionName.PRICE_LISTS_TO_SHOP,
    DirectionName.STOCK_TO_SHOP,
)
"""The directions that live on Mamut's register."""


class Unit(StrEnum):
    """SHOP is the way to the shop, with what belongs to no direction: marks, wishes. SALES is the reader of what the
    shop has sold, SET_UP the question whether Mamut has what the settings name, ERRANDS what people ask for that takes
    a while. Each other is a direction."""

    SHOP = "shop"
    ORDERS = DirectionName.ORDERS_TO_MAMUT.value
    ERRANDS = "errands"
    SET_UP = "set_up"
    SALES = "sales"
    ARTICLES = DirectionName.PRODUCTS_TO_MAMUT.value
    PRODUCTS = DirectionName.PRODUCTS_TO_SHOP.value
    PRICES = DirectionName.PRICES_TO_SHOP.value
    PRICE_LISTS = DirectionName.PRICE_LISTS_TO_SHOP.value
    STOCK = DirectionName.STOCK_TO_SHOP.value
    STATUSES = DirectionName.STATUSES_TO_SHOP.value

    @property
    def direction(self) -> DirectionName | None:
        return DirectionName(self.value) if self.value in set(DirectionName) else None


_TABLES: dict[Unit, tuple[str, ...]] = {
    Unit.SHOP: ("plugins",),
    Unit.ORDERS: ("name", "department", "orders", "rules", "customers", "articles", "vat", "aftermath", "reading"),
    Unit.SALES: ("orders", "reading"),
    Unit.ARTICLES: ("flow", "vat", "to_mamut", "reading"),
    Unit.PRODUCTS: ("products",),
    Unit.PRICES: ("prices",),
    Unit.PRICE_LISTS: ("prices",),
    Unit.STOCK: ("stock", "orders", "reading"),
    Unit.STATUSES: ("statuses", "orders"),
    Unit.SET_UP: ("products", "prices", "stock"),
}
"""The tables of a shop that a unit is given, beside its rules, its mappings and its schedule."""

_SELLING = (Unit.SALES, Unit.STOCK, Unit.STATUSES)
"""Those that know of `orders` no more than which of them sell."""

_MAPPED = {MappedObject.PRODUCT: Unit.PRODUCTS}

_POLLING = ("interval_s", "overlap_s", "census_every_s", "reread_every_s", "reread_days")
"""What of `reading` is no matter of how the shop is asked, but of when."""


class Company(Frozen, frozen=True):
    """The directions of each shop that is switched on, by its key."""

    directions: dict[str, tuple[DirectionName, ...]]

    @property
    def wants(self) -> tuple[tuple[ShopKey, DirectionName], ...]:
        """What the register is read for."""
        each = ((ShopKey(key), name) for key, names in self.directions.items() for name in names)
        return tuple((key, name) for key, name in each if name in OF_GOODS)

    @property
    def governing(self) -> tuple[str, ...]:
        """The shops whose products become articles."""
        return tuple(key for key, names in self.directions.items() if DirectionName.PRODUCTS_TO_MAMUT in names)

    @property
    def stocked(self) -> tuple[str, ...]:
        """The shops whose stock comes from Mamut."""
        return tuple(key for key, names in self.directions.items() if DirectionName.STOCK_TO_SHOP in names)

    @property
    def selling(self) -> tuple[str, ...]:
        """The shops whose sales count: all of them, as soon as one shows Mamut's stock, since they sell from the same
        warehouses."""
        return tuple(self.directions) if self.stocked else ()


def company_of(settings: Settings) -> Company:
    return Company(directions={shop.key: given(settings, shop) for shop in settings.shop if shop.enabled})


class Ground(Frozen, frozen=True):
    """All that a unit is built from: its part of the shop's settings, and what it knows of other shops and of Mamut."""

    shop: ShopSettings
    around: tuple[object, ...] = ()


def grounds(company: Company, shop: ShopSettings, statuses_every_s: float) -> dict[Unit, Ground]:
    """Of every unit that the shop has. `statuses_every_s` is how often Mamut is asked for documents, in seconds."""
    return {
        unit: Ground(shop=part(unit, shop), around=_around(unit, company, shop, statuses_every_s))
        for unit in Unit
        if _has(unit, company, shop.key)
    }


def part(unit: Unit, shop: ShopSettings) -> ShopSettings:
    """The shop's settings as the unit may know them; all others are as if nobody had set them."""
    if unit is Unit.ERRANDS:
        return shop
    defaults, direction = ReadingSettings(), unit.direction
    given_to: dict[str, Any] = {
        "key": shop.key,
        "address": shop.address,
        "verify_tls": shop.verify_tls,
        "reading": msgspec.structs.replace(shop.reading, **{name: getattr(defaults, name) for name in _POLLING}),
        "processing": tuple(rule for rule in shop.processing if unit in _units_of(rule.object)),
        "mapping": tuple(each for each in shop.mapping if unit is _MAPPED.get(each.object, Unit.ORDERS)),
        "schedules": {name: each for name, each in shop.schedules.items() if name == direction},
    }
    given_to |= {name: getattr(shop, name) for name in _TABLES[unit]}
    if unit is Unit.PRICES:
        given_to["prices"] = msgspec.structs.replace(shop.prices, lists=())
    if unit in _SELLING:
        given_to["orders"] = OrderSettings(trigger=shop.orders.trigger, start_at=shop.orders.start_at)
    return ShopSettings(**given_to)


def _units_of(about: RuleObject) -> tuple[Unit, ...]:
    """Those that rules about this are for."""
    return tuple(Unit(name.value) for name, ruled in RULED.items() if ruled is about) or (Unit.ORDERS,)


def _has(unit: Unit, company: Company, key: str) -> bool:
    if unit is Unit.SALES:
        return key in company.selling
    return unit.direction in (None, DirectionName.ORDERS_TO_MAMUT, *company.directions[key])


def _around(unit: Unit, company: Company, shop: ShopSettings, statuses_every_s: float) -> tuple[object, ...]:
    names = company.directions[shop.key]
    goods = tuple(name for name in OF_GOODS if name in names)
    match unit:
        case Unit.SHOP:
            return (shop.products.unit_meta, bool(shop.mapping or shop.plugins))
        case Unit.SALES:
            return (company.stocked,)
        case Unit.ARTICLES:
            return (company.governing, bool(goods))
        case Unit.STOCK:
            return (goods, company.stocked, company.selling)
        case Unit.PRODUCTS | Unit.PRICES | Unit.PRICE_LISTS:
            return (goods,)
        case Unit.STATUSES:
            return (statuses_every_s,)
        case Unit.SET_UP | Unit.ERRANDS:
            return (names,)
        case _:
            return ()
