"""What must hold after every play, one function a sentence. Each gives what is not true, nothing when all is.

The systems are asked, not the agent: its journal is only checked for saying the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import msgspec

from agent.decide.external import external_no
from agent.journal.orders import OrderRow, params_of
from agent.journal.sums import Account
from agent.model.catalogue import explain
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.money import to_ore
from agent.model.reasons import Fault, OrderState, Reason
from agent.model.words import Language
from agent.packages import order_limit
from agent.settings.tree import Settings, ShopSettings
from scenarios.trace import Exchange, Trace
from simulators.mamut.records import Contact, Document
from simulators.woocommerce.mails import Mail

DEAD = frozenset({"cancelled", "lost_sale"})


class ShopEnd(msgspec.Struct, frozen=True):
    """One shop as it is in the end: its orders as REST shows them, what it has mailed, what was said of secrets."""

    settings: ShopSettings
    orders: dict[int, dict[str, Any]]
    statuses_set: dict[int, str]
    mails: tuple[Mail, ...]
    by_hand: frozenset[int]


class Ended(msgspec.Struct, frozen=True, kw_only=True):
    """Everything there is to judge when a play is over.

    `rested` says whether the agent found nothing more to do by itself; `second_pass` is what it wrote after that.
    """

    settings: Settings
    shops: dict[str, ShopEnd]
    documents: tuple[Document, ...]
    contacts: tuple[Contact, ...]
    rows: tuple[OrderRow, ...]
    events: tuple[tuple[str, int, str, dict[str, Any]], ...]
    commands: tuple[tuple[str, str, int], ...]
    usage: dict[str, int]
    frozen: frozenset[str]
    account: Account
    sound: str
    rested: bool
    frozen_is_expected: bool
    second_pass: tuple[Exchange, ...]
    journal_lost: bool
    secrets: tuple[str, ...]
    trace: Trace

    def living(self) -> dict[str, list[Document]]:
        """The documents that stand, by external number."""
        found: dict[str, list[Document]] = {}
        for document in self.documents:
            if document.external_no and document.status not in DEAD:
                found.setdefault(document.external_no, []).append(document)
        return found

    def row(self, shop: str, order_id: int) -> OrderRow | None:
        return next((row for row in self.rows if row.shop == shop and row.order_id == order_id), None)


Check = Callable[[Ended], list[str]]


def the_agent_comes_to_rest(ended: Ended) -> list[str]:
    """When faults have ended, it finds an end by itself within four hours."""
    return [] if ended.rested or ended.frozen_is_expected else ["the agent never came to rest"]


def no_order_is_lost(ended: Ended) -> list[str]:
    """Every order of a shop has a row, and one that should be in Mamut is there, or has a reason why not."""
    living, broken = ended.living(), []
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
            if row.state == OrderState.TRANSFERRED.value and not stands and order_id not in shop.by_hand:
                broken.append(f"order {order_id} is called transferred and Mamut has no document")
    return broken


def no_order_is_there_twice(ended: Ended) -> list[str]:
    """No number is borne by two living documents, and no document stands for two orders."""
    broken = [f"{number} stands {len(found)} times" for number, found in ended.living().items() if len(found) > 1]
    shared = Counter(row.mamut_order_no for row in ended.rows if row.mamut_order_no is not None)
    return broken + [f"document {number} stands for {count} orders" for number, count in shared.items() if count > 1]


def amounts_are_equal_to_the_ore(ended: Ended) -> list[str]:
    """A document's total is the order's; where the order was changed later, that is shown."""
    living, broken = ended.living(), []
    changed = {
        (shop, order_id) for shop, order_id, kind, _data in ended.events if kind in ("total_changed", "content_changed")
    }
    for key, shop in ended.shops.items():
        for order_id, order in shop.orders.items():
            row = ended.row(key, order_id)
            for document in living.get(_number(key, order), ()):
                if document.total == Decimal(order["total"]):
                    continue
                if row is not None and row.changed_after and (key, order_id) in changed:
                    continue
                if row is None or row.state != OrderState.TRANSFERRED.value or key in ended.frozen:
                    continue  # Held because of just this, or not heard of yet.
                broken.append(f"order {order_id} is {order['total']}, its document {document.total}")
    return broken


def the_journal_has_mamuts_amounts(ended: Ended) -> list[str]:
    """What the journal says a document amounts to is what Mamut says."""
    totals = {document.order_no: document.total for document in ended.documents}
    return [
        f"order {row.order_id}: the journal has {row.mamut_total_ore} öre, Mamut {totals.get(row.mamut_order_no)}"
        for row in ended.rows
        if row.mamut_order_no is not None
        and (row.mamut_order_no not in totals or to_ore(totals[row.mamut_order_no]) != row.mamut_total_ore)
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


def a_second_pass_writes_nothing(ended: Ended) -> list[str]:
    """Once at rest, another pass over everything changes nothing in any system."""
    return [f"{one.method} {one.path} at {one.system} in the second pass" for one in ended.second_pass if one.writes]


def the_journals_states_add_up(ended: Ended) -> list[str]:
    """Seen is transferred and waiting and excluded and held and dead; nothing is under way for what is done."""
    broken = [f"the account of {shop.shop} does not add up" for shop in ended.account.shops if not shop.adds_up]
    done = {(str(row.shop), int(row.order_id)) for row in ended.rows if row.state == OrderState.TRANSFERRED.value}
    for kind, shop, order_id in ended.commands:
        if kind == "create_document" and (shop, order_id) in done:
            broken.append(f"order {order_id} is transferred and a document is still to be made")
        if kind == "create_document" and ended.rested and shop not in ended.frozen:
            broken.append(f"order {order_id} has a document under way although all is at rest")
    return broken


def the_journal_is_sound(ended: Ended) -> list[str]:
    """SQLite finds no fault in the file, whatever was cut off."""
    return [] if ended.sound == "ok" else [f"integrity_check: {ended.sound}"]


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
        for number, found in ended.living().items()
        for document in found
        if not document.lines and any(row.external_no == number and row.state == "transferred" for row in ended.rows)
    ]


def no_order_stands_on_an_article_called_description(ended: Ended) -> list[str]:
    """Mamut books what it does not know on DESCRIPTION without a word; where that happened the story says it."""
    told = {(shop, order_id) for shop, order_id, kind, _data in ended.events if kind == "article_replaced"}
    broken = []
    for row in ended.rows:
        for document in ended.living().get(row.external_no, ()) if row.external_no else ():
            replaced = any(line.product_no == "DESCRIPTION" for line in document.lines)
            if replaced and not row.adopted and (str(row.shop), int(row.order_id)) not in told:
                broken.append(f"order {row.order_id} has a row on DESCRIPTION and nobody is told")
    return broken


def the_agent_writes_nothing_but_marks(ended: Ended) -> list[str]:
    """In the shop it touches no status, price or stock: it leaves numbers and notes, so that nobody is mailed."""
    broken = []
    for one in ended.trace.exchanges:
        if one.system not in ended.shops or not one.writes:
            continue
        if one.path.endswith("/notes"):
            continue
        rows = msgspec.json.decode(one.body).get("update", []) if one.path.endswith("/orders/batch") else [{}]
        if any(set(row) != {"id", "meta_data"} for row in rows):
            broken.append(f"{one.method} {one.path} writes more than a mark")
    return broken


def no_statuses_go_backwards(ended: Ended) -> list[str]:
    """An order has the status that the shop's own people and shoppers gave it last."""
    return [
        f"order {order_id} is {order['status']}, it was {shop.statuses_set[order_id]}"
        for shop in ended.shops.values()
        for order_id, order in shop.orders.items()
        if shop.statuses_set.get(order_id, order["status"]) != order["status"]
    ]


