"""When each direction of a shop works: always, unless its schedule names times or quiet hours.

A turn is kept in the journal from its beginning to its end. So one that a restart has interrupted goes on, and runs
whose time passed while the agent was away come once, at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import apsw

from agent.actors.times import to_ms
from agent.flows import DirectionName
from agent.journal import turns
from agent.journal.journal import Journal
from agent.journal.turns import Kept
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.schedule import Plan, Schedule

BY_HAND_S = 900
"""So long a person's word lifts the quiet hours."""

SOONEST_S = 0.05
"""A wait for a time is no shorter, so that clocks that differ by a little do not make a loop of it."""


class Turn:
    """One direction's. Without a schedule it may always work, and nothing is kept of it. Raises ScheduleWrong."""

    def __init__(
        self, shop: ShopKey, name: DirectionName, schedule: Schedule | None, journal: Journal, clock: Clock
    ) -> None:
        self.wake: Callable[[], None] = lambda: None
        """Called when a person wants it to work now."""
        self.name = name
        self._shop = shop
        self._journal = journal
        self._clock = clock
        self._plan = None if schedule is None else Plan(schedule, 0.0)
        self.has_times = schedule is not None and (schedule.every_s is not None or bool(schedule.cron))
        """Whether there are times to wait for; else it works whenever there is something to do, but for quiet hours."""
        self.has_cron = schedule is not None and bool(schedule.cron)
        self._kept = journal.view(lambda tx: turns.get(tx, shop, name)) if schedule is not None else Kept()

    @property
    def quiet(self) -> bool:
        """Whether the shop is to be left alone now."""
        return self._quiet_until() is not None

    @property
    def may(self) -> bool:
        """Whether it may work now."""
        return (self._kept.open or not self.has_times) and not self.quiet

    @property
    def due(self) -> bool:
        """Whether its time has come, and it has not begun yet."""
        return self.has_times and not self._kept.open and self._next() <= self._clock()

    @property
    def began_ms(self) -> int:
        """When the turn began, or the last one."""
        return self._kept.began_ms or 0

    @property
    def wait_s(self) -> float:
        """Seconds until it may work, as far as its schedule goes; infinite when it may now."""
        if (until := self._quiet_until()) is None:
            if self.may:
                return float("inf")
            until = self._next()
        return max(SOONEST_S, (until - self._clock()).total_seconds())

    def pause_s(self, usual_s: float) -> float:
        """Seconds from the end of a turn to the next one; without times of its own the usual ones."""
        return self.wait_s if self.has_times else usual_s

    @property
    def quiet_in_s(self) -> float:
        """Seconds until the quiet hours begin; infinite without any, or while a person's word lifts them."""
        now = self._clock()
        if self._plan is None or self._is_lifted(now):
            return float("inf")
        begins = self._plan.next_quiet(now)
        return float("inf") if begins is None else (begins - now).total_seconds()

    async def begin(self) -> bool:
        """Begins when its time has come. Gives whether it may work now."""
        if self.due:
            await self._keep(Kept(began_ms=to_ms(self._clock()), open=True, by_hand_ms=self._kept.by_hand_ms))
        elif self.has_times and self._kept.began_ms is None and self._counts_from_now():
            await self._keep(Kept(began_ms=to_ms(self._clock())))
        return self.may

    def _counts_from_now(self) -> bool:
        """Whether the first of its times is counted from here on, so that it is caught up, too, when it was missed. An
        interval begins at once, or when the quiet hours end."""
        return self._plan is not None and self._plan.every_s is None

    async def end(self) -> None:
        """What was to be done in this turn is done."""
        if self.has_times and self._kept.open:
            await self._keep(Kept(began_ms=self._kept.began_ms, by_hand_ms=self._kept.by_hand_ms))

    def now(self, tx: apsw.Connection, now_ms: int) -> None:
        """A person wants it to work now, whatever its schedule says. Part of a step; `called` follows it."""
        if self._plan is not None:
            kept = Kept(began_ms=now_ms, open=True, by_hand_ms=now_ms + BY_HAND_S * 1000)
            turns.put(tx, self._shop, self.name, kept)

    def called(self) -> None:
        """What a person wants stands in the journal now: it works."""
        if self._plan is not None:
            self._kept = self._journal.view(lambda tx: turns.get(tx, self._shop, self.name))
        self.wake()

    def _next(self) -> datetime:
        """When it begins next; not later than now means at once."""
        now, began_ms = self._clock(), self._kept.began_ms
        if self._plan is None:
            return now
        return self._plan.next_run(None if began_ms is None else datetime.fromtimestamp(began_ms / 1000, UTC), now)

    def _quiet_until(self) -> datetime | None:
        if self._plan is None:
            return None
        now = self._clock()
        return None if self._is_lifted(now) else self._plan.quiet_until(now)

    def _is_lifted(self, now: datetime) -> bool:
        return to_ms(now) < self._kept.by_hand_ms

    async def _keep(self, kept: Kept) -> None:
        def keeping_turn(tx: apsw.Connection) -> None:
            turns.put(tx, self._shop, self.name, kept)

        await self._journal.run(keeping_turn)
        self._kept = kept


class Turns:
    """Every direction's turn, the same for whoever asks. `schedules` are keyed by shop and direction."""

    def __init__(self, schedules: dict[tuple[str, str], Schedule], journal: Journal, clock: Clock) -> None:
        self._schedules = schedules
        self._journal = journal
        self._clock = clock
        self._made: dict[tuple[str, str], Turn] = {}

    def change(self, shop: str, schedules: Mapping[str, Schedule]) -> None:
        """The shop's directions follow these schedules from now on: whoever asks for one that has become another is
        given a new turn."""
        was = {name: schedule for (key, name), schedule in self._schedules.items() if key == shop}
        for name in {*was, *schedules}:
            if was.get(name) != schedules.get(name):
                self._schedules.pop((shop, name), None)
                self._made.pop((shop, name), None)
        self._schedules |= {(shop, name): schedule for name, schedule in schedules.items()}

    def of(self, shop: str, name: DirectionName) -> Turn:
        key = (shop, name.value)
        if key not in self._made:
            self._made[key] = Turn(ShopKey(shop), name, self._schedules.get(key), self._journal, self._clock)
        return self._made[key]
