"""When each direction of each shop works, by the clock of its schedule: at the command line and in the admin."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import apsw

from agent.flows import DirectionName
from agent.journal import directions, turns
from agent.journal.directions import DirectionRow
from agent.journal.turns import Kept
from agent.model.clock import STOCKHOLM
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.words import Language, words
from agent.schedule import Plan, Schedule, ScheduleWrong
from agent.settings.given import DIRECTIONS, off
from agent.settings.tree import Settings, ShopSettings
from agent.shown.figures import duration

SHOWN = 3
"""So many of the next runs are shown."""

READ = (DirectionName.ORDERS_TO_MAMUT, DirectionName.PRODUCTS_TO_MAMUT)
"""The directions in which the shop is polled, also without a schedule."""


class Times(Frozen, frozen=True):
    """One direction's. `schedule` is None where it has none, `wrong` where it cannot be kept. `quiet_until` and `next`
    are UTC; without times of its own a direction has no next runs. `running` is a run that has not ended."""

    row: DirectionRow
    schedule: Schedule | None
    usual_s: float | None
    zone: str
    wrong: bool = False
    running: bool = False
    quiet_until: datetime | None = None
    next: tuple[datetime, ...] = ()


def times(tx: apsw.Connection, settings: Settings, now: datetime) -> list[Times]:
    """Those of every direction that is not switched off, shop by shop."""
    return [
        times_of(tx, shop, directions.get(tx, ShopKey(shop.key), name), name, now)
        for shop in settings.shop
        for name in DIRECTIONS
        if off(settings, shop, name) is None
    ]


def times_of(tx: apsw.Connection, shop: ShopSettings, row: DirectionRow, name: DirectionName, now: datetime) -> Times:
    """Those of one direction."""
    given = shop.schedules.get(name.value)
    usual_s = shop.reading.interval_s if name in READ else None
    if given is None:
        return Times(row=row, schedule=None, usual_s=usual_s, zone=STOCKHOLM.key)
    try:
        plan = Plan(given, usual_s or 1.0)
    except ScheduleWrong:
        return Times(row=row, schedule=given, usual_s=usual_s, zone=STOCKHOLM.key, wrong=True)
    kept = turns.get(tx, ShopKey(shop.key), name)
    lifted = now.timestamp() * 1000 < kept.by_hand_ms
    has_times = given.every_s is not None or bool(given.cron)
    return Times(
        row=row,
        schedule=given,
        usual_s=usual_s,
        zone=given.zone,
        running=kept.open,
        quiet_until=None if lifted else plan.quiet_until(now),
        next=plan.next_runs(_began(kept), now, SHOWN) if has_times else (),
    )


def _began(kept: Kept) -> datetime | None:
    return None if kept.began_ms is None else datetime.fromtimestamp(kept.began_ms / 1000, UTC)


def schedule_text(found: Times, language: Language) -> str:
    """The schedule in words."""
    given = found.schedule
    parts: list[str] = []
    if given is not None and given.every_s is not None:
        parts.append(_every(given.every_s, language))
    parts += given.cron if given is not None else ()
    if not parts:
        on_change = words("när något ändras", "when something changes").in_(language)
        parts.append(on_change if found.usual_s is None else _every(found.usual_s, language))
    if given is not None and given.quiet:
        parts.append(words("tyst ", "quiet ").in_(language) + ", ".join(given.quiet))
    if given is not None and given.zone != STOCKHOLM.key:
        parts.append(given.zone)
    return "; ".join(parts)


def _every(seconds: float, language: Language) -> str:
    return words("var ", "every ").in_(language) + duration(seconds, language)


def local(at: datetime, zone: str) -> str:
    """Local time; where the clock shows it twice, its distance from UTC tells which of the two."""
    shown = at.astimezone(ZoneInfo(zone))
    twice = shown.replace(fold=0).utcoffset() != shown.replace(fold=1).utcoffset()
    return shown.strftime("%Y-%m-%d %H:%M %z" if twice else "%Y-%m-%d %H:%M")
