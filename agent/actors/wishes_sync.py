"""What people ask for about first synchronisations: plan, apply, undo, stop. Asked for here, done by an actor of their
own."""

from __future__ import annotations

from collections.abc import Callable

import apsw

from agent.flows import DirectionName
from agent.journal import directions, plans, records, sync_runs
from agent.journal.records import Wish
from agent.journal.sync_runs import What
from agent.model.ids import ShopKey
from agent.model.owners import System
from agent.model.plan import Plan, PlanState

DONE = "done"

WAYS = {System.MAMUT: DirectionName.PRODUCTS_TO_SHOP, System.SHOP: DirectionName.PRODUCTS_TO_MAMUT}
"""The direction in which the articles of each system go over."""


class SyncWishes:
    """One shop's. `digest` is of the settings that decide what a plan from that system does, `runs` whether the agent
    has a direction at work for the shop. `asked` is rung once a synchronisation is to be done, or stopped."""

    def __init__(
        self,
        shop: ShopKey,
        digest: Callable[[System], str],
        runs: Callable[[DirectionName], bool],
        asked: Callable[[], None],
    ) -> None:
        self.asked = asked
        self._shop = shop
        self._digest = digest
        self._runs = runs
        self._steps: dict[str, Callable[[apsw.Connection, Wish, int], str]] = {
            "sync_plan": self._plan,
            "sync_apply": self._apply,
            "sync_undo": self._undo,
            "sync_stop": self._stop,
        }

    def knows(self, kind: str) -> bool:
        return kind in self._steps

    def fulfil(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        """ "done" means that it is on its way; any other result says why it is not."""
        if wish.kind != "sync_stop":
            if records.is_frozen(tx, self._shop):
                return "shop_frozen"
            if sync_runs.open_run(tx) is not None:
                return "sync_busy"
        return self._steps[wish.kind](tx, wish, now_ms)

    def _plan(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        source = wish.arg("source")
        if source not in tuple(System):
            return "unknown_wish"
        self._ask(tx, wish, What.PLAN, System(source), 0, now_ms)
        return DONE

    def _apply(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        plan = self._meant(tx, wish)
        if plan is None:
            return "plan_unknown"
        if plan.state not in (PlanState.PLANNED, PlanState.APPLYING, PlanState.APPLIED):
            return "plan_not_so"
        if plan.settings != self._digest(plan.source):
            return "plan_settings_changed"
        self._ask(tx, wish, What.APPLY, plan.source, plan.number, now_ms)
        return DONE

    def _undo(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        """While its direction works, the agent would make again what is taken away."""
        plan = self._meant(tx, wish)
        if plan is None:
            return "plan_unknown"
        if plan.state not in (PlanState.APPLYING, PlanState.APPLIED, PlanState.UNDOING):
            return "plan_not_so"
        way = WAYS[plan.source]
        if self._runs(way) and not directions.get(tx, self._shop, way).paused:
            return "direction_runs"
        self._ask(tx, wish, What.UNDO, plan.source, plan.number, now_ms)
        return DONE

    def _stop(self, tx: apsw.Connection, wish: Wish, _now_ms: int) -> str:
        return DONE if sync_runs.stop(tx, wish.who) else "nothing_under_way"

    def _ask(self, tx: apsw.Connection, wish: Wish, what: What, source: System, plan: int, now_ms: int) -> None:
        now = wish.arg("now") == "1"
        sync_runs.ask(tx, self._shop, what, source, plan, wish.who, now_ms, now=now)

    def _meant(self, tx: apsw.Connection, wish: Wish) -> Plan | None:
        text = wish.arg("plan")
        plan = plans.get(tx, int(text)) if text.isascii() and text.isdigit() and len(text) < 18 else None
        return plan if plan is not None and plan.shop == self._shop else None
