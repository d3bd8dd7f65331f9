"""How many of an order's pieces Mamut's figure of stock surely knows of.

What a document stands for is known from the moment at which it was made or changed; Mamut's figure knows of it once the
stock has been read after that. Whatever the shop's order has gained since is sold and not in the figure, so it counts.
"""

from __future__ import annotations

from decimal import Decimal

import apsw

from agent.journal import aftermath
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import ZERO
from agent.model.order import Frozen

EXCLUDED = "excluded"
TRANSFERRED = "transferred"


class Standing(Frozen, frozen=True):
    """An order in Mamut. `since_ms` is when its document was last made or changed by us, by our clock; None where it
    has none. `goods` are the pieces that the document stands for, by the shop's product (the variation where there is
    one); None where nobody knows what its order was then."""

    excluded: bool = False
    since_ms: int | None = None
    goods: dict[int, Decimal] | None = None

    def booked(self, product_id: int, qty: Decimal, before: Decimal | None, known_ms: int | None) -> Decimal:
        """Of `qty` pieces sold those that a figure knows of whose reading began at `known_ms`. `before` is what was
        last said of the same row; None where it is new.

        Until the figure is newer than the document nothing is added to what was known before.
        """
        if self.since_ms is None:
            return ZERO
        if self.since_ms >= (known_ms or 0):
            return min(qty, before or ZERO)
        if self.goods is not None:
            return min(qty, self.goods.get(product_id, ZERO))
        return min(qty, before) if before else qty


NOWHERE = Standing()


def of(tx: apsw.Connection, shop: ShopKey, order_id: int) -> Standing:
    row = tx.execute(
        "SELECT o.state, o.transferred_ms, b.body FROM orders o"
        " LEFT JOIN booked b ON b.shop = o.shop AND b.order_id = o.order_id WHERE o.shop = ? AND o.order_id = ?",
        (shop, order_id),
    ).fetchone()
    return NOWHERE if row is None else made(str(row[0]), row[1], row[2])


def made(state: str, transferred_ms: int | None, body: object) -> Standing:
    """From the columns of the order and the body of what was booked of it."""
    if state == EXCLUDED:
        return Standing(excluded=True)
    if state != TRANSFERRED or transferred_ms is None:
        return NOWHERE
    booked = aftermath.unpack_booked(body)
    if booked is None:
        return Standing(since_ms=transferred_ms)
    return Standing(since_ms=max(transferred_ms, booked.at_ms), goods=booked.goods)


def lower(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, goods: dict[int, Decimal] | None) -> None:
    """A document has been changed and may stand for less of a product than before: at once so much less is known,
    whatever has been read of stock."""
    if goods is None:
        return
    rows = tx.execute(
        "SELECT product_id, sku, booked FROM sold WHERE shop = ? AND order_id = ? AND booked <> '0'", (shop, order_id)
    ).fetchall()
    for product_id, sku, booked in rows:
        left = goods.get(int(str(product_id)), ZERO)
        if left < Decimal(str(booked)):
            tx.execute(
                "UPDATE sold SET booked = ?, counts = 1 WHERE shop = ? AND order_id = ? AND product_id = ? AND sku = ?",
                (str(left), shop, order_id, product_id, sku),
            )
