"""Whether a rule's conditions hold."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fnmatch import translate
from re import compile as compile_pattern
from typing import TypeVar

from agent.rules.fields import Field, Root, Tree, ValueWrong, holder_of, look_up, number, rows_of, text_of
from agent.rules.tree import RuleCondition

Test = Callable[[Tree], bool]
A = TypeVar("A")


def compile_test(conditions: tuple[RuleCondition, ...], root: Root) -> Test:
    """A function that tells whether all conditions hold of a record. Raises FieldWrong."""
    tests = tuple(_about_record(look_up(root, condition.field), value_test(condition)) for condition in conditions)
    return all_of(tests)


def compile_row_test(conditions: tuple[RuleCondition, ...], root: Root, rows: str) -> Test:
    """The same of one row of the list `rows`; the conditions name fields of the row. Raises FieldWrong."""
    tests = []
    for condition in conditions:
        field = look_up(root, f"{rows}.{condition.field}")
        depth = len(rows.split("."))
        inner = Field(condition.field, field.names[depth:], field.kind, 0, field.optional, field.choices)
        tests.append(_about_record(inner, value_test(condition)))
    return all_of(tuple(tests))


def all_of(tests: tuple[Callable[[A], bool], ...]) -> Callable[[A], bool]:
    """One test for all of them. A rule is asked of every order, so the usual one and two are spelt out."""
    if not tests:
        return lambda _asked: True
    first = tests[0]
    if len(tests) == 1:
        return first
    if len(tests) == 2:
        second = tests[1]
        return lambda asked: first(asked) and second(asked)

    def all_tests(asked: A) -> bool:
        for test in tests:  # noqa: SIM110 - a generator costs as much as the tests
            if not test(asked):
                return False
        return True

    return all_tests


def value_test(condition: RuleCondition) -> Callable[[object], bool]:
    """What one condition says of one value."""
    tests: list[Callable[[object], bool]] = []
    if condition.any_of:
        wanted = frozenset(text.casefold() for text in condition.any_of)
        tests.append(lambda value: text_of(value).casefold() in wanted)
    if condition.none_of:
        unwanted = frozenset(text.casefold() for text in condition.none_of)
        tests.append(lambda value: text_of(value).casefold() not in unwanted)
    if condition.contains:
        part = condition.contains.casefold()
        tests.append(lambda value: part in text_of(value).casefold())
    if condition.starts:
        start = condition.starts.casefold()
        tests.append(lambda value: text_of(value).casefold().startswith(start))
    if condition.ends:
        end = condition.ends.casefold()
        tests.append(lambda value: text_of(value).casefold().endswith(end))
    if condition.like:
        pattern = compile_pattern(translate(condition.like.casefold()))
        tests.append(lambda value: pattern.match(text_of(value).casefold()) is not None)
    if condition.empty is not None:
        empty = condition.empty
        tests.append(lambda value: (value is None or value in ("", (), [], {})) is empty)
    return all_of((*tests, *_number_tests(condition)))


def _number_tests(condition: RuleCondition) -> list[Callable[[object], bool]]:
    tests: list[Callable[[object], bool]] = []
    if (above := condition.above) is not None:
        tests.append(lambda value: (given := _number(value)) is not None and given > above)
    if (below := condition.below) is not None:
        tests.append(lambda value: (given := _number(value)) is not None and given < below)
    if (least := condition.at_least) is not None:
        tests.append(lambda value: (given := _number(value)) is not None and given >= least)
    if (most := condition.at_most) is not None:
        tests.append(lambda value: (given := _number(value)) is not None and given <= most)
    return tests


def _number(value: object) -> Decimal | None:
    """None for what is no number: a condition on it does not hold, whichever way it asks."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, Decimal | int):
        return Decimal(value)
    try:
        return number(text_of(value)) if value != "" else None
    except ValueWrong:
        return None


def _about_record(field: Field, test: Callable[[object], bool]) -> Test:
    last = field.names[-1]
    if not field.rows:
        holder = holder_of(field.names)
        return lambda tree: test(holder(tree).get(last))
    rows, inner = rows_of(field.names[: field.rows]), holder_of(field.names[field.rows :])

    def any_row(tree: Tree) -> bool:
        for row in rows(tree):  # noqa: SIM110 - as above
            if test(inner(row).get(last)):
                return True
        return False

    return any_row
