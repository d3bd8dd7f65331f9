"""The agent's own log: live from memory, filtered in the browser, and older lines from its file where it has one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import urlencode

import apsw
import trio
from starlette.responses import Response

from agent.admin.door import get
from agent.admin.house import Admin, MenuEntry
from agent.admin.live import Piece
from agent.admin.visit import Visit
from agent.shown.log_lines import FILES, LogFile, LogLine, read_older, ring_at_work

SHOWN = 200
"""Lines that are live."""

LEVELS = ("debug", "info", "warning", "error", "critical")

MOODS = {"warning": "warn", "error": "bad", "critical": "bad", "info": "", "debug": ""}

FILTERS = ("shop", "part", "code", "text")


async def show(visit: Visit) -> Response:
    ring = ring_at_work()
    return visit.page(
        "log/log.html",
        now=visit.admin.live.html("log", visit.language),
        levels=LEVELS,
        filters=FILTERS,
        kept=ring is not None,
        file=ring is not None and ring.file is not None,
    )


def look(_tx: apsw.Connection, _admin: Admin) -> Mapping[str, object]:
    """The same for everybody: each browser hides what its reader does not ask for."""
    ring = ring_at_work()
    return {"lines": [] if ring is None else ring.newest(SHOWN), "moods": MOODS}


async def older(visit: Visit) -> Response:
    """Lines from the file, filtered here: there may be a million."""
    file = None if (ring := ring_at_work()) is None else ring.file
    number, before = _number(visit.query("file")), _number(visit.query("before"))
    asked = {name: visit.query(name) for name in ("level", *FILTERS)}
    lines, next_file, next_place = await _read(file, number or 0, before)
    told = {name: value for name, value in asked.items() if value}
    place = {"file": str(next_file)} | ({"before": str(next_place)} if next_place >= 0 else {})
    return visit.page(
        "log/older.html",
        kept=file is not None,
        lines=[line for line in lines if _fits(line, asked)],
        moods=MOODS,
        asked=asked,
        levels=LEVELS,
        filters=FILTERS,
        more=f"/log/older?{urlencode({**told, **place})}" if next_file >= 0 else "",
    )


async def _read(file: LogFile | None, number: int, before: int | None) -> tuple[list[LogLine], int, int]:
    if file is None or number > FILES:
        return [], -1, -1
    try:
        return await trio.to_thread.run_sync(partial(read_older, file.path, number, before))
    except OSError:
        return [], -1, -1  # It has been rotated away since the page was shown.


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _fits(line: LogLine, asked: Mapping[str, str]) -> bool:
    least = asked["level"]
    if least in LEVELS and line.level in LEVELS and LEVELS.index(line.level) < LEVELS.index(least):
        return False
    whole = " ".join((line.event, line.shop, line.part, line.code, *(f"{name}={value}" for name, value in line.fields)))
    parts = {"shop": line.shop, "part": line.part, "code": line.code, "text": whole}
    return all(asked[name].casefold() in parts[name].casefold() for name in FILTERS)


ROUTES = (get("/log", show), get("/log/older", older))
MENU = (MenuEntry(82, "/log", "log.title"),)
LIVE = (Piece("log", "log/lines.html", look),)
