"""The step after orders were read whole and decided: states, commands and stories, in one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import NamedTuple

import apsw

from agent.actors.outcomes import stands
from agent.actors.said_by_hand import NOTHING, Told
from agent.actors.sights import BY_HAND, CREATE, freeze, is_stranger, set_apart, sight_of
from agent.actors.times import to_s
from agent.decide.parts import content_of, goods_of
from agent.journal import aftermath, commands, documents, order_keys, orders, records
from agent.journal.journal import pack
from agent.messages import Adopt, CreateMamutDocument, Decision, DocumentStands, OrdersSeen, Send, Stop
from agent.model.aftermath import Booked
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import to_ore
from agent.model.order import Frozen, ShopOrder
from agent.model.reasons import Fault, OrderState, Reason

RECHECK_S = 3_600
"""How long an order is held before its cause is looked at again, when the cause may go away without us being told."""

MAY_GO_AWAY = frozenset(
    {
        Reason.ARTICLE_UNKNOWN,
        Reason.ARTICLE_INACTIVE,
        Reason.CUSTOMER_AMBIGUOUS,
        Reason.CUSTOMER_NEW,
        Reason.CUSTOMER_INACTIVE,
        Reason.CREDIT_STOP,
        Reason.EXTERNAL_NO_TAKEN,
        Reason.REGISTER_VALUE_MISSING,
    }
)


class Package(Frozen, frozen=True):
    """What the package allows now. `limit` is None where it sets none; `month` is the present one in Sweden; `shops`
    are those that share it."""

    month: str
    limit: int | None
    shops: tuple[str, ...]


def needs_decision(row: orders.OrderRow | None, order: ShopOrder) -> bool:
    """Whether a reading of this order leads to a decision: not when its document stands or a person has decided, nor
    when it is dead and has not changed, since it would only die again."""
    if row is None or row.state == OrderState.TRANSFERRED.value:
        return False
    if row.state == OrderState.DEAD.value and row.content_hash == order.content_hash:
        return False
    return row.reason not in BY_HAND


def payment_mark(order: ShopOrder) -> str:
    """A payment's reference as a short hash: two orders with the same one were paid once (a gateway's race)."""
    if not order.transaction_id:
        return ""
    text = f"{order.payment_method}\0{order.transaction_id}"
    return hashlib.blake2b(text.encode(), digest_size=9).hexdigest()


def commit_readings(
    seen: OrdersSeen,
    decisions: dict[int, Decision],
    *,
    package: Package,
    now_ms: int,
    hold_repeated_payment: bool,
    by_hand: Told = NOTHING,
    payment_meta: tuple[str, ...] = (),
) -> Callable[[apsw.Connection], int]:
    """The step for one batch of readings. `decisions` are by order id, of those that needed one; `by_hand` is what
    people had said when they were decided. Where they have said more since, the orders stay to be read.

    Returns how many documents are to be made.
    """

    def step(tx: apsw.Connection) -> int:
        if records.is_frozen(tx, seen.shop):
            return 0  # What has been read may be another shop's.
        if not by_hand.stands(tx):
            return 0
        order_ids = [order.order_id for order in seen.orders]
        by_hand.begin(tx)
        batch = _Batch(
            seen=seen,
            now_ms=now_ms,
            room=_room(tx, seen.shop, package),
            sent=commands.of_orders(tx, seen.shop, order_ids, CREATE),
            chosen=documents.chosen_among(tx, seen.shop, order_ids),
            hold_repeated_payment=hold_repeated_payment,
            by_hand=by_hand,
            payment_meta=payment_meta,
            first=[],
        )
        made = 0
        strangers = []
        rows = orders.get_many(tx, seen.shop, order_ids)
        each_once = {order.order_id: order for order in seen.orders}
        for order in sorted(each_once.values(), key=lambda order: (order.created_at, order.order_id)):
            row = rows.get(order.order_id)
            if row is None:
                continue
            if is_stranger(row, order):
                if not set_apart(tx, row, sight_of(order), now_ms):
                    strangers.append(str(order.order_id))
                continue
            made += _noted(tx, row, order, decisions.get(int(order.order_id)), batch)
        order_keys.keep_first(tx, batch.first, payment_meta)
        if strangers:
            freeze(tx, seen.shop, Fault.SHOP_RESTORED, ", ".join(strangers[:5]), now_ms)
        _stop_all_unread(tx, seen, now_ms)
        return made

    return step


class _Batch(NamedTuple):
    """What all orders of a batch are noted with. `sent` are the commands to Mamut that there are, by order; `chosen`
    the orders to which a rule has given a status before, `first` becomes those that were never read before."""

    seen: OrdersSeen
    now_ms: int
    room: _Room
    sent: dict[ShopOrderId, commands.Sent]
    chosen: frozenset[ShopOrderId]
    hold_repeated_payment: bool
    by_hand: Told
    payment_meta: tuple[str, ...]
    first: list[ShopOrder]


def _noted(
    tx: apsw.Connection, row: orders.OrderRow, order: ShopOrder, decision: Decision | None, batch: _Batch
) -> bool:
    """What was read and decided of one order; whether its document is to be made now."""
    shop, now_ms, room = row.shop, batch.now_ms, batch.room
    if decision is None or not needs_decision(row, order):
        _keep_reading(tx, row, order, batch)
        return False
    if not _take_back(tx, batch.sent.get(order.order_id)):
        _keep_reading(tx, row, order, batch)
        if row.content_hash != order.content_hash:
            orders.outdate(tx, row.shop, row.order_id)
        return False
    if row.reason in (Reason.QUEUED.value, Reason.RETRY_DUE.value):
        room.give_back(int(order.order_id))
    twice = batch.hold_repeated_payment and Reason.PAYMENT_USED_TWICE not in orders.released_from(row)
    decision = _checked(tx, order, decision, hold_repeated_payment=twice)
    goes = isinstance(decision, Send) and room.take(int(order.order_id))
    _keep_reading(tx, row, order, batch, Reason.QUEUED if goes else None)
    batch.by_hand.keep(tx, order.order_id, now_ms)
    as_booked = batch.by_hand.as_booked(order)
    if not goes or not isinstance(decision, Send):
        _apply(tx, shop, as_booked, decision, now_ms)
        return False
    documents.choose(tx, shop, row.order_id, decision.shop_status, was=row.order_id in batch.chosen)
    _queue(tx, shop, as_booked, decision, now_ms)
    return True


def _take_back(tx: apsw.Connection, command: commands.Sent | None) -> bool:
    """Whether nothing of the order may be on its way to Mamut. A command that surely was not sent is taken back."""
    if command is None:
        return True
    if not command.unsure:
        commands.done(tx, command.key)
    return not command.unsure


def _stop_all_unread(tx: apsw.Connection, seen: OrdersSeen, now_ms: int) -> None:
    for unreadable in seen.unreadable:
        params = {"problem": unreadable.problem}
        _stop_unread(tx, seen.shop, unreadable.order_id, Reason.ORDER_UNREADABLE, now_ms, params)
    for order_id in seen.missing:
        _stop_unread(tx, seen.shop, order_id, Reason.GONE_FROM_SHOP, now_ms, {})


class _Room:
    """For how many orders the package still has room, and for which: None means all."""

    def __init__(self, shop: ShopKey, allowed: set[tuple[str, int]] | None, left: int | None) -> None:
        self._shop = str(shop)
        self.allowed = allowed
        self.left = left

    def take(self, order_id: int) -> bool:
        if self.left is None:
            return True
        if self.left <= 0 or (self.allowed is not None and (self._shop, order_id) not in self.allowed):
            return False
        self.left -= 1
        return True

    def give_back(self, order_id: int) -> None:
        """An order whose command has been taken back has the room that the command had."""
        if self.left is not None:
            self.left += 1
        if self.allowed is not None:
            self.allowed.add((self._shop, order_id))


def _room(tx: apsw.Connection, shop: ShopKey, package: Package) -> _Room:
    left = room_left(tx, package)
    if left is None:
        return _Room(shop, None, None)
    return _Room(shop, _oldest(tx, package, left), left)


def release(tx: apsw.Connection, shop: ShopKey, package: Package) -> int:
    """Has the shop's orders read for which the package has room again; returns how many."""
    left = room_left(tx, package)
    return orders.release_from_limit(tx, shop, None if left is None else _oldest(tx, package, left))


