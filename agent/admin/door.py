"""Who may ask for what: every route names a role or says that it is for everybody, and all are served by here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from agent.admin import csrf
from agent.admin.headers import is_secure
from agent.admin.house import Admin
from agent.admin.passwords import new_token
from agent.admin.visit import Form, Visit
from agent.journal import users
from agent.journal.schema import JournalError
from agent.journal.users import Role
from agent.model.catalogue import explain

Handler: TypeAlias = Callable[[Visit], Awaitable[Response]]

DOOR_COOKIE = "brygga_door"
"""What a browser has before it has a session, so that signing in cannot be forged either."""


class AdminRoute(NamedTuple):
    """Without a role the route is for everybody, signed in or not."""

    method: str
    path: str
    handler: Handler
    role: Role | None


def get(path: str, handler: Handler, role: Role = Role.LOOK) -> AdminRoute:
    return AdminRoute("GET", path, handler, role)


def post(path: str, handler: Handler, role: Role = Role.OPERATE) -> AdminRoute:
    """Whatever changes something is a post: its token is asked for here, before the handler is called."""
    return AdminRoute("POST", path, handler, role)


def open_get(path: str, handler: Handler) -> AdminRoute:
    return AdminRoute("GET", path, handler, None)


def open_post(path: str, handler: Handler) -> AdminRoute:
    return AdminRoute("POST", path, handler, None)


def session_cookie(admin: Admin) -> str:
    """Under https the name's prefix makes browsers refuse a cookie set for us by anybody else."""
    return "__Host-brygga" if is_secure(admin.settings().admin) else "brygga_session"


def starlette_route(admin: Admin, route: AdminRoute) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return await _answer(admin, route, request)
        except JournalError as error:
            visit = Visit(admin, request, "", None, Form(b""))
            told = explain(error.fault, visit.language, {"problem": error.detail})
            return visit.page("problem.html", 503, problem=f"{told.code} {told.title}. {told.remedy}", code=503)

    return Route(route.path, endpoint, methods=[route.method])


async def _answer(admin: Admin, route: AdminRoute, request: Request) -> Response:
    token = request.cookies.get(session_cookie(admin), "")
    session = admin.sessions.standing(token)
    door = request.cookies.get(DOOR_COOKIE, "") or new_token()
    form = Form(await request.body()) if route.method == "POST" else Form(b"")
    visit = Visit(admin, request, token if session is not None else door, session, form)
    if route.role is not None and session is None:
        return _to_sign_in(visit)
    if route.method == "POST":
        given = request.headers.get(csrf.HEADER) or form.get(csrf.FIELD)
        if not csrf.is_ours(request.headers, visit.cookie, given):
            return visit.problem(403, "access.forged")
    if route.role is not None and not visit.may(route.role):
        return visit.problem(403, "access.not_your_role")
    if session is not None:
        await admin.sessions.used(token, session)
    response = _to_set_up(visit) or await route.handler(visit)
    if session is None and door != request.cookies.get(DOOR_COOKIE):
        visit.set_cookie(response, DOOR_COOKIE, door)
    return response


def _to_set_up(visit: Visit) -> Response | None:
    """Before there are settings the first page has nothing to show, and this is what whoever has got in came for."""
    set_up = visit.admin.set_up
    to_first_page = visit.request.url.path == "/" and visit.may(Role.CONFIGURE)
    return visit.back("/setup") if to_first_page and set_up is not None and set_up.is_first else None


def _to_sign_in(visit: Visit) -> Response:
    """A piece that htmx asks for takes the whole page there."""
    request = visit.request
    where = "/first" if not visit.view(users.has_users) else "/login"
    if request.method == "GET" and request.url.path != "/" and "hx-request" not in request.headers:
        where += "?" + urlencode({"next": request.url.path})
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": where})
    return RedirectResponse(where, 303)
