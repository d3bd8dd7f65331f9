"""How fast does a backlog drain, and what does it cost beside a bare loop and a plain connector?

Three ways through the same orders against the same simulators: the agent; a loop over the same transport that makes
the same requests and nothing else (the floor); and a connector as they are usually written. A fourth is the floor of
whoever keeps a journal: the loop and the statements of the agent's journal, without anything between. The CPU time is
each process's own, so that what the simulators take does not count, and they take turns so that a busy computer
disturbs them alike.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import msgspec

from agent.model.order import Frozen
from benchmarks.command import Run
from benchmarks.figures import Cell, Chart, Line, Result, Table, Target
from benchmarks.market import Figures, Market, Open

AGENT = "benchmarks.agent_process"
BARE = "benchmarks.bare_process"
SEQUENTIAL = "benchmarks.sequential_process"
JOURNAL = "benchmarks.bare_process with the journal's statements"

BACKLOG = 10_000
ROUNDS = 2
LATENCIES_MS = (0, 50, 300)


class Size(Frozen, frozen=True):
    """How many orders at one latency: what fits into a minute."""

    latency_ms: int
    pace: float
    orders: int
    sequential: int


class Measured(Frozen, frozen=True):
    """One size, each way's best of its rounds by CPU, with what the shop had to work."""

    size: Size
    agent: Figures
    bare: Figures
    sequential: Figures
    journal: Figures | None
    agent_shop_ms: float
    sequential_shop_ms: float

    @property
    def cpu_ratio(self) -> float:
        return self.agent.cpu_s / self.bare.cpu_s

    @property
    def of_floor(self) -> float:
        """The agent's pace as a share of the bare loop's, which waits for the remotes alone."""
        return self.bare.seconds / self.agent.seconds

    @property
    def times_sequential(self) -> float:
        """How many times the plain connector's orders a second."""
        return (self.size.orders / self.agent.seconds) / (self.size.sequential / self.sequential.seconds)


def sizes(run: Run) -> tuple[Size, ...]:
    return (
        Size(latency_ms=0, pace=0, orders=run.size(1_000, 60), sequential=run.size(200, 10)),
        Size(latency_ms=50, pace=0, orders=run.size(400, 20), sequential=run.size(40, 4)),
        Size(latency_ms=300, pace=0, orders=run.size(140, 12), sequential=run.size(12, 2)),
        Size(latency_ms=0, pace=1, orders=run.size(400, 12), sequential=run.size(60, 3)),
    )


def drain(run: Run) -> Result:
    wanted = sizes(run)[:1] if run.small else sizes(run)
    measured = [
        _measure(run, size, rounds=run.size(ROUNDS, 1) if not size.latency_ms and not size.pace else 1)
        for size in wanted
    ]
    places = _places(run, wanted[0])
    tables = [_cost(measured), _pace(measured), _where(places, measured[0])]
    targets = _targets(measured)
    if not run.small:
        figures = _backlog(run)
        tables.append(_backlog_table(figures))
        targets.append(_backlog_target(figures))
    return Result(
        name="drain",
        question="How fast does a backlog drain, and what does it cost beside a bare loop and a plain connector?",
        tables=tuple(tables),
        charts=(_chart(measured),) if len(measured) > 1 else (),
        targets=tuple(targets),
    )


def _measure(run: Run, size: Size, rounds: int) -> Measured:
    market = Market(run.new_folder("market"), size.orders)
    tape = run.folder / f"tape-{size.latency_ms}-{size.pace}"
    folder = run.new_folder("tape")
    with market.open(folder) as opened:
        opened.measured(AGENT, str(opened.write_settings()), str(tape))
    ways = (AGENT, BARE, SEQUENTIAL) if size.latency_ms or size.pace else (AGENT, BARE, JOURNAL, SEQUENTIAL)
    found: dict[str, list[tuple[Figures, float]]] = {way: [] for way in ways}
    for number in range(rounds):
        for module, several in found.items():
            run.tell(f"{size.orders} orders, {size.latency_ms} ms, pace {size.pace:g}: {module}, round {number + 1}")
            folder = run.new_folder("run")
            with market.open(folder, pace=size.pace, latency_ms=size.latency_ms) as opened:
                before = opened.shop.cost().work_ms
                figures = opened.measured(module.partition(" ")[0], *_arguments(module, opened, tape, size))
                several.append((figures, opened.shop.cost().work_ms - before))
                _check(module, opened, size)
    best = {module: min(tried, key=lambda one: one[0].cpu_s) for module, tried in found.items()}
    ratio = median(a.cpu_s / b.cpu_s for (a, _), (b, _) in zip(found[AGENT], found[BARE], strict=True))
    run.tell(f"CPU of the agent to that of the bare loop: {ratio:.2f} (median of {rounds})")
    return Measured(
        size=size,
        agent=best[AGENT][0],
        bare=best[BARE][0],
        sequential=best[SEQUENTIAL][0],
        journal=best[JOURNAL][0] if JOURNAL in best else None,
        agent_shop_ms=best[AGENT][1] / size.orders,
        sequential_shop_ms=best[SEQUENTIAL][1] / size.sequential,
    )


