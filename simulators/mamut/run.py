"""Runs the Mamut simulator as a server of its own: what `brygga simulate mamut` calls."""

from __future__ import annotations

import gc
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import trio

from simulators.faults import FaultOptions, FaultPlan
from simulators.http import Clock
from simulators.mamut.options import MamutOptions
from simulators.mamut.store import open_mamut
from simulators.mamut.system import Mamut
from simulators.mamut.workday import Habits, Workday
from simulators.serve import Server

HOST = "127.0.0.1"

LOOK_S = 60.0
"""The longest that the people sleep: a computer's clock may be set."""


def system_clock() -> datetime:
    """This computer's time."""
    return datetime.now(UTC)


async def serve(
    port: int,
    seed: int,
    state: Path | None,
    options: MamutOptions,
    *,
    clock: Clock = system_clock,
    pace: float = 0.0,
    latency_s: float = 0.0,
    faults: FaultOptions | None = None,
    habits: Habits | None = None,
) -> None:
    """Serves one company on this computer alone until SIGTERM, SIGINT or cancellation.

    Says `listening on http://127.0.0.1:PORT` on standard output when it does; port 0 takes a free one. With a state
    file the company is read from it and every change goes into it; a clean stop leaves a snapshot there. With `habits`
    the people at the company work by themselves.
    Raises StateError when the file is not usable and OSError when the port or the file is not.
    """
    gc.set_threshold(50_000, 20, 50)  # Books of a hundred thousand records would be walked through all the time.
    mamut, store = (Mamut(options, clock, seed), None) if state is None else open_mamut(state, options, clock, seed)
    workers = 6 if options.quirks.busy_when_concurrent else 1
    plan = None if faults is None else FaultPlan(faults)
    server = Server(mamut, clock, faults=plan, pace=pace, latency_s=latency_s, workers=workers)
    try:
        await _serve_until_signal(server, port, None if habits is None else Workday(mamut, seed, habits))
    finally:
        if store is not None:
            store.write_snapshot(mamut.books.held)
            store.close()


async def _serve_until_signal(server: Server, port: int, people: Workday | None) -> None:
    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        signals.append(signal.SIGBREAK)
    with trio.open_signal_receiver(*signals) as arrived:
        (listener,) = await trio.open_tcp_listeners(port, host=HOST)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(server.serve_tcp, listener)
            if people is not None:
                nursery.start_soon(_work_by_themselves, people)
            sys.stdout.write(f"listening on http://{HOST}:{listener.socket.getsockname()[1]}\n")
            sys.stdout.flush()
            async for _ in arrived:
                nursery.cancel_scope.cancel()
                return


async def _work_by_themselves(people: Workday) -> None:
    while True:
        await trio.sleep(min(people.next_s(), LOOK_S))
        people.work()
