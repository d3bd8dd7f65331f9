"""The settings that the agent has worked with: when they were taken up, by whom, and what was another than before."""

from __future__ import annotations

import hashlib
from enum import StrEnum

import apsw
import msgspec

from agent.journal import records
from agent.model.order import Frozen
from agent.model.taken_up import TakenUp
from agent.settings.conceal import conceal, conceal_changes
from agent.settings.difference import Change, differences
from agent.settings.load import Unreadable, loads
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings

TAKEN_UP = "settings_taken_up"
"""The note of what the newest change did to those at work."""

PENDING = "settings_pending"
"""The note of who is about to write the file: whoever finds it written knows then by whom."""


class How(StrEnum):
    """What made the agent take settings up. FOUND: the file had changed while no agent ran."""

    FIRST = "first"
    RELOAD = "reload"
    SIGNAL = "signal"
    FOUND = "found"
    SAVED = "saved"
    UNDONE = "undone"


class Origin(Frozen, frozen=True):
    """Whose change it is. `undoes` is the number of the change that it takes back."""

    how: How
    who: str = ""
    undoes: int | None = None


class Entry(Frozen, frozen=True):
    """One taking up of settings. `at_ms` is the agent's clock. `concealed` when secrets were left out of `text`, which
    can then not be written back."""

    number: int
    at_ms: int
    who: str
    how: How
    undoes: int | None
    digest: str
    text: str
    concealed: bool
    changes: tuple[Change, ...]


class _Pending(Frozen, frozen=True):
    digest: str
    origin: Origin


def text_digest(text: str) -> str:
    """Another one for every other text, comments and line endings included."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def about_to_write(tx: apsw.Connection, text: str, origin: Origin) -> None:
    """Says who writes this text, before it is written. Part of a step."""
    pending = _Pending(digest=text_digest(text), origin=origin)
    records.set_value(tx, PENDING, msgspec.json.encode(pending).decode())


def keep(
    tx: apsw.Connection,
    now_ms: int,
    text: str,
    settings: Settings,
    secrets: Secrets,
    origin: Origin,
    *,
    before: Settings | None = None,
    also: tuple[Change, ...] = (),
) -> int | None:
    """Keeps settings that are taken up now, unless they are the newest already. Returns the number. Part of a step.

    `before` are the settings that were at work, else those of the newest entry; `also` is what changed beside them.
    """
    last, digest = newest(tx), text_digest(text)
    if last is not None and last.digest == digest and not also:
        return None
    if before is None and last is not None:
        loaded = loads(last.text)
        before = None if isinstance(loaded, Unreadable) else loaded.settings
    changes = conceal_changes((*(differences(before, settings) if before is not None else ()), *also), secrets)
    origin = _pending(tx, digest) or origin
    if last is None and origin.how is How.FOUND:
        origin = Origin(how=How.FIRST)
    kept = conceal(text, secrets)
    tx.execute(
        "INSERT INTO settings_history (at_ms, who, how, undoes, digest, text, concealed, changes)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            now_ms,
            origin.who,
            origin.how.value,
            origin.undoes,
            digest,
            kept,
            kept != text,
            msgspec.json.encode(changes).decode(),
        ),
    )
    return int(tx.last_insert_rowid())


def _pending(tx: apsw.Connection, digest: str) -> Origin | None:
    text = records.value(tx, PENDING)
    if not text:
        return None
    records.set_value(tx, PENDING, "")
    pending = msgspec.json.decode(text, type=_Pending)
    return pending.origin if pending.digest == digest else None


def note_taken_up(tx: apsw.Connection, taken_up: TakenUp) -> None:
    """Part of the step in which a change is answered."""
    records.set_value(tx, TAKEN_UP, msgspec.json.encode(taken_up).decode())


def taken_up(tx: apsw.Connection) -> TakenUp | None:
    """What the newest change did to those who were at work; None before the first."""
    text = records.value(tx, TAKEN_UP)
    return msgspec.json.decode(text, type=TakenUp) if text else None


# -- what people ask ---------------------------------------------------------------------------------------------------

_COLUMNS = "number, at_ms, who, how, undoes, digest, text, concealed, changes"


def newest(tx: apsw.Connection) -> Entry | None:
    return _one(tx, "ORDER BY number DESC LIMIT 1", ())


def entry(tx: apsw.Connection, number: int) -> Entry | None:
    return _one(tx, "WHERE number = ?", (number,))


def before(tx: apsw.Connection, number: int) -> Entry | None:
    """The entry that an entry followed: how the settings were before it."""
    return _one(tx, "WHERE number < ? ORDER BY number DESC LIMIT 1", (number,))


def since(tx: apsw.Connection, number: int) -> tuple[int, ...]:
    """The numbers of all later changes."""
    rows = tx.execute("SELECT number FROM settings_history WHERE number > ? ORDER BY number", (number,))
    return tuple(int(each) for (each,) in rows)


def listing(tx: apsw.Connection, limit: int, before: int | None = None) -> list[Entry]:
    """The newest first; with `before` those that are older than that number."""
    which = "WHERE number < ifnull(?, 1 << 62) ORDER BY number DESC LIMIT ?"
    rows = tx.execute(f"SELECT {_COLUMNS} FROM settings_history {which}", (before, limit))  # noqa: S608 - column names of ours
    return [_entry(row) for row in rows]


def _one(tx: apsw.Connection, which: str, values: tuple[int, ...]) -> Entry | None:
    row = tx.execute(f"SELECT {_COLUMNS} FROM settings_history {which}", values).fetchone()  # noqa: S608 - conditions of ours
    return None if row is None else _entry(row)


def _entry(row: tuple[object, ...]) -> Entry:
    names = Entry.__struct_fields__
    values = dict(zip(names, row, strict=True))
    values["concealed"] = bool(values["concealed"])
    values["changes"] = msgspec.json.decode(str(values["changes"]), type=tuple[Change, ...])
    return msgspec.convert(values, Entry)
