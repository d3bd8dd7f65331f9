"""Global attributes (products/attributes) and, through TermResource, their terms."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import batch, php
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Arg,
    Args,
    Body,
    Call,
    Endpoint,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.categories import ITEM, TermResource
from simulators.woocommerce.products_text import clean, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop
    from simulators.woocommerce.terms import Terms

PATH = "/wc/v3/products/attributes"
FORCE = Arg(kind="boolean", default=False)
LONGEST_SLUG = 28

_FIELDS: Args = {
    "name": Arg(kind="string"),
    "slug": Arg(kind="string"),
    "type": Arg(kind="string", enum=("select",)),
    "order_by": Arg(kind="string", enum=("menu_order", "name", "name_num", "id")),
    "has_archives": Arg(kind="boolean"),
}


class Global(msgspec.Struct):
    """One global attribute; its taxonomy (and REST slug) is "pa_" and the slug."""

    id: int
    name: str
    slug: str
    type: str = "select"
    order_by: str = "menu_order"
    has_archives: bool = False

    @property
    def taxonomy(self) -> str:
        return f"pa_{self.slug}"


class Attributes:
    def __init__(self, shop: Shop, terms: Terms) -> None:
        self._shop = shop
        self._terms = terms
        self._all: dict[int, Global] = {}

    def get(self, id_: int) -> Global | None:
        return self._all.get(id_)

    def by_taxonomy(self, taxonomy: str) -> Global | None:
        return next((one for one in self._all.values() if one.taxonomy == taxonomy), None)

    def put(self, one: Global) -> None:
        self._all[one.id] = one

    def routes(self) -> list[Route]:
        create = {
            **_FIELDS,
            "name": Arg(kind="string", required=True),
            "type": Arg(kind="string", enum=("select",), default="select"),
            "order_by": msgspec.structs.replace(_FIELDS["order_by"], default="menu_order"),
            "has_archives": Arg(kind="boolean", default=False),
        }
        one: Args = {"id": Arg(kind="integer")}
        terms = TermResource(
            self._shop, self._terms, "", "products/attributes/(?P<attribute_id>[\\d]+)/terms", self._taxonomy
        )
        return [
            Route(PATH, (
                Endpoint(READ, self.list, staff_may("list"), {"context": Arg(kind="string", default="view")}),
                Endpoint(CREATE, self.create, staff_may("create"), create),
            )),
            Route(f"{PATH}/(?P<id>[\\d]+)", (
                Endpoint(READ, self.show, staff_may("view"), one),
                Endpoint(UPDATE, self.update, staff_may("edit"), {**one, **_FIELDS}),
                Endpoint(DELETE, self.delete, staff_may("delete"), {**one, "force": FORCE}),
            )),
            Route(f"{PATH}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
            *terms.routes(),
        ]  # fmt: skip

    def _taxonomy(self, call: Call) -> str:
        one = self._all.get(php.to_int(call.args.get("attribute_id", 0)))
        if one is None:
            raise RestError("woocommerce_rest_taxonomy_invalid", "Taxonomy does not exist.", 404)
        return one.taxonomy

    def _find(self, call: Call) -> Global:
        one = self._all.get(call.id())
        if one is None:
            raise RestError("woocommerce_rest_taxonomy_invalid", "Resource does not exist.", 404)
        return one

    def _body(self, one: Global) -> Body:
        return {
            "id": one.id,
            "name": one.name,
            "slug": one.taxonomy,
            "type": one.type,
            "order_by": one.order_by,
            "has_archives": one.has_archives,
        }

    def _links(self, one: Global) -> Body:
        return self._shop.links(f"{PATH}/{one.id}", PATH, ITEM)

    def _reply(self, one: Global, status: int = 200) -> Reply:
        return Reply(body=self._body(one), status=status, links=self._links(one))

    def list(self, _call: Call) -> Reply:
        """All of them: attributes know no pages."""
        found = sorted(self._all.values(), key=lambda one: clean(one.name).lower())
        return Reply(body=[{**self._body(one), "_links": self._links(one)} for one in found])

    def show(self, call: Call) -> Reply:
        return self._reply(self._find(call))

    def _slug(self, args: Body, name: str, own: int, code: str) -> str:
        """The slug that was sent (with or without "pa_") or that follows from the name.

        Raises:
            RestError: it is taken (`products_simple[110]`) or longer than 28 characters.
        """
        wanted = re.sub(r"^pa_", "", php.to_str(args.get("slug", ""))) or name
        slug = slug_of(wanted)
        if len(slug) > LONGEST_SLUG:
            text = f'Slug "{slug}" is too long ({LONGEST_SLUG} characters max). Shorten it, please.'
            raise RestError(code, text, 400)
        if any(one.slug == slug and one.id != own for one in self._all.values()):
            raise RestError(code, f'Slug "{slug}" is already in use. Change it, please.', 400)
        return slug

    def create(self, call: Call) -> Reply:
        args = call.args
        name = clean(php.to_str(args.get("name", "")))
        if not name:
            raise RestError("woocommerce_rest_cannot_create", "Please, provide an attribute name.", 400)
        slug = self._slug(args, name, 0, "woocommerce_rest_cannot_create")
        order_by = php.to_str(args.get("order_by", "menu_order"))
        archives = php.to_bool(args.get("has_archives", False))
        one = Global(self._shop.ids.attributes.next(), name, slug, "select", order_by, archives)
        self.put(one)
        reply = self._reply(one, 201)
        reply.headers = [("Location", self._shop.url(f"{PATH}/{one.id}"))]
        return reply

    def update(self, call: Call) -> Reply:
        one, args = self._find(call), call.args
        changed = msgspec.structs.replace(one, name=clean(php.to_str(args.get("name", ""))) or one.name)
        if "slug" in args:
            changed.slug = self._slug(args, changed.name, one.id, "woocommerce_rest_cannot_edit")
        changed.order_by = php.to_str(args.get("order_by", one.order_by))
        changed.has_archives = php.to_bool(args.get("has_archives", one.has_archives))
        terms = self._terms.of(one.taxonomy)
        self.put(changed)
        for term in terms if changed.slug != one.slug else ():
            self._terms.change(term, taxonomy=changed.taxonomy)
        return self._reply(changed)

    def delete(self, call: Call) -> Reply:
        one = self._find(call)
        if not call.args.get("force"):
            raise RestError("woocommerce_rest_trash_not_supported", "Resource does not support trashing.", 501)
        for term in self._terms.of(one.taxonomy):
            self._terms.delete(term)
        del self._all[one.id]
        return self._reply(one)

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)
