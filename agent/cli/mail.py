"""`brygga mail`: whether letters come, what the next one would say, and what people have been told."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import trio
from cyclopts import App

from agent.actors.mailer import Mailing, plans, send
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Desk, open_desk
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_lines
from agent.decide.telling import Telling, Told, followed
from agent.journal import told_by_mail
from agent.journal.told_by_mail import MailState
from agent.model.catalogue import explain
from agent.model.words import words
from agent.remote.trouble import Trouble
from agent.settings.judge import judge
from agent.shown import letter as letters
from agent.shown.matters import matter, subjects
from agent.world import World

app = App(name="mail", help="Try whether letters come; show what is told by mail.", help_format="plaintext")


@app.command(name="test")
def send_test(*, json: AsJson = False, context: Given) -> int:
    """Send a test letter to all recipients, with the settings and the password as they stand now.

    Ends with 1 when the mail server does not take it, and says why. No agent has to run.
    """
    judgement = judge(context.settings_file(), context.environ)
    language = context.speak(judgement.language)
    settings, secrets = judgement.settings, judgement.secrets
    if settings is None or secrets is None:
        for line in check_lines(judgement, language):
            complain(line)
        return NO
    if not settings.mail.is_on:
        complain(
            words("Ingen e-postserver är inställd: [mail] host.", "No mail server is set up: [mail] host.").in_(
                language
            )
        )
        return NO
    world = World()
    mailing = Mailing(settings=settings, password=secrets.mail_password)
    written = letters.trial(settings, letters.language_of(settings), str(world.seed))

    async def sending() -> int:
        return await send(written, mailing, world.clock, world.connect, lambda: world.trusted)

    try:
        refused = trio.run(sending)
    except Trouble as trouble:
        if json:
            say_json({"sent": False, "problem": trouble.told, "refused": None})
        elif trouble.fault is not None:
            told = explain(trouble.fault, language, {"problem": trouble.told})
            complain(f"{told.code}  {told.title}\n  {told.cause}\n  {told.remedy}")
        return NO
    if json:
        say_json({"sent": True, "problem": None, "refused": refused})
        return 0 if not refused else NO
    taken = len(settings.mail.to) - refused
    say(
        words(
            f"{settings.mail.host} tog emot brevet till {taken}.", f"{settings.mail.host} took the letter for {taken}."
        ).in_(language)
    )
    if refused:
        complain(
            words(
                f"Så många mottagare vill servern inte ha: {refused}.",
                f"Recipients that the server refuses: {refused}.",
            ).in_(language)
        )
    return 0 if not refused else NO


@app.command
def show(*, json: AsJson = False, context: Given) -> int:
    """Show what a letter would say now, what has been told already, and how the last one fared."""
    with open_desk(context) as desk:
        settings, now = desk.settings, desk.now()
        state = told_by_mail.get(desk.tx)
        found = subjects(desk.tx, settings, now)
        matters = [matter(each, settings) for each in found]
        told = followed(matters, state.told, now)
        waiting = tuple(each.key for each in matters if each.is_ripe(now))
        unripe = len(matters) - len(waiting)
        if json:
            say_json(
                {
                    "on": settings.mail.is_on,
                    "sent": None if state.sent is None else state.sent.isoformat(),
                    "failed": None if state.failed is None else state.failed.isoformat(),
                    "problem": state.problem or None,
                    "refused": state.refused,
                    "told": {key: _told_json(each) for key, each in told.items()},
                    "waiting": list(waiting),
                    "unripe": unripe,
                }
            )
            return NO if state.failed is not None else 0
        if not settings.mail.is_on:
            say(desk.text("Brev skickas inte: [mail] host saknas.", "No mail is sent: [mail] host is missing."))
        else:
            say(_when(desk, state))
        if waiting:
            say(letters.plain(letters.write(Telling(new=waiting), found, settings, now, desk.language), desk.language))
        else:
            say(desk.text("Inget att berätta just nu.", "Nothing to tell right now."))
        if unripe:
            say(desk.text(f"Ännu inte gammalt nog: {unripe}", f"Not old enough yet: {unripe}"))
        if state.failed is not None:
            since = state.failed.astimezone(ZoneInfo(settings.mail.zone)).strftime("%Y-%m-%d %H:%M")
            say(
                desk.text(
                    f"Brev har inte gått sedan {since}: {state.problem}", f"No mail since {since}: {state.problem}"
                )
            )
            return NO
        return 0


def _when(desk: Desk, state: MailState) -> str:
    mail = desk.settings.mail
    zone = ZoneInfo(mail.zone)
    sent = "–" if state.sent is None else state.sent.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    daily, _ = plans(mail)
    if daily is None:
        when = desk.text("när något har blivit gammalt nog", "when a thing is old enough")
    else:
        begins = daily.next_run(desk.now(), desk.now()).astimezone(zone).strftime("%Y-%m-%d %H:%M")
        when = desk.text(f"{begins}, om något finns att berätta", f"{begins}, if there is anything to tell")
    return desk.text(f"Senaste brevet: {sent}. Nästa: {when}.", f"Last letter: {sent}. Next: {when}.")


def _told_json(told: Told) -> dict[str, object]:
    gone = None if told.gone is None else told.gone.isoformat()
    return {"count": told.count, "at": told.at.isoformat(), "gone": gone}
