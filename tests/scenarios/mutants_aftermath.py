"""Agents that are broken on purpose in what they do after an order's transfer."""

from __future__ import annotations

from tests.scenarios.mutants import Mutant

CREDITED = "each_refund_of_an_invoice_is_credited_once_whatever_is_lost"

AFTERMATH_MUTANTS = (
    Mutant(
        "refund_credited_without_look_up",
        "agent/actors/aftermath_look.py",
        "notes={numbers[ExternalNo(each.external_no)]: each for each in made if each.lines},",
        "notes={},",
        CREDITED,
        ("no_order_is_there_twice", "amounts_are_equal_to_the_ore"),
    ),
    Mutant(
        "note_without_rows_left_standing",
        "agent/actors/aftermath_look.py",
        "        for number in looked.broken:",
        "        for number in ():",
        CREDITED,
        ("no_order_is_there_twice",),
    ),
    Mutant(
        "change_judged_and_not_made",
        "agent/actors/aftermath_direction.py",
        "        documents = await self._desk.ask(act(known, looked, plan.acts))\n",
        "        documents = () if plan.acts else await self._desk.ask(act(known, looked, plan.acts))\n",
        "an_order_edited_after_its_transfer_is_brought_up_to_date",
        ("amounts_are_equal_to_the_ore", "what_the_story_expects"),
    ),
    Mutant(
        "refund_not_taken_off_the_rows",
        "agent/decide/aftermath.py",
        "    if not refunds:\n        return draft.lines\n",
        "    if draft.lines:\n        return draft.lines\n",
        "an_order_refunded_before_its_invoice_is_booked_for_what_is_left",
        ("amounts_are_equal_to_the_ore",),
    ),
    Mutant(
        "tax_of_a_refund_dropped",
        "agent/remote/woocommerce/refunds.py",
        "        tax_total=-line.tax_total,\n",
        "        tax_total=abs(line.tax_total) * 0,\n",
        CREDITED,
        ("amounts_are_equal_to_the_ore", "what_the_story_expects"),
    ),
    Mutant(
        "address_of_mamuts_people_overwritten",
        "agent/decide/aftermath_hand.py",
        "    return told and _digest(getattr(header, name)) not in known\n",
        "    return not told and _digest(getattr(header, name)) not in known\n",
        "an_address_typed_in_mamut_is_never_written_over",
        ("what_the_story_expects",),
    ),
)
