"""Products of a shop and articles of Mamut for tests, short to write."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec

from agent.decide.article_fields import ArticleGround
from agent.decide.articles import Change, ItemFamily, Make, wanted
from agent.decide.products import Hold, fold
from agent.model.goods import ArticleCard, Choice, ProductKind, ShopTerms
from agent.model.said import GoodsReason
from agent.model.shop_item import ArticleFields, ArticleLink, ItemCategory, ShopItem
from agent.settings.tree_to_mamut import ToMamutSettings

TERMS = ShopTerms(
    currency="SEK",
    prices_with_vat=True,
    price_decimals=2,
    weight_unit="kg",
    time_zone="Europe/Stockholm",
    country="SE",
    counts_stock=True,
    tax_rates=(("", Decimal(25)), ("reduced-rate", Decimal(12)), ("zero-rate", Decimal(0))),
)
ITEM = ShopItem(
    product_id=5,
    kind=ProductKind.SIMPLE,
    kind_word="simple",
    status="publish",
    sku="A-1",
    name="Kanna",
    text="En kanna.",
    regular=Decimal("249.90"),
    weight=Decimal("1.25"),
    gtin="7310865004703",
    unit="st",
    categories=(ItemCategory(7, "Hem"),),
)
MAIN = msgspec.structs.replace(
    ITEM,
    product_id=50,
    kind=ProductKind.VARIABLE,
    kind_word="variable",
    sku="T",
    name="Tröja",
    regular=None,
    gtin="",
    choices=(Choice("Färg", ("Röd", "Blå")), Choice("Storlek", ("S",))),
)
RED = msgspec.structs.replace(
    ITEM,
    product_id=51,
    parent_id=50,
    kind=ProductKind.VARIATION,
    kind_word="variation",
    sku="T-1",
    gtin="",
    choices=(Choice("Färg", ("Röd",)), Choice("Storlek", ("S",))),
)
BLUE = msgspec.structs.replace(
    RED, product_id=52, sku="T-2", choices=(Choice("Färg", ("Blå",)), Choice("Storlek", ("S",)))
)
MAIN_LINK = ArticleLink(product_id=50, pk=10, product_no="T", properties=("Färg", "Storlek"))


def ground(flow: int = 1, terms: dict[str, Any] | None = None, **chosen: Any) -> ArticleGround:
    return ArticleGround(
        flow=flow,
        settings=ToMamutSettings(enabled=True, **chosen),
        terms=msgspec.structs.replace(TERMS, **(terms or {})),
        percents={1: Decimal(0), 3: Decimal(25), 4: Decimal(12), 6: Decimal(25)},
        domestic=frozenset({3, 4}),
        home={"25": 3},
        currency="SEK",
        paths={7: ("hem",), 8: ("hem", "kannor")},
    )


def simple(link: ArticleLink | None = None, **changes: Any) -> ItemFamily:
    return ItemFamily(item=msgspec.structs.replace(ITEM, **changes), link=link)


def variation(item: ShopItem = RED, **changes: Any) -> ItemFamily:
    family = ItemFamily(item=item, parent=MAIN, parent_link=MAIN_LINK, siblings=(RED, BLUE))
    return msgspec.structs.replace(family, **changes)


def card(fields: ArticleFields, **changes: Any) -> ArticleCard:
    """The article as Mamut has it after it was made so."""
    made = ArticleCard(
        pk=1,
        product_no=fields.product_no or "",
        description=fields.description or "",
        text=fields.text or "",
        unit=fields.unit or "st",
        weight=fields.weight or Decimal(0),
        ean=fields.ean or "",
        vat_code=fields.vat_code or 0,
        group=fields.group,
        price_out=fields.price_out or Decimal(0),
        web=bool(fields.web),
        variant=fields.variant,
        properties=fields.properties or (),
    )
    return msgspec.structs.replace(made, **changes)


def cards(*found: ArticleCard) -> dict[str, tuple[ArticleCard, ...]]:
    held: dict[str, tuple[ArticleCard, ...]] = {}
    for each in found:
        held[fold(each.product_no)] = (*held.get(fold(each.product_no), ()), each)
    return held


def made(family: ItemFamily, on: ArticleGround | None = None) -> ArticleFields:
    decision = wanted(family, on or ground(), {})
    assert isinstance(decision, Make), decision
    return decision.fields


def linked(family: ItemFamily, on: ArticleGround | None = None, **changes: Any) -> tuple[ItemFamily, ArticleCard]:
    """The same product once its article has been made."""
    decision = wanted(family, on or ground(), {})
    assert isinstance(decision, Make), decision
    held = card(decision.fields, **changes)
    link = ArticleLink(
        product_id=family.item.product_id,
        pk=held.pk,
        product_no=held.product_no,
        made=True,
        properties=held.properties,
        marks=decision.marks,
    )
    return msgspec.structs.replace(family, link=link), held


def edited(family: ItemFamily, **changes: Any) -> ItemFamily:
    return msgspec.structs.replace(family, item=msgspec.structs.replace(family.item, **changes))


def changed(family: ItemFamily, held: ArticleCard, on: ArticleGround | None = None) -> Change:
    decision = wanted(family, on or ground(), cards(held))
    assert isinstance(decision, Change), decision
    return decision


def held_by(decision: object) -> GoodsReason:
    assert isinstance(decision, Hold), decision
    return decision.reason
