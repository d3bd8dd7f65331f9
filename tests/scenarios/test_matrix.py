"""No cell is empty: every durable step is died at, before and after, and every fault is met for itself."""

from __future__ import annotations

import pytest

from scenarios.faults import FAULTS, NAMES
from scenarios.matrix import COMES_TO, MOMENTS, PLAIN, TRIED_IN, Cell, crash_cell, fault_cell, table
from scenarios.play import When
from scenarios.steps import ORDERS, STEPS, names

STEPS_AND_MOMENTS = [(step, when) for step in names(ORDERS) for when in MOMENTS]


@pytest.mark.parametrize(
    ("step", "when"), STEPS_AND_MOMENTS, ids=[f"{step}-{when}" for step, when in STEPS_AND_MOMENTS]
)
def test_an_agent_killed_at_a_step_loses_and_doubles_nothing(step: str, when: When) -> None:
    cell = crash_cell(ORDERS, step, when)
    assert cell.happened
    assert cell.broken == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_for_itself_loses_and_doubles_nothing(name: str) -> None:
    cell = fault_cell(ORDERS, name)
    assert cell.happened
    assert cell.broken == {}


def test_there_are_at_least_forty_faults_and_each_says_what_it_is() -> None:
    assert len(FAULTS) >= 40
    assert len({row.text for row in FAULTS.values()}) == len(FAULTS)


def test_every_direction_has_its_tables() -> None:
    assert set(STEPS) == set(COMES_TO) == set(PLAIN) == set(TRIED_IN)


def test_the_table_has_a_line_a_row_and_shows_what_is_broken() -> None:
    cells = [
        Cell(ORDERS, "decide", "before", True, {}),
        Cell(ORDERS, "decide", "after", True, {"no_order_is_lost": ["order 1 was never seen"]}),
        Cell(ORDERS, "start", "before", False, {}),
    ]
    first, second = table(iter(cells))
    assert first.split() == ["orders_to_mamut", "decide", "before", "holds", "after", "BROKEN"]
    assert second.split() == ["orders_to_mamut", "start", "before"]
