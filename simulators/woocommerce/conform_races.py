"""Requests that were sent together: in which order the recorded shop seems to have done them.

A race has no fixed outcome; the recording shows one. The simulated shop does one request after the other, so the replay
does them in an order that could have given what was answered: those that made something by the ids they got, those that
were refused last, and of those that changed a thing the one whose change stayed after the others. What a shop does that
really works on several at once (a lost update, a stock taken twice) does not come out of any order.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from simulators.woocommerce.call import Body, Json

_TOGETHER = timedelta(milliseconds=30)


def groups(exchanges: list[Body]) -> Iterator[list[int]]:
    """The places of all exchanges, those sent together in one list."""
    group: list[int] = []
    for place, exchange in enumerate(exchanges):
        if group and not _belongs(exchange, exchanges[group[0]]):
            yield group
            group = []
        group.append(place)
    if group:
        yield group


def _belongs(exchange: Body, first: Body) -> bool:
    if not (exchange["note"].startswith("together") and first["note"].startswith("together")):
        return False
    apart = datetime.fromisoformat(exchange["at"]) - datetime.fromisoformat(first["at"])
    return abs(apart) <= _TOGETHER


def order(exchanges: list[Body], group: list[int]) -> list[int]:
    """The places of a group in the order in which to do them."""
    if len(group) == 1:
        return group
    after = exchanges[group[-1] + 1]["response"]["body"] if group[-1] + 1 < len(exchanges) else None
    return sorted(group, key=lambda place: _rank(exchanges[place], after))


def _rank(exchange: Body, after: Json) -> tuple[bool, int, bool, int]:
    response, request = exchange["response"], exchange["request"]
    body = response["body"] if isinstance(response["body"], dict) else {}
    made = body.get("order_id", body.get("id")) if request["method"] == "POST" else 0
    left = _left(request.get("body"), after)
    # Of several changes by a difference the one that saw the most went first.
    seen = body.get("stock_quantity", 0) if "inventory_delta" in (request.get("body") or {}) else 0
    return response["status"] >= 400, made if isinstance(made, int) else 0, left, -seen


def _left(sent: Json, after: Json) -> bool:
    """Whether what was sent is what the thing says afterwards."""
    if not isinstance(sent, dict) or not isinstance(after, dict):
        return False
    for name, value in sent.items():
        there = after.get(name)
        if name == "meta_data" and isinstance(there, list):
            rows = {row.get("key"): row.get("value") for row in there if isinstance(row, dict)}
            if any(rows.get(row.get("key")) != row.get("value") for row in value):
                return False
        elif there != value:
            return False
    return True
