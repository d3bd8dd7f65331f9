"""Articles that people have released from rules that hold them."""

from __future__ import annotations

import apsw
import msgspec

from agent.journal import records
from agent.model.ids import ShopKey
from agent.model.order import Frozen

_KEY = "released/"


class Release(Frozen, frozen=True):
    """One rule's hold of one article that counts no more. `digest` is that of the rule as it stood: one that has become
    another is to be looked at anew."""

    digest: str
    who: str
    at_ms: int


_decoder = msgspec.json.Decoder(dict[str, Release])


def release(tx: apsw.Connection, shop: ShopKey, about: str, pk: int, rule: str, given: Release) -> None:
    """`about` is the rule's object. Part of a step."""
    key = f"{_KEY}{shop}/{about}/{pk}"
    kept = records.value(tx, key)
    rules = {**(_decoder.decode(kept) if kept else {}), rule: given}
    records.set_value(tx, key, msgspec.json.encode(rules).decode())


def of_shop(tx: apsw.Connection, shop: ShopKey) -> dict[tuple[str, int], dict[str, Release]]:
    """All there are, by the rules' object and the article."""
    start = f"{_KEY}{shop}/"
    rows = tx.execute("SELECT key, value FROM notes WHERE key > ? AND key < ?", (start, f"{_KEY}{shop}0"))
    found: dict[tuple[str, int], dict[str, Release]] = {}
    for key, value in rows:
        about, _, pk = str(key).removeprefix(start).partition("/")
        found[about, int(pk)] = _decoder.decode(value)
    return found