def _oldest(tx: apsw.Connection, package: Package, left: int) -> set[tuple[str, int]] | None:
    """Orders of a frozen shop keep nobody waiting: they go when it is thawed."""
    if not left:
        return set()
    frozen = records.frozen_shops(tx)
    return orders.oldest_for_package(tx, [shop for shop in package.shops if shop not in frozen], left)


def room_left(tx: apsw.Connection, package: Package) -> int | None:
    """How many more documents the package allows this month, those under way counted; None without a limit."""
    if package.limit is None:
        return None
    taken = records.used(tx, package.month) + commands.waiting(tx, commands.MAMUT)
    return max(0, package.limit - taken)


def _keep_reading(
    tx: apsw.Connection,
    row: orders.OrderRow,
    order: ShopOrder,
    batch: _Batch,
    reason: Reason | None = None,
) -> None:
    """What the shop showed; with `reason` the order's state too, where nothing but that is to be said of it."""
    seen, now_ms = batch.seen, batch.now_ms
    if row.read_at is None:
        batch.first.append(order)
    elif row.content_hash != order.content_hash:
        order_keys.keep(tx, order, batch.payment_meta, first=False)
    total_ore = to_ore(order.total)
    modified_at = to_s(order.modified_at)
    if row.content_hash and row.content_hash != order.content_hash:
        quiet = row.read_modified_at == modified_at
        records.tell(tx, row.shop, row.order_id, now_ms, "content_changed", source=seen.source, date_moved=not quiet)
        if row.state == OrderState.TRANSFERRED.value:
            orders.set_changed_after(tx, row.shop, row.order_id, changed=total_ore != row.mamut_total_ore)
            aftermath.put(tx, row.shop, row.order_id, now_ms)
    orders.set_reading(
        tx,
        row,
        status=order.status,
        number=order.number,
        total_ore=total_ore,
        read_at=to_s(seen.read_at),
        modified_at=modified_at,
        content_hash=order.content_hash,
        payment=payment_mark(order),
        currency=order.currency,
        reason=reason,
        now_ms=now_ms,
    )


