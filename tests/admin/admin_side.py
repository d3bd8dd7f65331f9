"""The admin in memory: the whole application over a journal, and browsers of people with any role."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from agent.actors.lookups import Lookups
from agent.actors.reloader import Reloader
from agent.admin.house import Admin
from agent.admin.server import application, build
from agent.journal import users
from agent.journal.journal import Journal, open_journal
from agent.journal.users import Role
from agent.model.clock import Clock
from agent.settings.tree import MamutSettings, Settings, ShopSettings

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ORIGIN = "http://127.0.0.1:8321"
PASSWORD = "några vanliga ord i rad"

SETTINGS = Settings(
    package="400",
    mamut=MamutSettings(address="http://127.0.0.1:8300"),
    shop=(
        ShopSettings(key="garn", address="https://garn.example", name="Garnboden"),
        ShopSettings(key="tyg", address="https://tyg.example", flow=2),
    ),
)

_TOKEN = re.compile(r'name="csrf" content="([0-9a-f]+)"')


class HandClock:
    """Time that the test moves by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **much: float) -> None:
        self.now += timedelta(**much)


class Browser:
    """One person's browser: keeps cookies, sends the token of the page that it last saw, follows no redirect."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.token = ""

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return self._seen(await self.client.get(path, headers=headers))

    async def post(self, path: str, fields: dict[str, str | list[str]] | None = None, **headers: str) -> httpx.Response:
        """Sends a form as the page would, with the token of the last page; `csrf` among the fields sends another."""
        body = {"csrf": self.token, **(fields or {})}
        return self._seen(await self.client.post(path, data=body, headers={"Origin": ORIGIN, **headers}))

    async def follow(self, response: httpx.Response) -> httpx.Response:
        assert response.status_code == 303, response.text
        return await self.get(response.headers["location"])

    def _seen(self, response: httpx.Response) -> httpx.Response:
        found = _TOKEN.search(response.text)
        if found is not None:
            self.token = found.group(1)
        return response


class AdminSide:
    """Use as `async with AdminSide(journal, clock) as side`. The journal is the caller's and stays open."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        settings: Settings | Callable[[], Settings] = SETTINGS,
        reloader: Reloader | None = None,
        lookups: Lookups | None = None,
    ) -> None:
        self.journal = journal
        self.clock = clock
        self._settings = settings if callable(settings) else lambda: settings
        self.admin: Admin = build(
            journal,
            clock,
            self._settings,
            cheap_passwords=True,
            reloader=lambda: reloader,
            lookups=lambda: lookups,
        )
        self.app = application(self.admin)
        self._clients = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._clients.aclose()

    async def browser(self, origin: str = ORIGIN) -> Browser:
        """Somebody who has not signed in."""
        transport = httpx.ASGITransport(app=self.app, client=("127.0.0.1", 50_000))
        client = httpx.AsyncClient(transport=transport, base_url=origin)
        return Browser(await self._clients.enter_async_context(client))

    async def signed_in(self, role: Role = Role.CONFIGURE, name: str = "") -> Browser:
        """Somebody with this role, who has just signed in. Called by the role where no other name is given."""
        name = name or role.value
        now_ms = int(self.clock().timestamp() * 1000)
        kept = await self.admin.passwords.kept(PASSWORD)
        await self.journal.run(lambda tx: users.add(tx, name, role, kept, now_ms))
        browser = await self.browser()
        await browser.get("/login")
        answer = await browser.post("/login", {"name": name, "password": PASSWORD})
        await browser.follow(answer)
        return browser


def journal_in(folder: Path) -> Journal:
    return open_journal(folder / "journal.db", threaded=False, synchronous=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
