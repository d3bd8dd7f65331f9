"""What needs a person: one row for each cause, however many wait for it, with what helps."""

from __future__ import annotations

from collections.abc import Sequence

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.pages_orders import path_of
from agent.admin.visit import Visit
from agent.journal import attention_pages, reports, users
from agent.journal.attention_pages import RETRYABLE, Example, Retry
from agent.journal.overview import Needs
from agent.model.catalogue import Explanation
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.shown.names import explained

SHOWN = 5
"""Of each cause so many are shown; the list of orders shows all."""

AT_ONCE = 200
"""So many wishes are left in one step: between two steps the agent has its turn."""


class Row(Frozen, frozen=True):
    """One cause as it is shown. `text` is None for what no text knows, and for stopped prices."""

    need: Needs
    text: Explanation | None
    examples: tuple[tuple[Example, str, str], ...]
    """Each with its path, where it has one, and its cause with its own figures."""


async def show(visit: Visit) -> Response:
    rows = visit.view(lambda tx: _rows(tx, visit))
    return visit.page("attention/attention.html", rows=rows, retryable=RETRYABLE)


def _shops(tx: apsw.Connection, visit: Visit) -> list[ShopKey]:
    return sorted({*(ShopKey(shop.key) for shop in visit.admin.settings().shop), *reports.shop_keys(tx)})


def _rows(tx: apsw.Connection, visit: Visit) -> list[Row]:
    shops = _shops(tx, visit)
    return [_row(tx, visit, need, shops) for need in attention_pages.needs(tx, shops)]


def _row(tx: apsw.Connection, visit: Visit, need: Needs, shops: Sequence[ShopKey]) -> Row:
    return Row(
        need=need,
        text=explained(need.code, visit.language, {}),
        examples=tuple(
            (each, path_of(each.shop, each.order_id) if each.order_id else "", _cause(visit, need.code, each))
            for each in attention_pages.first(tx, need, shops, SHOWN)
        ),
    )


def _cause(visit: Visit, code: str, each: Example) -> str:
    text = explained(code, visit.language, each.params)
    return "" if text is None else text.cause


async def retry(visit: Visit) -> Response:
    """Leaves the wish for everything that waits for the same cause, as it is now."""
    area, code = visit.form.get("area"), visit.form.get("code")
    found = visit.view(lambda tx: attention_pages.to_retry(tx, area, code, _shops(tx, visit)))
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
