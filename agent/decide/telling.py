"""What is to be mailed now, of all that needs a person: pure, from what there is, what has been told, and the time.

A thing is told once, again when it has grown, and once more on each later day while it lasts. What stops the flow is
told at once, the rest in the digest of the day. That all is well again is told once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.model.order import Frozen
from agent.schedule import Plan

SPACE = timedelta(minutes=10)
"""Between two letters, so that a bad hour is no flood."""


class Matter(Frozen, frozen=True):
    """One cause in one shop. `count` is how many wait for it; `since` is when the oldest began, None where nobody
    knows. `urgent` is what stops the flow."""

    key: str
    count: int
    since: datetime | None
    urgent: bool = False
    age_s: float = 0.0
    """How many seconds it waits before it is told."""
    is_one: bool = False
    """Whether it is one thing that lasts, such as a shop that does not answer: when it began is then only since when
    we know. Else it is a heap, and what began later is something else."""

    def is_ripe(self, now: datetime) -> bool:
        return self.since is None or now - self.since >= timedelta(seconds=self.age_s)


class Told(Frozen, frozen=True):
    """What was last told of a matter. `gone` is when it was first seen to be no more, None while it is there."""

    count: int
    at: datetime
    urgent: bool
    gone: datetime | None = None


class Timing(Frozen, frozen=True):
    """When letters go. `daily` is None when each thing goes as soon as it is ripe; `last` is when the last letter was
    sent, `digest` when the last digest of the day was due that has been seen to.

    What has been gone for `calm` is over: a shop that answers now and then is not well again each time, and whoever
    starts anew has to wait for its silence again.
    """

    zone: ZoneInfo
    urgent: bool
    last: datetime | None
    digest: datetime | None
    calm: timedelta = timedelta(minutes=20)


class Telling(Frozen, frozen=True):
    """One letter. `new`, `grown` and `again` are told; `known` have been told today and are only counted; `over` are
    gone since they were told. By their keys, in the order given."""

    new: tuple[str, ...] = ()
    grown: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    over: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        return (*self.new, *self.grown, *self.again)

    @property
    def is_all_well(self) -> bool:
        return not self.told and not self.known

    @property
    def is_empty(self) -> bool:
        return not self.told and not self.over


def telling(
    matters: Iterable[Matter], told: Mapping[str, Told], timing: Timing, now: datetime, daily: Plan | None, quiet: Plan
) -> Telling | None:
    """The letter that is due now; None when none is. In quiet hours none is, and what came meanwhile is due when they
    end."""
    if not is_time(timing, now, quiet):
        return None
    ripe = [matter for matter in matters if matter.is_ripe(now)]
    letter = _letter(ripe, told, now, timing)
    if letter.is_empty:
        return None
    if daily is None or is_daily_due(daily, timing, now) or _presses(ripe, told, letter, timing):
        return letter
    return None


def is_time(timing: Timing, now: datetime, quiet: Plan) -> bool:
    """Whether any letter may go now."""
    return quiet.quiet_until(now) is None and (timing.last is None or now - timing.last >= SPACE)


def is_daily_due(daily: Plan, timing: Timing, now: datetime) -> bool:
    """Whether the day's digest is to be looked at."""
    return timing.digest is not None and daily.next_run(timing.digest, now) <= now


def followed(matters: Iterable[Matter], told: Mapping[str, Told], now: datetime) -> dict[str, Told]:
    """What has been told, with what is gone by now marked as such and what is back unmarked."""
    there = {matter.key for matter in matters}
    return {
        key: Told(count=each.count, at=each.at, urgent=each.urgent, gone=None if key in there else each.gone or now)
        for key, each in told.items()
    }


def remembered(letter: Telling, matters: Iterable[Matter], told: Mapping[str, Told], now: datetime) -> dict[str, Told]:
    """What has been told once the letter is sent."""
    kept = {key: each for key, each in told.items() if key not in letter.over}
    by_key = {matter.key: matter for matter in matters}
    for key in letter.told:
        matter = by_key[key]
        kept[key] = Told(count=matter.count, at=now, urgent=matter.urgent)
    return kept


def _letter(ripe: list[Matter], told: Mapping[str, Told], now: datetime, timing: Timing) -> Telling:
    new, grown, again, known = [], [], [], []
    for matter in ripe:
        past = told.get(matter.key)
        # Of a heap whose oldest began after it was last told, nothing has been told.
        if past is None or (not matter.is_one and matter.since is not None and matter.since > past.at):
            new.append(matter.key)
        elif matter.count > past.count:
            grown.append(matter.key)
        elif _day(past.at, timing.zone) < _day(now, timing.zone):
            again.append(matter.key)
        else:
            known.append(matter.key)
    over = tuple(key for key, past in told.items() if past.gone is not None and now - past.gone >= timing.calm)
    return Telling(new=tuple(new), grown=tuple(grown), again=tuple(again), known=tuple(known), over=over)


def _presses(ripe: list[Matter], told: Mapping[str, Told], letter: Telling, timing: Timing) -> bool:
    """Whether the letter cannot wait for the digest: something stops the flow that nobody knows of, or no more; or
    all that was told is over."""
    if letter.over and letter.is_all_well:
        return True
    if not timing.urgent:
        return False
    urgent = {matter.key: matter for matter in ripe if matter.urgent}
    pressing = any(key in urgent for key in letter.new)
    # A hundred orders that fail one by one are no hundred letters.
    doubled = any(key in urgent and urgent[key].count >= 2 * told[key].count for key in letter.grown)
    return pressing or doubled or any(told[key].urgent for key in letter.over)


def _day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()
