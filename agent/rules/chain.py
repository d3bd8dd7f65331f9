"""A chain of rules: compiled once, run on each record, pure and without a way to stop the agent."""

from __future__ import annotations

from collections.abc import Container
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar

import msgspec

from agent.messages import Note
from agent.rules.changes import EFFECTS, Change, ChangeWrong, Effect, compile_change
from agent.rules.conditions import Test, compile_test
from agent.rules.fields import ROOTS, FieldWrong, Root, Tree, ValueWrong, look_up
from agent.rules.tree import ProcessingRule, RuleAction, RuleChange, RuleObject, RuleSide

RULES_MAX = 200
"""Rules of one object and side; more are no rules any more but a program."""

T = TypeVar("T", bound=msgspec.Struct)

BUILTIN_TYPES = (Decimal, datetime, date)


class RuleWrong(ValueError):
    """A rule cannot work as it is written. `key` is the path inside the rule ("do.0.field"), `problem` a short English
    word, `known` what could stand there."""

    def __init__(self, key: str, problem: str, detail: str = "", known: tuple[str, ...] = ()) -> None:
        super().__init__(f"{key}: {problem} {detail}".strip())
        self.key = key
        self.problem = problem
        self.detail = detail
        self.known = known


class Applied(msgspec.Struct, Generic[T], frozen=True):
    """What a chain made of a record.

    `verdict` is "" to go on, "ignore", "hold" or "fail"; `rule` names the rule that gave it and `why` what that rule
    says, or the short word for what went wrong in it. `notes` tell which rule changed which fields, without values.
    """

    record: T
    verdict: str = ""
    rule: str = ""
    why: str = ""
    shop_status: str = ""
    discount_row: bool = False
    notes: tuple[Note, ...] = ()


class _Rule:
    __slots__ = ("changes", "effects", "name", "test")

    def __init__(self, rule: ProcessingRule, root: Root) -> None:
        self.name = rule.name
        for index, condition in enumerate(rule.when):
            _at(f"when.{index}", lambda condition=condition: look_up(root, condition.field))
        self.test: Test = compile_test(rule.when, root)
        self.changes: list[Change] = []
        self.effects: list[tuple[Effect, str]] = []
        for index, change in enumerate(rule.do):
            _at(f"do.{index}", lambda change=change: self._add(change, root, rule))

    def _add(self, change: RuleChange, root: Root, rule: ProcessingRule) -> None:
        orders = (RuleObject.ORDER, RuleObject.INVOICE)
        if change.do in EFFECTS or change.do is RuleAction.SHOP_STATUS:
            about_order = change.do in (RuleAction.SHOP_STATUS, RuleAction.DISCOUNT_ROW)
            if about_order and (rule.object not in orders or rule.side is not RuleSide.READ):
                raise ChangeWrong("do", "only_orders_read", change.do.value)
            effect = EFFECTS.get(change.do) or Effect(shop_status=change.value)
            self.effects.append((effect, change.value))
        else:
            self.changes.append(compile_change(change, root))


def _at(key: str, build: Any) -> Any:
    try:
        return build()
    except FieldWrong as error:
        raise RuleWrong(f"{key}.field", "field_unknown", error.path, error.known) from error
    except ChangeWrong as error:
        raise RuleWrong(f"{key}.{error.key}", error.problem, error.detail, error.known) from error


class Chain:
    """The rules about one object and side. Raises RuleWrong when one cannot work."""

    def __init__(self, rules: tuple[ProcessingRule, ...], about: RuleObject, side: RuleSide) -> None:
        self._type = ROOTS[about, side].type
        chosen = [rule for rule in rules if rule.object is about and rule.side is side and rule.enabled]
        if len(chosen) > RULES_MAX:
            raise RuleWrong("", "too_many_rules", str(RULES_MAX))
        self._rules = [_Rule(rule, ROOTS[about, side]) for rule in chosen]

    def __bool__(self) -> bool:
        return bool(self._rules)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(rule.name for rule in self._rules)

    def apply(self, record: T, released: Container[str] = ()) -> Applied[T]:
        """The record as the rules leave it. A rule that fails stops the chain: what it was given is given back. The
        rules whose names are `released` hold nothing: a person has looked at this record."""
        if not self._rules:
            return Applied(record)
        tree = to_tree(record)
        notes: list[Note] = []
        shop_status, discount_row, touched = "", False, False
        for rule in self._rules:
            if not rule.test(tree):
                continue
            try:
                for change in rule.changes:
                    for path in change(tree):
                        touched = True
                        notes.append(Note(code="rule_changed", field=path, detail=rule.name))
            except ValueWrong as error:
                return Applied(record, verdict="fail", rule=rule.name, why=str(error), notes=tuple(notes))
            for effect, value in rule.effects:
                if effect.verdict == "hold" and rule.name in released:
                    continue
                if effect.verdict:
                    return Applied(record, verdict=effect.verdict, rule=rule.name, why=value, notes=tuple(notes))
                shop_status = effect.shop_status or shop_status
                discount_row = discount_row or effect.discount_row
        changed = record
        if touched:
            try:
                changed = msgspec.convert(tree, type(record), builtin_types=BUILTIN_TYPES)
            except msgspec.ValidationError:
                return Applied(record, verdict="fail", rule=notes[-1].detail, why="not_a_value", notes=tuple(notes))
        return Applied(changed, shop_status=shop_status, discount_row=discount_row, notes=tuple(dict.fromkeys(notes)))


class Chains:
    """All chains of one shop, each compiled once."""

    def __init__(self, rules: tuple[ProcessingRule, ...]) -> None:
        self._chains = {key: Chain(rules, *key) for key in ROOTS}

    def of(self, about: RuleObject, side: RuleSide) -> Chain:
        return self._chains[about, side]


def to_tree(value: Any) -> Tree:
    """A record as tables and lists, with every field in it: rules see what a record leaves out as empty."""
    return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | bool) or value is None:
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, msgspec.Struct):
        return to_tree(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, dict) else value
