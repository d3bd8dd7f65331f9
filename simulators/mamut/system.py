"""A whole simulated Mamut: it takes requests, one after the other, and gives answers.

The vendor's own API is not public. The contract that this speaks is our model of it: `docs/mamut-api.md`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from simulators.http import Clock, Request, Response
from simulators.mamut import acts, doors, routing, trouble
from simulators.mamut.books import COMPANY_TIME, Books, Held
from simulators.mamut.errors import JSON, Refused
from simulators.mamut.filling import FillBody
from simulators.mamut.options import MamutOptions
from simulators.mamut.records import Contact, Document, OpenItem, Product
from simulators.mamut.sessions import Credentials, Session, Sessions
from simulators.mamut.staff import Staff

ENCODE = msgspec.json.Encoder().encode
CREDENTIALS = msgspec.json.Decoder(Credentials)


class Log(Protocol):
    """Where acts go that must survive: what it took is safe from the end of this process."""

    def append(self, at: datetime, act: str, key: str, body: bytes) -> None: ...


class Mamut:
    """One company in one installation. Books live in memory; a log makes them survive (`store.open_mamut`)."""

    def __init__(
        self,
        options: MamutOptions,
        clock: Clock,
        seed: int = 0,
        *,
        held: Held | None = None,
        before: Books | None = None,
        log: Log | None = None,
    ) -> None:
        self.options = options
        self.clock = clock
        self.seed = seed
        self.books = Books(options, held, before)
        self.trouble = trouble.Trouble(options.quirks, seed, self.books.held.acts)
        self.sessions = Sessions(options, clock().astimezone(COMPANY_TIME).date(), seed)
        self.staff = Staff(self)
        self._acts = acts.acts()
        self._log = log
        self._busy_until: datetime | None = None

    def started_anew(self, options: MamutOptions) -> Mamut:
        """The same books in an installation that was started anew, perhaps as another one: sessions are gone. This one
        is over then."""
        return Mamut(options, self.clock, self.seed, before=self.books, log=self._log)

    def handle(self, request: Request) -> Response:
        """Answers one request. It is one step of the database: nothing else happens meanwhile."""
        try:
            return self._handle(request)
        except Refused as refusal:
            return refusal.response(self.options.timing.refusal_ms)

    # Doors for tests, demo and scenarios. They are no part of Mamut.
    def orders(self) -> Sequence[Document]:
        """Every document there is, by number."""
        return self.books.held.documents

    def orders_by_external_no(self, external_no: str) -> Sequence[Document]:
        return self.books.documents_by_external_no(external_no)

    def contacts(self) -> Sequence[Contact]:
        return self.books.held.contacts

    def products(self) -> Sequence[Product]:
        return self.books.held.products

    def ledger(self) -> Sequence[OpenItem]:
        return self.books.held.ledger

    def census(self) -> doors.Census:
        """The figures that tell whether all is as it should be."""
        return doors.census(self.books)

    def fill(
        self,
        seed: int = 0,
        products: int = 0,
        contacts: int = 0,
        start: int = 1,
        *,
        mains: int = 0,
        rich: bool = False,
    ) -> None:
        """Adds products with stock, numbered B-00001 and on, and customers. The same seed makes the same ones."""
        body = FillBody(seed=seed, products=products, contacts=contacts, start=start, mains=mains, rich=rich)
        self.act("fill", body=body)

    def act(self, name: str, key: str = "", body: msgspec.Struct | None = None) -> msgspec.Struct:
        """Does one act and logs it. Raises Refused, and then nothing has changed and nothing is logged."""
        return self.act_raw(name, key, b"{}" if body is None else ENCODE(body))

    def act_raw(self, name: str, key: str, body: bytes) -> msgspec.Struct:
        """The same with a body as it came over the wire."""
        at = self.clock()
        answer = self.replay(at, name, key, body)
        if self._log is not None:
            self._log.append(at, name, key, body or b"{}")
        return answer

    def replay(self, at: datetime, name: str, key: str, body: bytes) -> msgspec.Struct:
        """Does an act as at that moment, without logging it."""
        act = self._acts.get(name)
        if act is None:
            raise Refused(404, "act_unknown", "there is no such act", data={"act": name[:60]})
        answer = act.run(self.books, at, key, acts.read_body(act.body, body))
        self.books.held.acts += 1
        return answer

    def _handle(self, request: Request) -> Response:
        now = self.clock()
        if request.path.startswith("/simulator/"):
            return doors.answer(self, request)
        route, key = routing.find(request.method, request.path)
        if route.name == "session.open":
            return self._open_session(request, now)
        self._require_no_maintenance(now)
        session = self.sessions.require(request.headers.get("authorization", ""), now)
        if route.name == "session.read":
            opened = self.sessions.describe(session, now, now.astimezone(COMPANY_TIME).date())
            return self._answer(200, opened, self.options.timing.read_ms)
        if route.name == "session.close":
            self.sessions.end(session.token, "session_closed")
            return Response(status=204, work_ms=self.options.timing.read_ms)
        self._meet_trouble(session, now)
        response = self._change(request, route, key) if route.is_act else self._read(request, route, key)
        return self._finish(response, now)

    def _open_session(self, request: Request, now: datetime) -> Response:
        credentials = acts.read_body(CREDENTIALS, request.body)
        today = now.astimezone(COMPANY_TIME).date()
        self.sessions.admit(credentials, now, today)
        self._require_no_maintenance(now)
        self.act("session.open")
        session = self.sessions.open(credentials, now, self.books.held.sessions_opened)
        return self._answer(201, self.sessions.describe(session, now, today), self.options.timing.session_ms)

    def _require_no_maintenance(self, now: datetime) -> None:
        for window in self.options.maintenance:
            end = window.ends_at(now)
            if end is not None:
                self.sessions.end_all()
                seconds = max(1, round((end - now).total_seconds()))
                raise Refused(
                    503,
                    "exclusive_maintenance",
                    "the company is in use by maintenance alone",
                    data={"seconds": seconds},
                    headers=(("Retry-After", str(seconds)),),
                )

    def _meet_trouble(self, session: Session, now: datetime) -> None:
        if self._busy_until is not None and now < self._busy_until:
            raise Refused(409, "busy", "another call is being worked on")
        if self.trouble.strikes("session_dropped"):
            self.sessions.end(session.token, "session_closed")
            raise Refused(401, "session_closed", "the session has ended")
        if self.trouble.strikes("busy"):
            raise Refused(409, "busy", "Mamut is busy")

    def _finish(self, response: Response, now: datetime) -> Response:
        if self.trouble.strikes("hang"):
            response = msgspec.structs.replace(response, work_ms=self.options.quirks.hang_s * 1000)
        if self.options.quirks.busy_when_concurrent:
            self._busy_until = now + timedelta(milliseconds=response.work_ms)
        return response

    def _read(self, request: Request, route: routing.Route, key: str) -> Response:
        payload, work_ms = routing.read(self.books, route, key, request)
        return self._answer(200, payload, work_ms)

    def _change(self, request: Request, route: routing.Route, key: str) -> Response:
        if self.trouble.strikes("record_locked"):
            raise Refused(
                423, "record_locked", "somebody has the record open", data={"user": "ANNA", "computer": "KONTOR-2"}
            )
        if self.trouble.strikes("sql_timeout_mid_write"):
            raise _sql_timeout()
        if route.name == "order.create" and self.trouble.strikes("header_without_lines"):
            self.act_raw("order.header", key, request.body)
            raise Refused(500, "sql_connection_lost", "the connection to the database was lost while saving")
        before = self._before(route, key)
        payload = self.act_raw(route.name, key, request.body)
        answer = self._answer(route.status, payload, routing.write_ms(self.options.timing, payload))
        if route.is_edit:
            self._meddle(before, payload)
        if self.trouble.strikes("sql_timeout_after_write"):
            raise _sql_timeout()
        return answer

    def _before(self, route: routing.Route, key: str) -> bytes | None:
        """The record as it is before an edit, if a desktop user is to save it once more."""
        if not route.is_edit or not self.trouble.strikes("desktop_user_overwrites"):
            return None
        return ENCODE(routing.record(self.books, route.name, key))

    def _meddle(self, before: bytes | None, payload: msgspec.Struct) -> None:
        """What somebody at a desktop does to a record that we have just changed. Our answer shows nothing of it."""
        if before is not None:
            kind = {Contact: "contact", Product: "product", Document: "order"}[type(payload)]
            self.act_raw(f"desktop.{kind}", "", before)
        elif isinstance(payload, Document) and self.trouble.strikes("silent_cancel"):
            self.act("order.cancel", str(payload.order_no))

    def _answer(self, status: int, payload: msgspec.Struct, work_ms: float) -> Response:
        return Response(status=status, headers=(JSON,), body=ENCODE(payload), work_ms=work_ms)


def _sql_timeout() -> Refused:
    return Refused(500, "sql_timeout", "the database did not answer in time")
