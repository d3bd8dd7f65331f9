"""Makes the plan of a first synchronisation from a shop to Mamut, and compares its rows with both before they are done.

Decided by the very functions that products_to_mamut decides by; a main article that the plan makes stands in for the
one that its variants will have. Mamut is asked for the numbers, a hundred at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import apsw
import msgspec

from agent.actors.article_direction import ArticleDirection
from agent.actors.sync_apply import DONE_IN_MAMUT, done_since
from agent.actors.sync_items import ShopItems
from agent.actors.sync_table import SyncTable
from agent.decide.article_fields import ArticleGround, number_of
from agent.decide.articles import Change, ItemFamily, Make, numbers_asked, wanted
from agent.decide.first_sync import digest_of, fields_of, item_ground_of
from agent.decide.products import Hold, Nothing, fold
from agent.flows import DirectionName
from agent.journal import article_links, items, plans, tasks
from agent.journal.items import key_of
from agent.model.goods import ArticleCard
from agent.model.plan import WRITES, Action, Plan, PlanRow, RowState
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ArticleLink
from agent.remote.ports import MamutPort

NAME = DirectionName.PRODUCTS_TO_MAMUT

PART = 100
"""Products decided in one go: so many numbers are asked for in one question."""

Found = dict[str, tuple[ArticleCard, ...]]


async def find_cards(table: SyncTable, numbers: Iterable[str]) -> Found:
    """What Mamut has under these numbers, by folded number. Raises Trouble."""
    asked = tuple(sorted(set(numbers)))
    found: dict[str, list[ArticleCard]] = {}
    for start in range(0, len(asked), PART):
        part = asked[start : start + PART]
        for card in await table.patiently(partial(table.desk.ask, partial(_find, numbers=part))):
            found.setdefault(fold(card.product_no), []).append(card)
    return {number: tuple(cards) for number, cards in found.items()}


async def _find(mamut: MamutPort, numbers: tuple[str, ...]) -> tuple[ArticleCard, ...]:
    return await mamut.find_articles(numbers)


class ToMamutPlanner:
    """One shop's."""

    def __init__(self, table: SyncTable, direction: ArticleDirection) -> None:
        self._table = table
        self._direction = direction
        self._place = 0

    async def plan(self, number: int) -> None:
        """Decides about all products of the shop, as read. Raises Trouble."""
        table = self._table
        total = table.journal.view(lambda tx: items.count(tx, table.shop))
        ground = await table.patiently(self._direction.ground)
        for look in (_tops_after, _variations_after):
            last = (0, 0)
            while found := table.journal.view(partial(look, shop=table.shop, last=last)):
                last = found[-1]
                rows = await self._rows(number, [product_id for _, product_id in found], ground)

                def planning(tx: apsw.Connection, rows: list[PlanRow] = rows) -> None:
                    plans.put(tx, number, rows)

                await table.journal.run(planning)
                table.tell("deciding", self._place, total)

    async def _rows(self, plan: int, ids: Sequence[int], ground: ArticleGround) -> list[PlanRow]:
        table, shop = self._table, self._table.shop
        families = table.journal.view(lambda tx: items.families(tx, shop, ids))
        parents = {family.item.parent_id for family in families.values() if family.item.parent_id}
        mains = table.journal.view(lambda tx: plans.by_keys(tx, plan, parents))
        asked = {number for family in families.values() for number in numbers_asked(family, ground)}
        asked |= {row.number for row in mains.values() if row.target}
        cards = await find_cards(table, asked)
        bonds = table.journal.view(
            lambda tx: article_links.bonds(tx, {card.pk for same in cards.values() for card in same})
        )
        rows: list[PlanRow] = []
        for product_id in ids:
            self._place += 1
            if (family := families.get(product_id)) is None:
                continue
            placed = self._direction.placed(_with_main(family, mains, cards), ground, cards, bonds)
            rows.append(self._row(family, placed, ground, cards))
        return rows

    def _row(self, family: ItemFamily, placed: ItemFamily, ground: ArticleGround, cards: Found) -> PlanRow:
        decision = wanted(placed, ground, cards)
        code, params, changes, card = "", dict[str, str](), dict[str, tuple[str, str]](), None
        if isinstance(decision, Hold):
            action, code, params = Action.REFUSE, str(decision.reason), decision.params
        elif isinstance(decision, Nothing):
            action, code, params = Action.LEAVE, str(decision.code), decision.params
        elif isinstance(decision, Make):
            action, changes = Action.MAKE, fields_of(decision.fields, None)
        elif decision.stopped is not None:
            action, code, params = Action.REFUSE, str(decision.stopped.reason), decision.stopped.params
        else:
            card, tied = decision.card, family.link is not None
            changes = fields_of(decision.fields, card)
            action = Action.CHANGE if decision.writes else Action.SAME if tied else Action.LINK
        item = family.item
        number = number_of(item, family.parent, ground.settings)
        return PlanRow(
            place=self._place,
            key=item.product_id,
            family=str(item.parent_id or item.product_id),
            number=number,
            name=item.name,
            kind=item.kind,
            action=action,
            code=code,
            params=params,
            changes=changes,
            target=0 if card is None else card.pk,
            parent=item.parent_id,
            ground=item_ground_of(family),
            seen=_seen(family, ground, cards),
        )


