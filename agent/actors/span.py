"""Actors that begin together and end together, while others work on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

import trio

Run = Callable[[], Awaitable[None]]
Supervised = Callable[[str, Run], Awaitable[None]]


class Span:
    """Named actors under one roof. `run` it once, in a nursery that outlives it."""

    def __init__(self, actors: Iterable[tuple[str, Run]]) -> None:
        self._actors = tuple(actors)
        self._scope = trio.CancelScope()
        self._ended = trio.Event()

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self._actors)

    async def run(self, supervised: Supervised) -> None:
        """Until all of them have come to their end, or been brought to it."""
        try:
            with self._scope:
                if len(self._actors) == 1:
                    await supervised(*self._actors[0])
                    return
                async with trio.open_nursery() as nursery:
                    for name, run in self._actors:
                        nursery.start_soon(supervised, name, run)
        finally:
            self._ended.set()

    async def end(self, within_s: float = 0.0) -> None:
        """Cancels whoever has not ended by itself `within_s` seconds from now; comes back when all have ended."""
        self._scope.deadline = trio.current_time() + within_s
        await self._ended.wait()
