"""Two tables without an empty cell: the agent killed before and after each durable step, and each fault for itself.

A direction adds the stories in which its steps are come to, and the story in which its faults are tried.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from agent.flows import DirectionName
from scenarios.engine import Played, play_story
from scenarios.faults import FAULTS, FaultSettings, Place
from scenarios.play import StepKill, When
from scenarios.steps import ORDERS, STEPS
from scenarios.story import STORIES, Expect, KillInStep, Story, load

MOMENTS: tuple[When, ...] = ("before", "after")

COMES_TO: dict[DirectionName, dict[str, str]] = {
    ORDERS: {
        "freeze_shop": "a_shop_that_has_moved_goes_on_when_a_person_accepts_it",
        "clock_went_back": "a_shop_whose_clock_goes_back_hides_no_change",
        "filter_proved": "a_shop_that_ignores_utc_is_found_out",
        "note_unreadable": "an_order_that_cannot_be_read_is_shown_and_holds_up_no_other",
        "want_vanished": "an_order_trashed_before_it_was_paid_is_accounted_for",
        "census_done": "an_order_trashed_before_it_was_paid_is_accounted_for",
        "look_at_due": "an_article_that_is_missing_is_found_when_somebody_has_made_it",
        "release": "a_bigger_package_lets_the_held_orders_over",
        "give_back": "a_header_without_rows_is_not_taken_for_the_document",
        "marks_again": "a_batch_of_marks_that_times_out_is_written_again_without_harm",
        "wish": "what_a_person_holds_stays_held_and_what_is_excluded_stays_out",
        "accept_shop": "a_shop_that_has_moved_goes_on_when_a_person_accepts_it",
        "adopt_document": "a_document_made_by_hand_becomes_the_orders_own",
        "wish_answered": "a_document_made_by_hand_becomes_the_orders_own",
    }
}
"""In which story a step is come to; for all others, `PLAIN`."""

PLAIN: dict[DirectionName, str] = {ORDERS: "a_guest_who_buys_three_times_is_one_contact"}
TRIED_IN: dict[DirectionName, str] = {ORDERS: "a_fault_of_one_kind_harms_nothing"}


class Cell(msgspec.Struct, frozen=True):
    """One cell: whether it happened at all, and what did not hold afterwards."""

    direction: DirectionName
    row: str
    column: str
    happened: bool
    broken: dict[str, list[str]]

    @property
    def sign(self) -> str:
        if not self.happened:
            return ""
        return "holds" if not self.broken else "BROKEN"


def crash_cells(seed: int = 1) -> Iterator[Cell]:
    """Every durable step of every direction, the agent killed before and after it."""
    for direction, rows in STEPS.items():
        for step in rows.values():
            for when in MOMENTS:
                yield crash_cell(direction, step, when, seed)


def crash_cell(direction: DirectionName, step: str, when: When, seed: int = 1) -> Cell:
    story = load(STORIES / f"{COMES_TO[direction].get(step, PLAIN[direction])}.toml")
    kill = KillInStep(kill=StepKill(step=step, when=when))
    played = play_story(msgspec.structs.replace(story, then=(kill, *story.then)), seed)
    return Cell(direction, step, when, (step, when) in played.killed_in, played.broken)


def fault_cells(seed: int = 1) -> Iterator[Cell]:
    """Every fault for itself, in every direction."""
    for direction in STEPS:
        for name in FAULTS:
            yield fault_cell(direction, name, seed)


def fault_cell(direction: DirectionName, name: str, seed: int = 1) -> Cell:
    story = load(STORIES / f"{TRIED_IN[direction]}.toml")
    faults = msgspec.structs.replace(story.faults, names=(name,), swarm=False)
    played = play_story(msgspec.structs.replace(story, faults=faults, expect=_expected(story, faults)), seed)
    return Cell(direction, name, "holds", _struck(name, played), played.broken)


def _expected(story: Story, faults: FaultSettings) -> Expect:
    """A held order is no failure where a fault is a cause to hold it."""
    return story.expect if "mamut_article_inactive" not in faults.names else Expect()


def _struck(name: str, played: Played) -> bool:
    """Whether it came at all. That a habit met somebody is the simulator's to know; it was there to be met."""
    return played.faults.get(name, 0) > (FAULTS[name].place is Place.EXCHANGE)


def table(cells: Iterator[Cell]) -> Iterator[str]:
    """The cells as lines of text, a row for each step or fault."""
    rows: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        rows.setdefault((cell.direction.value, cell.row), []).append(cell)
    for (direction, row), found in rows.items():
        yield f"{direction:<18}{row:<32}" + "".join(
            f"{cell.column if cell.column != 'holds' else '':>8} {cell.sign:<7}" for cell in found
        )
