"""Pages about a list of tables in the settings of a shop: the list, and one table written, tried and saved.

Rules and field mappings are such lists. What differs between them is given to `TablePages`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import msgspec
from starlette.responses import Response

from agent.actors.reloader import CHANGED_MEANWHILE, Saved
from agent.admin.door import AdminRoute, get, post
from agent.admin.saving import judged, save_text
from agent.admin.table_edit import (
    NEW,
    Composed,
    Draft,
    NotToml,
    Standing,
    Table,
    chosen_shop,
    composed,
    draft_of,
    found_again,
    of_this,
    standing,
    table_from,
    table_list,
    text_of,
)
from agent.admin.trying import LAST_MAX, TrialShown, last_of, tried
from agent.admin.visit import Form, Visit
from agent.journal.users import Role
from agent.model.order import Frozen
from agent.settings.load import Unreadable, loads
from agent.settings.tables import NotEditable
from agent.settings.tree import Settings, ShopSettings

F = TypeVar("F", bound=Frozen)


class Fields(Frozen, Generic[F], frozen=True):
    """How one table becomes the fields of a form and back. `of_table` gives None where no field fits; `blank` may look
    into the address for where a new one is to begin; `after` is what a button within the form does to it."""

    blank: Callable[[Visit], F]
    typed: Callable[[Form], F]
    of_table: Callable[[Table], F | None]
    to_table: Callable[[F], Table]
    after: Callable[[str, F], F]
    choices: Callable[[Visit, Settings, F | None], dict[str, object]]


class Kind(Frozen, Generic[F], frozen=True):
    """`name` is the list's key in `[[shop]]`, `act` what a change is called among the acts. `chain` tells which tables
    run one after the other; `only` gives the shop with one of them, or with all that are on, and nothing else to try;
    `listed` what the page of all of them shows of a shop, and `also` what it shows beside."""

    name: str
    base: str
    act: str
    fields: Fields[F]
    chain: Callable[[Table], object]
    only: Callable[[ShopSettings, int, bool], ShopSettings]
    listed: Callable[[Visit, ShopSettings], object]
    also: Callable[[Visit, Settings], dict[str, object]] = lambda _visit, _settings: {}


class Typed(Frozen, Generic[F], frozen=True):
    """What stands in the form: its fields, or the table as text where somebody wants that or no field fits."""

    draft: Draft
    fields: F | None
    text: str = ""


class Judged(Frozen, frozen=True):
    """`problem` is said above the form, `findings` and `marks` are the faults within the table."""

    composed: Composed | None = None
    problem: str = ""
    findings: tuple[dict[str, object], ...] = ()
    marks: dict[str, object] = {}

    @property
    def is_good(self) -> bool:
        return self.composed is not None and not self.problem and not any(each["error"] for each in self.findings)


class TablePages(Generic[F]):
    """The templates are `NAME/list.html` and `NAME/one.html`, NAME the last part of `base`."""

    def __init__(self, kind: Kind[F]) -> None:
        self._kind = kind
        self._templates = kind.base.strip("/")

    def routes(self) -> tuple[AdminRoute, ...]:
        base = self._kind.base
        return (
            get(base, self.show),
            post(f"{base}/act", self.act, Role.CONFIGURE),
            get(f"{base}/edit", self.edit, Role.CONFIGURE),
            post(f"{base}/edit", self.save, Role.CONFIGURE),
            post(f"{base}/form", self.form, Role.CONFIGURE),
            post(f"{base}/try", self.try_out, Role.CONFIGURE),
        )

    # -- the list ----------------------------------------------------------------------------------------------------

    async def show(self, visit: Visit) -> Response:
        return self._list(visit, standing(visit))

    def listing(self, visit: Visit, more: dict[str, object]) -> Response:
        """The list, with something that was asked for beside it."""
        return self._list(visit, standing(visit), more=more)

    def _list(
        self,
        visit: Visit,
        stands: Standing,
        status: int = 200,
        saved: Saved | None = None,
        problem: str = "",
        more: dict[str, object] | None = None,
    ) -> Response:
        wanted = visit.form.get("shop") or visit.query("shop")
        shops = [shop for shop in stands.settings.shop if shop.key == wanted] or list(stands.settings.shop)
        return visit.page(
            f"{self._templates}/list.html",
            status,
            shops=[(shop, self._kind.listed(visit, shop)) for shop in shops],
            filtered=len(shops) < len(stands.settings.shop),
            base=self._kind.base,
            editable=stands.editable,
            basis=stands.basis,
            problem=problem,
            **judged(visit, saved),
            **{**self._kind.also(visit, stands.settings), **(more or {})},
        )

    async def act(self, visit: Visit) -> Response:
        """Moves one, switches it on or off, or takes it away, and saves that."""
        stands = standing(visit)
        shop = chosen_shop(visit, stands)
        reloader = visit.admin.reloader()
        if shop is None or reloader is None:
            return self._list(visit, stands, 422, problem=visit.text("settings.not_here"))
        draft = draft_of(visit, shop.key)
        try:
            text, before, after = self._acted(stands, draft, visit.form.get("act"))
        except NotEditable:
            return self._list(visit, stands, 422, problem=visit.text("tables.not_editable"))
        saved = await save_text(
            visit,
            reloader,
            text,
            draft.basis,
            kind=self._kind.act,
            shop=shop.key,
            subject=draft.was,
            before=before,
            after=after,
        )
        if not saved.good:
            return self._list(visit, standing(visit), 422, saved)
        return visit.back(f"{self._kind.base}?shop={shop.key}", _said(saved))

    def _acted(self, stands: Standing, draft: Draft, wanted: str) -> tuple[str, str, str]:
        """The file's new text, and the table before and after. Raises NotEditable."""
        tables = table_list(stands, draft.shop, self._kind.name)
        index = found_again(tables, draft)
        if index is None:
            raise NotEditable("nothing chosen")
        rows = tables.tables
        table = rows[index]
        before = text_of(table)
        if wanted == "remove":
            return tables.removed(index), before, "–"
        if wanted in ("on", "off"):
            changed: Table = {name: value for name, value in table.items() if name != "enabled"}
            if wanted == "off":
                changed = {**changed, "enabled": False}
            return tables.changed(index, changed), before, text_of(changed)
        chain = [place for place, row in enumerate(rows) if self._kind.chain(row) == self._kind.chain(table)]
        to = chain.index(index) + (-1 if wanted == "up" else 1)
        if wanted not in ("up", "down") or not 0 <= to < len(chain):
            raise NotEditable("no such act")
        return tables.moved(index, chain[to]), str(chain.index(index) + 1), str(to + 1)

    # -- one of them -------------------------------------------------------------------------------------------------

    async def edit(self, visit: Visit) -> Response:
        stands = standing(visit)
        shop = chosen_shop(visit, stands)
        if shop is None:
            return visit.problem(404, "tables.no_shop")
        draft = Draft(shop=shop.key, place=visit.query("place") or NEW, basis=stands.basis)
        if draft.index is None:
            return self._page(visit, stands, Typed(draft=draft, fields=self._kind.fields.blank(visit)))
        try:
            table = table_list(stands, shop.key, self._kind.name).tables[draft.index]
        except NotEditable:
            return self._list(visit, stands, 422, problem=visit.text("tables.not_editable"))
        except IndexError:
            return visit.problem(404, "tables.unknown")
        draft = msgspec.structs.replace(draft, was=str(table.get("name", "")))
        given = Typed(draft=draft, fields=self._kind.fields.of_table(table), text=text_of(table))
        return self._page(visit, stands, given)

    async def form(self, visit: Visit) -> Response:
        """The form after a button that adds or takes away one of its rows, or another choice; nothing is judged."""
        stands = standing(visit)
        given = self._typed(visit, stands)
        if given is None:
            return visit.problem(404, "tables.no_shop")
        wanted, kind = visit.form.get("act"), self._kind.fields
        if given.fields is not None and wanted == "as_text":
            given = Typed(draft=given.draft, fields=None, text=text_of(kind.to_table(given.fields)))
        elif given.fields is not None:
            given = msgspec.structs.replace(given, fields=kind.after(wanted, given.fields))
        elif wanted == "as_form":
            try:
                fields = kind.of_table(table_from(given.text, self._kind.name))
            except NotToml as error:
                return self._page(visit, stands, given, 422, Judged(problem=_not_toml(visit, error)))
            if fields is None:
                return self._page(visit, stands, given, 422, Judged(problem=visit.text("tables.no_fields")))
            given = msgspec.structs.replace(given, fields=fields)
        return self._page(visit, stands, given)

    async def try_out(self, visit: Visit) -> Response:
        stands = standing(visit)
        given = self._typed(visit, stands)
        if given is None:
            return visit.problem(404, "tables.no_shop")
        judgement = self._judged(visit, stands, given)
        if judgement.composed is None or not judgement.is_good:
            return self._page(visit, stands, given, 422, judgement)
        loaded = loads(judgement.composed.text)
        if isinstance(loaded, Unreadable):
            return self._page(visit, stands, given, 422, Judged(problem=visit.text("tables.not_editable")))
        shop = next(each for each in loaded.settings.shop if each.key == given.draft.shop)
        alone = visit.form.get("among") != "all"
        trial = await tried(visit, self._kind.only(shop, judgement.composed.place, alone))
        return self._page(visit, stands, given, 200, judgement, trial=trial)

    async def save(self, visit: Visit) -> Response:
        stands = standing(visit)
        given = self._typed(visit, stands)
        reloader = visit.admin.reloader()
        if given is None or reloader is None:
            return visit.problem(422, "settings.not_here")
        judgement = self._judged(visit, stands, given)
        made = judgement.composed
        if made is None or not judgement.is_good:
            return self._page(visit, stands, given, 422, judgement)
        saved = await save_text(
            visit,
            reloader,
            made.text,
            given.draft.basis,
            kind=self._kind.act,
            shop=given.draft.shop,
            subject=made.name,
            before=made.before,
            after=made.after,
        )
        if saved.good:
            return visit.back(f"{self._kind.base}?shop={given.draft.shop}", _said(saved))
        if saved.result == CHANGED_MEANWHILE:
            # Whoever saves once more after having been told means it.
            given = msgspec.structs.replace(given, draft=msgspec.structs.replace(given.draft, basis=stands.basis))
        return self._page(visit, stands, given, 422, judgement, saved=saved)

    # -- within ------------------------------------------------------------------------------------------------------

    def _typed(self, visit: Visit, stands: Standing) -> Typed[F] | None:
        shop = chosen_shop(visit, stands)
        if shop is None:
            return None
        draft = draft_of(visit, shop.key)
        if visit.form.get("mode") == "text":
            return Typed(draft=draft, fields=None, text=visit.form.get("text").replace("\r\n", "\n"))
        return Typed(draft=draft, fields=self._kind.fields.typed(visit.form))

    def _judged(self, visit: Visit, stands: Standing, given: Typed[F]) -> Judged:
        """What the settings' own check says of the file with this table in it, as far as it is about the table."""
        reloader = visit.admin.reloader()
        if reloader is None:
            return Judged(problem=visit.text("settings.not_here"))
        name = self._kind.name
        try:
            fields = given.fields
            table = self._kind.fields.to_table(fields) if fields is not None else table_from(given.text, name)
            made = composed(stands, given.draft, name, table)
        except NotToml as error:
            return Judged(problem=_not_toml(visit, error))
        except NotEditable as error:
            return Judged(problem=visit.text("tables.gone" if str(error) == "gone" else "tables.not_editable"))
        found, marks = of_this(visit, reloader.try_settings(made.text).findings, made.path)
        return Judged(composed=made, findings=tuple(found), marks=marks)

    def _page(
        self,
        visit: Visit,
        stands: Standing,
        given: Typed[F],
        status: int = 200,
        judgement: Judged | None = None,
        *,
        trial: TrialShown | None = None,
        saved: Saved | None = None,
    ) -> Response:
        judgement = judgement or Judged()
        whole = judged(visit, saved)
        found: Any = whole["findings"]
        wrong = visit.text("tables.wrong") if any(each["error"] for each in judgement.findings) else ""
        return visit.page(
            f"{self._templates}/one.html",
            status,
            given=given,
            fields=given.fields,
            marks=judgement.marks,
            problem=judgement.problem or whole["reason"] or wrong,
            findings=[*judgement.findings, *found],
            editable=stands.editable,
            base=self._kind.base,
            name=self._kind.name,
            trial=trial,
            last=last_of(visit),
            last_max=LAST_MAX,
            among=visit.form.get("among") or "alone",
            **self._kind.fields.choices(visit, stands.settings, given.fields),
        )


def _said(saved: Saved) -> str:
    return "settings_saved" if saved.number is not None else "settings_same"


def _not_toml(visit: Visit, error: NotToml) -> str:
    return visit.text("tables.not_toml", where=error.line or visit.text("tables.somewhere"))
