"""Who may use the admin, their sessions, and every act of theirs."""

from __future__ import annotations

from enum import StrEnum

import apsw
import msgspec

from agent.journal import records
from agent.model.ids import ShopKey
from agent.model.order import Frozen

PERSON_ERASED = "person_erased"
"""What an act of erasing is called."""


class Role(StrEnum):
    """What somebody may do. Each may do what those before it may: look, act on orders and articles, change settings
    and users."""

    LOOK = "look"
    OPERATE = "operate"
    CONFIGURE = "configure"

    def may(self, needed: Role) -> bool:
        order = tuple(Role)
        return order.index(self) >= order.index(needed)


class User(Frozen, frozen=True):
    user_id: int
    name: str
    role: Role
    made_ms: int
    changed_ms: int
    blocked: bool


class Session(Frozen, frozen=True):
    """A session that stands in the journal. Whether it still holds is for `agent.admin.sessions` to say."""

    user: User
    began_ms: int
    seen_ms: int


class ActRow(Frozen, frozen=True):
    """One act. `before` and `after` are what was changed, by name; `result` is what came of its wish, empty while that
    is open or where it left none. `place` orders what was done in one moment; `number` is the order's, as people know
    it."""

    at_ms: int
    place: int
    who: str
    kind: str
    shop: str
    order_id: int
    subject: str
    before: dict[str, object]
    after: dict[str, object]
    wish_id: int | None
    result: str
    number: str


_NEVER_MS = 1 << 62

_USER = "user_id, name, role, made_ms, changed_ms, blocked"


def _user(row: tuple[object, ...]) -> User:
    return msgspec.convert(dict(zip(User.__struct_fields__, row, strict=True)), User, strict=False)


# -- users ------------------------------------------------------------------------------------------------------------


def users(tx: apsw.Connection) -> list[User]:
    return [_user(row) for row in tx.execute(f"SELECT {_USER} FROM users ORDER BY name")]  # noqa: S608 - columns of ours


def user(tx: apsw.Connection, user_id: int) -> User | None:
    row = tx.execute(f"SELECT {_USER} FROM users WHERE user_id = ?", (user_id,)).fetchone()  # noqa: S608 - columns of ours
    return None if row is None else _user(row)


def has_users(tx: apsw.Connection) -> bool:
    return tx.execute("SELECT 1 FROM users LIMIT 1").fetchone() is not None


def known(tx: apsw.Connection, name: str) -> tuple[User, str] | None:
    """The user of that name, in capitals or not, with the password as it is kept."""
    row = tx.execute(f"SELECT {_USER}, password FROM users WHERE name = ?", (name,)).fetchone()  # noqa: S608 - columns of ours
    return None if row is None else (_user(row[:-1]), str(row[-1]))


def add(tx: apsw.Connection, name: str, role: Role, password: str, now_ms: int) -> int | None:
    """The new user's number; None when the name is taken. `password` is as it is kept, never as it is typed."""
    tx.execute(
        "INSERT INTO users (name, role, password, made_ms, changed_ms) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (name) DO NOTHING",
        (name, role.value, password, now_ms, now_ms),
    )
    return int(tx.last_insert_rowid()) if tx.changes() else None


def set_password(tx: apsw.Connection, user_id: int, password: str, now_ms: int) -> None:
    """A new password ends every session that the old one began."""
    tx.execute("UPDATE users SET password = ?, changed_ms = ? WHERE user_id = ?", (password, now_ms, user_id))
    end_all(tx, user_id)


def set_role(tx: apsw.Connection, user_id: int, role: Role) -> None:
    tx.execute("UPDATE users SET role = ? WHERE user_id = ?", (role.value, user_id))


def set_blocked(tx: apsw.Connection, user_id: int, *, blocked: bool) -> None:
    tx.execute("UPDATE users SET blocked = ? WHERE user_id = ?", (blocked, user_id))
    if blocked:
        end_all(tx, user_id)


def is_last_who_configures(tx: apsw.Connection, user_id: int) -> bool:
    """Whether nobody else could change settings and users."""
    row = tx.execute(
        "SELECT 1 FROM users WHERE role = ? AND blocked = 0 AND user_id <> ? LIMIT 1", (Role.CONFIGURE.value, user_id)
    ).fetchone()
    return row is None


# -- sessions ---------------------------------------------------------------------------------------------------------


def begin(tx: apsw.Connection, digest: bytes, user_id: int, now_ms: int) -> None:
    tx.execute(
        "INSERT INTO admin_sessions (digest, user_id, began_ms, seen_ms) VALUES (?, ?, ?, ?)",
        (digest, user_id, now_ms, now_ms),
    )


