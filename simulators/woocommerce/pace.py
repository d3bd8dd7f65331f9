"""How long a real shop would have worked on a request, from the recorded times to answer.

The figures are the medians of throughput.json (two cores that held web server, PHP and database, a small shop), and of
the single exchanges for what is not measured there. Between them lies a straight line: so many milliseconds for the
request, so many for each thing in the answer, so many for each line of an order. They are a model of the shop, not of
the network, and say nothing of a shop with much data.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from simulators.http import Request
from simulators.woocommerce.call import Body, Json

SMALL_MS = 47.0
"""A refusal, an empty list, a note: WordPress starts and stops (46 ms for a list of orders without any)."""

_ROUTE = re.compile(r"^/wp-json/(wc/store/v1|wc/v\d)/(\w+)(?:/(\d+))?(?:/(\w[\w-]*))?(?:/(\d+))?(/batch)?", re.ASCII)


class _Reading(msgspec.Struct, frozen=True):
    """One thing alone; a list's own cost, and for each thing in it whole and with `_fields`."""

    one: float
    several: float
    whole: float
    part: float


_LINE_MS = 1.94
"""For each line of an order that is shown; a whole order of three lines is 9.8 ms of a page of 100."""

_READ = {
    "orders": _Reading(one=55.4, several=72.2, whole=4.0, part=0.9),
    "products": _Reading(one=55.0, several=56.0, whole=2.5, part=1.72),
    "variations": _Reading(one=60.0, several=57.0, whole=2.5, part=1.72),
    "customers": _Reading(one=53.0, several=52.0, whole=1.0, part=0.5),
}
_CREATE = {
    "orders": 90.0,
    "products": 120.4,
    "variations": 110.0,
    "customers": 153.0,
    "refunds": 118.0,
    "coupons": 63.0,
}
_UPDATE = {"orders": 68.5, "products": 71.2, "variations": 95.0, "customers": 63.0, "webhooks": 56.0}
_DELETE = {"orders": 75.0, "products": 82.0, "variations": 94.0, "customers": 67.0, "refunds": 57.0}
_IN_BATCH = {
    "orders": {"create": 90.0, "update": 23.0, "delete": 30.0},
    "products": {"create": 74.0, "update": 28.2, "delete": 36.0},
    "variations": {"create": 64.0, "update": 40.0, "delete": 48.0},
}
_NEW_LINE_MS = 56.2
"""For each line of a new order: 258.5 ms with three of them; in a batch of new orders 66 ms."""

_MANY_LINES_MS = 66.0
_STATUS_MS = 24.0
"""What a change of status costs on top: notes, mails, stock."""

_LONG_BATCH = 20
_LONG_MS = 20.6
"""From the 21st stock update of a batch on, each costs less: 611 ms for 20, 2,262 ms for 100."""

_WINDOW = {"checkout": 283.0, "cart": 47.0, "products": 60.0}

_CROWD = {"GET": 0.38, "PUT": 0.35, "POST": 0.65}
"""How much longer everything takes for each further request that is worked on at once: 61 ms become 139 with four
single orders read at once, 71 become 146 with four stock updates, 258 become 765 with four new orders."""


def work_ms(request: Request, body: Json) -> float:
    """Milliseconds for one request by itself; `body` is its answer before it becomes bytes."""
    match = _ROUTE.match(request.path)
    if match is None or (isinstance(body, dict) and "code" in body and "message" in body):
        return SMALL_MS
    space, resource, _, below, last, _ = match.groups()
    if space == "wc/store/v1":
        return _WINDOW.get(resource, SMALL_MS) if request.method == "POST" else 60.0
    kind = below if below and not below.isdigit() and below != "batch" else resource
    if request.path.rstrip("/").endswith("/batch"):
        return _batch_ms(kind, body)
    if request.method in {"GET", "HEAD"}:
        return _read_ms(kind, body, part="_fields" in request.query)
    if request.method == "DELETE":
        return _DELETE.get(kind, SMALL_MS)
    single = bool(last) if kind == below else match[3] is not None
    if single:
        changes = b'"status"' in request.body
        return _UPDATE.get(kind, SMALL_MS) + (_STATUS_MS if kind == "orders" and changes else 0.0)
    return _CREATE.get(kind, SMALL_MS) + (_lines(body) * _NEW_LINE_MS if kind == "orders" else 0.0)


def _lines(thing: Json) -> int:
    lines = thing.get("line_items") if isinstance(thing, dict) else None
    return len(lines) if isinstance(lines, list) else 0


def _read_ms(kind: str, body: Json, *, part: bool) -> float:
    cost = _READ.get(kind)
    if cost is None:
        return SMALL_MS
    if not isinstance(body, list):
        return cost.one + _lines(body) * _LINE_MS
    if not body:
        return SMALL_MS
    each = cost.part if part else cost.whole
    return cost.several + sum(each + _lines(one) * _LINE_MS for one in body)


def _batch_ms(kind: str, body: Json) -> float:
    if not isinstance(body, dict):
        return SMALL_MS
    costs = _IN_BATCH.get(kind, {})
    found = SMALL_MS
    for name in ("create", "update", "delete"):
        things: Sequence[Body] = body.get(name) or []
        each = costs.get(name, 20.0)
        found += min(len(things), _LONG_BATCH) * each + max(0, len(things) - _LONG_BATCH) * min(each, _LONG_MS)
        if kind == "orders" and name == "create":
            found += sum(_lines(one) for one in things) * _MANY_LINES_MS
    return found


def in_a_crowd(request: Request, alone_ms: float, at_once: int) -> float:
    """How long it takes while `at_once` requests, this one too, are worked on."""
    return alone_ms * (1 + _CROWD.get(request.method, 0.35) * max(0, at_once - 1))
