"""What does the first synchronisation of products take, from Mamut to an empty shop, and on to an empty Mamut?

Of the articles a tenth are main articles with variants and a tenth are simple. Both systems answer at once, and nobody
waits for their work here; the requests are those that a real shop would get.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from agent.model.order import Frozen
from agent.model.owners import System
from benchmarks.command import Run
from benchmarks.figures import Result, Table, Target
from benchmarks.market import SEED, SHOP, Figures, Market, Open

PROCESS = "benchmarks.first_sync_process"

SIZES = (10_000, 100_000)
SMALL = 180

PLAN_CPU_S = 60.0
MEMORY_MB = 200.0
FLAT_MB = 60.0
"""How much more memory ten times as many articles may take."""

AROUND = 60
"""Requests of a run that do not grow with its articles: who the shop is, its terms, its sales."""

WITHIN_S = 7_200.0


class Part(Frozen, frozen=True):
    """What one part took. `rows` are those that were still to be done after it."""

    size: int
    source: System
    name: str
    rows: int
    requests: int
    cpu_s: float
    memory_mb: float


class Register(Market):
    """A Mamut with articles and an empty shop."""

    def __init__(self, folder: Path, articles: int) -> None:
        self.folder = folder
        self.orders = 0
        with self._processes(folder, ()) as market:
            market.mamut.fill(seed=SEED, products=articles // 10, contacts=0, mains=articles // 10)


class Shelves(Market):
    """The shop of another market, and an empty Mamut."""

    def __init__(self, folder: Path, shop: Path) -> None:
        self.folder = folder
        self.orders = 0
        shutil.copy(shop / "woocommerce.state", folder / "woocommerce.state")
        with self._processes(folder, ()):
            pass


def first_sync(run: Run) -> Result:
    sizes = (SMALL,) if run.small else SIZES
    parts: list[Part] = []
    kinds: dict[int, tuple[int, int]] = {}
    for size in sizes:
        run.tell(f"{size} articles in Mamut")
        folder = run.new_folder("to-shop")
        with Register(run.new_folder("register"), size).open(folder) as opened:
            kinds[size] = _kinds(opened)
            parts += _parts(run, opened, size, System.MAMUT)
        back = run.new_folder("to-mamut")
        with Shelves(run.new_folder("shelves"), folder).open(back) as opened:
            parts += _parts(run, opened, size, System.SHOP)
    return Result(
        name="first-sync",
        question="What does the first synchronisation of products take, each way?",
        tables=(_table(parts),),
        targets=_targets(parts, kinds),
    )


def _kinds(opened: Open) -> tuple[int, int]:
    """How many articles for the web are products of their own, and how many of them are main articles."""
    rows = [row for row in opened.mamut.rows("products") if row["web"] and not row["inactive"]]
    tops = [row for row in rows if not row.get("variant")]
    return len(tops), sum(1 for row in tops if row.get("properties"))


def _parts(run: Run, opened: Open, size: int, source: System) -> list[Part]:
    file = opened.write_settings()
    flow = 2 if source is System.MAMUT else 1
    text = file.read_text("utf-8").replace(f'key = "{SHOP}"', f'key = "{SHOP}"\nflow = {flow}')
    file.write_text(text, encoding="utf-8")
    made: list[Part] = []
    for name, part in (("plan", "plan"), ("apply", "apply"), ("plan again", "plan")):
        run.tell(f"{size} from {source.value}: {name}")
        figures = opened.measured(PROCESS, str(file), part, source.value, within_s=WITHIN_S)
        made.append(_part(size, source, name, figures))
    return made


def _part(size: int, source: System, name: str, figures: Figures) -> Part:
    return Part(
        size=size,
        source=source,
        name=name,
        rows=figures.orders,
        requests=figures.requests,
        cpu_s=figures.cpu_s,
        memory_mb=figures.rss_mb,
    )


def _table(parts: list[Part]) -> Table:
    return Table(
        title="Each part in a process of its own",
        columns=("Articles", "From", "Part", "Rows left to do", "Requests to the shop", "CPU s", "Memory MB"),
        rows=tuple(
            (part.size, part.source.value, part.name, part.rows, part.requests, part.cpu_s, part.memory_mb)
            for part in parts
        ),
        note="A plan reads both sides whole: a shop that has products is asked for the variations of each of them.",
    )


def _targets(parts: list[Part], kinds: dict[int, tuple[int, int]]) -> tuple[Target, ...]:
    first = parts[0].size
    plans = [part for part in parts if part.name == "plan" and part.size == first]
    slowest = max(part.cpu_s for part in plans)
    again = sum(part.rows for part in parts if part.name == "plan again")
    found = [
        Target(
            what=f"CPU of the plan for {first:,} articles with variants",
            wanted=f"under {PLAN_CPU_S:g} s",
            reached=f"{slowest:.1f} s",
            met=slowest < PLAN_CPU_S,
        ),
        Target(what="Rows that a second run finds", wanted="0", reached=str(again), met=again == 0),
    ]
    for size, (tops, mains) in kinds.items():
        applied = next(p for p in parts if p.size == size and p.source is System.MAMUT and p.name == "apply")
        fewest = -(-tops // 100) + mains
        found.append(
            Target(
                what=f"Requests to make {size:,} articles in a shop",
                wanted=f"at most {fewest:,} and {AROUND} around them",
                reached=f"{applied.requests:,}",
                met=applied.requests <= fewest + AROUND and applied.rows == 0,
            )
        )
    most = max(part.memory_mb for part in parts)
    found.append(
        Target(
            what="Memory",
            wanted=f"under {MEMORY_MB:g} MB",
            reached=f"{most:.0f} MB",
            met=most < MEMORY_MB,
        )
    )
    if len(kinds) > 1:
        grown = most - max(part.memory_mb for part in parts if part.size == first)
        found.append(
            Target(
                what="More memory for ten times the articles",
                wanted=f"at most {FLAT_MB:g} MB",
                reached=f"{grown:.0f} MB",
                met=grown <= FLAT_MB,
            )
        )
    return tuple(found)
