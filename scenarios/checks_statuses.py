"""What must hold of an order's life in the shop after its transfer: status, mails, parcels and the customer's money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from agent.flows import DirectionName
from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import StatusSettings
from scenarios.ended import Check, Ended, ShopEnd
from scenarios.goods_end import GoodsEnd, is_on
from scenarios.workday import family
from simulators.mamut.records import Document
from simulators.mamut.statuses import DEAD
from simulators.woocommerce.payments_company import Payment, worth_ore

STATUSES = DirectionName.STATUSES_TO_SHOP
TERMINAL = frozenset({"cancelled", "refunded", "failed", "trash"})
PAID_BY_PLUGIN = ("klarna_payments", "kco", "dibs_easy", "svea_checkout", "ppcp-")
ONCE = ("customer_processing_order", "customer_completed_order")
"""Mails of the shop that a customer gets once for an order."""

Order = dict[str, Any]

WEBHOOKS = ("webhooks_install", "webhooks_remove")
"""What a person asks for who has the agent write its webhooks."""


def the_agent_writes_nothing_but_what_it_is_for(ended: Ended) -> list[str]:
    """To an order it writes Mamut's number, and where Mamut governs order status a status alone, parcels and notes; to
    goods it writes where Mamut governs them; and nothing else, so that nobody is mailed by surprise."""
    broken = []
    shops = {shop.key: shop for shop in ended.settings.shop}
    for one in ended.trace.exchanges:
        if one.system not in shops or not one.writes:
            continue
        if one.path.endswith("/webhooks/batch") and any(kind in WEBHOOKS for kind, _ in ended.asked.answers):
            continue
        if not _may_write(shops[one.system], one.path, one.body):
            broken.append(f"{one.method} {one.path} writes more than it may")
    return broken


def _may_write(shop: ShopSettings, path: str, body: bytes) -> bool:
    if path.endswith("/notes"):
        return True
    if path.endswith("/orders/batch"):
        return all(set(row) == {"id", "meta_data"} for row in msgspec.json.decode(body).get("update", []))
    if "/products" in path:
        return any(is_on(shop, each) for each in DirectionName if each.value.endswith("_to_shop"))
    sent = set(msgspec.json.decode(body)) if body else set()
    if path.endswith("/shipment-trackings"):
        return shop.statuses.enabled and "status_shipped" not in sent
    return shop.statuses.enabled and "/orders/" in path and sent == {"status"}


def no_statuses_go_backwards(ended: Ended) -> list[str]:
    """An order has the status that the shop's own people and shoppers gave it last, or a higher one of Mamut's."""
    broken = []
    for key, shop in ended.shops.items():
        if shop.settings.statuses.enabled:
            continue
        broken += [
            f"order {order_id} of {key} is {order['status']}, it was {shop.statuses_set[order_id]}"
            for order_id, order in shop.orders.items()
            if shop.statuses_set.get(order_id, order["status"]) != order["status"]
        ]
    for key, watch in ended.goods.watches.items() if ended.goods is not None else ():
        settings = next(shop for shop in ended.settings.shop if shop.key == key).statuses
        broken += [
            f"order {row.order_id} was {row.before} and was made {row.asked}"
            for row in watch.statuses
            if _is_backwards(row.before, row.asked, settings) and not settings.backwards
        ]
    return broken


def _is_backwards(before: str, after: str, settings: StatusSettings) -> bool:
    if before in TERMINAL:
        return before != after
    if before in settings.order and after in settings.order:
        return settings.order.index(after) < settings.order.index(before)
    return False


def no_customer_is_mailed_twice(ended: Ended) -> list[str]:
    """The shop tells a customer once that an order is being worked on, once that it is done, and each note once."""
    broken = []
    for key, shop in ended.shops.items():
        told = Counter((mail.order_id, mail.kind) for mail in shop.mails if mail.kind in ONCE)
        broken += [
            f"{kind} of order {order} went out {count} times" for (order, kind), count in told.items() if count > 1
        ]
        if ended.goods is None:
            continue
        side = ended.goods.sides[key]
        for order_id in shop.orders:
            notes = side.do("GET", f"/orders/{order_id}/notes?type=customer")
            twice = [note for note, count in Counter(note["note"] for note in notes).items() if count > 1]
            broken += [f"order {order_id} was mailed the same note twice" for _ in twice]
    return broken


def no_status_is_set_twice(ended: Ended) -> list[str]:
    """A status that an order has is not set again, since plugins may take that for news."""
    watches = ended.goods.watches.values() if ended.goods is not None else ()
    return [
        f"order {row.order_id} was {row.before} already"
        for watch in watches
        for row in watch.statuses
        if row.before == row.asked
    ]


def the_shop_shows_how_far_an_order_has_come(ended: Ended) -> list[str]:
    """At rest an order shows the status chosen for what Mamut has done: delivered, invoiced, been paid, cancelled."""
    broken = []
    for shop, order, documents, row in _followed(ended):
        if row["code"] or order["status"] in TERMINAL or order["id"] in shop.by_hand:
            continue
        settings = shop.settings.statuses
        reached = _reached(ended.goods, documents, settings)
        ranks = [settings.order.index(each) for each in reached if each in settings.order]
        if not ranks or order["status"] not in settings.order:
            continue
        if settings.order.index(order["status"]) < max(ranks):
            broken.append(f"order {order['id']} is {order['status']} and should be {settings.order[max(ranks)]}")
    return broken


def parcels_are_on_their_orders(ended: Ended) -> list[str]:
    """At rest each parcel of Mamut is told on the shop's order, once: in the plugin's fields, else in a note."""
    broken = []
    goods = ended.goods
    if goods is None:
        return []
    for shop, order, documents, row in _followed(ended):
        if row["code"] or order["status"] in TERMINAL or not shop.settings.statuses.delivered.parcel:
            continue
        side = goods.sides[shop.settings.key]
        numbers = [parcel.number for document in documents for parcel in document.tracking]
        fields = [meta["value"] for meta in order["meta_data"] if meta["key"] == "_wc_shipment_tracking_items"]
        kept = [item["tracking_number"] for rows in fields for item in rows]
        notes = [note["note"] for note in side.do("GET", f"/orders/{order['id']}/notes")]
        for number in numbers:
            found = kept.count(number) if side.options.plugins.tracking else sum(number in note for note in notes)
            if found == 0 or (found > 1 and side.options.plugins.tracking):
                broken.append(f"parcel {number} of order {order['id']} is told {found} times")
    return broken


def money_is_taken_once_and_to_the_ore(ended: Ended) -> list[str]:
    """What a payment company has captured is what the order is worth, and the journal says of it what is so."""
    broken = []
    for shop, order, payment, row in _payments(ended):
        worth = _worth(ended, shop, order)
        if payment.captured_ore not in (0, worth) and payment.captured_ore != payment.authorised_ore:
            broken.append(f"order {order['id']} is worth {worth} öre, {payment.captured_ore} were captured")
        told = row["capture"] if row is not None else ""
        if told == "captured" and payment.captured_ore == 0:
            broken.append(f"order {order['id']} is called captured and is not")
        if told == "captured" and row is not None and row["captured_ore"] not in (None, payment.captured_ore):
            broken.append(
                f"order {order['id']}: the journal has {row['captured_ore']} öre, {payment.captured_ore} came"
            )
        if told == "failed" and payment.captured_ore == worth and worth:
            broken.append(f"order {order['id']} is called failed and its money was taken")
    return broken


def a_failed_capture_is_shown(ended: Ended) -> list[str]:
    """At rest, where a status should have taken the money and it was not taken, a person is told."""
    broken = []
    if ended.goods is None or not ended.rested:
        return []
    for shop, order, payment, row in _payments(ended):
        watch = ended.goods.watches[shop.settings.key]
        asked = {each.asked for each in watch.statuses if each.order_id == order["id"]}
        choice = shop.settings.statuses.delivered
        if not choice.capture or choice.status not in asked or payment.captured_ore or not _worth(ended, shop, order):
            continue
        if row is None or row["capture"] in ("", "wanted", "captured"):
            broken.append(f"order {order['id']} was made {choice.status}, its money was not taken and nobody is told")
    return broken


def _worth(ended: Ended, shop: ShopEnd, order: Order) -> int:
    goods = ended.goods
    return worth_ore(goods.sides[shop.settings.key].shop.orders.all[order["id"]]) if goods is not None else 0


def _payments(ended: Ended) -> Iterator[tuple[ShopEnd, Order, Payment, dict[str, Any] | None]]:
    """The orders that were paid through a plugin, with what the payment company knows and the journal's row."""
    goods = ended.goods
    if goods is None:
        return
    rows = {(row["shop"], row["order_id"]): row for row in goods.tables["documents"]}
    for key, shop in ended.shops.items():
        side = goods.sides[key]
        for order_id, order in shop.orders.items():
            if order["payment_method"].startswith(PAID_BY_PLUGIN):
                payment = side.shop.payments.payment(side.shop.orders.all[order_id])
                yield shop, order, payment, rows.get((key, order_id))