class MamutCheck:
    """Compares the rows of a plan from a shop to Mamut with both, and notes what has been made."""

    def __init__(self, table: SyncTable, plan: Plan, direction: ArticleDirection) -> None:
        self._table = table
        self._plan = plan.number
        self._made_ms = plan.made_ms
        self._direction = direction
        direction.wake_only(self._may_wake)

    async def begin(self) -> None:
        """Reads what the shop has changed, or lost, since the plan was made. Raises Trouble."""
        await ShopItems(self._table).read_changes(self._made_ms)

    async def ready(self, rows: Sequence[PlanRow]) -> list[PlanRow]:
        """Raises Trouble."""
        table, shop = self._table, self._table.shop
        ground = await table.patiently(self._direction.ground)
        families = table.journal.view(lambda tx: items.families(tx, shop, [row.key for row in rows]))
        asked = {number for family in families.values() for number in numbers_asked(family, ground)}
        cards = await find_cards(table, asked)
        unsure = table.journal.view(
            lambda tx: {key_of(t.pk) for t in tasks.of(tx, shop, NAME, [key_of(r.key) for r in rows]) if t.unsure}
        )
        moved: list[tuple[PlanRow, GoodsReason]] = []
        tied: list[PlanRow] = []
        ready: list[PlanRow] = []
        for row in rows:
            family = families.get(row.key)
            if family is not None and family.link is not None and row.action is not Action.CHANGE:
                tied.append(row)  # Done before we were stopped.
            elif family is None or family.gone or item_ground_of(family) != row.ground:
                moved.append((row, GoodsReason.GROUND_MOVED_IN_SHOP))
            elif row.key not in unsure and _seen(family, ground, cards) != row.seen:
                # The article may be another one since we have changed it, whether we heard of it or not.
                if table.journal.view(partial(self._is_done, row=row)):
                    tied.append(row)
                elif table.journal.view(partial(self._is_equal, row=row, family=family, ground=ground, cards=cards)):
                    ready.append(row)
                else:
                    moved.append((row, GoodsReason.GROUND_MOVED_IN_MAMUT))
            else:
                ready.append(row)

        def skipping(tx: apsw.Connection) -> None:
            for row, reason in moved:
                plans.settle(tx, self._plan, row, RowState.SKIPPED, reason)

        if moved:
            await table.journal.run(skipping)
        await self.note_made(tied)
        return ready

    def _is_done(self, tx: apsw.Connection, row: PlanRow) -> bool:
        """Whether the direction has done it since the plan was made, before we were stopped."""
        loop = self._direction.loop
        return bool(done_since(tx, loop, key_of(row.key), self._made_ms, DONE_IN_MAMUT))

    def _is_equal(
        self, tx: apsw.Connection, row: PlanRow, family: ItemFamily, ground: ArticleGround, cards: Found
    ) -> bool:
        """Whether nothing is left to write to the article that the plan has seen."""
        if row.action is not Action.CHANGE:
            return False
        placed = self._direction.placed(family, ground, cards, article_links.bonds(tx, {row.target}))
        decision = wanted(placed, ground, cards)
        if not isinstance(decision, Change) or decision.card.pk != row.target:
            return False
        return decision.stopped is None and not decision.writes

    async def note_made(self, rows: Sequence[PlanRow]) -> None:
        """Keeps how the articles look that have been made, and that the others stand. Raises Trouble."""
        table, shop = self._table, self._table.shop
        links = table.journal.view(lambda tx: article_links.of(tx, shop, [row.key for row in rows]))
        cards = await find_cards(table, [link.product_no for link in links.values() if link.made])
        by_pk = {card.pk: card for same in cards.values() for card in same}

        def noting(tx: apsw.Connection) -> None:
            for row in rows:
                link = links.get(row.key)
                if link is None:
                    continue
                if row.action is Action.MAKE and link.made and link.pk in by_pk:
                    mark = digest_of(by_pk[link.pk])
                    plans.was_made(tx, self._plan, row, link.pk, 0, mark, Said.ARTICLE_MADE)
                else:
                    plans.settle(tx, self._plan, row, RowState.DONE, Said.ARTICLE_ADOPTED)

        if links:
            await table.journal.run(noting)

    def _may_wake(self, tx: apsw.Connection, ids: list[int]) -> list[int]:
        """Of the plan's own rows those that waited for what has just been tied."""
        waiting = tasks.of(tx, self._table.shop, NAME, [key_of(each) for each in ids])
        held = [key_of(t.pk) for t in waiting if t.due_ms is None and t.code == GoodsReason.PRODUCT_WAITS]
        rows = plans.by_keys(tx, self._plan, held)
        return [each for each in held if each in rows and rows[each].state is RowState.OPEN]


