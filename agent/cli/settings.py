"""`brygga init`, `check`, `packages` and `explain`: everything about a set-up that needs no connection."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from agent.cli.context import CommandContext, Given
from agent.cli.errors import UserError
from agent.cli.output import complain, say, say_json
from agent.cli.packages import packages_json, show_packages
from agent.model.reasons import Fault
from agent.model.words import Language, Words, words
from agent.settings.finding import Finding, Severity
from agent.settings.judge import Judgement, judge
from agent.settings.secrets import Place
from agent.settings.subscription import SetUp

PackageName = Literal["100", "200", "400", "800", "premium"]


# -- init -----------------------------------------------------------------------------------------------------------


def init(*, package: PackageName = "100", key: str = "butik", context: Given) -> int:
    """Write a commented start file and a file for the secrets.

    The start file lands where --config says, else in this folder. Nothing that exists is written over.

    Parameters
    ----------
    package: The package that has been bought.
    key: The shop's short name: a-z, 0-9 and hyphens, 12 characters at most. It can never be changed later.
    """
    from agent.settings.init import render, render_secrets, write

    language = context.speak(from_file="")
    file = _new_file(context)
    if file.exists():
        raise UserError(Fault.SETTINGS_EXIST, {"file": str(file)})
    text = render(language, now=datetime.now(UTC), package=package, key=key)
    wrong = _wrong_in_start(text)
    if wrong:
        for finding in wrong:
            complain(_as_text(finding, language))
        return 1
    try:
        made = write(file, text, render_secrets(language, keys=(key,)))
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise UserError(Fault.SETTINGS_NOT_WRITTEN, {"file": str(file), "problem": problem}) from error
    for path in made.written:
        say(f"{_WRITTEN.in_(language)} {path}")
    for path in made.kept:
        say(f"{_KEPT.in_(language)} {path}")
    say(_NEXT.in_(language))
    return 0


_WRITTEN = words("Skrev", "Wrote")
_KEPT = words("Fanns redan, orörd:", "Was there already, untouched:")
_NEXT = words(
    "Kör brygga run och fyll i resten i webbläsaren; eller fyll i adresser och hemligheter här och kör: brygga check",
    "Run brygga run and fill in the rest in a browser; or fill in addresses and secrets here and run: brygga check",
)


def _new_file(context: CommandContext) -> Path:
    from agent.settings.load import FILE_NAME

    named = context.cwd / (context.config or FILE_NAME)
    return named / FILE_NAME if named.is_dir() else named


def _wrong_in_start(text: str) -> tuple[Finding, ...]:
    """What the caller's own choices made wrong. The addresses are still to be filled in; a Premium limit too."""
    from agent.settings.check import check
    from agent.settings.load import Unreadable, loads

    loaded = loads(text)
    if isinstance(loaded, Unreadable):
        return loaded.findings
    findings = (*loaded.findings, *check(loaded.settings, loaded.findings))
    return tuple(f for f in findings if f.is_error and f.fault is not Fault.SETTINGS_VALUE_MISSING)


# -- check ----------------------------------------------------------------------------------------------------------


def check(*, json: bool = False, context: Given) -> int:
    """Judge the settings without starting anything: every fault at once, with its place and remedy.

    Ends with 0 when nothing is wrong, with 1 when there is an error. Warnings do not count as errors.

    Parameters
    ----------
    json: One JSON object instead of text.
    """
    judgement = judge(context.settings_file(), context.environ)
    if json:
        say_json(check_json(judgement))
    else:
        for line in check_lines(judgement, context.speak(judgement.language)):
            say(line)
    return 0 if judgement.settings is not None else 1


def check_json(judgement: Judgement) -> dict[str, object]:
    errors = sum(finding.is_error for finding in judgement.findings)
    return {
        "file": str(judgement.file),
        "ok": judgement.settings is not None,
        "errors": errors,
        "warnings": len(judgement.findings) - errors,
        "findings": [
            {
                "code": finding.fault.value,
                "name": finding.fault.name,
                "severity": finding.severity.value,
                "path": finding.path,
                "problem": finding.problem,
                "remedy": finding.remedy,
            }
            for finding in judgement.findings
        ],
        "secrets": [
            {"name": place.name, "source": place.source.en, "rights_checked": place.checked}
            for place in judgement.places
        ],
    }


