"""A change of the settings as people read it, at the command line and in the admin."""

from __future__ import annotations

from difflib import unified_diff

from agent.journal.settings_history import Entry, How
from agent.model.words import Language, Words, words
from agent.settings.difference import SECRETS_PATH, Change

HOWS: dict[How, Words] = {
    How.FIRST: words("de första", "the first"),
    How.RELOAD: words("läst på begäran", "read when asked"),
    How.SIGNAL: words("läst på signal", "read by a signal"),
    How.FOUND: words("funnen vid start", "found at start"),
    How.SAVED: words("sparad i admin", "saved in the admin"),
    How.UNDONE: words("ändring {undoes} togs tillbaka", "change {undoes} was taken back"),
}

_OTHER_SECRET = words("bytt", "changed")


def how(entry: Entry, language: Language) -> str:
    """What made the agent take these settings up."""
    return HOWS[entry.how].in_(language).format(undoes=entry.undoes)


def change_text(change: Change, language: Language) -> str:
    """One line: the place, what stood there, what stands there."""
    if change.path.startswith(f"{SECRETS_PATH}."):
        return f"{change.path}: {_OTHER_SECRET.in_(language)}"
    return f"{change.path}: {change.before or '–'} → {change.after or '–'}"


def text_difference(before: Entry | None, entry: Entry) -> list[str]:
    """The lines of the file that came and went, comments included, with three around each."""
    was, named = (before.text, str(before.number)) if before is not None else ("", "")
    return difference(was, entry.text, named, str(entry.number))


def difference(was: str, text: str, named: str = "", called: str = "") -> list[str]:
    """The lines that came and went, with three around each, after two lines that name the texts."""
    return list(unified_diff(was.splitlines(), text.splitlines(), named, called, lineterm=""))
