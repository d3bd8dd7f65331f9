"""How a shop keeps things: currency, tax, stock, weight, clock. Most of it only a shop manager's key may read."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from agent.model.goods import ShopTerms
from agent.model.reasons import Fault
from agent.remote.pace import Lane
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.ask import Api, decoded
from agent.remote.woocommerce.shapes_goods import WireHint, WireRate, WireSetting, WireSite
from agent.remote.woocommerce.values import loose, text_of, whole

RATES_MAX = 100
"""Tax rates of a page; a shop with more sells to many countries, and its own come first as a rule."""

_CLOSED = (Fault.SHOP_KEY_REFUSED, Fault.SHOP_KEY_WITHOUT_RIGHTS)

_OF_GENERAL = ("currency", "price_decimals", "country", "counts_tax")
_OF_PRODUCTS = ("weight_unit", "counts_stock")


async def read_terms(api: Api) -> ShopTerms:
    """Raises Trouble when not even an order may be read."""
    site = await _site(api)
    general = await _settings(api, "general")
    tax = await _settings(api, "tax")
    products = await _settings(api, "products")
    rates = await _rates(api)
    unread = [
        *(_OF_GENERAL if general is None else ()),
        *(("prices_with_vat",) if tax is None else ()),
        *(_OF_PRODUCTS if products is None else ()),
        *(("tax_rates",) if rates is None else ()),
        *(("time_zone", "plugins") if site is None else ()),
    ]
    hint = await _hint(api) if unread else WireHint()
    general, tax, products = general or {}, tax or {}, products or {}
    country, _, state = general.get("woocommerce_default_country", "").partition(":")
    return ShopTerms(
        currency=(general.get("woocommerce_currency") or text_of(hint.currency)).upper(),
        prices_with_vat=_yes(tax.get("woocommerce_prices_include_tax"), usual=hint.prices_include_tax is not False),
        price_decimals=whole(general.get("woocommerce_price_num_decimals", "2")),
        weight_unit=products.get("woocommerce_weight_unit") or "kg",
        time_zone=_zone(site) if site is not None else _offset_of(hint),
        country=country,
        counts_stock=_yes(products.get("woocommerce_manage_stock"), usual=True),
        counts_tax=_yes(general.get("woocommerce_calc_taxes"), usual=True),
        tax_rates=_by_class(rates or [], country, state),
        plugins=tuple(site.namespaces) if site is not None else (),
        unread=tuple(unread),
    )


async def _site(api: Api) -> WireSite | None:
    """What the site says to anybody; None where a plugin has closed it to strangers."""
    try:
        return decoded(await api.get_openly("/", {"_fields": "namespaces,timezone_string,gmt_offset"}), WireSite)
    except Trouble as trouble:
        if trouble.fault not in _CLOSED:
            raise
        return None


async def _settings(api: Api, group: str) -> dict[str, str] | None:
    try:
        answer = await api.get(f"/wc/v3/settings/{group}", {"_fields": "id,value"}, lane=Lane.GOODS)
    except Trouble as trouble:
        if trouble.fault not in _CLOSED:
            raise
        return None
    return {row.id: text_of(row.value) for row in decoded(answer, list[WireSetting]) if not _is_many(row.value)}


async def _rates(api: Api) -> list[WireRate] | None:
    fields = "id,country,state,postcode,city,postcodes,cities,rate,priority,compound,class"
    params = {"per_page": str(RATES_MAX), "orderby": "order", "order": "asc", "_fields": fields}
    try:
        answer = await api.get("/wc/v3/taxes", params, lane=Lane.GOODS)
    except Trouble as trouble:
        if trouble.fault not in _CLOSED:
            raise
        return None
    return decoded(answer, list[WireRate])


async def _hint(api: Api) -> WireHint:
    """The newest order, which tells a few of the settings by what it is."""
    fields = "currency,prices_include_tax,date_created,date_created_gmt"
    orders = decoded(await api.get("/wc/v3/orders", {"per_page": "1", "_fields": fields}), list[WireHint])
    return orders[0] if orders else WireHint()


def _is_many(value: object) -> bool:
    return isinstance(value, list | dict)


def _yes(value: str | None, *, usual: bool) -> bool:
    """The shop's "yes" and "no" (index_settings[7])."""
    return usual if not value else value.lower() in ("yes", "1", "true")


def _zone(site: WireSite) -> str:
    return text_of(site.timezone_string) or _offset(int(loose(site.gmt_offset) * 60))


def _offset_of(hint: WireHint) -> str:
    """The offset between an order's two dates of the same moment."""
    if not hint.date_created or not hint.date_created_gmt:
        return "UTC"
    try:
        local, utc = (datetime.fromisoformat(text) for text in (hint.date_created, hint.date_created_gmt))
    except ValueError:
        return "UTC"
    return _offset(round((local.replace(tzinfo=None) - utc.replace(tzinfo=None)).total_seconds() / 60))


def _offset(minutes: int) -> str:
    sign = "-" if minutes < 0 else "+"
    return f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _by_class(rates: list[WireRate], country: str, state: str) -> tuple[tuple[str, Decimal], ...]:
    """What each class of tax comes to at the shop's own address: of each priority the first rate that fits, one for the
    country before one for all; a compound one is taken on top of the others."""
    fitting = [rate for rate in rates if _fits(rate, country, state)]
    fitting.sort(key=lambda rate: not text_of(rate.country))
    first: dict[tuple[str, int], WireRate] = {}
    for rate in fitting:
        first.setdefault((_class(rate), rate.priority), rate)
    sums: dict[str, Decimal] = {}
    for (tax_class, _priority), rate in sorted(first.items(), key=lambda pair: (pair[1].compound, pair[0])):
        had, percent = sums.get(tax_class, Decimal(0)), loose(rate.rate)
        sums[tax_class] = had + percent + (had * percent / 100 if rate.compound else 0)
    return tuple(sorted((tax_class, percent.normalize() + 0) for tax_class, percent in sums.items()))


def _class(rate: WireRate) -> str:
    name = text_of(rate.tax_class)
    return "" if name == "standard" else name


def _fits(rate: WireRate, country: str, state: str) -> bool:
    """Rates for single towns are for nobody in general."""
    local = text_of(rate.postcode) or text_of(rate.city) or rate.postcodes or rate.cities
    lands, states = ("", "*", country), ("", "*", state)
    return not local and text_of(rate.country) in lands and text_of(rate.state) in states
