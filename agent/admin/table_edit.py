"""What the pages of rules, mappings and plugins share: a list of tables of one shop in the file, and one of them
changed."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from typing import Any

from agent.admin.saving import told
from agent.admin.visit import Visit
from agent.journal.settings_history import text_digest
from agent.model.order import Frozen
from agent.settings.finding import Finding, inside
from agent.settings.load import Unreadable, loads
from agent.settings.tables import NotEditable, TableList
from agent.settings.toml_text import assignment
from agent.settings.tree import Settings, ShopSettings

Table = dict[str, Any]

NEW = "new"
"""The place of a table that does not stand in the file yet."""

TEXT_MAX = 20_000
"""Characters of one table that are shown beside an act."""


class Standing(Frozen, frozen=True):
    """The settings as they stand in the file, faults and all; those at work where the file cannot be changed from
    here."""

    settings: Settings
    text: str
    editable: bool

    @property
    def basis(self) -> str:
        return text_digest(self.text)

    def shop_no(self, key: str) -> int | None:
        return next((number for number, shop in enumerate(self.settings.shop) if shop.key == key), None)


class Draft(Frozen, frozen=True):
    """Which table is being edited. `was` is the name that it had when the page was opened, `basis` the file then."""

    shop: str
    place: str = NEW
    was: str = ""
    basis: str = ""

    @property
    def index(self) -> int | None:
        return int(self.place) if self.place.isascii() and self.place.isdigit() and len(self.place) < 6 else None


class Composed(Frozen, frozen=True):
    """The whole file as it would be, and the table in it before and after. `path` is the table's place in the file,
    `place` that in its list."""

    text: str
    path: str
    place: int
    name: str
    before: str
    after: str


def standing(visit: Visit) -> Standing:
    reloader = visit.admin.reloader()
    if reloader is None:
        return Standing(settings=visit.admin.settings(), text="", editable=False)
    read = reloader.read()
    if read.settings is not None:
        return Standing(settings=read.settings, text=read.text, editable=True)
    loaded = loads(read.text)
    if isinstance(loaded, Unreadable):
        return Standing(settings=visit.admin.settings(), text=read.text, editable=False)
    return Standing(settings=loaded.settings, text=read.text, editable=True)


def chosen_shop(visit: Visit, stands: Standing) -> ShopSettings | None:
    """The shop that the address or the form names, else the first; None where there is none."""
    key = visit.form.get("shop") or visit.query("shop")
    return next((shop for shop in stands.settings.shop if shop.key == key), next(iter(stands.settings.shop), None))


def draft_of(visit: Visit, shop: str) -> Draft:
    """As the form has it."""
    form = visit.form
    return Draft(shop=shop, place=form.get("place") or NEW, was=form.get("was"), basis=form.get("basis"))


def table_list(stands: Standing, shop: str, name: str) -> TableList:
    """Raises NotEditable."""
    number = stands.shop_no(shop)
    if number is None or not stands.editable:
        raise NotEditable("no such shop")
    return TableList(stands.text, number, name)


def found_again(tables: TableList, draft: Draft) -> int | None:
    """The table's place now: by its name, where somebody has moved it meanwhile. Raises NotEditable when it is gone."""
    if draft.index is None:
        return None
    rows = tables.tables
    if draft.index < len(rows) and rows[draft.index].get("name") == draft.was:
        return draft.index
    places = [number for number, row in enumerate(rows) if row.get("name") == draft.was]
    if len(places) != 1:
        raise NotEditable("gone")
    return places[0]


def composed(stands: Standing, draft: Draft, name: str, table: Table) -> Composed:
    """The file with this table in it. Raises NotEditable."""
    tables = table_list(stands, draft.shop, name)
    index = found_again(tables, draft)
    place = len(tables) if index is None else index
    return Composed(
        text=tables.added(table) if index is None else tables.changed(index, table),
        path=f"shop[{stands.shop_no(draft.shop)}].{name}[{place}]",
        place=place,
        name=str(table.get("name", "")),
        before="" if index is None else text_of(tables.tables[index]),
        after=text_of(table),
    )


def text_of(table: Table) -> str:
    """A table as its own lines of TOML."""
    return "".join(assignment(key, value) for key, value in table.items())


class NotToml(Exception):
    """`line` is where, empty when that cannot be said."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def table_from(text: str, name: str) -> Table:
    """What somebody typed as TOML, with the heading or without it. Raises NotToml."""
    lines = text.replace("\r\n", "\n").strip().split("\n")
    blank = [f"[[shop.{name}]]", f"[[{name}]]"]
    plain = "\n".join("" if line.strip() in blank else line for line in lines)
    try:
        return tomllib.loads(plain, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        _, _, where = str(error).rpartition("(at ")
        raise NotToml(where.rstrip(")") if where[:5] == "line " else "") from error
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotToml("") from error


def of_this(
    visit: Visit, findings: tuple[Finding, ...], path: str
) -> tuple[list[dict[str, object]], dict[str, object]]:
    """The faults and warnings within one table, for the list and by the place within it."""
    ours = sorted((each for each in findings if inside(each.path, path)), key=lambda each: not each.is_error)
    marks: dict[str, object] = {}
    for each in ours:
        marks.setdefault(each.path[len(path) :].lstrip("."), told(visit, each))
    return [told(visit, each) for each in ours], marks
