"""Texts of the reasons an order has for being where it is, in the order of the codes."""

from __future__ import annotations

from agent.model.entry import Entry, entry
from agent.model.reasons import Reason
from agent.model.words import words

_NOTHING_TO_DO = words("Inget behöver göras.", "Nothing needs to be done.")

ORDER_TEXTS: dict[Reason, Entry] = {
    # -- waiting ----------------------------------------------------------------------------------------------------
    Reason.NOT_READ: entry(
        words("Inte läst än", "Not read yet"),
        words(
            "Ordern har setts i butikens lista men inte lästs i sin helhet.", "The order is listed but not yet read."
        ),
        words("Den läses inom kort av sig själv.", "It is read shortly, by itself."),
    ),
    Reason.STATUS_NOT_TRIGGER: entry(
        words("Väntar på rätt status", "Waits for its status"),
        words(
            "Orderns status är {status}, som inte för över order.",
            "The order's status is {status}, which does not transfer orders.",
        ),
        words(
            "Den går över när butiken ger den en status i [shop.orders] trigger.",
            "It goes over once the shop gives it a status named in [shop.orders] trigger.",
        ),
    ),
    Reason.IN_CHECKOUT: entry(
        words("Kunden är kvar i kassan", "Still in the checkout"),
        words("Köpet är inte avslutat.", "The purchase has not been finished."),
        _NOTHING_TO_DO,
    ),
    Reason.QUEUED: entry(
        words("På väg", "On its way"),
        words("Ordern är klar och står i kö till Mamut.", "The order is ready and queued for Mamut."),
        _NOTHING_TO_DO,
    ),
    Reason.RETRY_DUE: entry(
        words("Försöker igen", "Tries again"),
        words("Mamut eller butiken kunde inte ta emot: {problem}.", "Mamut or the shop could not take it: {problem}."),
        words(
            "Agenten försöker igen av sig själv. Dröjer det: se brygga status.",
            "The agent tries again by itself. If it takes long: see brygga status.",
        ),
    ),
    Reason.OUTCOME_UNSURE: entry(
        words("Svaret kom aldrig", "The answer never came"),
        words(
            "Ordern skickades men svaret uteblev. Den kan redan stå i Mamut.",
            "The order was sent but no answer came. It may already be in Mamut.",
        ),
        words(
            "Agenten slår upp den i Mamut innan den gör något mer. Lägg inte in den för hand.",
            "The agent looks it up in Mamut before it does anything more. Do not enter it by hand.",
        ),
    ),
    Reason.SHOP_FROZEN: entry(
        words("Butiken är stoppad", "The shop is stopped"),
        words(
            "Butiken är inte den den var; inget förs över.", "The shop is not the one it was; nothing is transferred."
        ),
        words(
            "Se brygga shops, och godkänn butiken om allt är rätt.", "See brygga shops, and accept it if all is right."
        ),
    ),
    # -- excluded ---------------------------------------------------------------------------------------------------
    Reason.EXCLUDED_BY_RULE: entry(
        words("Utesluten av regel", "Excluded by a rule"),
        words('Regeln "{rule}" utesluter ordern.', 'The rule "{rule}" excludes the order.'),
        words("Ändra regeln om ordern ska med.", "Change the rule if the order is to go."),
    ),
    Reason.BEFORE_START: entry(
        words("Äldre än starttiden", "Older than the start"),
        words("Ordern gjordes före {start_at}.", "The order was made before {start_at}."),
        words("Flytta start_at bakåt om den ska med.", "Move start_at back if it is to go."),
    ),
    Reason.EXCLUDED_BY_HAND: entry(
        words("Utesluten för hand", "Excluded by hand"),
        words("Någon har uteslutit ordern.", "Someone excluded the order."),
        words("Ångra med brygga orders retry.", "Undo it with brygga orders retry."),
    ),
    Reason.GONE_FROM_SHOP: entry(
        words("Borta ur butiken", "Gone from the shop"),
        words(
            "Ordern togs bort i butiken innan den fördes över.",
            "The order was removed from the shop before it was transferred.",
        ),
        words("Återställ den ur papperskorgen om den ska med.", "Restore it from the trash if it is to go."),
    ),
    # -- held -------------------------------------------------------------------------------------------------------
    Reason.PACKAGE_LIMIT: entry(
        words("Paketets gräns är nådd", "The package's limit is reached"),
        words(
            "Månadens alla order i paketet är använda.",
            "All of the month's orders in the package are used.",
        ),
        words(
            "Ordern går vid månadsskiftet, eller genast om paketet höjs.",
            "The order goes at the turn of the month, or at once if the package is raised.",
        ),
    ),
    Reason.ARTICLE_UNKNOWN: entry(
        words("Artikeln finns inte i Mamut", "The article is not in Mamut"),
        words("Artikelnummer {article} saknas i Mamut.", "Article number {article} is not in Mamut."),
        words(
            "Lägg upp den i Mamut och kör brygga orders retry, eller låt [shop.articles] unknown skapa den.",
            "Enter it in Mamut and run brygga orders retry, or let [shop.articles] unknown create it.",
        ),
    ),
    Reason.ARTICLE_INACTIVE: entry(
        words("Artikeln är inaktiv i Mamut", "The article is inactive in Mamut"),
        words(
            "Artikel {article} är inaktiv; Mamut skulle byta ut den mot en tom rad.",
            "Article {article} is inactive; Mamut would put an empty row in its place.",
        ),
        words("Aktivera den i Mamut och kör brygga orders retry.", "Activate it in Mamut and run brygga orders retry."),
    ),
    Reason.ARTICLE_MISSING: entry(
        words("Varan saknar artikelnummer", "Goods without an article number"),
        words('"{line}" har inget artikelnummer i butiken.', '"{line}" has no article number in the shop.'),
        words(
            "Ge produkten ett artikelnummer (SKU) i butiken, eller ange en allmän artikel i [shop.articles].",
            "Give the product a number (SKU) in the shop, or name a general article in [shop.articles].",
        ),
    ),
    Reason.TOTAL_UNEXPLAINED: entry(
        words("Summan går inte ihop", "The total does not add up"),
        words(
            "Raderna ger {lines} men kunden betalade {paid}: {difference} saknar förklaring.",
            "The rows make {lines} but the customer paid {paid}: {difference} is unexplained.",
        ),
        words(
            "Jämför ordern i butiken: ofta är det ett tillägg som ändrar summan utan egen rad.",
            "Compare the order in the shop: often a plugin changes the total without a row of its own.",
        ),
    ),
    Reason.ROUNDING_ABOVE_LIMIT: entry(
        words("För stor öresavrundning", "The rounding is too large"),
        words(
            "Mamuts summa skiljer {rounding} från den betalda; gränsen är {limit}.",
            "Mamut's total differs by {rounding} from what was paid; the limit is {limit}.",
        ),
        words(
            "Granska uträkningen med brygga orders show. Höj rounding_limit bara om skillnaden är rimlig.",
            "Look at the arithmetic with brygga orders show. Raise rounding_limit only if it is reasonable.",
        ),
    ),
    Reason.VAT_CODE_MISSING: entry(
        words("Momskod saknas", "A VAT code is missing"),
        words(
            "Ordern har {percent} % moms ({country}), men {kind}.",
            "The order has {percent} % VAT ({country}), but {kind}.",
        ),
        words(
            "Ange rätt momskod i [shop.vat] och kör brygga orders retry.",
            "Give the right VAT code in [shop.vat] and run brygga orders retry.",
        ),
    ),
    Reason.VAT_RATES_MIXED: entry(
        words("Flera momssatser på en rad", "Several VAT rates on one row"),
        words(
            '"{line}" har moms av flera satser som inte går att dela upp.',
            '"{line}" has VAT of several rates that cannot be told apart.',
        ),
        words(
            "Rätta skatteklassen i butiken, eller lägg in ordern för hand.",
            "Correct the tax class, or enter it by hand.",
        ),
    ),
    Reason.CURRENCY_NOT_ALLOWED: entry(
        words("Valutan är inte tillåten", "The currency is not allowed"),
        words("Ordern är i {currency}.", "The order is in {currency}."),
        words(
            "Lägg upp valutan i Mamut, och i [shop.orders] currencies om den listan används.",
            "Enter the currency in Mamut, and in [shop.orders] currencies if that list is used.",
        ),
    ),
    Reason.GIFT_CARD_UNMAPPED: entry(
        words("Presentkort utan artikel", "A gift card without an article"),
        words(
            "{amount} betalades med presentkort, men ingen artikel är angiven för det.",
            "{amount} was paid by gift card, but no article is given for that.",
        ),
        words('Ange [shop.articles] gift_card = "artikelnumret".', 'Give [shop.articles] gift_card = "its article".'),
    ),
    Reason.PAYMENT_METHOD_UNMAPPED: entry(
        words("Okänt betalsätt", "An unknown payment method"),
        words("Betalsättet {method} är inte inlagt.", "The payment method {method} has not been entered."),
        words("Lägg in det i [shop.orders.payment_methods].", "Enter it in [shop.orders.payment_methods]."),
    ),
    Reason.SHIPPING_METHOD_UNMAPPED: entry(
        words("Okänt fraktsätt", "An unknown shipping method"),
        words("Fraktsättet {method} är inte inlagt.", "The shipping method {method} has not been entered."),
        words("Lägg in det i [shop.orders.shipping_methods].", "Enter it in [shop.orders.shipping_methods]."),
    ),
    Reason.QUANTITY_DECIMALS: entry(
        words("För många decimaler i antalet", "Too many decimals in a quantity"),
        words('"{line}": antalet {quantity} har fler än två decimaler.', '"{line}": {quantity} has over two decimals.'),
        words("Mamut har två. Lägg in ordern för hand.", "Mamut has two. Enter the order by hand."),
    ),
    Reason.ORDER_EMPTY: entry(
        words("Ordern är tom", "The order is empty"),
        words("Ordern har inga rader.", "The order has no rows."),
        words("Uteslut den, eller rätta den i butiken.", "Exclude it, or correct it in the shop."),
    ),
    Reason.REFUNDED_BEFORE_TRANSFER: entry(
        words("Återbetald före överföringen", "Refunded before it was transferred"),
        words("{amount} har redan betalats tillbaka.", "{amount} has been paid back already."),
        words(
            "Bestäm om ordern ska bokföras: brygga orders retry eller exclude.",
            "Decide whether it is to be booked: brygga orders retry or exclude.",
        ),
    ),
    Reason.PAYMENT_USED_TWICE: entry(
        words("Samma betalning på två order", "One payment on two orders"),
        words(
            "Betalningen finns redan på order {other}. Butiken kan ha skapat ordern två gånger.",
            "The payment already stands on order {other}. The shop may have made the order twice.",
        ),
        words(
            "Jämför de två: uteslut dubbletten, eller släpp den med brygga orders retry.",
            "Compare the two: exclude the double, or release it with brygga orders retry.",
        ),
    ),
    Reason.CUSTOMER_PROBABLE: entry(
        words("Trolig kund", "A probable customer"),
        words(
            "Kunden liknar kund {customer} i Mamut men är inte säkert densamma.",
            "The buyer resembles customer {customer} in Mamut but may not be the same.",
        ),
        words(
            "Säg vem köparen är med brygga orders customer, eller ändra [shop.customers] probable.",
            "Say who the buyer is with brygga orders customer, or change [shop.customers] probable.",
        ),
    ),
    Reason.CUSTOMER_AMBIGUOUS: entry(
        words("Flera kunder passar", "Several customers fit"),
        words("{count} kunder i Mamut passar lika bra: {customers}.", "{count} customers fit equally: {customers}."),
        words(
            "Säg vem köparen är med brygga orders customer, eller gör dubbletterna inaktiva i Mamut.",
            "Say who the buyer is with brygga orders customer, or make the doubles inactive in Mamut.",
        ),
    ),
    Reason.CUSTOMER_NEW: entry(
        words("Ny kund", "A new customer"),
        words(
            "Kunden finns inte i Mamut och nya kunder hålls kvar.", "The buyer is not in Mamut and new ones are held."
        ),
        words(
            "Säg vem köparen är med brygga orders customer, eller ändra [shop.customers] new.",
            "Say who the buyer is with brygga orders customer, or change [shop.customers] new.",
        ),
    ),
    Reason.CUSTOMER_INACTIVE: entry(
        words("Kunden är inaktiv", "The customer is inactive"),
        words("Kund {customer} är inaktiv i Mamut.", "Customer {customer} is inactive in Mamut."),
        words("Aktivera kunden och kör brygga orders retry.", "Activate the customer and run brygga orders retry."),
    ),
    Reason.CREDIT_STOP: entry(
        words("Kreditstopp", "Credit stop"),
        words("Kund {customer} har kreditstopp i Mamut.", "Customer {customer} has a credit stop in Mamut."),
        words(
            "Häv stoppet och kör brygga orders retry, eller ändra hold_on_credit_stop.",
            "Lift the stop and run brygga orders retry, or change hold_on_credit_stop.",
        ),
    ),
    Reason.EXTERNAL_NO_TAKEN: entry(
        words("Numret är upptaget i Mamut", "The number is taken in Mamut"),
        words(
            "Dokument {document} i Mamut har redan externt nummer {external_no}, men belopp eller valuta skiljer eller "
            "så är det makulerat.",
            "Document {document} in Mamut already has external number {external_no}, but its amount or currency "
            "differs, or it is cancelled.",
        ),
        words(
            "Jämför dem. Är det samma order: brygga orders adopt. Annars: ta bort numret från dokumentet i Mamut.",
            "Compare them. If it is the same order: brygga orders adopt. Else: remove the number in Mamut.",
        ),
    ),
    Reason.ORDER_KEY_CHANGED: entry(
        words("En annan order med samma id", "Another order with the same id"),
        words(
            "Butikens order-id har förut tillhört en annan order. Butiken kan vara återställd.",
            "The shop's order id has belonged to another order. The shop may have been restored.",
        ),
        words("Kontrollera butiken innan ordern släpps.", "Check the shop before the order is released."),
    ),
    Reason.HELD_BY_RULE: entry(
        words("Kvarhållen av regel", "Held by a rule"),
        words('Regeln "{rule}" håller kvar ordern.', 'The rule "{rule}" holds the order.'),
        words("Granska den och kör brygga orders retry.", "Look at it and run brygga orders retry."),
    ),
    Reason.RULE_FAILED: entry(
        words("En regel misslyckades", "A rule failed"),
        words('Regeln "{rule}" stoppade ordern: {why}.', 'The rule "{rule}" stopped the order: {why}.'),
        words(
            "Rätta regeln, eller det i ordern som den inte klarar. Prova regeln med brygga rules test.",
            "Correct the rule, or what it cannot take in the order. Try the rule with brygga rules test.",
        ),
    ),
    Reason.PLUGIN_HELD: entry(
        words("En plugin stoppade ordern", "A plugin stopped the order"),
        words('Pluginen "{plugin}" stoppade ordern: {why}.', 'The plugin "{plugin}" stopped the order: {why}.'),
        words(
            "Rätta pluginen, eller det i ordern som den inte klarar, och starta om agenten. "
            "Kör sedan brygga orders retry.",
            "Correct the plugin, or what it cannot take in the order, and restart the agent. "
            "Then run brygga orders retry.",
        ),
    ),
    Reason.CORRECTION_OVERTAKEN: entry(
        words("Rättad, och sedan ändrad i butiken", "Corrected, then changed in the shop"),
        words(
            "{corrected} har rättats för hand, men butiken har sedan ändrat samma sak.",
            "{corrected} was corrected by hand, and the shop has changed the same since.",
        ),
        words(
            "Ta bort rättelsen om butikens värde gäller, annars rätta igen: brygga orders correct.",
            "Take the correction back if the shop's value is right, else correct it again: brygga orders correct.",
        ),
    ),
    Reason.REGISTER_VALUE_MISSING: entry(
        words("Värdet finns inte i Mamuts register", "The value is not in Mamut's register"),
        words("{register} {value} finns inte i Mamut.", "{register} {value} is not in Mamut."),
        words(
            "Rätta numret i brygga.toml, eller lägg upp värdet i Mamut.",
            "Correct it in brygga.toml, or enter it in Mamut.",
        ),
    ),
    Reason.HELD_BY_HAND: entry(
        words("Kvarhållen för hand", "Held by hand"),
        words("Någon har hållit kvar ordern.", "Someone held the order."),
        words("Släpp den med brygga orders retry.", "Release it with brygga orders retry."),
    ),
    Reason.MARK_WITHOUT_DOCUMENT: entry(
        words("Märkt med ett Mamutnummer som saknas", "Marked with a Mamut number that is missing"),
        words(
            "Butikens order är märkt med Mamuts nummer {document}, men Mamut har inget dokument för den.",
            "The shop's order is marked with Mamut's number {document}, but Mamut holds no document for it.",
        ),
        words(
            "Har butikens key eller Mamutföretaget bytts? Sök i Mamut först; brygga orders retry för över den igen.",
            "Has the shop's key or the Mamut company changed? Look in Mamut; brygga orders retry transfers it again.",
        ),
    ),
    # -- dead -------------------------------------------------------------------------------------------------------
    Reason.MAMUT_REFUSED: entry(
        words("Mamut tog inte emot ordern", "Mamut refused the order"),
        words("Mamut svarade {problem}.", "Mamut answered {problem}."),
        words("Rätta orsaken och kör brygga orders retry.", "Mend the cause and run brygga orders retry."),
    ),
    Reason.MAMUT_GARBLED: entry(
        words("Mamuts svar går inte att förstå", "Mamut's answer makes no sense"),
        words("Svaret på ordern följde inte kontraktet: {problem}.", "The answer broke the contract: {problem}."),
        words(
            "Kontrollera Mamuts version, sedan brygga orders retry.", "Check Mamut's version, then brygga orders retry."
        ),
    ),
    Reason.ATTEMPTS_EXHAUSTED: entry(
        words("Försöken är slut", "Out of attempts"),
        words("Ordern har prövats många gånger: {problem}.", "The order was tried many times: {problem}."),
        words("Rätta orsaken och kör brygga orders retry.", "Mend the cause and run brygga orders retry."),
    ),
    Reason.ORDER_UNREADABLE: entry(
        words("Ordern går inte att läsa", "The order cannot be read"),
        words("Butikens svar följde inte kontraktet: {problem}.", "The shop's answer broke the contract: {problem}."),
        words(
            "Ofta ett tillägg i butiken. Rätta det och kör brygga orders retry.",
            "Often a plugin in the shop. Mend it and run brygga orders retry.",
        ),
    ),
}
