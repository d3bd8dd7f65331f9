"""Plans of a first synchronisation: made, read, applied with progress, stopped, gone on with, taken back, saved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from functools import partial

import apsw
from starlette.responses import Response, StreamingResponse

from agent.actors.wishes_sync import WAYS
from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.visit import Visit
from agent.journal import directions, plans, records, sync_runs
from agent.journal.journal import Journal
from agent.journal.plans import Counts
from agent.journal.records import Wish
from agent.journal.sync_runs import SyncRun
from agent.journal.users import Role
from agent.model.ids import ShopKey
from agent.model.owners import System
from agent.model.plan import WRITES, Action, Plan, PlanRow, PlanState, RowState
from agent.model.words import Language
from agent.settings.given import given
from agent.settings.tree import ShopSettings
from agent.shown.names import explained
from agent.shown.plan_file import name_of, plan_parts, sheet_parts, why
from agent.shown.plans import ACTIONS, STATES, phase_name

LISTED = 50
"""Plans on the page."""

SAMPLE = 5
"""Rows of each kind that are shown as examples."""

SHOWN = 50
"""Rows on a page of its own."""

KINDS = ("sync_plan", "sync_apply", "sync_undo", "sync_stop")

Parts = Callable[[Journal, Plan, Language], AsyncIterator[bytes]]


async def show(visit: Visit) -> Response:
    settings = visit.admin.settings()
    found = visit.view(lambda tx: plans.listed(tx, LISTED))
    run = visit.view(sync_runs.newest)
    waiting = visit.view(lambda tx: _waiting(tx, visit))
    return visit.page(
        "plans/plans.html",
        plans=found,
        shops=[shop for shop in settings.shop if shop.enabled],
        run=_run(visit, run),
        waiting=waiting,
        live=bool(waiting) or _is_open(run),
        names={shop.key: shop.name or shop.key for shop in settings.shop},
        runs=[
            (shop.name or shop.key, source.value)
            for shop in settings.shop
            if shop.enabled
            for source in System
            if _is_at_work(visit, shop, source)
        ],
    )


def _is_open(run: SyncRun | None) -> bool:
    return run is not None and run.ended_ms is None


def _is_at_work(visit: Visit, shop: ShopSettings, source: System) -> bool:
    """Whether the direction does by itself what a plan from this system would."""
    way = WAYS[source]
    paused = visit.view(lambda tx: directions.get(tx, ShopKey(shop.key), way)).paused
    return way in given(visit.admin.settings(), shop) and not paused


def _run(visit: Visit, run: SyncRun | None) -> dict[str, object] | None:
    """A synchronisation as it is shown."""
    if run is None:
        return None
    told = explained(run.fault, visit.language, {"shop": run.shop, "problem": run.detail}) if run.fault else None
    return {"it": run, "phase": phase_name(run.phase, visit.language), "fault": told}


def _waiting(tx: apsw.Connection, visit: Visit) -> list[Wish]:
    keys = [ShopKey(shop.key) for shop in visit.admin.settings().shop]
    return [wish for key in keys for wish in records.open_wishes(tx, key) if wish.kind in KINDS]


# -- one plan ---------------------------------------------------------------------------------------------------------


async def show_one(visit: Visit) -> Response:
    plan = _plan(visit)
    if plan is None:
        return visit.problem(404, "plans.unknown")
    run = visit.view(lambda tx: sync_runs.newest(tx, plan.number))
    waiting = visit.view(lambda tx: _waiting(tx, visit))
    under_way = _is_open(run)
    shop = next((each for each in visit.admin.settings().shop if each.key == plan.shop), None)
    way = WAYS[plan.source]
    # While rows move, counting all of them for every look would take the agent's time from the work.
    counts = None if under_way else visit.view(lambda tx: plans.counts(tx, plan.number))
    return visit.page(
        "plans/plan.html",
        plan=plan,
        path=f"/plans/{plan.number}",
        run=_run(visit, run),
        under_way=under_way,
        waiting=waiting,
        live=under_way or bool(waiting),
        actions=[] if counts is None else _actions(visit, plan, counts),
        refused=[] if counts is None else _refused(visit, plan, counts),
        states=[] if counts is None else _states(visit, plan, counts),
        left=0 if counts is None else counts.left,
        to_do=0 if counts is None else sum(counts.of(action) for action in WRITES),
        runs=shop is not None and _is_at_work(visit, shop, plan.source),
        paused=visit.view(lambda tx: directions.get(tx, ShopKey(plan.shop), way)).paused,
        way=way.value,
        may_apply=plan.state in (PlanState.PLANNED, PlanState.APPLYING, PlanState.APPLIED),
        may_undo=plan.state in (PlanState.APPLYING, PlanState.APPLIED, PlanState.UNDOING),
    )


def _plan(visit: Visit) -> Plan | None:
    found = visit.view(lambda tx: plans.get(tx, visit.number("number")))
    return None if found is None or found.settings == plans.CENSUS else found


def _actions(visit: Visit, plan: Plan, counts: Counts) -> list[tuple[str, str, int, str]]:
    """Of each kind: its name, what it is called, how many, and some of them."""

    def some(action: Action) -> str:
        rows = visit.view(lambda tx: plans.sample(tx, plan.number, action, None, SAMPLE))
        return ", ".join(row.number or row.name for row in rows)

    return [
        (action.value, text.in_(visit.language), counts.of(action), some(action) if counts.of(action) else "")
        for action, text in ACTIONS.items()
    ]


def _refused(visit: Visit, plan: Plan, counts: Counts) -> list[tuple[str, int, str, str]]:
    """Each reason for which articles cannot go over: its code, how many, in words, and some of them."""
    found = []
    for (action, code), count in sorted(counts.planned.items(), key=lambda each: -each[1]):
        if action is Action.REFUSE:
            rows = visit.view(partial(plans.sample, plan=plan.number, action=Action.REFUSE, code=code, limit=SAMPLE))
            told = why(code, rows[0].params if rows else {}, visit.language)
            found.append((code, count, told, ", ".join(row.number or row.name for row in rows)))
    return found


def _states(visit: Visit, plan: Plan, counts: Counts) -> list[tuple[str, int, list[tuple[str, str]]]]:
    """What has come of the rows, with some of those that did not go as planned."""
    if plan.state in (PlanState.READING, PlanState.PLANNED):
        return []
    found = []
    for state, text in STATES.items():
        count = counts.in_state(state)
        if not count:
            continue
        rows: list[PlanRow] = []
        if state in (RowState.SKIPPED, RowState.REFUSED, RowState.LEFT):
            rows = visit.view(partial(plans.ended, plan=plan.number, state=state, limit=SAMPLE))
        told = [(row.number, why(row.code, row.params, visit.language)) for row in rows]
        found.append((text.in_(visit.language), count, told))
    return found


async def show_rows(visit: Visit) -> Response:
    plan, wanted = _plan(visit), visit.query("action")
    if plan is None:
        return visit.problem(404, "plans.unknown")
    action = Action(wanted) if wanted in tuple(Action) else Action.MAKE
    after = visit.query("after")
    place = int(after) if after.isascii() and after.isdigit() and len(after) < 18 else 0
    rows = visit.view(lambda tx: plans.rows_of(tx, plan.number, action, place, SHOWN))
    return visit.page(
        "plans/rows.html",
        plan=plan,
        path=f"/plans/{plan.number}",
        action=action.value,
        actions=[(each.value, text.in_(visit.language)) for each, text in ACTIONS.items()],
        rows=[(row, STATES[row.state].in_(visit.language), _why(visit, row)) for row in rows],
        more=rows[-1].place if len(rows) == SHOWN else 0,
    )


def _why(visit: Visit, row: PlanRow) -> str:
    return why(row.code, row.params, visit.language) if row.code else ""


# -- files ------------------------------------------------------------------------------------------------------------


async def as_json(visit: Visit) -> Response:
    """The file that the command line applies, in the language of the settings: so it was weighed when it was made."""
    return _file(visit, plan_parts, "json", "application/json", Language(visit.admin.settings().language))


async def as_csv(visit: Visit) -> Response:
    return _file(visit, sheet_parts, "csv", "text/csv; charset=utf-8", visit.language)


def _file(visit: Visit, parts: Parts, ending: str, kind: str, language: Language) -> Response:
    plan = _plan(visit)
    if plan is None:
        return visit.problem(404, "plans.unknown")
    name = f'attachment; filename="{name_of(plan)}.{ending}"'
    headers = {"Content-Disposition": name}
    return StreamingResponse(parts(visit.admin.journal, plan, language), media_type=kind, headers=headers)


# -- acts -------------------------------------------------------------------------------------------------------------


async def make(visit: Visit) -> Response:
    """Has a plan made; pauses the direction first where that is asked for, so that there is something to read."""
    key, source = visit.form.get("shop"), visit.form.get("source")
    shop = next((each for each in visit.admin.settings().shop if each.key == key and each.enabled), None)
    if shop is None or source not in tuple(System):
        return visit.problem(404, "plans.unknown_shop")
    if problem := _busy(visit):
        return visit.problem(422, problem)
    if visit.form.get("pause") and _is_at_work(visit, shop, System(source)):
        await visit.wish("pause", key, args={"direction": WAYS[System(source)].value})
    await visit.wish("sync_plan", key, args={"source": source, "now": _now(visit)})
    return visit.back("/plans", "asked")


async def act(visit: Visit) -> Response:
    plan, what = _plan(visit), visit.path("what")
    if plan is None or what not in ("apply", "undo"):
        return visit.problem(404, "plans.unknown")
    shop = next((each for each in visit.admin.settings().shop if each.key == plan.shop and each.enabled), None)
    if shop is None:
        return visit.problem(422, "plans.unknown_shop")
    if problem := _busy(visit) or (
        "plans.pause_first" if what == "undo" and _is_at_work(visit, shop, plan.source) else ""
    ):
        return visit.problem(422, problem)
    args = {"plan": str(plan.number), "now": _now(visit)}
    await visit.wish(f"sync_{what}", plan.shop, args=args, subject=str(plan.number), before={"state": plan.state.value})
    return visit.back(f"/plans/{plan.number}", "asked")


async def stop(visit: Visit) -> Response:
    run = visit.view(sync_runs.open_run)
    if run is None:
        return visit.problem(422, "plans.nothing")
    await visit.wish("sync_stop", run.shop)
    return visit.back(f"/plans/{run.plan}" if run.plan else "/plans", "asked")


def _busy(visit: Visit) -> str:
    """One at a time."""
    asked = any(wish.kind != "sync_stop" for wish in visit.view(lambda tx: _waiting(tx, visit)))
    return "plans.busy" if asked or visit.view(sync_runs.open_run) is not None else ""


def _now(visit: Visit) -> str:
    return "1" if visit.form.get("now") else "0"


ROUTES = (
    get("/plans", show),
    get("/plans/{number:int}", show_one),
    get("/plans/{number:int}/rows", show_rows),
    get("/plans/{number:int}/plan.json", as_json),
    get("/plans/{number:int}/plan.csv", as_csv),
    post("/plans", make, Role.CONFIGURE),
    post("/plans/stop", stop),
    post("/plans/{number:int}/{what}", act, Role.CONFIGURE),
)
MENU = (MenuEntry(45, "/plans", "plans.title"),)
