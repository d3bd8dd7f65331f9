"""One shop's orders after their transfer: what the shop changes of them follows in Mamut, or waits for a person.

Each order that the shop has shown to be changed is read whole, with its refunds; Mamut is asked what stands of it;
what is to be done is decided purely (`agent/decide/aftermath.py`) and done through Mamut's one session. Before it is
done the order is marked unsure with what would then hold: whatever happens, the next look replaces the session and
finds out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

import apsw
import msgspec
import structlog
import trio

from agent.actors.aftermath_look import Anew, Known, Looked, act, look, unmade
from agent.actors.aftermath_steps import Done, settled
from agent.actors.bell import Bell
from agent.actors.desk import Desk
from agent.actors.health import Health
from agent.actors.times import to_ms
from agent.actors.whole_orders import read_whole
from agent.decide.aftermath import judge
from agent.decide.aftermath_case import Attend, Plan
from agent.journal import aftermath, by_hand, orders, records
from agent.journal.aftermath import AftermathRow
from agent.journal.journal import Journal
from agent.model.after import AfterReason, AfterSaid
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.order import ShopOrder
from agent.model.reasons import OrderState
from agent.plugins.hooks import Hooks
from agent.remote.ports import RefundPort
from agent.remote.retry import delay_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings

if TYPE_CHECKING:
    from agent.rules.mapping import Mappers

LOOK_S = 600.0
"""The longest sleep: whoever puts something down rings."""

AGAIN_S = 60.0
"""When an order is judged again whose document changed in the midst of it again and again."""

READ_MAX = 20
"""Orders read from the shop at once."""

MISSING_AGAIN_S = 300.0
"""When an order that the shop did not give is asked for once more, before it is taken for deleted."""

REFUSED_MAX = 3
"""So often Mamut may refuse before a person is told: somebody may have been at the document just then."""

CHANGED_MAX = 3
"""So often an order is judged anew because its document changed in the midst of it; then it waits a little."""

log = structlog.get_logger("brygga")


class AftermathDirection:
    """One shop's changes after the transfer. `progress` is called after each round."""

    def __init__(
        self,
        settings: ShopSettings,
        port: RefundPort,
        desk: Desk,
        journal: Journal,
        clock: Clock,
        chance: Random,
        mappers: Mappers | None,
        *,
        is_known: Callable[[], bool],
        progress: Callable[[], None],
        hooks: Hooks | None = None,
    ) -> None:
        self.bell = Bell()
        self._shop = ShopKey(settings.key)
        self._port = port
        self._desk = desk
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._anew = Anew(settings, mappers, hooks)
        self._is_known = is_known
        self._progress = progress
        self._health = Health(f"aftermath/{settings.key}", journal, clock)
        self._busy = False
        self._failures = 0

    @property
    def _now_ms(self) -> int:
        return to_ms(self._clock())

    def _in_ms(self, seconds: float) -> int:
        return to_ms(self._clock() + timedelta(seconds=seconds))

    @property
    def idle(self) -> bool:
        """Whether nothing is left that can be done now."""
        return not self._busy and not self._due(1)[0]

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        self._busy = False
        while True:
            rows, wait_s = self._due(READ_MAX)
            if not rows:
                await self._health.good("waiting")
                await self.bell.wait(wait_s)
                continue
            self._busy = True
            try:
                await self._round(rows)
                self._failures = 0
            except Trouble as trouble:
                self._failures += 1
                wait_s = delay_s(self._failures, self._chance, trouble.retry_after_s)
                await self._health.paused(trouble, wait_s)
                await trio.sleep(wait_s)
            finally:
                self._busy = False
            self._progress()

    def _may(self, tx: apsw.Connection) -> bool:
        return self._is_known() and not records.is_frozen(tx, self._shop)

    def _due(self, limit: int) -> tuple[list[AftermathRow], float]:
        """What is due; where nothing is, for how long there is nothing to do."""

        def find(tx: apsw.Connection) -> tuple[list[AftermathRow], float]:
            due_ms = aftermath.next_due(tx, self._shop)
            if due_ms is None or not self._may(tx):
                return [], LOOK_S
            now_ms = self._now_ms
            if due_ms > now_ms:
                return [], min(LOOK_S, (due_ms - now_ms) / 1000)
            return aftermath.due(tx, self._shop, now_ms, limit), 0.0

        return self._journal.view(find)

    # -- a round ------------------------------------------------------------------------------------------------------

    async def _round(self, rows: Sequence[AftermathRow]) -> None:
        """Orders of one reading, one after the other. Raises Trouble when a remote does not serve us now."""
        seen = await read_whole(self._port.read_orders, tuple(row.order_id for row in rows), "aftermath")
        given = {order.order_id: order for order in seen.orders}
        broken = {row.order_id: row.problem for row in seen.unreadable}
        for row in rows:
            if row.order_id in broken:
                attend = Attend(reason=AfterReason.ORDER_UNREADABLE_NOW, params={"problem": broken[row.order_id]})
                await self._settle(await self._known(row, None), Plan(said=AfterSaid.NOTHING, attend=attend))
            else:
                await self._one(row, given.get(row.order_id))

    async def _one(self, row: AftermathRow, order: ShopOrder | None) -> None:
        known = await self._known(row, order)
        if known.order_row.state != OrderState.TRANSFERRED.value or not known.order_no:
            await self._settle(known, Plan(said=AfterSaid.NOTHING))
            return
        if order is None and not row.attempts:
            await self._later(row, MISSING_AGAIN_S)
            return
        try:
            if order is not None:
                known = await self._with_refunds(known, order)
            if known.is_quiet:
                await self._settle(known, Plan(said=AfterSaid.NOTHING))
            else:
                await self._judge(known)
        except Trouble as trouble:
            await self._troubled(known, trouble)

    async def _known(self, row: AftermathRow, order: ShopOrder | None) -> Known:
        def find(tx: apsw.Connection) -> Known:
            order_row = orders.get(tx, row.shop, row.order_id)
            if order_row is None:
                raise LookupError(f"order {row.order_id} of {row.shop} was changed and has no row")
            return Known(
                row=row,
                order_row=order_row,
                order=order,
                booked=aftermath.booked(tx, row.shop, row.order_id),
                credits=tuple(aftermath.credits_of(tx, row.shop, row.order_id)),
                corrections=by_hand.corrections_of(tx, row.shop, row.order_id),
            )

        return self._journal.view(find)

    async def _with_refunds(self, known: Known, order: ShopOrder) -> Known:
        """With the refunds' own rows. They are asked for also where the order names none but something must have
        happened to it, since an order has been seen to lack them."""
        silent = order.content_hash == known.order_row.content_hash
        if not (order.refunds or known.credits or order.status == "refunded" or silent):
            return known
        return msgspec.structs.replace(known, refunds=await self._port.read_refunds(order))

    async def _judge(self, known: Known) -> None:
        wanted = self._anew.wanted(known)
        for _ in range(CHANGED_MAX):
            looked = await self._desk.ask(look(known, wanted))
            plan = judge(self._anew.case(known, looked))
            missing = unmade(plan.acts, looked.facts)
            if missing:
                params = {"document": str(known.order_no), "problem": missing}
                plan = Plan(said=AfterSaid.NOTHING, attend=Attend(reason=AfterReason.CHANGE_REFUSED, params=params))
            if not plan.acts or await self._do(known, looked, plan):
                if not plan.acts:
                    await self._settle(known, plan, looked)
                return
        await self._later(known.row, AGAIN_S)

    async def _do(self, known: Known, looked: Looked, plan: Plan) -> bool:
        """False when the documents have changed since they were looked at."""

        def about_to(tx: apsw.Connection) -> None:
            aftermath.about_to(tx, known.row, plan.booked)

        await self._journal.run(about_to)
        documents = await self._desk.ask(act(known, looked, plan.acts))
        if documents is None:
            return False
        await self._settle(known, plan, looked, documents)
        return True

    # -- what came of it ----------------------------------------------------------------------------------------------

    async def _settle(
        self, known: Known, plan: Plan, looked: Looked | None = None, documents: Sequence[object] = ()
    ) -> None:
        done = Done(
            known=known,
            plan=plan,
            documents=tuple(documents),
            total_ore=None if looked is None else looked.total_ore(known.order_no),
        )
        await self._journal.run(settled(done, self._now_ms))

    async def _later(self, row: AftermathRow, seconds: float) -> None:
        due_ms = self._in_ms(seconds)

        def put_off(tx: apsw.Connection) -> None:
            aftermath.delay(tx, row, due_ms)

        await self._journal.run(put_off)

    async def _troubled(self, known: Known, trouble: Trouble) -> None:
        """Trouble with this order alone puts it off, or shows it to a person. Raises the Trouble that is not."""
        if trouble.fault is not None and trouble.kind is TroubleKind.NOT_NOW:
            raise trouble
        log.warning("aftermath", shop=self._shop, order_id=known.row.order_id, problem=trouble.problem)
        refused = trouble.kind in (TroubleKind.REFUSED, TroubleKind.GARBLED)
        if not refused or known.row.attempts < REFUSED_MAX:
            await self._later(known.row, delay_s(known.row.attempts + 1, self._chance, trouble.retry_after_s))
            return
        garbled = trouble.kind is TroubleKind.GARBLED
        reason = AfterReason.ORDER_UNREADABLE_NOW if garbled else AfterReason.CHANGE_REFUSED
        params = {"document": str(known.order_no), "problem": trouble.problem}
        await self._settle(known, Plan(said=AfterSaid.NOTHING, attend=Attend(reason=reason, params=params)))
