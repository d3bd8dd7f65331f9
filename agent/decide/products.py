"""What an article of Mamut is to be in a shop: made, changed, left as it is, or held until somebody has looked.

A product's kind never changes. Fields that the merchant keeps in the shop are never sent, those that are given once are
sent when the product is made. Of the others only those go that have changed since we last wrote them: what a person has
done to the rest, also putting the product in the trash, stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from agent.model.goods import ArticleCard, Choice, ProductKind, ShopProduct, ShopTerms
from agent.model.link import Facet, Link
from agent.model.money import ZERO
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said
from agent.settings.tree_goods import Keep, MissingCategory, ProductSettings

if TYPE_CHECKING:
    from agent.decide.goods_rules import Shaped

MARKED = (
    "name",
    "text",
    "short_text",
    "weight",
    "gtin",
    "tax_class",
    "status",
    "categories",
    "choices",
    "unit",
    "meta",
)
"""Fields that are compared with what was last written. New ones come last: the place in here is that in a link's
marks."""

MARK_BYTES = 6
_UNWRITTEN = b"\0" * MARK_BYTES

WEIGHTS = {
    "kg": (Decimal(1), 3),
    "g": (Decimal(1000), 0),
    "lbs": (Decimal("2.20462262185"), 4),
    "oz": (Decimal("35.27396195"), 3),
}
"""How many of the shop's unit a kilogram is, and the decimals that keep Mamut's grams."""

_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


class ProductGround(Frozen, frozen=True):
    """What products stand on beside the article. `percents` are by VAT code, `groups` and `subgroups` names by number;
    `categories` the shop's ids by folded path, `attributes` its global attributes' ids by folded name. `shape` is what
    the merchant's rules make of a product (agent/decide/goods_rules.py)."""

    settings: ProductSettings
    terms: ShopTerms
    percents: Mapping[int, Decimal]
    groups: Mapping[int, str] = {}
    subgroups: Mapping[int, str] = {}
    categories: Mapping[tuple[str, ...], int] = {}
    attributes: Mapping[str, int] = {}
    shape: Callable[[ArticleCard, ShopProduct], Shaped[ShopProduct]] | None = None


class Family(Frozen, frozen=True):
    """An article with what it depends on: a variant's main product, a main product's variants. `siblings` are all
    variants of the main, in Mamut's order; `linked` those of them that the shop has."""

    card: ArticleCard
    link: Link | None = None
    main: ArticleCard | None = None
    main_link: Link | None = None
    siblings: tuple[ArticleCard, ...] = ()
    linked: frozenset[int] = frozenset()


class Write(Frozen, frozen=True):
    """The product is to be made (`product_id` 0) or changed so. `marks` is kept when that has been done. `bad_gtin` is
    one in Mamut's card that no shop would take, and that is therefore not sent. `by` are the merchant's rules, mappings
    and plugins that had a hand in it."""

    product_id: int
    product: ShopProduct
    marks: bytes
    bad_gtin: str = ""
    by: tuple[str, ...] = ()


class Nothing(Frozen, frozen=True):
    code: Said
    params: dict[str, str] = {}


class Hold(Frozen, frozen=True):
    reason: GoodsReason
    params: dict[str, str] = {}


def kind_of(card: ArticleCard) -> ProductKind:
    if card.variant is not None:
        return ProductKind.VARIATION
    return ProductKind.VARIABLE if card.properties else ProductKind.SIMPLE


def fold(name: str) -> str:
    """Names of categories and attributes are the same whatever their case and outer spaces."""
    return " ".join(name.split()).casefold()


def is_live(card: ArticleCard) -> bool:
    """Marked for the web, and not inactive."""
    return card.web and not card.inactive


