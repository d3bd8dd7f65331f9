"""The REST routes of variations: products/<product_id>/variations, and /variations for those of all products."""

from __future__ import annotations

from itertools import product as combinations
from typing import TYPE_CHECKING

from simulators.woocommerce import batch, fatal, paging, php, products_args, products_fields
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    UPDATE,
    Arg,
    Body,
    Call,
    Endpoint,
    Json,
    Permit,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.products_fields import Show
from simulators.woocommerce.products_list import Finder
from simulators.woocommerce.products_markup import shown_short
from simulators.woocommerce.products_model import Product
from simulators.woocommerce.variations_write import VariationWriter, start_variation

if TYPE_CHECKING:
    from simulators.woocommerce.products import Products
    from simulators.woocommerce.shop import Shop

BASE = "/wc/v3/products/(?P<product_id>[\\d]+)/variations"
ITEM = ("GET", "POST", "PUT", "PATCH", "DELETE")
MOST_GENERATED = 50
FORCE = Arg(kind="boolean", default=False)
CONTEXT = Arg(kind="string", enum=("view", "edit"), default="view")

FIELDS = (
    "id", "type", "date_created", "date_created_gmt", "date_modified", "date_modified_gmt", "description", "permalink",
    "sku", "global_unique_id", "price", "regular_price", "sale_price", "date_on_sale_from", "date_on_sale_from_gmt",
    "date_on_sale_to", "date_on_sale_to_gmt", "on_sale", "status", "purchasable", "virtual", "downloadable",
    "downloads",
    "download_limit", "download_expiry", "tax_status", "tax_class", "manage_stock", "stock_quantity", "stock_status",
    "backorders", "backorders_allowed", "backordered", "low_stock_amount", "weight", "dimensions", "shipping_class",
    "shipping_class_id", "image", "attributes", "menu_order", "meta_data", "name", "parent_id",
)  # fmt: skip


SHOW: dict[str, Show] = {
    **products_fields.FIELDS,
    "description": lambda _show, one: shown_short(one.details.description),
    "image": lambda show, one: show.products.images.shown(next(iter(show.products.images_of(one)), 0), whole=False),
    "name": lambda show, one: show.products.short_name(one),
}


def invalid_id() -> RestError:
    """404 for reading, updating and deleting alike (`variations[59]`)."""
    return RestError("woocommerce_rest_product_variation_invalid_id", "Invalid ID.", 404)


