"""Orders that the shop has changed after their transfer: what was booked, what is to be judged, what came of it.

A row is level-triggered: it says that an order must be looked at. What is to be done about it is decided from the
newest state of both systems, so that looking twice does no harm.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import apsw
import msgspec

from agent.decide.aftermath_hand import kept_of
from agent.model.aftermath import Booked, Content, StoredRow
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.mamut import Document
from agent.model.money import to_ore
from agent.model.order import Frozen


class Judged(Frozen, frozen=True):
    """An order as it was when it was last judged: what a person settles when they say that they have seen to it."""

    content: Content | None = None
    refunds: dict[int, int] = {}
    """Amounts in öre by refund."""
    goods: dict[int, Decimal] | None = None
    """Pieces by the shop's product, as in Booked."""


class AftermathRow(msgspec.Struct, frozen=True):
    """One order. `outcome` is harmless, updated, cancelled, credited, waits, attend, settled, or "" before the first
    judgement; `code` is an AfterSaid or an AfterReason."""

    shop: ShopKey
    order_id: ShopOrderId
    seq: int
    due_ms: int | None
    attempts: int
    unsure: int
    pending: bytes
    judged: bytes
    outcome: str
    code: str
    params: str
    since_ms: int

    @property
    def named_params(self) -> dict[str, str]:
        return msgspec.json.decode(self.params, type=dict[str, str])


class CreditRow(msgspec.Struct, frozen=True):
    """A refund that Mamut knows of. `way` is document, note, cancelled or by_hand."""

    shop: ShopKey
    order_id: ShopOrderId
    refund_id: int
    way: str
    amount_ore: int
    mamut_order_no: int
    at_ms: int


_COLUMNS = ", ".join(AftermathRow.__struct_fields__)
_CREDIT_COLUMNS = ", ".join(CreditRow.__struct_fields__)
_ENCODER = msgspec.msgpack.Encoder()
_BOOKED = msgspec.msgpack.Decoder(Booked)
_JUDGED = msgspec.msgpack.Decoder(Judged)


# -- what was booked --------------------------------------------------------------------------------------------------


def keep_booked(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, booked: Booked) -> None:
    tx.execute(
        "INSERT INTO booked (shop, order_id, body) VALUES (?, ?, ?)"
        " ON CONFLICT (shop, order_id) DO UPDATE SET body = excluded.body",
        (shop, order_id, pack_booked(booked)),
    )


