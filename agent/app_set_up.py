"""An agent from its very first start: while there are no settings the admin is served for the guided set-up, and as
soon as they stand and are right the same process works by them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import apsw
import msgspec
import structlog
import trio

from agent import app
from agent.actors.lookups import Lookups
from agent.actors.reloader import EVERYWHERE, Reloader
from agent.app import Agent
from agent.app_admin import serve_admin
from agent.app_change import what_changes
from agent.app_shop import lookups_of
from agent.app_signals import STOP_SIGNALS
from agent.journal import records, settings_history
from agent.journal.journal import Journal, look_into, open_journal
from agent.journal.schema import JournalError
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Language
from agent.settings.judge import Judgement
from agent.settings.load import Loaded, loads
from agent.settings.secret import Secret
from agent.settings.secrets import Secrets
from agent.settings.source import SettingsFile
from agent.settings.tree import MamutSettings, Settings
from agent.world import World

if TYPE_CHECKING:
    from agent.set_up.work import Running, SetUp

WISHES_EVERY_S = 1.0
"""How often a wish to read the file is looked for while there are no settings: somebody may write it by hand."""

NOT_FILLED_IN = frozenset({Fault.SETTINGS_VALUE_MISSING, Fault.SECRET_MISSING})
"""What is wrong with a start file that nobody has filled in yet, and with nothing else."""

NO_SECRETS = Secrets(mamut_password=Secret(""), shops={})

log = structlog.get_logger("brygga")


class Start(Frozen, frozen=True):
    """How an agent is started: by `judgement` when it is right, else with `blank` settings and the guided set-up."""

    judgement: Judgement
    blank: Settings
    environ: Mapping[str, str]
    language: Language
    listen: str = ""


def blank_settings(judgement: Judgement, language: Language, listen: str = "") -> Settings | None:
    """What is served with before there are settings: of a file that somebody has begun what it says of the admin and
    of where the journal lies. None where the settings are wrong in another way than not being filled in."""
    if not judgement.file.exists():
        blank = Settings(package="100", mamut=MamutSettings(address=""), shop=(), language=language.value)
        admin = msgspec.structs.replace(blank.admin, listen=listen) if listen else blank.admin
        return msgspec.structs.replace(blank, admin=admin)
    loaded = loads(judgement.text) if judgement.text else None
    errors = {finding.fault for finding in judgement.findings if finding.is_error}
    if not isinstance(loaded, Loaded) or not errors <= NOT_FILLED_IN:
        return None
    admin = msgspec.structs.replace(loaded.settings.admin, enabled=True)
    return msgspec.structs.replace(loaded.settings, shop=(), admin=admin)


def has_worked(journal_path: Path) -> bool:
    """Whether an agent has ever taken up settings on this journal: then their absence is a fault, and no beginning."""
    try:
        tx = look_into(journal_path)
    except (JournalError, apsw.Error):
        return False
    try:
        return settings_history.newest(tx) is not None
    finally:
        tx.close()


async def run(start: Start, *, journal_path: Path, world: World) -> None:
    """Works until SIGINT or SIGTERM. Raises JournalError when the journal cannot be opened."""
    source = SettingsFile(start.judgement.file, start.environ)
    journal: Journal = open_journal(journal_path, threaded=world.threaded)
    try:
        life = _Life(start, journal, world, source)
        async with trio.open_nursery() as nursery:
            served = partial(serve_admin, lookups=life.lookups)
            nursery.start_soon(served, life.settings, journal, world, life.reloader, life.set_up)
            judgement: Judgement | None = start.judgement
            if life.first is not None:
                judgement = await life.wait_for_settings(life.first)
            if judgement is not None and judgement.settings is not None and judgement.secrets is not None:
                await app.run(
                    judgement.settings,
                    judgement.secrets,
                    journal_path=journal_path,
                    world=world,
                    on_ready=life.take,
                    source=source,
                    text=judgement.text,
                    opened=journal,
                )
            nursery.cancel_scope.cancel()
    finally:
        journal.close()


class _Life:
    """What the admin is told of: before the first settings, and of the agent at work after."""

    def __init__(self, start: Start, journal: Journal, world: World, source: SettingsFile) -> None:
        self.first: Reloader | None = None
        self._start = start
        self._journal = journal
        self._world = world
        self._settings = start.judgement.settings or start.blank
        self._agent: Agent | None = None
        self._accepted: Judgement | None = None
        self._there = trio.Event()
        if start.judgement.settings is None:
            self.first = Reloader(
                start.blank, NO_SECRETS, journal, world.clock, source, self._take_settings, what_changes
            )

    def settings(self) -> Settings:
        return self._settings if self._agent is None else self._agent.settings

    def lookups(self) -> Lookups | None:
        return None if self._agent is None else lookups_of(self._agent.shops, self._agent.desk)

    def reloader(self) -> Reloader | None:
        """Nobody while an agent gives its place to another."""
        agent = self._agent
        if agent is None:
            return None if self._there.is_set() else self.first
        return None if agent.successor is not None else agent.reloader

    def take(self, agent: Agent) -> None:
        self._agent = agent

    def set_up(self) -> SetUp:
        # Only with the admin: what examines and edits takes memory that an agent without pages need not have.
        from agent.set_up.work import Place, SetUp

        start = self._start
        place = Place(file=start.judgement.file, environ=start.environ, language=start.language, listen=start.listen)
        return SetUp(place, self._journal, self._world.clock, self._world.transports, self._running, self._is_first)

    def _running(self) -> Running | None:
        from agent.set_up.work import Running

        agent = self._agent
        return None if agent is None else Running(agent.settings.mamut, agent.mamut_password, agent.desk.ask)

    def _is_first(self) -> bool:
        return self.first is not None and not self._there.is_set()

    def _take_settings(self, judgement: Judgement) -> None:
        if judgement.settings is not None:
            self._settings, self._accepted = judgement.settings, judgement
            self._there.set()

    async def wait_for_settings(self, reloader: Reloader) -> Judgement | None:
        """Until they are right, whoever writes them; None when told to stop before."""
        log.info("no_settings_yet", file=str(self._start.judgement.file))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_until_stopped, nursery.cancel_scope)
            nursery.start_soon(reloader.run)
            nursery.start_soon(self._watch_wishes, reloader)
            await self._there.wait()
            nursery.cancel_scope.cancel()
        return self._accepted

    async def _watch_wishes(self, reloader: Reloader) -> None:
        while True:
            if EVERYWHERE in self._journal.view(records.shops_with_wishes):
                reloader.bell.ring()
            await trio.sleep(WISHES_EVERY_S)


async def _until_stopped(scope: trio.CancelScope) -> None:
    with trio.open_signal_receiver(*STOP_SIGNALS) as signals:
        async for _ in signals:
            scope.cancel()
            return
