"""What must hold of orders after every play, one function a sentence. Each gives what is not true.

The systems are asked, not the agent: its journal is only checked for saying the same.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC
from decimal import Decimal
from typing import Any

from agent.decide.external import external_no
from agent.journal.orders import params_of
from agent.model.after import AfterReason
from agent.model.catalogue import explain
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import to_ore
from agent.model.reasons import OrderState, Reason
from agent.model.words import Language
from agent.packages import order_limit
from agent.settings.tree import ShopSettings
from scenarios.ended import Check, Ended

OVER = frozenset({"cancelled", "refunded"})
"""The shop's statuses of an order whose document may be cancelled."""

WAITING = frozenset({"attend", "waits", "settled"})
"""Outcomes of a change after the transfer that leave the document as it was."""


def no_order_is_lost(ended: Ended) -> list[str]:
    """Every order of a shop has a row, and one that should be in Mamut is there, or has a reason why not."""
    living, broken = ended.living, []
    rows = {(row.shop, row.order_id): row for row in ended.rows}
    for key, shop in ended.shops.items():
        if key in ended.frozen:
            continue
        for order_id, order in shop.orders.items():
            row = rows.get((ShopKey(key), ShopOrderId(order_id)))
            if row is None:
                if not _is_before_start(order, shop.settings) and ended.rested:
                    broken.append(f"order {order_id} was never seen")
                continue
            wanted = order["status"] in shop.settings.orders.trigger
            stands = bool(living.get(_number(key, order)))
            if wanted and ended.rested and row.state == OrderState.WAITING.value:
                broken.append(f"order {order_id} is {order['status']} and waits with {row.reason}")
            over = order["status"] in OVER or order_id in shop.by_hand
            # Mamut itself has cancelled the document, and a person is told just that.
            over = over or ended.aftermath.get((key, order_id)) == ("attend", AfterReason.ORDER_LIVES.value)
            if row.state == OrderState.TRANSFERRED.value and not stands and not over:
                broken.append(f"order {order_id} is called transferred and Mamut has no document")
    return broken


def no_order_is_there_twice(ended: Ended) -> list[str]:
    """No number is borne by two living documents, and no document stands for two orders."""
    broken = [f"{number} stands {len(found)} times" for number, found in ended.living.items() if len(found) > 1]
    shared = Counter(row.mamut_order_no for row in ended.rows if row.mamut_order_no is not None)
    return broken + [f"document {number} stands for {count} orders" for number, count in shared.items() if count > 1]


def amounts_are_equal_to_the_ore(ended: Ended) -> list[str]:
    """A document's total, with what was split off it and less what was credited, is the order's less its refunds,
    unless a change after the transfer waits for a person or for Mamut."""
    living, broken = ended.living, []
    for key, shop in ended.shops.items():
        for order_id, order in shop.orders.items():
            row = ended.row(key, order_id)
            for document in living.get(_number(key, order), ()):
                total = ended.total_of(document) - ended.credited(f"{key}:{order_id}")
                paid = Decimal(order["total"]) + sum(Decimal(each["total"]) for each in _refunds(order))
                if abs(total - paid) <= ended.rounding_of(document):
                    continue
                if ended.aftermath.get((key, order_id), ("", ""))[0] in WAITING or not ended.rested:
                    continue
                if row is None or row.state != OrderState.TRANSFERRED.value or key in ended.frozen:
                    continue  # Held because of just this, or not heard of yet.
                broken.append(f"order {order_id} is {paid}, its document {total}")
    return broken


def the_journal_has_mamuts_amounts(ended: Ended) -> list[str]:
    """What the journal says a document amounts to is what Mamut says."""
    totals = {document.order_no: ended.total_of(document) for document in ended.documents}
    roundings = {document.order_no: to_ore(ended.rounding_of(document)) for document in ended.documents}
    return [
        f"order {row.order_id}: the journal has {row.mamut_total_ore} öre, Mamut {totals.get(row.mamut_order_no)}"
        for row in ended.rows
        if row.mamut_order_no is not None
        and (
            row.mamut_order_no not in totals
            or abs(to_ore(totals[row.mamut_order_no]) - (row.mamut_total_ore or 0)) > roundings[row.mamut_order_no]
        )
    ]


def every_hold_has_a_reason(ended: Ended) -> list[str]:
    """Every order but a transferred one has a reason of its state, which can be explained, and whose story tells it."""
    broken = []
    told = {(shop, order_id) for shop, order_id, _kind, _data in ended.events}
    for row in ended.rows:
        if (str(row.shop), int(row.order_id)) not in told:
            broken.append(f"order {row.order_id} has no story")
        if row.state == OrderState.TRANSFERRED.value:
            if row.reason:
                broken.append(f"order {row.order_id} is transferred and has {row.reason}")
            continue
        if row.reason not in set(Reason):
            broken.append(f"order {row.order_id} is {row.state} for no reason ({row.reason})")
            continue
        reason = Reason(row.reason)
        if reason.state.value != row.state:
            broken.append(f"order {row.order_id} is {row.state} with {row.reason}")
        for language in Language:
            told_text = explain(reason, language, params_of(row))
            if not (told_text.title and told_text.cause and told_text.remedy):
                broken.append(f"{row.reason} cannot be explained")
    return broken