def _arguments(module: str, opened: Open, tape: Path, size: Size) -> list[str]:
    if module == AGENT:
        return [str(opened.write_settings())]
    if module == BARE:
        return [str(tape), opened.mamut_address, opened.shop_address]
    if module == JOURNAL:
        return [str(tape), opened.mamut_address, opened.shop_address, str(opened.folder / "floor.db")]
    return [opened.mamut_address, opened.shop_address, str(size.sequential)]


def _check(module: str, opened: Open, size: Size) -> None:
    """A run that lost or doubled an order measures nothing."""
    numbers = [document.external_no for document in opened.mamut.documents()]
    wanted = size.sequential if module == SEQUENTIAL else size.orders
    if len(numbers) != wanted or len(set(numbers)) != wanted:
        raise ValueError(f"{module}: {len(numbers)} documents, {len(set(numbers))} different, for {wanted} orders")


def _cost(measured: list[Measured]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in measured:
        size = one.size
        rows += [
            _cost_row("agent", size, one.agent, size.orders, one.cpu_ratio, one.agent_shop_ms),
            _cost_row("bare loop (2a)", size, one.bare, size.orders, 1.0, one.agent_shop_ms),
            *_with_journal(one),
            _cost_row(
                "plain connector (2b)",
                size,
                one.sequential,
                size.sequential,
                one.sequential.cpu_s / size.sequential / (one.bare.cpu_s / size.orders),
                one.sequential_shop_ms,
            ),
        ]
    return Table(
        title="What an order costs",
        columns=(
            "Latency ms",
            "Pace",
            "Way",
            "Orders",
            "CPU µs an order",
            "times bare loop",
            "Orders per CPU second",
            "Requests an order",
            "Shop ms an order",
            "Memory MB",
        ),
        rows=tuple(rows),
        note="CPU of the process itself, imports left out. Shop ms is what the shop's server would have worked, by the "
        "recorded times. 2a + statements: the bare loop, then the statements of the agent's journal on a new journal, "
        "one after the other, with nothing between. A quarter of the orders are a new customer's. The plain connector "
        "keeps no journal and proves no amount.",
    )


def _with_journal(one: Measured) -> list[tuple[Cell, ...]]:
    if one.journal is None:
        return []
    ratio = one.journal.cpu_s / one.bare.cpu_s
    return [_cost_row("2a + statements", one.size, one.journal, one.size.orders, ratio, one.agent_shop_ms)]


def _cost_row(name: str, size: Size, figures: Figures, orders: int, ratio: float, shop_ms: float) -> tuple[Cell, ...]:
    return (
        size.latency_ms,
        size.pace,
        name,
        orders,
        figures.cpu_s / orders * 1e6,
        ratio,
        orders / figures.cpu_s,
        figures.requests / orders,
        shop_ms,
        figures.rss_mb,
    )


def _pace(measured: list[Measured]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.size.latency_ms,
            one.size.pace,
            one.size.orders / one.agent.seconds,
            one.size.orders / one.bare.seconds,
            one.size.sequential / one.sequential.seconds,
            round(one.of_floor * 100),
            one.times_sequential,
        )
        for one in measured
    )
    return Table(
        title="Orders a second",
        columns=(
            "Latency ms",
            "Pace",
            "Agent",
            "Bare loop (2a)",
            "Plain connector (2b)",
            "Agent, % of 2a",
            "Agent, times 2b",
        ),
        rows=rows,
        note="Wall clock, on a computer that runs both simulators too. Mamut works on one call at a time, so that with "
        "latency its round trips are the floor of all three; the bare loop has nothing else to wait for.",
    )


