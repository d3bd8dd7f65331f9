"""Texts of the pages about orders."""

from __future__ import annotations

from agent.model.words import words

LIST = {
    "title": words("Order", "Orders"),
    "sought": words("Sök order", "Search for an order"),
    "sought_hint": words(
        "Nummer i butiken eller i Mamut, e-postadress, betalningens referens eller artikelnummer.",
        "Number in the shop or in Mamut, e-mail address, the payment's reference or an article number.",
    ),
    "search": words("Sök", "Search"),
    "state": words("Läge", "State"),
    "any_state": words("alla lägen", "all states"),
    "reason": words("Orsak", "Reason"),
    "any_reason": words("alla orsaker", "all reasons"),
    "shop": words("Butik", "Shop"),
    "any_shop": words("alla butiker", "all shops"),
    "show": words("Visa", "Show"),
    "number": words("Order", "Order"),
    "made": words("Skapad", "Made"),
    "amount": words("Belopp", "Amount"),
    "mamut": words("Mamut", "Mamut"),
    "since": words("Sedan", "Since"),
    "none": words("Ingen order svarar mot det.", "No order answers to that."),
    "none_sought": words(
        "Ingen order har numret {sought}, varken i en butik eller i Mamut, och ingen har det som adress, betalning "
        "eller artikel.",
        "No order has the number {sought}, in a shop or in Mamut, and none has it as address, payment or article.",
    ),
    "incomplete": words(
        "Äldre order gås ännu igenom: sök igen om en stund.",
        "Older orders are still being gone through: search again in a while.",
    ),
    "several_number": words("{count} order har det numret.", "{count} orders have that number."),
    "several_email": words("{count} order har den adressen.", "{count} orders have that address."),
    "several_payment": words("{count} order har den betalningen.", "{count} orders have that payment."),
    "several_article": words("{count} order har den artikeln.", "{count} orders have that article."),
    "newest_found": words("Bara de nyaste visas.", "Only the newest are shown."),
    "pages": words("Sidor av order", "Pages of orders"),
    "newest": words("Nyaste", "Newest"),
    "older": words("Äldre →", "Older →"),
}

ONE = {
    "title": words("Order {number}", "Order {number}"),
    "all": words("Alla order", "All orders"),
    "unknown": words("Den ordern finns inte.", "There is no such order."),
    "facts": words("Så står det till", "How it stands"),
    "since": words("sedan {at}", "since {at}"),
    "remedy": words("Åtgärd", "Remedy"),
    "again": words("Prövas igen {at}", "Tried again {at}"),
    "like_this": words("Alla order med samma orsak", "All orders with the same reason"),
    "shop": words("Butik", "Shop"),
    "shop_id": words("Id i butiken", "Id in the shop"),
    "status": words("Status i butiken", "Status in the shop"),
    "made": words("Skapad i butiken", "Made in the shop"),
    "shop_amount": words("Butikens belopp", "The shop's amount"),
    "mamut_amount": words("Mamuts belopp", "Mamut's amount"),
    "differs": words("skiljer {amount}", "differs by {amount}"),
    "equal": words("lika", "equal"),
    "mamut_no": words("Nummer i Mamut", "Number in Mamut"),
    "external_no": words("Externt nummer", "External number"),
    "customer_no": words("Kundnummer", "Customer number"),
    "counted": words("Räknad i", "Counted in"),
    "marked": words("Märkt i butiken", "Marked in the shop"),
    "yes": words("ja", "yes"),
    "not_yet": words("inte än", "not yet"),
    "changed_after": words(
        "Beloppet har ändrats i butiken efter överföringen.", "The amount was changed in the shop after the transfer."
    ),
    "asked": words("{who} har begärt: {what}. Agenten har inte svarat än.", "{who} asked: {what}. No answer yet."),
    "story": words("Vad som hänt", "What happened"),
    "proof": words("Penningbevis", "Money proof"),
    "proof_in": words("i {currency}", "in {currency}"),
    "holds": words("går ihop", "adds up"),
    "holds_not": words("går inte ihop", "does not add up"),
    "proof_row": words("Rad", "Row"),
    "proof_sum": words("Belopp", "Amount"),
    "no_proof": words(
        "Inget än: det görs när ordern prövas mot Mamut.", "None yet: it is made when the order is held against Mamut."
    ),
    "progress": words("I Mamut och i butiken", "In Mamut and in the shop"),
    "delivered": words("Levererad", "Delivered"),
    "invoiced": words("Fakturerad", "Invoiced"),
    "paid": words("Betald", "Paid"),
    "cancelled": words("Makulerad", "Cancelled"),
    "credited": words("Krediterat", "Credited"),
    "parcel": words("Kolli", "Parcel"),
    "read": words("Läst i Mamut", "Read in Mamut"),
    "money": words("Pengarna", "The money"),
    "mailed": words("Meddelat kunden", "The customer was told"),
    "last": words("Senast", "Last"),
    "change": words("Ändrad efter överföringen", "Changed after the transfer"),
    "refund": words("Återbetalning {number}", "Refund {number}"),
    "acts": words("Vad du kan göra", "What you can do"),
    "retry": words("Försök igen", "Try again"),
    "retry_hint": words(
        "Ordern läses om i butiken och prövas på nytt.", "The order is read anew in the shop and decided anew."
    ),
    "settle": words("Omhändertagen", "Seen to"),
    "settle_hint": words("Du har själv rättat det i Mamut.", "You have put it right in Mamut yourself."),
    "hold": words("Håll kvar", "Hold"),
    "hold_hint": words("Ordern väntar tills någon försöker igen.", "The order waits until somebody tries again."),
    "exclude": words("Undanta", "Exclude"),
    "exclude_lead": words(
        "Ordern går då aldrig till Mamut. Är varorna sålda, bokför den där själv: där Mamut styr lagret bjuds de annars"
        " ut i butiken igen.",
        "The order then never goes to Mamut. If its goods are sold, book it there yourself: where Mamut governs the"
        " stock they are offered in the shop again otherwise.",
    ),
    "exclude_why": words("Varför (står kvar i historien)", "Why (it stays in the story)"),
    "correct": words("Rätta …", "Correct …"),
    "records": words("Se alla uppgifter", "See all records"),
    "tie_other": words("Koppla till ett annat dokument …", "Tie to another document …"),
    "who": words("Vem är köparen?", "Who is the buyer?"),
    "corrected": words("Rättat för hand", "Corrected by hand"),
    "corrected_by": words("{who}, {at}", "{who}, {at}"),
    "adopt": words("Koppla", "Tie"),
    "adopt_title": words("Koppla till en order som redan står i Mamut", "Tie to an order that stands in Mamut already"),
    "adopt_no": words("Orderns nummer i Mamut", "The order's number in Mamut"),
    "why_missing": words("Skriv varför ordern undantas.", "Say why the order is excluded."),
    "number_wrong": words("Numret i Mamut är ett tal större än noll.", "The number in Mamut is a number above zero."),
    "stands": words(
        "Ordern står redan i Mamut. Ändra eller makulera den där.",
        "The order stands in Mamut already. Change or cancel it there.",
    ),
    "nothing_attended": words(
        "Ingen ändring av ordern väntar på en människa.", "No change of the order waits for a person."
    ),
}
