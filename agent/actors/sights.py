"""The step after a listing: what was shown becomes rows, and rows that changed become readings to be done.

Everything ever shown gets a row here, so that the account can say where each order is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import apsw

from agent.actors.times import from_s, to_s
from agent.journal import aftermath, by_hand, commands, order_keys, orders, records, seen_orders, webhooks
from agent.journal.seen_orders import SeenRow
from agent.messages import Stop
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import to_ore
from agent.model.order import Frozen, OrderSight, ShopOrder
from agent.model.reasons import Fault, OrderState, Reason

CREATE = "create_document"
"""The kind of a command that makes a document in Mamut."""

BY_HAND = frozenset({Reason.EXCLUDED_BY_HAND.value, Reason.HELD_BY_HAND.value, Reason.ORDER_KEY_CHANGED.value})
"""Only a person's word moves such an order; what the shop shows of it does not."""

MARK_ANSWER_S = 60
"""So long a date that has moved while our mark is on its way to the shop waits for the answer, which tells whether
there was more to it. A shop marks fifty orders in a second, and shows those that it has marked already."""

JudgeSight = Callable[[OrderSight], Stop | None]


class Noted(Frozen, frozen=True):
    """What a listing brought: orders never seen, readings to be done, and orders that are not who they were."""

    new: int = 0
    wanted: int = 0
    strangers: tuple[int, ...] = ()


def mark_key(shop: ShopKey, order_id: ShopOrderId) -> str:
    """The key of the command that leaves Mamut's number on the shop's order."""
    return f"mark/{shop}/{order_id}"


def sight_of(order: ShopOrder) -> OrderSight:
    """What a listing would have shown of the order."""
    return OrderSight(
        order_id=order.order_id,
        status=order.status,
        modified_at=order.modified_at,
        created_at=order.created_at,
        number=order.number,
        order_key=order.order_key,
        total=order.total,
        currency=order.currency,
    )


def note_sights(
    shop: ShopKey, sights: tuple[OrderSight, ...], now_ms: int, judge: JudgeSight
) -> Callable[[apsw.Connection], Noted]:
    """The step for one page of a listing."""

    def step(tx: apsw.Connection) -> Noted:
        new = wanted = 0
        strangers = []
        rows = orders.get_many(tx, shop, [sight.order_id for sight in sights])
        for sight in _each_once(sights):
            row = rows.get(sight.order_id)
            if row is None:
                wanted += _first_sight(tx, shop, sight, now_ms, judge)
                new += 1
            elif is_stranger(row, sight):
                if not set_apart(tx, row, sight, now_ms):
                    strangers.append(int(sight.order_id))
            else:
                wanted += _seen_again(tx, row, sight, now_ms, judge)
        if strangers:
            freeze(tx, shop, Fault.SHOP_RESTORED, ", ".join(map(str, strangers[:5])), now_ms)
        return Noted(new=new, wanted=wanted, strangers=tuple(strangers))

    return step


def _each_once(sights: tuple[OrderSight, ...]) -> Iterable[OrderSight]:
    """The newest of an order that a listing shows twice, as some do when a page slides under the reader."""
    return {sight.order_id: sight for sight in sights}.values()


def noting_who_told(
    shop: ShopKey,
    sights: tuple[OrderSight, ...],
    now_ms: int,
    note: Callable[[apsw.Connection], Noted],
    *,
    rang: bool,
) -> Callable[[apsw.Connection], Noted]:
    """The same step, which counts beside it whether a webhook or a poll was the first to tell of what has changed. What
    the first listing of all shows has nobody missed."""

    def noting_changes(tx: apsw.Connection) -> Noted:
        rows = seen_orders.among(tx, shop, [sight.order_id for sight in sights])
        changed = [
            int(sight.order_id)
            for sight in sights
            if (row := rows.get(sight.order_id)) is None or row.modified_at != to_s(sight.modified_at)
        ]
        if rang:
            webhooks.told_first(tx, shop, len(changed), now_ms)
        elif records.shop(tx, shop).census_ms and webhooks.are_expected(tx, shop):
            webhooks.found_by_polling(tx, shop, changed, now_ms)
        return note(tx)

    return noting_changes


def is_all_known(tx: apsw.Connection, shop: ShopKey, sights: tuple[OrderSight, ...]) -> bool:
    """Whether the step for this page would change nothing. A quiet shop shows its last orders in every listing, because
    of the overlap; looking costs microseconds, a commit a flush of the disk."""
    rows = seen_orders.among(tx, shop, [sight.order_id for sight in sights])
    return all(_is_as_known(rows.get(sight.order_id), sight) for sight in sights)


def _is_as_known(row: SeenRow | None, sight: OrderSight) -> bool:
    if row is None or is_stranger(row, sight) or row.reason == Reason.GONE_FROM_SHOP.value:
        return False
    same = (
        row.modified_at == to_s(sight.modified_at)
        and row.status == sight.status
        and row.total_ore == to_ore(sight.total)
        and row.order_key == sight.order_key
        and row.created_at == to_s(sight.created_at)
    )
    read_too_soon = row.read_modified_at is not None and not is_settled(row)
    return same and (row.state == OrderState.TRANSFERRED.value or not read_too_soon)


