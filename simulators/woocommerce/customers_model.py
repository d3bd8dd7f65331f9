"""What the shop keeps of a customer, and how REST shows it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec

from simulators.woocommerce import dates
from simulators.woocommerce.call import Body, Fields
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.meta import shown as meta_shown


class Address(msgspec.Struct, gc=False):
    """An address in the order in which customers show it; `email` belongs to billing only."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    postcode: str = ""
    country: str = ""
    state: str = ""
    email: str = ""
    phone: str = ""


_EMPTY = Address()


class Customer(msgspec.Struct):
    """One user. `created` and `modified` are moments; the administrator of a new shop was never modified."""

    id: int
    created: int
    modified: int | None = None
    email: str = ""
    first_name: str = ""
    last_name: str = ""
    username: str = ""
    role: str = "customer"
    paying: bool = False
    billing: Address | None = None
    shipping: Address | None = None
    meta: list[Meta] = []


def _address(address: Address | None, *, email: bool) -> Body:
    told: Body = msgspec.structs.asdict(address or _EMPTY)
    if not email:
        del told["email"]
    return told


def _avatar(email: str) -> str:
    digest = hashlib.sha256(email.strip().lower().encode()).hexdigest()
    return f"https://secure.gravatar.com/avatar/{digest}?s=96&d=mm&r=g"


def shown(customer: Customer, local: Callable[[int], str], fields: Fields) -> Body:
    """The customer as REST shows it, no more than the wanted fields."""
    modified = customer.modified
    make: dict[str, Callable[[], object]] = {
        "id": lambda: customer.id,
        "date_created": lambda: local(customer.created),
        "date_created_gmt": lambda: dates.gmt(customer.created),
        "date_modified": lambda: None if modified is None else local(modified),
        "date_modified_gmt": lambda: None if modified is None else dates.gmt(modified),
        "email": lambda: customer.email,
        "first_name": lambda: customer.first_name,
        "last_name": lambda: customer.last_name,
        "role": lambda: customer.role,
        "username": lambda: customer.username,
        "billing": lambda: _address(customer.billing, email=True),
        "shipping": lambda: _address(customer.shipping, email=False),
        "is_paying_customer": lambda: customer.paying,
        "avatar_url": lambda: _avatar(customer.email),
        "meta_data": lambda: meta_shown(customer.meta),
    }
    return {name: value() for name, value in make.items() if fields is None or name in fields}
