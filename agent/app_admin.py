"""Serves the admin beside the agent: a task of its own that can stop nothing else."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import trio

from agent.actors.health import Health
from agent.actors.lookups import Lookups
from agent.actors.reloader import Reloader
from agent.actors.supervisor import supervise
from agent.journal.journal import Journal
from agent.model.words import Language, words
from agent.settings.tree import Settings
from agent.world import World

if TYPE_CHECKING:
    from agent.set_up.work import SetUp

AFTER_S = 0.5
"""So long after the agent's start."""


async def serve_admin(
    settings: Callable[[], Settings],
    journal: Journal,
    world: World,
    reloader: Callable[[], Reloader | None] = lambda: None,
    set_up: Callable[[], SetUp] | None = None,
    lookups: Callable[[], Lookups | None] = lambda: None,
) -> None:
    """Until cancelled. `settings` gives those of the agent that works now, `reloader` who changes them there, `set_up`
    makes what the guided set-up works with, `lookups` gives who looks orders up for people."""

    def show(address: str, code: str) -> None:
        show_code(address, code, Language(settings().language))

    async def serve() -> None:
        # Only here, for the server takes memory that an agent without an admin need not have; in a thread, for orders
        # go first and importing it takes a fifth of a second. What fails here may stop the agent no more than a page.
        await trio.to_thread.run_sync(importlib.import_module, "agent.admin.server")
        from agent.admin.server import AdminServer

        shown = show if sys.stderr.isatty() else None
        made = set_up() if set_up else None
        await AdminServer(journal, world.clock, settings, shown, reloader, world, made, lookups).run()

    await trio.sleep(AFTER_S)
    await supervise("admin", serve, Health("admin", journal, world.clock))


def show_code(address: str, code: str, language: Language) -> None:
    """To the terminal alone: what is logged is kept and sent on."""
    text = words(
        f"\nAdmin: {address}\nEngångskod för den första användaren: {code}  (gäller ett dygn)\n\n",
        f"\nAdmin: {address}\nOne-time code for the first user: {code}  (good for a day)\n\n",
    )
    sys.stderr.write(text.in_(language))
    sys.stderr.flush()
