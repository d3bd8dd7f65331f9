"""What an order's way after its transfer is called: how far it has come, where its money is, what changes led to."""

from __future__ import annotations

from agent.decide.statuses import Part
from agent.model.words import Words, words

PARTS: dict[Part, Words] = {
    Part.NONE: words("nej", "no"),
    Part.SOME: words("delvis", "in part"),
    Part.WHOLE: words("ja", "yes"),
}

CAPTURES: dict[str, Words] = {
    "wanted": words("reserverade, dras när statusen sätts", "reserved, taken when the status is set"),
    "captured": words("dragna", "taken"),
    "not_needed": words("behöver inte dras", "need not be taken"),
    "failed": words("KUNDE INTE DRAS", "COULD NOT BE TAKEN"),
    "expiring": words("reservationen går snart ut", "the reservation will soon expire"),
    "expired": words("RESERVATIONEN HAR GÅTT UT", "THE RESERVATION HAS EXPIRED"),
    "unknown": words("okänt: betalsättet lämnar inget märke", "not known: the payment method leaves no mark"),
}

OUTCOMES: dict[str, Words] = {
    "harmless": words("rör inte dokumentet", "of no matter to the document"),
    "updated": words("dokumentet följde med", "the document followed"),
    "cancelled": words("dokumentet makulerades", "the document was cancelled"),
    "credited": words("krediterad", "credited"),
    "waits": words("väntar på Mamut", "waits for Mamut"),
    "attend": words("VÄNTAR PÅ EN MÄNNISKA", "WAITS FOR A PERSON"),
    "settled": words("omhändertagen", "seen to"),
}

WAYS: dict[str, Words] = {
    "document": words("avdragen på dokument", "taken off document"),
    "note": words("kreditnota", "credit note"),
    "cancelled": words("makulerat dokument", "cancelled document"),
    "by_hand": words("omhändertagen, dokument", "seen to, document"),
}
