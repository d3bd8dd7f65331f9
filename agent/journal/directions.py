"""How each direction of a shop is: paused by a person or not, when it last ran, why it wrote or did not."""

from __future__ import annotations

from collections.abc import Mapping

import apsw
import msgspec

from agent.flows import DirectionName
from agent.model.ids import ShopKey


class DirectionRow(msgspec.Struct, frozen=True):
    """`last_ms` is None for one that never ran. `written` counts rows and `requests` requests, since the journal's
    beginning."""

    shop: ShopKey
    direction: str
    paused: int = 0
    paused_by: str = ""
    paused_ms: int | None = None
    last_ms: int | None = None
    code: str = ""
    params: str = "{}"
    written: int = 0
    requests: int = 0


_COLUMNS = ", ".join(DirectionRow.__struct_fields__)
_GET = f"SELECT {_COLUMNS} FROM directions WHERE shop = ? AND direction = ?"  # noqa: S608 - a constant list of columns
_CLOSED = (
    "SELECT 1 FROM shops WHERE shop = ?1 AND frozen_fault <> ''"
    " UNION ALL SELECT 1 FROM directions WHERE shop = ?1 AND direction = ?2 AND paused = 1 LIMIT 1"
)


def get(tx: apsw.Connection, shop: ShopKey, direction: DirectionName) -> DirectionRow:
    """The direction's row; one that was never heard of is not paused."""
    row = tx.execute(_GET, (shop, direction)).fetchone()
    return DirectionRow(shop, direction) if row is None else DirectionRow(*row)


def is_open(tx: apsw.Connection, shop: ShopKey, direction: DirectionName) -> bool:
    """Whether nobody has paused it and its shop is not frozen; asked before whatever is done."""
    return tx.execute(_CLOSED, (shop, direction)).fetchone() is None


def pause(tx: apsw.Connection, shop: ShopKey, direction: DirectionName, who: str, now_ms: int) -> None:
    """Nothing is read or written for this direction until somebody resumes it; what is to be done is kept."""
    _make(tx, shop, direction)
    tx.execute(
        "UPDATE directions SET paused = 1, paused_by = ?, paused_ms = ? WHERE shop = ? AND direction = ?",
        (who, now_ms, shop, direction),
    )


def resume(tx: apsw.Connection, shop: ShopKey, direction: DirectionName) -> None:
    tx.execute(
        "UPDATE directions SET paused = 0, paused_by = '', paused_ms = NULL WHERE shop = ? AND direction = ?",
        (shop, direction),
    )


def paused_shops(tx: apsw.Connection, direction: DirectionName) -> tuple[str, ...]:
    """The shops in which somebody has paused this direction."""
    rows = tx.execute("SELECT shop FROM directions WHERE direction = ? AND paused = 1 ORDER BY shop", (direction,))
    return tuple(str(key) for (key,) in rows)


def ran(
    tx: apsw.Connection,
    shop: ShopKey,
    direction: DirectionName,
    now_ms: int,
    code: str,
    params: Mapping[str, str] | None = None,
    *,
    written: int = 0,
    requests: int = 0,
) -> None:
    """Keeps that the direction has worked and what came of it."""
    _make(tx, shop, direction)
    tx.execute(
        "UPDATE directions SET last_ms = ?, code = ?, params = ?, written = written + ?, requests = requests + ?"
        " WHERE shop = ? AND direction = ?",
        (now_ms, code, msgspec.json.encode(params or {}).decode(), written, requests, shop, direction),
    )


def _make(tx: apsw.Connection, shop: ShopKey, direction: DirectionName) -> None:
    tx.execute(
        "INSERT INTO directions (shop, direction) VALUES (?, ?) ON CONFLICT (shop, direction) DO NOTHING",
        (shop, direction),
    )