def category_path(
    card: ArticleCard, settings: ProductSettings, groups: Mapping[int, str], subgroups: Mapping[int, str]
) -> tuple[str, ...]:
    """Where in the shop the article's group belongs, outermost first; empty when nowhere."""
    if card.group is None or card.variant is not None or settings.categories is Keep.NEVER:
        return ()
    narrow = "" if card.subgroup is None else settings.categories_of.get(f"{card.group}/{card.subgroup}", "")
    mapped = narrow or settings.categories_of.get(str(card.group), "")
    if mapped:
        return tuple(part.strip() for part in mapped.split(">") if part.strip())
    if settings.missing_category is not MissingCategory.CREATE:
        return ()
    names = [groups.get(card.group, ""), "" if card.subgroup is None else subgroups.get(card.subgroup, "")]
    return tuple(name.strip() for name in names if name.strip()) if names[0].strip() else ()


def wanted(family: Family, ground: ProductGround) -> Write | Nothing | Hold:
    """The decision about one article."""
    card, link, settings = family.card, family.link, ground.settings
    kind = kind_of(card)
    if link is not None and link.kind is not kind:
        return Hold(GoodsReason.KIND_DIFFERS, {"kind": kind.value, "shop_kind": link.kind.value})
    if settings.groups and _group(family) not in settings.groups:
        return Nothing(Said.GROUP_NOT_CHOSEN, {"group": str(_group(family) or "")})
    if link is None and not is_live(card):
        return Nothing(Said.NOT_FOR_WEB)
    if kind is ProductKind.VARIATION and (stopped := _variant_stopped(family)) is not None:
        return stopped
    if link is None and not settings.create:
        return Nothing(Said.NOT_CREATED)
    tax_class = _tax_class(card, ground)
    if isinstance(tax_class, Hold):
        return tax_class
    return _written(family, ground, kind, tax_class)


def marks_of(product: ShopProduct) -> bytes:
    """A digest of each field that is compared, in their order; zeros for what is not ours to write."""
    return b"".join(_mark(getattr(product, name)) for name in MARKED)


