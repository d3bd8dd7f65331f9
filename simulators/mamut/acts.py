"""Every act that changes the books, by name: how its body is read and what it does.

An act either changes the books as a whole or raises Refused and changes nothing. Given the same books, moment, key and
body it always does the same. Both together let a log of acts stand for the books (`store.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from simulators.mamut import booking, contacts, filling, ledger, orders, products, staff
from simulators.mamut.books import Books
from simulators.mamut.errors import Refused, not_found

Run = Callable[[Books, datetime, str, Any], msgspec.Struct]


class Act(msgspec.Struct, frozen=True):
    """How the body is read, and what is done with it."""

    body: msgspec.json.Decoder[Any]
    run: Run


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of an act that takes none."""


class CancelBody(msgspec.Struct, forbid_unknown_fields=True):
    lost_sale: bool = False


class Done(msgspec.Struct, frozen=True):
    """The answer of an act that has nothing to show."""


def number_of(what: str, key: str) -> int:
    """The number in a path. Raises Refused when it is none, since then there is no such record either."""
    if not (key.isascii() and key.isdigit() and len(key) <= 12):
        raise not_found(what, key[:60])
    return int(key)


def _open_session(books: Books, _at: datetime, _key: str, _body: Nothing) -> msgspec.Struct:
    books.held.sessions_opened += 1
    return Done()


@cache
def acts() -> Mapping[str, Act]:
    """The table, by the names that stand in the log, which nobody changes."""

    def order_no(key: str) -> int:
        return number_of("order", key)

    table: dict[str, tuple[type, Run]] = {
        "session.open": (Nothing, _open_session),
        "contact.create": (contacts.ContactBody, lambda books, at, _, body: contacts.create(books, at, body)),
        "contact.change": (
            contacts.ContactBody,
            lambda books, at, key, body: contacts.change(books, at, number_of("contact", key), body),
        ),
        "product.create": (products.ProductBody, lambda books, at, _, body: products.create(books, at, body)),
        "product.change": (products.ProductBody, products.change),
        "order.create": (orders.OrderBody, lambda books, at, _, body: orders.create(books, at, body)),
        "order.header": (orders.OrderBody, lambda books, at, _, body: orders.create_header(books, at, body)),
        "order.change": (orders.OrderBody, lambda books, _, key, body: orders.change(books, order_no(key), body)),
        "order.cancel": (
            CancelBody,
            lambda books, _, key, body: orders.cancel(books, order_no(key), lost_sale=body.lost_sale),
        ),
        "order.deliver": (
            booking.DeliverBody,
            lambda books, at, key, body: booking.deliver(books, at, order_no(key), body),
        ),
        "order.invoice": (
            booking.InvoiceBody,
            lambda books, at, key, body: booking.invoice(books, at, order_no(key), body),
        ),
        "order.credit": (
            booking.CreditBody,
            lambda books, at, key, body: booking.credit(books, at, order_no(key), body),
        ),
        "order.issue": (Nothing, lambda books, at, key, _: booking.issue_credit(books, at, order_no(key))),
        "journal.create": (ledger.JournalBody, lambda books, _at, _key, body: ledger.add_journal(books, body)),
        "journal.post": (Nothing, lambda books, _, key, _body: ledger.post(books, number_of("journal", key))),
        "ledger.pay": (ledger.PayBody, lambda books, at, _, body: ledger.pay(books, at, body)),
        **staff.ACTS,
        "fill": (filling.FillBody, lambda books, at, _, body: filling.fill(books, at, body)),
    }
    return {name: Act(msgspec.json.Decoder(body), run) for name, (body, run) in table.items()}


def read_body(decoder: msgspec.json.Decoder[Any], body: bytes) -> Any:
    """The body of a request, or of a log's entry. Raises Refused: invalid_json, invalid_field."""
    try:
        return decoder.decode(body or b"{}")
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$")
        field = path.rstrip("`").replace("[", ".").replace("]", "").lstrip(".")
        raise Refused(400, "invalid_field", text, field or None) from None
    except msgspec.DecodeError:
        raise Refused(400, "invalid_json", "the body is not JSON in UTF-8") from None
