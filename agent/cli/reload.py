"""`brygga reload`: the agent goes on with the settings as they stand in the file now."""

from __future__ import annotations

from agent.actors.reloader import DONE, EVERYWHERE, UNCHANGED
from agent.cli import wishes
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, open_desk
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_lines
from agent.journal import settings_history
from agent.model.taken_up import TakenUp
from agent.model.words import Language
from agent.settings.judge import judge
from agent.shown.taken_up import outdated_lines, taken_up_lines


def _tell(taken_up: TakenUp, language: Language, *, changed: bool) -> None:
    for line in (*(taken_up_lines(taken_up, language) if changed else ()), *outdated_lines(taken_up, language)):
        say(line)


def reload(*, json: AsJson = False, context: Given) -> int:
    """Let the running agent read its settings anew, and tell who begins anew by them and who works on. Wrong ones are
    refused whole, and it goes on with the old."""
    judgement = judge(context.settings_file(), context.environ)
    if judgement.settings is None:
        for line in check_lines(judgement, context.speak(judgement.language)):
            complain(line)
        return NO
    with open_desk(context) as desk:
        about = desk.text("Inställningarna", "The settings")
        runs = desk.agent_runs()
        asked = [wishes.Asked(shop=EVERYWHERE, order_id=0, about=about)] if runs else []
        answers = wishes.ask(desk, "reload", asked)
        results = {answer.result for answer in answers}
        taken_up = settings_history.taken_up(desk.tx) if results & {DONE, UNCHANGED} else None
        if json:
            say_json({**wishes.answers_json(desk, "reload", answers), "taken_up": taken_up})
        elif runs:
            wishes.tell(desk, answers)
            if taken_up is not None:
                _tell(taken_up, desk.language, changed=DONE in results)
        else:
            say(
                desk.text(
                    "Agenten körs inte: den läser inställningarna när den startas.",
                    "The agent is not running: it reads the settings when it is started.",
                )
            )
        return NO if any(answer.result not in (None, DONE, UNCHANGED) for answer in answers) else 0
