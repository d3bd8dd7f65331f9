"""What people ask for from outside: retry, exclude, hold, adopt, accept. Each is done and answered in one step:
killed in between, the agent would do it again and answer that there was nothing left to do."""

from __future__ import annotations

from collections.abc import Callable

import apsw
import structlog

from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.outcomes import stands
from agent.actors.sights import CREATE, accept_up_to, thaw
from agent.actors.times import to_ms
from agent.actors.wishes_goods import GoodsWishes
from agent.actors.wishes_orders import SAID, Standing, decide_anew, doubts, look, relink
from agent.actors.wishes_sync import SyncWishes
from agent.decide.orders import VOID_STATUSES
from agent.journal import aftermath, commands, documents, orders, records
from agent.journal.journal import Journal
from agent.journal.orders import OrderRow
from agent.journal.records import Wish
from agent.messages import DocumentStands
from agent.model.clock import Clock
from agent.model.ids import MamutOrderNo, ShopKey
from agent.model.mamut import Document
from agent.model.reasons import OrderState, Reason
from agent.remote.ports import ShopPort
from agent.remote.trouble import Trouble

log = structlog.get_logger("brygga")

LOOK_S = 600.0
"""The longest sleep: whoever hears of a wish rings."""

MARKS_WAIT_MS = 600_000
"""Marks wait so long after a shop was accepted, until its orders have been listed again."""

ERRANDS = frozenset({"examine", "look_product", "webhooks_install", "webhooks_remove", "webhooks_look"})
"""What takes a while at the shop is left to an actor of its own."""

DONE = "done"
"""The result of a wish that was fulfilled; any other result says why it was not."""

RELEASED_BY_RETRY = frozenset(
    {
        Reason.REFUNDED_BEFORE_TRANSFER.value,
        Reason.PAYMENT_USED_TWICE.value,
        Reason.HELD_BY_RULE.value,
        Reason.MARK_WITHOUT_DOCUMENT.value,
    }
)
"""Nothing but a person's word ends these: the order would be held for the same reason again."""

_Step = Callable[[apsw.Connection, OrderRow, int], str]


