"""Plans of a first synchronisation and how far each row of them has come: the tables `plans` and `plan_rows`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import apsw
import msgspec

from agent.journal.register import places, portions
from agent.model.ids import ShopKey
from agent.model.owners import System
from agent.model.plan import WRITES, Action, Plan, PlanRow, PlanState, RowState

_PLAN = "number, shop, source, made_ms, settings, digest, state"
_ROW = "body, state, code, params, made_id, made_parent, made_mark"
_TO_DO = "state = '' AND action IN ('make', 'link', 'change')"

_row = msgspec.msgpack.Decoder(PlanRow)
_params = msgspec.json.Decoder(dict[str, str])


class Counts(msgspec.Struct, frozen=True):
    """Rows by action and code as they were planned, and by action and state as they are now."""

    planned: dict[tuple[Action, str], int]
    now: dict[tuple[Action, RowState], int]

    def of(self, action: Action) -> int:
        return sum(count for (each, _), count in self.planned.items() if each is action)

    def in_state(self, state: RowState) -> int:
        return sum(count for (action, each), count in self.now.items() if each is state and action in WRITES)

    @property
    def left(self) -> int:
        """Rows that are still to be done."""
        return self.in_state(RowState.OPEN)


# -- plans ------------------------------------------------------------------------------------------------------------


CENSUS = "census"
"""What stands for the settings of a census, which is no plan and is forgotten when it has counted."""


def begin(tx: apsw.Connection, shop: ShopKey, source: System, settings: str, now_ms: int) -> int:
    """A new plan. Those of the same shop and source that were never applied make room for it. A CENSUS leaves them
    alone, and takes the place of another one that was cut short."""
    old = tx.execute(
        "SELECT number FROM plans WHERE shop = ? AND source = ? AND state IN (?, ?) AND (settings = ? OR ?)",
        (shop, source.value, PlanState.READING, PlanState.PLANNED, CENSUS, settings != CENSUS),
    ).fetchall()
    for (number,) in old:
        forget(tx, int(str(number)))
    (newest,) = tx.execute("SELECT coalesce(max(number), 0) FROM plans").fetchone() or (0,)
    number = int(newest) + 1
    tx.execute(
        f"INSERT INTO plans ({_PLAN}) VALUES (?, ?, ?, ?, ?, '', ?)",  # noqa: S608 - constants only
        (number, shop, source.value, now_ms, settings, PlanState.READING),
    )
    return number


def get(tx: apsw.Connection, number: int) -> Plan | None:
    row = tx.execute(f"SELECT {_PLAN} FROM plans WHERE number = ?", (number,)).fetchone()  # noqa: S608 - constants only
    return None if row is None else _plan(row)


def listed(tx: apsw.Connection, limit: int) -> list[Plan]:
    """The newest first, without a census."""
    rows = tx.execute(
        f"SELECT {_PLAN} FROM plans WHERE settings <> ? ORDER BY number DESC LIMIT ?",  # noqa: S608 - constants only
        (CENSUS, limit),
    )
    return [_plan(row) for row in rows]


def rows_of(tx: apsw.Connection, plan: int, action: Action, after: int, limit: int) -> list[PlanRow]:
    """The next rows that were planned so, in their order."""
    rows = tx.execute(
        f"SELECT {_ROW} FROM plan_rows INDEXED BY plan_rows_by_action"  # noqa: S608 - constants only
        " WHERE plan = ? AND action = ? AND place > ? ORDER BY place LIMIT ?",
        (plan, action.value, after, limit),
    )
    return [_as_it_is(row) for row in rows]


def _plan(row: tuple[object, ...]) -> Plan:
    number, shop, source, made_ms, settings, digest, state = row
    return Plan(
        number=int(str(number)),
        shop=str(shop),
        source=System(str(source)),
        made_ms=int(str(made_ms)),
        settings=str(settings),
        digest=str(digest),
        state=PlanState(str(state)),
    )


def forget(tx: apsw.Connection, number: int) -> None:
    """The plan with all its rows, and what was read for it."""
    for table, column in (("plan_rows", "plan"), ("plan_items", "plan"), ("plans", "number")):
        tx.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))  # noqa: S608 - constants only


def set_state(tx: apsw.Connection, number: int, state: PlanState) -> None:
    tx.execute("UPDATE plans SET state = ? WHERE number = ?", (state, number))


def set_digest(tx: apsw.Connection, number: int, digest: str) -> None:
    tx.execute("UPDATE plans SET digest = ? WHERE number = ?", (digest, number))


# -- what was read ----------------------------------------------------------------------------------------------------


def keep_items(tx: apsw.Connection, plan: int, items: Iterable[tuple[int, int, str, bytes]]) -> None:
    """Each with its key, its parent's, its folded number and what it is."""
    tx.executemany(
        "INSERT OR REPLACE INTO plan_items (plan, key, parent, number, body) VALUES (?, ?, ?, ?, ?)",
        ((plan, *item) for item in items),
    )


