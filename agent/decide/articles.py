"""What a product of a shop is to be in Mamut: an article made, changed, left alone, or held for a person.

Of the fields that the shop owns (`agent/model/owners.py`) only those are written whose value in the shop has changed
since it was last written: what somebody has done to the others in Mamut stays. An article's number is what its
documents carry, so it is not changed because the shop's has; and no article is ever made inactive unasked.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

import msgspec

from agent.decide import article_fields as fields_of
from agent.decide.article_fields import PROPERTY_CHARS, PUBLISHED, ArticleGround, keep, number_of, number_wrong, unkept
from agent.decide.products import Hold, Nothing, fold, kind_of
from agent.model.goods import ArticleCard, ProductKind, VariantOf
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ArticleFields, ArticleLink, ShopItem
from agent.settings.tree_goods import Keep

SENT_KINDS = frozenset({ProductKind.SIMPLE, ProductKind.VARIABLE, ProductKind.VARIATION})

PROPERTIES_MAX = 2
"""What an article of Mamut can vary by (docs/mamut-api.md, Products)."""

MARK_BYTES = 6

_SETTING_OF = {
    "description": "name",
    "text": "text",
    "unit": "unit",
    "weight": "weight",
    "ean": "gtin",
    "vat_code": "vat",
    "group": "group",
    "price_out": "price",
    "web": "active",
}
"""The fields that are compared with what was last written, and the setting that says when each is written."""


class ItemFamily(Frozen, frozen=True):
    """A product with what it depends on. `siblings` are all variations of the product, or of the one it belongs to.
    `twins` are other products of the shop with the same number. `governor` is another shop that governs the article
    already, and `holder` another product of this shop that the article is tied to. `undone` is the article that was
    made of the product and made inactive again when that was taken back, 0 for none."""

    item: ShopItem
    gone: bool = False
    link: ArticleLink | None = None
    parent: ShopItem | None = None
    parent_link: ArticleLink | None = None
    siblings: tuple[ShopItem, ...] = ()
    twins: tuple[int, ...] = ()
    governor: str = ""
    holder: int = 0
    undone: int = 0


Cards = Mapping[str, tuple[ArticleCard, ...]]
"""What Mamut has under numbers, by folded number."""


class Make(Frozen, frozen=True):
    """The article is to be made so. `marks` are kept when that has been done."""

    fields: ArticleFields
    marks: dict[str, bytes]


class Change(Frozen, frozen=True):
    """The article `card` is, or stays, the product's. `fields` without any value: nothing is written. `stopped` is what
    a person must see to all the same. `edited` are fields that somebody has changed in Mamut and that stay so."""

    card: ArticleCard
    fields: ArticleFields
    marks: dict[str, bytes]
    stopped: Hold | None = None
    edited: tuple[str, ...] = ()
    retired: bool = False

    @property
    def writes(self) -> bool:
        return self.fields != ArticleFields()


def numbers_asked(family: ItemFamily, ground: ArticleGround) -> tuple[str, ...]:
    """The numbers that Mamut is to be asked for before it is decided."""
    number = number_of(family.item, family.parent, ground.settings)
    linked = "" if family.link is None else family.link.product_no
    usable = number if number and number_wrong(number) is None else ""
    # To a shop case does not matter (products_simple[19]), to Mamut it may.
    cases = (usable, usable.upper(), usable.lower()) if family.link is None else (usable,)
    return tuple(dict.fromkeys(each for each in (linked, *cases) if each))


def wanted(family: ItemFamily, ground: ArticleGround, cards: Cards) -> Make | Change | Nothing | Hold:
    """The decision about one product; `cards` has what Mamut holds under the numbers of `numbers_asked`."""
    item, link = family.item, family.link
    if family.gone:
        return _removed(family, cards)
    if item.kind not in SENT_KINDS:
        return Nothing(Said.KIND_NOT_SENT, {"kind": item.kind_word})
    if link is None and _status(family) not in ground.settings.statuses:
        return Nothing(Said.STATUS_NOT_SENT, {"status": _status(family)})
    if family.governor:
        return Nothing(Said.ARTICLE_GOVERNED, {"shop": family.governor})
    number = number_of(item, family.parent, ground.settings)
    stopped = number_wrong(number) or _twice(family) or _shape_wrong(family)
    if stopped is not None:
        return stopped
    if link is not None:
        return _linked(family, link, number, ground, cards)
    return _unlinked(family, number, ground, cards)


def marks_of(fields: ArticleFields, ground: ArticleGround) -> dict[str, bytes]:
    """A digest of each field that is written whenever it changes."""
    return {name: _mark(value) for name, value in _given(_kept(fields, ground, (Keep.ALWAYS,))).items()}


# -- linked or not ----------------------------------------------------------------------------------------------------


def _unlinked(family: ItemFamily, number: str, ground: ArticleGround, cards: Cards) -> Make | Change | Nothing | Hold:
    found = cards.get(fold(number), ())
    found = tuple(card for card in found if card.product_no == number) or found
    if len(found) > 1:
        return Hold(GoodsReason.NUMBER_TWICE_IN_MAMUT, {"number": number, "pks": ", ".join(str(c.pk) for c in found)})
    if family.holder:
        return Hold(GoodsReason.NUMBER_OF_ANOTHER, {"number": number, "holder": str(family.holder)})
    whole = _whole(family, number, ground)
    if isinstance(whole, Hold):
        return whole
    if not found:
        if not ground.settings.create:
            return Nothing(Said.ARTICLE_NOT_CREATED)
        marks = marks_of(whole, ground)
        return Make(fields=_kept(whole, ground, (Keep.ALWAYS, Keep.ONCE)), marks=marks)
    (card,) = found
    if (differs := _differs(family, card)) is not None:
        return differs
    owned = _given(_kept(whole, ground, (Keep.ALWAYS,)))
    # What the shop has nothing of does not empty what stood in Mamut before us.
    new = {name: value for name, value in owned.items() if value not in ("", getattr(card, name))}
    revived = card.inactive and card.pk == family.undone
    if revived:
        new["inactive"] = False
    return Change(
        card=card,
        fields=msgspec.structs.replace(ArticleFields(), **new),
        marks=marks_of(whole, ground),
        edited=("inactive",) if card.inactive and not revived else (),
    )


def _linked(
    family: ItemFamily, link: ArticleLink, number: str, ground: ArticleGround, cards: Cards
) -> Change | Nothing | Hold:
    card = _card_of(link, cards)
    if card is None:
        return Hold(GoodsReason.ARTICLE_MISSING, {"number": link.product_no})
    if (differs := _differs(family, card)) is not None:
        return differs
    whole = _whole(family, number, ground)
    if isinstance(whole, Hold):
        return whole
    changed: dict[str, object] = {}
    edited: list[str] = []
    for name, value in _given(_kept(whole, ground, (Keep.ALWAYS,))).items():
        mark = link.marks.get(name)
        if value == getattr(card, name):
            continue
        if mark == _mark(value):
            edited.append(name)
        elif value != "" or mark is not None:
            changed[name] = value
    if card.inactive and link.retired:
        changed["inactive"] = False
    elif card.inactive:
        edited.append("inactive")
    stopped = _renumbering(card, number, ground, cards)
    if stopped is None and fold(number) != fold(card.product_no):
        changed["product_no"] = number
    return Change(
        card=card,
        fields=msgspec.structs.replace(ArticleFields(), **changed),
        marks=marks_of(whole, ground),
        stopped=stopped,
        edited=tuple(edited),
    )


def _card_of(link: ArticleLink, cards: Cards) -> ArticleCard | None:
    """The article that is linked, also when somebody has given it the product's new number in Mamut."""
    return next((card for found in cards.values() for card in found if card.pk == link.pk), None)


