"""What pages about one order share: the order, what both systems have of it now, and that somebody was shown it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from agent.actors.lookups import Lookups
from agent.admin.visit import Visit
from agent.journal import orders
from agent.journal.orders import OrderRow
from agent.model.ids import ShopKey, ShopOrderId
from agent.remote.trouble import Trouble

T = TypeVar("T")

SHOWN = "personal_shown"
"""The act of having been shown what tells about a person."""


def order_of(visit: Visit) -> OrderRow | None:
    shop, order_id = ShopKey(visit.path("shop")), ShopOrderId(visit.number("order_id"))
    return visit.view(lambda tx: orders.get(tx, shop, order_id))


async def ask(visit: Visit, what: Callable[[Lookups], Awaitable[T]]) -> tuple[T | None, str]:
    """What was asked for, or in words why it could not be had."""
    lookups = visit.admin.lookups()
    if lookups is None:
        return None, visit.text("lookup.no_agent")
    try:
        return await what(lookups), ""
    except Trouble as trouble:
        key = f"lookup.{trouble.problem}"
        return None, visit.text(key) if key in visit.text else visit.text("lookup.trouble", problem=trouble.problem)


async def note_shown(visit: Visit, row: OrderRow) -> None:
    """Before anything is shown: whoever asks for what tells about a person is on record."""
    await visit.act(SHOWN, lambda _tx: True, shop=row.shop, order_id=int(row.order_id))
