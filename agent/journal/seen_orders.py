"""What of the orders' rows a listing is compared with: a third of each, since a listing is long and mostly known."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import starmap

import apsw
import msgspec

from agent.model.ids import ShopKey, ShopOrderId


class SeenRow(msgspec.Struct, frozen=True):
    """Seconds of the shop's clock and öre, as in `orders.OrderRow`."""

    order_id: ShopOrderId
    order_key: str
    status: str
    created_at: int
    modified_at: int
    read_at: int | None
    read_modified_at: int | None
    total_ore: int
    state: str
    reason: str


_COLUMNS = ", ".join(SeenRow.__struct_fields__)
_AMONG = f"SELECT {_COLUMNS} FROM orders WHERE shop = ? AND order_id IN (SELECT value FROM json_each(?))"  # noqa: S608 - a constant list of columns


def among(tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[ShopOrderId]) -> dict[ShopOrderId, SeenRow]:
    """Those of them that are known, by id."""
    rows = tx.execute(_AMONG, (shop, str([int(order_id) for order_id in order_ids])))
    return {row.order_id: row for row in starmap(SeenRow, rows)}
