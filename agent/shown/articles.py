"""An article on both sides, field by field, with whose word counts: for the command line and the admin."""

from __future__ import annotations

from decimal import Decimal

import apsw
import msgspec

from agent.flows import NUMBERS
from agent.journal import article_links, items, records
from agent.journal.reports_goods import ArticleReport, LinkReport
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.owners import OwnedField, System, owner
from agent.model.shop_item import ShopItem
from agent.model.words import Language, Words, words
from agent.settings.tree import ShopSettings
from agent.shown.stock import believed_text, figure

FIELDS: dict[OwnedField, Words] = {
    OwnedField.NUMBER: words("Nummer", "Number"),
    OwnedField.NAME: words("Namn", "Name"),
    OwnedField.TEXT: words("Text", "Text"),
    OwnedField.UNIT: words("Enhet", "Unit"),
    OwnedField.WEIGHT: words("Vikt", "Weight"),
    OwnedField.GTIN: words("GTIN", "GTIN"),
    OwnedField.VAT: words("Moms", "VAT"),
    OwnedField.GROUP: words("Grupp, kategori", "Group, category"),
    OwnedField.VARIANTS: words("Variant", "Variant"),
    OwnedField.ACTIVE: words("Till salu", "For sale"),
    OwnedField.PRICE: words("Pris", "Price"),
    OwnedField.STOCK: words("Saldo", "Stock"),
}

SYSTEMS = {System.SHOP: words("butiken", "the shop"), System.MAMUT: words("Mamut", "Mamut")}

COMPARED = frozenset({OwnedField.NUMBER, OwnedField.NAME, OwnedField.GTIN, OwnedField.UNIT})
"""What stands in the same words on both sides where it is equal."""

LONGEST = 120


class SeenItem(Frozen, frozen=True):
    """A product as the shop had it whole, and when (ours)."""

    item: ShopItem
    at_ms: int


class FieldRow(Frozen, frozen=True):
    """One field on both sides. `owner` is empty where neither carries it to the other. A side that is not known is
    None; `differs` is None where the two cannot be compared word by word."""

    field: OwnedField
    label: str
    mamut: str | None
    shop: str | None
    owner: str
    differs: bool | None


_seen = msgspec.json.Decoder(SeenItem)


def keep_seen(tx: apsw.Connection, shop: ShopKey, item: ShopItem, now_ms: int) -> None:
    """The last product that somebody has had looked at; one for each shop."""
    records.set_value(tx, f"seen_item/{shop}", msgspec.json.encode(SeenItem(item=item, at_ms=now_ms)).decode())


def seen_item(tx: apsw.Connection, shop: ShopKey, product_id: int) -> SeenItem | None:
    """The product as a person had it looked at, or as a governing shop's products are read."""
    text = records.value(tx, f"seen_item/{shop}")
    looked = _seen.decode(text) if text else None
    if looked is not None and looked.item.product_id == product_id:
        return looked
    kept = items.item(tx, shop, product_id)
    if kept is None:
        return None
    row = tx.execute("SELECT read_ms FROM shop_items WHERE shop = ? AND product_id = ?", (shop, product_id)).fetchone()
    return SeenItem(item=kept, at_ms=int(row[0]) if row else 0)


def product_of(tx: apsw.Connection, shop: ShopKey, report: ArticleReport) -> tuple[int, int, LinkReport | None]:
    """Which product of the shop the article is, with its parent (0 for none), and the link that Mamut's directions
    have. 0 when the shop has none."""
    link = next((each for each in report.links if each.shop == shop), None)
    if link is not None:
        return link.product_id, link.parent_id, link
    bonds = article_links.bonds(tx, (report.card.pk,)).get(report.card.pk, [])
    product_id = next((bond.product_id for bond in bonds if bond.shop == shop), 0)
    item = items.item(tx, shop, product_id) if product_id else None
    return product_id, 0 if item is None else item.parent_id, None


