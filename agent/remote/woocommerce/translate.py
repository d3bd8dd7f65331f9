"""WooCommerce's shapes into the model's words. Pure: bytes or shapes in, values out.

One order that breaks the contract never costs the others of its page: it comes back as an UnreadableOrder, which says
what was wrong and where without repeating what stood there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import blake2b
from html import unescape
from typing import Any, TypeVar

import msgspec

from agent.messages import UnreadableOrder
from agent.model.ids import MamutOrderNo, ShopKey, ShopOrderId
from agent.model.money import ZERO
from agent.model.order import (
    Address,
    Coupon,
    GiftCard,
    LineKind,
    OrderLine,
    OrderSight,
    Refund,
    ShopOrder,
    TaxPart,
)
from agent.remote.woocommerce import shapes

MARK_META = "_brygga_mamut_order_no"
"""The meta a write-back of ours leaves on the shop's order."""

OWN_META_PREFIX = "_brygga_"
META_MAX_CHARS = 500
"""A longer meta text is some plugin's own record and nothing a merchant would map; it is left behind."""

_AMOUNT_LIMIT = Decimal(10) ** 12
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_T = TypeVar("_T")
_HASHED = msgspec.msgpack.Encoder()


class BrokenContractError(Exception):
    """A field is not what WooCommerce promises. The text names the field, never its content."""


