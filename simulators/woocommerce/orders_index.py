"""Orders in the orders in which lists come, by status: a page costs as much at the end as at the beginning.

Each row is one whole number, the moment and the id side by side, in a sorted array: eight bytes an order, found by
binary search, cut out by slices.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from simulators.woocommerce.orders_model import Order

By: TypeAlias = Literal["id", "created", "modified"]
ANY = "any"
HIDDEN = frozenset({"trash", "auto-draft"})
"""Statuses that a list without status leaves out (`orders_list[37]`)."""

_ID_BITS = 32
ID_MASK = (1 << _ID_BITS) - 1


def _row(moment: int, id_: int) -> int:
    return moment << _ID_BITS | id_


class Group:
    """The orders of one status, or of any."""

    def __init__(self) -> None:
        self.rows: dict[By, array[int]] = {"id": array("q"), "created": array("q"), "modified": array("q")}

    def add(self, order: Order) -> None:
        self._put(self.rows["id"], order.id)
        self._put(self.rows["created"], _row(order.created, order.id))
        self._put(self.rows["modified"], _row(order.modified, order.id))

    def drop(self, order: Order) -> None:
        self._cut(self.rows["id"], order.id)
        self._cut(self.rows["created"], _row(order.created, order.id))
        self._cut(self.rows["modified"], _row(order.filed_modified, order.id))

    def touch(self, order: Order) -> None:
        rows = self.rows["modified"]
        self._cut(rows, _row(order.filed_modified, order.id))
        self._put(rows, _row(order.modified, order.id))

    @staticmethod
    def _put(rows: array[int], row: int) -> None:
        if not rows or row > rows[-1]:
            rows.append(row)
        else:
            insort(rows, row)

    @staticmethod
    def _cut(rows: array[int], row: int) -> None:
        at = bisect_left(rows, row)
        if at < len(rows) and rows[at] == row:
            del rows[at]


class OrderIndex:
    def __init__(self) -> None:
        self._groups: dict[str, Group] = {ANY: Group()}

    def add(self, order: Order) -> None:
        for name in self._names(order.status):
            self._groups.setdefault(name, Group()).add(order)
        order.filed_status, order.filed_modified = order.status, order.modified

    def drop(self, order: Order) -> None:
        for name in self._names(order.filed_status):
            self._groups[name].drop(order)

    def refile(self, order: Order) -> None:
        """Bring the indexes up to what the order says now."""
        if order.filed_status != order.status:
            self.drop(order)
            self.add(order)
        elif order.filed_modified != order.modified:
            for name in self._names(order.status):
                self._groups[name].touch(order)
            order.filed_modified = order.modified

    @staticmethod
    def _names(status: str) -> tuple[str, ...]:
        return (status,) if status in HIDDEN else (status, ANY)

    def count(self, status: str) -> int:
        group = self._groups.get(status)
        return len(group.rows["id"]) if group is not None else 0

    def rows(self, statuses: Iterable[str], by: By) -> Sequence[int]:
        """The rows of some statuses, smallest first."""
        found: list[Sequence[int]] = [self._groups[one].rows[by] for one in statuses if one in self._groups]
        if len(found) == 1:
            return found[0]
        merged: list[int] = []
        for rows in found:
            merged += rows
        merged.sort()
        return merged


def between(rows: Sequence[int], after: int | None, before: int | None) -> tuple[int, int]:
    """Where the rows strictly after and strictly before those moments begin and end."""
    low = 0 if after is None else bisect_right(rows, _row(after, ID_MASK))
    high = len(rows) if before is None else bisect_left(rows, _row(before, 0))
    return low, max(low, high)


def ids(rows: Iterable[int]) -> list[int]:
    return [row & ID_MASK for row in rows]