def session(tx: apsw.Connection, digest: bytes) -> Session | None:
    """The session, unless its user is blocked."""
    row = tx.execute(
        "SELECT user_id, name, role, made_ms, changed_ms, blocked, began_ms, seen_ms FROM admin_sessions"
        " JOIN users USING (user_id) WHERE digest = ? AND blocked = 0",
        (digest,),
    ).fetchone()
    return None if row is None else Session(user=_user(row[:-2]), began_ms=row[-2], seen_ms=row[-1])


def seen(tx: apsw.Connection, digest: bytes, now_ms: int) -> None:
    tx.execute("UPDATE admin_sessions SET seen_ms = ? WHERE digest = ?", (now_ms, digest))


def end(tx: apsw.Connection, digest: bytes) -> None:
    tx.execute("DELETE FROM admin_sessions WHERE digest = ?", (digest,))


def end_all(tx: apsw.Connection, user_id: int) -> None:
    tx.execute("DELETE FROM admin_sessions WHERE user_id = ?", (user_id,))


def end_older(tx: apsw.Connection, began_before_ms: int, seen_before_ms: int) -> None:
    tx.execute("DELETE FROM admin_sessions WHERE began_ms < ? OR seen_ms < ?", (began_before_ms, seen_before_ms))


# -- acts -------------------------------------------------------------------------------------------------------------


def act(
    tx: apsw.Connection,
    *,
    at_ms: int,
    who: str,
    kind: str,
    shop: str = "",
    order_id: int = 0,
    subject: str = "",
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
    wish_id: int | None = None,
) -> int:
    """Part of the step that does it. `before` and `after` hold neither secrets nor a customer's personal data."""
    tx.execute(
        "INSERT INTO acts (at_ms, who, kind, shop, order_id, subject, before, after, wish_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (at_ms, who, kind, shop, order_id, subject, _text(before), _text(after), wish_id),
    )
    return int(tx.last_insert_rowid())


def wish(
    tx: apsw.Connection,
    *,
    at_ms: int,
    who: str,
    kind: str,
    shop: str,
    order_id: int = 0,
    args: dict[str, str] | None = None,
    subject: str = "",
    before: dict[str, object] | None = None,
) -> int:
    """Leaves a wish for the agent and keeps the act with it, in one step. Returns the wish's number."""
    left = records.wish(tx, at_ms=at_ms, who=who, kind=kind, shop=ShopKey(shop), order_id=order_id, args=args or {})
    after: dict[str, object] = dict(args or {})
    act(
        tx,
        at_ms=at_ms,
        who=who,
        kind=kind,
        shop=shop,
        order_id=order_id,
        subject=subject,
        before=before,
        after=after,
        wish_id=left,
    )
    return left


def acts(tx: apsw.Connection, limit: int, before: tuple[int, int] | None = None) -> list[ActRow]:
    """The newest acts, or those before one of them (its `at_ms` and `place`): what was done in the admin, and wishes
    from the command line."""
    rows = tx.execute(
        "SELECT * FROM (SELECT a.at_ms, act_id * 2 + 1 AS place, a.who, a.kind, a.shop, a.order_id, subject, before,"
        " after, a.wish_id, coalesce(w.result, ''), coalesce(o.number, '') FROM acts a"
        " LEFT JOIN wishes w USING (wish_id) LEFT JOIN orders o ON o.shop = a.shop AND o.order_id = a.order_id"
        " WHERE a.at_ms <= ?1 AND (a.at_ms < ?1 OR act_id * 2 + 1 < ?2) ORDER BY a.at_ms DESC, act_id DESC LIMIT ?3)"
        " UNION ALL SELECT * FROM (SELECT w.at_ms, wish_id * 2, w.who, w.kind, w.shop, w.order_id, '', '', w.args,"
        " wish_id, w.result, coalesce(o.number, '') FROM wishes w"
        " LEFT JOIN orders o ON o.shop = w.shop AND o.order_id = w.order_id"
        " WHERE w.at_ms <= ?1 AND (w.at_ms < ?1 OR wish_id * 2 < ?2)"
        " AND NOT EXISTS (SELECT 1 FROM acts WHERE acts.wish_id = w.wish_id)"
        " ORDER BY w.at_ms DESC, wish_id DESC LIMIT ?3) ORDER BY 1 DESC, 2 DESC LIMIT ?3",
        (*(before or (_NEVER_MS, _NEVER_MS)), limit),
    )
    return [_act(row) for row in rows]


def _act(row: tuple[object, ...]) -> ActRow:
    given = dict(zip(ActRow.__struct_fields__, row, strict=True))
    for name in ("before", "after"):
        given[name] = msgspec.json.decode(str(given[name])) if given[name] else {}
    return msgspec.convert(given, ActRow, strict=False)


def _text(values: dict[str, object] | None) -> str:
    return msgspec.json.encode(values).decode() if values else ""
