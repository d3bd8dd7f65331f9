"""The one-time code with which the first user is made: shown in the terminal, kept as its digest."""

from __future__ import annotations

import apsw
import msgspec

from agent.admin.passwords import code_digest, equal, new_code
from agent.journal import records
from agent.model.order import Frozen

NOTE = "admin_code"

HOLDS_S = 24 * 3600
"""A code that nobody used for a day is worth nothing."""


class _Code(Frozen, frozen=True):
    digest: str
    until_ms: int


def give_code(tx: apsw.Connection, now_ms: int) -> str:
    """A new code, as a person types it. The one before it is worth nothing any more."""
    code = new_code()
    kept = _Code(digest=code_digest(code), until_ms=now_ms + HOLDS_S * 1000)
    records.set_value(tx, NOTE, msgspec.json.encode(kept).decode())
    return code


def take_code(tx: apsw.Connection, code: str, now_ms: int) -> bool:
    """Whether it is the code; it is used up by that. Part of a step."""
    text = records.value(tx, NOTE)
    if not text:
        return False
    kept = msgspec.json.decode(text, type=_Code)
    if now_ms >= kept.until_ms or not equal(kept.digest, code_digest(code)):
        return False
    records.set_value(tx, NOTE, "")
    return True
