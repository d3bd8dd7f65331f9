"""What the agent needs of its own computer: a sound journal, and room for it to grow."""

from __future__ import annotations

import shutil
from pathlib import Path

from agent.doctor.result import Finding, Result, Test, found, good, not_tested
from agent.journal.backup import check
from agent.journal.schema import JournalError
from agent.model.reasons import Fault
from agent.model.words import words

ROOM_MIN = 512 * 1024 * 1024
"""Bytes that are to be free where the journal lies: a copy, or packing it anew, takes as much as it holds."""


def journal(path: Path, *, room_min: int = ROOM_MIN) -> Result:
    """Reads every page of it, also while an agent works with it."""
    if not path.exists():
        return not_tested(Test.JOURNAL, words("Agenten har inte körts än.", "The agent has not run yet."))
    room = shutil.disk_usage(path.parent).free
    size = path.stat().st_size
    said = words(
        f"{_megabytes(size)} MB, {_megabytes(room)} MB ledigt.", f"{_megabytes(size)} MB, {_megabytes(room)} MB free."
    )
    try:
        looked = check(path)
    except JournalError as error:
        params = {"file": str(path), "problem": error.detail}
        return found(Test.JOURNAL, said, Finding(fault=error.fault, params=params))
    if looked.problems:
        params = {"file": str(path), "problem": looked.problems[0]}
        return found(Test.JOURNAL, said, Finding(fault=Fault.JOURNAL_DAMAGED, params=params))
    if room < max(room_min, size):
        params = {"file": str(path), "problem": f"{_megabytes(room)} MB"}
        return found(Test.JOURNAL, said, Finding(fault=Fault.JOURNAL_DISK, params=params), warning=True)
    return good(Test.JOURNAL, said)


def _megabytes(size: int) -> int:
    return size // (1024 * 1024)
