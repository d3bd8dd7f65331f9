"""What is to be looked at: an article, for one direction of one shop.

A task says nothing of what is to be written; that is decided from the newest state when the task is done. So it may be
put and done any number of times. One that is put while it is being done stays: its stamp has moved meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw
import msgspec

from agent.flows import DirectionName
from agent.model.ids import ShopKey

PK_STEP = 500
"""So many values are named in one statement."""


class Task(msgspec.Struct, frozen=True):
    """A task as it was read. `due_ms` None means that it is held, `code` and `params` tell why. `unsure` means that an
    earlier attempt may have made a product. `run` is the pass of the register that gave it, 0 for none."""

    shop: ShopKey
    direction: str
    pk: int
    made_ms: int
    stamp: int
    due_ms: int | None
    attempts: int
    unsure: int
    run: int
    code: str
    params: str


class Counts(msgspec.Struct, frozen=True):
    """`due` can be done now, `waiting` later, `held` when a person or a change says so. `unsure` are among them."""

    due: int = 0
    waiting: int = 0
    held: int = 0
    unsure: int = 0


class SaidRow(msgspec.Struct, frozen=True):
    """What a direction last did with an article, and why."""

    shop: ShopKey
    direction: str
    pk: int
    at_ms: int
    code: str
    params: str


_COLUMNS = ", ".join(Task.__struct_fields__)
_SAID = ", ".join(SaidRow.__struct_fields__)


def put(
    tx: apsw.Connection,
    shop: ShopKey,
    direction: DirectionName,
    pks: Iterable[int],
    now_ms: int,
    *,
    run: int = 0,
) -> None:
    """Asks for these articles to be looked at. One that waits or is held is due from now on; one that is unsure keeps
    the time it waits for, since what was sent may still be on its way."""
    tx.executemany(
        "INSERT INTO tasks (shop, direction, pk, made_ms, due_ms, run) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (shop, direction, pk) DO UPDATE SET stamp = stamp + 1, run = excluded.run,"
        " made_ms = CASE WHEN due_ms IS NULL THEN excluded.made_ms ELSE made_ms END,"
        " attempts = CASE WHEN due_ms IS NULL THEN 0 ELSE attempts END,"
        " due_ms = CASE WHEN unsure = 1 THEN max(coalesce(due_ms, 0), excluded.due_ms)"
        " ELSE min(coalesce(due_ms, excluded.due_ms), excluded.due_ms) END,"
        " code = '', params = '{}'",
        [(shop, direction, pk, now_ms, now_ms, run) for pk in pks],
    )


def due(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, now_ms: int, limit: int) -> list[Task]:
    """The tasks that have been due the longest."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM tasks WHERE shop = ? AND direction = ? AND due_ms <= ? ORDER BY due_ms, pk LIMIT ?",  # noqa: S608 - constants only
        (shop, direction, now_ms, limit),
    )
    return [Task(*row) for row in rows]


