"""Watches beside the agent that nothing fails in silence: tasks of their own, which outlive changed settings and stop
nobody else."""

from __future__ import annotations

from collections.abc import Callable

import trio

from agent.actors.health import Health
from agent.actors.lookout import Lookout
from agent.actors.mailer import Mailer, Mailing
from agent.actors.supervisor import supervise
from agent.journal.journal import Journal
from agent.world import World


async def watch_over(mailing: Callable[[], Mailing], journal: Journal, world: World) -> None:
    """Until cancelled. `mailing` gives the settings and the mail password that hold now."""
    mailer = Mailer(
        mailing,
        journal,
        world.clock,
        world.chance("mail"),
        world.connect,
        lambda: world.trusted,
        every_s=world.wishes_every_s,
    )
    lookout = Lookout(lambda: mailing().settings, journal, world.clock, world.room, world.certificates)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(supervise, "mail", mailer.run, Health("mail", journal, world.clock))
        nursery.start_soon(supervise, "lookout", lookout.run, Health("lookout", journal, world.clock))
