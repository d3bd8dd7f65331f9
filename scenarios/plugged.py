"""Plugins that stories switch on, on Python's path as an installation would put them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.plugins.tree import PluginSettings

SITE = Path(__file__).parent / "site"


@contextmanager
def plugins_installed(chosen: Sequence[PluginSettings]) -> Iterator[None]:
    """For as long as the block lasts; nothing where a story has no plugin."""
    if not chosen:
        yield
        return
    sys.path.insert(0, str(SITE))
    try:
        yield
    finally:
        sys.path.remove(str(SITE))
