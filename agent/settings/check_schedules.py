"""What `[shop.schedules."…"]` means: directions that the shop's flow has, and times that can be kept."""

from __future__ import annotations

from collections.abc import Iterator

from agent.flows import NUMBERS, DirectionName, flow
from agent.model.words import Words, words
from agent.schedule import Plan, Schedule, ScheduleWrong
from agent.settings.finding import Finding, conflict, risky, wrong
from agent.settings.kinds import choose, did_you_mean, shown
from agent.settings.ranges import check_range
from agent.settings.tree import ShopSettings

EVERY_MIN_S = 5
EVERY_MAX_S = 604_800

_CRON = words(
    'Ange fem fält: minut, timme, dag, månad, veckodag. Till exempel "30 3 * * *", varje natt klockan 03:30.',
    'Give five fields: minute, hour, day, month, weekday. For example "30 3 * * *", every night at 03:30.',
)
_QUIET = words('Ange klockslag så: "22:00-06:00".', 'Give times of day so: "22:00-06:00".')

WRONG: dict[str, tuple[Words, Words]] = {
    "zone_unknown": (
        words("Tidszonen finns inte.", "There is no such time zone."),
        words('Ange den så: "Europe/Stockholm", eller ta bort raden.', 'Give it so: "Europe/Stockholm", or remove it.'),
    ),
    "cron_fields": (words("Uttrycket har inte fem fält.", "The expression does not have five fields."), _CRON),
    "cron_wrong": (words("Uttrycket går inte att förstå.", "The expression cannot be understood."), _CRON),
    "cron_never": (
        words("Uttrycket ger ingen tid på flera år.", "The expression gives no time for years."),
        words("Ange en dag som finns.", "Give a day that there is."),
    ),
    "quiet_wrong": (words("Det är inga tysta timmar.", "These are no quiet hours."), _QUIET),
    "quiet_always": (
        words("Ingen tid på dygnet blir kvar.", "No time of the day is left."),
        words(
            "Korta de tysta timmarna, eller pausa riktningen med brygga pause.",
            "Shorten the quiet hours, or pause the direction with brygga pause.",
        ),
    ),
}


def check_schedules(shop: ShopSettings, path: str) -> Iterator[Finding]:
    for name, schedule in shop.schedules.items():
        where = f"{path}.{name}"
        yield from _check_direction(name, shop.flow, where)
        yield from _check_times(schedule, where)


def _check_direction(name: str, number: int, where: str) -> Iterator[Finding]:
    names = tuple(each.value for each in DirectionName)
    if name not in names:
        problem = words(f"Ingen riktning heter {shown(name)}.", f"No direction is called {shown(name)}.")
        yield wrong(where, problem, did_you_mean(name, names, choose(names)))
    elif number in NUMBERS and name not in (each.name.value for each in flow(number).directions):
        has = tuple(each.name.value for each in flow(number).directions)
        problem = words(
            f"Flöde {number} har inte riktningen {name}, så schemat gör inget.",
            f"Flow {number} does not have the direction {name}, so the schedule does nothing.",
        )
        yield conflict(where, problem, choose(has))


def _check_times(schedule: Schedule, where: str) -> Iterator[Finding]:
    if schedule.every_s is not None:
        yield from check_range(f"{where}.every_s", schedule.every_s, EVERY_MIN_S, EVERY_MAX_S)
    elif not schedule.cron and not schedule.quiet:
        yield risky(
            where,
            words(
                "Schemat säger inget: riktningen går som utan det.", "The schedule says nothing: it changes nothing."
            ),
            words(
                "Ange every_s, cron eller quiet, eller ta bort tabellen.", "Give every_s, cron or quiet, or remove it."
            ),
        )
    try:
        Plan(schedule, 1.0)
    except ScheduleWrong as error:
        yield wrong(f"{where}.{error.key}", *WRONG[error.problem])