def check_lines(judgement: Judgement, language: Language) -> list[str]:
    """The report as lines: errors first, then warnings, then where the secrets were found."""
    lines = [str(judgement.file), ""]
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in judgement.findings:
            if finding.severity is severity:
                lines += [*_as_text(finding, language).splitlines(), ""]
    lines += [_place_line(place, language) for place in judgement.places]
    if judgement.places:
        lines.append("")
    errors = sum(finding.is_error for finding in judgement.findings)
    warnings = len(judgement.findings) - errors
    lines.append(_verdict(errors, warnings, language))
    return lines


_SEVERITY_WORDS = {Severity.ERROR: words("FEL", "ERROR"), Severity.WARNING: words("VARNING", "WARNING")}


def _as_text(finding: Finding, language: Language) -> str:
    head = f"{_SEVERITY_WORDS[finding.severity].in_(language)}  {finding.fault.value}  {finding.path}".rstrip()
    return f"{head}\n  {finding.problem.in_(language)}\n  → {finding.remedy.in_(language)}"


def _place_line(place: Place, language: Language) -> str:
    where = words(f"{place.name}: från {place.source.sv}", f"{place.name}: from {place.source.en}").in_(language)
    if place.checked:
        return where
    note = words("rättigheter kontrolleras inte där", "rights are not checked there").in_(language)
    return f"{where} ({note})"


def _verdict(errors: int, warnings: int, language: Language) -> str:
    unwise = (
        words("1 varning", "1 warning") if warnings == 1 else words(f"{warnings} varningar", f"{warnings} warnings")
    )
    if errors:
        text = words(
            f"{errors} fel, {unwise.sv}. Agenten startar inte förrän felen är rättade.",
            f"Errors: {errors}, {unwise.en}. The agent does not start until they are mended.",
        )
    elif warnings:
        text = words(f"Inga fel, {unwise.sv}.", f"No errors, {unwise.en}.")
    else:
        text = words("Allt stämmer.", "All is well.")
    return text.in_(language)


# -- packages -------------------------------------------------------------------------------------------------------


def packages(*, json: bool = False, context: Given) -> int:
    """Show the package table, and what the configured set-up costs a month when there is a settings file.

    Parameters
    ----------
    json: One JSON object instead of a table.
    """
    set_up = _set_up(context)
    if json:
        say_json(packages_json(set_up))
    else:
        show_packages(set_up, context.speak())
    return 0


def _set_up(context: CommandContext) -> SetUp | None:
    """What has been bought, as far as the file tells: its other faults are for `brygga check`."""
    from agent.settings.load import Unreadable, load
    from agent.settings.subscription import set_up_of

    loaded = load(context.settings_file())
    return None if isinstance(loaded, Unreadable) else set_up_of(loaded.settings)


# -- explain --------------------------------------------------------------------------------------------------------


def explain(
    code: Annotated[str | None, Parameter(help="A code, such as BRY-H06; without one they are all listed.")] = None,
    /,
    *,
    json: bool = False,
    context: Given,
) -> int:
    """Explain a code: what it is called, why it comes, what to do.

    Parameters
    ----------
    json: JSON instead of text.
    """
    from agent.model.catalogue import entries, find_code
    from agent.model.catalogue import explain as explain_code

    language = context.speak()
    found = find_code(code) if code else None
    if code and found is None:
        complain(_no_such_code(code).in_(language))
        return 1
    told = [explain_code(each, language) for each in ((found,) if found else entries())]
    if json:
        say_json(told[0] if found else told)
    elif found:
        say(f"{told[0].code}  {told[0].title}\n\n{told[0].cause}\n\n→ {told[0].remedy}")
    else:
        for each in told:
            say(f"{each.code}  {each.title}")
    return 0


def _no_such_code(code: str) -> Words:
    from agent.settings.kinds import shown

    return words(
        f"Koden {shown(code)} finns inte. Alla koder: brygga explain",
        f"There is no code {shown(code)}. All codes: brygga explain",
    )
