"""The last examination of a shop that somebody asked the agent for, as it stands in the journal: also half done."""

from __future__ import annotations

import apsw
import msgspec

from agent.doctor.result import Result
from agent.journal import records
from agent.model.ids import ShopKey
from agent.model.order import Frozen


class Examination(Frozen, frozen=True):
    """`of` is how many tests there are in all. `ended_ms` is None while it goes on. Times are ours."""

    who: str
    began_ms: int
    of: int
    ended_ms: int | None = None
    results: tuple[Result, ...] = ()


_examination = msgspec.json.Decoder(Examination)


def keep(tx: apsw.Connection, shop: ShopKey, examination: Examination) -> None:
    records.set_value(tx, _key(shop), msgspec.json.encode(examination).decode())


def last(tx: apsw.Connection, shop: ShopKey) -> Examination | None:
    text = records.value(tx, _key(shop))
    return _examination.decode(text) if text else None


def _key(shop: ShopKey) -> str:
    return f"examined/{shop}"