def note_unreadable(
    shop: ShopKey, broken: dict[int, str], seen_at: int, now_ms: int
) -> Callable[[apsw.Connection], None]:
    """The step for rows of a listing that broke the contract: what was wrong, by id. One without an id is not known to
    be an order. What they lack is filled in when they can be read."""

    def step(tx: apsw.Connection) -> None:
        for order_id, problem in broken.items():
            if not order_id or orders.get(tx, shop, ShopOrderId(order_id)) is not None:
                continue
            orders.insert(
                tx,
                shop=shop,
                order_id=ShopOrderId(order_id),
                number=str(order_id),
                order_key="",
                status="",
                created_at=seen_at,
                modified_at=0,
                currency="",
                total_ore=0,
                reason=Reason.ORDER_UNREADABLE,
                now_ms=now_ms,
                to_read=False,
            )
            params = {"problem": problem}
            orders.set_reason(tx, shop, ShopOrderId(order_id), Reason.ORDER_UNREADABLE, now_ms, params=params)
            records.tell(
                tx, shop, ShopOrderId(order_id), now_ms, "dead", reason=Reason.ORDER_UNREADABLE.value, **params
            )

    return step


def _first_sight(tx: apsw.Connection, shop: ShopKey, sight: OrderSight, now_ms: int, judge: JudgeSight) -> int:
    stop = judge(sight)
    reason = Reason.NOT_READ if stop is None else stop.reason
    orders.insert(
        tx,
        shop=shop,
        order_id=sight.order_id,
        number=sight.number,
        order_key=sight.order_key,
        status=sight.status,
        created_at=to_s(sight.created_at),
        modified_at=to_s(sight.modified_at),
        currency=sight.currency,
        total_ore=to_ore(sight.total),
        reason=reason,
        now_ms=now_ms,
        to_read=stop is None,
    )
    records.tell(tx, shop, sight.order_id, now_ms, "seen", status=sight.status, reason=reason.value)
    return int(stop is None)


def is_stranger(row: orders.OrderRow | SeenRow, sight: OrderSight | ShopOrder) -> bool:
    """The same id with another key is another order: the shop was restored or replaced. Where there is no key, being
    born at another time tells; where there is one it does not, since people may change an order's date.

    A draft of the checkout gets its key and date anew when it becomes an order, so drafts are not judged, nor is what
    could not be read before.
    """
    if row.reason == Reason.IN_CHECKOUT.value or not row.modified_at:
        return False
    if row.order_key and sight.order_key:
        return row.order_key != sight.order_key
    return abs(row.created_at - to_s(sight.created_at)) > 86_400


def accepted_up_to(tx: apsw.Connection, shop: ShopKey) -> int:
    """The newest order known when a person last accepted what the shop has become: up to it an id may be another
    order's by now, and that is no reason to freeze the shop again."""
    return int(records.value(tx, f"accepted/{shop}") or 0)


def accept_up_to(tx: apsw.Connection, shop: ShopKey) -> None:
    records.set_value(tx, f"accepted/{shop}", str(orders.highest_id(tx, shop)))


def set_apart(tx: apsw.Connection, row: orders.OrderRow, sight: OrderSight, now_ms: int) -> bool:
    """An accepted shop has given the id to another order. It is held for a person: its external number is the old
    order's, so what Mamut holds under it must not be taken for this one. False when the shop was not accepted since."""
    if sight.order_id > accepted_up_to(tx, row.shop):
        return False
    tx.execute("UPDATE orders SET to_read = 0 WHERE shop = ? AND order_id = ?", (row.shop, row.order_id))
    if not commands.drop_unsent(tx, row.shop, row.order_id, CREATE):
        orders.outdate(tx, row.shop, row.order_id)
        return True  # What came of the old order is found out first; then it is read, and set apart.
    commands.done(tx, mark_key(row.shop, row.order_id))
    aftermath.forget(tx, row.shop, row.order_id)
    was = str(row.mamut_order_no or "")
    by_hand.forget(tx, row.shop, row.order_id)
    order_keys.forget(tx, row.shop, row.order_id)
    orders.replace(
        tx,
        row,
        number=sight.number,
        order_key=sight.order_key,
        status=sight.status,
        created_at=to_s(sight.created_at),
        modified_at=to_s(sight.modified_at),
        currency=sight.currency,
        total_ore=to_ore(sight.total),
    )
    params = {"document": was} if was else {}
    orders.set_reason(tx, row.shop, row.order_id, Reason.ORDER_KEY_CHANGED, now_ms, params=params)
    records.tell(tx, row.shop, row.order_id, now_ms, "held", reason=Reason.ORDER_KEY_CHANGED.value, **params)
    return True


def freeze(tx: apsw.Connection, shop: ShopKey, fault: Fault, detail: str, now_ms: int) -> None:
    """Everything to and from the shop stops until a person accepts what it has become, and its orders say so."""
    records.freeze_shop(tx, shop, fault, detail, now_ms)
    orders.freeze(tx, shop, now_ms)


