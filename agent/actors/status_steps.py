"""What the shop is told of one order's event, step by step: parcels, status, mail, and the proof that money was taken.

Each step is a state in the journal. What has an effect is marked unsure before it is sent, with the time before which
it may still arrive; whoever comes to it again looks first. A status is not sent twice, because a second transition
would mail the customer twice; a note is not sent before the order's notes have been read.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw
import msgspec

from agent.actors.status_book import Case, StatusBook
from agent.actors.times import to_s
from agent.decide import capture, status_texts, statuses
from agent.decide.capture import Money, Proof
from agent.decide.statuses import Event, Verdict
from agent.journal import documents, records
from agent.journal.documents import PARCEL, DocumentRow
from agent.journal.journal import Journal
from agent.model.clock import STOCKHOLM, Clock
from agent.model.goods import Parcel
from agent.model.ids import ShopKey
from agent.model.money import from_ore
from agent.model.said import GoodsReason, Said
from agent.remote.ports import StatusPort
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import EventChoice, MailChoice

PROOF_AGAIN_S = (60.0, 600.0)
"""When an order without a sign of its capture is read again, before a person is told: some plugins wait for a call of
their payment company."""

NO_PLUGIN = "no_tracking_plugin"
QUIET = frozenset({Said.STATUS_THERE, Said.STATUS_BEYOND, Said.STATUS_TERMINAL})
"""The shop's own status says that somebody has acted on the event: the customer gets no note of ours."""

_PASSES = {
    Verdict.THERE: Said.STATUS_THERE,
    Verdict.BEYOND: Said.STATUS_BEYOND,
    Verdict.TERMINAL: Said.STATUS_TERMINAL,
    Verdict.SUPERSEDED: Said.STATUS_SUPERSEDED,
    Verdict.NONE_CHOSEN: Said.STATUS_NONE_CHOSEN,
}
_TOLD = {Proof.CAPTURED: Said.CAPTURE_PROVED.value, Proof.UNKNOWN: Said.CAPTURE_UNKNOWN.value}
_HOLDS = {
    Verdict.UNRANKED: GoodsReason.STATUS_UNRANKED,
    Verdict.NOT_IN_SHOP: GoodsReason.STATUS_NOT_IN_SHOP,
}


