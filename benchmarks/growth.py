"""How does the cost of an order grow: with the backlog, and with a journal that holds many already?

Nothing may grow faster than its work, so the cost of one order should be a flat line.
"""

from __future__ import annotations

from pathlib import Path

import apsw

from agent.journal.schema import migrate
from benchmarks.command import Run
from benchmarks.drain import AGENT
from benchmarks.figures import Cell, Chart, Line, Result, Table, Target
from benchmarks.market import SHOP, Market, Open

BACKLOGS = (250, 1_000, 4_000)
HELD = (0, 10_000, 100_000, 1_000_000)
NEW = 300
FIRST = 20
"""So many orders are transferred before the journal is filled: by the newest ones the agent knows its shop again."""

TIMES_MAX = 1.5
"""By so much an order may seem dearer at the far end of a curve, on a noisy computer."""


def growth(run: Run) -> Result:
    backlogs = [(count, _backlog(run, count)) for count in (BACKLOGS[:1] if run.small else BACKLOGS)]
    held = [(count, _with_journal(run, count)) for count in ((0, 2_000) if run.small else HELD)]
    return Result(
        name="growth",
        question="How does the cost of an order grow: with the backlog, and with a journal that holds many already?",
        tables=(
            _table("A backlog of so many orders", "Orders", backlogs),
            _table(f"{NEW} orders more in a journal that holds so many", "Orders held", held),
        ),
        charts=(
            Chart(
                name="growth",
                title="CPU of one order",
                x="orders (in the backlog, in the journal)",
                y="µs",
                lines=(_line("backlog", backlogs), _line("journal", held)),
                log=True,
            ),
        ),
        targets=(_target("a backlog", backlogs), _target("a journal", held)),
    )


def _backlog(run: Run, orders: int) -> float:
    orders = run.size(orders, 40)
    run.tell(f"a backlog of {orders}")
    market = Market(run.new_folder("market"), orders)
    with market.open(run.new_folder("agent")) as opened:
        return _cpu_us(opened, orders)


def _with_journal(run: Run, held: int) -> float:
    new = run.size(NEW, 20)
    run.tell(f"a journal of {held}")
    market = Market(run.new_folder("market"), FIRST)
    folder = run.new_folder("agent")
    with market.open(folder) as opened:
        opened.measured(AGENT, str(opened.write_settings()))
        fill(folder / "journal.db", held)
        opened.shop.place(new, 99, payment_method="cod", company_share=0.15)
        return _cpu_us(opened, new)


def _cpu_us(opened: Open, orders: int) -> float:
    return opened.measured(AGENT, str(opened.write_settings())).cpu_s / orders * 1e6


def fill(journal: Path, count: int) -> None:
    """Years of orders, all transferred and marked, with their stories, older than anything the shop now has."""
    tx = apsw.Connection(str(journal))
    migrate(tx)
    tx.pragma("synchronous", 0)
    with tx:
        tx.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)"
            " INSERT INTO orders (shop, order_id, number, order_key, status, created_at, modified_at, read_at,"
            " read_modified_at, content_hash, currency, total_ore, payment, state, since_ms, external_no,"
            " mamut_order_no, mamut_total_ore, custid, transferred_ms, counted_month, marked)"
            " SELECT ?1, -i, i, 'wc_order_' || i, 'completed', 1500000000 + i * 100, 1500000000 + i * 100,"
            " 1500000000 + i * 100, 1500000000 + i * 100, hex(i), 'SEK', 10000 + i % 500, hex(i * 7), 'transferred',"
            " 1500000000000 + i * 100000, ?1 || ':' || -i, 900000000 - i, 10000 + i % 500, i % 5000,"
            " 1500000000000 + i * 100000, '2020-' || printf('%02d', 1 + i % 12), 1 FROM n WHERE ?2 > 0",
            (SHOP, count),
        )
        tx.execute(
            "INSERT INTO events (shop, order_id, at_ms, kind)"
            " SELECT shop, order_id, since_ms, 'transferred' FROM orders WHERE order_id < 0"
        )
    tx.close()


def _table(title: str, what: str, found: list[tuple[int, float]]) -> Table:
    rows: tuple[tuple[Cell, ...], ...] = tuple((count, us, us / found[0][1]) for count, us in found)
    return Table(title=title, columns=(what, "CPU µs an order", "times the first"), rows=rows)


def _line(name: str, found: list[tuple[int, float]]) -> Line:
    return Line(name=name, points=tuple((float(max(count, 1)), us) for count, us in found))


def _target(what: str, found: list[tuple[int, float]]) -> Target:
    times = found[-1][1] / found[0][1]
    return Target(
        what=f"An order's CPU in {what} of {found[-1][0]:,}, to the smallest",
        wanted=f"no growth (at most {TIMES_MAX} times)",
        reached=f"{times:.2f} times",
        met=times <= TIMES_MAX,
    )
