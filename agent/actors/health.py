"""How each actor is, for whoever looks: written when it changes, and now and then while it does not."""

from __future__ import annotations

from datetime import timedelta

import structlog

from agent.actors.times import to_ms
from agent.journal import records
from agent.journal.journal import Journal
from agent.model.catalogue import explain
from agent.model.clock import Clock
from agent.model.reasons import Fault
from agent.model.words import Language
from agent.remote.trouble import Trouble

REFRESH_S = 240
"""An unchanged state is written again after so many seconds, so that a silent actor is told from a healthy one: what is
late is told of after ten minutes at the earliest. Each time is a commit."""

GOOD = ("working", "waiting")
"""The states of an actor that is well."""

GOOD_EVERY_S = 30
"""An actor that goes from work to waiting and back is well all the time: which of them is said so often at most. A busy
one changes with every batch, and each word is a commit."""

log = structlog.get_logger("brygga")


class Health:
    """One actor's health in the journal."""

    def __init__(self, actor: str, journal: Journal, clock: Clock) -> None:
        self.actor = actor
        self._journal = journal
        self._clock = clock
        self._last = ("", "", "")
        self._written_ms = 0

    async def good(self, state: str = "working") -> None:
        await self._write(state, "", "", None)

    async def paused(self, trouble: Trouble, wait_s: float) -> None:
        """The connection does not serve us now; the actor asks again after `wait_s` seconds."""
        next_ms = to_ms(self._clock() + timedelta(seconds=wait_s))
        fault = trouble.fault.value if trouble.fault is not None else ""
        if self._last[:2] != ("paused", fault):
            log.warning(
                "paused",
                actor=self.actor,
                **_told(fault),
                problem=trouble.problem,
                detail=trouble.detail,
                wait_s=round(wait_s),
            )
        problem = f"{trouble.problem}: {trouble.detail}" if trouble.detail else trouble.problem
        await self._write("paused", fault, problem, next_ms)

    async def stopped(self, state: str, fault: str, problem: str) -> None:
        """Parked or frozen: until a person acts."""
        if self._last != (state, fault, problem):
            log.error(state, actor=self.actor, **_told(fault), problem=problem)
        await self._write(state, fault, problem, None)

    async def _write(self, state: str, fault: str, problem: str, next_ms: int | None) -> None:
        now_ms = to_ms(self._clock())
        if now_ms - self._written_ms < self._kept_s((state, fault, problem)) * 1000:
            return
        if self._last[0] == "paused" and state != "paused":
            log.info("resumed", actor=self.actor)
        self._last = (state, fault, problem)
        self._written_ms = now_ms
        await self._journal.run(
            lambda tx: records.set_health(tx, self.actor, state, now_ms, fault=fault, problem=problem, next_ms=next_ms),
            brief=True,
        )

    def _kept_s(self, now: tuple[str, str, str]) -> int:
        """For how many seconds what was last written need not be replaced by this."""
        if now == self._last:
            return REFRESH_S
        both_good = now[0] in GOOD and self._last[0] in GOOD
        return GOOD_EVERY_S if both_good and now[1:] == self._last[1:] else 0


def _told(fault: str) -> dict[str, str]:
    """The fault with what it means and what mends it, so that a log can be read without the catalogue."""
    if not fault:
        return {}
    text = explain(Fault(fault), Language.ENGLISH)
    return {"fault": fault, "title": text.title, "remedy": text.remedy}