def due_after(
    tx: apsw.Connection, shop: ShopKey, direction: DirectionName, now_ms: int, pk: int, limit: int
) -> list[Task]:
    """The next due tasks by article, so that all can be walked through in little memory."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM tasks WHERE shop = ? AND direction = ? AND pk > ? AND due_ms <= ?"  # noqa: S608 - constants only
        " ORDER BY pk LIMIT ?",
        (shop, direction, pk, now_ms, limit),
    )
    return [Task(*row) for row in rows]


def of(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, pks: Iterable[int]) -> list[Task]:
    """The tasks that these articles have, due or not."""
    found: list[Task] = []
    wanted = list(pks)
    for start in range(0, len(wanted), PK_STEP):
        part = wanted[start : start + PK_STEP]
        places = ", ".join("?" * len(part))
        rows = tx.execute(
            f"SELECT {_COLUMNS} FROM tasks WHERE shop = ? AND direction = ? AND pk IN ({places})",  # noqa: S608 - placeholders only
            (shop, direction, *part),
        )
        found.extend(Task(*row) for row in rows)
    return found


def next_due(tx: apsw.Connection, shop: ShopKey, direction: DirectionName) -> int | None:
    """When the next task is due, an overdue one included; None when nothing is."""
    row = tx.execute(
        "SELECT min(due_ms) FROM tasks WHERE shop = ? AND direction = ? AND due_ms IS NOT NULL", (shop, direction)
    ).fetchone()
    return None if row is None else row[0]


def mark_unsure(tx: apsw.Connection, taken: Iterable[Task], due_ms: int) -> None:
    """Before what may double is sent: whatever happens then, the next attempt, not before `due_ms`, looks first."""
    tx.executemany(
        "UPDATE tasks SET unsure = 1, due_ms = ? WHERE shop = ? AND direction = ? AND pk = ?",
        [(due_ms, task.shop, task.direction, task.pk) for task in taken],
    )


def done(tx: apsw.Connection, taken: Iterable[Task], now_ms: int) -> None:
    """These have been looked at. What has been put anew since they were read is due at once, and sure again."""
    keys = [(task.shop, task.direction, task.pk, task.stamp) for task in taken]
    tx.executemany("DELETE FROM tasks WHERE shop = ? AND direction = ? AND pk = ? AND stamp = ?", keys)
    tx.executemany(
        "UPDATE tasks SET made_ms = ?, due_ms = ?, attempts = 0, unsure = 0, code = '', params = '{}'"
        " WHERE shop = ? AND direction = ? AND pk = ? AND stamp <> ?",
        [(now_ms, now_ms, *key) for key in keys],
    )


def delay(
    tx: apsw.Connection,
    task: Task,
    due_ms: int,
    *,
    unsure: bool,
    code: str = "",
    params: Mapping[str, str] | None = None,
    attempt: bool = True,
) -> None:
    """Again at `due_ms`. `unsure` false says that nothing was made; `attempt` false, that it was not even tried."""
    tx.execute(
        "UPDATE tasks SET due_ms = ?, unsure = ?, attempts = attempts + ?, code = ?, params = ?"
        " WHERE shop = ? AND direction = ? AND pk = ?",
        (due_ms, int(unsure), int(attempt), code, _json(params), task.shop, task.direction, task.pk),
    )


def hold(tx: apsw.Connection, task: Task, now_ms: int, code: str, params: Mapping[str, str] | None = None) -> None:
    """Until a person or a change says otherwise. A change that came since the task was read has said so already."""
    tx.execute(
        "UPDATE tasks SET due_ms = CASE WHEN stamp = ? THEN NULL ELSE ? END, unsure = 0, attempts = 0,"
        " code = CASE WHEN stamp = ? THEN ? ELSE '' END, params = CASE WHEN stamp = ? THEN ? ELSE '{}' END"
        " WHERE shop = ? AND direction = ? AND pk = ?",
        (
            task.stamp,
            now_ms,
            task.stamp,
            code,
            task.stamp,
            _json(params),
            task.shop,
            task.direction,
            task.pk,
        ),
    )


def release(
    tx: apsw.Connection,
    shop: ShopKey,
    direction: DirectionName,
    now_ms: int,
    *,
    pks: Iterable[int] | None = None,
    code: str = "",
) -> int:
    """Makes held tasks due: these, or all; only those with this code, where one is given. Gives how many."""
    sql = (
        "UPDATE tasks SET made_ms = ?, due_ms = ?, attempts = 0, stamp = stamp + 1, code = '', params = '{}'"
        " WHERE shop = ? AND direction = ? AND due_ms IS NULL AND (? = '' OR code = ?)"
    )
    common = (now_ms, now_ms, shop, direction, code, code)
    before = tx.total_changes()
    if pks is None:
        tx.execute(sql, common)
    else:
        tx.executemany(sql + " AND pk = ?", [(*common, pk) for pk in pks])
    return tx.total_changes() - before


def count(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, now_ms: int) -> Counts:
    row = tx.execute(
        "SELECT count(*) FILTER (WHERE due_ms <= ?), count(*) FILTER (WHERE due_ms > ?),"
        " count(*) FILTER (WHERE due_ms IS NULL), count(*) FILTER (WHERE unsure = 1)"
        " FROM tasks WHERE shop = ? AND direction = ?",
        (now_ms, now_ms, shop, direction),
    ).fetchone()
    return Counts(*map(int, row)) if row else Counts()


def has_unsure(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, attempts: int) -> bool:
    """Whether something that was sent, and has not failed more than so often, is still to be looked for."""
    row = tx.execute(
        "SELECT 1 FROM tasks WHERE shop = ? AND direction = ? AND due_ms IS NOT NULL AND unsure = 1 AND attempts <= ?",
        (shop, direction, attempts),
    ).fetchone()
    return row is not None


def has_soon(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, made_ms: int, due_ms: int) -> bool:
    """Whether something that was put by `made_ms` is due by `due_ms` (milliseconds, ours)."""
    row = tx.execute(
        "SELECT 1 FROM tasks WHERE shop = ? AND direction = ? AND made_ms <= ? AND due_ms <= ?",
        (shop, direction, made_ms, due_ms),
    ).fetchone()
    return row is not None


def oldest(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, now_ms: int) -> int | None:
    """When the oldest task that is due was put (milliseconds, ours); None when none is due."""
    row = tx.execute(
        "SELECT min(made_ms) FROM tasks WHERE shop = ? AND direction = ? AND due_ms <= ?", (shop, direction, now_ms)
    ).fetchone()
    return None if row is None else row[0]


def held(
    tx: apsw.Connection, shop: ShopKey, direction: DirectionName | None = None, *, limit: int = 1000
) -> list[Task]:
    """Tasks that wait for a person or a change, by article."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM tasks WHERE code <> '' AND shop = ? AND due_ms IS NULL"  # noqa: S608 - constants only
        " AND (? IS NULL OR direction = ?) ORDER BY pk, direction LIMIT ?",
        (shop, direction, direction, limit),
    )
    return [Task(*row) for row in rows]


def drop(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, pks: Iterable[int]) -> None:
    """Takes tasks away however they stand: there is nothing left to look at."""
    tx.executemany(
        "DELETE FROM tasks WHERE shop = ? AND direction = ? AND pk = ?", [(shop, direction, pk) for pk in pks]
    )


def say(
    tx: apsw.Connection,
    shop: ShopKey,
    direction: DirectionName,
    pk: int,
    now_ms: int,
    code: str,
    params: Mapping[str, str] | None = None,
) -> None:
    """Keeps what a direction did with an article, and why. `params` fill the text of the code."""
    tx.execute(
        f"INSERT OR REPLACE INTO said ({_SAID}) VALUES (?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants only
        (shop, direction, pk, now_ms, code, _json(params)),
    )


def said(tx: apsw.Connection, shop: ShopKey, pk: int) -> list[SaidRow]:
    """What each direction of a shop last did with an article."""
    rows = tx.execute(f"SELECT {_SAID} FROM said WHERE shop = ? AND pk = ? ORDER BY direction", (shop, pk))  # noqa: S608 - constants only
    return [SaidRow(*row) for row in rows]


def _json(params: Mapping[str, str] | None) -> str:
    return msgspec.json.encode(params, order="sorted").decode() if params else "{}"