def rows(
    report: ArticleReport, shop: ShopSettings, link: LinkReport | None, seen: SeenItem | None, language: Language
) -> list[FieldRow]:
    """Both sides. Of a product that was not read whole only what was last written is known."""
    mamut, theirs = _mamut(report, language), _shop(link, seen, language)
    return [
        FieldRow(
            field=field,
            label=label.in_(language),
            mamut=mamut.get(field),
            shop=theirs.get(field),
            owner=_owner(shop, field, language),
            differs=_differs(field, mamut.get(field), theirs.get(field)),
        )
        for field, label in FIELDS.items()
        if mamut.get(field) is not None or theirs.get(field) is not None
    ]


def _owner(shop: ShopSettings, field: OwnedField, language: Language) -> str:
    whose = owner(shop.flow, field) if shop.flow in NUMBERS else None
    return "" if whose is None else SYSTEMS[whose].in_(language)


def _differs(field: OwnedField, mamut: str | None, theirs: str | None) -> bool | None:
    if field not in COMPARED or mamut is None or theirs is None:
        return None
    return mamut.strip().casefold() != theirs.strip().casefold()


def _mamut(report: ArticleReport, language: Language) -> dict[OwnedField, str | None]:
    card = report.card
    variant = card.variant
    group = "" if card.group is None else str(card.group)
    shown: dict[OwnedField, str | None] = {
        OwnedField.NUMBER: card.product_no,
        OwnedField.NAME: card.description,
        OwnedField.TEXT: _short(card.text),
        OwnedField.UNIT: card.unit,
        OwnedField.WEIGHT: figure(card.weight, language),
        OwnedField.GTIN: card.ean,
        OwnedField.VAT: str(card.vat_code),
        OwnedField.GROUP: f"{group}/{card.subgroup}" if card.subgroup is not None else group,
        OwnedField.VARIANTS: None
        if variant is None
        else f"{variant.main}: " + " / ".join(value for value in (variant.property1, variant.property2) if value),
        OwnedField.ACTIVE: _yes(card.web and not card.inactive, language),
    }
    if report.price is not None:
        net = words("utan moms", "without VAT").in_(language)
        shown[OwnedField.PRICE] = f"{figure(report.price.price_out, language)} {net}"
    if report.stock is not None and card.keeps_stock:
        left = sum((level.on_hand - level.reserved for level in report.stock.levels), Decimal(0))
        free = words("tillgängligt", "available").in_(language)
        shown[OwnedField.STOCK] = f"{figure(left, language)} {free}"
    return shown


def _shop(link: LinkReport | None, seen: SeenItem | None, language: Language) -> dict[OwnedField, str | None]:
    shown: dict[OwnedField, str | None] = {}
    if link is not None:
        shown[OwnedField.NUMBER] = link.sku
        if link.price is not None and link.price.regular is not None:
            shown[OwnedField.PRICE] = figure(link.price.regular, language)
        if link.stock is not None:
            shown[OwnedField.STOCK] = believed_text(link.stock, language)
    if seen is not None:
        item = seen.item
        shown |= {
            OwnedField.NUMBER: item.sku,
            OwnedField.NAME: item.name,
            OwnedField.TEXT: _short(item.text),
            OwnedField.UNIT: item.unit,
            OwnedField.WEIGHT: None if item.weight is None else figure(item.weight, language),
            OwnedField.GTIN: item.gtin,
            OwnedField.VAT: item.tax_class or words("normal", "standard").in_(language),
            OwnedField.GROUP: ", ".join(each.name for each in item.categories),
            OwnedField.VARIANTS: ", ".join(f"{each.name}: {' / '.join(each.options)}" for each in item.choices) or None,
            OwnedField.ACTIVE: item.status,
        }
        if item.regular is not None:
            shown[OwnedField.PRICE] = figure(item.regular, language)
    return shown


def _yes(value: bool, language: Language) -> str:
    return (words("ja", "yes") if value else words("nej", "no")).in_(language)


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + "…"
