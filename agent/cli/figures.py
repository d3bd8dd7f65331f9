"""Tables at the command line."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

PIPED_WIDTH = 160
"""Characters of a row when no window tells how wide it is."""


def table(*columns: str, numbers: Iterable[str] = (), title: str = "") -> Table:
    """A table with these headings; those among `numbers` stand to the right."""
    right = frozenset(numbers)
    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False)
    for column in columns:
        made.add_column(Text(column), justify="right" if column in right else "left", overflow="fold")
    return made


def show_table(made: Table) -> None:
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    Console(width=width, markup=False, highlight=False, emoji=False).print(made)
