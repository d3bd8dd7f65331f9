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
from agent.model.order import Frozen
from agent.model.said import GoodsReason, Said

KEPT = 10_000
"""So many decisions are remembered."""

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


def release(
    tx: apsw.Connection, shop: ShopKey, pk: int | None, who: str, now_ms: int, seen_ms: int | None = None
) -> int:
    """Lets the stopped prices of an article through, or all of the shop, with exactly the values that were shown; what
    was stopped after `seen_ms` (ours), when somebody looked, stays. Gives how many articles are looked at again; 0 when
    nothing was stopped."""
    found = _decided(tx, shop, pk, who, now_ms, seen_ms, "released")
    tx.executemany(
        "UPDATE guards SET released_by = ?, released_ms = ? WHERE shop = ? AND pk = ? AND released_ms IS NULL",
        [(who, now_ms, shop, each) for each in found],
    )
    # With a whole run go all that wait with it, also those that have no row of their own yet.
    pks = None if RUN in found and pk is None else found
    return sum(
        tasks.release(tx, shop, DirectionName.PRICES_TO_SHOP, now_ms, pks=pks, code=reason)
        for reason in REASONS.values()
    )


def dismiss(
    tx: apsw.Connection, shop: ShopKey, pk: int | None, who: str, now_ms: int, seen_ms: int | None = None
) -> int:
    """Lets the shop keep the prices that it has: what was stopped is not written. A price that Mamut changes again is
    judged anew. Gives how many articles that is."""
    found = [each for each in _decided(tx, shop, pk, who, now_ms, seen_ms, "dismissed") if each != RUN]
    tasks.drop(tx, shop, DirectionName.PRICES_TO_SHOP, found)
    for each in found:
        tasks.say(tx, shop, DirectionName.PRICES_TO_SHOP, each, now_ms, Said.PRICE_DISMISSED, {"who": who})
    clear(tx, shop, found)
    return len(found)


def _decided(
    tx: apsw.Connection, shop: ShopKey, pk: int | None, who: str, now_ms: int, seen_ms: int | None, decision: str
) -> list[int]:
    """The articles that the decision is about, written down in the history."""
    where = (
        " FROM guards g LEFT JOIN articles a USING (pk) WHERE g.shop = ?1 AND g.released_ms IS NULL"
        " AND (?2 IS NULL OR g.pk = ?2) AND (?3 IS NULL OR g.at_ms <= ?3)"
    )
    rows = tx.execute(f"SELECT g.pk{where} ORDER BY g.pk", (shop, pk, seen_ms)).fetchall()
    tx.execute(
        "INSERT INTO guard_log (shop, pk, product_no, kind, old, new, stopped_ms, decided_ms, who, decision)"
        f" SELECT g.shop, g.pk, coalesce(a.product_no, ''), g.kind, g.old, g.new, g.at_ms, ?4, ?5, ?6{where}",
        (shop, pk, seen_ms, now_ms, who, decision),
    )
    tx.execute("DELETE FROM guard_log WHERE place <= (SELECT max(place) FROM guard_log) - ?", (KEPT,))
    return list(dict.fromkeys(int(str(found)) for (found,) in rows))


class Decided(Frozen, frozen=True):
    """What somebody has decided about a stopped price, `decision` released or dismissed. Times are ours."""

    place: int
    shop: str
    pk: int
    product_no: str
    kind: str
    old: str
    new: str
    stopped_ms: int
    decided_ms: int
    who: str
    decision: str


_DECIDED = ", ".join(Decided.__struct_fields__)


def decided(tx: apsw.Connection, limit: int, before: int = 1 << 62) -> list[Decided]:
    """The newest first, from before a place on."""
    rows = tx.execute(
        f"SELECT {_DECIDED} FROM guard_log WHERE place < ? ORDER BY place DESC LIMIT ?",  # noqa: S608 - constants only
        (before, limit),
    )
    return [Decided(**dict(zip(Decided.__struct_fields__, row, strict=True))) for row in rows]


def decided_of(tx: apsw.Connection, pk: int) -> list[Decided]:
    """The last decisions about one article, the newest first."""
    rows = tx.execute(
        f"SELECT {_DECIDED} FROM guard_log WHERE pk = ? ORDER BY place DESC LIMIT 20",  # noqa: S608 - constants only
        (pk,),
    )
    return [Decided(**dict(zip(Decided.__struct_fields__, row, strict=True))) for row in rows]


def stands(tx: apsw.Connection, shop: ShopKey, pk: int | None, seen_ms: int) -> list[Stopped]:
    """What waits for a decision of this article, or of the shop (1,000 at most), and had been stopped by then."""
    rows = tx.execute(
        "SELECT pk, kind, old, new FROM guards WHERE shop = ? AND (? IS NULL OR pk = ?) AND released_ms IS NULL"
        " AND at_ms <= ? LIMIT 1000",
        (shop, pk, pk, seen_ms),
    )
    return [Stopped(int(found), GuardKind(kind), old, new) for found, kind, old, new in rows]


def standing(tx: apsw.Connection) -> dict[str, int]:
    """How many prices of each shop wait for a decision."""
    rows = tx.execute("SELECT shop, count(*) FROM guards WHERE released_ms IS NULL AND pk <> 0 GROUP BY shop")
    return {str(shop): int(count) for shop, count in rows}
