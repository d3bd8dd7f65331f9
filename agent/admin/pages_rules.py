"""The rules of each shop: their chains in plain words, and one of them written, tried and saved."""

from __future__ import annotations

import msgspec

from agent.admin.house import MenuEntry
from agent.admin.rule_form import LISTS, TRUTHS, RuleForm, Table, changed_by, form_of, table_of, typed
from agent.admin.table_pages import Fields, Kind, TablePages
from agent.admin.visit import Visit
from agent.model.order import Frozen
from agent.rules.fields import ROOTS, Field, fields_of
from agent.rules.tree import ProcessingRule, RuleObject, RuleSide
from agent.settings.tree import Settings, ShopSettings
from agent.shown.rules import ACTIONS, CHAINS, OBJECTS, TESTS, change_text, when_text


class Line(Frozen, frozen=True):
    """One rule in plain words. It is `first` or `last` of its chain."""

    place: int
    name: str
    enabled: bool
    when: str
    does: tuple[str, ...]
    first: bool
    last: bool


class ChainShown(Frozen, frozen=True):
    side: str
    title: str
    works_on: str
    lines: tuple[Line, ...]


def chains(visit: Visit, shop: ShopSettings) -> list[ChainShown]:
    """Each chain that has rules, in the order in which they run."""
    found = []
    for (about, side), text in CHAINS.items():
        places = [n for n, rule in enumerate(shop.processing) if rule.object is about and rule.side is side]
        lines = tuple(
            _line(visit, shop.processing[place], place, first=place == places[0], last=place == places[-1])
            for place in places
        )
        if lines:
            title, works_on = OBJECTS[about].in_(visit.language), text.in_(visit.language)
            found.append(ChainShown(side=side.value, title=title, works_on=works_on, lines=lines))
    return found


def _line(visit: Visit, rule: ProcessingRule, place: int, *, first: bool, last: bool) -> Line:
    return Line(
        place=place,
        name=rule.name,
        enabled=rule.enabled,
        when=when_text(rule, visit.language),
        does=tuple(change_text(change, visit.language) for change in rule.do),
        first=first,
        last=last,
    )


def _blank(visit: Visit) -> RuleForm:
    about, side = visit.query("object"), visit.query("side")
    known = (about, side) in [(each.value, other.value) for each, other in ROOTS]
    return RuleForm(object=about, side=side) if known else RuleForm()


def _chain(table: Table) -> object:
    return table.get("object"), table.get("side")


def _only(shop: ShopSettings, place: int, alone: bool) -> ShopSettings:
    """The rule switched on; with the others that are on where they are wanted."""
    rule = msgspec.structs.replace(shop.processing[place], enabled=True)
    rules = (*shop.processing[:place], rule, *shop.processing[place + 1 :])
    return msgspec.structs.replace(shop, processing=(rule,) if alone else rules, mapping=(), plugins=())


def _choices(visit: Visit, _settings: Settings, rule: RuleForm | None) -> dict[str, object]:
    """What the form offers: objects, sides, tests, actions and the fields of the record that the rule is about."""
    language = visit.language
    about = None if rule is None else (RuleObject(rule.object), RuleSide(rule.side))
    offered: tuple[Field, ...] = () if about is None else fields_of(ROOTS[about])
    return {
        "objects": [(each.value, text.in_(language)) for each, text in OBJECTS.items()],
        "sides": [(each.value, visit.text(f"rules.side_{each.value}")) for each in RuleSide],
        "works_on": "" if about is None else CHAINS[about].in_(language),
        "tests": [(name, text.in_(language)) for name, text in TESTS.items()],
        "list_tests": LISTS,
        "truths": TRUTHS,
        "actions": [(each.value, text.in_(language)) for each, text in ACTIONS.items()],
        "offered": offered,
        "settable": [each for each in offered if not each.fixed],
        "of_rows": sorted({".".join(each.names[each.rows :]) for each in offered if each.rows}),
    }


PAGES = TablePages(
    Kind(
        name="processing",
        base="/rules",
        act="rule_changed",
        fields=Fields(
            blank=_blank, typed=typed, of_table=form_of, to_table=table_of, after=changed_by, choices=_choices
        ),
        chain=_chain,
        only=_only,
        listed=chains,
    )
)

ROUTES = PAGES.routes()
MENU = (MenuEntry(64, "/rules", "rules.title"),)
