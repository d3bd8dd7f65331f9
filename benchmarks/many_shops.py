"""How many shops can one process serve: memory and CPU idle and busy, time to the first order, time to stop?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from agent.model.order import Frozen
from benchmarks.command import Run
from benchmarks.crowd_process import Crowd
from benchmarks.figures import Cell, Chart, Line, Result, Table, Target
from benchmarks.market import PASSWORD
from scenarios.demo_children import Child, ChildError, environment, free_port
from scenarios.demo_doors import MamutDoor

COUNTS = (1, 10, 100, 1_000)
INTERVAL_S = 60.0
"""The pause between two polls of a shop, as it is unless a merchant says otherwise."""

MEASURED_INTERVAL_S = {1: 2.0, 10: 2.0, 100: 5.0, 1_000: 15.0}
"""Polls are made denser so that a run takes less than a minute; what one costs is the same."""

GIVE_UP_S = 600.0

MEMORY_MB = 400
CORE = 0.03


def many_shops(run: Run) -> Result:
    found = []
    for count in COUNTS[:2] if run.small else COUNTS:
        run.tell(f"{count} shops")
        found.append(Pair(idle=measure(run, count, orders=0), busy=measure(run, count, orders=1)))
    most = found[-1].idle
    return Result(
        name="shops",
        question="How many shops can one process serve: memory, CPU, time to the first order, time to stop?",
        tables=(_table(found),),
        charts=(
            _chart("shops-memory", "Memory of the agent", "MB", [(one.idle.shops, one.idle.idle_mb) for one in found]),
            _chart(
                "shops-cpu",
                "CPU of idle shops, a poll a minute",
                "% of a core",
                [(one.idle.shops, core(one.idle) * 100) for one in found],
            ),
        ),
        targets=(
            Target(
                what=f"Memory of {most.shops} idle shops",
                wanted=f"under {MEMORY_MB} MB",
                reached=f"{most.idle_mb:.0f} MB",
                met=most.idle_mb < MEMORY_MB,
            ),
            Target(
                what=f"CPU of {most.shops} idle shops",
                wanted=f"under {CORE:.0%} of a core",
                reached=f"{core(most):.1%}",
                met=core(most) < CORE,
            ),
        ),
    )


class Pair(Frozen, frozen=True):
    """As many shops twice: without an order in the world, and each with one that waits at the start."""

    idle: Crowd
    busy: Crowd


def core(crowd: Crowd) -> float:
    """The share of a core that the idle shops take with a poll a minute each."""
    return crowd.idle_cpu_s / max(1, crowd.idle_polls) * crowd.shops / INTERVAL_S


def measure(run: Run, shops: int, *, orders: int) -> Crowd:
    """An agent with so many shops, each with so many orders waiting."""
    folder = run.new_folder("crowd")
    port = free_port()
    mamut = Child("mamut", ["simulate", "mamut", "--port", str(port), "--seed", "1"], folder)
    try:
        address = mamut.address()
        MamutDoor(address, PASSWORD).fill(seed=1, products=5, contacts=0)
        interval_s = 1.0 if run.small else MEASURED_INTERVAL_S[shops]
        with _street(shops, orders) as ports:
            arguments = [str(folder), address, str(interval_s), str(orders), ports]
            done = subprocess.run(
                [sys.executable, "-m", "benchmarks.crowd_process", *arguments],
                capture_output=True,
                timeout=GIVE_UP_S,
                env=environment(),
                check=False,
            )
    finally:
        mamut.stop()
    if done.returncode:
        raise ChildError(done.stderr[-2_000:].decode("utf-8", "replace"))
    return msgspec.json.decode(done.stdout.splitlines()[-1], type=Crowd)


@contextmanager
def _street(shops: int, orders: int) -> Iterator[str]:
    command = [sys.executable, "-m", "benchmarks.street_process", str(shops), str(orders)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().removeprefix("listening on ").strip()
        finally:
            process.stdin.close()


def _table(found: list[Pair]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            idle.shops,
            idle.idle_mb,
            busy.busy_mb,
            (idle.idle_mb - idle.empty_mb) / idle.shops,
            idle.idle_cpu_s / max(1, idle.idle_polls) * 1e6,
            core(idle) * 100,
            idle.idle_commits / max(1, idle.idle_polls),
            idle.polled_s,
            busy.first_order_s,
            busy.all_orders_s,
            busy.busy_cpu_s / busy.shops * 1e3,
            busy.stop_s,
        )
        for idle, busy in ((one.idle, one.busy) for one in found)
    )
    return Table(
        title="Shops in one process",
        columns=(
            "Shops",
            "Idle MB",
            "Busy MB",
            "MB a shop",
            "CPU µs a poll",
            "% of a core at a poll a minute",
            "Commits a poll",
            "All polled s",
            "First order s",
            "All orders s",
            "CPU ms a shop to start",
            "Stop s",
        ),
        rows=rows,
        note="Busy: every shop has one order waiting at the start. Seconds are real ones from the start of "
        "the agent, on a computer that runs the shops too.",
    )


def _chart(name: str, title: str, y: str, points: list[tuple[int, float]]) -> Chart:
    line = Line(name="agent", points=tuple((float(x), value) for x, value in points))
    return Chart(name=name, title=title, x="shops", y=y, lines=(line,), log=True)
