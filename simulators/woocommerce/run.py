"""Runs a simulated shop as a server of its own: what `brygga simulate woocommerce` calls."""

from __future__ import annotations

import gc
import signal
import ssl
import sys
from datetime import UTC, datetime
from pathlib import Path

import trio

from simulators.faults import FaultOptions, FaultPlan
from simulators.http import Clock
from simulators.woocommerce.courier import Courier, ShopServer, post_tcp
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.site import Site

HOST = "127.0.0.1"
WORKERS = 6
"""PHP processes of the recorded shop: so many requests are worked on at once at a pace above 0."""


def system_clock() -> datetime:
    """This computer's time."""
    return datetime.now(UTC)


async def serve(
    port: int,
    seed: int,
    state: Path | None,
    options: ShopOptions,
    *,
    clock: Clock = system_clock,
    pace: float = 0.0,
    latency_s: float = 0.0,
    faults: FaultOptions | None = None,
    certificate: Path | None = None,
    private_key: Path | None = None,
) -> None:
    """Serves one shop on this computer alone until SIGTERM, SIGINT or cancellation.

    Says `listening on http://127.0.0.1:PORT` on standard output when it does; port 0 takes a free one. A certificate
    (PEM, with its key there or in `private_key`) makes it https, where a shop accepts Basic authentication. With a
    state file the shop is read from it and every change goes into it; a clean stop leaves a snapshot there. The shop's
    queue runs when the shop is visited, as in a real one, and its webhooks leave from here, to http addresses only.

    Raises:
        StateError: when the state file is not usable.
        OSError: when the port or a file is not.
    """
    gc.set_threshold(50_000, 20, 50)  # A hundred thousand products would be walked through all the time.
    site = Site(clock, options=options, seed=seed, state=state)
    tls = _tls(certificate, private_key)
    server = ShopServer(
        site,
        clock,
        faults=FaultPlan(faults) if faults is not None else None,
        pace=pace,
        latency_s=latency_s,
        workers=WORKERS,
        scheme="http" if tls is None else "https",
    )
    site.door.cost = server.cost
    server.courier = Courier(site, post_tcp)
    try:
        await _serve_until_signal(server, server.courier, port, tls)
    finally:
        site.close()


def _tls(certificate: Path | None, private_key: Path | None) -> ssl.SSLContext | None:
    if certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, private_key)
    return context


async def _serve_until_signal(server: ShopServer, courier: Courier, port: int, tls: ssl.SSLContext | None) -> None:
    signals = [signal.SIGINT, signal.SIGTERM]
    if sys.platform == "win32":
        signals.append(signal.SIGBREAK)
    with trio.open_signal_receiver(*signals) as arrived:
        (listener,) = await trio.open_tcp_listeners(port, host=HOST)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(courier.run)
            nursery.start_soon(server.serve_tcp, listener, tls)
            sys.stdout.write(f"listening on {server.scheme}://{HOST}:{listener.socket.getsockname()[1]}\n")
            sys.stdout.flush()
            async for _ in arrived:
                nursery.cancel_scope.cancel()
                return
