"""Texts of the pages of shops."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Butiker", "Shops"),
    "lead": words(
        "Varje butik som den är inställd, och det agenten har fått veta om den.",
        "Each shop as it is set up, and what the agent has learnt of it.",
    ),
    "none": words("Ingen butik står i inställningarna.", "No shop stands in the settings."),
    "shop": words("Butik", "Shop"),
    "address": words("Adress", "Address"),
    "flow": words("Flöde", "Flow"),
    "state": words("Läge", "State"),
    "orders": words("Order", "Orders"),
    "version": words("WooCommerce", "WooCommerce"),
    "cost": words("Kostar per månad", "Costs a month"),
    "cost_included": words("ingår i paketet", "in the package"),
    "cost_kr": words("{kr} kr", "SEK {kr}"),
    "cost_all": words(
        "Paket {package} med butikerna: {kr} kr i månaden", "Package {package} with shops: SEK {kr} a month"
    ),
    "cost_quote": words("utöver offerten", "beyond the quote"),
    "subscription": words("Abonnemanget", "The subscription"),
    "frozen": words("fryst", "frozen"),
    "off": words("avstängd", "switched off"),
    "read": words("läses", "being read"),
    "unread": words("inte läst än", "not read yet"),
    "all": words("Alla butiker", "All shops"),
    "unknown": words("Den butiken finns inte i inställningarna.", "The settings have no such shop."),
    "set_up": words("Inställd som", "Set up as"),
    "key": words("Nyckel i Mamuts nummer", "Key in Mamut's numbers"),
    "department": words("Avdelning i Mamut", "Department in Mamut"),
    "no_department": words("ingen", "none"),
    "prices": words("Priser", "Prices"),
    "price_regular": words("Pris: {source}", "Price: {source}"),
    "price_sale": words("Reapris: {source}", "Sale price: {source}"),
    "price_list": words("Kundgrupp {category} i fältet {meta}", "Customer group {category} in the field {meta}"),
    "base_price": words("baspriset", "the base price"),
    "category_price": words("kontaktkategori {category}", "contact category {category}"),
    "stock": words("Lagerprofil", "Stock profile"),
    "warehouses": words("Lager: {names}", "Warehouses: {names}"),
    "all_warehouses": words("alla", "all"),
    "basis_available": words("Tillgängligt räknas", "Counts what is available"),
    "basis_on_hand": words("Finns i lager räknas", "Counts what is on hand"),
    "buffer": words("Buffert: {buffer}", "Buffer: {buffer}"),
    "share": words("Butikens andel: {share} %", "The shop's share: {share}%"),
    "cap": words("Visas högst: {cap}", "Shown at most: {cap}"),
    "zero_sold_out": words("Vid noll: slut", "At zero: sold out"),
    "zero_backorder": words("Vid noll: restnoteras", "At zero: on backorder"),
    "zero_notify": words("Vid noll: restnoteras, kunden får veta", "At zero: on backorder, the customer is told"),
    "zero_hide": words("Vid noll: döljs", "At zero: hidden"),
    "not_given": words("styrs inte av Mamut här", "not Mamut's to govern here"),
    "change": words("Ändra i inställningarna", "Change in the settings"),
    "learnt": words("Vad butiken har berättat", "What the shop has told"),
    "shop_name": words("Namn", "Name"),
    "store_id": words("Butikens id", "The shop's id"),
    "read_up_to": words("Order lästa till och med", "Orders read up to"),
    "time_zone": words("Tidszon", "Time zone"),
    "currency": words("Valuta", "Currency"),
    "vat": words("Moms", "VAT"),
    "with_vat": words("priser med moms", "prices with VAT"),
    "without_vat": words("priser utan moms", "prices without VAT"),
    "no_vat": words("butiken räknar ingen moms", "the shop works out no VAT"),
    "rates": words("satser {rates}", "rates {rates}"),
    "weight": words("Viktenhet", "Weight unit"),
    "plugins": words("Tillägg som syns", "Plugins that show"),
    "learn_more": words(
        "Tidszon, moms och tillägg läses när butiken prövas.",
        "Time zone, VAT and plugins are read when the shop is examined.",
    ),
    "directions": words("Riktningar", "Directions"),
    "no_directions": words("Ingen riktning är på.", "No direction is on."),
    "frozen_title": words("Butiken är fryst sedan {at}", "The shop has been frozen since {at}"),
    "frozen_another": words(
        "Inget läses från butiken och inget skrivs till den. Är den en kopia av en riktig butik skulle samma order "
        "annars bokföras två gånger och kunder få mejl från fel ställe. Godkänn bara om du vet att det är rätt butik, "
        "till exempel efter en flytt till en ny adress.",
        "Nothing is read from the shop or written to it. Were it a copy of a real shop, the same orders would be "
        "booked twice and customers get mail from the wrong place. Accept only when you know that it is the right "
        "shop, after a move to a new address, say.",
    ),
    "frozen_restored": words(
        "Inget läses från butiken och inget skrivs till den. En återställd butik har tappat order som står i Mamut, "
        "och kan ge nya order deras nummer. Jämför först. När du godkänner listas alla order på nytt; de som har "
        "fått ett nummer som redan är bokfört hålls kvar för dig.",
        "Nothing is read from the shop or written to it. A restored shop has lost orders that stand in Mamut, and may "
        "give their numbers to new ones. Compare first. When you accept, all orders are listed anew; those that have "
        "got a number that is booked already are held for you.",
    ),
    "what_changed": words("Vad som ändrats", "What changed"),
    "remedy": words("Gör så här", "What to do"),
    "accept": words("Godkänn: det är rätt butik", "Accept: it is the right shop"),
    "waiting": words("Väntar på agenten: {what} ({who})", "Waits for the agent: {what} ({who})"),
    "answer": words("{what}: {result}", "{what}: {result}"),
    "webhooks": words("Webhooks", "Webhooks"),
    "webhooks_unused": words(
        "Används inte. Butiken läses ändå var {every}; med webhooks kommer order på sekunder.",
        "Not used. The shop is read every {every} all the same; with webhooks orders come within seconds.",
    ),
    "webhooks_none": words("Inga är sedda än.", "None have been seen yet."),
    "topic": words("Ämne", "Topic"),
    "checked": words("Sedd", "Seen"),
    "webhooks_install": words("Gör dem, eller ge dem hemligheten igen", "Make them, or give them the secret again"),
    "webhooks_look": words("Se efter nu", "Look now"),
    "webhooks_remove": words("Ta bort dem", "Remove them"),
    "webhooks_remove_sure": words(
        "Bara Bryggas egna tas bort. Sätt sedan enabled = false i [shop.webhooks], annars saknar agenten dem.",
        "Only Brygga's own are removed. Then set enabled = false in [shop.webhooks], else the agent misses them.",
    ),
    "webhooks_off": words("Webhooks är avstängda för butiken.", "Webhooks are switched off for the shop."),
    "examination": words("Prövning", "Examination"),
    "examine": words("Pröva butiken nu", "Examine the shop now"),
    "examine_lead": words(
        "Adress, nyckel, klocka, sidor, statusar, moms, artikelnummer och webhooks prövas. Inget skrivs. Det tar högst "
        "tre minuter.",
        "Address, key, clock, pages, statuses, VAT, article numbers and webhooks are tested. Nothing is written. It "
        "takes three minutes at most.",
    ),
    "examined": words("Prövad {at} av {who}", "Examined {at} by {who}"),
    "examining": words("Prövas nu: {done} av {of}", "Being examined: {done} of {of}"),
    "test": words("Prov", "Test"),
    "verdict": words("Utslag", "Verdict"),
    "seen": words("Vad som sågs", "What was seen"),
    "verdict_good": words("bra", "good"),
    "verdict_warning": words("varning", "warning"),
    "verdict_error": words("fel", "error"),
    "verdict_not_tested": words("ej prövat", "not tested"),
    "culprit": words("Skyldig", "Guilty"),
    "is_off": words("Butiken är avstängd i inställningarna.", "The shop is switched off in the settings."),
    "not_frozen": words(
        "Butiken är inte fryst: det finns inget att godkänna.", "The shop is not frozen: nothing to accept."
    ),
    "asked_already": words("Det är redan begärt.", "That has been asked for already."),
}
