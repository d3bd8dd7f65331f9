"""The form of one rule: from the settings' table to fields of a page, and from what somebody typed back to a table.

Nothing is judged here: what cannot be a rule becomes a table that the settings' own check refuses, with its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from agent.admin.visit import Form
from agent.model.order import Frozen
from agent.rules.changes import KEYS
from agent.rules.tree import RuleAction, RuleObject, RuleSide
from agent.shown.rules import TESTS

ROWS_MAX = 40
"""Conditions, tests or changes of one form."""

LISTS = ("any_of", "none_of")
NUMBERS = ("above", "below", "at_least", "at_most")
TRUTHS = ("empty", "filled")
"""Tests that ask for nothing to compare with."""

Table = dict[str, Any]


class TestForm(Frozen, frozen=True):
    """`value` of a list has one element a line."""

    test: str = "any_of"
    value: str = ""


class ConditionForm(Frozen, frozen=True):
    field: str = ""
    tests: tuple[TestForm, ...] = (TestForm(),)


class ChangeForm(Frozen, frozen=True):
    """`values` has one row of the table a line: what is looked up, an equals sign, and what it becomes."""

    do: str = RuleAction.SET.value
    field: str = ""
    value: str = ""
    source: str = ""
    find: str = ""
    amount: str = ""
    values: str = ""
    where: tuple[ConditionForm, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        """What the action needs or may have."""
        needed, allowed = KEYS[RuleAction(self.do)]
        return needed | allowed

    @property
    def needed(self) -> frozenset[str]:
        return KEYS[RuleAction(self.do)][0]


class RuleForm(Frozen, frozen=True):
    name: str = ""
    object: str = RuleObject.ORDER.value
    side: str = RuleSide.READ.value
    enabled: bool = True
    when: tuple[ConditionForm, ...] = ()
    do: tuple[ChangeForm, ...] = (ChangeForm(),)


# -- from what was typed ----------------------------------------------------------------------------------------------


def typed(form: Form) -> RuleForm:
    return RuleForm(
        name=form.get("name"),
        object=_one_of(form.get("object"), RuleObject),
        side=_one_of(form.get("side"), RuleSide),
        enabled=form.get("enabled") == "yes",
        when=tuple(_conditions(form, "when")),
        do=tuple(_changes(form)),
    )


def _one_of(given: str, kind: type[RuleObject | RuleSide | RuleAction]) -> str:
    values = [str(each.value) for each in kind]
    return given if given in values else values[0]


def _conditions(form: Form, at: str) -> Iterator[ConditionForm]:
    for number in range(ROWS_MAX):
        place = f"{at}.{number}"
        if not form.all(f"{place}.field"):
            return
        tests = []
        for inner in range(ROWS_MAX):
            given = form.all(f"{place}.test.{inner}")
            if not given:
                break
            value = form.get(f"{place}.value.{inner}").replace("\r\n", "\n")
            tests.append(TestForm(test=given[0] if given[0] in TESTS else "any_of", value=value))
        yield ConditionForm(field=form.get(f"{place}.field").strip(), tests=tuple(tests) or (TestForm(),))


def _changes(form: Form) -> Iterator[ChangeForm]:
    for number in range(ROWS_MAX):
        place = f"do.{number}"
        if not form.all(f"{place}.do"):
            return
        texts = {name: form.get(f"{place}.{name}") for name in ("field", "source", "amount")}
        yield ChangeForm(
            do=_one_of(form.get(f"{place}.do"), RuleAction),
            value=form.get(f"{place}.value").replace("\r\n", "\n"),
            find=form.get(f"{place}.find"),
            values=form.get(f"{place}.values").replace("\r\n", "\n"),
            where=tuple(_conditions(form, f"{place}.where")),
            **{name: text.strip() for name, text in texts.items()},
        )


def changed_by(act: str, rule: RuleForm) -> RuleForm:
    """The form after a button that adds or removes a row: "add:when", "add:do.0.where", "drop:do.1",
    "add:when.0.test"."""
    verb, _, place = act.partition(":")
    parts = place.split(".")
    if verb not in ("add", "drop") or parts[0] not in ("when", "do"):
        return rule
    tree: Any = _plain(rule)
    try:
        _edit(tree, parts, verb)
    except (KeyError, IndexError, ValueError, TypeError):
        return rule
    return _form(tree)


def _edit(tree: Any, parts: list[str], verb: str) -> None:
    at = tree
    last = parts[-1] if verb == "add" else parts[-2]
    for name in parts[: -1 if verb == "add" else -2]:
        at = at[int(name)] if name.isdigit() else at[name]
    rows = at["tests" if last == "test" else last]
    if verb == "drop":
        del rows[int(parts[-1])]
    elif len(rows) < ROWS_MAX:
        rows.append({"do": _new_change, "test": _new_test}.get(last, _new_condition)())


def _new_change() -> Table:
    return {**_bare(ChangeForm()), "where": []}


def _new_condition() -> Table:
    return {"field": "", "tests": [_new_test()]}


def _new_test() -> Table:
    return _bare(TestForm())


def _bare(struct: Frozen) -> Table:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def _plain(rule: RuleForm) -> Table:
    def conditions(several: tuple[ConditionForm, ...]) -> list[Table]:
        return [{"field": each.field, "tests": [_bare(test) for test in each.tests]} for each in several]

    return {
        **_bare(rule),
        "when": conditions(rule.when),
        "do": [{**_bare(each), "where": conditions(each.where)} for each in rule.do],
    }


def _form(tree: Table) -> RuleForm:
    def conditions(several: list[Table]) -> tuple[ConditionForm, ...]:
        return tuple(
            ConditionForm(field=each["field"], tests=tuple(TestForm(**test) for test in each["tests"]) or (TestForm(),))
            for each in several
        )

    do = tuple(ChangeForm(**{**each, "where": conditions(each["where"])}) for each in tree["do"])
    return RuleForm(**{**tree, "when": conditions(tree["when"]), "do": do})


# -- to a table of the settings ---------------------------------------------------------------------------------------


def table_of(rule: RuleForm) -> Table:
    """As it is to stand in the file: what says nothing is left out."""
    made: Table = {"name": rule.name.strip(), "object": rule.object, "side": rule.side}
    if not rule.enabled:
        made["enabled"] = False
    if rule.when:
        made["when"] = [_condition(each) for each in rule.when]
    made["do"] = [_change(each) for each in rule.do]
    return made


def _condition(condition: ConditionForm) -> Table:
    made: Table = {"field": condition.field}
    for each in condition.tests:
        if each.test in LISTS:
            made[each.test] = [*made.get(each.test, []), *_lines(each.value)]
        elif each.test in TRUTHS:
            made["empty"] = each.test == "empty"
        elif each.test in NUMBERS:
            made[each.test] = number_of(each.value)
        else:
            made[each.test] = each.value
    return made


def _change(change: ChangeForm) -> Table:
    made: Table = {"do": change.do}
    keys = change.keys
    for name in ("field", "source", "find"):
        if name in keys and getattr(change, name):
            made[name] = getattr(change, name)
    if "amount" in keys and change.amount:
        made["amount"] = number_of(change.amount)
    if "values" in keys and change.values.strip():
        pairs = (line.partition("=") for line in change.values.split("\n") if line.strip())
        made["values"] = {key.strip(): value.strip() for key, _, value in pairs}
    if "value" in keys and (change.value or change.do == RuleAction.SET.value):
        made["value"] = change.value
    if "where" in keys and change.where:
        made["where"] = [_condition(each) for each in change.where]
    return made


def number_of(text: str) -> object:
    """A number as somebody types it. What is none is kept as a text, which the settings refuse with its place."""
    plain = "".join(text.split()).replace(",", ".").replace("−", "-")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 20:
        return text
    return int(value) if value == value.to_integral_value() and "." not in plain else value


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


# -- from a table of the settings -------------------------------------------------------------------------------------


def form_of(table: Table) -> RuleForm | None:
    """None for a table that the form has no fields for: it is edited as text."""
    try:
        rule = RuleForm(
            name=_text(table.get("name", "")),
            object=RuleObject(table["object"]).value,
            side=RuleSide(table["side"]).value,
            enabled=table.get("enabled", True) is True,
            when=tuple(_condition_form(each) for each in table.get("when", [])),
            do=tuple(_change_form(each) for each in table.get("do", [])),
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
    return rule if _same(table_of(rule), table) else None


def _same(made: Table, given: Table) -> bool:
    """Whether they say the same: what says nothing may be written or left out."""
    lean = {name: value for name, value in given.items() if (name, value) not in (("enabled", True), ("when", []))}
    return made == {**lean, "do": [_lean(change) for change in given.get("do", [])]}


def _lean(change: Table) -> Table:
    means = change["do"] == RuleAction.SET.value
    return {name: value for name, value in change.items() if value not in ("", [], {}) or (means and name == "value")}


def _condition_form(table: Table) -> ConditionForm:
    tests = []
    for name, value in table.items():
        if name == "field":
            continue
        if name == "empty":
            tests.append(TestForm(test="empty" if value else "filled"))
        elif name in LISTS:
            tests.append(TestForm(test=name, value="\n".join(map(_text, value))))
        elif name in TESTS:
            tests.append(TestForm(test=name, value=f"{value}"))
        else:
            raise ValueError(name)
    return ConditionForm(field=_text(table["field"]), tests=tuple(tests))


def _change_form(table: Table) -> ChangeForm:
    texts = {name: _text(table.get(name, "")) for name in ("field", "value", "source", "find")}
    return ChangeForm(
        do=RuleAction(table["do"]).value,
        amount=f"{table['amount']}" if "amount" in table else "",
        values="\n".join(f"{key} = {_text(value)}" for key, value in table.get("values", {}).items()),
        where=tuple(_condition_form(each) for each in table.get("where", [])),
        **texts,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value
