"""By what orders are found and what stands nowhere in the journal: e-mail addresses, payments, article numbers.

Kept are digests with a key of this journal's own, made by chance with it: whoever has a list of digests alone learns
nothing from it. Whoever has the whole journal can try an address that they know already, as anybody can who may look at
the admin; nobody can read addresses out of it. Erasing a person takes theirs away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from hashlib import blake2b

import apsw

from agent.journal import records
from agent.journal.orders import OrderRow
from agent.journal.users import PERSON_ERASED
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import ShopOrder

_COLUMNS = ", ".join(OrderRow.__struct_fields__)

SALT = "order_keys_salt"
BELOW = "order_keys_below/"
"""The notes that hold the key, and how far each shop's older orders have been gone through."""

DIGEST_BYTES = 10


class Kind(IntEnum):
    EMAIL = 1
    PAYMENT = 2
    ARTICLE = 3


FORGET_PERSON = "DELETE FROM order_keys WHERE shop = ?1 AND order_id = ?2 AND kind IN (1, 2)"

_PLAIN = frozenset({Kind.ARTICLE})
"""Kinds that tell nothing about a person."""


def keys_of(order: ShopOrder, payment_meta: Iterable[str] = ()) -> Iterator[tuple[Kind, str]]:
    """What the order is found by. `payment_meta` names the meta in which plugins keep the payment's reference."""
    if order.billing.email:
        yield Kind.EMAIL, order.billing.email
    payments = (order.transaction_id, *(order.meta.get(key, "") for key in payment_meta))
    yield from ((Kind.PAYMENT, text) for text in payments if text)
    yield from ((Kind.ARTICLE, line.article_no) for line in order.lines if line.article_no)


def keep(tx: apsw.Connection, order: ShopOrder, payment_meta: Iterable[str] | None = (), *, first: bool) -> None:
    """The order is found by what it says now, and no more by what it said; with `payment_meta` None its payment is left
    as it is. `first` spares the looks that only an order needs which was read before. Of a person who has been erased
    nothing is kept again."""
    key = (order.shop, order.order_id)
    kept = frozenset({Kind.PAYMENT}) if payment_meta is None else frozenset[Kind]()
    found = [(kind, text) for kind, text in keys_of(order, payment_meta or ()) if kind not in kept]
    if not first:
        kinds = ", ".join(str(int(kind)) for kind in Kind if kind not in kept)
        tx.execute(f"DELETE FROM order_keys WHERE shop = ? AND order_id = ? AND kind IN ({kinds})", key)  # noqa: S608 - numbers of ours
        if is_erased(tx, *key):
            found = [(kind, text) for kind, text in found if kind in _PLAIN]
    salt = _salt(tx)
    rows = {(int(kind), _digest(salt, kind, text)) for kind, text in found}
    tx.executemany(
        "INSERT OR IGNORE INTO order_keys (kind, digest, shop, order_id) VALUES (?, ?, ?, ?)",
        [(*row, *key) for row in sorted(rows)],
    )


def keep_first(tx: apsw.Connection, orders: Iterable[ShopOrder], payment_meta: Iterable[str]) -> None:
    """The same for a batch of orders that were never read before, in one statement."""
    salt = _salt(tx)
    digests: dict[tuple[Kind, str], bytes] = {}
    rows: set[tuple[int, bytes, str, int]] = set()
    for order in orders:
        for key in keys_of(order, payment_meta):
            if key not in digests:
                digests[key] = _digest(salt, *key)  # An article stands on many orders.
            rows.add((int(key[0]), digests[key], order.shop, order.order_id))
    # In the order of the index, so that each of its pages is looked for once.
    tx.executemany("INSERT OR IGNORE INTO order_keys (kind, digest, shop, order_id) VALUES (?, ?, ?, ?)", sorted(rows))


def forget(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    """The id is another order's now."""
    tx.execute("DELETE FROM order_keys WHERE shop = ? AND order_id = ?", (shop, order_id))


def find(tx: apsw.Connection, kind: Kind, text: str, shop: ShopKey | None, limit: int) -> list[OrderRow]:
    """The newest orders that have it, at most `limit` of each shop."""
    digest = _digest(_salt(tx), kind, text)
    shops = [shop] if shop is not None else _shops_with(tx, kind, digest)
    rows: list[OrderRow] = []
    for key in shops:
        rows += [
            OrderRow(*values)
            for values in tx.execute(
                f"SELECT {_COLUMNS} FROM orders WHERE shop = ?1 AND order_id IN (SELECT order_id FROM order_keys"  # noqa: S608 - columns of ours
                " WHERE kind = ?2 AND digest = ?3 AND shop = ?1 ORDER BY order_id DESC LIMIT ?4)",
                (key, int(kind), digest, limit),
            )
        ]
    return sorted(rows, key=lambda row: (row.created_at, row.shop, row.order_id), reverse=True)


def is_erased(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> bool:
    row = tx.execute(
        "SELECT 1 FROM acts WHERE shop = ? AND order_id = ? AND order_id > 0 AND kind = ? LIMIT 1",
        (shop, order_id, PERSON_ERASED),
    ).fetchone()
    return row is not None


def _shops_with(tx: apsw.Connection, kind: Kind, digest: bytes) -> list[ShopKey]:
    """Each found by one step in the index."""
    found: list[ShopKey] = []
    after = ""
    while True:
        row = tx.execute(
            "SELECT min(shop) FROM order_keys WHERE kind = ? AND digest = ? AND shop > ?", (int(kind), digest, after)
        ).fetchone()
        if row is None or row[0] is None:
            return found
        after = str(row[0])
        found.append(ShopKey(after))


def _salt(tx: apsw.Connection) -> bytes:
    return bytes.fromhex(records.value(tx, SALT))


def _digest(salt: bytes, kind: Kind, text: str) -> bytes:
    """Of the text as people mean it: in whatever case, without blanks around it."""
    said = f"{int(kind)}\0{text.strip().casefold()}"
    return blake2b(said.encode("utf-8", "replace"), digest_size=DIGEST_BYTES, key=salt).digest()


# -- orders from before there were keys --------------------------------------------------------------------------------


def below(tx: apsw.Connection, shop: ShopKey) -> int | None:
    """Orders under this id may have been read before there were keys; None when there are none left."""
    text = records.value(tx, f"{BELOW}{shop}")
    return int(text) if text else None


def without_keys(tx: apsw.Connection, shop: ShopKey, limit: int) -> list[ShopOrderId]:
    """The newest of them; none when all have been gone through."""
    under = below(tx, shop)
    if under is None:
        return []
    rows = tx.execute(
        "SELECT order_id FROM orders WHERE shop = ? AND order_id < ? AND read_at IS NOT NULL"
        " ORDER BY order_id DESC LIMIT ?",
        (shop, under, limit),
    )
    return [ShopOrderId(int(order_id)) for (order_id,) in rows]


def gone_through(tx: apsw.Connection, shop: ShopKey, down_to: int | None) -> None:
    """All from this id upwards have been; None says that this is all."""
    name = f"{BELOW}{shop}"
    if down_to is None:
        tx.execute("DELETE FROM notes WHERE key = ?", (name,))
    else:
        records.set_value(tx, name, str(down_to))
