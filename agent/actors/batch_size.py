"""How much is asked of a shop at once: less when that was too much for it, slowly more again when it serves us well."""

from __future__ import annotations

from agent.remote.trouble import Trouble, TroubleKind

TOO_MUCH = frozenset({"answer_lost", "http_413", "http_414"})
"""Troubles that a smaller request may not meet, beside the answers of a server that fails (5xx)."""

SLOW_S = 20.0
"""An answer that took longer was near to no answer at all: many hosts end a request after 30 s."""


class BatchSize:
    """`now` is the size to use, from 1 to `most`. A host that is too slow for one request is too slow for it again."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.now = most

    def worked(self, took_s: float = 0.0) -> None:
        """An answer came, after `took_s` seconds where that depends on the size."""
        if took_s > SLOW_S:
            self.now = max(1, self.now // 2)
        elif took_s <= SLOW_S / 2:
            self.now = min(self.most, self.now + 1)

    def failed(self, trouble: Trouble) -> None:
        code = trouble.problem
        if code in TOO_MUCH or code.startswith("http_5") or trouble.kind in (TroubleKind.UNSURE, TroubleKind.GARBLED):
            self.now = max(1, self.now // 2)
