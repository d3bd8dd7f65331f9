"""Texts of what became of orders that the shop has changed after their transfer."""

from __future__ import annotations

from agent.model.after import AfterReason, AfterSaid
from agent.model.entry import Entry, entry
from agent.model.words import Words, words

_SETTLE = words(
    "Gör det som behövs i Mamut och kör sedan brygga orders settle.",
    "Do what is needed in Mamut and then run brygga orders settle.",
)

AFTER_SAID: dict[AfterSaid, Words] = {
    AfterSaid.NOTHING: words(
        "Inget i dokumentet berörs av det som ändrades i butiken.",
        "Nothing in the document depends on what was changed in the shop.",
    ),
    AfterSaid.UPDATED: words(
        "Dokument {document} i Mamut följde ändringen: {parts}.",
        "Document {document} in Mamut followed the change: {parts}.",
    ),
    AfterSaid.CANCELLED: words(
        "Dokument {document} makulerades i Mamut.", "Document {document} was cancelled in Mamut."
    ),
    AfterSaid.CREDITED: words(
        "Återbetalningen på {amount} är krediterad i Mamut.", "The refund of {amount} is credited in Mamut."
    ),
    AfterSaid.WAITS_FOR_INVOICE: words(
        "{amount} är återbetalt och krediteras när ordern har fakturerats.",
        "{amount} was refunded and is credited once the order has been invoiced.",
    ),
    AfterSaid.DOCUMENT_CANCELLED: words(
        "Dokumentet är makulerat i Mamut, så inget finns kvar att ändra.",
        "The document is cancelled in Mamut, so nothing is left to change.",
    ),
    AfterSaid.SETTLED: words("En människa har tagit hand om ändringen.", "A person has seen to the change."),
}

