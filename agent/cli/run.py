"""`brygga run`: the agent itself, until it is told to stop."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import structlog
import trio
from structlog.typing import EventDict, Processor, WrappedLogger

from agent.cli.context import CommandContext, Given
from agent.cli.desk import NO, journal_path
from agent.cli.errors import UserError
from agent.cli.output import complain
from agent.cli.settings import check_lines
from agent.journal.schema import JournalError
from agent.model.clock import wall_clock
from agent.model.reasons import Fault
from agent.model.words import Language, words
from agent.settings.check_admin import check_admin
from agent.settings.finding import has_errors
from agent.settings.judge import Judgement, judge
from agent.settings.source import SettingsFile
from agent.settings.tree import Settings
from agent.shown.log_lines import LogFile, LogRing

if TYPE_CHECKING:
    from agent.remote.tape.recorder import Recorder
    from agent.world import World

LogFormat = Literal["auto", "json", "console"]
LogLevel = Literal["debug", "info", "warning", "error"]

STOPPED_BY_HAND = 130


def run(
    *,
    once: bool = False,
    record: Path | None = None,
    log_format: LogFormat = "auto",
    log_level: LogLevel = "info",
    log_file: Path | None = None,
    listen: str = "",
    context: Given,
) -> int:
    """Run the agent until it is told to stop: by Ctrl-C, SIGTERM, or its service.

    Before there are settings it serves the guided set-up in a browser, and goes to work as soon as that is done.

    It tells what it does on standard error. What it remembers lies in the journal, so it may be stopped, or killed, at
    any moment.

    Parameters
    ----------
    once
        End when everything that can be done now has been done.
    record
        Keep a tape of all traffic in this folder, without names and secrets, for brygga replay.
    log_format
        JSON lines, or text for people; auto means text in a terminal.
    log_level
        The least that is told.
    log_file
        Keep the log in this file too, as JSON lines: 10 MB, and five such before it.
    listen
        Where the guided set-up is served before there are settings, when 127.0.0.1:8321 is taken.
    """
    from agent.world import World

    judgement = judge(context.settings_file(), context.environ)
    language = context.speak(judgement.language)
    blank = None if once or record is not None else _blank(judgement, language, listen)
    wrong = tuple(check_admin(blank)) if blank is not None and judgement.settings is None else ()
    if (judgement.settings is None and blank is None) or has_errors(wrong):
        told = msgspec.structs.replace(judgement, findings=wrong) if has_errors(wrong) else judgement
        for line in check_lines(told, language):
            complain(line)
        return NO
    set_up_log(log_format, log_level, LogRing(file=_log_file(log_file)))
    log = structlog.get_logger("brygga")
    for finding in judgement.findings if judgement.settings is not None else ():
        log.warning("settings", fault=finding.fault.value, path=finding.path, problem=finding.problem.en)
    gc.set_threshold(50_000, 20, 50)  # Pages of a hundred orders make many objects that all live equally long.
    recorder = _recorder(record)
    world = World(recorder=recorder)
    work: Callable[[], Awaitable[None]]
    if blank is not None:
        from agent import app_set_up

        path = journal_path(judgement.settings or blank)
        start = app_set_up.Start(
            judgement=judgement, blank=blank, environ=context.environ, language=language, listen=listen
        )
        work = partial(app_set_up.run, start, journal_path=path, world=world)
        if judgement.settings is None:
            _welcome(judgement.file, language)
    else:
        path, work = _plain_work(judgement, context, world, once=once)
    failed: list[JournalError] = []
    code = 0
    try:
        trio.run(work if recorder is None else partial(_recorded, work, recorder))
    except* JournalError as group:
        failed += _leaves(group)
    except* KeyboardInterrupt:
        code = STOPPED_BY_HAND
    if failed:
        raise UserError(failed[0].fault, {"file": str(path), "problem": failed[0].detail}) from failed[0]
    log.info("stopped")
    return code


def _plain_work(
    judgement: Judgement, context: CommandContext, world: World, *, once: bool
) -> tuple[Path, Callable[[], Awaitable[None]]]:
    """Without the guided set-up: to the end of what can be done, or onto a tape, which is of one agent with one set of
    settings."""
    from agent import app

    settings, secrets = judgement.settings, judgement.secrets
    if settings is None or secrets is None:
        raise ValueError("an agent without settings")
    path = journal_path(settings)
    source = None if world.recorder is not None else SettingsFile(context.settings_file(), context.environ)
    work = partial(
        app.run, settings, secrets, journal_path=path, once=once, world=world, source=source, text=judgement.text
    )
    return path, work


def _blank(judgement: Judgement, language: Language, listen: str) -> Settings | None:
    """The settings to serve the guided set-up by, in case there are none; None where somebody's mistake has to be told
    instead, or where there were settings once and they are gone."""
    from agent import app_set_up

    if judgement.settings is not None:
        return judgement.settings
    blank = app_set_up.blank_settings(judgement, language, listen)
    return None if blank is None or app_set_up.has_worked(journal_path(blank)) else blank


def _welcome(file: Path, language: Language) -> None:
    if sys.stderr.isatty():
        text = words(
            f"Det finns inga färdiga inställningar i {file} än. Brygga ställs in i webbläsaren, på adressen nedan:",
            f"There are no finished settings in {file} yet. Brygga is set up in a browser, at the address below:",
        )
        complain(text.in_(language))


async def _recorded(work: Callable[[], Awaitable[None]], recorder: Recorder) -> None:
    try:
        await work()
    finally:
        recorder.close()


def _recorder(folder: Path | None) -> Recorder | None:
    if folder is None:
        return None
    from agent.remote.tape.recorder import Recorder

    try:
        return Recorder(folder, wall_clock)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise UserError(Fault.TAPE_FOLDER, {"file": str(folder), "problem": problem}) from error


def _leaves(group: BaseExceptionGroup[JournalError]) -> list[JournalError]:
    found: list[JournalError] = []
    for each in group.exceptions:
        found += _leaves(each) if isinstance(each, BaseExceptionGroup) else [each]
    return found


def _log_file(path: Path | None) -> LogFile | None:
    if path is None:
        return None
    try:
        return LogFile(path)
    except OSError as error:
        problem = error.strerror or type(error).__name__
        raise UserError(Fault.LOG_FILE, {"file": str(path), "problem": problem}) from error


def set_up_log(log_format: LogFormat, log_level: LogLevel, ring: LogRing | None = None) -> None:
    """Events with names and figures, one line each, on standard error. Tracebacks are left out, since the values in
    them may be somebody's name. `ring` keeps the last lines for whoever has the admin open."""
    people = sys.stderr.isatty() if log_format == "auto" else log_format == "console"
    shown: list[Processor] = (
        [structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False), structlog.dev.ConsoleRenderer()]
        if people
        else [structlog.processors.TimeStamper(fmt="iso", utc=True), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[structlog.processors.add_log_level, _without_traceback, *([ring] if ring else ()), *shown],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, log_level.upper())),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )


def _without_traceback(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    for key in ("exc_info", "stack_info"):
        event.pop(key, None)
    return event
