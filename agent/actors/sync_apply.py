"""Applies a plan: exactly its rows, by the direction that would do the same in the agent.

Rows go in groups. Each row of a group is compared with what both systems hold now: what has lost its ground is skipped
and said. The others get tasks, and the direction does what it always does with tasks. What was there before waits for
the agent. Stopped or killed anywhere, the rows that are left are gone on with.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

import apsw
import msgspec
import trio

from agent.actors.goods_direction import ALONE_AFTER, GoodsLoop
from agent.actors.sync_linker import PlannedLinker
from agent.actors.sync_table import SyncTable
from agent.decide.first_sync import digest_of, ground_of, seen_of
from agent.decide.products import Family
from agent.journal import links, plans, tasks
from agent.journal.families import families
from agent.journal.plans import Counts
from agent.journal.tasks import Task
from agent.model.link import Facet
from agent.model.plan import Action, Plan, PlanRow, PlanState, RowState
from agent.model.said import GoodsReason, Said
from agent.model.shop_item import ItemSeen, ShopItem
from agent.remote.ports import ItemsQuery

GROUP = 1_000
"""Rows compared and then written: what was compared is minutes old at most."""

PART = 100

WAIT_S = 3_600.0
"""How long tasks that are not the plan's wait for the agent, should nobody tell them earlier that it is through."""

LOOK_S = 0.1
LOOK_MAX_S = 5.0
"""How often it is looked whether the direction has come further: seldom while it does not."""

Check = Callable[[Sequence[PlanRow]], Awaitable[list[PlanRow]]]
"""Settles the rows whose ground has moved, and gives those that are to get tasks."""


