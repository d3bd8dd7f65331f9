"""What a package does not include is refused where it is configured, naming the package that includes it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from agent.flows import FLOWS, NUMBERS, Direction, DirectionName, cheapest_package, flow
from agent.model.node import Node
from agent.model.reasons import Fault
from agent.model.words import Words, words
from agent.packages import FEATURE_WORDS, NAMES, PACKAGES, Feature, Package, cheapest_with, package
from agent.settings.finding import Finding, conflict
from agent.settings.tree import ReadingSettings, Settings, ShopSettings
from agent.settings.tree_goods import PriceSettings, RegisterSettings, StockSettings

SCHEDULE_KEYS = ("interval_s", "census_every_s", "reread_every_s")
"""The times of [shop.reading] that scheduling sets free; without it they are fixed at their defaults."""

REGISTER_KEYS = ("articles_every_s", "prices_every_s", "stock_every_s", "statuses_every_s")
"""The same of [mamut.register]."""

TABLES = {
    "to_mamut": DirectionName.PRODUCTS_TO_MAMUT,
    "products": DirectionName.PRODUCTS_TO_SHOP,
    "prices": DirectionName.PRICES_TO_SHOP,
    "stock": DirectionName.STOCK_TO_SHOP,
    "statuses": DirectionName.STATUSES_TO_SHOP,
}
"""The tables of a shop that are about one direction of its flow."""

STOCK_PROFILE_FREE = ("enabled",)
"""What of [shop.stock] is free without stock profiles; so is one warehouse."""


def connected(settings: Settings) -> tuple[ShopSettings, ...]:
    """The shops that are switched on. One that is off costs nothing and needs nothing."""
    return tuple(shop for shop in settings.shop if shop.enabled)


def check_package(settings: Settings) -> Iterator[Finding]:
    if settings.package not in NAMES:
        return
    bought = package(settings.package)
    count = len(connected(settings))
    if count > 1:
        yield from _needs("shop", Feature.SEVERAL_SHOPS, bought)
    yield from _check_times(settings.mamut.register, RegisterSettings(), REGISTER_KEYS, "mamut.register", bought)
    if settings.reconciliation:
        yield from _needs("reconciliation", Feature.RECONCILIATION, bought)
    for index, shop in enumerate(settings.shop):
        yield from _check_flow(shop, f"shop[{index}].flow", bought)
        path = f"shop[{index}]"
        yield from _check_times(shop.reading, ReadingSettings(), SCHEDULE_KEYS, f"{path}.reading", bought)
        yield from _check_tables(shop, path, bought)
        for name in shop.schedules:
            yield from _needs(f"{path}.schedules.{name}", Feature.SCHEDULING, bought)
        if shop.mapping:
            yield from _needs(f"{path}.mapping", Feature.FIELD_MAPPING, bought)
        if shop.plugins:
            yield from _needs(f"{path}.plugins", Feature.PLUGINS, bought)


def _needs(path: str, feature: Feature, bought: Package) -> Iterator[Finding]:
    if feature not in bought.features:
        name = FEATURE_WORDS[feature]
        problem = words(
            f"Paket {bought.name} har inte {name.sv}.", f"Package {bought.name} does not include {name.en}."
        )
        yield _not_included(path, problem, cheapest_with(feature))


def _check_flow(shop: ShopSettings, path: str, bought: Package) -> Iterator[Finding]:
    if shop.flow not in NUMBERS:
        return
    lowest = cheapest_package(flow(shop.flow))
    if PACKAGES.index(bought) < PACKAGES.index(lowest):
        problem = words(
            f"Flöde {shop.flow} ingår inte i paket {bought.name}.",
            f"Flow {shop.flow} is not part of package {bought.name}.",
        )
        yield _not_included(path, problem, lowest)


def _check_times(chosen: Node, defaults: Node, keys: tuple[str, ...], path: str, bought: Package) -> Iterator[Finding]:
    for key in _changed(chosen, defaults):
        if key in keys:
            yield from _needs(f"{path}.{key}", Feature.SCHEDULING, bought)


def _check_tables(shop: ShopSettings, path: str, bought: Package) -> Iterator[Finding]:
    """The tables about one direction: a table that the flow or the package has no use for would be silently ignored."""
    if shop.flow not in NUMBERS:
        return
    given = {direction.name: direction for direction in flow(shop.flow).directions}
    for table, name in TABLES.items():
        chosen: Node = getattr(shop, table)
        if chosen == type(chosen)():
            continue
        if name not in given:
            yield _not_in_flow(f"{path}.{table}", shop.flow, name)
        elif given[name].feature not in bought.features:
            yield from _needs(f"{path}.{table}", given[name].feature, bought)
        elif isinstance(chosen, StockSettings):
            yield from _check_profile(chosen, f"{path}.{table}", bought)
        elif isinstance(chosen, PriceSettings):
            yield from _check_structures(chosen, f"{path}.{table}", bought)


def _check_profile(stock: StockSettings, path: str, bought: Package) -> Iterator[Finding]:
    for key in _changed(stock, StockSettings()):
        if key not in STOCK_PROFILE_FREE and not (key == "warehouses" and len(stock.warehouses) == 1):
            yield from _needs(f"{path}.{key}", Feature.STOCK_PROFILES, bought)


def _check_structures(prices: PriceSettings, path: str, bought: Package) -> Iterator[Finding]:
    for key in _changed(prices, PriceSettings()):
        if key in ("regular", "sale", "lists"):
            yield from _needs(f"{path}.{key}", Feature.PRICE_STRUCTURES, bought)


def _changed(chosen: Node, defaults: Node) -> Iterator[str]:
    standing = msgspec.structs.asdict(defaults)
    return (key for key, value in msgspec.structs.asdict(chosen).items() if value != standing[key])


def _not_in_flow(path: str, number: int, name: DirectionName) -> Finding:
    direction, numbers = _flows_with(name)
    listed = ", ".join(str(each) for each in numbers)
    return conflict(
        path,
        words(
            f"Flöde {number} för inte {direction.text.sv} från Mamut, så tabellen gör inget.",
            f"Flow {number} does not carry {direction.text.en} from Mamut, so the table does nothing.",
        ),
        words(f"Ta bort tabellen, eller välj flöde {listed}.", f"Remove the table, or choose flow {listed}."),
    )


def _flows_with(name: DirectionName) -> tuple[Direction, tuple[int, ...]]:
    found = [(each.number, direction) for each in FLOWS for direction in each.directions if direction.name is name]
    return found[0][1], tuple(number for number, _ in found)


def _not_included(path: str, problem: Words, lowest: Package) -> Finding:
    return Finding(
        fault=Fault.SETTINGS_NOT_IN_PACKAGE,
        path=path,
        problem=problem,
        remedy=words(
            f"Välj paket {lowest.name} eller högre, eller ta bort inställningen.",
            f"Choose package {lowest.name} or higher, or remove the setting.",
        ),
    )
