"""Products, sales and orders' states between WooCommerce's shapes and the model's words. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from agent.model.goods import (
    Choice,
    NoteSeen,
    ProductKind,
    ProductWrite,
    Sale,
    SaleLine,
    SeenProduct,
    ShopPrice,
    ShopProduct,
    ShopStock,
    ShownOrder,
)
from agent.model.money import ZERO
from agent.remote.woocommerce.shapes import WireMeta
from agent.remote.woocommerce.shapes_goods import (
    PRODUCT_FIELDS,
    WireAttribute,
    WireNote,
    WireProduct,
    WireSale,
    WireSaleLine,
    WireShown,
)
from agent.remote.woocommerce.values import BrokenContractError, amount, items, loose, moment, plain, text_of, whole

Row = dict[str, Any]
"""An element of a batch as it is sent."""

TAKEN_META = "_reduced_stock"
"""Where WooCommerce keeps, on an order's row, what it took from the product's stock (orders_create[3])."""

_KINDS = {kind.value: kind for kind in ProductKind}


# -- reading --------------------------------------------------------------------------------------------------------


def seen_product(wire: WireProduct, parent_id: int = 0) -> SeenProduct:
    """`parent_id` is that of a list of variations, whose elements name neither kind nor parent in older versions."""
    kind = ProductKind.VARIATION if parent_id else _KINDS.get(text_of(wire.type), ProductKind.OTHER)
    managed = wire.manage_stock is True
    return SeenProduct(
        product_id=whole(wire.id),
        parent_id=(parent_id or whole(wire.parent_id)) if kind is ProductKind.VARIATION else 0,
        kind=kind,
        sku=text_of(wire.sku),
        name=plain(wire.name),
        status=text_of(wire.status),
        managed=managed,
        stock_quantity=int(loose(wire.stock_quantity)) if managed else None,
        word=text_of(wire.stock_status),
        regular=_price(wire.regular_price),
        sale=_price(wire.sale_price),
        modified_at=moment(wire.date_modified_gmt),
        choices=tuple(map(_choice, items(wire.attributes or []))) if kind is ProductKind.VARIABLE else (),
    )


def _choice(wire: WireAttribute) -> Choice:
    return Choice(
        name=plain(wire.name),
        options=tuple(map(plain, items(wire.options or []))),
        attribute_id=whole(wire.id),
        varies=_is_set(wire.variation),
        visible=_is_set(wire.visible),
    )


def _is_set(value: Any) -> bool:
    """true, 1 and "1" are the same to PHP."""
    return text_of(value) not in ("", "0")


def _price(value: Any) -> Decimal | None:
    """Empty where there is none, and "" of what a word became (products_simple[5])."""
    return loose(value) if text_of(value) else None


def sale(wire: WireSale) -> Sale:
    """Raises BrokenContractError."""
    created = moment(wire.date_created_gmt)
    modified = moment(wire.date_modified_gmt)
    first = created or modified
    if first is None:
        raise BrokenContractError("Expected a date - at `date_created_gmt`")
    return Sale(
        order_id=wire.id,
        status=text_of(wire.status).removeprefix("wc-"),
        created_at=first,
        modified_at=modified or first,
        lines=tuple(_sale_line(line) for line in items(wire.line_items)),
    )


def _sale_line(wire: WireSaleLine) -> SaleLine:
    taken = next((meta.value for meta in items(wire.meta_data) if meta.key == TAKEN_META), None)
    return SaleLine(
        product_id=whole(wire.product_id),
        variation_id=whole(wire.variation_id),
        sku=text_of(wire.sku),
        qty=amount(wire.quantity, "line_items.quantity"),
        taken=None if taken is None else loose(taken),
    )


def shown_order(wire: WireShown, keys: frozenset[str]) -> ShownOrder:
    """Raises BrokenContractError."""
    created = moment(wire.date_created_gmt) or moment(wire.date_modified_gmt)
    if created is None:
        raise BrokenContractError("Expected a date - at `date_created_gmt`")
    if not text_of(wire.total):
        raise BrokenContractError("Expected an amount - at `total`")
    back = [text_of(refund.total) for refund in items(wire.refunds)]
    return ShownOrder(
        order_id=wire.id,
        status=text_of(wire.status).removeprefix("wc-"),
        total=amount(wire.total, "total"),
        # "-" is what WooCommerce makes of a refund without an amount (orders_refunds_notes[9]).
        refunded=sum((abs(amount(total, "refunds")) for total in back if total != "-"), ZERO),
        currency=text_of(wire.currency).upper(),
        payment_method=text_of(wire.payment_method),
        transaction_id=text_of(wire.transaction_id),
        created_at=created,
        paid_at=moment(wire.date_paid_gmt),
        modified_at=moment(wire.date_modified_gmt) or created,
        meta={text_of(meta.key): _meta_text(meta) for meta in items(wire.meta_data) if meta.key in keys},
    )


def _meta_text(meta: WireMeta) -> str:
    """A list or an object stays what it is, as JSON: that it is there can be what matters."""
    if isinstance(meta.value, list | dict):
        return msgspec.json.encode(meta.value).decode()
    return text_of(meta.value)


def note_seen(wire: WireNote) -> NoteSeen:
    """The text is as it was written: notes keep their markup (orders_refunds_notes[44])."""
    return NoteSeen(
        note_id=wire.id,
        text=text_of(wire.note),
        to_customer=wire.customer_note,
        at=moment(wire.date_created_gmt),
    )


# -- writing --------------------------------------------------------------------------------------------------------


def product_row(write: ProductWrite, unit_meta: str) -> Row:
    """An element of products/batch or variations/batch.

    A field that is None is not sent; the kind only when the product is made, since another one would delete its
    variations for good (variations[71]).
    """
    product = write.product
    row: Row = {"id": write.product_id} if write.product_id else {}
    if product.kind is not ProductKind.VARIATION:
        if not write.product_id:
            row["type"] = product.kind.value
        row["_fields"] = PRODUCT_FIELDS
    _put_texts(row, product)
    if product.categories is not None:
        row["categories"] = [{"id": category_id} for category_id in product.categories]
    if product.choices is not None:
        row["attributes"] = _attributes(product, product.choices)
    metas: list[Row] = []
    if product.unit is not None and unit_meta:
        metas.append(_meta_row(unit_meta, product.unit))
    if product.price is not None:
        row.update(_price_fields(product.price))
    metas += [_meta_row(key, value) for key, value in product.lists or ()]
    metas += [_meta_row(key, value) for key, value in (product.meta or {}).items()]
    if product.stock is not None:
        row.update(_stock_fields(product.stock, product))
    if metas:
        row["meta_data"] = metas
    return row


def _put_texts(row: Row, product: ShopProduct) -> None:
    fields = {
        "sku": product.sku,
        "name": product.name,
        "description": product.text,
        "short_description": product.short_text,
        "weight": None if product.weight is None else (_decimal(product.weight) if product.weight else ""),
        "global_unique_id": product.gtin,
        "tax_class": product.tax_class,
        "status": product.status,
    }
    row.update((name, value) for name, value in fields.items() if value is not None)


def _attributes(product: ShopProduct, choices: tuple[Choice, ...]) -> list[Row]:
    """All that the product is to have: what is sent takes the place of all that was there. Options that no product has
    had yet are made with it (variations[1])."""
    if product.kind is ProductKind.VARIATION:
        return [{**_named(choice), "option": choice.options[0]} for choice in choices]
    return [
        {
            **_named(choice),
            "options": list(choice.options),
            "position": position,
            "visible": choice.visible,
            "variation": choice.varies,
        }
        for position, choice in enumerate(choices)
    ]


def _named(choice: Choice) -> Row:
    return {"id": choice.attribute_id} if choice.attribute_id else {"name": choice.name}


def _price_fields(price: ShopPrice) -> Row:
    fields = {"regular_price": _money(price.regular)}
    if price.sale_kept:
        return fields
    fields["sale_price"] = _money(price.sale)
    # null would leave a day as it is, "" empties it (products_simple[38], [39]); a bare day as the end would be its
    # first second (products_simple[36]).
    fields["date_on_sale_from"] = _day(price.sale_from, "00:00:00")
    fields["date_on_sale_to"] = _day(price.sale_to, "23:59:59")
    return fields


def _stock_fields(stock: ShopStock, product: ShopProduct) -> Row:
    """Where the shop counts, its word follows from the quantity (products_simple[45]); where it does not, a quantity is
    ignored (products_simple[42])."""
    fields: Row = {"manage_stock": stock.managed}
    if stock.managed:
        fields["stock_quantity"] = stock.quantity
        fields["backorders"] = stock.backorders
    else:
        fields["stock_status"] = stock.word.value
    if stock.hidden is not None:
        if product.kind is not ProductKind.VARIATION:
            fields["catalog_visibility"] = "hidden" if stock.hidden else "visible"
        elif product.status is None:  # A variation has no visibility of its own; a private one is not offered.
            fields["status"] = "private" if stock.hidden else "publish"
    return fields


def _meta_row(key: str, value: str) -> Row:
    """The same key is updated in place, null takes it away (products_simple[117], [121])."""
    return {"key": key, "value": value or None}


def _money(value: Decimal | None) -> str:
    return "" if value is None else _decimal(value)


def _decimal(value: Decimal) -> str:
    return format(value, "f")


def _day(day: date | None, time: str) -> str:
    """The shop's own time, without a zone (products_simple[36])."""
    return "" if day is None else f"{day.isoformat()}T{time}"


def same_sku(one: str, other: str) -> bool:
    """Case and outer spaces do not matter to the shop (products_simple[19])."""
    return one.strip().casefold() == other.strip().casefold()
