"""An order tied to a document that stands in Mamut: looked up first, both sides shown, and done when somebody has seen
them."""

from __future__ import annotations

from starlette.responses import Response

from agent.actors.wishes_orders import Standing, doubts, never
from agent.admin.door import get, post
from agent.admin.lookup import ask, order_of
from agent.admin.pages_orders import path_of
from agent.admin.visit import Visit
from agent.journal.orders import OrderRow
from agent.journal.users import Role
from agent.model.reasons import OrderState
from agent.shown.names import wish_result


async def show(visit: Visit) -> Response:
    """With a number, what stands under it; without one, the field to type it in."""
    row = order_of(visit)
    if row is None:
        return visit.problem(404, "order.unknown")
    return await _page(visit, row, visit.query("mamut_order_no").strip())


async def tie(visit: Visit) -> Response:
    row = order_of(visit)
    if row is None:
        return visit.problem(404, "order.unknown")
    text = visit.form.get("mamut_order_no").strip()
    number, anyway = _number(text), visit.form.get("anyway") == "yes"
    if number is None:
        return await _page(visit, row, text)
    standing, _trouble = await ask(visit, lambda lookups: lookups.standing(row.mamut_order_no, number))
    if standing is None or _problem(visit, row, standing) or (doubts(row, standing) and not anyway):
        return await _page(visit, row, text)
    args = {"mamut_order_no": str(number), **({"anyway": "yes"} if anyway else {})}
    kind = "relink" if _is_there(row) else "adopt"
    before: dict[str, object] = {"state": row.state, "mamut_order_no": row.mamut_order_no}
    await visit.wish(kind, row.shop, row.order_id, args, before=before)
    return visit.back(path_of(row.shop, row.order_id), "asked")


def _is_there(row: OrderRow) -> bool:
    return row.state == OrderState.TRANSFERRED.value


def _number(text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) < 18 and int(text) > 0
    return int(text) if fits else None


async def _page(visit: Visit, row: OrderRow, text: str) -> Response:
    number, wrong, standing = _number(text), "", Standing(old=None, new=None)
    found: tuple[str, ...] = ()
    if text and number is None:
        wrong = visit.text("order.number_wrong")
    elif number is not None:
        looked, wrong = await ask(visit, lambda lookups: lookups.standing(row.mamut_order_no, number))
        if looked is not None:
            standing = looked
            wrong = _problem(visit, row, standing)
            found = () if wrong else doubts(row, standing)
    return visit.page(
        "order/tie.html",
        422 if visit.request.method == "POST" else 200,
        order=row,
        path=path_of(row.shop, row.order_id),
        typed=text,
        new=standing.new,
        old=standing.old,
        doubts=found,
        wrong=wrong,
        is_there=_is_there(row),
    )


def _problem(visit: Visit, row: OrderRow, standing: Standing) -> str:
    """Why it cannot be, whatever somebody knows; in words."""
    if standing.new is not None and standing.new.order_no == row.mamut_order_no:
        return visit.text("tie.same")
    problem = visit.view(lambda tx: never(tx, row, standing))
    return wish_result(problem, visit.language).removeprefix("nej, ").removeprefix("no, ") if problem else ""


_ONE = "/orders/{shop}/{order_id:int}/tie"

ROUTES = (get(_ONE, show, Role.OPERATE), post(_ONE, tie))
