"""Ten and more agents that are broken on purpose, each in one line, and the story in which that must come out."""

from __future__ import annotations

from typing import NamedTuple


class Mutant(NamedTuple):
    """`old` stands once in `file`; `caught_by` are the checks of which at least one must catch it. `seed` is one with
    which the story comes to where the bug shows."""

    name: str
    file: str
    old: str
    new: str
    story: str
    caught_by: tuple[str, ...]
    seed: int = 1


LOST_ANSWERS = "an_answer_that_is_lost_after_the_work_is_not_repeated"

MUTANTS = (
    Mutant(
        "cursor_advanced_too_early",
        "agent/actors/order_reader.py",
        "            await self._note(listing)\n        if newest",
        "            await self._note(listing)\n"
        "            await self._journal.run(lambda tx: records.set_mark(tx, self._shop, newest))\n        if newest",
        "a_listing_that_is_cut_short_does_not_move_the_cursor",
        ("no_order_is_lost",),
    ),
    Mutant(
        "retry_without_look_up",
        "agent/actors/mamut_writer.py",
        "sorted(found.get(draft.external_no, ()), key",
        "sorted((), key",
        LOST_ANSWERS,
        ("no_order_is_there_twice",),
    ),
    Mutant(
        "rounding_dropped",
        "agent/decide/orders.py",
        "        stop = rows.add_rounding(proof.rounding)\n",
        "        stop = None\n",
        "prices_without_vat_that_round_by_the_row_get_a_rounding_row",
        ("amounts_are_equal_to_the_ore",),
    ),
    Mutant(
        "package_counted_twice",
        "agent/actors/outcomes.py",
        "        records.count_order(tx, month)\n",
        "        records.count_order(tx, month)\n        records.count_order(tx, month)\n",
        "the_last_minutes_of_a_month_count_in_the_month_of_mamuts_document",
        ("the_package_counts_each_order_once",),
    ),
    Mutant(
        "package_without_a_limit",
        "agent/actors/readings.py",
        "        if self.left is None:\n            return True\n",
        "        if order_id:\n            return True\n",
        "the_package_is_never_exceeded_and_the_oldest_go_first",
        ("the_package_counts_each_order_once",),
    ),
    Mutant(
        "mark_never_written",
        "agent/actors/outcomes.py",
        "    if already_marked:\n",
        "    if document.order_no:\n",
        "a_guest_who_buys_three_times_is_one_contact",
        ("transferred_orders_carry_their_number",),
    ),
    Mutant(
        "order_seen_and_never_read",
        "agent/actors/sights.py",
        "to_read=stop is None",
        "to_read=False",
        "a_guest_who_buys_three_times_is_one_contact",
        ("no_order_is_lost",),
    ),
    Mutant(
        "status_changed_by_a_mark",
        "agent/remote/woocommerce/client.py",
        '{"id": mark.order_id, "meta_data":',
        '{"id": mark.order_id, "status": "completed", "meta_data":',
        "a_guest_who_buys_three_times_is_one_contact",
        ("the_agent_writes_nothing_but_what_it_is_for", "no_statuses_go_backwards"),
    ),
    Mutant(
        "status_not_looked_at",
        "agent/actors/sights.py",
        "unchanged = row.modified_at == modified_at and row.status == sight.status",
        "unchanged = row.modified_at == modified_at or row.order_id",
        "an_order_paid_long_after_it_was_made_is_found_by_its_change",
        ("no_order_is_lost",),
    ),
    Mutant(
        "password_in_the_log",
        "agent/app.py",
        "        self._stop = trio.Event()\n",
        '        self._stop = trio.Event()\n        log.info("made", password=secrets.mamut_password.reveal())\n',
        "a_guest_who_buys_three_times_is_one_contact",
        ("no_secret_is_logged",),
    ),
    Mutant(
        "buyer_in_the_log",
        "agent/actors/order_direction.py",
        "        decisions = await self._decide(seen, said)\n",
        "        decisions = await self._decide(seen, said)\n"
        '        log.info("read", buyers=[order.billing.email for order in seen.orders])\n',
        "a_guest_who_buys_three_times_is_one_contact",
        ("no_person_is_logged",),
    ),
    Mutant(
        "contact_made_for_each_order",
        "agent/actors/buyers.py",
        "        contact = found.get(ext_id)\n",
        "        contact = found.get(ext_id[:0])\n",
        "a_guest_who_buys_three_times_is_one_contact",
        ("no_buyer_is_there_twice", "what_the_story_expects"),
    ),
    Mutant(
        "payment_used_twice_sent_twice",
        "agent/actors/readings.py",
        "    if not other:\n        return decision\n",
        "    if order.order_id:\n        return decision\n",
        "a_second_order_for_one_payment_is_held",
        ("what_the_story_expects",),
    ),
    Mutant(
        "header_without_rows_taken_for_the_document",
        "agent/actors/mamut_writer.py",
        "if not document.lines and document.invoice_no is None:",
        "if not document.external_no:",
        "a_header_without_rows_is_not_taken_for_the_document",
        ("no_document_lacks_its_rows", "amounts_are_equal_to_the_ore"),
    ),
)
