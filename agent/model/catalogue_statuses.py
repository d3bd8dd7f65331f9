"""Texts of what order status says about an order, and of what holds it until a person has looked."""

from __future__ import annotations

from agent.model.entry import Entry, entry
from agent.model.said import GoodsReason, Said
from agent.model.words import Words, words

_RETRY = words("Rätta det och kör brygga orders retry.", "Put it right and run brygga orders retry.")

STATUS_SAID: dict[Said, Words] = {
    Said.STATUS_SET: words("Ordern fick status {status} i butiken.", "The order got the status {status} in the shop."),
    Said.STATUS_THERE: words(
        "Ordern hade redan status {status} i butiken.", "The order had the status {status} in the shop already."
    ),
    Said.STATUS_BEYOND: words(
        "Ordern står i {current} i butiken, och {status} vore bakåt.",
        "The order stands in {current} in the shop, and {status} would be backwards.",
    ),
    Said.STATUS_TERMINAL: words(
        "Ordern är avslutad i butiken ({current}) och lämnas så.",
        "The order has ended in the shop ({current}) and is left so.",
    ),
    Said.STATUS_SUPERSEDED: words(
        "Status {status} hoppades över: något högre hade redan hänt.",
        "The status {status} was passed over: something higher had happened already.",
    ),
    Said.STATUS_NONE_CHOSEN: words(
        "Ingen status är vald för händelsen {event}.", "No status is chosen for the event {event}."
    ),
    Said.STATUS_OLD_NEWS: words(
        "Det som hänt i Mamut var gammalt när ordern först följdes, så butiken ändrades inte.",
        "What had happened in Mamut was old when the order was first followed, so the shop was not changed.",
    ),
    Said.STATUS_NOTHING_NEW: words("Inget nytt har hänt i Mamut.", "Nothing new has happened in Mamut."),
    Said.CUSTOMER_TOLD: words("Kunden har fått besked.", "The customer has been told."),
    Said.PARCEL_LEFT: words("Kolliuppgifterna lämnades på ordern.", "The parcel was left on the order."),
    Said.ORDER_GONE: words("Ordern finns inte längre i butiken.", "The order is no longer in the shop."),
    Said.CAPTURE_PROVED: words("Pengarna är dragna.", "The money has been taken."),
    Said.CAPTURE_AGAIN: words(
        "Ordern visar ännu inte om pengarna är dragna; den läses igen.",
        "The order does not show yet whether the money was taken; it is read again.",
    ),
    Said.CAPTURE_UNKNOWN: words(
        "Betalsättet lämnar inget märke, så ingen vet om pengarna är dragna.",
        "The payment method leaves no mark, so nobody can tell whether the money was taken.",
    ),
    Said.SHOP_WAITS: words(
        "Butiken svarar inte nu; nytt försök görs.", "The shop does not answer now; it is tried again."
    ),
}

