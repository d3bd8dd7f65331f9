"""The dry run: the shop's newest orders decided by the agent's own code, by what Mamut holds now. It writes nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal

import msgspec

from agent.actors.order_direction import mappers_of
from agent.actors.readings import payment_mark
from agent.actors.sights import sight_of
from agent.actors.whole_orders import read_whole
from agent.app_ports import hooks_of
from agent.decide import orders as decide_orders
from agent.decide.processing import Prepared, finish, prepare
from agent.messages import Adopt, CreateContact, Decision, MamutFacts, OrdersSeen, Send, Stop, Wanted
from agent.model.mamut import Article
from agent.model.order import Frozen, ShopOrder
from agent.model.proof import MoneyProof
from agent.model.reasons import Reason
from agent.remote.ports import ListQuery, ShopPort
from agent.rules.chain import Chains
from agent.settings.tree import ShopSettings

ORDERS = 20

Facts = Callable[[Wanted], Awaitable[MamutFacts]]
"""What Mamut holds of all that was wanted, its registers with it."""

_NOTHING_RELEASED: frozenset[Reason] = frozenset()


class TriedOrder(Frozen, frozen=True):
    """What would become of one order. One of three: a `document` ("order" or "invoice") would be made, a document
    `stands` already, or it stops for `reason`, a code, with its `params`.

    `customer` is Mamut's word (new, existing, probable, collective); `makes` are articles that would be made first.
    """

    order_id: int
    number: str
    created_at: datetime
    status: str
    total: Decimal
    currency: str
    document: str = ""
    stands: int | None = None
    reason: str = ""
    params: dict[str, str] = {}
    customer: str = ""
    makes: tuple[str, ...] = ()
    notes: int = 0
    proof: MoneyProof | None = None


class Trial(Frozen, frozen=True):
    """The newest first. `unreadable` are orders whose records broke the contract."""

    orders: tuple[TriedOrder, ...]
    unreadable: tuple[int, ...] = ()

    @property
    def oldest(self) -> datetime | None:
        return min((order.created_at for order in self.orders), default=None)


async def read_newest(port: ShopPort, count: int = ORDERS) -> OrdersSeen | None:
    """The orders with the highest numbers, whole; None when the shop has none. Raises Trouble."""
    first = await port.list_orders(ListQuery(limit=1))
    total = first.total if first.total is not None else first.rows
    if not total:
        return None
    listing = await port.list_orders(ListQuery(offset=max(0, total - count), limit=count))
    ids = tuple(sight.order_id for sight in listing.sights)
    return await read_whole(port.read_orders, ids, "trial") if ids else None


async def try_orders(seen: OrdersSeen, shop: ShopSettings, facts: Facts) -> Trial:
    """Where the shop's settings say when to begin, that is left out of it: older orders are as good a trial. Raises
    Trouble when Mamut cannot be asked."""
    shop = msgspec.structs.replace(shop, orders=msgspec.structs.replace(shop.orders, start_at=None))
    chains, mappers, hooks = Chains(shop.processing), mappers_of(shop), hooks_of(shop)
    decisions: dict[int, Decision] = {}
    prepared: list[Prepared] = []
    for order in seen.orders:
        stop = decide_orders.judge_sight(sight_of(order), shop)
        ready = prepare(order, shop, chains, _NOTHING_RELEASED, hooks) if stop is None else None
        stop = stop or (ready.stop if ready is not None else None)
        if stop is not None:
            decisions[int(order.order_id)] = stop
        elif ready is not None:
            prepared.append(ready)
    if prepared:
        held = await facts(decide_orders.merge([decide_orders.wanted(ready.order, ready.shop) for ready in prepared]))
        for ready in prepared:
            decision = decide_orders.decide(ready.order, held, ready.shop, _NOTHING_RELEASED)
            decisions[int(ready.order.order_id)] = finish(
                decision, ready, chains, held.registers, _NOTHING_RELEASED, mappers, hooks
            )
    if shop.orders.hold_repeated_payment:
        _hold_repeated(seen.orders, decisions)
    found = (_tried(order, decisions[int(order.order_id)]) for order in seen.orders)
    return Trial(
        orders=tuple(sorted(found, key=lambda tried: (tried.created_at, tried.order_id), reverse=True)),
        unreadable=tuple(int(row.order_id) for row in seen.unreadable),
    )


def _hold_repeated(orders: tuple[ShopOrder, ...], decisions: dict[int, Decision]) -> None:
    """As the journal does it: the second order of one payment is held."""
    first: dict[str, str] = {}
    for order in sorted(orders, key=lambda order: (order.created_at, order.order_id)):
        payment, decision = payment_mark(order), decisions[int(order.order_id)]
        if payment and isinstance(decision, Send):
            other = first.setdefault(payment, order.number)
            if other != order.number:
                params = {"other": other}
                stop = Stop(reason=Reason.PAYMENT_USED_TWICE, params=params, proof=decision.proof)
                decisions[int(order.order_id)] = stop


def _tried(order: ShopOrder, decision: Decision) -> TriedOrder:
    tried = TriedOrder(
        order_id=int(order.order_id),
        number=order.number,
        created_at=order.created_at,
        status=order.status,
        total=order.total,
        currency=order.currency,
    )
    if isinstance(decision, Adopt):
        return msgspec.structs.replace(tried, stands=int(decision.document.order_no))
    if isinstance(decision, Stop):
        reason, params, proof = decision.reason.value, decision.params, decision.proof
        return msgspec.structs.replace(tried, reason=reason, params=params, proof=proof)
    return msgspec.structs.replace(
        tried,
        document=decision.draft.kind.value,
        customer="new" if isinstance(decision.customer, CreateContact) else decision.customer.word,
        makes=_numbers(decision.create_articles),
        notes=len(decision.notes),
        proof=decision.proof,
    )


def _numbers(articles: tuple[Article, ...]) -> tuple[str, ...]:
    return tuple(article.product_no for article in articles)
