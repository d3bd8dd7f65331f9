"""`brygga settings`: which settings the agent has worked with, who changed what, and taking a change back."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter, validators

from agent.actors.reloader import DONE, EVERYWHERE, UNCHANGED
from agent.cli import wishes
from agent.cli.context import CommandContext, Given
from agent.cli.desk import NO, AsJson, AtMost, Desk, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_lines
from agent.journal import settings_history
from agent.journal.settings_history import Entry, How, Origin
from agent.model.words import words
from agent.settings.judge import judge_text
from agent.settings.load import Unreadable, load
from agent.settings.write import BACKUP_ENDING, write_settings
from agent.shown.figures import iso_ms, moment_ms
from agent.shown.settings_history import change_text, how, text_difference

app = App(name="settings", help="Show what was changed in the settings; take it back.", help_format="plaintext")

Number = Annotated[
    int,
    Parameter(
        help="The change's number, as brygga settings history shows it.", validator=validators.Number(gte=1, lte=10**9)
    ),
]

SHOWN_CHANGES = 3


@app.default
@app.command
def history(*, limit: AtMost = 30, json: AsJson = False, context: Given) -> int:
    """List the changes of the settings, the newest first.

    Parameters
    ----------
    limit
        At most so many.
    """
    with open_desk(context) as desk:
        found = settings_history.listing(desk.tx, limit)
        if json:
            say_json({"changes": [_json(entry) for entry in found]})
            return 0
        if not found:
            say(desk.text("Agenten har inte startats än.", "The agent has not been started yet."))
            return 0
        number, changed = desk.text("Nr", "No"), desk.text("Ändrat", "Changed")
        shown = table(
            number,
            desk.text("När", "When"),
            desk.text("Vem", "Who"),
            desk.text("Hur", "How"),
            changed,
            numbers=[number],
        )
        for entry in found:
            at = moment_ms(entry.at_ms, seconds=True)
            shown.add_row(str(entry.number), at, entry.who, how(entry, desk.language), _brief(desk, entry))
        show_table(shown)
        return 0


@app.command
def show(number: Number, /, *, text: bool = False, json: AsJson = False, context: Given) -> int:
    """Show one change: each setting before and after, and the lines of the file.

    Parameters
    ----------
    text
        The whole file as it became, and nothing else.
    """
    with open_desk(context) as desk:
        entry = _entry(desk, number)
        if text:
            say(entry.text.removesuffix("\n"))
            return 0
        lines = text_difference(settings_history.before(desk.tx, number), entry)
        if json:
            say_json({**_json(entry), "text": entry.text, "lines": lines})
            return 0
        who = f", {entry.who}" if entry.who else ""
        say(f"{entry.number}  {moment_ms(entry.at_ms, seconds=True)}{who}: {how(entry, desk.language)}")
        for change in entry.changes:
            say(f"  {change_text(change, desk.language)}")
        if entry.how is not How.FIRST and lines:
            say()
            for line in lines[2:]:
                say(line)
        if entry.concealed:
            say(_concealed(desk))
        return 0


@app.command
def undo(
    number: Number,
    /,
    *,
    with_later: Annotated[bool, Parameter(negative="")] = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Take a change back: write the file as it was before it, and let the running agent go on with that.

    Parameters
    ----------
    with_later
        Take back all that was changed after it too.
    """
    _must_be_read(context)
    with open_desk(context) as desk:
        entry = _entry(desk, number)
        before = settings_history.before(desk.tx, number)
        if before is None:
            desk.end("Före den fanns inga inställningar.", "There were no settings before it.", NO)
        later = settings_history.since(desk.tx, number)
        if later and not with_later:
            named = ", ".join(map(str, later))
            desk.end(
                f"Därefter har mer ändrats: {named}. Ta tillbaka även det med --with-later.",
                f"More has been changed since: {named}. Take that back too with --with-later.",
                NO,
            )
        if before.concealed:
            desk.end(_concealed(desk), _concealed(desk), NO)
        return _put_back(desk, context, before, entry, json=json)


