"""What the guided set-up does beside the agent: tests, lists and the dry run, each in a task with a time limit, over
connections of its own; and the last step, which saves.

While an agent runs with the same Mamut, Mamut is asked in the agent's session, after its orders: none is opened beside
it. Before that a session is opened and given back, and never taken from whoever has it.
"""

from __future__ import annotations

import platform
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

import msgspec
import trio

from agent.actors.desk import Question
from agent.actors.reloader import CHANGED_MEANWHILE, NOT_WRITTEN, Reloader, Saved
from agent.doctor.examine import Transports
from agent.doctor.line import USER_AGENT
from agent.journal import records
from agent.journal.journal import Journal
from agent.journal.settings_history import text_digest
from agent.model.clock import Clock
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Language
from agent.remote.mamut.client import Mamut
from agent.remote.net import Net
from agent.remote.ports import MamutCompany, MamutPort
from agent.remote.trouble import Trouble, TroubleKind
from agent.set_up import compose, draft
from agent.set_up.draft import Draft, Step
from agent.settings.edit import Edit
from agent.settings.init import render
from agent.settings.judge import Judgement, judge_text
from agent.settings.load import Loaded, loads
from agent.settings.secret import Secret
from agent.settings.secrets_file import PASSWORD, SecretsFile, of_shop
from agent.settings.toml_file import read_text
from agent.settings.tree import MamutSettings, Settings

JOB_S = 240.0
"""The longest that all tests of a step take together."""

CLOSE_S = 10.0
"""The longest that giving a session back takes."""

T = TypeVar("T")


class Ask(Protocol):
    async def __call__(self, question: Question[T], *, background: bool = False) -> T: ...


class Running(NamedTuple):
    """The agent at work: what it reaches Mamut by, and the desk where questions for it are handed in."""

    mamut: MamutSettings
    password: Secret
    ask: Ask


class Job:
    """What is being done for a step, as its page shows it."""

    def __init__(self, step: Step, planned: int) -> None:
        self.step = step
        self.planned = planned
        self.done = 0
        self.ended = False
        self.late = False
        self.trouble: Trouble | None = None
        self.scope = trio.CancelScope()


class MamutSide(NamedTuple):
    """Mamut as a job may ask it. `company` is there when the running agent has the session."""

    ask: Ask
    company: MamutCompany | None


class Place(Frozen, frozen=True):
    """Where the settings lie; the language of a file that is made anew, and where the admin of that one is served, if
    not at its usual place."""

    file: Path
    environ: Mapping[str, str]
    language: Language
    listen: str = ""


