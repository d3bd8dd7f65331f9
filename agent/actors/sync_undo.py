"""Takes back what a plan has made: to the shop's trash, or inactive in Mamut, and only what nobody has touched since.

Variants whose main product the plan has made go with it, in one request. What was there before the plan stays as it is,
also where the plan has changed it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import apsw
import msgspec

from agent.actors.sync_table import SyncTable
from agent.actors.sync_to_mamut import find_cards
from agent.decide.first_sync import digest_of, is_untouched, look_of
from agent.flows import DirectionName
from agent.journal import article_links, links, plans, tasks
from agent.journal.items import key_of
from agent.journal.plans import Counts
from agent.model.goods import ArticleCard, ProductKind, SeenProduct
from agent.model.plan import PlanRow, PlanState, RowState
from agent.model.said import GoodsReason
from agent.model.shop_item import ArticleFields
from agent.remote.ports import TrashPort

PART = 100

EVERYTHING = 2**60


class ShopUndo:
    """One plan's."""

    def __init__(self, table: SyncTable, plan: int, port: TrashPort) -> None:
        self._table = table
        self._plan = plan
        self._port = port
        self._done = 0

    async def undo(self) -> Counts:
        """Raises Trouble when the shop does not serve us; what is left is gone on with."""
        table = self._table

        def beginning_undo(tx: apsw.Connection) -> None:
            plans.set_state(tx, self._plan, PlanState.UNDOING)

        def ending_undo(tx: apsw.Connection) -> None:
            plans.set_state(tx, self._plan, PlanState.UNDONE)

        await table.journal.run(beginning_undo)
        place = EVERYTHING
        while rows := table.journal.view(partial(plans.made, plan=self._plan, after=place, limit=PART)):
            place = rows[-1].place
            await self._take_back(rows)
        await table.journal.run(ending_undo)
        return table.journal.view(lambda tx: plans.counts(tx, self._plan))

    async def _take_back(self, rows: Sequence[PlanRow]) -> None:
        table = self._table
        now = table.journal.view(lambda tx: plans.by_keys(tx, self._plan, [row.key for row in rows]))
        open_rows = [row for row in rows if now[row.key].state is RowState.DONE]
        tops = [row for row in open_rows if not row.made_parent]
        ids = tuple(row.made_id for row in tops)
        found = await table.patiently(lambda: self._port.read_products(ids)) if ids else ()
        there = {seen.product_id: seen for seen in found}
        for row in tops:
            await self._top(row, there.get(row.made_id))
        for parent in dict.fromkeys(row.made_parent for row in open_rows if row.made_parent):
            if table.journal.view(partial(self._made_parent, product_id=parent)):
                continue  # They go, or stay, with their product, which comes later.
            variations = await table.patiently(partial(self._port.list_variations, parent))
            seen = {each.product_id: each for each in variations}
            for row in (each for each in open_rows if each.made_parent == parent):
                await self._one(row, seen.get(row.made_id), ())

    def _made_parent(self, tx: apsw.Connection, product_id: int) -> bool:
        """Whether the plan has made this product."""
        row = tx.execute(
            "SELECT 1 FROM plan_rows WHERE plan = ? AND made_id = ? AND made_id > 0", (self._plan, product_id)
        ).fetchone()
        return row is not None

    async def _top(self, row: PlanRow, seen: SeenProduct | None) -> None:
        table = self._table
        if row.kind is not ProductKind.VARIABLE or seen is None:
            await self._one(row, seen, table.journal.view(lambda tx: plans.made_below(tx, self._plan, row.made_id)))
            return
        below = table.journal.view(lambda tx: plans.made_below(tx, self._plan, row.made_id))
        there = await table.patiently(lambda: self._port.list_variations(row.made_id))
        looks = {each.made_id: each.made_mark for each in below}
        # One that lacks a variation has been touched as well.
        same = {each.product_id for each in there} == set(looks)
        if same and all(looks[each.product_id] == look_of(each) for each in there):
            await self._one(row, seen, below, there)
        else:
            await self._settle((row, *below), RowState.LEFT)

    async def _one(
        self,
        row: PlanRow,
        seen: SeenProduct | None,
        below: Sequence[PlanRow],
        there: Sequence[SeenProduct] = (),
    ) -> None:
        if seen is None or not is_untouched(row.made_mark, seen, there):
            # One that is gone was taken away by somebody, or by an attempt of ours that was cut short.
            await self._settle((row, *below), RowState.LEFT if seen is not None else RowState.UNDONE)
            return
        parent = row.made_parent
        await self._table.patiently(lambda: self._port.trash(row.made_id, parent))
        await self._settle((row, *below), RowState.UNDONE)

    async def _settle(self, rows: Sequence[PlanRow], state: RowState) -> None:
        table, shop = self._table, self._table.shop

        def taking_back(tx: apsw.Connection) -> None:
            for row in rows:
                code = GoodsReason.TOUCHED_SINCE if state is RowState.LEFT else ""
                plans.settle(tx, self._plan, row, state, code, {"product_id": str(row.made_id)})
                if state is RowState.UNDONE:
                    links.drop(tx, shop, row.key)
                    tasks.drop(tx, shop, DirectionName.PRODUCTS_TO_SHOP, (row.key,))

        await table.journal.run(taking_back)
        self._done += len(rows)
        table.tell("undoing", self._done, 0)


class MamutUndo:
    """One plan's articles: made inactive, since Mamut removes none."""

    def __init__(self, table: SyncTable, plan: int) -> None:
        self._table = table
        self._plan = plan
        self._done = 0

    async def undo(self) -> Counts:
        """Raises Trouble when Mamut does not serve us; what is left is gone on with."""
        table = self._table

        def beginning_undo(tx: apsw.Connection) -> None:
            plans.set_state(tx, self._plan, PlanState.UNDOING)

        def ending_undo(tx: apsw.Connection) -> None:
            plans.set_state(tx, self._plan, PlanState.UNDONE)

        await table.journal.run(beginning_undo)
        place = EVERYTHING
        while rows := table.journal.view(partial(plans.made, plan=self._plan, after=place, limit=PART)):
            place = rows[-1].place
            cards = await find_cards(table, [row.number for row in rows])
            by_pk = {card.pk: card for same in cards.values() for card in same}
            for row in rows:
                await self._one(row, by_pk.get(row.made_id))
        await table.journal.run(ending_undo)
        return table.journal.view(lambda tx: plans.counts(tx, self._plan))

    async def _one(self, row: PlanRow, card: ArticleCard | None) -> None:
        table = self._table
        ours = card is not None and digest_of(msgspec.structs.replace(card, inactive=False)) == row.made_mark
        state = RowState.UNDONE if ours else RowState.LEFT
        if card is not None and ours and not card.inactive:
            number, fields = card.product_no, ArticleFields(inactive=True)
            await table.patiently(lambda: table.desk.ask(lambda mamut: mamut.change_article(number, fields)))

        def taking_back_article(tx: apsw.Connection) -> None:
            code = "" if ours else GoodsReason.TOUCHED_SINCE
            plans.settle(tx, self._plan, row, state, code, {"product_id": str(row.made_id)})
            if ours:
                article_links.drop(tx, table.shop, row.key)
                tasks.drop(tx, table.shop, DirectionName.PRODUCTS_TO_MAMUT, (key_of(row.key),))

        await table.journal.run(taking_back_article)
        self._done += 1
        table.tell("undoing", self._done, 0)
