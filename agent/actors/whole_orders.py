"""Orders read whole, however few of them the shop gives at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from agent.messages import OrdersSeen
from agent.model.ids import ShopOrderId

Read = Callable[[tuple[ShopOrderId, ...], str], Awaitable[OrdersSeen]]


async def read_whole(read: Read, order_ids: tuple[ShopOrderId, ...], source: str) -> OrdersSeen:
    """What an answer leaves out is asked for again until nothing more comes: some hosts give fewer rows than were asked
    for, and an order that is there must not be taken for gone. Raises Trouble."""
    seen = await read(order_ids, source)
    while seen.missing and len(seen.missing) < len(order_ids):
        more = await read(seen.missing, source)
        if len(more.missing) == len(seen.missing):
            break
        seen = msgspec.structs.replace(
            seen,
            orders=seen.orders + more.orders,
            unreadable=seen.unreadable + more.unreadable,
            missing=more.missing,
        )
    return seen
