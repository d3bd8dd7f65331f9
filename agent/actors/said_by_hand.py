"""What people have said of a batch of orders: looked up before they are decided, kept in the step that commits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import apsw
import msgspec

from agent.decide import customers
from agent.decide.corrections import Corrected, corrected
from agent.journal import by_hand
from agent.journal.journal import Journal
from agent.messages import Stop
from agent.model.correction import Correction
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import ShopOrder
from agent.model.reasons import Reason
from agent.settings.tree import CustomerSettings, ShopSettings


class Told:
    """What was known when a batch was decided, for the step that keeps what came of it."""

    def __init__(
        self,
        shop: ShopKey | None = None,
        version: str = "",
        applied: Mapping[ShopOrderId, Corrected] = MappingProxyType({}),
        buyers: Mapping[ShopOrderId, str] = MappingProxyType({}),
    ) -> None:
        self._shop = shop
        self._version = version
        self._applied = applied
        self._buyers = buyers
        self._may_be_matched = True

    def begin(self, tx: apsw.Connection) -> None:
        """Before the first of a batch: where no order waits for its buyer's name, none need be forgotten one by one."""
        if self._shop is not None:
            self._may_be_matched = by_hand.is_any_matched(tx, self._shop)

    def stands(self, tx: apsw.Connection) -> bool:
        """Whether nobody has said anything more since."""
        return self._shop is None or by_hand.version(tx, self._shop) == self._version

    def keep(self, tx: apsw.Connection, order_id: ShopOrderId, now_ms: int) -> None:
        if self._shop is None:
            return
        applied = self._applied.get(order_id)
        if applied is not None and (applied.told or applied.needless):
            by_hand.read_again(tx, self._shop, order_id, applied.told, applied.needless, now_ms)
        if order_id in self._buyers:
            by_hand.note_match(tx, self._shop, order_id, self._buyers[order_id])
        elif self._may_be_matched:
            by_hand.forget_match(tx, self._shop, order_id)

    def as_booked(self, order: ShopOrder) -> ShopOrder:
        """The order as read, with the article numbers by which it is booked: what the shop says later is compared with
        what it said, and its refunds go by the numbers in Mamut."""
        applied = self._applied.get(order.order_id)
        if applied is None or applied.order.lines == order.lines:
            return order
        return _with_articles(order, applied.order)


NOTHING = Told()


class SaidByHand:
    """One batch's. Made before its orders are read, so that what is said while they are decided is seen at the end."""

    def __init__(self, shop: ShopKey, settings: CustomerSettings, journal: Journal) -> None:
        self._shop = shop
        self._settings = settings
        self._journal = journal
        self._version = journal.view(lambda tx: by_hand.version(tx, shop))
        self._corrections: dict[ShopOrderId, tuple[Correction, ...]] | None = None
        self._applied: dict[ShopOrderId, Corrected] = {}
        self._buyers: dict[ShopOrderId, str] = {}

    def corrected(self, order: ShopOrder, batch: Sequence[ShopOrder]) -> tuple[ShopOrder, Stop | None]:
        """The order with what people have put in, or why it stops: the shop has changed the same since."""
        if self._corrections is None:
            ids = [each.order_id for each in batch]
            # Without a word said ever there is nothing to look for.
            self._corrections = (
                self._journal.view(lambda tx: by_hand.corrections_of_many(tx, self._shop, ids)) if self._version else {}
            )
        given = self._corrections.get(order.order_id, ())
        if not given:
            return order, None
        applied = self._applied[order.order_id] = corrected(order, given, self._settings)
        if not applied.overtaken:
            return applied.order, None
        params = {"corrected": ", ".join(applied.overtaken)}
        return applied.order, Stop(reason=Reason.CORRECTION_OVERTAKEN, params=params)

    def chosen(self, batch: Sequence[tuple[ShopOrder, ShopSettings]]) -> dict[ShopOrderId, int]:
        """The customer numbers that people have named for the buyers of these orders, 0 for somebody new."""
        if not self._version or not self._journal.view(lambda tx: by_hand.is_any_chosen(tx, self._shop)):
            return {}
        named = {by_hand.of_order(order.order_id): order.order_id for order, _ in batch}
        buyers = {order.order_id: _buyer(order, shop) for order, shop in batch}
        found = self._journal.view(lambda tx: by_hand.choices(tx, self._shop, {*named, *buyers.values()}))
        chosen = {order_id: found[buyer] for order_id, buyer in buyers.items() if buyer in found}
        return chosen | {order_id: found[name] for name, order_id in named.items() if name in found}

    def in_doubt(self, order: ShopOrder, shop: ShopSettings) -> None:
        """A person has to say who the buyer is; all orders of the same buyer wait for the same word."""
        self._buyers[order.order_id] = _buyer(order, shop)

    def told(self) -> Told:
        return Told(self._shop, self._version, self._applied, self._buyers)


def _buyer(order: ShopOrder, shop: ShopSettings) -> str:
    return customers.buyer(order, shop.customers).ext_id


def _with_articles(order: ShopOrder, booked: ShopOrder) -> ShopOrder:
    numbers = {line.line_id: line.article_no for line in booked.lines}
    lines = tuple(
        msgspec.structs.replace(line, article_no=numbers.get(line.line_id, line.article_no)) for line in order.lines
    )
    return msgspec.structs.replace(order, lines=lines)
