"""What monitoring asks the running agent: /healthz for everybody who reaches it, /metrics on this computer alone.

A web server in front of the admin makes every visitor come from this computer; it names the real one in a header, and
with such a header nobody is at home here. Whoever has signed in may look too.
"""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from agent.admin.door import open_get
from agent.admin.visit import Visit
from agent.journal.users import Role
from agent.model.clock import package_month
from agent.packages import order_limit
from agent.shown.metrics import CONTENT_TYPE, health_of, metrics

_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_HERE = ("127.0.0.1", "::1")


async def healthz(visit: Visit) -> Response:
    """200 while everything works, 503 when a part of the agent needs somebody. Which one is told on this computer."""
    settings, now = visit.admin.settings(), visit.admin.clock()
    found = visit.view(lambda tx: health_of(tx, settings, now))
    told: dict[str, object] = {"status": "ok" if found.is_well else "trouble"}
    if _is_at_home(visit):
        told["standing"] = list(found.standing)
    return JSONResponse(told, 200 if found.is_well else 503)


async def figures(visit: Visit) -> Response:
    if not _is_at_home(visit):
        return PlainTextResponse("Only on this computer, or signed in.\n", 403)
    settings, now_ms = visit.admin.settings(), visit.now_ms
    month = package_month(datetime.fromtimestamp(now_ms / 1000, UTC))
    limit = order_limit(settings.package, settings.premium_limit)
    text = visit.view(lambda tx: metrics(tx, settings, now_ms, version=version("brygga"), month=month, limit=limit))
    return PlainTextResponse(text, media_type=CONTENT_TYPE)


def _is_at_home(visit: Visit) -> bool:
    return visit.may(Role.LOOK) or _is_local(visit.request)


def _is_local(request: Request) -> bool:
    came_from = request.client.host if request.client is not None else ""
    return came_from in _HERE and not any(name in request.headers for name in _FORWARDED)


ROUTES = (open_get("/healthz", healthz), open_get("/metrics", figures))
