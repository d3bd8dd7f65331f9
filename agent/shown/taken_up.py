"""How it is said whom changed settings were about."""

from __future__ import annotations

from collections.abc import Iterable

from agent.model.taken_up import MAMUT, REGISTER, WEBHOOKS, TakenUp
from agent.model.words import Language, Words, words
from agent.shown.names import direction_name

OTHERS: dict[str, Words] = {
    MAMUT: words("förbindelsen med Mamut", "the connection to Mamut"),
    REGISTER: words("läsaren av Mamuts register", "the reader of Mamut's register"),
    WEBHOOKS: words("mottagaren av webhookar", "the receiver of webhooks"),
}

SAID: tuple[tuple[str, Words], ...] = (
    ("replaced", words("Börjar om med de nya inställningarna", "Begins anew by the new settings")),
    ("begun", words("Tillkommer", "Begins")),
    ("ended", words("Upphör", "Ends")),
    ("kept", words("Arbetar vidare", "Works on")),
)


def taken_up_lines(taken: TakenUp, language: Language) -> list[str]:
    """A line for each of those who begin anew, come, go and work on, where there are any."""
    if taken.whole:
        all_of_them = words(
            f"Alla börjar om: {taken.whole} gäller alla.", f"All begin anew: {taken.whole} concerns everybody."
        )
        return [all_of_them.in_(language)]
    found = [(said.in_(language), getattr(taken, field)) for field, said in SAID]
    lines = [f"{said}: {_named(names, language)}." for said, names in found if names]
    if not (taken.replaced or taken.begun or taken.ended):
        lines.insert(0, words("Ingen behöver börja om.", "Nobody has to begin anew.").in_(language))
    return lines


def outdated_lines(taken: TakenUp, language: Language) -> list[str]:
    """A line for each plugin whose installed version is not the one at work."""
    return [
        words(
            f"Pluginen {each.plugin} arbetar som version {each.at_work}; {each.installed} är installerad. Starta om"
            " agenten för att byta.",
            f"The plugin {each.plugin} works as version {each.at_work}; {each.installed} is installed. Restart the"
            " agent to change.",
        ).in_(language)
        for each in taken.outdated
    ]


def _named(names: Iterable[str], language: Language) -> str:
    """Shop by shop: "butik (order, priser); förbindelsen med Mamut"."""
    shops: dict[str, list[str]] = {}
    others = []
    for name in names:
        key, slash, direction = name.partition("/")
        if slash:
            shops.setdefault(key, []).append(direction_name(direction, language))
        else:
            others.append(OTHERS[name].in_(language))
    return "; ".join([*(f"{key} ({', '.join(each)})" for key, each in shops.items()), *others])
