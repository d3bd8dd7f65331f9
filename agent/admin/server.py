"""The admin as a web application, and the server that brings it to browsers."""

from __future__ import annotations

import socket
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import apsw
import hypercorn.trio
import structlog
import trio
from hypercorn.config import Config
from hypercorn.logging import Logger
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from agent.actors.health import Health
from agent.actors.lookups import Lookups
from agent.actors.reloader import Reloader
from agent.actors.times import to_ms
from agent.admin.contents import LIVE, MENU, ROUTES, TEXTS
from agent.admin.door import starlette_route
from agent.admin.first_user import SERVED_AT, give_code
from agent.admin.headers import Surrounded, is_secure
from agent.admin.house import Admin, Outside
from agent.admin.visit import Form, Visit
from agent.journal import records, users
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.reasons import Fault
from agent.set_up.work import SetUp
from agent.settings.check_webhooks import host_and_port
from agent.settings.tree import Settings
from agent.settings.tree_admin import AdminSettings

LARGEST_BODY = 4_000_000
"""Bytes of a form: a list of articles may be long, and what is too long for a setting is to be told with its place."""

LOOK_EVERY_S = 2.0
"""So often it is asked whether the settings still name the same place."""

LISTEN_AGAIN_S = 60.0
"""So long after a port was found taken it is tried again."""

_TEXTS = {404: "access.not_found", 405: "access.not_that_way", 413: "access.too_large"}

log = structlog.get_logger("brygga")


def application(admin: Admin) -> ASGIApp:
    """Everything that the admin serves."""

    async def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        visit = Visit(admin, request, "", None, Form(b""))
        return visit.problem(status, _TEXTS.get(status, "access.failed"))

    app = Starlette(
        routes=[starlette_route(admin, route) for route in ROUTES],
        exception_handlers={HTTPException: refused, Exception: refused},
        max_body_size=LARGEST_BODY,
    )
    return Surrounded(app, admin.settings().admin)


def build(
    journal: Journal,
    clock: Clock,
    settings: Callable[[], Settings],
    *,
    cheap_passwords: bool = False,
    reloader: Callable[[], Reloader | None] = lambda: None,
    outside: Outside | None = None,
    set_up: SetUp | None = None,
    lookups: Callable[[], Lookups | None] = lambda: None,
) -> Admin:
    """The house with all its pages."""
    return Admin(
        journal,
        clock,
        settings,
        TEXTS,
        MENU,
        LIVE,
        cheap_passwords=cheap_passwords,
        reloader=reloader,
        outside=outside,
        set_up=set_up,
        lookups=lookups,
    )


class AdminServer:
    """Serves the admin until cancelled, wherever the settings of the moment say.

    `show_code` gets the address and a one-time code while there is no user; without it none is made. `serve` brings the
    application to browsers in place of a server of this computer.
    """

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        settings: Callable[[], Settings],
        show_code: Callable[[str, str], None] | None = None,
        reloader: Callable[[], Reloader | None] = lambda: None,
        outside: Outside | None = None,
        set_up: SetUp | None = None,
        lookups: Callable[[], Lookups | None] = lambda: None,
        serve: Callable[..., Awaitable[None]] | None = None,
    ) -> None:
        self._serve_on = serve or serve_on
        self._reloader = reloader
        self._lookups = lookups
        self._set_up = set_up
        self._outside = outside
        self._journal = journal
        self._clock = clock
        self._settings = settings
        self._show_code = show_code
        self._health = Health("admin", journal, clock)

    async def run(self) -> None:
        """A port that somebody else has is no reason to stop anything: it is told, and tried again."""
        while True:
            place = self._settings().admin
            if not place.enabled:
                await trio.sleep(LOOK_EVERY_S)
                continue
            try:
                await self._serve(place)
            except* OSError as group:
                problem = _first(group)
                log.error("admin_unserved", fault=Fault.ADMIN_UNSERVED.value, address=place.listen, problem=problem)
                await self._health.stopped("paused", Fault.ADMIN_UNSERVED.value, problem)
                await trio.sleep(LISTEN_AGAIN_S)

    async def _serve(self, place: AdminSettings) -> None:
        """Until the settings name another place."""
        admin = build(
            self._journal,
            self._clock,
            self._settings,
            reloader=self._reloader,
            outside=self._outside,
            set_up=self._set_up,
            lookups=self._lookups,
        )
        async with trio.open_nursery() as nursery:
            await nursery.start(self._serve_on, application(admin), place)
            nursery.start_soon(admin.live.run)
            if self._set_up is not None:
                nursery.start_soon(self._set_up.run)
            await self._welcome(admin, address_of(place))
            while self._settings().admin == place:
                await self._health.good("waiting")
                await trio.sleep(LOOK_EVERY_S)
            nursery.cancel_scope.cancel()

    async def _welcome(self, admin: Admin, where: str) -> None:
        if admin.view(users.has_users):
            log.info("admin", address=where)
            return

        def keeping_address(tx: apsw.Connection) -> None:
            records.set_value(tx, SERVED_AT, where)

        await self._journal.run(keeping_address)
        log.info("admin_without_users", address=f"{where}/first", remedy="brygga admin code")
        if self._show_code is not None:
            now_ms = to_ms(self._clock())

            def giving_code(tx: apsw.Connection) -> str:
                return give_code(tx, now_ms)

            code = await self._journal.run(giving_code)
            self._show_code(f"{where}/first", code)


def address_of(settings: AdminSettings) -> str:
    """Where a person finds the admin."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    return f"{'https' if is_secure(settings) else 'http'}://{settings.listen}"


async def serve_on(app: ASGIApp, settings: AdminSettings, *, task_status: trio.TaskStatus[list[str]]) -> None:
    """Serves until cancelled; says where once it listens. Raises OSError when it cannot."""
    config = Config()
    config.certfile = settings.certificate or None
    config.keyfile = settings.private_key or settings.certificate or None
    config.include_server_header = False
    config.graceful_timeout = 1.0
    config.keep_alive_timeout = 75.0
    config.h11_max_incomplete_size = 64 * 1024
    config.create_ssl_context()  # A certificate that will not do is told of before anything listens.
    # The server's own way of listening would leave its socket open when the port is taken.
    config.bind = [f"fd://{_listener(settings.listen).detach()}"]
    config.logger_class = _Log  # type: ignore[assignment]  # its own annotation is of an instance
    serve: Callable[..., Awaitable[None]] = hypercorn.trio.serve
    await serve(app, config, task_status=task_status)


def _listener(listen: str) -> socket.socket:
    place = host_and_port(listen)
    if place is None:
        raise OSError("no address with a port")
    return socket.create_server(place, family=socket.AF_INET6 if ":" in place[0] else socket.AF_INET)


class _Log(Logger):
    """What the server has to say, as ours is said: an error's kind and place, never its text or values. Who looked at
    what is not kept: acts are in the journal."""

    def __init__(self, *_: Any) -> None:
        return

    async def _nothing(self, *_: Any, **__: Any) -> None:
        return

    async def _trouble(self, *_: Any, **__: Any) -> None:
        self._failed()

    access = warning = info = debug = log = _nothing
    critical = error = exception = _trouble

    def atoms(self, *_: Any) -> dict[str, str]:
        return {}

    def _failed(self) -> None:
        kind, _, trace = sys.exc_info()
        place = ""
        while trace is not None:
            place, trace = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}", trace.tb_next
        structlog.get_logger("brygga").error("admin_failed", error="" if kind is None else kind.__name__, where=place)


def _first(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else type(error).__name__