def _places(run: Run, size: Size) -> dict[str, int]:
    market = Market(run.new_folder("market"), min(size.orders, 600))
    folder = run.new_folder("profile")
    file = folder / "samples.json"
    run.tell("where an order's time goes")
    with market.open(folder) as opened:
        opened.measured(AGENT, str(opened.write_settings()), "--profile", str(file))
    return msgspec.json.decode(file.read_bytes(), type=dict[str, int])


def _where(places: dict[str, int], measured: Measured) -> Table:
    total = sum(places.values()) or 1
    us = measured.agent.cpu_s / measured.size.orders * 1e6
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (name, count / total * 100, count / total * us)
        for name, count in sorted(places.items(), key=lambda item: -item[1])
    )
    return Table(
        title="Where an order's microseconds go",
        columns=("Place", "% of samples", "µs an order"),
        rows=rows,
        note=f"{total} samples of CPU time, with the journal's commits in line.",
    )


def _backlog(run: Run) -> Figures:
    """The ten thousand at once, once."""
    market = Market(run.new_folder("market"), BACKLOG)
    folder = run.new_folder("backlog")
    run.tell(f"{BACKLOG} orders at once")
    with market.open(folder) as opened:
        figures = opened.measured(AGENT, str(opened.write_settings()))
        _check(AGENT, opened, Size(latency_ms=0, pace=0, orders=BACKLOG, sequential=0))
    return figures


def _backlog_target(figures: Figures) -> Target:
    rate = BACKLOG / figures.cpu_s
    return Target(
        what=f"Orders per second of one core, a backlog of {BACKLOG:,}",
        wanted="at least 900",
        reached=f"{rate:.0f}",
        met=rate >= 900,
    )


def _backlog_table(figures: Figures) -> Table:
    return Table(
        title="Ten thousand at once",
        columns=(
            "Orders",
            "Seconds",
            "Orders a second",
            "Orders per CPU second",
            "Commits",
            "Requests an order",
            "Memory MB",
        ),
        rows=(
            (
                BACKLOG,
                figures.seconds,
                BACKLOG / figures.seconds,
                BACKLOG / figures.cpu_s,
                figures.commits,
                figures.requests / BACKLOG,
                figures.rss_mb,
            ),
        ),
    )


def _chart(measured: list[Measured]) -> Chart:
    by_latency = [one for one in measured if not one.size.pace]
    ways = {
        "agent": [(one.size.latency_ms, one.size.orders / one.agent.seconds) for one in by_latency],
        "bare loop": [(one.size.latency_ms, one.size.orders / one.bare.seconds) for one in by_latency],
        "plain connector": [(one.size.latency_ms, one.size.sequential / one.sequential.seconds) for one in by_latency],
    }
    lines = tuple(Line(name=name, points=tuple((max(x, 1.0), y) for x, y in points)) for name, points in ways.items())
    return Chart(
        name="drain", title="Orders a second", x="latency, ms (1 stands for none)", y="orders/s", lines=lines, log=True
    )


def _targets(measured: list[Measured]) -> list[Target]:
    found = []
    for one in measured:
        size, where = one.size, f"{one.size.latency_ms} ms"
        if size.pace:
            share = one.agent_shop_ms / one.sequential_shop_ms
            found.append(
                Target(
                    what="Shop ms an order at a real shop's pace, to 2b",
                    wanted="at most 0.5",
                    reached=f"{share:.2f}",
                    met=share <= 0.5,
                )
            )
        elif size.latency_ms:
            found += [
                Target(
                    what=f"Orders/s at {where}, to what the remotes allow (2a)",
                    wanted="at least 90 %",
                    reached=f"{one.of_floor:.0%}",
                    met=one.of_floor >= 0.9,
                ),
                Target(
                    what=f"Orders/s at {where}, to 2b",
                    wanted="20 times where the remote allows concurrency",
                    reached=f"{one.times_sequential:.1f} times; Mamut allows none",
                    met=one.times_sequential >= 20,
                ),
            ]
        else:
            found.append(
                Target(
                    what="CPU of an order, to 2a",
                    wanted="at most 1.5",
                    reached=f"{one.cpu_ratio:.2f}",
                    met=one.cpu_ratio <= 1.5,
                )
            )
    return found
