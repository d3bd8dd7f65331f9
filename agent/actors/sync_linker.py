"""The linker of a plan that is applied: nothing is tied together but as the plan has it.

What is made is kept in the plan's rows in the very step that ties it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw

from agent.actors.goods_direction import GoodsLoop
from agent.actors.linker import Linker
from agent.decide.first_sync import look_of
from agent.decide.matching import Adopt
from agent.decide.products import Family, Hold
from agent.flows import DirectionName
from agent.journal import links, plans, tasks
from agent.model.goods import ProductKind, SeenProduct
from agent.model.plan import Action, PlanRow, RowState
from agent.model.said import GoodsReason, Said
from agent.remote.ports import GoodsPort

SLACK_MS = 600_000
"""How far the shop's clock may be behind ours."""


class PlannedLinker(Linker):
    """One plan's. `began_ms` is when the plan was applied first."""

    def __init__(
        self, port: GoodsPort, followers: tuple[DirectionName, ...], *, makes: bool, plan: int, began_ms: int
    ) -> None:
        super().__init__(port, followers, makes=makes)
        self._plan = plan
        self._began_ms = began_ms

    async def find(
        self, loop: GoodsLoop, wanted: Mapping[int, Family], *, relink: frozenset[int] = frozenset()
    ) -> dict[int, Adopt | Hold | None]:
        """As anywhere; but the plan saw none of these numbers in the shop, so one that is there now is not ours to tie
        unless it is what we sent without hearing what became of it."""
        found = await super().find(loop, wanted, relink=relink)
        rows = loop.journal.view(lambda tx: plans.by_keys(tx, self._plan, found))
        sent = loop.journal.view(
            lambda tx: {task.pk for task in tasks.of(tx, loop.shop, loop.name, found) if task.unsure}
        )
        for pk, result in found.items():
            row = rows.get(pk)
            if not isinstance(result, Adopt) or row is None or pk in relink:
                continue
            if row.action is not Action.MAKE or pk not in sent or not self._is_ours(row, result.seen):
                params = {"product_id": str(result.seen.product_id)}
                found[pk] = Hold(GoodsReason.GROUND_MOVED_IN_SHOP, params)
        return found

    def link(self, tx: apsw.Connection, loop: GoodsLoop, family: Family, seen: SeenProduct, *, made: bool) -> None:
        super().link(tx, loop, family, seen, made=made)
        if made:
            self._note_made(tx, family, seen)

    def adopt(self, tx: apsw.Connection, loop: GoodsLoop, family: Family, seen: SeenProduct) -> None:
        """What was there, with the fields that are equal already; or what we had sent without an answer."""
        super().adopt(tx, loop, family, seen)
        row = plans.by_keys(tx, self._plan, (family.card.pk,)).get(family.card.pk)
        if row is None:
            return
        if row.action is Action.MAKE:
            self._note_made(tx, family, seen)
        else:
            links.set_marks(tx, loop.shop, family.card.pk, row.marks)
        if row.action is Action.LINK:
            plans.settle(tx, self._plan, row, RowState.DONE, Said.ADOPTED)
            tasks.say(tx, loop.shop, loop.name, family.card.pk, loop.now_ms, Said.ADOPTED)

    def _note_made(self, tx: apsw.Connection, family: Family, seen: SeenProduct) -> None:
        row = plans.by_keys(tx, self._plan, (family.card.pk,)).get(family.card.pk)
        if row is not None:
            plans.was_made(tx, self._plan, row, seen.product_id, seen.parent_id, look_of(seen), Said.MADE)

    def _is_ours(self, row: PlanRow, seen: SeenProduct) -> bool:
        """Made since the plan was begun, with the name that the plan gives it. Nobody else makes those just now."""
        if seen.modified_at is None or seen.modified_at.timestamp() * 1000 < self._began_ms - SLACK_MS:
            return False
        planned = row.changes.get("name", ("", row.name))[1].removesuffix("…")
        return seen.kind is ProductKind.VARIATION or " ".join(seen.name.split()).startswith(planned)

    def _wake(self, tx: apsw.Connection, loop: GoodsLoop, name: DirectionName, pks: Iterable[int]) -> None:
        """Of the plan's own rows those that waited for what has just been tied; the agent's are left to the agent."""
        found = tasks.of(tx, loop.shop, name, pks)
        waiting = [task.pk for task in found if task.due_ms is None and task.code == GoodsReason.MAIN_WAITS]
        rows = plans.by_keys(tx, self._plan, waiting)
        super()._wake(tx, loop, name, [pk for pk in waiting if pk in rows and rows[pk].state is RowState.OPEN])
