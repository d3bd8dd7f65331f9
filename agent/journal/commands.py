"""What is to be done, kept until it is known to be done.

A command is marked unsure in the same transaction in which a writer takes it: whatever happens then, the next attempt
looks first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import apsw
import msgspec

from agent.model.ids import ShopKey, ShopOrderId

MAMUT = "mamut"


def shop_remote(shop: ShopKey) -> str:
    """The name of a shop's writer in the column `remote`."""
    return f"shop:{shop}"


class CommandRow(msgspec.Struct, frozen=True):
    """A command as it was before it was taken: `unsure` tells whether an earlier attempt may have succeeded."""

    key: str
    kind: str
    shop: ShopKey
    order_id: ShopOrderId
    body: bytes
    made_ms: int
    attempts: int
    unsure: int


_COLUMNS = ", ".join(CommandRow.__struct_fields__)


def put(
    tx: apsw.Connection,
    *,
    key: str,
    remote: str,
    kind: str,
    shop: ShopKey,
    order_id: ShopOrderId,
    body: bytes,
    now_ms: int,
) -> None:
    """Adds a command, or replaces the one with the same key: a key says what is to hold, not how often."""
    tx.execute(
        "INSERT INTO commands (key, remote, kind, shop, order_id, body, made_ms, due_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET body = excluded.body, due_ms = excluded.due_ms",
        (key, remote, kind, shop, order_id, body, now_ms, now_ms),
    )


def take(tx: apsw.Connection, remote: str, now_ms: int, limit: int, without: tuple[str, ...] = ()) -> list[CommandRow]:
    """The oldest commands that are due, marked unsure from here on. Shops in `without` are left alone."""
    places = ", ".join("?" * len(without))
    rows = [
        CommandRow(*row)
        for row in tx.execute(
            f"SELECT {_COLUMNS} FROM commands WHERE remote = ? AND due_ms <= ? AND shop NOT IN ({places})"  # noqa: S608 - constants and placeholders
            " ORDER BY due_ms, key LIMIT ?",
            (remote, now_ms, *without, limit),
        )
    ]
    tx.executemany("UPDATE commands SET unsure = 1 WHERE key = ?", [(row.key,) for row in rows if not row.unsure])
    return rows


def done(tx: apsw.Connection, key: str) -> None:
    tx.execute("DELETE FROM commands WHERE key = ?", (key,))


def delay(tx: apsw.Connection, key: str, due_ms: int, *, unsure: bool, attempt: bool = True) -> None:
    """Again at `due_ms`. `unsure` false says that nothing happened; `attempt` false, that it was not even tried."""
    tx.execute(
        "UPDATE commands SET due_ms = ?, unsure = ?, attempts = attempts + ? WHERE key = ?",
        (due_ms, int(unsure), int(attempt), key),
    )


def give_back(tx: apsw.Connection, rows: Iterable[CommandRow], now_ms: int) -> None:
    """Taken and not tried: due again, and as sure or unsure as they were."""
    tx.executemany(
        "UPDATE commands SET due_ms = ?, unsure = ? WHERE key = ?", [(now_ms, row.unsure, row.key) for row in rows]
    )


def postpone(tx: apsw.Connection, remote: str, due_ms: int) -> None:
    """Nothing for this remote before `due_ms`."""
    tx.execute("UPDATE commands SET due_ms = max(due_ms, ?) WHERE remote = ?", (due_ms, remote))


def drop_unsent(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, kind: str) -> bool:
    """Takes back what surely has not been sent; false when there is a command that may have been."""
    row = tx.execute(
        "SELECT key, unsure FROM commands WHERE shop = ? AND order_id = ? AND kind = ?", (shop, order_id, kind)
    ).fetchone()
    if row is None:
        return True
    if row[1]:
        return False
    done(tx, str(row[0]))
    return True


def is_under_way(tx: apsw.Connection, key: str) -> bool:
    """Whether it has been taken and nothing is known yet of what came of it."""
    return tx.execute("SELECT 1 FROM commands WHERE key = ? AND unsure = 1", (key,)).fetchone() is not None


class Sent(NamedTuple):
    """A command of an order: `unsure` says that it may have been done."""

    key: str
    unsure: bool


def of_orders(
    tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[ShopOrderId], kind: str
) -> dict[ShopOrderId, Sent]:
    """The commands of this kind that there are of these orders, by order."""
    rows = tx.execute(
        "SELECT order_id, key, unsure FROM commands WHERE shop = ? AND order_id IN (SELECT value FROM json_each(?))"
        " AND kind = ?",
        (shop, str([int(order_id) for order_id in order_ids]), kind),
    )
    return {ShopOrderId(int(order_id)): Sent(str(key), bool(unsure)) for order_id, key, unsure in rows}


def due_now(tx: apsw.Connection, remote: str, now_ms: int, most: int) -> tuple[int, int | None]:
    """How many commands are due, and when the oldest of them was made (milliseconds, ours). Not more than `most` are
    looked at, those that were due first: a backlog is long, and so are its rows."""
    count, oldest = tx.execute(
        "SELECT count(*), min(made_ms) FROM"
        " (SELECT made_ms FROM commands WHERE remote = ? AND due_ms <= ? ORDER BY due_ms LIMIT ?)",
        (remote, now_ms, most),
    ).fetchone() or (0, None)
    return int(count), oldest


def next_due(tx: apsw.Connection, remote: str, without: tuple[str, ...] = ()) -> int | None:
    """When the next command is due, due or overdue ones included, shops in `without` left out; None without any."""
    places = ", ".join("?" * len(without))
    row = tx.execute(
        f"SELECT due_ms FROM commands WHERE remote = ? AND shop NOT IN ({places}) ORDER BY due_ms LIMIT 1",  # noqa: S608 - placeholders only
        (remote, *without),
    ).fetchone()
    return None if row is None else row[0]


def is_any_waiting(tx: apsw.Connection, remote: str, shop: ShopKey) -> bool:
    """Whether a remote has anything left to do of one shop; to count it all would be to walk through a backlog."""
    row = tx.execute("SELECT 1 FROM commands WHERE remote = ? AND shop = ? LIMIT 1", (remote, shop)).fetchone()
    return row is not None


def waiting(tx: apsw.Connection, remote: str, shop: ShopKey | None = None) -> int:
    """How many commands a remote has still to do, of one shop or of all."""
    if shop is None:
        row = tx.execute("SELECT count(*) FROM commands WHERE remote = ?", (remote,)).fetchone()
    else:
        row = tx.execute("SELECT count(*) FROM commands WHERE remote = ? AND shop = ?", (remote, shop)).fetchone()
    return 0 if row is None else int(row[0])
