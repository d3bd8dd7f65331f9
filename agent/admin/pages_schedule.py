"""When each direction of each shop works: its schedule and next runs; run now, pause and resume."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import Admin, MenuEntry
from agent.admin.live import Piece
from agent.admin.visit import Visit
from agent.flows import DirectionName
from agent.journal import directions, overview, records
from agent.journal.directions import DirectionRow
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.settings.given import DIRECTIONS, Off, off
from agent.shown.schedule import Times, local, times

WISHES = ("run_now", "pause", "resume")


class Line(Frozen, frozen=True):
    """One direction as it is shown, its moments by the clock of its schedule. `last` is, of orders, the last transfer.
    `asked` are the kinds of the wishes that the agent has not taken up yet."""

    times: Times
    last: str
    quiet_until: str
    next: tuple[str, ...]
    asked: tuple[str, ...]


async def show(visit: Visit) -> Response:
    return visit.page("schedule/schedule.html", now=visit.admin.live.html("schedule", visit.language))


def look(tx: apsw.Connection, admin: Admin) -> Mapping[str, object]:
    lines = lines_of(tx, admin)
    shops = [
        (shop.key, shop.name or shop.key, [line for line in lines if line.times.row.shop == shop.key])
        for shop in admin.settings().shop
    ]
    return {"shops": shops}


def lines_of(tx: apsw.Connection, admin: Admin) -> list[Line]:
    """Every direction of every shop."""
    settings = admin.settings()
    keys = [ShopKey(shop.key) for shop in settings.shop]
    wishes = [wish for key in keys for wish in records.open_wishes(tx, key)]
    transfers = {key: overview.last_transfer(tx, key) for key in keys}
    return [_line(each, wishes, transfers[each.row.shop]) for each in times(tx, settings, admin.clock())]


def _line(found: Times, wishes: list[records.Wish], transfer_ms: int | None) -> Line:
    row = found.row
    last_ms = transfer_ms if row.direction == DirectionName.ORDERS_TO_MAMUT else row.last_ms
    mine = [
        wish.kind
        for wish in wishes
        if wish.shop == row.shop and wish.kind in WISHES and wish.arg("direction") == row.direction
    ]
    return Line(
        times=found,
        last="" if last_ms is None else local(datetime.fromtimestamp(last_ms / 1000, UTC), found.zone),
        quiet_until="" if found.quiet_until is None else local(found.quiet_until, found.zone),
        next=tuple(local(at, found.zone) for at in found.next),
        asked=tuple(dict.fromkeys(mine)),
    )


async def run_now(visit: Visit) -> Response:
    row = _named(visit)
    if row is None:
        return visit.problem(404, "schedule.unknown")
    if row.paused:
        return visit.problem(422, "schedule.is_paused")
    return await _ask(visit, "run_now", row)


async def pause(visit: Visit) -> Response:
    row = _named(visit)
    if row is None:
        return visit.problem(404, "schedule.unknown")
    return visit.problem(422, "schedule.is_paused") if row.paused else await _ask(visit, "pause", row)


async def resume(visit: Visit) -> Response:
    row = _named(visit)
    if row is None:
        return visit.problem(404, "schedule.unknown")
    return await _ask(visit, "resume", row) if row.paused else visit.problem(422, "schedule.not_paused")


def _named(visit: Visit) -> DirectionRow | None:
    """The direction that the address names, if the shop's flow has it."""
    settings, wanted = visit.admin.settings(), visit.path("direction")
    shop = next((each for each in settings.shop if each.key == visit.path("shop")), None)
    name = next((each for each in DIRECTIONS if each.value == wanted), None)
    if shop is None or name is None or off(settings, shop, name) is Off.FLOW:
        return None
    return visit.view(lambda tx: directions.get(tx, ShopKey(shop.key), DirectionName(name)))


async def _ask(visit: Visit, kind: str, row: DirectionRow) -> Response:
    await visit.wish(kind, row.shop, args={"direction": row.direction})
    return visit.back(f"/shops/{row.shop}" if visit.form.get("from") == "shop" else "/schedule", "asked")


ROUTES = (
    get("/schedule", show),
    post("/schedule/{shop}/{direction}/run-now", run_now),
    post("/schedule/{shop}/{direction}/pause", pause),
    post("/schedule/{shop}/{direction}/resume", resume),
)
MENU = (MenuEntry(52, "/schedule", "schedule.title"),)
LIVE = (Piece("schedule", "schedule/now.html", look),)
