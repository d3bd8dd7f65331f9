"""The settings: what was changed when and by whom, taking a change back, and editing the file."""

from __future__ import annotations

from starlette.responses import Response

from agent.actors.reloader import CHANGED_MEANWHILE, WRONG, Saved
from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.saving import judged, save_text
from agent.admin.visit import Visit
from agent.journal import settings_history
from agent.journal.settings_history import Entry, How, text_digest
from agent.journal.users import Role
from agent.shown.settings_history import change_text, difference, how, text_difference

SHOWN = 30
"""Changes on a page."""

SHOWN_PLACES = 4
"""So many places of a change stand in the list."""


async def show(visit: Visit) -> Response:
    given = visit.query("before")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
    found = visit.view(lambda tx: settings_history.listing(tx, SHOWN, before))
    return visit.page(
        "settings/history.html",
        entries=[(entry, how(entry, visit.language), _brief(entry)) for entry in found],
        first=How.FIRST,
        shown_places=SHOWN_PLACES,
        older=found[-1].number if len(found) == SHOWN else None,
        newest=before is None,
        editable=visit.admin.reloader() is not None,
    )


async def show_one(visit: Visit) -> Response:
    number = visit.number("number")
    entry = visit.view(lambda tx: settings_history.entry(tx, number))
    if entry is None:
        return visit.problem(404, "settings.unknown")
    before = visit.view(lambda tx: settings_history.before(tx, number))
    return visit.page(
        "settings/change.html",
        entry=entry,
        how=how(entry, visit.language),
        changes=[change_text(change, visit.language) for change in entry.changes],
        lines=[] if entry.how is How.FIRST else text_difference(before, entry)[2:],
        has_before=before is not None,
        before_concealed=before is not None and before.concealed,
    )


def _brief(entry: Entry) -> list[str]:
    return [change.path for change in entry.changes[:SHOWN_PLACES]]


# -- taking a change back ---------------------------------------------------------------------------------------------


async def confirm(visit: Visit) -> Response:
    return _confirm_page(visit)


async def undo(visit: Visit) -> Response:
    """Puts back what stood before the change. The form names the file that its page showed, so that nobody takes back
    what they have not seen."""
    number, basis = visit.number("number"), visit.form.get("basis")
    before = visit.view(lambda tx: settings_history.before(tx, number))
    reloader = visit.admin.reloader()
    if before is None or before.concealed or reloader is None or not basis:
        return _confirm_page(visit, 422)
    saved = await save_text(visit, reloader, before.text, basis, undoes=number)
    if not saved.good:
        return _confirm_page(visit, 422, saved)
    return visit.back("/settings" if saved.number is None else f"/settings/{saved.number}", _said(saved, "undone"))


def _confirm_page(visit: Visit, status: int = 200, saved: Saved | None = None) -> Response:
    """What would become of the file, line by line, before anything is done."""
    number = visit.number("number")
    entry = visit.view(lambda tx: settings_history.entry(tx, number))
    if entry is None:
        return visit.problem(404, "settings.unknown")
    before = visit.view(lambda tx: settings_history.before(tx, number))
    if before is None:
        return visit.problem(422, "settings.nothing_before")
    if before.concealed:
        return visit.problem(422, "settings.concealed")
    reloader = visit.admin.reloader()
    if reloader is None:
        return visit.problem(422, "settings.not_here")
    stands = reloader.read().text
    told = saved or reloader.try_settings(before.text)
    return visit.page(
        "settings/undo.html",
        status,
        entry=entry,
        later=visit.view(lambda tx: settings_history.since(tx, number)),
        lines=difference(stands, before.text)[2:],
        basis=text_digest(stands),
        **judged(visit, told),
    )


# -- editing the file -------------------------------------------------------------------------------------------------


async def edit(visit: Visit) -> Response:
    reloader = visit.admin.reloader()
    if reloader is None:
        return _edit_page(visit, None, "", "")
    read = reloader.read()
    told = None if read.settings is not None else Saved(result=WRONG, findings=read.findings)
    return _edit_page(visit, told, read.text, read.text)


async def check(visit: Visit) -> Response:
    """What would come of saving, without doing it."""
    reloader = visit.admin.reloader()
    if reloader is None:
        return _edit_page(visit, None, visit.form.get("text"), "", 422)
    stands = reloader.read().text
    text = _typed(visit, stands)
    return _edit_page(visit, reloader.try_settings(text), text, stands, checked=True)


async def save(visit: Visit) -> Response:
    reloader = visit.admin.reloader()
    if reloader is None:
        return _edit_page(visit, None, visit.form.get("text"), "", 422)
    stands = reloader.read().text
    text = _typed(visit, stands)
    saved = await save_text(visit, reloader, text, visit.form.get("basis"))
    if not saved.good:
        return _edit_page(visit, saved, text, stands, 422, checked=True)
    return visit.back("/settings" if saved.number is None else f"/settings/{saved.number}", _said(saved, "saved"))


async def read_again(visit: Visit) -> Response:
    """Lets the agent read the file that somebody has changed elsewhere."""
    await visit.wish("reload", "")
    return visit.back("/settings", "asked")


def _edit_page(
    visit: Visit, saved: Saved | None, text: str, stands: str, status: int = 200, *, checked: bool = False
) -> Response:
    meanwhile = saved is not None and saved.result == CHANGED_MEANWHILE
    # Whoever saves once more after having seen what another one changed means it: else the basis stays.
    basis = text_digest(stands) if meanwhile or not checked else visit.form.get("basis")
    return visit.page(
        "settings/edit.html",
        status,
        text=text,
        basis=basis,
        lines=difference(stands, text)[2:] if checked else [],
        checked=checked,
        editable=visit.admin.reloader() is not None,
        **judged(visit, saved),
    )


def _typed(visit: Visit, stands: str) -> str:
    """The text as it is to stand in the file: a browser sends line endings of its own, the file keeps its."""
    text = visit.form.get("text").replace("\r\n", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in stands else text


def _said(saved: Saved, done: str) -> str:
    return f"settings_{done}" if saved.number is not None else "settings_same"


ROUTES = (
    get("/settings", show),
    get("/settings/edit", edit, Role.CONFIGURE),
    post("/settings/edit", save, Role.CONFIGURE),
    post("/settings/check", check, Role.CONFIGURE),
    post("/settings/read", read_again, Role.CONFIGURE),
    get("/settings/{number:int}", show_one),
    get("/settings/{number:int}/undo", confirm, Role.CONFIGURE),
    post("/settings/{number:int}/undo", undo, Role.CONFIGURE),
)
MENU = (MenuEntry(70, "/settings", "settings.title"),)