class Applier:
    """One plan's. `loop` is the direction's, `task_key` says under which number a row stands among its tasks."""

    def __init__(
        self,
        table: SyncTable,
        plan: int,
        loop: GoodsLoop,
        check: Check,
        done: frozenset[str],
        after: Callable[[Sequence[PlanRow]], Awaitable[None]] | None = None,
        task_key: Callable[[int], int] = lambda key: key,
    ) -> None:
        self._table = table
        self._plan = plan
        self._loop = loop
        self._check = check
        self._done = done
        self._after = after
        self._task_key = task_key
        self._total = 0
        self._left = 0

    async def begin(self) -> None:
        """Before the direction's loop starts: from then on only the plan's rows are anybody's tasks."""
        await self._table.journal.run(self._begin)

    async def apply(self) -> Counts:
        """Until no row is left, or those that are left wait for a shop that fails on them. Raises Trouble. The
        direction's loop must run beside."""
        table = self._table
        self._total = table.journal.view(lambda tx: plans.writes(tx, self._plan))
        self._left = table.journal.view(lambda tx: plans.left(tx, self._plan))
        place = 0
        while rows := table.journal.view(partial(plans.to_do, plan=self._plan, after=place, limit=GROUP)):
            place = rows[-1].place
            ready = await self._check(rows)
            await self._write(ready)
            self._left = table.journal.view(lambda tx: plans.left(tx, self._plan))
            self._tell()
        await table.journal.run(self._end)
        return table.journal.view(lambda tx: plans.counts(tx, self._plan))

    def _begin(self, tx: apsw.Connection) -> None:
        plans.set_state(tx, self._plan, PlanState.APPLYING)
        loop = self._loop
        later_ms = self._table.now_ms + int(WAIT_S * 1000)
        tx.execute(
            "UPDATE tasks SET due_ms = max(due_ms, ?) WHERE shop = ? AND direction = ? AND due_ms IS NOT NULL",
            (later_ms, loop.shop, loop.name),
        )

    def _end(self, tx: apsw.Connection) -> None:
        """The agent may do what it has to do as soon as it runs."""
        loop = self._loop
        tx.execute(
            "UPDATE tasks SET due_ms = min(due_ms, ?) WHERE shop = ? AND direction = ? AND due_ms IS NOT NULL",
            (self._table.now_ms, loop.shop, loop.name),
        )
        if not plans.left(tx, self._plan):
            plans.set_state(tx, self._plan, PlanState.APPLIED)

    async def _write(self, rows: Sequence[PlanRow]) -> None:
        if not rows:
            return
        loop, keys = self._loop, [self._task_key(row.key) for row in rows]

        def putting_rows(tx: apsw.Connection) -> None:
            # One that may have been made waits as long as it must; the others are due now.
            unsure = {task.pk for task in tasks.of(tx, loop.shop, loop.name, keys) if task.unsure}
            sure = [key for key in keys if key not in unsure]
            tasks.drop(tx, loop.shop, loop.name, sure)
            tasks.put(tx, loop.shop, loop.name, sure, loop.now_ms)
            tx.executemany(
                "UPDATE tasks SET due_ms = ? WHERE shop = ? AND direction = ? AND pk = ?",
                [(loop.now_ms, loop.shop, loop.name, key) for key in sorted(unsure)],
            )

        await self._table.journal.run(putting_rows)
        loop.bell.ring()
        await self._rest(keys)
        if self._after is not None:
            await self._after(rows)
        await self._table.journal.run(lambda tx: self._settle(tx, rows))

    async def _rest(self, keys: Iterable[int]) -> None:
        """Until the direction has done with these. It waits out a shop that does not serve us."""
        loop, wanted = self._loop, list(keys)
        pause_s, before = LOOK_S, len(wanted)
        while True:
            await self._table.wait_out_quiet()
            left = self._table.journal.view(lambda tx: tasks.of(tx, loop.shop, loop.name, wanted))
            if not any(task.due_ms is not None and not _fails(task) for task in left):
                return
            if not loop.may_work and not loop.turn.quiet:
                return
            self._tell(len(wanted) - len(left))
            pause_s = LOOK_S if len(left) != before else min(LOOK_MAX_S, 1.5 * pause_s)
            before = len(left)
            await trio.sleep(pause_s)

    def _settle(self, tx: apsw.Connection, rows: Sequence[PlanRow]) -> None:
        """What became of rows that nobody has settled yet; one whose task is still there stays open."""
        loop = self._loop
        left = {
            task.pk: task for task in tasks.of(tx, loop.shop, loop.name, map(self._task_key, (r.key for r in rows)))
        }
        now = plans.by_keys(tx, self._plan, [row.key for row in rows])
        # What the shop fails on is tried again by the next run, and its variants with it.
        late = {row.family for row in now.values() if _is_due(left.get(self._task_key(row.key)))}
        for row in now.values():
            if row.state is not RowState.OPEN:
                continue
            key = self._task_key(row.key)
            task = left.get(key)
            if _is_due(task) or (row.family in late and task is not None and task.code == GoodsReason.MAIN_WAITS):
                continue
            said = next((each for each in tasks.said(tx, loop.shop, key) if each.direction == loop.name), None)
            code = task.code if task is not None else "" if said is None else said.code
            params = msgspec.json.decode(said.params, type=dict[str, str]) if said is not None else {}
            if code in (GoodsReason.GROUND_MOVED_IN_SHOP, GoodsReason.GROUND_MOVED_IN_MAMUT):
                state = RowState.SKIPPED
            else:
                state = RowState.DONE if code in self._done else RowState.REFUSED
            plans.settle(tx, self._plan, row, state, code, params)

    def _tell(self, more: int = 0) -> None:
        """Without a look at the plan, whose rows are many: this is told ten times a second."""
        self._table.tell("applying", min(self._total, self._total - self._left + more), self._total)


def _is_due(task: Task | None) -> bool:
    return task is not None and task.due_ms is not None


def _fails(task: Task) -> bool:
    return task.attempts > ALONE_AFTER


def _is_sent(row: PlanRow, family: Family) -> bool:
    """Whether its write was on its way when we were stopped: what the product is now may be what came of it."""
    link = family.link
    return row.action is Action.CHANGE and link is not None and Facet.PRODUCT in link.unsure


def done_since(tx: apsw.Connection, loop: GoodsLoop, key: int, since_ms: int, done: frozenset[str]) -> str:
    """The code with which the direction has done an article since then; empty when it has not."""
    said = (each for each in tasks.said(tx, loop.shop, key) if each.direction == loop.name)
    return next((each.code for each in said if each.at_ms >= since_ms and each.code in done), "")


