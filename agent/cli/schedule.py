"""`brygga schedule`: when each direction of each shop works next, by the clock of its schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from agent.cli.context import Given
from agent.cli.desk import AsJson, Desk, Shop, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import say_json
from agent.shown.figures import iso_ms
from agent.shown.names import direction_name
from agent.shown.schedule import Times, local, schedule_text, times


def schedule(*, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Show each direction's schedule and its next runs, in local time."""
    with open_desk(context) as desk:
        key = desk.shop(shop)
        found = [each for each in times(desk.tx, desk.settings, desk.now()) if key in (None, each.row.shop)]
        if json:
            say_json([_json(each) for each in found])
        else:
            _print(desk, found)
        return 0


def _print(desk: Desk, found: list[Times]) -> None:
    made = table(
        desk.text("Butik", "Shop"),
        desk.text("Riktning", "Direction"),
        desk.text("Schema", "Schedule"),
        desk.text("Senast", "Last run"),
        desk.text("Nästa", "Next runs"),
    )
    for each in found:
        row = each.row
        last = None if row.last_ms is None else datetime.fromtimestamp(row.last_ms / 1000, UTC)
        made.add_row(
            row.shop,
            direction_name(row.direction, desk.language),
            schedule_text(each, desk.language),
            "" if last is None else local(last, each.zone),
            _next_told(desk, each),
        )
    show_table(made)


def _next_told(desk: Desk, found: Times) -> str:
    if found.wrong:
        return desk.text("går inte att följa: se brygga check", "cannot be kept: see brygga check")
    parts: list[str] = []
    if found.row.paused:
        parts.append(desk.text("pausad", "paused"))
    if found.quiet_until is not None:
        until = local(found.quiet_until, found.zone)
        parts.append(desk.text(f"tyst till {until}", f"quiet until {until}"))
    elif found.running:
        parts.append(desk.text("pågår", "under way"))
    parts += [local(at, found.zone) for at in found.next]
    return ", ".join(parts)


def _json(found: Times) -> dict[str, object]:
    """Keys are stable. Moments carry their zone's distance from UTC; `last_run` is UTC."""
    row = found.row
    zone = ZoneInfo(found.zone)
    quiet = found.quiet_until
    return {
        "shop": row.shop,
        "direction": row.direction,
        "schedule": found.schedule,
        "usual_s": found.usual_s,
        "zone": found.zone,
        "paused": bool(row.paused),
        "running": found.running,
        "wrong": found.wrong,
        "last_run": iso_ms(row.last_ms),
        "quiet_until": None if quiet is None else quiet.astimezone(zone).isoformat(timespec="seconds"),
        "next_runs": [at.astimezone(zone).isoformat(timespec="seconds") for at in found.next],
    }