def booked(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> Booked | None:
    row = tx.execute("SELECT body FROM booked WHERE shop = ? AND order_id = ?", (shop, order_id)).fetchone()
    return None if row is None else unpack_booked(row[0])


def forget_booked(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    """The order's document is another one than was made of it, or the id is another order's now."""
    tx.execute("DELETE FROM booked WHERE shop = ? AND order_id = ?", (shop, order_id))


def stands(
    tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, document: Document, kept: Booked | None, *, adopted: bool
) -> None:
    """The document stands, with these rows. One that was found and is known to have been sent with others has been
    worked with in Mamut: then those that were sent stay what is ours. `kept` is what it was made of, None where that is
    in the journal or nowhere."""
    kept = kept or booked(tx, shop, order_id)
    if kept is None:
        return
    lines = kept.draft.lines if adopted and kept.draft is not None else document.lines
    rows = tuple(StoredRow(product_no=line.product_no, qty=line.qty) for line in lines)
    header = {} if adopted and kept.draft is not None else kept_of(document.header)
    keep_booked(
        tx, shop, order_id, msgspec.structs.replace(kept, rows=rows, total_ore=to_ore(document.total), kept=header)
    )


def pack_booked(value: Booked) -> bytes:
    return _ENCODER.encode(value)


def unpack_booked(body: object) -> Booked | None:
    return _BOOKED.decode(body) if isinstance(body, bytes) and body else None


# -- what is to be judged ---------------------------------------------------------------------------------------------


def put(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, now_ms: int, wait_ms: int = 0) -> None:
    """The shop has shown a change of a transferred order: it is judged now, or after a wait unless it is due sooner."""
    tx.execute(
        "INSERT INTO aftermath (shop, order_id, due_ms, since_ms) VALUES (?1, ?2, ?4, ?3)"
        " ON CONFLICT (shop, order_id) DO UPDATE SET seq = seq + 1, due_ms = min(coalesce(due_ms, ?4), ?4),"
        " attempts = 0",
        (shop, order_id, now_ms, now_ms + wait_ms),
    )


def was_our_mark(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, now_ms: int) -> None:
    """All that was seen of the order since its transfer was the mark that we have left on it: what waits for that, and
    was put down once and for nothing else, need not be judged."""
    tx.execute(
        "DELETE FROM aftermath WHERE shop = ? AND order_id = ? AND seq = 1 AND outcome = '' AND unsure = 0"
        " AND due_ms > ?",
        (shop, order_id, now_ms),
    )


def get(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> AftermathRow | None:
    row = tx.execute(
        f"SELECT {_COLUMNS} FROM aftermath WHERE shop = ? AND order_id = ?",  # noqa: S608 - a constant list of columns
        (shop, order_id),
    ).fetchone()
    return None if row is None else AftermathRow(*row)


def is_seen_to(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> bool:
    """Whether a person has been told of the order's change, or has seen to it: showing it once more is no news."""
    row = get(tx, shop, order_id)
    return row is not None and row.outcome in ("attend", "settled", "cancelled")


def due(tx: apsw.Connection, shop: ShopKey, now_ms: int, limit: int) -> list[AftermathRow]:
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM aftermath WHERE shop = ? AND due_ms <= ? ORDER BY due_ms, order_id LIMIT ?",  # noqa: S608 - a constant list of columns
        (shop, now_ms, limit),
    )
    return [AftermathRow(*row) for row in rows]


def next_due(tx: apsw.Connection, shop: ShopKey) -> int | None:
    row = tx.execute("SELECT min(due_ms) FROM aftermath WHERE shop = ? AND due_ms IS NOT NULL", (shop,)).fetchone()
    return None if row is None or row[0] is None else int(row[0])


def about_to(tx: apsw.Connection, row: AftermathRow, pending: Booked | None) -> None:
    """Mamut is asked next: from now on it is not known whether it has done what was asked."""
    tx.execute(
        "UPDATE aftermath SET unsure = 1, pending = ? WHERE shop = ? AND order_id = ?",
        (b"" if pending is None else pack_booked(pending), row.shop, row.order_id),
    )


def settle(
    tx: apsw.Connection,
    row: AftermathRow,
    *,
    outcome: str,
    code: str,
    params: Mapping[str, str],
    judged: Judged,
    due_ms: int | None,
    now_ms: int,
) -> None:
    """What came of it. One that has changed since stays due."""
    new = (outcome, code) != (row.outcome, row.code)
    tx.execute(
        "UPDATE aftermath SET due_ms = CASE WHEN seq = ?1 THEN ?2 ELSE due_ms END, attempts = 0, unsure = 0,"
        " pending = x'', judged = ?3, outcome = ?4, code = ?5, params = ?6, since_ms = ?7"
        " WHERE shop = ?8 AND order_id = ?9",
        (
            row.seq,
            due_ms,
            _ENCODER.encode(judged),
            outcome,
            code,
            msgspec.json.encode(dict(params)).decode(),
            now_ms if new else row.since_ms,
            row.shop,
            row.order_id,
        ),
    )


def delay(tx: apsw.Connection, row: AftermathRow, due_ms: int) -> None:
    """It could not be done now; it stays as sure, or unsure, as it was."""
    tx.execute(
        "UPDATE aftermath SET due_ms = max(due_ms, ?), attempts = attempts + 1 WHERE shop = ? AND order_id = ?",
        (due_ms, row.shop, row.order_id),
    )


def retry(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, now_ms: int) -> bool:
    """A person wants what waits for one to be judged anew; false when nothing does."""
    row = get(tx, shop, order_id)
    if row is None or row.outcome not in ("attend", "waits"):
        return False
    put(tx, shop, order_id, now_ms)
    return True


def recover(tx: apsw.Connection, now_ms: int, shop: str = "") -> None:
    """A new start, of all shops or of one: what an earlier life may have done is looked up now, and not when it was
    due."""
    tx.execute(
        "UPDATE aftermath SET due_ms = min(coalesce(due_ms, ?1), ?1) WHERE unsure = 1 AND ?2 IN ('', shop)",
        (now_ms, shop),
    )


def settle_by_hand(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, order_no: int, now_ms: int) -> bool:
    """A person has seen to what waits for one: the order as it was last judged is what Mamut's document stands for from
    now on. False when nothing waits for a person."""
    row = get(tx, shop, order_id)
    if row is None or row.outcome != "attend":
        return False
    judged = _JUDGED.decode(row.judged) if row.judged else Judged()
    kept = booked(tx, shop, order_id)
    if kept is not None and judged.content is not None:
        seen_to = msgspec.structs.replace(kept, content=judged.content, goods=judged.goods, at_ms=now_ms)
        keep_booked(tx, shop, order_id, seen_to)
    done = {credit.refund_id for credit in credits_of(tx, shop, order_id)}
    for refund_id, amount_ore in judged.refunds.items():
        if refund_id not in done:
            keep_credit(tx, CreditRow(shop, order_id, refund_id, "by_hand", amount_ore, order_no, now_ms))
    tx.execute(
        "UPDATE aftermath SET outcome = 'settled', code = 'after_settled', params = '{}', due_ms = NULL, since_ms = ?"
        " WHERE shop = ? AND order_id = ?",
        (now_ms, shop, order_id),
    )
    return True


def forget(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    """The id is another order's now."""
    for table in ("booked", "aftermath", "credits"):
        tx.execute(f"DELETE FROM {table} WHERE shop = ? AND order_id = ?", (shop, order_id))  # noqa: S608 - constants only


# -- refunds ----------------------------------------------------------------------------------------------------------


def credits_of(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> list[CreditRow]:
    rows = tx.execute(
        f"SELECT {_CREDIT_COLUMNS} FROM credits WHERE shop = ? AND order_id = ? ORDER BY refund_id",  # noqa: S608 - a constant list of columns
        (shop, order_id),
    )
    return [CreditRow(*row) for row in rows]


def keep_credit(tx: apsw.Connection, row: CreditRow) -> None:
    tx.execute(
        f"INSERT OR REPLACE INTO credits ({_CREDIT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - a constant list of columns
        msgspec.structs.astuple(row),
    )


def drop_taken_off(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    """The document's rows have been made anew: which refunds they are less by is said anew too."""
    tx.execute("DELETE FROM credits WHERE shop = ? AND order_id = ? AND way = 'document'", (shop, order_id))


# -- for people -------------------------------------------------------------------------------------------------------


def attended(tx: apsw.Connection, shop: ShopKey | None = None) -> list[AftermathRow]:
    """Orders whose change waits for a person, oldest first."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM aftermath INDEXED BY aftermath_attended WHERE outcome = 'attend'"  # noqa: S608 - a constant list of columns
        " AND (?1 IS NULL OR shop = ?1) ORDER BY since_ms, shop, order_id",
        (shop,),
    )
    return [AftermathRow(*row) for row in rows]
