"""What a first synchronisation compares: a product of the shop as it was read whole, and an article as it is to be.

Where both have the same already nothing is written, so that two systems that agree are tied together without a write.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from agent.decide.articles import ItemFamily
from agent.decide.products import MARK_BYTES, MARKED, Family, Write, fold, is_live
from agent.model.goods import ArticleCard, Choice, ProductKind, SeenProduct, ShopProduct
from agent.model.order import Frozen
from agent.model.shop_item import ArticleFields, ShopItem

_UNWRITTEN = b"\0" * MARK_BYTES

SHOWN_CHARS = 80

DATE_SLACK_S = 60
"""How long after its last variation was saved a product's date may still be moved by that."""


class Compared(Frozen, frozen=True):
    """`marks` say which fields are equal already; `changes` what the others are and are to be, shortened for people."""

    marks: bytes
    changes: dict[str, tuple[str, str]]


def compare(write: Write, item: ShopItem) -> Compared:
    """`write` is what would be written to the product if nothing of it were known."""
    marks: list[bytes] = []
    changes: dict[str, tuple[str, str]] = {}
    product = write.product
    for place, name in enumerate(MARKED):
        wanted = getattr(product, name)
        if wanted is None:
            marks.append(_UNWRITTEN)
        elif _is(name, wanted, item):
            marks.append(write.marks[place * MARK_BYTES : (place + 1) * MARK_BYTES])
        else:
            marks.append(_UNWRITTEN)
            changes[name] = (_shown(_stands(name, item)), _shown(wanted))
    if product.sku is not None and product.sku != item.sku:
        changes["sku"] = (item.sku, product.sku)
    return Compared(marks=b"".join(marks), changes=changes)


def made_of(product: ShopProduct) -> dict[str, tuple[str, str]]:
    """What a product that is made is given, shortened for people."""
    named = ((name, getattr(product, name)) for name in MARKED)
    return {name: ("", _shown(value)) for name, value in named if value not in (None, "", ())}


def seen_of(item: ShopItem) -> SeenProduct:
    """The product as far as it is needed to tell whether it is the article."""
    return SeenProduct(
        product_id=item.product_id,
        parent_id=item.parent_id,
        kind=item.kind,
        sku=item.sku,
        name=item.name,
        status=item.status,
        managed=False,
        stock_quantity=None,
        word="",
        regular=item.regular,
        sale=None,
        choices=item.choices,
    )


def ground_of(family: Family) -> bytes:
    """A digest of all that the decision about an article stands on in Mamut."""
    siblings = [(each.product_no, each.variant, is_live(each)) for each in family.siblings]
    main = None if family.main is None else (family.main.pk, family.main.product_no, family.main.properties)
    return digest_of((family.card, main, siblings))


def item_ground_of(family: ItemFamily) -> bytes:
    """The same of a product of the shop."""
    siblings = [(each.product_id, each.choices) for each in family.siblings]
    return digest_of((family.item, family.parent, siblings, family.twins))


def fields_of(fields: ArticleFields, card: ArticleCard | None) -> dict[str, tuple[str, str]]:
    """What an article is given, beside what it has, shortened for people."""
    given = {name: value for name, value in msgspec.structs.asdict(fields).items() if value not in (None, "", ())}
    return {name: (_shown(getattr(card, name, None)), _shown(value)) for name, value in given.items()}


def digest_of(value: object) -> bytes:
    return blake2b(msgspec.msgpack.encode(value), digest_size=16).digest()


def look_of(seen: SeenProduct) -> bytes:
    """How a product looked when it was made: whatever a person, or a sale, does to it shows in here. What a variable
    product shows of its variations is left out; its date, which they move, stands beside."""
    own = (seen.sku, seen.name, seen.status)
    if seen.kind is ProductKind.VARIABLE:
        return digest_of(own) + _at_s(seen).to_bytes(8, "big")
    return digest_of((*own, seen.managed, seen.stock_quantity, seen.word, seen.regular, seen.sale, seen.modified_at))


def is_untouched(look: bytes, seen: SeenProduct, below: Sequence[SeenProduct] = ()) -> bool:
    """Whether a product looks as it did when it was made. `below` are the variations of a variable one, themselves
    untouched: saving them moved its date, and nothing of ours did so later."""
    now = look_of(seen)
    if seen.kind is not ProductKind.VARIABLE:
        return now == look
    latest = max([int.from_bytes(look[-8:], "big"), *(_at_s(each) for each in below)])
    return now[:-8] == look[:-8] and _at_s(seen) <= latest + DATE_SLACK_S


def _at_s(seen: SeenProduct) -> int:
    return 0 if seen.modified_at is None else int(seen.modified_at.timestamp())


# -- fields -----------------------------------------------------------------------------------------------------------


def _is(name: str, wanted: object, item: ShopItem) -> bool:
    stands = _stands(name, item)
    if name in ("text", "short_text"):
        return _plain(str(wanted)) == _plain(str(stands))
    if name == "categories":
        return isinstance(wanted, tuple) and set(wanted) == {each.category_id for each in item.categories}
    if name == "choices":
        return isinstance(wanted, tuple) and _has_choices(wanted, item.choices)
    if name == "weight":
        return (wanted or None) == (item.weight or None)
    return wanted == stands


def _stands(name: str, item: ShopItem) -> object:
    return item.categories if name == "categories" else getattr(item, name)


def _has_choices(wanted: Sequence[Choice], there: Sequence[Choice]) -> bool:
    """Options beside ours are the merchant's and stay."""
    known = {fold(each.name): {fold(option) for option in each.options} for each in there}
    return all({fold(option) for option in each.options} <= known.get(fold(each.name), set()) for each in wanted) and {
        fold(each.name) for each in wanted
    } <= set(known)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        value = "; ".join(_part(each) for each in value)
    text = _plain(str(value))
    return text if len(text) <= SHOWN_CHARS else text[: SHOWN_CHARS - 1] + "…"


def _part(value: object) -> str:
    if isinstance(value, Choice):
        return f"{value.name}: {', '.join(value.options)}"
    return str(getattr(value, "name", value))