def items_with(tx: apsw.Connection, plan: int, numbers: Iterable[str]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for part in portions(numbers):
        rows = tx.execute(
            # Named here and below, because the planner would rather walk through the whole plan.
            "SELECT number, body FROM plan_items INDEXED BY plan_items_by_number"  # noqa: S608 - placeholders only
            f" WHERE plan = ? AND number IN ({places(part)}) ORDER BY key",
            (plan, *part),
        )
        for number, body in rows:
            found.setdefault(str(number), []).append(bytes(body))
    return found


def item_bodies(tx: apsw.Connection, plan: int, keys: Iterable[int]) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    for part in portions(keys):
        rows = tx.execute(
            f"SELECT key, body FROM plan_items WHERE plan = ? AND key IN ({places(part)})",  # noqa: S608 - placeholders only
            (plan, *part),
        )
        found.update((int(str(key)), bytes(body)) for key, body in rows)
    return found


def items_after(tx: apsw.Connection, plan: int, key: int, limit: int) -> list[tuple[int, bytes]]:
    rows = tx.execute(
        "SELECT key, body FROM plan_items WHERE plan = ? AND key > ? ORDER BY key LIMIT ?", (plan, key, limit)
    )
    return [(int(each), bytes(body)) for each, body in rows]


def drop_items(tx: apsw.Connection, plan: int) -> None:
    tx.execute("DELETE FROM plan_items WHERE plan = ?", (plan,))


# -- rows -------------------------------------------------------------------------------------------------------------


def put(tx: apsw.Connection, plan: int, rows: Sequence[PlanRow]) -> None:
    tx.executemany(
        "INSERT OR REPLACE INTO plan_rows (plan, place, key, family, number, kind, action, body, code)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                plan,
                row.place,
                row.key,
                row.family,
                row.number,
                row.kind.value,
                row.action.value,
                msgspec.msgpack.encode(row),
                row.code,
            )
            for row in rows
        ],
    )


def rows_after(tx: apsw.Connection, plan: int, place: int, limit: int) -> list[PlanRow]:
    """The next rows in their order, so that all can be walked through in little memory."""
    rows = tx.execute(
        f"SELECT {_ROW} FROM plan_rows WHERE plan = ? AND place > ? ORDER BY place LIMIT ?",  # noqa: S608 - constants only
        (plan, place, limit),
    )
    return [_as_it_is(row) for row in rows]


def to_do(tx: apsw.Connection, plan: int, after: int, limit: int) -> list[PlanRow]:
    """The next rows that are to be done, with all that belongs together with the last of them."""
    sql = f"SELECT {_ROW} FROM plan_rows WHERE plan = ? AND place > ? AND {_TO_DO}"  # noqa: S608 - constants only
    found = [_as_it_is(row) for row in tx.execute(f"{sql} ORDER BY place LIMIT ?", (plan, after, limit))]
    while len(found) >= limit:
        more = [_as_it_is(row) for row in tx.execute(f"{sql} ORDER BY place LIMIT 100", (plan, found[-1].place))]
        kin = [row for row in more if row.family == found[-1].family]
        found += kin
        if len(kin) < 100:
            break
    return found


def made(tx: apsw.Connection, plan: int, after: int, limit: int) -> list[PlanRow]:
    """What the plan has made and not taken back, in the order in which it is taken back: variants first."""
    rows = tx.execute(
        f"SELECT {_ROW} FROM plan_rows WHERE plan = ? AND place < ? AND made_id <> 0 AND state = 'done'"  # noqa: S608 - constants only
        " ORDER BY place DESC LIMIT ?",
        (plan, after, limit),
    )
    return [_as_it_is(row) for row in rows]


def taken_back(tx: apsw.Connection, shop: ShopKey, keys: Iterable[int]) -> dict[int, int]:
    """The articles that a plan has made of these products, and that became inactive when it was taken back."""
    found: dict[int, int] = {}
    for part in portions(keys):
        rows = tx.execute(
            # Else all that the plan has made is walked through, for each group of it.
            "SELECT r.key, r.made_id FROM plans p"  # noqa: S608 - placeholders only
            " CROSS JOIN plan_rows r INDEXED BY plan_rows_by_key ON r.plan = p.number"
            f" WHERE p.shop = ? AND p.source = ? AND r.key IN ({places(part)}) AND r.state = ? AND r.made_id > 0"
            " ORDER BY p.number",
            (shop, System.SHOP.value, *part, RowState.UNDONE.value),
        )
        found.update((int(key), int(made_id)) for key, made_id in rows)
    return found


def made_below(tx: apsw.Connection, plan: int, parent: int) -> list[PlanRow]:
    """The variations of a product that the plan has made."""
    rows = tx.execute(
        f"SELECT {_ROW} FROM plan_rows INDEXED BY plan_rows_made_below"  # noqa: S608 - constants only
        " WHERE plan = ? AND made_parent = ? AND made_parent > 0",
        (plan, parent),
    )
    return [_as_it_is(row) for row in rows]


