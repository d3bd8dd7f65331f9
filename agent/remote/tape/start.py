"""What the journal held when a recording began, as data a tape may hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import apsw
import msgspec

from agent.journal import order_keys
from agent.remote.tape.scrub import Scrubber
from agent.settings.tree import Settings, settings_digest

TABLES = ("shops", "commands", "orders", "usage", "notes")
"""What the agent decides by. Stories, proofs and health are told and never asked."""

ROWS_A_LINE = 500

SETTINGS_NOTE = "settings"
"""The key of the note that tells by which settings the orders were judged last."""

KEPT_NOTES = ("start/", "accepted/")
"""Beginnings of the keys of notes that hold a moment or a number."""

LEFT_OUT = (order_keys.SALT, order_keys.BELOW, "set_up", "admin", "mail", "computer", "settings_")
"""Beginnings of the keys of notes about this computer and its people, and of the key of the digests by which orders are
found: nothing of it is decided by, and a journal that plays has its own."""

SAME = "same"
OTHERS = "others"
"""What stands in that note."""

_COLUMN_KINDS = {"url": "url", "order_key": "order_key", "ext_id": "ext_id", "number": "number", "store_id": "store_id"}


def journal_lines(tx: apsw.Connection, scrub: Scrubber, settings: Settings) -> Iterator[dict[str, Any]]:
    """The rows of each table that has any, some hundred a line. An empty journal gives nothing."""
    for table in TABLES:
        cursor = tx.execute(f"SELECT * FROM {table}")  # noqa: S608 - one of our own names
        rows: list[list[Any]] = []
        names: list[str] = []
        for row in cursor:
            names = names or [column[0] for column in cursor.getdescription()]
            named = dict(zip(names, row, strict=True))
            if table == "notes" and str(named["key"]).startswith(LEFT_OUT):
                continue
            rows.append(_row(table, named, scrub, settings))
            if len(rows) == ROWS_A_LINE:
                yield {"table": table, "columns": names, "rows": rows}
                rows = []
        if rows:
            yield {"table": table, "columns": names, "rows": rows}


def _row(table: str, row: dict[str, Any], scrub: Scrubber, settings: Settings) -> list[Any]:
    if table == "commands":
        body = msgspec.msgpack.decode(row["body"])
        # Digests of what is invented from here on; the tables that they would go into are no part of a tape.
        body.pop("booked", None)
        row["body"] = scrub.value(body)
    elif table == "notes":
        if row["key"] == SETTINGS_NOTE:
            row["value"] = _judged_by(row["value"], settings)
        elif not row["key"].startswith(KEPT_NOTES):
            row["value"] = _note(row["value"], scrub)
    elif table == "shops":
        row["frozen_detail"] = scrub.value(row["frozen_detail"])
    elif table == "orders":
        # The content is invented from here on, so neither its digest nor its payment's can be the one of before.
        row.update(content_hash="", payment="", params="{}")
    for column, kind in _COLUMN_KINDS.items():
        if column in row:
            row[column] = scrub.value(row[column], kind)
    return list(row.values())


def _judged_by(digest: str, settings: Settings) -> str:
    """Whether orders were judged by these very settings: then the player puts the digest of the invented ones here."""
    return SAME if digest == settings_digest(settings) else OTHERS


def _note(text: str, scrub: Scrubber) -> str:
    """A note is a text or JSON, as what Mamut told of its company."""
    if not text.startswith("{"):
        return str(scrub.value(text))
    return msgspec.json.encode(scrub.value(msgspec.json.decode(text))).decode()
