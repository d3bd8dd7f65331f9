"""What is mailed when: each thing once, again when it has grown or a day has passed, and well again once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from agent.decide.telling import Matter, Telling, Timing, Told, followed, remembered, telling
from agent.schedule import Plan, Schedule

ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Desk:
    """Somebody's mail through some days: `look` gives what is mailed at the moment."""

    def __init__(self, *, daily: str = "30 7 * * *", urgent: bool = True, quiet: tuple[str, ...] = ()) -> None:
        self.now = MONDAY
        self.matters: dict[str, Matter] = {}
        self.told: dict[str, Told] = {}
        self.last: datetime | None = None
        self.digest: datetime | None = MONDAY
        self.urgent = urgent
        self.daily = Plan(Schedule(cron=(daily,)), 1.0) if daily else None
        self.quiet = Plan(Schedule(quiet=quiet), 1.0)

    def begin(self, key: str, *, count: int = 1, urgent: bool = False, age_s: float = 3_600.0) -> None:
        self.matters[key] = Matter(key=key, count=count, since=self.now, urgent=urgent, age_s=0.0 if urgent else age_s)

    def grow(self, key: str, count: int) -> None:
        was = self.matters[key]
        self.matters[key] = Matter(key=key, count=count, since=was.since, urgent=was.urgent, age_s=was.age_s)

    def look(self, after: timedelta = timedelta(0)) -> Telling | None:
        self.now += after
        found = list(self.matters.values())
        self.told = followed(found, self.told, self.now)
        timing = Timing(zone=ZONE, urgent=self.urgent, last=self.last, digest=self.digest)
        letter = telling(found, self.told, timing, self.now, self.daily, self.quiet)
        if self.daily is not None and self.daily.next_run(self.digest, self.now) <= self.now:
            self.digest = self.now
        if letter is not None:
            self.told, self.last = remembered(letter, found, self.told, self.now), self.now
        return letter

    def through(self, hours: float) -> list[tuple[datetime, Telling]]:
        """All letters of the time, looked for every minute."""
        looks = [(self.look(timedelta(minutes=1)), self.now) for _ in range(round(hours * 60))]
        return [(at, letter) for letter, at in looks if letter is not None]


def test_what_stops_the_flow_is_told_at_once_and_that_it_is_over_once() -> None:
    desk = Desk()
    desk.begin("system/BRY-C01/garn", urgent=True)
    assert desk.look() == Telling(new=("system/BRY-C01/garn",))
    assert desk.through(12) == []
    desk.matters.clear()
    ((at, letter),) = desk.through(48)
    assert letter == Telling(over=("system/BRY-C01/garn",))
    assert letter.is_all_well
    assert at - MONDAY < 13 * HOUR


def test_the_rest_waits_for_the_digest_and_is_told_once_a_day_while_it_lasts() -> None:
    desk = Desk()
    desk.begin("order/BRY-H02/garn")
    letters = desk.through(48)
    assert [(at.astimezone(ZONE).strftime("%a %H:%M"), letter) for at, letter in letters] == [
        ("Tue 07:30", Telling(new=("order/BRY-H02/garn",))),
        ("Wed 07:30", Telling(again=("order/BRY-H02/garn",))),
    ]
    desk.matters.clear()
    (ended,) = desk.through(48)
    assert ended[1].is_all_well


def test_what_mends_itself_is_never_told() -> None:
    desk = Desk(daily="")
    for _ in range(20):
        desk.begin("article/BRY-G01/garn")
        assert desk.through(0.9) == []
        desk.matters.clear()
        assert desk.through(0.5) == []


def test_without_a_digest_a_thing_is_told_as_soon_as_it_is_old_enough() -> None:
    desk = Desk(daily="")
    desk.begin("order/BRY-H02/garn")
    ((at, letter),) = desk.through(10)
    assert (at - MONDAY, letter.new) == (HOUR, ("order/BRY-H02/garn",))


def test_what_grows_is_told_again_and_what_doubles_at_once() -> None:
    desk = Desk()
    desk.begin("order/BRY-D01/garn", urgent=True)
    letters = [desk.look()]
    for count in range(2, 65):
        desk.grow("order/BRY-D01/garn", count)
        letters.append(desk.look(timedelta(seconds=40)))
    counts = [desk.told["order/BRY-D01/garn"].count, len([letter for letter in letters if letter is not None])]
    assert counts[0] >= 32
    assert counts[1] <= 4, "a flood of failures is no flood of letters"
    desk.through(1)
    desk.begin("order/BRY-H02/garn", count=3)
    desk.through(24)
    desk.grow("order/BRY-H02/garn", 4)
    (daily,) = desk.through(24)
    assert "order/BRY-H02/garn" in daily[1].grown


def test_one_that_comes_and_goes_is_told_once() -> None:
    desk = Desk()
    for _ in range(30):
        desk.begin("system/BRY-C01/garn", urgent=True)
        first = desk.matters["system/BRY-C01/garn"]
        desk.matters["system/BRY-C01/garn"] = Matter(key=first.key, count=1, since=MONDAY, urgent=True)
        desk.through(0.1)
        desk.matters.clear()
        desk.look(timedelta(minutes=5))
    assert desk.last == MONDAY + timedelta(minutes=1), "gone for less than the time of calm it is not over"
    assert len(desk.through(1)) == 1
    assert not desk.told


def test_in_quiet_hours_nothing_is_mailed_and_nothing_is_forgotten() -> None:
    desk = Desk(quiet=("09:00-16:00",))
    desk.begin("system/BRY-C20/", urgent=True)
    ((at, letter),) = desk.through(12)
    assert at.astimezone(ZONE).strftime("%H:%M") == "16:00"
    assert letter.new == ("system/BRY-C20/",)


def test_another_shop_with_the_same_trouble_is_told_and_the_first_is_only_counted() -> None:
    desk = Desk()
    desk.begin("system/BRY-C01/garn", urgent=True)
    desk.look()
    desk.now += HOUR
    desk.begin("system/BRY-C01/tyg", urgent=True)
    assert desk.look() == Telling(new=("system/BRY-C01/tyg",), known=("system/BRY-C01/garn",))
    del desk.matters["system/BRY-C01/garn"]
    ((_, letter),) = desk.through(3)
    assert letter == Telling(known=("system/BRY-C01/tyg",), over=("system/BRY-C01/garn",))
    assert not letter.is_all_well


def test_who_wants_nothing_at_once_hears_in_the_digest() -> None:
    desk = Desk(urgent=False)
    desk.begin("system/BRY-C20/", urgent=True)
    ((at, _),) = desk.through(24)
    assert at.astimezone(ZONE).strftime("%H:%M") == "07:30"
