"""What people ask of the agent while it works beyond orders and goods, and what an older version has left."""

from __future__ import annotations

from typing import Literal

from agent.model.owners import System
from scenarios.act import Act


class AskSync(Act, frozen=True, tag="ask_sync"):
    """Somebody has the agent that works make a plan by which `source`'s articles go over, apply the one that was made
    last, or take it back. Who hears that it was broken off asks again, until it is done."""

    act: Literal["plan", "apply", "undo"]
    source: System = System.MAMUT


class OlderJournal(Act, frozen=True, tag="older_journal"):
    """The agent is updated: its orders were read by a version that made no keys to find them by."""


class Room(Act, frozen=True, tag="room"):
    """So many megabytes are free on the computer's disk from now on."""

    mb: int


BesideHappening = AskSync | OlderJournal | Room
