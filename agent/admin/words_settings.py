"""Texts of the pages of settings."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Inställningar", "Settings"),
    "lead": words(
        "Varje ändring av brygga.toml som agenten har tagit upp, nyast först. En ändring kan tas tillbaka.",
        "Every change of brygga.toml that the agent has taken up, newest first. A change can be taken back.",
    ),
    "number": words("Nr", "No"),
    "when": words("När", "When"),
    "who": words("Vem", "Who"),
    "how": words("Hur", "How"),
    "changed": words("Ändrat", "Changed"),
    "comments_only": words("bara kommentarer", "comments only"),
    "and_more": words("och {count} till", "and {count} more"),
    "show_change": words("Ändring {number}", "Change {number}"),
    "before_after": words("Före och efter", "Before and after"),
    "file_lines": words("Raderna i filen", "The lines of the file"),
    "no_lines": words("Filen blir som den är.", "The file stays as it is."),
    "newest": words("Nyaste", "Newest"),
    "older": words("Äldre →", "Older →"),
    "none": words("Agenten har inte tagit upp några inställningar än.", "The agent has not taken up any settings yet."),
    "unknown": words("Den ändringen finns inte.", "There is no such change."),
    "all_changes": words("Alla ändringar", "All changes"),
    "undo": words("Ta tillbaka …", "Take back …"),
    "undo_title": words("Ta tillbaka ändring {number}?", "Take back change {number}?"),
    "undo_lead": words(
        "Filen skrivs som den var före ändringen, och agenten arbetar efter det. Så här ändras den:",
        "The file is written as it was before the change, and the agent works by that. This is how it changes:",
    ),
    "undo_now": words("Ta tillbaka", "Take back"),
    "later": words("Även det som har ändrats därefter tas tillbaka:", "What was changed since is taken back too:"),
    "nothing_before": words("Före den fanns inga inställningar.", "There were no settings before it."),
    "concealed": words(
        "I filen stod en hemlighet, som inte har sparats: den kan inte skrivas tillbaka härifrån.",
        "There was a secret in the file, which has not been kept: it cannot be written back from here.",
    ),
    "not_here": words(
        "Inställningarna kan inte ändras härifrån just nu: agenten byter till nya, eller har ingen fil att läsa dem ur."
        " Försök igen om en stund.",
        "The settings cannot be changed from here just now: the agent is taking up others, or has no file to read them"
        " from. Try again in a moment.",
    ),
    "edit": words("Redigera", "Edit"),
    "edit_title": words("Redigera inställningarna", "Edit the settings"),
    "edit_lead": words(
        "Hela brygga.toml. Inget sparas förrän allt stämmer, och agenten tar genast upp det som sparas. Lösenord och "
        "nycklar hör inte hemma här.",
        "All of brygga.toml. Nothing is saved until all of it is right, and the agent takes up at once what is saved. "
        "Passwords and keys do not belong here.",
    ),
    "text": words("Inställningar som text", "Settings as text"),
    "check": words("Kontrollera", "Check"),
    "all_well": words("Allt stämmer. Inget är sparat än.", "All is well. Nothing is saved yet."),
    "would_change": words("Så skulle filen ändras", "How the file would change"),
    "read": words("Läs filen på nytt", "Read the file again"),
    "wrong": words(
        "Inget är ändrat: {count} fel måste rättas först.",
        "Nothing was changed. Faults to mend first: {count}.",
    ),
    "elsewhere": words(
        "Inget är ändrat. En annan data_dir kräver att filen skrivs för hand och att agenten startas om.",
        "Nothing was changed. Another data_dir needs the file to be written by hand and the agent to be started anew.",
    ),
    "changed_meanwhile": words(
        "Inget är ändrat: någon annan har ändrat filen under tiden. Nedan står vad som nu skulle ändras. Fortsätt om "
        "det är rätt.",
        "Nothing was changed: somebody else has changed the file meanwhile. Below stands what would change now. Go on "
        "if that is right.",
    ),
    "not_written": words("Filen kunde inte skrivas: {problem}.", "The file could not be written: {problem}."),
    "findings": words("Det som kontrollen fann", "What the check found"),
    "error": words("fel", "error"),
    "warning": words("varning", "warning"),
    "place": words("Plats", "Place"),
    "whole_file": words("filen", "the file"),
    "problem": words("Orsak", "Cause"),
    "remedy": words("Åtgärd", "Remedy"),
}
