"""Texts of the pages about one order's corrections, records and documents, and about who a buyer is."""

from __future__ import annotations

from agent.model.words import words

LOOKUP = {
    "no_agent": words(
        "Agenten arbetar inte just nu, så inget kan slås upp.",
        "The agent is not at work now, so nothing can be looked up.",
    ),
    "no_answer_in_time": words(
        "Inget svar inom tio sekunder. Försök igen om en stund.", "No answer within ten seconds. Try again in a while."
    ),
    "shop_not_at_work": words(
        "Butiken är inte i arbete: den är avstängd, stoppad eller nås inte.",
        "The shop is not at work: it is switched off, stopped or cannot be reached.",
    ),
    "trouble": words("Det gick inte att slå upp: {problem}.", "It could not be looked up: {problem}."),
    "show": words("Visa personuppgifter", "Show personal data"),
    "show_hint": words("Det noteras vem som har visat dem.", "Who has shown them is kept on record."),
    "veiled": words("dold", "hidden"),
}

CORRECT = {
    "title": words("Rätta order {number}", "Correct order {number}"),
    "lead": words(
        "Det du skriver gäller i stället för butikens uppgift tills du tar bort det. Belopp och antal kan inte rättas: "
        "de är butikens.",
        "What you type counts instead of what the shop says until you take it back. Amounts and quantities cannot be "
        "corrected: they are the shop's.",
    ),
    "later": words(
        "Ändrar butiken samma uppgift senare hålls ordern kvar tills någon säger vilken som gäller.",
        "Should the shop change the same later, the order is held until somebody says which is right.",
    ),
    "first": words("Det som stoppade ordern", "What stopped the order"),
    "rest": words("Allt annat som kan rättas", "All else that can be corrected"),
    "reads": words("Butiken säger: {value}", "The shop says: {value}"),
    "reads_nothing": words("Butiken säger ingenting.", "The shop says nothing."),
    "reads_hidden": words(
        "Butikens uppgift är dold. Tomt fält: den gäller.", "What the shop says is hidden. Empty: it counts."
    ),
    "kept": words("Rättat till: {value}", "Corrected to: {value}"),
    "kept_hidden": words("Rättat; värdet är dolt.", "Corrected; the value is hidden."),
    "remove": words("Ta bort rättelsen", "Take the correction back"),
    "send": words("Rätta och försök igen", "Correct and try again"),
    "value_wrong": words("Värdet kan inte vara rätt: se fältet.", "The value cannot be right: see the field."),
    "field_wrong": words("Så kan det inte stå här.", "That cannot stand here."),
    "nothing": words("Inget var ändrat.", "Nothing was changed."),
}

RECORDS = {
    "title": words("Uppgifterna om order {number}", "The records of order {number}"),
    "lead": words(
        "Som butiken och Mamut har dem just nu, och som dokumentet skickades.",
        "As the shop and Mamut have them now, and as the document was sent.",
    ),
    "in_shop": words("Ordern i butiken", "The order in the shop"),
    "as_sent": words("Dokumentet som det skickades", "The document as it was sent"),
    "in_mamut": words("Dokumentet i Mamut", "The document in Mamut"),
    "gone": words("Butiken har inte ordern längre.", "The shop no longer has the order."),
    "not_sent": words(
        "Inget har skickats, eller så är uppgifterna raderade.", "Nothing was sent, or it has been erased."
    ),
    "no_document": words("Mamut har inget dokument med det numret.", "Mamut has no document of that number."),
    "field": words("Fält", "Field"),
    "value": words("Värde", "Value"),
    "cut": words("Resten visas inte.", "The rest is not shown."),
}

