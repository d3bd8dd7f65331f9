"""Who may use the admin: users and their roles, codes for new ones, and one's own password."""

from __future__ import annotations

import apsw
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.first_user import HOLDS_S, drop_code, give_code
from agent.admin.house import MenuEntry
from agent.admin.pages_access import NAME_LONGEST, address, judged
from agent.admin.passwords import LONGEST, SHORTEST
from agent.admin.visit import Visit
from agent.journal import users
from agent.journal.users import Role, User


async def show(visit: Visit) -> Response:
    return _page(visit)


async def add(visit: Visit) -> Response:
    """Gives a code with which the new user chooses a password: nobody else ever knows it."""
    name, role = visit.form.get("name").strip(), visit.form.get("role")
    if not 1 <= len(name) <= NAME_LONGEST or not name.isprintable():
        return _page(visit, wrong=visit.text("access.name_wrong", longest=NAME_LONGEST))
    if role not in tuple(Role):
        return _page(visit, wrong=visit.text("users.role_unknown"))
    if visit.view(lambda tx: users.known(tx, name)) is not None:
        return _page(visit, wrong=visit.text("users.name_taken", name=name))
    return await _code(visit, "user_invited", name, Role(role))


async def new_code(visit: Visit) -> Response:
    user = _named(visit)
    return (
        visit.problem(404, "users.unknown") if user is None else await _code(visit, "user_code", user.name, user.role)
    )


async def change_role(visit: Visit) -> Response:
    user, role = _named(visit), visit.form.get("role")
    if user is None or role not in tuple(Role):
        return visit.problem(404, "users.unknown")
    wanted = Role(role)

    def step(tx: apsw.Connection) -> bool:
        if wanted is not Role.CONFIGURE and users.is_last_who_configures(tx, user.user_id):
            return False
        users.set_role(tx, user.user_id, wanted)
        drop_code(tx, user.name)
        return True

    done = await visit.act(
        "user_role", step, subject=user.name, before={"role": user.role.value}, after={"role": wanted.value}
    )
    return visit.back("/users", "saved") if done else _page(visit, wrong=visit.text("users.last_one"))


async def block(visit: Visit) -> Response:
    """Ends all sessions of the user, too."""
    user = _named(visit)
    if user is None:
        return visit.problem(404, "users.unknown")

    def step(tx: apsw.Connection) -> bool:
        if not user.blocked and users.is_last_who_configures(tx, user.user_id):
            return False
        users.set_blocked(tx, user.user_id, blocked=not user.blocked)
        drop_code(tx, user.name)
        return True

    before: dict[str, object] = {"blocked": user.blocked}
    after: dict[str, object] = {"blocked": not user.blocked}
    done = await visit.act("user_blocked", step, subject=user.name, before=before, after=after)
    return visit.back("/users", "saved") if done else _page(visit, wrong=visit.text("users.last_one"))


async def password(visit: Visit) -> Response:
    return _password_page(visit, "")


async def change_password(visit: Visit) -> Response:
    """Ends every other session of the user."""
    admin, user = visit.admin, visit.user
    who, now_s = f"change {user.user_id} {address(visit)}", visit.admin.clock().timestamp()
    wait_s = admin.throttle.wait_s(now_s, who)
    if wait_s > 0:
        return _password_page(visit, visit.text("access.too_many", seconds=int(wait_s) + 1), 429)
    found = visit.view(lambda tx: users.known(tx, user.name))
    if not await admin.passwords.is_right(found and found[1], visit.form.get("old")[:LONGEST]):
        admin.throttle.failed(now_s, who)
        return _password_page(visit, visit.text("users.old_wrong"), 403)
    given = visit.form.get("password")
    wrong = judged(visit, user.name, given, visit.form.get("again"))
    if wrong:
        return _password_page(visit, wrong, 422)
    kept, now_ms = await admin.passwords.kept(given), visit.now_ms

    def step(tx: apsw.Connection) -> bool:
        users.set_password(tx, user.user_id, kept, now_ms)
        return True

    await visit.act("user_password", step, subject=user.name)
    return visit.back("/login", "password_changed")


def _named(visit: Visit) -> User | None:
    number = visit.number("user_id")
    return visit.view(lambda tx: users.user(tx, number))


async def _code(visit: Visit, kind: str, name: str, role: Role) -> Response:
    now_ms = visit.now_ms
    code = await visit.act(kind, lambda tx: give_code(tx, now_ms, name, role), subject=name, after={"role": role.value})
    return _page(visit, code=code, code_name=name)


def _page(visit: Visit, *, wrong: str = "", code: str = "", code_name: str = "") -> Response:
    return visit.page(
        "users/users.html",
        422 if wrong else 200,
        users=visit.view(users.users),
        roles=[role.value for role in Role],
        wrong=wrong,
        given_code=code,
        code_name=code_name,
        hours=HOLDS_S // 3600,
        typed=visit.form.get("name") if wrong else "",
    )


def _password_page(visit: Visit, wrong: str, status: int = 200) -> Response:
    return visit.page("users/password.html", status, wrong=wrong, shortest=SHORTEST)


ROUTES = (
    get("/users", show, Role.CONFIGURE),
    post("/users", add, Role.CONFIGURE),
    post("/users/{user_id:int}/code", new_code, Role.CONFIGURE),
    post("/users/{user_id:int}/role", change_role, Role.CONFIGURE),
    post("/users/{user_id:int}/block", block, Role.CONFIGURE),
    get("/password", password),
    post("/password", change_password, Role.LOOK),
)
MENU = (MenuEntry(90, "/users", "users.title", Role.CONFIGURE), MenuEntry(95, "/password", "users.password"))
