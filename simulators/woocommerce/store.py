"""Indexes over the shop's things, kept up to date with every change so that no list ever sorts all of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Hashable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Sorted:
    """Ids by a whole-number key (a moment), then by id: the order in which lists come (`orders_list[96]`).

    Adding is a binary search and a memory move; 100,000 entries cost some tens of microseconds in the worst case and
    next to nothing at the end, where new things go.
    """

    def __init__(self) -> None:
        self._rows: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, key: int, id_: int) -> None:
        row = (key, id_)
        if not self._rows or row > self._rows[-1]:
            self._rows.append(row)
        else:
            insort(self._rows, row)

    def drop(self, key: int, id_: int) -> None:
        at = bisect_left(self._rows, (key, id_))
        if at < len(self._rows) and self._rows[at] == (key, id_):
            del self._rows[at]

    def move(self, old: int, new: int, id_: int) -> None:
        if old != new:
            self.drop(old, id_)
            self.add(new, id_)

    def ids(self, *, descending: bool = False, after: int | None = None, before: int | None = None) -> Iterator[int]:
        """Ids whose key is strictly greater than `after` and strictly less than `before`."""
        low = 0 if after is None else bisect_right(self._rows, (after, 1 << 62))
        high = len(self._rows) if before is None else bisect_left(self._rows, (before, -1))
        places = range(high - 1, low - 1, -1) if descending else range(low, high)
        return (self._rows[place][1] for place in places)

    def part(
        self, start: int, length: int, *, descending: bool = False, after: int | None = None, before: int | None = None
    ) -> list[int]:
        """The ids of one page, without going through those before it."""
        low = 0 if after is None else bisect_right(self._rows, (after, 1 << 62))
        high = len(self._rows) if before is None else bisect_left(self._rows, (before, -1))
        if descending:
            cut = self._rows[max(low, high - start - length) : max(low, high - start)]
            return [id_ for _, id_ in reversed(cut)]
        return [id_ for _, id_ in self._rows[min(high, low + start) : min(high, low + start + length)]]

    def count(self, *, after: int | None = None, before: int | None = None) -> int:
        low = 0 if after is None else bisect_right(self._rows, (after, 1 << 62))
        high = len(self._rows) if before is None else bisect_left(self._rows, (before, -1))
        return max(0, high - low)


class Keyed(Generic[K]):
    """Ids by a key (a SKU, an email, a status). A dict serves as the set so that going through it has an order."""

    def __init__(self) -> None:
        self._ids: dict[K, dict[int, None]] = {}

    def add(self, key: K, id_: int) -> None:
        self._ids.setdefault(key, {})[id_] = None

    def drop(self, key: K, id_: int) -> None:
        ids = self._ids.get(key)
        if ids is not None:
            ids.pop(id_, None)
            if not ids:
                del self._ids[key]

    def move(self, old: K, new: K, id_: int) -> None:
        if old != new:
            self.drop(old, id_)
            self.add(new, id_)

    def ids(self, key: K) -> list[int]:
        return list(self._ids.get(key, ()))

    def has(self, key: K) -> bool:
        return key in self._ids

    def count(self, key: K) -> int:
        return len(self._ids.get(key, ()))

    def keys(self) -> list[K]:
        return list(self._ids)
