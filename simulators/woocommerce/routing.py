"""From a request to its answer: matching a route, checking arguments and permission, and the headers of the answer.

The order is WordPress' own and shows in the answers: keys first (401 without Allow), then the route (404
rest_no_route, never 405), then the arguments (400, even for those who may not ask), then permission (401 or 403).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from simulators.http import Request
from simulators.woocommerce import auth, fatal, fields, php, schema
from simulators.woocommerce.call import Arg, Body, Call, Endpoint, Json, Reply, RestError, Route, User

NO_ROUTE = "No route was found matching the URL and request method."
NO_CACHE = ("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private")


class _Compiled(msgspec.Struct, frozen=True):
    route: Route
    pattern: re.Pattern[str]


class Defaults(msgspec.Struct, frozen=True):
    """What an endpoint's arguments are when they are not sent, and which of these are checked and cleaned already."""

    values: Body
    settled: frozenset[str]


class Matched(msgspec.Struct, frozen=True):
    route: Route
    endpoint: Endpoint
    params: dict[str, str]
    version: int
    defaults: Defaults


class Answer(msgspec.Struct):
    """An answer before it becomes bytes; `allow` is None where WordPress sends no Allow header."""

    body: Json
    status: int
    headers: list[tuple[str, str]] = []
    allow: tuple[str, ...] = ()
    user: User | None = None


_LEGACY = re.compile(r"/wc/v([12])(?=/|$)", re.IGNORECASE)


