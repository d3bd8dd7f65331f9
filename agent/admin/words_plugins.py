"""Texts of the pages of plugins."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Plugin", "Plugins"),
    "lead": words(
        "Pythonpaket som får ändra en post på vägen. En plugin som misslyckas håller kvar posten och nämns vid namn; "
        "den kan inte tappa eller dubblera något.",
        "Python packages that may change a record on its way. A plugin that fails holds the record and is named; it "
        "can neither lose nor double anything.",
    ),
    "lacking": words(
        "Plugin hör till paket {package}. Du kan prova dem redan nu; de kan slås på när paketet har bytts.",
        "Plugins belong to package {package}. You can try them already; they can be switched on once the package has "
        "been changed.",
    ),
    "subscription": words("Se abonnemanget", "See the subscription"),
    "installed": words("Installerade", "Installed"),
    "none_installed": words(
        "Ingen plugin är installerad. Börja en med brygga plugin new NAMN.",
        "No plugin is installed. Begin one with brygga plugin new NAME.",
    ),
    "plugin": words("Plugin", "Plugin"),
    "version": words("Version", "Version"),
    "shops": words("Används av", "Used by"),
    "unused": words("ingen", "none"),
    "missing": words("inte installerad", "not installed"),
    "holds": words("Håller kvar", "Holds"),
    "orders": words("{count} order", "orders: {count}"),
    "articles": words("{count} artiklar", "articles: {count}"),
    "statuses": words("{count} orderstatusar", "orders' statuses: {count}"),
    "last_failure": words("Senaste felet", "Last failure"),
    "nothing_held": words("inget", "nothing"),
    "see": words("Visa dem", "Show them"),
    "check": words("Kontrollera alla", "Check all"),
    "check_hint": words(
        "Laddar varje plugin med sina inställningar, bredvid dem som arbetar.",
        "Loads each plugin with its settings, beside those at work.",
    ),
    "checked": words("Kontrollen", "The check"),
    "hooks": words("Krokar", "Hooks"),
    "found": words("Utslag", "Verdict"),
    "good": words("kan användas", "can be used"),
    "slow": words(
        "Kontrollen avbröts: någon plugin tar för lång tid att ladda.",
        "The check was cut short: a plugin takes too long.",
    ),
    "add": words("Lägg till plugin", "Add a plugin"),
    "add_to": words("Lägg till plugin i {shop}", "Add a plugin to {shop}"),
    "none": words("Inga plugin.", "No plugins."),
    "options": words("Inställningar", "Options"),
    "options_hint": words("En per rad: namn = värde", "One a line: name = value"),
    "limit": words("Längsta tid per post, sekunder", "Longest time for a record, seconds"),
    "new_title": words("Lägg till plugin", "Add a plugin"),
    "edit_title": words("Pluginen ”{name}”", "The plugin “{name}”"),
    "restart": words(
        "En ny version av en plugin som arbetar används först när agenten har startats om.",
        "A new version of a plugin that is at work is used once the agent has been started again.",
    ),
    "waits": words("{version} arbetar till nästa start", "{version} works until the next start"),
}
