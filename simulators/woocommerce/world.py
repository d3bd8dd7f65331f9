"""Countries and currencies as WooCommerce names them."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

CURRENCIES = {
    "AED": ("United Arab Emirates dirham", "&#x62f;.&#x625;"),
    "AFN": ("Afghan afghani", "&#x60b;"),
    "AUD": ("Australian dollar", "&#36;"),
    "BRL": ("Brazilian real", "&#82;&#36;"),
    "CAD": ("Canadian dollar", "&#36;"),
    "CHF": ("Swiss franc", "&#67;&#72;&#70;"),
    "CNY": ("Chinese yuan", "&yen;"),
    "CZK": ("Czech koruna", "&#75;&#269;"),
    "DKK": ("Danish krone", "kr."),
    "EUR": ("Euro", "&euro;"),
    "GBP": ("Pound sterling", "&pound;"),
    "HUF": ("Hungarian forint", "&#70;&#116;"),
    "INR": ("Indian rupee", "&#8377;"),
    "ISK": ("Icelandic kr&oacute;na", "kr."),
    "JPY": ("Japanese yen", "&yen;"),
    "NOK": ("Norwegian krone", "&#107;&#114;"),
    "NZD": ("New Zealand dollar", "&#36;"),
    "PLN": ("Polish z&#x142;oty", "&#122;&#322;"),
    "RON": ("Romanian leu", "lei"),
    "SEK": ("Swedish krona", "&#107;&#114;"),
    "SGD": ("Singapore dollar", "&#36;"),
    "TRY": ("Turkish lira", "&#8378;"),
    "UAH": ("Ukrainian hryvnia", "&#8372;"),
    "USD": ("United States (US) dollar", "&#36;"),
    "ZAR": ("South African rand", "&#82;"),
}
"""Name and symbol by code; the symbols are HTML entities, as the shop has them (`index_settings[12]`)."""

_OWN_NAMES = {"GB": "United Kingdom (UK)", "US": "United States (US)"}


@lru_cache(maxsize=1)
def countries() -> dict[str, str]:
    """Country names by ISO code, from the table that comes with the time zones."""
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text("utf-8")
    rows = (line.split("\t", 1) for line in table.splitlines() if line and not line.startswith("#"))
    named = {code: _OWN_NAMES.get(code, name) for code, name in rows}
    return dict(sorted(named.items(), key=lambda row: row[1].replace("Å", "A")))


def currency_options() -> dict[str, str]:
    """The choices of the setting for the currency (`index_settings[4]`)."""
    return {code: f"{name} ({symbol}) — {code}" for code, (name, symbol) in CURRENCIES.items()}
