"""What would change, said to people: on the command line and in the admin alike."""

from __future__ import annotations

from agent.decide.trial import Trial, TrialChange
from agent.model.catalogue import explain
from agent.model.words import Language, words
from agent.shown.names import code_of

VEIL = "•••"
"""Stands for a value that may tell of a person and has not been asked for."""


def is_touched(trial: Trial) -> bool:
    """Whether anything would become of it that does not without what is tried."""
    return bool(trial.changes or trial.by or trial.reason != trial.was)


def values(change: TrialChange, *, show: bool) -> tuple[str, str]:
    """Before and after, veiled unless they tell of nobody or are to be shown."""
    open_ = show or change.is_open
    before, after = (value if open_ or not value else VEIL for value in (change.before, change.after))
    return before, after


def outcome(code: str, language: Language) -> str:
    """What a trial's reason is called; it goes over where there is none."""
    if not code:
        return words("går över", "goes over").in_(language)
    named = code_of(code)
    return code if named is None else f"{code} {explain(named, language).title}"


def trial_json(trial: Trial, of: str, *, show: bool) -> dict[str, object]:
    """`of` is "order" or "article"."""
    told = [(change, values(change, show=show)) for change in trial.changes]
    return {
        "of": of,
        "order_id" if of == "order" else "pk": trial.order_id,
        "number": trial.number,
        "reason": trial.reason,
        "reason_without": trial.was,
        "why": trial.params.get("why", ""),
        "by": list(trial.by),
        "changes": [
            {"record": change.record, "field": change.field, "before": before, "after": after}
            for change, (before, after) in told
        ],
    }
