"""The small tables: an order's story, proofs, usage, wishes, health, shops."""

from __future__ import annotations

import apsw
import msgspec

from agent.model.ids import ShopKey, ShopOrderId
from agent.model.proof import MoneyProof
from agent.model.reasons import Fault

# -- an order's story -----------------------------------------------------------------------------------------------


def tell(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, at_ms: int, kind: str, /, **data: object) -> None:
    """Adds to an order's story. `data` holds no personal data: stories outlive the erasing of a person. It may have any
    names, "kind" too: the parameters of reasons are among them."""
    tx.execute(
        "INSERT INTO events (shop, order_id, at_ms, kind, data) VALUES (?, ?, ?, ?, ?)",
        (shop, order_id, at_ms, kind, msgspec.json.encode(data).decode() if data else "{}"),
    )


def keep_proof(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, proof: MoneyProof) -> None:
    tx.execute(
        "INSERT INTO proofs (shop, order_id, body) VALUES (?, ?, ?)"
        " ON CONFLICT (shop, order_id) DO UPDATE SET body = excluded.body",
        (shop, order_id, msgspec.msgpack.encode(proof)),
    )


def proof_of(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> MoneyProof | None:
    row = tx.execute("SELECT body FROM proofs WHERE shop = ? AND order_id = ?", (shop, order_id)).fetchone()
    return None if row is None else msgspec.msgpack.decode(row[0], type=MoneyProof)


# -- usage of the package -------------------------------------------------------------------------------------------


def used(tx: apsw.Connection, month: str) -> int:
    """Orders counted in a month so far."""
    row = tx.execute("SELECT orders FROM usage WHERE month = ?", (month,)).fetchone()
    return 0 if row is None else int(row[0])


def count_order(tx: apsw.Connection, month: str) -> None:
    tx.execute(
        "INSERT INTO usage (month, orders) VALUES (?, 1) ON CONFLICT (month) DO UPDATE SET orders = orders + 1",
        (month,),
    )


# -- wishes of people -------------------------------------------------------------------------------------------------


class Wish(msgspec.Struct, frozen=True):
    """What a person asked for from outside the agent's process. `kind`: retry, exclude, hold, adopt, accept, poll."""

    wish_id: int
    at_ms: int
    who: str
    kind: str
    shop: ShopKey
    order_id: ShopOrderId
    args: str

    def arg(self, name: str) -> str:
        return msgspec.json.decode(self.args, type=dict[str, str]).get(name, "")


def wish(
    tx: apsw.Connection,
    *,
    at_ms: int,
    who: str,
    kind: str,
    shop: ShopKey,
    order_id: int = 0,
    args: dict[str, str] | None = None,
) -> int:
    """Leaves a wish; the agent takes it up within a second, or when it next starts. Returns the wish's number."""
    tx.execute(
        "INSERT INTO wishes (at_ms, who, kind, shop, order_id, args) VALUES (?, ?, ?, ?, ?, ?)",
        (at_ms, who, kind, shop, order_id, msgspec.json.encode(args or {}).decode()),
    )
    return int(tx.last_insert_rowid())


def open_wishes(tx: apsw.Connection, shop: ShopKey) -> list[Wish]:
    rows = tx.execute(
        "SELECT wish_id, at_ms, who, kind, shop, order_id, args FROM wishes WHERE shop = ? AND done_ms IS NULL"
        " ORDER BY wish_id",
        (shop,),
    )
    return [Wish(*row) for row in rows]


def shops_with_wishes(tx: apsw.Connection) -> list[str]:
    return [str(key) for (key,) in tx.execute("SELECT DISTINCT shop FROM wishes WHERE done_ms IS NULL ORDER BY shop")]


def finish_wish(tx: apsw.Connection, wish_id: int, now_ms: int, result: str) -> None:
    tx.execute("UPDATE wishes SET done_ms = ?, result = ? WHERE wish_id = ?", (now_ms, result, wish_id))


# -- health -----------------------------------------------------------------------------------------------------------


def set_health(
    tx: apsw.Connection,
    actor: str,
    state: str,
    now_ms: int,
    *,
    fault: str = "",
    problem: str = "",
    next_ms: int | None = None,
) -> None:
    """How an actor is. `since_ms` moves when state or fault change, `last_good_ms` whenever it works."""
    good = now_ms if state in ("working", "waiting") else None
    tx.execute(
        "INSERT INTO health (actor, state, fault, problem, since_ms, last_good_ms, next_ms)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (actor) DO UPDATE SET"
        " since_ms = CASE WHEN state = excluded.state AND fault = excluded.fault THEN since_ms"
        " ELSE excluded.since_ms END,"
        " state = excluded.state, fault = excluded.fault, problem = excluded.problem, next_ms = excluded.next_ms,"
        " last_good_ms = coalesce(excluded.last_good_ms, last_good_ms)",
        (actor, state, fault, problem, now_ms, good, next_ms),
    )


# -- shops ------------------------------------------------------------------------------------------------------------


class ShopRow(msgspec.Struct, frozen=True):
    shop: ShopKey
    url: str
    store_id: str
    mark_at: int | None
    census_ms: int
    reread_ms: int
    newest_order_id: int
    frozen_fault: str
    frozen_detail: str
    frozen_ms: int | None


_SHOP_COLUMNS = ", ".join(ShopRow.__struct_fields__)
_SHOP = f"SELECT {_SHOP_COLUMNS} FROM shops WHERE shop = ?"  # noqa: S608 - a constant list of columns


def shop(tx: apsw.Connection, key: ShopKey) -> ShopRow:
    """The shop's row; a shop never seen has an empty one."""
    row = tx.execute(_SHOP, (key,)).fetchone()
    return ShopRow(key, "", "", None, 0, 0, 0, "", "", None) if row is None else ShopRow(*row)


def is_frozen(tx: apsw.Connection, key: ShopKey) -> bool:
    """Whether nothing may go to the shop or come from it; asked before whatever is done."""
    return tx.execute("SELECT 1 FROM shops WHERE shop = ? AND frozen_fault <> ''", (key,)).fetchone() is not None


def know_shop(tx: apsw.Connection, key: ShopKey, url: str, store_id: str) -> None:
    """Remembers who the shop is, from the first sight or when a person accepted a change; thaws it."""
    tx.execute(
        "INSERT INTO shops (shop, url, store_id) VALUES (?, ?, ?) ON CONFLICT (shop) DO UPDATE SET url = excluded.url,"
        " store_id = excluded.store_id, frozen_fault = '', frozen_detail = '', frozen_ms = NULL",
        (key, url, store_id),
    )


def freeze_shop(tx: apsw.Connection, key: ShopKey, fault: Fault, detail: str, now_ms: int) -> None:
    """Stops everything to and from the shop until a person accepts what it has become."""
    tx.execute(
        "UPDATE shops SET frozen_fault = ?, frozen_detail = ?, frozen_ms = ? WHERE shop = ?",
        (fault.value, detail, now_ms, key),
    )


def frozen_shops(tx: apsw.Connection) -> tuple[str, ...]:
    return tuple(str(key) for (key,) in tx.execute("SELECT shop FROM shops WHERE frozen_fault <> '' ORDER BY shop"))


def set_mark(tx: apsw.Connection, key: ShopKey, mark_at: int) -> None:
    tx.execute("UPDATE shops SET mark_at = max(coalesce(mark_at, 0), ?) WHERE shop = ?", (mark_at, key))


def put_back_mark(tx: apsw.Connection, key: ShopKey, mark_at: int | None) -> None:
    """Lists again what changed since `mark_at`, or everything: the shop's clock has gone back, or more is wanted."""
    tx.execute("UPDATE shops SET mark_at = ? WHERE shop = ?", (mark_at, key))


def set_census(tx: apsw.Connection, key: ShopKey, now_ms: int) -> None:
    tx.execute("UPDATE shops SET census_ms = ? WHERE shop = ?", (now_ms, key))


def set_reread(tx: apsw.Connection, key: ShopKey, now_ms: int) -> None:
    tx.execute("UPDATE shops SET reread_ms = ? WHERE shop = ?", (now_ms, key))


# -- single values ----------------------------------------------------------------------------------------------------


MAMUT_COMPANY = "mamut_company"
"""The key of what Mamut told when a session was last opened: edition, version, the day it stops letting anyone in."""


def value(tx: apsw.Connection, key: str) -> str:
    row = tx.execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
    return "" if row is None else str(row[0])


def set_value(tx: apsw.Connection, key: str, text: str) -> None:
    tx.execute(
        "INSERT INTO notes (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        (key, text),
    )
