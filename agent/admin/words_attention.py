"""Texts of the page of what needs a person."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Behöver en människa", "Needs a person"),
    "lead": words(
        "En rad för varje orsak, hur många som än väntar på den.", "One row for each cause, however many wait for it."
    ),
    "nothing": words("Ingenting väntar på en människa.", "Nothing waits for a person."),
    "count": words("{count} st", "{count}"),
    "oldest": words("äldst sedan {age}", "oldest for {age}"),
    "remedy": words("Åtgärd", "Remedy"),
    "some": words("Några av dem", "Some of them"),
    "one": words("Vilken", "Which one"),
    "all_orders": words("Visa alla {count} order", "Show all {count} orders"),
    "retry_all": words("Försök igen med alla som är så här", "Retry all like this"),
    "retry_which": words("{what}: {code}", "{what}: {code}"),
    "order": words("Ordning", "Order"),
    "by_cause": words("Efter orsak", "By cause"),
    "by_age": words("Äldst först", "Oldest first"),
    "area_system": words("svarar inte", "does not answer"),
    "area_late": words("har inte gått", "has not run"),
    "area_computer": words("datorn", "the computer"),
    "area_soon": words("snart", "soon"),
    "area_shop": words("butik", "shop"),
    "area_part": words("del av agenten", "part of the agent"),
    "area_order": words("order", "orders"),
    "area_change": words("ändrad efter överföringen", "changed after the transfer"),
    "area_status": words("orderstatus i butiken", "order status in the shop"),
    "area_article": words("artiklar", "articles"),
    "area_price": words("priser", "prices"),
    "prices_stopped": words("Priser som stoppats av en spärr", "Prices that a guard has stopped"),
    "prices_remedy": words(
        "Se efter om de nya priserna stämmer, och släpp fram dem i så fall:",
        "See whether the new prices are right, and let them through if so:",
    ),
    "prices_page": words("Stoppade priser", "Stopped prices"),
}
