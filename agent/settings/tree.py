"""The tree itself. Unknown keys are refused; every default is the careful choice.

Secrets are not in it: keys and passwords come from the environment, a secrets file or systemd credentials
(`agent/settings/secrets.py`), under names made of the shop's key.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import msgspec

from agent.model.node import Node
from agent.plugins.tree import PluginSettings
from agent.rules.tree import FieldMapping, ProcessingRule
from agent.schedule import Schedule
from agent.settings.tree_admin import AdminSettings
from agent.settings.tree_aftermath import AftermathSettings
from agent.settings.tree_goods import PriceSettings, ProductSettings, RegisterSettings, StatusSettings, StockSettings
from agent.settings.tree_mail import AttentionSettings, MailSettings
from agent.settings.tree_to_mamut import ToMamutSettings
from agent.settings.tree_webhooks import ReceiverSettings, WebhookSettings


class DocumentKindChoice(StrEnum):
    ORDER = "order"
    INVOICE = "invoice"


class Unmapped(StrEnum):
    """What to do where the merchant has made no mapping."""

    HOLD = "hold"
    DEFAULT = "default"


class UnknownArticle(StrEnum):
    HOLD = "hold"
    CREATE = "create"
    GENERAL = "general"


class MatchBy(StrEnum):
    """What a customer is recognised by, tried in the order given."""

    CUSTOMER_NUMBER = "customer_number"
    EMAIL = "email"
    ORG_NO = "org_no"
    NAME = "name"


class ProbableChoice(StrEnum):
    """What to do with a customer whom Mamut would call Probable."""

    USE = "use"
    HOLD = "hold"
    NEW = "new"


class NewChoice(StrEnum):
    CREATE = "create"
    HOLD = "hold"
    COLLECTIVE = "collective"


class GuestChoice(StrEnum):
    """A guest is matched like any other customer, or booked on the collective customer."""

    MATCH = "match"
    COLLECTIVE = "collective"


class DiscountChoice(StrEnum):
    """Discounts are taken off each row (net), or each row is sold at full price and a discount row follows."""

    NET = "net"
    ROW = "row"


class RuleThen(StrEnum):
    EXCLUDE = "exclude"
    HOLD = "hold"
    ORDER = "order"
    INVOICE = "invoice"


class MamutSettings(Node, frozen=True):
    """The Mamut company. `address` is where its API answers; the password is a secret of its own."""

    address: str
    client_no: str = "001"
    user: str = "brygga"
    timeout_s: float = 60.0
    stop_date_warning_days: int = 14
    register: RegisterSettings = RegisterSettings()


class PaymentMethod(Node, frozen=True):
    """Keyed by WooCommerce's payment method id ("klarna_payments"); `payment_terms` is an id of Mamut's register."""

    document: DocumentKindChoice | None = None
    payment_terms: int | None = None
    ready_for_invoicing: bool = False


class ShippingMethod(Node, frozen=True):
    """Keyed by WooCommerce's shipping method id ("flat_rate"); `delivery_form` is an id of Mamut's register."""

    delivery_form: int | None = None
    article: str | None = None


class VatSettings(Node, frozen=True):
    """Which of Mamut's VAT codes is used.

    `domestic` is keyed by the percentage as text ("25"); `eu_company` is for zero-rated sales to companies with a VAT
    number in another EU country, `export` for zero-rated sales outside the EU, `zero` for rows without VAT at home.
    `home_country` is ISO alpha-2. `oss` maps another EU country's rates, keyed "DE 19".
    """

    home_country: str = "SE"
    domestic: dict[str, int] = {}
    oss: dict[str, int] = {}
    eu_company: int | None = None
    export: int | None = None
    zero: int = 1


class CustomerSettings(Node, frozen=True):
    """How the buyer becomes a contact.

    `customer_number_meta`, `org_no_meta` and `vat_no_meta` name the order meta that plugins keep these in.
    `collective` is the customer number of the collective customer (kontantkund). A match by a key of `sure` is taken
    for Existing, also where Mamut would call it Probable.
    `update_existing` allows an existing contact's card to be changed; without it nothing is overwritten.
    """

    match: tuple[MatchBy, ...] = (MatchBy.CUSTOMER_NUMBER, MatchBy.ORG_NO, MatchBy.EMAIL)
    probable: ProbableChoice = ProbableChoice.USE
    sure: tuple[MatchBy, ...] = ()
    new: NewChoice = NewChoice.CREATE
    guests: GuestChoice = GuestChoice.MATCH
    collective: int | None = None
    update_existing: bool = False
    hold_on_credit_stop: bool = True
    customer_number_meta: tuple[str, ...] = ("mamut_customer_no",)
    org_no_meta: tuple[str, ...] = (
        "_billing_org_nr",
        "billing_org_nr",
        "_billing_organization_number",
        "_svea_co_company_reg_number",
    )
    vat_no_meta: tuple[str, ...] = ("vat_number", "_billing_vat_number", "_vat_number", "billing_vat")


class ArticleSettings(Node, frozen=True):
    """Articles that are not goods of the shop. A general article must exist in Mamut before it is used."""

    unknown: UnknownArticle = UnknownArticle.HOLD
    general: str | None = None
    shipping: str = "FRAKT"
    fee: str = "AVGIFT"
    discount: str = "RABATT"
    rounding: str = "ORESAVR"
    gift_card: str | None = None
    create_service: bool = True


class OrderSettings(Node, frozen=True):
    """Which orders go over, and as what.

    `trigger` are the shop's own status slugs, custom ones too. `start_at` leaves older orders (by their date of
    creation) alone. `rounding_limit` is the most, in the order's currency, that a rounding row may be.
    """

    trigger: tuple[str, ...] = ("processing", "completed")
    document: DocumentKindChoice = DocumentKindChoice.ORDER
    start_at: datetime | None = None
    rounding_limit: Decimal = Decimal("1.00")
    discounts: DiscountChoice = DiscountChoice.NET
    payment_methods: dict[str, PaymentMethod] = {}
    payment_unmapped: Unmapped = Unmapped.DEFAULT
    shipping_methods: dict[str, ShippingMethod] = {}
    shipping_unmapped: Unmapped = Unmapped.DEFAULT
    currencies: tuple[str, ...] = ()
    payment_reference_meta: tuple[str, ...] = ()
    our_reference: str = ""
    write_note: bool = False
    hold_repeated_payment: bool = True


class RuleWhen(Node, frozen=True):
    """All conditions given must hold; lists mean any of them."""

    status: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    payment_method: tuple[str, ...] = ()
    shipping_method: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()
    company: bool | None = None
    guest: bool | None = None
    total_above: Decimal | None = None
    total_below: Decimal | None = None
    article: tuple[str, ...] = ()
    coupon: tuple[str, ...] = ()
    meta: dict[str, str] = {}


class OrderRule(Node, frozen=True):
    """The first rule whose conditions hold decides; `name` is what the order's story shows."""

    name: str
    then: RuleThen
    when: RuleWhen = RuleWhen()


