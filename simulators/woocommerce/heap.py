"""Python's search for garbage, where it would cost seconds and find none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def growing() -> Iterator[None]:
    """While millions of things are made that stay, nobody looks for garbage among them again and again. Afterwards they
    count as old at once, which spares the first look through all of them too."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.freeze()
            gc.unfreeze()
            gc.enable()
