"""Texts of the guided set-up's later steps: flow and package, statuses and codes, the trial, and go."""

from __future__ import annotations

from agent.model.words import words

PACKAGE = {
    "package_lead": words(
        "Flödet säger vilket system som styr vad. Order går alltid från butiken till Mamut.",
        "The flow says which system governs what. Orders always go from the shop to Mamut.",
    ),
    "flow": words("Flöde", "Flow"),
    "to_mamut": words("{what} till Mamut", "{what} to Mamut"),
    "to_shop": words("{what} till butiken", "{what} to the shop"),
    "from_package": words("från paket {package}", "from package {package}"),
    "optional": words("om du vill", "if you want"),
    "needs": words("Kräver minst paket {package}.", "Needs package {package} at least."),
    "package": words("Paket", "Package"),
    "package_line": words(
        "{package}: {kr} kr i månaden, {orders} order i månaden", "{package}: {kr} kr a month, {orders} orders a month"
    ),
    "package_by_quote": words("{package}: enligt offert", "{package}: by a quote"),
    "feature": words("Innehåll", "What is included"),
    "monthly": words("Kronor i månaden, med dina butiker", "SEK a month, with your shops"),
    "installation": words("Installation, kronor", "Installation, SEK"),
    "orders_month": words("Order i månaden", "Orders a month"),
    "yes": words("ja", "yes"),
    "no": words("nej", "no"),
    "package_terms": words(
        "Priser utan moms. Avtalstid {contract} månader, uppsägning {notice} månad.",
        "Prices without VAT. Contract {contract} months, notice {notice} month.",
    ),
    "premium_limit": words(
        "Order i månaden enligt offerten (bara Premium)", "Orders a month by the quote (Premium only)"
    ),
    "package_hint": words(
        "Byter du till ett flöde eller paket utan någon av delarna tas dess inställningar bort. Det visas innan det "
        "sparas.",
        "When you change to a flow or package without one of the parts, its settings are taken out. That is shown "
        "before it is saved.",
    ),
    "cost_now": words("Så kostar det du valt", "What you have chosen costs"),
}

