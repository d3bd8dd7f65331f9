"""Texts of the page of stopped prices."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Stoppade priser", "Stopped prices"),
    "lead": words(
        "Priser ur Mamut som inte skrevs till butiken, för att de såg fel ut. Butiken visar det gamla priset tills "
        "någon bestämmer. Ändras priset i Mamut igen prövas det på nytt.",
        "Prices from Mamut that were not written to the shop since they looked wrong. The shop shows the old price "
        "until somebody decides. When Mamut changes the price again, it is judged anew.",
    ),
    "none": words("Inget pris är stoppat.", "No price is stopped."),
    "shop": words("Butik", "Shop"),
    "article": words("Artikel", "Article"),
    "name": words("Namn", "Name"),
    "old": words("Butiken har", "The shop has"),
    "new": words("Skulle bli", "Would become"),
    "change": words("Ändring", "Change"),
    "why": words("Varför", "Why"),
    "stopped": words("Stoppat", "Stopped"),
    "acts": words("Åtgärder", "Acts"),
    "run": words("hela omgången", "the whole run"),
    "run_count": words("{count} priser", "{count} prices"),
    "release": words("Släpp fram", "Let through"),
    "dismiss": words("Behåll butikens", "Keep the shop's"),
    "act_on": words("{what}: {article}", "{what}: {article}"),
    "decided": words("väntar på agenten", "waits for the agent"),
    "all_of": words("{shop}: {count} stoppade", "{shop}: {count} stopped"),
    "release_all": words("Släpp fram alla {count}", "Let all {count} through"),
    "dismiss_all": words("Behåll butikens alla {count}", "Keep all {count} of the shop's"),
    "all_sure": words(
        "Det gäller det som var stoppat när sidan visades, också det som inte syns på den här sidan.",
        "It is about what had been stopped when the page was shown, also what does not stand on this page.",
    ),
    "unanswered": words("{who}: {what} – väntar på agenten", "{who}: {what} – waits for the agent"),
    "limits": words("Vad som stoppas", "What is stopped"),
    "limit_zero": words("pris noll", "a price of zero"),
    "limit_percent": words("ändring över {percent} %", "a change of more than {percent}%"),
    "limit_articles": words(
        "fler än {articles} ändrade priser i en omgång", "more than {articles} changed prices in a run"
    ),
    "limit_none": words("inget", "nothing"),
    "limits_where": words("Ställs in i [shop.prices.guards].", "Set in [shop.prices.guards]."),
    "more": words("Fler", "More"),
    "first": words("Från början", "From the beginning"),
    "pages": words("Sidor", "Pages"),
    "history": words("Vad som har avgjorts", "What has been decided"),
    "no_history": words("Inget är avgjort än.", "Nothing has been decided yet."),
    "at": words("När", "When"),
    "who": words("Vem", "Who"),
    "decision": words("Avgjort", "Decided"),
    "older": words("Äldre", "Older"),
    "newest": words("Nyaste", "Newest"),
    "back": words("Stoppade priser", "Stopped prices"),
    "unknown": words("Det finns inget sådant att bestämma om.", "There is nothing like that to decide about."),
    "nothing": words(
        "Det är inte stoppat längre, eller så har det stoppats på nytt sedan sidan visades. Läs om sidan.",
        "It is not stopped any more, or has been stopped anew since the page was shown. Reload the page.",
    ),
}
