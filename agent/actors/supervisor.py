"""Keeps one actor alive: what fails is started again from the journal, later each time, and in the end parked.

This is the only place that catches everything: an actor that meets a fault of ours must not take the others with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
import trio

from agent.actors.health import Health
from agent.journal.schema import JournalError
from agent.model.reasons import Fault

RESTART_S = (1.0, 5.0, 30.0, 120.0)
"""Seconds before the first, second … start after a failure; after the last one the actor is parked."""

FORGIVE_S = 600.0
"""An actor that has run so long without failing is forgiven what it did before."""

PARKED_S = 3_600.0
"""A parked actor is tried again after an hour: what failed may have been the disk, and nobody may be looking."""

log = structlog.get_logger("brygga")


async def supervise(name: str, run: Callable[[], Awaitable[None]], health: Health) -> None:
    """Runs an actor until it ends by itself or is cancelled."""
    failures = 0
    while True:
        started = trio.current_time()
        try:
            await run()
        except Exception as error:  # noqa: BLE001 - the supervisor's one task; everything else lets errors rise
            if trio.current_time() - started >= FORGIVE_S:
                failures = 0
            cause = _first(error)
            kind, where = type(cause).__name__, _where(cause)
            log.error("actor_failed", actor=name, error=kind, failures=failures + 1, where=where)
        else:
            return
        if failures < len(RESTART_S):
            await trio.sleep(RESTART_S[failures])
            failures += 1
            continue
        await _park(health, name)
        await trio.sleep(PARKED_S)


async def _park(health: Health, name: str) -> None:
    try:
        await health.stopped("parked", Fault.DIRECTION_PARKED.value, name)
    except JournalError as error:
        # The journal itself is what fails; the log is all that is left to say it in.
        log.error("parked", actor=name, fault=error.fault.value)


def _first(error: BaseException) -> BaseException:
    """The error itself where a nursery has wrapped it."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _where(error: BaseException) -> str:
    """The innermost place in a file of ours, without any value: values may be somebody's name."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
