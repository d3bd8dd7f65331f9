"""How fast each shop is asked, kept for whoever looks from outside the agent's process."""

from __future__ import annotations

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

_KEY = "pace/"

_decoder = msgspec.json.Decoder(PaceShown)


class PaceKeeper:
    """Writes down the paces of all shops now and then."""

    def __init__(self, paces: Mapping[ShopKey, Pace], journal: Journal) -> None:
        self._paces = paces
        self._journal = journal
        self._kept: dict[ShopKey, str] = {}

    async def run(self) -> None:
        """Works for ever; ends by being cancelled."""
        while True:
            await trio.sleep(KEEP_EVERY_S)
            await self.keep()

    async def keep(self) -> None:
        found = {key: msgspec.json.encode(pace.shown()).decode() for key, pace in self._paces.items()}
        changed = {key: text for key, text in found.items() if self._kept.get(key) != text}
        if not changed:
            return

        def keeping_paces(tx: apsw.Connection) -> None:
            for key, text in changed.items():
                records.set_value(tx, f"{_KEY}{key}", text)

        await self._journal.run(keeping_paces)
        self._kept |= changed


def paces(tx: apsw.Connection) -> tuple[tuple[str, PaceShown], ...]:
    """The paces as last kept, by shop."""
    rows = tx.execute("SELECT key, value FROM notes WHERE key >= ? AND key < ? ORDER BY key", (_KEY, "pace0"))
    return tuple((str(key).removeprefix(_KEY), _decoder.decode(value)) for key, value in rows)
