"""What the simulator tells and does besides being Mamut, at addresses under `/simulator/` and without a session:
the census, the documents at a glance, filling, troubles on order, and every act by its name, for people at the company
who are another process."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote

import msgspec

from simulators.http import Request, Response
from simulators.mamut import acts
from simulators.mamut.books import Books
from simulators.mamut.errors import JSON, Refused
from simulators.mamut.filling import FillBody
from simulators.mamut.statuses import DEAD
from simulators.mamut.trouble import Kind

if TYPE_CHECKING:
    from simulators.mamut.system import Mamut

FILL = msgspec.json.Decoder(FillBody)


TROUBLE_MAX = 1_000_000


class TroubleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Lets the next `times` calls that a trouble can meet run into it."""

    kind: Kind
    times: Annotated[int, msgspec.Meta(ge=1, le=TROUBLE_MAX)] = 1


TROUBLE = msgspec.json.Decoder(TroubleBody)


class Census(msgspec.Struct, frozen=True, kw_only=True):
    """Counts and sums in öre of the documents' own currencies. Dead documents (cancelled, lost) are counted by status
    and left out of `total_ore` and of `external_nos_twice`, which names numbers borne by two living documents."""

    documents: int
    by_status: dict[str, int]
    total_ore: int
    total_ore_by_status: dict[str, int]
    total_ore_by_currency: dict[str, int]
    external_nos: int
    external_nos_twice: list[str]
    without_lines: int
    contacts: int
    products: int
    open_items: int
    open_ore: int


class DocumentGlance(msgspec.Struct, frozen=True, kw_only=True):
    """The little of a document that tells whether it is there, once, with the right amount."""

    order_no: int
    external_no: str
    status: str
    dead: bool
    currency: str
    total: Decimal


class Documents(msgspec.Struct, frozen=True):
    documents: list[DocumentGlance]


def documents(books: Books) -> Documents:
    """Every document, by number."""
    return Documents(
        [
            DocumentGlance(
                order_no=document.order_no,
                external_no=document.external_no,
                status=document.status,
                dead=document.status in DEAD,
                currency=document.currency,
                total=document.total,
            )
            for document in books.held.documents
        ]
    )


def census(books: Books) -> Census:
    by_status: dict[str, int] = {}
    ore_by_status: dict[str, int] = {}
    ore_by_currency: dict[str, int] = {}
    external: dict[str, int] = {}
    without_lines = 0
    for document in books.held.documents:
        ore = int(document.total * 100)
        by_status[document.status] = by_status.get(document.status, 0) + 1
        ore_by_status[document.status] = ore_by_status.get(document.status, 0) + ore
        if document.status in DEAD:
            continue
        ore_by_currency[document.currency] = ore_by_currency.get(document.currency, 0) + ore
        without_lines += not document.lines
        if document.external_no:
            external[document.external_no] = external.get(document.external_no, 0) + 1
    remaining = [item.remaining for item in books.held.ledger if item.remaining]
    return Census(
        documents=len(books.held.documents),
        by_status=by_status,
        total_ore=sum(ore_by_currency.values()),
        total_ore_by_status=ore_by_status,
        total_ore_by_currency=ore_by_currency,
        external_nos=len(external),
        external_nos_twice=sorted(number for number, count in external.items() if count > 1),
        without_lines=without_lines,
        contacts=len(books.held.contacts),
        products=len(books.held.products),
        open_items=len(remaining),
        open_ore=int(sum(remaining) * 100),
    )


def answer(mamut: Mamut, request: Request) -> Response:
    """Answers at the simulator's own door. Raises Refused."""
    payload: msgspec.Struct
    if (request.method, request.path) == ("GET", "/simulator/census"):
        payload = census(mamut.books)
    elif (request.method, request.path) == ("GET", "/simulator/documents"):
        payload = documents(mamut.books)
    elif (request.method, request.path) == ("POST", "/simulator/fill"):
        payload = mamut.act("fill", body=acts.read_body(FILL, request.body))
    elif request.method == "POST" and request.path == "/simulator/trouble":
        order: TroubleBody = acts.read_body(TROUBLE, request.body)
        mamut.trouble.order(order.kind, order.times)
        payload = order
    elif request.method == "POST" and request.path.startswith("/simulator/act/"):
        name, _, key = request.path.removeprefix("/simulator/act/").partition("/")
        if name.startswith("desktop."):
            raise Refused(404, "act_unknown", "whole records are saved from inside only")
        payload = mamut.act_raw(name, unquote(key, errors="replace"), request.body)
    else:
        raise Refused(404, "route_unknown", "the simulator has no such door")
    return Response(status=200, headers=(JSON,), body=msgspec.json.encode(payload))
