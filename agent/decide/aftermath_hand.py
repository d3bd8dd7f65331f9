"""What people at Mamut have changed of a document by hand: told apart by what Mamut kept when we last wrote it.

Rows and sums are always compared. Of names, addresses and texts those are that would be written over; the others stay
as they are whatever we do.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from hashlib import blake2b

import msgspec

from agent.decide.aftermath_case import Case
from agent.model.aftermath import Booked, DocumentChanges, StoredRow
from agent.model.mamut import Header
from agent.model.money import ZERO, from_ore, round_ore, to_ore

FIELDS = {
    "rows": ("delivery_form",),
    "addresses": ("name", "invoice_address", "delivery_address", "invoice_country", "delivery_country", "your_ref"),
    "texts": ("reference", "fixed_text", "packing_text", "payment_terms"),
}
"""The fields of a document that are made of each part of an order, but for its rows."""

SHOWN_MAX = 8
"""So many rows of a difference are shown."""

DIGEST_BYTES = 8


def kept_of(header: Header) -> dict[str, bytes]:
    """Digests of what Mamut holds, by field: enough to see that it is another, and no address of anybody's."""
    return {name: _digest(value) for name, value in msgspec.structs.asdict(header).items()}


def by_hand(case: Case, changes: DocumentChanges) -> dict[str, str]:
    """What somebody has changed, as the params of a reason: `edited` names the fields, `difference` the articles. Empty
    when the document's rows are as we last left them, or as an act would have left them whose answer was lost, and so
    are the fields that `changes` would write over."""
    root = case.root
    if root is None:
        return {}
    rows = tuple(StoredRow(product_no=line.product_no, qty=line.ordered) for line in root.lines)
    ours = [each for each in (case.booked, case.pending) if each is not None]
    edited = [name for name in changes.fields if name != "lines" and _is_edited(ours, root.header, changes, name)]
    params: dict[str, str] = {}
    if all((each.rows, each.total_ore) != (rows, to_ore(root.total)) for each in ours):
        edited.insert(0, "rows")
        was = case.booked
        if was is not None:
            params |= {"difference": difference(was.rows, rows), "now": f"{round_ore(root.total):.2f}"}
            params |= {} if was.total_ore is None else {"was": f"{from_ore(was.total_ore):.2f}"}
    return {"edited": ", ".join(edited), **params} if edited else {}


def everything(booked: Booked) -> DocumentChanges:
    """A change of each field to what we had sent: to see whether any has become another."""
    if booked.draft is None:
        return DocumentChanges()
    names = (name for fields in FIELDS.values() for name in fields)
    return msgspec.structs.replace(DocumentChanges(), **{name: getattr(booked.draft, name) for name in names})


def difference(was: Iterable[StoredRow], now: Iterable[StoredRow]) -> str:
    """Which articles' quantities differ, as "B-00001: 2 → 3"; empty when only sums do."""
    old, new = _pieces(was), _pieces(now)
    changed = [number for number in {**old, **new} if old.get(number, ZERO) != new.get(number, ZERO)]
    shown = [f"{n}: {_plain(old.get(n, ZERO))} → {_plain(new.get(n, ZERO))}" for n in changed[:SHOWN_MAX]]
    return ", ".join(shown) + (" …" if len(changed) > SHOWN_MAX else "")


def _is_edited(ours: Iterable[Booked], header: Header, changes: DocumentChanges, name: str) -> bool:
    """Neither what we left nor what we are about to write. What we sent empty Mamut may have filled: where it has not
    told us with what, nobody knows."""
    known = {_digest(getattr(changes, name))}
    told = False
    for each in ours:
        if name in each.kept:
            known.add(each.kept[name])
            told = True
        elif each.draft is not None and getattr(each.draft, name) not in ("", None):
            known.add(_digest(getattr(each.draft, name)))
            told = True
    return told and _digest(getattr(header, name)) not in known


def _pieces(rows: Iterable[StoredRow]) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for row in rows:
        found[row.product_no] = found.get(row.product_no, ZERO) + row.qty
    return found


def _plain(quantity: Decimal) -> str:
    return format(quantity.normalize(), "f")


def _digest(value: str | int | None) -> bytes:
    """White space is Mamut's to keep or not."""
    text = " ".join(str("" if value is None else value).split())
    return blake2b(text.encode(), digest_size=DIGEST_BYTES).digest()
