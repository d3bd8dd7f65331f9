"""The contract as an OpenAPI document, made from the very types that the simulator reads and writes.

`python -m simulators.mamut.openapi` prints it; `docs/mamut-openapi.json` is what it prints.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import msgspec

from simulators.mamut import (
    acts,
    booking,
    contacts,
    ledger,
    orders,
    pricing,
    products,
    records,
    registers,
    sessions,
    stock,
)
from simulators.mamut.errors import Problem
from simulators.mamut.routing import BASE, ROUTES, ContactPage, Discounts, ProductPage

TITLE = "Mamut One API, as the simulator models it"
ABOUT = (
    "The vendor's API is not public. This contract is our own model of it, made from what is known of Mamut's records, "
    "limits and habits. docs/mamut-api.md gives the source of each."
)
Json = dict[str, Any]


class Error(msgspec.Struct, frozen=True):
    """Every refusal has this form."""

    error: Problem


class Described(msgspec.Struct, frozen=True):
    """A route in words and types."""

    summary: str
    body: type | None
    answer: type | None
    parameters: tuple[str, ...] = ()


PAGE = ("offset", "limit")
PARAMETERS: dict[str, tuple[str, Json]] = {
    "offset": ("How many rows to leave out", {"type": "integer", "minimum": 0, "default": 0}),
    "limit": ("How many rows to give", {"type": "integer", "minimum": 1, "maximum": 500, "default": 100}),
    "changed_since": ("A day or a running number, by change_tracking", {"type": "string"}),
    "status": ("States, separated by commas", {"type": "string"}),
    "open": ("Only items with something remaining", {"type": "boolean", "default": False}),
}


def described() -> dict[str, Described]:
    """What each route takes and gives, by the route's name."""
    document, contact, product = records.Document, records.Contact, records.Product
    return {
        "session.open": Described("Open a session", sessions.Credentials, sessions.Opened),
        "session.read": Described("The state of this session", None, sessions.Opened),
        "session.close": Described("Close this session", None, None),
        "registers": Described("All standard registers", None, registers.Registers),
        "contact.list": Described("Contacts by number", None, ContactPage, (*PAGE, "changed_since")),
        "contact.create": Described("Make a contact", contacts.ContactBody, contact),
        "contact.find": Described("Contacts that equal any of the keys", contacts.ContactLookup, contacts.Contacts),
        "contact.read": Described("One contact", None, contact),
        "contact.change": Described("Change a contact", contacts.ContactBody, contact),
        "product.list": Described("Products in the order of the register", None, ProductPage, (*PAGE, "changed_since")),
        "product.create": Described("Make a product", products.ProductBody, product),
        "product.find": Described("Products by their numbers", products.ProductLookup, products.Products),
        "product.read": Described("One product", None, product),
        "product.change": Described("Change a product", products.ProductBody, product),
        "stock.list": Described("Stock in the order of the register", None, stock.StockPage, PAGE),
        "stock.find": Described("Stock by product numbers", products.ProductLookup, stock.StockLevels),
        "price.list": Described("Prices in the order of the register", None, pricing.PricePage, PAGE),
        "price.find": Described("Prices by product numbers", products.ProductLookup, pricing.Prices),
        "discounts": Described("Discounts by contact category and product group", None, Discounts),
        "order.list": Described("Documents by number", None, orders.OrderPage, (*PAGE, "status")),
        "order.create": Described("Save a document", orders.OrderBody, document),
        "order.find": Described("Documents by external numbers", orders.OrderLookup, orders.Orders),
        "order.read": Described("One document", None, document),
        "order.change": Described("Change a document not yet delivered or booked", orders.OrderBody, document),
        "order.cancel": Described("Cancel a document not yet delivered or booked", acts.CancelBody, document),
        "order.deliver": Described("Deliver all or part", booking.DeliverBody, document),
        "order.invoice": Described("Book an order as invoice", booking.InvoiceBody, document),
        "order.credit": Described("Make a credit note for an invoice", booking.CreditBody, document),
        "order.issue": Described("Book an unissued credit note", acts.Nothing, document),
        "ledger.list": Described("Ledger items by invoice number", None, ledger.ItemPage, (*PAGE, "open")),
        "ledger.find": Described("Ledger items by invoice numbers", ledger.LedgerLookup, ledger.Items),
        "journal.list": Described("Journals by number", None, ledger.JournalPage, PAGE),
        "journal.create": Described("Put a journal into journal entry", ledger.JournalBody, records.Journal),
    }


def document() -> Json:
    """The whole contract."""
    routes = described()
    types: list[type] = [Error]
    for route in routes.values():
        types += [kind for kind in (route.body, route.answer) if kind is not None and kind not in types]
    schemas, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    references = dict(zip(types, schemas, strict=True))
    paths: dict[str, Json] = {}
    for (method, pattern), target in ROUTES.items():
        path = BASE + pattern.replace("*", "{key}")
        entry = _operation(target.name, target.status, routes[target.name], references, has_key="*" in pattern)
        paths.setdefault(path, {})[method.lower()] = entry
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": "1", "description": ABOUT},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"session": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(name: str, status: int, route: Described, references: dict[type, Json], *, has_key: bool) -> Json:
    answer: Json = {"description": "Done"}
    if route.answer is not None:
        answer["content"] = {"application/json": {"schema": references[route.answer]}}
    refusal = {"description": "Refused", "content": {"application/json": {"schema": references[Error]}}}
    operation: Json = {
        "operationId": name,
        "summary": route.summary,
        "security": [] if name == "session.open" else [{"session": []}],
        "responses": {str(status): answer, "default": refusal},
    }
    parameters: list[Json] = [
        {"name": key, "in": "query", "description": PARAMETERS[key][0], "schema": PARAMETERS[key][1]}
        for key in route.parameters
    ]
    if has_key:
        parameters.insert(0, {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}})
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": references[route.body]}}}
    return operation


if __name__ == "__main__":
    json.dump(document(), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
