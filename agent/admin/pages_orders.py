"""Orders: the list, with its search and its states."""

from __future__ import annotations

from urllib.parse import urlencode

import apsw
from starlette.responses import RedirectResponse, Response

from agent.admin.door import get
from agent.admin.house import MenuEntry
from agent.admin.visit import Visit
from agent.journal import order_pages, reports, search
from agent.journal.order_pages import Page, Place
from agent.model.ids import ShopKey
from agent.model.reasons import OrderState, Reason

SHOWN = 50
"""Orders on a page."""

MOST_FOUND = 100
"""So many of those that a search finds are shown, the newest."""

MOODS = {
    OrderState.TRANSFERRED.value: "good",
    OrderState.WAITING.value: "busy",
    OrderState.EXCLUDED.value: "",
    OrderState.HELD.value: "warn",
    OrderState.DEAD.value: "bad",
}
"""How a state looks, as the stylesheet calls it."""


def path_of(shop: str, order_id: int) -> str:
    """Where an order's own page is."""
    return f"/orders/{shop}/{order_id}"


async def show(visit: Visit) -> Response:
    sought = visit.query("q").strip()
    shop = ShopKey(visit.query("shop")) if visit.query("shop") else None
    by = ""
    if sought:
        answer = visit.view(lambda tx: search.find(tx, sought, shop, MOST_FOUND))
        found, by = answer.orders[:MOST_FOUND], answer.by
        if len(found) == 1:
            return RedirectResponse(path_of(found[0].shop, found[0].order_id), 303)
        page = Page(orders=tuple(found), older=None)
    else:
        page = visit.view(lambda tx: _page(tx, visit, shop))
    chosen = {name: visit.query(name) for name in ("state", "reason", "shop")}
    filters = {name: value for name, value in chosen.items() if value}
    older = "" if page.older is None else f"{page.older.at}.{page.older.order_id}.{page.older.shop}"
    return visit.page(
        "orders/orders.html",
        orders=page.orders,
        moods=MOODS,
        sought=sought,
        found_by=by,
        more_found=len(page.orders) == MOST_FOUND if sought else False,
        incomplete=bool(sought) and not page.orders and visit.view(search.is_incomplete),
        filters=chosen,
        shops=_shops(visit),
        states=[state.value for state in OrderState],
        reasons=[(state.value, [each.value for each in Reason if each.state is state]) for state in OrderState],
        newest="/orders" + (f"?{urlencode(filters)}" if filters else ""),
        older=f"/orders?{urlencode({**filters, 'before': older})}" if older else "",
        is_first=not visit.query("before"),
    )


def _shops(visit: Visit) -> list[str]:
    return sorted({*(shop.key for shop in visit.admin.settings().shop), *visit.view(reports.shop_keys)})


def _page(tx: apsw.Connection, visit: Visit, shop: ShopKey | None) -> Page:
    """What is asked for and does not exist is not asked for."""
    state, reason = visit.query("state"), visit.query("reason")
    return order_pages.page(
        tx,
        state=OrderState(state) if state in tuple(OrderState) else None,
        reason=Reason(reason) if reason in tuple(Reason) else None,
        shop=shop,
        before=_place(visit.query("before")),
        limit=SHOWN,
    )


def _place(text: str) -> Place | None:
    at, _, rest = text.partition(".")
    order_id, _, shop = rest.partition(".")
    if not all(each.removeprefix("-").isascii() and each.removeprefix("-").isdigit() for each in (at, order_id)):
        return None
    return Place(at=int(at), shop=shop, order_id=int(order_id)) if max(len(at), len(order_id)) < 18 else None


ROUTES = (get("/orders", show),)
MENU = (MenuEntry(20, "/orders", "orders.title"),)
