"""What `brygga sync products` says: counts, samples and reasons, in Swedish and English."""

from __future__ import annotations

import apsw

from agent.actors.sync_census import Census, Side
from agent.cli.figures import show_table, table
from agent.cli.output import say
from agent.journal import plans
from agent.journal.plans import Counts
from agent.model.plan import WRITES, Action, PlanRow, RowState
from agent.model.words import Language, words
from agent.shown.figures import number
from agent.shown.plan_file import why
from agent.shown.plans import ACTIONS, PHASES, STATES

SAMPLE = 5

_SIDES = {
    "only_mamut": words("Bara i Mamut", "Only in Mamut"),
    "only_shop": words("Bara i butiken", "Only in the shop"),
    "kind_differs": words("Av olika sort", "Of different kinds"),
    "case_differs": words("Skiljer i stora och små bokstäver", "Differ in capitals"),
    "twice_in_mamut": words("Två gånger i Mamut", "Twice in Mamut"),
    "twice_in_shop": words("Två gånger i butiken", "Twice in the shop"),
    "without_number": words("Utan artikelnummer i butiken", "Without a number in the shop"),
}


class Words:
    """Speaks one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, sv: str, en: str) -> str:
        return words(sv, en).in_(self.language)

    def phase(self, name: str) -> str:
        return PHASES[name].in_(self.language)


def say_plan(words: Words, tx: apsw.Connection, plan: int, counts: Counts, unreadable: list[str]) -> None:
    """How many rows of each kind, a few of each, and why some cannot go over."""
    rows = words("Artiklar", "Articles")
    shown = table(
        words("Vad planen gör", "What the plan does"), rows, words("Till exempel", "For example"), numbers=(rows,)
    )
    for action, text in ACTIONS.items():
        some = ", ".join(row.number or row.name for row in plans.sample(tx, plan, action, None, SAMPLE))
        shown.add_row(text.in_(words.language), number(counts.of(action), words.language), some)
    show_table(shown)
    for (action, code), count in sorted(counts.planned.items(), key=lambda each: -each[1]):
        if action is Action.REFUSE:
            _reason(words, plans.sample(tx, plan, action, code, SAMPLE), code, count)
    if unreadable:
        some = "; ".join(unreadable[:SAMPLE])
        told = number(len(unreadable), words.language)
        say(words(f"Oläsbara i butiken: {told} ({some})", f"Unreadable in the shop: {told} ({some})"))


def say_applied(words: Words, tx: apsw.Connection, plan: int, counts: Counts) -> None:
    _states(words, tx, plan, counts, (RowState.DONE, RowState.SKIPPED, RowState.REFUSED, RowState.OPEN))
    if counts.left:
        say(words("Samma kommando går vidare med resten.", "The same command goes on with the rest."))


def say_undone(words: Words, tx: apsw.Connection, plan: int, counts: Counts) -> None:
    _states(words, tx, plan, counts, (RowState.UNDONE, RowState.LEFT))


def say_census(words: Words, found: Census) -> None:
    rows = words("Artikelnummer", "Article numbers")
    shown = table("", rows, words("Till exempel", "For example"), numbers=(rows,))
    shown.add_row(words("Lika på båda sidor", "Equal on both sides"), number(found.equal, words.language), "")
    for name, text in _SIDES.items():
        side: Side = getattr(found, name)
        shown.add_row(text.in_(words.language), number(side.count, words.language), ", ".join(side.sample))
    show_table(shown)
    if found.is_equal:
        say(words("Artikelnumren är lika på båda sidor.", "The article numbers are equal on both sides."))


def counts_json(counts: Counts) -> dict[str, object]:
    """Keys are stable."""
    refused = {code: count for (action, code), count in counts.planned.items() if action is Action.REFUSE}
    states = {state.value or "open": counts.in_state(state) for state in RowState}
    return {"planned": {action.value: counts.of(action) for action in Action}, "refused": refused, "states": states}


def census_json(found: Census) -> dict[str, object]:
    sides = {name: getattr(found, name) for name in _SIDES}
    told = {name: {"count": side.count, "sample": list(side.sample)} for name, side in sides.items()}
    return {"equal": found.equal, "is_equal": found.is_equal, **told}


def _states(words: Words, tx: apsw.Connection, plan: int, counts: Counts, states: tuple[RowState, ...]) -> None:
    rows = words("Rader", "Rows")
    shown = table(words("Vad som blev av planen", "What came of the plan"), rows, numbers=(rows,))
    for state in states:
        shown.add_row(STATES[state].in_(words.language), number(counts.in_state(state), words.language))
    show_table(shown)
    for state in (RowState.SKIPPED, RowState.REFUSED, RowState.LEFT):
        if state in states:
            found = [row for row in plans.ended(tx, plan, state, SAMPLE) if row.action in WRITES]
            for row in found:
                say(f"  {row.number}: {why(row.code, row.params, words.language)}")


def _reason(words: Words, rows: list[PlanRow], code: str, count: int) -> None:
    some = ", ".join(row.number or row.name for row in rows)
    said = why(code, rows[0].params if rows else {}, words.language)
    say(f"  {number(count, words.language)} × {code}: {said} ({some})")
