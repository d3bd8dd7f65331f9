"""What does it take to show Mamut's stock in a shop: when nothing has changed, when a little has, when all has?

The register has 100,000 articles, all of which the shop sells. The shop's own milliseconds are what a real shop was
measured to take for the same requests; nobody waits for them here.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from random import Random

import apsw

from agent.model.order import Frozen
from benchmarks.command import Run
from benchmarks.drain import AGENT
from benchmarks.figures import Result, Table, Target
from benchmarks.market import SEED, SHOP, Market, Open
from scenarios.demo_doors import Cost

ARTICLES = 100_000
SHARE = 100
"""One article of so many changes in the common case."""

COUNTED = 500
"""Pieces that an article is counted to have: more than any has from the beginning."""

PART = 1_000

ALL_CPU_S = 5.0
SHOP_MS = 25.0
MEMORY_MB = 200.0
WITHIN_S = 1_800.0

ONLY_STOCK = """
[shop.products]
enabled = false

[shop.prices]
enabled = false

[shop.stock]
buffer = {buffer}
"""


class Goods(Market):
    """Articles that Mamut has and the shop sells, and nobody who buys."""

    def __init__(self, folder: Path, articles: int) -> None:
        self.folder = folder
        self.orders = 0
        with self._processes(folder, ()) as market:
            market.mamut.fill(seed=SEED, products=articles, contacts=0)
            numbers = [article.product_no for article in market.mamut.articles() if article.product_no.startswith("B-")]
            for start in range(0, len(numbers), PART):
                part = numbers[start : start + PART]
                market.shop.create("products", [{"name": each, "sku": each, "regular_price": "100"} for each in part])


class Case(Frozen, frozen=True):
    """What one run of the agent took. `requests` are those of the stock direction to the shop, `shop_ms` what all of
    the run's requests took the shop."""

    name: str
    changed: int
    written: int
    requests: int
    all_requests: int
    cpu_s: float
    shop_ms: float
    memory_mb: float

    def each(self, total: float) -> float | None:
        return total / self.changed if self.changed else None


def stock(run: Run) -> Result:
    articles = run.size(ARTICLES, 200)
    run.tell(f"{articles} articles on both sides")
    goods = Goods(run.new_folder("market"), articles)
    with goods.open(run.new_folder("agent")) as opened:
        first = _measured(run, opened, "first of all, all linked and written", articles)
        none = _measured(run, opened, "none changed", 0)
        few = Random(SEED).sample(range(1, articles + 1), articles // SHARE)
        for number in few:
            opened.mamut.act("stock.count", product_no=f"B-{number:05d}", on_hand=COUNTED)
        some = _measured(run, opened, "1 % changed", len(few))
        # One piece kept back of each: what has none shows none as before.
        every = _measured(run, opened, "all changed", _in_stock(opened), buffer=1)
    cases = (first, none, some, every)
    return Result(
        name="stock",
        question="What does it take to show Mamut's stock in a shop?",
        tables=(_table(articles, cases),),
        targets=_targets(cases),
    )


def _in_stock(opened: Open) -> int:
    """How many of our articles there is at least one piece of. A list of stock may show a row in two of its pages."""
    found = {row["product_no"]: row["warehouses"] for row in opened.mamut.rows("stock")}
    ours = (places for number, places in found.items() if number.startswith("B-"))
    return sum(1 for places in ours if sum(Decimal(place["available"]) for place in places) >= 1)


def _measured(run: Run, opened: Open, name: str, changed: int, *, buffer: int = 0) -> Case:
    run.tell(name)
    file = opened.write_settings()
    text = file.read_text("utf-8").replace(f'key = "{SHOP}"', f'key = "{SHOP}"\nflow = 2')
    file.write_text(text + ONLY_STOCK.format(buffer=buffer), encoding="utf-8")
    before, cost = _written(opened.folder), opened.shop.cost()
    figures = opened.measured(AGENT, str(file), within_s=WITHIN_S)
    after, spent = _written(opened.folder), opened.shop.cost()
    return Case(
        name=name,
        changed=changed,
        written=after[0] - before[0],
        requests=after[1] - before[1],
        all_requests=spent.requests - cost.requests,
        cpu_s=figures.cpu_s,
        shop_ms=_work_ms(cost, spent),
        memory_mb=figures.rss_mb,
    )


def _work_ms(before: Cost, after: Cost) -> float:
    return after.work_ms - before.work_ms


def _written(folder: Path) -> tuple[int, int]:
    """Rows and requests of the stock direction so far."""
    if not (folder / "journal.db").exists():
        return 0, 0
    connection = apsw.Connection(str(folder / "journal.db"))
    row = connection.execute("SELECT written, requests FROM directions WHERE direction = 'stock_to_shop'").fetchone()
    connection.close()
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def _table(articles: int, cases: tuple[Case, ...]) -> Table:
    return Table(
        title=f"{articles:,} articles, one run of the agent each",
        columns=(
            "Case",
            "Changed",
            "Rows written",
            "Requests for stock",
            "All requests to the shop",
            "CPU s",
            "CPU µs a changed article",
            "Shop ms a changed article",
            "Memory MB",
        ),
        rows=tuple(
            (
                case.name,
                case.changed,
                case.written,
                case.requests,
                case.all_requests,
                case.cpu_s,
                case.each(case.cpu_s * 1e6),
                case.each(case.shop_ms),
                case.memory_mb,
            )
            for case in cases
        ),
        note="A run begins with a look at who the shop is and at all of Mamut's register, which is in the figures.",
    )


def _targets(cases: tuple[Case, ...]) -> tuple[Target, ...]:
    _first, none, some, every = cases
    each_ms = (every.shop_ms - none.shop_ms) / every.changed  # What a start costs is no change's.
    most = max(case.memory_mb for case in cases)
    limit = -(-some.changed // 100) + 2
    return (
        Target(
            what="Rows written when nothing has changed",
            wanted="0",
            reached=str(none.written),
            met=none.written == 0,
        ),
        Target(
            what="CPU when nothing has changed",
            wanted=f"at most {ALL_CPU_S:g} s",
            reached=f"{none.cpu_s:.1f} s",
            met=none.cpu_s <= ALL_CPU_S,
        ),
        Target(
            what=f"Requests for {some.changed:,} changes",
            wanted=f"at most {limit}",
            reached=str(some.requests),
            met=some.requests <= limit and some.written == some.changed,
        ),
        Target(
            what=f"Requests when all have changed, {every.changed:,}",
            wanted=f"{-(-every.changed // 100):,} and the looks between",
            reached=f"{every.requests:,}",
            met=every.written == every.changed and every.requests <= every.changed / 100 * 1.2 + 5,
        ),
        Target(
            what="The shop's own time for a changed article",
            wanted=f"at most {SHOP_MS:g} ms",
            reached=f"{each_ms:.1f} ms",
            met=each_ms <= SHOP_MS,
        ),
        Target(
            what="Memory of the agent",
            wanted=f"under {MEMORY_MB:g} MB",
            reached=f"{most:.0f} MB",
            met=most < MEMORY_MB,
        ),
    )
