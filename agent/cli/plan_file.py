"""A plan as a file: every row, as JSON for programs and as CSV for people. The JSON's digest tells whether it is still
the one that was written."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from agent.journal import plans
from agent.journal.journal import Journal
from agent.model.catalogue import explain, tell
from agent.model.plan import Action, Plan, PlanRow
from agent.model.said import GoodsReason, Said
from agent.model.words import Language

COLUMNS = ("place", "action", "number", "name", "kind", "code", "why", "changes", "mamut", "shop", "shop_parent")


class Header(msgspec.Struct, frozen=True):
    """What a plan's file says of itself."""

    plan: int
    shop: str
    source: str


def names_of(plan: Plan, folder: Path) -> tuple[Path, Path]:
    stem = f"plan-{plan.number}-{plan.shop}-from-{plan.source.value}"
    return folder / f"{stem}.json", folder / f"{stem}.csv"


def write_plan(plan: Plan, rows: Iterator[PlanRow], folder: Path, language: Language) -> tuple[Path, Path, str]:
    """Writes both files, a row at a time, and gives them with the digest of the JSON. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    as_json, as_csv = names_of(plan, folder)
    digest = sha256()
    with as_json.open("wb") as whole, as_csv.open("w", encoding="utf-8-sig", newline="") as table:
        head = msgspec.json.encode({"plan": plan.number, "shop": plan.shop, "source": plan.source.value})

        def put(part: bytes) -> None:
            digest.update(part)
            whole.write(part)

        put(head[:-1] + b',"rows":[')
        sheet = csv.writer(table)
        sheet.writerow(COLUMNS)
        comma = b"\n"
        for row in rows:
            told = _told(plan, row, language)
            put(comma + msgspec.json.encode(told))
            comma = b",\n"
            changes = "; ".join(
                f"{name}: {old} -> {new}" if old else f"{name}: {new}" for name, (old, new) in row.changes.items()
            )
            sheet.writerow([_cell(changes if name == "changes" else told[name]) for name in COLUMNS])
        put(b"\n]}\n")
    return as_json, as_csv, digest.hexdigest()


async def keep_plan(journal: Journal, number: int, folder: Path, language: Language) -> tuple[Path, Path, str]:
    """Writes both files and keeps in the journal which they are: no other file is the plan. Raises OSError."""
    kept = journal.view(lambda tx: plans.get(tx, number))
    if kept is None:
        raise RuntimeError("a plan that was just made is not there")
    as_json, as_csv, digest = journal.view(lambda tx: write_plan(kept, plans.walk(tx, number), folder, language))
    await journal.run(lambda tx: plans.set_digest(tx, number, digest))
    return as_json, as_csv, digest


def read_plan(path: Path) -> tuple[Header, str]:
    """What the file says of itself, and its digest. Raises OSError, and ValueError for what is no plan."""
    digest = sha256()
    with path.open("rb") as file:
        first = file.readline()
        digest.update(first)
        while part := file.read(1 << 20):
            digest.update(part)
    try:
        header = msgspec.json.decode(first.rstrip(b"\n").removesuffix(b',"rows":[') + b"}", type=Header)
    except msgspec.DecodeError as error:
        raise ValueError(str(path)) from error
    return header, digest.hexdigest()


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
