"""What people are told by mail: whether letters go, what has been told, what the next would say, and a test letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import apsw
from starlette.responses import Response

from agent.actors.mailer import MAIL, TEST, plans
from agent.actors.times import to_ms
from agent.admin.door import get, post
from agent.admin.house import Admin, MenuEntry
from agent.admin.live import Piece
from agent.admin.visit import Visit
from agent.decide.telling import Telling, Told, followed
from agent.journal import records, told_by_mail
from agent.model.order import Frozen
from agent.model.words import Language
from agent.shown import letter as letters
from agent.shown.matters import matter, subjects


class Line(Frozen, frozen=True):
    """One thing that has been told. `gone_ms` is since when it is no more."""

    area: str
    code: str
    shop: str
    count: int
    at_ms: int
    gone_ms: int | None


async def show(visit: Visit) -> Response:
    return visit.page("mail/mail.html", now=visit.admin.live.html("mail", visit.language), piece="mail")


def look(tx: apsw.Connection, admin: Admin) -> Mapping[str, object]:
    settings, now = admin.settings(), admin.clock()
    state = told_by_mail.get(tx)
    found = subjects(tx, settings, now)
    matters = [matter(each, settings) for each in found]
    told = followed(matters, state.told, now)
    ripe = tuple(each.key for each in matters if each.is_ripe(now))
    written = {
        language.value: letters.plain(letters.write(Telling(new=ripe), found, settings, now, language), language)
        for language in Language
        if ripe
    }
    daily, _ = plans(settings.mail)
    return {
        "mail": settings.mail,
        "next_ms": None if daily is None else to_ms(daily.next_run(now, now)),
        "sent_ms": _ms(state.sent),
        "failed_ms": _ms(state.failed),
        "problem": state.problem,
        "refused": state.refused,
        "tried_ms": _ms(state.tried),
        "result": state.result,
        "asked": bool(records.open_wishes(tx, MAIL)),
        "told": sorted((_line(key, each) for key, each in told.items()), key=lambda line: -line.at_ms),
        "written": written,
        "unripe": len(matters) - len(ripe),
    }


def _line(key: str, told: Told) -> Line:
    area, code, shop = key.split("/", 2)
    return Line(area=area, code=code, shop=shop, count=told.count, at_ms=to_ms(told.at), gone_ms=_ms(told.gone))


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)


async def send_test(visit: Visit) -> Response:
    """Leaves the wish; the agent, which has the password, sends the letter."""
    if not visit.admin.settings().mail.is_on:
        return visit.problem(422, "mail.is_off")
    await visit.wish(TEST, MAIL)
    return visit.back("/mail", "asked")


ROUTES = (get("/mail", show), post("/mail/test", send_test))
MENU = (MenuEntry(85, "/mail", "mail.title"),)
LIVE = (Piece("mail", "mail/now.html", look),)