def _checked(tx: apsw.Connection, order: ShopOrder, decision: Decision, *, hold_repeated_payment: bool) -> Decision:
    """A second order for one payment is held: gateways have been seen to make two orders of one purchase."""
    payment = payment_mark(order)
    if not hold_repeated_payment or not payment or not isinstance(decision, Send):
        return decision
    other = orders.other_with_payment(tx, order.shop, order.order_id, payment)
    if not other:
        return decision
    return Stop(reason=Reason.PAYMENT_USED_TWICE, params={"other": other}, proof=decision.proof)


def _apply(tx: apsw.Connection, shop: ShopKey, order: ShopOrder, decision: Decision, now_ms: int) -> None:
    """A decision by which nothing is made; for one to send, the package has no room."""
    if isinstance(decision, Adopt):
        _adopt(tx, order, decision, now_ms)
        stands(
            tx,
            DocumentStands(shop=shop, order_id=order.order_id, document=decision.document, adopted=True),
            now_ms=now_ms,
            already_marked=order.mamut_order_no == decision.document.order_no,
            note=False,
        )
        return
    if isinstance(decision, Send):
        decision = Stop(reason=Reason.PACKAGE_LIMIT, proof=decision.proof)
    _stop(tx, shop, order, decision, now_ms)


def _adopt(tx: apsw.Connection, order: ShopOrder, adopt: Adopt, now_ms: int) -> None:
    """The document agrees with the order as it is, or with what is left of it after its refunds."""
    less = adopt.document.total != order.total
    refunds = tuple(refund.refund_id for refund in order.refunds if refund.amount) if less else ()
    aftermath.keep_booked(tx, order.shop, order.order_id, _booked(order, refunds))
    if order.refunds:
        aftermath.put(tx, order.shop, order.order_id, now_ms)


