"""A doorbell: many rings before somebody comes are one ring, and it is never lost."""

from __future__ import annotations

import trio


class Bell:
    """Wakes one waiting actor. Carries nothing: whoever hears it looks into the journal."""

    def __init__(self) -> None:
        self._rung = trio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, timeout_s: float) -> bool:
        """Until it rings, at most `timeout_s` seconds; false when the time ran out. Takes the ring away."""
        with trio.move_on_after(timeout_s):
            await self._rung.wait()
        rang = self._rung.is_set()
        if rang:
            self._rung = trio.Event()
        return rang