def no_customer_is_mailed_twice(ended: Ended) -> list[str]:
    """The shop tells a customer once that an order is being worked on, and once that it is done."""
    told = Counter(
        (mail.order_id, mail.kind)
        for shop in ended.shops.values()
        for mail in shop.mails
        if mail.kind in ("customer_processing_order", "customer_completed_order")
    )
    return [
        f"{kind} of order {order_id} went out {count} times" for (order_id, kind), count in told.items() if count > 1
    ]


def each_transfer_is_told_once(ended: Ended) -> list[str]:
    """The story of a transferred order says once, and once only, how it came to Mamut."""
    told = Counter((shop, order_id) for shop, order_id, kind, _ in ended.events if kind in ("transferred", "adopted"))
    return [
        f"order {row.order_id} was told transferred {told.get((str(row.shop), int(row.order_id)), 0)} times"
        for row in ended.rows
        if row.state == OrderState.TRANSFERRED.value and told.get((str(row.shop), int(row.order_id)), 0) != 1
    ]


def no_secret_is_logged(ended: Ended) -> list[str]:
    """No password, key or session token stands in any log line or in the journal's stories."""
    text = _told(ended)
    tokens = {
        str(msgspec.json.decode(one.answer).get("token", ""))
        for one in ended.trace.exchanges
        if one.system == "mamut" and one.path.endswith("/session") and one.status == 201
    }
    return [
        f"a secret of {len(secret)} characters is told"
        for secret in {*ended.secrets, *tokens}
        if secret and secret in text
    ]


