"""Refunds of orders: by amount, by line, with the pieces back in stock or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulators.woocommerce import dates, meta, paging, php
from simulators.woocommerce.call import (
    CREATE,
    DELETE,
    READ,
    Arg,
    Body,
    Call,
    Endpoint,
    Json,
    Reply,
    RestError,
    Route,
    staff_may,
)
from simulators.woocommerce.meta import Meta
from simulators.woocommerce.orders_filesort import newest_first
from simulators.woocommerce.orders_model import Order, Refund
from simulators.woocommerce.orders_money import round_to, text_of, to_float
from simulators.woocommerce.orders_render import Renderer
from simulators.woocommerce.orders_schema import LIST, READ_ONE
from simulators.woocommerce.refunds_lines import Asked, asked_lines, refund_lines

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_ALLOW = ("GET", "DELETE")
_PATH = r"/wc/v3/orders/(?P<order_id>[\d]+)/refunds"

_LINE_ITEM = {
    "id": Arg(kind="integer"),
    "quantity": Arg(kind="integer"),
    "refund_total": Arg(kind="number"),
    "refund_tax": Arg(
        kind="array",
        items=Arg(kind="object", properties={"id": Arg(kind="integer"), "refund_total": Arg(kind="number")}),
    ),
}
CREATE_ARGS: dict[str, Arg] = {
    "amount": Arg(kind="string"),
    "reason": Arg(kind="string"),
    "refunded_by": Arg(kind="integer"),
    "meta_data": meta.ARG,
    "line_items": Arg(kind="array", items=Arg(kind="object", properties=_LINE_ITEM)),
    "api_refund": Arg(kind="boolean", default=True),
    "api_restock": Arg(kind="boolean", default=True),
}


class Refunds:
    """A refund moves the order's date_modified, deleting one does not (`orders_modified[34]`, [36])."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._all: dict[int, Refund] = {}

    # What orders ask

    def of(self, order: Order) -> list[Refund]:
        """The newest second first, within a second the oldest first (`orders_refunds_notes[22]`)."""
        return newest_first([self._all[id_] for id_ in sorted(order.refunds)], lambda one: one.created)

    def total_of(self, order: Order) -> float:
        return sum(to_float(self._all[id_].amount) for id_ in order.refunds)

    def pieces_of(self, order: Order, line_id: int) -> int:
        """How many pieces of a line have been refunded."""
        lines = [line for id_ in order.refunds for line in self._all[id_].lines]
        return -sum(line.quantity for line in lines if any(row.value == str(line_id) for row in line.meta))

    def hold(self, order: Order, refund: Refund) -> None:
        """Keep a refund that came with a loaded order."""
        self._shop.ids.posts.seen(refund.id)
        self._all[refund.id] = refund
        order.refunds = [*order.refunds, refund.id]

    def forget(self, order: Order) -> None:
        for id_ in order.refunds:
            self._all.pop(id_, None)

    def make(
        self, order: Order, amount: str, reason: str, lines: list[Asked] | None = None, *, user: int = 0
    ) -> Refund:
        """Make a refund of an order, without its consequences for status and stock."""
        refund = Refund(
            self._shop.ids.posts.next(),
            order.id,
            self._shop.now(),
            amount,
            reason,
            refunded_by=user,
            currency=order.currency,
        )
        refund_lines(self._shop, order, refund, lines or [])
        full = self._left(order) - to_float(amount) <= 0
        refund.meta = [Meta(self._shop.ids.order_meta.next(), "_refund_type", "full" if full else "partial")]
        self._all[refund.id] = refund
        order.refunds = [*order.refunds, refund.id]
        self._shop.changed("refund", refund.id, "created")
        return refund

    def _left(self, order: Order) -> float:
        return round_to(to_float(order.total) - self.total_of(order), self._shop.settings.decimals)

    # REST

    def routes(self) -> list[Route]:
        args = {name: arg for name, arg in LIST.items() if name != "status"}
        return [
            Route(
                _PATH,
                (
                    Endpoint(READ, self.listed, staff_may("list"), args),
                    Endpoint(CREATE, self.create, staff_may("create"), CREATE_ARGS),
                ),
            ),
            Route(
                _PATH + r"/(?P<id>[\d]+)",
                (
                    Endpoint(READ, self.get, staff_may("view"), READ_ONE),
                    Endpoint(DELETE, self.delete, staff_may("delete"), {"force": Arg(kind="boolean", default=True)}),
                ),
            ),
            Route("/wc/v3/refunds", (Endpoint(READ, self.list_all, staff_may("list"), args),)),
        ]

    def listed(self, call: Call) -> Reply:
        order = self._order(call)
        return self._page(call, self.of(order), f"/wc/v3/orders/{order.id}/refunds")

    def list_all(self, call: Call) -> Reply:
        """Refunds of all orders, with the order in `parent_id` (`orders_refunds_notes[24]`)."""
        refunds = sorted(self._all.values(), key=lambda one: (one.created, one.id), reverse=True)
        return self._page(call, refunds, "/wc/v3/refunds", parents=True)

    def _page(self, call: Call, refunds: list[Refund], path: str, *, parents: bool = False) -> Reply:
        if not parents:
            refunds = sorted(refunds, key=lambda one: (one.created, one.id), reverse=True)
        if call.args.get("order") == "asc":
            refunds = refunds[::-1]
        start, count = paging.window(call)
        cut = refunds[start : start + count]
        rows = []
        for refund in cut:
            row = self._shown(call, refund)
            if parents:
                row = {"id": row.pop("id"), "parent_id": refund.order_id, **row}
            row["_links"] = self._links(refund)
            rows.append(row)
        told: Body = {"dp": self._shop.settings.decimals} if rows else {}
        return paging.page_of(call, rows, len(refunds) if rows else 0, self._shop.url(path), told)

    def get(self, call: Call) -> Reply:
        refund = self._refund(call)
        return Reply(body=self._shown(call, refund), links=self._links(refund))

    def create(self, call: Call) -> Reply:
        """Refund an order.

        Raises:
            RestError: with http 500 for an unknown order, a negative amount, more than is left, or a payment method
                that cannot refund by itself while api_refund is on (`orders_refunds_notes[5]`, [6], [8], [33]).
        """
        order = self._shop.orders.all.get(php.to_int(call.args.get("order_id")))
        if order is None:
            raise RestError("woocommerce_rest_invalid_order_id", "Invalid order ID.", 500, data=404)
        lines = asked_lines(call.args.get("line_items"))
        amount = _amount(call.args.get("amount"), lines)
        if to_float(amount) < 0:
            text = "Refund amount must be greater than zero."
            raise RestError("woocommerce_rest_invalid_order_refund", text, 500, data=400)
        if to_float(amount) > self._left(order) and not self._shop.races.missed("refund", order.id):
            raise _impossible("Invalid refund amount.")
        paid_back = bool(call.args.get("api_refund", True))
        refusal = self._money_back(order, amount) if paid_back else ""
        if refusal:
            # The refund was saved, and deleted when the payment failed: its id is spent (`orders_refunds_notes[10]`).
            self._shop.ids.posts.next()
            raise _impossible(refusal)
        user = call.user.id if call.user is not None else 0
        refund = self._refunded(order, amount, php.to_str(call.args.get("reason")), lines, call, user)
        refund.refunded_payment = paid_back
        self._shop.races.did("refund", order.id)
        if call.args.get("meta_data"):
            meta.apply(refund.meta, call.args["meta_data"], self._shop.ids.order_meta, meta.ORDER_LIMITS)
        where = self._shop.url(f"{_PATH}/{refund.id}")
        return Reply(
            body=self._shown(call, refund), status=201, headers=[("Location", where)], links=self._links(refund)
        )

    def _money_back(self, order: Order, amount: str) -> str:
        """Give money back through the payment method; why it will not, "" when it did."""
        gateway = self._shop.settings.gateways.get(order.payment_method)
        if gateway is None or "refunds" not in gateway.supports:
            return "The payment gateway for this order does not support automatic refunds."
        return self._shop.payments.give_back(order, round(to_float(amount) * 100))

    def _refunded(self, order: Order, amount: str, reason: str, lines: list[Asked], call: Call, user: int) -> Refund:
        orders = self._shop.orders
        refund = self.make(order, amount, reason, lines, user=user)
        if call.args.get("api_restock", True):
            for line in order.lines:
                for asked in lines:
                    if asked.line_id == line.id:
                        orders.goods.restock(order, line, asked.quantity)
        # Less than nothing is left only after a race, in which each refund saw itself alone (`concurrency[94]`).
        if self._left(order) == 0 and not self._pieces_left(order):
            orders.lifecycle.to(order, "refunded")
        orders.mails.send("customer_refunded_order", order)
        orders.touch(order)
        self._shop.changed("order", order.id, "updated")
        return refund

    def _pieces_left(self, order: Order) -> bool:
        """Whether an order with something free in it has pieces that were not refunded yet; then it is not done."""
        free = any(to_float(line.total) == 0 for line in order.lines)
        return free and any(self.pieces_of(order, line.id) < line.quantity for line in order.lines)

    def delete(self, call: Call) -> Reply:
        """For good, even without force (`orders_refunds_notes[28]`)."""
        refund = self._refund(call)
        order = self._shop.orders.all[refund.order_id]
        reply = Reply(body=self._shown(call, refund), links=self._links(refund))
        del self._all[refund.id]
        order.refunds = [id_ for id_ in order.refunds if id_ != refund.id]
        return reply

    def _order(self, call: Call) -> Order:
        order = self._shop.orders.all.get(php.to_int(call.args.get("order_id")))
        if order is None:
            raise RestError("woocommerce_rest_invalid_order_id", "Invalid order ID.", 404)
        return order

    def _refund(self, call: Call) -> Refund:
        order = self._order(call)
        refund = self._all.get(php.to_int(call.args.get("id")))
        if refund is None:
            raise RestError("woocommerce_rest_shop_order_refund_invalid_id", "Invalid ID.", 404)
        if refund.order_id != order.id:
            raise RestError("woocommerce_rest_invalid_order_refund_id", "Invalid order refund ID.", 404)
        return refund

    def _shown(self, call: Call, refund: Refund) -> Body:
        render: Renderer = self._shop.orders.renderer(call)
        body: dict[str, Json] = {
            "id": refund.id,
            "date_created": self._shop.local(refund.created),
            "date_created_gmt": dates.gmt(refund.created),
            "amount": render.amount(refund.amount) if refund.amount else "",
            "reason": refund.reason,
            "refunded_by": refund.refunded_by,
            "refunded_payment": refund.refunded_payment,
            "meta_data": meta.shown(refund.meta),
            "line_items": [render.lines.goods(line) for line in refund.lines],
            "shipping_lines": [render.lines.shipping(line) for line in refund.shippings],
            "tax_lines": [render.lines.tax(line) for line in refund.tax_lines],
            "fee_lines": [render.lines.fee(fee) for fee in refund.fees],
        }
        return body

    def _links(self, refund: Refund) -> Body:
        order = f"/wc/v3/orders/{refund.order_id}"
        return self._shop.links(f"{order}/refunds/{refund.id}", f"{order}/refunds", _ALLOW, up=order)


def _impossible(message: str) -> RestError:
    return RestError("woocommerce_rest_cannot_create_order_refund", message, 500, data=500)


def _amount(sent: Json, lines: list[Asked]) -> str:
    """The amount asked for, or what the lines come to, which is "" for nothing (`orders_refunds_notes[19]`)."""
    if sent is not None:
        return php.to_str(sent)
    whole = sum(asked.total + sum(asked.taxes.values()) for asked in lines)
    return text_of(whole) if whole else ""