def _renumbering(card: ArticleCard, number: str, ground: ArticleGround, cards: Cards) -> Hold | None:
    """What stands against the product's number becoming the article's, where it is another one."""
    if fold(number) == fold(card.product_no):
        return None
    if not ground.settings.renumber:
        return Hold(GoodsReason.NUMBER_CHANGED, {"number": card.product_no, "new": number})
    if any(other.pk != card.pk for other in cards.get(fold(number), ())):
        return Hold(GoodsReason.NUMBER_TAKEN_IN_MAMUT, {"number": card.product_no, "new": number})
    return None


def _removed(family: ItemFamily, cards: Cards) -> Change | Nothing | Hold:
    """A product that has left the shop: its article is proposed for inactivation, and made inactive when a person has
    agreed."""
    link = family.link
    if link is None or family.governor:
        return Nothing(Said.PRODUCT_LEFT)
    if link.retired:
        return Nothing(Said.ARTICLE_RETIRED)
    if not link.retire:
        return Hold(GoodsReason.PRODUCT_REMOVED, {"number": link.product_no})
    card = _card_of(link, cards)
    if card is None:
        return Hold(GoodsReason.ARTICLE_MISSING, {"number": link.product_no})
    inactive = None if card.inactive else True
    return Change(card=card, fields=ArticleFields(inactive=inactive), marks=link.marks, retired=True)