def thaw(tx: apsw.Connection, shop: ShopKey, now_ms: int) -> None:
    """What waited is decided anew: it may have been decided about orders that this shop no longer has."""
    for row in orders.with_reasons(tx, shop, (Reason.SHOP_FROZEN.value,)):
        if commands.drop_unsent(tx, shop, row.order_id, CREATE):
            orders.want_reading(tx, shop, row.order_id)
            orders.set_reason(tx, shop, row.order_id, Reason.NOT_READ, now_ms)
        else:
            orders.outdate(tx, shop, row.order_id)
            orders.set_reason(tx, shop, row.order_id, Reason.QUEUED, now_ms)


def is_settled(row: orders.OrderRow | SeenRow) -> bool:
    """Whether what was read is surely the whole of that second: the shop's clock had passed it when it was read."""
    return row.read_at is not None and row.read_modified_at is not None and row.read_at > row.read_modified_at


def _seen_again(tx: apsw.Connection, row: orders.OrderRow, sight: OrderSight, now_ms: int, judge: JudgeSight) -> int:
    modified_at = to_s(sight.modified_at)
    total_ore = to_ore(sight.total)
    orders.set_identity(
        tx,
        row,
        order_key=sight.order_key if row.reason == Reason.IN_CHECKOUT.value else row.order_key or sight.order_key,
        created_at=to_s(sight.created_at),
    )
    unchanged = row.modified_at == modified_at and row.status == sight.status and row.total_ore == total_ore
    if unchanged and row.reason != Reason.GONE_FROM_SHOP.value:
        if row.read_modified_at is not None and not is_settled(row) and row.state != OrderState.TRANSFERRED.value:
            orders.want_reading(tx, row.shop, row.order_id)
            return 1
        return 0
    orders.set_sight(
        tx, row, status=sight.status, modified_at=modified_at, total_ore=total_ore, number=sight.number or row.number
    )
    if row.status != sight.status:
        records.tell(tx, row.shop, row.order_id, now_ms, "status_changed", was=row.status, now=sight.status)
    if row.state == OrderState.TRANSFERRED.value:
        moved_alone = row.status == sight.status and row.total_ore == total_ore
        ours = moved_alone and commands.is_under_way(tx, mark_key(row.shop, row.order_id))
        aftermath.put(tx, row.shop, row.order_id, now_ms, MARK_ANSWER_S * 1000 if ours else 0)
        _after_transfer(tx, row, total_ore, now_ms)
        return 1
    if row.reason in BY_HAND:
        return 0
    return _judge_again(tx, row, sight, now_ms, judge)


def _judge_again(tx: apsw.Connection, row: orders.OrderRow, sight: OrderSight, now_ms: int, judge: JudgeSight) -> int:
    if not commands.drop_unsent(tx, row.shop, row.order_id, CREATE):
        # It may be on its way to Mamut; what came of that is found out first, and it is not sent again as it was.
        orders.outdate(tx, row.shop, row.order_id)
        return 0
    stop = judge(sight)
    if stop is None:
        orders.want_reading(tx, row.shop, row.order_id)
        if row.state != OrderState.HELD.value:
            orders.set_reason(tx, row.shop, row.order_id, Reason.NOT_READ, now_ms)
        return 1
    tx.execute("UPDATE orders SET to_read = 0 WHERE shop = ? AND order_id = ?", (row.shop, row.order_id))
    orders.set_reason(tx, row.shop, row.order_id, stop.reason, now_ms, params=stop.params)
    return 0


def judge_all_again(tx: apsw.Connection, shop: ShopKey, judge: JudgeSight, now_ms: int) -> None:
    """After a change of settings: orders that their status, their age or a rule kept away may go now, though nothing
    has changed in the shop."""
    for row in orders.with_reasons(
        tx, shop, (Reason.STATUS_NOT_TRIGGER.value, Reason.BEFORE_START.value, Reason.EXCLUDED_BY_RULE.value)
    ):
        stop = judge(
            OrderSight(
                order_id=row.order_id,
                status=row.status,
                modified_at=from_s(row.modified_at),
                created_at=from_s(row.created_at),
            )
        )
        if stop is None:
            orders.want_reading(tx, shop, row.order_id)
            if row.state != Reason.EXCLUDED_BY_RULE.state.value:
                orders.set_reason(tx, shop, row.order_id, Reason.NOT_READ, now_ms)
        else:
            orders.set_reason(tx, shop, row.order_id, stop.reason, now_ms, params=stop.params)


def _after_transfer(tx: apsw.Connection, row: orders.OrderRow, total_ore: int, now_ms: int) -> None:
    """The document stands; a total that no longer equals it is shown to a person and never hidden."""
    if total_ore == row.total_ore:
        return
    changed = total_ore != row.mamut_total_ore
    orders.set_changed_after(tx, row.shop, row.order_id, changed=changed)
    records.tell(tx, row.shop, row.order_id, now_ms, "total_changed", was_ore=row.total_ore, now_ore=total_ore)
