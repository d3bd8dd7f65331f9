"""A journal as an agent makes it at its first start, made once in a process: plays begin with copies of it.

A play of one order takes a tenth of a second, of which the migrations of an empty file would be a twentieth part.
"""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from agent.journal.journal import open_journal


def lay_down(path: Path) -> None:
    """Puts a new journal where none is."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(_new())


@cache
def _new() -> bytes:
    with tempfile.TemporaryDirectory(prefix="brygga-new-") as folder:
        path = Path(folder) / "journal.db"
        open_journal(path, threaded=False, synchronous=False).close()
        return path.read_bytes()