# -- what cannot be ---------------------------------------------------------------------------------------------------


def _twice(family: ItemFamily) -> Hold | None:
    if not family.twins:
        return None
    ids = sorted({family.item.product_id, *family.twins})
    return Hold(GoodsReason.NUMBER_TWICE_IN_SHOP, {"ids": ", ".join(map(str, ids))})


def _shape_wrong(family: ItemFamily) -> Hold | None:
    """What a product varies by must be what an article can vary by: nothing is left out, and nothing joined."""
    item, main = family.item, family.parent
    if item.kind is ProductKind.SIMPLE:
        return None
    if item.kind is ProductKind.VARIATION and main is None:
        return Hold(GoodsReason.PRODUCT_WAITS, {"product_id": str(item.parent_id)})
    properties = properties_of(main or item)
    if not properties:
        return Hold(GoodsReason.PROPERTY_NONE)
    if len(properties) > PROPERTIES_MAX:
        return Hold(GoodsReason.THIRD_PROPERTY, {"properties": ", ".join(properties)})
    values = [value_of(item, name) for name in properties] if main is not None else []
    for name, value in zip(properties, values, strict=False):
        if not value:
            return Hold(GoodsReason.VALUE_MISSING, {"property": name})
    for text in (*properties, *values):
        if len(text) > PROPERTY_CHARS or unkept(text):
            return Hold(GoodsReason.VALUE_NOT_KEPT, {"value": text, "limit": str(PROPERTY_CHARS)})
    if main is not None and (other := _same_values(family, properties, values)):
        return Hold(GoodsReason.VARIATION_TWICE, {"other": str(other)})
    if main is not None and family.parent_link is None:
        return Hold(GoodsReason.PRODUCT_WAITS, {"product_id": str(item.parent_id)})
    return None


def properties_of(main: ShopItem) -> tuple[str, ...]:
    """What the variations of a product differ by, in the shop's order."""
    return tuple(choice.name.strip() for choice in main.choices if choice.varies)


def value_of(item: ShopItem, name: str) -> str:
    """The variation's own value; empty where it stands for any."""
    for choice in item.choices:
        if fold(choice.name) == fold(name) and choice.options:
            return choice.options[0].strip()
    return ""


def _same_values(family: ItemFamily, properties: tuple[str, ...], values: list[str]) -> int:
    """An earlier variation with the same values; 0 when there is none."""
    own = [fold(value) for value in values]
    for other in family.siblings:
        if other.product_id < family.item.product_id and own == [fold(value_of(other, name)) for name in properties]:
            return other.product_id
    return 0


