"""The first page: how everything stands."""

from __future__ import annotations

from collections.abc import Mapping

import apsw
from starlette.responses import Response

from agent.admin.door import get
from agent.admin.house import Admin, MenuEntry
from agent.admin.live import Piece
from agent.admin.visit import Visit
from agent.journal import reports


async def overview(visit: Visit) -> Response:
    return visit.page("overview/page.html", now=visit.admin.live.html("overview", visit.language))


def look(tx: apsw.Connection, _admin: Admin) -> Mapping[str, object]:
    return {"actors": reports.health(tx)}


ROUTES = (get("/", overview),)
MENU = (MenuEntry(10, "/", "overview.title"),)
LIVE = (Piece("overview", "overview/now.html", look),)
