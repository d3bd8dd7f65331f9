"""When a direction works next: intervals, cron, quiet hours, missed runs, and the two nights when clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from agent.schedule import Plan, Schedule, ScheduleWrong

SWEDEN = ZoneInfo("Europe/Stockholm")
SPRING = datetime(2026, 3, 29, tzinfo=SWEDEN)
"""The clocks go from 02:00 to 03:00."""
AUTUMN = datetime(2026, 10, 25, tzinfo=SWEDEN)
"""The clocks go from 03:00 back to 02:00."""


def plan(usual_s: float = 300.0, **schedule: Any) -> Plan:
    return Plan(msgspec.convert(schedule, Schedule), usual_s)


def at(text: str) -> datetime:
    """A moment in Sweden; "+" behind it means the second of two that have the same name."""
    moment = datetime.fromisoformat(text.rstrip("+")).replace(tzinfo=SWEDEN, fold=int(text.endswith("+")))
    return moment.astimezone(UTC)


def runs(of: Plan, since: datetime, until: datetime) -> list[str]:
    found, last, now = [], None, since.astimezone(UTC)
    while (now := of.next_run(last, now)) < until:
        found.append(now.astimezone(SWEDEN).strftime("%d %H:%M"))
        last = now
    return found


def test_without_a_schedule_it_is_the_usual_interval() -> None:
    of = Plan(None, 300.0)
    now = at("2026-11-02 10:00")
    assert of.next_run(None, now) == now
    assert of.next_run(now, now) == now + timedelta(minutes=5)
    assert of.is_plain


def test_cron_times_are_times_of_day_in_sweden() -> None:
    of = plan(cron=["30 3 * * *"])
    assert of.next_run(None, at("2026-11-02 10:00")) == at("2026-11-03 03:30")
    assert of.next_run(None, at("2026-07-02 10:00")) == at("2026-07-03 03:30")


def test_of_several_times_the_first_counts() -> None:
    of = plan(cron=["0 6 * * *", "0 12 * * MON-FRI"])
    assert of.next_run(at("2026-11-02 06:00"), at("2026-11-02 06:01")) == at("2026-11-02 12:00")
    assert of.next_run(at("2026-11-07 06:00"), at("2026-11-07 06:01")) == at("2026-11-08 06:00")


def test_runs_that_were_missed_are_caught_up_once() -> None:
    of = plan(cron=["0 3 * * *"])
    now = at("2026-11-09 10:00")
    assert of.next_run(at("2026-11-02 03:00"), now) == now
    assert of.next_run(now, now) == at("2026-11-10 03:00")


def test_quiet_hours_over_midnight_wait_for_their_end() -> None:
    of = plan(quiet=["22:00-06:00"])
    assert of.next_run(None, at("2026-11-02 23:00")) == at("2026-11-03 06:00")
    assert of.next_run(None, at("2026-11-03 05:59")) == at("2026-11-03 06:00")
    assert of.next_run(None, at("2026-11-03 06:00")) == at("2026-11-03 06:00")
    assert of.next_run(at("2026-11-02 21:58"), at("2026-11-02 21:58")) == at("2026-11-03 06:00")


def test_a_cron_time_in_quiet_hours_is_done_when_they_end() -> None:
    of = plan(cron=["0 3 * * *"], quiet=["22:00-06:00"])
    assert of.next_run(at("2026-11-02 06:00"), at("2026-11-02 07:00")) == at("2026-11-03 06:00")
    assert of.next_run(at("2026-11-03 06:00"), at("2026-11-03 06:00")) == at("2026-11-04 06:00")


def test_quiet_hours_that_follow_on_each_other_are_one() -> None:
    of = plan(quiet=["22:00-23:00", "23:00-06:00", "06:00-07:00"])
    assert of.next_run(None, at("2026-11-02 22:30")) == at("2026-11-03 07:00")


def test_a_time_that_the_spring_night_leaves_out_runs_once() -> None:
    until = SPRING + timedelta(days=2)
    assert runs(plan(cron=["30 2 * * *"]), SPRING, until) == ["29 03:00", "30 02:30"]


def test_a_time_that_the_autumn_night_has_twice_runs_once() -> None:
    until = AUTUMN + timedelta(days=2)
    assert runs(plan(cron=["30 2 * * *"]), AUTUMN, until) == ["25 02:30", "26 02:30"]


@pytest.mark.parametrize(("night", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_every_hour_is_every_hour_that_there_is(night: datetime, hours: int) -> None:
    day_after = (night + timedelta(days=1)).astimezone(UTC)
    found = runs(plan(cron=["0 * * * *"]), night - timedelta(seconds=1), day_after)
    assert len(found) == hours


@pytest.mark.parametrize("night", [SPRING, AUTUMN])
def test_an_interval_knows_no_clocks(night: datetime) -> None:
    of, last = plan(every_s=600.0), night.astimezone(UTC)
    for _ in range(200):
        following = of.next_run(last, last)
        assert following - last == timedelta(minutes=10)
        last = following


def test_quiet_hours_that_end_in_the_hour_that_is_not_there_end_after_it() -> None:
    of = plan(quiet=["00:00-02:30"])
    end = of.next_run(None, at("2026-03-29 00:30"))
    assert end.astimezone(SWEDEN).strftime("%H:%M") == "03:30"


def test_quiet_hours_of_the_autumn_night_hold_through_both() -> None:
    of = plan(quiet=["01:00-03:00"])
    assert of.next_run(None, at("2026-10-25 02:30")) == at("2026-10-25 03:00")
    assert of.next_run(None, at("2026-10-25 02:30+")) == at("2026-10-25 03:00")


def test_the_next_runs_are_told() -> None:
    of = plan(cron=["0 6,18 * * *"])
    told = of.next_runs(None, at("2026-11-02 10:00"), 3)
    assert told == (at("2026-11-02 18:00"), at("2026-11-03 06:00"), at("2026-11-03 18:00"))


def test_another_zone_is_another_time_of_day() -> None:
    of = plan(cron=["0 6 * * *"], zone="Europe/Helsinki")
    assert of.next_run(None, at("2026-11-02 10:00")) == at("2026-11-03 05:00")


@pytest.mark.parametrize(
    ("schedule", "key", "problem"),
    [
        ({"cron": ["* * *"]}, "cron[0]", "cron_fields"),
        ({"cron": ["0 3 * * *", "0 25 * * *"]}, "cron[1]", "cron_wrong"),
        ({"cron": ["0 0 30 2 *"]}, "cron[0]", "cron_wrong"),
        ({"cron": ["* * * * * *"]}, "cron[0]", "cron_fields"),
        ({"quiet": ["22-06"]}, "quiet[0]", "quiet_wrong"),
        ({"quiet": ["24:00-06:00"]}, "quiet[0]", "quiet_wrong"),
        ({"quiet": ["06:00-06:00"]}, "quiet[0]", "quiet_always"),
        ({"quiet": ["00:00-12:00", "12:00-00:00"]}, "quiet", "quiet_always"),
        ({"zone": "Europe/Göteborg"}, "zone", "zone_unknown"),
        ({"zone": "../../etc/passwd"}, "zone", "zone_unknown"),
    ],
)
def test_a_schedule_that_cannot_be_kept_is_refused(schedule: dict[str, Any], key: str, problem: str) -> None:
    with pytest.raises(ScheduleWrong) as refused:
        plan(**schedule)
    assert (refused.value.key, refused.value.problem) == (key, problem)