def by_keys(tx: apsw.Connection, plan: int, keys: Iterable[int]) -> dict[int, PlanRow]:
    found: dict[int, PlanRow] = {}
    for part in portions(keys):
        rows = tx.execute(
            f"SELECT {_ROW} FROM plan_rows INDEXED BY plan_rows_by_key WHERE plan = ? AND key IN ({places(part)})",  # noqa: S608 - placeholders only
            (plan, *part),
        )
        for row in rows:
            each = _as_it_is(row)
            found[each.key] = each
    return found


def sample(tx: apsw.Connection, plan: int, action: Action, code: str | None, limit: int) -> list[PlanRow]:
    """Some rows that were planned so, for whatever reason where none is given."""
    rows = tx.execute(
        f"SELECT {_ROW} FROM plan_rows WHERE plan = ? AND action = ? ORDER BY place LIMIT ?",  # noqa: S608 - constants only
        (plan, action.value, 2_000),
    )
    found: list[PlanRow] = []
    for row in rows:
        planned = _row.decode(row[0])
        if code in (None, planned.code):
            found.append(_as_it_is(row))
        if len(found) == limit:
            break
    return found


def ended(tx: apsw.Connection, plan: int, state: RowState, limit: int) -> list[PlanRow]:
    """Some rows that came to this."""
    rows = tx.execute(
        f"SELECT {_ROW} FROM plan_rows WHERE plan = ? AND state = ? AND action IN ('make', 'link', 'change')"  # noqa: S608 - constants only
        " ORDER BY place LIMIT ?",
        (plan, state.value, limit),
    )
    return [_as_it_is(row) for row in rows]


def settle(
    tx: apsw.Connection, plan: int, row: PlanRow, state: RowState, code: str, params: Mapping[str, str] | None = None
) -> None:
    """What came of a row."""
    told = msgspec.json.encode(params or {}, order="sorted").decode()
    tx.execute(
        "UPDATE plan_rows SET state = ?, code = ?, params = ? WHERE plan = ? AND place = ?",
        (state.value, code, told, plan, row.place),
    )


def was_made(tx: apsw.Connection, plan: int, row: PlanRow, made_id: int, parent: int, mark: bytes, code: str) -> None:
    """The row has been made, and looked so."""
    tx.execute(
        "UPDATE plan_rows SET state = 'done', code = ?, params = '{}', made_id = ?, made_parent = ?, made_mark = ?"
        " WHERE plan = ? AND place = ?",
        (code, made_id, parent, mark, plan, row.place),
    )


def counts(tx: apsw.Connection, plan: int) -> Counts:
    planned: dict[tuple[Action, str], int] = {}
    now: dict[tuple[Action, RowState], int] = {}
    for row in tx.execute(
        "SELECT action, state, code, body FROM plan_rows WHERE plan = ? AND action = 'refuse'", (plan,)
    ):
        code = _row.decode(row[3]).code
        key = (Action.REFUSE, code)
        planned[key] = planned.get(key, 0) + 1
    for action, count in tx.execute(
        "SELECT action, count(*) FROM plan_rows WHERE plan = ? AND action <> 'refuse' GROUP BY action", (plan,)
    ):
        planned[(Action(str(action)), "")] = int(str(count))
    rows = tx.execute("SELECT action, state, count(*) FROM plan_rows WHERE plan = ? GROUP BY action, state", (plan,))
    for action, state, count in rows:
        now[(Action(str(action)), RowState(str(state)))] = int(str(count))
    return Counts(planned, now)


def writes(tx: apsw.Connection, plan: int) -> int:
    """Rows that write something, done or not."""
    row = tx.execute(
        "SELECT count(*) FROM plan_rows WHERE plan = ? AND action IN ('make', 'link', 'change')", (plan,)
    ).fetchone()
    return 0 if row is None else int(str(row[0]))


def left(tx: apsw.Connection, plan: int) -> int:
    """Rows that are still to be done: as `counts` has it, for a look that costs what is left and not what there is."""
    row = tx.execute(f"SELECT count(*) FROM plan_rows WHERE plan = ? AND {_TO_DO}", (plan,)).fetchone()  # noqa: S608 - a constant
    return 0 if row is None else int(str(row[0]))


def walk(tx: apsw.Connection, plan: int, part: int = 500) -> Iterator[PlanRow]:
    """All rows in their order."""
    place = 0
    while rows := rows_after(tx, plan, place, part):
        yield from rows
        place = rows[-1].place


def _as_it_is(row: tuple[Any, ...]) -> PlanRow:
    body, state, code, params, made_id, made_parent, made_mark = row
    planned = _row.decode(body)
    return msgspec.structs.replace(
        planned,
        state=RowState(str(state)),
        code=str(code),
        params=_params.decode(str(params)) if state else planned.params,
        made_id=int(str(made_id)),
        made_parent=int(str(made_parent)),
        made_mark=bytes(made_mark),
    )
