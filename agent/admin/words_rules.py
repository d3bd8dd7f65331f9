"""Texts of the pages of rules, of lists of tables in general, and of what is tried on real records."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Regler", "Rules"),
    "lead": words(
        "Reglerna i varje kedja körs uppifrån och ned; var och en får det som den förra lämnade. Vad de ändrade står i "
        "orderns historia.",
        "The rules of each chain run from top to bottom; each gets what the one before left. What they changed stands "
        "in the order's story.",
    ),
    "none": words("Inga regler.", "No rules."),
    "rule": words("Regel", "Rule"),
    "when": words("När", "When"),
    "does": words("Gör", "Does"),
    "add": words("Ny regel", "New rule"),
    "add_to": words("Ny regel för {shop}", "New rule for {shop}"),
    "side_read": words("läst", "as read"),
    "side_written": words("skriven", "as written"),
    "edit_title": words("Regeln ”{name}”", "The rule “{name}”"),
    "new_title": words("Ny regel", "New rule"),
    "object": words("Gäller", "About"),
    "side": words("Sida", "Side"),
    "works_on": words("Regeln arbetar med {what}.", "The rule works on {what}."),
    "when_all": words("När allt det här stämmer", "When all of this holds"),
    "always": words("Alltid.", "Always."),
    "do_these": words("Gör det här, i ordning", "Do this, in order"),
    "field": words("Fält", "Field"),
    "test": words("Villkor", "Test"),
    "compared_with": words("Jämfört med", "Compared with"),
    "one_a_line": words("Ett värde per rad", "One value a line"),
    "add_condition": words("Lägg till villkor", "Add a condition"),
    "add_test": words("och …", "and …"),
    "add_test_hint": words("Ett villkor till på samma fält", "One more test of the same field"),
    "drop_condition": words("Ta bort villkor {number}", "Remove condition {number}"),
    "add_change": words("Lägg till ändring", "Add a change"),
    "drop_change": words("Ta bort ändring {number}", "Remove change {number}"),
    "where": words("Bara för rader där", "Only for rows where"),
    "add_where": words("Välj rader", "Choose rows"),
    "action": words("Gör", "Do"),
    "key_field": words("Fält", "Field"),
    "key_value": words("Värde", "Value"),
    "key_source": words("Från fält", "From field"),
    "key_find": words("Sök efter", "Search for"),
    "key_amount": words("Tal", "Number"),
    "key_values": words("Tabell, en rad för varje: från = till", "Table, one line each: from = to"),
    "key_build_value": words("Text, med fält inom klamrar: {number}", "Text, with fields in braces: {number}"),
    "key_replace_value": words("Ersätt med", "Replace by"),
    "key_map_value": words("Annars", "Otherwise"),
    "key_map_source": words("Slå upp fältet", "Look up the field"),
    "key_shop_status_value": words("Status", "Status"),
    "key_fail_value": words("Vad felet säger", "What the error says"),
    "key_hold_value": words("Anmärkning", "Remark"),
    "key_shorten_amount": words("Tecken", "Characters"),
    "key_round_amount": words("Steg", "Step"),
    "key_add_percent_amount": words("Procent", "Per cent"),
    "fields_of": words("Alla fält: {what}", "All fields: {what}"),
    "metas": words(
        "Fält som butikens tillägg har lagt i ordern", "Fields that the shop's extensions have put into the order"
    ),
    "metas_lead": words(
        "Så heter de i de senaste {count} orderna. Värdena visas inte.",
        "Their names in the newest {count} orders. Values are not shown.",
    ),
    "kind": words("Sort", "Kind"),
    "changeable": words("Kan ändras", "Can be changed"),
    "yes": words("ja", "yes"),
    "no_rule": words("nej", "no"),
    "kind_text": words("text", "text"),
    "kind_number": words("tal", "number"),
    "kind_whole": words("heltal", "whole number"),
    "kind_yes_no": words("ja eller nej (yes, no)", "yes or no"),
    "kind_day": words("datum (2026-01-31)", "day (2026-01-31)"),
    "kind_moment": words("tidpunkt", "point in time"),
    "kind_choice": words("ett av", "one of"),
    "kind_rows": words("rader", "rows"),
    "kind_table": words("tabell", "table"),
}

TABLES = {
    "all_shops": words("Alla butiker", "All shops"),
    "no_shop": words("Ingen butik är inlagd.", "No shop has been entered."),
    "unknown": words("Den regeln finns inte.", "There is no such rule."),
    "nameless": words("(utan namn)", "(nameless)"),
    "state": words("Läge", "State"),
    "acts": words("Åtgärder", "Acts"),
    "on": words("på", "on"),
    "off": words("vilar", "rests"),
    "up_of": words("Flytta upp {name}", "Move {name} up"),
    "down_of": words("Flytta ned {name}", "Move {name} down"),
    "switch_on": words("Slå på", "Switch on"),
    "switch_off": words("Låt vila", "Let rest"),
    "remove": words("Ta bort", "Remove"),
    "not_editable": words(
        "Listan är skriven i filen på ett sätt som sidan inte ändrar, eller har ändrats av någon annan. Läs om sidan, "
        "eller ändra den under Inställningar som text.",
        "The list is written in the file in a way that this page does not change, or somebody else has changed it. "
        "Reload the page, or change it under Settings as text.",
    ),
    "gone": words(
        "Någon annan har tagit bort den eller döpt om den under tiden. Läs om listan.",
        "Somebody else has removed or renamed it meanwhile. Look at the list again.",
    ),
    "wrong": words(
        "Inget är sparat: felen nedan måste rättas först.", "Nothing is saved: mend the faults below first."
    ),
    "name": words("Namn", "Name"),
    "switched_on": words("Påslagen", "Switched on"),
    "may_be_left_out": words("(kan utelämnas)", "(may be left out)"),
    "as_text": words("Redigera som text", "Edit as text"),
    "as_form": words("Redigera i formulär", "Edit in a form"),
    "as_toml": words("Som TOML", "As TOML"),
    "as_toml_hint": words(
        "Så som det står i brygga.toml, under [[shop.{name}]].", "As it stands in brygga.toml, below [[shop.{name}]]."
    ),
    "not_toml": words(
        "Texten går inte att läsa som TOML ({where}). Vanliga orsaker: citattecken som saknas, komma i stället för "
        "punkt i ett tal.",
        "The text cannot be read as TOML ({where}). Usual causes: missing quotes, a comma instead of a point in a "
        "number.",
    ),
    "somewhere": words("okänd rad", "line unknown"),
    "no_fields": words(
        "Texten har något som formuläret saknar fält för, eller som är fel. Kontrollera den med Prova eller Spara.",
        "The text has something that the form has no fields for, or that is wrong. Have it judged by Try or Save.",
    ),
}

TRIAL = {
    "title": words("Prova på riktiga poster", "Try on real records"),
    "lead": words(
        "De senaste orderna läses ur butiken, och de senast ändrade artiklarna ur agentens journal. Inget skrivs "
        "någonstans.",
        "The newest orders are read from the shop, and the articles that changed last from the agent's journal. "
        "Nothing is written anywhere.",
    ),
    "last": words("Senaste", "Newest"),
    "among": words("Tillsammans med", "Together with"),
    "alone": words("bara den här", "this one alone"),
    "all": words("alla som är på", "all that are on"),
    "try": words("Prova", "Try"),
    "reading": words("Läser …", "Reading …"),
    "orders": words("{count} order prövade.", "Orders tried: {count}."),
    "articles": words("{count} artiklar prövade.", "Articles tried: {count}."),
    "touched": words("{count} skulle ändras.", "Would change: {count}."),
    "unwritten": words("Inget är skrivet.", "Nothing was written."),
    "nothing": words(
        "Det finns inga poster att prova på än.",
        "There are no records to try on yet.",
    ),
    "number": words("Nummer", "Number"),
    "by": words("Av", "By"),
    "field": words("Fält", "Field"),
    "fate": words("Vad som sker", "What happens"),
    "before": words("Före", "Before"),
    "after": words("Efter", "After"),
    "order": words("order", "order"),
    "document": words("dokument", "document"),
    "customer": words("kund", "customer"),
    "product": words("produkt", "product"),
    "price": words("pris", "price"),
    "stock": words("lager", "stock"),
    "left_out": words("{count} ändringar till visas inte.", "Changes that are not shown: {count}."),
    "show": words("Visa personuppgifter", "Show personal data"),
    "show_hint": words(
        "Att du har sett dem sparas bland åtgärderna.", "That you have seen them is kept among the acts."
    ),
    "of": words("de senaste {count} posterna", "the newest {count} records"),
    "not_here": words(
        "Det går inte att prova härifrån just nu: inställningarna har fel, eller så finns ingen väg till butiken. "
        "Prova med brygga rules test.",
        "This cannot be tried from here just now: the settings have faults, or there is no way to the shop. Try with "
        "brygga rules test.",
    ),
    "too_slow": words(
        "Butiken svarade inte färdigt inom {seconds} sekunder. Prova på färre.",
        "The shop did not finish answering within {seconds} seconds. Try on fewer.",
    ),
    "trouble": words("Butiken kunde inte läsas: {problem}.", "The shop could not be read: {problem}."),
    "plugin": words("Pluginen kan inte användas: {problem} {detail}", "The plugin cannot be used: {problem} {detail}"),
}
