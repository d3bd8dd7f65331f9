"""The rules of each shop: their chains in plain words, and one of them written, tried and saved."""

from __future__ import annotations

from typing import Any

import msgspec
from starlette.responses import Response

from agent.actors.reloader import CHANGED_MEANWHILE, Saved
from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.rule_form import LISTS, TRUTHS, RuleForm, Table, changed_by, form_of, table_of, typed
from agent.admin.saving import judged, save_text
from agent.admin.table_edit import (
    NEW,
    Composed,
    Draft,
    NotToml,
    Standing,
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
from agent.admin.visit import Visit
from agent.journal.users import Role
from agent.model.order import Frozen
from agent.rules.fields import ROOTS, Field, fields_of
from agent.rules.tree import ProcessingRule, RuleObject, RuleSide
from agent.settings.load import Unreadable, loads
from agent.settings.tables import NotEditable
from agent.settings.tree import ShopSettings
from agent.shown.rules import ACTIONS, CHAINS, OBJECTS, TESTS, change_text, when_text

PROCESSING = "processing"


class RuleLine(Frozen, frozen=True):
    """One rule in plain words. `up` and `down` are the places of its neighbours in the chain, None at the ends."""

    place: int
    name: str
    enabled: bool
    when: str
    does: tuple[str, ...]
    up: int | None
    down: int | None


class Typed(Frozen, frozen=True):
    """What stands in the form: its fields, or the rule as text where somebody wants that or no field fits."""

    draft: Draft
    rule: RuleForm | None
    text: str = ""


class Judged(Frozen, frozen=True):
    """`table` None where the text is no TOML. `problem` is said above the form, `findings` and `marks` are the faults
    within the rule."""

    composed: Composed | None = None
    problem: str = ""
    findings: tuple[dict[str, object], ...] = ()
    marks: dict[str, object] = {}


# -- the chains -------------------------------------------------------------------------------------------------------


async def show(visit: Visit) -> Response:
    return _list_page(visit, standing(visit))


def _list_page(
    visit: Visit, stands: Standing, status: int = 200, saved: Saved | None = None, problem: str = ""
) -> Response:
    wanted = visit.form.get("shop") or visit.query("shop")
    shops = [shop for shop in stands.settings.shop if shop.key == wanted] or list(stands.settings.shop)
    return visit.page(
        "rules/rules.html",
        status,
        shops=[(shop, _chains(visit, shop)) for shop in shops],
        several=len(stands.settings.shop) > 1,
        editable=stands.editable,
        basis=stands.basis,
        problem=problem,
        **judged(visit, saved),
    )


def _chains(visit: Visit, shop: ShopSettings) -> list[tuple[str, str, str, str, list[RuleLine]]]:
    """Each chain that has rules: its object and side, what it is called and what it works on."""
    found = []
    for (about, side), text in CHAINS.items():
        places = [n for n, rule in enumerate(shop.processing) if rule.object is about and rule.side is side]
        if places:
            lines = [_line(visit, shop.processing[place], place, at, places) for at, place in enumerate(places)]
            title = OBJECTS[about].in_(visit.language)
            found.append((about.value, side.value, title, text.in_(visit.language), lines))
    return found


def _line(visit: Visit, rule: ProcessingRule, place: int, at: int, places: list[int]) -> RuleLine:
    return RuleLine(
        place=place,
        name=rule.name,
        enabled=rule.enabled,
        when=when_text(rule, visit.language),
        does=tuple(change_text(change, visit.language) for change in rule.do),
        up=places[at - 1] if at else None,
        down=places[at + 1] if at + 1 < len(places) else None,
    )


async def act(visit: Visit) -> Response:
    """Moves a rule, switches it on or off, or takes it away, and saves that."""
    stands = standing(visit)
    shop = chosen_shop(visit, stands)
    reloader = visit.admin.reloader()
    if shop is None or reloader is None:
        return _list_page(visit, stands, 422, problem=visit.text("settings.not_here"))
    draft = draft_of(visit, shop.key)
    try:
        text, before, after = _acted(stands, draft, visit.form.get("act"))
    except NotEditable:
        return _list_page(visit, stands, 422, problem=visit.text("rules.not_editable"))
    saved = await save_text(
        visit,
        reloader,
        text,
        draft.basis,
        kind="rule_changed",
        shop=shop.key,
        subject=draft.was,
        before=before,
        after=after,
    )
    if not saved.good:
        return _list_page(visit, standing(visit), 422, saved)
    return visit.back(f"/rules?shop={shop.key}", "settings_saved" if saved.number is not None else "settings_same")


def _acted(stands: Standing, draft: Draft, wanted: str) -> tuple[str, str, str]:
    """The file's new text, and the rule before and after. Raises NotEditable."""
    tables = table_list(stands, draft.shop, PROCESSING)
    index = found_again(tables, draft)
    if index is None:
        raise NotEditable("no rule")
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
    chain = [
        n for n, row in enumerate(rows) if (row.get("object"), row.get("side")) == (table["object"], table["side"])
    ]
    to = chain.index(index) + (-1 if wanted == "up" else 1)
    if wanted not in ("up", "down") or not 0 <= to < len(chain):
        raise NotEditable("no such act")
    return tables.moved(index, chain[to]), str(chain.index(index) + 1), str(to + 1)


# -- one rule ---------------------------------------------------------------------------------------------------------


async def edit(visit: Visit) -> Response:
    stands = standing(visit)
    shop = chosen_shop(visit, stands)
    if shop is None:
        return visit.problem(404, "rules.no_shop")
    draft = Draft(shop=shop.key, place=visit.query("place") or NEW, basis=stands.basis)
    if draft.index is None:
        about, side = visit.query("object"), visit.query("side")
        known = (about, side) in [(each.value, other.value) for each, other in ROOTS]
        rule = RuleForm(object=about, side=side) if known else RuleForm()
        return _page(visit, stands, Typed(draft=draft, rule=rule))
    try:
        rows = table_list(stands, shop.key, PROCESSING).tables
        table = rows[draft.index]
    except NotEditable:
        return _list_page(visit, stands, 422, problem=visit.text("rules.not_editable"))
    except IndexError:
        return visit.problem(404, "rules.unknown")
    draft = msgspec.structs.replace(draft, was=str(table.get("name", "")))
    return _page(visit, stands, Typed(draft=draft, rule=form_of(table), text=text_of(table)))


async def form(visit: Visit) -> Response:
    """The form after a button that adds or takes away one of its rows, or another choice; nothing is judged."""
    stands = standing(visit)
    given = _typed(visit, stands)
    if given is None:
        return visit.problem(404, "rules.no_shop")
    wanted = visit.form.get("act")
    if wanted == "as_text" and given.rule is not None:
        given = msgspec.structs.replace(given, rule=None, text=text_of(table_of(given.rule)))
    elif wanted == "as_form":
        try:
            rule = form_of(table_from(given.text, PROCESSING))
        except NotToml as error:
            return _page(visit, stands, given, 422, Judged(problem=_not_toml(visit, error)))
        if rule is None:
            return _page(visit, stands, given, 422, Judged(problem=visit.text("rules.no_fields")))
        given = msgspec.structs.replace(given, rule=rule)
    elif given.rule is not None:
        given = msgspec.structs.replace(given, rule=changed_by(wanted, given.rule))
    return _page(visit, stands, given)


async def try_out(visit: Visit) -> Response:
    stands = standing(visit)
    given = _typed(visit, stands)
    if given is None:
        return visit.problem(404, "rules.no_shop")
    judgement = _judged(visit, stands, given)
    if judgement.composed is None or judgement.problem or judgement.findings:
        return _page(visit, stands, given, 422, judgement)
    trial = await tried(visit, _to_try(judgement.composed, given.draft, alone=visit.form.get("among") != "all"))
    return _page(visit, stands, given, 200, judgement, trial=trial)


def _to_try(made: Composed, draft: Draft, *, alone: bool) -> ShopSettings:
    """The shop with this rule, switched on; with the others that are on where they are wanted."""
    loaded = loads(made.text)
    if isinstance(loaded, Unreadable):
        raise NotEditable("no TOML")
    shop = next(each for each in loaded.settings.shop if each.key == draft.shop)
    place = int(made.path.rpartition("[")[2].rstrip("]"))
    rule = msgspec.structs.replace(shop.processing[place], enabled=True)
    rules = (*shop.processing[:place], rule, *shop.processing[place + 1 :])
    return msgspec.structs.replace(shop, processing=(rule,) if alone else rules, mapping=(), plugins=())


async def save(visit: Visit) -> Response:
    stands = standing(visit)
    given = _typed(visit, stands)
    reloader = visit.admin.reloader()
    if given is None or reloader is None:
        return visit.problem(422, "settings.not_here")
    judgement = _judged(visit, stands, given)
    made = judgement.composed
    if made is None or judgement.problem or judgement.findings:
        return _page(visit, stands, given, 422, judgement)
    saved = await save_text(
        visit,
        reloader,
        made.text,
        given.draft.basis,
        kind="rule_changed",
        shop=given.draft.shop,
        subject=given.rule.name if given.rule is not None else given.draft.was,
        before=made.before,
        after=made.after,
    )
    if not saved.good:
        if saved.result == CHANGED_MEANWHILE:
            # Whoever saves once more after having been told means it.
            given = msgspec.structs.replace(given, draft=msgspec.structs.replace(given.draft, basis=stands.basis))
        return _page(visit, stands, given, 422, judgement, saved=saved)
    said = "settings_saved" if saved.number is not None else "settings_same"
    return visit.back(f"/rules?shop={given.draft.shop}", said)


def _typed(visit: Visit, stands: Standing) -> Typed | None:
    shop = chosen_shop(visit, stands)
    if shop is None:
        return None
    draft = draft_of(visit, shop.key)
    if visit.form.get("mode") == "text":
        return Typed(draft=draft, rule=None, text=visit.form.get("text").replace("\r\n", "\n"))
    return Typed(draft=draft, rule=typed(visit.form))


def _judged(visit: Visit, stands: Standing, given: Typed) -> Judged:
    """What the settings' own check says of the file with this rule in it, as far as it is about the rule."""
    reloader = visit.admin.reloader()
    if reloader is None:
        return Judged(problem=visit.text("settings.not_here"))
    try:
        table = table_of(given.rule) if given.rule is not None else table_from(given.text, PROCESSING)
        made = composed(stands, given.draft, PROCESSING, table)
    except NotToml as error:
        return Judged(problem=_not_toml(visit, error))
    except NotEditable as error:
        key = "gone" if str(error) == "gone" else "not_editable"
        return Judged(problem=visit.text(f"rules.{key}"))
    found, marks = of_this(visit, reloader.try_settings(made.text).findings, made.path)
    return Judged(composed=made, findings=tuple(found), marks=marks)


def _not_toml(visit: Visit, error: NotToml) -> str:
    return visit.text("rules.not_toml", where=error.line or visit.text("rules.somewhere"))


def _page(
    visit: Visit,
    stands: Standing,
    given: Typed,
    status: int = 200,
    judgement: Judged | None = None,
    *,
    trial: TrialShown | None = None,
    saved: Saved | None = None,
) -> Response:
    judgement = judgement or Judged()
    whole = judged(visit, saved)
    found: Any = whole["findings"]
    return visit.page(
        "rules/rule.html",
        status,
        given=given,
        rule=given.rule,
        marks=judgement.marks,
        problem=judgement.problem or whole["reason"] or (visit.text("rules.wrong") if judgement.findings else ""),
        findings=[*judgement.findings, *found],
        editable=stands.editable,
        trial=trial,
        last=last_of(visit),
        last_max=LAST_MAX,
        among=visit.form.get("among") or "alone",
        try_path="/rules/try",
        **_choices(visit, given.rule),
    )


def _choices(visit: Visit, rule: RuleForm | None) -> dict[str, object]:
    """What the form offers: objects, sides, tests, actions and the fields of the record that the rule is about."""
    language = visit.language
    root = ROOTS[RuleObject(rule.object), RuleSide(rule.side)] if rule is not None else None
    fields: tuple[Field, ...] = () if root is None else fields_of(root)
    return {
        "objects": [(each.value, text.in_(language)) for each, text in OBJECTS.items()],
        "sides": [(each.value, visit.text(f"rules.side_{each.value}")) for each in RuleSide],
        "works_on": CHAINS[RuleObject(rule.object), RuleSide(rule.side)].in_(language) if rule is not None else "",
        "tests": [(name, text.in_(language)) for name, text in TESTS.items()],
        "list_tests": LISTS,
        "truths": TRUTHS,
        "actions": [(each.value, text.in_(language)) for each, text in ACTIONS.items()],
        "fields": fields,
        "settable": [each for each in fields if not each.fixed],
    }


ROUTES = (
    get("/rules", show),
    post("/rules/act", act, Role.CONFIGURE),
    get("/rules/edit", edit, Role.CONFIGURE),
    post("/rules/edit", save, Role.CONFIGURE),
    post("/rules/form", form, Role.CONFIGURE),
    post("/rules/try", try_out, Role.CONFIGURE),
)
MENU = (MenuEntry(64, "/rules", "rules.title"),)
