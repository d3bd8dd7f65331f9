"""What tests of pages with a whole agent have in common."""

from __future__ import annotations

import re

import trio

from agent.app import Agent
from agent.journal import records


def plain(page: str) -> str:
    """What a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def answered(agent: Agent) -> None:
    """Until every wish has its answer."""
    for _ in range(600):
        if not agent.journal.view(records.shops_with_wishes):
            return
        await trio.sleep(0.5)
    raise AssertionError("a wish was never answered")
