"""WooCommerce's shapes into the model's words. Pure: bytes or shapes in, values out.

One order that breaks the contract never costs the others of its page: it comes back as an UnreadableOrder, which says
what was wrong and where without repeating what stood there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from agent.messages import UnreadableOrder
from agent.model.ids import MamutOrderNo, ShopKey, ShopOrderId
from agent.model.money import ZERO
from agent.model.order import (
    Address,
    Coupon,
    GiftCard,
    OrderSight,
    Refund,
    ShopOrder,
)
from agent.remote.woocommerce import shapes
from agent.remote.woocommerce.content import content_hash
from agent.remote.woocommerce.rows import rates_of, rows
from agent.remote.woocommerce.values import (
    BrokenContractError,
    amount,
    checked,
    items,
    loose,
    moment,
    plain,
    text_of,
    whole,
)

MARK_META = "_brygga_mamut_order_no"
"""The meta a write-back of ours leaves on the shop's order."""

META_MAX_CHARS = 500
"""A longer meta text is some plugin's own record and nothing a merchant would map; it is left behind."""

_T = TypeVar("_T")


def read_order_page(
    body: bytes, shop: ShopKey, keep: Callable[[shapes.WireOrder, str], None] | None = None
) -> tuple[tuple[ShopOrder, ...], tuple[UnreadableOrder, ...]]:
    """A page of whole orders: those that could be read, and what was wrong with the others. `keep` is shown each that
    could be read, with its content's hash.

    Raises msgspec.DecodeError when the body is no JSON list, as when a host answers in HTML.
    """
    body = _without_mark(body)
    orders: list[ShopOrder] = []
    broken: list[UnreadableOrder] = []
    try:
        wires = shapes.ORDERS.decode(body)
    except msgspec.ValidationError:
        for element in shapes.ELEMENTS.decode(body):
            _sort(read_order(element, shop), orders, broken)
        return tuple(orders), tuple(broken)
    for wire in wires:
        made = translated(wire, shop)
        _sort(made, orders, broken)
        if keep is not None and isinstance(made, ShopOrder):
            keep(wire, made.content_hash)
    return tuple(orders), tuple(broken)


def read_order(body: bytes | msgspec.Raw, shop: ShopKey) -> ShopOrder | UnreadableOrder:
    """One order, from its own address or an element of a batch. Raises msgspec.DecodeError when it is no JSON."""
    if isinstance(body, bytes):
        body = _without_mark(body)
    try:
        wire = shapes.ORDER.decode(body)
    except msgspec.ValidationError as error:
        return UnreadableOrder(order_id=_id_of(body), problem=str(error))
    return translated(wire, shop)


def with_records(body: bytes, orders: tuple[ShopOrder, ...]) -> tuple[ShopOrder, ...]:
    """The orders of a page, each with its own record as the shop gave it."""
    records = {_id_of(element): bytes(element) for element in shapes.ELEMENTS.decode(_without_mark(body))}
    return tuple(msgspec.structs.replace(order, raw=records.get(order.order_id, b"")) for order in orders)


def read_sight_page(body: bytes) -> tuple[tuple[OrderSight, ...], tuple[str, ...], int]:
    """A page of a listing with SIGHT_FIELDS: the sights, what was wrong with the other rows, and how many rows there
    were, for knowing the last page. Raises msgspec.DecodeError when the body is no JSON list."""
    body = _without_mark(body)
    sights: list[OrderSight] = []
    broken: list[UnreadableOrder] = []
    try:
        wires = shapes.SIGHTS.decode(body)
    except msgspec.ValidationError:
        for element in shapes.ELEMENTS.decode(body):
            _sort(_read_sight(element), sights, broken)
    else:
        for wire in wires:
            _sort(_sight(wire), sights, broken)
    return tuple(sights), tuple(f"{row.order_id}: {row.problem}" for row in broken), len(sights) + len(broken)


def order(wire: shapes.WireOrder, shop: ShopKey) -> ShopOrder:
    """Raises BrokenContractError."""
    created, modified = times_of(wire)
    meta = _meta(wire.meta_data)
    made = ShopOrder(
        shop=shop,
        order_id=ShopOrderId(wire.id),
        number=text_of(wire.number).lstrip("#").strip() or str(wire.id),
        order_key=text_of(wire.order_key),
        status=status_of(wire),
        currency=wire.currency.strip().upper(),
        created_at=created,
        modified_at=modified,
        paid_at=moment(wire.date_paid_gmt),
        total=checked(wire.total, "total"),
        total_tax=checked(wire.total_tax, "total_tax"),
        prices_include_tax=wire.prices_include_tax,
        billing=_address(wire.billing),
        shipping=_address(wire.shipping),
        customer_id=whole(wire.customer_id),
        payment_method=text_of(wire.payment_method),
        payment_title=plain(wire.payment_method_title),
        transaction_id=text_of(wire.transaction_id),
        customer_note=text_of(wire.customer_note),
        lines=tuple(rows(wire, rates_of(wire))),
        coupons=tuple(map(_coupon, items(wire.coupon_lines))),
        gift_cards=_gift_cards(wire),
        refunds=tuple(map(_refund, items(wire.refunds))),
        vat_exempt=meta.get("is_vat_exempt", "").lower() in ("yes", "1", "true"),
        meta=meta,
        mamut_order_no=_mamut_order_no(meta),
    )
    # Still ours alone: the hash is of the whole, so it can only be put in last.
    msgspec.structs.force_setattr(made, "content_hash", content_hash(made))
    return made


