"""Prices that were stopped before they were written, until a person lets exactly these through.

A row for each article and kind (zero, jump, many) keeps what the shop has and what it was to get; the row of article 0
tells of a run in which too many prices changed. A price that has become another one since is guarded anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import apsw
import msgspec

from agent.flows import DirectionName
from agent.journal import tasks
from agent.model.ids import ShopKey
from agent.model.said import GoodsReason

RUN = 0
"""The article number of the row that tells of a whole run."""


class GuardKind(StrEnum):
    ZERO = "zero"
    JUMP = "jump"
    MANY = "many"


REASONS = {
    GuardKind.ZERO: GoodsReason.PRICE_ZERO,
    GuardKind.JUMP: GoodsReason.PRICE_JUMP,
    GuardKind.MANY: GoodsReason.PRICES_MANY,
}


class Stopped(msgspec.Struct, frozen=True):
    """One price that a guard stops."""

    pk: int
    kind: GuardKind
    old: str
    new: str


def stop(tx: apsw.Connection, shop: ShopKey, stopped: Iterable[Stopped], run: int, now_ms: int) -> None:
    """Keeps what was stopped; a release of another price does not count for it."""
    tx.executemany(
        "INSERT INTO guards (shop, pk, run, kind, old, new, at_ms) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (shop, pk, kind) DO UPDATE SET run = excluded.run, old = excluded.old, new = excluded.new,"
        " at_ms = excluded.at_ms, released_by = '', released_ms = NULL",
        [(shop, each.pk, run, each.kind.value, each.old, each.new, now_ms) for each in stopped],
    )


def released(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int]) -> dict[int, str]:
    """The prices that people have let through and that have not been written yet, by article."""
    found: dict[int, str] = {}
    for pk in pks:
        row = tx.execute(
            "SELECT new FROM guards WHERE shop = ? AND pk = ? AND released_ms IS NOT NULL ORDER BY released_ms DESC",
            (shop, pk),
        ).fetchone()
        if row is not None:
            found[pk] = str(row[0])
    return found


def stopped_run(tx: apsw.Connection, shop: ShopKey) -> int | None:
    """When a run was stopped that nobody has released yet (milliseconds, ours): whatever was asked for until then
    waits with it."""
    row = tx.execute(
        "SELECT at_ms FROM guards WHERE shop = ? AND pk = ? AND kind = ? AND released_ms IS NULL",
        (shop, RUN, GuardKind.MANY.value),
    ).fetchone()
    return None if row is None else int(row[0])


def clear_prices(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int]) -> None:
    """These prices are stopped for another reason, or with another value, than before."""
    tx.executemany("DELETE FROM guards WHERE shop = ? AND pk = ? AND pk <> ?", [(shop, pk, RUN) for pk in pks])


def clear(tx: apsw.Connection, shop: ShopKey, pks: Iterable[int]) -> None:
    """These prices are written, or are no longer wanted. A run ends when none of its prices is stopped or still to be
    looked at."""
    clear_prices(tx, shop, pks)
    tx.execute(
        "DELETE FROM guards WHERE shop = ? AND pk = ? AND NOT EXISTS"
        " (SELECT 1 FROM guards other WHERE other.shop = guards.shop AND other.pk <> ? AND other.kind = guards.kind)"
        " AND NOT EXISTS (SELECT 1 FROM tasks WHERE tasks.shop = guards.shop AND direction = ?"
        " AND due_ms IS NOT NULL AND made_ms <= guards.at_ms)",
        (shop, RUN, RUN, DirectionName.PRICES_TO_SHOP),
    )


def release(tx: apsw.Connection, shop: ShopKey, pk: int | None, who: str, now_ms: int) -> int:
    """Lets the stopped prices of an article through, or all of the shop, with exactly the values that were shown. Gives
    how many articles are looked at again; 0 when nothing was stopped."""
    where = "shop = ? AND released_ms IS NULL" + ("" if pk is None else " AND pk = ?")
    keys: tuple[object, ...] = (shop,) if pk is None else (shop, pk)
    tx.execute(f"UPDATE guards SET released_by = ?, released_ms = ? WHERE {where}", (who, now_ms, *keys))  # noqa: S608 - constants only
    pks = None if pk is None else [pk]
    return sum(
        tasks.release(tx, shop, DirectionName.PRICES_TO_SHOP, now_ms, pks=pks, code=reason)
        for reason in REASONS.values()
    )