AFTER_TEXTS: dict[AfterReason, Entry] = {
    AfterReason.CANCELLED: entry(
        words("Ordern avbröts i butiken efter överföringen", "The order was cancelled in the shop after its transfer"),
        words(
            "Dokument {document} i Mamut är {state} och står kvar.",
            "Document {document} in Mamut is {state} and stands.",
        ),
        _SETTLE,
    ),
    AfterReason.DELETED: entry(
        words(
            "Ordern togs bort ur butiken efter överföringen", "The order was removed from the shop after its transfer"
        ),
        words(
            "Dokument {document} i Mamut är {state} och står kvar.",
            "Document {document} in Mamut is {state} and stands.",
        ),
        words(
            "Lägg tillbaka ordern i butiken, eller makulera dokumentet i Mamut om det inte ska gälla.",
            "Put the order back in the shop, or cancel the document in Mamut if it is not to stand.",
        ),
    ),
    AfterReason.EDITED: entry(
        words("Ordern ändrades i butiken efter överföringen", "The order was edited in the shop after its transfer"),
        words(
            "Det som ändrades: {parts}. Dokument {document} i Mamut är {state} och ändrades inte.",
            "What was edited: {parts}. Document {document} in Mamut is {state} and was not changed.",
        ),
        _SETTLE,
    ),
    AfterReason.REFUNDED: entry(
        words("Ordern återbetalades efter överföringen", "The order was refunded after its transfer"),
        words(
            "{amount} är återbetalt i butiken. Inställningarna lämnar dokument {document} åt en människa.",
            "{amount} was refunded in the shop. The settings leave document {document} to a person.",
        ),
        _SETTLE,
    ),
    AfterReason.REFUNDS_EXCEED: entry(
        words("Mer är återbetalt än vad som köptes", "More was refunded than was bought"),
        words(
            "Butiken har återbetalat {amount} av {paid}, eller fler varor än ordern har.",
            "The shop has refunded {amount} of {paid}, or more pieces than the order has.",
        ),
        words(
            "Rätta återbetalningarna i butiken. Gör annars kreditnotan i Mamut och kör brygga orders settle.",
            "Correct the refunds in the shop. Else make the credit note in Mamut and run brygga orders settle.",
        ),
    ),
    AfterReason.REFUND_UNEXPLAINED: entry(
        words("Återbetalningens rader går inte att bokföra", "The refund's rows cannot be booked"),
        words(
            "Återbetalning {refund} på {amount} stämmer inte med rader som Mamut kan hålla ({problem}).",
            "Refund {refund} of {amount} does not agree with rows that Mamut can hold ({problem}).",
        ),
        _SETTLE,
    ),
    AfterReason.REFUND_WITHDRAWN: entry(
        words("En krediterad återbetalning finns inte längre", "A refund that was credited is no longer there"),
        words(
            "Återbetalning {refund} togs bort ur butiken. Kreditnota {document} står i Mamut.",
            "Refund {refund} was removed from the shop. Credit note {document} stands in Mamut.",
        ),
        words(
            "Makulera kreditnotan i Mamut om den inte är bokförd, eller motboka den. Kör sedan brygga orders settle.",
            "Cancel the credit note in Mamut if it is not booked, or reverse it. Then run brygga orders settle.",
        ),
    ),
    AfterReason.DOCUMENT_CHANGED: entry(
        words("Både butiken och Mamut har ändrats", "Both the shop and Mamut have been changed"),
        words(
            "Någon har ändrat dokument {document} i Mamut ({edited}). Butikens ändring skrevs inte över det.",
            "Somebody has changed document {document} in Mamut ({edited}). The shop's change was not written over it.",
        ),
        _SETTLE,
    ),
    AfterReason.EDIT_IMPOSSIBLE: entry(
        words("Den ändrade ordern går inte att bokföra", "The edited order cannot be booked"),
        words(
            "Som ordern är nu skulle den hållas kvar: {problem}. Dokument {document} ändrades inte.",
            "As it is now the order would be held: {problem}. Document {document} was not changed.",
        ),
        words(
            "Läs mer med brygga explain och rätta orsaken. Den prövas igen av sig själv.",
            "Read more with brygga explain and put the cause right. It is tried again by itself.",
        ),
    ),
    AfterReason.PARTLY_DELIVERED: entry(
        words("Återbetalat av en order som levererats till en del", "A refund of an order that is delivered in part"),
        words(
            "{amount} är återbetalt, och Mamut har delat dokument {document} i flera.",
            "{amount} was refunded, and Mamut has split document {document}.",
        ),
        _SETTLE,
    ),
    AfterReason.NOT_OURS: entry(
        words(
            "Ordern ändrades, men dokumentet gjordes för hand", "The order changed, but its document was made by hand"
        ),
        words(
            "Dokument {document} är på {was}, ordern i butiken på {now}.",
            "Document {document} comes to {was}, the order in the shop to {now}.",
        ),
        _SETTLE,
    ),
    AfterReason.DOCUMENT_UNKNOWN: entry(
        words("Mamut visar inte orderns dokument", "Mamut does not show the order's document"),
        words(
            "Ordern ändrades, men dokument {document} finns inte i Mamut.",
            "The order changed, but Mamut has no document {document}.",
        ),
        words(
            "Kontrollera att Mamut visar rätt företag. Den prövas igen av sig själv.",
            "Check that Mamut shows the right company. It is tried again by itself.",
        ),
    ),
    AfterReason.ORDER_LIVES: entry(
        words(
            "Ordern lever i butiken men är makulerad i Mamut", "The order lives in the shop but is cancelled in Mamut"
        ),
        words(
            "Dokument {document} är makulerat, och ordern har status {status} i butiken.",
            "Document {document} is cancelled, and the order has the status {status} in the shop.",
        ),
        words(
            "Avbryt ordern i butiken, eller gör dokumentet på nytt i Mamut och kör brygga orders settle.",
            "Cancel the order in the shop, or make the document anew in Mamut and run brygga orders settle.",
        ),
    ),
    AfterReason.CHANGE_REFUSED: entry(
        words("Mamut tog inte emot ändringen", "Mamut did not take the change"),
        words("Dokument {document}: {problem}.", "Document {document}: {problem}."),
        words(
            "Rätta det i Mamut. Den prövas igen av sig själv.",
            "Put it right in Mamut. It is tried again by itself.",
        ),
    ),
    AfterReason.ORDER_UNREADABLE_NOW: entry(
        words("Ordern eller dess återbetalningar går inte att läsa", "The order or its refunds cannot be read"),
        words("Butikens svar gick inte att tolka: {problem}.", "The shop's answer made no sense: {problem}."),
        words(
            "Öppna ordern i butiken och spara den på nytt. Den prövas igen av sig själv.",
            "Open the order in the shop and save it again. It is tried again by itself.",
        ),
    ),
}
