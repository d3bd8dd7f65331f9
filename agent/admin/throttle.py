"""How often somebody may try to sign in: slower for each failure, by user and by address."""

from __future__ import annotations

from agent.model.order import Frozen

FREE = 5
"""Failures that cost nothing: people mistype."""

LONGEST_S = 900.0
"""Nobody is kept waiting longer: whoever has the password must get in some time, also while another one guesses."""

FORGET_S = 3_600.0
"""After so long without a failure all is forgotten."""

MOST = 10_000
"""Names and addresses that are remembered; the oldest failures are forgotten first."""


class _Failures(Frozen, frozen=True):
    count: int
    at_s: float


class Throttle:
    """Times are seconds of any one clock."""

    def __init__(self) -> None:
        self._failures: dict[str, _Failures] = {}

    def wait_s(self, now_s: float, *who: str) -> float:
        """For how long none of these may try."""
        return max(self._wait_s(now_s, each) for each in who)

    def failed(self, now_s: float, *who: str) -> None:
        for each in who:
            past = self._failures.pop(each, None)
            count = 1 if past is None or now_s - past.at_s > FORGET_S else past.count + 1
            self._failures[each] = _Failures(count=count, at_s=now_s)
        while len(self._failures) > MOST:
            del self._failures[next(iter(self._failures))]

    def succeeded(self, *who: str) -> None:
        for each in who:
            self._failures.pop(each, None)

    def _wait_s(self, now_s: float, who: str) -> float:
        past = self._failures.get(who)
        if past is None or past.count < FREE:
            return 0.0
        wait = min(2.0 ** min(past.count - FREE + 1, 20), LONGEST_S)
        return max(past.at_s + wait - now_s, 0.0)
