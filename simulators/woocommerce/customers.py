"""Customers: the users of the shop with their addresses, through /customers (customers.json)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from simulators.woocommerce import batch, customers_list, php, schema
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Arg,
    Body,
    Call,
    Endpoint,
    Permit,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.customers_model import Address, Customer, shown
from simulators.woocommerce.meta import ARG as META_ARG
from simulators.woocommerce.meta import Meta, apply
from simulators.woocommerce.store import Keyed

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

PATH = "/wc/v3/customers"
_ALLOW = ("GET", "POST", "PUT", "PATCH", "DELETE")
_ADDRESS = {
    name: Arg(kind="string")
    for name in (
        "first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country", "phone",
    )
}  # fmt: skip
_FIELDS = {
    "email": Arg(kind="string", format="email"),
    "first_name": Arg(kind="string"),
    "last_name": Arg(kind="string"),
    "username": Arg(kind="string"),
    "password": Arg(kind="string"),
    "billing": Arg(kind="object", properties={**_ADDRESS, "email": Arg(kind="string", format="email")}),
    "shipping": Arg(kind="object", properties=_ADDRESS),
    "meta_data": META_ARG,
}
_CREATE = {**_FIELDS, "email": Arg(kind="string", required=True), "username": Arg(kind="string", default="")}
_FORCE = {"force": Arg(kind="boolean", default=False), "reassign": Arg(kind="integer")}
_COMMON = frozenset({"sales", "hello", "mail", "contact", "info", "admin"})
"""Mailbox names that say nothing of a person; the domain makes the username then."""


class Customers:
    """All users. User 1 is the shop's administrator, as in every new shop."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.all: dict[int, Customer] = {}
        self._by_email: Keyed[str] = Keyed()
        self._by_username: Keyed[str] = Keyed()
        admin = Customer(id=1, created=0, email=shop.options.admin_email, username="admin", role="administrator")
        self._keep(admin)

    # What other parts of the shop may ask and tell

    def get(self, id_: int) -> Customer | None:
        return self.all.get(id_)

    def exists(self, id_: int) -> bool:
        return id_ in self.all

    def email(self, id_: int) -> str:
        """A user's email, "" for an unknown one."""
        customer = self.all.get(id_)
        return customer.email if customer is not None else ""

    def with_email(self, email: str) -> int:
        """The id of the user with that email in any case, 0 if there is none."""
        return next(iter(self._by_email.ids(email.lower())), 0)

    def paid(self, id_: int) -> None:
        """An order of the customer was completed: a paying customer from now on, and a change (`customers[34]`)."""
        customer = self.all.get(id_)
        if customer is not None:
            customer.paying = True
            self._touched(customer)

    def load(self, raw: Body) -> None:
        """Take a customer as a real shop gave it, with its id; ids given later go on from there."""
        customer = Customer(id=php.to_int(raw["id"]), created=self._shop.now())
        for name in ("email", "first_name", "last_name", "username", "role"):
            setattr(customer, name, php.to_str(raw.get(name, "")))
        customer.paying = bool(raw.get("is_paying_customer"))
        customer.billing, customer.shipping = Address(), Address()
        _set_address(customer.billing, raw.get("billing"))
        _set_address(customer.shipping, raw.get("shipping"))
        customer.meta = [Meta(php.to_int(row["id"]), row["key"], row["value"]) for row in raw.get("meta_data", [])]
        self._shop.ids.users.seen(customer.id)
        self._keep(customer)

    # REST

    def routes(self) -> list[Route]:
        return [
            Route(
                f"{PATH}/(?P<customer_id>[\\d]+)/downloads",
                (Endpoint(READ, self.downloads, self._known("view", "customer_id")),),
            ),
            Route(
                PATH,
                (
                    Endpoint(READ, self.list, staff_may("list"), customers_list.ARGS),
                    Endpoint(CREATE, self.create, staff_may("create"), _CREATE),
                ),
            ),
            Route(
                f"{PATH}/(?P<id>[\\d]+)",
                (
                    Endpoint(READ, self.read, self._known("view")),
                    Endpoint(UPDATE, self.update, self._known("edit"), _FIELDS),
                    Endpoint(DELETE, self.delete, self._known("delete"), _FORCE),
                ),
            ),
            Route(f"{PATH}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
        ]

    def _known(self, act: str, name: str = "id") -> Permit:
        """Permission for one customer. An unknown one is refused before anything else, so an answer about it has no
        Allow header (`customers[39]`, `customers[40]`)."""
        usual = staff_may(act)

        def permit(call: Call) -> RestError | None:
            refusal = usual(call)
            if refusal is None and php.to_int(call.args.get(name)) not in self.all:
                return RestError("wc_user_invalid_id", "Invalid user ID.", 404)
            return refusal

        return permit

    def list(self, call: Call) -> Reply:
        return customers_list.page(self._shop, call, self.all, self.render)

    def read(self, call: Call) -> Reply:
        return self._answer(self._one(call), call)

    def create(self, call: Call) -> Reply:
        args = call.args
        if args.get("id"):
            raise RestError("woocommerce_rest_customer_exists", "Cannot create existing resource.", 400)
        email = php.to_str(args.get("email"))
        if not schema.is_email(email):
            raise RestError("customer_invalid_email", "Invalid email address", 400)
        if self.with_email(email):
            if self._shop.races.beside("email", email.lower()):
                # Both looked before either wrote; the database found out (`concurrency[41]`).
                raise RestError("existing_user_login", "Sorry, that username already exists!", 400)
            text = f"An account is already registered with {email}. Please log in or use a different email address."
            raise RestError("registration-error-email-exists", text, 400)
        customer = Customer(id=0, created=self._shop.now(), email=email)
        customer.username = self._username(php.to_str(args.get("username")), email)
        customer.id = self._shop.ids.users.next()
        if not args.get("password"):
            customer.meta.append(Meta(self._shop.ids.user_meta.next(), "default_password_nag", "1"))
        self._set(customer, args)
        self._keep(customer)
        self._shop.races.did("email", email.lower())
        self._shop.changed("customer", customer.id, "created")
        self._touched(customer)
        reply = self._answer(customer, call)
        reply.status = 201
        reply.headers.append(("Location", self._shop.url(f"{PATH}/{customer.id}")))
        return reply

    def update(self, call: Call) -> Reply:
        customer, args = self._one(call), call.args
        email = php.to_str(args.get("email", customer.email))
        if email != customer.email and self.with_email(email):
            raise RestError("woocommerce_rest_customer_invalid_email", "Email address is invalid.", 400)
        if "username" in args and args["username"] != customer.username:
            raise RestError("woocommerce_rest_customer_invalid_argument", "Username isn't editable.", 400)
        self._by_email.move(customer.email.lower(), email.lower(), customer.id)
        customer.email = email
        self._set(customer, args)
        self._touched(customer)
        return self._answer(customer, call)

    def delete(self, call: Call) -> Reply:
        if not call.args.get("force"):
            raise RestError("woocommerce_rest_trash_not_supported", "Customers do not support trashing.", 501)
        customer = self._one(call)
        reassign = call.args.get("reassign")
        if reassign and (reassign == customer.id or reassign not in self.all):
            raise RestError("woocommerce_rest_customer_invalid_reassign", "Invalid resource id for reassignment.", 400)
        reply = self._answer(customer, call)
        del self.all[customer.id]
        self._by_email.drop(customer.email.lower(), customer.id)
        self._by_username.drop(customer.username.lower(), customer.id)
        self._shop.changed("customer", customer.id, "deleted")
        return reply

    def downloads(self, _call: Call) -> Reply:
        return Reply(body=[])

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)

    # Inside

    def _one(self, call: Call) -> Customer:
        customer = self.all.get(php.to_int(call.args.get("id")))
        if customer is None:
            raise RestError("woocommerce_rest_invalid_id", "Invalid resource ID.", 400)
        return customer

    def _keep(self, customer: Customer) -> None:
        self.all[customer.id] = customer
        self._by_email.add(customer.email.lower(), customer.id)
        self._by_username.add(customer.username.lower(), customer.id)

    def _touched(self, customer: Customer) -> None:
        customer.modified = self._shop.now()
        self._shop.changed("customer", customer.id, "updated")

    def _set(self, customer: Customer, args: Body) -> None:
        for name in ("first_name", "last_name"):
            if name in args:
                setattr(customer, name, php.to_str(args[name]))
        for name in ("billing", "shipping"):
            if isinstance(args.get(name), dict):
                address = getattr(customer, name) or Address()
                setattr(customer, name, address)
                _set_address(address, args[name])
        apply(customer.meta, args.get("meta_data"), self._shop.ids.user_meta)

    def _username(self, wanted: str, email: str) -> str:
        """The username, made from the email when none was sent; a number is added to one that is taken
        (`customers[8]`)."""
        if wanted:
            if self._by_username.has(wanted.lower()):
                text = "An account is already registered with that username. Please choose another."
                raise RestError("registration-error-username-exists", text, 400)
            return wanted
        box, _, domain = email.lower().partition("@")
        name = re.sub(r"[^a-z0-9 _.\-@]", "", domain if box in _COMMON else box)
        made = name
        while not made or self._by_username.has(made):
            made = f"{name}-{self._shop.chance('usernames').randrange(10_000):04d}"
        return made

    def render(self, customer: Customer, call: Call) -> Body:
        return shown(customer, self._shop.local, call.fields)

    def links(self, customer: Customer) -> Body:
        return self._shop.links(f"{PATH}/{customer.id}", PATH, _ALLOW)

    def _answer(self, customer: Customer, call: Call) -> Reply:
        return Reply(body=self.render(customer, call), links=self.links(customer))


def _set_address(address: Address, sent: object) -> None:
    if isinstance(sent, dict):
        for name, value in sent.items():
            if name in Address.__struct_fields__ and value is not None:
                setattr(address, name, php.to_str(value))
