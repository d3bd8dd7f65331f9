"""What can go wrong between a client and a simulated system, drawn from a seed.

These are the faults of the network and of the web server in front of the system. Faults of the systems themselves
(a record locked, a date not moved) are switches of each simulator.
"""

from __future__ import annotations

from enum import StrEnum
from random import Random

import msgspec


class Fault(StrEnum):
    """One way in which an exchange fails. The comment says whether the system did the work."""

    CLOSE = "close"  # the connection is closed as soon as the request begins; nothing happened
    HANG_BEFORE = "hang_before"  # no answer until the client gives up; nothing happened
    CUT_BEFORE = "cut_before"  # the connection is cut when the whole request has been read; nothing happened
    CUT_AFTER = "cut_after"  # the work was done, the answer is lost
    HANG_AFTER = "hang_after"  # the work was done, the answer never comes
    SLOW = "slow"  # the answer comes, late
    HALF_HEAD = "half_head"  # the work was done, the connection is cut inside the head of the answer
    HALF_BODY = "half_body"  # the work was done, the connection is cut inside the body of the answer
    GARBAGE = "garbage"  # the work was done, what comes back is no HTTP
    STATUS_401 = "status_401"  # refused by something in front, as if the key were wrong
    STATUS_429 = "status_429"  # too many requests, with Retry-After; nothing happened
    STATUS_429_BARE = "status_429_bare"  # the same without Retry-After
    STATUS_500_BEFORE = "status_500_before"  # a fatal error before anything was done
    STATUS_500_AFTER = "status_500_after"  # a fatal error after the work was done
    STATUS_502 = "status_502"  # the web server's own HTML page; nothing happened
    STATUS_503 = "status_503"  # maintenance, with Retry-After; nothing happened
    STATUS_504_AFTER = "status_504_after"  # the web server gave up waiting, the work was done all the same
    HTML_200 = "html_200"  # the work was done, a page of HTML comes with status 200
    NOTICE = "notice"  # the work was done, a notice of PHP stands before the JSON


DONE_ALL_THE_SAME = frozenset(
    {
        Fault.CUT_AFTER,
        Fault.HANG_AFTER,
        Fault.SLOW,
        Fault.HALF_HEAD,
        Fault.HALF_BODY,
        Fault.GARBAGE,
        Fault.STATUS_500_AFTER,
        Fault.STATUS_504_AFTER,
        Fault.HTML_200,
        Fault.NOTICE,
    }
)
"""After these the system holds what the request asked for."""


class FaultOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often which fault comes.

    `share` is the part of all requests that fail, 0 to 1; which fault it is, is drawn evenly from `faults`.
    `slow_s` and `hang_s` are seconds of the server's clock; a hang ends by closing the connection.
    `first_request` leaves that many requests in peace, so that a start can be told from a running day.
    """

    share: float = 0.0
    faults: tuple[Fault, ...] = tuple(Fault)
    seed: int = 0
    slow_s: float = 2.0
    hang_s: float = 120.0
    retry_after_s: int = 2
    first_request: int = 0


class FaultPlan:
    """Draws one fault or none for each request, always the same for one seed and order of requests."""

    def __init__(self, options: FaultOptions) -> None:
        self.options = options
        self.counts: dict[Fault, int] = {}
        self._random = Random(options.seed)
        self._seen = 0

    def draw(self) -> Fault | None:
        self._seen += 1
        options = self.options
        if self._seen <= options.first_request or not options.faults:
            return None
        if self._random.random() >= options.share:
            return None
        fault = self._random.choice(options.faults)
        self.counts[fault] = self.counts.get(fault, 0) + 1
        return fault
