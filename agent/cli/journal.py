"""`brygga journal`: copies of what the agent remembers, made while it runs; put back; looked through."""

from __future__ import annotations

import getpass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from agent.cli.context import CommandContext, Given
from agent.cli.desk import NO, AsJson, journal_path
from agent.cli.errors import UserError
from agent.cli.output import complain, say, say_json
from agent.journal import backup as copies
from agent.journal.backup import Checked
from agent.journal.schema import JournalError
from agent.model.reasons import Fault
from agent.model.words import Language, words
from agent.settings.load import Unreadable, load
from agent.shown.figures import number

app = App(name="journal", help="Back up, restore or check the journal.", help_format="plaintext")

_File = Annotated[Path, Parameter(help="The file of the copy.")]


@app.command
def backup(file: _File, *, json: AsJson = False, context: Given) -> int:
    """Copy the journal into a new file, also while the agent runs. The file is never written over.

    The copy holds customers' data of orders that are under way: keep it as you keep those.
    """
    path, language = _place(context)
    target = context.cwd / file
    try:
        found = copies.backup(path, target)
    except JournalError as error:
        raise _told(error, target if error.fault is Fault.BACKUP_NOT_MADE else path) from error
    if json:
        say_json({"file": str(target), **_json(found)})
    else:
        count = number(found.orders, language)
        say(words(f"Kopierad till {target}: {count} order.", f"Copied to {target}: {count} orders.").in_(language))
    return 0


@app.command
def restore(file: _File, *, json: AsJson = False, context: Given) -> int:
    """Put a copy in the journal's place. Refused while the agent runs; the journal that was there is kept beside it."""
    path, language = _place(context)
    source = _copy_at(context.cwd / file)
    try:
        done = copies.restore(source, path, at=datetime.now(UTC), who=getpass.getuser())
    except JournalError as error:
        raise _told(error, path if error.fault is Fault.JOURNAL_IN_USE else source) from error
    if json:
        say_json({"file": str(path), "kept": None if done.kept is None else str(done.kept), **_json(done.checked)})
        return 0
    count = number(done.checked.orders, language)
    say(words(f"Återställd till {path}: {count} order.", f"Restored to {path}: {count} orders.").in_(language))
    if done.kept is not None:
        say(words(f"Den förra ligger kvar som {done.kept}.", f"The former one is kept as {done.kept}.").in_(language))
    say(
        words(
            "Vid nästa start jämförs allt med butikerna och Mamut; det som gjorts sedan kopian hittas där.",
            "At the next start all is compared with shops and Mamut; what was done since the copy is found there.",
        ).in_(language)
    )
    return 0


@app.command
def check(file: Path | None = None, *, json: AsJson = False, context: Given) -> int:
    """Look through the whole journal, or a copy of it, for damage. The agent may run meanwhile."""
    path, language = _place(context)
    path = path if file is None else _copy_at(context.cwd / file)
    try:
        found = copies.check(path)
    except JournalError as error:
        raise _told(error, path) from error
    if json:
        say_json({"file": str(path), **_json(found)})
    elif found.problems:
        for problem in found.problems:
            complain(problem)
    else:
        count = number(found.orders, language)
        say(words(f"{path} är hel: {count} order.", f"{path} is sound: {count} orders.").in_(language))
    return NO if found.problems else 0


def _json(found: Checked) -> dict[str, object]:
    """Keys are stable."""
    return {
        "orders": found.orders,
        "version": found.version,
        "size": found.size,
        "sound": not found.problems,
        "problems": list(found.problems),
    }


def _copy_at(file: Path) -> Path:
    """The copy that somebody names: one that is not there is no journal that has yet to begin."""
    if not file.exists():
        raise UserError(Fault.BACKUP_MISSING, {"file": str(file)})
    return file


def _told(error: JournalError, path: Path) -> UserError:
    return UserError(error.fault, {"file": str(path), "problem": error.detail})


def _place(context: CommandContext) -> tuple[Path, Language]:
    """Where the journal of the settings lies, be there one or not."""
    loaded = load(context.settings_file())
    if isinstance(loaded, Unreadable):
        raise UserError(Fault.SETTINGS_MISSING, {"file": str(context.settings_file())})
    return journal_path(loaded.settings), context.speak(loaded.settings.language)