def read_order_page(body: bytes, shop: ShopKey) -> tuple[tuple[ShopOrder, ...], tuple[UnreadableOrder, ...]]:
    """A page of whole orders: those that could be read, and what was wrong with the others.

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
        _sort(_translated(wire, shop), orders, broken)
    return tuple(orders), tuple(broken)


def read_order(body: bytes | msgspec.Raw, shop: ShopKey) -> ShopOrder | UnreadableOrder:
    """One order, from its own address or an element of a batch. Raises msgspec.DecodeError when it is no JSON."""
    if isinstance(body, bytes):
        body = _without_mark(body)
    try:
        wire = shapes.ORDER.decode(body)
    except msgspec.ValidationError as error:
        return UnreadableOrder(order_id=_id_of(body), problem=str(error))
    return _translated(wire, shop)


def read_sight_page(body: bytes) -> tuple[tuple[OrderSight, ...], tuple[str, ...], int]:
    """A page of a listing with SIGHT_FIELDS: the sights, what was wrong with the other rows, and how many rows there
    were, for knowing the last page. Raises msgspec.DecodeError when the body is no JSON list."""
    body = _without_mark(body)
    sights: list[OrderSight] = []
    broken: list[UnreadableOrder] = []
    elements = shapes.ELEMENTS.decode(body)
    for element in elements:
        try:
            wire = shapes.SIGHT.decode(element)
        except msgspec.ValidationError as error:
            broken.append(UnreadableOrder(order_id=_id_of(element), problem=str(error)))
        else:
            _sort(_sight(wire), sights, broken)
    return tuple(sights), tuple(f"{row.order_id}: {row.problem}" for row in broken), len(elements)


def order(wire: shapes.WireOrder, shop: ShopKey) -> ShopOrder:
    """Raises BrokenContractError."""
    created, modified = _times(wire.date_created_gmt, wire.date_modified_gmt)
    meta = _meta(wire.meta_data)
    rates = {_int(line.rate_id): _rate(line) for line in _items(wire.tax_lines)}
    lines = tuple(_lines(wire, rates))
    made = ShopOrder(
        shop=shop,
        order_id=ShopOrderId(wire.id),
        number=_text(wire.number).lstrip("#").strip() or str(wire.id),
        order_key=_text(wire.order_key),
        status=wire.status.removeprefix("wc-"),
        currency=wire.currency.strip().upper(),
        created_at=created,
        modified_at=modified,
        paid_at=_time(wire.date_paid_gmt),
        total=_checked(wire.total, "total"),
        total_tax=_checked(wire.total_tax, "total_tax"),
        prices_include_tax=wire.prices_include_tax,
        billing=_address(wire.billing),
        shipping=_address(wire.shipping),
        customer_id=_int(wire.customer_id),
        payment_method=_text(wire.payment_method),
        payment_title=_plain(wire.payment_method_title),
        transaction_id=_text(wire.transaction_id),
        customer_note=_text(wire.customer_note),
        lines=lines,
        coupons=tuple(_coupon(line) for line in _items(wire.coupon_lines)),
        gift_cards=_gift_cards(wire),
        refunds=tuple(_refund(line) for line in _items(wire.refunds)),
        vat_exempt=meta.get("is_vat_exempt", "").lower() in ("yes", "1", "true"),
        meta=meta,
        mamut_order_no=_mamut_order_no(meta),
    )
    # Still ours alone: the hash is of the whole, so it can only be put in last.
    msgspec.structs.force_setattr(made, "content_hash", content_hash(made))
    return made


def content_hash(made: ShopOrder) -> str:
    """Sixteen hex digits over what a merchant would call the order's content.

    Amounts are taken with two decimals, so that the same order asked for with another `dp` is the same. Meta counts
    unless its key begins with an underscore (plugins keep their time stamps there), but the address fields that
    checkout plugins add do count.
    """
    content = (
        made.number,
        made.order_key,
        made.status,
        made.currency,
        _cents(made.total),
        _cents(made.total_tax),
        msgspec.structs.astuple(made.billing),
        msgspec.structs.astuple(made.shipping),
        made.customer_id,
        (made.payment_method, made.payment_title, made.transaction_id, made.customer_note, made.vat_exempt),
        [
            (
                line.kind.value,
                line.name,
                str(line.quantity.normalize()),
                _cents(line.total),
                _cents(line.tax_total),
                _cents(line.subtotal),
                [(part.rate_id, str(part.percent), _cents(part.amount)) for part in line.taxes],
                (line.article_no, line.product_id, line.variation_id, line.method),
            )
            for line in made.lines
        ],
        [(coupon.code, _cents(coupon.discount)) for coupon in made.coupons],
        [(card.code, _cents(card.amount)) for card in made.gift_cards],
        [(refund.refund_id, _cents(refund.amount), refund.reason) for refund in made.refunds],
        sorted(item for item in made.meta.items() if _is_content(item[0])),
    )
    return blake2b(_HASHED.encode(content), digest_size=8).hexdigest()


# -- pages ----------------------------------------------------------------------------------------------------------


def _without_mark(body: bytes) -> bytes:
    """A plugin file saved with a byte order mark puts it before every answer of the shop."""
    return body.removeprefix(b"\xef\xbb\xbf")


def _sort(value: _T | UnreadableOrder, good: list[_T], broken: list[UnreadableOrder]) -> None:
    if isinstance(value, UnreadableOrder):
        broken.append(value)
    else:
        good.append(value)


def _translated(wire: shapes.WireOrder, shop: ShopKey) -> ShopOrder | UnreadableOrder:
    try:
        return order(wire, shop)
    except BrokenContractError as error:
        return UnreadableOrder(order_id=ShopOrderId(wire.id), problem=str(error))


def _sight(wire: shapes.WireSight) -> OrderSight | UnreadableOrder:
    try:
        created, modified = _times(wire.date_created_gmt, wire.date_modified_gmt)
    except BrokenContractError as error:
        return UnreadableOrder(order_id=ShopOrderId(wire.id), problem=str(error))
    return OrderSight(
        order_id=ShopOrderId(wire.id),
        status=wire.status.removeprefix("wc-"),
        modified_at=modified,
        created_at=created,
        number=_text(wire.number).lstrip("#").strip() or str(wire.id),
        order_key=_text(wire.order_key),
        total=_loose(wire.total),
        currency=_text(wire.currency).upper(),
    )


def _id_of(body: bytes | msgspec.Raw) -> ShopOrderId:
    try:
        return ShopOrderId(shapes.ID.decode(body).id)
    except msgspec.ValidationError:
        return ShopOrderId(0)


# -- parts of an order ----------------------------------------------------------------------------------------------


def _lines(wire: shapes.WireOrder, rates: dict[int, tuple[Decimal | None, str]]) -> Iterable[OrderLine]:
    for at, item in enumerate(_items(wire.line_items)):
        where = f"line_items[{at}]"
        total = _checked(item.total, where)
        yield OrderLine(
            line_id=_int(item.id),
            kind=LineKind.PRODUCT,
            name=_line_name(item),
            quantity=_checked(item.quantity, f"{where}.quantity"),
            total=total,
            tax_total=_amount(item.total_tax, where),
            subtotal=total if item.subtotal in (None, "") else _amount(item.subtotal, where),
            taxes=_taxes(item.taxes, rates, where),
            article_no=_text(item.sku),
            product_id=_int(item.product_id),
            variation_id=_int(item.variation_id),
        )
    for at, way in enumerate(_items(wire.shipping_lines)):
        where = f"shipping_lines[{at}]"
        total = _amount(way.total, where)
        yield OrderLine(
            line_id=_int(way.id),
            kind=LineKind.SHIPPING,
            name=_plain(way.method_title),
            quantity=Decimal(1),
            total=total,
            tax_total=_amount(way.total_tax, where),
            subtotal=total,
            taxes=_taxes(way.taxes, rates, where),
            method=_text(way.method_id),
        )
    for at, fee in enumerate(_items(wire.fee_lines)):
        where = f"fee_lines[{at}]"
        total = _amount(fee.total, where)
        yield OrderLine(
            line_id=_int(fee.id),
            kind=LineKind.FEE,
            name=_plain(fee.name),
            quantity=Decimal(1),
            total=total,
            tax_total=_amount(fee.total_tax, where),
            subtotal=total,
            taxes=_taxes(fee.taxes, rates, where),
        )


def _taxes(
    taxes: list[shapes.WireTax] | dict[str, shapes.WireTax], rates: dict[int, tuple[Decimal | None, str]], where: str
) -> tuple[TaxPart, ...]:
    parts = []
    for tax in _items(taxes):
        if tax.total in ("", None):
            continue
        rate_id = _int(tax.id)
        percent, country = rates.get(rate_id, (None, ""))
        parts.append(
            TaxPart(rate_id=rate_id, percent=percent, amount=_amount(tax.total, f"{where}.taxes"), country=country)
        )
    return tuple(parts)


def _rate(line: shapes.WireTaxLine) -> tuple[Decimal | None, str]:
    code = _text(line.rate_code).partition("-")[0]
    country = code.upper() if len(code) == 2 and code.isalpha() else ""
    try:
        percent = Decimal(_text(line.rate_percent).rstrip("% "))
    except InvalidOperation:
        return None, country
    return (percent if percent.is_finite() else None), country


def _line_name(item: shapes.WireLine) -> str:
    """The name and, for what the customer chose and the name does not say already, "Färg: Röd"."""
    name = _plain(item.name)
    for meta in _items(item.meta_data):
        shown = meta.display_value if meta.display_value is not None else meta.value
        key = _text(meta.key)
        if not key or key.startswith("_") or not isinstance(shown, str | int) or isinstance(shown, bool):
            continue
        value = _plain(shown)
        if value and value.casefold() not in name.casefold():
            name = f"{name}, {_plain(meta.display_key) or key}: {value}"
    return name


def _address(wire: shapes.WireAddress | list[Any] | None) -> Address:
    if not isinstance(wire, shapes.WireAddress):
        return Address()
    return Address(
        first_name=_text(wire.first_name),
        last_name=_text(wire.last_name),
        company=_text(wire.company),
        street=_text(wire.address_1),
        street_2=_text(wire.address_2),
        postcode=_text(wire.postcode),
        city=_text(wire.city),
        state=_text(wire.state),
        country=_text(wire.country).upper(),
        email=_text(wire.email),
        phone=_text(wire.phone),
    )


def _coupon(line: shapes.WireCoupon) -> Coupon:
    """Its discount is told in texts only, never summed, so a strange one does not stop the order."""
    return Coupon(code=_plain(line.code), discount=_loose(line.discount), discount_tax=_loose(line.discount_tax))


def _refund(line: shapes.WireRefund) -> Refund:
    """ "-" is what WooCommerce makes of a refund without an amount: nothing went back."""
    total = ZERO if line.total == "-" else _amount(line.total, "refunds")
    return Refund(refund_id=_int(line.id), amount=abs(total), reason=_text(line.reason))


def _gift_cards(wire: shapes.WireOrder) -> tuple[GiftCard, ...]:
    """Of the three plugins that lower an order's total without a line saying so.

    YITH keeps {code: amount} in the order's meta, and says in another when it has put a fee on the order instead.
    """
    cards = [
        GiftCard(code=_text(card.code), amount=abs(_amount(card.amount, "gift_cards")))
        for card in _items(wire.gift_cards or [])
    ]
    cards += [
        GiftCard(code=_text(card.card_number), amount=abs(_amount(card.amount, "pw_gift_card_lines")))
        for card in _items(wire.pw_gift_card_lines or [])
    ]
    as_fee = False
    for meta in _items(wire.meta_data):
        if meta.key == "_ywgc_applied_gift_cards" and isinstance(meta.value, dict):
            cards += [
                GiftCard(code=str(code), amount=abs(_amount(amount, "_ywgc_applied_gift_cards")))
                for code, amount in meta.value.items()
            ]
        elif meta.key == "ywgc_gift_card_updated_as_fee" and meta.value not in (None, False, "", "0", 0):
            as_fee = True
    return () if as_fee else tuple(card for card in cards if card.amount)


def _meta(items: list[shapes.WireMeta] | dict[str, shapes.WireMeta]) -> dict[str, str]:
    meta = {}
    for item in _items(items):
        value = item.value
        if isinstance(value, str | int | float) and isinstance(item.key, str):
            text = _text(value)
            if len(text) <= META_MAX_CHARS:
                meta[item.key] = text
    return meta


def _is_content(key: str) -> bool:
    return not key.startswith("_") or key.startswith(("_billing_", "_shipping_"))


def _mamut_order_no(meta: dict[str, str]) -> MamutOrderNo | None:
    text = meta.get(MARK_META, "")
    return MamutOrderNo(int(text)) if text.isascii() and text.isdigit() else None


# -- single values --------------------------------------------------------------------------------------------------


def _items(value: list[_T] | dict[str, _T]) -> Iterable[_T]:
    return value.values() if isinstance(value, dict) else value


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def _plain(value: Any) -> str:
    """WooCommerce stores names with entities (`&amp;`, products_simple[78]) and plugins with markup."""
    text = _text(value)
    if "<" in text:
        text = _TAG.sub("", text)
    if "&" in text:
        text = unescape(text)
    return text.strip()


def _int(value: int | str | None) -> int:
    if isinstance(value, int):
        return value
    return int(value) if value and value.isascii() and value.isdigit() else 0


def _checked(amount: Decimal, where: str) -> Decimal:
    if not amount.is_finite() or abs(amount) >= _AMOUNT_LIMIT:
        raise BrokenContractError(f"Expected an amount - at `{where}`")
    return amount


def _amount(value: Any, where: str) -> Decimal:
    """Nothing at all is nothing; anything else must be a decimal."""
    if value is None or value == "":
        return ZERO
    try:
        return _checked(Decimal(str(value).strip()), where)
    except InvalidOperation:
        raise BrokenContractError(f"Expected an amount - at `{where}`") from None


def _loose(value: Any) -> Decimal:
    try:
        return _amount(value, "")
    except BrokenContractError:
        return ZERO


def _cents(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _times(created: str | None, modified: str | None) -> tuple[datetime, datetime]:
    """Either stands in for the other: a draft has no date of creation in some versions, and imports lack the other."""
    created_at = _time(created)
    modified_at = _time(modified)
    first = created_at or modified_at
    if first is None:
        raise BrokenContractError("Expected a date - at `date_created_gmt`")
    return first, modified_at or first


def _time(value: str | None) -> datetime | None:
    """UTC without a zone, by the shop's clock. What is no date ("", "0000-00-00T00:00:00") is none."""
    if not value:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
