"""What is kept of a direction's turns: when the last one began, and whether it has come to its end."""

from __future__ import annotations

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import records
from agent.model.ids import ShopKey


class Kept(msgspec.Struct, frozen=True):
    """`began_ms` is None before the first turn. Until `by_hand_ms` a person's word lifts the quiet hours."""

    began_ms: int | None = None
    open: bool = False
    by_hand_ms: int = 0


def get(tx: apsw.Connection, shop: ShopKey, direction: DirectionName) -> Kept:
    text = records.value(tx, _key(shop, direction))
    return msgspec.json.decode(text, type=Kept) if text else Kept()


def put(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, kept: Kept) -> None:
    """Part of a step."""
    records.set_value(tx, _key(shop, direction), msgspec.json.encode(kept).decode())


def _key(shop: ShopKey, direction: DirectionName) -> str:
    return f"turn/{shop}/{direction.value}"
