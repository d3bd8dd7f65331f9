"""Texts of the page of the subscription."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Abonnemang", "Subscription"),
    "none": words("Paketet {package} finns inte.", "There is no package {package}."),
    "package": words("Paket {package}", "Package {package}"),
    "monthly": words("kr i månaden utan moms", "kr a month without VAT"),
    "monthly_and_quote": words("kr i månaden utan moms, utöver offerten", "kr a month without VAT, beyond the quote"),
    "quote": words("offert", "quote"),
    "what": words("Vad", "What"),
    "count": words("Antal", "Count"),
    "each": words("Styck, kr", "Each, kr"),
    "price": words("Kr i månaden", "Kr a month"),
    "total": words("Summa", "Total"),
    "orders": words("Order", "Orders"),
    "month": words("Månad", "Month"),
    "this_month": words("hittills", "so far"),
    "of_limit": words("av {limit} i månaden", "of {limit} a month"),
    "no_limit": words("ingen gräns angiven", "no limit entered"),
    "held": words("Hålls kvar av gränsen och är medräknade: {count}.", "Held at the limit and counted here: {count}."),
    "counted": words(
        "En order räknas när den har förts över till Mamut, en gång, i den månad då det skedde (svensk tid).",
        "An order is counted when it has been transferred to Mamut, once, in the month in which that was (Swedish "
        "time).",
    ),
    "which": words("Vilket paket räcker?", "Which package would do?"),
    "which_lead": words(
        "Räknat på {months} och på det som nu är inställt: som mest {orders} order i en månad.",
        "Reckoned by {months} and by what is set up now: at most {orders} orders in a month.",
    ),
    "months_only_this": words("den här månaden", "this month"),
    "months_some": words("den här månaden och {count} till", "this month and {count} before it"),
    "best_is_ours": words("Ditt paket är det billigaste som räcker.", "Yours is the cheapest package that would do."),
    "best_cheaper": words(
        "Paket {package} skulle räcka och kosta {kr} kr mindre i månaden.",
        "Package {package} would do and cost {kr} kr less a month.",
    ),
    "best_dearer": words(
        "Ditt paket räcker inte: paket {package} skulle, för {kr} kr mer i månaden.",
        "Your package does not do: package {package} would, for {kr} kr more a month.",
    ),
    "best_quote": words(
        "Paket {package} skulle räcka; priset står i en offert.", "Package {package} would do; a quote says its price."
    ),
    "best_none": words("Inget paket räcker.", "No package would do."),
    "limit": words("Order i månaden, högst", "Orders a month, at most"),
    "verdict": words("Räcker", "Would do"),
    "does": words("räcker", "would do"),
    "does_not": words("räcker inte", "would not"),
    "yours": words("ditt", "yours"),
    "cheapest": words("billigast", "cheapest"),
    "too_many": words("För många order.", "Too many orders."),
    "stops": words("Skulle sluta gå: {direction}.", "Would stop: {direction}."),
    "includes": words("Det här ingår", "What is included"),
    "terms": words(
        "Varje butik utöver den första: {shop} kr. Avstämning: {reconciliation} kr per betalleverantör. Avtalstid "
        "{contract} månader, uppsägning {notice} månad. Priser utan moms.",
        "Each shop beyond the first: {shop} kr. Reconciliation: {reconciliation} kr per payment provider. Contract "
        "{contract} months, notice {notice} month. Prices without VAT.",
    ),
    "begun": words("Avtalet började {day}.", "The contract began {day}."),
}
