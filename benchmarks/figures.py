"""What a benchmark gives: tables, charts, and its targets with what was reached."""

from __future__ import annotations

from agent.model.order import Frozen

Cell = str | int | float | None


class Table(Frozen, frozen=True):
    """Rows under named columns. Numbers stay numbers, so that the JSON can be read by others."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


class Line(Frozen, frozen=True):
    name: str
    points: tuple[tuple[float, float], ...]


class Chart(Frozen, frozen=True):
    """Lines over a common axis. `log` draws both axes by powers of ten, where growth shows as slope."""

    name: str
    title: str
    x: str
    y: str
    lines: tuple[Line, ...]
    log: bool = False


class Target(Frozen, frozen=True):
    """`met` is judged by the benchmark; `wanted` and `reached` are for people."""

    what: str
    wanted: str
    reached: str
    met: bool


class Result(Frozen, frozen=True):
    """One benchmark's answer. `seconds` is how long the measuring took."""

    name: str
    question: str
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    targets: tuple[Target, ...] = ()
    seconds: float = 0.0


def markdown(result: Result) -> str:
    """The result as a page of its own."""
    parts = [f"# {result.name}", "", result.question, ""]
    for table in result.tables:
        parts += [f"## {table.title}", "", *_rows(table), ""]
        if table.note:
            parts += [table.note, ""]
    if result.targets:
        rows = tuple((one.what, one.wanted, one.reached, "yes" if one.met else "no") for one in result.targets)
        parts += [
            "## Targets",
            "",
            *_rows(Table(title="", columns=("Target", "Wanted", "Reached", "Met"), rows=rows)),
            "",
        ]
    for chart in result.charts:
        parts += [f"![{chart.title}]({chart.name}.svg)", ""]
    return "\n".join(parts).rstrip() + "\n"


def _rows(table: Table) -> list[str]:
    numeric = [all(not isinstance(row[at], str) for row in table.rows) for at in range(len(table.columns))]
    return [
        _row(table.columns),
        _row(tuple("---:" if right else "---" for right in numeric)),
        *(_row(tuple(shown(cell) for cell in row)) for row in table.rows),
    ]


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def shown(cell: Cell) -> str:
    """Three figures that count are all that a noisy computer can tell."""
    if cell is None:
        return "–"
    if isinstance(cell, float):
        if cell != 0 and abs(cell) < 100:
            return f"{cell:.3g}"
        return f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else cell
