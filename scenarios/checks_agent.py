"""What must hold of the agent itself after every play: that it rests, what it tells, and what its journal is like."""

from __future__ import annotations

import re

import msgspec

from agent.model.reasons import Fault, OrderState
from scenarios.ended import Check, Ended


def the_agent_comes_to_rest(ended: Ended) -> list[str]:
    """When faults have ended, it finds an end by itself within four hours."""
    return [] if ended.rested or ended.frozen_is_expected else ["the agent never came to rest"]


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
    """No name, address, e-mail or telephone number of a buyer stands in any log line or story, as a word of its own
    ("Nord" is no part of PostNord). The name of an article is told, whoever is called like it."""
    text = _told(ended, but=_names_of_goods(ended))
    told: dict[str, bool] = {}
    broken = []
    for shop in ended.shops.values():
        for order_id, order in shop.orders.items():
            for part in ("billing", "shipping"):
                for field in ("last_name", "email", "phone", "address_1", "company"):
                    value = order[part].get(field) or ""
                    if value not in told:  # The same few people buy again and again.
                        told[value] = len(value) > 3 and _stands_in(value, text)
                    if told[value]:
                        broken.append(f"{part}.{field} of order {order_id} is told")
    return broken


def _stands_in(value: str, text: str) -> bool:
    """As a word of its own: Nord is no part of PostNord."""
    return value in text and re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) is not None


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


def _names_of_goods(ended: Ended) -> frozenset[str]:
    orders = [order for shop in ended.shops.values() for order in shop.orders.values()]
    return frozenset(str(line["name"]) for order in orders for line in order["line_items"])


def _told(ended: Ended, but: frozenset[str] = frozenset()) -> str:
    """Everything that was said, once: most of it is said again and again."""
    words: set[str] = set()
    for line in ended.trace.log_lines:
        words.update(map(str, line.values()))
    for _shop, _order, kind, data in ended.events:
        words.add(kind)
        words.update(map(str, data.values()))
    return "\n".join(words - but)


def settings_that_change_are_taken_up(ended: Ended) -> list[str]:
    """What the file says in the end is what was taken up last, and whoever asked for a reload was answered."""
    found = ended.reloads
    if found is None:
        return []
    broken = [] if found.taken_up == found.written else ["the settings taken up last are not those of the file"]
    return broken + ([f"{found.unanswered} who asked for a reload were not answered"] if found.unanswered else [])


CHECKS: tuple[Check, ...] = (
    the_agent_comes_to_rest,
    a_second_pass_writes_nothing,
    the_journals_states_add_up,
    the_journal_is_sound,
    no_secret_is_logged,
    no_person_is_logged,
    every_warning_has_a_code,
    no_actor_dies_for_a_reason_of_ours,
    settings_that_change_are_taken_up,
)
