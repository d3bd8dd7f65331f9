"""What the demo counts, live and at the end: the agent's word from its journal, the truth from both systems."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import apsw

from agent.decide.external import external_no
from agent.journal import sums
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import to_ore
from agent.model.order import Frozen
from agent.model.reasons import OrderState, Reason
from scenarios.demo_doors import MamutDocument, ShopGlance


class Told(Frozen, frozen=True):
    """What the agent's journal says of the shop. `under_way` counts what is still to be read or done."""

    seen: int = 0
    states: dict[str, int] = {}
    reasons: dict[str, int] = {}
    marked: int = 0
    under_way: int = 0
    adds_up: bool = True
    troubles: tuple[str, ...] = ()

    def count(self, state: OrderState) -> int:
        return self.states.get(state.value, 0)

    @property
    def settled(self) -> int:
        """Orders that nothing more is done about now."""
        return self.seen - self.count(OrderState.WAITING)

    def is_settled(self, placed: int) -> bool:
        """Every order is transferred and marked, held, excluded or dead."""
        return self.seen >= placed and self.settled == self.seen and not self.under_way


class Truth(Frozen, frozen=True):
    """What both systems hold, told by themselves.

    `difference_ore` sums, over the orders that have a document in Mamut, how far their totals are apart; `twice` are
    orders with more than one living document, `strangers` documents of no order.
    """

    shop_orders: int = 0
    mamut_orders: int = 0
    matched: int = 0
    difference_ore: int = 0
    twice: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()


def told(journal: Path) -> Told:
    """Looks without touching: the agent may be just making the file."""
    if not journal.exists():
        return Told()
    try:
        tx = apsw.Connection(str(journal), flags=apsw.SQLITE_OPEN_READONLY)
    except apsw.CantOpenError:
        return Told()
    tx.set_busy_timeout(5_000)
    try:
        return _told(tx)
    except apsw.SQLError:
        return Told()  # The tables are not there yet.
    finally:
        tx.close()


def _told(tx: apsw.Connection) -> Told:
    with tx:  # One moment for all figures.
        account = sums.account(tx)
        marked, unread = tx.execute("SELECT total(marked), total(to_read) FROM orders").fetchone() or (0, 0)
        commands = tx.execute("SELECT count(*) FROM commands").fetchone() or (0,)
        ill = list(
            tx.execute("SELECT actor, fault, problem FROM health WHERE state IN ('paused', 'parked') ORDER BY 1")
        )
    reasons: dict[str, int] = {}
    for shop in account.shops:
        for code, count in shop.reasons.items():
            reasons[code] = reasons.get(code, 0) + count
    return Told(
        seen=account.seen,
        states=account.states,
        reasons=reasons,
        marked=int(marked),
        under_way=int(unread) + int(commands[0]),
        adds_up=account.holds,
        troubles=tuple(" ".join(str(part) for part in row if part) for row in ill),
    )


def truth(key: ShopKey, orders: Sequence[ShopGlance], documents: Sequence[MamutDocument]) -> Truth:
    """Compares the two systems, each order with its documents by the external number."""
    wanted = {str(external_no(key, ShopOrderId(order.id), order.number)): order for order in orders}
    living: dict[str, list[MamutDocument]] = {}
    for document in documents:
        if not document.dead:
            living.setdefault(document.external_no, []).append(document)
    matched = [name for name in wanted if name in living]
    return Truth(
        shop_orders=len(orders),
        mamut_orders=sum(len(found) for found in living.values()),
        matched=len(matched),
        difference_ore=sum(_difference_ore(wanted[name], living[name]) for name in matched),
        twice=tuple(name for name in matched if len(living[name]) > 1),
        strangers=tuple(name for name in living if name not in wanted),
    )


def _difference_ore(order: ShopGlance, documents: Sequence[MamutDocument]) -> int:
    """One document more than one, or in another currency, differs by all of its amount."""
    first, *more = documents
    same = first.currency == order.currency
    apart = abs(first.total - order.total) if same else abs(first.total) + abs(order.total)
    return to_ore(apart + sum((abs(document.total) for document in more), Decimal(0)))


def held_names(reasons: dict[str, int]) -> dict[str, int]:
    """The reasons of orders that are not transferred, by code."""
    return {code: count for code, count in sorted(reasons.items()) if Reason(code).state is not OrderState.WAITING}