class VariationRoutes:
    def __init__(self, shop: Shop, products: Products) -> None:
        self._shop = shop
        self._products = products
        self._finder = Finder(shop, products)
        self._writer = VariationWriter(shop, products)

    def routes(self) -> list[Route]:
        args = products_args
        above = {"product_id": args.VARIATION["product_id"]}
        one = {**above, "id": args.VARIATION["id"]}
        create = {name: arg for name, arg in args.VARIATION.items() if name != "id"}
        return [
            Route("/wc/v3/variations", (Endpoint(READ, self.list_all, staff_may("list"), args.VARIATIONS),)),
            Route(BASE, (
                Endpoint(READ, self.list_one, staff_may("list"), args.VARIATIONS),
                Endpoint(CREATE, self.create_single, staff_may("create"), create),
            )),
            Route(f"{BASE}/(?P<id>[\\d]+)", (
                Endpoint(READ, self.get, self._known("view"), {**one, "context": CONTEXT}),
                Endpoint(UPDATE, self.update_single, self._known("edit"), args.VARIATION),
                Endpoint(DELETE, self.delete, self._known("delete"), {**one, "force": FORCE}),
            )),
            Route(f"{BASE}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), {**above, **batch.ARGS}),)),
            Route(f"{BASE}/generate", (Endpoint(CREATE, self.generate, staff_may("create"), {
                **above,
                "delete": Arg(kind="boolean", default=False),
                "default_values": Arg(kind="object"),
            }),)),
        ]  # fmt: skip

    def _known(self, act: str) -> Permit:
        """Whether there is such a variation is part of the permission, so its 404 has no Allow header, nor has the
        answer to its deletion (`variations[59]`, `variations[68]`)."""
        usual = staff_may(act)

        def permit(call: Call) -> RestError | None:
            one = self._products.shelf.get(php.to_int(call.args.get("id")))
            if one is None or one.type != "variation" or one.parent != php.to_int(call.args.get("product_id")):
                return usual(call) or invalid_id()
            return usual(call)

        return permit

    # Rendering

    def _body(self, call: Call, one: Product, *, edit: bool) -> Body:
        show = self._products.renderer
        body: Body = {name: SHOW[name](show, one) for name in FIELDS if call.wants(name)}
        if edit and "tax_class" in body:
            # Answers to writes tell the variation's own class, "parent" too (`variations[4]`, `variations[5]`).
            body["tax_class"] = one.tax_class
        return body

    def _links(self, one: Product) -> Body:
        path = f"/wc/v3/products/{one.parent}/variations"
        return self._shop.links(f"{path}/{one.id}", path, ITEM, up=f"/wc/v3/products/{one.parent}")

    def _reply(self, call: Call, one: Product, *, edit: bool, status: int = 200) -> Reply:
        return Reply(body=self._body(call, one, edit=edit), status=status, links=self._links(one))

    def _find(self, call: Call) -> Product:
        one = self._products.shelf.get(call.id())
        if one is None or one.type != "variation" or one.parent != call.id("product_id"):
            raise invalid_id()
        return one

    # Handlers

    def list_all(self, call: Call) -> Reply:
        return self._list(call, 0, self._shop.url("/wc/v3/variations"))

    def list_one(self, call: Call) -> Reply:
        """Variations of one product; none of an unknown one (`variations[61]`)."""
        parent = call.id("product_id")
        return self._list(call, parent or -1, self._shop.url(f"/wc/v3/products/{parent}/variations"))

    def _list(self, call: Call, parent: int, url: str) -> Reply:
        start, length = paging.window(call)
        descending = call.args.get("order") != "asc"
        found, total = self._finder.page(call.args, start, length, variations_of=parent, descending=descending)
        edit = call.args.get("context") == "edit"
        linked = call.fields is None or "_links" in call.fields
        rows = [
            {**self._body(call, one, edit=edit), **({"_links": self._links(one)} if linked else {})} for one in found
        ]
        return paging.page_of(call, rows, total, url)

    def get(self, call: Call) -> Reply:
        return self._reply(call, self._find(call), edit=call.args.get("context") == "edit")

    def create_single(self, call: Call) -> Reply:
        call.args = products_args.with_nulls(call, products_args.VARIATION)
        return self.create(call)

    def create(self, call: Call) -> Reply:
        """A new variation, under any product there is (`variations[63]`).

        Raises:
            RestError: under an unknown product a fatal error, after which the variation is an orphan nobody sees
                (`variations[62]`); else what writing refuses.
        """
        parent = call.id("product_id")
        one = start_variation(parent, self._shop.now())
        self._writer.write(None, one, call.args, call.body)
        one.id = self._shop.ids.posts.next()
        above = self._products.shelf.get(parent)
        if above is None or above.type == "variation":
            raise self._orphaned(call)
        self._products.save(one, "created")
        reply = self._reply(call, self._products.shelf.things[one.id], edit=True, status=201)
        # The address names the route's pattern in place of the product (`variations[4]`).
        reply.headers = [("Location", self._shop.url(f"{BASE}/{one.id}"))]
        return reply

    def _orphaned(self, call: Call) -> RestError:
        file = f"{fatal.ROOT}wp-content/plugins/woocommerce/includes/rest-api/Controllers/Version2/"
        includes, controllers = f"{fatal.ROOT}wp-includes/", fatal.V3
        hook = "do_action('woocommerce_res...', NULL, Object(WP_REST_Request), true)"
        frames = (
            f"{includes}class-wp-hook.php(343): WC_REST_Product_Variations_V2_Controller->clear_transients(NULL)",
            f"{includes}class-wp-hook.php(365): WP_Hook->apply_filters('', Array)",
            f"{includes}plugin.php(522): WP_Hook->do_action(Array)",
            f"{controllers}class-wc-rest-crud-controller.php(221): {hook}",
        )
        return fatal.error(
            call,
            "Uncaught Error: Call to a member function get_parent_id() on null",
            f"{file}class-wc-rest-product-variations-v2-controller.php",
            550,
            frames,
            "WC_REST_CRUD_Controller->create_item",
        )

    def update_single(self, call: Call) -> Reply:
        call.args = products_args.with_nulls(call, products_args.VARIATION)
        return self.update(call)

    def update(self, call: Call) -> Reply:
        old = self._find(call)
        one = self._products.shelf.draft(old)
        self._writer.write(old, one, call.args, call.body)
        self._products.save(one)
        return self._reply(call, self._products.shelf.things[one.id], edit=True)

    def delete(self, call: Call) -> Reply:
        one = self._find(call)
        reply = self._reply(call, one, edit=True)
        if call.args.get("force"):
            self._products.delete(one)
        else:
            self._products.trash(one)
        return reply

    def batch(self, call: Call) -> Reply:
        """As for every resource, but a failed delete tells all it was given in place of the id (`variations[56]`)."""
        actions = batch.Actions(create=self.create, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        reply = batch.run(call, actions)
        told: Json = reply.body.get("delete", []) if isinstance(reply.body, dict) else []
        for element in told:
            if "error" in element:
                element["id"] = {"id": element["id"], "product_id": call.id("product_id"), "force": True}
        return reply

    def generate(self, call: Call) -> Reply:
        """Make a variation for every combination of options that has none, at most fifty at once (`variations[64]`)."""
        products = self._products
        parent = products.shelf.get(call.id("product_id"))
        if parent is None or parent.type == "variation":
            raise RestError("woocommerce_rest_product_invalid_id", "Invalid product ID.", 404)
        wanted = self._combinations(parent)
        there = {tuple(sorted(one.options)) for one in products.shelf.children(parent.id)}
        missing = [options for options in wanted if tuple(sorted(options)) not in there][:MOST_GENERATED]
        for options in missing:
            one = start_variation(parent.id, self._shop.now())
            one.id, one.options = self._shop.ids.posts.next(), options
            self._writer.write(None, one, call.args.get("default_values") or {}, {})
            products.save(one, "created")
        body: Body = {"count": len(missing)}
        if php.to_bool(call.args.get("delete", False)):
            kept = {tuple(sorted(options)) for options in wanted}
            odd = [one for one in products.shelf.children(parent.id) if tuple(sorted(one.options)) not in kept]
            for one in odd:
                products.delete(one)
            body["deleted_count"] = len(odd)
        return Reply(body=body)

    def _combinations(self, parent: Product) -> list[tuple[tuple[str, str], ...]]:
        axes: list[list[tuple[str, str]]] = []
        choices = {choice.key: choice for choice in self._products.choices_of(parent)}
        rows = [row for row in parent.attributes if row.variation]
        for key, row in zip(choices, rows, strict=False):
            held = self._shop.terms.attributes.get(row.id) if row.id else None
            by = held.order_by if held is not None else "name"
            values = [term.slug for term in self._shop.terms.in_order(row.terms, by)] if row.id else list(row.options)
            axes.append([(key, value) for value in values])
        return [options for options in combinations(*axes) if options]
