"""An order's content in sixteen hex digits: what has to be the same for nothing to have happened."""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from agent.model.money import in_ore
from agent.model.order import ShopOrder

_HASHED = msgspec.msgpack.Encoder()


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
        in_ore(made.total),
        in_ore(made.total_tax),
        msgspec.structs.astuple(made.billing),
        msgspec.structs.astuple(made.shipping),
        made.customer_id,
        (made.payment_method, made.payment_title, made.transaction_id, made.customer_note, made.vat_exempt),
        [
            (
                line.kind,
                line.name,
                str(line.quantity.normalize()),
                in_ore(line.total),
                in_ore(line.tax_total),
                in_ore(line.subtotal),
                [(part.rate_id, str(part.percent), in_ore(part.amount)) for part in line.taxes],
                (line.article_no, line.product_id, line.variation_id, line.method),
            )
            for line in made.lines
        ],
        [(coupon.code, in_ore(coupon.discount)) for coupon in made.coupons],
        [(card.code, in_ore(card.amount)) for card in made.gift_cards],
        [(refund.refund_id, in_ore(refund.amount), refund.reason) for refund in made.refunds],
        sorted(item for item in made.meta.items() if _is_content(item[0])),
    )
    return blake2b(_HASHED.encode(content), digest_size=8).hexdigest()


def _is_content(key: str) -> bool:
    return not key.startswith("_") or key.startswith(("_billing_", "_shipping_"))