TIE = {
    "title": words("Koppla order {number}", "Tie order {number}"),
    "lead_there": words(
        "Ordern står i Mamut som {number}. Har någon lagt in den på nytt kan den kopplas dit i stället. I Mamut ändras "
        "inget.",
        "The order stands in Mamut as {number}. Has somebody entered it anew, it can be tied there instead. Nothing is "
        "changed in Mamut.",
    ),
    "lead_not": words(
        "Har någon lagt in ordern i Mamut för hand kopplas den dit, och förs inte över en gång till.",
        "Has somebody entered the order in Mamut by hand, it is tied there and not transferred once more.",
    ),
    "look": words("Slå upp", "Look up"),
    "in_shop": words("Ordern i butiken", "The order in the shop"),
    "now": words("Kopplad till nu", "Tied to now"),
    "new": words("Kopplas till", "Would be tied to"),
    "number": words("Nummer", "Number"),
    "amount": words("Belopp", "Amount"),
    "status": words("Status", "Status"),
    "external_no": words("Externt nummer", "External number"),
    "customer": words("Kundnummer", "Customer number"),
    "missing": words("finns inte", "is not there"),
    "fits": words("Belopp och nummer stämmer.", "Amount and number agree."),
    "amount_differs": words("Beloppet eller valutan skiljer.", "The amount or the currency differs."),
    "number_differs": words(
        "Dokumentet bär en annan orders externa nummer.", "The document carries another order's external number."
    ),
    "old_stands": words(
        "Det gamla dokumentet står kvar i Mamut: då står ordern där två gånger. Makulera det först.",
        "The old document still stands in Mamut: the order would stand there twice. Cancel it first.",
    ),
    "anyway": words("Jag har sett det och vill koppla ändå", "I have seen that, and want to tie it all the same"),
    "do": words("Koppla", "Tie"),
    "same": words("Ordern är redan kopplad dit.", "The order is tied to that one already."),
}

MATCHES = {
    "title": words("Kunder att bekräfta", "Customers to confirm"),
    "lead": words(
        "Order vars köpare kanske är en kund som Mamut känner. Det du väljer gäller alla köparens order, nu och "
        "framöver.",
        "Orders whose buyer may be a customer whom Mamut knows. What you choose counts for all of the buyer's orders, "
        "now and later.",
    ),
    "none": words("Ingen kund väntar på att bekräftas.", "No customer waits to be confirmed."),
    "settings": words(
        "Vad som räknas som säkert bestäms i [shop.customers]: match, sure och probable.",
        "What counts as sure is decided in [shop.customers]: match, sure and probable.",
    ),
    "is": words("Det är kund {number}", "It is customer {number}"),
    "is_of": words("Order {order}: det är kund {number}", "Order {order}: it is customer {number}"),
    "new": words("En ny kund", "A new customer"),
    "new_of": words("Order {order}: en ny kund", "Order {order}: a new customer"),
    "compare": words("Jämför", "Compare"),
    "compare_of": words("Jämför order {order}", "Compare order {order}"),
    "other": words("En annan kund", "Another customer"),
    "number": words("Kundnummer i Mamut", "Customer number in Mamut"),
    "choose": words("Välj", "Choose"),
    "number_wrong": words("Kundnumret är inget nummer.", "The customer number is no number."),
    "one": words("Köparen av order {number}", "The buyer of order {number}"),
    "side": words("Sida vid sida", "Side by side"),
    "field": words("Uppgift", "Field"),
    "buyer": words("Ordern", "The order"),
    "customer": words("Kund {number}", "Customer {number}"),
    "inactive": words("inaktiv", "inactive"),
    "same": words("lika", "equal"),
    "differs": words("skiljer", "differs"),
    "chosen": words("{who} har valt kund {number}, {at}.", "{who} chose customer {number}, {at}."),
    "chosen_new": words("{who} har valt en ny kund, {at}.", "{who} chose a new customer, {at}."),
    "forget": words("Glöm valet", "Forget the choice"),
    "field_name": words("Namn", "Name"),
    "field_org_no": words("Organisationsnummer", "Organisation number"),
    "field_vat_no": words("VAT-nummer", "VAT number"),
    "field_email": words("E-post", "E-mail"),
    "field_phone": words("Telefon", "Phone"),
    "field_street": words("Adress", "Street"),
    "field_postcode": words("Postnummer", "Postcode"),
    "field_city": words("Ort", "City"),
    "field_country": words("Land", "Country"),
}
