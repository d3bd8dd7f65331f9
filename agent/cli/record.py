"""`brygga record`: the agent at work, with a tape of everything it asks and is answered."""

from __future__ import annotations

from pathlib import Path

from agent.cli.context import Given
from agent.cli.run import LogFormat, LogLevel, run


def record(
    *, out: Path, once: bool = False, log_format: LogFormat = "auto", log_level: LogLevel = "info", context: Given
) -> int:
    """Run the agent and keep a tape of all its traffic with the shops and Mamut.

    Names, addresses, numbers and keys are replaced before anything is written; postcodes, countries, articles, order
    numbers and amounts stay. brygga replay DIR plays the tape offline and shows every request that differs. It is the
    same as brygga run --record DIR.

    Parameters
    ----------
    out
        The folder; each start of the agent adds a file to it.
    once
        End when everything that can be done now has been done.
    log_format
        JSON lines, or text for people; auto means text in a terminal.
    log_level
        The least that is told.
    """
    return run(once=once, record=out, log_format=log_format, log_level=log_level, context=context)
