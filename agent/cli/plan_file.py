"""A plan as a file: every row, as JSON for programs and as CSV for people. The JSON's digest tells whether it is still
the one that was written."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from agent.journal import plans
from agent.journal.journal import Journal
from agent.model.plan import Plan, PlanRow
from agent.model.words import Language
from agent.shown.plan_file import csv_head, csv_line, json_parts, name_of


class Header(msgspec.Struct, frozen=True):
    """What a plan's file says of itself."""

    plan: int
    shop: str
    source: str


def names_of(plan: Plan, folder: Path) -> tuple[Path, Path]:
    stem = name_of(plan)
    return folder / f"{stem}.json", folder / f"{stem}.csv"


def write_plan(plan: Plan, rows: Iterator[PlanRow], folder: Path, language: Language) -> tuple[Path, Path, str]:
    """Writes both files, a row at a time, and gives them with the digest of the JSON. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    as_json, as_csv = names_of(plan, folder)
    digest = sha256()
    with as_json.open("wb") as whole, as_csv.open("w", encoding="utf-8-sig", newline="") as table:
        table.write(csv_head())

        def both() -> Iterator[PlanRow]:
            for row in rows:
                table.write(csv_line(plan, row, language))
                yield row

        for part in json_parts(plan, both(), language):
            digest.update(part)
            whole.write(part)
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
