"""Requests that were sent together: in which order the recorded shop seems to have done them.

A race has no fixed outcome; the recording shows one. The replay does such requests in an order that could have given
what was answered (those that made something by the ids they got, those that were refused last, and of those that
changed a thing the one whose change stayed after the others), and lets each miss what another did (races.py) where only
that gives the answer: a stock taken twice, a lost update, a refund too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.races import Deed

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
    ranked = sorted(group, key=lambda place: _rank(exchanges[place], after))
    return _spread(ranked, [_rank(exchanges[place], after)[:2] for place in ranked])


def _spread(ranked: list[int], ranks: list[tuple[bool, int]]) -> list[int]:
    """Those that were refused in between where the ids of those that made something leave room for them: they made
    something too that was not shown, an order that stayed a draft."""
    made = [(place, id_) for place, (refused, id_) in zip(ranked, ranks, strict=True) if not refused]
    refused = [place for place, (one, _) in zip(ranked, ranks, strict=True) if one]
    found: list[int] = []
    for number, (place, id_) in enumerate(made):
        gap = id_ - made[number - 1][1] - 1 if number and id_ else 0
        found += [refused.pop(0) for _ in range(min(gap, len(refused)))]
        found.append(place)
    return found + refused


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


def missed(exchanges: list[Body], group: list[int], place: int) -> Callable[[Deed], bool]:
    """What a request of a group missed of the others, by what it was answered and what was read afterwards."""
    answer = exchanges[place]["response"]
    body = answer["body"] if isinstance(answer["body"], dict) else {}
    ordered = order(exchanges, group)
    number = ordered.index(place)

    def decide(deed: Deed) -> bool:
        if deed == "sku":
            return body.get("code") == "woocommerce_rest_product_not_created"
        if deed in {"refund", "pieces"}:
            return bool(answer["status"] < 300)
        if deed == "stock":
            earlier = [exchanges[one]["response"]["body"].get("stock_quantity") for one in ordered[:number]]
            return body.get("stock_quantity") in earlier
        return deed == "status" and number < _times_taken(exchanges, group)

    return decide


def _times_taken(exchanges: list[Body], group: list[int]) -> int:
    """How often an order's pieces were taken in all: "round 6: the same order of 3 pieces", "before 100"."""
    pieces = re.search(r"order of (\d+) pieces", exchanges[group[0]]["note"])
    if group[-1] + 1 == len(exchanges):
        return 1
    after = exchanges[group[-1] + 1]
    before = re.search(r"before (\d+)", after["note"])
    body = after["response"]["body"]
    if not (pieces and before and isinstance(body, dict) and isinstance(body.get("stock_quantity"), int)):
        return 1
    return int((int(before[1]) - body["stock_quantity"]) / int(pieces[1]))
