"""What a shop's products stand among: its terms, its categories and attributes, and whether anything stands there yet.

Each is asked for when it is first needed and again after a while; a person changes them a few times a year.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from agent.decide.products import fold
from agent.model.clock import Clock
from agent.model.goods import ShopTerms
from agent.remote.ports import GoodsPort

FRESH_S = 3_600.0
"""Seconds for which an answer is taken as true."""

EMPTY_FRESH_S = 300.0
"""The same for how many products there are: others may put some there while we fill an empty shop, and are then met
when their article numbers are refused."""

TERMS_MAX = 100
"""Rows of one batch of categories: WooCommerce refuses more."""

T = TypeVar("T")


class Fresh(Generic[T]):
    """One answer, asked for again when it is too old."""

    def __init__(self, ask: Callable[[], Awaitable[T]], clock: Clock, fresh_s: float = FRESH_S) -> None:
        self._ask = ask
        self._clock = clock
        self._fresh = timedelta(seconds=fresh_s)
        self._held: tuple[T, datetime] | None = None

    async def get(self) -> T:
        """Raises Trouble as the question does."""
        if self._held is None or self._clock() - self._held[1] > self._fresh:
            answer = await self._ask()
            self._held = (answer, self._clock())
        return self._held[0]

    @property
    def held(self) -> T | None:
        """The last answer, however old."""
        return None if self._held is None else self._held[0]


def _folded(path: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(fold, path))


class Shelf:
    """One shop's. Shared by the directions of that shop; each method raises Trouble as the port does."""

    def __init__(self, port: GoodsPort, clock: Clock) -> None:
        self._port = port
        self._terms = Fresh(port.terms, clock)
        self._categories = Fresh(self._read_categories, clock)
        self._attributes = Fresh(self._read_attributes, clock)
        self._count = Fresh(self._count_products, clock, EMPTY_FRESH_S)

    async def terms(self) -> ShopTerms:
        return await self._terms.get()

    @property
    def known_terms(self) -> ShopTerms | None:
        """The terms as last asked for, however old; None before the first answer."""
        return self._terms.held

    async def attributes(self) -> dict[str, int]:
        """The shop's global attributes by folded name."""
        return await self._attributes.get()

    async def products(self) -> int:
        """How many products there are, without variations, as it was not long ago."""
        return await self._count.get()

    async def categories(self, paths: set[tuple[str, ...]], *, make: bool) -> dict[tuple[str, ...], int]:
        """The shop's ids of these categories, by folded path. Missing ones are made where `make` says so."""
        if not paths:
            return {}
        known = await self._categories.get()
        for depth in range(1, max(map(len, paths)) + 1) if make else ():
            # One request a level: a category is made below another, which must be there.
            names = {_folded(path[:depth]): path[depth - 1] for path in sorted(paths) if len(path) >= depth}
            missing = [key for key in names if key not in known]
            for at in range(0, len(missing), TERMS_MAX):
                part = missing[at : at + TERMS_MAX]
                made = await self._port.make_categories(
                    tuple((names[key], known[key[:-1]] if depth > 1 else 0) for key in part)
                )
                known.update(zip(part, made, strict=True))
        return known

    async def _read_categories(self) -> dict[tuple[str, ...], int]:
        rows = {row.category_id: row for row in await self._port.categories()}
        known: dict[tuple[str, ...], int] = {}
        for row in sorted(rows.values(), key=lambda each: each.category_id):
            path, above = [fold(row.name)], row.parent_id
            while above in rows and len(path) <= len(rows):
                path.append(fold(rows[above].name))
                above = rows[above].parent_id
            known.setdefault(tuple(reversed(path)), row.category_id)
        return known

    async def _read_attributes(self) -> dict[str, int]:
        return {fold(row.name): row.attribute_id for row in await self._port.attributes()}

    async def _count_products(self) -> int:
        return (await self._port.list_products(0, 1))[1]