def _differs(family: ItemFamily, card: ArticleCard) -> Hold | None:
    """Why the article cannot be this product."""
    item, kind = family.item, kind_of(card)
    if kind is not item.kind:
        params = {"number": card.product_no, "kind": kind.value, "shop_kind": item.kind.value}
        return Hold(GoodsReason.ARTICLE_DIFFERS, params)
    if item.kind is ProductKind.VARIABLE:
        own = properties_of(item)
        if sorted(map(fold, own)) != sorted(map(fold, card.properties)):
            return Hold(GoodsReason.PROPERTIES_DIFFER, {"mamut": ", ".join(card.properties), "shop": ", ".join(own)})
    main = "" if family.parent_link is None else family.parent_link.product_no
    if card.variant is not None and fold(card.variant.main) != fold(main):
        return Hold(GoodsReason.MAIN_DIFFERS, {"mamut": card.variant.main, "shop": main})
    return None


# -- the whole article ------------------------------------------------------------------------------------------------


def _whole(family: ItemFamily, number: str, ground: ArticleGround) -> ArticleFields | Hold:
    """All that the article would be if the shop owned everything. Fields that are never written stop nothing."""
    item, parent = family.item, family.parent
    vat = fields_of.vat_of(item, parent, ground)
    if isinstance(vat, Hold):
        return vat
    price = None if keep(ground, "price") is Keep.NEVER else fields_of.price_of(item, vat, ground)
    if isinstance(price, Hold):
        if family.link is None or keep(ground, "price") is Keep.ALWAYS:
            return price
        price = None
    weight = None
    if keep(ground, "weight") is not Keep.NEVER:
        weight = fields_of.weight_of(item, parent, ground.terms.weight_unit)
    if isinstance(weight, Hold):
        return weight
    variable = item.kind is ProductKind.VARIABLE
    return ArticleFields(
        product_no=number,
        description=fields_of.description_of(item, parent, number),
        text=fields_of.text_of(item),
        unit=fields_of.unit_of(item, parent, ground.settings) or None,
        weight=weight,
        ean=fields_of.gtin(item),
        vat_code=vat.code,
        group=fields_of.group_of(item, parent, ground),
        price_out=price,
        web=_status(family) == PUBLISHED,
        keeps_stock=item.goods,
        variant=_variant(family),
        properties=properties_of(item) if variable else None,
        # Each variation of a shop has a price and a stock of its own.
        varies_by=("price", "stock") if variable else None,
    )


def _variant(family: ItemFamily) -> VariantOf | None:
    main, link = family.parent, family.parent_link
    if main is None or link is None:
        return None
    # An article that was there may have them in another order.
    names = link.properties or properties_of(main)
    values = [value_of(family.item, name) for name in names]
    return VariantOf(main=link.product_no, property1=values[0], property2=values[1] if len(values) > 1 else "")


def _status(family: ItemFamily) -> str:
    """A variation cannot be bought while its product is hidden."""
    parent = family.parent
    return family.item.status if parent is None or parent.status == PUBLISHED else parent.status


def _kept(whole: ArticleFields, ground: ArticleGround, keeps: tuple[Keep, ...]) -> ArticleFields:
    """The fields that are written at these times. What makes an article one of its kind is given with it."""
    others: dict[str, None] = {
        name: None for name, setting in _SETTING_OF.items() if keep(ground, setting) not in keeps
    }
    if Keep.ONCE not in keeps:
        others |= dict.fromkeys(("product_no", "keeps_stock", "properties", "varies_by"))
    return msgspec.structs.replace(whole, **others)


def _given(fields: ArticleFields) -> dict[str, object]:
    named = ((name, getattr(fields, name)) for name in (*_SETTING_OF, "variant"))
    return {name: value for name, value in named if value is not None}


def _mark(value: object) -> bytes:
    return blake2b(msgspec.msgpack.encode(value), digest_size=MARK_BYTES).digest()