class ReadingSettings(Node, frozen=True):
    """How the shop is read. Times in seconds.

    `interval_s` is the pause between two polls; without the scheduling feature it is fixed at its default.
    `overlap_s` is how far each poll looks back behind the newest change it has seen. `census_every_s` is how often all
    ids since the start are compared; `reread_every_s` how often a page of orders is read again and compared by
    content; `reread_days` for how many days after its creation an order takes part in that.
    `requests_a_minute` is the shop's budget for all that is asked of it and written to it; 0 sets none.
    """

    interval_s: float = 60.0
    overlap_s: float = 120.0
    census_every_s: float = 21_600.0
    reread_every_s: float = 3_600.0
    reread_days: int = 30
    page_size: int = 100
    read_size: int = 50
    write_size: int = 50
    concurrency: int = 2
    timeout_s: float = 30.0
    requests_a_minute: int = 600


class ShopSettings(Node, frozen=True):
    """One webshop. `key` is the merchant's short name for it and part of every external number in Mamut. `schedules`
    are keyed by direction."""

    key: str
    address: str
    flow: int = 1
    name: str = ""
    department: int | None = None
    orders: OrderSettings = OrderSettings()
    rules: tuple[OrderRule, ...] = ()
    processing: tuple[ProcessingRule, ...] = ()
    mapping: tuple[FieldMapping, ...] = ()
    plugins: tuple[PluginSettings, ...] = ()
    customers: CustomerSettings = CustomerSettings()
    articles: ArticleSettings = ArticleSettings()
    vat: VatSettings = VatSettings()
    to_mamut: ToMamutSettings = ToMamutSettings()
    products: ProductSettings = ProductSettings()
    prices: PriceSettings = PriceSettings()
    stock: StockSettings = StockSettings()
    statuses: StatusSettings = StatusSettings()
    aftermath: AftermathSettings = AftermathSettings()
    webhooks: WebhookSettings = WebhookSettings()
    schedules: dict[str, Schedule] = {}
    reading: ReadingSettings = ReadingSettings()
    enabled: bool = True
    verify_tls: bool = True


class Settings(Node, frozen=True):
    """The whole of `brygga.toml`.

    `package` is "100", "200", "400", "800" or "premium"; `premium_limit` is the orders a month agreed in a Premium
    quote and `premium_price` its price. `reconciliation` names the payment providers whose reconciliation is ordered.
    `data_dir` is where the journal lies; empty means the platform's own place for data.
    """

    package: str
    mamut: MamutSettings
    shop: tuple[ShopSettings, ...]
    language: str = "sv"
    data_dir: str = ""
    premium_limit: int | None = None
    premium_price: int | None = None
    reconciliation: tuple[str, ...] = ()
    contract_start: date | None = None
    webhooks: ReceiverSettings = ReceiverSettings()
    admin: AdminSettings = AdminSettings()
    mail: MailSettings = MailSettings()
    attention: AttentionSettings = AttentionSettings()


def settings_digest(settings: Node) -> str:
    """The same for settings, or tables of them, that say the same."""
    return hashlib.sha256(msgspec.json.encode(settings, order="deterministic")).hexdigest()
