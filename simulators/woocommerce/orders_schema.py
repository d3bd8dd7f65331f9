"""The arguments of orders: what may be written, and what a list may be asked for (WooCommerce's own schema)."""

from __future__ import annotations

from simulators.woocommerce import meta, paging
from simulators.woocommerce.call import Arg
from simulators.woocommerce.orders_model import STATUSES

CURRENCIES = (
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF",
    "BMD", "BND", "BOB", "BRL", "BSD", "BTC", "BTN", "BWP", "BYR", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY",
    "COP", "CRC", "CUC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP",
    "GBP", "GEL", "GGP", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR", "ILS",
    "IMP", "INR", "IQD", "IRR", "IRT", "ISK", "JEP", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW",
    "KWD", "KYD", "KZT", "LAK", "LBP", "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP",
    "MRU", "MUR", "MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN",
    "PGK", "PHP", "PKR", "PLN", "PRB", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK",
    "SGD", "SHP", "SLL", "SOS", "SRD", "SSP", "STN", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD",
    "TWD", "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VEF", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF",
    "YER", "ZAR", "ZMW",
)  # fmt: skip

WRITABLE_STATUSES = ("auto-draft", *STATUSES)
LISTED_STATUSES = ("any", "trash", *WRITABLE_STATUSES)

_TEXT = Arg(kind="string")
_INTEGER = Arg(kind="integer")
_MIXED = Arg()

_NAMES = ("first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country")
_ADDRESS = dict.fromkeys(_NAMES, _TEXT)
_BILLING = {**_ADDRESS, "email": Arg(kind=("string", "null"), format="email"), "phone": _TEXT}
_SHIPPING = {**_ADDRESS, "phone": _TEXT}

_LINE = {
    "id": _INTEGER,
    "name": _MIXED,
    "product_id": _MIXED,
    "variation_id": _INTEGER,
    "quantity": _INTEGER,
    "tax_class": _TEXT,
    "subtotal": _TEXT,
    "total": _TEXT,
    "meta_data": meta.ARG,
    "sku": _TEXT,
}
_SHIPPING_LINE = {
    "id": _INTEGER,
    "method_title": _MIXED,
    "method_id": _MIXED,
    "instance_id": _TEXT,
    "total": _TEXT,
    "meta_data": meta.ARG,
}
_FEE = {
    "id": _INTEGER,
    "name": _MIXED,
    "tax_class": _TEXT,
    "tax_status": Arg(kind="string", enum=("taxable", "none")),
    "total": _TEXT,
    "meta_data": meta.ARG,
}
_COUPON = {"id": _INTEGER, "code": _MIXED, "meta_data": meta.ARG}


def _lines(properties: dict[str, Arg]) -> Arg:
    return Arg(kind="array", items=Arg(kind="object", properties=properties))


UPDATE: dict[str, Arg] = {
    "parent_id": _INTEGER,
    "created_via": _TEXT,
    "status": Arg(kind="string", enum=WRITABLE_STATUSES),
    "currency": Arg(kind="string", enum=CURRENCIES),
    "customer_id": _INTEGER,
    "customer_note": _TEXT,
    "billing": Arg(kind="object", properties=_BILLING),
    "shipping": Arg(kind="object", properties=_SHIPPING),
    "payment_method": _TEXT,
    "payment_method_title": _TEXT,
    "transaction_id": _TEXT,
    "meta_data": meta.ARG,
    "line_items": _lines(_LINE),
    "shipping_lines": _lines(_SHIPPING_LINE),
    "fee_lines": _lines(_FEE),
    "coupon_lines": _lines(_COUPON),
    "set_paid": Arg(kind="boolean"),
    "manual_update": Arg(kind="boolean"),
}


def create(currency: str) -> dict[str, Arg]:
    """What an order is created with: as for an update, with the defaults of a new order."""
    defaults = {"status": "pending", "currency": currency, "customer_id": 0, "set_paid": False, "manual_update": False}
    found = dict(UPDATE)
    for name, value in defaults.items():
        arg = found[name]
        found[name] = Arg(kind=arg.kind, enum=arg.enum, default=value)
    return found


_IDS = Arg(kind="array", items=_INTEGER)
_DATE = Arg(kind="string", format="date-time")

LIST: dict[str, Arg] = {
    "context": Arg(kind="string", default="view", enum=("view", "edit")),
    "page": paging.PAGE,
    "per_page": paging.PER_PAGE,
    "search": _TEXT,
    "after": _DATE,
    "before": _DATE,
    "modified_after": _DATE,
    "modified_before": _DATE,
    "dates_are_gmt": Arg(kind="boolean", default=False),
    "exclude": _IDS,
    "include": _IDS,
    "offset": _INTEGER,
    "order": Arg(kind="string", default="desc", enum=("asc", "desc")),
    "orderby": Arg(kind="string", default="date", enum=("date", "id", "include", "title", "slug", "modified")),
    "parent": _IDS,
    "parent_exclude": _IDS,
    "status": Arg(kind="array", default=["any"], items=Arg(kind="string", enum=LISTED_STATUSES)),
    "customer": _INTEGER,
    "product": _INTEGER,
    "dp": _INTEGER,
    "created_via": Arg(kind="array", items=_TEXT),
    "order_item_display_meta": Arg(kind="boolean", default=False),
    "include_meta": Arg(kind="array", items=_TEXT),
    "exclude_meta": Arg(kind="array", items=_TEXT),
}
READ_ONE = {name: LIST[name] for name in ("context", "dp", "include_meta", "exclude_meta")}
