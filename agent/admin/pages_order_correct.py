"""What an order says wrongly, put right and tried again: the field that stopped it first, with what the shop says."""

from __future__ import annotations

from collections.abc import Iterable

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.lookup import ask, note_shown, order_of
from agent.admin.pages_orders import path_of
from agent.admin.visit import Visit
from agent.decide.correctable import as_read, likely
from agent.decide.corrections import LONGEST, fields_of, is_wrong, normalised, value_of
from agent.journal import by_hand, users
from agent.journal.by_hand import Asked
from agent.journal.orders import OrderRow, params_of
from agent.journal.users import Role
from agent.model.correction import FIELD_NAMES, Correction, field_words, is_open
from agent.model.order import Frozen, ShopOrder
from agent.model.reasons import OrderState
from agent.settings.tree import CustomerSettings

MOST_FIELDS = 200


class Field(Frozen, frozen=True):
    """One field of the form. `read` is what the shop says, None where that is not known or not shown; `kept` is what
    has been put in before, None where nothing has; `typed` is what was typed just now and not taken."""

    name: str
    called: str
    read: str | None
    is_veiled: bool
    is_corrected: bool
    is_overtaken: bool = False
    kept: str | None = None
    typed: str | None = None
    is_wrong: bool = False


async def show(visit: Visit) -> Response:
    return await _page(visit)


async def unveil(visit: Visit) -> Response:
    row = order_of(visit)
    if row is not None:
        await note_shown(visit, row)
    return await _page(visit, shown=True)


async def correct(visit: Visit) -> Response:
    row = order_of(visit)
    if row is None or row.state == OrderState.TRANSFERRED.value:
        return visit.problem(404 if row is None else 422, "order.unknown" if row is None else "order.stands")
    asked = _asked(visit)
    wrong = {each.field for each in asked if each.value is not None and is_wrong(each.field, each.value)}
    if wrong or not asked:
        said = visit.text("correct.value_wrong" if wrong else "correct.nothing")
        return await _page(visit, shown=visit.form.get("shown") == "yes", wrong=said, wrong_fields=frozenset(wrong))
    await leave_correction(visit, row, asked)
    return visit.back(path_of(row.shop, row.order_id), "asked")


async def leave_correction(visit: Visit, row: OrderRow, asked: list[Asked]) -> None:
    """The wish names the fields alone; what was typed stands where it goes with the person."""
    now_ms, who = visit.now_ms, visit.user.name
    named = ", ".join(each.field for each in asked)

    def asking_to_correct(tx: apsw.Connection) -> None:
        wish_id = users.wish(
            tx,
            at_ms=now_ms,
            who=who,
            kind="correct",
            shop=row.shop,
            order_id=row.order_id,
            args={"fields": named},
            before={"state": row.state, "reason": row.reason},
        )
        by_hand.ask_to_correct(tx, wish_id, row.shop, row.order_id, asked)

    await visit.admin.journal.run(asking_to_correct)


def _asked(visit: Visit) -> list[Asked]:
    """A field that was left as it was shown is not corrected; one that was left empty only where it had been shown."""
    found = [Asked(field=field, value=None) for field in visit.form.all("remove")]
    for field in dict.fromkeys(visit.form.all("field")[:MOST_FIELDS]):
        if any(each.field == field for each in found):
            continue
        value = normalised(field, visit.form.get(f"value.{field}"))
        was = visit.form.get(f"was.{field}") if visit.form.all(f"was.{field}") else None
        stands = visit.form.get(f"kept.{field}") if visit.form.all(f"kept.{field}") else was or ""
        if value != stands and (value or was):
            found.append(Asked(field=field, value=value, was=was))
    return found


async def _page(
    visit: Visit, *, shown: bool = False, wrong: str = "", wrong_fields: frozenset[str] = frozenset()
) -> Response:
    row = order_of(visit)
    if row is None:
        return visit.problem(404, "order.unknown")
    if row.state == OrderState.TRANSFERRED.value:
        return visit.problem(422, "order.stands")
    order, trouble = await ask(visit, lambda lookups: lookups.order(row.shop, row.order_id))
    params = params_of(row)
    corrections = {each.field: each for each in visit.view(lambda tx: _corrections(tx, row))}
    settings = _customers(visit, row.shop)
    first = dict.fromkeys((*likely(row.reason, params, order), *corrections))
    possible = FIELD_NAMES if order is None else fields_of(order)
    rest = [field for field in possible if field not in first and not _is_offered(field, order, first, settings)]

    def field(name: str) -> Field:
        return _field(visit, name, order, params, corrections.get(name), settings, shown, wrong_fields)

    return visit.page(
        "order/correct.html",
        422 if wrong else 200,
        order=row,
        path=path_of(row.shop, row.order_id),
        first=[field(name) for name in first],
        rest=[field(name) for name in rest],
        shown=shown,
        trouble=trouble,
        wrong=wrong,
        longest=LONGEST,
    )


def _is_offered(field: str, order: ShopOrder | None, first: Iterable[str], settings: CustomerSettings) -> bool:
    """Whether a field of one row is corrected by one of all rows that say the same."""
    if order is None or not field.startswith("line."):
        return False
    said = value_of(order, field, settings)
    return any(each in (f"article.{said}", f"method.{said}") for each in first)


def _corrections(tx: apsw.Connection, row: OrderRow) -> tuple[Correction, ...]:
    return by_hand.corrections_of(tx, row.shop, row.order_id)


def _field(
    visit: Visit,
    name: str,
    order: ShopOrder | None,
    params: dict[str, str],
    correction: Correction | None,
    settings: CustomerSettings,
    shown: bool,
    wrong_fields: frozenset[str],
) -> Field:
    told = as_read(name, params)
    read = value_of(order, name, settings) if order is not None else None
    read = told if read is None else read
    overtaken = (
        correction is not None
        and correction.was is not None
        and read is not None
        and read not in (correction.was, correction.value)
    )
    veiled = bool(not shown and not is_open(name) and (read or correction is not None))
    typed = visit.form.get(f"value.{name}") if visit.form.all(f"value.{name}") else None
    return Field(
        name=name,
        called=_called(visit, name, order),
        read=None if veiled else read,
        is_veiled=veiled,
        is_corrected=correction is not None,
        is_overtaken=overtaken,
        kept=None if veiled or correction is None else correction.value,
        typed=typed,
        is_wrong=name in wrong_fields,
    )


def _called(visit: Visit, name: str, order: ShopOrder | None) -> str:
    """A row is called by its goods, since its number says nothing to anybody."""
    called = field_words(name).in_(visit.language)
    lines = () if order is None else order.lines
    line = next((each for each in lines if name.startswith(f"line.{each.line_id}.")), None)
    return called[:1].upper() + called[1:] + ("" if line is None else f": {line.name}")


def _customers(visit: Visit, shop: str) -> CustomerSettings:
    found = (each.customers for each in visit.admin.settings().shop if each.key == shop)
    return next(found, CustomerSettings())


_ONE = "/orders/{shop}/{order_id:int}/correct"

ROUTES = (
    get(_ONE, show, Role.OPERATE),
    post(_ONE, correct),
    post(f"{_ONE}/show", unveil),
)
