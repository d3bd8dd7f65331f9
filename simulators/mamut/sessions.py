"""Who may come in, and who is in: licence checks and sessions. Sessions live in memory; a restart ends them all."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta

import msgspec

from simulators.mamut.errors import Datum, Refused
from simulators.mamut.options import MamutOptions

MODULE = "Mamut One API"
EDITIONS = ("E3", "E4", "E5")
LIFE_MONTHS = 24
WARNING_DAYS = 14
"""A version lets nobody in 24 months after it was built and warns 14 days before (CV/…/ta-p/28121)."""

REMEMBERED = 1000
"""So many ended sessions are told apart from ones that never were."""


class Credentials(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`replace` closes the same user's older sessions; whatever still bears their tokens is refused from then on."""

    client_no: str
    user: str
    password: str
    computer: str = ""
    replace: bool = False


class Session(msgspec.Struct):
    token: str
    user: str
    computer: str
    since: datetime
    used_at: datetime


class Company(msgspec.Struct, frozen=True):
    name: str
    client_no: str
    org_no: str


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """What a client is told when it comes in."""

    token: str
    expires_idle_s: int
    company: Company
    edition: str
    modules: tuple[str, ...]
    version: str
    build_date: date
    stop_date: date
    warnings: tuple[str, ...]
    currency: str = "SEK"
    country: str = "SE"
    server_time: datetime


class Sessions:
    """The open sessions of one company. `today` is the day the simulator was started, which dates the version."""

    def __init__(self, options: MamutOptions, today: date, seed: int) -> None:
        self._options = options
        self._seed = seed
        self._open: dict[str, Session] = {}
        self._ended: dict[str, str] = {}
        self.build_date = options.build_date or today - timedelta(days=182)
        self.stop_date = options.stop_date or _months_later(self.build_date, LIFE_MONTHS)

    def admit(self, credentials: Credentials, now: datetime, today: date) -> None:
        """Judges who comes, in Mamut's order, and changes nothing. Raises Refused."""
        options = self._options
        if today > self.stop_date:
            data: dict[str, Datum] = {"stop_date": self.stop_date.isoformat(), "version": options.version}
            raise Refused(403, "version_expired", "this version lets nobody in any more", data=data)
        if options.computers is not None and credentials.computer not in options.computers:
            raise Refused(403, "computer_not_licensed", "this computer has no licence", "computer")
        password = options.users.get(credentials.user)
        if credentials.client_no != options.client_no or password is None or password != credentials.password:
            raise Refused(401, "wrong_password", "client number, user and password do not belong together")
        if options.edition not in EDITIONS:
            data = {"edition": options.edition, "needed": ", ".join(EDITIONS)}
            raise Refused(403, "edition_too_low", "the API needs edition E3, E4 or E5", data=data)
        if MODULE not in options.modules:
            raise Refused(403, "api_module_missing", f"the module {MODULE} is not licensed", data={"module": MODULE})
        others = [
            session for session in self.alive(now) if not (credentials.replace and session.user == credentials.user)
        ]
        if len(others) >= options.session_limit:
            data = {"holder": others[0].user, "since": _stamp(others[0].since), "computer": others[0].computer}
            raise Refused(409, "session_limit", "no more sessions may be open at once", data=data)

    def open(self, credentials: Credentials, now: datetime, number: int) -> Session:
        """Opens a session for somebody admitted; `number` counts all sessions ever and makes its token its own."""
        if credentials.replace:
            for session in self.alive(now):
                if session.user == credentials.user:
                    self.end(session.token, "session_closed")
        token = hashlib.blake2b(f"{self._seed}/{number}/{now.isoformat()}".encode(), digest_size=20).hexdigest()
        session = Session(token, credentials.user, credentials.computer, now, now)
        self._open[token] = session
        return session

    def require(self, authorization: str, now: datetime) -> Session:
        """The session that a request bears. Raises Refused: session_unknown, session_closed, session_idle_expired."""
        scheme, _, token = authorization.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or (token not in self._open and token not in self._ended):
            raise Refused(401, "session_unknown", "there is no such session")
        session = self._open.get(token)
        if session is not None and self._is_idle(session, now):
            self.end(token, "session_idle_expired")
            session = None
        if session is None:
            raise Refused(401, self._ended[token], "the session has ended")
        session.used_at = now
        return session

    def end(self, token: str, code: str) -> None:
        """Ends a session; `code` is what its token is answered with from now on."""
        self._open.pop(token, None)
        self._ended[token] = code
        if len(self._ended) > REMEMBERED:
            del self._ended[next(iter(self._ended))]

    def end_all(self) -> None:
        """Ends every session, as a back-up at night or a restore does."""
        for token in list(self._open):
            self.end(token, "session_closed")

    def alive(self, now: datetime) -> list[Session]:
        for session in list(self._open.values()):
            if self._is_idle(session, now):
                self.end(session.token, "session_idle_expired")
        return list(self._open.values())

    def describe(self, session: Session, now: datetime, today: date) -> Opened:
        options = self._options
        ends_soon = (self.stop_date - today).days <= WARNING_DAYS
        return Opened(
            token=session.token,
            expires_idle_s=options.idle_s,
            company=Company(options.company, options.client_no, options.org_no),
            edition=options.edition,
            modules=options.modules,
            version=options.version,
            build_date=self.build_date,
            stop_date=self.stop_date,
            warnings=("version_stops_soon",) if ends_soon else (),
            server_time=(now + timedelta(seconds=options.quirks.clock_ahead_s)).replace(microsecond=0),
        )

    def _is_idle(self, session: Session, now: datetime) -> bool:
        return (now - session.used_at).total_seconds() > self._options.idle_s


def _months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's 28th where it might have none."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, 28))


def _stamp(moment: datetime) -> str:
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")
