"""The single fields of an article, as Mamut keeps them, from what a shop's product says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from agent.decide.products import WEIGHTS, Hold, fold, gtin_of
from agent.decide.texts import ARTICLE_NO_CHARS, DESCRIPTION_CHARS, block, encodable, line
from agent.messages import Note
from agent.model.goods import ProductKind, ShopTerms
from agent.model.money import ZERO
from agent.model.order import Frozen
from agent.model.owners import OwnedField, System, owner
from agent.model.said import GoodsReason
from agent.model.shop_item import ShopItem
from agent.settings.tree_goods import Keep
from agent.settings.tree_to_mamut import ToMamutSettings

UNIT_CHARS = 10
TEXT_CHARS = 4_000
PROPERTY_CHARS = 50
"""Lengths in docs/mamut-api.md, Products."""

PRICE_STEP = Decimal("0.0001")
"""Prices of Mamut have four decimals (GBAPX10)."""

WEIGHT_STEP = Decimal("0.001")

ORE = Decimal("0.01")

STANDARD = "standard"
"""What the standard tax class, which the shop calls "", is called in the settings and to people."""

PUBLISHED = "publish"


class ArticleGround(Frozen, frozen=True):
    """What articles stand on beside the product. `percents` are by Mamut's VAT code, `domestic` the codes of its own
    country; `home` the merchant's codes by percentage as text, `zero` the one of goods without VAT. `currency` is
    Mamut's, empty while unknown. `paths` are the shop's categories by id, as folded names from the outermost on."""

    flow: int
    settings: ToMamutSettings
    terms: ShopTerms
    percents: Mapping[int, Decimal]
    domestic: frozenset[int] = frozenset()
    home: Mapping[str, int] = {}
    zero: int = 1
    currency: str = ""
    paths: Mapping[int, tuple[str, ...]] = {}


class Vat(Frozen, frozen=True):
    """Mamut's code, and the percentage that the shop's prices have in them."""

    code: int
    percent: Decimal


_FIELD_OF = {
    "name": OwnedField.NAME,
    "text": OwnedField.TEXT,
    "unit": OwnedField.UNIT,
    "weight": OwnedField.WEIGHT,
    "gtin": OwnedField.GTIN,
    "vat": OwnedField.VAT,
    "group": OwnedField.GROUP,
    "price": OwnedField.PRICE,
    "active": OwnedField.ACTIVE,
}


def keep(ground: ArticleGround, name: str) -> Keep:
    """When a field is written, by its name in the settings. What the shop does not own is given once at most, so that a
    new article has a value at all."""
    chosen: Keep = getattr(ground.settings, name)
    if chosen is Keep.ALWAYS and owner(ground.flow, _FIELD_OF[name]) is not System.SHOP:
        return Keep.ONCE
    return chosen


# -- the number -------------------------------------------------------------------------------------------------------


def number_of(item: ShopItem, parent: ShopItem | None, settings: ToMamutSettings) -> str:
    """The article number of a product; empty when it has none. A variation that shows its product's number has none of
    its own (variations[18])."""
    sku = item.sku.strip()
    if parent is not None and fold(sku) == fold(parent.sku):
        return ""
    if not sku and item.kind is ProductKind.VARIABLE and settings.main_prefix:
        return f"{settings.main_prefix}{item.product_id}"
    return sku


def number_wrong(number: str) -> Hold | None:
    """What keeps Mamut from having this number as it is."""
    if not number:
        return Hold(GoodsReason.NUMBER_MISSING)
    if bad := unkept(number):
        return Hold(GoodsReason.NUMBER_CHARACTERS, {"characters": bad})
    if len(number) > ARTICLE_NO_CHARS:
        return Hold(GoodsReason.NUMBER_TOO_LONG, {"length": str(len(number)), "limit": str(ARTICLE_NO_CHARS)})
    return None


def unkept(text: str) -> str:
    """The characters of a text that Mamut does not have; control characters by their code."""
    bad = {char: None for char in text if not char.isprintable() or encodable(char) != char}
    return " ".join(char if char.isprintable() else f"U+{ord(char):04X}" for char in bad)


# -- texts ------------------------------------------------------------------------------------------------------------


def description_of(item: ShopItem, parent: ShopItem | None, number: str) -> str:
    """A variant's name is its product's with its values, as a person reading a picking list needs it."""
    notes: list[Note] = []
    if parent is None:
        return line(item.name, DESCRIPTION_CHARS, "description", notes) or number
    values = ", ".join(option for choice in item.choices for option in choice.options)
    room = DESCRIPTION_CHARS - len(values) - 1
    if not values or room < DESCRIPTION_CHARS // 3:
        return line(f"{parent.name} {values}", DESCRIPTION_CHARS, "description", notes) or number
    return line(f"{line(parent.name, room, 'description', notes)} {values}", DESCRIPTION_CHARS, "description", notes)


def text_of(item: ShopItem) -> str:
    return block(item.text or item.short_text, TEXT_CHARS, "text", [])


def unit_of(item: ShopItem, parent: ShopItem | None, settings: ToMamutSettings) -> str:
    unit = item.unit or (parent.unit if parent is not None else "") or settings.default_unit
    return line(unit, UNIT_CHARS, "unit", [])


def gtin(item: ShopItem) -> str:
    """The digits of a GTIN that is one; a wrong one is another product's somewhere."""
    return gtin_of(item.gtin)


