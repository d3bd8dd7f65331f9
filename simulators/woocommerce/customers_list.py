"""Which customers a list has, and in which order (`customers[17]` to [32]). There is no filter by modification."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from simulators.woocommerce import paging, php
from simulators.woocommerce.call import Arg, Body, Call, Json, Reply
from simulators.woocommerce.customers_model import Customer

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

ROLES = (
    "all",
    "administrator",
    "editor",
    "author",
    "contributor",
    "subscriber",
    "customer",
    "shop_manager",
)
_IDS = Arg(kind="array", items=Arg(kind="integer"), default=[])

ARGS = {
    "context": Arg(kind="string", default="view", enum=("view", "edit")),
    "page": paging.PAGE,
    "per_page": paging.PER_PAGE,
    "search": Arg(kind="string"),
    "exclude": _IDS,
    "include": _IDS,
    "offset": Arg(kind="integer"),
    "order": Arg(kind="string", default="asc", enum=("asc", "desc")),
    "orderby": Arg(kind="string", default="name", enum=("id", "include", "name", "registered_date")),
    "email": Arg(kind="string", format="email"),
    "role": Arg(kind="string", default="customer", enum=ROLES),
}


def page(shop: Shop, call: Call, customers: dict[int, Customer], render: Callable[[Customer, Call], Body]) -> Reply:
    """One page of the list, rendered."""
    args = call.args
    found = _sorted([one for one in _candidates(customers, args) if _fits(one, args)], args)
    begin, length = paging.window(call)
    rows = [{**render(one, call), "_links": shop.customers.links(one)} for one in found[begin : begin + length]]
    return paging.page_of(call, rows, len(found), shop.url("/wc/v3/customers"))


def _candidates(customers: dict[int, Customer], args: Body) -> Iterable[Customer]:
    include = args["include"]
    if include:
        return (customers[id_] for id_ in dict.fromkeys(include) if id_ in customers)
    return customers.values()


def _fits(customer: Customer, args: Body) -> bool:
    if args["role"] not in {"all", customer.role} or customer.id in args["exclude"]:
        return False
    email = args.get("email")
    if email and customer.email.lower() != php.to_str(email).lower():
        return False
    search = php.to_str(args.get("search")).lower()
    return not search or search in customer.username.lower() or search in customer.email.lower()


def _sorted(found: list[Customer], args: Body) -> list[Customer]:
    """Equal ones come by id, whatever the direction (`customers[28]`); orderby=include turns round too
    (`customers[29]`)."""
    by, down = args["orderby"], args["order"] == "desc"
    if by == "include":
        return found[::-1] if down else found
    keys: dict[str, Callable[[Customer], Json]] = {
        "id": lambda one: one.id,
        "name": lambda one: one.username.lower(),
        "registered_date": lambda one: one.created,
    }
    found.sort(key=lambda one: one.id)
    found.sort(key=keys[by], reverse=down)
    return found