MAPPING = {
    "mapping_lead": words(
        "Valen är fyllda med butikens och Mamuts egna listor. Förslagen bygger på namnen: se efter att de stämmer.",
        "The choices are filled with the shop's and Mamut's own lists. Proposals go by names: see that they are right.",
    ),
    "no_shop_lists": words(
        "Butikens listor är inte lästa: pröva butiken först.",
        "The shop's lists have not been read: test the shop first.",
    ),
    "no_mamut_lists": words(
        "Mamuts listor är inte lästa: pröva Mamut först.", "Mamut's lists have not been read: test Mamut first."
    ),
    "unread": words("Nyckeln får inte läsa: {what}.", "The key may not read: {what}."),
    "which_orders": words("Order", "Orders"),
    "trigger_hint": words(
        "En order går till Mamut när den har någon av dessa statusar.",
        "An order goes to Mamut when it has one of these statuses.",
    ),
    "document": words("Blir i Mamut", "Becomes in Mamut"),
    "document_order": words("order", "order"),
    "document_invoice": words("faktura", "invoice"),
    "as_above": words("som ovan", "as above"),
    "unknown": words("Artikel som saknas i Mamut", "An article that Mamut lacks"),
    "unknown_hold": words("håll kvar ordern", "hold the order"),
    "unknown_create": words("gör artikeln i Mamut", "make the article in Mamut"),
    "unknown_general": words("använd den allmänna artikeln", "use the general article"),
    "department": words("Avdelning (resultatenhet)", "Department (profit centre)"),
    "department_hint": words("Ge varje butik sin egen.", "Give every shop its own."),
    "none_chosen": words("inget valt", "none chosen"),
    "not_in_mamut": words("(finns inte i Mamut)", "(not in Mamut)"),
    "none_known": words("Inga kända.", "None known."),
    "payments": words("Betalsätt", "Ways to pay"),
    "payment": words("I butiken", "In the shop"),
    "terms": words("Betalningsvillkor", "Payment terms"),
    "customers_own": words("kundens egna", "the customer's own"),
    "ready": words("Klar för fakturering", "Ready for invoicing"),
    "payment_unmapped": words("Betalsätt som inte står här", "A way to pay that is not here"),
    "unmapped_default": words("låt ordern gå", "let the order go"),
    "unmapped_hold": words("håll kvar ordern", "hold the order"),
    "shippings": words("Fraktsätt", "Ways to ship"),
    "shipping": words("I butiken", "In the shop"),
    "form": words("Leveranssätt", "Form of delivery"),
    "shipping_unmapped": words("Fraktsätt som inte står här", "A way to ship that is not here"),
    "vat": words("Moms", "VAT"),
    "vat_hint": words(
        "Mamuts momskod för varje momssats som butiken har.", "Mamut's VAT code for each rate that the shop has."
    ),
    "vat_percent": words("Moms {percent} %", "VAT {percent} %"),
    "vat_eu_company": words("Företag i annat EU-land", "Companies in another EU country"),
    "vat_export": words("Utanför EU", "Outside the EU"),
    "vat_zero": words("Ingen moms", "No VAT"),
    "goods": words("Varor", "Goods"),
    "goods_hint": words(
        "Det som är ikryssat börjar agenten med när du startar. Artiklarna känns igen på sina artikelnummer; hur det "
        "skulle bli kan ses först med en plan (brygga sync products).",
        "What is ticked the agent begins with when you start. Articles are recognised by their numbers; what would "
        "become of them can be seen first by a plan (brygga sync products).",
    ),
    "switch_to_mamut": words(
        "Butikens produkter blir artiklar i Mamut", "The shop's products become articles in Mamut"
    ),
    "switch_products": words(
        "Mamuts artiklar blir produkter i butiken", "Mamut's articles become products of the shop"
    ),
    "switch_prices": words("Butikens priser sätts efter Mamut", "The shop's prices are set by Mamut"),
    "switch_stock": words("Butikens lagersaldo sätts efter Mamut", "The shop's stock is set by Mamut"),
    "back": words("Status tillbaka till butiken", "Status back to the shop"),
    "statuses_on": words("Sätt butikens orderstatus efter Mamut", "Set the shop's order status by Mamut"),
    "back_hint": words(
        "Av från början: en status kan mejla kunden och få betalleverantören att dra pengarna.",
        "Off at first: a status may mail the customer and make the payment provider take the money.",
    ),
    "event": words("När dokumentet i Mamut är", "When the document in Mamut is"),
    "event_delivered": words("levererat", "delivered"),
    "event_partly_delivered": words("delvis levererat", "partly delivered"),
    "event_invoiced": words("fakturerat", "invoiced"),
    "event_paid": words("betalt", "paid"),
    "event_cancelled": words("makulerat", "cancelled"),
    "status": words("Status", "Status"),
    "leave": words("lämna som den är", "leave it as it is"),
    "mail": words("Mejl till kunden", "Mail to the customer"),
    "mail_none": words("inget av oss", "none of ours"),
    "mail_shop": words("butikens eget", "the shop's own"),
    "mail_note": words("anteckning", "note"),
    "capture": words("Pengarna dras", "The money is taken"),
    "warehouses": words("Lager", "Warehouses"),
    "warehouses_hint": words("Utan val räknas alla.", "With none chosen all are counted."),
    "warehouses_hint_one": words(
        "Utan val räknas alla. Paketet tillåter ett eget lager; fler kräver lagerprofiler.",
        "With none chosen all are counted. The package allows one; more need stock profiles.",
    ),
    "price_list": words("Pris i butiken efter kategori", "The shop's price by category"),
    "base_price": words("utpriset", "the base price"),
    "more_later": words(
        "Allt annat har försiktiga grundval och kan ändras sedan, under Inställningar.",
        "All else has careful defaults and can be changed later, in Settings.",
    ),
}

