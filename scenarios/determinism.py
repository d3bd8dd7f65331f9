"""One seed, one history: the only place that touches trio's private switches.

trio shuffles the tasks of each round on purpose and has no public way to seed that. Two private names of
`trio._core._run` together make it repeatable; a test plays one seed in several processes and fails when they stop
working.
"""

from __future__ import annotations

import gc
import math
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import trio
from trio.testing import MockClock

T = TypeVar("T")


@contextmanager
def _seeded_scheduler(seed: int) -> Iterator[None]:
    """Tasks of one round in an order that follows from the seed, until the block ends."""
    internals: Any = trio._core._run
    before = internals._ALLOW_DETERMINISTIC_SCHEDULING, internals._r.getstate()
    internals._ALLOW_DETERMINISTIC_SCHEDULING = True
    internals._r.seed(seed)
    try:
        yield
    finally:
        internals._ALLOW_DETERMINISTIC_SCHEDULING = before[0]
        internals._r.setstate(before[1])


@contextmanager
def _rare_collections() -> Iterator[None]:
    """A play makes many objects that live to its end, as the agent's own process does, and walking through them again
    and again finds nothing."""
    before = gc.get_threshold()
    gc.set_threshold(50_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _standing_clock() -> MockClock:
    """A clock that moves by jumps alone. trio asks it ten thousand times a play and it reckons anew each time, though
    it cannot have moved by itself."""
    clock: Any = MockClock(autojump_threshold=0)
    clock.current_time = lambda: clock._virtual_base
    clock._autojump = lambda: _jump(clock)
    standing: MockClock = clock
    return standing


def _jump(clock: Any) -> None:
    """To the next deadline; trio makes the statistics of its whole run to learn when that is."""
    internals: Any = trio._core._run
    left = internals.GLOBAL_RUN_CONTEXT.runner.deadlines.next_deadline() - clock._virtual_base
    if 0 < left < math.inf:
        clock.jump(left)


def run_in_virtual_time(seed: int, main: Callable[[], Awaitable[T]]) -> T:
    """Runs `main` in a trio run of its own, in which the clock jumps as soon as everybody waits."""
    with _seeded_scheduler(seed), _rare_collections():
        return trio.run(main, clock=_standing_clock())
