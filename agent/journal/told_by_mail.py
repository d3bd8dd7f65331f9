"""What people have been told by mail, and how the last letters fared: one note, so that it changes whole."""

from __future__ import annotations

from datetime import datetime

import apsw
import msgspec

from agent.decide.telling import Told
from agent.journal import records
from agent.model.order import Frozen

_KEY = "mail"


class MailState(Frozen, frozen=True):
    """`told` by matter. `sent` is when the last letter went, `digest` when the last digest of the day was seen to.

    `failed` is since when letters have failed, with the `problem` of the last attempt; None while they go.
    """

    told: dict[str, Told] = {}
    sent: datetime | None = None
    digest: datetime | None = None
    failed: datetime | None = None
    problem: str = ""
    refused: int = 0
    """So many recipients of the last letter did not get it: the server would not have them."""
    tried: datetime | None = None
    result: str = ""
    """When somebody last had a letter tried, and what came of it."""


def get(tx: apsw.Connection) -> MailState:
    text = records.value(tx, _KEY)
    return msgspec.json.decode(text, type=MailState) if text else MailState()


def put(tx: apsw.Connection, state: MailState) -> None:
    records.set_value(tx, _KEY, msgspec.json.encode(state).decode())
