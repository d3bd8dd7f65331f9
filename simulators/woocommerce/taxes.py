"""Which tax rates apply where, and the tax on an amount: WooCommerce's rules, in PHP floats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeAlias

import msgspec

from simulators.woocommerce.options import TaxRate
from simulators.woocommerce.orders_money import PRECISION, round_to

Rates: TypeAlias = tuple[TaxRate, ...]


class Location(NamedTuple):
    country: str = ""
    state: str = ""
    postcode: str = ""
    city: str = ""


def _plain(postcode: str) -> str:
    return "".join(postcode.upper().split()).replace("-", "")


def _in_postcode(rule: str, postcode: str) -> bool:
    rule = rule.strip().upper()
    if "..." in rule:
        low, _, high = rule.partition("...")
        low, high, given = _plain(low), _plain(high), _plain(postcode)
        if low.isdigit() and high.isdigit() and given.isdigit():
            return int(low) <= int(given) <= int(high)
        return len(low) == len(given) == len(high) and low <= given <= high
    plain = _plain(rule)
    if plain.endswith("*"):
        return _plain(postcode).startswith(plain[:-1])
    return plain == _plain(postcode)


def _fits(rate: TaxRate, place: Location, tax_class: str) -> bool:
    if rate.tax_class != tax_class or rate.country not in {"", place.country.upper()}:
        return False
    if rate.state not in {"", place.state.upper()}:
        return False
    if rate.postcodes and not any(_in_postcode(rule, place.postcode) for rule in rate.postcodes):
        return False
    return not rate.cities or place.city.upper() in {city.upper() for city in rate.cities}


def _rank(rate: TaxRate) -> tuple[int, bool, str, bool, str, int, int, int]:
    """The most particular rate of a priority comes first: country, state, postcodes, cities, then the oldest."""
    return (
        rate.priority,
        rate.country == "",
        rate.country,
        rate.state == "",
        rate.state,
        -len(rate.postcodes),
        -len(rate.cities),
        rate.id,
    )


class Table:
    """The shop's tax rates, found by place and class. Where no country is known, no rate applies."""

    def __init__(self, rates: Iterable[TaxRate]) -> None:
        self.by_id = {rate.id: rate for rate in rates}
        self._found: dict[tuple[Location, str], Rates] = {}

    def find(self, place: Location, tax_class: str) -> Rates:
        """The rates that apply: one a priority, compound ones among them in their order."""
        key = (place, tax_class)
        found = self._found.get(key)
        if found is None:
            best: dict[int, TaxRate] = {}
            if place.country:
                fitting = [rate for rate in self.by_id.values() if _fits(rate, place, tax_class)]
                for rate in sorted(fitting, key=_rank):
                    best.setdefault(rate.priority, rate)
            if len(self._found) > 50_000:
                self._found.clear()
            found = self._found[key] = tuple(best.values())
        return found


def percent(rate: TaxRate) -> float:
    return float(rate.rate)


def code_of(rate: TaxRate) -> str:
    """The rate's code on tax lines, e.g. "SE-MOMS 25%-1" (`orders_create[3]`)."""
    parts = (rate.country, rate.state, rate.name or "TAX", str(rate.priority))
    return "-".join(part for part in parts if part and part != "0").upper()


def tax_on(price: float, rates: Rates) -> dict[int, float]:
    """Tax by rate id on a price without tax, six decimals. Compound rates come on top of the others."""
    taxes: dict[int, float] = {rate.id: price * (percent(rate) / 100) for rate in rates if not rate.compound}
    before = sum(taxes.values())
    for rate in rates:
        if rate.compound:
            taxes[rate.id] = (price + before) * (percent(rate) / 100)
            before = sum(taxes.values())
    return {id_: round_to(tax, PRECISION) for id_, tax in taxes.items()}


def tax_within(price: float, rates: Rates) -> dict[int, float]:
    """Tax by rate id within a price that includes it, six decimals."""
    taxes = {rate.id: 0.0 for rate in rates}
    plain = price
    for rate in reversed([rate for rate in rates if rate.compound]):
        tax = plain - (plain / (1 + (percent(rate) / 100)))
        taxes[rate.id] += tax
        plain -= tax
    regular = [rate for rate in rates if not rate.compound]
    whole = 1 + (sum(percent(rate) for rate in regular) / 100)
    for rate in regular:
        share = (percent(rate) / 100) / whole
        net = price - (share * plain)
        taxes[rate.id] += price - net
    return {id_: round_to(tax, PRECISION) for id_, tax in taxes.items()}


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The shop's settings that decide what an order costs, as they stand at a moment.

    `based_on` is "shipping", "billing" or "base"; `base` is the shop's own address; `shipping_class` is a tax class or
    "inherit", which takes that of the goods; `classes` are the slugs of the additional tax classes, in their order.
    """

    enabled: bool
    prices_include_tax: bool
    round_at_subtotal: bool
    decimals: int
    based_on: str
    base: Location
    shipping_class: str
    classes: tuple[str, ...]
    table: Table
    sequential_coupons: bool = False

    def round_tax(self, tax: float) -> float:
        """wc_round_tax_total: halves go down where prices include tax."""
        return round_to(tax, self.decimals, half_down=self.prices_include_tax)

    def round_line_tax(self, tax: float) -> float:
        return tax if self.round_at_subtotal else self.round_tax(tax)

    def without_tax(self, price: float, quantity: float, *, taxable: bool, tax_class: str) -> float:
        """What a line of so many costs without tax, unrounded.

        The shop's own tax is taken off wherever the customer lives (`orders_create[14]`). Less than one piece costs
        nothing (`orders_create[23]`).
        """
        if quantity <= 0:
            return 0.0
        line = price * quantity
        if not (taxable and self.enabled and self.prices_include_tax):
            return line
        return line - sum(tax_within(line, self.table.find(self.base, tax_class)).values())


RulesNow: TypeAlias = Callable[[], Rules]
