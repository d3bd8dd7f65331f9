"""Mails what needs a person, so that nothing fails in silence. Nothing waits for it, and what it cannot send it keeps.

What has been told is kept after the server has taken the letter: killed in between, the agent tells it again, in a
letter of the same identity, rather than never.
"""

from __future__ import annotations

import math
import ssl
from collections.abc import Callable
from datetime import timedelta
from random import Random
from zoneinfo import ZoneInfo

import apsw
import msgspec
import structlog
import trio

from agent.actors.health import Health
from agent.actors.times import to_ms
from agent.decide.telling import Telling, Timing, followed, is_daily_due, is_time, remembered, telling
from agent.journal import records, told_by_mail
from agent.journal.journal import Journal
from agent.journal.told_by_mail import MailState
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.remote.retry import delay_s
from agent.remote.smtp import Connect, Letter, deliver
from agent.remote.trouble import Trouble
from agent.schedule import Plan, Schedule
from agent.settings.secret import Secret
from agent.settings.tree import Settings
from agent.settings.tree_mail import MailSettings
from agent.shown import letter as letters
from agent.shown.letter import Written
from agent.shown.matters import Subject, matter, subjects

LOOK_S = 60.0
"""So often it is looked whether anybody is to be told."""

CALM_S = 300.0
"""So much longer than a shop may be silent a thing is gone before it is said to be over: whoever starts anew has to
wait for the silence again."""

MAIL = ShopKey("@mail")
"""The shop of wishes that are about mail: no shop can have that key."""

TEST = "mail_test"
DONE = "done"
OFF = "mail_off"

log = structlog.get_logger("brygga")


class Mailing(Frozen, frozen=True):
    """How letters are sent now. `password` is None where nobody logs in."""

    settings: Settings
    password: Secret | None


async def send(
    written: Written, mailing: Mailing, clock: Clock, connect: Connect, tls: Callable[[], ssl.SSLContext]
) -> int:
    """Hands the letter over; gives how many recipients the server would not have. Raises Trouble."""
    settings = mailing.settings
    body = letters.envelope(written, settings, clock(), letters.language_of(settings))
    one = Letter(sender=settings.mail.sender, to=settings.mail.to, body=body)
    return len(await deliver(one, settings.mail, mailing.password, connect, tls()))


def plans(mail: MailSettings) -> tuple[Plan | None, Plan]:
    """When the digest goes, None where each thing goes when it is ripe; and the quiet hours."""
    hour, _, minute = mail.daily_at.partition(":")
    daily = Plan(Schedule(cron=(f"{int(minute)} {int(hour)} * * *",), zone=mail.zone), 1.0) if hour else None
    return daily, Plan(Schedule(quiet=mail.quiet, zone=mail.zone), 1.0)


