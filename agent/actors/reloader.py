"""Settings that change while the agent runs: judged first, refused whole when wrong.

Changed settings take the place of the old ones as at a start: every actor ends what it has in hand, and the next ones
begin from the journal. So nothing can be lost by it that a restart would not lose, and a restart loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw
import structlog

from agent.actors.bell import Bell
from agent.actors.times import to_ms
from agent.journal import records
from agent.journal.journal import Journal
from agent.model.clock import Clock
from agent.model.ids import ShopKey
from agent.settings.judge import Judgement
from agent.settings.secrets import Secrets
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


class Reloader:
    """`judged` reads and judges the settings' file. `accepted` is called with settings and secrets that are right and
    not the ones at work."""

    def __init__(
        self,
        settings: Settings,
        secrets: Secrets,
        journal: Journal,
        clock: Clock,
        judged: Callable[[], Judgement],
        accepted: Callable[[Settings, Secrets], None],
    ) -> None:
        self.bell = Bell()
        self._settings = settings
        self._secrets = secrets
        self._journal = journal
        self._clock = clock
        self._judged = judged
        self._accepted = accepted
        self._signalled = False

    def signalled(self) -> None:
        """The settings are to be read although nobody has left a wish."""
        self._signalled = True
        self.bell.ring()

    async def run(self) -> None:
        """Works until settings have been accepted, or it is cancelled."""
        while not await self._look():
            await self.bell.wait(LOOK_S)

    async def _look(self) -> bool:
        """Whether other settings have been accepted."""
        wishes = self._journal.view(lambda tx: records.open_wishes(tx, EVERYWHERE))
        if not wishes and not self._signalled:
            return False
        self._signalled = False
        judgement = self._judged()
        result = self._judge(judgement)
        for finding in judgement.findings:
            tell = log.error if finding.is_error else log.warning
            remedy = finding.remedy.en
            tell("settings", fault=finding.fault.value, path=finding.path, problem=finding.problem.en, remedy=remedy)
        log.info("reload", who=[wish.who for wish in wishes], result=result)
        now_ms = to_ms(self._clock())

        def answering_reload(tx: apsw.Connection) -> None:
            for wish in wishes:
                records.finish_wish(tx, wish.wish_id, now_ms, result)

        await self._journal.run(answering_reload)
        if result == DONE and judgement.settings is not None and judgement.secrets is not None:
            self._accepted(judgement.settings, judgement.secrets)
            return True
        return False

    def _judge(self, judgement: Judgement) -> str:
        if judgement.settings is None or judgement.secrets is None:
            return WRONG
        if judgement.settings.data_dir != self._settings.data_dir:
            return ELSEWHERE
        same = judgement.settings == self._settings and judgement.secrets == self._secrets
        return UNCHANGED if same else DONE
