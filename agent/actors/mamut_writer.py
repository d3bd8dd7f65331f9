"""The writer of Mamut: owns its one session, answers questions, makes documents, one at a time.

Before anything that may have been done earlier is done again, the session is replaced (a late call of the old one is
then refused) and Mamut is asked for the document's external number.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from random import Random

import apsw
import msgspec
import trio

from agent.actors.buyers import Buyers
from agent.actors.desk import Desk
from agent.actors.health import REFRESH_S, Health
from agent.actors.outcomes import EXTERNAL_NO_TWICE, OUTDATED, Tried, commit_tried
from agent.actors.times import to_ms
from agent.flows import DirectionName
from agent.journal import commands, directions, orders, records
from agent.journal.commands import CommandRow
from agent.journal.journal import Journal
from agent.messages import (
    CreateContact,
    CreateMamutDocument,
    DocumentDelayed,
    DocumentRefused,
    DocumentStands,
    MamutFacts,
    Wanted,
)
from agent.model.clock import Clock
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.mamut import Article, Contact, Document
from agent.model.order import Frozen
from agent.model.reasons import Fault, Reason
from agent.remote.ports import MamutCompany, MamutPort
from agent.remote.retry import delay_s, pause_s
from agent.remote.trouble import Trouble, TroubleKind

TAKE_MAX = 50
"""Commands taken at once: so many documents are looked up after a crash, in one question."""

AHEAD = 10
"""Of so many orders it is asked at once whether the shop has shown a newer version."""

COMMIT_EVERY_S = 1.0
"""Outcomes are committed together, at the latest after so long; until then the document itself is the memory. Mamut has
nothing to do while the disk writes: at four times a second that was a tenth of the time."""

BACKGROUND_EVERY_S = 10.0
"""While documents are due, a question in the background is answered so often at most."""

IDLE_S = float(REFRESH_S)
"""The longest sleep: whoever has something for Mamut rings, and how the writer is must be said again by then."""

LOOKS_MAX = 3
"""So often a look-up is begun anew because the session was replaced in the midst of it."""

CANCELLED = frozenset({"cancelled", "lost_sale"})
"""States in which a document no longer stands for an order."""

_decoder = msgspec.msgpack.Decoder(CreateMamutDocument)


class _Job(Frozen, frozen=True):
    row: CommandRow
    command: CreateMamutDocument


class MamutWriter:
    """One Mamut company's writer. `settled` is rung for a shop when its marks or its room may have changed."""

    def __init__(
        self,
        port: MamutPort,
        journal: Journal,
        desk: Desk,
        clock: Clock,
        chance: Random,
        settled: Callable[[str], None],
        on_open: Callable[[MamutCompany], Awaitable[None]],
        notes: frozenset[str] = frozenset(),
    ) -> None:
        self._port = port
        self._journal = journal
        self._desk = desk
        self._clock = clock
        self._chance = chance
        self._settled = settled
        self._on_open = on_open
        self._notes = notes
        self._health = Health("mamut", journal, clock)
        self._tried: list[Tried] = []
        self._articles: set[str] = set()
        self._buyers = Buyers(port, clock)
        self._committed_at = trio.current_time()
        self._background_at = trio.current_time()
        self._idle_s = 0.0  # for how long nothing falls due, as it was when nothing was
        self._looked_in = 0  # the session in which the documents at hand were looked up
        self._suspect = True  # An earlier process may have a call under way until its session has been replaced.
        self._started_ms = to_ms(clock())
        self._ahead: list[_Job] = []
        self._compared: frozenset[tuple[ShopKey, ShopOrderId]] = frozenset()
        self._outdated: frozenset[tuple[ShopKey, ShopOrderId]] = frozenset()
        self._outdated_at = 0  # the commits there had been when these were compared
        self._changed_ms: dict[str, int] = {}
        self.stopping = False

    def change(self, notes: frozenset[str], shops: Iterable[str]) -> None:
        """Other settings are at work. What was decided for these shops before is decided anew before it is made."""
        self._notes = notes
        self._changed_ms |= dict.fromkeys(shops, to_ms(self._clock()))

    def take(self, port: MamutPort) -> None:
        """Works by another port when it is run the next time. It does not run now; a call of the old port may still be
        on its way."""
        self._port = port
        self._buyers = Buyers(port, self._clock)
        self._looked_in = 0
        self._suspect = True
        self.stopping = False

    async def run(self) -> None:
        """Works until told to stop; comes back only then."""
        failures = 0
        opened = False
        while not self.stopping:
            try:
                if not opened:
                    await self._on_open(await self._port.open())
                    self._suspect = False
                    opened = True
                await self._desk.answer_all(self._port)
                worked = await self._work()
                failures = 0
                await self._health.good()
                if not worked and self._desk.has_background():
                    await self._answer_background()
                elif not worked:
                    await self._desk.bell.wait(self._idle_s)
            except Trouble as trouble:
                failures += 1
                opened = opened and trouble.kind is not TroubleKind.NOT_NOW
                await self._pause(trouble, failures)
        await self._commit()

    async def _pause(self, trouble: Trouble, failures: int) -> None:
        refused = trouble.fault is not None and trouble.problem not in ("connect_failed", "answer_lost")
        step = pause_s if refused and not trouble.problem.startswith("http_") else delay_s
        wait_s = step(failures, self._chance, trouble.retry_after_s)
        self._desk.refuse_all(trouble)
        await self._health.paused(trouble, wait_s)
        until = trio.current_time() + wait_s
        while not self.stopping and (left := until - trio.current_time()) > 0:
            # Whoever asks meanwhile is told at once, not after the pause.
            await self._desk.bell.wait(left)
            self._desk.refuse_all(trouble)

    async def _answer_background(self) -> None:
        """One question, then whatever is more urgent has its turn again."""
        await self._desk.answer_background(self._port)
        self._background_at = trio.current_time()

    async def _answer_between(self) -> bool:
        """Answers who waits between two documents. False when the session has been replaced over it: then somebody else
        may have made what was looked up as missing."""
        if self._desk.has_questions():
            await self._desk.answer_all(self._port)
        if self._desk.has_background() and trio.current_time() - self._background_at >= BACKGROUND_EVERY_S:
            await self._answer_background()
        return self._port.sessions == self._looked_in

    async def _work(self) -> bool:
        """Takes what is due and does it; false when nothing was."""
        jobs = await self._take()
        if not jobs:
            return False
        left = list(jobs)
        self._buyers.forget_cards()
        try:
            found, contacts = await self._look_first(jobs)
            for place, job in enumerate(jobs):
                self._ahead = jobs[place : place + AHEAD]
                left.remove(job)  # Whatever ends this attempt but Trouble leaves the command unsure, as it was taken.
                try:
                    tried = await self._try(job, found, contacts)
                except Trouble:
                    left.append(job)
                    raise
                self._tried.append(tried)
                if self._suspect:
                    break  # What is not known now is looked up before anything else is done.
                if trio.current_time() - self._committed_at >= COMMIT_EVERY_S:
                    await self._commit()
                if self.stopping or not await self._answer_between():
                    break
        finally:
            with trio.CancelScope(shield=True, deadline=trio.current_time() + 10):
                await self._commit()
                await self._give_back(left)
        return True

    async def _take(self) -> list[_Job]:
        """What is due. Where nothing is, it is known for how long: whoever puts something down rings."""
        now_ms = to_ms(self._clock())
        closed, next_ms = self._journal.view(_closed_and_next)
        self._idle_s = IDLE_S if next_ms is None else min(IDLE_S, max(0.0, (next_ms - now_ms) / 1000))
        if self._idle_s:
            return []
        rows = await self._journal.run(
            lambda tx: commands.take(tx, commands.MAMUT, now_ms, TAKE_MAX, closed), brief=True
        )
        return [_Job(row=row, command=_decoder.decode(row.body)) for row in rows]

    async def _give_back(self, jobs: list[_Job]) -> None:
        """What was taken and not tried is as sure, or unsure, as it was before."""
        if not jobs:
            return
        now_ms = to_ms(self._clock())

        def step(tx: apsw.Connection) -> None:
            commands.give_back(tx, [job.row for job in jobs], now_ms)

        await self._journal.run(step)

    async def _look_first(self, jobs: list[_Job]) -> tuple[dict[str, tuple[Document, ...]], dict[str, Contact]]:
        """Documents that may stand already, and contacts that may have been made already: by an attempt of ours whose
        outcome is unknown, or by somebody else since it was decided (a second agent on a copied server). Who looks up
        and then writes in one session is alone in between."""
        if self._suspect:
            await self._port.fence()
            self._suspect = False
        new = {
            job.command.send.customer.draft.ext_id
            for job in jobs
            if isinstance(job.command.send.customer, CreateContact)
        }
        wanted = Wanted(
            external_nos=tuple(job.command.send.draft.external_no for job in jobs), ext_ids=tuple(sorted(new))
        )
        facts = await self._looked_up(wanted)
        contacts: dict[str, Contact] = {}
        for contact in sorted(facts.contacts, key=lambda contact: contact.contid, reverse=True):
            if contact.ext_id and not contact.inactive:
                contacts[contact.ext_id] = contact
        return facts.documents, contacts

    async def _looked_up(self, wanted: Wanted) -> MamutFacts:
        """All of it in one session. Raises Trouble when somebody else takes it from us again and again."""
        for _ in range(LOOKS_MAX):
            self._looked_in = self._port.sessions
            facts = await self._port.facts(wanted)
            if self._port.sessions == self._looked_in:
                return facts
        raise Trouble(TroubleKind.NOT_NOW, "session_replaced", fault=Fault.MAMUT_SESSION_TAKEN)

    async def _try(self, job: _Job, found: dict[str, tuple[Document, ...]], contacts: dict[str, Contact]) -> Tried:
        """One document. Raises Trouble only when the connection as a whole fails before this document was touched."""
        shop, order_id = job.command.shop, job.command.order_id
        touched, looked = False, not job.row.unsure
        try:
            standing = await self._standing(job, found)
            looked = True
            if standing is not None:
                stands = DocumentStands(shop=shop, order_id=order_id, document=standing, adopted=True)
                return self._result(job, stands)
            if self._is_outdated(job) or self._buyers.has_twin(job.row, job.command.send.customer):
                refused = DocumentRefused(shop=shop, order_id=order_id, reason=Reason.NOT_READ, problem=OUTDATED)
                return self._result(job, refused)
            contact, created = await self._buyers.contact(job.command.send.customer, contacts)
            updated = await self._buyers.update(contact)
            for article in job.command.send.create_articles:
                await self._article(article)
            if self._port.sessions != self._looked_in:
                raise Trouble(TroubleKind.NOT_NOW, "session_replaced")
            touched = True
            document = await self._port.create_document(job.command.send.draft, contact.contid)
            stands = DocumentStands(
                shop=shop,
                order_id=order_id,
                document=document,
                contact=contact,
                contact_created=created,
                contact_updated=updated,
            )
            return self._result(job, stands)
        except Trouble as trouble:
            if trouble.kind is TroubleKind.REFUSED:
                return self._result(
                    job,
                    DocumentRefused(
                        shop=shop,
                        order_id=order_id,
                        reason=Reason.MAMUT_REFUSED,
                        problem=trouble.problem,
                        params=trouble.params,
                    ),
                )
            unsure = trouble.kind is not TroubleKind.NOT_NOW and touched
            self._suspect = self._suspect or trouble.kind is not TroubleKind.NOT_NOW
            if trouble.kind is TroubleKind.NOT_NOW and trouble.fault is not None:
                raise  # The connection, not the order: everything waits, and nothing is held against this order.
            delayed = DocumentDelayed(
                shop=shop,
                order_id=order_id,
                unsure=unsure or not looked,
                problem=trouble.problem,
                retry_after_s=trouble.retry_after_s,
            )
            return self._result(job, delayed)

    async def _standing(self, job: _Job, found: dict[str, tuple[Document, ...]]) -> Document | None:
        """The document an earlier attempt has made. One without any row (a header saved, the rows lost) is cancelled,
        since Mamut deletes nothing, and made anew. One with other rows than ours is our document after people worked
        with it (rows delivered, taken out): it stands. Raises Trouble when there are several: a person must choose."""
        draft = job.command.send.draft
        standing: list[Document] = []
        for document in sorted(found.get(draft.external_no, ()), key=lambda document: document.order_no):
            if document.status in CANCELLED:
                continue
            if not document.lines and document.invoice_no is None:
                await self._port.cancel_document(document.order_no)
            else:
                standing.append(document)
        if len(standing) > 1:
            numbers = ", ".join(str(document.order_no) for document in standing[:5])
            params = {"external_no": draft.external_no, "document": numbers}
            raise Trouble(TroubleKind.REFUSED, EXTERNAL_NO_TWICE, params=params)
        return standing[0] if standing else None

    def _is_outdated(self, job: _Job) -> bool:
        """Whether the order may be another one by now than the one that was decided: the shop has shown a change, the
        agent was not there to see it, or its shop has got other settings."""
        shop, order_id = job.command.shop, job.command.order_id
        if self._journal.commits != self._outdated_at or (shop, order_id) not in self._compared:
            # Nothing but a commit of ours moves a version, so a few are compared at once.
            self._compared = frozenset((each.command.shop, each.command.order_id) for each in self._ahead)
            self._outdated_at = self._journal.commits
            self._outdated = self._journal.view(lambda tx: orders.outdated_among(tx, self._compared))
        changed = (shop, order_id) in self._outdated
        unseen = bool(job.row.unsure) and job.row.made_ms < self._started_ms
        return changed or unseen or job.row.made_ms < self._changed_ms.get(str(shop), 0)

    async def _article(self, article: Article) -> None:
        """A service article that an order needs, made once; articles do not vanish, so what was seen is remembered."""
        if article.product_no in self._articles:
            return
        facts = await self._port.facts(Wanted(product_nos=(article.product_no,)))
        if article.product_no not in facts.articles:
            await self._port.create_article(article)
        self._articles.add(article.product_no)

    def _result(self, job: _Job, outcome: DocumentStands | DocumentRefused | DocumentDelayed) -> Tried:
        due_ms = 0
        if isinstance(outcome, DocumentDelayed):
            wait_s = delay_s(job.row.attempts + 1, self._chance, outcome.retry_after_s)
            due_ms = to_ms(self._clock() + timedelta(seconds=wait_s))
        note = str(job.command.shop) in self._notes
        return Tried(key=job.row.key, outcome=outcome, command=job.command, due_ms=due_ms, note=note)

    async def _commit(self) -> None:
        self._committed_at = trio.current_time()
        if not self._tried:
            return
        tried, self._tried = self._tried, []
        await self._journal.run(commit_tried(tried, to_ms(self._clock())), brief=True)
        for shop in sorted({str(item.command.shop) for item in tried}):
            self._settled(shop)


def _closed_shops(tx: apsw.Connection) -> tuple[str, ...]:
    """Shops of which no order goes to Mamut now: another shop stands at their address, or a person has paused that."""
    return (*records.frozen_shops(tx), *directions.paused_shops(tx, DirectionName.ORDERS_TO_MAMUT))


def _closed_and_next(tx: apsw.Connection) -> tuple[tuple[str, ...], int | None]:
    """These, and when the next command of another shop is due. Where there is none at all, they do not matter."""
    next_ms = commands.next_due(tx, commands.MAMUT)
    closed = () if next_ms is None else _closed_shops(tx)
    return closed, commands.next_due(tx, commands.MAMUT, closed) if closed else next_ms
