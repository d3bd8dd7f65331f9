"""Signing in and out, the first user, the language, and the files that every page needs."""

from __future__ import annotations

import apsw
import structlog
from starlette.responses import Response

from agent.admin.door import open_get, open_post, post, session_cookie
from agent.admin.first_user import take_code
from agent.admin.passwords import LONGEST, SHORTEST
from agent.admin.visit import LANGUAGE_COOKIE, YEAR_S, Visit, local
from agent.journal import users
from agent.journal.users import Role, User
from agent.model.words import Language

NAME_LONGEST = 60

log = structlog.get_logger("brygga")


async def static(visit: Visit) -> Response:
    file = visit.admin.static.get(visit.path("name"))
    if file is None:
        return visit.problem(404, "access.not_found")
    # The address holds the version, so a browser that has it need not ask again.
    fresh = visit.query("v") == file.version
    keep = "public, max-age=31536000, immutable" if fresh else "no-cache"
    return Response(file.body, headers={"Content-Type": file.content_type, "Cache-Control": keep})


async def language(visit: Visit) -> Response:
    chosen = visit.form.get("language")
    response = visit.back(visit.form.get("back"))
    if chosen in tuple(Language):
        visit.set_cookie(response, LANGUAGE_COOKIE, chosen, YEAR_S)
    return response


# -- signing in -------------------------------------------------------------------------------------------------------


async def login(visit: Visit) -> Response:
    if visit.session is not None:
        return visit.back("/")
    if not visit.view(users.has_users):
        return visit.back("/first")
    return _login_page(visit, "", visit.query("next"))


async def sign_in(visit: Visit) -> Response:
    """The same answer, after the same work, whether the name or the password is wrong."""
    admin, name, onward = visit.admin, visit.form.get("name").strip(), visit.form.get("next")
    who = (f"user {name.lower()[:NAME_LONGEST]}", f"address {address(visit)}")
    now_s = admin.clock().timestamp()
    wait_s = admin.throttle.wait_s(now_s, *who)
    if wait_s > 0:
        text = visit.text("access.too_many", seconds=int(wait_s) + 1)
        return _login_page(visit, text, onward, 429)
    found = visit.view(lambda tx: users.known(tx, name))
    user = None if found is None or found[0].blocked else found[0]
    kept = None if found is None or user is None else found[1]
    if not await admin.passwords.is_right(kept, visit.form.get("password")[:LONGEST]) or user is None:
        admin.throttle.failed(now_s, *who)
        log.warning("admin_refused", known=found is not None)
        return _login_page(visit, visit.text("access.wrong"), onward, 403)
    admin.throttle.succeeded(*who)
    return await _signed_in(visit, user, onward)


async def sign_out(visit: Visit) -> Response:
    await visit.admin.sessions.end(visit.cookie)
    response = visit.back("/login", "signed_out")
    response.delete_cookie(session_cookie(visit.admin), path="/")
    return response


def address(visit: Visit) -> str:
    """Where the request comes from. What a web server in front says counts only where the settings tell of one: its
    last word, since whatever stands before that came from outside."""
    if visit.admin.settings().admin.public_url:
        forwarded = visit.request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        if forwarded:
            return forwarded[:45]
    client = visit.request.client
    return "" if client is None else client.host


def _login_page(visit: Visit, wrong: str, onward: str, status: int = 200) -> Response:
    return visit.page("access/login.html", status, wrong=wrong, onward=local(onward), name=visit.form.get("name"))


async def _signed_in(visit: Visit, user: User, onward: str) -> Response:
    token = await visit.admin.sessions.begin(user)
    log.info("admin_signed_in", user=user.user_id)
    response = visit.back(onward)
    visit.set_cookie(response, session_cookie(visit.admin), token)
    return response


# -- the first user ---------------------------------------------------------------------------------------------------


async def first(visit: Visit) -> Response:
    return _first_page(visit, "")


async def make_first(visit: Visit) -> Response:
    """Whoever has the code from the terminal may make a user who may do everything; a code that a user was given makes
    that user."""
    admin = visit.admin
    who = (f"code {address(visit)}",)
    now_s = admin.clock().timestamp()
    wait_s = admin.throttle.wait_s(now_s, *who)
    if wait_s > 0:
        return _first_page(visit, visit.text("access.too_many", seconds=int(wait_s) + 1), 429)
    name, password = visit.form.get("name").strip(), visit.form.get("password")
    wrong = judged(visit, name, password, visit.form.get("again"))
    if wrong:
        return _first_page(visit, wrong, 422)
    kept = await admin.passwords.kept(password)
    code, now_ms = visit.form.get("code"), visit.now_ms

    def step(tx: apsw.Connection) -> User | None:
        good_for = take_code(tx, code, name, now_ms)
        if good_for is None:
            return None
        user_id = users.add(tx, name, good_for.role, kept, now_ms)
        if user_id is None:
            # The code was for somebody who has forgotten the password.
            found = users.known(tx, name)
            user_id = 0 if found is None else found[0].user_id
            users.set_password(tx, user_id, kept, now_ms)
            users.set_role(tx, user_id, good_for.role)
            users.set_blocked(tx, user_id, blocked=False)
        users.act(tx, at_ms=now_ms, who=name, kind="user_by_code", subject=name, after={"role": good_for.role.value})
        return users.user(tx, user_id)

    user = await admin.journal.run(step)
    if user is None:
        admin.throttle.failed(now_s, *who)
        return _first_page(visit, visit.text("access.code_wrong"), 403)
    admin.throttle.succeeded(*who)
    return await _signed_in(visit, user, "/")


def judged(visit: Visit, name: str, password: str, again: str) -> str:
    """What is wrong with a name and a new password, empty when nothing is."""
    if not 1 <= len(name) <= NAME_LONGEST or not name.isprintable():
        return visit.text("access.name_wrong", longest=NAME_LONGEST)
    if not SHORTEST <= len(password) <= LONGEST:
        return visit.text("access.password_short", shortest=SHORTEST, longest=LONGEST)
    if password.casefold() == name.casefold():
        return visit.text("access.password_is_name")
    return "" if password == again else visit.text("access.password_differs")


def _first_page(visit: Visit, wrong: str, status: int = 200) -> Response:
    form = visit.form
    return visit.page(
        "access/first.html",
        status,
        wrong=wrong,
        name=form.get("name"),
        code_given=form.get("code"),
        shortest=SHORTEST,
        has_users=visit.view(users.has_users),
    )


ROUTES = (
    open_get("/static/{name:path}", static),
    open_post("/language", language),
    open_get("/login", login),
    open_post("/login", sign_in),
    open_get("/first", first),
    open_post("/first", make_first),
    post("/logout", sign_out, Role.LOOK),
)
