"""Texts of the pages of field mappings."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Fältmappning", "Field mapping"),
    "lead": words(
        "Ett fält i det ena systemet till ett fält i det andra, efter att dokumentet är avgjort och före reglerna om "
        "det som skrivs.",
        "A field of the one system to a field of the other, after the document is decided and before the rules about "
        "what is written.",
    ),
    "lacking": words(
        "Fältmappning hör till paket {package}. Du kan skriva och prova mappningar redan nu; de kan sparas när paketet "
        "har bytts.",
        "Field mapping belongs to package {package}. You can write and try mappings already; they can be saved once "
        "the package has been changed.",
    ),
    "subscription": words("Se abonnemanget", "See the subscription"),
    "none": words("Inga mappningar.", "No mappings."),
    "add": words("Ny mappning", "New mapping"),
    "add_to": words("Ny mappning för {shop}", "New mapping for {shop}"),
    "mapping": words("Mappning", "Mapping"),
    "way": words("Väg", "Way"),
    "source": words("Från", "From"),
    "target": words("Till", "To"),
    "new_title": words("Ny mappning", "New mapping"),
    "edit_title": words("Mappningen ”{name}”", "The mapping “{name}”"),
    "pick": words("Plocka (JMESPath)", "Pick (JMESPath)"),
    "pick_hint": words(
        "Tomt plockar hela posten. Längst ned på sidan står vad som finns att plocka.",
        "Empty picks the whole record. The end of the page lists what can be picked.",
    ),
    "compute": words("Räkna ut", "Compute"),
    "compute_hint": words(
        "Ett uttryck med value (det som plockades) och record. Tomt tar värdet som det är. Filter: {filters}.",
        "An expression with value (what was picked) and record. Empty takes the value as it is. Filters: {filters}.",
    ),
    "when_long": words("När texten är för lång", "When the text is too long"),
    "empty_clears": words("Töm fältet när inget plockas", "Empty the field when nothing is picked"),
    "targets": words("Fält att mappa till", "Fields to map to"),
    "length": words("Längd", "Length"),
    "sources": words("Fält att plocka ur", "Fields to pick from"),
    "sources_lead": words(
        "Så heter fälten i butikens {count} senaste order, även det som tillägg har lagt dit. Värdena visas inte.",
        "What the fields of the shop's newest {count} orders are called, those of extensions too. Values are not "
        "shown.",
    ),
    "orders": words("Butikens order", "The shop's orders"),
    "articles": words("Mamuts artiklar", "Mamut's articles"),
    "expression": words("Uttryck", "Expression"),
    "seen": words("Ifyllt i", "Filled in in"),
    "reading": words("Läser butikens fält …", "Reading the shop's fields …"),
    "not_read": words("De kan inte läsas ur butiken just nu.", "They cannot be read from the shop just now."),
    "no_records": words("Butiken har inga order än.", "The shop has no orders yet."),
}
