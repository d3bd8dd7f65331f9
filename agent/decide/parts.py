"""What an order is made of, part by part, so that a later reading can tell where something has changed."""

from __future__ import annotations

from decimal import Decimal
from hashlib import blake2b

import msgspec

from agent.model.aftermath import Content
from agent.model.money import ZERO, in_ore
from agent.model.order import LineKind, ShopOrder

_ENCODER = msgspec.msgpack.Encoder()


def goods_of(order: ShopOrder) -> dict[int, Decimal] | None:
    """Pieces by product, the variation's id where there is one. None where a product has been deleted since: such an
    order no longer says which it was."""
    pieces: dict[int, Decimal] = {}
    for line in order.lines:
        if line.kind is not LineKind.PRODUCT:
            continue
        product_id = line.variation_id or line.product_id
        if not product_id:
            return None
        pieces[product_id] = pieces.get(product_id, ZERO) + line.quantity
    return pieces


def content_of(order: ShopOrder) -> Content:
    """Article numbers and the names of tax rates are left out of the rows: the shop shows a product's present number on
    old orders too (orders_update[44]). Amounts are taken with two decimals."""
    rows = [
        (
            line.line_id,
            line.kind.value,
            line.name,
            str(line.quantity.normalize()),
            in_ore(line.total),
            in_ore(line.tax_total),
            in_ore(line.subtotal),
            (line.product_id, line.variation_id, line.method),
        )
        for line in order.lines
    ]
    cards = [(card.code, in_ore(card.amount)) for card in order.gift_cards]
    meta = sorted(item for item in order.meta.items() if not item[0].startswith("_"))
    people = sorted(item for item in order.meta.items() if item[0].startswith(("_billing_", "_shipping_")))
    return Content(
        rows=_digest((order.currency, in_ore(order.total), in_ore(order.total_tax), rows, cards)),
        addresses=_digest((msgspec.structs.astuple(order.billing), msgspec.structs.astuple(order.shipping), people)),
        texts=_digest(
            (
                order.number,
                order.customer_note,
                (order.payment_method, order.payment_title),
                [coupon.code for coupon in order.coupons],
                meta,
            )
        ),
        status=order.status,
    )


def changed_parts(was: Content, now: Content) -> tuple[str, ...]:
    """The parts in which two readings of an order differ, in the order in which people ask."""
    return tuple(part for part in ("status", "rows", "addresses", "texts") if getattr(was, part) != getattr(now, part))


def _digest(value: object) -> str:
    return blake2b(_ENCODER.encode(value), digest_size=8).hexdigest()