# -- numbers ----------------------------------------------------------------------------------------------------------


def weight_of(item: ShopItem, parent: ShopItem | None, unit: str) -> Decimal | Hold | None:
    """Kilograms with three decimals; None where the shop names no weight."""
    weight = item.weight if item.weight is not None or parent is None else parent.weight
    if weight is None:
        return None
    if unit not in WEIGHTS:
        return Hold(GoodsReason.WEIGHT_UNIT_UNKNOWN, {"unit": unit})
    return (weight / WEIGHTS[unit][0]).quantize(WEIGHT_STEP, rounding=ROUND_HALF_UP)


def vat_of(item: ShopItem, parent: ShopItem | None, ground: ArticleGround) -> Vat | Hold:
    """As mapped, else the code of the same percentage: the merchant's own for it, or the only one Mamut has."""
    if not item.taxed:
        return Vat(code=ground.zero, percent=ZERO)
    name = item.tax_class
    if name == "parent" and parent is not None:
        name = parent.tax_class
    shown = name or STANDARD
    percent = dict(ground.terms.tax_rates).get(name)
    code = ground.settings.vat_codes.get(shown)
    if code is None:
        code = None if percent is None else _by_percent(percent, ground)
    if code is None or code not in ground.percents:
        told = "?" if percent is None else plain(percent)
        return Hold(GoodsReason.VAT_NOT_MAPPED, {"tax_class": shown, "percent": told})
    own = ground.percents[code]
    if percent is not None and percent != own:
        params = {"tax_class": shown, "shop": plain(percent), "vat_code": str(code), "mamut": plain(own)}
        return Hold(GoodsReason.VAT_PERCENT_DIFFERS, params)
    return Vat(code=code, percent=own)


def _by_percent(percent: Decimal, ground: ArticleGround) -> int | None:
    chosen = ground.home.get(plain(percent))
    if chosen is not None:
        return chosen
    fitting = [code for code in sorted(ground.domestic) if ground.percents.get(code) == percent]
    return fitting[0] if len(fitting) == 1 else None


def price_of(item: ShopItem, vat: Vat, ground: ArticleGround) -> Decimal | Hold | None:
    """Without VAT, with four decimals; None where the product has no price of its own. Where the shop's prices have
    VAT in them it is proved that the price gives the shop's back to the öre."""
    if item.regular is None or item.kind is ProductKind.VARIABLE:
        return None
    terms = ground.terms
    if ground.currency and terms.currency and ground.currency != terms.currency:
        return Hold(GoodsReason.CURRENCY_DIFFERS, {"shop": terms.currency, "mamut": ground.currency})
    # A shop that works out no taxes shows what customers pay.
    factor = 1 + vat.percent / 100 if terms.prices_with_vat or not terms.counts_tax else Decimal(1)
    net = (item.regular / factor).quantize(PRICE_STEP, rounding=ROUND_HALF_UP)
    if _ore(net * factor) != _ore(item.regular):
        return Hold(GoodsReason.PRICE_INEXACT, {"price": plain(item.regular), "percent": plain(vat.percent)})
    return net


def _ore(amount: Decimal) -> Decimal:
    return amount.quantize(ORE, rounding=ROUND_HALF_UP)


def group_of(item: ShopItem, parent: ShopItem | None, ground: ArticleGround) -> int | None:
    """The product group of the first category that is mapped; a variant's is its product's."""
    settings = ground.settings
    known = {tuple(map(fold, name.split(">"))): group for name, group in settings.groups.items()}
    for category in (item if parent is None else parent).categories:
        path = ground.paths.get(category.category_id, (fold(category.name),))
        for key in (path, path[-1:]):
            if key in known:
                return known[key]
    return settings.default_group


def plain(number: Decimal) -> str:
    """Without an exponent and without zeros at the end."""
    return format(number.normalize(), "f")
