"""Draws the troubles of a Mamut in use from the seed, and takes orders for single ones."""

from __future__ import annotations

from random import Random
from typing import Literal, get_args

from simulators.mamut.options import Quirks

Kind = Literal[
    "record_locked",
    "busy",
    "session_dropped",
    "sql_timeout_mid_write",
    "sql_timeout_after_write",
    "header_without_lines",
    "hang",
    "desktop_user_overwrites",
    "silent_cancel",
]


class Trouble:
    """One stream of chance for each kind, so that switching one on leaves the others as they were.

    `start` sets the streams apart after a restart; with the same history the same troubles follow.
    """

    def __init__(self, quirks: Quirks, seed: int, start: int = 0) -> None:
        shares: dict[str, float] = {kind: getattr(quirks, kind) for kind in get_args(Kind)}
        self._shares = {kind: share for kind, share in shares.items() if share}
        self._seed = f"{seed}/{start}"
        self._streams: dict[str, Random] = {}
        self._ordered: dict[str, int] = {}
        self.counts: dict[str, int] = {}

    def order(self, kind: Kind, times: int = 1) -> None:
        """Makes the next calls that this trouble can meet run into it, whatever its share."""
        self._ordered[kind] = self._ordered.get(kind, 0) + times

    def calm(self, kind: Kind) -> None:
        """What was ordered of this trouble and has not been met yet happens no more."""
        self._ordered.pop(kind, None)

    def strikes(self, kind: Kind) -> bool:
        ordered = self._ordered.get(kind, 0)
        if ordered:
            self._ordered[kind] = ordered - 1
        elif not self._drawn(kind):
            return False
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return True

    def _drawn(self, kind: Kind) -> bool:
        share = self._shares.get(kind)
        if share is None:
            return False
        stream = self._streams.get(kind)
        if stream is None:
            stream = self._streams[kind] = Random(f"{self._seed}/{kind}")
        return stream.random() < share
