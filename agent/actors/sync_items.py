"""Reads a shop's products for a plan to Mamut, into the journal as the agent keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import apsw
import trio

from agent.actors.product_reader import settled
from agent.actors.sync_table import PAGE, SyncTable
from agent.actors.times import to_s
from agent.journal import items
from agent.model.goods import ProductKind
from agent.model.shop_item import ItemSeen
from agent.remote.ports import ItemsQuery
from agent.remote.trouble import Trouble, TroubleKind

SLACK_S = 600
"""How far the shop's clock may be behind ours."""

AT_ONCE = 3


class ShopItems:
    """One reading."""

    def __init__(self, table: SyncTable) -> None:
        self._table = table
        self._unreadable: list[str] = []
        self._read = 0

    async def read_all(self) -> list[str]:
        """Every product with its variations; what is not there any more is kept as gone. Gives what nobody can read.
        Raises Trouble."""
        listed = await self._list(None)
        table = self._table

        def missing(tx: apsw.Connection) -> set[int]:
            sql = "SELECT product_id FROM shop_items WHERE shop = ? AND parent_id = 0 AND gone_ms IS NULL"
            return {int(str(key)) for (key,) in tx.execute(sql, (table.shop,))} - listed

        if not self._unreadable and (gone := table.journal.view(missing)):
            await self._gone(gone)
        return self._unreadable

    async def read_changes(self, since_ms: int) -> None:
        """What has been changed since, and what has left. A change of a variation moves its product's date
        (products_modified[52]). Raises Trouble."""
        await self._list(datetime.fromtimestamp(since_ms / 1000 - SLACK_S, UTC))
        table = self._table
        there: set[int] = set()
        offset = 0
        while True:
            ids, _ = await table.patiently(partial(table.items.list_item_ids, offset, PAGE))
            there |= set(ids)
            if len(ids) < PAGE:
                break
            offset += PAGE - 1

        def missing(tx: apsw.Connection) -> set[int]:
            sql = "SELECT product_id FROM shop_items WHERE shop = ? AND parent_id = 0 AND gone_ms IS NULL"
            return {int(str(key)) for (key,) in tx.execute(sql, (table.shop,))} - there

        if gone := table.journal.view(missing):
            await self._gone(gone)

    async def _gone(self, ids: set[int]) -> None:
        table = self._table

        def leaving(tx: apsw.Connection) -> None:
            items.gone(tx, table.shop, ids, table.now_ms)

        await table.journal.run(leaving)

    async def _list(self, since: datetime | None) -> set[int]:
        table, listed, offset = self._table, set[int](), 0
        total = 0
        while True:
            query = ItemsQuery(modified_after=since, offset=offset, limit=PAGE)
            page = await table.patiently(partial(table.items.list_items, query))
            self._unreadable += page.unreadable
            total = page.total or total
            new = [seen for seen in page.items if seen.item.product_id not in listed]
            listed |= {seen.item.product_id for seen in new}
            asked_at = to_s(page.asked_at)
            await self._keep([seen for seen in new if seen.item.kind is not ProductKind.VARIABLE], asked_at)
            await self._variable([seen for seen in new if seen.item.kind is ProductKind.VARIABLE], asked_at)
            table.tell("shop", min(total, len(listed)), total)
            if page.rows < PAGE:
                return listed
            # One row back, so that a product that leaves meanwhile takes no other along.
            offset += PAGE - 1

    async def _variable(self, products: Sequence[ItemSeen], asked_at: int) -> None:
        """Each with its variations in one step: a product that is kept has its variations kept."""
        left = iter(products)

        async def work() -> None:
            for product in left:
                parent = product.item.product_id
                try:
                    found = await self._table.patiently(partial(self._table.items.list_item_variations, parent))
                except Trouble as trouble:
                    if trouble.kind is not TroubleKind.GARBLED:
                        raise
                    self._unreadable.append(f"{parent}: {trouble.detail}")
                    continue
                await self._keep([product, *found], asked_at, below=parent)

        async with trio.open_nursery() as nursery:
            for _ in range(min(AT_ONCE, len(products))):
                nursery.start_soon(work)

    async def _keep(self, seen: Sequence[ItemSeen], asked_at: int, *, below: int = 0) -> None:
        table = self._table
        rows = [(each.item, settled(each, asked_at)) for each in seen]
        if not rows:
            return

        def keeping_for_plan(tx: apsw.Connection) -> None:
            items.keep(tx, table.shop, rows, table.now_ms)
            if below:
                listed = [each.product_id for each, _ in rows if each.product_id != below]
                items.gone_below(tx, table.shop, below, listed, table.now_ms)

        await table.journal.run(keeping_for_plan)
