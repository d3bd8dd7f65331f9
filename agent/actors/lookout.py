"""Looks now and then at what nobody complains of until it is too late: room on the disk, certificates that end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import apsw
import msgspec
import structlog
import trio

from agent.actors.times import to_ms
from agent.journal import computer
from agent.journal.computer import Computer
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.settings.tree import Settings

LOOK_S = 900.0

CLOCK_MAX_S = 120.0
"""So many seconds may a shop's clock differ from ours: what changes is asked for with more overlap than that."""

MEGABYTE = 1024 * 1024

log = structlog.get_logger("brygga")


class Lookout:
    """`room` gives the bytes that are free on a folder's disk and raises OSError; `certificates` are those that servers
    have shown, by host, with the moment (seconds since 1970) at which they end; `clocks` gives how many seconds each
    shop's clock is ahead of ours."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        journal: Journal,
        clock: Clock,
        room: Callable[[Path], int],
        certificates: Mapping[str, float],
        clocks: Callable[[], Mapping[str, float]],
    ) -> None:
        self._settings = settings
        self._journal = journal
        self._clock = clock
        self._room = room
        self._certificates = certificates
        self._clocks = clocks

    async def run(self) -> None:
        """Works until it is cancelled."""
        now_ms = to_ms(self._clock())

        def keeping_start(tx: apsw.Connection) -> None:
            computer.keep_start(tx, now_ms)

        await self._journal.run(keeping_start)
        while True:
            await self.look()
            await trio.sleep(LOOK_S)

    async def look(self) -> None:
        before = self._journal.view(computer.get)
        seen = self._seen(before)
        if seen == msgspec.structs.replace(before, since_ms=seen.since_ms):
            return
        was_well = not before.certificates and not before.clocks and before.room_mb is None
        now = msgspec.structs.replace(seen, since_ms=to_ms(self._clock()) if was_well else before.since_ms)

        def keeping_computer(tx: apsw.Connection) -> None:
            computer.put(tx, now)

        await self._journal.run(keeping_computer)
        log.warning("computer", room_mb=now.room_mb, certificates=sorted(now.certificates), clocks=now.clocks)

    def _seen(self, before: Computer) -> Computer:
        attention = self._settings().attention
        soon_s = (self._clock() + timedelta(days=attention.certificate_days)).timestamp()
        ending = {host: round(ends_s * 1000) for host, ends_s in self._certificates.items() if ends_s < soon_s}
        # Of a server that has not been spoken to since the start, what was seen before it still holds.
        kept = {host: ends_ms for host, ends_ms in before.certificates.items() if host not in self._certificates}
        wrong = {key: round(ahead_s) for key, ahead_s in self._clocks().items() if abs(ahead_s) > CLOCK_MAX_S}
        return Computer(room_mb=self._room_mb(attention.room_mb), certificates=kept | ending, clocks=wrong)

    def _room_mb(self, wanted_mb: int) -> int | None:
        """How much is free, None while that is enough. A disk that does not tell is no reason for alarm."""
        try:
            free = self._room(self._journal.path.parent)
            needed = max(wanted_mb * MEGABYTE, self._journal.path.stat().st_size if wanted_mb else 0)
        except OSError as error:
            log.warning("disk_unknown", problem=error.strerror or type(error).__name__)
            return None
        return free // MEGABYTE if free < needed else None
