"""Texts of the page of the log."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Logg", "Log"),
    "lead": words(
        "Vad agenten säger om sitt eget arbete, det nyaste överst. Inga personuppgifter och inga hemligheter står här.",
        "What the agent says of its own work, the newest on top. No personal data and no secrets stand here.",
    ),
    "level": words("Minst", "At least"),
    "shop": words("Butik", "Shop"),
    "part": words("Del", "Part"),
    "code": words("Kod", "Code"),
    "text": words("Text", "Text"),
    "pause": words("Pausa", "Pause"),
    "go_on": words("Fortsätt", "Go on"),
    "at": words("När", "When"),
    "kind": words("Nivå", "Level"),
    "event": words("Händelse", "Event"),
    "fields": words("Uppgifter", "Fields"),
    "none": words("Inget är loggat än.", "Nothing has been logged yet."),
    "not_kept": words(
        "Den här processens logg går inte genom agenten. Se dess standardfelkanal.",
        "The log of this process does not go through the agent. See its standard error.",
    ),
    "older": words("Äldre rader ur filen", "Older lines from the file"),
    "no_file": words(
        "Loggen skrivs inte till fil. Starta med brygga run --log-file FIL för att spara äldre rader.",
        "The log is not written to a file. Start with brygga run --log-file FILE to keep older lines.",
    ),
    "live": words("Direkt", "Live"),
    "show": words("Visa", "Show"),
    "more": words("Äldre", "Older"),
    "none_fits": words("Ingen rad här passar; det kan finnas äldre.", "No line here fits; there may be older ones."),
    "pages": words("Sidor", "Pages"),
}