def merged(choices: tuple[Choice, ...], there: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """What the product is to have beside what it has: the merchant's attributes, and options that no article of ours
    stands behind, stay."""
    ours = {fold(choice.name): choice for choice in choices}
    result: list[Choice] = []
    for each in there:
        own = ours.pop(fold(each.name), None)
        if own is None:
            result.append(each)
            continue
        known = {fold(option) for option in each.options}
        more = tuple(option for option in own.options if fold(option) not in known)
        result.append(msgspec.structs.replace(each, options=(*each.options, *more), varies=True))
    return (*result, *ours.values())


def as_on_parent(choices: tuple[Choice, ...], there: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """A variation's values of the very attributes that its product has: a shop may have two of one name."""
    ids = {fold(each.name): each.attribute_id for each in there}
    return tuple(
        msgspec.structs.replace(choice, attribute_id=ids.get(fold(choice.name), choice.attribute_id))
        for choice in choices
    )


# -- one product ------------------------------------------------------------------------------------------------------


def _written(family: Family, ground: ProductGround, kind: ProductKind, tax_class: str | None) -> Write | Nothing | Hold:
    card, link, settings = family.card, family.link, ground.settings
    gtin = gtin_of(card.ean)
    whole = ShopProduct(
        kind=kind,
        sku=card.product_no.strip(),
        name=None if kind is ProductKind.VARIATION else card.description or card.product_no,
        text=card.text,
        short_text=None if kind is ProductKind.VARIATION else _first_paragraph(card.text),
        weight=_weight(card.weight, ground.terms.weight_unit),
        gtin=gtin,
        tax_class=tax_class,
        status=_status(family, ground),
        categories=_categories(card, ground),
        choices=_choices(family, ground, kind),
        unit=card.unit if settings.unit_meta else None,
    )
    by: tuple[str, ...] = ()
    if ground.shape is not None:
        shaped = ground.shape(card, whole)
        if shaped.stop is not None:
            return shaped.stop
        whole, by = shaped.record, shaped.by
    bad_gtin = card.ean if settings.gtin is not Keep.NEVER and card.ean and not gtin else ""
    owned = _kept(whole, settings, (Keep.ALWAYS,))
    marks = marks_of(owned)
    if link is None:
        made = _kept(whole, settings, (Keep.ALWAYS, Keep.ONCE))
        # A product cannot be without a name, and one whose status is the merchant's to set begins as a draft.
        status = made.status or (whole.status if kind is ProductKind.VARIATION else "draft")
        made = msgspec.structs.replace(made, name=whole.name, status=status)
        return Write(product_id=0, product=made, marks=marks, bad_gtin=bad_gtin, by=by)
    changed = _changed(owned, link)
    if link.sku == owned.sku and Facet.PRODUCT not in link.unsure:
        changed = msgspec.structs.replace(changed, sku=None)
    if changed == ShopProduct(kind=kind):
        return Nothing(Said.UNCHANGED)
    return Write(product_id=link.product_id, product=changed, marks=marks, bad_gtin=bad_gtin, by=by)


def _kept(whole: ShopProduct, settings: ProductSettings, keeps: tuple[Keep, ...]) -> ShopProduct:
    """Without the fields that the merchant keeps. What variations differ by is never the merchant's alone,
    and meta fields are only what their rules have set."""
    others = {name: None for name in MARKED if name not in ("choices", "meta") and getattr(settings, name) not in keeps}
    return msgspec.structs.replace(whole, **others)


def _changed(owned: ShopProduct, link: Link) -> ShopProduct:
    marks, sure = link.marks or b"", Facet.PRODUCT not in link.unsure
    same: dict[str, None] = {}
    for place, name in enumerate(MARKED):
        value, mark = getattr(owned, name), marks[place * MARK_BYTES : (place + 1) * MARK_BYTES]
        # What Mamut has nothing of does not empty what stood in the shop before us; the standard class is no nothing.
        never_written = mark in (b"", _UNWRITTEN) and (value is None or (not value and name != "tax_class"))
        if never_written or (sure and mark == _mark(value)):
            same[name] = None
    return msgspec.structs.replace(owned, **same)


def _mark(value: object) -> bytes:
    if value is None:
        return _UNWRITTEN
    if isinstance(value, dict):
        value = sorted(value.items())
    if isinstance(value, tuple):
        # Which of the shop's attributes a property is does not make it another property.
        value = [(each.name, each.options) if isinstance(each, Choice) else each for each in value]
    return blake2b(msgspec.msgpack.encode(value), digest_size=MARK_BYTES).digest()


def _group(family: Family) -> int | None:
    if family.card.group is None and family.main is not None:
        return family.main.group
    return family.card.group


def _variant_stopped(family: Family) -> Nothing | Hold | None:
    card, main = family.card, family.main
    variant = card.variant
    if variant is None:
        raise TypeError("a variation without what it is a variant of")
    if main is None:
        return Hold(GoodsReason.MAIN_MISSING, {"main": variant.main})
    if family.main_link is None:
        if not is_live(main):
            return Nothing(Said.NOT_FOR_WEB)
        return Hold(GoodsReason.MAIN_WAITS, {"main": variant.main})
    for name, value in zip(main.properties, (variant.property1, variant.property2), strict=False):
        if not value.strip():
            return Hold(GoodsReason.PROPERTY_MISSING, {"property": name})
    twin = _twin(family)
    if twin is not None and is_live(card):
        return Hold(GoodsReason.VARIANT_TWICE, {"other": twin.product_no})
    if family.link is not None and family.link.parent_id != family.main_link.product_id:
        return Hold(GoodsReason.PARENT_DIFFERS, {"parent_id": str(family.link.parent_id)})
    return None


def _twin(family: Family) -> ArticleCard | None:
    """The earlier variant with the same values: a shop takes both and sells whichever it finds (variations[12])."""
    own = family.card.variant
    for other in family.siblings:
        if other.pk >= family.card.pk or not is_live(other) or own is None or other.variant is None:
            continue
        same = fold(other.variant.property1) == fold(own.property1)
        if same and fold(other.variant.property2) == fold(own.property2):
            return other
    return None


# -- fields -----------------------------------------------------------------------------------------------------------


def _status(family: Family, ground: ProductGround) -> str | None:
    card, settings, link = family.card, ground.settings, family.link
    if card.variant is not None:
        # A variation is shown or private; whether it can be bought at all is its product's draft or not.
        hidden = link is not None and link.stock is not None and bool(link.stock.hidden)
        return _unpublished(settings, "private") if not is_live(card) else "private" if hidden else "publish"
    if not is_live(card):
        return _unpublished(settings, settings.unpublish)
    if card.properties and not any(is_live(each) for each in family.siblings):
        return "draft"
    return settings.publish


def _unpublished(settings: ProductSettings, status: str) -> str | None:
    return None if settings.unpublish == "leave" else status


def _categories(card: ArticleCard, ground: ProductGround) -> tuple[int, ...] | None:
    path = category_path(card, ground.settings, ground.groups, ground.subgroups)
    found = ground.categories.get(tuple(fold(name) for name in path)) if path else None
    return None if found is None else (found,)


def _choices(family: Family, ground: ProductGround, kind: ProductKind) -> tuple[Choice, ...] | None:
    """All values of each property on the main product, the article's own on a variant."""
    if kind is ProductKind.SIMPLE:
        return None
    names = family.card.properties if kind is ProductKind.VARIABLE else family.main.properties if family.main else ()
    shown = (
        [each for each in family.siblings if is_live(each) or each.pk in family.linked]
        if kind is ProductKind.VARIABLE
        else [family.card]
    )
    choices: list[Choice] = []
    for place, name in enumerate(names):
        values: dict[str, str] = {}
        for each in shown:
            value = (each.variant.property2 if place else each.variant.property1) if each.variant else ""
            if value.strip():
                values.setdefault(fold(value), value.strip())
        attribute_id = ground.attributes.get(fold(name), 0)
        choices.append(Choice(name=name.strip(), options=tuple(values.values()), attribute_id=attribute_id))
    return tuple(choices)


def _tax_class(card: ArticleCard, ground: ProductGround) -> str | Hold | None:
    """The shop's tax class for Mamut's VAT code: as mapped, else the one of the same percentage. None where the shop
    does not tell its rates: it is then left as it is."""
    settings = ground.settings
    if settings.tax_class is Keep.NEVER:
        return None
    mapped = settings.tax_classes.get(str(card.vat_code))
    if mapped is not None:
        return mapped
    percent = ground.percents.get(card.vat_code)
    if percent is None:
        return Hold(GoodsReason.VAT_CODE_UNKNOWN, {"vat_code": str(card.vat_code)})
    if not ground.terms.tax_rates:
        return None
    for name, rate in sorted(ground.terms.tax_rates):
        if rate == percent:
            return name
    return Hold(
        GoodsReason.TAX_CLASS_MISSING, {"vat_code": str(card.vat_code), "percent": format(percent.normalize(), "f")}
    )


def _weight(kilograms: Decimal, unit: str) -> Decimal | None:
    """In the shop's unit; None where that is one we do not know. Zero empties the field."""
    if unit not in WEIGHTS:
        return None
    factor, decimals = WEIGHTS[unit]
    if not kilograms:
        return ZERO
    amount = (kilograms * factor).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return Decimal(format(amount.normalize(), "f"))


def gtin_of(ean: str) -> str:
    """The digits of a GTIN whose check digit is right, else nothing: a shop empties what is none (products_simple[24]),
    and a wrong one that it takes belongs to another product of the world."""
    digits = ean.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in _GTIN_LENGTHS:
        return ""
    weighed = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits[:-1])))
    return digits if (10 - weighed % 10) % 10 == int(digits[-1]) else ""


def _first_paragraph(text: str) -> str:
    return text.replace("\r\n", "\n").strip().split("\n\n", 1)[0].strip()