TRIAL = {
    "trial_lead": words(
        "Butikens 20 senaste order läses och bedöms precis som agenten gör det, mot det som finns i Mamut nu. Inget "
        "skrivs någonstans.",
        "The shop's 20 newest orders are read and judged just as the agent does it, by what Mamut holds now. "
        "Nothing is written anywhere.",
    ),
    "trial_run": words("Kör provet", "Run the trial"),
    "trial_again": words("Kör provet igen", "Run the trial again"),
    "trial_none": words("Butiken har inga order än. Det är bara att starta.", "The shop has no orders yet. Just go."),
    "trial_unreadable": words("Gick inte att läsa: order {orders}.", "Could not be read: orders {orders}."),
    "would_transferred": words("skulle stå i Mamut", "would stand in Mamut"),
    "would_waiting": words("skulle vänta", "would wait"),
    "would_excluded": words("skulle undantas", "would be excluded"),
    "would_held": words("skulle hållas kvar", "would be held"),
    "would_dead": words("skulle inte gå", "would not go"),
    "order": words("Order", "Order"),
    "placed": words("Lagd", "Placed"),
    "total": words("Betalt", "Paid"),
    "becomes": words("Blir", "Becomes"),
    "becomes_order": words("order i Mamut", "order in Mamut"),
    "becomes_invoice": words("faktura i Mamut", "invoice in Mamut"),
    "customer_new": words("ny kund", "new customer"),
    "customer_existing": words("befintlig kund", "existing customer"),
    "customer_probable": words("trolig kund", "probable customer"),
    "customer_collective": words("samlingskunden", "the collective customer"),
    "makes": words("Först görs: {articles}", "Made first: {articles}"),
    "stands": words("står redan i Mamut: {number}", "stands in Mamut already: {number}"),
    "state_of_waiting": words("väntar", "waits"),
    "state_of_excluded": words("undantas", "excluded"),
    "state_of_held": words("hålls kvar", "held"),
    "state_of_dead": words("går inte", "does not go"),
    "proof": words("Beloppen", "The amounts"),
    "proof_holds": words("stämmer på öret", "agree to the öre"),
    "proof_differs": words("skiljer", "differ"),
    "net": words("Utan moms", "Without VAT"),
    "vat_sum": words("Moms", "VAT"),
    "rounding": words("Öresavrundning", "Rounding"),
    "mamut_total": words("Mamut räknar", "Mamut totals"),
    "paid": words("Kunden betalade", "The customer paid"),
}

GO = {
    "go_lead_first": words(
        "Sista steget. Inställningarna skrivs, och agenten börjar arbeta genast.",
        "The last step. The settings are written, and the agent begins to work at once.",
    ),
    "go_lead": words(
        "Sista steget. Inställningarna skrivs, och agenten tar upp dem genast; andra butiker märker inget.",
        "The last step. The settings are written, and the agent takes them up at once; other shops notice nothing.",
    ),
    "runs": words("Arbetar med", "Works with"),
    "begin_where": words("Vilka order ska tas?", "Which orders are to be taken?"),
    "begin_now": words("De som läggs från nu", "Those placed from now on"),
    "begin_date": words("De som lagts från och med dagen", "Those placed from this day on"),
    "begin_listed": words(
        "De i provet och alla efter dem, från {since}", "Those of the trial and all after them, from {since}"
    ),
    "begin_kept": words("Som det är inställt, från {since}", "As it is set, from {since}"),
    "begin_kept_all": words("Som det är inställt: alla", "As it is set: all"),
    "begin_hint": words(
        "Äldre order lämnas i fred. En order som redan står i Mamut under sitt nummer görs aldrig en gång till.",
        "Older orders are left alone. An order that stands in Mamut under its number is never made twice.",
    ),
    "show_what": words("Visa vad som ändras", "Show what changes"),
    "doubts": words("Allt är inte prövat och bra:", "Not all is tested and good:"),
    "anyway": words("Jag vet om det, och vill starta ändå.", "I know, and want to go all the same."),
    "doubts_first": words(
        "Inget är ändrat: se efter stegen nedan, eller kryssa för att du vill starta ändå.",
        "Nothing was changed: look at the steps below, or tick that you want to go all the same.",
    ),
    "what_changes": words("Vad som ändras i {file}", "What changes in {file}"),
    "changed_meanwhile": words(
        "Filen har ändrats sedan du började här. Raderna nedan visar vad som skulle bli av den ändringen.",
        "The file has been changed since you began here. The lines below show what would become of that change.",
    ),
    "day_wrong": words("Inget är ändrat: det är ingen dag.", "Nothing was changed: that is no day."),
    "nothing_listed": words(
        "Inget är ändrat: provet är inte kört.", "Nothing was changed: the trial has not been run."
    ),
    "go_first": words("Starta Brygga", "Start Brygga"),
    "go": words("Spara och ta i bruk", "Save and take into use"),
}