class Wishes:
    """One shop's wishes, an actor of its own: a person is answered at once, also while the shop's other actors have a
    long pile before them, wait for a remote, or are frozen.

    `look_now` rings the shop's reader, `fulfilled` those who may have something to do now. `goods` knows what is wished
    of articles and directions, `syncs` of first synchronisations.
    """

    def __init__(
        self,
        shop: ShopKey,
        port: ShopPort,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        look_now: Callable[[], None],
        fulfilled: Callable[[], None],
        goods: GoodsWishes,
        syncs: SyncWishes,
    ) -> None:
        self.bell = Bell()
        self._shop = shop
        self._port = port
        self._desk = desk
        self._journal = journal
        self._clock = clock
        self._look_now = look_now
        self._fulfilled = fulfilled
        self._goods = goods
        self._syncs = syncs

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        while True:
            await self.fulfil()
            await self.bell.wait(LOOK_S)

    async def fulfil(self) -> None:
        """All open wishes, in their order."""
        for wish in self._journal.view(lambda tx: records.open_wishes(tx, self._shop)):
            if wish.kind in ERRANDS:
                continue
            result = await self._one(wish)
            log.info("wish", kind=wish.kind, shop=self._shop, order_id=wish.order_id, who=wish.who, result=result)
            self._fulfilled()

    async def _one(self, wish: Wish) -> str:
        if wish.kind == "poll":
            self._look_now()
            return await self._only_answer(wish, DONE)
        if wish.kind == "accept":
            return await self._accept(wish)
        if wish.kind == "adopt":
            return await self._adopt(wish)
        if wish.kind == "relink":
            return await self._relink(wish)
        now_ms = to_ms(self._clock())
        if self._goods.knows(wish.kind):

            def fulfilling(tx: apsw.Connection) -> str:
                return _answered(tx, wish, now_ms, self._goods.fulfil(tx, wish, now_ms))

            result = await self._journal.run(fulfilling)
            if result == DONE:
                self._goods.tell(wish)
            return result
        if self._syncs.knows(wish.kind):
            return await self._ask_for_sync(wish, now_ms)
        return await self._of_order(wish, now_ms)

    async def _ask_for_sync(self, wish: Wish, now_ms: int) -> str:
        def asking_for_sync(tx: apsw.Connection) -> str:
            return _answered(tx, wish, now_ms, self._syncs.fulfil(tx, wish, now_ms))

        result = await self._journal.run(asking_for_sync)
        self._syncs.asked()
        return result

    async def _of_order(self, wish: Wish, now_ms: int) -> str:
        step, said = _STEPS.get(wish.kind), SAID.get(wish.kind)
        if step is None and said is None:
            return await self._only_answer(wish, "unknown_wish")

        def done(tx: apsw.Connection) -> str:
            row = orders.get(tx, self._shop, wish.order_id)
            if row is None:
                return "order_unknown"
            if said is not None:
                return said(tx, row, wish, now_ms)
            return "unknown_wish" if step is None else step(tx, row, now_ms)

        def run(tx: apsw.Connection) -> str:
            return _answered(tx, wish, now_ms, done(tx))

        return await self._journal.run(run)

    async def _only_answer(self, wish: Wish, result: str) -> str:
        """Where nothing is to be kept but the answer."""
        await self._journal.run(finishing(wish, to_ms(self._clock()), result))
        return result

    async def _accept(self, wish: Wish) -> str:
        """The shop is another one now, and that is meant: it is known from here on as what it says it is."""
        try:
            identity = await self._port.identity()
        except Trouble as trouble:
            return await self._only_answer(wish, trouble.problem)

        def step(tx: apsw.Connection) -> None:
            now_ms = to_ms(self._clock())
            records.know_shop(tx, self._shop, identity.url, identity.store_id)
            thaw(tx, self._shop, now_ms)
            # Everything is listed again: an id that is another order's now is set apart before it is taken for the old.
            accept_up_to(tx, self._shop)
            records.put_back_mark(tx, self._shop, None)
            commands.postpone(tx, commands.shop_remote(self._shop), now_ms + MARKS_WAIT_MS)
            _answered(tx, wish, now_ms, DONE)

        await self._journal.run(step)
        self._look_now()
        return DONE

    async def _adopt(self, wish: Wish) -> str:
        """A document that a person made by hand is the order's document from now on."""
        text = wish.arg("mamut_order_no")
        if not (text.isascii() and text.isdigit()):
            return await self._only_answer(wish, "mamut_order_no_missing")
        number = MamutOrderNo(int(text))
        try:
            document = await self._desk.ask(lambda port: port.document(number))
        except Trouble as trouble:
            return await self._only_answer(wish, trouble.problem)
        if document is None or document.status in VOID_STATUSES:
            return await self._only_answer(wish, "document_unknown" if document is None else "document_cancelled")
        now_ms = to_ms(self._clock())

        def adopting(tx: apsw.Connection) -> str:
            return _answered(tx, wish, now_ms, _adopt(tx, self._shop, wish, document, now_ms))

        return await self._journal.run(adopting)

    async def _relink(self, wish: Wish) -> str:
        """Another document than the one it was tied to is the order's own from now on."""
        row = self._journal.view(lambda tx: orders.get(tx, self._shop, wish.order_id))
        text = wish.arg("mamut_order_no")
        if row is None or not (text.isascii() and text.isdigit()):
            return await self._only_answer(wish, "order_unknown" if row is None else "mamut_order_no_missing")
        try:
            standing = await self._desk.ask(look(row.mamut_order_no, int(text)))
        except Trouble as trouble:
            return await self._only_answer(wish, trouble.problem)
        now_ms = to_ms(self._clock())

        def relinking(tx: apsw.Connection) -> str:
            return _answered(tx, wish, now_ms, relink(tx, self._shop, wish, standing, now_ms))

        return await self._journal.run(relinking)


