"""`brygga schedule`: when each direction of each shop works next, by the clock of its schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agent.cli.context import Given
from agent.cli.desk import AsJson, Desk, Shop, open_desk
from agent.cli.directions import Standing, standings
from agent.cli.figures import show_table, table
from agent.cli.output import say_json
from agent.flows import DirectionName
from agent.journal import turns
from agent.journal.turns import Kept
from agent.model.clock import STOCKHOLM
from agent.model.order import Frozen
from agent.schedule import Plan, Schedule, ScheduleWrong
from agent.settings.tree import ShopSettings
from agent.shown.figures import duration, iso_ms
from agent.shown.names import direction_name

SHOWN = 3
"""So many of the next runs are shown."""

READ = (DirectionName.ORDERS_TO_MAMUT, DirectionName.PRODUCTS_TO_MAMUT)
"""The directions in which the shop is polled, also without a schedule."""


class Times(Frozen, frozen=True):
    """One direction's. `schedule` is None where it has none, `wrong` where it cannot be kept. `quiet_until` and `next`
    are UTC; without times of its own a direction has no next runs. `running` is a run that has not ended."""

    standing: Standing
    schedule: Schedule | None
    usual_s: float | None
    zone: str
    wrong: bool = False
    running: bool = False
    quiet_until: datetime | None = None
    next: tuple[datetime, ...] = ()


def schedule(*, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Show each direction's schedule and its next runs, in local time."""
    with open_desk(context) as desk:
        key = desk.shop(shop)
        shops = {each.key: each for each in desk.settings.shop}
        found = [
            _times(desk, shops[each.report.row.shop], each)
            for each in standings(desk)
            if each.off is None and key in (None, each.report.row.shop)
        ]
        if json:
            say_json([_json(each) for each in found])
        else:
            _print(desk, found)
        return 0


def _times(desk: Desk, shop: ShopSettings, standing: Standing) -> Times:
    name = DirectionName(standing.report.row.direction)
    given = shop.schedules.get(name.value)
    usual_s = shop.reading.interval_s if name in READ else None
    if given is None:
        return Times(standing=standing, schedule=None, usual_s=usual_s, zone=STOCKHOLM.key)
    try:
        plan = Plan(given, usual_s or 1.0)
    except ScheduleWrong:
        return Times(standing=standing, schedule=given, usual_s=usual_s, zone=STOCKHOLM.key, wrong=True)
    kept, now = turns.get(desk.tx, standing.report.row.shop, name), desk.now()
    lifted = now.timestamp() * 1000 < kept.by_hand_ms
    has_times = given.every_s is not None or bool(given.cron)
    return Times(
        standing=standing,
        schedule=given,
        usual_s=usual_s,
        zone=given.zone,
        running=kept.open,
        quiet_until=None if lifted else plan.quiet_until(now),
        next=plan.next_runs(_began(kept), now, SHOWN) if has_times else (),
    )


def _began(kept: Kept) -> datetime | None:
    return None if kept.began_ms is None else datetime.fromtimestamp(kept.began_ms / 1000, UTC)


def _print(desk: Desk, found: list[Times]) -> None:
    made = table(
        desk.text("Butik", "Shop"),
        desk.text("Riktning", "Direction"),
        desk.text("Schema", "Schedule"),
        desk.text("Senast", "Last run"),
        desk.text("Nästa", "Next runs"),
    )
    for each in found:
        row = each.standing.report.row
        last = None if row.last_ms is None else datetime.fromtimestamp(row.last_ms / 1000, UTC)
        made.add_row(
            row.shop,
            direction_name(row.direction, desk.language),
            _told(desk, each),
            "" if last is None else _local(last, each.zone),
            _next_told(desk, each),
        )
    show_table(made)


def _told(desk: Desk, times: Times) -> str:
    """The schedule in words."""
    given = times.schedule
    parts: list[str] = []
    if given is not None and given.every_s is not None:
        parts.append(_every(desk, given.every_s))
    parts += given.cron if given is not None else ()
    if not parts:
        parts.append(
            desk.text("när något ändras", "when something changes")
            if times.usual_s is None
            else _every(desk, times.usual_s)
        )
    if given is not None and given.quiet:
        parts.append(desk.text("tyst ", "quiet ") + ", ".join(given.quiet))
    if given is not None and given.zone != STOCKHOLM.key:
        parts.append(given.zone)
    return "; ".join(parts)


def _every(desk: Desk, seconds: float) -> str:
    return desk.text("var ", "every ") + duration(seconds, desk.language)


def _next_told(desk: Desk, times: Times) -> str:
    if times.wrong:
        return desk.text("går inte att följa: se brygga check", "cannot be kept: see brygga check")
    parts: list[str] = []
    if times.standing.report.row.paused:
        parts.append(desk.text("pausad", "paused"))
    if times.quiet_until is not None:
        until = _local(times.quiet_until, times.zone)
        parts.append(desk.text(f"tyst till {until}", f"quiet until {until}"))
    elif times.running:
        parts.append(desk.text("pågår", "under way"))
    parts += [_local(at, times.zone) for at in times.next]
    return ", ".join(parts)


def _local(at: datetime, zone: str) -> str:
    """Local time; where the clock shows it twice, its distance from UTC tells which of the two."""
    local = at.astimezone(ZoneInfo(zone))
    twice = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return local.strftime("%Y-%m-%d %H:%M %z" if twice else "%Y-%m-%d %H:%M")


def _json(times: Times) -> dict[str, object]:
    """Keys are stable. Moments carry their zone's distance from UTC; `last_run` is UTC."""
    row = times.standing.report.row
    zone = ZoneInfo(times.zone)
    quiet = times.quiet_until
    return {
        "shop": row.shop,
        "direction": row.direction,
        "schedule": times.schedule,
        "usual_s": times.usual_s,
        "zone": times.zone,
        "paused": bool(row.paused),
        "running": times.running,
        "wrong": times.wrong,
        "last_run": iso_ms(row.last_ms),
        "quiet_until": None if quiet is None else quiet.astimezone(zone).isoformat(timespec="seconds"),
        "next_runs": [at.astimezone(zone).isoformat(timespec="seconds") for at in times.next],
    }
