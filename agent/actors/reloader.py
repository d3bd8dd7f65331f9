"""Settings that change while the agent runs: judged first, refused whole when wrong, kept with who and what.

The file is the truth: whoever changes settings changes it, and what is at work is what it said when it was last taken
up. So an agent that is killed in the midst of a change finds at its next start the file as it was or as it became.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw
import structlog
import trio

from agent.actors.bell import Bell
from agent.actors.times import to_ms
from agent.journal import records, settings_history
from agent.journal.journal import Journal
from agent.journal.settings_history import How, Origin, text_digest
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.taken_up import TakenUp
from agent.settings.difference import secrets_changed
from agent.settings.finding import Finding
from agent.settings.judge import Judgement
from agent.settings.secrets import Secrets
from agent.settings.source import SettingsSource
from agent.settings.tree import Settings

log = structlog.get_logger("brygga")

EVERYWHERE = ShopKey("")
"""The shop of wishes that are about all of them."""

LOOK_S = 60.0
"""The longest sleep: whoever hears of a wish rings."""

DONE = "done"
WRONG = "settings_wrong"
UNCHANGED = "settings_unchanged"
ELSEWHERE = "data_dir_changed"
CHANGED_MEANWHILE = "settings_changed_meanwhile"
NOT_WRITTEN = "settings_not_written"


class Saved(Frozen, frozen=True):
    """What came of changed settings. `number` is their entry in the history, None where there is no new one.

    `findings` has each fault with its place, and warnings; `problem` is the system's word when the file could not be
    written; `taken_up` says who goes on as they are and who is replaced, where the agent takes the settings up.
    """

    result: str
    findings: tuple[Finding, ...] = ()
    number: int | None = None
    problem: str = ""
    taken_up: TakenUp | None = None

    @property
    def good(self) -> bool:
        return self.result in (DONE, UNCHANGED)


class Reloader:
    """`accepted` is called with what was judged right and says something else than the settings at work; `changes` says
    whom other settings, and other secrets, are about."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        journal: Journal,
        clock: Clock,
        source: SettingsSource,
        accepted: Callable[[Judgement], None],
        changes: Callable[[Settings, Settings, Secrets, Secrets], TakenUp],
    ) -> None:
        self.bell = Bell()
        self._settings = settings
        self._secrets = secrets
        self._journal = journal
        self._clock = clock
        self._source = source
        self._accepted = accepted
        self._changes = changes
        self._signalled = False
        self._alone = trio.Lock()

    def signalled(self) -> None:
        """The settings are to be read although nobody has left a wish."""
        self._signalled = True
        self.bell.ring()

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            await self._look()
            await self.bell.wait(LOOK_S)

    def read(self) -> Judgement:
        """The settings as they stand in the file now, for whoever shows them or is about to change them."""
        return self._source.judge()

    def try_settings(self, text: str) -> Saved:
        """What would come of `save_settings`, without doing it."""
        judgement = self._source.judge_text(text)
        return Saved(result=self._judge(judgement), findings=judgement.findings, taken_up=self._what_changes(judgement))

    async def save_settings(self, text: str, who: str, *, basis: str | None = None, undoes: int | None = None) -> Saved:
        """Writes the text as the settings' file and takes it up; or nothing at all, with every fault's place.

        `basis` is the digest (`text_digest`) of the file that the change was made from: when somebody has changed it
        meanwhile, nothing is written. `undoes` names the change that this takes back.
        """
        async with self._alone:
            judgement = self._source.judge_text(text)
            result = self._judge(judgement)
            if result not in (DONE, UNCHANGED):
                return Saved(result=result, findings=judgement.findings)
            stands = self._source.judge().text
            if basis is not None and text_digest(stands) != basis:
                return Saved(result=CHANGED_MEANWHILE, findings=judgement.findings)
            origin = Origin(how=How.SAVED if undoes is None else How.UNDONE, who=who, undoes=undoes)
            if stands != text:
                # Named before it is written: whoever finds the file after a kill knows whose change it is.
                def naming_writer(tx: apsw.Connection) -> None:
                    settings_history.about_to_write(tx, text, origin)

                await self._journal.run(naming_writer)
                try:
                    self._source.write(text)
                except OSError as error:
                    problem = error.strerror or type(error).__name__
                    return Saved(result=NOT_WRITTEN, findings=judgement.findings, problem=problem)
            taken_up = self._what_changes(judgement)
            number = await self._take_up(judgement, result, origin, [])
            return Saved(result=result, findings=judgement.findings, number=number, taken_up=taken_up)

    async def _look(self) -> None:
        wishes = self._journal.view(lambda tx: records.open_wishes(tx, EVERYWHERE))
        if not wishes and not self._signalled:
            return
        self._signalled = False
        async with self._alone:
            judgement = self._source.judge()
            result = self._judge(judgement)
            _tell(judgement.findings)
            who = wishes[-1].who if wishes else ""
            log.info("reload", who=[wish.who for wish in wishes], result=result)
            origin = Origin(how=How.RELOAD if wishes else How.SIGNAL, who=who)
            await self._take_up(judgement, result, origin, wishes)

    async def _take_up(
        self, judgement: Judgement, result: str, origin: Origin, wishes: list[records.Wish]
    ) -> int | None:
        """Answers who asked and keeps the change, in one step, and hands it to the agent when it is one."""
        now_ms = to_ms(self._clock())
        settings, secrets = judgement.settings, judgement.secrets

        def answering_reload(tx: apsw.Connection) -> int | None:
            for wish in wishes:
                records.finish_wish(tx, wish.wish_id, now_ms, result)
            if result not in (DONE, UNCHANGED) or settings is None or secrets is None:
                return None
            if (taken_up := self._what_changes(judgement)) is not None:
                settings_history.note_taken_up(tx, taken_up)
            also = secrets_changed(self._secrets, secrets)
            return settings_history.keep(
                tx, now_ms, judgement.text, settings, secrets, origin, before=self._settings, also=also
            )

        number = await self._journal.run(answering_reload)
        if result == DONE and settings is not None and secrets is not None:
            self._settings, self._secrets = settings, secrets
            self._accepted(judgement)
        return number

    def _what_changes(self, judgement: Judgement) -> TakenUp | None:
        """None of settings that will not do."""
        settings, secrets = judgement.settings, judgement.secrets
        if settings is None or secrets is None or self._judge(judgement) not in (DONE, UNCHANGED):
            return None
        return self._changes(self._settings, settings, self._secrets, secrets)

    def _judge(self, judgement: Judgement) -> str:
        if judgement.settings is None or judgement.secrets is None:
            return WRONG
        if judgement.settings.data_dir != self._settings.data_dir:
            return ELSEWHERE
        same = judgement.settings == self._settings and judgement.secrets == self._secrets
        return UNCHANGED if same else DONE


def _tell(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        tell = log.error if finding.is_error else log.warning
        remedy = finding.remedy.en
        tell("settings", fault=finding.fault.value, path=finding.path, problem=finding.problem.en, remedy=remedy)
