"""What there is to judge of those who work beside the agent, and of what people asked it for."""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from agent.doctor import kept
from agent.journal import sync_runs
from agent.model.ids import ShopKey
from scenarios.play import Play

Companion = Literal["watch", "admin"]
"""Who works beside an agent: those who mail and look out, and the admin's server."""


class Letter(msgspec.Struct, frozen=True):
    """A letter that the merchant has got. Letters of one identity are known as one."""

    identity: str
    subject: str
    text: str


class BesideEnd(msgspec.Struct, frozen=True, kw_only=True):
    """`address` is where a person is told that the admin is, `code_is_good` whether the one-time code that was shown
    last lets somebody in. `room_mb` is how little room is told of, None while it is enough."""

    companions: tuple[Companion, ...]
    letters: tuple[Letter, ...]
    address: str
    code_is_good: bool
    started: bool
    room_mb: int | None


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What people asked of the agent, with its answers in the order of the asking: None is none. `half_examined` are
    shops whose examination has not ended, `sync_open` is whether a synchronisation has not. `nameless` are orders
    that nobody can find by what they hold, `webhooks` those that the shops have, where somebody asked for webhooks."""

    answers: tuple[tuple[str, str | None], ...]
    half_examined: tuple[str, ...]
    sync_open: bool
    nameless: int
    webhooks: int


def asked(play: Play, tx: apsw.Connection) -> Asked:
    """No agent may be alive."""
    answers = tuple(
        (str(kind), None if done_ms is None else str(result))
        for kind, done_ms, result in tx.execute("SELECT kind, done_ms, result FROM wishes ORDER BY wish_id")
    )
    # Most plays are without any of these, and there are thousands of them.
    examined = {key: kept.last(tx, ShopKey(key)) for key in play.shops if answers}
    wrote = any(kind.startswith("webhooks") for kind, _ in answers)
    (nameless,) = tx.execute(
        "SELECT count(*) FROM orders o WHERE read_at IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM order_keys k WHERE k.shop = o.shop AND k.order_id = o.order_id)"
    ).fetchone() or (0,)
    return Asked(
        answers=answers,
        half_examined=tuple(
            key
            for key, each in examined.items()
            if each is not None and (each.ended_ms is None or len(each.results) != each.of)
        ),
        sync_open=bool(answers) and sync_runs.open_run(tx) is not None,
        nameless=int(nameless),
        webhooks=sum(len(side.do("GET", "/webhooks?_fields=id")) for side in play.shops.values() if wrote),
    )
