"""Orders that were read before there were keys to find them by are read once more, newest first, when nothing else is
to be done."""

from __future__ import annotations

import apsw

from agent.actors.whole_orders import read_whole
from agent.journal import order_keys
from agent.journal.journal import Journal
from agent.model.ids import ShopKey
from agent.remote.ports import ShopPort

EVERY_S = 5.0
"""So long after one batch the next: a year's orders take some hours, and the shop hardly notices."""


class KeyMaker:
    """One shop's. How far it has come stands in the journal."""

    def __init__(
        self, shop: ShopKey, port: ShopPort, journal: Journal, size: int, payment_meta: tuple[str, ...]
    ) -> None:
        self._shop = shop
        self._port = port
        self._journal = journal
        self._size = size
        self._payment_meta = payment_meta
        self.left = True
        """Whether there may be any; once there are none, there will be none."""

    async def some(self) -> bool:
        """Makes the keys of one batch; false when there is nothing left. Raises Trouble."""
        self.left = self._journal.view(lambda tx: order_keys.below(tx, self._shop)) is not None
        if not self.left:
            return False
        ids = tuple(self._journal.view(lambda tx: order_keys.without_keys(tx, self._shop, self._size)))
        seen = await read_whole(self._port.read_orders, ids, "keys") if ids else None

        def keeping_keys(tx: apsw.Connection) -> None:
            for order in () if seen is None else seen.orders:
                order_keys.keep(tx, order, self._payment_meta, first=False)
            order_keys.gone_through(tx, self._shop, min(ids) if ids else None)

        await self._journal.run(keeping_keys)
        return bool(ids)
