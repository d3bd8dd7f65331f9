"""The REST routes of products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import batch, fields, paging, products_args, products_fields
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Arg,
    Call,
    Endpoint,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.products_list import Finder
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.products_text import folded
from simulators.woocommerce.products_write import Writer, start

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

PATH = "/wc/v3/products"
FORCE = Arg(kind="boolean", default=False)
CONTEXT = Arg(kind="string", enum=("view", "edit"), default="view")


def invalid_id(status: int) -> RestError:
    """404 for reading and deleting, 400 for updating an unknown product (`products_simple[125]`,
    `products_simple[126]`)."""
    return RestError("woocommerce_rest_product_invalid_id", "Invalid ID.", status)


def not_here() -> RestError:
    """Variations are only read through /products (`variations[7]`)."""
    place = "/products/&lt;product_id&gt;/variations/&lt;id&gt;"
    text = f"To manipulate product variations you should use the {place} endpoint."
    return RestError("woocommerce_rest_invalid_product_id", text, 404)


def asked_of(call: Call) -> tuple[str, ...]:
    """The names in _fields, in their order, of this call or this element of a batch."""
    return tuple(fields.wanted({"_fields": call.args.get("_fields")}))


class ProductRoutes:
    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products
        self._finder = Finder(shop, products)
        self._writer = Writer(shop, products)

    def routes(self) -> list[Route]:
        args = products_args
        create = {
            name: msgspec.structs.replace(arg, default=args.DEFAULTS[name]) if name in args.DEFAULTS else arg
            for name, arg in args.CREATE_PRODUCT.items()
        }
        one = {"id": args.PRODUCT["id"]}
        return [
            Route(PATH, (
                Endpoint(READ, self.list, staff_may("list"), args.PRODUCTS),
                Endpoint(CREATE, self.create_single, staff_may("create"), create),
            )),
            Route(f"{PATH}/(?P<id>[\\d]+)", (
                Endpoint(READ, self.get, staff_may("view"), {**one, "context": CONTEXT}),
                Endpoint(UPDATE, self.update_single, staff_may("edit"), args.PRODUCT),
                Endpoint(DELETE, self.delete, staff_may("delete"), {**one, "force": FORCE}),
            )),
            Route(f"{PATH}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
        ]  # fmt: skip

    def list(self, call: Call) -> Reply:
        start_at, length = paging.window(call)
        descending = call.args.get("order") != "asc" and call.version > 1
        found, total = self._finder.page(call.args, start_at, length, descending=descending)
        edit = call.args.get("context") == "edit"
        asked = asked_of(call)
        linked = not asked or "_links" in asked
        rows = []
        for one in found:
            body = products_fields.body(self._products.renderer, one, asked, edit=edit)
            if linked:
                body["_links"] = self._products.renderer.links(one)
            rows.append(body)
        return paging.page_of(call, rows, total, self._shop.url(PATH))

    def _reply(self, call: Call, one: Product, *, edit: bool, status: int = 200) -> Reply:
        body = products_fields.body(self._products.renderer, one, asked_of(call), edit=edit)
        return Reply(body=body, status=status, links=self._products.renderer.links(one))

    def get(self, call: Call) -> Reply:
        one = self._products.shelf.get(call.id())
        if one is None:
            raise invalid_id(404)
        return self._reply(call, one, edit=call.args.get("context") == "edit")

    def create_single(self, call: Call) -> Reply:
        call.args = products_args.with_nulls(call, products_args.PRODUCT)
        return self.create(call)

    def create(self, call: Call) -> Reply:
        """A new product.

        Raises:
            RestError: besides what writing refuses, woocommerce_rest_product_not_created when only a product in the
            trash     has the SKU; its id is used up then (`products_simple[136]`).
        """
        products = self._products
        args = {**products_args.DEFAULTS, **call.args}
        one = start(products, 0, self._shop.now())
        try:
            self._writer.write(None, one, args, call.body)
        except RestError:
            for image in one.images:
                products.images.drop(image)
            raise
        one.id = self._shop.ids.posts.next()
        if one.sku not in ("", "0") and products.shelf.by_sku.has(folded(one.sku)):
            text = f"The product with SKU ({one.sku}) you are trying to insert is already present in the lookup table"
            raise RestError("woocommerce_rest_product_not_created", text, 400)
        self._writer.post(None, one)
        products.save(one, "created")
        self._shop.races.did("sku", folded(one.sku))
        reply = self._reply(call, products.shelf.things[one.id], edit=True, status=201)
        reply.headers = [("Location", self._shop.url(f"{PATH}/{one.id}"))]
        return reply

    def update_single(self, call: Call) -> Reply:
        call.args = products_args.with_nulls(call, products_args.PRODUCT)
        return self.update(call)

    def update(self, call: Call) -> Reply:
        """Change a product; an `id` in the body beats the one in the path (`products_simple[84]`).

        Raises:
            RestError: it is unknown or a variation, or what writing refuses.
        """
        products = self._products
        old = products.shelf.get(call.id())
        if old is None:
            raise invalid_id(400)
        if old.type == "variation":
            raise not_here()
        one = products.shelf.draft(old)
        self._writer.write(old, one, call.args, call.body)
        self._writer.post(old, one)
        if old.type == "variable" and one.type != "variable":
            # Its variations go for good (`variations[71]`).
            for child in products.shelf.children(old.id):
                products.shelf.remove(child)
        products.save(one)
        return self._reply(call, products.shelf.things[one.id], edit=True)

    def delete(self, call: Call) -> Reply:
        """To the trash, or with `force` for good; the answer is the product as it was (`products_simple[130]`)."""
        one = self._products.shelf.get(call.id())
        if one is None:
            raise invalid_id(404)
        if one.type == "variation":
            raise not_here()
        reply = self._reply(call, one, edit=True)
        if call.args.get("force"):
            self._products.delete(one)
        else:
            self._products.trash(one)
        return reply

    def batch(self, call: Call) -> Reply:
        actions = batch.Actions(
            create=self.create,
            update=self.update,
            delete=self.delete,
            elapse=self._shop.elapse,
        )
        return batch.run(call, actions)