STATUS_TEXTS: dict[GoodsReason, Entry] = {
    GoodsReason.STATUS_NOT_IN_SHOP: entry(
        words("Butiken har inte den valda statusen", "The shop lacks the chosen status"),
        words("Status {status} finns inte i butiken.", "The shop has no status {status}."),
        words(
            "Ändra den i [shop.statuses] eller lägg upp den i butiken. Kör sedan brygga orders retry.",
            "Change it in [shop.statuses] or add it to the shop. Then run brygga orders retry.",
        ),
    ),
    GoodsReason.STATUS_UNRANKED: entry(
        words("Det går inte att säga om statusen vore bakåt", "Nobody can tell whether the status would be backwards"),
        words(
            "Ordern står i {current} i butiken, som inte har någon plats i [shop.statuses] order.",
            "The order stands in {current} in the shop, which has no place in [shop.statuses] order.",
        ),
        words(
            "Lägg in {current} i order, lägst först. Kör sedan brygga orders retry.",
            "Put {current} into order, lowest first. Then run brygga orders retry.",
        ),
    ),
    GoodsReason.STATUS_PLUGIN_HELD: entry(
        words("En plugin stoppade orderns status", "A plugin stopped the order's status"),
        words(
            'Pluginen "{plugin}" stoppade det som {event} skulle göra i butiken: {why}.',
            'The plugin "{plugin}" stopped what {event} was to do in the shop: {why}.',
        ),
        words(
            "Rätta pluginen, eller stäng av den i brygga.toml, och starta om. Kör sedan brygga orders retry.",
            "Correct the plugin, or switch it off in brygga.toml, and restart. Then run brygga orders retry.",
        ),
    ),
    GoodsReason.STATUS_NOT_TAKEN: entry(
        words("Ordern fick en annan status än den begärda", "The order got another status than was asked for"),
        words(
            "Butiken fick status {status} men svarade {current}. Ett tillägg flyttade ordern.",
            "The shop was sent the status {status} but answered {current}. A plugin moved the order.",
        ),
        words(
            "Läs orderns anteckningar i butiken. Kör sedan brygga orders retry.",
            "Read the order's notes in the shop. Then run brygga orders retry.",
        ),
    ),
    GoodsReason.STATUS_UNSURE: entry(
        words("Det är osäkert om statusen sattes", "It is not known whether the status was set"),
        words(
            "Butikens svar kom bort, och ordern har ändrats sedan dess utan att visa vad som hände.",
            "The shop's answer was lost, and the order has changed since without showing what happened.",
        ),
        words(
            "Läs orderns anteckningar i butiken. Kör brygga orders retry om {status} ska sättas.",
            "Read the order's notes in the shop. Run brygga orders retry if {status} is to be set.",
        ),
    ),
    GoodsReason.ORDER_REFUSED: entry(
        words("Butiken tog inte emot ändringen av ordern", "The shop did not take the change of the order"),
        words("Butiken svarade: {problem}.", "The shop answered: {problem}."),
        _RETRY,
    ),
    GoodsReason.ORDER_FAILS: entry(
        words("Butiken klarar inte ändringen av ordern", "The shop cannot cope with the change of the order"),
        words(
            "Butiken har svarat fel gång på gång: {problem}.",
            "The shop has failed time and again: {problem}.",
        ),
        words(
            "Ändra ordern för hand i butiken och läs felet där. Kör sedan brygga orders retry.",
            "Change the order by hand in the shop and read the error there. Then run brygga orders retry.",
        ),
    ),
    GoodsReason.CAPTURE_AMOUNT: entry(
        words("Butikens och Mamuts belopp skiljer", "The shop's amount and Mamut's differ"),
        words(
            "Butikens order är värd {shop} och Mamuts {mamut}. Inget skickades, så inga pengar är dragna.",
            "The shop's order is worth {shop} and Mamut's {mamut}. Nothing was sent, so no money was taken.",
        ),
        words(
            "Gör beloppen lika, så går ordern vidare av sig själv. Ska pengarna dras ändå: sätt statusen för hand.",
            "Make the amounts equal, and the order goes on by itself. To take it all the same, set the status by hand.",
        ),
    ),
    GoodsReason.CAPTURE_FAILED: entry(
        words("Pengarna kunde inte dras", "The money could not be taken"),
        words(
            "{provider} drog inte pengarna; ordern står i {current} i butiken.",
            "{provider} did not take the money; the order stands in {current} in the shop.",
        ),
        words(
            "Läs orderns anteckningar i butiken och rätta hos betalleverantören. Kör sedan brygga orders retry.",
            "Read the order's notes in the shop and put it right with the provider. Then run brygga orders retry.",
        ),
    ),
    GoodsReason.CAPTURE_NOT_PROVED: entry(
        words("Inget visar att pengarna är dragna", "Nothing shows that the money was taken"),
        words(
            "Ordern står i {current}, men {provider} har inte lämnat sitt kvitto på den.",
            "The order stands in {current}, but {provider} has not left its receipt on it.",
        ),
        words(
            "Se efter hos betalleverantören, och om tillägget är inställt att dra pengar vid den statusen.",
            "Look with the provider, and whether the plugin is set to take the money at that status.",
        ),
    ),
    GoodsReason.CAPTURE_EXPIRING: entry(
        words("Reserverade pengar förfaller snart", "Reserved money expires soon"),
        words(
            "Reservationen hos {provider} går ut omkring {day}, och ordern är inte levererad.",
            "The reservation with {provider} ends about {day}, and the order is not delivered.",
        ),
        words(
            "Leverera ordern, eller be kunden betala på nytt.", "Deliver the order, or ask the customer to pay anew."
        ),
    ),
    GoodsReason.CAPTURE_EXPIRED: entry(
        words("Reserverade pengar har förfallit", "Reserved money has expired"),
        words(
            "Reservationen hos {provider} gick ut omkring {day} utan att pengarna drogs.",
            "The reservation with {provider} ended about {day} and the money was not taken.",
        ),
        words(
            "Se efter hos betalleverantören, och be kunden betala på nytt.",
            "Look with the provider, and ask the customer to pay anew.",
        ),
    ),
    GoodsReason.DOCUMENT_MISSING: entry(
        words("Orderns dokument finns inte i Mamut", "Mamut lacks the order's document"),
        words(
            "Mamut visar inget dokument med nummer {document}.", "Mamut shows no document with the number {document}."
        ),
        words(
            "Se efter om Mamut har lästs in från en säkerhetskopia.", "See whether Mamut was restored from a backup."
        ),
    ),
}
