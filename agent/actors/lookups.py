"""One order looked up in both systems for a person who waits: as they have it now, and nothing of it is kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import trio

from agent.actors.desk import Desk
from agent.actors.wishes_orders import Standing, look
from agent.messages import Wanted
from agent.model.ids import ContactNo, MamutOrderNo, ShopKey, ShopOrderId
from agent.model.mamut import Contact, Document
from agent.model.order import ShopOrder
from agent.remote.ports import RecordPort
from agent.remote.trouble import Trouble, TroubleKind

LONGEST_S = 10.0
"""So long a person waits; then the system is as good as not there."""

T = TypeVar("T")


class Lookups:
    """`port_of` gives the port of a shop that is at work and recognised, None for any other."""

    def __init__(self, port_of: Callable[[ShopKey], RecordPort | None], desk: Desk) -> None:
        self._port_of = port_of
        self._desk = desk

    async def order(self, shop: ShopKey, order_id: ShopOrderId) -> ShopOrder | None:
        """The order as it is read; None when the shop does not have it, or not in a form that can be read. Raises
        Trouble, as all of these do."""
        port = self._port(shop)
        seen = await _within(lambda: port.read_orders((order_id,), "looked_up"))
        return seen.orders[0] if seen.orders else None

    async def record(self, shop: ShopKey, order_id: ShopOrderId) -> bytes | None:
        """The order's record in JSON, as the shop gives it."""
        port = self._port(shop)
        return await _within(lambda: port.order_record(order_id))

    async def document(self, order_no: int) -> Document | None:
        return await _within(lambda: self._desk.ask(lambda mamut: mamut.document(MamutOrderNo(order_no))))

    async def standing(self, old: int | None, new: int) -> Standing:
        """The document that an order has, and the one that it might have."""
        return await _within(lambda: self._desk.ask(look(old, new)))

    async def contacts(self, custids: tuple[int, ...]) -> tuple[Contact, ...]:
        wanted = Wanted(custids=tuple(ContactNo(custid) for custid in custids))
        facts = await _within(lambda: self._desk.ask(lambda mamut: mamut.facts(wanted)))
        return facts.contacts

    def _port(self, shop: ShopKey) -> RecordPort:
        port = self._port_of(shop)
        if port is None:
            raise Trouble(TroubleKind.NOT_NOW, "shop_not_at_work")
        return port


async def _within(ask: Callable[[], Awaitable[T]]) -> T:
    with trio.move_on_after(LONGEST_S):
        return await ask()
    raise Trouble(TroubleKind.NOT_NOW, "no_answer_in_time")
