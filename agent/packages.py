"""The package table: what each package costs, how many orders a month it carries and what it includes.

Prices are whole Swedish kronor without VAT. The month is the calendar month in Europe/Stockholm.
"""

from __future__ import annotations

from enum import StrEnum

from agent.model.order import Frozen
from agent.model.words import Words, words


class Feature(StrEnum):
    ORDER_INFORMATION = "order_information"
    ORDER_STATUS = "order_status"
    CUSTOMER_INFORMATION = "customer_information"
    PRODUCT_INFORMATION = "product_information"
    STOCK_LEVELS = "stock_levels"
    STOCK_PROFILES = "stock_profiles"
    PRICE_STRUCTURES = "price_structures"
    SCHEDULING = "scheduling"
    FIELD_MAPPING = "field_mapping"
    PLUGINS = "plugins"
    RECONCILIATION = "reconciliation"
    SEVERAL_SHOPS = "several_shops"
    KEY_ACCOUNT_MANAGER = "key_account_manager"


FEATURE_WORDS: dict[Feature, Words] = {
    Feature.ORDER_INFORMATION: words("orderinformation", "order information"),
    Feature.ORDER_STATUS: words("orderstatus", "order status"),
    Feature.CUSTOMER_INFORMATION: words("kundinformation", "customer information"),
    Feature.PRODUCT_INFORMATION: words("produktinformation", "product information"),
    Feature.STOCK_LEVELS: words("lagersaldo", "stock levels"),
    Feature.STOCK_PROFILES: words("lagerprofiler", "stock profiles"),
    Feature.PRICE_STRUCTURES: words("prisstrukturer", "price structures"),
    Feature.SCHEDULING: words("schemaläggning", "scheduling"),
    Feature.FIELD_MAPPING: words("fältmappning", "field mapping"),
    Feature.PLUGINS: words("plugin", "plugins"),
    Feature.RECONCILIATION: words("avstämning", "reconciliation"),
    Feature.SEVERAL_SHOPS: words("flera butiker", "several shops"),
    Feature.KEY_ACCOUNT_MANAGER: words("egen kundansvarig", "own key account manager"),
}

SHOP_PRICE_KR = 295
"""Per month for each connected shop beyond the first: the first one is what the package itself is for."""

RECONCILIATION_PRICE_KR = 295
"""Per month for each payment provider whose settlements are reconciled."""

PAYMENT_PROVIDERS = ("klarna", "svea", "dibs", "paypal")
"""The providers that reconciliation is offered for. DIBS is the provider that is called Nets since."""

CONTRACT_MONTHS = 3
NOTICE_MONTHS = 1


class Package(Frozen, frozen=True):
    """One column of the table. None means that it is agreed in a quote."""

    name: str
    price_kr: int | None
    installation_kr: int | None
    order_limit: int | None
    features: frozenset[Feature]


_IN_100 = frozenset(
    {
        Feature.ORDER_INFORMATION,
        Feature.CUSTOMER_INFORMATION,
        Feature.PRODUCT_INFORMATION,
        Feature.RECONCILIATION,
    }
)
_IN_200 = _IN_100 | {Feature.ORDER_STATUS, Feature.STOCK_LEVELS, Feature.SCHEDULING}
_IN_400 = _IN_200 | {Feature.STOCK_PROFILES, Feature.PRICE_STRUCTURES, Feature.SEVERAL_SHOPS}
_IN_800 = _IN_400 | {Feature.FIELD_MAPPING, Feature.PLUGINS}
_IN_PREMIUM = _IN_800 | {Feature.KEY_ACCOUNT_MANAGER}

PACKAGES: tuple[Package, ...] = (
    Package(name="100", price_kr=295, installation_kr=2200, order_limit=100, features=_IN_100),
    Package(name="200", price_kr=495, installation_kr=4200, order_limit=200, features=_IN_200),
    Package(name="400", price_kr=795, installation_kr=6400, order_limit=400, features=_IN_400),
    Package(name="800", price_kr=1195, installation_kr=8500, order_limit=800, features=_IN_800),
    Package(name="premium", price_kr=None, installation_kr=None, order_limit=None, features=_IN_PREMIUM),
)
"""Cheapest first; each includes all that the one before it does."""

PREMIUM = "premium"
NAMES = tuple(package.name for package in PACKAGES)


def package(name: str) -> Package:
    """Raises KeyError when there is no package of that name."""
    for each in PACKAGES:
        if each.name == name:
            return each
    raise KeyError(name)


def order_limit(name: str, premium_limit: int | None = None) -> int | None:
    """Orders a month, at most; for Premium what its quote says, None while no quote has been entered."""
    return premium_limit if name == PREMIUM else package(name).order_limit


def cheapest_with(feature: Feature) -> Package:
    """The first package, counted from the cheapest, that includes the feature."""
    return next(each for each in PACKAGES if feature in each.features)


def cheapest_lacked(name: str, feature: Feature) -> str:
    """The name of the cheapest package with the feature, where the one of this name has it not; empty where it has, and
    for a name that is no package's, which the settings' own check tells of."""
    if name not in NAMES or feature in package(name).features:
        return ""
    return cheapest_with(feature).name


def cheapest_for(features: frozenset[Feature], orders: int) -> Package:
    """The cheapest package that includes all these features and carries this many orders a month."""
    fits = (p for p in PACKAGES if features <= p.features and (p.order_limit is None or orders <= p.order_limit))
    return next(fits)


class CostLine(Frozen, frozen=True):
    """`kr` is None where a quote decides and has not been entered."""

    text: Words
    count: int
    each_kr: int | None

    @property
    def kr(self) -> int | None:
        return None if self.each_kr is None else self.count * self.each_kr


class Cost(Frozen, frozen=True):
    """What a set-up costs a month. `total_kr` leaves out lines without a price; `complete` says there are none."""

    lines: tuple[CostLine, ...]

    @property
    def total_kr(self) -> int:
        return sum(line.kr or 0 for line in self.lines)

    @property
    def complete(self) -> bool:
        return all(line.kr is not None for line in self.lines)


def monthly_cost(name: str, *, shops: int = 1, reconciliations: int = 0, premium_price_kr: int | None = None) -> Cost:
    """The set-up's monthly cost, line by line. `shops` counts the connected ones; the first is included."""
    price_kr = premium_price_kr if name == PREMIUM else package(name).price_kr
    lines = [CostLine(text=words(f"Paket {name}", f"Package {name}"), count=1, each_kr=price_kr)]
    if shops > 1:
        text = words("Butik utöver den första", "Shop beyond the first")
        lines.append(CostLine(text=text, count=shops - 1, each_kr=SHOP_PRICE_KR))
    if reconciliations:
        text = words("Avstämning per betalleverantör", "Reconciliation per payment provider")
        lines.append(CostLine(text=text, count=reconciliations, each_kr=RECONCILIATION_PRICE_KR))
    return Cost(lines=tuple(lines))
