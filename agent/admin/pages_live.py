"""What is live: one stream of events for each open page."""

from __future__ import annotations

from starlette.responses import Response, StreamingResponse

from agent.admin.door import get, session_cookie
from agent.admin.visit import Visit

AGAIN_S = 30


async def listen(visit: Visit) -> Response:
    live = visit.admin.live
    names = live.known(visit.query("pieces"))
    if not names:
        return visit.problem(404, "access.not_found")
    if live.is_full:
        return Response(status_code=503, headers={"Retry-After": str(AGAIN_S)})
    token = visit.request.cookies.get(session_cookie(visit.admin), "")
    return StreamingResponse(live.stream(names, visit.language, token), media_type="text/event-stream")


ROUTES = (get("/live", listen),)
