"""A REST call that the shop makes to itself (rest_do_request), as webhooks do for what they deliver."""

from __future__ import annotations

from simulators.http import Request
from simulators.woocommerce.call import Body, RestError, User
from simulators.woocommerce.routing import NO_ROUTE, Question, Router, make_call


def get(router: Router, path: str, user: User) -> Body:
    """One thing as that user reads it, with its links.

    Raises:
        RestError: as the route raises it, or rest_no_route.
    """
    _, matched = router.match(path, "GET")
    if matched is None:
        raise RestError("rest_no_route", NO_ROUTE, 404)
    asked = Question("GET", path, {}, {}, None, is_json=False, fault=None)
    call = make_call(asked, matched, user, Request(method="GET", path=f"/wp-json{path}"))
    refusal = matched.endpoint.permit(call)
    if refusal is not None:
        raise refusal
    reply = matched.endpoint.handler(call)
    body: Body = dict(reply.body)
    if reply.links is not None:
        body["_links"] = reply.links
    return body