def _booked(order: ShopOrder, refunds: tuple[int, ...] = ()) -> Booked:
    articles = {line.line_id: line.article_no for line in order.lines if line.article_no}
    products = {line.line_id: line.variation_id or line.product_id for line in order.lines if line.article_no}
    goods = goods_of(order)
    return Booked(content=content_of(order), articles=articles, refunds=refunds, goods=goods, products=products)


def _queue(tx: apsw.Connection, shop: ShopKey, order: ShopOrder, send: Send, now_ms: int) -> None:
    commands.put(
        tx,
        key=f"document/{send.draft.external_no}",
        remote=commands.MAMUT,
        kind=CREATE,
        shop=shop,
        order_id=order.order_id,
        body=pack(CreateMamutDocument(shop=shop, order_id=order.order_id, send=send, booked=_booked(order))),
        now_ms=now_ms,
    )
    records.keep_proof(tx, shop, order.order_id, send.proof)
    records.tell(
        tx,
        shop,
        order.order_id,
        now_ms,
        "decided",
        document=send.draft.kind.value,
        external_no=send.draft.external_no,
        customer=getattr(send.customer, "word", "new"),
        notes=[[note.code, note.field, note.detail] for note in send.notes],
    )


def _stop(tx: apsw.Connection, shop: ShopKey, order: ShopOrder, stop: Stop, now_ms: int) -> None:
    due_ms = now_ms + RECHECK_S * 1000 if stop.reason in MAY_GO_AWAY else None
    before = orders.get(tx, shop, order.order_id)
    orders.set_reason(tx, shop, order.order_id, stop.reason, now_ms, params=stop.params, due_ms=due_ms)
    if stop.proof is not None:
        records.keep_proof(tx, shop, order.order_id, stop.proof)
    if before is None or before.reason != stop.reason.value:
        records.tell(tx, shop, order.order_id, now_ms, stop.reason.state.value, reason=stop.reason.value, **stop.params)


def _stop_unread(
    tx: apsw.Connection, shop: ShopKey, order_id: int, reason: Reason, now_ms: int, params: dict[str, str]
) -> None:
    """An order that was asked for and could not be had: gone, or broken. A document that stands is left standing."""
    row = orders.get(tx, shop, ShopOrderId(order_id))
    if row is None:
        return
    tx.execute("UPDATE orders SET to_read = 0, due_ms = NULL WHERE shop = ? AND order_id = ?", (shop, order_id))
    if row.state == OrderState.TRANSFERRED.value:
        if reason is Reason.GONE_FROM_SHOP:
            records.tell(tx, shop, row.order_id, now_ms, "gone_after_transfer")
            if not aftermath.is_seen_to(tx, shop, row.order_id):
                aftermath.put(tx, shop, row.order_id, now_ms)
        return
    if row.reason == Reason.EXCLUDED_BY_HAND.value:
        return
    if not commands.drop_unsent(tx, shop, row.order_id, CREATE):
        return
    orders.set_reason(tx, shop, row.order_id, reason, now_ms, params=params)
    if row.reason != reason.value:
        records.tell(tx, shop, row.order_id, now_ms, reason.state.value, reason=reason.value, **params)