# -- pages ----------------------------------------------------------------------------------------------------------


def _without_mark(body: bytes) -> bytes:
    """A plugin file saved with a byte order mark puts it before every answer of the shop."""
    return body.removeprefix(b"\xef\xbb\xbf")


def _sort(value: _T | UnreadableOrder, good: list[_T], broken: list[UnreadableOrder]) -> None:
    if isinstance(value, UnreadableOrder):
        broken.append(value)
    else:
        good.append(value)


def translated(wire: shapes.WireOrder, shop: ShopKey) -> ShopOrder | UnreadableOrder:
    """The order, or what is wrong with it."""
    try:
        return order(wire, shop)
    except BrokenContractError as error:
        return UnreadableOrder(order_id=ShopOrderId(wire.id), problem=str(error))


def _read_sight(element: msgspec.Raw) -> OrderSight | UnreadableOrder:
    try:
        return _sight(shapes.SIGHT.decode(element))
    except msgspec.ValidationError as error:
        return UnreadableOrder(order_id=_id_of(element), problem=str(error))


def _sight(wire: shapes.WireSight) -> OrderSight | UnreadableOrder:
    try:
        created, modified = times_of(wire)
    except BrokenContractError as error:
        return UnreadableOrder(order_id=ShopOrderId(wire.id), problem=str(error))
    return OrderSight(
        order_id=ShopOrderId(wire.id),
        status=status_of(wire),
        modified_at=modified,
        created_at=created,
        number=text_of(wire.number).lstrip("#").strip() or str(wire.id),
        order_key=text_of(wire.order_key),
        total=loose(wire.total),
        currency=text_of(wire.currency).upper(),
    )


def _id_of(body: bytes | msgspec.Raw) -> ShopOrderId:
    try:
        return ShopOrderId(shapes.ID.decode(body).id)
    except msgspec.ValidationError:
        return ShopOrderId(0)


# -- parts of an order ----------------------------------------------------------------------------------------------


def _address(wire: shapes.WireAddress | list[Any] | None) -> Address:
    if not isinstance(wire, shapes.WireAddress):
        return Address()
    return Address(
        first_name=text_of(wire.first_name),
        last_name=text_of(wire.last_name),
        company=text_of(wire.company),
        street=text_of(wire.address_1),
        street_2=text_of(wire.address_2),
        postcode=text_of(wire.postcode),
        city=text_of(wire.city),
        state=text_of(wire.state),
        country=text_of(wire.country).upper(),
        email=text_of(wire.email),
        phone=text_of(wire.phone),
    )


def _coupon(line: shapes.WireCoupon) -> Coupon:
    """Its discount is told in texts only, never summed, so a strange one does not stop the order."""
    return Coupon(code=plain(line.code), discount=loose(line.discount), discount_tax=loose(line.discount_tax))


def _refund(line: shapes.WireRefund) -> Refund:
    """ "-" is what WooCommerce makes of a refund without an amount: nothing went back."""
    total = ZERO if line.total == "-" else amount(line.total, "refunds")
    return Refund(refund_id=whole(line.id), amount=abs(total), reason=text_of(line.reason))


def _gift_cards(wire: shapes.WireOrder) -> tuple[GiftCard, ...]:
    """Of the three plugins that lower an order's total without a line saying so.

    YITH keeps {code: amount} in the order's meta, and says in another when it has put a fee on the order instead.
    """
    cards = [
        GiftCard(code=text_of(card.code), amount=abs(amount(card.amount, "gift_cards")))
        for card in items(wire.gift_cards or [])
    ]
    cards += [
        GiftCard(code=text_of(card.card_number), amount=abs(amount(card.amount, "pw_gift_card_lines")))
        for card in items(wire.pw_gift_card_lines or [])
    ]
    as_fee = False
    for meta in items(wire.meta_data):
        if meta.key == "_ywgc_applied_gift_cards" and isinstance(meta.value, dict):
            cards += [
                GiftCard(code=str(code), amount=abs(amount(taken, "_ywgc_applied_gift_cards")))
                for code, taken in meta.value.items()
            ]
        elif meta.key == "ywgc_gift_card_updated_as_fee" and meta.value not in (None, False, "", "0", 0):
            as_fee = True
    return () if as_fee else tuple(card for card in cards if card.amount)


def _meta(metas: list[shapes.WireMeta] | dict[str, shapes.WireMeta]) -> dict[str, str]:
    meta = {}
    for item in items(metas):
        value = item.value
        if isinstance(value, str | int | float) and isinstance(item.key, str):
            text = text_of(value)
            if len(text) <= META_MAX_CHARS:
                meta[item.key] = text
    return meta


def _mamut_order_no(meta: dict[str, str]) -> MamutOrderNo | None:
    text = meta.get(MARK_META, "")
    return MamutOrderNo(int(text)) if text.isascii() and text.isdigit() else None


def status_of(wire: shapes.WireOrder | shapes.WireSight) -> str:
    return wire.status.removeprefix("wc-")


def times_of(wire: shapes.WireOrder | shapes.WireSight) -> tuple[datetime, datetime]:
    """When it was made and last changed. Either stands in for the other: a draft has no date of creation in some
    versions, and imports lack the other. Raises BrokenContractError."""
    created_at = moment(wire.date_created_gmt)
    modified_at = moment(wire.date_modified_gmt)
    first = created_at or modified_at
    if first is None:
        raise BrokenContractError("Expected a date - at `date_created_gmt`")
    return first, modified_at or first
