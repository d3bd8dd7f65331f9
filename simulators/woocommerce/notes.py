"""Order notes: what the shop and its staff write on an order, some of it mailed to the customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from simulators.woocommerce import dates, php
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
from simulators.woocommerce.orders_filesort import newest_first

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

SHOP = "WooCommerce"
"""The author of notes that no person wrote."""

_ALLOW = ("GET", "DELETE")


class Note(msgspec.Struct, frozen=True, gc=False):
    id: int
    order_id: int
    created: int
    text: str
    author: str = SHOP
    to_customer: bool = False


class Notes:
    """Notes have no paging, and writing or deleting one does not move the order's date_modified
    (`orders_refunds_notes[43]`, `orders_modified[28]`)."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._of_order: dict[int, list[Note]] = {}

    def add(self, order_id: int, text: str, *, author: str = SHOP, to_customer: bool = False) -> Note:
        """Write a note; one to the customer is mailed to the order's billing address."""
        note = Note(self._shop.ids.comments.next(), order_id, self._shop.now(), text, author, to_customer)
        self._of_order.setdefault(order_id, []).append(note)
        if to_customer:
            self._shop.orders.mails.send("customer_note", self._shop.orders.all[order_id])
        return note

    def of(self, order_id: int) -> list[Note]:
        """The newest second first, within a second the oldest first, in long lists not always."""
        return newest_first(self._of_order.get(order_id, ()), lambda note: note.created)

    def forget(self, order_id: int) -> None:
        self._of_order.pop(order_id, None)

    def routes(self) -> list[Route]:
        path = r"/wc/v3/orders/(?P<order_id>[\d]+)/notes"
        create: dict[str, Arg] = {
            "note": Arg(kind="string", required=True),
            "customer_note": Arg(kind="boolean", default=False),
            "added_by_user": Arg(kind="boolean", default=False),
        }
        kinds = Arg(kind="string", default="any", enum=("any", "customer", "internal"))
        force = Arg(kind="boolean", default=False)
        return [
            Route(
                path,
                (
                    Endpoint(READ, self.listed, staff_may("list"), {"type": kinds}),
                    Endpoint(CREATE, self.create, staff_may("create"), create),
                ),
            ),
            Route(
                path + r"/(?P<id>[\d]+)",
                (
                    Endpoint(READ, self.get, staff_may("view")),
                    Endpoint(DELETE, self.delete, staff_may("delete"), {"force": force}),
                ),
            ),
        ]

    def listed(self, call: Call) -> Reply:
        order_id = self._order(call)
        wanted = call.args.get("type", "any")
        notes = self.of(order_id)
        if wanted != "any":
            notes = [note for note in notes if note.to_customer == (wanted == "customer")]
        return Reply(body=[{**self._shown(note), "_links": self._links(note)} for note in notes])

    def get(self, call: Call) -> Reply:
        note = self._note(call)
        return Reply(body=self._shown(note), links=self._links(note))

    def create(self, call: Call) -> Reply:
        order_id = self._order(call)
        author = "admin" if call.args.get("added_by_user") and call.user is not None else SHOP
        text = php.to_str(call.args.get("note"))
        note = self.add(order_id, text, author=author, to_customer=bool(call.args.get("customer_note")))
        where = self._shop.url(f"/wc/v3/orders/{order_id}/notes/{note.id}")
        return Reply(body=self._shown(note), status=201, headers=[("Location", where)], links=self._links(note))

    def delete(self, call: Call) -> Reply:
        if not php.to_bool(call.args.get("force")):
            text = "Webhooks do not support trashing."
            raise RestError("woocommerce_rest_trash_not_supported", text, 501)
        note = self._note(call)
        self._of_order[note.order_id].remove(note)
        return Reply(body=self._shown(note), links=self._links(note))

    def _order(self, call: Call) -> int:
        order_id = php.to_int(call.args.get("order_id"))
        if order_id not in self._shop.orders.all:
            raise RestError("woocommerce_rest_shop_order_invalid_id", "Invalid order ID.", 404)
        return order_id

    def _note(self, call: Call) -> Note:
        order_id, id_ = self._order(call), php.to_int(call.args.get("id"))
        for note in self._of_order.get(order_id, ()):
            if note.id == id_:
                return note
        raise RestError("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)

    def _shown(self, note: Note) -> Body:
        body: dict[str, Json] = {
            "id": note.id,
            "author": note.author,
            "date_created": self._shop.local(note.created),
            "date_created_gmt": dates.gmt(note.created),
            "note": note.text,
            "customer_note": note.to_customer,
        }
        return body

    def _links(self, note: Note) -> Body:
        order = f"/wc/v3/orders/{note.order_id}"
        return self._shop.links(f"{order}/notes/{note.id}", f"{order}/notes", _ALLOW, up=order)
