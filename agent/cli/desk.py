"""Where a command finds what it needs: the settings, the language they ask for, the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Annotated, NoReturn, Self

import apsw
from cyclopts import Parameter, validators
from platformdirs import user_data_path

from agent.cli.context import CommandContext
from agent.cli.errors import UserError
from agent.cli.output import complain
from agent.journal.journal import look_into
from agent.journal.reports import agent_runs
from agent.journal.schema import JournalError
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.model.words import Language, words
from agent.settings.load import Loaded, Unreadable, load
from agent.settings.tree import MamutSettings, Settings

JOURNAL_NAME = "journal.db"

NO = 1
"""The exit code of a "no": not found, does not add up, was refused."""

BAD_CALL = 2
"""The exit code when the question itself was wrong."""

AtMost = Annotated[int, Parameter(validator=validators.Number(gte=1, lte=1_000_000))]
AsJson = Annotated[bool, Parameter(name="--json", negative="", help="Print one JSON document.")]
Shop = Annotated[str | None, Parameter(name="--shop", help="Only this shop, by its key.")]


def journal_path(settings: Settings) -> Path:
    """Where this set-up's journal lies: in `data_dir`, or in the platform's own place for data."""
    folder = Path(settings.data_dir) if settings.data_dir else user_data_path("brygga", appauthor=False)
    return folder / JOURNAL_NAME


class Desk:
    """A command's place at the journal. Use it as a context, so that the connection is closed."""

    def __init__(self, settings: Settings, language: Language, path: Path, tx: apsw.Connection) -> None:
        self.settings = settings
        self.language = language
        self.path = path
        self.tx = tx

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.tx.close()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def now_ms(self) -> int:
        return int(self.now().timestamp() * 1000)

    def agent_runs(self) -> bool:
        return agent_runs(self.path)

    def shop(self, key: str | None) -> ShopKey | None:
        """The key of a shop that is set up or in the journal. Ends the command for any other."""
        if key is None:
            return None
        known = {shop.key for shop in self.settings.shop}
        known.update(str(row[0]) for row in self.tx.execute("SELECT shop FROM shops UNION SELECT shop FROM orders"))
        if key not in known:
            names = ", ".join(sorted(known))
            self.end(f"Ingen butik heter {key}. Butikerna: {names}.", f"No shop is called {key}. Shops: {names}.")
        return ShopKey(key)

    def text(self, sv: str, en: str) -> str:
        return words(sv, en).in_(self.language)

    def end(self, sv: str, en: str, code: int = BAD_CALL) -> NoReturn:
        """Ends the command with one line of error."""
        complain(self.text(sv, en))
        raise SystemExit(code)


def open_desk(context: CommandContext, *, may_be_blank: bool = False) -> Desk:
    """Settings with faults will do, so that the journal can be asked while they are mended; with `may_be_blank` none at
    all, as before the guided set-up.

    Ends the command, saying what is wrong and what helps, when there are no settings. Raises UserError when there is
    no journal or it cannot be read.
    """
    file = context.settings_file()
    loaded = load(file)
    if may_be_blank and isinstance(loaded, Unreadable) and not file.exists():
        blank = Settings(package="100", mamut=MamutSettings(address=""), shop=())
        loaded = Loaded(settings=blank, findings=())
    if isinstance(loaded, Unreadable):
        language = context.speak()
        for finding in loaded.findings:
            place = finding.path or str(file)
            complain(f"{finding.fault}  {place}\n  {finding.problem.in_(language)}\n  {finding.remedy.in_(language)}")
        raise SystemExit(NO)
    settings = loaded.settings
    path = journal_path(settings)
    try:
        return Desk(settings, context.speak(settings.language), path, look_into(path))
    except JournalError as error:
        raise UserError(error.fault, {"file": str(path), "problem": error.detail}) from error
    except (apsw.CantOpenError, apsw.ReadOnlyError) as error:
        raise UserError(Fault.JOURNAL_DISK, {"file": str(path), "problem": type(error).__name__}) from error
