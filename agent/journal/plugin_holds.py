"""What plugins hold: orders, articles and orders' statuses, by the plugin's name. Reading only, by indexes."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from agent.journal.attention_pages import first
from agent.journal.overview import Needs
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Reason
from agent.model.said import GoodsReason

AREAS = (
    ("order", Reason.PLUGIN_HELD.value),
    ("article", GoodsReason.PLUGIN_HELD.value),
    ("status", GoodsReason.STATUS_PLUGIN_HELD.value),
)

MOST = 500
"""Records of one area in one shop that are counted."""

_NEWEST = (
    "SELECT params, since_ms FROM orders INDEXED BY orders_by_shop_state"
    " WHERE shop = ? AND state = 'held' AND reason = ? ORDER BY since_ms DESC LIMIT ?"
)


class Holds(Frozen, frozen=True):
    """One plugin's, by area. `why` is what it said or did when it last failed, `at_ms` when (ours), None for never."""

    counts: dict[str, int] = {}
    why: str = ""
    at_ms: int | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def holds(tx: apsw.Connection, shops: Iterable[ShopKey]) -> dict[str, Holds]:
    """By the plugin's name."""
    found: dict[str, Holds] = {}
    keys = sorted(shops)
    for shop in keys:
        for params, since_ms in tx.execute(_NEWEST, (shop, Reason.PLUGIN_HELD.value, MOST)):
            _add(found, "order", msgspec.json.decode(str(params or "{}"), type=dict[str, str]), since_ms)
    for area, code in AREAS[1:]:
        for each in first(tx, Needs(area=area, code=code, count=0, since_ms=None), keys, MOST):
            _add(found, area, each.params, each.since_ms)
    return found


def _add(found: dict[str, Holds], area: str, params: dict[str, str], since_ms: int | None) -> None:
    name = params.get("plugin", "")
    known = found.get(name, Holds())
    counts = {**known.counts, area: known.counts.get(area, 0) + 1}
    is_newer = since_ms is not None and (known.at_ms is None or since_ms > known.at_ms)
    why, at_ms = (params.get("why", ""), since_ms) if is_newer else (known.why, known.at_ms)
    found[name] = Holds(counts=counts, why=why, at_ms=at_ms)
