"""No cell is empty: every durable step is died at, before and after, and every fault is met for itself."""

from __future__ import annotations

import pytest

from scenarios.faults import FAULTS, NAMES
from scenarios.matrix import (
    COMES_TO,
    DIRECTIONS,
    MOMENTS,
    PLAIN,
    TRIED_IN,
    WHOSE,
    WRITES,
    Cell,
    article_fault_cell,
    crash_row,
    fault_cell,
    goods_fault_cells,
    table,
)
from scenarios.steps import ORDERS, STEPS, Whose, names

DEATHS = [(whose, step) for whose in WHOSE for step in names(whose)]


@pytest.mark.parametrize(("whose", "step"), DEATHS, ids=[f"{whose}-{step}" for whose, step in DEATHS])
def test_an_agent_killed_before_and_after_a_step_loses_and_doubles_nothing(whose: Whose, step: str) -> None:
    cells = crash_row(whose, step)
    assert [cell.column for cell in cells if cell.happened] == list(MOMENTS)
    assert [cell.broken for cell in cells] == [{}, {}]


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_for_itself_loses_and_doubles_no_order(name: str) -> None:
    cell = fault_cell(name)
    assert cell.happened
    assert cell.broken == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_for_itself_leaves_what_mamut_governs_right(name: str) -> None:
    cells = goods_fault_cells(name)
    assert {cell.direction for cell in cells if cell.happened} == set(WRITES)
    assert cells[0].broken == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_for_itself_doubles_and_loses_no_article(name: str) -> None:
    cell = article_fault_cell(name)
    assert cell.happened
    assert cell.broken == {}


def test_there_are_at_least_forty_faults_and_each_says_what_it_is() -> None:
    assert len(FAULTS) >= 40
    assert len({row.text for row in FAULTS.values()}) == len(FAULTS)


def test_every_direction_has_its_tables() -> None:
    assert set(STEPS) == set(TRIED_IN) == set(DIRECTIONS)
    assert set(COMES_TO) == set(PLAIN) == set(WHOSE)


def test_a_step_that_a_story_is_named_for_is_one() -> None:
    assert all(set(COMES_TO[whose]) <= set(names(whose)) for whose in WHOSE)


def test_the_table_has_a_line_a_row_and_shows_what_is_broken() -> None:
    cells = [
        Cell(ORDERS, "decide", "before", True, {}),
        Cell(ORDERS, "decide", "after", True, {"no_order_is_lost": ["order 1 was never seen"]}),
        Cell(ORDERS, "start", "before", False, {}),
    ]
    first, second = table(iter(cells))
    assert first.split() == ["orders_to_mamut", "decide", "before", "holds", "after", "BROKEN"]
    assert second.split() == ["orders_to_mamut", "start", "before"]
