"""What the settings say has been bought, what it costs, and which package would do for what is used."""

from __future__ import annotations

import msgspec

from agent.flows import DirectionName
from agent.model.order import Frozen
from agent.model.words import Words
from agent.packages import NAMES, PACKAGES, Cost, Package, monthly_cost, order_limit
from agent.settings.check_package import check_package, connected
from agent.settings.given import DIRECTIONS, off
from agent.settings.tree import Settings


class SetUp(Frozen, frozen=True):
    """What the settings say has been bought. `shops` are the connected ones."""

    package: str
    shops: int
    reconciliations: int
    premium_price_kr: int | None = None
    premium_limit: int | None = None

    def cost(self) -> Cost:
        return monthly_cost(
            self.package,
            shops=self.shops,
            reconciliations=self.reconciliations,
            premium_price_kr=self.premium_price_kr,
        )


def set_up_of(settings: Settings) -> SetUp | None:
    """None when the package is none of ours."""
    if settings.package not in NAMES:
        return None
    return SetUp(
        package=settings.package,
        shops=len(connected(settings)),
        reconciliations=len(settings.reconciliation),
        premium_price_kr=settings.premium_price,
        premium_limit=settings.premium_limit,
    )


class Fit(Frozen, frozen=True):
    """How a package would do. `lacks` says what of the settings it does not include, `stops` names the directions of
    shops that run now and would not with it, `limit` is None where a quote decides. `carries` is whether so many orders
    a month fit."""

    package: Package
    cost: Cost
    limit: int | None
    carries: bool
    lacks: tuple[Words, ...]
    stops: tuple[DirectionName, ...]

    @property
    def does(self) -> bool:
        return self.carries and not self.lacks and not self.stops


def fits(settings: Settings, orders: int) -> tuple[Fit, ...]:
    """Every package held against these settings and so many orders a month, the cheapest first."""
    set_up = set_up_of(settings)
    return () if set_up is None else tuple(_fit(settings, set_up, each, orders) for each in PACKAGES)


def cheapest(found: tuple[Fit, ...]) -> Fit | None:
    """The first that does. None when there are no packages to choose from."""
    return next((each for each in found if each.does), None)


def _fit(settings: Settings, set_up: SetUp, package: Package, orders: int) -> Fit:
    other = msgspec.structs.replace(settings, package=package.name)
    limit = order_limit(package.name, settings.premium_limit)
    running = {(shop.key, name) for shop in settings.shop for name in DIRECTIONS if off(settings, shop, name) is None}
    still = {(shop.key, name) for shop in settings.shop for name in DIRECTIONS if off(other, shop, name) is None}
    stopped = {name for _, name in running - still}
    problems = {finding.problem.sv: finding.problem for finding in check_package(other)}
    return Fit(
        package=package,
        cost=msgspec.structs.replace(set_up, package=package.name).cost(),
        limit=limit,
        carries=limit is None or orders <= limit,
        lacks=tuple(problems.values()),
        stops=tuple(name for name in DIRECTIONS if name in stopped),
    )
