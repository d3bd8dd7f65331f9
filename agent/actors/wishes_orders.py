"""What people say of an order or of its buyer: corrections, who the buyer is, and which document is the order's own.

Each is a part of the step that fulfils the wish, and may be done twice.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw

from agent.actors.desk import Question
from agent.actors.outcomes import stands
from agent.actors.sights import BY_HAND, CREATE
from agent.decide.corrections import is_wrong
from agent.decide.external import external_no
from agent.decide.orders import VOID_STATUSES
from agent.journal import aftermath, by_hand, commands, documents, orders, records
from agent.journal.orders import OrderRow
from agent.journal.records import Wish
from agent.messages import DocumentStands
from agent.model.ids import MamutOrderNo, ShopKey
from agent.model.mamut import Document
from agent.model.money import to_ore
from agent.model.order import Frozen
from agent.model.reasons import OrderState, Reason
from agent.remote.ports import MamutPort

DONE = "done"
TRANSFERRED = "already_transferred"

Said = Callable[[apsw.Connection, OrderRow, Wish, int], str]


def decide_anew(tx: apsw.Connection, row: OrderRow, now_ms: int) -> bool:
    """Has the order read and decided again; false while it may be on its way to Mamut."""
    if not commands.drop_unsent(tx, row.shop, row.order_id, CREATE):
        return False
    tx.execute("UPDATE orders SET attempts = 0 WHERE shop = ? AND order_id = ?", (row.shop, row.order_id))
    orders.set_reason(tx, row.shop, row.order_id, Reason.NOT_READ, now_ms)
    orders.want_reading(tx, row.shop, row.order_id)
    return True


def _correct(tx: apsw.Connection, row: OrderRow, wish: Wish, now_ms: int) -> str:
    """What a person holds stays held; it is decided with its corrections once they let it go."""
    asked = by_hand.asked_of(tx, wish.wish_id)
    by_hand.forget_asked(tx, wish.wish_id)
    if row.state == OrderState.TRANSFERRED.value:
        return TRANSFERRED
    if any(each.value is not None and is_wrong(each.field, each.value) for each in asked):
        return "value_wrong"
    if row.reason not in BY_HAND and not decide_anew(tx, row, now_ms):
        return "may_have_been_sent"
    if asked:
        by_hand.correct(tx, row.shop, row.order_id, asked, now_ms, wish.who)
        for kind, fields in (
            ("corrected", [each.field for each in asked if each.value is not None]),
            ("correction_taken_back", [each.field for each in asked if each.value is None]),
        ):
            if fields:
                records.tell(tx, row.shop, row.order_id, now_ms, kind, fields=fields)
    return DONE


def _choose_customer(tx: apsw.Connection, row: OrderRow, wish: Wish, now_ms: int) -> str:
    """An empty number takes back what was said."""
    if row.state == OrderState.TRANSFERRED.value:
        return TRANSFERRED
    text = wish.arg("custid")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        return "customer_no_wrong"
    if row.reason not in BY_HAND and not decide_anew(tx, row, now_ms):
        return "may_have_been_sent"
    if not text:
        return DONE if by_hand.unchoose(tx, row.shop, row.order_id) else "nothing_chosen"
    for order_id in by_hand.choose(tx, row.shop, row.order_id, int(text), now_ms, wish.who):
        same = orders.get(tx, row.shop, order_id)
        if same is not None and same.state == OrderState.HELD.value and same.reason not in BY_HAND:
            decide_anew(tx, same, now_ms)
    return DONE


SAID: dict[str, Said] = {"correct": _correct, "choose_customer": _choose_customer}


# -- another document --------------------------------------------------------------------------------------------------


class Standing(Frozen, frozen=True):
    """What Mamut holds under the order's present number and under the new one."""

    old: Document | None
    new: Document | None


def look(old: int | None, new: int) -> Question[Standing]:
    async def ask(port: MamutPort) -> Standing:
        was = None if old is None else await port.document(MamutOrderNo(old))
        return Standing(old=was, new=await port.document(MamutOrderNo(new)))

    return ask


def doubts(row: OrderRow, standing: Standing) -> tuple[str, ...]:
    """What speaks against taking the new document for the order's own, and that a person may know better."""
    found, new, old = [], standing.new, standing.old
    if new is not None:
        if (to_ore(new.total), new.currency) != (row.total_ore, row.currency):
            found.append("amount_differs")
        if new.external_no not in ("", row.external_no, external_no(row.shop, row.order_id, row.number)):
            found.append("number_differs")
    if old is not None and (new is None or old.order_no != new.order_no) and old.status not in VOID_STATUSES:
        found.append("old_stands")
    return tuple(found)


def never(tx: apsw.Connection, row: OrderRow, standing: Standing) -> str:
    """Why it cannot be, whatever a person knows; empty if it can."""
    new = standing.new
    if new is None:
        return "document_unknown"
    if new.status in VOID_STATUSES:
        return "document_cancelled"
    other = tx.execute(
        "SELECT number FROM orders WHERE mamut_order_no = ? AND NOT (shop = ? AND order_id = ?)",
        (new.order_no, row.shop, row.order_id),
    ).fetchone()
    if other is not None:
        return f"document_belongs_to_{other[0]}"
    if aftermath.credits_of(tx, row.shop, row.order_id):
        return "credited_already"
    return ""


def relink(tx: apsw.Connection, shop: ShopKey, wish: Wish, standing: Standing, now_ms: int) -> str:
    """The order is tied to another document than before. Nothing is changed in Mamut."""
    row = orders.get(tx, shop, wish.order_id)
    if row is None:
        return "order_unknown"
    if row.state != OrderState.TRANSFERRED.value:
        return "not_transferred"
    if standing.new is not None and standing.new.order_no == row.mamut_order_no:
        return DONE
    problem = never(tx, row, standing)
    if problem or standing.new is None:
        return problem
    found = doubts(row, standing)
    if found and wish.arg("anyway") != "yes":
        return found[0]
    if _is_under_way(tx, row):
        return "may_have_been_sent"
    # The new one is not what we would have made; what people do with it is theirs.
    aftermath.forget(tx, shop, row.order_id)
    commands.done(tx, f"mark/{shop}/{row.order_id}")
    tx.execute("UPDATE orders SET marked = 0 WHERE shop = ? AND order_id = ?", (shop, row.order_id))
    records.tell(tx, shop, row.order_id, now_ms, "relinked", was=row.mamut_order_no, now=standing.new.order_no)
    outcome = DocumentStands(shop=shop, order_id=row.order_id, document=standing.new, adopted=True)
    stands(tx, outcome, now_ms=now_ms, already_marked=False, note=False)
    return DONE


def _is_under_way(tx: apsw.Connection, row: OrderRow) -> bool:
    followed = documents.get(tx, row.shop, row.order_id)
    change = aftermath.get(tx, row.shop, row.order_id)
    mark = tx.execute(
        "SELECT 1 FROM commands WHERE shop = ? AND order_id = ? AND unsure = 1 LIMIT 1", (row.shop, row.order_id)
    ).fetchone()
    return mark is not None or any(each is not None and each.unsure for each in (followed, change))
