"""One WooCommerce shop's products whole, as they become articles: the ItemsPort.

A list of products has no variations in it, and a change of a variation moves the date of its product
(products_modified[52]): so products are listed by their date, and then the variations of each that has moved.
"""

from __future__ import annotations

import re
from html import unescape

import msgspec

from agent.model.goods import Choice, ProductKind
from agent.model.shop_item import ItemCategory, ItemSeen, ShopItem
from agent.remote.pace import Lane
from agent.remote.ports import ItemsPage, ItemsQuery
from agent.remote.trouble import Trouble, TroubleKind
from agent.remote.woocommerce.ask import Api, broken_json, decoded, gmt, json_of, total_of
from agent.remote.woocommerce.shapes_goods import ITEM_FIELDS, WireItem, WireItemAttribute, WireTerm
from agent.remote.woocommerce.values import BrokenContractError, amount, items, moment, plain, text_of, whole

PRODUCTS = "/wc/v3/products"

PAGE = 100

PAGES_MAX = 50
"""Pages of one product's variations; WooCommerce itself makes no more than a few hundred of them."""

_KINDS = {kind.value: kind for kind in ProductKind}
_BREAK = re.compile(r"(?i)<(?:br\s*/?|/p|/div|/li|/h[1-6]|/tr)>")
_DROPPED = re.compile(r"(?is)<(script|style)\b.*?</\1>|<!--.*?-->")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


class ItemCalls:
    """`unit_meta` is the meta field in which the shop keeps the unit; empty when it keeps none."""

    def __init__(self, api: Api, unit_meta: str) -> None:
        self._items_api = api
        self._items_unit = unit_meta

    async def list_items(self, query: ItemsQuery) -> ItemsPage:
        """A page of products. Times go without zone and with `dates_are_gmt`, as for orders (products_list[77])."""
        params = {
            "status": "any",
            "orderby": "id",
            "order": "asc",
            "per_page": str(query.limit),
            "offset": str(query.offset),
            "_fields": ITEM_FIELDS,
        }
        if query.modified_after is not None:
            params |= {"modified_after": gmt(query.modified_after), "dates_are_gmt": "true"}
        if query.product_ids:
            params["include"] = ",".join(map(str, query.product_ids))
        asked = self._items_api.now()
        answer = await self._items_api.get(PRODUCTS, params, lane=Lane.GOODS)
        with broken_json():
            rows = msgspec.json.decode(json_of(answer), type=list[msgspec.Raw])
        read: list[ItemSeen] = []
        unreadable: list[str] = []
        for raw in rows:
            try:
                read.append(item_seen(msgspec.json.decode(raw, type=WireItem), self._items_unit))
            except (msgspec.ValidationError, BrokenContractError) as error:
                unreadable.append(f"{_id_of(raw)}: {error}")
        return ItemsPage(
            items=tuple(read),
            asked_at=self._items_api.its_time(answer, asked),
            rows=len(rows),
            total=total_of(answer),
            unreadable=tuple(unreadable),
        )

    async def list_item_ids(self, offset: int, limit: int = PAGE) -> tuple[tuple[int, ...], int | None]:
        params = {
            "status": "any",
            "orderby": "id",
            "order": "asc",
            "per_page": str(limit),
            "offset": str(offset),
            "_fields": "id",
        }
        answer = await self._items_api.get(PRODUCTS, params, lane=Lane.GOODS)
        return tuple(wire.id for wire in decoded(answer, list[WireTerm])), total_of(answer)

    async def list_item_variations(self, parent_id: int) -> tuple[ItemSeen, ...]:
        """Raises Trouble GARBLED when one of them breaks the contract: half a product is none."""
        found: dict[int, ItemSeen] = {}
        path = f"{PRODUCTS}/{parent_id}/variations"
        for page in range(PAGES_MAX):
            params = {
                "status": "any",
                "orderby": "id",
                "order": "asc",
                "per_page": str(PAGE),
                # Each page reaches one row back, so that one that leaves meanwhile takes no other along.
                "offset": str(page * (PAGE - 1)),
                "_fields": ITEM_FIELDS,
            }
            wires = decoded(await self._items_api.get(path, params, lane=Lane.GOODS), list[WireItem])
            try:
                seen = [item_seen(wire, self._items_unit, parent_id) for wire in wires]
            except BrokenContractError as error:
                raise Trouble(TroubleKind.GARBLED, "answer_shape", detail=str(error)) from error
            found.update((each.item.product_id, each) for each in seen)
            if len(wires) < PAGE:
                break
        return tuple(found[product_id] for product_id in sorted(found))


def item_seen(wire: WireItem, unit_meta: str, parent_id: int = 0) -> ItemSeen:
    """`parent_id` is that of a list of variations. Raises BrokenContractError."""
    kind = ProductKind.VARIATION if parent_id else _KINDS.get(text_of(wire.type), ProductKind.OTHER)
    unit = next((meta.value for meta in items(wire.meta_data) if unit_meta and meta.key == unit_meta), "")
    item = ShopItem(
        product_id=wire.id,
        parent_id=(parent_id or whole(wire.parent_id)) if kind is ProductKind.VARIATION else 0,
        kind=kind,
        kind_word=text_of(wire.type) or kind.value,
        status=text_of(wire.status),
        sku=plain(wire.sku),
        name=plain(wire.name),
        text=readable(text_of(wire.description)),
        short_text=readable(text_of(wire.short_description)),
        regular=amount(text_of(wire.regular_price), "regular_price") if text_of(wire.regular_price) else None,
        tax_class="" if text_of(wire.tax_class) == "standard" else text_of(wire.tax_class),
        taxed=text_of(wire.tax_status) != "none",
        weight=amount(text_of(wire.weight), "weight") if text_of(wire.weight) else None,
        gtin=text_of(wire.global_unique_id),
        unit=text_of(unit),
        goods=text_of(wire.virtual) in ("", "0"),
        categories=tuple(ItemCategory(whole(each.id), plain(each.name)) for each in items(wire.categories)),
        choices=tuple(_choice(each, kind) for each in items(wire.attributes or []) if _is_of(each, kind)),
    )
    return ItemSeen(
        item=item, modified_at=moment(wire.date_modified_gmt), variations=tuple(sorted(items(wire.variations)))
    )


def readable(markup: str) -> str:
    """A text for people without the shop's markup: paragraphs and list items become rows."""
    if "<" in markup:
        markup = _TAG.sub("", _BREAK.sub("\n", _DROPPED.sub("", markup)))
    return unescape(markup).strip() if "&" in markup else markup.strip()


def _is_of(wire: WireItemAttribute, kind: ProductKind) -> bool:
    """Attributes that a variable product does not vary by are for people to read, and no part of the article."""
    return kind is ProductKind.VARIATION or (kind is ProductKind.VARIABLE and text_of(wire.variation) not in ("", "0"))


def _choice(wire: WireItemAttribute, kind: ProductKind) -> Choice:
    if kind is ProductKind.VARIATION:
        own = plain(wire.option)
        return Choice(name=plain(wire.name), options=(own,) if own else (), attribute_id=whole(wire.id))
    return Choice(
        name=plain(wire.name), options=tuple(map(plain, items(wire.options or []))), attribute_id=whole(wire.id)
    )


def _id_of(raw: msgspec.Raw) -> int:
    try:
        return msgspec.json.decode(raw, type=WireTerm).id
    except msgspec.ValidationError:
        return 0
