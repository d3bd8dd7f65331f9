"""One request to the admin, and what a page may do with it: look, render, leave a wish, keep the act."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode

import apsw
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from agent.actors.times import to_ms
from agent.admin import csrf
from agent.admin.headers import is_secure
from agent.admin.house import Admin, in_parts
from agent.journal import users
from agent.journal.journal import Step, T
from agent.journal.users import Role, Session, User
from agent.model.words import Language

LANGUAGE_COOKIE = "brygga_language"
YEAR_S = 365 * 86_400
MOST_FIELDS = 2_000


class Form:
    """What a form sent. A field that was not sent is empty."""

    def __init__(self, body: bytes) -> None:
        text = body.decode("utf-8", "replace")
        self._fields = parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)

    def get(self, name: str) -> str:
        return next((value for key, value in self._fields if key == name), "")

    def all(self, name: str) -> list[str]:
        """The values of boxes that were ticked."""
        return [value for key, value in self._fields if key == name]


class Visit:
    """`form` is empty unless the request is a post. `form` and `query` come from outside: judge what they hold."""

    def __init__(self, admin: Admin, request: Request, cookie: str, session: Session | None, form: Form) -> None:
        self.admin = admin
        self.request = request
        self.cookie = cookie
        self.session = session
        self.form = form
        self.language = _language(admin, request)
        self.text = admin.text(self.language)

    @property
    def user(self) -> User:
        """Whoever has signed in. Only pages for everybody are visited without a session."""
        if self.session is None:
            raise LookupError("a page for everybody asked who its visitor is")
        return self.session.user

    @property
    def now_ms(self) -> int:
        return to_ms(self.admin.clock())

    def query(self, name: str) -> str:
        return str(self.request.query_params.get(name, ""))

    def path(self, name: str) -> str:
        """A part of the address, as the route names it."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A number in the address; 0, which nothing has, for one that SQLite could not hold."""
        given = int(self.request.path_params[name])
        return given if given < 1 << 63 else 0

    def may(self, role: Role) -> bool:
        return self.session is not None and self.session.user.role.may(role)

    def view(self, look: Step[T]) -> T:
        return self.admin.view(look)

    # -- answers -----------------------------------------------------------------------------------------------------

    def page(self, template: str, /, status: int = 200, **values: object) -> Response:
        """A whole page, or a piece of one where htmx asks for it."""
        told = {
            "visit": self,
            "csrf": csrf.token_for(self.cookie),
            "menu": in_parts(entry for entry in self.admin.menu_now if self.may(entry.role)),
            "here": self.request.url.path,
            "said": self._said(),
        }
        return HTMLResponse(self.admin.render(template, self.language, **{**told, **values}), status)

    def json(self, body: object) -> Response:
        return JSONResponse(body)

    def back(self, path: str, said: str = "", count: int | None = None) -> Response:
        """Goes on to a page of ours after a post. There the text `said` is shown, with a count where one counts."""
        told = {"said": said} if said else {}
        if count is not None:
            told["n"] = str(count)
        mark = "&" if "?" in path else "?"
        address = quote(local(path), safe="/?&=%:,+~#")
        return RedirectResponse(address + (mark + urlencode(told) if told else ""), 303)

    def problem(self, status: int, key: str) -> Response:
        """A page that says why not."""
        return self.page("problem.html", status, problem=self.text(key), code=status)

    # -- acts --------------------------------------------------------------------------------------------------------

    async def wish(
        self,
        kind: str,
        shop: str,
        order_id: int = 0,
        args: dict[str, str] | None = None,
        *,
        subject: str = "",
        before: dict[str, object] | None = None,
    ) -> int:
        """Leaves a wish for the agent and keeps the act, in one step. Returns the wish's number; its answer stands in
        the journal when the agent has taken it up."""
        now_ms, who = self.now_ms, self.user.name
        return await self.admin.journal.run(
            lambda tx: users.wish(
                tx,
                at_ms=now_ms,
                who=who,
                kind=kind,
                shop=shop,
                order_id=order_id,
                args=args,
                subject=subject,
                before=before,
            )
        )

    async def act(
        self,
        kind: str,
        step: Callable[[apsw.Connection], T],
        *,
        shop: str = "",
        order_id: int = 0,
        subject: str = "",
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
    ) -> T:
        """Does something in the journal and keeps the act with it. A step that gives None or False has done nothing,
        and nothing is kept."""
        now_ms, who = self.now_ms, self.user.name

        def both(tx: apsw.Connection) -> T:
            result = step(tx)
            if result is not None and result is not False:
                users.act(
                    tx,
                    at_ms=now_ms,
                    who=who,
                    kind=kind,
                    shop=shop,
                    order_id=order_id,
                    subject=subject,
                    before=before,
                    after=after,
                )
            return result

        return await self.admin.journal.run(both)

    # -- cookies -----------------------------------------------------------------------------------------------------

    def set_cookie(self, response: Response, name: str, value: str, max_age_s: int | None = None) -> None:
        secure = is_secure(self.admin.settings().admin)
        response.set_cookie(name, value, max_age=max_age_s, path="/", secure=secure, httponly=True, samesite="strict")

    def _said(self) -> str:
        key, count = self.query("said"), self.query("n")
        if f"said.{key}" not in self.text:
            return ""
        return self.text(f"said.{key}", n=count if count.isascii() and count.isdigit() else "")


def local(path: str) -> str:
    """The path, if it leads to a page of ours; else the first page."""
    fits = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if fits else "/"


def _language(admin: Admin, request: Request) -> Language:
    chosen = request.cookies.get(LANGUAGE_COOKIE) or admin.settings().language
    return Language(chosen) if chosen in tuple(Language) else Language.SWEDISH