def finishing(wish: Wish, now_ms: int, result: str) -> Callable[[apsw.Connection], None]:
    """A step that answers the wish, in the order's story too where it is about one."""

    def step(tx: apsw.Connection) -> None:
        _answered(tx, wish, now_ms, result)

    return step


def _answered(tx: apsw.Connection, wish: Wish, now_ms: int, result: str) -> str:
    """Part of the step that does what was asked for. Gives the result."""
    records.finish_wish(tx, wish.wish_id, now_ms, result)
    if wish.order_id:
        data = {"act": wish.kind, "who": wish.who, "result": result, "why": wish.arg("why")}
        records.tell(tx, wish.shop, wish.order_id, now_ms, "by_hand", **data)
    return result


def _retry(tx: apsw.Connection, row: OrderRow, now_ms: int) -> str:
    """An order that stands in Mamut has only its status and its later changes left to be tried again."""
    if row.state == OrderState.TRANSFERRED.value:
        again = aftermath.retry(tx, row.shop, row.order_id, now_ms)
        return DONE if documents.retry(tx, row.shop, row.order_id, now_ms) or again else "already_transferred"
    if row.reason in RELEASED_BY_RETRY:
        orders.release(tx, row, Reason(row.reason))
    tx.execute("UPDATE commands SET due_ms = ? WHERE shop = ? AND order_id = ?", (now_ms, row.shop, row.order_id))
    decide_anew(tx, row, now_ms)
    return DONE


def _settle(tx: apsw.Connection, row: OrderRow, now_ms: int) -> str:
    """A person has seen to a change after the transfer."""
    done = aftermath.settle_by_hand(tx, row.shop, row.order_id, row.mamut_order_no or 0, now_ms)
    return DONE if done else "nothing_attended"


def _stop(reason: Reason) -> _Step:
    def step(tx: apsw.Connection, row: OrderRow, now_ms: int) -> str:
        if row.state == OrderState.TRANSFERRED.value:
            return "already_transferred"
        if not commands.drop_unsent(tx, row.shop, row.order_id, CREATE):
            return "may_have_been_sent"
        tx.execute(
            "UPDATE orders SET to_read = 0, released = '' WHERE shop = ? AND order_id = ?", (row.shop, row.order_id)
        )
        orders.set_reason(tx, row.shop, row.order_id, reason, now_ms)
        return DONE

    return step


def _adopt(tx: apsw.Connection, shop: ShopKey, wish: Wish, document: Document, now_ms: int) -> str:
    row = orders.get(tx, shop, wish.order_id)
    if row is None:
        return "order_unknown"
    if row.state == OrderState.TRANSFERRED.value:
        return "already_transferred"
    if not commands.drop_unsent(tx, shop, row.order_id, CREATE):
        return "may_have_been_sent"
    other = tx.execute(
        "SELECT number FROM orders WHERE mamut_order_no = ? AND NOT (shop = ? AND order_id = ?)",
        (document.order_no, shop, row.order_id),
    ).fetchone()
    if other is not None:
        return f"document_belongs_to_{other[0]}"
    found = doubts(row, Standing(old=None, new=document))
    if found and wish.arg("anyway") != "yes":
        return found[0]
    aftermath.forget_booked(tx, shop, row.order_id)  # What somebody typed in is not what we would have made.
    outcome = DocumentStands(shop=shop, order_id=row.order_id, document=document, adopted=True)
    stands(tx, outcome, now_ms=now_ms, already_marked=False, note=False)
    return DONE


_STEPS: dict[str, _Step] = {
    "retry": _retry,
    "settle": _settle,
    "exclude": _stop(Reason.EXCLUDED_BY_HAND),
    "hold": _stop(Reason.HELD_BY_HAND),
}
