"""How far each transferred order has come in Mamut, and what its shop has been told: the tables documents and mailed.

A row has at most one step under way. What has an effect outside is marked unsure before it is done, so that whatever
happens then, the next attempt looks first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw
import msgspec

from agent.decide.statuses import Part, Progress
from agent.journal import orders
from agent.model.goods import Parcel
from agent.model.ids import ShopKey, ShopOrderId

BACK_MS = 3_600_000
"""So far behind the newest transfer that is followed, transfers are looked for again: the clock may have gone back."""

ALL_DONE = ""
"""The step of a row that has nothing under way."""

PARCEL = "parcel:"
"""How the events of parcels begin in `mailed`; the parcel's number follows."""

_parcels = msgspec.msgpack.Decoder(tuple[Parcel, ...])
_numbers = msgspec.msgpack.Decoder(tuple[int, ...])


class DocumentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One order's row; the columns are explained in the schema. Seconds for the shop's times, `_ms` for ours."""

    shop: ShopKey
    order_id: ShopOrderId
    order_no: int
    order_key: str
    delivered: int = 0
    invoiced: int = 0
    paid: int = 0
    cancelled: int = 0
    total_ore: int = 0
    credited_ore: int = 0
    parts: int = 1
    parcels: bytes = b"\x90"
    invoices: bytes = b"\x90"
    read_ms: int | None = None
    changed_ms: int = 0
    next_ms: int | None = None
    acted: str = ""
    sent: str = ""
    event: str = ""
    step: str = ALL_DONE
    due_ms: int | None = None
    attempts: int = 0
    unsure: int = 0
    was: str = ""
    was_at: int = 0
    asked: int = 0
    code: str = ""
    params: str = "{}"
    seen_at: int = 0
    capture: str = ""
    captured_ore: int | None = None
    look_ms: int | None = None

    @property
    def progress(self) -> Progress:
        return Progress(
            delivered=Part(self.delivered),
            invoiced=Part(self.invoiced),
            paid=Part(self.paid),
            cancelled=bool(self.cancelled),
            total_ore=self.total_ore,
            credited_ore=self.credited_ore,
            parts=self.parts,
            parcels=_parcels.decode(self.parcels),
            invoice_nos=_numbers.decode(self.invoices),
        )

    def having(self, progress: Progress) -> DocumentRow:
        """The row with what Mamut shows."""
        return msgspec.structs.replace(
            self,
            delivered=int(progress.delivered),
            invoiced=int(progress.invoiced),
            paid=int(progress.paid),
            cancelled=int(progress.cancelled),
            total_ore=progress.total_ore,
            credited_ore=progress.credited_ore,
            parts=progress.parts,
            parcels=msgspec.msgpack.encode(progress.parcels),
            invoices=msgspec.msgpack.encode(progress.invoice_nos),
        )

    def saying(self, code: str, params: Mapping[str, str] | None = None) -> DocumentRow:
        """The row with what was last done or not done, and why."""
        text = msgspec.json.encode(params or {}, order="sorted").decode()
        return msgspec.structs.replace(self, code=code, params=text)

    @property
    def events_acted(self) -> frozenset[str]:
        return frozenset(filter(None, self.acted.split(",")))

    @property
    def events_sent(self) -> frozenset[str]:
        return frozenset(filter(None, self.sent.split(",")))

    def having_sent(self, event: str) -> DocumentRow:
        """The row after the event's status has gone to the shop, or may have."""
        return msgspec.structs.replace(self, sent=",".join(sorted({*self.events_sent, event})))

    @property
    def is_held(self) -> bool:
        """Its step waits for a person, or for a change in the shop or in Mamut."""
        return self.step != ALL_DONE and self.due_ms is None

    @property
    def named_params(self) -> dict[str, str]:
        return msgspec.json.decode(self.params, type=dict[str, str])

    def param(self, name: str) -> str:
        return self.named_params.get(name, "")


class Mailed(msgspec.Struct, frozen=True):
    """What was sent, or is about to be, about one event or parcel. `way`: shop (the status mails by itself), note,
    private, plugin, before (by somebody, before we looked). `state`: intended, sent."""

    event: str
    at_ms: int
    way: str
    state: str


class Counts(msgspec.Struct, frozen=True):
    """How many orders of a shop are followed, have a step to do, are held, and have money in trouble."""

    followed: int = 0
    under_way: int = 0
    held: int = 0
    capture_failed: int = 0
    expiring: int = 0


_NAMES = DocumentRow.__struct_fields__
_COLUMNS = ", ".join(_NAMES)
_PREFIXED = ", ".join(f"d.{name}" for name in _NAMES)
_PLACES = ", ".join("?" * len(_NAMES))


