"""One-time codes: with one somebody becomes a user, or gets in again after forgetting the password. Kept as digests."""

from __future__ import annotations

import apsw
import msgspec

from agent.admin.passwords import code_digest, equal, new_code
from agent.journal import records
from agent.journal.users import Role
from agent.model.order import Frozen

NOTE = "admin_code"

SERVED_AT = "admin_address"
"""The note of where the admin was last served: `brygga admin code` tells it while there are no settings to say."""

HOLDS_S = 24 * 3600
"""A code that nobody used for a day is worth nothing."""


class Code(Frozen, frozen=True):
    """What a code is good for. Without a name anybody may use it under any; that is the terminal's."""

    digest: str
    until_ms: int
    name: str = ""
    role: Role = Role.CONFIGURE


def give_code(tx: apsw.Connection, now_ms: int, name: str = "", role: Role = Role.CONFIGURE) -> str:
    """A new code, as a person types it. The one before it for the same name is worth nothing any more."""
    code = new_code()
    kept = Code(digest=code_digest(code), until_ms=now_ms + HOLDS_S * 1000, name=name, role=role)
    records.set_value(tx, _key(name), msgspec.json.encode(kept).decode())
    return code


def take_code(tx: apsw.Connection, code: str, name: str, now_ms: int) -> Code | None:
    """What the code is good for under this name; it is used up by that. Part of a step."""
    for key in (_key(name), _key("")):
        text = records.value(tx, key)
        if not text:
            continue
        kept = msgspec.json.decode(text, type=Code)
        if now_ms < kept.until_ms and equal(kept.digest, code_digest(code)):
            records.set_value(tx, key, "")
            return kept
    return None


def drop_code(tx: apsw.Connection, name: str) -> None:
    """A code that was given to this name is worth nothing from now on."""
    records.set_value(tx, _key(name), "")


def _key(name: str) -> str:
    return f"{NOTE}/{name.casefold()}" if name else NOTE
