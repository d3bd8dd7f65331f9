"""What needs a person: one row for each cause, however many wait for it, with what helps. Live, by cause or by age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import Admin, MenuEntry
from agent.admin.live import Piece
from agent.admin.pages_orders import path_of
from agent.admin.visit import Visit
from agent.journal import attention_pages, users
from agent.journal.attention_pages import RETRYABLE, Example, Retry
from agent.journal.overview import Needs
from agent.model.order import Frozen
from agent.shown.attention import Waiting, all_shops

SHOWN = 5
"""Of each cause so many are shown; the list of orders shows all."""

AT_ONCE = 200
"""So many wishes are left in one step: between two steps the agent has its turn."""


class Row(Frozen, frozen=True):
    """One cause as it is shown, with some that wait for it and their paths."""

    need: Needs
    examples: tuple[tuple[Example, str], ...]


async def show(visit: Visit) -> Response:
    by_age = visit.query("by") == "age"
    piece = "attention_by_age" if by_age else "attention"
    now = visit.admin.live.html(piece, visit.language)
    return visit.page("attention/attention.html", now=now, piece=piece, by_age=by_age)


def look(tx: apsw.Connection, admin: Admin) -> Mapping[str, object]:
    settings = admin.settings()
    waiting = Waiting(tx, settings, admin.clock(), all_shops(tx, settings))
    return {"rows": [_row(waiting, need) for need in waiting.needs()], "retryable": RETRYABLE}


def look_by_age(tx: apsw.Connection, admin: Admin) -> Mapping[str, object]:
    """The oldest first, wherever it stands; last what nobody knows the age of."""
    found = look(tx, admin)
    rows = found["rows"]
    if not isinstance(rows, list):
        raise TypeError("the rows are a list")
    return {**found, "rows": sorted(rows, key=lambda row: (row.need.since_ms is None, row.need.since_ms or 0))}


def _row(waiting: Waiting, need: Needs) -> Row:
    return Row(
        need=need,
        examples=tuple(
            (each, path_of(each.shop, each.order_id) if each.order_id else "") for each in waiting.first(need, SHOWN)
        ),
    )


async def retry(visit: Visit) -> Response:
    """Leaves the wish for everything that waits for the same cause, as it is now."""
    area, _, code = visit.form.get("which").partition("/")
    settings = visit.admin.settings()
    found = visit.view(lambda tx: attention_pages.to_retry(tx, area, code, all_shops(tx, settings)))
    for start in range(0, len(found), AT_ONCE):
        await _leave(visit, found[start : start + AT_ONCE], code)
    return visit.back("/attention", "asked_many", len(found))


async def _leave(visit: Visit, found: Sequence[Retry], code: str) -> None:
    now_ms, who = visit.now_ms, visit.user.name

    def wishing_for_all(tx: apsw.Connection) -> None:
        for each in found:
            users.wish(
                tx,
                at_ms=now_ms,
                who=who,
                kind=each.kind,
                shop=each.shop,
                order_id=each.order_id,
                args=each.args,
                before={"reason": code},
            )

    await visit.admin.journal.run(wishing_for_all)


ROUTES = (get("/attention", show), post("/attention/retry", retry))
MENU = (MenuEntry(15, "/attention", "attention.title"),)
LIVE = (
    Piece("attention", "attention/now.html", look),
    Piece("attention_by_age", "attention/now.html", look_by_age),
)
