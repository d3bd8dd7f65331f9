"""Which request means what: the table of routes, and the ones that only read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec

from simulators.http import Request
from simulators.mamut import acts, contacts, ledger, orders, pricing, products, stock
from simulators.mamut.books import Books
from simulators.mamut.errors import Refused
from simulators.mamut.options import Timing
from simulators.mamut.records import Contact, Document, GroupDiscount, Product
from simulators.mamut.statuses import Status

BASE = "/api/v1/"


class Route(msgspec.Struct, frozen=True):
    """`name` is an act's or a reading's; `is_edit` marks changes of a record that a desktop user may have open."""

    name: str
    status: int = 200
    is_act: bool = False
    is_edit: bool = False


ROUTES: dict[tuple[str, str], Route] = {
    ("POST", "session"): Route("session.open", 201),
    ("GET", "session"): Route("session.read"),
    ("DELETE", "session"): Route("session.close", 204),
    ("GET", "registers"): Route("registers"),
    ("GET", "contacts"): Route("contact.list"),
    ("POST", "contacts"): Route("contact.create", 201, is_act=True),
    ("POST", "contacts/lookup"): Route("contact.find"),
    ("GET", "contacts/*"): Route("contact.read"),
    ("PATCH", "contacts/*"): Route("contact.change", is_act=True, is_edit=True),
    ("GET", "products"): Route("product.list"),
    ("POST", "products"): Route("product.create", 201, is_act=True),
    ("POST", "products/lookup"): Route("product.find"),
    ("GET", "products/*"): Route("product.read"),
    ("PATCH", "products/*"): Route("product.change", is_act=True, is_edit=True),
    ("GET", "stock"): Route("stock.list"),
    ("POST", "stock/lookup"): Route("stock.find"),
    ("GET", "prices"): Route("price.list"),
    ("POST", "prices/lookup"): Route("price.find"),
    ("GET", "discounts"): Route("discounts"),
    ("GET", "orders"): Route("order.list"),
    ("POST", "orders"): Route("order.create", 201, is_act=True),
    ("POST", "orders/lookup"): Route("order.find"),
    ("GET", "orders/*"): Route("order.read"),
    ("PATCH", "orders/*"): Route("order.change", is_act=True, is_edit=True),
    ("POST", "orders/*/cancel"): Route("order.cancel", is_act=True),
    ("POST", "orders/*/deliver"): Route("order.deliver", is_act=True),
    ("POST", "orders/*/invoice"): Route("order.invoice", is_act=True),
    ("POST", "orders/*/credit"): Route("order.credit", 201, is_act=True),
    ("POST", "orders/*/issue"): Route("order.issue", is_act=True),
    ("GET", "ledger"): Route("ledger.list"),
    ("POST", "ledger/lookup"): Route("ledger.find"),
    ("GET", "journals"): Route("journal.list"),
    ("POST", "journals"): Route("journal.create", 201, is_act=True),
}


Row = TypeVar("Row", Contact, Product)


class ContactPage(msgspec.Struct, frozen=True):
    contacts: list[Contact]
    total: int
    offset: int
    limit: int


class ProductPage(msgspec.Struct, frozen=True):
    products: list[Product]
    total: int
    offset: int
    limit: int


class Discounts(msgspec.Struct, frozen=True):
    discounts: list[GroupDiscount]


def find(method: str, path: str) -> tuple[Route, str]:
    """The route and the key in its path, decoded. Raises Refused: route_unknown, method_not_allowed."""
    parts = path.removeprefix(BASE).split("/") if path.startswith(BASE) else []
    literal = "/".join(parts)
    pattern = "/".join("*" if position == 1 else part for position, part in enumerate(parts))
    for candidate, key in ((literal, ""), (pattern, parts[1] if len(parts) > 1 else "")):
        route = ROUTES.get((method, candidate))
        if route is not None and (key or "*" not in candidate):
            return route, unquote(key, errors="replace")
    allowed = sorted({verb for verb, known in ROUTES if known in (literal, pattern)})
    if allowed:
        headers = (("Allow", ", ".join(allowed)),)
        raise Refused(405, "method_not_allowed", f"{method} is not for this address", headers=headers)
    raise Refused(404, "route_unknown", "there is nothing at this address")


def record(books: Books, name: str, key: str) -> Contact | Product | Document:
    """The record that a route with a key is about. Raises Refused when there is none."""
    if name.startswith("contact."):
        return books.contact(acts.number_of("contact", key))
    if name.startswith("product."):
        return books.product(key)
    return books.document(acts.number_of("order", key))


def write_ms(timing: Timing, payload: msgspec.Struct) -> float:
    """Milliseconds that a write took Mamut."""
    if isinstance(payload, Document):
        return timing.order_ms + timing.order_line_ms * len(payload.lines)
    return timing.write_ms


Finder = tuple[msgspec.json.Decoder[Any], Callable[[Books, Any], msgspec.Struct]]

FINDERS: dict[str, Finder] = {
    "contact.find": (msgspec.json.Decoder(contacts.ContactLookup), contacts.find),
    "product.find": (msgspec.json.Decoder(products.ProductLookup), products.find),
    "stock.find": (msgspec.json.Decoder(products.ProductLookup), stock.find),
    "price.find": (msgspec.json.Decoder(products.ProductLookup), pricing.find),
    "order.find": (msgspec.json.Decoder(orders.OrderLookup), orders.find),
    "ledger.find": (msgspec.json.Decoder(ledger.LedgerLookup), ledger.find),
}


def read(books: Books, route: Route, key: str, request: Request) -> tuple[msgspec.Struct, float]:
    """The answer of a route that changes nothing, and the milliseconds it took Mamut."""
    timing = books.options.timing
    if route.name in FINDERS:
        decoder, finder = FINDERS[route.name]
        keys = acts.read_body(decoder, request.body)
        size = keys.size()
        if size > books.options.lookup_max:
            raise Refused(400, "too_many_keys", f"at most {books.options.lookup_max} keys at once", data={"keys": size})
        per_product = timing.stock_product_ms if route.name in ("stock.find", "price.find") else 0.0
        return finder(books, keys), timing.lookup_ms + (timing.lookup_key_ms + per_product) * size
    if route.name.endswith(".list"):
        return _list(books, route.name, request)
    if route.name == "registers":
        return books.registers, timing.list_ms
    if route.name == "discounts":
        return Discounts(books.held.group_discounts), timing.read_ms
    return record(books, route.name, key), timing.read_ms


def _list(books: Books, name: str, request: Request) -> tuple[msgspec.Struct, float]:
    window = _Window(books, request)
    offset, limit = window.offset, window.limit
    answer: msgspec.Struct
    row_ms = books.options.timing.list_row_ms
    if name == "contact.list":
        contact_rows = window.changed(books.held.contacts)
        answer = ContactPage(contact_rows[offset : offset + limit], len(contact_rows), offset, limit)
    elif name == "product.list":
        product_rows = window.changed(books.held.products)
        answer = ProductPage(product_rows[offset : offset + limit], len(product_rows), offset, limit)
    elif name == "order.list":
        answer = orders.page(books, offset, limit, window.statuses())
    elif name == "ledger.list":
        answer = ledger.page(books, offset, limit, only_open=window.flag("open"))
    elif name == "journal.list":
        answer = ledger.journals(books, offset, limit)
    else:
        row_ms += books.options.timing.stock_product_ms
        answer = stock.page(books, offset, limit) if name == "stock.list" else pricing.page(books, offset, limit)
    window.require_all_read()
    total: int = getattr(answer, "total")  # noqa: B009 - every page has one, and they share no base
    return answer, books.options.timing.list_ms + row_ms * max(0, min(limit, total - offset))


class _Window:
    """The parameters of a list. Each may come once; one that the list does not know is refused."""

    def __init__(self, books: Books, request: Request) -> None:
        self._books = books
        self._left: dict[str, str] = {}
        for name, value in request.pairs():
            if name in self._left:
                raise Refused(400, "invalid_parameter", "the parameter comes twice", name[:60])
            self._left[name] = value
        self.offset = self._number("offset", 0, 10**9)
        self.limit = self._number("limit", min(100, books.options.list_max), books.options.list_max)
        if not self.limit:
            raise Refused(400, "invalid_parameter", "a page has one row at least", "limit")

    def changed(self, rows: list[Row]) -> list[Row]:
        """The rows changed since the parameter `changed_since`, as this Mamut tells: by day, by number or never."""
        text = self._left.pop("changed_since", None)
        if text is None:
            return rows
        tracking = self._books.quirks.change_tracking
        if tracking == "none":
            raise Refused(400, "change_tracking_off", "this Mamut does not track changes", "changed_since")
        if tracking == "sequence":
            self._left["changed_since"] = text
            since = self._number("changed_since", 0, 10**10)
            return [row for row in rows if row.change_no is not None and row.change_no > since]
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Refused(400, "invalid_parameter", "changed_since is a day", "changed_since") from None
        return [row for row in rows if row.changed_on is not None and row.changed_on >= day]

    def statuses(self) -> frozenset[str]:
        """The states asked for, separated by commas; none means all."""
        text = self._left.pop("status", "")
        wanted = frozenset(part for part in text.split(",") if part)
        if wanted - {status.value for status in Status}:
            raise Refused(400, "invalid_parameter", "there is no such status", "status")
        return wanted

    def flag(self, name: str) -> bool:
        text = self._left.pop(name, "false")
        if text not in ("true", "false"):
            raise Refused(400, "invalid_parameter", f"{name} is true or false", name)
        return text == "true"

    def require_all_read(self) -> None:
        for name in self._left:
            raise Refused(400, "invalid_parameter", "the list has no such parameter", name[:60])

    def _number(self, name: str, default: int, maximum: int) -> int:
        text = self._left.pop(name, None)
        if text is None:
            return default
        if not (text.isascii() and text.isdigit() and len(text) < 12 and int(text) <= maximum):
            raise Refused(400, "invalid_parameter", f"{name} is a number from 0 to {maximum}", name)
        return int(text)