def _followed(ended: Ended) -> Iterator[tuple[ShopEnd, Order, list[Document], dict[str, Any]]]:
    """The transferred orders whose status is followed, with their family of documents and the journal's row."""
    goods = ended.goods
    if goods is None or not ended.rested:
        return
    rows = {(row["shop"], row["order_id"]): row for row in goods.tables["documents"]}
    living = ended.living
    at_work = {shop.key for shop, _ in goods.shops(STATUSES)} - ended.frozen
    for (key, order_id), row in rows.items():
        known = ended.row(key, order_id)
        order = ended.shops[key].orders.get(order_id) if key in at_work else None
        if order is not None and known is not None and known.external_no in living:
            yield ended.shops[key], order, family(goods.mamut, living[known.external_no]), row


def _reached(goods: GoodsEnd | None, documents: list[Document], settings: StatusSettings) -> list[str]:
    """The statuses that are due to what has happened in Mamut, in the settings of the shop."""
    if goods is None or not documents:
        return []
    living = [document for document in documents if document.status not in DEAD]
    if not living:
        return [settings.cancelled.status]
    goods_rows = [line for document in living for line in document.lines if line.stock_item]
    invoices = [document.invoice_no for document in living]
    items = [goods.mamut.books.find_item(number) for number in invoices if number is not None]
    whole = all(line.delivered >= line.qty_ordered for line in goods_rows) and bool(goods_rows)
    events = [
        (settings.delivered.status, whole),
        (settings.partly_delivered.status, any(line.delivered for line in goods_rows)),
        (settings.invoiced.status, all(number is not None for number in invoices)),
        (settings.paid.status, len(items) == len(living) and all(item and not item.remaining for item in items)),
    ]
    return [status for status, happened in events if happened and status]


CHECKS: tuple[Check, ...] = (
    the_agent_writes_nothing_but_what_it_is_for,
    no_statuses_go_backwards,
    no_customer_is_mailed_twice,
    no_status_is_set_twice,
    the_shop_shows_how_far_an_order_has_come,
    parcels_are_on_their_orders,
    money_is_taken_once_and_to_the_ore,
    a_failed_capture_is_shown,
)
