"""When a direction works next. Pure: the moment it last ran and the present one come from outside.

Cron expressions are read as Debian's cron reads them (cronsim): what is set for a time that a night of changing clocks
leaves out runs right after it, and what is set for one that comes twice runs once.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from agent.model.node import Node

YEARS_MAX = 3
"""An expression that gives no time for so long gives none: 30 February is a mistake and no plan."""

_QUIET = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")


class Schedule(Node, frozen=True):
    """When one direction of one shop works.

    `every_s` is the pause between two runs, in seconds. `cron` are expressions of five fields, each of them times to
    run; with both, whichever comes first. `quiet` are times of day without runs ("22:00-06:00"); what would fall into
    one is done once when it ends. All are times of day in `zone`, an IANA name.
    """

    every_s: float | None = None
    cron: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    zone: str = "Europe/Stockholm"


class ScheduleWrong(ValueError):
    """A schedule cannot be kept. `key` is its key in the settings, `problem` a short English word."""

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


class Plan:
    """A schedule that has been read. Raises ScheduleWrong.

    Without a schedule, or with one that says neither interval nor cron, it works every `usual_s` seconds.
    """

    def __init__(self, schedule: Schedule | None, usual_s: float) -> None:
        schedule = schedule or Schedule()
        try:
            self._zone = ZoneInfo(schedule.zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ScheduleWrong("zone", "zone_unknown") from error
        self._cron = tuple(_checked_cron(text, number) for number, text in enumerate(schedule.cron))
        self._quiet = tuple(_period(text, number) for number, text in enumerate(schedule.quiet))
        if _is_always_quiet(self._quiet):
            raise ScheduleWrong("quiet", "quiet_always")
        usual = None if self._cron else usual_s
        self.every_s = usual if schedule.every_s is None else schedule.every_s

    @property
    def is_plain(self) -> bool:
        """Whether it is an interval and nothing else."""
        return not self._cron and not self._quiet

    def next_run(self, last: datetime | None, now: datetime) -> datetime:
        """When it is to run next, UTC; not after `now` means at once.

        `last` is when the last run began, None before the first. Runs that were missed since, however many, are one run
        now. The first run of a plan of cron times alone is at its next time; one with an interval begins at once.
        """
        times = [self._cron_after(text, now if last is None else last) for text in self._cron]
        if self.every_s is not None:
            times.append(now if last is None else last + timedelta(seconds=self.every_s))
        wanted = min(times)
        # What was missed is asked about now, not then: it may be the quiet hours that let it be missed.
        return self._after_quiet(max(wanted, now) if wanted < now else wanted)

    def next_runs(self, last: datetime | None, now: datetime, count: int) -> tuple[datetime, ...]:
        """The next runs, were each as short as nothing."""
        found: list[datetime] = []
        while len(found) < count:
            at = max(self.next_run(last, now), now)
            found.append(at)
            last = now = at
        return tuple(found)

    def quiet_until(self, at: datetime) -> datetime | None:
        """When the quiet hours end that the moment falls into, UTC; None when it falls into none."""
        end = self._after_quiet(at)
        return None if end == at else end

    def next_quiet(self, at: datetime) -> datetime | None:
        """When the next quiet hours begin, UTC: the moment itself within them, None when there are none."""
        today = at.astimezone(self._zone).date()
        starts = [
            max(start, at)
            for period in self._quiet
            for ahead in range(-1, 3)
            for start, end in (self._on(period, today + timedelta(days=ahead)),)
            if start < end and at < end
        ]
        return min(starts, default=None)

    def _cron_after(self, text: str, after: datetime) -> datetime:
        return next(CronSim(text, after.astimezone(self._zone))).astimezone(UTC)

    def _after_quiet(self, at: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it falls into; periods may follow on each other."""
        for _ in range(len(self._quiet) + 1):
            end = next((end for period in self._quiet if (end := self._end_of(period, at)) is not None), None)
            if end is None:
                return at
            at = end
        return at

    def _end_of(self, period: tuple[time, time], at: datetime) -> datetime | None:
        today = at.astimezone(self._zone).date()
        for day in (today - timedelta(days=1), today):
            start, end = self._on(period, day)
            if start <= at < end:
                return end
        return None

    def _on(self, period: tuple[time, time], day: date) -> tuple[datetime, datetime]:
        """The period that begins on this day, UTC. Where clocks change it may be empty: its end is not later then."""
        begins, ends = period
        last_day = day if begins < ends else day + timedelta(days=1)
        return (
            datetime.combine(day, begins, self._zone).astimezone(UTC),
            datetime.combine(last_day, ends, self._zone).astimezone(UTC),
        )


def _checked_cron(text: str, number: int) -> str:
    if len(text.split()) != 5:
        raise ScheduleWrong(f"cron[{number}]", "cron_fields")
    began = datetime(2026, 1, 1, tzinfo=UTC)
    try:
        first = next(CronSim(text, began))
    except (CronSimError, StopIteration) as error:
        raise ScheduleWrong(f"cron[{number}]", "cron_wrong") from error
    if first - began > timedelta(days=366 * YEARS_MAX):
        raise ScheduleWrong(f"cron[{number}]", "cron_never")
    return text


def _period(text: str, number: int) -> tuple[time, time]:
    found = _QUIET.match(text)
    if found is None:
        raise ScheduleWrong(f"quiet[{number}]", "quiet_wrong")
    begins = time(int(found[1]), int(found[2]))
    ends = time(int(found[3]), int(found[4]))
    if begins == ends:
        raise ScheduleWrong(f"quiet[{number}]", "quiet_always")
    return begins, ends


def _is_always_quiet(periods: tuple[tuple[time, time], ...]) -> bool:
    """Whether no minute of the day is left."""
    left = set(range(24 * 60))
    for begins, ends in periods:
        first, last = begins.hour * 60 + begins.minute, ends.hour * 60 + ends.minute
        left -= set(range(first, last)) if first < last else {*range(first, 24 * 60), *range(last)}
    return not left
