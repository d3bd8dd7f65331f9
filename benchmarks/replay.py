"""How fast is a replay: virtual seconds per real second, and stories per second?"""

from __future__ import annotations

import time

from benchmarks.command import Run
from benchmarks.figures import Cell, Result, Table
from benchmarks.months import DAY_S, Month, play_month


def replay(run: Run) -> Result:
    rows: list[tuple[Cell, ...]] = []
    for name, days, orders in (("a quiet day", 1, 4), ("a busy day", 1, 400), ("a rush", 1, 1_500)):
        run.tell(f"{name}: {orders} orders")
        folder = run.new_folder("day")
        cpu = time.process_time()
        month = play_month(folder, "premium", run.size(orders, min(orders, 20)), days)
        rows.append(_row(name, month, time.process_time() - cpu))
    return Result(
        name="replay",
        question="How fast is a replay: virtual seconds per real second, and stories per second?",
        tables=(
            Table(
                title="A day, replayed",
                columns=(
                    "Day",
                    "Orders",
                    "Virtual s per real s",
                    "Virtual s per CPU s",
                    "Stories per CPU s",
                    "Requests",
                ),
                rows=tuple(rows),
                note="A story is one order from the shopper to its mark in the shop. Agent, shop and Mamut play in one "
                "process, and a day without anybody is 1,440 polls.",
            ),
        ),
    )


def _row(name: str, month: Month, cpu_s: float) -> tuple[Cell, ...]:
    virtual = month.days * DAY_S
    return (name, month.placed, virtual / month.real_s, virtual / cpu_s, month.booked / cpu_s, month.requests)
