"""The vocabulary of every REST resource: what a call is, what it answers, what can go wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from simulators.http import Request

Json: TypeAlias = Any
"""A value as JSON has them: None, bool, int, float, str, list or dict of such. Checked by schema.py, not by types."""

Body: TypeAlias = dict[str, Json]
Fields: TypeAlias = frozenset[str] | None
"""The top-level names a client asked for with _fields; None when it wants everything."""


class RestError(Exception):
    """An answer that is an error: `{"code", "message", "data": {"status": ...}}`.

    `extra` is added to `data`; `data` replaces it altogether (some errors of WooCommerce have a bare number or null
    there);
    `beside` stands beside `data`.
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int,
        extra: Mapping[str, Json] | None = None,
        *,
        data: Json = msgspec.UNSET,
        beside: Mapping[str, Json] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.status = status
        self.beside = beside or {}
        self.data: Json = {"status": status, **(extra or {})} if data is msgspec.UNSET else data

    def body(self) -> Body:
        return {"code": self.code, "message": self.message, "data": self.data, **self.beside}


class User(msgspec.Struct, frozen=True):
    """Who a key belongs to. The shop's staff may do everything, a customer's key nothing."""

    id: int
    role: str

    @property
    def staff(self) -> bool:
        return self.role in {"administrator", "shop_manager"}


class Arg(msgspec.Struct, frozen=True, kw_only=True):
    """One argument of an endpoint, or one property in it: the part of JSON Schema that WordPress knows.

    `kind` is the type or types, "" for anything. `checked=False` is an argument that is cleaned but not validated;
    `clean` replaces the schema's own cleaning and `check` its validation (raise RestError from it).
    """

    kind: str | tuple[str, ...] = ""
    default: Json = msgspec.UNSET
    required: bool = False
    enum: tuple[Json, ...] = ()
    format: str = ""
    minimum: int | None = None
    maximum: int | None = None
    items: Arg | None = None
    properties: Mapping[str, Arg] = {}
    readonly: bool = False
    checked: bool = True
    check: Callable[[Json, str], None] | None = None
    clean: Callable[[Json], Json] | None = None


Args: TypeAlias = Mapping[str, Arg]


class Call(msgspec.Struct, kw_only=True):
    """One REST call after matching: arguments checked and cleaned, the asker known.

    `args` holds what was sent (JSON over form over query over path) and the defaults, without nulls. `sent` holds
    the names that came from the client, `body` the JSON or form body as it was sent (nulls too), `query` the query
    string alone, its values cleaned (Link headers repeat it). `fields` is what to render for _fields. `version` is
    1, 2 or 3, of the route asked for.
    """

    method: str
    route: str
    args: Body
    body: Body = {}
    query: Body = {}
    sent: frozenset[str] = frozenset()
    fields: Fields = None
    user: User | None = None
    version: int = 3
    request: Request | None = None

    def wants(self, name: str) -> bool:
        return self.fields is None or name in self.fields

    def id(self, name: str = "id") -> int:
        value = self.args.get(name, 0)
        return value if isinstance(value, int) else 0


class Reply(msgspec.Struct, kw_only=True):
    """What a handler answers. `links` become `_links` of a single thing; things in a list carry theirs in the body."""

    body: Json
    status: int = 200
    headers: list[tuple[str, str]] = []
    links: Body | None = None


Handler: TypeAlias = Callable[[Call], Reply]
Permit: TypeAlias = Callable[[Call], RestError | None]
"""Says whether this call is allowed; an error is the refusal. It also decides which methods the Allow header names."""


class Endpoint(msgspec.Struct, frozen=True):
    methods: tuple[str, ...]
    handler: Handler
    permit: Permit
    args: Args = {}


class Route(msgspec.Struct, frozen=True):
    """A pattern in WordPress' own form, under its namespace ("/wc/v3/orders"), and what may be done there."""

    pattern: str
    endpoints: tuple[Endpoint, ...]


READ = ("GET",)
CREATE = ("POST",)
UPDATE = ("POST", "PUT", "PATCH")
DELETE = ("DELETE",)

_REFUSALS = {
    "list": ("woocommerce_rest_cannot_view", "Sorry, you cannot list resources."),
    "view": ("woocommerce_rest_cannot_view", "Sorry, you cannot view this resource."),
    "create": ("woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources."),
    "edit": ("woocommerce_rest_cannot_edit", "Sorry, you are not allowed to edit this resource."),
    "delete": ("woocommerce_rest_cannot_delete", "Sorry, you are not allowed to delete this resource."),
    "batch": ("woocommerce_rest_cannot_batch", "Sorry, you are not allowed to batch manipulate this resource."),
}


def staff_may(act: str) -> Permit:
    """The usual permission: staff yes; a customer's key 403, nobody 401 (`auth[0]`, `auth[21]`)."""
    code, message = _REFUSALS[act]

    def permit(call: Call) -> RestError | None:
        if call.user is not None and call.user.staff:
            return None
        return RestError(code, message, 401 if call.user is None else 403)

    return permit


def anybody(_call: Call) -> RestError | None:
    return None
