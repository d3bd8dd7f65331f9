"""Orders: the resource and everything it keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import batch, paging, php
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
    Reply,
    RestError,
    Route,
    anybody,
    staff_may,
)
from simulators.woocommerce.events import Change
from simulators.woocommerce.mails import Mails
from simulators.woocommerce.orders_background import Background
from simulators.woocommerce.orders_goods import Goods
from simulators.woocommerce.orders_index import ANY, OrderIndex, between, ids
from simulators.woocommerce.orders_load import loaded
from simulators.woocommerce.orders_mailing import Mailing
from simulators.woocommerce.orders_model import STATUSES, TAKES_STOCK, Order
from simulators.woocommerce.orders_query import OrderList
from simulators.woocommerce.orders_render import Renderer
from simulators.woocommerce.orders_schema import LIST, READ_ONE, create
from simulators.woocommerce.orders_schema import UPDATE as UPDATE_ARGS
from simulators.woocommerce.orders_status import Lifecycle
from simulators.woocommerce.orders_write import DATES, Writer, forget_loaded

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

PATH = "/wc/v3/orders"
MOST_DECIMALS = 500
"""What PHP prints of a number at most."""

_ONE = PATH + r"/(?P<id>[\d]+)"


class Orders:
    """`all` holds every order by its id, trashed ones too; change one only through what this class offers."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self.all: dict[int, Order] = {}
        self.index = OrderIndex()
        self.mails = Mails(shop.now, shop.options.admin_email)
        self.goods = Goods(shop)
        self.lifecycle = Lifecycle(shop, self.goods)
        self.writer = Writer(shop, self.goods, self.lifecycle)
        self._mailing = Mailing(shop)
        self.background = Background(shop)
        shop.events.listen(self._heard)

    def _heard(self, change: Change) -> None:
        """The orders of a deleted customer become those of a guest, and change (`customers[41]`)."""
        if change.kind == "customer" and change.event == "deleted":
            for order in [one for one in self.all.values() if one.customer_id == change.id]:
                order.customer_id = 0
                self.touch(order)

    # What other resources and scenarios use

    def keep(self, order: Order) -> None:
        """Store an order as it is now, new or changed, and bring the indexes up to it."""
        known = order.id in self.all
        self.all[order.id] = order
        if known:
            self.index.refile(order)
        else:
            self.index.add(order)

    def touch(self, order: Order) -> None:
        """Store an order with a new date_modified."""
        forget_loaded(order, DATES)
        order.modified = self._shop.now()
        self.keep(order)

    def set_status(self, order_id: int, status: str, note: str = "") -> None:
        """Change a status as staff do in wp-admin.

        Raises:
            KeyError: for an order that is not there.
        """
        order = self.all[order_id]
        self._shop.changed("order", order_id, "updated")
        self.lifecycle.to(order, status, note)
        self.touch(order)

    def count(self, status: str) -> int:
        """How many orders have that status; "any" counts what a list without status shows."""
        return self.index.count(status)

    def with_status(self, status: str, before: int) -> list[Order]:
        """The orders of a status that were last changed before that moment, the oldest first."""
        rows = self.index.rows([status], "modified")
        return [self.all[id_] for id_ in ids(rows[slice(*between(rows, None, before))])]

    def load(self, raw: Body) -> Order:
        """Hold an order as a shop once gave it: the same ids, numbers, totals, lines and dates."""
        order = loaded(self._shop, raw)
        if order.id in self.all:
            self.index.drop(self.all.pop(order.id))
        self.keep(order)
        return order

    def remove(self, order: Order) -> None:
        """Delete an order for good, with its notes and refunds. Stock does not come back (`orders_lifecycle[60]`)."""
        self.lifecycle.uncount_sales(order)
        self.index.drop(order)
        del self.all[order.id]
        self._shop.notes.forget(order.id)
        self._shop.refunds.forget(order)

    # REST

    def routes(self) -> list[Route]:
        force = {"force": Arg(kind="boolean", default=False)}
        lists = (
            Endpoint(READ, self.listed, staff_may("list"), LIST),
            Endpoint(CREATE, self.create, staff_may("create"), create(self._shop.options.currency)),
        )
        one = (
            Endpoint(READ, self.get, staff_may("view"), READ_ONE),
            Endpoint(UPDATE, self.update, staff_may("edit"), UPDATE_ARGS),
            Endpoint(DELETE, self.delete, staff_may("delete"), force),
        )
        return [
            Route(PATH, lists),
            Route(f"{PATH}/batch", (Endpoint(UPDATE, self.batch, staff_may("batch"), batch.ARGS),)),
            Route(f"{PATH}/statuses", (Endpoint(READ, self.statuses, anybody),)),
            Route(_ONE, one),
            *self._mailing.routes(),
            Route("/wc/v3/reports/orders/totals", (Endpoint(READ, self.totals, staff_may("list")),)),
        ]

    def renderer(self, call: Call) -> Renderer:
        sent = call.args.get("dp")
        places = self._shop.settings.rules().decimals if sent is None else min(abs(php.to_int(sent)), MOST_DECIMALS)
        wanted, unwanted = (_names(call.args.get(name)) for name in ("include_meta", "exclude_meta"))
        return Renderer(self._shop, places, wanted or None, unwanted)

    def listed(self, call: Call) -> Reply:
        zone = self._shop.options.time_zone
        orders, total = OrderList(call, self.all, self.index, zone, self._shop.faults.ties).page()
        render = self.renderer(call)
        rows = []
        for order in orders:
            row = render.order(order, call.fields)
            if call.fields is None or "_links" in call.fields:
                row["_links"] = render.links(order)
            rows.append(row)
        # The controller puts these into its own request, and so into the Link header (`orders_list[3]`); past the
        # last page it never gets so far, and the totals fall to 0 (`orders_list[5]`).
        told: Body = {"status": call.args.get("status", [ANY])}
        if rows:
            told |= {"dp": self._shop.settings.decimals, "context": "view"}
        query = {name: value for name, value in call.query.items() if name != "status"}
        repeated = msgspec.structs.replace(call, query=query)
        return paging.page_of(repeated, rows, total if rows else 0, self._shop.url(PATH), told)

    def get(self, call: Call) -> Reply:
        return self._reply(call, self._found(call, 404))

    def create(self, call: Call) -> Reply:
        if call.id():
            text = "Cannot create existing shop_order."
            raise RestError("woocommerce_rest_shop_order_exists", text, 400)
        order = self.writer.create(call)
        reply = self._reply(call, order)
        reply.status = 201
        reply.headers = [("Location", self._shop.url(f"{PATH}/{order.id}"))]
        return reply

    def update(self, call: Call) -> Reply:
        return self._reply(call, self.writer.update(call, self._found(call, 400)))

    def delete(self, call: Call) -> Reply:
        """To the trash, or for good with force; answers with the order as it was before (`orders_update[35]`).

        Raises:
            RestError: 404 for an unknown order, 410 for one in the trash already.
        """
        order = self._found(call, 404)
        reply = self._reply(call, order)
        if php.to_bool(call.args.get("force")):
            self.remove(order)
            return reply
        if order.status == "trash":
            raise RestError("woocommerce_rest_already_trashed", "The shop_order has already been deleted.", 410)
        self.trash(order)
        return reply

    def trash(self, order: Order) -> None:
        """To the trash, as staff do; stock does not come back (`orders_lifecycle[54]`)."""
        self.lifecycle.uncount_sales(order)
        order.status_before = order.status
        order.status = "trash"
        self.touch(order)
        self._shop.changed("order", order.id, "deleted")

    def restore(self, order_id: int) -> None:
        """Out of the trash, as staff do in wp-admin: the status before comes back (`webhooks[54]`).

        Raises:
            KeyError: for an order that is not there.
        """
        order = self.all[order_id]
        if order.status == "trash":
            order.status = order.status_before or "pending"
            if order.status in TAKES_STOCK:
                self.lifecycle.count_sales(order)
            self.touch(order)
            self._shop.changed("order", order_id, "restored")

    def batch(self, call: Call) -> Reply:
        defaults = {"status": "pending", "currency": self._shop.settings.currency, "customer_id": 0, "set_paid": False}

        def created(one: Call) -> Reply:
            return self.create(msgspec.structs.replace(one, args={**defaults, **one.args}))

        actions = batch.Actions(create=created, update=self.update, delete=self.delete, elapse=self._shop.elapse)
        return batch.run(call, actions)

    def statuses(self, _call: Call) -> Reply:
        return Reply(body=[{"slug": slug, "name": name} for slug, name in STATUSES.items()])

    def totals(self, _call: Call) -> Reply:
        rows: list[Json] = [
            {"slug": slug, "name": name, "total": self.index.count(slug)} for slug, name in STATUSES.items()
        ]
        return Reply(body=rows)

    def _found(self, call: Call, status: int) -> Order:
        order = self.all.get(call.id() or php.to_int(call.args.get("id")))
        if order is None:
            raise RestError("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", status)
        return order

    def _reply(self, call: Call, order: Order) -> Reply:
        render = self.renderer(call)
        if call.fields is not None and call.route.endswith("/batch"):
            return Reply(body=render.raw(order, call.fields), links=render.links(order))
        return Reply(body=render.order(order, call.fields), links=render.links(order))


def _names(sent: Json) -> frozenset[str]:
    return frozenset(php.to_str(one) for one in sent) if isinstance(sent, list) else frozenset()
