"""Texts of the page of acts."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Åtgärder", "Acts"),
    "lead": words(
        "Allt som människor har gjort, här och vid kommandoraden. Inget kan tas bort.",
        "All that people have done, here and at the command line. Nothing can be removed.",
    ),
    "when": words("När", "When"),
    "who": words("Vem", "Who"),
    "what": words("Vad", "What"),
    "about": words("Gäller", "About"),
    "changed": words("Före och efter", "Before and after"),
    "result": words("Utfall", "Outcome"),
    "waits": words("väntar på agenten", "waits for the agent"),
    "order": words("{shop}, order {order}", "{shop}, order {order}"),
    "yes": words("ja", "yes"),
    "no": words("nej", "no"),
    "field_role": words("roll", "role"),
    "field_blocked": words("spärrad", "blocked"),
    "field_why": words("varför", "why"),
    "field_fields": words("fält", "fields"),
    "field_custid": words("kundnummer", "customer number"),
    "field_anyway": words("trots invändningar", "in spite of doubts"),
    "field_state": words("läge", "state"),
    "field_reason": words("orsak", "reason"),
    "field_direction": words("riktning", "direction"),
    "field_mamut_order_no": words("nummer i Mamut", "number in Mamut"),
    "newest": words("Nyaste", "Newest"),
    "older": words("Äldre →", "Older →"),
    "user_by_code": words(
        "ny användare eller nytt lösenord med engångskod", "new user or new password by one-time code"
    ),
    "user_invited": words("kod till ny användare", "code for a new user"),
    "user_code": words("ny kod", "new code"),
    "user_role": words("roll", "role"),
    "user_blocked": words("spärr", "block"),
    "user_password": words("bytte lösenord", "changed the password"),
    "set_up": words("gick igenom Kom igång och startade", "went through the set-up and started"),
    "personal_shown": words("visade personuppgifter", "showed personal data"),
    "person_erased": words("raderade personen", "erased the person"),
    "settings_saved": words("ändrade inställningarna", "changed the settings"),
    "settings_undone": words("tog tillbaka en ändring av inställningarna", "took back a change of the settings"),
    "rule_changed": words("ändrade en regel", "changed a rule"),
    "mapping_changed": words("ändrade en fältmappning", "changed a field mapping"),
    "plugin_changed": words("ändrade en plugin", "changed a plugin"),
    "trial_shown": words("visade personuppgifter i ett prov", "looked at personal data in a trial"),
    "field_text": words("text", "text"),
    "admin_code": words("engångskod vid kommandoraden", "one-time code at the command line"),
}