def no_person_is_logged(ended: Ended) -> list[str]:
    """No name, address, e-mail or telephone number of a buyer stands in any log line or story."""
    text = _told(ended)
    broken = []
    for shop in ended.shops.values():
        for order_id, order in shop.orders.items():
            for part in ("billing", "shipping"):
                for field in ("last_name", "email", "phone", "address_1", "company"):
                    value = order[part].get(field) or ""
                    if len(value) > 3 and value in text:
                        broken.append(f"{part}.{field} of order {order_id} is told")
    return broken


def every_warning_has_a_code(ended: Ended) -> list[str]:
    """What is told as a warning or an error names a fault that can be explained, or an actor that failed."""
    broken = []
    for line in ended.trace.log_lines:
        if line.get("level") not in ("warning", "error"):
            continue
        code = line.get("fault", "")
        if code and code not in set(Fault):
            broken.append(f"{line.get('event')} has the code {code}")
    return broken


def no_actor_dies_for_a_reason_of_ours(ended: Ended) -> list[str]:
    """Nothing but a full disk makes an actor fail: trouble with a system is expected and has a name."""
    return [
        f"{line.get('actor')} failed with {line.get('error')} at {line.get('where')}"
        for line in ended.trace.log_lines
        if line.get("event") == "actor_failed" and line.get("error") != "JournalError"
    ]


CHECKS: tuple[Check, ...] = (
    the_agent_comes_to_rest,
    no_order_is_lost,
    no_order_is_there_twice,
    amounts_are_equal_to_the_ore,
    the_journal_has_mamuts_amounts,
    every_hold_has_a_reason,
    the_package_counts_each_order_once,
    a_second_pass_writes_nothing,
    the_journals_states_add_up,
    the_journal_is_sound,
    transferred_orders_carry_their_number,
    no_buyer_is_there_twice,
    no_document_lacks_its_rows,
    no_order_stands_on_an_article_called_description,
    the_agent_writes_nothing_but_marks,
    no_statuses_go_backwards,
    no_customer_is_mailed_twice,
    each_transfer_is_told_once,
    no_secret_is_logged,
    no_person_is_logged,
    every_warning_has_a_code,
    no_actor_dies_for_a_reason_of_ours,
)


def broken(ended: Ended) -> dict[str, list[str]]:
    """Every check that does not hold, by its name, with what it found."""
    found = {check.__name__: check(ended) for check in CHECKS}
    return {name: list(dict.fromkeys(sentences)) for name, sentences in found.items() if sentences}


def _number(key: str, order: dict[str, Any]) -> str:
    return external_no(ShopKey(key), ShopOrderId(order["id"]), str(order["number"]))


def _is_before_start(order: dict[str, Any], settings: ShopSettings) -> bool:
    start = settings.orders.start_at
    return start is not None and order["date_created_gmt"] < start.strftime("%Y-%m-%dT%H:%M:%S")


def _told(ended: Ended) -> str:
    lines = [str(line) for line in ended.trace.log_lines]
    return "\n".join([*lines, *(f"{kind} {data}" for _shop, _order, kind, data in ended.events)])