class Router:
    """All routes of the shop. Version 1 and 2 of the API are answered by the routes of version 3 (`errors[33]`,
    `errors[34]`); `Call.version` tells them apart."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = list(routes)
        self._compiled = [
            _Compiled(route, re.compile(f"{route.pattern}$", re.IGNORECASE | re.ASCII)) for route in self.routes
        ]
        self._known: dict[str, list[_Compiled]] = {}
        self._defaults: dict[int, Defaults] = {}

    def _candidates(self, path: str) -> list[_Compiled]:
        """Routes by their first three segments, so that one request tries a handful of patterns and not all."""
        head = "/".join(path.lower().split("/")[:4])
        found = self._known.get(head)
        if found is None:
            found = [one for one in self._compiled if _may_begin(one.route.pattern, head)]
            if len(self._known) < 1000:
                self._known[head] = found
        return found

    def match(self, path: str, method: str) -> tuple[list[Route], Matched | None]:
        """The routes whose pattern fits, and the first endpoint among them that takes the method."""
        version = 3
        legacy = _LEGACY.match(path)
        if legacy:
            version = int(legacy[1])
            path = f"/wc/v3{path[legacy.end() :]}"
        wanted = "GET" if method == "HEAD" else method
        fitting = []
        for one in self._candidates(path):
            found = one.pattern.match(path)
            if found is None:
                continue
            fitting.append(one.route)
            for endpoint in one.route.endpoints:
                if wanted in endpoint.methods:
                    defaults = self._defaults_of(endpoint)
                    return fitting, Matched(one.route, endpoint, found.groupdict(), version, defaults)
        return fitting, None

    def _defaults_of(self, endpoint: Endpoint) -> Defaults:
        """Dozens for a list, and the same for each call."""
        key = id(endpoint)  # The routes that hold it live as long as this.
        found = self._defaults.get(key)
        if found is None:
            settled = schema.settled(endpoint.args)
            raw = {name: arg.default for name, arg in endpoint.args.items() if arg.default is not msgspec.UNSET}
            found = self._defaults[key] = Defaults({**raw, **settled}, frozenset(settled))
        return found


def _may_begin(pattern: str, head: str) -> bool:
    own = "/".join(pattern.lower().split("/")[:4])
    return own == head or "(" in own


class Question(msgspec.Struct):
    """A request taken apart as PHP does: method after overrides, route path, query, form and JSON body."""

    method: str
    path: str
    query: Body
    form: Body
    json: Json
    is_json: bool
    fault: RestError | None


_BODY_METHODS = {"POST", "PUT", "PATCH", "DELETE"}


def question(request: Request, path: str) -> Question:
    """Take a request apart. A body counts as JSON only with that content type (`errors[5]`, `errors[6]`); with none or
    with the form type it is read as a form (`errors[7]`)."""
    query = php.parse_query(request.query)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_json = kind == "application/json" or (kind.startswith("application/") and kind.endswith("+json"))
    form: Body = {}
    if kind == "application/x-www-form-urlencoded" or (not kind and request.method != "POST"):
        form = php.parse_query(request.body.decode("utf-8", "replace"))
    body, fault = None, None
    if is_json and request.body not in (b"", b"0"):
        try:
            body = php.decode(request.body)
        except RestError as found:
            fault = found
    method = query.get("_method") or request.headers.get("x-http-method-override") or request.method
    return Question(php.to_str(method).upper(), path, query, form, body, is_json, fault)


def make_call(asked: Question, matched: Matched, user: User | None, request: Request) -> Call:
    """Merge the arguments (JSON over form over query over path over defaults), check and clean them.

    Raises:
        RestError: rest_invalid_json, rest_missing_callback_param or rest_invalid_param.
    """
    if asked.fault is not None:
        raise asked.fault
    args = matched.endpoint.args
    given: Body = {**matched.params, **asked.query}
    if asked.method in _BODY_METHODS:
        given.update(asked.form)
    body = asked.json if isinstance(asked.json, dict) else {}
    if asked.is_json:
        given.update((name, value) for name, value in body.items() if value is not None)
    sent = frozenset(given)
    for name, value in matched.defaults.values.items():
        if name not in sent:
            given[name] = value.copy() if isinstance(value, list | dict) else value
    cleaned = schema.check_all(given, args, matched.defaults.settled - sent)
    names = fields.wanted({"_fields": given.get("_fields")})
    return Call(
        method=asked.method,
        route=matched.route.pattern,
        args=cleaned,
        body={**asked.form, **body},
        query={name: cleaned[name] if body.get(name) is None else value for name, value in asked.query.items()},
        sent=sent,
        fields=fields.top_level(names),
        user=user,
        version=matched.version,
        request=request,
    )


def allowed(routes: list[Route], call: Call) -> tuple[str, ...]:
    """The methods the asker may use here, for the Allow header and for `targetHints` of links."""
    found: list[str] = []
    for route in routes:
        for endpoint in route.endpoints:
            if endpoint.permit(call) is None:
                found += [method for method in endpoint.methods if method not in found]
    return tuple(found)


class Dispatcher:
    """Runs one question through the router."""

    def __init__(self, router: Router, keyring: auth.Keyring) -> None:
        self._router = router
        self._keyring = keyring

    def answer(self, request: Request, path: str, now: int) -> tuple[Answer, Question]:
        asked = question(request, path)
        try:
            asker = self._keyring.asker(request, asked.query, asked.form, now)
        except RestError as fault:
            return Answer(fault.body(), fault.status), asked
        try:
            if asker.key is not None:
                auth.check_rights(asker.key, asked.method)
            answer = self._dispatch(asked, asker.user, request)
        except RestError as fault:
            answer = Answer(fault.body(), fault.status)
        answer.user = asker.user
        return answer, asked

    def _dispatch(self, asked: Question, user: User | None, request: Request) -> Answer:
        path = asked.path.rstrip("/") or "/"
        fitting, matched = self._router.match(path, asked.method)
        if asked.method == "OPTIONS" and fitting:
            return self._options(fitting, user, asked)
        if matched is None:
            raise RestError("rest_no_route", NO_ROUTE, 404)
        bare = Call(method=asked.method, route=matched.route.pattern, args=dict(matched.params), user=user)
        try:
            call = bare = make_call(asked, matched, user, request)
            refusal = matched.endpoint.permit(call)
            if refusal is not None:
                raise refusal
            reply = matched.endpoint.handler(call)
            if asked.is_json and isinstance(asked.json, str | int | float) and call.method in _BODY_METHODS:
                # The work is done, and then PHP stumbles over the body: the product exists (`errors[3]`, `errors[51]`).
                raise fatal.scalar_body(asked.json, call)
        except RestError as fault:
            if fault.code == fatal.CODE:
                return Answer(fault.body(), fault.status)
            return Answer(fault.body(), fault.status, [], allowed([matched.route], bare))
        allow = allowed([matched.route], bare)
        return Answer(self._body(reply, asked), reply.status, reply.headers, allow)

    def _body(self, reply: Reply, asked: Question) -> Json:
        names = fields.wanted(asked.query)
        body = fields.pick(reply.body, names)
        if reply.links is not None and isinstance(body, dict):
            body = {**body, "_links": reply.links}
        return body

    def _options(self, fitting: list[Route], user: User | None, asked: Question) -> Answer:
        route = fitting[0]
        methods: list[str] = []
        for endpoint in route.endpoints:
            methods += [method for method in endpoint.methods if method not in methods]
        bare = Call(method="OPTIONS", route=route.pattern, args={}, user=user)
        body = {
            "namespace": "/".join(route.pattern.strip("/").split("/")[:2]),
            "methods": methods,
            "endpoints": [describe(endpoint) for endpoint in route.endpoints],
        }
        return Answer(fields.pick(body, fields.wanted(asked.query)), 200, [], allowed([route], bare))


def describe(endpoint: Endpoint) -> Body:
    """An endpoint as the index and OPTIONS show it."""
    return {
        "methods": list(endpoint.methods),
        "args": {name: _describe_arg(arg) for name, arg in endpoint.args.items()} or [],
    }


def _describe_arg(arg: Arg) -> Body:
    told: Body = {}
    if arg.default is not msgspec.UNSET:
        told["default"] = arg.default
    if arg.enum:
        told["enum"] = list(arg.enum)
    if arg.kind:
        told["type"] = arg.kind if isinstance(arg.kind, str) else list(arg.kind)
    told["required"] = arg.required
    return told