class StatusSteps:
    """One shop's steps. `known` gives the shop's statuses, nothing when it did not tell. `written` and `requests` count
    since they were last taken."""

    def __init__(
        self,
        settings: ShopSettings,
        port: StatusPort,
        journal: Journal,
        clock: Clock,
        known: Callable[[], tuple[str, ...]],
        book: StatusBook,
    ) -> None:
        self._triggers = settings.orders.trigger
        self._shop = ShopKey(settings.key)
        self._port = port
        self._journal = journal
        self._clock = clock
        self._known = known
        self._book = book
        self.written = 0
        self.requests = 0

    async def advance(self, case: Case) -> None:
        """Does all that can be done now for the order's events. Raises Trouble when the shop does not serve us now; the
        row is then as it was."""
        steps = {"parcel": self._parcels, "status": self._status, "mail": self._mail, "capture": self._capture}
        case.row = msgspec.structs.replace(case.row, seen_at=max(to_s(case.shown.modified_at), case.order.modified_at))
        while case.row.step and case.row.due_ms is not None and case.row.due_ms <= self._book.now_ms:
            try:
                await steps[case.row.step](case)
            except Trouble as trouble:
                await self._book.failed(case, trouble)
            else:
                self._book.worked()

    # -- parcels ------------------------------------------------------------------------------------------------------

    async def _parcels(self, case: Case) -> None:
        chosen = statuses.choice(case.settings, case.event)
        acted = case.event in case.row.events_acted
        if chosen.parcel:
            for parcel in case.row.progress.parcels:
                if PARCEL + parcel.number not in case.mailed:
                    await self._parcel(case, parcel, chosen, with_note=not acted and case.event not in case.mailed)
        if acted:
            await self._book.end(case)
            return
        row = _next(case.row, "status", self._book.now_ms)

        def parcels_done(tx: apsw.Connection) -> None:
            documents.save(tx, row)

        await self._journal.run(parcels_done)
        case.row = row

    async def _parcel(self, case: Case, parcel: Parcel, chosen: EventChoice, *, with_note: bool) -> None:
        """Leaves one parcel on the order: in the plugin's fields, else with the note to the customer, else in a note of
        its own."""
        await self._book.about_to(case)
        way, problem = "plugin", ""
        self.requests += 2
        day = self._clock().astimezone(STOCKHOLM).date().isoformat()
        try:
            await self._port.add_parcel(case.row.order_id, parcel, day)
        except Trouble as trouble:
            if trouble.kind is not TroubleKind.REFUSED:
                raise
            problem = "" if trouble.problem == NO_PLUGIN else trouble.problem
            way = "note" if chosen.mail is MailChoice.NOTE else "private"
        follows = way == "note" and with_note
        if way != "plugin" and not follows:
            await self._note(case, status_texts.parcel_text(parcel), to_customer=way == "note")
        state = "intended" if follows else "sent"
        row = _next(case.row, "parcel", self._book.now_ms)
        self.written += 1

        def parcel_left(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            self._book.keep_mailed(tx, case, PARCEL + parcel.number, way, state)
            data = {"carrier": parcel.carrier, "way": way, "problem": problem}
            records.tell(tx, self._shop, row.order_id, self._book.now_ms, "parcel_left", **data)

        await self._journal.run(parcel_left)
        case.row = row

    # -- status -------------------------------------------------------------------------------------------------------

    async def _status(self, case: Case) -> None:
        row, shown = case.row, case.shown
        chosen = statuses.choice(case.settings, case.event)
        if row.unsure and await self._was_done(case, chosen):
            return
        verdict = statuses.judge(
            shown.status,
            case.event,
            statuses.pending(row.progress, {*row.events_acted, case.event}, case.settings),
            case.settings,
            triggers=self._triggers,
            known=self._known(),
            asked=bool(row.asked),
        )
        params = {"event": case.event.value, "status": chosen.status, "current": shown.status}
        ours = {statuses.choice(case.settings, Event(event)).status for event in row.events_acted}
        if verdict in (Verdict.THERE, Verdict.BEYOND) and shown.status in ours:
            verdict = Verdict.SUPERSEDED  # It is there because of another event that we acted upon, not by hand.
        if verdict is Verdict.SET and case.event in row.events_sent and not row.asked:
            # It was sent once, and the order is not there: another attempt would mail the customer again.
            held = GoodsReason(row.code) if row.code in tuple(GoodsReason) else GoodsReason.STATUS_NOT_TAKEN
            await self._book.hold(case, held, params)
        elif verdict in _HOLDS:
            await self._book.hold(case, _HOLDS[verdict], params)
        elif verdict is Verdict.SET:
            await self._set(case, chosen, params)
        else:
            await self._status_kept(case, _PASSES[verdict], params)

    async def _was_done(self, case: Case, chosen: EventChoice) -> bool:
        """Whether the status whose answer was lost had been set; true also when a person has to find out."""
        row, shown = case.row, case.shown
        params = {"event": case.event.value, "status": chosen.status, "current": shown.status}
        takes_money = chosen.capture and capture.money(shown) in (Money.RESERVED, Money.GONE)
        fallen_back = takes_money and shown.status in capture.MOVED_TO
        if shown.status == chosen.status or (fallen_back and shown.status != row.was):
            await self._status_kept(case, Said.STATUS_SET, params, by_us=True)
            return True
        if fallen_back and to_s(shown.modified_at) != row.was_at:
            # It stood there before as well, and has been touched since: a second attempt might charge and mail twice.
            await self._book.hold(case, GoodsReason.STATUS_UNSURE, params, sent=True)
            return True
        return False

    async def _set(self, case: Case, chosen: EventChoice, params: dict[str, str]) -> None:
        shop_ore, mamut_ore = capture.worth_ore(case.shown), capture.owed_ore(case.row.progress)
        differs = abs(shop_ore - mamut_ore) > case.row.progress.slack_ore
        if chosen.capture and capture.money(case.shown) is Money.RESERVED and differs:
            currency = case.shown.currency
            amounts = {"shop": f"{from_ore(shop_ore):.2f} {currency}", "mamut": f"{from_ore(mamut_ore):.2f} {currency}"}
            await self._book.hold(case, GoodsReason.CAPTURE_AMOUNT, {**params, **amounts})
            return
        await self._book.about_to(case, was=case.shown.status, was_at=to_s(case.shown.modified_at))
        self.requests += 1
        case.shown = await self._port.set_status(case.row.order_id, chosen.status, capture.META)
        self.written += 1
        params = {**params, "current": case.shown.status}
        seen_at = to_s(case.shown.modified_at)
        wanted = "wanted" if chosen.capture else case.row.capture
        seen_at = max(case.row.seen_at, seen_at)
        case.row = msgspec.structs.replace(case.row, asked=0, seen_at=seen_at, capture=wanted)
        failed = chosen.capture and capture.proof(case.shown) is Proof.FAILED
        if case.shown.status == chosen.status or failed:
            await self._status_kept(case, Said.STATUS_SET, params, by_us=True)
        else:
            await self._book.hold(case, GoodsReason.STATUS_NOT_TAKEN, params, sent=True)

    async def _status_kept(self, case: Case, code: Said, params: dict[str, str], *, by_us: bool = False) -> None:
        row = _next(case.row, "mail", self._book.now_ms).saying(code, params)
        row = row.having_sent(row.event) if by_us else row
        mails = by_us and statuses.choice(case.settings, case.event).mail is MailChoice.SHOP

        def status_kept(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            if mails:
                self._book.keep_mailed(tx, case, case.event, "shop", "sent")
            records.tell(tx, self._shop, row.order_id, self._book.now_ms, code.value, **params)

        await self._journal.run(status_kept)
        case.row = row

    # -- mail ---------------------------------------------------------------------------------------------------------

    async def _mail(self, case: Case) -> None:
        """The note to the customer, where that is chosen and nobody has told them; the shop's own mail of the status
        has gone by now or does not come."""
        chosen = statuses.choice(case.settings, case.event)
        row = case.row
        waiting = [p for p in row.progress.parcels if self._is_intended(case, PARCEL + p.number)]
        told = case.mailed.get(case.event)
        wanted = chosen.mail is MailChoice.NOTE and row.code not in QUIET and (told is None or told.state != "sent")
        if wanted:
            await self._book.about_to(case, mail=case.event)
            text = status_texts.customer_text(
                chosen.text, case.order.number, row.progress.parcels, row.progress.invoice_nos, waiting
            )
            await self._note(case, text, to_customer=True)
        elif waiting:
            await self._book.about_to(case)
            for parcel in waiting:
                await self._note(case, status_texts.parcel_text(parcel), to_customer=False)
        row = _next(case.row, "capture", self._book.now_ms)

        def mail_kept(tx: apsw.Connection) -> None:
            documents.save(tx, row)
            for parcel in waiting:
                self._book.keep_mailed(tx, case, PARCEL + parcel.number, "note" if wanted else "private", "sent")
            if wanted:
                self._book.keep_mailed(tx, case, case.event, "note", "sent")
                records.tell(tx, self._shop, row.order_id, self._book.now_ms, "customer_told", event=case.event.value)

        await self._journal.run(mail_kept)
        case.row = row

    def _is_intended(self, case: Case, event: str) -> bool:
        mailed = case.mailed.get(event)
        return mailed is not None and mailed.state == "intended"

    async def _note(self, case: Case, text: str, *, to_customer: bool) -> None:
        """Adds the note unless one like it is there: an earlier attempt, or an agent that has lost its journal."""
        order_id = case.row.order_id
        self.requests += 1
        notes = await self._port.notes(order_id)
        if any(note.to_customer == to_customer and status_texts.is_same_text(note.text, text) for note in notes):
            return
        self.requests += 1
        await self._port.add_note(order_id, text, to_customer=to_customer)
        self.written += 1

    # -- capture ------------------------------------------------------------------------------------------------------

    async def _capture(self, case: Case) -> None:
        """Reads whether the money was taken. A failure is a person's matter, or the order's when it has changed."""
        row, shown = case.row, case.shown
        if not statuses.choice(case.settings, case.event).capture or row.code == Said.STATUS_TERMINAL:
            await self._book.end(case)
            return
        found = capture.proof(shown)
        if found in (Proof.CAPTURED, Proof.NOT_NEEDED, Proof.UNKNOWN):
            taken = capture.worth_ore(shown) if found is Proof.CAPTURED else None
            case.row = msgspec.structs.replace(row, capture=found.value, captured_ore=taken)
            await self._book.end(case, told=_TOLD.get(found, ""))
        elif shown.status in statuses.TERMINAL and shown.status not in capture.MOVED_TO:
            case.row = msgspec.structs.replace(row, capture="").saying(
                Said.STATUS_TERMINAL, {"event": row.event, "current": shown.status}
            )
            await self._book.end(case)
        elif row.capture == "failed" and row.captured_ore != capture.worth_ore(shown):
            case.row = msgspec.structs.replace(row, capture="wanted", captured_ore=None, asked=1)
            await self._capture_again(case, "status", 0.0)
        elif found is Proof.SILENT and row.capture != "failed" and row.attempts < len(PROOF_AGAIN_S):
            wait_s = PROOF_AGAIN_S[row.attempts]
            case.row = msgspec.structs.replace(row, capture="wanted", attempts=row.attempts + 1)
            await self._capture_again(case, "capture", wait_s)
        else:
            await self._capture_failed(case, found)

    async def _capture_again(self, case: Case, step: str, wait_s: float) -> None:
        row = msgspec.structs.replace(case.row, step=step, due_ms=self._book.in_ms(wait_s), unsure=0)
        row = row.saying(Said.CAPTURE_AGAIN, {"event": row.event})

        def capture_again(tx: apsw.Connection) -> None:
            documents.save(tx, row)

        await self._journal.run(capture_again)
        case.row = row

    async def _capture_failed(self, case: Case, found: Proof) -> None:
        provider = capture.provider_of(case.shown.payment_method)
        params = {"event": case.row.event, "current": case.shown.status, "provider": provider.name if provider else ""}
        reason = GoodsReason.CAPTURE_FAILED if found is Proof.FAILED else GoodsReason.CAPTURE_NOT_PROVED
        worth_ore = capture.worth_ore(case.shown)
        case.row = msgspec.structs.replace(case.row, capture="failed", captured_ore=worth_ore)
        await self._book.hold(case, reason, params)


def _next(row: DocumentRow, step: str, now_ms: int) -> DocumentRow:
    return msgspec.structs.replace(row, step=step, due_ms=now_ms, unsure=0, attempts=0)