def _must_be_read(context: CommandContext) -> None:
    """The file tells where the journal lies, which has what it was before. Ends the command where it does not."""
    file = context.settings_file()
    loaded = load(file)
    backup = file.with_name(file.name + BACKUP_ENDING)
    if not isinstance(loaded, Unreadable) or not backup.exists():
        return
    language = context.speak()
    for finding in loaded.findings:
        place = finding.path or str(file)
        complain(f"{finding.fault}  {place}\n  {finding.problem.in_(language)}\n  {finding.remedy.in_(language)}")
    complain(
        words(
            f"Filen säger inte längre var journalen ligger. Före den senaste sparningen såg den ut som {backup}:"
            f" kopiera den till {file} och kör kommandot igen.",
            f"The file does not tell any more where the journal lies. Before it was last saved it stood as in {backup}:"
            f" copy that to {file} and run the command again.",
        ).in_(language)
    )
    raise SystemExit(NO)


def _put_back(desk: Desk, context: CommandContext, before: Entry, entry: Entry, *, json: bool) -> int:
    file = context.settings_file()
    judgement = judge_text(before.text, file, context.environ)
    if judgement.settings is None:
        for line in check_lines(judgement, desk.language):
            complain(line)
        return NO
    if judgement.settings.data_dir != desk.settings.data_dir:
        desk.end(
            "Journalen låg någon annanstans då: skriv filen för hand och starta om agenten.",
            "The journal lay elsewhere then: write the file by hand and start the agent anew.",
            NO,
        )
    origin = Origin(how=How.UNDONE, who=wishes.person(), undoes=entry.number)
    with desk.tx as tx:
        settings_history.about_to_write(tx, before.text, origin)
    try:
        write_settings(file, before.text)
    except OSError as error:
        complain(f"{file}: {error.strerror}")
        return NO
    about = desk.text("Inställningarna", "The settings")
    runs = desk.agent_runs()
    asked = [wishes.Asked(shop=EVERYWHERE, order_id=0, about=about)] if runs else []
    answers = wishes.ask(desk, "reload", asked)
    if json:
        say_json({"file": str(file), "undone": entry.number, **wishes.answers_json(desk, "reload", answers)})
    else:
        say(
            desk.text(
                f"{file} är som före ändring {entry.number}. Som den var nyss: {file.name}{BACKUP_ENDING}.",
                f"{file} is as before change {entry.number}. As it was just now: {file.name}{BACKUP_ENDING}.",
            )
        )
        wishes.tell(desk, answers)
        if not runs:
            say(
                desk.text(
                    "Agenten körs inte: den läser filen när den startas.",
                    "The agent is not running: it reads the file when it is started.",
                )
            )
    return NO if any(answer.result not in (None, DONE, UNCHANGED) for answer in answers) else 0


def _entry(desk: Desk, number: int) -> Entry:
    found = settings_history.entry(desk.tx, number)
    if found is None:
        desk.end(f"Det finns ingen ändring {number}.", f"There is no change {number}.", NO)
    return found


def _brief(desk: Desk, entry: Entry) -> str:
    places = [change.path for change in entry.changes]
    if len(places) > SHOWN_CHANGES:
        more = len(places) - SHOWN_CHANGES
        places = [*places[:SHOWN_CHANGES], desk.text(f"och {more} till", f"and {more} more")]
    if not places and entry.how is not How.FIRST:
        return desk.text("bara kommentarer", "comments only")
    return ", ".join(places)


def _concealed(desk: Desk) -> str:
    return desk.text(
        "I filen stod en hemlighet, som inte har sparats: den kan inte skrivas tillbaka härifrån.",
        "There was a secret in the file, which has not been kept: it cannot be written back from here.",
    )


def _json(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": iso_ms(entry.at_ms),
        "who": entry.who,
        "how": entry.how.value,
        "undoes": entry.undoes,
        "concealed": entry.concealed,
        "changes": [{"path": each.path, "before": each.before, "after": each.after} for each in entry.changes],
    }
