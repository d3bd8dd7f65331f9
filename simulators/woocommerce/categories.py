"""The REST resources of terms: products/categories, tags, brands, shipping_classes and attributes/<id>/terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from simulators.woocommerce import batch, paging, php
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
    Json,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.products_markup import kses
from simulators.woocommerce.products_text import clean, folded, slug_of

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop
    from simulators.woocommerce.terms import Term, Terms

ITEM = ("GET", "POST", "PUT", "PATCH", "DELETE")
_IDS = Arg(kind="array", items=Arg(kind="integer"), default=[], checked=False)
_ORDERS = ("id", "include", "name", "slug", "term_group", "description", "count")

COLLECTION: Args = {
    "context": Arg(kind="string", enum=("view", "edit"), default="view"),
    "page": paging.PAGE,
    "per_page": paging.PER_PAGE,
    "search": Arg(kind="string"),
    "exclude": _IDS,
    "include": _IDS,
    "offset": Arg(kind="integer"),
    "order": Arg(kind="string", enum=("asc", "desc"), default="asc"),
    "orderby": Arg(kind="string", enum=_ORDERS, default="name"),
    "hide_empty": Arg(kind="boolean", default=False),
    "parent": Arg(kind="integer"),
    "product": Arg(kind="integer"),
    "slug": Arg(kind="string"),
}
_COMMON: Args = {"name": Arg(kind="string"), "slug": Arg(kind="string")}
_TREE: Args = {
    "parent": Arg(kind="integer"),
    "description": Arg(kind="string"),
    "display": Arg(kind="string", enum=("default", "products", "subcategories", "both")),
    "image": Arg(kind="object", properties={"id": Arg(kind="integer"), "src": Arg(kind="string")}),
    "menu_order": Arg(kind="integer"),
}
_FORCE = Arg(kind="boolean", default=False)


class TermResource:
    """All routes of one taxonomy. `base` is the path under /wc/v3; with `taxonomy_of` it has an attribute's id in
    it."""

    def __init__(
        self, shop: Shop, terms: Terms, taxonomy: str, base: str, taxonomy_of: Callable[[Call], str] | None = None
    ) -> None:
        self._shop = shop
        self._terms = terms
        self._taxonomy = taxonomy
        self._base = base
        self._taxonomy_of = taxonomy_of or (lambda _call: taxonomy)

    def routes(self) -> list[Route]:
        described: Args = {"description": Arg(kind="string")}
        extra = _TREE if self._is_tree() else described
        if self._taxonomy == "":
            extra = {**described, "menu_order": Arg(kind="integer")}
        whole = Arg(kind="integer")
        above: Args = {"attribute_id": whole} if self._taxonomy == "" else {}
        one = {**above, "id": whole}
        fields = {**_COMMON, **extra}
        create = {**above, **fields, "name": Arg(kind="string", required=True)}
        base = f"/wc/v3/{self._base}"
        return [
            Route(base, (
                Endpoint(READ, self.list, staff_may("list"), {**above, **COLLECTION}),
                Endpoint(CREATE, self.create, staff_may("create"), create),
            )),
            Route(f"{base}/(?P<id>[\\d]+)", (
                Endpoint(READ, self.get, staff_may("view"), {**one, "context": COLLECTION["context"]}),
                Endpoint(UPDATE, self.update, staff_may("edit"), {**one, **fields}),
                Endpoint(DELETE, self.delete, staff_may("delete"), {**one, "force": _FORCE}),
            )),
            Route(f"{base}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), {**above, **batch.ARGS}),)),
        ]  # fmt: skip

    def _is_tree(self) -> bool:
        return self._taxonomy in ("product_cat", "product_brand")

    # Rendering

    def _path(self, call: Call) -> str:
        path = f"/wc/v3/{self._base}"
        return path.replace("(?P<attribute_id>[\\d]+)", php.to_str(call.args.get("attribute_id", "")))

    def _links(self, call: Call, term: Term) -> Body:
        path = self._path(call)
        up = {"up": f"{path}/{term.parent}"} if term.parent else {}
        return self._shop.links(f"{path}/{term.id}", path, ITEM, **up)

    def _body(self, term: Term) -> Body:
        body: Body = {"id": term.id, "name": term.name, "slug": term.slug}
        if self._is_tree():
            body |= {"parent": term.parent, "description": term.description, "display": term.display}
            body |= {"image": self._shop.products.images.of_term(term.image), "menu_order": term.menu_order}
        else:
            body["description"] = term.description
            if self._taxonomy == "":
                body["menu_order"] = term.menu_order
        body["count"] = self._shop.products.shelf.published_in(term.id)
        return body

    def _reply(self, call: Call, term: Term, status: int = 200) -> Reply:
        return Reply(body=self._body(term), status=status, links=self._links(call, term))

    def _find(self, call: Call) -> Term:
        taxonomy = self._taxonomy_of(call)
        term = self._terms.get(call.id(), taxonomy)
        if term is None:
            raise RestError("woocommerce_rest_term_invalid", "Resource does not exist.", 404)
        return term

    # Handlers

    def list(self, call: Call) -> Reply:
        found = [term for term in self._terms.of(self._taxonomy_of(call)) if self._fits(term, call.args)]
        args = call.args
        if args["orderby"] == "include":
            include = args["include"]
            found.sort(key=lambda term: include.index(term.id) if term.id in include else len(include))
        else:
            found.sort(key=lambda term: self._rank(term, args["orderby"]), reverse=args["order"] == "desc")
        start, length = paging.window(call)
        rows = [{**self._body(term), "_links": self._links(call, term)} for term in found[start : start + length]]
        return paging.page_of(call, rows, len(found), self._shop.url(self._path(call)))

    def _rank(self, term: Term, by: str) -> tuple[Json, ...]:
        if by == "id":
            return (term.id,)
        if by == "count":
            return (self._shop.products.shelf.published_in(term.id), folded(term.name))
        return (folded(getattr(term, by) if by in ("slug", "description") else term.name), term.id)

    def _fits(self, term: Term, args: Body) -> bool:
        shelf = self._shop.products.shelf
        product = args.get("product")
        return not (
            (args["include"] and term.id not in args["include"])
            or term.id in args["exclude"]
            or ("parent" in args and term.parent != args["parent"])
            or (args["hide_empty"] and not shelf.published_in(term.id))
            or (args.get("slug") and term.slug != args["slug"])
            or (args.get("search") and folded(args["search"]) not in folded(term.name))
            or (product and product not in shelf.in_term(term.id))
        )

    def get(self, call: Call) -> Reply:
        return self._reply(call, self._find(call))

    def create(self, call: Call) -> Reply:
        taxonomy = self._taxonomy_of(call)
        args = call.args
        parent = php.to_int(args.get("parent", 0))
        if parent and self._terms.get(parent, taxonomy) is None:
            raise RestError("woocommerce_rest_term_invalid", "Parent resource does not exist.", 404)
        if not clean(php.to_str(args.get("name", ""))):
            raise RestError("empty_term_name", "A name is required for this term.", 400)
        slug = slug_of(php.to_str(args.get("slug", "")))
        text = kses(php.to_str(args.get("description", "")))
        term = self._terms.create(taxonomy, php.to_str(args["name"]), slug, parent, text)
        term = self._terms.change(term, **self._more(args))
        reply = self._reply(call, term, 201)
        reply.headers = [("Location", self._shop.url(f"{self._path(call)}/{term.id}"))]
        return reply

    def _more(self, args: Body) -> dict[str, object]:
        changes: dict[str, object] = {}
        if "menu_order" in args:
            changes["menu_order"] = php.to_int(args["menu_order"])
        if self._is_tree() and "display" in args:
            changes["display"] = php.to_str(args["display"])
        if self._is_tree() and isinstance(args.get("image"), dict):
            changes["image"] = self._shop.products.images.for_term(args["image"])
        return changes

    def update(self, call: Call) -> Reply:
        term = self._find(call)
        args = call.args
        changes = self._more(args)
        if clean(php.to_str(args.get("name", ""))):
            changes["name"] = clean(php.to_str(args["name"]))
        if "slug" in args:
            changes["slug"] = slug_of(php.to_str(args["slug"]))
        if "description" in args:
            changes["description"] = kses(php.to_str(args["description"]))
        if "parent" in args and self._is_tree():
            changes["parent"] = php.to_int(args["parent"])
        return self._reply(call, self._terms.change(term, **changes))

    def delete(self, call: Call) -> Reply:
        term = self._find(call)
        if not call.args.get("force"):
            raise RestError("woocommerce_rest_trash_not_supported", "Resource does not support trashing.", 501)
        reply = self._reply(call, term)
        if term.slug == "uncategorized" and term.taxonomy == "product_cat":
            raise RestError("woocommerce_rest_cannot_delete", "The resource cannot be deleted.", 500)
        self._terms.delete(term)
        return reply

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)
