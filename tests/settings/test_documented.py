"""docs/settings.md names every setting under its heading, with the default that the tree has."""

from __future__ import annotations

import re
import tomllib
from decimal import Decimal
from enum import Enum
from pathlib import Path

import msgspec

from agent.plugins.tree import PluginSettings
from agent.rules.tree import FieldMapping, ProcessingRule, RuleChange, RuleCondition
from agent.schedule import Schedule
from agent.settings.tree import (
    ArticleSettings,
    CustomerSettings,
    MamutSettings,
    Node,
    OrderRule,
    OrderSettings,
    PaymentMethod,
    ReadingSettings,
    RuleWhen,
    Settings,
    ShippingMethod,
    ShopSettings,
    VatSettings,
)
from agent.settings.tree_admin import AdminSettings
from agent.settings.tree_aftermath import AftermathSettings
from agent.settings.tree_goods import (
    EventChoice,
    PriceGuards,
    PriceList,
    PriceSettings,
    PriceSource,
    ProductSettings,
    RegisterSettings,
    StatusSettings,
    StockSettings,
)
from agent.settings.tree_mail import AttentionSettings, MailSettings
from agent.settings.tree_to_mamut import ToMamutSettings
from agent.settings.tree_webhooks import ReceiverSettings, WebhookSettings

PAGE = Path(__file__).resolve().parents[2] / "docs" / "settings.md"

HEADINGS: dict[str, type[Node]] = {
    "Top of the file": Settings,
    "[webhooks]": ReceiverSettings,
    "[admin]": AdminSettings,
    "[mail]": MailSettings,
    "[attention]": AttentionSettings,
    "[mamut]": MamutSettings,
    "[mamut.register]": RegisterSettings,
    "[[shop]]": ShopSettings,
    "[shop.orders]": OrderSettings,
    '[shop.orders.payment_methods."…"]': PaymentMethod,
    '[shop.orders.shipping_methods."…"]': ShippingMethod,
    "[[shop.rules]]": OrderRule,
    "[shop.rules.when]": RuleWhen,
    "[[shop.processing]]": ProcessingRule,
    "[[shop.processing.when]]": RuleCondition,
    "[[shop.processing.do]]": RuleChange,
    "[[shop.mapping]]": FieldMapping,
    "[[shop.plugins]]": PluginSettings,
    "[shop.customers]": CustomerSettings,
    "[shop.articles]": ArticleSettings,
    "[shop.vat]": VatSettings,
    "[shop.to_mamut]": ToMamutSettings,
    "[shop.products]": ProductSettings,
    "[shop.prices]": PriceSettings,
    "[shop.prices.regular]": PriceSource,
    "[shop.prices.guards]": PriceGuards,
    "[[shop.prices.lists]]": PriceList,
    "[shop.stock]": StockSettings,
    "[shop.aftermath]": AftermathSettings,
    "[shop.statuses]": StatusSettings,
    '[shop.statuses."…"]': EventChoice,
    "[shop.webhooks]": WebhookSettings,
    '[shop.schedules."…"]': Schedule,
    "[shop.reading]": ReadingSettings,
}

_ROW = re.compile(r"^\| `([a-z_]+)` \| (.+?) \| .+ \|$")


def documented() -> dict[str, dict[str, str]]:
    """Per heading the keys of its table with what stands as default."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            heading = line[3:]
            found[heading] = {}
        elif row := _ROW.match(line):
            found[heading][row.group(1)] = row.group(2)
    return found


def default(field: msgspec.structs.FieldInfo) -> object:
    """The field's default as TOML would give it; "required" or "none" in words."""
    if field.required:
        return "required"
    value = standing(field)
    return "none" if value is None else plain(value)


def standing(field: msgspec.structs.FieldInfo) -> object:
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def plain(value: object) -> object:
    match value:
        case Enum():
            return value.value
        case tuple():
            return [plain(each) for each in value]
        case Decimal():
            return int(value) if str(value).isdigit() else str(value)
        case Node():
            fields = msgspec.structs.fields(type(value))
            ours = {field.encode_name: (getattr(value, field.name), standing(field)) for field in fields}
            return {name: plain(given) for name, (given, usual) in ours.items() if given != usual}
        case _:
            return value


def written(text: str) -> object:
    if not text.startswith("`"):
        return text
    return plain(tomllib.loads(f"value = {text.strip('`')}", parse_float=Decimal)["value"])


def test_every_table_of_the_tree_has_its_heading() -> None:
    assert set(documented()) == set(HEADINGS)


def test_every_setting_is_documented_with_its_default() -> None:
    page = documented()
    for heading, cls in HEADINGS.items():
        fields = {field.encode_name: default(field) for field in msgspec.structs.fields(cls)}
        tables = {name for name, value in fields.items() if isinstance(value, dict) and f"[shop.{name}]" in HEADINGS}
        tables |= {
            Settings: {"admin", "attention", "mail", "mamut", "shop"},
            ShopSettings: {"rules", "processing", "mapping", "plugins"},
        }.get(cls, set())
        expected = {name: value for name, value in fields.items() if name not in tables}
        told = {name: written(text) for name, text in page[heading].items()}
        assert told == {name: str(value) if isinstance(value, float) else value for name, value in expected.items()}
