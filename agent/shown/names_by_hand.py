"""What is called how of what people say about orders and customers by hand."""

from __future__ import annotations

from agent.model.words import Words, words

WISHES: dict[str, Words] = {
    "correct": words("rätta", "correct"),
    "choose_customer": words("välj kund", "choose the customer"),
    "relink": words("koppla till en annan order i Mamut", "tie to another order in Mamut"),
}

RESULTS: dict[str, Words] = {
    "value_wrong": words("nej, värdet kan aldrig vara rätt", "no, the value can never be right"),
    "customer_no_wrong": words("nej, kundnumret är inget nummer", "no, the customer number is no number"),
    "nothing_chosen": words("nej, ingen kund var vald", "no, no customer had been chosen"),
    "not_transferred": words("nej, ordern står inte i Mamut", "no, the order does not stand in Mamut"),
    "amount_differs": words("nej, beloppet eller valutan skiljer", "no, the amount or the currency differs"),
    "number_differs": words("nej, den bär ett annat externt nummer", "no, it carries another external number"),
    "old_stands": words(
        "nej, den gamla står kvar i Mamut: makulera den först", "no, the old one still stands in Mamut: cancel it first"
    ),
    "credited_already": words(
        "nej, en återbetalning är krediterad på den gamla", "no, a refund has been credited on the old one"
    ),
}

EVENTS: dict[str, Words] = {
    "corrected": words("rättad för hand: {fields}", "corrected by hand: {fields}"),
    "correction_taken_back": words("rättelsen togs tillbaka: {fields}", "the correction was taken back: {fields}"),
    "correction_needless": words("butiken har själv rättat: {fields}", "the shop has put it right itself: {fields}"),
    "relinked": words("kopplad till {now} i Mamut i stället för {was}", "tied to {now} in Mamut instead of {was}"),
}
