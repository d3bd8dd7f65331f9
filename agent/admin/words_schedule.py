"""Texts of the page of schedules."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Schema", "Schedule"),
    "lead": words(
        "När varje riktning arbetar. Pausad skriver den inget, och det som ska göras sparas. Kör nu gäller även under "
        "tysta timmar.",
        "When each direction works. While paused it writes nothing, and what is to be done is kept. Run now counts in "
        "quiet hours too.",
    ),
    "direction": words("Riktning", "Direction"),
    "schedule": words("Schema", "Schedule"),
    "state": words("Läge", "State"),
    "last": words("Senast", "Last run"),
    "next": words("Nästa", "Next runs"),
    "never": words("aldrig", "never"),
    "acts": words("Åtgärder", "Acts"),
    "on": words("på", "on"),
    "paused": words("pausad {at} av {by}", "paused {at} by {by}"),
    "quiet_until": words("tyst till {at}", "quiet until {at}"),
    "running": words("pågår", "under way"),
    "wrong": words("går inte att följa", "cannot be kept"),
    "asked": words("väntar på agenten: {what}", "waits for the agent: {what}"),
    "run_now": words("Kör nu", "Run now"),
    "pause": words("Pausa", "Pause"),
    "resume": words("Återuppta", "Resume"),
    "of": words("{what}: {direction}, {shop}", "{what}: {direction}, {shop}"),
    "unknown": words("Butiken har inte den riktningen.", "The shop does not have that direction."),
    "is_paused": words("Riktningen är pausad.", "The direction is paused."),
    "not_paused": words("Riktningen är inte pausad.", "The direction is not paused."),
    "nothing": words("Ingen riktning är på.", "No direction is on."),
    "how": words(
        "Scheman står i inställningarna, under [shop.schedules].",
        "Schedules stand in the settings, under [shop.schedules].",
    ),
}
