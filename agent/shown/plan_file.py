"""A plan as a file: every row, as JSON for programs and as CSV for people. The JSON's digest tells whether it is still
the one that was written."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterator, Sequence
from functools import partial

import msgspec
import trio

from agent.journal import plans
from agent.journal.journal import Journal
from agent.model.catalogue import explain, tell
from agent.model.plan import Action, Plan, PlanRow
from agent.model.said import GoodsReason, Said
from agent.model.words import Language

COLUMNS = ("place", "action", "number", "name", "kind", "code", "why", "changes", "mamut", "shop", "shop_parent")

PART = 500
"""Rows that are read in one go: a few milliseconds."""


def name_of(plan: Plan) -> str:
    """What its files are called, without their endings."""
    return f"plan-{plan.number}-{plan.shop}-from-{plan.source.value}"


def json_parts(plan: Plan, rows: Iterator[PlanRow], language: Language) -> Iterator[bytes]:
    """The whole JSON, a row at a time."""
    yield json_head(plan)
    yield from _json_rows(plan, rows, language, first=True)
    yield JSON_END


def json_head(plan: Plan) -> bytes:
    head = msgspec.json.encode({"plan": plan.number, "shop": plan.shop, "source": plan.source.value})
    return head[:-1] + b',"rows":['


JSON_END = b"\n]}\n"


def csv_head() -> str:
    return _csv([COLUMNS])


def csv_line(plan: Plan, row: PlanRow, language: Language) -> str:
    told = _told(plan, row, language)
    changes = "; ".join(
        f"{name}: {old} -> {new}" if old else f"{name}: {new}" for name, (old, new) in row.changes.items()
    )
    return _csv([[_cell(changes if name == "changes" else told[name]) for name in COLUMNS]])


async def plan_parts(journal: Journal, plan: Plan, language: Language) -> AsyncIterator[bytes]:
    """The JSON while others work: the journal is read a few rows at a time."""
    yield json_head(plan)
    first = True
    async for rows in _portions(journal, plan):
        yield b"".join(_json_rows(plan, iter(rows), language, first=first))
        first = False
    yield JSON_END


async def sheet_parts(journal: Journal, plan: Plan, language: Language) -> AsyncIterator[bytes]:
    """The CSV, the same way; it begins with the mark by which spreadsheets know UTF-8."""
    yield csv_head().encode("utf-8-sig")
    async for rows in _portions(journal, plan):
        yield "".join(csv_line(plan, row, language) for row in rows).encode()


async def _portions(journal: Journal, plan: Plan) -> AsyncIterator[list[PlanRow]]:
    place = 0
    while rows := journal.view(partial(plans.rows_after, plan=plan.number, place=place, limit=PART)):
        yield rows
        place = rows[-1].place
        await trio.lowlevel.checkpoint()


def _json_rows(plan: Plan, rows: Iterator[PlanRow], language: Language, *, first: bool) -> Iterator[bytes]:
    comma = b"\n" if first else b",\n"
    for row in rows:
        yield comma + msgspec.json.encode(_told(plan, row, language))
        comma = b",\n"


def _csv(lines: Sequence[Sequence[object]]) -> str:
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows(lines)
    return sheet.getvalue()


def why(code: str, params: dict[str, str], language: Language) -> str:
    """A code in words; empty for none."""
    if code in tuple(GoodsReason):
        told = explain(GoodsReason(code), language, params)
        return f"{told.title}. {told.cause}"
    return tell(Said(code), language, params) if code in tuple(Said) else code


def _told(plan: Plan, row: PlanRow, language: Language) -> dict[str, object]:
    from_mamut = plan.source.value == "mamut"
    return {
        "place": row.place,
        "action": row.action.value,
        "number": row.number,
        "name": row.name,
        "kind": row.kind.value,
        "code": row.code,
        "why": why(row.code, row.params, language) if row.action in (Action.REFUSE, Action.LEAVE) else "",
        "changes": {name: list(change) for name, change in row.changes.items()},
        "mamut": (row.key if from_mamut else row.target) or None,
        "shop": (row.target if from_mamut else row.key) or None,
        "shop_parent": row.parent or None,
    }


def _cell(value: object) -> object:
    """A text that a spreadsheet would take for a formula is shown as text."""
    if value is None:
        return ""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@") else value