def _row(values: tuple[object, ...]) -> DocumentRow:
    return msgspec.convert(dict(zip(_NAMES, values, strict=True)), DocumentRow)


def get(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> DocumentRow | None:
    row = tx.execute(f"SELECT {_COLUMNS} FROM documents WHERE shop = ? AND order_id = ?", (shop, order_id)).fetchone()  # noqa: S608 - a constant list of columns
    return None if row is None else _row(row)


def save(tx: apsw.Connection, row: DocumentRow) -> None:
    values = tuple(getattr(row, name) for name in _NAMES)
    tx.execute(f"INSERT OR REPLACE INTO documents ({_COLUMNS}) VALUES ({_PLACES})", values)  # noqa: S608 - constants and placeholders


def choose(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, status: str, *, was: bool = True) -> None:
    """Keeps the status that a rule gives the shop's order once its document stands; empty for none. `was` tells whether
    one may be there."""
    if status:
        tx.execute("INSERT OR REPLACE INTO chosen_statuses VALUES (?, ?, ?)", (shop, order_id, status))
    elif was:
        tx.execute("DELETE FROM chosen_statuses WHERE shop = ? AND order_id = ?", (shop, order_id))


def chosen(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> str:
    row = tx.execute("SELECT status FROM chosen_statuses WHERE shop = ? AND order_id = ?", (shop, order_id)).fetchone()
    return "" if row is None else str(row[0])


def chosen_among(tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[ShopOrderId]) -> frozenset[ShopOrderId]:
    """Those of these orders to which a rule has given a status."""
    rows = tx.execute(
        "SELECT order_id FROM chosen_statuses WHERE shop = ? AND order_id IN (SELECT value FROM json_each(?))",
        (shop, str([int(order_id) for order_id in order_ids])),
    )
    return frozenset(ShopOrderId(int(order_id)) for (order_id,) in rows)


def drop(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> None:
    """Forgets all about an order: another one has its id."""
    tx.execute("DELETE FROM documents WHERE shop = ? AND order_id = ?", (shop, order_id))
    tx.execute("DELETE FROM mailed WHERE shop = ? AND order_id = ?", (shop, order_id))


# -- what is to be done -----------------------------------------------------------------------------------------------


def not_followed(tx: apsw.Connection, shop: ShopKey, since_ms: int, limit: int) -> list[orders.OrderRow]:
    """Orders transferred since then that have no row for the document they have now, in the order of transfer."""
    rows = tx.execute(
        "SELECT o.order_id FROM orders o INDEXED BY orders_by_transfer WHERE o.shop = ?1 AND o.transferred_ms >= ?2"
        " AND o.state = 'transferred' AND o.mamut_order_no IS NOT NULL AND NOT EXISTS (SELECT 1 FROM documents d"
        " WHERE d.shop = o.shop AND d.order_id = o.order_id AND d.order_no = o.mamut_order_no)"
        " ORDER BY o.transferred_ms LIMIT ?3",
        (shop, since_ms, limit),
    ).fetchall()
    found = [orders.get(tx, shop, ShopOrderId(int(str(order_id)))) for (order_id,) in rows]
    return [order for order in found if order is not None]


def follow(tx: apsw.Connection, order: orders.OrderRow, changed_ms: int, next_ms: int) -> None:
    """From now on Mamut is asked how far this order has come. One that was made anew in Mamut keeps what its customer
    has been told; another order with the same id begins afresh."""
    old = get(tx, order.shop, order.order_id)
    if old is not None and old.order_key == order.order_key:
        save(
            tx, msgspec.structs.replace(old, order_no=order.mamut_order_no or 0, changed_ms=changed_ms, next_ms=next_ms)
        )
        return
    drop(tx, order.shop, order.order_id)
    row = DocumentRow(
        shop=order.shop,
        order_id=order.order_id,
        order_no=order.mamut_order_no or 0,
        order_key=order.order_key,
        changed_ms=changed_ms,
        next_ms=next_ms,
    )
    save(tx, row)


def due(tx: apsw.Connection, shop: ShopKey, now_ms: int, limit: int) -> list[DocumentRow]:
    """Rows with a step that has been due the longest."""
    return _by(tx, "due_ms", shop, now_ms, limit)


def to_ask(tx: apsw.Connection, shop: ShopKey, now_ms: int, limit: int) -> list[DocumentRow]:
    """Rows about which Mamut is to be asked."""
    return _by(tx, "next_ms", shop, now_ms, limit)


def to_look(tx: apsw.Connection, shop: ShopKey, now_ms: int, limit: int) -> list[DocumentRow]:
    """Rows of which the shop is to be asked whether the money is still only reserved."""
    return _by(tx, "look_ms", shop, now_ms, limit)


def _by(tx: apsw.Connection, column: str, shop: ShopKey, now_ms: int, limit: int) -> list[DocumentRow]:
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM documents WHERE shop = ? AND {column} <= ? ORDER BY {column}, order_id LIMIT ?",  # noqa: S608 - constants only
        (shop, now_ms, limit),
    )
    return [_row(row) for row in rows]


def changed_in_shop(tx: apsw.Connection, shop: ShopKey, limit: int) -> list[DocumentRow]:
    """Held rows whose order the shop has shown to be changed since it was last looked at."""
    rows = tx.execute(
        f"SELECT {_PREFIXED} FROM documents d INDEXED BY documents_held JOIN orders o"  # noqa: S608 - constants only
        " ON o.shop = d.shop AND o.order_id = d.order_id"
        " WHERE d.shop = ? AND d.step <> '' AND d.due_ms IS NULL AND o.modified_at > d.seen_at LIMIT ?",
        (shop, limit),
    )
    return [_row(row) for row in rows]


def next_due(tx: apsw.Connection, shop: ShopKey) -> int | None:
    """When the next step is to be done, overdue ones included."""
    return _first(tx, "due_ms", shop)


def next_ask(tx: apsw.Connection, shop: ShopKey) -> int | None:
    return _first(tx, "next_ms", shop)


def next_look(tx: apsw.Connection, shop: ShopKey) -> int | None:
    return _first(tx, "look_ms", shop)


def is_any_under_way(tx: apsw.Connection, shop: ShopKey, now_ms: int) -> bool:
    """Whether a step is to be done, now or when its time has come; that the shop is read again later for a proof does
    not count."""
    row = tx.execute(
        "SELECT 1 FROM documents WHERE shop = ? AND due_ms IS NOT NULL AND (due_ms <= ? OR step <> 'capture') LIMIT 1",
        (shop, now_ms),
    ).fetchone()
    return row is not None


def _first(tx: apsw.Connection, column: str, shop: ShopKey) -> int | None:
    row = tx.execute(
        f"SELECT min({column}) FROM documents WHERE shop = ? AND {column} IS NOT NULL",  # noqa: S608 - constants only
        (shop,),
    ).fetchone()
    return None if row is None else row[0]


# -- mails and parcels ------------------------------------------------------------------------------------------------


def mailed(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId) -> dict[str, Mailed]:
    """All that was sent about an order, by event; parcels by "parcel:" and their number."""
    rows = tx.execute("SELECT event, at_ms, way, state FROM mailed WHERE shop = ? AND order_id = ?", (shop, order_id))
    return {str(row[0]): Mailed(*row) for row in rows}


def keep_mailed(
    tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, event: str, now_ms: int, way: str, state: str
) -> None:
    tx.execute(
        "INSERT OR REPLACE INTO mailed (shop, order_id, event, at_ms, way, state) VALUES (?, ?, ?, ?, ?, ?)",
        (shop, order_id, event, now_ms, way, state),
    )


# -- for people -------------------------------------------------------------------------------------------------------


def held(tx: apsw.Connection, shop: ShopKey, limit: int = 1000) -> list[DocumentRow]:
    """Orders whose status waits for a person or a change."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM documents WHERE shop = ? AND step <> '' AND due_ms IS NULL ORDER BY order_id LIMIT ?",  # noqa: S608 - constants only
        (shop, limit),
    )
    return [_row(row) for row in rows]


def count(tx: apsw.Connection, shop: ShopKey) -> Counts:
    row = tx.execute(
        "SELECT count(*) FILTER (WHERE next_ms IS NOT NULL), count(*) FILTER (WHERE due_ms IS NOT NULL),"
        " count(*) FILTER (WHERE step <> '' AND due_ms IS NULL), count(*) FILTER (WHERE capture = 'failed'),"
        " count(*) FILTER (WHERE capture IN ('expiring', 'expired')) FROM documents WHERE shop = ?",
        (shop,),
    ).fetchone()
    return Counts(*map(int, row)) if row else Counts()


def wake_held(tx: apsw.Connection, shop: ShopKey, now_ms: int) -> int:
    """The settings have changed: what is held is looked at again. Nothing is sent a second time by that. Gives how
    many."""
    tx.execute(
        "UPDATE documents SET due_ms = ?, attempts = 0 WHERE shop = ? AND step <> '' AND due_ms IS NULL", (now_ms, shop)
    )
    return int(tx.changes())


def retry(tx: apsw.Connection, shop: ShopKey, order_id: ShopOrderId, now_ms: int) -> bool:
    """A person wants the order's event to be tried again, from its status on; false when nothing is held."""
    row = get(tx, shop, order_id)
    if row is None or not row.is_held:
        return False
    step = "status" if row.step == "capture" else row.step
    save(tx, msgspec.structs.replace(row, step=step, due_ms=now_ms, attempts=0, asked=1))
    return True
