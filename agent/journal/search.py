"""Orders found by whatever a person has in hand: a number of either system, an address, a payment, an article.

Each look is by an index. An e-mail address is only compared with keyed digests (`order_keys`).
"""

from __future__ import annotations

import apsw

from agent.journal import order_keys, reports
from agent.journal.order_keys import Kind
from agent.journal.orders import OrderRow
from agent.model.ids import ShopKey
from agent.model.order import Frozen

NUMBER = "number"

_BY = {Kind.EMAIL: "email", Kind.PAYMENT: "payment", Kind.ARTICLE: "article"}


class Found(Frozen, frozen=True):
    """`by` is what it was found by: number, email, payment or article; empty when nothing was."""

    by: str
    orders: tuple[OrderRow, ...]


def find(tx: apsw.Connection, text: str, shop: ShopKey | None = None, limit: int = 50) -> Found:
    """A number means an order before anything else; of the rest the newest come first."""
    text = text.strip()
    if not text:
        return Found(by="", orders=())
    numbers = [*reports.find(tx, text, shop), *reports.find(tx, f"{reports.MAMUT_PREFIX}{text}", shop)]
    if numbers:
        unique = {(row.shop, row.order_id): row for row in numbers}
        return Found(by=NUMBER, orders=tuple(unique.values()))
    kinds = (Kind.EMAIL,) if "@" in text else (Kind.PAYMENT, Kind.ARTICLE)
    for kind in kinds:
        rows = order_keys.find(tx, kind, text, shop, limit)
        if rows:
            return Found(by=_BY[kind], orders=tuple(rows))
    return Found(by="", orders=())


def is_incomplete(tx: apsw.Connection) -> bool:
    """Whether orders from before there were keys are still being gone through."""
    row = tx.execute(
        "SELECT 1 FROM notes WHERE key > 'order_keys_below/' AND key < 'order_keys_below0' LIMIT 1"
    ).fetchone()
    return row is not None
