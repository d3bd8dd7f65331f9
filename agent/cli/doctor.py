"""`brygga doctor`: tests the whole set-up, names what is guilty and what helps; writes nothing anywhere."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path

import apsw
import msgspec
import trio

from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Shop, journal_path
from agent.cli.figures import show_table, table
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_json, check_lines
from agent.doctor.examine import Remembered, examine
from agent.doctor.mail import MailLine
from agent.doctor.result import TITLES, Result, Test, Verdict
from agent.doctor.shown import is_well, result_json
from agent.journal.journal import look_into
from agent.journal.records import MAMUT_COMPANY, value
from agent.journal.reports import agent_runs, shops
from agent.journal.schema import JournalError
from agent.model.catalogue import explain
from agent.model.ids import ShopKey
from agent.model.words import Language, words
from agent.remote.ports import MamutCompany
from agent.settings.judge import judge
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings
from agent.world import World

_MARKS = {
    Verdict.GOOD: words("bra", "good"),
    Verdict.WARNING: words("varning", "warning"),
    Verdict.ERROR: words("FEL", "ERROR"),
    Verdict.NOT_TESTED: words("ej prövat", "not tested"),
}


def doctor(*, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Test Mamut and the shops; say what is wrong, who is guilty and what helps. Ends with 1 when anything is wrong.

    Nothing is written to a shop or to Mamut. While an agent runs on this journal its session is left alone.
    """
    judgement = judge(context.settings_file(), context.environ)
    language = context.speak(judgement.language)
    settings, secrets = judgement.settings, judgement.secrets
    if settings is None or secrets is None:
        if json:
            say_json({"well": False, "results": [], "settings": check_json(judgement)})
            return NO
        for line in check_lines(judgement, language):
            complain(line)
        return NO
    if shop is not None and shop not in secrets.shops:
        complain(words(f"Ingen butik heter {shop}.", f"No shop is called {shop}.").in_(language))
        return 2
    path = journal_path(settings)
    only = None if shop is None else ShopKey(shop)
    results = trio.run(_examined, settings, secrets, _remembered(path), only, _teller(language))
    if json:
        say_json({"well": is_well(results), "results": [result_json(each, language) for each in results]})
    else:
        _print(results, language)
    return 0 if is_well(results) else NO


async def _examined(
    settings: Settings,
    secrets: Secrets,
    remembered: Remembered,
    only: ShopKey | None,
    tell: Callable[[Result], None],
) -> list[Result]:
    world = World()
    return await examine(
        settings,
        secrets,
        world.transports,
        world.clock,
        random.SystemRandom(),
        remembered,
        only,
        tell,
        MailLine(connect=world.connect, tls=lambda: world.trusted),
    )


def _where(result: Result) -> str:
    return result.shop or ("Brygga" if result.test in (Test.JOURNAL, Test.MAIL) else "Mamut")


def _teller(language: Language) -> Callable[[Result], None]:
    """Shows how far it has come to whoever watches a terminal: a large shop takes a minute."""

    def tell(result: Result) -> None:
        if sys.stderr.isatty():
            where, title = _where(result), TITLES[result.test].in_(language)
            complain(f"{where} · {title}: {_MARKS[result.verdict].in_(language)}")

    return tell


def _remembered(path: Path) -> Remembered:
    """What the journal knows; one that is missing or broken is no hindrance here."""
    try:
        tx = look_into(path)
    except (JournalError, apsw.Error):
        return Remembered(journal=path)
    try:
        company = value(tx, MAMUT_COMPANY) if agent_runs(path) else ""
        return Remembered(
            journal=path,
            rows=tuple(report.shop for report in shops(tx)),
            company=msgspec.json.decode(company, type=MamutCompany) if company else None,
        )
    finally:
        tx.close()


def _print(results: list[Result], language: Language) -> None:
    made = table(
        words("Var", "Where").in_(language),
        words("Prov", "Test").in_(language),
        words("Utslag", "Verdict").in_(language),
        words("Vad som sågs", "What was seen").in_(language),
    )
    for result in results:
        made.add_row(
            _where(result),
            TITLES[result.test].in_(language),
            _MARKS[result.verdict].in_(language),
            result.said.in_(language),
        )
    show_table(made)
    for result in results:
        for finding in result.findings:
            told = explain(finding.fault, language, finding.params)
            say(f"{told.code} {told.title} ({_where(result)}, {TITLES[result.test].in_(language)})")
            say(f"  {told.cause}")
            if finding.culprit and finding.culprit not in told.cause:
                say(f"  {words('Skyldig', 'Guilty').in_(language)}: {finding.culprit}")
            say(f"  → {told.remedy}")
    if is_well(results):
        say(words("Inget hindrar agenten.", "Nothing stands in the agent's way.").in_(language))
