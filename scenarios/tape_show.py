"""`brygga replay DIR` for a folder that holds a tape."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from agent.cli.output import complain, say, say_json
from scenarios.tape_read import TapeError
from scenarios.tape_replay import replay_tape

DIFFERENT = 1
BAD_CALL = 2


def replay_tapes(folders: Sequence[Path], *, json: bool) -> int:
    """Plays each tape and shows what differs; 1 when anything does."""
    reports = {}
    for folder in folders:
        try:
            reports[str(folder)] = replay_tape(folder)
        except TapeError as error:
            complain(str(error))
            return BAD_CALL
    if json:
        say_json({folder: msgspec.to_builtins(report) for folder, report in reports.items()})
    else:
        for name, report in reports.items():
            say(f"{name}:")
            for line in report.lines():
                say(f"  {line}")
    return 0 if all(report.ok for report in reports.values()) else DIFFERENT
