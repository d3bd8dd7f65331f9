"""What kind of shop is simulated. The defaults are the shop the recordings were made in."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

from simulators.woocommerce.plugins import Plugins
from simulators.woocommerce.quirks import Quirks

Permissions = Literal["read", "write", "read_write"]
Role = Literal["administrator", "shop_manager", "customer"]


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """One REST key of the shop, and the rights of the user it belongs to."""

    consumer_key: str
    consumer_secret: str
    permissions: Permissions = "read_write"
    role: Role = "administrator"
    user_id: int = 1


class TaxRate(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the shop's tax table; `rate` is in percent, `tax_class` is "" for the standard class."""

    id: int
    country: str = ""
    state: str = ""
    postcodes: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    rate: Decimal
    name: str = "Tax"
    priority: int = 1
    compound: bool = False
    shipping: bool = True
    order: int = 0
    tax_class: str = ""


class ShippingMethod(msgspec.Struct, frozen=True, kw_only=True):
    """One shipping method of a zone; `cost` is without tax, as it was typed."""

    instance_id: int
    method_id: str
    title: str
    cost: str = ""
    min_amount: str = ""
    enabled: bool = True
    taxable: bool = True


class ShippingZone(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str
    order: int = 0
    countries: tuple[str, ...] = ()
    methods: tuple[ShippingMethod, ...] = ()


class Gateway(msgspec.Struct, frozen=True, kw_only=True):
    """One payment method of the shop; `supports` as WooCommerce lists it ("products", "refunds")."""

    id: str
    title: str
    method_title: str = ""
    description: str = ""
    method_description: str = ""
    order: int | str = ""
    enabled: bool = True
    supports: tuple[str, ...] = ("products",)


READ_WRITE = ApiKey(consumer_key="ck_" + "1" * 40, consumer_secret="cs_" + "1" * 40)

SWEDISH_RATES = (
    TaxRate(id=1, country="SE", rate=Decimal("25.0000"), name="Moms 25%", order=0),
    TaxRate(id=2, country="SE", rate=Decimal("12.0000"), name="Moms 12%", order=1, tax_class="reduced-rate"),
    TaxRate(id=3, country="SE", rate=Decimal("6.0000"), name="Moms 6%", order=2, tax_class="super-reduced-rate"),
    TaxRate(id=4, country="SE", rate=Decimal("0.0000"), name="Moms 0%", order=3, tax_class="zero-rate"),
)

TAX_CLASSES = (
    ("reduced-rate", "Reduced rate"),
    ("super-reduced-rate", "Super reduced rate"),
    ("zero-rate", "Zero rate"),
)

SWEDEN = ShippingZone(
    id=1,
    name="Sverige",
    countries=("SE",),
    methods=(
        ShippingMethod(instance_id=1, method_id="flat_rate", title="PostNord", cost="39.20"),
        ShippingMethod(instance_id=2, method_id="local_pickup", title="Hämta i butik"),
        ShippingMethod(instance_id=3, method_id="free_shipping", title="Fri frakt", min_amount="1000"),
    ),
)

GATEWAYS = (
    Gateway(
        id="bacs",
        title="Direct bank transfer",
        description="Betala till vårt bankgiro.",
        method_title="Direct bank transfer",
        method_description="Take payments in person via BACS. More commonly known as direct bank/wire transfer.",
        order=1,
    ),
    Gateway(
        id="cheque",
        title="Check payments",
        description=(
            "Please send a check to Store Name, Store Street, Store Town, Store State / County, Store Postcode."
        ),
        method_title="Check payments",
        method_description=(
            "Take payments in person via checks. This offline gateway can also be useful to test purchases."
        ),
        order=2,
        enabled=False,
    ),
    Gateway(
        id="cod",
        title="Cash on delivery",
        description="Betala vid leverans.",
        method_title="Cash on delivery",
        method_description="Let your shoppers pay upon delivery — by cash or other methods of payment.",
        order=3,
    ),
)


class ShopOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about the shop that its owner would have set before the first customer came.

    `currency_decimals` is WooCommerce's price_num_decimals; `hold_stock_minutes` is how long an unpaid order of the
    checkout keeps its stock; `first_post_id` is the id of the first product or order, 11 in a newly installed shop.
    """

    home: str = "http://shop.example"
    name: str = "Exempelbutiken"
    admin_email: str = "admin@shop.example"
    time_zone: str = "Europe/Stockholm"
    language: str = "en_US"
    country: str = "SE"
    state: str = ""
    postcode: str = "111 22"
    city: str = "Stockholm"
    address_1: str = "Storgatan 1"
    currency: str = "SEK"
    currency_decimals: int = 2
    taxes: bool = True
    prices_include_tax: bool = True
    tax_based_on: Literal["shipping", "billing", "base"] = "shipping"
    round_at_subtotal: bool = False
    shipping_tax_class: str = "inherit"
    tax_rates: tuple[TaxRate, ...] = SWEDISH_RATES
    tax_classes: tuple[tuple[str, str], ...] = TAX_CLASSES
    zones: tuple[ShippingZone, ...] = (SWEDEN,)
    gateways: tuple[Gateway, ...] = GATEWAYS
    keys: tuple[ApiKey, ...] = (READ_WRITE,)
    manage_stock: bool = True
    hold_stock_minutes: int = 60
    low_stock: int = 2
    no_stock: int = 0
    first_post_id: int = 11
    woocommerce: str = "10.5.0"
    wordpress: str = "6.9.1"
    plugins: Plugins = Plugins()
    quirks: Quirks = Quirks()
