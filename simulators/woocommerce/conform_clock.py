"""The simulated shop's clock during a replay: set to each exchange's time, and within it to what the answer shows.

An exchange lasts some milliseconds; when they reach over the border of a second, the recording itself tells in which
of the two the shop wrote (in the answer, or in what is read back later). For a batch each element has its own moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from simulators.woocommerce.call import Body, Json

_ROW = re.compile(r"^(\d+)(@| c(\d\d:\d\d:\d\d) m| m)(\d\d:\d\d:\d\d)$")

Moment: TypeAlias = tuple[datetime, datetime]
"""When the work on one thing began (its creation date) and when it was saved (its modification date)."""

CREATED, MODIFIED = "created", "modified"
_READS_BEFORE = 2
"""How often the shop looks at its clock before the work of a request begins: for cron and for the keys."""


class StagedClock:
    """A clock that stands where it is put, and goes through a list of moments, one for each element of a batch."""

    def __init__(self) -> None:
        self._now = datetime(2020, 1, 1, tzinfo=UTC)
        self._saved = self._now
        self._next: list[Moment] = []
        self._reads = 0

    def __call__(self) -> datetime:
        now = self._now
        self._reads += 1
        if self._reads > _READS_BEFORE:
            self._now = self._saved
        return now

    def put(self, moments: list[Moment]) -> None:
        (self._now, self._saved), self._next = moments[0], moments[1:]
        self._reads = 0

    def put_at(self, moment: datetime) -> None:
        self.put([(moment, moment)])

    def after_element(self) -> None:
        if self._next:
            self._now, self._saved = self._next.pop(0)


class Sightings:
    """All modification and creation times that a recording shows, by exchange and id."""

    def __init__(self, exchanges: list[Body]) -> None:
        self._exchanges = exchanges
        self._seen = [list(_sightings(one["response"]["body"], one)) for one in exchanges]

    def moments(self, place: int) -> list[Moment]:
        """When the shop wrote during this exchange: one moment, or one for each element of a batch."""
        exchange = self._exchanges[place]
        begin = datetime.fromisoformat(exchange["at"])
        end = begin + timedelta(milliseconds=exchange["ms"])
        ids = _element_ids(exchange) or self._counted(place, begin, end)
        if ids:
            return self._spread(place, ids, begin, end)
        likely = begin + 0.6 * (end - begin)
        body = exchange["response"]["body"]
        own = body.get("id") if isinstance(body, dict) else None
        if isinstance(own, int):
            saved = self._witness(place, own, MODIFIED, begin, end)
            made = self._witness(place, own, CREATED, begin, end)
            if made or saved:
                return [(made or saved or likely, saved or made or likely)]
        moment = self._witness(place, None, MODIFIED, begin, end) or likely
        return [(moment, moment)]

    def made(self, id_: int) -> datetime | None:
        """When a thing was made, if any answer shows it."""
        times = (moment for rows in self._seen for one, kind, moment in rows if one == id_ and kind == CREATED)
        return next(times, None)

    def _counted(self, place: int, begin: datetime, end: datetime) -> list[int]:
        """The ids of a batch of which only a count was kept: those that are seen for the first time afterwards."""
        body = self._exchanges[place]["response"]["body"]
        count = body.get("create") if isinstance(body, dict) else None
        if not isinstance(count, int):
            return []
        before = {id_ for rows in self._seen[:place] for id_, _, _ in rows}
        after = [
            id_
            for rows in self._seen[place:]
            for id_, _, moment in rows
            if begin.replace(microsecond=0) <= moment <= end
        ]
        first = min((id_ for id_ in after if id_ not in before), default=0)
        return list(range(first, first + count)) if first else [0] * count

    def _spread(self, place: int, ids: list[int], begin: datetime, end: datetime) -> list[Moment]:
        step = (end - begin) / (len(ids) + 1)
        moments: list[Moment] = []
        floor = begin
        for number, id_ in enumerate(ids):
            due = max(floor, begin + step * (number + 0.7))
            made = self._near(due, self._witness(place, id_, CREATED, begin, end))
            saved = self._near(due, self._witness(place, id_, MODIFIED, begin, end))
            moments.append((made or saved or due, saved or made or due))
            floor = moments[-1][1]
        return [*moments, (end, end)]

    @staticmethod
    def _near(due: datetime, seen: datetime | None) -> datetime | None:
        """What was seen, or the likely moment where it lies in the same second."""
        same = seen is not None and seen.replace(microsecond=0) == due.replace(microsecond=0)
        return due if same else seen

    def _witness(self, place: int, id_: int | None, kind: str, begin: datetime, end: datetime) -> datetime | None:
        """The latest time within the exchange that this or one of the next answers shows (of that id, if given)."""
        low = begin.replace(microsecond=0)
        if low == end.replace(microsecond=0):
            return None
        for rows in self._seen[place : place + (60 if id_ is not None else 6)]:
            within = [
                moment
                for one, each, moment in rows
                if low <= moment <= end and (id_ is None or (one == id_ and each == kind))
            ]
            if within:
                latest = max(within)
                return begin if latest == low else latest
        return None


def _element_ids(exchange: Body) -> list[int]:
    """The ids a batch made or changed, in its order of work."""
    body = exchange["response"]["body"]
    if not exchange["request"]["path"].endswith("/batch") or not isinstance(body, dict):
        return []
    if isinstance(body.get("create"), int):
        return list(range(body["first"], body["last"] + 1)) if "first" in body else []
    sent = exchange["request"].get("body")
    ids: list[int] = []
    for name in ("create", "update", "delete"):
        answered = body.get(name)
        rows = answered if isinstance(answered, list) else (sent.get(name, []) if isinstance(sent, dict) else [])
        ids += [row.get("id") or 0 if isinstance(row, dict) else 0 for row in rows if isinstance(rows, list)]
    return [id_ if isinstance(id_, int) else 0 for id_ in ids]


def _sightings(body: Json, exchange: Body) -> Iterator[tuple[int, str, datetime]]:
    if isinstance(body, list):
        for item in body:
            yield from _sightings(item, exchange)
    elif isinstance(body, dict):
        id_ = body.get("id")
        for kind in (MODIFIED, CREATED):
            text = body.get(f"date_{kind}_gmt")
            if isinstance(text, str) and re.match(r"\d{4}-\d\d-\d\dT", text):
                yield (id_ if isinstance(id_, int) else 0), kind, datetime.fromisoformat(text).replace(tzinfo=UTC)
        for name in ("create", "update", "variations", "refunds"):
            if isinstance(body.get(name), list):
                yield from _sightings(body[name], exchange)
    elif isinstance(body, str):
        match = _ROW.match(body)
        if match:
            by_date = match[2] == "@" and exchange["request"]["query"].get("orderby") == "date"
            yield int(match[1]), CREATED if by_date else MODIFIED, _on_the_day(exchange, match[4])
            if match[3]:
                yield int(match[1]), CREATED, _on_the_day(exchange, match[3])


def _on_the_day(exchange: Body, clock: str) -> datetime:
    return datetime.fromisoformat(f"{exchange['at'][:10]}T{clock}").replace(tzinfo=UTC)
