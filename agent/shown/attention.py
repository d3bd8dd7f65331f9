"""All that needs a person, wherever it stands: what the journal holds, and what silence and time say. For the command
line, the admin and the mail alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import apsw

from agent.journal import attention, attention_pages, reports
from agent.journal.attention import Cause, Item
from agent.journal.attention_pages import Example
from agent.journal.overview import Needs
from agent.model.ids import ShopKey
from agent.model.words import Words, words
from agent.settings.tree import Settings
from agent.shown import silence

AREAS: dict[str, Words] = {
    "system": words("Butiker och Mamut som inte svarar", "Shops and Mamut that do not answer"),
    "shop": words("Butiker", "Shops"),
    "part": words("Delar av agenten som inte kan arbeta", "Parts of the agent that cannot work"),
    "late": words("Det som inte har gått som det ska", "What has not run as it should"),
    "computer": words("Datorn", "The computer"),
    "order": words("Order som inte gått över", "Orders that have not gone over"),
    "change": words("Ändrade efter överföringen", "Changed after the transfer"),
    "status": words("Orderstatus i butiken", "Order status in the shop"),
    "article": words("Artiklar", "Articles"),
    "price": words("Stoppade priser", "Prices stopped"),
    "soon": words("Snart", "Soon"),
}
"""In the order in which they are shown: what stops the flow first."""

_PLACES = tuple(AREAS)


def causes(
    tx: apsw.Connection, settings: Settings, now: datetime, shop: ShopKey | None, limit: int, *, runs: bool
) -> list[Cause]:
    """By area, and of each cause the `limit` oldest items. `runs` is whether an agent is at work. Without the prices,
    which have a list of their own."""
    items = silence.of_shop(silence.silences(tx, settings, now, runs=runs), shop)
    found = [*silence.causes(items, limit), *attention.causes(tx, shop, limit)]
    return sorted(found, key=lambda cause: _PLACES.index(cause.area))


def counts(tx: apsw.Connection, settings: Settings, now: datetime, *, runs: bool) -> dict[str, int]:
    """How many of each area."""
    found = dict.fromkeys(_PLACES, 0) | attention.counts(tx)
    del found["price"]
    for item in silence.silences(tx, settings, now, runs=runs):
        found[item.area] += 1
    return found


class Waiting:
    """What waits in these shops, counted by indexes, with the first of each: for whoever works in the agent. With
    `silent`, what silence and time say of all of them too."""

    def __init__(
        self,
        tx: apsw.Connection,
        settings: Settings,
        now: datetime,
        shops: Iterable[ShopKey],
        *,
        silent: bool = True,
    ) -> None:
        self._tx = tx
        self._shops = sorted(shops)
        self._silent: dict[tuple[str, str], list[Item]] = {}
        for item in silence.silences(tx, settings, now) if silent else ():
            self._silent.setdefault((item.area, item.code), []).append(item)

    def needs(self) -> list[Needs]:
        """One for each cause, by area."""
        silent = [
            Needs(area=area, code=code, count=len(same), since_ms=min(item.since_ms for item in same) or None)
            for (area, code), same in self._silent.items()
        ]
        found = [*silent, *attention_pages.needs(self._tx, self._shops)]
        return sorted(found, key=lambda need: _PLACES.index(need.area))

    def first(self, need: Needs, limit: int) -> list[Example]:
        """Some of those that wait for this cause, those first that have waited longest."""
        if (same := self._silent.get((need.area, need.code))) is not None:
            return [_example(item) for item in same[:limit]]
        if need.area == "part":
            parts = attention.causes_of(self._tx, "part", None, limit)
            return [_example(item) for cause in parts if cause.code == need.code for item in cause.items]
        return attention_pages.first(self._tx, need, self._shops, limit)


def all_shops(tx: apsw.Connection, settings: Settings) -> list[ShopKey]:
    """Those of the settings and those that the journal still has orders of."""
    return sorted({*(ShopKey(shop.key) for shop in settings.shop), *reports.shop_keys(tx)})


def _example(item: Item) -> Example:
    return Example(
        shop=item.shop,
        order_id=0,
        name=item.name.removesuffix(f"/{item.shop}") if item.shop else item.name,
        params=item.params,
        since_ms=item.since_ms or None,
        direction=item.direction,
    )