class Mailer:
    """`mailing` gives what holds now: it changes while the agent works. `every_s` is how often it is asked whether
    somebody wants a letter tried."""

    def __init__(
        self,
        mailing: Callable[[], Mailing],
        journal: Journal,
        clock: Clock,
        chance: Random,
        connect: Connect,
        tls: Callable[[], ssl.SSLContext],
        *,
        every_s: float,
    ) -> None:
        self._mailing = mailing
        self._journal = journal
        self._clock = clock
        self._chance = chance
        self._connect = connect
        self._tls = tls
        self._health = Health("mail", journal, clock)
        self._every_s = every_s
        self._attempts = 0
        self._next = -math.inf
        self._used: Mailing | None = None

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            await self._fulfil()
            mailing = self._mailing()
            used, self._used = self._used, mailing
            if used is None or used.settings is not mailing.settings or used.password != mailing.password:
                self._at_once()
            if trio.current_time() >= self._next:
                self._next = trio.current_time() + LOOK_S
                await (self._look(mailing) if mailing.settings.mail.is_on else self._rest())
            await trio.sleep(self._every_s)

    def _at_once(self) -> None:
        """Other settings hold, or a letter came through: what failed may work now."""
        self._attempts, self._next = 0, -math.inf

    # -- what is due ---------------------------------------------------------------------------------------------------

    async def _look(self, mailing: Mailing) -> None:
        settings, now = mailing.settings, self._clock()
        mail = settings.mail
        daily, quiet = plans(mail)
        state = self._journal.view(told_by_mail.get)
        found = self._journal.view(lambda tx: subjects(tx, settings, now))
        matters = [matter(each, settings) for each in found]
        told = followed(matters, state.told, now)
        timing = Timing(
            zone=ZoneInfo(mail.zone),
            urgent=mail.urgent,
            last=state.sent,
            digest=state.digest or now,
            calm=timedelta(seconds=settings.attention.unreachable_after_s + CALM_S),
        )
        looked = _after(state, told=told, digest=timing.digest)
        if not is_time(timing, now, quiet):
            await self._keep(state, looked)
            return
        if daily is not None and is_daily_due(daily, timing, now):
            looked = _after(looked, digest=now)
        due = telling(matters, told, timing, now, daily, quiet)
        if due is None:
            await self._keep(state, looked)
            await self._health.good("waiting")
            return
        # Only what stands in the journal is gone on from: of a letter that is not taken nothing is.
        await self._keep(state, _after(state, told=told, digest=timing.digest))
        refused = await self._sent(due, found, mailing)
        if refused is not None:
            remains = remembered(due, matters, told, now)
            sent = _after(looked, told=remains, sent=now, failed=None, problem="", refused=refused)

            def noting_sent(tx: apsw.Connection) -> None:
                told_by_mail.put(tx, sent)

            await self._journal.run(noting_sent)
            log.info("mailed", new=len(due.new), grown=len(due.grown), again=len(due.again), over=len(due.over))

    async def _sent(self, due: Telling, found: list[Subject], mailing: Mailing) -> int | None:
        """How many recipients were refused; None when the letter was not taken."""
        settings, now = mailing.settings, self._clock()
        written = letters.write(due, found, settings, now, letters.language_of(settings))
        try:
            refused = await send(written, mailing, self._clock, self._connect, self._tls)
        except Trouble as trouble:
            await self._failed(trouble)
            return None
        self._attempts = 0
        await self._health.good()
        return refused

    async def _failed(self, trouble: Trouble) -> None:
        self._attempts += 1
        wait_s = delay_s(self._attempts, self._chance)
        self._next = trio.current_time() + wait_s
        state = self._journal.view(told_by_mail.get)
        await self._keep(state, _after(state, failed=state.failed or self._clock(), problem=trouble.told))
        await self._health.paused(trouble, wait_s)

    async def _rest(self) -> None:
        """Nobody wants mail: what was told before is forgotten, so that whoever wants it again hears all."""
        state = self._journal.view(told_by_mail.get)
        if state != MailState():
            await self._keep(state, MailState())
        if self._journal.view(_has_health):
            await self._journal.run(_forget_health)

    async def _keep(self, was: MailState, now: MailState) -> None:
        if now != was:

            def keeping_mail(tx: apsw.Connection) -> None:
                told_by_mail.put(tx, now)

            await self._journal.run(keeping_mail)

    # -- what people ask for -----------------------------------------------------------------------------------------

    async def _fulfil(self) -> None:
        for wish in self._journal.view(lambda tx: records.open_wishes(tx, MAIL)):
            result = await self._tried(f"{wish.wish_id}/{wish.at_ms}") if wish.kind == TEST else "unknown_wish"
            await self._answer(wish.wish_id, result)

    async def _answer(self, wish_id: int, result: str) -> None:
        now = self._clock()

        def answering_mail(tx: apsw.Connection) -> None:
            records.finish_wish(tx, wish_id, to_ms(now), result)
            told_by_mail.put(tx, _after(told_by_mail.get(tx), tried=now, result=result))

        await self._journal.run(answering_mail)

    async def _tried(self, token: str) -> str:
        mailing = self._mailing()
        if not mailing.settings.mail.is_on:
            return OFF
        written = letters.trial(mailing.settings, letters.language_of(mailing.settings), token)
        try:
            await send(written, mailing, self._clock, self._connect, self._tls)
        except Trouble as trouble:
            return trouble.told
        self._at_once()
        return DONE


def _after(state: MailState, **changes: object) -> MailState:
    return msgspec.structs.replace(state, **changes)


def _has_health(tx: apsw.Connection) -> bool:
    return tx.execute("SELECT 1 FROM health WHERE actor = 'mail'").fetchone() is not None


def _forget_health(tx: apsw.Connection) -> None:
    tx.execute("DELETE FROM health WHERE actor = 'mail'")