DONE_IN_MAMUT = frozenset(
    {
        Said.ARTICLE_MADE,
        Said.ARTICLE_ADOPTED,
        Said.ARTICLE_WRITTEN,
        Said.ARTICLE_UNCHANGED,
        Said.CHANGED_IN_MAMUT,
    }
)

DONE_IN_SHOP = frozenset(
    {Said.UNCHANGED, Said.WRITTEN, Said.MADE, Said.MADE_AGAIN, Said.ADOPTED, Said.WRITTEN_WITHOUT_GTIN}
)


class _Checked(NamedTuple):
    """Rows that are settled, those whose product is to be tied first, and those that may be written."""

    settled: list[tuple[PlanRow, RowState, str]]
    tied: list[tuple[PlanRow, ShopItem]]
    ready: list[PlanRow]


class ShopCheck:
    """Compares the rows of a plan from Mamut to a shop with both, and ties together what is there already."""

    def __init__(self, table: SyncTable, plan: Plan, loop: GoodsLoop, linker: PlannedLinker) -> None:
        self._table = table
        self._plan = plan.number
        self._made_ms = plan.made_ms
        self._loop = loop
        self._linker = linker

    async def ready(self, rows: Sequence[PlanRow]) -> list[PlanRow]:
        """Raises Trouble when the shop cannot be read."""
        table, shop = self._table, self._table.shop
        found = table.journal.view(lambda tx: families(tx, shop, [row.key for row in rows]))
        there = await self._read([row for row in rows if row.target])
        checked = table.journal.view(partial(self._checked, rows=rows, found=found, there=there))
        lost: set[int] = set()

        def tying(tx: apsw.Connection) -> None:
            for row, state, code in checked.settled:
                plans.settle(tx, self._plan, row, state, code, {"product_id": str(row.target)})
            for row, item in checked.tied:
                holder = links.by_product(tx, shop, item.product_id)
                if holder is not None and holder.pk != row.key:
                    lost.add(row.key)
                    plans.settle(tx, self._plan, row, RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_SHOP)
                    continue
                family = families(tx, shop, (row.key,))[row.key]
                self._linker.adopt(tx, self._loop, family, seen_of(item))

        if checked.settled or checked.tied:
            await table.journal.run(tying)
        return [row for row in checked.ready if row.key not in lost]

    def _checked(
        self, tx: apsw.Connection, rows: Sequence[PlanRow], found: dict[int, Family], there: dict[int, ShopItem]
    ) -> _Checked:
        checked = _Checked([], [], [])
        for row in rows:
            family, item = found.get(row.key), there.get(row.target)
            if family is None or ground_of(family) != row.ground:
                checked.settled.append((row, RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_MAMUT))
            elif row.target and (item is None or digest_of(item) != row.seen):
                if item is not None and (code := self._written(tx, row)):
                    checked.settled.append((row, RowState.DONE, code))
                elif item is not None and _is_sent(row, family):
                    checked.ready.append(row)
                else:
                    checked.settled.append((row, RowState.SKIPPED, GoodsReason.GROUND_MOVED_IN_SHOP))
            else:
                if item is not None and family.link is None:
                    checked.tied.append((row, item))
                if row.action in (Action.MAKE, Action.CHANGE):
                    checked.ready.append(row)
        return checked

    def _written(self, tx: apsw.Connection, row: PlanRow) -> str:
        """What came of a row that was done before we were stopped; empty for any other."""
        if row.action is not Action.CHANGE:
            return ""
        return done_since(tx, self._loop, row.key, self._made_ms, DONE_IN_SHOP)

    async def _read(self, rows: Sequence[PlanRow]) -> dict[int, ShopItem]:
        """The products of these rows as the shop has them now, a hundred at a time; variations by their product."""
        table = self._table
        seen: list[ItemSeen] = []
        tops = sorted(row.target for row in rows if not row.parent)
        for start in range(0, len(tops), PART):
            query = ItemsQuery(product_ids=tuple(tops[start : start + PART]))
            page = await table.patiently(partial(table.items.list_items, query))
            seen += page.items
        for parent in sorted({row.parent for row in rows if row.parent}):
            seen += await table.patiently(partial(table.items.list_item_variations, parent))
        return {each.item.product_id: each.item for each in seen}