def _tops_after(tx: apsw.Connection, shop: str, last: tuple[int, int]) -> list[tuple[int, int]]:
    sql = (
        "SELECT parent_id, product_id FROM shop_items WHERE shop = ? AND product_id > ? AND parent_id = 0"
        " AND gone_ms IS NULL ORDER BY product_id LIMIT ?"
    )
    return [(int(str(parent)), int(str(key))) for parent, key in tx.execute(sql, (shop, last[1], PART))]


def _variations_after(tx: apsw.Connection, shop: str, last: tuple[int, int]) -> list[tuple[int, int]]:
    sql = (
        "SELECT parent_id, product_id FROM shop_items WHERE shop = ? AND parent_id > 0"
        " AND (parent_id, product_id) > (?, ?) AND gone_ms IS NULL ORDER BY parent_id, product_id LIMIT ?"
    )
    return [(int(str(parent)), int(str(key))) for parent, key in tx.execute(sql, (shop, *last, PART))]


def _with_main(family: ItemFamily, mains: dict[int, PlanRow], cards: Found) -> ItemFamily:
    """With the article that the plan gives its product, where it has none yet."""
    row = mains.get(family.item.parent_id)
    if family.parent_link is not None or row is None or row.action not in WRITES:
        return family
    known = [card for card in cards.get(fold(row.number), ()) if card.pk == row.target]
    properties = known[0].properties if known else ()
    # One that is still to be made has no number in Mamut: it is known by the product's, turned round.
    link = ArticleLink(product_id=row.key, pk=row.target or -row.key, product_no=row.number, properties=properties)
    return msgspec.structs.replace(family, parent_link=link)


def _seen(family: ItemFamily, ground: ArticleGround, cards: Found) -> bytes:
    """A digest of what Mamut has under the product's numbers."""
    return digest_of([cards.get(fold(number), ()) for number in numbers_asked(family, ground)])
