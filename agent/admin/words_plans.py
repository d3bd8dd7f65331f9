"""Texts of the pages of plans."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Första synkning", "First synchronisation"),
    "lead": words(
        "När sortimentet bara står i det ena systemet skapas det i det andra, efter en plan som läses innan något "
        "skrivs. Planen ändrar ingenting. Order förs över som vanligt medan det pågår; butikens artiklar, priser och "
        "saldon vilar.",
        "When the assortment stands in one system only it is made in the other, by a plan that is read before anything "
        "is written. The plan changes nothing. Orders go over as usual meanwhile; the shop's articles, prices and "
        "stock rest.",
    ),
    "make": words("Gör en plan", "Make a plan"),
    "shop": words("Butik", "Shop"),
    "source": words("Vems artiklar förs över", "Whose articles go over"),
    "from_mamut": words("Mamuts, till butiken", "Mamut's, to the shop"),
    "from_shop": words("Butikens, till Mamut", "The shop's, to Mamut"),
    "pause": words("Pausa riktningen först", "Pause the direction first"),
    "runs": words(
        "{shop}: riktningen är på, så agenten gör det här av sig själv. Pausa den om planen ska läsas först.",
        "{shop}: the direction works, so the agent does this by itself. Pause it if the plan is to be read first.",
    ),
    "now": words("Också under tysta timmar", "In quiet hours too"),
    "start": words("Läs båda sidor och gör planen", "Read both sides and make the plan"),
    "none": words("Ingen plan är gjord.", "No plan has been made."),
    "number": words("Plan", "Plan"),
    "article": words("Artikel", "Article"),
    "made": words("Gjord", "Made"),
    "state": words("Läge", "State"),
    "state_reading": words("läses", "being read"),
    "state_planned": words("klar att verkställas", "ready to apply"),
    "state_applying": words("delvis verkställd", "partly applied"),
    "state_applied": words("verkställd", "applied"),
    "state_undoing": words("delvis tillbakatagen", "partly taken back"),
    "state_undone": words("tillbakatagen", "taken back"),
    "all": words("Alla planer", "All plans"),
    "one": words("Plan {number}: {shop}, {source}", "Plan {number}: {shop}, {source}"),
    "unanswered": words("{who}: {what} – väntar på agenten", "{who}: {what} – waits for the agent"),
    "progress": words("{phase}: {done} av {total}", "{phase}: {done} of {total}"),
    "progress_open": words("{phase}: {done}", "{phase}: {done}"),
    "begins": words("Börjar strax", "Begins in a moment"),
    "stop": words("Stoppa", "Stop"),
    "stopping": words("stoppas av {who}", "being stopped by {who}"),
    "ended_done": words("Klar {at} ({who}).", "Done {at} ({who})."),
    "ended_stopped": words(
        "Stoppad {at} av {who}. Det går att fortsätta.", "Stopped {at} by {who}. It can be gone on with."
    ),
    "ended_interrupted": words(
        "Avbruten {at}: agenten startades om eller fick nya inställningar. Det går att fortsätta.",
        "Interrupted {at}: the agent was started anew or got new settings. It can be gone on with.",
    ),
    "ended_failed": words("Gick inte {at}: {detail}", "Did not work {at}: {detail}"),
    "unreadable": words("Oläsbart i butiken: {what}", "Unreadable in the shop: {what}"),
    "does": words("Vad planen gör", "What the plan does"),
    "articles": words("Artiklar", "Articles"),
    "example": words("Till exempel", "For example"),
    "refused": words("Varför några inte kan föras över", "Why some cannot go over"),
    "code": words("Kod", "Code"),
    "why": words("Varför", "Why"),
    "came": words("Vad som blev av den", "What came of it"),
    "rows": words("Rader", "Rows"),
    "all_rows": words("Se raderna", "See the rows"),
    "download": words("Hela planen", "The whole plan"),
    "csv": words("CSV för kalkylark", "CSV for a spreadsheet"),
    "json": words("JSON för brygga sync products --apply", "JSON for brygga sync products --apply"),
    "apply": words("Verkställ: {count} artiklar", "Apply: {count} articles"),
    "apply_sure": words(
        "Exakt raderna i planen görs. En rad vars artikel har ändrats sedan planen gjordes hoppas över och nämns.",
        "Exactly the rows of the plan are done. A row whose article has changed since the plan is skipped and named.",
    ),
    "go_on": words("Fortsätt: {count} rader kvar", "Go on: {count} rows left"),
    "undo": words("Ta tillbaka det planen har gjort", "Take back what the plan has made"),
    "undo_sure": words(
        "Produkter läggs i butikens papperskorg och artiklar blir inaktiva. Det någon har rört sedan dess lämnas kvar "
        "och nämns. Det som fanns före planen tas aldrig bort.",
        "Products go to the shop's trash and articles become inactive. What somebody has touched since stays and is "
        "named. What was there before the plan is never taken away.",
    ),
    "pause_first": words(
        "Riktningen är på och skulle göra om det som tas bort. Pausa den under Schema först.",
        "The direction works and would make again what is taken away. Pause it under Schedule first.",
    ),
    "paused": words(
        "Riktningen är pausad. Återuppta den när planen är klar, så håller agenten sidorna lika.",
        "The direction is paused. Resume it when the plan is done, and the agent keeps both sides equal.",
    ),
    "resume": words("Återuppta riktningen", "Resume the direction"),
    "name": words("Namn", "Name"),
    "kind": words("Slag", "Kind"),
    "changes": words("Ändringar", "Changes"),
    "outcome": words("Blev", "Outcome"),
    "action": words("Visa", "Show"),
    "show": words("Visa", "Show"),
    "more": words("Fler", "More"),
    "no_rows": words("Inga sådana rader.", "No such rows."),
    "pages": words("Sidor", "Pages"),
    "unknown": words("Den planen finns inte.", "There is no such plan."),
    "unknown_shop": words(
        "Den butiken finns inte, eller är avstängd.", "There is no such shop, or it is switched off."
    ),
    "busy": words(
        "En synkning pågår eller är begärd. En i taget.", "A synchronisation is under way or asked for. One at a time."
    ),
    "nothing": words("Ingen synkning pågår.", "No synchronisation is under way."),
}
