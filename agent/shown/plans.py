"""What plans of a first synchronisation do, how far their rows have come, and the phases of the work, in words."""

from __future__ import annotations

from agent.model.plan import Action, RowState
from agent.model.words import Language, words

ACTIONS = {
    Action.MAKE: words("Skapas", "Made"),
    Action.LINK: words("Kopplas ihop, lika redan", "Tied together, equal already"),
    Action.CHANGE: words("Kopplas ihop och ändras", "Tied together and changed"),
    Action.SAME: words("Klara sedan tidigare", "Done before"),
    Action.REFUSE: words("Kan inte föras över", "Cannot go over"),
    Action.LEAVE: words("Ska inte föras över", "Are not to go over"),
}

STATES = {
    RowState.DONE: words("Gjort", "Done"),
    RowState.SKIPPED: words("Överhoppat: ändrat sedan planen", "Skipped: changed since the plan"),
    RowState.REFUSED: words("Gick inte", "Could not be done"),
    RowState.UNDONE: words("Taget tillbaka", "Taken back"),
    RowState.LEFT: words("Lämnat: rört av någon", "Left: touched by somebody"),
    RowState.OPEN: words("Kvar att göra", "Still to do"),
}

PHASES = {
    "register": words("Läser Mamuts register", "Reading Mamut's register"),
    "shop": words("Läser butikens produkter", "Reading the shop's products"),
    "variations": words("Läser butikens varianter", "Reading the shop's variations"),
    "articles": words("Frågar Mamut om artiklarna", "Asking Mamut for the articles"),
    "deciding": words("Avgör", "Deciding"),
    "sales": words("Läser vad butiken har sålt", "Reading what the shop has sold"),
    "applying": words("Verkställer planen", "Applying the plan"),
    "undoing": words("Tar tillbaka", "Taking back"),
    "quiet": words("Väntar ut butikens tysta timmar", "Waiting out the shop's quiet hours"),
}


def phase_name(phase: str, language: Language) -> str:
    return PHASES[phase].in_(language) if phase in PHASES else phase
