"""The shop's settings as they stand now: what its owner set before, and what was set through REST since."""

from __future__ import annotations

from decimal import Decimal
from importlib import resources
from typing import TYPE_CHECKING, Literal

import msgspec

from simulators.woocommerce.options import Gateway, ShippingMethod, ShippingZone, TaxRate
from simulators.woocommerce.taxes import Location, Rules, Table

if TYPE_CHECKING:
    from simulators.woocommerce.options import ShopOptions
    from simulators.woocommerce.shop import Shop


class Group(msgspec.Struct, frozen=True):
    id: str
    label: str
    description: str
    parent_id: str
    sub_groups: list[str]


class Option(msgspec.Struct, frozen=True):
    """One setting. `options` is "countries" or "currencies" for those lists; `value_first` tells the order of keys."""

    id: str
    label: str
    description: str
    type: str
    default: str
    value: str
    options: dict[str, str] | Literal["countries", "currencies"] | None = None
    tip: str = ""
    value_first: bool = False


class Catalogue(msgspec.Struct, frozen=True):
    """The groups and settings that the shop has (settings.json)."""

    groups: list[Group]
    options: dict[str, list[Option]]


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _values(options: ShopOptions) -> dict[str, str]:
    """The settings that follow from the shop's options."""
    state = f":{options.state}" if options.state else ""
    return {
        "woocommerce_store_address": options.address_1,
        "woocommerce_store_city": options.city,
        "woocommerce_default_country": f"{options.country}{state}",
        "woocommerce_store_postcode": options.postcode,
        "woocommerce_currency": options.currency,
        "woocommerce_price_num_decimals": str(options.currency_decimals),
        "woocommerce_calc_taxes": _yes(options.taxes),
        "woocommerce_prices_include_tax": _yes(options.prices_include_tax),
        "woocommerce_tax_based_on": options.tax_based_on,
        "woocommerce_shipping_tax_class": options.shipping_tax_class,
        "woocommerce_tax_round_at_subtotal": _yes(options.round_at_subtotal),
        "woocommerce_manage_stock": _yes(options.manage_stock),
        "woocommerce_hold_stock_minutes": str(options.hold_stock_minutes),
        "woocommerce_notify_low_stock_amount": str(options.low_stock),
        "woocommerce_notify_no_stock_amount": str(options.no_stock),
        "woocommerce_stock_email_recipient": options.admin_email,
    }


class Settings:
    """The values of all settings, and the shop's tax rates, tax classes, shipping zones and payment methods."""

    def __init__(self, shop: Shop) -> None:
        options = shop.options
        raw = resources.files("simulators.woocommerce").joinpath("settings.json").read_bytes()
        self.catalogue = msgspec.json.decode(raw, type=Catalogue)
        self.values = {one.id: one.value for group in self.catalogue.options.values() for one in group}
        self.values.update(_values(options))
        self.rates: dict[int, TaxRate] = {rate.id: rate for rate in options.tax_rates}
        self.classes: dict[str, str] = dict(options.tax_classes)
        self.zones: dict[int, ShippingZone] = {zone.id: zone for zone in options.zones}
        self.gateways: dict[str, Gateway] = {gateway.id: gateway for gateway in options.gateways}
        shop.ids.tax_rates.last = max(self.rates, default=0)
        shop.ids.zones.last = max(self.zones, default=0)
        shop.ids.zone_methods.last = max((one.instance_id for zone in options.zones for one in zone.methods), default=0)
        self._rules: Rules | None = None

    def text(self, name: str) -> str:
        """A setting's value; names are given without their "woocommerce_"."""
        return self.values[f"woocommerce_{name}"]

    def yes(self, name: str) -> bool:
        return self.text(name) == "yes"

    def number(self, name: str) -> int:
        """A setting's value as a whole number, 0 when it is none (an empty hold_stock_minutes means never)."""
        text = self.text(name).strip()
        return int(text) if text.lstrip("-").isdigit() else 0

    def set(self, name: str, value: str) -> None:
        """Set a value by its whole name."""
        self.values[name] = value
        self._rules = None

    def rates_changed(self) -> None:
        """The tax table or the tax classes were changed: the rules have to be made anew."""
        self._rules = None

    @property
    def decimals(self) -> int:
        """How many decimals money has in the shop (price_num_decimals)."""
        return max(0, self.number("price_num_decimals"))

    @property
    def currency(self) -> str:
        return self.text("currency")

    @property
    def country(self) -> str:
        return self.text("default_country").partition(":")[0]

    def rules(self) -> Rules:
        """The rules by which orders are taxed, made anew when a setting or a rate has changed."""
        if self._rules is None:
            country, _, state = self.text("default_country").partition(":")
            self._rules = Rules(
                enabled=self.yes("calc_taxes"),
                prices_include_tax=self.yes("calc_taxes") and self.yes("prices_include_tax"),
                round_at_subtotal=self.yes("tax_round_at_subtotal"),
                decimals=self.decimals,
                based_on=self.text("tax_based_on"),
                base=Location(country, state, self.text("store_postcode"), self.text("store_city")),
                shipping_class=self.text("shipping_tax_class"),
                classes=tuple(self.classes),
                table=Table(self.rates.values()),
                sequential_coupons=self.yes("calc_discounts_sequentially"),
            )
        return self._rules

    def shipping_methods(self, country: str) -> tuple[ShippingMethod, ...]:
        """The enabled methods of the first zone that covers the country."""
        for zone in sorted(self.zones.values(), key=lambda one: (one.order, one.id)):
            if not zone.countries or country in zone.countries:
                return tuple(method for method in zone.methods if method.enabled)
        return ()

    def rate_percent(self, rate_id: int) -> Decimal:
        rate = self.rates.get(rate_id)
        return rate.rate if rate else Decimal(0)
