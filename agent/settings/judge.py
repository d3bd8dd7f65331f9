"""A set-up judged whole, as `brygga check` and the agent's start both do: the file, its meaning, its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agent.model.order import Frozen
from agent.settings.check import check
from agent.settings.finding import Finding, has_errors
from agent.settings.load import Unreadable, loads
from agent.settings.secrets import Place, Secrets, find_secrets
from agent.settings.toml_file import read_text
from agent.settings.tree import Settings


class Judgement(Frozen, frozen=True):
    """`settings` and `secrets` are both there when nothing among `findings` is an error, and neither otherwise.

    `language` is what the file asks for, also when it has errors, None when it does not say. `text` is the file as it
    was judged, empty when it could not be read.
    """

    file: Path
    settings: Settings | None
    secrets: Secrets | None
    findings: tuple[Finding, ...]
    places: tuple[Place, ...] = ()
    language: str | None = None
    text: str = ""

    def __repr__(self) -> str:
        """Without the text: somebody may have written a secret into it."""
        return f"Judgement(file={self.file!r}, settings={self.settings!r}, findings={self.findings!r})"


def judge(file: Path, environ: Mapping[str, str]) -> Judgement:
    """Never raises for what stands in the file or for what is missing."""
    text = read_text(file)
    if isinstance(text, Finding):
        return Judgement(file=file, settings=None, secrets=None, findings=(text,))
    return judge_text(text, file, environ)


def judge_text(text: str, file: Path, environ: Mapping[str, str]) -> Judgement:
    """The same of a text that might come to stand in `file`, with the secrets that lie beside it."""
    loaded = loads(text)
    if isinstance(loaded, Unreadable):
        return Judgement(file=file, settings=None, secrets=None, findings=loaded.findings, text=text)
    settings = loaded.settings
    meant = check(settings, loaded.findings)
    found = find_secrets(settings, beside=file.parent, environ=environ)
    findings = (*loaded.findings, *meant, *found.findings)
    good = not has_errors(findings)
    return Judgement(
        file=file,
        settings=settings if good else None,
        secrets=found.secrets if good else None,
        findings=findings,
        places=found.places,
        language=settings.language,
        text=text,
    )
