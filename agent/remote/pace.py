"""How fast a shop is asked: how many requests at once, how many a minute, and whose turn it is.

What is done at once follows the shop (additive increase, multiplicative decrease): halved when it answers 429 or 503,
when an answer is lost on the way, and when it takes much longer than it usually takes for the same; slowly more again
while it answers well. Requests for orders go before requests for goods, and goods leave one place free for them.
"""

from __future__ import annotations

import math
import re
from collections import deque
from enum import IntEnum

import trio

from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.remote.retry import RETRY_AFTER_MAX_S
from agent.remote.trouble import Trouble, TroubleKind

MINUTE_S = 60.0

BURST_PART = 0.1
"""So much of a minute's budget may go at once; the rest is spread evenly, so that no minute sees more of it."""

PATIENCE_S = 5.0
"""A shop that wants to be left alone for longer is answered for here: the connection is paused, not kept waiting."""

SLOW_TIMES = 3.0
SLOW_FLOOR_S = 1.0
"""An answer is slow that took more than three times the median of its like, and more than a second."""

LIKE_MAX = 21
LIKE_MIN = 5
"""So many answers of a kind are remembered, and so many are needed before one is called slow."""

KIND_BYTES = 2048
KINDS_MAX = 256
RAISE = 0.1
"""What one good answer adds to how many may be under way: ten good ones for one more."""

ORDERS_IN_A_ROW = 8
"""After so many requests for orders one for goods has its turn, if any waits."""

OVERLOADED = frozenset((429, 502, 503, 504))
_NUMBER = re.compile(r"\d+")


class Lane(IntEnum):
    """Whose request it is; orders go first."""

    ORDERS = 0
    GOODS = 1


class PaceShown(Frozen, frozen=True):
    """How a shop is asked at present, for people. `limit` of `most` may be under way at once; `lowered` says why it is
    fewer ("slow", "http_429", "answer_lost"), empty when it never was. `waited_s` is what all requests together have
    waited for their turn; `closed_s` how much longer the shop wants to be left alone."""

    asked_last_minute: int
    requests_a_minute: int
    limit: int
    most: int
    under_way: int
    waiting: int
    waited_s: float
    lowered: str = ""
    lowered_ago_s: float | None = None
    closed_s: float = 0.0


class _Waiter:
    def __init__(self) -> None:
        self.event = trio.Event()

    def wake(self) -> None:
        self.event.set()
        self.event = trio.Event()


