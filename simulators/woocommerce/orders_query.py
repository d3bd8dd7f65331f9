"""Which orders a list has, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeAlias

from simulators.woocommerce import dates, paging, php
from simulators.woocommerce.call import Body, Call, Json
from simulators.woocommerce.orders_index import ANY, HIDDEN, ID_MASK, By, OrderIndex, between, ids
from simulators.woocommerce.orders_model import Order

_MANY = 1000
"""So many orders within bounds are rather picked out of the sorted ones than sorted anew."""

Test: TypeAlias = Callable[[Order], bool]
Bounds: TypeAlias = tuple[int | None, int | None]
"""Moments strictly between which others lie; None for no bound."""
Ties: TypeAlias = Callable[[Sequence[int], Callable[[int], int]], Sequence[int]]


def _whole(value: Json) -> list[int]:
    return [abs(php.to_int(one)) for one in value] if isinstance(value, list) else []


class OrderList:
    """One listing: `zone` is the shop's time zone, by which dates without offset are read; `ties` may change the order
    of those that have the same moment (a fault of some shops)."""

    def __init__(self, call: Call, orders: dict[int, Order], index: OrderIndex, zone: str, ties: Ties) -> None:
        self._args: Body = call.args
        self._call = call
        self._orders = orders
        self._index = index
        self._zone = zone
        self._ties = ties
        wanted = [str(one) for one in self._args.get("status", [ANY])]
        self._statuses = [ANY] if ANY in wanted or not wanted else list(dict.fromkeys(wanted))
        self._created = self._bounds("after", "before")
        self._modified = self._bounds("modified_after", "modified_before")

    def page(self) -> tuple[list[Order], int]:
        """The orders of the page and how many there are in all."""
        start, count = paging.window(self._call)
        start = max(0, start)
        found = self._found()
        key = self._key()
        if key != "id":
            found = self._ties(found, lambda id_: getattr(self._orders[id_], key))
        return [self._orders[id_] for id_ in found[start : start + count]], len(found)

    def _found(self) -> Sequence[int]:
        tests = self._tests()
        include = _whole(self._args.get("include"))
        if not include and not tests:
            return self._by_index()
        candidates = [one for one in dict.fromkeys(include) if self._listed(one)] if include else self._by_index()[:]
        kept = list(candidates)
        for test in tests:
            kept = [id_ for id_ in kept if test(self._orders[id_])]
        return self._sorted(kept) if include else kept

    def _listed(self, id_: int) -> bool:
        order = self._orders.get(id_)
        if order is None:
            return False
        if order.status not in self._statuses and not (self._statuses == [ANY] and order.status not in HIDDEN):
            return False
        return _within(order.created, self._created) and _within(order.modified, self._modified)

    def _bounds(self, after: str, before: str) -> Bounds:
        gmt = bool(self._args.get("dates_are_gmt"))
        low, high = (self._args.get(name) for name in (after, before))
        return tuple(  # type: ignore[return-value]
            dates.filter_bound(str(text), self._zone, gmt_column=gmt) if text else None for text in (low, high)
        )

    @property
    def _descending(self) -> bool:
        """title and slug sort by nothing that orders have: the oldest id first, whatever `order` says
        (`orders_list[23]`)."""
        return self._args.get("order", "desc") == "desc" and self._args.get("orderby") not in {"title", "slug"}

    def _key(self) -> By:
        by = self._args.get("orderby", "date")
        if by == "modified":
            return "modified"
        return "created" if by in {"date", "include"} else "id"

    def _by_index(self) -> Sequence[int]:
        """Straight from the indexes: by the column that is sorted, or by the one that is bounded and then sorted."""
        bounds: dict[By, Bounds] = {"created": self._created, "modified": self._modified}
        key = self._key()
        cuts: dict[By, Sequence[int]] = {}
        for by, (after, before) in bounds.items():
            if after is not None or before is not None:
                rows = self._index.rows(self._statuses, by)
                low, high = between(rows, after, before)
                if high - low < len(rows):
                    cuts[by] = rows[low:high]
        if not cuts:
            return self._by_key(key)
        if list(cuts) == [key]:
            return _Rows(cuts[key], descending=self._descending)
        (by, rows), *others = cuts.items()
        if not others and len(rows) > _MANY:
            return _Walk(self._by_key(key), len(rows), self._orders, by == "modified", bounds[by])
        narrow = [ids(rows) for rows in cuts.values()]
        found = set(narrow[0]).intersection(*narrow[1:])
        return self._sorted([id_ for id_ in narrow[0] if id_ in found])

    def _by_key(self, key: By) -> _Rows:
        return _Rows(self._index.rows(self._statuses, key), descending=self._descending)

    def _sorted(self, found: list[int]) -> list[int]:
        if self._args.get("orderby") == "include":
            # Sorted as asked for, whatever `order` says (`orders_list[19]`).
            place = {id_: at for at, id_ in enumerate(_whole(self._args.get("include")))}
            return sorted(found, key=lambda id_: place.get(id_, 0))
        key = self._key()
        orders = self._orders
        if key == "id":
            return sorted(found, reverse=self._descending)
        if key == "modified":
            return sorted(found, key=lambda id_: (orders[id_].modified, id_), reverse=self._descending)
        return sorted(found, key=lambda id_: (orders[id_].created, id_), reverse=self._descending)

    def _tests(self) -> list[Test]:
        args = self._args
        tests: list[Test] = []
        exclude = frozenset(_whole(args.get("exclude")))
        if exclude:
            tests.append(lambda order: order.id not in exclude)
        if args.get("customer") is not None:
            customer = php.to_int(args["customer"])
            tests.append(lambda order: order.customer_id == customer)
        if args.get("product"):
            product = php.to_int(args["product"])
            tests.append(lambda order: any(line.product_id == product for line in order.lines))
        parents = _whole(args.get("parent"))
        if parents:
            tests.append(lambda order: order.parent_id in parents)
        not_parents = _whole(args.get("parent_exclude"))
        if not_parents:
            tests.append(lambda order: order.parent_id not in not_parents)
        via = args.get("created_via")
        if via:
            wanted = [str(one) for one in via] if isinstance(via, list) else [str(via)]
            tests.append(lambda order: order.created_via in wanted)
        term = php.to_str(args.get("search")).strip().lower()
        if term:
            tests.append(lambda order: _matches(order, term))
        return tests


def _within(moment: int, bounds: Bounds) -> bool:
    after, before = bounds
    return (after is None or moment > after) and (before is None or moment < before)


def _matches(order: Order, term: str) -> bool:
    """Number, name, email, address, transaction id and names of goods (`orders_list[45]` to [49])."""
    if term == str(order.id) or term == order.number.lower() or term == order.transaction_id.lower():
        return True
    if any(term in line.name.lower() for line in order.lines):
        return True
    for address in (order.billing, order.shipping):
        parts = (address.first_name, address.last_name, address.company, address.address_1, address.address_2)
        more = (address.city, address.state, address.postcode, address.country, address.email, address.phone)
        if term in " ".join((*parts, *more)).lower():
            return True
    return False


class _Rows(Sequence[int]):
    """Ids of index rows, forwards or backwards, without making a list of all of them."""

    def __init__(self, rows: Sequence[int], *, descending: bool) -> None:
        self._rows = rows
        self._descending = descending

    def __len__(self) -> int:
        return len(self._rows)

    def each(self) -> Iterator[int]:
        return (row & ID_MASK for row in (reversed(self._rows) if self._descending else self._rows))

    def __getitem__(self, at: int | slice) -> int | list[int]:  # type: ignore[override]
        if isinstance(at, int):
            return ids([self._rows[-1 - at if self._descending else at]])[0]
        start, stop, _step = at.indices(len(self._rows))
        if not self._descending:
            return ids(self._rows[start:stop])
        size = len(self._rows)
        return ids(self._rows[size - stop : size - start])[::-1]


class _Walk(Sequence[int]):
    """The ids among sorted ones whose moment lies within bounds, looked for only as far as they are wanted. How many
    there are in all is known beforehand."""

    def __init__(self, rows: _Rows, count: int, orders: dict[int, Order], modified: bool, bounds: Bounds) -> None:
        self._rows = rows
        self._count = count
        self._orders = orders
        self._modified = modified
        self._bounds = bounds

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at: int | slice) -> int | list[int]:  # type: ignore[override]
        start, stop, _step = (slice(at, at + 1) if isinstance(at, int) else at).indices(self._count)
        found = list(islice(self._fitting(), start, stop))
        return found[0] if isinstance(at, int) else found

    def _fitting(self) -> Iterator[int]:
        after, before = self._bounds
        low, high = -1 if after is None else after, 1 << 62 if before is None else before
        orders = self._orders
        if self._modified:
            return (id_ for id_ in self._rows.each() if low < orders[id_].modified < high)
        return (id_ for id_ in self._rows.each() if low < orders[id_].created < high)
