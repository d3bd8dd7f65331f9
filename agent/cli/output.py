"""Writing to the terminal. Texts are plain: brackets in them are headings of the file, not markup."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from rich.console import Console


def say(text: str = "", *, style: str = "") -> None:
    if style and sys.stdout.isatty():
        console().print(text, style=style, markup=False, highlight=False, soft_wrap=True)
    else:
        sys.stdout.write(text + "\n")


def complain(text: str) -> None:
    sys.stderr.write(text + "\n")


def say_json(value: object) -> None:
    """One JSON object, for other programs."""
    encoded = msgspec.json.encode(value, order="sorted")
    sys.stdout.write(msgspec.json.format(encoded, indent=2).decode() + "\n")


def console() -> Console:
    """For tables. Made when asked for: importing rich costs more than most commands take."""
    from rich.console import Console

    return Console(highlight=False)
