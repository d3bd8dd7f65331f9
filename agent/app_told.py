"""Watches beside the agent that nothing fails in silence: tasks of their own, which outlive changed settings and stop
nobody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import trio

from agent.actors.health import Health
from agent.actors.lookout import Lookout
from agent.actors.mailer import Mailer, Mailing
from agent.actors.supervisor import supervise
from agent.app_shop import Shop
from agent.journal.journal import Journal
from agent.model.ids import ShopKey
from agent.world import World


class Watched(Protocol):
    """What is asked of the agent that is watched beside."""

    @property
    def mailing(self) -> Mailing:
        """The settings and the mail password that hold now."""

    @property
    def shops(self) -> Mapping[ShopKey, Shop]:
        """The shops that are at work now."""


async def watch_over(agent: Callable[[], Watched], journal: Journal, world: World) -> None:
    """Until cancelled. `agent` gives the one that works now."""

    def clocks() -> dict[str, float]:
        return {key: shop.reader.clock_skew_s for key, shop in agent().shops.items()}

    mailer = Mailer(
        lambda: agent().mailing,
        journal,
        world.clock,
        world.chance("mail"),
        world.connect,
        lambda: world.trusted,
        every_s=world.wishes_every_s,
    )
    lookout = Lookout(lambda: agent().mailing.settings, journal, world.clock, world.room, world.certificates, clocks)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(supervise, "mail", mailer.run, Health("mail", journal, world.clock))
        nursery.start_soon(supervise, "lookout", lookout.run, Health("lookout", journal, world.clock))
