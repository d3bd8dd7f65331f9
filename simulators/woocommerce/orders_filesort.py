"""The order in which the shop's database gives rows that are equal in what they are sorted by.

Notes and refunds of an order are sorted by date alone, newest first. Up to eleven rows MariaDB sorts by insertion, so
equal dates stay as they were read, the oldest id first (`orders_refunds_notes[40]`); more of them by a quicksort that
turns some of them round (`orders_lifecycle[33]`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

_SMALL = 10


def newest_first(rows: Sequence[T], date: Callable[[T], int]) -> list[T]:
    """Rows, given in the order of their ids, as the database sorts them by date."""
    found = list(rows)
    waiting = [(0, len(found) - 1)]
    while waiting:
        low, high = waiting.pop()
        if high - low <= _SMALL:
            # Insertion and Python's own sort are both stable.
            found[low : high + 1] = sorted(found[low : high + 1], key=lambda row: -date(row))
            continue
        left, right = _split(found, low, high, date)
        waiting += [part for part in ((low, left), (right, high)) if part[1] > part[0]]
    return found


def _split(found: list[T], low: int, high: int, date: Callable[[T], int]) -> tuple[int, int]:
    """Part a range around the median of its ends and middle; gives the end of the left part, the start of the right."""

    def swap(one: int, other: int) -> None:
        found[one], found[other] = found[other], found[one]

    def before(one: int, other: int) -> bool:
        return date(found[one]) > date(found[other])

    middle = low + (high - low) // 2
    if before(high, low):
        swap(high, low)
    if before(middle, low):
        swap(middle, low)
    elif before(high, middle):
        swap(middle, high)
    pivot = date(found[middle])
    left, right = low + 1, high - 1
    while left <= right:
        while date(found[left]) > pivot:
            left += 1
        while date(found[right]) < pivot:
            right -= 1
        if left < right:
            swap(left, right)
        elif left > right:
            break
        left, right = left + 1, right - 1
    return right, left
