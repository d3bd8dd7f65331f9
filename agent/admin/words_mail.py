"""Texts of the page about mail."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Brev", "Mail"),
    "lead": words(
        "Det som behöver en människa berättas också med brev: det som stoppar flödet genast, resten en gång om dagen.",
        "What needs a person is told by mail too: at once what stops the flow, the rest once a day.",
    ),
    "is_off": words("Ingen e-postserver är inställd.", "No mail server is set up."),
    "off": words(
        "Brev skickas inte. Ange host, sender och to under [mail] i inställningarna.",
        "No mail is sent. Give host, sender and to in [mail] of the settings.",
    ),
    "failing": words(
        "Brev har inte gått sedan {since}: {problem}. Agenten försöker igen av sig själv.",
        "No mail has gone since {since}: {problem}. The agent tries again by itself.",
    ),
    "server": words("Server", "Server"),
    "server_is": words("{host}, port {port}, {security}", "{host}, port {port}, {security}"),
    "to": words("Mottagare", "Recipients"),
    "refused": words("{count} ville servern inte ha", "{count} refused by the server"),
    "sent": words("Senaste brevet", "Last letter"),
    "never": words("aldrig", "never"),
    "next": words("Nästa sammanfattning", "Next digest"),
    "if_any": words("{at}, om något finns att berätta", "{at}, if there is anything to tell"),
    "when_old": words("när något har blivit gammalt nog", "when a thing is old enough"),
    "tried": words("Senaste provbrevet", "Last test letter"),
    "test": words("Skicka ett provbrev", "Send a test letter"),
    "asked": words("Provbrevet skickas …", "The test letter is being sent …"),
    "told": words("Det som har berättats", "What has been told"),
    "told_nothing": words("Inget av det som finns nu har berättats.", "Nothing of what is now has been told."),
    "what": words("Vad", "What"),
    "shop": words("Butik", "Shop"),
    "count": words("Antal", "Count"),
    "at": words("Berättat", "Told"),
    "state": words("Läge", "State"),
    "there": words("kvarstår", "still so"),
    "gone": words("borta sedan {age}", "gone for {age}"),
    "would": words("Det här skulle ett brev säga nu", "This is what a letter would say now"),
    "would_nothing": words("Inget att berätta just nu.", "Nothing to tell right now."),
    "unripe": words(
        "{count} har ännu inte väntat länge nog för att berättas.", "{count} have not waited long enough to be told."
    ),
    "prices": words("Priser som stoppats av en spärr", "Prices that a guard has stopped"),
}
