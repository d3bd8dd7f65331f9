"""How much is asked of a shop at once: less when that was too much for it, slowly more again when it serves us well."""

from __future__ import annotations

from agent.remote.trouble import Trouble, TroubleKind

TOO_MUCH = frozenset({"answer_lost", "http_413", "http_414"})
"""Troubles that a smaller request may not meet, beside the answers of a server that fails (5xx)."""


class BatchSize:
    """`now` is the size to use, from 1 to `most`. A host that is too slow for one request is too slow for it again."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.now = most

    def worked(self) -> None:
        self.now = min(self.most, self.now + 1)

    def failed(self, trouble: Trouble) -> None:
        code = trouble.problem
        if code in TOO_MUCH or code.startswith("http_5") or trouble.kind in (TroubleKind.UNSURE, TroubleKind.GARBLED):
            self.now = max(1, self.now // 2)
