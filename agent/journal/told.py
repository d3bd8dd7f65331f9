"""How far a shop's plugins have been told of documents that stand in Mamut."""

from __future__ import annotations

import apsw

from agent.journal import records
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Frozen
from agent.plugins.records import DocumentSent


class Sent(Frozen, frozen=True):
    """A document with the event of its order's story that tells of it."""

    event_id: int
    order_id: ShopOrderId
    document: DocumentSent


def mark(tx: apsw.Connection, shop: ShopKey) -> int | None:
    """The last event that has been told; None before anybody wanted to be told."""
    kept = records.value(tx, _key(shop))
    return int(kept) if kept else None


def keep_mark(tx: apsw.Connection, shop: ShopKey, event_id: int) -> None:
    records.set_value(tx, _key(shop), str(event_id))


def begin(tx: apsw.Connection, shop: ShopKey) -> None:
    """What stands already is not told of."""
    keep_mark(tx, shop, newest(tx))


def newest(tx: apsw.Connection) -> int:
    """The newest event of all."""
    row = tx.execute("SELECT max(event_id) FROM events").fetchone()
    return int(row[0] or 0) if row else 0


def untold(tx: apsw.Connection, shop: ShopKey, after: int, limit: int) -> list[Sent]:
    """The oldest first, of the events after this one. Orders whose row is gone by now are left out."""
    rows = tx.execute(
        "SELECT e.event_id, o.order_id, o.number, o.external_no, o.mamut_order_no, coalesce(o.mamut_total_ore, 0),"
        " o.currency, o.custid, e.kind = 'adopted' FROM events e JOIN orders o USING (shop, order_id)"
        " WHERE e.event_id > ? AND e.shop = ? AND e.kind IN ('transferred', 'adopted')"
        " AND o.mamut_order_no IS NOT NULL ORDER BY e.event_id LIMIT ?",
        (after, shop, limit),
    )
    return [
        Sent(
            event_id=event_id,
            order_id=ShopOrderId(order_id),
            document=DocumentSent(
                order_id=order_id,
                number=number or str(order_id),
                external_no=external_no,
                mamut_order_no=mamut_order_no,
                total_ore=total_ore,
                currency=currency,
                customer_no=custid,
                adopted=bool(adopted),
            ),
        )
        for event_id, order_id, number, external_no, mamut_order_no, total_ore, currency, custid, adopted in rows
    ]


def _key(shop: ShopKey) -> str:
    return f"plugins_told/{shop}"
