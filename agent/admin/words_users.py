"""Texts of the pages about users."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Användare", "Users"),
    "lead": words(
        "Titta: se allt. Sköta: även försöka igen, hålla kvar, undanta och släppa fram. Ställa in: även inställningar "
        "och användare.",
        "Look: see everything. Operate: also retry, hold, exclude and release. Configure: also settings and users.",
    ),
    "name": words("Namn", "Name"),
    "role": words("Roll", "Role"),
    "made": words("Skapad", "Made"),
    "changed": words("Lösenordet satt", "Password set"),
    "blocked": words("spärrad", "blocked"),
    "active": words("aktiv", "active"),
    "state": words("Läge", "State"),
    "acts": words("Åtgärder", "Actions"),
    "block": words("Spärra", "Block"),
    "unblock": words("Häv spärr", "Unblock"),
    "code": words("Ny kod", "New code"),
    "for_user": words("{what}: {name}", "{what}: {name}"),
    "add": words("Ny användare", "New user"),
    "invite": words("Skapa kod", "Make a code"),
    "code_given": words("Engångskod för {name}", "One-time code for {name}"),
    "code_how": words(
        "Lämna den till {name}, som väljer sitt lösenord på sidan /first inom {hours} timmar. Koden visas bara nu.",
        "Give it to {name}, who chooses a password on the page /first within {hours} hours. It is shown only now.",
    ),
    "name_taken": words("{name} finns redan.", "{name} exists already."),
    "role_unknown": words("Välj en roll.", "Choose a role."),
    "unknown": words("Den användaren finns inte.", "There is no such user."),
    "last_one": words(
        "Någon måste kunna ställa in: ge först en annan den rollen.",
        "Somebody must be able to configure: give somebody else that role first.",
    ),
    "password": words("Ditt lösenord", "Your password"),
    "old": words("Nuvarande lösenord", "Current password"),
    "new": words("Nytt lösenord", "New password"),
    "old_wrong": words("Det nuvarande lösenordet stämmer inte.", "The current password is wrong."),
    "change": words("Byt lösenord", "Change the password"),
    "change_lead": words(
        "Du loggas ut överallt och loggar in med det nya.",
        "You are signed out everywhere and sign in with the new one.",
    ),
}
