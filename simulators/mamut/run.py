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
from simulators.serve import Server

HOST = "127.0.0.1"


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
) -> None:
    """Serves one company on this computer alone until SIGTERM, SIGINT or cancellation.

    Says `listening on http://127.0.0.1:PORT` on standard output when it does; port 0 takes a free one. With a state
    file the company is read from it and every change goes into it; a clean stop leaves a snapshot there.
    Raises StateError when the file is not usable and OSError when the port or the file is not.
    """
    gc.set_threshold(50_000, 20, 50)  # Books of a hundred thousand records would be walked through all the time.
    mamut, store = (Mamut(options, clock, seed), None) if state is None else open_mamut(state, options, clock, seed)
    workers = 6 if options.quirks.busy_when_concurrent else 1
    plan = None if faults is None else FaultPlan(faults)
    server = Server(mamut, clock, faults=plan, pace=pace, latency_s=latency_s, workers=workers)
    try:
        await _serve_until_signal(server, port)
    finally:
        if store is not None:
            store.write_snapshot(mamut.books.held)
            store.close()


async def _serve_until_signal(server: Server, port: int) -> None:
    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        signals.append(signal.SIGBREAK)
    with trio.open_signal_receiver(*signals) as arrived:
        (listener,) = await trio.open_tcp_listeners(port, host=HOST)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(server.serve_tcp, listener)
            sys.stdout.write(f"listening on http://{HOST}:{listener.socket.getsockname()[1]}\n")
            sys.stdout.flush()
            async for _ in arrived:
                nursery.cancel_scope.cancel()
                return
