"""How far each part of Mamut's register has been read: the table `readings`.

A pass goes from the first row to the last, page by page, and is gone on with after a restart. It is under way from its
beginning until it has come to its end whole.
"""

from __future__ import annotations

from enum import StrEnum

import apsw
import msgspec


class Part(StrEnum):
    """Parts of the register, in the order in which pages of the same place are read: an article comes last, so that its
    price and its stock are known by then."""

    PRICES = "prices"
    STOCK = "stock"
    ARTICLES = "articles"


class Pass(msgspec.Struct, frozen=True):
    """The pass of a part that is under way, or the last one. `number` is no other pass's of any part. Milliseconds are
    ours; `whole_began_ms` is when the last pass that came to its end had begun."""

    part: str
    number: int = 0
    offset: int = 0
    total: int = 0
    seen: int = 0
    changed: int = 0
    began_ms: int = 0
    whole_began_ms: int = 0
    whole_ms: int = 0

    @property
    def is_under_way(self) -> bool:
        return self.began_ms > self.whole_began_ms

    @property
    def is_through(self) -> bool:
        """All offsets have been asked for."""
        return self.offset >= self.total


_COLUMNS = "part, pass, offset, total, seen, changed, began_ms, whole_began_ms, whole_ms"


def of(tx: apsw.Connection, part: Part) -> Pass:
    """The part's pass; one that has never begun has the number 0."""
    row = tx.execute(f"SELECT {_COLUMNS} FROM readings WHERE part = ?", (part,)).fetchone()  # noqa: S608 - constants only
    return Pass(part) if row is None else Pass(*row)


def begin(tx: apsw.Connection, part: Part, now_ms: int) -> Pass:
    """A new pass from the first row on. One that was under way is given up."""
    last = of(tx, part)
    (newest,) = tx.execute("SELECT coalesce(max(pass), 0) FROM readings").fetchone() or (0,)
    began_ms = max(now_ms, last.whole_began_ms + 1)
    begun = msgspec.structs.replace(
        last, number=int(newest) + 1, offset=0, total=0, seen=0, changed=0, began_ms=began_ms
    )
    _keep(tx, begun)
    return begun


def turn(tx: apsw.Connection, part: Part, *, offset: int, total: int, seen: int, changed: int) -> Pass:
    """A page has been read: `offset` is where the next one begins, `seen` and `changed` are of this page."""
    last = of(tx, part)
    turned = msgspec.structs.replace(
        last, offset=offset, total=total, seen=last.seen + seen, changed=last.changed + changed
    )
    _keep(tx, turned)
    return turned


def finish(tx: apsw.Connection, part: Part, now_ms: int) -> Pass:
    """The pass under way has seen every row."""
    last = of(tx, part)
    ended = msgspec.structs.replace(last, offset=0, whole_began_ms=last.began_ms, whole_ms=now_ms)
    _keep(tx, ended)
    return ended


def _keep(tx: apsw.Connection, kept: Pass) -> None:
    tx.execute(
        f"INSERT OR REPLACE INTO readings ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants only
        msgspec.structs.astuple(kept),
    )
