"""What asks an agent to end, or to read its settings anew, from outside its process."""

from __future__ import annotations

import signal
from collections.abc import Callable

import trio

STOP_SIGNALS = tuple(
    signal.Signals[name] for name in ("SIGINT", "SIGTERM", "SIGBREAK") if name in signal.Signals.__members__
)
"""What asks the agent to end. Windows has SIGBREAK: Ctrl-Break, or a console that is closed."""

RELOAD_SIGNALS = tuple(signal.Signals[name] for name in ("SIGHUP",) if name in signal.Signals.__members__)
"""What asks the agent to read its settings anew. Windows has none: there it is asked for by the command. In a
terminal it means that the terminal is closed."""


async def reload_on_signal(reload: Callable[[], None]) -> None:
    with trio.open_signal_receiver(*RELOAD_SIGNALS) as signals:
        async for _ in signals:
            reload()


async def stop_on_signal(stop: Callable[[], None]) -> None:
    """The first signal ends the agent in order; a second one at once."""
    with trio.open_signal_receiver(*STOP_SIGNALS) as signals:
        async for _ in signals:
            stop()
            break
    with trio.open_signal_receiver(*STOP_SIGNALS) as signals:
        async for number in signals:
            raise SystemExit(128 + number)
