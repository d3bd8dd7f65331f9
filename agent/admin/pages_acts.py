"""Every act of a person's, in the admin or at the command line: who, when, what, before and after, and its outcome."""

from __future__ import annotations

from starlette.responses import Response

from agent.admin.door import get
from agent.admin.house import MenuEntry
from agent.admin.visit import Visit
from agent.journal import users

OURS = (
    "user_by_code",
    "user_invited",
    "user_code",
    "user_role",
    "user_blocked",
    "user_password",
    "admin_code",
    "settings_saved",
    "settings_undone",
    "rule_changed",
    "mapping_changed",
    "plugin_changed",
    "trial_shown",
    "personal_shown",
    "person_erased",
)
"""The acts that are no wishes; a wish is called as the command line calls it."""

SHOWN = 50
"""Acts on a page."""


async def show(visit: Visit) -> Response:
    key = visit.query("before").split(".")
    given = len(key) == 2 and all(each.isascii() and each.isdigit() and len(each) < 18 for each in key)
    before = (int(key[0]), int(key[1])) if given else None
    acts = visit.view(lambda tx: users.acts(tx, SHOWN, before))
    return visit.page(
        "acts/acts.html",
        acts=acts,
        kinds={key: visit.text(f"acts.{key}") for key in OURS},
        older=f"{acts[-1].at_ms}.{acts[-1].place}" if len(acts) == SHOWN else "",
        newest=before is None,
    )


ROUTES = (get("/acts", show),)
MENU = (MenuEntry(80, "/acts", "acts.title"),)
