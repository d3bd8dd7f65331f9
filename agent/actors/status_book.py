"""How an order's steps are kept: what is about to be done, what was done, what waits and why, each in one commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from random import Random

import apsw
import msgspec
import structlog

from agent.actors.times import to_ms
from agent.decide import statuses
from agent.decide.statuses import Event
from agent.journal import documents, records
from agent.journal.documents import PARCEL, DocumentRow, Mailed
from agent.journal.journal import Journal
from agent.journal.orders import OrderRow
from agent.model.clock import Clock
from agent.model.goods import ShownOrder
from agent.model.ids import ShopKey
from agent.model.said import GoodsReason, Said
from agent.remote.retry import ATTEMPTS_MAX, delay_s
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import StatusSettings

LATE_TIMES = 2
"""A shop works on a request after we have given it up: so many of our patiences, and it is over."""

UNSURE_MAX = 3
"""So many lost answers in a row are the shop's trouble and no longer an order's."""

log = structlog.get_logger("brygga")


class Case:
    """One order that is being worked with: its row, its order, and the shop's newest answer about it.
    `settings` are those for this order."""

    __slots__ = ("mailed", "order", "row", "settings", "shown")

    def __init__(
        self,
        row: DocumentRow,
        order: OrderRow,
        shown: ShownOrder,
        mailed: Mapping[str, Mailed],
        settings: StatusSettings,
    ) -> None:
        self.row = row
        self.order = order
        self.shown = shown
        self.mailed = dict(mailed)
        self.settings = settings

    @property
    def event(self) -> Event:
        return Event(self.row.event)


class StatusBook:
    """One shop's rows of documents, as they are worked with."""

    def __init__(self, settings: ShopSettings, journal: Journal, clock: Clock, chance: Random) -> None:
        self._shop = ShopKey(settings.key)
        self._late_s = LATE_TIMES * settings.reading.timeout_s
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._unsure_in_a_row = 0

    @property
    def now_ms(self) -> int:
        return to_ms(self._clock())

    def in_ms(self, seconds: float) -> int:
        return to_ms(self._clock() + timedelta(seconds=seconds))

    def worked(self) -> None:
        """A step has gone through: the shop answers."""
        self._unsure_in_a_row = 0

    async def gone(self, row: DocumentRow) -> None:
        """The shop no longer lists the order: that is told, and nothing more asked until it is there again."""
        row = msgspec.structs.replace(row, due_ms=None, next_ms=None, look_ms=None, unsure=0, attempts=0)
        row = row.saying(Said.ORDER_GONE)

        def order_gone(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            records.tell(tx, self._shop, row.order_id, self.now_ms, "status_order_gone", event=row.event)

        await self._journal.run(order_gone)

    async def unreadable(self, row: DocumentRow, trouble: Trouble) -> None:
        """The shop's answer about this order alone cannot be read: it holds up no other, and a person is told."""
        row = msgspec.structs.replace(row, due_ms=None, look_ms=None)
        params = {"event": row.event, "problem": trouble.detail or trouble.problem}
        row = row.saying(GoodsReason.ORDER_REFUSED, params) if row.step else row

        def order_unreadable(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            records.tell(
                tx,
                self._shop,
                row.order_id,
                self.now_ms,
                "status_held",
                reason=GoodsReason.ORDER_REFUSED.value,
                **params,
            )

        await self._journal.run(order_unreadable)

    async def about_to(self, case: Case, *, mail: str = "", was: str | None = None, was_at: int = 0) -> None:
        """What follows may take effect, whatever becomes of us and of the answer: until the time is over that it may
        take to arrive, nothing is done, and then the order is looked at first."""
        row = msgspec.structs.replace(case.row, unsure=1, due_ms=self.in_ms(self._late_s))
        if was is not None:
            row = msgspec.structs.replace(row, was=was, was_at=was_at)

        def about_to(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            if mail:
                self.keep_mailed(tx, case, mail, "note", "intended")

        await self._journal.run(about_to)
        case.row = row

    async def end(self, case: Case, told: str = "") -> None:
        """The event has been acted upon, for good; the next one follows."""
        event = case.row.event
        acted = ",".join(sorted({*case.row.events_acted, event}))
        row = msgspec.structs.replace(case.row, acted=acted, attempts=0, unsure=0, asked=0)
        if statuses.choice(case.settings, case.event).capture:
            row = msgspec.structs.replace(row, look_ms=None)
        row = plan(row, case.mailed, case.settings, self.now_ms)

        def event_done(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            if told:
                records.tell(tx, self._shop, row.order_id, self.now_ms, told, event=event)

        await self._journal.run(event_done)
        case.row = row

    async def hold(self, case: Case, reason: GoodsReason, params: Mapping[str, str], *, sent: bool = False) -> None:
        """Until a person or a change in either system says otherwise. `sent`: the status has gone, or may have."""
        again = case.row.code == reason.value
        case.row = case.row.having_sent(case.row.event) if sent else case.row
        unsure = case.row.unsure if reason in (GoodsReason.ORDER_FAILS, GoodsReason.STATUS_PLUGIN_HELD) else 0
        row = msgspec.structs.replace(case.row, due_ms=None, unsure=unsure, attempts=0, asked=0).saying(reason, params)

        def status_held(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            if not again:
                records.tell(tx, self._shop, row.order_id, self.now_ms, "status_held", reason=reason.value, **params)

        await self._journal.run(status_held)
        case.row = row
        if not again:
            log.warning("status_held", shop=self._shop, order_id=row.order_id, reason=reason.value, what=row.event)

    async def failed(self, case: Case, trouble: Trouble) -> None:
        """Raises what concerns the shop as a whole."""
        row = case.row
        if trouble.kind is TroubleKind.REFUSED:
            if trouble.problem.endswith("order_invalid_id"):
                await self.gone(row)
                case.row = msgspec.structs.replace(row, step="")
            elif trouble.problem == "rest_invalid_param" and row.step == "status":
                status = statuses.choice(case.settings, case.event).status
                await self.hold(case, GoodsReason.STATUS_NOT_IN_SHOP, {"event": row.event, "status": status})
            else:
                await self.hold(case, GoodsReason.ORDER_REFUSED, {"event": row.event, "problem": trouble.problem})
            return
        unsure = trouble.kind is not TroubleKind.NOT_NOW
        attempts = row.attempts + unsure
        if attempts >= ATTEMPTS_MAX:
            await self.hold(case, GoodsReason.ORDER_FAILS, {"event": row.event, "problem": trouble.problem})
            return
        wait_s = max(self._late_s, delay_s(attempts, self._chance, trouble.retry_after_s)) if unsure else 0.0
        later = msgspec.structs.replace(row, unsure=int(unsure), attempts=attempts, due_ms=self.in_ms(wait_s))
        later = later.saying(Said.SHOP_WAITS, {"problem": trouble.problem}) if row.step != "mail" else later

        def step_again(tx: apsw.Connection) -> None:
            documents.save(tx, later)

        await self._journal.run(step_again)
        case.row = later
        self._unsure_in_a_row += unsure
        if not unsure or self._unsure_in_a_row >= UNSURE_MAX:
            raise trouble

    def keep_mailed(self, tx: apsw.Connection, case: Case, event: str, way: str, state: str) -> None:
        documents.keep_mailed(tx, self._shop, case.row.order_id, event, self.now_ms, way, state)
        case.mailed[event] = Mailed(event, self.now_ms, way, state)


def plan(row: DocumentRow, mailed: Mapping[str, Mailed], settings: StatusSettings, now_ms: int) -> DocumentRow:
    """The row with what is to be done next: the first event that was not acted upon, or parcels that came later."""
    progress = row.progress
    events: Sequence[Event] = statuses.pending(progress, row.events_acted, settings)
    if not events and any(PARCEL + parcel.number not in mailed for parcel in progress.parcels):
        whole = progress.delivered is statuses.Part.WHOLE
        event = Event.DELIVERED if whole else Event.PARTLY_DELIVERED
        events = [event] if statuses.choice(settings, event).parcel and event in row.events_acted else []
    if not events:
        return msgspec.structs.replace(row, event="", step="", due_ms=None, unsure=0)
    return msgspec.structs.replace(row, event=events[0].value, step="parcel", due_ms=now_ms, unsure=0, attempts=0)
