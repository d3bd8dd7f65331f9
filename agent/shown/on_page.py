"""Remedies as pages say them: the button's name where the command line names its command."""

from __future__ import annotations

import re

import msgspec

from agent.model.catalogue import Explanation
from agent.model.words import Language, Words, words

BUTTONS: dict[str, Words] = {
    "brygga orders retry": words("Försök igen", "Try again"),
    "brygga orders correct": words("Rätta", "Correct"),
    "brygga orders adopt": words("Koppla", "Tie"),
    "brygga orders exclude": words("Undanta", "Exclude"),
    "brygga orders hold": words("Håll kvar", "Hold"),
    "brygga orders settle": words("Omhändertagen", "Seen to"),
    "brygga articles retry": words("Försök igen", "Try again"),
}
"""What is pressed in place of each command."""

PLACES: dict[str, Words] = {
    "brygga orders matches": words("sidan Kunder att bekräfta", "the page Customers to confirm"),
    "brygga orders show": words("penningbeviset på orderns sida", "the money proof on the order's page"),
    "brygga orders customer": words("sidan Kunder att bekräfta", "the page Customers to confirm"),
    "brygga prices guards": words("sidan Stoppade priser", "the page Stopped prices"),
    "brygga prices release": words("sidan Stoppade priser", "the page Stopped prices"),
    "brygga rules test": words("sidan Regler", "the page Rules"),
    "brygga status": words("Översikten", "the Overview"),
    "brygga shops": words("sidan Butiker", "the page Shops"),
    "brygga check": words("sidan Inställningar", "the page Settings"),
}
"""Where one looks in place of each command."""

_ON, _IN = words("på", "on"), words("i", "in")

_RUN = {
    Language.SWEDISH: (re.compile(r"\b(?P<verb>[Kk]ör)(?P<then> sedan)? brygga "), "ryck{then} på "),
    Language.ENGLISH: (re.compile(r"\b(?P<verb>[Rr]un)(?P<then>) brygga "), "ress "),
}
_EITHER = {
    "brygga orders retry eller exclude": "”Försök igen” eller ”Undanta”",
    "brygga orders retry or exclude": "“Try again” or “Exclude”",
}
"""Where the second command is said by its last word alone."""


def on_page(text: Explanation | None, language: Language) -> Explanation | None:
    """The explanation with the remedy that a page can offer."""
    return None if text is None else msgspec.structs.replace(text, remedy=remedy(text.remedy, language))


def remedy(text: str, language: Language) -> str:
    """A command without a button is left as it is: it is for the command line."""
    for both, said in _EITHER.items():
        text = text.replace(both, said)
    for command, button in BUTTONS.items():
        text = _pressed(text, command, _quoted(button.in_(language), language), language)
    for command, place in PLACES.items():
        by = _IN if command == "brygga orders show" else _ON
        text = re.sub(rf"\b(?:med|with) {command}\b", f"{by.in_(language)} {place.in_(language)}", text)
        text = re.sub(rf"{command}\b", place.in_(language), text)
    return text


def _pressed(text: str, command: str, button: str, language: Language) -> str:
    run, press = _RUN[language]
    run = re.compile(run.pattern.removesuffix("brygga ") + re.escape(command) + r"\b")

    def said(found: re.Match[str]) -> str:
        first = "T" if found["verb"][0] == "K" else "t" if language is Language.SWEDISH else "P"
        if language is Language.ENGLISH:
            first = "P" if found["verb"][0] == "R" else "p"
        return first + press.format(then=found["then"] or "") + button

    return re.sub(rf"{re.escape(command)}\b", button, run.sub(said, text))


def _quoted(name: str, language: Language) -> str:
    return f"”{name}”" if language is Language.SWEDISH else f"“{name}”"
