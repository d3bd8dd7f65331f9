"""Those who work beside the agent, in a play: who mails, who looks out, and the admin's server without its sockets."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec
import trio

from agent.actors.health import Health
from agent.actors.supervisor import supervise
from agent.admin.first_user import NOTE, SERVED_AT, Code
from agent.admin.passwords import code_digest
from agent.app import Agent
from agent.app_told import watch_over
from agent.journal import computer, records
from agent.journal.journal import Journal
from agent.settings.tree_admin import AdminSettings
from agent.world import World
from scenarios.beside_end import BesideEnd, Companion, Letter
from scenarios.play import Play
from simulators.mail.server import MailServer

if TYPE_CHECKING:
    from starlette.types import ASGIApp

MAIL_HOST = "smtp.example"


class Beside:
    """Make it before the agent's first life."""

    def __init__(self, play: Play, companions: tuple[Companion, ...]) -> None:
        self._companions = companions
        self.post = MailServer()
        self._play = play
        self._codes: list[str] = []
        play.nursery.start_soon(play.network.serve, MAIL_HOST, self.post.serve, trio.lowlevel.checkpoint)

    async def work(self, agent: Callable[[], Agent], journal: Journal, world: World) -> None:
        """As long as the agent's process lives. `agent` gives the one that works now."""
        async with trio.open_nursery() as nursery:
            if "watch" in self._companions:
                nursery.start_soon(watch_over, agent, journal, world)
            if "admin" in self._companions:
                nursery.start_soon(self._admin, agent, journal, world)

    async def _admin(self, agent: Callable[[], Agent], journal: Journal, world: World) -> None:
        # Only here: few stories have it, and it takes a fifth of a second to import.
        from agent.admin.server import AdminServer

        server = AdminServer(
            journal, world.clock, lambda: agent().settings, self._shown, lambda: agent().reloader, world, serve=_serve
        )
        await supervise("admin", server.run, Health("admin", journal, world.clock))

    def end(self) -> BesideEnd:
        """No agent may be alive."""
        with self._play.look() as tx:
            text = records.value(tx, NOTE)
            code = msgspec.json.decode(text, type=Code) if text else None
            return BesideEnd(
                companions=self._companions,
                letters=tuple(
                    Letter(str(each.message["Message-ID"]), str(each.message["Subject"]), each.text)
                    for each in self.post.taken
                ),
                address=records.value(tx, SERVED_AT),
                code_is_good=code is not None and bool(self._codes) and code.digest == code_digest(self._codes[-1]),
                started=computer.started(tx) > 0,
                room_mb=computer.get(tx).room_mb,
            )

    def _shown(self, _address: str, code: str) -> None:
        self._codes.append(code)


async def _serve(_app: ASGIApp, _place: AdminSettings, *, task_status: trio.TaskStatus[list[str]]) -> None:
    """Nobody comes."""
    task_status.started([])
    await trio.sleep_forever()
