"""How fast each shop is asked, kept for whoever looks from outside the agent's process."""

from __future__ import annotations

import math
from collections.abc import Mapping

import apsw
import msgspec
import trio

from agent.journal import records
from agent.journal.journal import Journal
from agent.model.ids import ShopKey
from agent.remote.pace import Pace, PaceShown

KEEP_EVERY_S = 15.0
"""Seconds between two looks at the paces; one that is as it was is not written again."""

STEP = 30
"""A pace is another one when so many requests a minute more or fewer are made."""

_KEY = "pace/"

_decoder = msgspec.json.Decoder(PaceShown)


class PaceKeeper:
    """Writes down the paces of all shops, seldom, and only what a person would call another pace: a shop that is asked
    a little now and then causes no writing at all."""

    def __init__(self, paces: Mapping[ShopKey, Pace], journal: Journal) -> None:
        self._paces = paces
        self._journal = journal
        self._kept: dict[ShopKey, tuple[object, ...]] = {}
        self._looked_at = -math.inf

    async def keep(self) -> None:
        """Called as often as one likes."""
        if trio.current_time() - self._looked_at < KEEP_EVERY_S:
            return
        self._looked_at = trio.current_time()
        found = {key: pace.shown() for key, pace in self._paces.items()}
        changed = {key: shown for key, shown in found.items() if self._kept.get(key) != _rough(shown)}
        if not changed:
            return

        def keeping_paces(tx: apsw.Connection) -> None:
            for key, shown in changed.items():
                records.set_value(tx, f"{_KEY}{key}", msgspec.json.encode(shown).decode())

        await self._journal.run(keeping_paces)
        self._kept |= {key: _rough(shown) for key, shown in changed.items()}


def _rough(shown: PaceShown) -> tuple[object, ...]:
    return (shown.asked_last_minute // STEP, shown.limit, shown.lowered, shown.closed_s > 0)


def paces(tx: apsw.Connection) -> tuple[tuple[str, PaceShown], ...]:
    """The paces as last kept, by shop."""
    rows = tx.execute("SELECT key, value FROM notes WHERE key >= ? AND key < ? ORDER BY key", (_KEY, "pace0"))
    return tuple((str(key).removeprefix(_KEY), _decoder.decode(value)) for key, value in rows)
