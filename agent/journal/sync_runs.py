"""First synchronisations that people have asked the agent for: one at a time, how far it has come, what came of it."""

from __future__ import annotations

from enum import StrEnum

import apsw

from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.owners import System


class What(StrEnum):
    PLAN = "plan"
    APPLY = "apply"
    UNDO = "undo"


class Ended(StrEnum):
    """INTERRUPTED is what the agent's own end, or a change of its settings, has done."""

    DONE = "done"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


class SyncRun(Frozen, frozen=True):
    """`plan` is 0 until one has been made. `total` is 0 while nobody knows. `fault` and `detail` say why it failed, or
    what could not be read. Times are ours."""

    number: int
    shop: str
    what: str
    source: str
    plan: int
    now: bool
    who: str
    asked_ms: int
    began_ms: int | None
    ended_ms: int | None
    phase: str
    done: int
    total: int
    stopped_by: str
    result: str
    fault: str
    detail: str


_COLUMNS = ", ".join(SyncRun.__struct_fields__)


def ask(
    tx: apsw.Connection, shop: ShopKey, what: What, source: System, plan: int, who: str, now_ms: int, *, now: bool
) -> None:
    tx.execute(
        "INSERT INTO sync_runs (shop, what, source, plan, now, who, asked_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (shop, what.value, source.value, plan, int(now), who, now_ms),
    )


def open_run(tx: apsw.Connection) -> SyncRun | None:
    """The one that is to be done, or is being done."""
    return _one(tx, "WHERE ended_ms IS NULL ORDER BY number LIMIT 1", ())


def newest(tx: apsw.Connection, plan: int | None = None) -> SyncRun | None:
    """The last that was asked for, of all or about this plan."""
    if plan is None:
        return _one(tx, "ORDER BY number DESC LIMIT 1", ())
    return _one(tx, "WHERE plan = ? ORDER BY number DESC LIMIT 1", (plan,))


def begin(tx: apsw.Connection, number: int, now_ms: int) -> None:
    tx.execute("UPDATE sync_runs SET began_ms = ? WHERE number = ?", (now_ms, number))


def progress(tx: apsw.Connection, number: int, phase: str, done: int, total: int) -> None:
    tx.execute("UPDATE sync_runs SET phase = ?, done = ?, total = ? WHERE number = ?", (phase, done, total, number))


def made_plan(tx: apsw.Connection, number: int, plan: int) -> None:
    tx.execute("UPDATE sync_runs SET plan = ? WHERE number = ?", (plan, number))


def stop(tx: apsw.Connection, who: str) -> bool:
    """Whether there was anything to stop."""
    tx.execute("UPDATE sync_runs SET stopped_by = ? WHERE ended_ms IS NULL AND stopped_by = ''", (who,))
    return bool(tx.changes())


def end(tx: apsw.Connection, number: int, now_ms: int, result: Ended, fault: str = "", detail: str = "") -> None:
    tx.execute(
        "UPDATE sync_runs SET ended_ms = ?, result = ?, fault = ?, detail = ? WHERE number = ?",
        (now_ms, result.value, fault, detail, number),
    )


def recover(tx: apsw.Connection, now_ms: int) -> None:
    """What was under way when the agent ended waits for a person's word to go on."""
    tx.execute(
        "UPDATE sync_runs SET ended_ms = ?, result = ? WHERE ended_ms IS NULL AND began_ms IS NOT NULL",
        (now_ms, Ended.INTERRUPTED.value),
    )


def _one(tx: apsw.Connection, where: str, values: tuple[object, ...]) -> SyncRun | None:
    row = tx.execute(f"SELECT {_COLUMNS} FROM sync_runs {where}", values).fetchone()  # noqa: S608 - constants only
    if row is None:
        return None
    told = dict(zip(SyncRun.__struct_fields__, row, strict=True))
    return SyncRun(**{**told, "now": bool(told["now"])})
