"""What a package does not include is refused where it is configured, naming the package that includes it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from agent.flows import NUMBERS, cheapest_package, flow
from agent.model.reasons import Fault
from agent.model.words import Words, words
from agent.packages import FEATURE_WORDS, NAMES, PACKAGES, Feature, Package, cheapest_with, package
from agent.settings.finding import Finding
from agent.settings.tree import ReadingSettings, Settings, ShopSettings

SCHEDULE_KEYS = ("interval_s", "census_every_s", "reread_every_s")
"""The times of [shop.reading] that scheduling sets free; without it they are fixed at their defaults."""


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
    if settings.reconciliation:
        yield from _needs("reconciliation", Feature.RECONCILIATION, bought)
    for index, shop in enumerate(settings.shop):
        yield from _check_flow(shop, f"shop[{index}].flow", bought)
        yield from _check_schedule(shop.reading, f"shop[{index}].reading", bought)


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


def _check_schedule(reading: ReadingSettings, path: str, bought: Package) -> Iterator[Finding]:
    defaults = msgspec.structs.asdict(ReadingSettings())
    chosen = msgspec.structs.asdict(reading)
    for key in SCHEDULE_KEYS:
        if chosen[key] != defaults[key]:
            yield from _needs(f"{path}.{key}", Feature.SCHEDULING, bought)


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
