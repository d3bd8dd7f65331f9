"""Every durable step of the agent has a name, so that none escapes the crash matrix."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from scenarios.matrix import WHOSE
from scenarios.steps import ON_PAGES, SHARED, STEPS, TABLES, name_of, names

AGENT = Path(__file__).resolve().parents[2] / "agent"

HANDED_ON = {"run.<locals>.step"}
"""Where `journal.run` is given what somebody else made."""

MAKERS = {"_page": ("articles_page", "prices_page", "stock_page")}
"""A maker of steps that hands on what others made."""


def _functions(node: ast.AST, scope: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.AST]]:
    """Every function that stands in a module or a class, by its qualified name."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            yield from _functions(child, (*scope, child.name))
        elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            yield ".".join((*scope, child.name)), child


def _commits(function: ast.AST) -> Iterator[ast.expr]:
    """What each `journal.run` in a function is given."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("journal.run"):
            yield node.args[0]


def _name(given: ast.expr, qualified: str, function: ast.AST) -> str:
    """The qualified name that the committed function will have. Of a maker only its own name is told here."""
    if isinstance(given, ast.Await):
        return _name(given.value, qualified, function)
    if isinstance(given, ast.Lambda):
        return f"{qualified}.<locals>.<lambda>"
    if isinstance(given, ast.Attribute):
        return f"{qualified.split('.', maxsplit=1)[0]}.{given.attr}"
    if isinstance(given, ast.Call):
        return ast.unparse(given.func).split(".")[-1]
    assert isinstance(given, ast.Name)
    for node in ast.walk(function):
        if (
            isinstance(node, ast.Assign)
            and ast.unparse(node.targets[0]) == given.id
            and isinstance(node.value, ast.Call)
        ):
            return ast.unparse(node.value.func).split(".")[-1]
    within = {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef) and node is not function}
    within |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    return f"{qualified}.<locals>.{given.id}" if given.id in within else given.id


def _given() -> list[str]:
    """What each `journal.run` in the agent is given, read from its source."""
    return [
        _name(given, qualified, function)
        for path in sorted(AGENT.rglob("*.py"))
        for qualified, function in _functions(ast.parse(path.read_text(encoding="utf-8")))
        for given in _commits(function)
    ]


def _committed() -> set[str]:
    """All functions that are committed somewhere."""
    found = set(_given())
    return {name for each in found - HANDED_ON for name in MAKERS.get(each, (each,))}


def _maker(code: str) -> str:
    return code.split(".<locals>", maxsplit=1)[0].rsplit(".", maxsplit=1)[-1]


CODES = {code for rows in TABLES for code in rows}


def test_every_commit_stands_in_a_matrix_but_those_of_pages() -> None:
    tried = {name for whose in WHOSE for name in names(whose)}
    named = {name for rows in TABLES if rows not in (ON_PAGES, SHARED) for name in rows.values()}
    assert named - tried == set()
    for direction in STEPS:
        assert f"{direction.value}/keep_turn" in tried


def test_every_commit_of_the_agent_has_a_name() -> None:
    assert _committed() - CODES - {_maker(code) for code in CODES} == set()


def test_every_name_is_a_commit_of_the_agent() -> None:
    committed = _committed()
    assert {code for code in CODES if code not in committed and _maker(code) not in committed} == set()


def test_two_commits_of_one_function_have_two_names() -> None:
    given = [name for name in _given() if name.endswith("<lambda>")]
    assert sorted(given) == sorted(set(given))


def test_no_name_is_given_twice() -> None:
    for whose in WHOSE:
        assert len(set(names(whose))) == len(names(whose))
    assert name_of("somewhere.<locals>.step") == "somewhere.<locals>.step"