class SetUp:
    """`running` gives the agent that works now, None while none does; `first` is whether there are no settings yet."""

    def __init__(
        self,
        place: Place,
        journal: Journal,
        clock: Clock,
        transports: Transports,
        running: Callable[[], Running | None],
        first: Callable[[], bool] = lambda: False,
    ) -> None:
        self.place = place
        self.clock = clock
        self.transports = transports
        self.journal = journal
        self.secrets = SecretsFile(place.file.parent, place.environ, place.language)
        self.jobs: dict[Step, Job] = {}
        self._running = running
        self._first = first
        self._nursery: trio.Nursery | None = None

    @property
    def is_first(self) -> bool:
        """Whether there are no settings to work by yet."""
        return self._first()

    # -- the draft ---------------------------------------------------------------------------------------------------

    def draft(self) -> Draft | None:
        return self.journal.view(draft.kept)

    async def change(self, how: Callable[[Draft], Draft]) -> None:
        await self.journal.run(lambda tx: draft.change(tx, how))

    async def begin(self, key: str = "") -> Draft:
        """Begins from the file as it stands: with the shop of this key, else with a new one; the file of a first start
        that somebody has begun by hand is gone on with. What was put together before is forgotten."""
        self.stop_all()
        read = read_text(self.place.file)
        stands = read if isinstance(read, str) else ""
        loaded = loads(stands) if stands else None
        text, at = stands, 0
        if not isinstance(loaded, Loaded):
            edit = Edit(render(self.place.language, now=self.clock()))
            if self.place.listen:
                edit.put(("admin", "listen"), self.place.listen)
            text = edit.text
        elif self.is_first and loaded.settings.shop:
            text = stands
        elif key in (keys := [shop.key for shop in loaded.settings.shop]):
            at = keys.index(key)
        else:
            edit = Edit(text)
            at = edit.append("shop", {"key": "", "address": ""})
            text = edit.text
        made = Draft(text=text, basis=text_digest(stands), shop=at, was=key)
        self.secrets.forget_tried()
        await self.journal.run(lambda tx: draft.keep(tx, made))
        return made

    async def forget(self) -> None:
        self.stop_all()
        self.secrets.forget_tried()
        await self.journal.run(lambda tx: draft.keep(tx, None))

    def names(self, made: Draft, settings: Settings) -> tuple[tuple[str, ...], ...]:
        """The secrets that this set-up is about."""
        return (PASSWORD, *of_shop(made.shop_of(settings).key))

    def judge(self, made: Draft, text: str) -> Judgement:
        """The text as if what is being tried out were in use."""
        names = self.names(made, made.settings)
        return judge_text(text, self.place.file, self.secrets.environ_with_tried(names))

    # -- the last step -----------------------------------------------------------------------------------------------

    def stands(self) -> str:
        """The file as it is now, empty where there is none."""
        read = read_text(self.place.file)
        return read if isinstance(read, str) else ""

    async def go(self, made: Draft, reloader: Reloader, who: str, basis: str) -> Saved:
        """Takes the secrets into use and saves the text. `basis` is the digest of the file that the person was shown
        the change of. The secrets come first, since the text is of no use without them: should the file not be
        written after that, they are in their places already, and the draft goes on with them."""
        text = compose.final(made, self.clock())
        judgement = self.judge(made, text)
        if judgement.settings is None:
            return Saved(result="settings_wrong", findings=judgement.findings)
        if text_digest(self.stands()) != basis:
            return Saved(result=CHANGED_MEANWHILE, findings=judgement.findings)
        try:
            self.secrets.take_into_use(self.names(made, made.settings))
        except OSError as error:
            return Saved(result=NOT_WRITTEN, problem=error.strerror or type(error).__name__)
        saved = await reloader.save_settings(text, who, basis=basis)
        if saved.good:
            await self.forget()
        return saved

    # -- tasks -------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Holds the tasks until it is cancelled."""
        async with trio.open_nursery() as nursery:
            self._nursery = nursery
            try:
                await trio.sleep_forever()
            finally:
                self._nursery = None
                self.jobs.clear()

    def start(self, step: Step, planned: int, work: Callable[[Job], Awaitable[None]]) -> None:
        """One task a step: an older one ends. Where nobody holds tasks, nothing is begun."""
        self.stop(step)
        if self._nursery is not None:
            job = self.jobs[step] = Job(step, planned)
            self._nursery.start_soon(self._bounded, job, work)

    def stop(self, step: Step) -> None:
        if (job := self.jobs.pop(step, None)) is not None:
            job.scope.cancel()

    def stop_all(self) -> None:
        for step in tuple(self.jobs):
            self.stop(step)

    async def _bounded(self, job: Job, work: Callable[[Job], Awaitable[None]]) -> None:
        deadline = trio.current_time() + JOB_S
        job.scope.deadline = deadline
        try:
            with job.scope:
                await work(job)
            job.late = job.scope.cancelled_caught
        except Trouble as trouble:
            job.trouble = trouble
        finally:
            job.ended = True

    # -- Mamut -------------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def mamut(self, settings: Settings) -> AsyncIterator[MamutSide]:
        """Mamut of these settings: in the running agent's session, else in one of its own. Raises Trouble."""
        running, password = self._running(), self.secrets.tried(PASSWORD)
        if running is not None and running.mamut == settings.mamut and running.password == password:
            company = self.journal.view(lambda tx: records.value(tx, records.MAMUT_COMPANY))
            yield MamutSide(running.ask, msgspec.json.decode(company, type=MamutCompany) if company else None)
            return
        if password is None:
            raise Trouble(TroubleKind.NOT_NOW, "password_missing", fault=Fault.SECRET_MISSING)
        mamut = settings.mamut
        net = Net(
            self.transports(mamut.address), connections=1, timeout_s=mamut.timeout_s, user_agent=USER_AGENT, watch=None
        )
        port = Mamut(
            mamut.address,
            mamut.client_no,
            mamut.user,
            password.reveal(),
            platform.node() or "server",
            net,
            replace=False,
        )
        try:
            yield MamutSide(_Direct(port), None)
        finally:
            await closed(port.aclose)


class _Direct:
    """Asks a port of its own."""

    def __init__(self, port: MamutPort) -> None:
        self._port = port

    async def __call__(self, question: Question[T], *, background: bool = False) -> T:  # noqa: ARG002 - nobody else asks
        return await question(self._port)


async def closed(aclose: Callable[[], Awaitable[None]]) -> None:
    """Gives back what is held also when the task is cancelled: a session left open would keep the agent out."""
    with trio.CancelScope(shield=True, deadline=trio.current_time() + CLOSE_S):
        await aclose()
