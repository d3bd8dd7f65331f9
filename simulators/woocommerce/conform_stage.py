"""What happened in the recorded shop between the recorded exchanges: what stood there before the first one, and what
the recorder did by hand (ran the queue, put the shop into maintenance, set a draft's date back).

A recording without directions of its own gets its past worked out from what it shows (conform_past.py).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeAlias

import msgspec

from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.shop import Shop


class Ask(msgspec.Struct, frozen=True):
    """A REST request that was made and not recorded; `post_id` is the id that what it makes must get."""

    method: str
    path: str
    body: Body
    post_id: int = 0


class Hand(msgspec.Struct, frozen=True):
    """Something done by hand on the server."""

    what: Callable[[Shop], None]


Act: TypeAlias = Ask | Hand


class Direction(msgspec.Struct, frozen=True):
    """Acts before the exchange `before`, at a time ("2026-11-23T10:53:39"); without one, when that exchange began."""

    before: int
    acts: tuple[Act, ...]
    at: str = ""

    def moment(self, exchange: Body) -> datetime:
        text = f"{self.at}+00:00" if self.at else exchange["at"]
        return datetime.fromisoformat(text)


def product(post_id: int, name: str, price: str, **fields: Json) -> Ask:
    return Ask("POST", "/wp-json/wc/v3/products", {"name": name, "regular_price": price, **fields}, post_id)


def order(post_id: int, **fields: Json) -> Ask:
    return Ask("POST", "/wp-json/wc/v3/orders", fields, post_id)


def _maintenance(shop: Shop) -> None:
    shop.maintenance = True


RUN_QUEUE = Hand(lambda shop: shop.run_queue())

DIRECTIONS: dict[str, tuple[Direction, ...]] = {
    "caching": (
        Direction(0, (product(11, "Vara", "10"), order(12, status="pending")), "2026-11-23T11:05:28"),
    ),
    "errors": (
        Direction(
            0,
            (
                product(11, "Vara", "10", manage_stock=True, stock_quantity=5),
                order(12, status="processing", line_items=[{"product_id": 11, "quantity": 1}]),
            ),
            "2026-11-23T10:54:52",
        ),
        Direction(72, (Hand(_maintenance),)),
    ),
    "customers": (
        Direction(33, (product(11, "Vara", "10"),), "2026-11-23T10:49:04"),
    ),
}  # fmt: skip
"""By scenario."""

BODIES: dict[str, dict[int, Body]] = {
    "errors": {
        59: {"customer_note": "x" * 70_000},
        64: {"meta_data": [{"key": "stor", "value": "v" * 100_000}]},
    }
}
"""Request bodies that the recordings cut short."""