class Pace:
    """The one gate of all requests to one shop. Times are trio's.

    `most` is how many may ever be under way at once; `requests_a_minute` 0 sets no budget.
    """

    def __init__(self, most: int, requests_a_minute: int = 0) -> None:
        self._most = most
        self._budget = requests_a_minute
        self._limit = float(most)
        self._under_way = [0, 0]
        self._waiting: tuple[deque[_Waiter], deque[_Waiter]] = (deque(), deque())
        self._in_a_row = 0
        # The budget is kept as the moment from which the bucket is full again (the generic cell rate algorithm): a
        # moment is compared exactly, where a sum of parts of a token would not be.
        self._interval_s = MINUTE_S / (requests_a_minute * (1 - BURST_PART)) if requests_a_minute else 0.0
        # A hair more than a whole number of requests, so that a sum of intervals that is rounded up still counts as it.
        self._slack_s = self._interval_s * max(0.0, requests_a_minute * BURST_PART - 1 + 1e-6)
        self._full_at = -math.inf
        self._closed_until = -math.inf
        self._asked: deque[list[float]] = deque()
        self._waited_s = 0.0
        self._lowered = ""
        self._lowered_at = -math.inf
        self._kinds: dict[str, deque[float]] = {}
        self.served = 0
        """Answers without an error since it was made."""

    # -- a request's turn ------------------------------------------------------------------------------------------

    async def enter(self, lane: Lane) -> float:
        """Waits for this request's turn and gives the time it left. `leave` must follow.

        Raises Trouble NOT_NOW, without asking the shop, while it wants to be left alone for longer than PATIENCE_S.
        """
        now = trio.current_time()
        orders, goods = self._waiting
        if not orders and not goods and self._free_at(lane) <= now:
            self._depart(lane, now)
            return now
        waiter = _Waiter()
        self._waiting[lane].append(waiter)
        try:
            await self._turn(waiter, lane)
            left = trio.current_time()
            self._depart(lane, left)
            return left
        finally:
            self._waiting[lane].remove(waiter)
            self._waited_s += trio.current_time() - now
            self._wake()

    def leave(self, lane: Lane) -> None:
        self._under_way[lane] -= 1
        self._wake()

    async def _turn(self, waiter: _Waiter, lane: Lane) -> None:
        while True:
            until = math.inf
            if self._next() is waiter:
                self._refuse_while_closed()
                until = self._free_at(lane)
                if until <= trio.current_time():
                    return
            with trio.move_on_at(until):
                await waiter.event.wait()

    def _next(self) -> _Waiter | None:
        orders, goods = self._waiting
        if goods and (not orders or (self._in_a_row >= ORDERS_IN_A_ROW and self._has_room(Lane.GOODS))):
            return goods[0]
        return orders[0] if orders else None

    def _wake(self) -> None:
        waiter = self._next()
        if waiter is not None:
            waiter.wake()

    def _free_at(self, lane: Lane) -> float:
        """From when a request may leave, as far as is known now."""
        if not self._has_room(lane):
            return math.inf
        return max(self._closed_until, self._full_at - self._slack_s if self._budget else -math.inf)

    def _has_room(self, lane: Lane) -> bool:
        limit = int(self._limit)
        if sum(self._under_way) >= limit:
            return False
        return lane is Lane.ORDERS or self._under_way[Lane.GOODS] < max(1, limit - 1)

    def _refuse_while_closed(self) -> None:
        left = self._closed_until - trio.current_time()
        if left > PATIENCE_S:
            raise Trouble(TroubleKind.NOT_NOW, "asked_to_wait", fault=Fault.SHOP_UNREACHABLE, retry_after_s=left)

    def _depart(self, lane: Lane, now: float) -> None:
        self._under_way[lane] += 1
        self._in_a_row = self._in_a_row + 1 if lane is Lane.ORDERS else 0
        if self._budget:
            self._full_at = max(self._full_at, now) + self._interval_s
        second = now // 1
        if self._asked and self._asked[-1][0] == second:
            self._asked[-1][1] += 1
            return
        self._asked.append([second, 1])
        while self._asked[0][0] <= second - MINUTE_S:
            self._asked.popleft()

    # -- what came of it -------------------------------------------------------------------------------------------

    def answered(self, kind: str, left: float, status: int, retry_after_s: float | None) -> None:
        """The answer to a request that left then. `kind` is the same for requests that should take about as long."""
        now = trio.current_time()
        took_s = now - left
        self.served += status < 400
        if status in OVERLOADED:
            self._lower(f"http_{status}", left)
            if retry_after_s:
                self._closed_until = max(self._closed_until, now + min(retry_after_s, RETRY_AFTER_MAX_S))
            return
        if self._is_slow(kind, took_s):
            self._lower("slow", left)
        elif self._limit < self._most:
            self._limit = min(float(self._most), self._limit + RAISE)

    def lost(self, left: float) -> None:
        """The answer to a request that left then never came whole."""
        self._lower("answer_lost", left)

    def _lower(self, why: str, left: float) -> None:
        """Once for all that was under way at the same time: they suffered from the same cause."""
        if left < self._lowered_at:
            return
        self._limit = max(1.0, self._limit / 2)
        self._lowered, self._lowered_at = why, trio.current_time()

    def _is_slow(self, kind: str, took_s: float) -> bool:
        like = self._kinds.get(kind)
        if like is None:
            if len(self._kinds) >= KINDS_MAX:
                return False
            like = self._kinds[kind] = deque(maxlen=LIKE_MAX)
        slow = took_s > SLOW_FLOOR_S and len(like) >= LIKE_MIN and took_s > SLOW_TIMES * sorted(like)[len(like) // 2]
        like.append(took_s)
        return slow

    # -- for people ------------------------------------------------------------------------------------------------

    def shown(self) -> PaceShown:
        now = trio.current_time()
        return PaceShown(
            asked_last_minute=int(sum(count for second, count in self._asked if second > now // 1 - MINUTE_S)),
            requests_a_minute=self._budget,
            limit=int(self._limit),
            most=self._most,
            under_way=sum(self._under_way),
            waiting=sum(map(len, self._waiting)),
            waited_s=self._waited_s,
            lowered=self._lowered,
            lowered_ago_s=now - self._lowered_at if self._lowered else None,
            closed_s=max(0.0, self._closed_until - now),
        )


def kind_of(method: str, path: str, answer_bytes: int) -> str:
    """What an answer is compared with: those to the same route, numbers apart, of about the same size. How much a shop
    has to tell is what most of its time goes to, and an empty list says nothing about a full one."""
    return f"{method} {_NUMBER.sub('#', path)} {(answer_bytes // KIND_BYTES).bit_length()}"
