"""The shop's cron: work that is due later and is only ever started by a visit, at most once a minute.

WordPress has no clock of its own. A visit (any page or REST call) looks whether cron ran within the last minute and,
if not, starts it; cron then runs the queue (Action Scheduler), which does what is due. Without visits nothing happens
(webhooks_delay.json).
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from typing import TypeAlias

import msgspec

from simulators.woocommerce.ids import Series

Job: TypeAlias = Callable[[int], None]
"""What is done for an action; gets the argument it was queued with."""


class Action(msgspec.Struct, frozen=True, order=True):
    """One queued action: `due` is a moment in seconds, `argument` whatever whole number the job needs (an id)."""

    due: int
    id: int
    hook: str
    argument: int


class Work:
    """The queue and its clockwork. `minute_s` is how seldom cron starts; without `cron` visits start nothing and the
    queue is only run by hand."""

    def __init__(self, series: Series, minute_s: int = 60) -> None:
        self._series = series
        self._jobs: dict[str, Job] = {}
        self._due: list[Action] = []
        self._waiting: dict[tuple[str, int], int] = {}
        self._next: int | None = None
        self._blocked_until = 0
        self._minute_s = minute_s
        self.runs = 0
        self.cron = True

    def on(self, hook: str, job: Job) -> None:
        self._jobs[hook] = job

    def queue(self, hook: str, argument: int, due: int) -> None:
        action = Action(due, self._series.next(), hook, argument)
        heappush(self._due, action)
        self._waiting[hook, argument] = self._waiting.get((hook, argument), 0) + 1

    def waiting(self, hook: str, argument: int) -> bool:
        """Whether such an action is queued already (webhooks merge by this)."""
        return (hook, argument) in self._waiting

    def anchor(self, next_due: int, blocked_until: int) -> None:
        """Say when the queue is due next, and until when a hanging earlier run of cron keeps it from starting."""
        self._next, self._blocked_until = next_due, blocked_until

    def visit(self, now: int) -> bool:
        """A visit at `now`; runs the queue if it is due. Says whether it ran.

        The queue is due every minute by the clock of its first run, also after one that came late
        (webhooks_delay.json).
        """
        if self._next is None:
            self._next = now
        if not self.cron or now < max(self._next, self._blocked_until):
            return False
        self._next = now + self._minute_s - (now - self._next) % self._minute_s
        self.run(now)
        return True

    def run(self, now: int) -> None:
        """Do everything that is due, as `wp action-scheduler run` by hand does; `runs` counts how often."""
        self.runs += 1
        while self._due and self._due[0].due <= now:
            action = heappop(self._due)
            name = (action.hook, action.argument)
            left = self._waiting[name] - 1
            if left:
                self._waiting[name] = left
            else:
                del self._waiting[name]
            self._jobs[action.hook](action.argument)
