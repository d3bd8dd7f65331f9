"""Texts that every page of the admin has: the frame, access, and what is said after an act."""

from __future__ import annotations

from agent.model.words import words

FRAME = {
    "skip": words("Till innehållet", "Skip to content"),
    "menu": words("Meny", "Menu"),
    "menu_orders": words("Ordrar", "Orders"),
    "menu_goods": words("Varor", "Goods"),
    "menu_rules": words("Butiker och regler", "Shops and rules"),
    "menu_agent": words("Agenten", "The agent"),
    "sign_out": words("Logga ut", "Sign out"),
    "language": words("English", "Svenska"),
    "signed_in": words("Inloggad som {name}", "Signed in as {name}"),
    "live_lost": words("Ingen kontakt med agenten. Försöker igen.", "No contact with the agent. Trying again."),
    "role_look": words("titta", "look"),
    "role_operate": words("sköta", "operate"),
    "role_configure": words("ställa in", "configure"),
    "nothing": words("Inget här.", "Nothing here."),
    "save": words("Spara", "Save"),
    "cancel": words("Avbryt", "Cancel"),
    "back": words("Tillbaka", "Back"),
    "details": words("Mer", "More"),
}

ACCESS = {
    "login": words("Logga in", "Sign in"),
    "name": words("Namn", "Name"),
    "password": words("Lösenord", "Password"),
    "again": words("Lösenordet igen", "The password again"),
    "wrong": words("Namnet eller lösenordet stämmer inte.", "The name or the password is wrong."),
    "too_many": words(
        "För många försök. Vänta {seconds} sekunder.",
        "Too many attempts. Wait {seconds} seconds.",
    ),
    "first": words("Den första användaren", "The first user"),
    "new_by_code": words("Ny användare med engångskod", "New user by one-time code"),
    "first_lead": words(
        "I terminalen där agenten startades står en engångskod. Syns ingen: kör brygga admin code på servern.",
        "The terminal in which the agent was started shows a one-time code. If there is none: run brygga admin code "
        "on the server.",
    ),
    "code": words("Engångskod", "One-time code"),
    "code_wrong": words(
        "Koden stämmer inte, eller så är den använd. Kör brygga admin code för en ny.",
        "The code is wrong or has been used. Run brygga admin code for a new one.",
    ),
    "create": words("Skapa användaren", "Create the user"),
    "name_wrong": words("Namnet ska ha 1–{longest} tecken.", "The name needs 1–{longest} characters."),
    "password_short": words(
        "Lösenordet ska ha {shortest}–{longest} tecken. Några vanliga ord i rad är bra.",
        "The password needs {shortest}–{longest} characters. A few common words in a row do well.",
    ),
    "password_hint": words("Minst {shortest} tecken.", "At least {shortest} characters."),
    "password_is_name": words("Lösenordet är detsamma som namnet.", "The password is the same as the name."),
    "password_differs": words("Lösenorden är inte lika.", "The passwords differ."),
    "forged": words(
        "Sidan var för gammal, eller så kom begäran från en annan webbplats. Läs om sidan och försök igen.",
        "The page was too old, or the request came from another site. Reload the page and try again.",
    ),
    "not_your_role": words(
        "Din roll räcker inte till det här. Den som ställer in kan ändra den.",
        "Your role does not allow this. Somebody who configures can change it.",
    ),
    "not_found": words("Den sidan finns inte.", "There is no such page."),
    "not_that_way": words("Så kan sidan inte användas.", "The page cannot be used that way."),
    "too_large": words("Det var för mycket på en gång.", "That was too much at once."),
    "failed": words(
        "Något gick fel hos oss. Agenten arbetar vidare; loggen säger var det hände.",
        "Something went wrong on our side. The agent works on; the log tells where it happened.",
    ),
    "problem": words("Det gick inte", "That did not work"),
    "home": words("Till översikten", "To the overview"),
}

SAID = {
    "signed_out": words("Du är utloggad.", "You are signed out."),
    "asked": words("Agenten gör det strax.", "The agent does it in a moment."),
    "asked_many": words("Agenten tar hand om {n} stycken.", "The agent sees to {n} of them."),
    "saved": words("Sparat.", "Saved."),
    "settings_saved": words(
        "Sparat. Agenten arbetar efter de nya inställningarna.", "Saved. The agent works by the new settings."
    ),
    "settings_undone": words(
        "Ändringen är tillbakatagen, och agenten arbetar efter det.",
        "The change is taken back, and the agent works by that.",
    ),
    "setup_first": words(
        "Det går inte att pröva än: fyll i och rätta stegen före först.",
        "It cannot be tested yet: fill in and mend the steps before first.",
    ),
    "set_up_first": words(
        "Brygga är igång. De första orderna syns här inom någon minut.",
        "Brygga is at work. The first orders show here within a minute.",
    ),
    "set_up": words("Sparat. Agenten arbetar efter det.", "Saved. The agent works by that."),
    "settings_same": words("Inget var ändrat.", "Nothing was changed."),
    "password_changed": words("Lösenordet är bytt. Logga in med det nya.", "The password is changed. Sign in with it."),
}
"""What is said on the page after an act: `visit.back("/orders", "asked")`."""