def the_package_counts_each_order_once(ended: Ended) -> list[str]:
    """The months' figures are the numbers of orders that were counted in them, each transferred order once, and no
    more than the package allows."""
    counted = Counter(row.counted_month for row in ended.rows if row.counted_month is not None)
    broken = [
        f"{month} counts {ended.usage.get(month, 0)} orders, {count} were transferred in it"
        for month, count in sorted(counted.items())
        if ended.usage.get(month, 0) < count
    ]
    told = {(shop, order_id) for shop, order_id, kind, _ in ended.events if kind in ("transferred", "adopted")}
    # A restored shop gives ids anew: what such an id meant before was transferred, and counted, all the same.
    before = sum(
        1
        for row in ended.rows
        if row.reason == Reason.ORDER_KEY_CHANGED.value and (str(row.shop), int(row.order_id)) in told
    )
    if sum(ended.usage.values()) != counted.total() + before:
        broken.append(f"{sum(ended.usage.values())} orders are counted, {counted.total() + before} were transferred")
    for row in ended.rows:
        if (row.state == OrderState.TRANSFERRED.value) != (row.counted_month is not None):
            broken.append(f"order {row.order_id} is {row.state} and counted in {row.counted_month}")
    limit = order_limit(ended.settings.package, ended.settings.premium_limit)
    if limit is not None and not ended.journal_lost:
        made = [row for row in ended.rows if not row.adopted and row.counted_month is not None]
        over = {month: count for month, count in Counter(row.counted_month for row in made).items() if count > limit}
        broken += [f"{count} orders were made in {month}, the package has {limit}" for month, count in over.items()]
    return broken


def transferred_orders_carry_their_number(ended: Ended) -> list[str]:
    """The shop's order has Mamut's number on it."""
    broken = []
    for key, shop in ended.shops.items():
        if key in ended.frozen or not ended.rested:
            continue
        for order_id, order in shop.orders.items():
            row = ended.row(key, order_id)
            if row is None or row.state != OrderState.TRANSFERRED.value:
                continue
            marks = [meta["value"] for meta in order["meta_data"] if meta["key"] == "_brygga_mamut_order_no"]
            if marks != [str(row.mamut_order_no)]:
                broken.append(f"order {order_id} is {row.mamut_order_no} in Mamut and carries {marks}")
    return broken


def no_buyer_is_there_twice(ended: Ended) -> list[str]:
    """No two contacts of one buyer were made."""
    found = Counter(contact.ext_id for contact in ended.contacts if contact.ext_id and not contact.inactive)
    return [f"{count} contacts have {ext_id}" for ext_id, count in found.items() if count > 1]


def no_document_lacks_its_rows(ended: Ended) -> list[str]:
    """A document that stands for an order has rows, and their sum is its total."""
    return [
        f"document {document.order_no} has no rows"
        for number, found in ended.living.items()
        for document in found
        if not document.lines and any(row.external_no == number and row.state == "transferred" for row in ended.rows)
    ]


def no_order_stands_on_an_article_called_description(ended: Ended) -> list[str]:
    """Mamut books what it does not know on DESCRIPTION without a word; where that happened the story says it."""
    told = {(shop, order_id) for shop, order_id, kind, _data in ended.events if kind == "article_replaced"}
    broken = []
    for row in ended.rows:
        for document in ended.living.get(row.external_no, ()) if row.external_no else ():
            replaced = any(line.product_no == "DESCRIPTION" for line in document.lines)
            if replaced and not row.adopted and (str(row.shop), int(row.order_id)) not in told:
                broken.append(f"order {row.order_id} has a row on DESCRIPTION and nobody is told")
    return broken


def each_transfer_is_told_once(ended: Ended) -> list[str]:
    """The story of a transferred order says once, and once only, how it came to Mamut; once more each
    time that a person ties it to another document."""
    told = Counter((shop, order_id) for shop, order_id, kind, _ in ended.events if kind in ("transferred", "adopted"))
    told.subtract((shop, order_id) for shop, order_id, kind, _ in ended.events if kind == "relinked")
    return [
        f"order {row.order_id} was told transferred {told.get((str(row.shop), int(row.order_id)), 0)} times"
        for row in ended.rows
        if row.state == OrderState.TRANSFERRED.value and told.get((str(row.shop), int(row.order_id)), 0) != 1
    ]


def _refunds(order: dict[str, Any]) -> list[dict[str, Any]]:
    """Those that have an amount: the shop shows a bare minus sign for one without."""
    return [each for each in order["refunds"] if each["total"] != "-"]


def _number(key: str, order: dict[str, Any]) -> str:
    return external_no(ShopKey(key), ShopOrderId(order["id"]), str(order["number"]))


def _is_before_start(order: dict[str, Any], settings: ShopSettings) -> bool:
    start = settings.orders.start_at
    return start is not None and order["date_created_gmt"] < start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


CHECKS: tuple[Check, ...] = (
    no_order_is_lost,
    no_order_is_there_twice,
    amounts_are_equal_to_the_ore,
    the_journal_has_mamuts_amounts,
    every_hold_has_a_reason,
    the_package_counts_each_order_once,
    transferred_orders_carry_their_number,
    no_buyer_is_there_twice,
    no_document_lacks_its_rows,
    no_order_stands_on_an_article_called_description,
    each_transfer_is_told_once,
)
