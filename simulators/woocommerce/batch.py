"""<resource>/batch: create, then update, then delete, without the checks of single requests (`products_batch[4]`)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from simulators.woocommerce import fatal, fields, php
from simulators.woocommerce.call import Args, Body, Call, Json, Reply, RestError

LIMIT = 100
LISTS = ("create", "update", "delete")
ARGS: Args = {}
"""The lists are not described to WordPress, so nothing checks them (`products_batch[8]`, `products_batch[9]`)."""

One: TypeAlias = Callable[[Call], Reply]


class Actions(msgspec.Struct, frozen=True, kw_only=True):
    """What a resource does for one element. `defaults` are the arguments' defaults, which elements do get.

    `elapse` lets the shop's clock go on between elements: 100 stock updates take seconds (`products_batch[18]`).
    """

    create: One
    update: One
    delete: One
    defaults: Body = {}
    elapse: Callable[[], None]


def run(call: Call, actions: Actions) -> Reply:
    """Do a whole batch. Answers 200 whatever happens to its elements (`products_batch[2]`).

    Raises:
        RestError: 413 for more than 100 elements in all (`products_batch[15]`), nothing is done then; a fatal error for
            an object where the list should be (`products_batch[8]`).
    """
    lists = {name: call.body.get(name) for name in LISTS}
    count = sum(len(value) for value in lists.values() if isinstance(value, list | dict))
    if count > LIMIT:
        code = "woocommerce_rest_request_entity_too_large"
        raise RestError(code, f"Unable to accept more than {LIMIT} items for this request.", 413)
    body: Body = {}
    for name, one in (("create", actions.create), ("update", actions.update)):
        elements = _elements(lists[name])
        if any(isinstance(element, str) for element in elements):
            raise fatal.text_in_batch(call)
        if elements:
            body[name] = [_done(call, name, one, actions, element) for element in elements]
    ids = [php.to_int(element) for element in _elements(lists["delete"])]
    wanted = [{"id": id_, "force": True} for id_ in ids if id_]
    if wanted:
        body["delete"] = [_done(call, "delete", actions.delete, actions, element) for element in wanted]
    return Reply(body=body or [])


def _elements(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _done(call: Call, name: str, one: One, actions: Actions, element: Json) -> Json:
    body = element if isinstance(element, dict) else {}
    args = {**actions.defaults, **{key: value for key, value in call.args.items() if key not in LISTS}}
    args.update((key, value) for key, value in body.items() if value is not None)
    if isinstance(args.get("id"), str):
        args["id"] = php.to_int(args["id"])
    names = fields.wanted({"_fields": args.get("_fields")})
    single = msgspec.structs.replace(call, args=args, body=body, sent=frozenset(args), fields=fields.top_level(names))
    try:
        reply = one(single)
    except RestError as fault:
        if fault.code == fatal.CODE:
            raise
        told = {"code": fault.code, "message": fault.message, "data": fault.data}
        return {"id": body.get("id", None if name == "update" else 0), "error": told}
    finally:
        actions.elapse()
    done = reply.body
    if reply.links is not None and isinstance(done, dict):
        done = {**done, "_links": reply.links}
    return done
